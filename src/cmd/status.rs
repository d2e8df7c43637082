//! `gm-search status`: what the index holds, which files are new, changed or gone since, and which were skipped and why. With
//! `--json` one object.

use std::io::Write;
use std::path::PathBuf;

use anyhow::Result;
use gm_index::RESULTS_SCHEMA;

use crate::Outcome;
use crate::answer::status::Report;
use crate::cli;
use crate::context::{Context, DIRECTORY, listing_of};
use crate::origin::{Note, Root, Standing, read_from, standing};
use crate::print;

pub fn run(context: &Context, _args: cli::Status) -> Result<Outcome> {
    let index = context.open_index()?;
    let status = index.status()?;
    let mut note = Note::of(&index);
    let mut files = read_from(&index.documents()?);
    let path = context.find_index()?.unwrap_or_else(|| PathBuf::from(DIRECTORY));
    if context.remote.is_some() {
        // it may have been loaded from another machine
        note.roots.retain(Root::is_there);
        files.retain(|path, _| note.roots.iter().any(|root| path.starts_with(&root.path)));
    }
    let Standing { lost, stale, unread } = standing(&note, &listing_of(&note, &path)?, &files);
    let report = Report {
        schema: RESULTS_SCHEMA,
        index: context.index_name()?,
        documents: status.documents,
        passages: status.passages,
        text_bytes: status.text_bytes,
        index_bytes: status.index_bytes,
        format: status.format,
        analyzer: status.analyzer,
        stale: [lost, stale, unread].concat(),
        skipped: note.skipped,
    };
    let mut out = anstream::stdout().lock();
    if context.prints_json() {
        print::json(&mut out, &report)?;
    } else {
        print::status(&mut out, &report)?;
    }
    out.flush()?;
    Ok(Outcome::Done)
}
