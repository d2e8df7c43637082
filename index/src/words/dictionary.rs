//! Words and their frequencies, looked up in the table that `table.rs` writes. [`Dictionary`] opens a table without parsing it.
//! Which words there are and how likely they are is decided elsewhere; `added.rs` adds a user's.

use std::borrow::Cow;
use std::hint::select_unpredictable;

use crate::words::table::{FIRST_CODE, GROUPS, HEADER, IDEOGRAPHS, IDEOGRAPHS_LEN, MAGIC, UNKNOWN, group};

/// The bytes of the embedded table begin where a line of the cache does, so that no node lies in two.
#[repr(align(64))]
struct Aligned<T: ?Sized>(T);

static EMBEDDED: &Aligned<[u8]> = &Aligned(*include_bytes!(concat!(env!("OUT_DIR"), "/words.table")));

/// Code of a character that jieba does not call Han, and of a break between two characters. No word crosses it, and the words
/// before it are chosen without regard to those behind it.
pub(crate) const WALL: u16 = 2;

const IDEOGRAPHS_START: usize = *IDEOGRAPHS.start() as usize;

/// Most characters of a word.
pub(crate) const LONGEST: usize = 255;

/// Words with their frequencies, in a table that is read where it lies. Cheap to open, free to share between threads.
pub(crate) struct Dictionary {
    table: Cow<'static, [u8]>,
    lengths: Lengths,
    /// Logarithm of the likelihood of a character that is no word, as if it stood once.
    pub(crate) unknown: f64,
}

/// The bytes are not a table of this version, or were changed.
#[derive(Debug)]
pub(crate) struct Damaged;

/// Numbers of entries in the sections of a table, see `table.rs`.
#[derive(Clone, Copy)]
struct Lengths {
    weights: usize,
    nodes: usize,
    others: usize,
    directory: usize,
}

/// The sections of a table.
#[derive(Clone, Copy)]
pub(crate) struct Table<'t> {
    weights: &'t [[u8; 8]],
    nodes: &'t [[u8; 8]],
    labels: &'t [[u8; 2]],
    directory: &'t [[u8; 4]],
    others: &'t [[u8; 8]],
    frequencies: &'t [[u8; 4]],
    codes: &'t [[u8; 2]; IDEOGRAPHS_LEN],
}

impl Dictionary {
    /// The dictionary of jieba: 349,045 words, embedded in the program. Takes microseconds.
    pub fn new() -> Self {
        Dictionary::open(Cow::Borrowed(&EMBEDDED.0)).expect("the embedded table is the one that build.rs wrote")
    }

    /// A dictionary over a table in memory. The form of the table is checked, not every number in it: changed bytes give
    /// other words, never a panic.
    pub fn open(table: Cow<'static, [u8]>) -> Result<Self, Damaged> {
        let lengths = Lengths::of(&table).ok_or(Damaged)?;
        let mut dictionary = Dictionary { table, lengths, unknown: 0.0 };
        dictionary.unknown -= (dictionary.total() as f64).ln();
        let sections = dictionary.table();
        // `cut` relies on it: no word is certain, and where there is none there is no weight
        let none = f64::NEG_INFINITY;
        let weights = sections.weights.iter().map(|&bytes| f64::from_le_bytes(bytes));
        if !weights.enumerate().all(|(place, weight)| weight <= 0.0 && (weight == none) == (place == 0)) {
            return Err(Damaged);
        }
        if sections.nodes.iter().take(FIRST_CODE).any(|node| *node != [0; 8]) {
            return Err(Damaged);
        }
        Ok(dictionary)
    }

    /// The bytes of the table, for [`Dictionary::open`].
    #[cfg(test)]
    pub fn as_bytes(&self) -> &[u8] {
        &self.table
    }

    /// Number of words. Their ids are below.
    pub fn len(&self) -> usize {
        number(&self.table, 32).unwrap_or(0) as usize
    }

    /// How often `word` stood in the text that the dictionary was counted on, if it is a word.
    pub fn frequency(&self, word: &str) -> Option<u32> {
        self.table().frequency(word)
    }

    /// All words and their frequencies, in the order of their ids. They are put together from the table, which takes
    /// some hundredths of a second.
    pub fn words(&self) -> Vec<(String, u32)> {
        self.table().words()
    }

