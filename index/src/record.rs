//! What is kept once for each document, and its form in the index: [postcard](https://postcard.jamesmunns.com)'s wire
//! format, so that the descriptions of thousands of documents are read in place and cost no memory.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::document::{Level, Meta, Section};

/// A document without its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Record {
    pub id: String,
    pub meta: Meta,
    pub stamp: String,
    pub sections: Vec<Section>,
}

/// The part of a record that filters read: everything but the evidence and the sections.
#[derive(Serialize, Deserialize)]
pub(crate) struct Head<'a> {
    pub id: &'a str,
    pub title: &'a str,
    pub kind: Option<&'a str>,
    pub level: Option<Level>,
    #[serde(borrow)]
    pub place: Vec<&'a str>,
    pub place_code: Option<&'a str>,
    pub number: Option<&'a str>,
    pub year: Option<u16>,
    pub review_year: Option<u16>,
    pub session: Option<&'a str>,
    pub date: Option<&'a str>,
    pub speaker: Option<&'a str>,
    pub source: &'a str,
    pub stamp: &'a str,
}

impl<'a> Head<'a> {
    /// Reads the head of what [`Record::encode`] wrote, with the bytes behind it; `None` if it is not that.
    fn take(bytes: &'a [u8]) -> Option<(Self, &'a [u8])> {
        postcard::take_from_bytes(bytes).ok()
    }

    pub fn decode(bytes: &'a [u8]) -> Option<Self> {
        Some(Head::take(bytes)?.0)
    }

    /// As a caller gets it, without evidence.
    pub fn meta(&self) -> Meta {
        let owned = |text: Option<&str>| text.map(str::to_string);
        Meta {
            title: self.title.to_string(),
            kind: owned(self.kind),
            level: self.level,
            place: self.place.iter().map(|link| link.to_string()).collect(),
            place_code: owned(self.place_code),
            number: owned(self.number),
            year: self.year,
            review_year: self.review_year,
            session: owned(self.session),
            date: owned(self.date),
            speaker: owned(self.speaker),
            source: self.source.to_string(),
            evidence: BTreeMap::new(),
        }
    }
}

impl Record {
    /// As bytes: the head, the evidence, the sections.
    pub fn encode(&self) -> Vec<u8> {
        let meta = &self.meta;
        let head = Head {
            id: &self.id,
            title: &meta.title,
            kind: meta.kind.as_deref(),
            level: meta.level,
            place: meta.place.iter().map(String::as_str).collect(),
            place_code: meta.place_code.as_deref(),
            number: meta.number.as_deref(),
            year: meta.year,
            review_year: meta.review_year,
            session: meta.session.as_deref(),
            date: meta.date.as_deref(),
            speaker: meta.speaker.as_deref(),
            source: &meta.source,
            stamp: &self.stamp,
        };
        postcard::to_allocvec(&(head, &meta.evidence, &self.sections)).expect("plain data can be written")
    }

    /// Undoes [`encode`](Self::encode); `None` if the bytes cannot be its work.
    pub fn decode(bytes: &[u8]) -> Option<Self> {
        let (head, rest) = Head::take(bytes)?;
        let (evidence, sections) = postcard::from_bytes(rest).ok()?;
        let meta = Meta { evidence, ..head.meta() };
        Some(Record { id: head.id.to_string(), meta, stamp: head.stamp.to_string(), sections })
    }

    /// Where documents with this record stand among equals: the newest first, then by id.
    pub fn order(&self) -> u64 {
        let date: String = self.meta.date.iter().flat_map(|date| date.chars()).filter(char::is_ascii_digit).collect();
        let date: u32 = date.parse().unwrap_or_else(|_| self.meta.year.map_or(0, |year| year as u32 * 10_000));
        // FNV-1a, http://www.isthe.com/chongo/tech/comp/fnv/: any hash that never changes will do
        let hash = self.id.bytes().fold(0x811c_9dc5u32, |hash, byte| (hash ^ byte as u32).wrapping_mul(0x0100_0193));
        (!date as u64) << 32 | hash as u64
    }
}
