//! Turns words with frequencies into the bytes of a table that `dictionary.rs` reads in place: a double array over the
//! characters of the words. [`compile`] is the entry point, called by `build.rs` for the embedded dictionary and at run
//! time when a user adds words. It knows nothing of cutting.
//!
//! # The table
//!
//! All numbers are little-endian. Characters are renumbered by how often they stand in text, from 3: 1 is any character that
//! is in no word. A *prefix* is a word or its beginning and has a node; the node of a single character stands at the
//! character's code, the one of a longer prefix at the base of the shorter prefix plus the code of its last character. A
//! single character has a base for each of four groups of what may follow it.
//!
//! | section | of | is |
//! |---|---|---|
//! | header | [`HEADER`] bytes | see [`HEADER`] |
//! | weights | f64 | logarithm of a frequency's share; 0 is no word and minus infinity; the commonest first |
//! | nodes | u64 | from the low end: rank of the word from 1 or 0 in 24 bits, place of its weight in 16, base in 24 or 0 |
//! | others | u32, u32 | character and code where the character is outside of [`IDEOGRAPHS`], sorted |
//! | labels | u16 | for each node, the code of the prefix's last character; 0 for a single character |
//! | directory | u32 | for each code, the bases of its four groups of pairs, see [`group`] |
//! | frequencies | u32 | for each weight, its frequency |
//! | codes | u16 | code of each character of [`IDEOGRAPHS`] |
//!
//! No two prefixes have the same base, so a label tells whether a node belongs to the prefix it was reached from. Labels are
//! apart from nodes because most of them are read only to find that no word goes on so, and 32 of them are in a line of
//! the cache.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::fmt;
use std::ops::RangeInclusive;

/// First bytes of a table. The digit counts the forms of it.
pub(crate) const MAGIC: [u8; 8] = *b"gmwords1";

/// Bytes of the header: magic, the sum of all frequencies as u64, then as u32 the lengths of weights, nodes, others and
/// directory, the number of words, and 0.
pub(crate) const HEADER: usize = 40;

/// The characters whose codes are in an array. Others are rare in text and worth a search.
pub(crate) const IDEOGRAPHS: RangeInclusive<char> = '\u{4e00}'..='\u{9fff}';

/// Number of characters in [`IDEOGRAPHS`].
pub(crate) const IDEOGRAPHS_LEN: usize = 0x9fff - 0x4e00 + 1;

/// Code of a character that is in no word.
pub(crate) const UNKNOWN: u16 = 1;

/// The lowest code of a character that is in a word. 0 is no code, so that it can be the label of what is not to be
/// reached; 2 is left to the reader, as a character that no word crosses.
pub(crate) const FIRST_CODE: usize = 3;

/// Number of groups that the characters behind a single character fall in, see [`group`].
pub(crate) const GROUPS: usize = 4;

/// The group of a character behind a single one. Thousands may follow one character; in one piece they would leave gaps
/// that nothing fits in, and the frequent ones would be far from each other.
#[inline]
pub(crate) fn group(code: u16) -> usize {
    usize::from(code >= 256) + usize::from(code >= 1024) + usize::from(code >= 4096)
}

/// What the bits of a node have room for.
const MOST_WORDS: usize = (1 << 24) - 1;
const MOST_WEIGHTS: usize = 1 << 16;
const HIGHEST_BASE: usize = (1 << 24) - 1;

/// The words have more than 65,532 different characters or 65,535 different frequencies, or there are more than
/// 16 million of them.
#[derive(Debug)]
pub(crate) struct TooLarge;

impl fmt::Display for TooLarge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the dictionary has too many words or characters for its table")
    }
}

impl std::error::Error for TooLarge {}

/// A word or the beginning of one. The first of all is the empty one.
struct Prefix {
    parent: u32,
    last: char,
    /// 0 where no word ends.
    frequency: u32,
    /// Rank of the word, from 1, or 0.
    id: u32,
    /// Sum of the frequencies of the words that begin so: how often the node will be read.
    heat: u64,
}