    /// Sum of the frequencies of all words.
    pub(crate) fn total(&self) -> u64 {
        self.table.get(8..16).and_then(|bytes| bytes.try_into().ok()).map_or(1, u64::from_le_bytes)
    }

    pub(crate) fn table(&self) -> Table<'_> {
        Table::split(&self.table, self.lengths).expect("checked when the table was opened")
    }
}

impl Lengths {
    fn of(table: &[u8]) -> Option<Self> {
        let lengths = Lengths {
            weights: number(table, 16)? as usize,
            nodes: number(table, 20)? as usize,
            others: number(table, 24)? as usize,
            directory: number(table, 28)? as usize,
        };
        // as u64, where they cannot be too large to multiply
        let bytes = [(12, lengths.weights), (10, lengths.nodes), (8, lengths.others), (4, lengths.directory)]
            .map(|(size, count)| size * count as u64);
        let bytes = (HEADER + 2 * IDEOGRAPHS_LEN) as u64 + bytes.iter().sum::<u64>();
        (table.starts_with(&MAGIC) && table.len() as u64 == bytes && lengths.nodes >= FIRST_CODE).then_some(lengths)
    }
}

fn number(table: &[u8], offset: usize) -> Option<u32> {
    Some(u32::from_le_bytes(table.get(offset..offset + 4)?.try_into().ok()?))
}

impl<'t> Table<'t> {
    fn split(table: &'t [u8], lengths: Lengths) -> Option<Self> {
        let (weights, rest) = table.get(HEADER..)?.split_at_checked(8 * lengths.weights)?;
        let (nodes, rest) = rest.split_at_checked(8 * lengths.nodes)?;
        let (others, rest) = rest.split_at_checked(8 * lengths.others)?;
        let (labels, rest) = rest.split_at_checked(2 * lengths.nodes)?;
        let (directory, rest) = rest.split_at_checked(4 * lengths.directory)?;
        let (frequencies, codes) = rest.split_at_checked(4 * lengths.weights)?;
        Some(Table {
            weights: weights.as_chunks().0,
            nodes: nodes.as_chunks().0,
            others: others.as_chunks().0,
            labels: labels.as_chunks().0,
            directory: directory.as_chunks().0,
            frequencies: frequencies.as_chunks().0,
            codes: codes.as_chunks().0.try_into().ok()?,
        })
    }

    /// Code of a character of a word, or [`UNKNOWN`].
    fn code(&self, c: char) -> u16 {
        if let Some(&code) = self.codes.get((c as usize).wrapping_sub(IDEOGRAPHS_START)) {
            return u16::from_le_bytes(code);
        }
        let other = |entry: &[u8; 8]| u32::from_le_bytes([entry[0], entry[1], entry[2], entry[3]]);
        match self.others.binary_search_by_key(&u32::from(c), other) {
            Ok(at) => u16::from_le_bytes([self.others[at][4], self.others[at][5]]),
            Err(_) => UNKNOWN,
        }
    }

    /// Code of a character of a text.
    #[inline]
    pub(crate) fn code_in_text(&self, c: char) -> u16 {
        match self.codes.get((c as usize).wrapping_sub(IDEOGRAPHS_START)) {
            Some(&code) => u16::from_le_bytes(code),
            None if is_han(c) => self.code(c),
            None => WALL,
        }
    }

    #[inline]
    pub(crate) fn node(&self, at: usize) -> u64 {
        self.nodes.get(at).map_or(0, |&node| u64::from_le_bytes(node))
    }

    /// The node behind `node`, which is not of a single character, for one more character, or 0.
    #[inline]
    pub(crate) fn step(&self, node: u64, code: u16) -> u64 {
        self.node_at((node >> 40) as usize + usize::from(code), code)
    }

    /// The node of two characters, or 0.
    #[inline]
    fn pair(&self, first: u16, code: u16) -> u64 {
        self.node_at(self.pair_place(first, code), code)
    }

    /// Where the node of two characters is, if there is one.
    #[inline]
    pub(crate) fn pair_place(&self, first: u16, code: u16) -> usize {
        let base = self.directory.get(usize::from(first) * GROUPS + group(code));
        base.map_or(0, |&base| u32::from_le_bytes(base)) as usize + usize::from(code)
    }

    /// Where there is no base, this leads to a single character, whose label is 0.
    #[inline]
    pub(crate) fn node_at(&self, at: usize, code: u16) -> u64 {
        let label = self.labels.get(at).map_or(0, |&label| u16::from_le_bytes(label));
        // 0 is the node of no word, and in the cache
        self.node(select_unpredictable(label == code, at, 0))
    }

