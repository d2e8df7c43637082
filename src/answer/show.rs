//! A passage with its neighbours, or a whole document, and what names them.

use std::ops::Range;

use anyhow::Result;
use gm_index::{
    Document, DocumentEntry, DocumentInfo, Index, RESULTS_SCHEMA, Role, heading_path, passage_id, split_passage_id,
    unsaid_place,
};
use schemars::JsonSchema;
use serde::Serialize;

use crate::fail::advised;

/// Of documents of one source so many are named.
const NAMED: usize = 8;

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
    /// The passage's id.
    pub id: String,
    /// The headings above it, outermost first.
    pub path: Vec<String>,
    /// What the passage does.
    pub role: Option<Role>,
    /// The line on which it begins, from 1.
    pub line: u32,
    /// The source's own characters.
    pub text: String,
    /// Whether it was asked for; the others stand around it.
    pub is_target: bool,
}

/// What a document is called: its title, with the place and the year where that does not say them, for many reports are
/// called 政府工作报告 and nothing else.
pub fn title(document: &DocumentInfo) -> String {
    let (title, meta) = (document.title(), &document.meta);
    let place = unsaid_place(document);
    let year = meta.year.map(|year| year.to_string()).filter(|year| !title.contains(year));
    // a file's name is no title
    let said = [place.filter(|_| title != meta.source), Some(title), year.as_deref()];
    said.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// The passages `target` of a document with those around them, so many on either side; without a target all of them.
pub fn shown(document: Document, target: Option<Range<usize>>, around: usize) -> Shown {
    let range = match &target {
        Some(Range { start, end }) => {
            start.saturating_sub(around)..end.saturating_add(around).min(document.passages.len())
        }
        None => 0..document.passages.len(),
    };
    let passages = range.map(|ordinal| {
        let passage = &document.passages[ordinal];
        ShownPassage {
            id: passage_id(&document.id, ordinal as u32),
            path: heading_path(&document.sections, passage.section),
            role: passage.role,
            line: passage.line,
            text: document.text[passage.range.clone()].trim().to_string(),
            is_target: target.as_ref().is_none_or(|target| target.contains(&ordinal)),
        }
    });
    Shown { schema: RESULTS_SCHEMA, document: DocumentInfo::of(&document), passages: passages.collect() }
}

/// The document that `id` names, and the ordinals of the passages if it names one, or a line: of several that begin there the
/// first may be no more than a heading.
pub fn find(index: &Index, id: &str) -> Result<Option<(Document, Option<Range<usize>>)>> {
    // for a source the descriptions of all documents are read
    match named(id, |name| Ok(index.document(name)?))? {
        Some(found) => Ok(Some(found)),
        None => named(id, |name| of_source(index, name)),
    }
}

/// The same, where `document` gives the documents.
fn named(
    id: &str,
    document: impl Fn(&str) -> Result<Option<Document>>,
) -> Result<Option<(Document, Option<Range<usize>>)>> {
    if let Some(document) = document(id)? {
        return Ok(Some((document, None)));
    }
    if let Some((name, ordinal)) = split_passage_id(id)
        && let Some(document) = document(name)?
    {
        let ordinal = ordinal as usize;
        return Ok((ordinal < document.passages.len()).then_some((document, Some(ordinal..ordinal + 1))));
    }
    if let Some((name, line)) = id.rsplit_once(':')
        && let Ok(line) = line.parse::<u32>()
        && let Some(document) = document(name)?
    {
        if line as usize > document.text.lines().count() {
            return Ok(None);
        }
        let end = document.passages.partition_point(|passage| passage.line <= line);
        let begins = document.passages[..end].last().map(|passage| passage.line);
        return Ok(begins.map(|begins| {
            let start = document.passages.partition_point(|passage| passage.line < begins);
            (document, Some(start..end))
        }));
    }
    Ok(None)
}

/// The name of the document whose passage or line `id` means and does not have.
pub fn without<'i>(index: &Index, id: &'i str) -> Result<Option<&'i str>> {
    let name = id.rsplit_once([':', '#']).map(|(name, _)| name);
    Ok(match name {
        Some(name) => document(index, name)?.map(|_| name),
        None => None,
    })
}

/// The document with this id, or the only one with this source, or the end of it that begins with a folder or file.
pub fn document(index: &Index, name: &str) -> Result<Option<Document>> {
    match index.document(name)? {
        Some(document) => Ok(Some(document)),
        None => of_source(index, name),
    }
}

/// The same by the source alone. Cost: reads the descriptions of all documents.
fn of_source(index: &Index, name: &str) -> Result<Option<Document>> {
    let entries = index.documents()?;
    let below = format!("/{name}");
    let exact = entries.iter().filter(|entry| entry.meta.source == name).collect::<Vec<_>>();
    let found = match exact.is_empty() {
        true => entries.iter().filter(|entry| entry.meta.source.ends_with(&below)).collect(),
        false => exact,
    };
    match &found[..] {
        [] => Ok(None),
        [entry] => Ok(index.document(&entry.id)?),
        several => {
            let known = |entry: &&DocumentEntry| {
                let DocumentEntry { id, meta, .. } = entry;
                let year = meta.year.map(|year| year.to_string());
                let said: Vec<&String> = meta.place.iter().chain(&year).chain([&meta.source]).collect();
                format!("{id} ({})", said.into_iter().map(String::as_str).collect::<Vec<_>>().join(" "))
            };
            let ids: Vec<String> = several.iter().take(NAMED).map(known).collect();
            let message = format!("{} documents have the source `{name}`", several.len());
            Err(advised(message, format!("name one by its id: {}", ids.join(", "))))
        }
    }
}

#[cfg(test)]
mod tests {
    use gm_index::Meta;

    use super::*;

    #[test]
    fn an_id_goes_before_a_source() {
        let index = Index::in_memory().unwrap();
        let writer = index.writer().unwrap();
        for (id, source) in [("a", "甲镇.txt"), ("b", "a#0"), ("c", "乙镇#1.txt")] {
            let mut document = Document::from_text(source, "某镇政府工作报告\n\n发展番薯产业。\n");
            document.id = id.into();
            writer.add(&document).unwrap();
        }
        writer.commit().unwrap();
        for (name, id, is_passage) in [
            ("a", "a", false),
            ("a#0", "a", true),
            ("a:3", "a", true),
            ("甲镇.txt", "a", false),
            ("甲镇.txt:3", "a", true),
            ("乙镇#1.txt", "c", false),
            ("乙镇#1.txt#0", "c", true),
        ] {
            let (document, passages) = find(&index, name).unwrap().unwrap();
            assert_eq!((document.id.as_str(), passages.is_some()), (id, is_passage), "{name}");
        }
        for name in ["d", "d#0", "甲镇.txt#9"] {
            assert!(find(&index, name).unwrap().is_none(), "{name}");
        }
    }

    #[test]
    fn a_title_is_told_with_what_it_does_not_say() {
        for (words, place, year, told) in [
            ("政府工作报告", Some("广东省"), Some(2026), "广东省 政府工作报告 2026"),
            ("2026年广东政府工作报告", Some("广东省"), Some(2026), "2026年广东政府工作报告"),
            ("政府工作报告", None, None, "政府工作报告"),
            ("a.txt", Some("广东省"), None, "a.txt"),
            ("", None, Some(2026), "a.txt 2026"),
        ] {
            let place = place.map(String::from).into_iter().collect();
            let meta = Meta { title: words.into(), place, year, source: "a.txt".into(), ..Meta::default() };
            assert_eq!(title(&DocumentInfo { id: "a".into(), meta }), told);
        }
    }
}
