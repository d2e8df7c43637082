//! The text component in the making: [`Parts`] gathers passages and documents, from documents or from segments that are
//! merged ([`TextPlugin`]), and writes the file that [`layout`](super::layout) describes.

use std::collections::HashMap;
use std::io::Write;

use tantivy::index::SegmentComponent;
use tantivy::indexer::doc_id_mapping::MappingType;
use tantivy::plugin::{PluginMergeContext, PluginWriter, PluginWriterContext, SegmentPlugin};
use tantivy::{Segment, TantivyError};

use crate::document::{Document, Role};
use crate::error::Error;
use crate::fold::folded::Folded;
use crate::store::code;
use crate::store::details::Details;
use crate::store::edits;
use crate::store::layout::{DOCUMENT_ROW, EXTENSION, GROUP, GROUP_ROW, OPENS_DOCUMENT, OPENS_PARAGRAPH, u32_at};
use crate::store::lists::filter;
use crate::store::record::Record;
use crate::store::text::SegmentText;
use crate::store::varint;

/// A passage on its way into the component.
pub(crate) struct Entry<'a> {
    pub folded: &'a Folded,
    pub opens_paragraph: bool,
    pub line: u32,
    pub words: u32,
    pub section: Option<u32>,
    pub role: Option<Role>,
    /// Only with the first passage of a document.
    pub record: Option<&'a Document>,
}

/// Collects the parts of a file, whether they come from documents or from other segments.
#[derive(Default)]
pub(crate) struct Parts {
    text: Vec<u8>,
    characters: u64,
    details: Vec<u8>,
    records: Vec<u8>,
    stamps: Vec<u8>,
    groups: Vec<u8>,
    /// For each passage where it ends in the text.
    ends: Vec<u32>,
    kinds: Vec<u8>,
    documents: Vec<u8>,
    /// The words, the line and the section of the last passage.
    last: Details<'static>,
    /// Where each stamp is among the stamps.
    places: HashMap<String, u32>,
    /// Room for the edits of a passage.
    edits: Vec<u8>,
}

impl Parts {
    /// Bytes of text up to now, as it is kept.
    pub fn text_len(&self) -> usize {
        self.text.len()
    }

    /// Takes in the next passage.
    pub fn add(&mut self, entry: &Entry<'_>) {
        if let Some(document) = entry.record {
            self.document(Record::order(document), &Record::encode(document), &document.stamp);
        }
        let mut edits = std::mem::take(&mut self.edits);
        edits.clear();
        edits::encode(entry.folded.edits(), &entry.folded.text, &mut edits);
        let section = entry.section.map_or(0, |section| section.saturating_add(1));
        let details = Details { words: entry.words, line: entry.line, section, edits: &edits };
        let kind = entry.role.map_or(0, |role| role as u8)
            | if entry.opens_paragraph { OPENS_PARAGRAPH } else { 0 }
            | if entry.record.is_some() { OPENS_DOCUMENT } else { 0 };
        self.passage(kind, |text| code::encode(&entry.folded.text, text), details);
        self.edits = edits;
    }

    fn passage(&mut self, kind: u8, add_text: impl FnOnce(&mut Vec<u8>), details: Details<'_>) {
        if self.ends.len().is_multiple_of(GROUP) {
            for part in [&self.text, &self.details] {
                self.groups.extend((part.len() as u32).to_le_bytes());
            }
            self.last = Details::default();
        }
        if kind & OPENS_PARAGRAPH != 0 {
            self.text.push(b'\n');
        }
        let start = self.text.len();
        add_text(&mut self.text);
        self.characters += code::characters(&self.text[start..]) as u64;
        details.encode(&self.last, &mut self.details);
        self.last = Details { edits: &[], ..details };
        self.ends.push(self.text.len() as u32);
        self.kinds.push(kind);
    }

