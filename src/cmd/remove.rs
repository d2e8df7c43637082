//! `gm-search remove ID…`: takes documents out of the index, or all that was read from a folder. Prints their names on
//! standard error; with `--json` `{"schema":…,"removed":["…"]}`.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use anyhow::Result;
use gm_index::{Index, RESULTS_SCHEMA};
use serde::Serialize;

use crate::Outcome;
use crate::answer::show;
use crate::cli;
use crate::context::Context;
use crate::fail::advised;
use crate::origin::{Note, Origin};
use crate::print::json;
use crate::tame::tame;

#[derive(Serialize)]
struct Report {
    schema: &'static str,
    /// Ids.
    removed: Vec<String>,
}

/// A document that is to go.
struct Going {
    id: String,
    source: String,
}

pub fn run(context: &Context, args: cli::Remove) -> Result<Outcome> {
    let index = context.open_index()?;
    // first of all: whatever another process writes until then is seen, and nothing is written behind
    let mut writer = index.writer()?;
    let mut note = Note::of(&index);
    let mut is_noted = false;
    let mut documents = Vec::new();
    for name in &args.ids {
        if let Some(document) = show::document(&index, name)? {
            documents.push(Going { id: document.id, source: document.meta.source });
        } else if let Some(root) = root(&note, name)? {
            documents.extend(below(&index, &root)?);
            note.roots.retain(|known| known.path != root);
            note.skipped.retain(|one| !one.is_of(&root));
            is_noted = true;
        } else {
            return Err(advised(
                format!("there is no document `{name}` in the index; nothing was removed"),
                "ids are what `gm-search query` prints behind each hit",
            ));
        }
    }
    let mut named = HashSet::new();
    documents.retain(|document| named.insert(document.id.clone()));
    if is_noted {
        writer.set_note(serde_json::to_string(&note)?);
    }
    for document in &documents {
        writer.remove(&document.id)?;
    }
    writer.commit()?;
    if !context.quiet {
        for document in &documents {
            anstream::eprintln!("removed {} {}", tame(&document.id), tame(&document.source));
        }
    }
    if context.prints_json() {
        let removed = documents.into_iter().map(|document| document.id).collect();
        let mut out = std::io::stdout().lock();
        json(&mut out, &Report { schema: RESULTS_SCHEMA, removed })?;
    }
    Ok(Outcome::Done)
}

/// The folder of this name that was given to `build`; it need not be there any more.
fn root(note: &Note, name: &str) -> Result<Option<PathBuf>> {
    let path = std::path::absolute(name)?;
    let real = path.canonicalize().unwrap_or_else(|_| path.clone());
    Ok(note.roots.iter().map(|root| &root.path).find(|root| **root == path || **root == real).cloned())
}

/// The documents that were read from a folder.
fn below(index: &Index, root: &Path) -> Result<Vec<Going>> {
    let entries = index.documents()?.into_iter();
    let below = entries.filter(|entry| Origin::of(entry).is_some_and(|origin| origin.place().starts_with(root)));
    Ok(below.map(|entry| Going { id: entry.id, source: entry.meta.source }).collect())
}
