//! `gm-search kwic QUERY`: every occurrence on a line of its own with its context, the key words under each other. With
//! `--csv` rows, with `--json` or `--jsonl` lines `{"left":…,"match":…,"right":…,"document":…,"source":…,"place":…,"year":…,"line":n}`.

use std::io::Write;

use anyhow::Result;

use super::{Context, parse_query};
use crate::Outcome;
use crate::cli::{self, KwicSort};
use crate::print;

pub fn run(context: &Context, args: cli::Kwic) -> Result<Outcome> {
    let (text, query) = parse_query(&args.query, args.fixed)?;
    let index = context.open_index()?;
    let mut rows = index.concordance(&query, args.width)?;
    match args.sort {
        KwicSort::Document => {}
        // what stands nearest to the match decides first
        KwicSort::Left => rows.sort_by_cached_key(|row| row.left.chars().rev().collect::<String>()),
        KwicSort::Right => rows.sort_by(|a, b| a.right.cmp(&b.right)),
        KwicSort::Place => rows.sort_by(|a, b| a.place.cmp(&b.place)),
        KwicSort::Year => rows.sort_by_key(|row| row.year),
    }
    let total = rows.len();
    rows.truncate(args.limit.unwrap_or(usize::MAX));
    let mut out = anstream::stdout().lock();
    if context.json || context.jsonl {
        for row in &rows {
            serde_json::to_writer(&mut out, row)?;
            writeln!(out)?;
        }
    } else if args.csv {
        let mut writer = csv::Writer::from_writer(&mut out);
        for row in &rows {
            writer.serialize(row)?;
        }
        writer.flush()?;
    } else {
        print::concordance(&mut out, &rows, total, &text)?;
    }
    out.flush()?;
    Ok(if total == 0 { Outcome::NothingFound } else { Outcome::Done })
}