    #[inline]
    pub(crate) fn weight(&self, node: u64) -> f64 {
        self.weights.get(weight(node)).map_or(f64::NEG_INFINITY, |&weight| f64::from_le_bytes(weight))
    }

    fn frequency(&self, word: &str) -> Option<u32> {
        let mut characters = word.chars();
        let first = self.code(characters.next()?);
        let mut node = match characters.next() {
            Some(second) => self.pair(first, self.code(second)),
            None => self.node(first.into()),
        };
        for c in characters {
            node = self.step(node, self.code(c));
        }
        self.frequency_of(node)
    }

    fn frequency_of(&self, node: u64) -> Option<u32> {
        let frequency = self.frequencies.get(weight(node)).map_or(0, |&frequency| u32::from_le_bytes(frequency));
        (weight(node) != 0).then_some(frequency)
    }

    /// All words, from the last character of each back to its first: a label tells how far before a node its base is, and
    /// a base is that of one prefix only.
    fn words(&self) -> Vec<(String, u32)> {
        let mut characters = vec!['\0'; self.directory.len() / GROUPS];
        let ideographs = IDEOGRAPHS.zip(self.codes.iter().map(|&code| u16::from_le_bytes(code)));
        let others = self.others.iter().filter_map(|&entry| {
            let [a, b, c, d, code @ ..] = entry;
            Some((char::from_u32(u32::from_le_bytes([a, b, c, d]))?, u32::from_le_bytes(code) as u16))
        });
        for (c, code) in ideographs.chain(others) {
            if let Some(slot) = characters.get_mut(usize::from(code)) {
                *slot = c;
            }
        }
        let mut owners = vec![0; self.nodes.len()];
        let pairs =
            self.directory.iter().enumerate().map(|(at, &base)| (at / GROUPS, u32::from_le_bytes(base) as usize));
        let longer = self.nodes.iter().enumerate().map(|(at, &node)| (at, base(u64::from_le_bytes(node))));
        for (at, base) in pairs.chain(longer) {
            if let Some(owner) = owners.get_mut(base) {
                *owner = at;
            }
        }
        let nodes = self.nodes.iter().map(|&node| u64::from_le_bytes(node)).enumerate();
        let mut ends: Vec<(usize, u64)> = nodes.filter(|&(_, node)| weight(node) != 0).collect();
        ends.sort_unstable_by_key(|&(_, node)| id(node));
        let mut words = Vec::with_capacity(ends.len());
        let mut backwards: Vec<char> = Vec::new();
        for (end, node) in ends {
            let Some(frequency) = self.frequency_of(node) else { continue };
            backwards.clear();
            let mut at = end;
            // the bound is for damaged tables, where it could go round
            for _ in 1..LONGEST {
                if at < characters.len() {
                    break;
                }
                let label = usize::from(u16::from_le_bytes(self.labels[at]));
                backwards.extend(characters.get(label));
                at = at.checked_sub(label).map_or(0, |base| owners[base]);
            }
            backwards.extend(characters.get(at));
            words.push((backwards.iter().rev().collect::<String>(), frequency));
        }
        words
    }
}

/// Where the longer prefixes of a node are, less the code of their last character; 0 where there are none.
#[inline]
pub(crate) fn base(node: u64) -> usize {
    (node >> 40) as usize
}

/// Place of the weight of a node's word; 0 where it is no word.
#[inline]
pub(crate) fn weight(node: u64) -> usize {
    usize::from((node >> 24) as u16)
}

/// Id of a node's word.
#[inline]
pub(crate) fn id(node: u64) -> Option<u32> {
    (node as u32 & 0xff_ffff).checked_sub(1)
}

/// Whether jieba calls `c` Han. It does not know the extensions of Unicode 13 and later, nor 〇.
pub(crate) fn is_han(c: char) -> bool {
    matches!(c,
        '\u{3400}'..='\u{4dbf}'
        | '\u{4e00}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{2a6df}'
        | '\u{2a700}'..='\u{2b73f}'
        | '\u{2b740}'..='\u{2b81f}'
        | '\u{2b820}'..='\u{2ceaf}'
        | '\u{2ceb0}'..='\u{2ebef}'
        | '\u{2f800}'..='\u{2fa1f}'
    )
}
