//! Reads the table that `table.rs` writes and cuts text into its words of Han: the likeliest sequence, and inside each word the
//! shorter ones that jieba's search mode adds. [`Dictionary`] opens a table without parsing it, [`Dictionary::cut`] is the
//! entry point. Which words there are and how likely they are is decided elsewhere; `added.rs` adds a user's.
//!
//! # How it is fast
//!
//! A whole passage is cut at once, its punctuation with it. Passes from the left decode the text and look up, without a
//! branch, which words of two and of three characters end at each character: each pass does little for a character, so that
//! the processor waits for the nodes of many at once. One pass from the right chooses the words and follows the table
//! further only where three characters begin a longer word. Nothing is allocated once [`Scratch`] has grown.

use std::borrow::Cow;
use std::fmt;
use std::hint::select_unpredictable;
use std::ops::Range;

use crate::words::table::{FIRST_CODE, GROUPS, HEADER, IDEOGRAPHS, IDEOGRAPHS_LEN, MAGIC, UNKNOWN, group};

/// The bytes of the embedded table begin where a line of the cache does, so that no node lies in two.
#[repr(align(64))]
struct Aligned<T: ?Sized>(T);

static EMBEDDED: &Aligned<[u8]> = &Aligned(*include_bytes!(concat!(env!("OUT_DIR"), "/words.table")));

/// Code of a character that jieba does not call Han, and of a break between two characters. No word crosses it, and the words
/// before it are chosen without regard to those behind it.
const WALL: u16 = 2;

const IDEOGRAPHS_START: usize = *IDEOGRAPHS.start() as usize;

/// Most characters of a word.
pub(crate) const LONGEST: usize = 255;

/// Places behind the last character, where nothing ends: looking ahead needs no check.
const BEHIND: usize = 3;

/// Words with their frequencies, in a table that is read where it lies. Cheap to open, free to share between threads.
pub(crate) struct Dictionary {
    table: Cow<'static, [u8]>,
    lengths: Lengths,
    /// Logarithm of the likelihood of a character that is no word, as if it stood once.
    unknown: f64,
}

/// The bytes are not a table of this version, or were changed.
#[derive(Debug)]
pub(crate) struct Damaged;

impl fmt::Display for Damaged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the table of words is damaged or of another version")
    }
}

impl std::error::Error for Damaged {}

/// Memory that [`Dictionary::cut`] uses and leaves for the next call: 48 bytes for each character of Han, and for each stretch of
/// others and each break, of the longest text so far. Holds nothing between calls.
#[derive(Default)]
pub(crate) struct Scratch {
    places: Vec<Place>,
}

/// What is known about one character of the text.
#[derive(Clone, Copy, Default)]
struct Place {
    /// The nodes of the two and of the three characters that end here, 0 where no word begins so.
    second_node: u64,
    third_node: u64,
    offset: u32,
    code: u16,
    best: Best,
}

/// The likeliest words from a character to the end.
#[derive(Clone, Copy, Default)]
struct Best {
    /// Logarithm of their likelihood.
    route: f64,
    /// Number of characters of the first of them, and its node or 0.
    length: u32,
    word: u64,
}

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
struct Table<'t> {
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

    /// Cuts the Han of a text. Tells of each word its bytes in `text`, its id, and whether it stands only inside the
    /// next longer one told; in the order of jieba's search mode: first the words of two characters inside a word, then
    /// those of three, then the word itself. Ids are ranks in byte order among all words of the dictionary, so that they
    /// are in order where the strings are. A single character that is no word has none.
    ///
    /// What jieba does not call Han is told as it stands, without id, and words end there; so they do at `breaks`, ascending
    /// offsets into the text. A text has less than 4 GB.
    pub fn cut(
        &self,
        text: &str,
        breaks: impl IntoIterator<Item = usize>,
        scratch: &mut Scratch,
        mut tell: impl FnMut(Range<usize>, Option<u32>, bool),
    ) {
        let table = self.table();
        let length = table.read(text, breaks.into_iter(), &mut scratch.places);
        let places = &mut scratch.places[..length + BEHIND];
        table.choose(places, self.unknown);
        let mut from = 0;
        while from < length {
            let place = &places[from];
            if place.code == WALL {
                let end = places[from + 1].offset;
                // between two characters it is only a break
                if place.offset < end {
                    tell(place.offset as usize..end as usize, None, false);
                }
                from += 1;
                continue;
            }
            let to = from + place.best.length as usize;
            if to > from + 2 {
                for three in places[from..to + 1].windows(3) {
                    if weight(three[1].second_node) != 0 {
                        tell(three[0].offset as usize..three[2].offset as usize, id(three[1].second_node), true);
                    }
                }
            }
            if to > from + 3 {
                for four in places[from..to + 1].windows(4) {
                    if weight(four[2].third_node) != 0 {
                        tell(four[0].offset as usize..four[3].offset as usize, id(four[2].third_node), true);
                    }
                }
            }
            tell(place.offset as usize..places[to].offset as usize, id(place.best.word), false);
            from = to;
        }
    }

    fn table(&self) -> Table<'_> {
        Table::split(&self.table, self.lengths).expect("checked when the table was opened")
    }
}

