//! `gm-search status`: what the index holds, which files are new, changed or gone since, and which were skipped and why. With
//! `--json` one object.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Result;
use gm_index::RESULTS_SCHEMA;

use crate::Outcome;
use crate::answer::status::Report;
use crate::cli;
use crate::context::{Context, DIRECTORY, listing_of};
use crate::files::Skipped;
use crate::origin::{GONE, Note, lost, read_from, stale, unread};
use crate::print;

pub fn run(context: &Context, _args: cli::Status) -> Result<Outcome> {
    let index = context.open_index()?;
    let status = index.status()?;
    let note = Note::of(&index);
    let mut files = read_from(&index.documents()?);
    let path = context.find_index()?.unwrap_or_else(|| PathBuf::from(DIRECTORY));
    let listing = listing_of(&note, &path)?;
    let mut changes = lost(&note, &listing, &files);
    if context.remote.is_some() {
        // it may have been loaded from another machine
        files.retain(|path, _| note.roots.iter().any(|root| root.is_there() && path.starts_with(&root.path)));
        changes.clear();
    }
    // with its folder a file is only out of reach
    let is_lost = |one: &Skipped| changes.iter().any(|folder| Path::new(&one.path).starts_with(&folder.path));
    let stale: Vec<Skipped> = stale(&files).into_iter().filter(|one| one.reason != GONE || !is_lost(one)).collect();
    changes.extend(stale);
    changes.extend(unread(&note, &listing, &files));
    let report = Report {
        schema: RESULTS_SCHEMA,
        index: context.index_name()?,
        documents: status.documents,
        passages: status.passages,
        text_bytes: status.text_bytes,
        index_bytes: status.index_bytes,
        format: status.format,
        analyzer: status.analyzer,
        stale: changes,
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
