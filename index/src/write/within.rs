//! A query of tantivy that looks into some segments only. A document that is replaced must go from the segments that were
//! there before it, and must stay in the one that it comes in.

use std::collections::HashSet;
use std::sync::Arc;

use tantivy::index::SegmentId;
use tantivy::query::{EmptyScorer, EnableScoring, Explanation, Query, Scorer, TermSetQuery, Weight};
use tantivy::{DocId, Score, SegmentReader, Term};

/// Passages with one of some terms, in some segments.
#[derive(Clone, Debug)]
pub(crate) struct Within {
    terms: TermSetQuery,
    segments: Arc<HashSet<SegmentId>>,
}

impl Within {
    pub fn new(terms: impl IntoIterator<Item = Term>, segments: impl IntoIterator<Item = SegmentId>) -> Self {
        Within { terms: TermSetQuery::new(terms), segments: Arc::new(segments.into_iter().collect()) }
    }
}

impl Query for Within {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(WithinWeight { terms: self.terms.weight(scoring)?, segments: self.segments.clone() }))
    }
}

struct WithinWeight {
    terms: Box<dyn Weight>,
    segments: Arc<HashSet<SegmentId>>,
}

impl Weight for WithinWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        match self.segments.contains(&reader.segment_id()) {
            true => self.terms.scorer(reader, boost),
            false => Ok(Box::new(EmptyScorer)),
        }
    }

    fn explain(&self, reader: &SegmentReader, passage: DocId) -> tantivy::Result<Explanation> {
        self.terms.explain(reader, passage)
    }
}
