//! Where in a long text a string can stand at all: a filter over pairs of neighbouring characters, so that a search
//! reads a few blocks and not the whole text. It never decides what is found. What it lets pass is compared with the text,
//! so pairs that share a bucket cost time and no truth.
//!
//! The text is divided into blocks of whole paragraphs. For each bucket of pairs the filter holds the blocks in which one of
//! them stands. The few pairs that stand almost everywhere would let every block pass; of these it holds the passages
//! and how often the pair begins in each, which is the answer itself when a query is just such a pair.
//!
//! | part | content |
//! |---|---|
//! | head | blocks, bits of a bucket's number, frequent pairs, bytes of the blocks' lists (u32 each) |
//! | blocks | where each begins in the text (u64) |
//! | buckets | where the list of each ends among the lists (u32) |
//! | frequent | the two characters, where the pair's list ends among the frequent lists (u32 each), by characters |
//! | lists | for each bucket its blocks, ascending: distances (LEB128) |
//! | frequent lists | for each pair its passages, ascending: distance, then count (LEB128) |

use std::ops::Range;

use crate::varint::Varint;

/// Texts of fewer bytes have no filter. At 6 MB it cuts a query from 0.3 to 0.1 ms and makes the index a quarter larger; a
/// question asks for the rarity of each of its pairs besides, which a filter answers in a tenth of the time from 1 MB on.
pub(crate) const SMALLEST: usize = 1 << 20;

/// A block has at least so many bytes. Half of it makes the lists half as long again, for little less to read.
const BLOCK: usize = 2048;

/// A pair is frequent when it stands in more than one passage of so many.
const FREQUENT: usize = 32;

const HEAD: usize = 16;
const FREQUENT_ROW: usize = 12;

/// Where a string can stand.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Candidates {
    /// Only in these stretches of the text, ascending. They begin and end with paragraphs.
    Within(Vec<Range<usize>>),
    /// It begins exactly so often in these passages, ascending.
    Known(Vec<(u32, u32)>),
}

impl Candidates {
    /// All of a text of so many bytes.
    pub fn everywhere(text: usize) -> Self {
        Candidates::Within(std::iter::once(0..text).collect())
    }
}

/// The filter of a text, or what does as one when the text is too short to have any.
#[derive(Clone, Copy)]
pub(crate) struct Pairs<'a> {
    bytes: &'a [u8],
    text: usize,
}

/// The pairs of neighbouring characters within the paragraphs of `text`, with the byte at which each begins.
fn pairs(text: &str) -> impl Iterator<Item = (usize, char, char)> + '_ {
    let next = text.chars().skip(1);
    text.char_indices().zip(next).map(|((at, a), b)| (at, a, b)).filter(|&(_, a, b)| a != '\n' && b != '\n')
}

/// Fibonacci hashing (Knuth, The Art of Computer Programming 3, section 6.4): the upper bits of a product are well mixed.
fn bucket(a: char, b: char, bits: u32) -> usize {
    let pair = (a as u64) << 21 | b as u64;
    (pair.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (64 - bits)) as usize
}

/// A pair with a digit may be a piece of a longer number; only the text can tell.
fn may_be_frequent(a: char, b: char) -> bool {
    !a.is_ascii_digit() && !b.is_ascii_digit()
}

/// One ascending list of numbers in the making.
#[derive(Clone, Copy)]
struct Last {
    next: u32,
}

impl Last {
    /// The distance to `number` from the number before, or `None` if it was the same.
    fn step(&mut self, number: u32) -> Option<u32> {
        let distance = (number + 1).checked_sub(self.next).filter(|&distance| distance > 0)?;
        self.next = number + 1;
        Some(distance - 1)
    }
}

