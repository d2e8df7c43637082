//! What is kept once for each document, and its form in the index, so that the descriptions of thousands of documents are
//! read in place and cost no memory. A heading stands in the text already: of it only the place is kept.
//!
//! | part | content |
//! |---|---|
//! | head | see [`Head`], in [postcard](https://postcard.jamesmunns.com)'s wire format |
//! | sections | their number, then each: see [`write_section`] |
//! | evidence | in postcard's wire format |
//!
//! Numbers of sections are LEB128; a string is its length and its bytes.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::document::{Document, Heading, Level, Meta, Passage, Role, Section};
use crate::varint;

/// A document without its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Record {
    pub id: String,
    pub meta: Meta,
    pub sections: Vec<Section>,
}

/// The part of a record that filters read: everything but the evidence and the sections.
#[derive(Serialize, Deserialize)]
pub(crate) struct Head<'a> {
    pub id: &'a str,
    /// Nothing if it is the source: see [`Head::title`].
    own_title: Option<&'a str>,
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
    /// Nothing if it is the id: see [`Head::source`].
    own_source: Option<&'a str>,
    /// What is written behind it: sections and evidence.
    #[serde(skip)]
    rest: &'a [u8],
}

impl<'a> Head<'a> {
    /// Reads the head of what [`Record::encode`] wrote; `None` if it is not that.
    pub fn decode(bytes: &'a [u8]) -> Option<Self> {
        let (head, rest) = postcard::take_from_bytes(bytes).ok()?;
        Some(Head { rest, ..head })
    }

    pub fn title(&self) -> &'a str {
        self.own_title.unwrap_or(self.source())
    }

    pub fn source(&self) -> &'a str {
        self.own_source.unwrap_or(self.id)
    }

    /// The headings above and including a section, outermost first, as they stand in the text; of those that stand in a passage,
    /// given by its ordinal, the `wanted` ones. `source` gives the source of a passage. `None` for damage. Cost: reads the places of
    /// the headings before it.
    pub fn headings(
        &self,
        section: Option<u32>,
        wanted: impl Fn(u32) -> bool,
        mut source: impl FnMut(u32) -> Option<String>,
    ) -> Option<Vec<String>> {
        let Some(section) = section else { return Some(Vec::new()) };
        let mut read = Sections::new(self.rest)?;
        // each has some bytes; more than there are is damage
        let mut sections = Vec::with_capacity(self.rest.len().min(section as usize + 1));
        while sections.len() <= section as usize
            && let Some(section) = read.next()
        {
            sections.push(section);
        }
        let mut path = Vec::new();
        let mut next = Some(section);
        while let Some(section) = next.and_then(|ordinal| sections.get(ordinal as usize)) {
            if section.passage().is_none_or(&wanted) {
                path.push(section.heading(&mut source)?.to_string());
            }
            // a parent stands before its child; anything else is damage and ends the walk
            next = section.parent.filter(|&parent| Some(parent) < next);
        }
        path.reverse();
        Some(path)
    }

    /// As a caller gets it, without evidence.
    pub fn meta(&self) -> Meta {
        let owned = |text: Option<&str>| text.map(str::to_string);
        Meta {
            title: self.title().to_string(),
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
            source: self.source().to_string(),
            evidence: BTreeMap::new(),
        }
    }
}

impl Record {
    /// The description of `document` as bytes.
    pub fn encode(document: &Document) -> Vec<u8> {
        let meta = &document.meta;
        let head = Head {
            id: &document.id,
            own_title: Some(meta.title.as_str()).filter(|title| *title != meta.source),
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
            own_source: Some(meta.source.as_str()).filter(|source| *source != document.id),
            rest: &[],
        };
        let mut bytes = postcard::to_allocvec(&head).expect("plain data can be written");
        varint::push(&mut bytes, document.sections.len() as u32);
        let mut before = Before::default();
        let mut passage = 0;
        for (ordinal, section) in (0..).zip(&document.sections) {
            passage = first_passage(&document.passages, passage, ordinal).unwrap_or(passage);
            write_section(&mut bytes, section, ordinal, passage, document, &mut before);
        }
        postcard::to_extend(&meta.evidence, bytes).expect("plain data can be written")
    }

    /// Undoes [`encode`](Self::encode); `source` gives the source of a passage by its ordinal in the document. `None` if
    /// the bytes cannot be its work.
    pub fn decode(bytes: &[u8], mut source: impl FnMut(u32) -> Option<String>) -> Option<Self> {
        let head = Head::decode(bytes)?;
        let mut read = Sections::new(head.rest)?;
        let mut sections = Vec::new();
        for section in read.by_ref() {
            sections.push(section.read(&mut source)?);
        }
        let evidence = postcard::from_bytes(read.rest()?).ok()?;
        let meta = Meta { evidence, ..head.meta() };
        Some(Record { id: head.id.to_string(), meta, sections })
    }

