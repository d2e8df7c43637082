//! The documents that a command is asked about: files, documents of the index, or those that filters let pass.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use anyhow::Result;
use gm_index::{Document, Index, Indicators, Options, Query, place_and_year};

use crate::answer::show;
use crate::context::Context;
use crate::extract;
use crate::fail::advised;
use crate::origin::{Note, Origin};
use crate::tame::tame;

/// A file as a document.
pub fn read(path: &Path) -> Result<Document> {
    let extracted = extract::read(path)?;
    let mut document = Document::from_text(path.to_string_lossy(), extracted.text);
    extracted.given.write(&mut document.meta);
    Ok(document)
}

/// The file or the document of the index that `name` names.
pub fn one(context: &Context, name: &str) -> Result<Document> {
    named(context, name, "")
}

/// The same; a file that the index has read has its id there, so that it can be told from its copies.
pub fn draft(context: &Context, name: &str) -> Result<Document> {
    let mut draft = [(name, one(context, name)?)];
    identify(context, &mut draft)?;
    let [(_, draft)] = draft;
    Ok(draft)
}

/// Gives files the ids that they have in the index. Of several documents of a file none is known to be the one that was read.
fn identify(context: &Context, documents: &mut [(&str, Document)]) -> Result<()> {
    let files = documents.iter_mut().filter(|(name, _)| is_readable(Path::new(name)));
    let mut files: Vec<_> =
        files.filter_map(|(name, document)| Some((Path::new(name).canonicalize().ok()?, document))).collect();
    let index = if files.is_empty() { None } else { context.index_if_any()? };
    let Some(index) = index else { return Ok(()) };
    let mut ids: HashMap<PathBuf, Vec<String>> = HashMap::new();
    for entry in index.documents()? {
        if let Some(origin) = Origin::of(&entry) {
            ids.entry(origin.place()).or_default().push(entry.id);
        }
    }
    for (place, document) in &mut files {
        if let Some([id]) = ids.get(place).map(Vec::as_slice) {
            document.id.clone_from(id);
        }
    }
    Ok(())
}

/// The same; `or` is what else could have been given.
fn named(context: &Context, name: &str, or: &str) -> Result<Document> {
    let path = Path::new(name);
    if is_readable(path) {
        let document = read(path)?;
        if document.text.trim().is_empty() {
            return Err(advised(format!("`{name}` holds no text"), "give a file with text"));
        }
        return Ok(document);
    }
    let index = context.index_if_any()?;
    let found = index.as_ref().map(|index| show::document(index, name)).transpose()?.flatten();
    found.ok_or_else(|| {
        if let Some(error) = index.as_ref().and_then(|index| skipped(index, name)) {
            return error;
        }
        if path.is_dir() {
            return advised(format!("`{name}` is a folder"), "name a file in it");
        }
        advised(
            format!("`{name}` is neither a file nor a document of the index"),
            format!("give the path of a report, or the source or id of one that `gm-search query` prints{or}"),
        )
    })
}

/// Why what goes by this name is not in the index, if a build has skipped it.
pub fn skipped(index: &Index, name: &str) -> Option<anyhow::Error> {
    let is_named = |path: &str| !name.is_empty() && Path::new(path).ends_with(name.trim_start_matches("./"));
    let skipped = Note::of(index).skipped.into_iter().find(|one| is_named(&one.path))?;
    let message = format!("`{name}` is not in the index: it was skipped: {}", tame(&skipped.reason));
    Some(advised(message, "`gm-search status` lists what was skipped"))
}

/// That the document `name` has no passage `id`.
pub fn no_passage(name: &str, id: &str) -> anyhow::Error {
    let message = format!("the document `{name}` is in the index, but has no passage `{id}`");
    advised(message, format!("see its lines with `gm-search show {name}`"))
}

/// The documents that `what` names: each a file, a document of the index or a filter; all filters together. Nothing means
/// all documents of the index. None is given twice. What is none of these and goes by a name of `indicators` was meant as one.
pub fn find(context: &Context, what: &[String], indicators: &Indicators) -> Result<Vec<Document>> {
    found(context, what).map_err(|error| {
        let meant = |word: &&str| indicators.canonical(word).is_some() && !is_readable(Path::new(word));
        match what.iter().flat_map(|word| word.split_whitespace()).find(meant) {
            Some(name) => advised(format!("{error:#}"), format!("for an indicator: --indicator {name}")),
            None => error,
        }
    })
}

fn found(context: &Context, what: &[String]) -> Result<Vec<Document>> {
    let mut given = Vec::new();
    let mut filters = Vec::new();
    for name in what {
        // a source may hold a colon, too
        let names_document = || match context.index_if_any()? {
            Some(index) => Ok::<_, anyhow::Error>(show::document(&index, name)?.is_some()),
            None => Ok(false),
        };
        match name.contains([':', '：']) && !is_readable(Path::new(name)) && !names_document()? {
            true => filters.push(name.clone()),
            false => given.push((name.as_str(), named(context, name, ", or what reports must be: place:广东")?)),
        }
    }
    identify(context, &mut given)?;
    let mut seen = HashSet::new();
    let mut found: Vec<Document> = given.into_iter().map(|(_, document)| document).collect();
    found.retain(|document| seen.insert(document.id.clone()));
    if filters.is_empty() && !what.is_empty() {
        return Ok(found);
    }
    let index = context.open_index()?;
    let ids = match filters.is_empty() {
        true => index.documents()?.into_iter().map(|entry| entry.id).collect(),
        false => filtered(&index, &filters)?,
    };
    for id in ids.into_iter().filter(|id| seen.insert(id.clone())) {
        found.extend(index.document(&id)?);
    }
    Ok(found)
}

/// The documents of the index, beside `documents`, that are of the places of these and a year later.
pub fn next(context: &Context, documents: &[Document]) -> Result<Vec<Document>> {
    let Some(index) = context.index_if_any()? else { return Ok(Vec::new()) };
    let known: HashSet<&str> = documents.iter().map(|document| document.id.as_str()).collect();
    let later = documents.iter().filter_map(|document| {
        let (place, year) = place_and_year(&document.meta)?;
        Some((place, year.checked_add(1)?))
    });
    let later: HashSet<(String, u16)> = later.collect();
    let mut found = Vec::new();
    for entry in index.documents()? {
        let is_later = place_and_year(&entry.meta).is_some_and(|key| later.contains(&key));
        if is_later && !known.contains(entry.id.as_str()) {
            found.extend(index.document(&entry.id)?);
        }
    }
    Ok(found)
}

/// Whether there is something to read: a file, or a pipe.
fn is_readable(path: &Path) -> bool {
    path.exists() && !path.is_dir()
}

fn filtered(index: &Index, filters: &[String]) -> Result<Vec<String>> {
    let (_, query) = super::parse_query(filters, false)?;
    if query.any(&mut |part| !matches!(part, Query::And(_) | Query::Filter(_))) {
        return Err(advised(
            format!("`{}` is neither a file nor a filter", filters.join(" ")),
            "filters are such as place:广东 year:2020..2025 level:镇",
        ));
    }
    let hits = index.search(&query, Options { limit: usize::MAX, ..Options::default() })?.hits;
    Ok(hits.into_iter().map(|hit| hit.document.id).collect())
}
