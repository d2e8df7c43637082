//! `gm-search status`: what the index holds, which files have changed or gone since, and which were skipped and why. With
//! `--json` one object.

use std::io::Write;

use anyhow::Result;
use serde::Serialize;

use super::Context;
use crate::Outcome;
use crate::cli;
use crate::files::Skipped;
use crate::origin::{Note, read_from, stale};
use crate::print;

/// What is told about an index.
#[derive(Serialize)]
pub struct Report {
    pub index: String,
    pub documents: u64,
    pub passages: u64,
    pub text_bytes: u64,
    pub index_bytes: u64,
    pub format: u32,
    pub analyzer: String,
    /// Files that are no longer as they were read.
    pub stale: Vec<Skipped>,
    pub skipped: Vec<Skipped>,
}

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
