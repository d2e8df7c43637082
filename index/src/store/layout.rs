//! The file `<segment>.text`, in which a segment keeps its passages. Its parts, in this order:
//!
//! | part | content |
//! |---|---|
//! | text | the [`code`](super::code) of the folded passages in document order; a line feed before each that opens a paragraph, nowhere else |
//! | details | for each passage its numbers and what restores its source, see [`Details`](super::details::Details) |
//! | records | for each document its description, see [`Record`](super::record::Record) |
//! | stamps | each stamp that documents have, once: its length (LEB128) and its bytes |
//! | groups | for each [`GROUP`] passages where their text and their details begin (u32 each) |
//! | ends | for each passage where its text ends behind the group's beginning (u16, or u32 if some is too long for that) |
//! | kinds | for each passage its role and what it opens (u8) |
//! | documents | for each its first passage, where its record ends, where its stamp is (u32 each), and its order (u64) |
//! | pairs | the filter of the text, see [`pairs`](super::pairs); nothing for a short text |
//! | footer | lengths of text, details, records, stamps and pairs, characters of all passages (u64 each), passages, documents, bytes of an end (u32 each) |
//!
//! Numbers are little-endian. No part is larger than 4 GB. Passages of a document are neighbours: they are added to one
//! segment in one go and deleted together.

use std::ops::Range;

use crate::store::pairs::Pairs;

/// How the names of the files end.
pub(crate) const EXTENSION: &str = "text";
pub(crate) const DOCUMENT_ROW: usize = 20;
pub(crate) const GROUP_ROW: usize = 8;
const FOOTER: usize = 6 * 8 + 3 * 4;

/// The details of so many passages are read one after the other until the wanted ones are reached.
pub(crate) const GROUP: usize = 16;

/// The kind of a passage: its role, and what it opens.
pub(crate) const ROLE: u8 = 0x0f;
pub(crate) const OPENS_PARAGRAPH: u8 = 0x10;
pub(crate) const OPENS_DOCUMENT: u8 = 0x20;

pub(crate) fn u32_at(bytes: &[u8], at: usize) -> u32 {
    u32::from_le_bytes(bytes[at..at + 4].try_into().expect("four bytes"))
}

pub(crate) fn u64_at(bytes: &[u8], at: usize) -> u64 {
    u64::from_le_bytes(bytes[at..at + 8].try_into().expect("eight bytes"))
}

/// Where the parts of a file lie, in bytes from its beginning.
pub(crate) struct Layout {
    /// Where each part before the tables ends.
    pub text: usize,
    pub details: usize,
    pub records: usize,
    pub stamps: usize,
    /// Where the tables of passages begin, and how many bytes an end has.
    pub groups: usize,
    pub ends: usize,
    pub width: usize,
    pub kinds: usize,
    /// How many passages there are.
    pub passages: u32,
    /// Where the table of documents begins, and how many there are.
    pub documents: usize,
    pub document_count: u32,
    pub pairs: Range<usize>,
    /// Characters of all passages.
    pub characters: u64,
}

impl Layout {
    /// The layout of a file that is to have so many passages. Fails with what is wrong where the parts do not fit the
    /// file, or the filter or the table of documents cannot be read.
    pub fn read(bytes: &[u8], passages: u32) -> Result<Layout, &'static str> {
        let body = bytes.len().checked_sub(FOOTER).ok_or("it is cut short")?;
        let footer = &bytes[body..];
        let parts = [0, 8, 16, 24, 32].map(|at| u64_at(footer, at));
        let [own_passages, document_count, width] = [48, 52, 56].map(|at| u32_at(footer, at));
        let groups = (own_passages as u64).div_ceil(GROUP as u64) * GROUP_ROW as u64;
        let rows = own_passages as u64 * (width as u64 + 1) + document_count as u64 * DOCUMENT_ROW as u64;
        let sum = parts.iter().try_fold(groups + rows, |sum, &part| sum.checked_add(part));
        if sum != Some(body as u64) || own_passages != passages || ![2, 4].contains(&width) {
            return Err("its parts do not add up");
        }
        let [text, details, records, stamps, pairs] = parts.map(|part| part as usize);
        let (details, records, stamps) = (text + details, text + details + records, text + details + records + stamps);
        let ends = stamps + groups as usize;
        let kinds = ends + passages as usize * width as usize;
        let documents = kinds + passages as usize;
        let pairs = body - pairs..body;
        if Pairs::open(&bytes[pairs.clone()], text).is_none() {
            return Err("its filter is damaged");
        }
        if !is_in_order(&bytes[documents..], document_count, passages) {
            return Err("its table of documents is damaged");
        }
        Ok(Layout {
            text,
            details,
            records,
            stamps,
            groups: stamps,
            ends,
            width: width as usize,
            kinds,
            passages,
            documents,
            document_count,
            pairs,
            characters: u64_at(footer, 40),
        })
    }
}

/// Whether the first document of a table begins with the first passage and each other one behind the one before it, as all that
/// read the table take for granted.
fn is_in_order(table: &[u8], documents: u32, passages: u32) -> bool {
    let mut least = 0;
    let mut rows = table.chunks_exact(DOCUMENT_ROW).take(documents as usize).map(|row| u32_at(row, 0));
    rows.next().is_none_or(|first| first == 0)
        && rows.all(|start| start > std::mem::replace(&mut least, start))
        && if documents == 0 { passages == 0 } else { least < passages }
}