/// The table of `words`, which are in byte order without repetition, and each with a frequency of at least 1.
pub(crate) fn compile<W: AsRef<str>>(words: &[(W, u32)]) -> Result<Vec<u8>, TooLarge> {
    if words.len() > MOST_WORDS {
        return Err(TooLarge);
    }
    let total: u64 = words.iter().map(|&(_, frequency)| u64::from(frequency)).sum();
    let prefixes = prefixes(words);
    let codes = codes(&prefixes)?;
    let places = place(&prefixes, &codes)?;
    let (frequencies, weight_of) = weights(&prefixes);

    if frequencies.len() > MOST_WEIGHTS {
        return Err(TooLarge);
    }
    let mut nodes = vec![0u64; places.nodes_len];
    let mut labels = vec![0u16; places.nodes_len];
    for (at, prefix) in prefixes.iter().enumerate().skip(1) {
        let weight = if prefix.frequency == 0 { 0 } else { weight_of[&prefix.frequency] };
        let node = places.node[at] as usize;
        nodes[node] = u64::from(prefix.id) | u64::from(weight) << 24 | u64::from(places.base[at]) << 40;
        labels[node] = if prefix.parent == 0 { 0 } else { codes[prefix.last as usize] };
    }
    let others: Vec<(usize, u16)> = codes
        .iter()
        .enumerate()
        .filter(|&(c, &code)| code != 0 && !(*IDEOGRAPHS.start() as usize..=*IDEOGRAPHS.end() as usize).contains(&c))
        .map(|(c, &code)| (c, code))
        .collect();

    let mut table =
        Vec::with_capacity(HEADER + 12 * frequencies.len() + 10 * nodes.len() + 8 * others.len() + 2 * IDEOGRAPHS_LEN);
    table.extend(MAGIC);
    table.extend(total.to_le_bytes());
    for length in [frequencies.len(), nodes.len(), others.len(), places.directory.len(), words.len(), 0] {
        table.extend((length as u32).to_le_bytes());
    }
    for &frequency in &frequencies {
        // as jieba computes it, and rounds it; 0 gives minus infinity
        let weight = f64::from(frequency).ln() - (total as f64).ln();
        table.extend(weight.to_le_bytes());
    }
    for node in nodes {
        table.extend(node.to_le_bytes());
    }
    for (c, code) in others {
        table.extend((c as u32).to_le_bytes());
        table.extend(u32::from(code).to_le_bytes());
    }
    for label in labels {
        table.extend(label.to_le_bytes());
    }
    for base in &places.directory {
        table.extend(base.to_le_bytes());
    }
    for frequency in frequencies {
        table.extend(frequency.to_le_bytes());
    }
    for code in &codes[*IDEOGRAPHS.start() as usize..=*IDEOGRAPHS.end() as usize] {
        table.extend((*code).max(UNKNOWN).to_le_bytes());
    }
    Ok(table)
}

/// The prefixes of all words, each behind its parent.
fn prefixes<W: AsRef<str>>(words: &[(W, u32)]) -> Vec<Prefix> {
    let mut prefixes = Vec::with_capacity(words.len() + words.len() / 2 + 1);
    prefixes.push(Prefix { parent: 0, last: '\0', frequency: 0, id: 0, heat: 0 });
    // the prefixes of the word before, the longest last
    let mut path: Vec<u32> = Vec::new();
    for (rank, (word, frequency)) in words.iter().enumerate() {
        let frequency = (*frequency).max(1);
        let mut depth = 0;
        for c in word.as_ref().chars() {
            if path.get(depth).is_none_or(|&prefix| prefixes[prefix as usize].last != c) {
                path.truncate(depth);
                let parent = path.last().copied().unwrap_or(0);
                path.push(prefixes.len() as u32);
                prefixes.push(Prefix { parent, last: c, frequency: 0, id: 0, heat: 0 });
            }
            prefixes[path[depth] as usize].heat += u64::from(frequency);
            depth += 1;
        }
        path.truncate(depth);
        if let Some(&prefix) = path.last() {
            let prefix = &mut prefixes[prefix as usize];
            prefix.frequency = frequency;
            prefix.id = rank as u32 + 1;
        }
    }
    prefixes
}

