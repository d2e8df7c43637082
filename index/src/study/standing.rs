//! Where something stands that is counted: how often, in how many documents, and where first.

use std::fmt;

use serde::Serialize;

use crate::error::Result;
use crate::find::matching::Matches;
use crate::rank::snapshot::Snapshot;

/// A passage, as people name it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Location {
    /// The passage's id.
    pub id: String,
    /// The document's source.
    pub source: String,
    /// The line on which the passage begins, from 1.
    pub line: u32,
}

/// The source and the line: `青石镇_2025.txt:12`.
impl fmt::Display for Location {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.source, self.line)
    }
}

/// A passage among all: by the order of its document first, which is the same however an index was brought up to date.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Place {
    order: u64,
    pub segment: usize,
    pub document: u32,
    pub passage: u32,
}

/// Where a word stands, told place by place, those of a document one after the other.
#[derive(Clone, Copy, Default)]
pub(crate) struct Standing {
    pub count: u64,
    pub documents: u64,
    /// The segment and the document where it stood last, so that each counts once.
    last: Option<(usize, u32)>,
    pub first: Option<Place>,
}

impl Standing {
    pub fn add(&mut self, place: Place) {
        let document = (place.segment, place.document);
        self.count += 1;
        self.documents += (self.last.replace(document) != Some(document)) as u64;
        self.first = Some(self.first.map_or(place, |first| first.min(place)));
    }
}

impl Snapshot {
    pub fn place(&self, segment: usize, passage: u32) -> Place {
        let text = &self.texts[segment];
        let document = text.document_of(passage);
        Place { order: text.order(document), segment, document, passage }
    }

    /// The passages that match in each segment, in the order of their documents.
    pub fn places(&self, segments: &[Matches]) -> Vec<Place> {
        let places = |(segment, matches): (usize, &Matches)| {
            let all = matches.passages.clone().into_iter();
            all.map(move |passage| self.place(segment, passage))
        };
        let mut places: Vec<Place> = segments.iter().enumerate().flat_map(places).collect();
        places.sort_unstable();
        places
    }

    /// A passage as people name it.
    pub fn locate(&self, segment: usize, passage: u32) -> Result<Location> {
        let text = &self.texts[segment];
        let head = text.head(text.document_of(passage))?;
        let (source, line) = (head.source().to_string(), text.line(passage));
        Ok(Location { id: text.passage_id(&head, passage), source, line })
    }
}
