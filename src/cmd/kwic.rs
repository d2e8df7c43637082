//! `gm-search kwic QUERY`: every occurrence on a line of its own with its context, the key words under each other. With
//! `--csv` rows, with `--json` or `--jsonl` lines
//! `{"left":…,"match":…,"right":…,"document":…,"source":…,"place":…,"year":…,"level":…,"part":…,"line":n,"id":…}`.

use std::collections::HashMap;
use std::io::Write;

use anyhow::Result;

use gm_index::{Concordance, Dimension};

use super::count::warn_of_filters;
use super::parse_query;
use crate::Outcome;
use crate::answer::count::each_once;
use crate::answer::kwic::order;
use crate::cli::{self, KwicSort};
use crate::context::Context;
use crate::print::{self, asks_csv};
use crate::tame::tame;

pub fn run(context: &Context, args: cli::Kwic) -> Result<Outcome> {
    let (text, query) = parse_query(&args.query, args.fixed)?;
    warn_of_filters(context, &text, &query);
    let index = context.open_index()?;
    let by = each_once(args.by);
    let limit = args.limit.unwrap_or(usize::MAX);
    // another order can bring any row to the top
    let is_ordered = matches!(args.sort, KwicSort::Document) && by.is_empty();
    let built = if is_ordered { limit } else { usize::MAX };
    let (mut rows, total) = index.concordance_from(&query, args.width, 0, built)?;
    order(&mut rows, args.sort);
    rows.sort_by_cached_key(|row| by.iter().map(|&dimension| group(row, dimension)).collect::<Vec<_>>());
    let name = |row: &Concordance| {
        let values = by.iter().map(|&dimension| group(row, dimension).1).map(|value| match value.is_empty() {
            true => "(unknown)".to_string(),
            false => value,
        });
        values.collect::<Vec<_>>().join(" ")
    };
    let mut sizes: HashMap<String, usize> = HashMap::new();
    rows.iter().for_each(|row| *sizes.entry(name(row)).or_default() += 1);
    rows.truncate(limit);
    let mut out = anstream::stdout().lock();
    if context.prints_json() {
        for row in &rows {
            print::json(&mut out, row)?;
        }
    } else if asks_csv(&mut out, &args.csv)? {
        let mut writer = crate::print::csv(&mut out, "left match right document source place year level part line id")?;
        for row in &rows {
            writer.serialize(row)?;
        }
        writer.flush()?;
    } else {
        let heading = |row: &Concordance| {
            let name = name(row);
            if name.is_empty() { name } else { format!("{name} ({})", sizes[&name]) }
        };
        print::concordance(&mut out, &rows, heading)?;
    }
    out.flush()?;
    let is_cut = rows.len() < total;
    match total {
        0 => context.say(format_args!("nothing found for {}", tame(&text))),
        _ if is_cut => context.say(format_args!("{} of {total}", rows.len())),
        _ => {}
    }
    Ok(if total == 0 { Outcome::NothingFound } else { Outcome::Done })
}

/// The group of a row, for sorting and for people; what is not known comes last.
fn group(row: &Concordance, dimension: Dimension) -> (u16, String) {
    match dimension {
        Dimension::Province => {
            let (order, place) = group(row, Dimension::Place);
            (order, place.split('/').next().unwrap_or_default().to_string())
        }
        Dimension::Place => row.place.clone().map_or((u16::MAX, String::new()), |place| (0, place)),
        Dimension::Year => row.year.map_or((u16::MAX, String::new()), |year| (year, year.to_string())),
        Dimension::Level => {
            row.level.map_or((u16::MAX, String::new()), |level| (level as u16, level.name().to_string()))
        }
        Dimension::Part => row.part.map_or((u16::MAX, String::new()), |part| (part as u16, part.name().to_string())),
        // two folders may each have a file of one name
        Dimension::Document => (0, format!("{} · {}", row.source, row.document)),
    }
}
