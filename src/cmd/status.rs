//! `gm-search status`: what the index holds, which files have changed or gone since, and which were skipped and why. With
//! `--json` one object.

use std::collections::BTreeMap;
use std::io::Write;
use std::path::PathBuf;

use anyhow::Result;
use serde::Serialize;

use super::Context;
use super::build::{Note, Origin, Skipped};
use crate::Outcome;
use crate::cli;
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
    let note: Note = serde_json::from_str(&index.note()).unwrap_or_default();
    let mut stale = Vec::new();
    let mut files: BTreeMap<PathBuf, String> = BTreeMap::new();
    for entry in index.documents()? {
        if let Ok(origin) = serde_json::from_str::<Origin>(&entry.stamp) {
            files.insert(origin.root.join(&origin.path), origin.content);
        }
    }
    for (path, content) in files {
        let hash = |bytes: &[u8]| blake3::hash(bytes).to_hex()[..32].to_string();
        let reason = match fs_err::read(&path) {
            Ok(bytes) if content.starts_with(&hash(&bytes)) => continue,
            Ok(_) => "it has changed".to_string(),
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => "it has gone".to_string(),
            Err(error) => error.to_string(),
        };
        stale.push(Skipped { path: path.display().to_string(), reason });
    }
    let report = Report {
        index: context.find_index()?.unwrap_or_default().display().to_string(),
        documents: status.documents,
        passages: status.passages,
        text_bytes: status.text_bytes,
        index_bytes: status.index_bytes,
        format: status.format,
        analyzer: status.analyzer,
        stale,
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