/// The filter for `text`, in which passage n ends at the byte `ends[n]`. Cost: two walks over the text, 0.1 s for 10 MB,
/// and no memory but the filter's own and 2 MB.
pub(crate) fn build(text: &str, ends: &[u64]) -> Vec<u8> {
    let bits = (text.len() / 256).next_power_of_two().ilog2().clamp(8, 17);
    let mut blocks = vec![0usize];
    for (at, _) in text.match_indices('\n') {
        if at - blocks[blocks.len() - 1] >= BLOCK {
            blocks.push(at);
        }
    }
    // the first walk measures the lists
    let mut lengths = vec![0u32; 1 << bits];
    let mut last = vec![Last { next: 0 }; 1 << bits];
    let mut seen = vec![(Last { next: 0 }, 0usize); 1 << bits];
    walk(text, ends, &blocks, |block, passage, a, b| {
        let bucket = bucket(a, b, bits);
        if let Some(distance) = last[bucket].step(block) {
            lengths[bucket] += Varint::new(distance).bytes().len() as u32;
        }
        let (last, passages) = &mut seen[bucket];
        *passages += last.step(passage).is_some() as usize;
    });
    // the second writes them, each to its place
    let mut starts: Vec<u32> = lengths
        .iter()
        .scan(0, |end, length| {
            *end += length;
            Some(*end - length)
        })
        .collect();
    let mut lists = vec![0; starts.last().map_or(0, |last| last + lengths[lengths.len() - 1]) as usize];
    last.fill(Last { next: 0 });
    let is_frequent = |passages: usize| passages * FREQUENT > ends.len();
    let mut frequent: Vec<Vec<Frequent>> = Vec::new();
    frequent.resize_with(1 << bits, Vec::new);
    walk(text, ends, &blocks, |block, passage, a, b| {
        let bucket = bucket(a, b, bits);
        if let Some(distance) = last[bucket].step(block) {
            let distance = Varint::new(distance);
            let (start, len) = (starts[bucket] as usize, distance.bytes().len());
            lists[start..start + len].copy_from_slice(distance.bytes());
            starts[bucket] += len as u32;
        }
        if is_frequent(seen[bucket].1) && may_be_frequent(a, b) {
            let known = &mut frequent[bucket];
            let at = known.iter().position(|known| known.pair == (a, b)).unwrap_or_else(|| {
                known.push(Frequent { pair: (a, b), passages: Vec::new() });
                known.len() - 1
            });
            match known[at].passages.last_mut() {
                Some((last, count)) if *last == passage => *count += 1,
                _ => known[at].passages.push((passage, 1)),
            }
        }
    });
    let mut frequent: Vec<Frequent> =
        frequent.into_iter().flatten().filter(|pair| is_frequent(pair.passages.len())).collect();
    frequent.sort_unstable_by_key(|frequent| frequent.pair);

    let mut bytes = Vec::new();
    for number in [blocks.len() as u32, bits, frequent.len() as u32, lists.len() as u32] {
        bytes.extend(number.to_le_bytes());
    }
    blocks.iter().for_each(|&start| bytes.extend((start as u64).to_le_bytes()));
    // each start has moved to its list's end
    starts.iter().for_each(|end| bytes.extend(end.to_le_bytes()));
    let mut frequent_lists: Vec<u8> = Vec::new();
    for Frequent { pair: (a, b), passages } in frequent {
        let mut last = Last { next: 0 };
        for (passage, count) in passages {
            for number in [last.step(passage).unwrap_or_default(), count] {
                frequent_lists.extend(Varint::new(number).bytes());
            }
        }
        for number in [a as u32, b as u32, frequent_lists.len() as u32] {
            bytes.extend(number.to_le_bytes());
        }
    }
    bytes.extend(lists);
    bytes.extend(frequent_lists);
    bytes
}

struct Frequent {
    pair: (char, char),
    passages: Vec<(u32, u32)>,
}

/// Tells every pair of the text with the block and the passage that it begins in.
fn walk(text: &str, ends: &[u64], blocks: &[usize], mut tell: impl FnMut(u32, u32, char, char)) {
    let (mut block, mut passage) = (0, 0);
    for (at, a, b) in pairs(text) {
        while blocks.get(block + 1).is_some_and(|&start| start <= at) {
            block += 1;
        }
        while ends.get(passage).is_some_and(|&end| end <= at as u64) {
            passage += 1;
        }
        tell(block as u32, passage as u32, a, b);
    }
}