    /// Where a document stands among equals: the newest first, then by id.
    pub fn order(document: &Document) -> u64 {
        let date: String =
            document.meta.date.iter().flat_map(|date| date.chars()).filter(char::is_ascii_digit).collect();
        let date: u32 = date.parse().unwrap_or_else(|_| document.meta.year.map_or(0, |year| year as u32 * 10_000));
        // FNV-1a, http://www.isthe.com/chongo/tech/comp/fnv/: any hash that never changes will do
        let hash =
            document.id.bytes().fold(0x811c_9dc5u32, |hash, byte| (hash ^ byte as u32).wrapping_mul(0x0100_0193));
        (!date as u64) << 32 | hash as u64
    }
}

/// The first passage of a section, if there is one from `from` on.
fn first_passage(passages: &[Passage], from: usize, section: u32) -> Option<usize> {
    let behind = passages.get(from..)?.iter().position(|passage| passage.section >= Some(section))?;
    Some(from + behind)
}

/// What the numbers of a section are distances from.
#[derive(Clone, Copy, Default)]
struct Before {
    line: u32,
    passage: u32,
}

/// The low bits of the first byte of a section; the role stands above them.
const IN_PASSAGE: u8 = 1;
const HAS_PARENT: u8 = 2;
const HAS_LABEL: u8 = 4;
const LABEL_IN_MARK: u8 = 8;
const ROLE: u32 = 4;

/// Appends a section: what it has (u8), the level (u8), the line's distance from that of the section before, and the
/// distance back to the parent if there is one.
///
/// The heading of most is then a place in `passage`: the passage's distance from that of the last such section, and in
/// bytes of the passage's source where the mark begins, how long it is, how far behind it the title begins, and how long
/// that is. Others have mark and title as strings. At last the label, if there is one: where it begins in the mark and
/// how long it is, or a string.
fn write_section(
    bytes: &mut Vec<u8>,
    section: &Section,
    ordinal: u32,
    passage: usize,
    document: &Document,
    before: &mut Before,
) {
    let Heading { level, label, mark, title } = &section.heading;
    let place = document.passages.get(passage).and_then(|passage| {
        let source = document.text.get(passage.range.clone())?;
        let start = find(source, if mark.is_empty() { title } else { mark })?;
        Some((start, find(&source[start + mark.len()..], title)?))
    });
    let in_mark = label.as_ref().and_then(|label| mark.find(label.as_str()));
    let mut has = section.role.map_or(0, |role| role as u8) << ROLE;
    for (flag, is_so) in [
        (IN_PASSAGE, place.is_some()),
        (HAS_PARENT, section.parent.is_some()),
        (HAS_LABEL, label.is_some()),
        (LABEL_IN_MARK, in_mark.is_some()),
    ] {
        has |= if is_so { flag } else { 0 };
    }
    bytes.extend([has, *level]);
    varint::push(bytes, section.line.wrapping_sub(before.line));
    before.line = section.line;
    if let Some(parent) = section.parent {
        varint::push(bytes, ordinal.wrapping_sub(parent));
    }
    match place {
        Some((start, gap)) => {
            let distance = (passage as u32).wrapping_sub(before.passage);
            before.passage = passage as u32;
            for number in [distance, start as u32, mark.len() as u32, gap as u32, title.len() as u32] {
                varint::push(bytes, number);
            }
        }
        None => [mark, title].into_iter().for_each(|text| varint::push_text(bytes, text)),
    }
    match (label, in_mark) {
        (Some(label), Some(start)) => [start, label.len()].iter().for_each(|&n| varint::push(bytes, n as u32)),
        (Some(label), None) => varint::push_text(bytes, label),
        (None, _) => {}
    }
}

/// Where `part` stands first in `text`: nearly always at its beginning.
fn find(text: &str, part: &str) -> Option<usize> {
    if text.starts_with(part) { Some(0) } else { text.find(part) }
}

/// Reads the places of a record's sections one after the other.
struct Sections<'a> {
    bytes: &'a [u8],
    count: u32,
    ordinal: u32,
    before: Before,
}

impl<'a> Sections<'a> {
    fn new(mut bytes: &'a [u8]) -> Option<Self> {
        let count = varint::take(&mut bytes)?;
        Some(Sections { bytes, count, ordinal: 0, before: Before::default() })
    }

    /// What stands behind the sections; `None` if not all of them could be read.
    fn rest(self) -> Option<&'a [u8]> {
        (self.ordinal == self.count).then_some(self.bytes)
    }
}

impl<'a> Iterator for Sections<'a> {
    type Item = Place<'a>;

    #[inline]
    fn next(&mut self) -> Option<Place<'a>> {
        if self.ordinal == self.count {
            return None;
        }
        let Sections { bytes, before, ordinal, .. } = self;
        let (&[has, level], rest) = bytes.split_first_chunk()?;
        *bytes = rest;
        before.line = before.line.wrapping_add(varint::take(bytes)?);
        let parent = match has & HAS_PARENT != 0 {
            true => Some(ordinal.wrapping_sub(varint::take(bytes)?)),
            false => None,
        };
        if has & IN_PASSAGE != 0 {
            before.passage = before.passage.wrapping_add(varint::take(bytes)?);
        }
        let words = *bytes;
        // most are passed over on the way to another
        match has & IN_PASSAGE != 0 {
            true => skip(bytes, 4)?,
            false => (0..2).try_for_each(|_| skip_text(bytes))?,
        }
        match (has & HAS_LABEL != 0, has & LABEL_IN_MARK != 0) {
            (false, _) => {}
            (true, true) => skip(bytes, 2)?,
            (true, false) => skip_text(bytes)?,
        }
        *ordinal += 1;
        Some(Place { has, level, line: before.line, passage: before.passage, parent, words })
    }
}

