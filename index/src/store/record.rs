//! What is kept once for each document, and its form in the index, so that the descriptions of thousands of documents are
//! read in place and cost no memory. A heading stands in the text already: of it only the place is kept.
//!
//! | part | content |
//! |---|---|
//! | head | see [`Head`], in [postcard](https://postcard.jamesmunns.com)'s wire format |
//! | sections | their number, where the groups of them begin, then each: see [`write_section`] |
//! | evidence | see [`encode_evidence`], in postcard's wire format |
//!
//! Numbers of sections are [two in a byte](varint::push_two), but where a group of [`GROUP`] sections begins among all is a
//! u32, little-endian, and not told of the first; a string is its length and its bytes.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use crate::document::{Document, Heading, Level, Meta, Passage, Role, Section};
use crate::store::code;
use crate::store::varint;

/// The day of a document as a number, the later the larger; 0 if not even its year is known.
pub(crate) fn day(date: Option<&str>, year: Option<u16>) -> u32 {
    let digits: String = date.iter().flat_map(|date| date.chars()).filter(char::is_ascii_digit).collect();
    match digits.is_empty() {
        true => year.map_or(0, |year| year as u32 * 10_000),
        // of some only the month or the year is known
        false => format!("{digits:0<8}").parse().unwrap_or(0),
    }
}