/// The code of each character, by its number; 0 where it has none.
fn codes(prefixes: &[Prefix]) -> Result<Vec<u16>, TooLarge> {
    let mut heats = vec![0u64; char::MAX as usize + 1];
    for prefix in &prefixes[1..] {
        heats[prefix.last as usize] += prefix.heat;
    }
    let mut characters: Vec<u32> = (0..heats.len() as u32).filter(|&c| heats[c as usize] > 0).collect();
    characters.sort_by_key(|&c| Reverse(heats[c as usize]));
    let mut codes = vec![0; heats.len()];
    for (rank, &c) in characters.iter().enumerate() {
        codes[c as usize] = u16::try_from(rank + FIRST_CODE).map_err(|_| TooLarge)?;
    }
    Ok(codes)
}

/// Where the prefixes stand in the array.
struct Places {
    directory: Vec<u32>,
    base: Vec<u32>,
    node: Vec<u32>,
    nodes_len: usize,
}

/// Finds a place for each prefix, for those read often first: they then share few lines of the cache.
fn place(prefixes: &[Prefix], codes: &[u16]) -> Result<Places, TooLarge> {
    // the prefixes that follow each prefix: those of `parent` are at `starts[parent]..starts[parent + 1]`
    let mut starts = vec![0u32; prefixes.len() + 1];
    for prefix in &prefixes[1..] {
        starts[prefix.parent as usize + 1] += 1;
    }
    for at in 1..starts.len() {
        starts[at] += starts[at - 1];
    }
    let mut followers = vec![0u32; prefixes.len() - 1];
    let mut filled = starts.clone();
    for (at, prefix) in prefixes.iter().enumerate().skip(1) {
        let slot = &mut filled[prefix.parent as usize];
        followers[*slot as usize] = at as u32;
        *slot += 1;
    }
    let code = |prefix: u32| usize::from(codes[prefixes[prefix as usize].last as usize]);
    let mut families = Vec::new();
    for parent in 1..prefixes.len() {
        let own = starts[parent] as usize..starts[parent + 1] as usize;
        followers[own.clone()].sort_unstable_by_key(|&prefix| code(prefix));
        let is_single = prefixes[parent].parent == 0;
        let mut from = own.start;
        while from < own.end {
            let group = if is_single { group(code(followers[from]) as u16) } else { 0 };
            let mut heat = 0;
            let mut to = from;
            while to < own.end && (!is_single || self::group(code(followers[to]) as u16) == group) {
                heat += prefixes[followers[to] as usize].heat;
                to += 1;
            }
            families.push(Family {
                parent: parent as u32,
                group: group as u32,
                from: from as u32,
                to: to as u32,
                heat,
            });
            from = to;
        }
    }
    families.sort_by_key(|family| Reverse(family.heat));

    // single characters stand at their codes, and are not checked when read, so nothing may stand between them
    let singles = FIRST_CODE + codes.iter().filter(|&&code| code != 0).count();
    let mut places = Places {
        directory: vec![0; singles * GROUPS],
        base: vec![0; prefixes.len()],
        node: vec![0; prefixes.len()],
        nodes_len: 0,
    };
    for &prefix in &followers[starts[0] as usize..starts[1] as usize] {
        places.node[prefix as usize] = code(prefix) as u32;
    }
    let mut room = Room::new(singles);
    let mut own: Vec<usize> = Vec::new();
    for family in families {
        let followers = &followers[family.from as usize..family.to as usize];
        own.clear();
        for &prefix in followers {
            own.push(code(prefix));
        }
        let base = room.take(&own);
        if base > HIGHEST_BASE {
            return Err(TooLarge);
        }
        if prefixes[family.parent as usize].parent == 0 {
            places.directory[code(family.parent) * GROUPS + family.group as usize] = base as u32;
        } else {
            places.base[family.parent as usize] = base as u32;
        }
        for &prefix in followers {
            places.node[prefix as usize] = (base + code(prefix)) as u32;
        }
    }
    places.nodes_len = room.end;
    Ok(places)
}