fn skip(bytes: &mut &[u8], numbers: usize) -> Option<()> {
    (0..numbers).try_for_each(|_| varint::take(bytes).map(drop))
}

fn skip_text(bytes: &mut &[u8]) -> Option<()> {
    let length = varint::take(bytes)?;
    *bytes = bytes.get(length as usize..)?;
    Some(())
}

/// A section whose heading has yet to be read.
struct Place<'a> {
    has: u8,
    level: u8,
    line: u32,
    /// Of the last section that stands in one.
    passage: u32,
    parent: Option<u32>,
    /// Where the heading stands in the passage, or its text; and its label.
    words: &'a [u8],
}

impl Place<'_> {
    /// The passage that the heading stands in.
    fn passage(&self) -> Option<u32> {
        (self.has & IN_PASSAGE != 0).then_some(self.passage)
    }

    fn heading(&self, source: &mut impl FnMut(u32) -> Option<String>) -> Option<Heading> {
        let mut bytes = self.words;
        let [mark, title] = match self.passage() {
            Some(passage) => {
                let source = source(passage)?;
                let mut at = 0usize;
                let mut stretch = || {
                    let start = at + varint::take(&mut bytes)? as usize;
                    at = start + varint::take(&mut bytes)? as usize;
                    Some(source.get(start..at)?.to_string())
                };
                [stretch()?, stretch()?]
            }
            None => [varint::take_text(&mut bytes)?.to_string(), varint::take_text(&mut bytes)?.to_string()],
        };
        let label = match (self.has & HAS_LABEL != 0, self.has & LABEL_IN_MARK != 0) {
            (false, _) => None,
            (true, true) => {
                let start = varint::take(&mut bytes)? as usize;
                Some(mark.get(start..start + varint::take(&mut bytes)? as usize)?.to_string())
            }
            (true, false) => Some(varint::take_text(&mut bytes)?.to_string()),
        };
        Some(Heading { level: self.level, label, mark, title })
    }

    fn read(&self, source: &mut impl FnMut(u32) -> Option<String>) -> Option<Section> {
        let role = Role::ALL.into_iter().find(|&role| role as u8 == self.has >> ROLE);
        Some(Section { heading: self.heading(source)?, role, line: self.line, parent: self.parent })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn section() -> impl Strategy<Value = Section> {
        let heading = (any::<u8>(), proptest::option::of("[一二]{0,2}"), "[（一二）]{0,3}", "[发展，一]{0,3}");
        let role = proptest::option::of(proptest::sample::select(Role::ALL.to_vec()));
        (heading, role, any::<u32>(), proptest::option::of(any::<u32>())).prop_map(|(heading, role, line, parent)| {
            let (level, label, mark, title) = heading;
            Section { heading: Heading { level, label, mark, title }, role, line, parent }
        })
    }

    proptest! {
        /// Whatever the sections say about the text, they come back.
        #[test]
        fn descriptions_come_back(
            sections in proptest::collection::vec(section(), 0..12),
            texts in proptest::collection::vec(("[（一二）发展， ]{0,12}", proptest::option::of(0u32..12)), 0..9),
            (title, source) in ("[甲乙]{0,1}", "[甲乙]{0,1}"),
            evidence in proptest::collection::btree_map("[a-c]", "[年月]{0,3}", 0..3),
            cut in any::<proptest::sample::Index>(),
        ) {
            let mut document = Document {
                id: "甲".to_string(),
                meta: Meta { title, source, evidence, ..Meta::default() },
                text: String::new(),
                sections,
                passages: Vec::new(),
                stamp: String::new(),
            };
            for (text, section) in texts {
                let start = document.text.len();
                document.text.push_str(&text);
                let range = start..document.text.len();
                document.passages.push(Passage { range, opens_paragraph: true, section, role: None, line: 1 });
            }
            let source = |passage: u32| {
                let passage = document.passages.get(passage as usize)?;
                Some(document.text[passage.range.clone()].to_string())
            };
            let bytes = Record::encode(&document);
            let Record { id, meta, sections } = Record::decode(&bytes, source).unwrap();
            prop_assert_eq!((&id, &meta), (&document.id, &document.meta));
            let head = Head::decode(&bytes).unwrap();
            prop_assert_eq!((head.title(), head.source()), (meta.title.as_str(), meta.source.as_str()));
            prop_assert_eq!(&sections, &document.sections);
            for section in (0..13).map(Some).chain([None]) {
                let path = head.headings(section, |_| true, source);
                prop_assert_eq!(path, Some(crate::document::heading_path(&sections, section)));
            }
            prop_assert_eq!(Record::decode(&bytes[..cut.index(bytes.len())], source), None);
        }
    }
}
