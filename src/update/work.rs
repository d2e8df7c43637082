//! The workers of an update: they take texts from a queue and index them.

use std::sync::Mutex;
use std::sync::mpsc::Receiver;

use anyhow::{Result, anyhow};
use gm_index::{Document, Level};

use super::lines::Lines;
use super::target::Target;
use crate::extract::{Extracted, Given};
use crate::files::Skipped;

/// Texts that wait to be indexed: enough that no worker waits, and few in memory.
pub const QUEUE: usize = 32;

/// A document that waits to be indexed.
pub struct Job {
    pub what: What,
    pub change: Change,
}

/// A text that was extracted, or a document that only has another name now.
pub enum What {
    Read {
        id: String,
        /// What its document's [`Origin`](crate::origin::Origin) is, as JSON.
        stamp: String,
        source: String,
        extracted: Box<Extracted>,
        /// What is stated about its file.
        given: Box<Given>,
        /// Its file as messages name it, and its line in a file of many.
        file: String,
        line: Option<u64>,
    },
    Moved(Box<Document>),
}

/// What happens to a document.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Change {
    Added,
    Changed,
    Renamed,
}

/// What became of the documents.
#[derive(Default)]
pub struct Indexed {
    pub added: u64,
    pub changed: u64,
    pub renamed: u64,
    pub removed: u64,
    pub without_place: u64,
    pub without_year: u64,
    pub skipped: Vec<Skipped>,
    pub lines: Lines,
}

/// Indexes what is in the queue until there is no more. After a failure the rest is only taken away.
pub fn work(queue: &Mutex<Receiver<Job>>, target: &Target<'_>, indexed: &Mutex<Indexed>) -> Result<()> {
    let mut result = Ok(());
    // the queue is locked while it is waited for, never while work is done
    while let Some(job) = queue.lock().ok().and_then(|queue| queue.recv().ok()) {
        if result.is_ok() {
            result = index(job, target, indexed);
        }
    }
    result
}

fn index(job: Job, target: &Target<'_>, indexed: &Mutex<Indexed>) -> Result<()> {
    let Job { what, change } = job;
    let (document, from) = match what {
        What::Moved(document) => (*document, None),
        What::Read { id, stamp, source, extracted, given, file, line } => {
            let Extracted { text, given: mut stated, encoding: _, lacks: _ } = *extracted;
            let mut document = Document::from_text(source, text);
            stated.state(&given);
            stated.write(&mut document.meta);
            document.id = id;
            document.stamp = stamp;
            (document, Some((file, line)))
        }
    };
    target.add(&document)?;
    let mut indexed = indexed.lock().map_err(|_| anyhow!("a worker has failed"))?;
    if document.passages.is_empty() {
        indexed.removed += (change != Change::Added) as u64;
        let reason = "it holds no text".to_string();
        match from {
            Some((file, Some(line))) => indexed.lines.skip(&file, line, reason),
            Some((path, None)) => indexed.skipped.push(Skipped { path, reason }),
            // what only has another name had text under the old one
            None => {}
        }
        return Ok(());
    }
    match change {
        Change::Added => indexed.added += 1,
        Change::Changed => indexed.changed += 1,
        Change::Renamed => indexed.renamed += 1,
    }
    if change != Change::Renamed {
        let has_place = !document.meta.place.is_empty() || document.meta.level == Some(Level::Nation);
        indexed.without_place += !has_place as u64;
        indexed.without_year += document.meta.year.is_none() as u64;
    }
    Ok(())
}
