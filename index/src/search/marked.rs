//! A document as it was added, and the places in its text that answer a query.

use std::ops::Range;

use tantivy::Term;
use tantivy::collector::TopDocs;
use tantivy::query::TermQuery;
use tantivy::schema::IndexRecordOption;

use crate::document::{Document, Passage};
use crate::error::{Error, Result};
use crate::find::keep_apart;
use crate::find::matching::Plan;
use crate::query::Query;
use crate::query::synonyms::Synonyms;
use crate::rank::snapshot::Snapshot;
use crate::store::record::Record;
use crate::store::text::SegmentText;

impl Snapshot {
    /// The document with this id.
    pub fn document(&self, id: &str) -> Result<Option<Document>> {
        let place = self.place_of(id)?;
        place.map(|(segment, document)| restored(&self.texts[segment], document)).transpose()
    }

    /// The same with the places in its text that the strongest reading of a query finds: ranges of bytes, ascending,
    /// apart from each other. Of a document that has none of these they are those of some of the words.
    pub fn marked(
        &self,
        id: &str,
        query: &Query,
        synonyms: &Synonyms,
    ) -> Result<Option<(Document, Vec<Range<usize>>)>> {
        let Some((segment, number)) = self.place_of(id)? else { return Ok(None) };
        let reading = self.settled(self.reading(query, synonyms)?)?;
        let text = &self.texts[segment];
        let document = restored(text, number)?;
        let passages = text.passages_of(number);
        let own = reading.matches[segment].passages.iter().copied().filter(|passage| passages.contains(passage));
        let mut marks = marks(&reading.plan, text, &document, passages.start, own)?;
        // a search that adds weaker answers, or has filters, may have found the document by some of the words
        if marks.is_empty()
            && let Some(words) = self.settled(self.some_words(query, synonyms)?)?
        {
            marks = self::marks(&Plan::new(&words), text, &document, passages.start, passages)?;
        }
        Ok(Some((document, marks)))
    }

    /// The segment that holds the document with this id, and its ordinal there.
    fn place_of(&self, id: &str) -> Result<Option<(usize, u32)>> {
        let query = TermQuery::new(Term::from_field_text(self.ids, id), IndexRecordOption::Basic);
        let first = self
            .searcher
            .search(&query, &TopDocs::with_limit(1).order_by_score())
            .map_err(|error| Error::engine("look up a document", error))?;
        Ok(first.first().map(|&(_, address)| {
            let segment = address.segment_ord as usize;
            (segment, self.texts[segment].document_of(address.doc_id))
        }))
    }
}

/// A document of a segment as it was added.
fn restored(text: &SegmentText, document: u32) -> Result<Document> {
    let mut source = String::new();
    let mut passages = Vec::new();
    for passage in text.passages_of(document) {
        let start = source.len();
        source.push_str(&text.source(passage)?);
        passages.push(Passage {
            range: start..source.len(),
            opens_paragraph: text.opens_paragraph(passage),
            section: text.section(passage),
            role: text.role(passage),
            line: text.line(passage),
        });
    }
    let Record { id, meta, sections } = text.record(document)?;
    let stamp = text.stamp(document)?.to_string();
    Ok(Document { id, meta, text: source, sections, passages, stamp })
}

/// The places that a plan wants in some passages of a document, of which the `first` in the segment is its own first.
fn marks(
    plan: &Plan,
    text: &SegmentText,
    document: &Document,
    first: u32,
    passages: impl Iterator<Item = u32>,
) -> Result<Vec<Range<usize>>> {
    let mut marks = Vec::new();
    for passage in passages {
        let start = document.passages[(passage - first) as usize].range.start;
        let (_, places) = plan.all_places(text, passage)?;
        marks.extend(places.into_iter().map(|place| start + place.start..start + place.end));
    }
    keep_apart(&mut marks, Range::clone);
    Ok(marks)
}
