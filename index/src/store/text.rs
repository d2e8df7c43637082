//! The text of the passages, kept beside tantivy's postings in every segment: folded, in a compact [`code`], memory-mapped,
//! and scanned as it lies for whatever must be exact. It lies in a file of its own, see [`Layout`], which a plugin of tantivy
//! writes ([`component`](super::component)), so that commit, delete, merge and crash safety are tantivy's own. This is the only
//! place where text is kept; the source's characters are restored from it.

use std::ops::Range;

use tantivy::SegmentReader;
use tantivy::directory::OwnedBytes;
use tantivy::index::SegmentComponent;

use crate::document::{Role, passage_id};
use crate::error::{Error, Result};
use crate::fold::folded::Folded;
use crate::store::ahead::fetch;
use crate::store::code;
use crate::store::details::Details;
use crate::store::edits;
use crate::store::layout::{DOCUMENT_ROW, EXTENSION, GROUP, GROUP_ROW, Layout, OPENS_PARAGRAPH, ROLE, u32_at, u64_at};
use crate::store::lists::filter;
use crate::store::pairs::{Known, Pairs};
use crate::store::record::{Head, Record};
use crate::store::varint;

/// As much of a list or a description as most have.
const FETCHED: usize = 256;

/// The text of one segment. Passages are numbered as tantivy numbers its documents.
pub(crate) struct SegmentText {
    bytes: OwnedBytes,
    layout: Layout,
}

impl SegmentText {
    /// Maps the component of `segment`. Cheap: reads the footer and the table of documents, and checks that the parts
    /// fit the file.
    pub fn open(segment: &SegmentReader) -> Result<Self> {
        let name = || format!("{}.{EXTENSION}", segment.segment_id().uuid_string());
        let broken = |what: &str| Error::corrupt(format_args!("`{}`: {what}", name()));
        let file = segment
            .open_read(SegmentComponent::Custom(EXTENSION.to_string()))
            .map_err(|error| Error::engine("read the index", error.into()))?;
        let bytes = file.read_bytes().map_err(|error| broken(&error.to_string()))?;
        let layout = Layout::read(&bytes, segment.max_doc()).map_err(broken)?;
        Ok(SegmentText { bytes, layout })
    }

    /// How many passages there are, deleted ones included.
    pub fn passages(&self) -> u32 {
        self.layout.passages
    }

    /// How many documents there are, deleted ones included.
    pub fn documents(&self) -> u32 {
        self.layout.document_count
    }

    /// The [`code`] of all folded text.
    pub fn text(&self) -> &[u8] {
        &self.bytes[..self.layout.text]
    }

    /// Whether the filter is the one that is made from the text. Cost: makes it, 0.1 s for 10 MB.
    pub fn filter_is_true(&self) -> bool {
        let ends: Vec<u32> = (0..self.layout.passages).map(|passage| self.end(passage) as u32).collect();
        ends.is_sorted()
            && ends.last().is_none_or(|&end| end as usize <= self.layout.text)
            && filter(self.text(), &ends) == self.bytes[self.layout.pairs.clone()]
    }

