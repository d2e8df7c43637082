//! Goes through the texts of all documents of an index in one pass, for what must look at every one of them.

use crate::cancel;
use crate::document::{Level, governed};
use crate::error::Result;
use crate::rank::snapshot::Snapshot;
use crate::store::record::Head;

/// Names the report that a document is a copy of: its place and year where both are known, else the document itself.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Report(String);

impl Report {
    pub fn new(place: &[impl AsRef<str>], level: Option<Level>, year: Option<u16>, id: &str) -> Report {
        let place = governed(place, level);
        Report(match year {
            Some(year) if !place.is_empty() => format!("{place} {year}"),
            _ => format!("#{id}"),
        })
    }

    pub fn of(head: &Head<'_>) -> Report {
        Report::new(&head.place, head.level, head.year, head.id)
    }
}

impl Snapshot {
    /// Tells the folded text of every document with what is known about it, copies of one report one after the other.
    /// Cost: reads all text.
    pub fn each_text(&self, mut tell: impl FnMut(&Head<'_>, &Report, &[char]) -> Result<()>) -> Result<()> {
        let mut documents = Vec::new();
        for (segment, (text, reader)) in self.segments().enumerate() {
            for (document, _) in text.living(reader) {
                documents.push((Report::of(&text.head(document)?), segment, document));
            }
        }
        documents.sort();
        let mut chars: Vec<char> = Vec::new();
        for (report, segment, document) in documents {
            let text = &self.texts[segment];
            cancel::go_on()?;
            chars.clear();
            for passage in text.passages_of(document) {
                chars.extend(text.folded(passage)?.text.chars());
            }
            tell(&text.head(document)?, &report, &chars)?;
        }
        Ok(())
    }
}