/// The prefixes that follow one prefix, or, of those that follow a single character, one group.
struct Family {
    parent: u32,
    group: u32,
    /// Where they are in the list of followers.
    from: u32,
    to: u32,
    heat: u64,
}

/// When a family of prefixes is placed more than this many words of 64 bits behind where the search began, the search for
/// the next of that size begins later. More makes the table no smaller; less leaves gaps.
const FAR: usize = 64;

/// Which nodes and bases are taken, as bits, so that 64 bases are tried at once.
struct Room {
    nodes: Vec<u64>,
    bases: Vec<u64>,
    /// Where to begin for 1, 2, 3 to 4, 5 to 8 … followers: before it, such as these found no room.
    from: [usize; 17],
    /// Behind the last node taken.
    end: usize,
}

impl Room {
    fn new(taken: usize) -> Self {
        let mut room = Room { nodes: Vec::new(), bases: Vec::new(), from: [taken; 17], end: taken };
        for node in 0..taken {
            set(&mut room.nodes, node);
        }
        set(&mut room.bases, 0);
        room
    }

    /// Takes nodes at a new base plus each of `codes`, which are sorted, and gives the base.
    fn take(&mut self, codes: &[usize]) -> usize {
        let from = &mut self.from[codes.len().next_power_of_two().trailing_zeros() as usize];
        let mut base = from.saturating_sub(codes[0]);
        loop {
            let mut free = !window(&self.bases, base);
            for code in codes {
                free &= !window(&self.nodes, base + code);
                if free == 0 {
                    break;
                }
            }
            if free != 0 {
                // far away: the beginning is nearly full
                if base + codes[0] > *from + 64 * FAR {
                    *from = (*from + 64).max(base + codes[0] - 64 * FAR);
                }
                base += free.trailing_zeros() as usize;
                break;
            }
            base += 64;
        }
        set(&mut self.bases, base);
        for code in codes {
            set(&mut self.nodes, base + code);
        }
        self.end = self.end.max(base + codes[codes.len() - 1] + 1);
        base
    }
}

fn set(bits: &mut Vec<u64>, at: usize) {
    if bits.len() <= at / 64 {
        bits.resize(at / 64 + 1, 0);
    }
    bits[at / 64] |= 1 << (at % 64);
}

/// The 64 bits from `at` on.
fn window(bits: &[u64], at: usize) -> u64 {
    let low = bits.get(at / 64).copied().unwrap_or(0);
    let high = bits.get(at / 64 + 1).copied().unwrap_or(0);
    match at % 64 {
        0 => low,
        shift => low >> shift | high << (64 - shift),
    }
}

/// The different frequencies, 0 first and then by how often they will be read, and the place of each.
fn weights(prefixes: &[Prefix]) -> (Vec<u32>, BTreeMap<u32, u32>) {
    let mut heats = BTreeMap::new();
    for prefix in prefixes.iter().filter(|prefix| prefix.frequency > 0) {
        *heats.entry(prefix.frequency).or_insert(0u64) += u64::from(prefix.frequency);
    }
    let mut frequencies: Vec<u32> = heats.keys().copied().collect();
    frequencies.sort_by_key(|frequency| Reverse(heats[frequency]));
    frequencies.insert(0, 0);
    let places = frequencies.iter().enumerate().map(|(place, &frequency)| (frequency, place as u32)).collect();
    (frequencies, places)
}