    /// Announces that the next passage is the first of a document.
    fn document(&mut self, order: u64, record: &[u8], stamp: &str) {
        self.records.extend_from_slice(record);
        let stamp = match self.places.get(stamp) {
            Some(&place) => place,
            None => {
                let place = self.stamps.len() as u32;
                varint::push_text(&mut self.stamps, stamp);
                self.places.insert(stamp.to_string(), place);
                place
            }
        };
        for number in [self.ends.len() as u32, self.records.len() as u32, stamp] {
            self.documents.extend(number.to_le_bytes());
        }
        self.documents.extend(order.to_le_bytes());
    }

    /// Writes the file of the component.
    pub fn write(&self, segment: &Segment) -> tantivy::Result<()> {
        let measured = [&self.text, &self.details, &self.records, &self.stamps];
        if let Some(part) = measured.iter().find(|part| u32::try_from(part.len()).is_err()) {
            let message =
                format!("{} bytes are too many for one part of a segment's text; the most is {}", part.len(), u32::MAX);
            return Err(TantivyError::InvalidArgument(message));
        }
        let mut file = segment.clone().open_write(SegmentComponent::Custom(EXTENSION.to_string()))?;
        let pairs = filter(&self.text, &self.ends);
        let (ends, width) = self.packed_ends();
        for part in measured.into_iter().chain([&self.groups, &ends, &self.kinds, &self.documents, &pairs]) {
            file.write_all(part)?;
        }
        for number in measured.into_iter().chain([&pairs]).map(|part| part.len() as u64).chain([self.characters]) {
            file.write_all(&number.to_le_bytes())?;
        }
        for number in [self.ends.len(), self.documents.len() / DOCUMENT_ROW, width] {
            file.write_all(&(number as u32).to_le_bytes())?;
        }
        tantivy::directory::TerminatingWrite::terminate(file)?;
        Ok(())
    }

    /// The ends of the passages as they are written, and how many bytes each has.
    fn packed_ends(&self) -> (Vec<u8>, usize) {
        let groups = self.ends.chunks(GROUP).zip(self.groups.chunks_exact(GROUP_ROW));
        let ends = groups.flat_map(|(ends, group)| ends.iter().map(move |end| end - u32_at(group, 0)));
        match ends.clone().all(|end| end <= u16::MAX as u32) {
            true => (ends.flat_map(|end| (end as u16).to_le_bytes()).collect(), 2),
            false => (ends.flat_map(u32::to_le_bytes).collect(), 4),
        }
    }
}

/// Hooks the text component into tantivy's segments.
pub(crate) struct TextPlugin;

impl SegmentPlugin for TextPlugin {
    fn extensions(&self) -> &[&str] {
        &[EXTENSION]
    }

    fn create_writer(&self, _context: &PluginWriterContext) -> tantivy::Result<Box<dyn PluginWriter>> {
        Err(TantivyError::InvalidArgument("passages are written by SegmentBuilder".to_string()))
    }

    fn merge(&self, context: PluginMergeContext) -> tantivy::Result<()> {
        if context.doc_id_mapping.mapping_type() == MappingType::Shuffled {
            return Err(TantivyError::InvalidArgument("the text of sorted indexes cannot be merged".to_string()));
        }
        let mut parts = Parts::default();
        for reader in context.readers {
            let text = SegmentText::open(reader).map_err(|error| TantivyError::InternalError(error.to_string()))?;
            for passage in reader.doc_ids_alive() {
                let kind = text.kind(passage);
                if kind & OPENS_DOCUMENT != 0 {
                    let document = text.document_of(passage);
                    let damaged = |error: Error| TantivyError::InternalError(error.to_string());
                    let stamp = text.stamp(document).map_err(damaged)?;
                    parts.document(text.order(document), text.record_bytes(document), stamp);
                }
                let code = &text.text()[text.range(passage)];
                parts.passage(kind, |to| to.extend_from_slice(code), text.details(passage));
            }
        }
        parts.write(context.target_segment)
    }
}
