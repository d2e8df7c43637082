//! A passage with its neighbours, or a whole document, and what names them.

use anyhow::Result;
use gm_index::{Document, DocumentInfo, Index, RESULTS_SCHEMA, Role, heading_path};
use schemars::JsonSchema;
use serde::Serialize;

use crate::fail::advised;

/// What is shown.
#[derive(Serialize, JsonSchema)]
pub struct Shown {
    schema: &'static str,
    pub document: DocumentInfo,
    pub passages: Vec<ShownPassage>,
}

/// A passage with its place.
#[derive(Serialize, JsonSchema)]
pub struct ShownPassage {
    pub id: String,
    pub path: Vec<String>,
    pub role: Option<Role>,
    pub line: u32,
    pub text: String,
    /// Whether it was asked for; the others stand around it.
    pub is_target: bool,
}

/// The passage `target` of a document with those around it, so many on either side; without a target all of them.
pub fn shown(document: Document, target: Option<usize>, around: usize) -> Shown {
    let range = match target {
        Some(target) => target.saturating_sub(around)..target.saturating_add(around + 1).min(document.passages.len()),
        None => 0..document.passages.len(),
    };
    let passages = range.map(|ordinal| {
        let passage = &document.passages[ordinal];
        ShownPassage {
            id: format!("{}#{ordinal}", document.id),
            path: heading_path(&document.sections, passage.section),
            role: passage.role,
            line: passage.line,
            text: document.text[passage.range.clone()].trim().to_string(),
            is_target: target.is_none_or(|target| target == ordinal),
        }
    });
    let passages = passages.collect();
    let mut meta = document.meta;
    meta.evidence.clear();
    Shown { schema: RESULTS_SCHEMA, document: DocumentInfo { id: document.id, meta }, passages }
}

/// The document that `id` names, and the ordinal of the passage if it names one.
pub fn find(index: &Index, id: &str) -> Result<Option<(Document, Option<usize>)>> {
    if let Some(document) = document(index, id)? {
        return Ok(Some((document, None)));
    }
    if let Some((name, ordinal)) = id.rsplit_once('#')
        && let Ok(ordinal) = ordinal.parse::<usize>()
        && let Some(document) = document(index, name)?
    {
        return Ok((ordinal < document.passages.len()).then_some((document, Some(ordinal))));
    }
    if let Some((name, line)) = id.rsplit_once(':')
        && let Ok(line) = line.parse::<u32>()
        && let Some(document) = document(index, name)?
    {
        if line as usize > document.text.lines().count() {
            return Ok(None);
        }
        let ordinal = document.passages.iter().rposition(|passage| passage.line <= line).map(|last| {
            // the first of the passages that begin on that line
            let begins = document.passages[last].line;
            document.passages.iter().position(|passage| passage.line == begins).unwrap_or(last)
        });
        return Ok(ordinal.map(|ordinal| (document, Some(ordinal))));
    }
    Ok(None)
}

/// The document with this id, or the only one with this source.
pub fn document(index: &Index, name: &str) -> Result<Option<Document>> {
    if let Some(document) = index.document(name)? {
        return Ok(Some(document));
    }
    let mut with_source = index.documents()?.into_iter().filter(|entry| entry.meta.source == name);
    match (with_source.next(), with_source.next()) {
        (Some(entry), None) => Ok(index.document(&entry.id)?),
        (Some(a), Some(b)) => Err(advised(
            format!("several documents have the source `{name}`"),
            format!("name one by its id: {}, {}", a.id, b.id),
        )),
        _ => Ok(None),
    }
}