impl<'a> Pairs<'a> {
    /// Reads what [`build`] made for a text of `text` bytes. Empty `bytes` filter nothing. `None` if they cannot be
    /// its work.
    pub fn open(bytes: &'a [u8], text: usize) -> Option<Self> {
        let pairs = Pairs { bytes, text };
        let is_whole = bytes.is_empty() || bytes.len() >= HEAD && pairs.number(4) <= 24 && pairs.lists() <= bytes.len();
        is_whole.then_some(pairs)
    }

    fn number(&self, at: usize) -> usize {
        let number = self.bytes.get(at..at + 4).map(|bytes| u32::from_le_bytes(bytes.try_into().expect("four bytes")));
        number.unwrap_or_default() as usize
    }

    fn block(&self, block: usize) -> usize {
        let at = HEAD + block * 8;
        let start = self.bytes.get(at..at + 8).map(|bytes| u64::from_le_bytes(bytes.try_into().expect("eight bytes")));
        start.map_or(self.text, |start| start as usize)
    }

    fn buckets(&self) -> usize {
        HEAD + self.number(0) * 8
    }

    fn frequent(&self) -> usize {
        self.buckets() + (4 << self.number(4))
    }

    fn lists(&self) -> usize {
        self.frequent() + self.number(8) * FREQUENT_ROW
    }

    fn list(&self, bucket: usize) -> &'a [u8] {
        let end = |bucket: usize| self.lists() + self.number(self.buckets() + bucket * 4);
        let start = bucket.checked_sub(1).map_or(self.lists(), end);
        self.bytes.get(start..end(bucket)).unwrap_or_default()
    }

    fn frequent_list(&self, a: char, b: char) -> Option<&'a [u8]> {
        let row = |pair: usize| self.frequent() + pair * FREQUENT_ROW;
        let key = |pair: usize| (self.number(row(pair)), self.number(row(pair) + 4));
        let (mut low, mut high) = (0, self.number(8));
        while low < high {
            let middle = low + (high - low) / 2;
            if key(middle) < (a as usize, b as usize) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        if low == self.number(8) || key(low) != (a as usize, b as usize) {
            return None;
        }
        let lists = self.lists() + self.number(12);
        let start = low.checked_sub(1).map_or(0, |before| self.number(row(before) + 8));
        self.bytes.get(lists + start..lists + self.number(row(low) + 8))
    }

    /// Where `folded` can stand in the text. Cost: reads the shortest lists of its pairs.
    pub fn candidates(&self, folded: &str) -> Candidates {
        let everywhere = || Candidates::everywhere(self.text);
        if self.bytes.is_empty() {
            return everywhere();
        }
        let mut chars = folded.chars();
        if let (Some(a), Some(b), None) = (chars.next(), chars.next(), chars.next())
            && may_be_frequent(a, b)
            && let Some(mut list) = self.frequent_list(a, b)
        {
            let mut known = Vec::with_capacity(list.len() / 2);
            let mut next = 0;
            while let (Some(distance), Some(count)) = (Varint::take(&mut list), Varint::take(&mut list)) {
                next += distance + 1;
                known.push((next - 1, count));
            }
            return Candidates::Known(known);
        }
        let mut lists: Vec<&[u8]> =
            pairs(folded).map(|(_, a, b)| self.list(bucket(a, b, self.number(4) as u32))).collect();
        lists.sort_unstable_by_key(|list| (list.len(), list.as_ptr()));
        lists.dedup_by_key(|list| (list.len(), list.as_ptr()));
        let mut lists = lists.into_iter();
        let Some(shortest) = lists.next() else { return everywhere() };
        let mut blocks: Vec<u32> = numbers(shortest).collect();
        // a list is worth reading while it takes less time than the blocks that it could spare
        for list in lists.take_while(|list| list.len() < 64 * shortest.len().max(16)) {
            if blocks.len() < 4 {
                break;
            }
            let mut other = numbers(list).peekable();
            blocks.retain(|block| {
                while other.next_if(|next| next < block).is_some() {}
                other.peek() == Some(block)
            });
        }
        let mut within: Vec<Range<usize>> = Vec::new();
        for block in blocks {
            let range = self.block(block as usize)..self.end(block as usize);
            match within.last_mut() {
                Some(last) if last.end == range.start => last.end = range.end,
                _ => within.push(range),
            }
        }
        Candidates::Within(within)
    }

    fn end(&self, block: usize) -> usize {
        if block + 1 < self.number(0) { self.block(block + 1) } else { self.text }
    }
}