    /// The passages in which a string begins, given its code, if they are known: see [`Pairs::known`].
    pub fn known(&self, code: &[u8]) -> Option<Known<'_>> {
        self.pairs().known(code)
    }

    /// Where in [`text`](Self::text) several strings can all stand, given the code of each: see [`Pairs::within`].
    pub fn within<'c>(&self, codes: impl IntoIterator<Item = &'c [u8]>) -> Vec<Range<usize>> {
        self.pairs().within(codes)
    }

    /// How common a string seems by its rarest pair: see [`Pairs::commonness`].
    pub fn commonness(&self, code: &[u8]) -> usize {
        self.pairs().commonness(code)
    }

    fn pairs(&self) -> Pairs<'_> {
        Pairs::open(&self.bytes[self.layout.pairs.clone()], self.layout.text).expect("checked when it was opened")
    }

    /// The paragraphs that ascending passages are of, as stretches of [`text`](Self::text).
    pub fn paragraphs(&self, passages: impl Iterator<Item = u32>) -> Vec<Range<usize>> {
        let mut paragraphs: Vec<Range<usize>> = Vec::new();
        let mut next = 0;
        for passage in passages.filter(|&passage| passage < self.passages()) {
            if passage >= next {
                let paragraph = self.paragraph(passage);
                next = paragraph.end;
                let range = self.range(paragraph.start).start..self.range(paragraph.end - 1).end;
                // what does not ascend is damage
                if paragraphs.last().is_none_or(|last| last.end <= range.start) {
                    paragraphs.push(range);
                }
            }
        }
        paragraphs
    }

    /// The passages that stretches of whole paragraphs are of.
    pub fn passages_in(&self, stretches: &[Range<usize>]) -> impl Iterator<Item = u32> {
        let mut next = 0;
        let passages = stretches.iter().filter(|stretch| !stretch.is_empty()).flat_map(move |stretch| {
            let first = self.passage_at(stretch.start, next);
            next = self.passage_at(stretch.end - 1, first) + 1;
            first..next
        });
        // what lies behind the last passage is damage
        passages.take_while(|&passage| passage < self.passages())
    }

    /// The passage's role and what it opens, as one number.
    pub fn kind(&self, passage: u32) -> u8 {
        self.bytes[self.layout.kinds + passage as usize]
    }

    /// Where the row of a passage's group begins.
    fn group(&self, passage: u32) -> usize {
        self.layout.groups + passage as usize / GROUP * GROUP_ROW
    }

    fn end(&self, passage: u32) -> usize {
        let Layout { ends, width, .. } = self.layout;
        let at = ends + passage as usize * width;
        let end = match width {
            2 => u16::from_le_bytes([self.bytes[at], self.bytes[at + 1]]) as usize,
            _ => u32_at(&self.bytes, at) as usize,
        };
        u32_at(&self.bytes, self.group(passage)) as usize + end
    }

    /// Where the passage stands in [`text`](Self::text).
    pub fn range(&self, passage: u32) -> Range<usize> {
        let end = self.end(passage).min(self.layout.text);
        let start = match passage.checked_sub(1) {
            Some(before) => self.end(before),
            None => 0,
        };
        (start + self.opens_paragraph(passage) as usize).min(end)..end
    }

    /// How many bytes the passage takes in [`text`](Self::text), with the line feed before it if it opens a paragraph.
    pub fn code_len(&self, passage: u32) -> usize {
        self.end(passage).saturating_sub(passage.checked_sub(1).map_or(0, |before| self.end(before)))
    }

    /// How many characters the folded passage has.
    pub fn characters(&self, passage: u32) -> usize {
        code::characters(&self.text()[self.range(passage)])
    }

    /// How many all passages have, deleted ones included.
    pub fn all_characters(&self) -> u64 {
        self.layout.characters
    }

    /// The details of neighbouring passages. Cost: reads those of their groups up to the last.
    fn each_details(&self, passages: Range<u32>) -> impl Iterator<Item = Details<'_>> {
        let before = passages.start as usize % GROUP;
        let (mut bytes, mut details) = (&[][..], Details::default());
        let from_group = (passages.start - before as u32..passages.end).map(move |passage| {
            if (passage as usize).is_multiple_of(GROUP) {
                let start = u32_at(&self.bytes, self.group(passage) + 4) as usize;
                bytes = self.bytes[self.layout.text..self.layout.details].get(start..).unwrap_or_default();
                details = Details::default();
            }
            // there are always some; none are damage
            details = Details::take(&mut bytes, &details).unwrap_or_default();
            details
        });
        from_group.skip(before)
    }

    pub fn details(&self, passage: u32) -> Details<'_> {
        self.each_details(passage..passage + 1).next().unwrap_or_default()
    }

    /// Whether a paragraph begins with the passage.
    pub fn opens_paragraph(&self, passage: u32) -> bool {
        self.kind(passage) & OPENS_PARAGRAPH != 0
    }

    /// The passages of the paragraph that `passage` is of.
    pub fn paragraph(&self, passage: u32) -> Range<u32> {
        let start = (0..=passage).rev().find(|&p| self.opens_paragraph(p)).unwrap_or(0);
        let end = (passage + 1..self.passages()).find(|&p| self.opens_paragraph(p)).unwrap_or(self.passages());
        start..end
    }

    pub fn line(&self, passage: u32) -> u32 {
        self.details(passage).line
    }

    /// How many words each of neighbouring passages has.
    pub fn words(&self, passages: Range<u32>) -> impl Iterator<Item = u32> {
        self.each_details(passages).map(|details| details.words)
    }

    pub fn section(&self, passage: u32) -> Option<u32> {
        self.details(passage).section()
    }

    pub fn role(&self, passage: u32) -> Option<Role> {
        let role = self.kind(passage) & ROLE;
        Role::ALL.into_iter().find(|&known| known as u8 == role)
    }

    /// The passage that the byte `at` of the text belongs to; the search begins at `from`, which must not lie behind it.
    pub fn passage_at(&self, at: usize, from: u32) -> u32 {
        let last = self.passages().saturating_sub(1);
        if from >= last || self.end(from) > at {
            return from;
        }
        let group = self.group_at(at, from / GROUP as u32);
        let (first, end) = (group * GROUP as u32, last.min((group + 1) * GROUP as u32));
        (first.max(from + 1)..end).find(|&passage| self.end(passage) > at).unwrap_or(end)
    }

    /// The last group of passages whose text begins at a byte or before it, from one on of which that is known.
    fn group_at(&self, at: usize, from: u32) -> u32 {
        let start = |group: u32| u32_at(&self.bytes, self.layout.groups + group as usize * GROUP_ROW) as usize;
        let (begins, end) = (start(from), self.passages().div_ceil(GROUP as u32));
        // where it were if all were of one length, and from there in steps that double: few rows are touched
        let share = at.saturating_sub(begins) as u64 * (end - from) as u64
            / self.layout.text.saturating_sub(begins).max(1) as u64;
        let guess = from.saturating_add(share as u32).min(end - 1);
        let (mut low, mut high, mut step) = (from, end, 1);
        if start(guess) <= at {
            low = guess;
            while low + step < end && start(low + step) <= at {
                low += step;
                step *= 2;
            }
            high = high.min(low + step);
        } else {
            high = guess;
            while high - low > step && start(high - step) > at {
                high -= step;
                step *= 2;
            }
            low = low.max(high.saturating_sub(step));
        }
        // the group is in low..high
        while low + 1 < high {
            let middle = low + (high - low) / 2;
            if start(middle) <= at {
                low = middle;
            } else {
                high = middle;
            }
        }
        low
    }

    /// The folded text of a passage, with what restores its source.
    pub fn folded(&self, passage: u32) -> Result<Folded> {
        let damaged = || Error::corrupt(format_args!("the text of passage {passage} cannot be read"));
        let text = code::decode(&self.text()[self.range(passage)]).ok_or_else(damaged)?;
        let edits = edits::decode(self.details(passage).edits, &text).ok_or_else(damaged)?;
        Ok(Folded::new(text, edits))
    }

    /// The same of neighbouring passages of one paragraph.
    pub fn joined(&self, passages: Range<u32>) -> Result<Folded> {
        match passages.len() {
            1 => self.folded(passages.start),
            _ => Ok(Folded::joined(passages.map(|passage| self.folded(passage)).collect::<Result<_>>()?)),
        }
    }

    /// Has a passage of a document and what is kept of both fetched, as far as it lies within a few lines. Cost: a few reads.
    pub fn fetch(&self, passage: u32, document: u32) {
        fetch(&self.text()[self.range(passage)]);
        let details = &self.bytes[self.layout.text..self.layout.details];
        let start = u32_at(&self.bytes, self.group(passage) + 4) as usize;
        fetch(details.get(start..details.len().min(start + FETCHED)).unwrap_or_default());
        let record = self.record_bytes(document);
        fetch(&record[..record.len().min(FETCHED)]);
    }

    /// The source's own text of a passage.
    pub fn source(&self, passage: u32) -> Result<String> {
        Ok(self.folded(passage)?.restore())
    }

    fn document_row(&self, document: u32) -> &[u8] {
        let at = self.layout.documents + document as usize * DOCUMENT_ROW;
        &self.bytes[at..at + DOCUMENT_ROW]
    }

    fn first_passage(&self, document: u32) -> u32 {
        u32_at(self.document_row(document), 0)
    }

    /// The passages of a document.
    pub fn passages_of(&self, document: u32) -> Range<u32> {
        let next = document + 1;
        let end = if next < self.documents() { self.first_passage(next) } else { self.passages() };
        self.first_passage(document)..end
    }

    /// Passages, which ascend, document by document.
    pub fn by_document<'p>(&self, passages: &'p [u32]) -> impl Iterator<Item = (u32, &'p [u32])> {
        let (mut document, mut rest) = (0, passages);
        std::iter::from_fn(move || {
            document = self.document_behind(*rest.first()?, document);
            let end = self.passages_of(document).end;
            let (own, others) = rest.split_at(rest.partition_point(|&passage| passage < end));
            rest = others;
            Some((document, own))
        })
    }

    /// The documents that are not deleted, as the reader of the same segment has it, with their passages.
    pub fn living<'s>(&'s self, reader: &'s SegmentReader) -> impl Iterator<Item = (u32, Range<u32>)> {
        let all = (0..self.documents()).map(|document| (document, self.passages_of(document)));
        all.filter(|(_, passages)| !reader.is_deleted(passages.start))
    }

    /// See [`passage_id`].
    pub fn passage_id(&self, head: &Head<'_>, passage: u32) -> String {
        passage_id(head.id, passage.saturating_sub(self.passages_of(self.document_of(passage)).start))
    }

    /// The document that a passage is part of.
    pub fn document_of(&self, passage: u32) -> u32 {
        self.document_from(passage, 0, self.documents().saturating_sub(1))
    }

    /// The same for a passage behind another, whose document is known: quick when it is not far.
    pub fn document_behind(&self, passage: u32, known: u32) -> u32 {
        let (mut low, mut step, last) = (known, 1, self.documents().saturating_sub(1));
        while step < last - low && self.first_passage(low + step) <= passage {
            low += step;
            step *= 2;
        }
        self.document_from(passage, low, last.min(low + step))
    }

    /// The document of a passage, if it is one from `low` to `high`.
    fn document_from(&self, passage: u32, mut low: u32, mut high: u32) -> u32 {
        while low < high {
            let middle = low + (high - low).div_ceil(2);
            if self.first_passage(middle) <= passage {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        low
    }

    /// Where the document stands among equals; see [`Record::order`].
    pub fn order(&self, document: u32) -> u64 {
        u64_at(self.document_row(document), 12)
    }

    /// What the document was marked with when it was added.
    pub fn stamp(&self, document: u32) -> Result<&str> {
        let stamps = &self.bytes[self.layout.records..self.layout.stamps];
        let mut bytes = stamps.get(u32_at(self.document_row(document), 8) as usize..).unwrap_or_default();
        varint::take_text(&mut bytes).ok_or_else(|| self.damaged_record(document))
    }

    /// The description of a document as [`Record::encode`] made it.
    pub fn record_bytes(&self, document: u32) -> &[u8] {
        let end = |document: u32| u32_at(self.document_row(document), 4) as usize;
        let start = document.checked_sub(1).map_or(0, end);
        let part = &self.bytes[self.layout.details..self.layout.records];
        part.get(start..end(document)).unwrap_or_default()
    }

    /// Gives the passages of a document by their ordinals in it.
    fn passage_in(&self, document: u32) -> impl Fn(u32) -> Option<u32> + use<> {
        let passages = self.passages_of(document);
        move |ordinal| passages.start.checked_add(ordinal).filter(|passage| passages.contains(passage))
    }

    /// Gives their sources.
    fn sources(&self, document: u32) -> impl Fn(u32) -> Option<String> + '_ {
        let passage_in = self.passage_in(document);
        move |ordinal| self.source(passage_in(ordinal)?).ok()
    }

    /// What is known about a document. Cost: copies its description, and reads the headings of all its sections.
    pub fn record(&self, document: u32) -> Result<Record> {
        let record = Record::decode(self.record_bytes(document), self.sources(document));
        record.ok_or_else(|| self.damaged_record(document))
    }

    /// The headings above and including a section of `document`, given its head, as they stand in the text, outermost first; of
    /// those that stand in a passage, the `wanted` ones. Cost: a microsecond.
    pub fn headings(
        &self,
        document: u32,
        head: &Head<'_>,
        section: Option<u32>,
        wanted: impl Fn(u32) -> bool,
    ) -> Result<Vec<String>> {
        let passage_in = self.passage_in(document);
        // one that is not there is damage, which its source tells
        let wanted = |ordinal: u32| passage_in(ordinal).is_none_or(&wanted);
        let headings = head.headings(section, wanted, self.sources(document));
        headings.ok_or_else(|| self.damaged_record(document))
    }

    /// What filters ask about a document, read in place.
    pub fn head(&self, document: u32) -> Result<Head<'_>> {
        Head::decode(self.record_bytes(document)).ok_or_else(|| self.damaged_record(document))
    }

    fn damaged_record(&self, document: u32) -> Error {
        Error::corrupt(format_args!("the description of document {document} cannot be read"))
    }
}