/// FNV-1a, <http://www.isthe.com/chongo/tech/comp/fnv/>: any hash that never changes will do.
pub(crate) fn hash(id: &str) -> u32 {
    id.bytes().fold(0x811c_9dc5u32, |hash, byte| (hash ^ byte as u32).wrapping_mul(0x0100_0193))
}

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
    /// Its [`code`], half as long as the title; nothing if that is the source: see [`Head::title`].
    own_title: Option<&'a [u8]>,
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

    /// Nothing for damage.
    pub fn title(&self) -> String {
        match self.own_title {
            Some(title) => code::decode(title).unwrap_or_default(),
            None => self.source().to_string(),
        }
    }

    pub fn source(&self) -> &'a str {
        self.own_source.unwrap_or(self.id)
    }

    /// The headings above and including a section, outermost first, as they stand in the text; of those that stand in a
    /// passage, given by its ordinal, the `wanted` ones. `source` gives the source of a passage. `None` for damage.
    /// Cost: reads the places of at most [`GROUP`] headings for each.
    pub fn headings(
        &self,
        section: Option<u32>,
        wanted: impl Fn(u32) -> bool,
        mut source: impl FnMut(u32) -> Option<String>,
    ) -> Option<Vec<String>> {
        let mut sections = Sections::new(self.rest)?;
        let mut path = Vec::new();
        let mut next = section;
        while let Some(section) = next.and_then(|ordinal| sections.at(ordinal)) {
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
            title: self.title(),
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
        let title = code::encoded(&meta.title);
        let head = Head {
            id: &document.id,
            own_title: Some(title.as_slice()).filter(|_| meta.title != meta.source),
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
        let (mut sections, mut before, mut passage) = (Vec::new(), Before::default(), 0);
        for (ordinal, section) in (0..).zip(&document.sections) {
            if begins_group(ordinal) {
                bytes.extend((sections.len() as u32).to_le_bytes());
                before = Before::default();
            }
            passage = first_passage(&document.passages, passage, ordinal).unwrap_or(passage);
            write_section(&mut sections, section, ordinal, passage, document, &mut before);
        }
        bytes.append(&mut sections);
        encode_evidence(&meta.evidence, bytes)
    }

    /// Undoes [`encode`](Self::encode); `source` gives the source of a passage by its ordinal in the document. `None` if
    /// the bytes cannot be its work.
    pub fn decode(bytes: &[u8], mut source: impl FnMut(u32) -> Option<String>) -> Option<Self> {
        let head = Head::decode(bytes)?;
        head.own_title.map_or(Some(String::new()), code::decode)?;
        let mut read = Sections::new(head.rest)?;
        let mut sections = Vec::new();
        for section in read.by_ref() {
            sections.push(section.read(&mut source)?);
        }
        let evidence = decode_evidence(read.rest()?)?;
        let meta = Meta { evidence, ..head.meta() };
        Some(Record { id: head.id.to_string(), meta, sections })
    }

    /// Where a document stands among equals: the newest first, then by id.
    pub fn order(document: &Document) -> u64 {
        let date = day(document.meta.date.as_deref(), document.meta.year);
        (!date as u64) << 32 | hash(&document.id) as u64
    }
}

/// Appends the words that prove fields: each once, as their [`code`], with all fields that they prove.
fn encode_evidence(evidence: &BTreeMap<String, String>, bytes: Vec<u8>) -> Vec<u8> {
    let mut proved: BTreeMap<Vec<u8>, Vec<&str>> = BTreeMap::new();
    for (field, words) in evidence {
        proved.entry(code::encoded(words)).or_default().push(field);
    }
    postcard::to_extend(&proved, bytes).expect("plain data can be written")
}

fn decode_evidence(bytes: &[u8]) -> Option<BTreeMap<String, String>> {
    let proved: BTreeMap<&[u8], Vec<&str>> = postcard::from_bytes(bytes).ok()?;
    let mut evidence = BTreeMap::new();
    for (words, fields) in proved {
        let words = code::decode(words)?;
        evidence.extend(fields.into_iter().map(|field| (field.to_string(), words.clone())));
    }
    Some(evidence)
}

/// The first passage of a section, if there is one from `from` on.
fn first_passage(passages: &[Passage], from: usize, section: u32) -> Option<usize> {
    let behind = passages.get(from..)?.iter().position(|passage| passage.section >= Some(section))?;
    Some(from + behind)
}

/// So many sections are read one after the other until the wanted one is reached.
const GROUP: u32 = 8;

/// Whether a group other than the first begins with a section, whose numbers are then distances from 0.
fn begins_group(ordinal: u32) -> bool {
    ordinal > 0 && ordinal.is_multiple_of(GROUP)
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

/// Appends a section: what it has (u8), twice the level and 1 more if its heading is at the front, the distance back to the
/// parent (0 if there is none), and the distances of its line from that of the section before and of `passage` from that of the
/// last one that has its heading there.
///
/// The heading of most is then a place in the passage: in bytes of its source how long the mark and the title are. If
/// it is not at the front, where the mark begins and how far behind it the title does stand before these. Others have
/// mark and title as strings. At last the label, if there is one: how much of the mark stands before and behind it, or
/// a string.
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
    let is_at_front = place == Some((0, 0));
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
    bytes.push(has);
    let parent = section.parent.map_or(0, |parent| ordinal.wrapping_sub(parent));
    varint::push_two(bytes, [(*level as u32) << 1 | is_at_front as u32, parent]);
    let passage = if place.is_some() { passage as u32 } else { before.passage };
    varint::push_two(bytes, [section.line.wrapping_sub(before.line), passage.wrapping_sub(before.passage)]);
    *before = Before { line: section.line, passage };
    match place {
        Some((start, gap)) => {
            if !is_at_front {
                push_lengths(bytes, [start, gap]);
            }
            push_lengths(bytes, [mark.len(), title.len()]);
        }
        None => [mark, title].into_iter().for_each(|text| varint::push_text(bytes, text)),
    }
    match (label, in_mark) {
        (Some(label), Some(start)) => push_lengths(bytes, [start, mark.len() - start - label.len()]),
        (Some(label), None) => varint::push_text(bytes, label),
        (None, _) => {}
    }
}

fn push_lengths(bytes: &mut Vec<u8>, lengths: [usize; 2]) {
    varint::push_two(bytes, lengths.map(|length| length as u32));
}

fn take_lengths(bytes: &mut &[u8]) -> Option<[usize; 2]> {
    Some(varint::take_two(bytes)?.map(|length| length as usize))
}

/// Where `part` stands first in `text`: nearly always at its beginning.
fn find(text: &str, part: &str) -> Option<usize> {
    if text.starts_with(part) { Some(0) } else { text.find(part) }
}

/// Reads the places of a record's sections, one after the other or one of them.
struct Sections<'a> {
    /// Where each group but the first begins in what stands behind that, four bytes each.
    starts: &'a [u8],
    all: &'a [u8],
    /// What is still to be read.
    bytes: &'a [u8],
    count: u32,
    ordinal: u32,
    before: Before,
}