/// The numbers of an ascending list.
fn numbers(mut list: &[u8]) -> impl Iterator<Item = u32> + '_ {
    let mut next = 0u32;
    std::iter::from_fn(move || {
        next = next.wrapping_add(Varint::take(&mut list)? + 1);
        Some(next - 1)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// Paragraphs of an alphabet so small that some pairs are frequent and buckets are shared.
    fn paragraphs() -> impl Strategy<Value = Vec<String>> {
        let paragraph =
            proptest::string::string_regex("[甲乙丙丁a1，]{0,12}|[天地玄黄宇宙洪荒日月盈昃]{0,40}").unwrap();
        proptest::collection::vec(paragraph, 1..800)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]
        #[test]
        fn nothing_is_filtered_out(paragraphs in paragraphs(), needles in proptest::collection::vec("[甲乙丙丁a1天地玄黄]{2,5}", 30)) {
            let (mut text, mut ends) = (String::new(), Vec::new());
            for (at, paragraph) in paragraphs.iter().enumerate() {
                // every third passage goes on with the paragraph before
                if at % 3 != 2 {
                    text.push('\n');
                }
                text.push_str(paragraph);
                ends.push(text.len() as u64);
            }
            let bytes = build(&text, &ends);
            let filter = Pairs::open(&bytes, text.len()).unwrap();
            for needle in &needles {
                let places: Vec<usize> = (0..text.len())
                    .filter(|&at| text.is_char_boundary(at) && text[at..].starts_with(needle.as_str()))
                    .collect();
                match filter.candidates(needle) {
                    Candidates::Within(ranges) => {
                        for place in places {
                            prop_assert!(ranges.iter().any(|range| range.start <= place && place + needle.len() <= range.end));
                        }
                    }
                    Candidates::Known(known) => {
                        let mut counts = std::collections::BTreeMap::new();
                        for place in places {
                            *counts.entry(ends.partition_point(|&end| end <= place as u64) as u32).or_insert(0) += 1;
                        }
                        prop_assert_eq!(known, counts.into_iter().collect::<Vec<_>>());
                    }
                }
            }
        }
    }

    #[test]
    fn the_filter_spares_most_of_a_text_and_knows_its_frequent_pairs() {
        let mut text = String::new();
        let mut ends = Vec::new();
        for n in 0..2000u32 {
            // 2,000 different pairs, each in one paragraph
            let rare = char::from_u32(0x4e00 + n).unwrap();
            text.push_str(&format!("\n发展{rare}乙{}", "的了是".repeat(20)));
            ends.push(text.len() as u64);
        }
        let bytes = build(&text, &ends);
        let filter = Pairs::open(&bytes, text.len()).unwrap();
        let Candidates::Within(ranges) = filter.candidates("展丁乙") else { panic!("it is rare") };
        let spared = text.len() - ranges.iter().map(Range::len).sum::<usize>();
        assert!(spared > text.len() / 2, "{spared} of {}", text.len());
        let Candidates::Known(known) = filter.candidates("发展") else { panic!("it is frequent") };
        assert_eq!(known.len(), 2000);
        assert!(Pairs::open(&bytes[..HEAD + 8], text.len()).is_none(), "cut short");
    }
}
