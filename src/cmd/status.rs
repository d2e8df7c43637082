//! `gm-search status`: what the index holds, which files have changed or gone since, and which were skipped and why. With
//! `--json` one object.

use std::io::Write;

use anyhow::Result;
use gm_index::RESULTS_SCHEMA;

use crate::Outcome;
use crate::answer::status::Report;
use crate::cli;
use crate::context::Context;
use crate::origin::{Note, read_from, stale};
use crate::print;

pub fn run(context: &Context, _args: cli::Status) -> Result<Outcome> {
    let index = context.open_index()?;
    let status = index.status()?;
    let note = Note::of(&index);
    let mut files = read_from(&index.documents()?);
    if context.remote.is_some() {
        // it may have been loaded from another machine
        files.retain(|path, _| note.roots.iter().any(|root| root.is_there() && path.starts_with(&root.path)));
    }
    let report = Report {
        schema: RESULTS_SCHEMA,
        index: context.index_name()?,
        documents: status.documents,
        passages: status.passages,
        text_bytes: status.text_bytes,
        index_bytes: status.index_bytes,
        format: status.format,
        analyzer: status.analyzer,
        stale: stale(&files),
        skipped: note.skipped,
    };
    let mut out = anstream::stdout().lock();
    if context.json || context.jsonl {
        print::json(&mut out, &report)?;
    } else {
        print::status(&mut out, &report)?;
    }
    out.flush()?;
    Ok(Outcome::Done)
}