impl<'a> Sections<'a> {
    fn new(mut bytes: &'a [u8]) -> Option<Self> {
        let count = varint::take(&mut bytes)?;
        let groups = count.saturating_sub(1) / GROUP;
        let (starts, all) = bytes.split_at_checked(groups as usize * size_of::<u32>())?;
        Some(Sections { starts, all, bytes: all, count, ordinal: 0, before: Before::default() })
    }

    /// The one with this ordinal, if there is one.
    fn at(&mut self, ordinal: u32) -> Option<Place<'a>> {
        let group = ordinal / GROUP;
        let start = match group.checked_sub(1) {
            Some(before) => u32::from_le_bytes(*self.starts.as_chunks().0.get(before as usize)?),
            None => 0,
        };
        (self.bytes, self.ordinal, self.before) = (self.all.get(start as usize..)?, group * GROUP, Before::default());
        self.nth((ordinal % GROUP) as usize)
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
        if begins_group(self.ordinal) {
            self.before = Before::default();
        }
        let Sections { bytes, before, ordinal, .. } = self;
        let (&has, rest) = bytes.split_first()?;
        *bytes = rest;
        let [level, parent] = varint::take_two(bytes)?;
        let is_at_front = level & 1 == 1;
        let parent = (has & HAS_PARENT != 0).then(|| ordinal.wrapping_sub(parent));
        let [line, passage] = varint::take_two(bytes)?;
        *before = Before { line: before.line.wrapping_add(line), passage: before.passage.wrapping_add(passage) };
        let words = *bytes;
        // most are passed over on the way to another
        match has & IN_PASSAGE != 0 {
            true => (is_at_front as u8..2).try_for_each(|_| varint::take_two(bytes).map(drop))?,
            false => (0..2).try_for_each(|_| skip_text(bytes))?,
        }
        match (has & HAS_LABEL != 0, has & LABEL_IN_MARK != 0) {
            (false, _) => {}
            (true, true) => varint::take_two(bytes).map(drop)?,
            (true, false) => skip_text(bytes)?,
        }
        *ordinal += 1;
        let level = (level >> 1) as u8;
        Some(Place { has, level, is_at_front, line: before.line, passage: before.passage, parent, words })
    }
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
    is_at_front: bool,
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
                let [start, gap] = if self.is_at_front { [0, 0] } else { take_lengths(&mut bytes)? };
                let [mark, title] = take_lengths(&mut bytes)?;
                let mark = start..start + mark;
                let title = mark.end + gap..mark.end + gap + title;
                [source.get(mark)?.to_string(), source.get(title)?.to_string()]
            }
            None => [varint::take_text(&mut bytes)?.to_string(), varint::take_text(&mut bytes)?.to_string()],
        };
        let label = match (self.has & HAS_LABEL != 0, self.has & LABEL_IN_MARK != 0) {
            (false, _) => None,
            (true, true) => {
                let [before, behind] = take_lengths(&mut bytes)?;
                Some(mark.get(before..mark.len().checked_sub(behind)?)?.to_string())
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
            sections in proptest::collection::vec(section(), 0..30),
            texts in proptest::collection::vec(("[（一二）发展， ]{0,12}", proptest::option::of(0u32..30)), 0..9),
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
            prop_assert_eq!(head.title(), &*meta.title);
            prop_assert_eq!(head.source(), &*meta.source);
            prop_assert_eq!(&sections, &document.sections);
            for section in (0..31).map(Some).chain([None]) {
                let path = head.headings(section, |_| true, source);
                prop_assert_eq!(path, Some(crate::document::heading_path(&sections, section)));
            }
            prop_assert_eq!(Record::decode(&bytes[..cut.index(bytes.len())], source), None);
        }
    }
}
