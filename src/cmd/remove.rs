//! `gm-search remove ID…`: takes documents out of the index. Prints their names on standard error; with `--json`
//! `{"schema":…,"removed":["…"]}`.

use anyhow::Result;
use gm_index::RESULTS_SCHEMA;
use serde::Serialize;

use super::{Context, show};
use crate::Outcome;
use crate::cli;
use crate::fail::advised;
use crate::print::{json, tame};

#[derive(Serialize)]
struct Report {
    schema: &'static str,
    /// Ids.
    removed: Vec<String>,
}

pub fn run(context: &Context, args: cli::Remove) -> Result<Outcome> {
    let index = context.open_index()?;
    let mut documents = Vec::new();
    for name in &args.ids {
        let Some(document) = show::document(&index, name)? else {
            return Err(advised(
                format!("there is no document `{name}` in the index; nothing was removed"),
                "ids are what `gm-search query` prints behind each hit",
            ));
        };
        documents.push(document);
    }
    let mut writer = index.writer()?;
    writer.set_note(index.note());
    for document in &documents {
        writer.remove(&document.id)?;
    }
    writer.commit()?;
    if !context.quiet {
        for document in &documents {
            anstream::eprintln!("removed {} {}", tame(&document.id), tame(&document.meta.source));
        }
    }
    if context.json || context.jsonl {
        let removed = documents.into_iter().map(|document| document.id).collect();
        let mut out = std::io::stdout().lock();
        json(&mut out, &Report { schema: RESULTS_SCHEMA, removed })?;
    }
    Ok(Outcome::Done)
}
