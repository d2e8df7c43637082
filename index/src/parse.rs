//! Makes a [`Document`] of a text: its outline and its header together.

pub(crate) mod cuts;
pub(crate) mod dates;
pub(crate) mod header;
pub(crate) mod jurisdiction;
pub(crate) mod lines;
pub(crate) mod loose;
pub(crate) mod marks;
pub(crate) mod outline;
pub(crate) mod places;
pub(crate) mod roles;
pub(crate) mod sentences;
pub(crate) mod sequences;
pub(crate) mod shapes;
pub(crate) mod title;
pub(crate) mod when;

use std::borrow::Cow;

use crate::document::{Document, Role};
use crate::fold::simplified::simple;
use crate::parse::header::header;
use crate::parse::lines::paragraphs;
use crate::parse::outline::outline;
use crate::parse::shapes::shapes;

/// In so many bytes a text in traditional characters has some.
const BEGINNING: usize = 500;

/// `text` in simplified characters, in which the words of a report are looked for: they stand at the same place of `text`.
fn plain(text: &str) -> Cow<'_, str> {
    let mut end = text.len().min(BEGINNING);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    match simple(&text[..end]) {
        Cow::Borrowed(_) => Cow::Borrowed(text),
        Cow::Owned(_) => simple(text),
    }
}

impl Document {
    /// Reads the structure of `text`. `source` says where the text came from (a path, an address) and is also the
    /// document's id; change [`Document::id`] if it needs another. Never fails: a text without any structure is a
    /// document of plain passages.
    ///
    /// ```
    /// let report = gm_index::Document::from_text("demo.txt", "某镇政府工作报告\n\n一、2024年工作回顾\n成绩不少。\n");
    /// assert_eq!(report.meta.title, "某镇政府工作报告");
    /// assert_eq!(report.sections[0].heading.title, "2024年工作回顾");
    /// ```
    pub fn from_text(source: impl Into<String>, text: impl Into<String>) -> Document {
        let (source, text) = (source.into(), text.into());
        let plain = plain(&text);
        let paragraphs = paragraphs(&text);
        let shapes = shapes(&text, &plain, &paragraphs);
        let mut meta = header(&text, &paragraphs, shapes.speech.start, shapes.parts());
        // the year of a late report is over too
        let now = meta.year.map(|year| year.saturating_add(meta.is_late_in(year) as u16));
        let mut outline = outline(&text, &plain, &paragraphs, &shapes, now);
        if marks::explains_terms(&simple(&meta.title)) {
            outline.be_of(Role::Glossary);
        }
        if meta.title.is_empty() {
            meta.title = source.clone();
        }
        meta.source = source.clone();
        Document {
            id: source,
            meta,
            text,
            sections: outline.sections,
            passages: outline.passages,
            stamp: String::new(),
        }
    }
}
