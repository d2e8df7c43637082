//! `gm-search similar ID|FILE`: the passages most like one, or like a text, by its words and pairs of characters, as `query
//! --weaker` weighs them. ID is what `query` prints: a passage, or source:line; a file or a whole document is taken by its
//! first 1,000 characters. `--json` prints what `query --json` does.

use std::io::Write;

use anyhow::Result;
use gm_index::{Options, Query};

use super::{Context, documents, show};
use crate::Outcome;
use crate::cli;
use crate::print;

/// Longer texts are cut, in characters: more words make no other answer.
const LONGEST: usize = 1_000;

pub fn run(context: &Context, args: cli::Similar) -> Result<Outcome> {
    let index = context.open_index()?;
    let own = match std::path::Path::new(&args.id).is_file() {
        true => None,
        false => show::find(&index, &args.id)?,
    };
    let (text, id) = match own {
        Some((document, Some(ordinal))) => {
            let text = document.text[document.passages[ordinal].range.clone()].to_string();
            (text, Some(format!("{}#{ordinal}", document.id)))
        }
        Some((document, None)) => (document.text, None),
        None => (documents::one(context, &args.id)?.text, None),
    };
    let text: String = text.trim().chars().take(LONGEST).collect();
    let options = Options {
        limit: args.limit + 1,
        weaker: true,
        merge_copies: true,
        per_document: (args.per_document > 0).then_some(args.per_document),
        ..Options::default()
    };
    let mut results = index.search(&Query::plain(&text), options)?;
    // the passage itself, and what is only another extraction of it
    results
        .hits
        .retain(|hit| Some(&hit.id) != id.as_ref() && !hit.also.iter().any(|copy| Some(&copy.id) == id.as_ref()));
    results.hits.truncate(args.limit);
    let mut out = anstream::stdout().lock();
    if context.json {
        serde_json::to_writer(&mut out, &results)?;
        writeln!(out)?;
    } else if context.jsonl {
        for hit in &results.hits {
            serde_json::to_writer(&mut out, hit)?;
            writeln!(out)?;
        }
    } else {
        print::similar(&mut out, &results)?;
    }
    out.flush()?;
    Ok(if results.hits.is_empty() { Outcome::NothingFound } else { Outcome::Done })
}