impl Default for Dictionary {
    fn default() -> Self {
        Dictionary::new()
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
    fn code_in_text(&self, c: char) -> u16 {
        match self.codes.get((c as usize).wrapping_sub(IDEOGRAPHS_START)) {
            Some(&code) => u16::from_le_bytes(code),
            None if is_han(c) => self.code(c),
            None => WALL,
        }
    }

    #[inline]
    fn node(&self, at: usize) -> u64 {
        self.nodes.get(at).map_or(0, |&node| u64::from_le_bytes(node))
    }

    /// The node behind `node`, which is not of a single character, for one more character, or 0.
    #[inline]
    fn step(&self, node: u64, code: u16) -> u64 {
        self.node_at((node >> 40) as usize + usize::from(code), code)
    }

    /// The node of two characters, or 0.
    #[inline]
    fn pair(&self, first: u16, code: u16) -> u64 {
        self.node_at(self.pair_place(first, code), code)
    }

    /// Where the node of two characters is, if there is one.
    #[inline]
    fn pair_place(&self, first: u16, code: u16) -> usize {
        let base = self.directory.get(usize::from(first) * GROUPS + group(code));
        base.map_or(0, |&base| u32::from_le_bytes(base)) as usize + usize::from(code)
    }

    /// Where there is no base, this leads to a single character, whose label is 0.
    #[inline]
    fn node_at(&self, at: usize, code: u16) -> u64 {
        let label = self.labels.get(at).map_or(0, |&label| u16::from_le_bytes(label));
        // 0 is the node of no word, and in the cache
        self.node(select_unpredictable(label == code, at, 0))
    }

    #[inline]
    fn weight(&self, node: u64) -> f64 {
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

    /// Decodes the text and looks up the words of up to three characters that end at each. Gives the number of
    /// places that it takes.
    fn read(&self, text: &str, mut breaks: impl Iterator<Item = usize>, places: &mut Vec<Place>) -> usize {
        grow(places, (text.len() / 3).min(1024) + BEHIND);
        let mut next_break = breaks.next().unwrap_or(usize::MAX);
        let (mut length, mut before) = (0, WALL);
        for (offset, c) in text.char_indices() {
            let is_break = offset >= next_break;
            if is_break {
                next_break = breaks.find(|&next| next > offset).unwrap_or(usize::MAX);
            }
            let code = self.code_in_text(c);
            // what is not Han takes one place, however long it is
            if code == WALL && before == WALL && !is_break && length > 0 {
                continue;
            }
            if length + 2 + BEHIND > places.len() {
                grow(places, 2 * length + 2 + BEHIND);
            }
            if is_break && code != WALL && before != WALL {
                (places[length].offset, places[length].code) = (offset as u32, WALL);
                length += 1;
            }
            (places[length].offset, places[length].code) = (offset as u32, code);
            length += 1;
            before = code;
        }
        let mut first = 0;
        for place in &mut places[..length] {
            place.second_node = self.pair_place(first, place.code) as u64;
            first = place.code;
        }
        for place in &mut places[..length] {
            place.second_node = self.node_at(place.second_node as usize, place.code);
        }
        let mut second = 0;
        for place in &mut places[..length] {
            place.third_node = self.step(second, place.code);
            second = place.second_node;
        }
        places[length..length + BEHIND].fill(Place { offset: text.len() as u32, ..Place::default() });
        length
    }

    /// Chooses the likeliest words, from the last one back. Of equals, the longer first word.
    fn choose(&self, places: &mut [Place], unknown: f64) {
        let none = f64::NEG_INFINITY;
        // the routes from one, two and three characters further on
        let (mut route_1, mut route_2, mut route_3) = (0.0, none, none);
        for from in (0..places.len() - BEHIND).rev() {
            let [place, next, after, behind @ ..] = &mut places[from..] else { break };
            let single = self.node(place.code.into());
            let mut best = Best { route: self.weight(single) + route_1, length: 1, word: single };
            best.or(self.weight(next.second_node) + route_2, 2, next.second_node);
            best.or(self.weight(after.third_node) + route_3, 3, after.third_node);
            if base(after.third_node) != 0 {
                self.choose_longer(behind, after.third_node, &mut best);
            }
            if best.route == none {
                let route = if place.code == WALL { 0.0 } else { unknown + route_1 };
                best = Best { route, length: 1, word: 0 };
            }
            place.best = best;
            (route_1, route_2, route_3) = (best.route, route_1, route_2);
        }
    }

    /// Goes on where three characters begin longer words. `behind` are the places of what follows.
    fn choose_longer(&self, behind: &[Place], mut node: u64, best: &mut Best) {
        for (length, pair) in (4..).zip(behind[..behind.len().saturating_sub(BEHIND - 1)].windows(2)) {
            node = self.step(node, pair[0].code);
            if weight(node) != 0 {
                best.or(self.weight(node) + pair[1].best.route, length, node);
            }
            if base(node) == 0 {
                break;
            }
        }
    }
}

impl Best {
    /// Takes the longer word if it is as good.
    #[inline]
    fn or(&mut self, route: f64, length: u32, word: u64) {
        let is_better = route >= self.route;
        self.route = if route > self.route { route } else { self.route };
        self.length = select_unpredictable(is_better, length, self.length);
        self.word = select_unpredictable(is_better, word, self.word);
    }
}

fn grow(places: &mut Vec<Place>, length: usize) {
    if places.len() < length {
        places.resize(length, Place::default());
    }
}

/// Where the longer prefixes of a node are, less the code of their last character; 0 where there are none.
#[inline]
fn base(node: u64) -> usize {
    (node >> 40) as usize
}

/// Place of the weight of a node's word; 0 where it is no word.
#[inline]
fn weight(node: u64) -> usize {
    usize::from((node >> 24) as u16)
}

/// Id of a node's word.
#[inline]
fn id(node: u64) -> Option<u32> {
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

#[cfg(test)]
#[path = "../../tests/dictionary/corpus.rs"]
mod corpus;
#[cfg(test)]
#[path = "../../tests/dictionary/damage.rs"]
mod damage;
#[cfg(test)]
#[path = "../../tests/dictionary/same_as_jieba.rs"]
mod same_as_jieba;
