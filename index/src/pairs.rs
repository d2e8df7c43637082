//! Where in a long text, in its [`code`], a string can stand at all: a filter over pairs of neighbouring characters, so that
//! a search reads a few blocks and not the whole text. It never decides what is found. What it lets pass is compared with the text,
//! so pairs that share a bucket cost time and no truth.
//!
//! The text is divided into blocks of whole paragraphs. For each bucket of pairs the filter holds the blocks in which one of
//! them stands. The few pairs that stand almost everywhere would let every block pass; of these it holds the passages
//! and how often the pair begins in each, which is the answer itself when a query is just such a pair.
//!
//! | part | content |
//! |---|---|
//! | head | blocks, bits of a bucket's number, frequent pairs, bytes of the blocks' lists (u32 each) |
//! | blocks | where each begins in the text (u32) |
//! | buckets | where the list of each ends among the lists (u32) |
//! | frequent | the two characters as [`code::units`] has them, the number of passages, where the pair's list ends among the frequent lists (u32 each), by characters |
//! | lists | for each bucket its blocks, ascending: the low bits (u8), then the distances (see [`rice`](crate::rice)) |
//! | frequent lists | for each pair its passages, ascending: the low bits (u8), then for each its distance and its count less 1 (with no low bits) |

use std::collections::HashMap;
use std::ops::{Range, RangeInclusive};

use crate::code;
use crate::rice::{Bits, Numbers, low_bits};
use crate::varint;

/// Texts of fewer bytes have no filter. At 6 MB it cuts a query from 0.3 to 0.1 ms and makes the index a tenth larger; a
/// question asks for the rarity of each of its pairs besides, which a filter answers in a tenth of the time from 1 MB on. What is
/// fuzzed is short.
pub(crate) const SMALLEST: usize = if cfg!(fuzzing) { 256 } else { 1 << 20 };

/// A block has at least so many bytes. Strings of two to eight characters are found in 90 MB in 0.16 ms on average; half of
/// it finds them in 0.13 ms with lists a quarter longer, twice of it in 0.23 ms with lists a fifth shorter.
const BLOCK: usize = if cfg!(fuzzing) { 64 } else { 4096 };

/// There are at most two to this power of buckets. Twice as many make the lists a tenth longer, for a sixth less to read.
const BITS: u32 = 15;

/// Of so many blocks one tells which pairs may be frequent.
const SAMPLE: usize = 8;

/// A list of more bytes for each block that is left takes longer to read than the blocks that it could spare.
const WORTH: usize = 32;

/// The blocks that are walked over before their numbers are put into the lists: so many rows of [`u8::BITS`] blocks. 512 rows
/// have a bit for each of 4,096 blocks and each bucket, which takes as many bytes as these blocks have.
const ROWS: usize = if cfg!(test) { 3 } else { 512 };

/// Between two rows lies a line of the cache, lest all that belongs to a bucket should have one and the same place in it.
const LINE: usize = 64;

/// A pair is frequent when it stands in more than one passage of so many.
const FREQUENT: usize = 32;

const HEAD: usize = 16;
const FREQUENT_ROW: usize = 16;

/// The passages in which a frequent pair begins.
#[derive(Clone, Copy)]
pub(crate) struct Known<'a> {
    passages: usize,
    list: &'a [u8],
}

impl<'a> Known<'a> {
    /// How many there are. Cost: none.
    pub fn passages(&self) -> usize {
        self.passages
    }

    /// The passages, ascending, each with how often the pair begins in it.
    pub fn counts(&self) -> impl Iterator<Item = (u32, u32)> + use<'a> {
        let (low, list) = split_low(self.list);
        let mut numbers = Numbers::new(list);
        let mut next = 0u32;
        std::iter::from_fn(move || {
            next = next.wrapping_add(numbers.take(low)?).wrapping_add(1);
            Some((next.wrapping_sub(1), numbers.take(0)?.saturating_add(1)))
        })
    }
}

/// The filter of a text, or what does as one when the text is too short to have any.
#[derive(Clone, Copy)]
pub(crate) struct Pairs<'a> {
    bytes: &'a [u8],
    text: usize,
}

/// Two neighbouring characters, as [`code::units`] has them.
type Pair = (u32, u32);

/// The pairs within the paragraphs of `text`, with the byte at which each begins.
fn pairs(text: &[u8]) -> impl Iterator<Item = (usize, Pair)> + '_ {
    const END: u32 = b'\n' as u32;
    let mut before = (0, END);
    code::units(text).filter_map(move |next| {
        let (at, a) = std::mem::replace(&mut before, next);
        (a != END && next.1 != END).then_some((at, (a, next.1)))
    })
}

/// Fibonacci hashing (Knuth, The Art of Computer Programming 3, section 6.4): the upper bits of a product are well mixed.
fn bucket((a, b): Pair, bits: u32) -> usize {
    let pair = (a as u64) << 32 | b as u64;
    (pair.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (64 - bits)) as usize
}

/// A pair with a digit may be a piece of a longer number; only the text can tell.
fn may_be_frequent((a, b): Pair) -> bool {
    const DIGITS: RangeInclusive<u32> = b'0' as u32..=b'9' as u32;
    !DIGITS.contains(&a) && !DIGITS.contains(&b)
}

/// An ascending list of numbers in the making: the distances (LEB128), for counted passages each with its count.
#[derive(Clone, Default)]
struct List {
    next: u32,
    numbers: u32,
    bytes: Vec<u8>,
}

impl List {
    fn push(&mut self, number: u32) {
        varint::push(&mut self.bytes, number - self.next);
        self.next = number + 1;
        self.numbers += 1;
    }

    /// The low bits of its distances when they are written.
    fn low_bits(&self) -> u32 {
        low_bits((self.next - self.numbers) as u64, self.numbers as u64)
    }
}

/// The filter for `text`, in which passage n ends at the byte `ends[n]`. Cost: a walk over the text, 0.1 s for 10 MB,
/// and memory for about twice the filter.
pub(crate) fn build(text: &[u8], ends: &[u32]) -> Vec<u8> {
    let bits = (text.len() / 256).next_power_of_two().ilog2().clamp(8, BITS);
    let mut blocks = vec![0usize];
    for at in memchr::memchr_iter(b'\n', text) {
        if at - blocks[blocks.len() - 1] >= BLOCK {
            blocks.push(at);
        }
    }
    let mut frequent = watched(text, ends, &blocks, bits);
    let mut first = vec![u32::MAX; 1 << bits];
    // a bit for each bucket, whether such a pair falls in it: nearly all pairs need no more
    let mut is_watched = vec![0u64; 1 << bits >> 6];
    for (at, frequent) in frequent.iter().enumerate().rev() {
        first[frequent.bucket] = at as u32;
        is_watched[frequent.bucket / 64] |= 1 << (frequent.bucket % 64);
    }
    let mut lists = vec![List::default(); 1 << bits];
    // for each row and bucket, in which blocks the bucket stands, a bit each: a row is near while its blocks are walked over,
    // and a list, far away, is touched once for all rows
    let row_blocks = u8::BITS as usize;
    let stride = (1 << bits) + LINE;
    let mut rows = vec![0u8; stride * blocks.len().div_ceil(row_blocks).min(ROWS)];
    let mut passages = Passages { ends, next: 0 };
    let mut hits = Vec::new();
    for start in (0..blocks.len()).step_by(row_blocks * ROWS) {
        let end = blocks.len().min(start + row_blocks * ROWS);
        for block in start..end {
            let range = stretch(text, &blocks, block);
            let row = &mut rows[(block - start) / row_blocks * stride..][..1 << bits];
            let bit = 1 << ((block - start) % row_blocks);
            let count = mark(&text[range.clone()], row, bit, &is_watched, &mut hits);
            for &(at, pair) in &hits[..count] {
                let bucket = bucket(pair, bits);
                let rest = &mut frequent[first[bucket] as usize..];
                let own = rest.iter_mut().take_while(|frequent| frequent.bucket == bucket);
                for frequent in own.filter(|frequent| frequent.pair == pair) {
                    frequent.push(passages.at(range.start + at as usize));
                }
            }
        }
        // eight buckets at once, which lie beside each other in a row
        for (lists, tile) in lists.chunks_exact_mut(8).zip((0..).step_by(8)) {
            for (row, block) in rows.chunks_exact(stride).zip((start as u32..).step_by(row_blocks)) {
                let mut found = u64::from_le_bytes(row[tile..tile + 8].try_into().expect("eight bytes"));
                while found != 0 {
                    let bit = found.trailing_zeros();
                    lists[bit as usize / row_blocks].push(block + bit % row_blocks as u32);
                    found &= found - 1;
                }
            }
        }
        rows.fill(0);
    }
    frequent.retain_mut(|frequent| {
        frequent.end();
        frequent.passages.numbers as usize * FREQUENT > ends.len()
    });
    frequent.sort_unstable_by_key(|frequent| frequent.pair);

    let (mut list_bytes, mut list_ends) = (Vec::new(), Vec::with_capacity(lists.len()));
    for list in lists {
        if list.numbers > 0 {
            let low = list.low_bits();
            list_bytes.push(low as u8);
            let mut bits = Bits::new(&mut list_bytes);
            let mut distances = list.bytes.as_slice();
            while let Some(distance) = varint::take(&mut distances) {
                bits.push(distance, low);
            }
            bits.finish();
        }
        list_ends.push(list_bytes.len() as u32);
    }
    let mut bytes = Vec::new();
    let head = [blocks.len() as u32, bits, frequent.len() as u32, list_bytes.len() as u32];
    let blocks = blocks.into_iter().map(|start| start as u32);
    head.into_iter().chain(blocks).chain(list_ends).for_each(|number| bytes.extend(number.to_le_bytes()));
    let mut frequent_bytes: Vec<u8> = Vec::new();
    for Frequent { pair: (a, b), passages, .. } in frequent {
        let low = passages.low_bits();
        frequent_bytes.push(low as u8);
        let mut bits = Bits::new(&mut frequent_bytes);
        let mut pieces = passages.bytes.as_slice();
        while let (Some(distance), Some(count)) = (varint::take(&mut pieces), varint::take(&mut pieces)) {
            bits.push(distance, low);
            bits.push(count - 1, 0);
        }
        bits.finish();
        for number in [a, b, passages.numbers, frequent_bytes.len() as u32] {
            bytes.extend(number.to_le_bytes());
        }
    }
    bytes.extend(list_bytes);
    bytes.extend(frequent_bytes);
    bytes
}

/// Puts the bit of a block into the row for each pair of its text. The first so many `hits` are then the pairs that fall in
/// watched buckets, with the byte at which each begins: there is no branch for them, which no processor could foresee.
#[inline(never)]
fn mark(text: &[u8], row: &mut [u8], bit: u8, is_watched: &[u64], hits: &mut Vec<(u32, Pair)>) -> usize {
    let bits = row.len().ilog2();
    hits.resize(hits.len().max(text.len()), (0, (0, 0)));
    let mut count = 0;
    for (at, pair) in pairs(text) {
        let bucket = bucket(pair, bits);
        row[bucket] |= bit;
        hits[count] = (at as u32, pair);
        count += (is_watched[bucket / 64] >> (bucket % 64) & 1) as usize;
    }
    count
}

/// Where a block stands in the text, given where each begins.
fn stretch(text: &[u8], blocks: &[usize], block: usize) -> Range<usize> {
    blocks[block]..blocks.get(block + 1).copied().unwrap_or(text.len())
}

/// The pairs that are likely to be frequent, by their buckets, from a sample of the text. One that is missed costs time,
/// since it is looked for in the blocks as any other.
fn watched(text: &[u8], ends: &[u32], blocks: &[usize], bits: u32) -> Vec<Frequent> {
    let mut buckets = vec![Seen::default(); 1 << bits];
    let mut sampled = Seen::default();
    sample(text, ends, blocks, |passage, pair| {
        sampled.see(passage);
        buckets[bucket(pair, bits)].see(passage);
    });
    let least = sampled.passages * 3 / 4 / FREQUENT as u32;
    let mut pairs: HashMap<Pair, Seen> = HashMap::new();
    sample(text, ends, blocks, |passage, pair| {
        if buckets[bucket(pair, bits)].passages > least && may_be_frequent(pair) {
            pairs.entry(pair).or_default().see(passage);
        }
    });
    let pairs = pairs.into_iter().filter(|(_, seen)| seen.passages > least);
    let mut watched: Vec<Frequent> = pairs.map(|(pair, _)| Frequent::new(pair, bucket(pair, bits))).collect();
    watched.sort_unstable_by_key(|frequent| (frequent.bucket, frequent.pair));
    watched
}

/// Tells the pairs of one block of [`SAMPLE`], each with the passage that it begins in.
fn sample(text: &[u8], ends: &[u32], blocks: &[usize], mut tell: impl FnMut(u32, Pair)) {
    let mut passages = Passages { ends, next: 0 };
    for block in (0..blocks.len()).step_by(SAMPLE) {
        let range = stretch(text, blocks, block);
        pairs(&text[range.clone()]).for_each(|(at, pair)| tell(passages.at(range.start + at), pair));
    }
}

/// In how many passages something was seen, when it is told passage by passage.
#[derive(Clone, Copy, Default)]
struct Seen {
    passages: u32,
    /// One more than the last of them.
    last: u32,
}

impl Seen {
    #[inline]
    fn see(&mut self, passage: u32) {
        self.passages += (self.last != passage + 1) as u32;
        self.last = passage + 1;
    }
}

/// A pair that is likely to be frequent: the passages that are done, and the one that is not.
struct Frequent {
    pair: Pair,
    bucket: usize,
    passages: List,
    passage: u32,
    count: u32,
}

impl Frequent {
    fn new(pair: Pair, bucket: usize) -> Self {
        Frequent { pair, bucket, passages: List::default(), passage: 0, count: 0 }
    }

    fn push(&mut self, passage: u32) {
        if passage != self.passage {
            self.end();
            self.passage = passage;
        }
        self.count += 1;
    }

    fn end(&mut self) {
        if self.count > 0 {
            self.passages.push(self.passage);
            varint::push(&mut self.passages.bytes, self.count);
            self.count = 0;
        }
    }
}

/// The passages of a text, given where each ends.
struct Passages<'e> {
    ends: &'e [u32],
    next: usize,
}

impl Passages<'_> {
    /// The one that the byte `at` is of, which must not lie before the one asked for last.
    #[inline]
    fn at(&mut self, at: usize) -> u32 {
        while self.ends.get(self.next).is_some_and(|&end| end as usize <= at) {
            self.next += 1;
        }
        self.next as u32
    }
}

impl<'a> Pairs<'a> {
    /// Reads what [`build`] made for a text of `text` bytes. Empty `bytes` filter nothing. `None` if they cannot be
    /// its work.
    pub fn open(bytes: &'a [u8], text: usize) -> Option<Self> {
        let pairs = Pairs { bytes, text };
        let is_whole = bytes.is_empty()
            || bytes.len() >= HEAD && (1..=24).contains(&pairs.number(4)) && pairs.lists() <= bytes.len();
        is_whole.then_some(pairs)
    }

    fn number(&self, at: usize) -> usize {
        let number = self.bytes.get(at..at + 4).map(|bytes| u32::from_le_bytes(bytes.try_into().expect("four bytes")));
        number.unwrap_or_default() as usize
    }

    fn block(&self, block: usize) -> usize {
        self.number(HEAD + block * 4)
    }

    fn buckets(&self) -> usize {
        HEAD + self.number(0) * 4
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

    fn frequent_pair(&self, (a, b): Pair) -> Option<Known<'a>> {
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
        let end = |pair: usize| lists + self.number(row(pair) + 12);
        let start = low.checked_sub(1).map_or(lists, end);
        let list = self.bytes.get(start..end(low))?;
        // each takes two bits at least; more are damage
        Some(Known { passages: self.number(row(low) + 8).min(list.len() * 4), list })
    }

    /// The passages in which `code`, that of a string, begins, if the string is a frequent pair. Cost: none but the search for
    /// it.
    pub fn known(&self, code: &[u8]) -> Option<Known<'a>> {
        let mut chars = code::units(code).map(|(_, unit)| unit);
        match (chars.next(), chars.next(), chars.next()) {
            (Some(a), Some(b), None) if may_be_frequent((a, b)) => self.frequent_pair((a, b)),
            _ => None,
        }
    }

    /// How common a string, given its code, seems by its rarest pair: a number to compare. Cost: none.
    pub fn commonness(&self, code: &[u8]) -> usize {
        let bits = self.number(4) as u32;
        let lists =
            pairs(code).map(|(_, pair)| if self.bytes.is_empty() { 0 } else { self.list(bucket(pair, bits)).len() });
        lists.min().unwrap_or(usize::MAX)
    }

    /// The stretches of the text, ascending, in which several strings can all stand, given the code of each. They begin and end
    /// with paragraphs. Cost: reads the shortest lists of their pairs.
    pub fn within<'c>(&self, codes: impl IntoIterator<Item = &'c [u8]>) -> Vec<Range<usize>> {
        let everywhere = || std::iter::once(0..self.text).collect();
        if self.bytes.is_empty() {
            return everywhere();
        }
        let bits = self.number(4) as u32;
        let mut lists: Vec<&[u8]> =
            codes.into_iter().flat_map(pairs).map(|(_, pair)| self.list(bucket(pair, bits))).collect();
        lists.sort_unstable_by_key(|list| (list.len(), list.as_ptr()));
        lists.dedup_by_key(|list| (list.len(), list.as_ptr()));
        let mut lists = lists.into_iter();
        let Some(shortest) = lists.next() else { return everywhere() };
        let mut blocks: Vec<u32> = numbers(shortest).collect();
        // a list is worth reading while it takes less time than the blocks that it could spare
        for list in lists {
            if blocks.len() < 4 || list.len() > WORTH * blocks.len() {
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
                // what does not ascend is damage, and could have the text read again and again
                Some(last) if last.end > range.start => {}
                _ => within.push(range),
            }
        }
        within
    }

    fn end(&self, block: usize) -> usize {
        if block + 1 < self.number(0) { self.block(block + 1) } else { self.text }
    }
}

/// The low bits of a list's distances, and the bits behind.
fn split_low(list: &[u8]) -> (u32, &[u8]) {
    // more low bits than any number has are damage
    list.split_first().map_or((0, list), |(&low, list)| ((low as u32).min(31), list))
}

/// The numbers of an ascending list.
fn numbers(list: &[u8]) -> impl Iterator<Item = u32> + '_ {
    let (low, list) = split_low(list);
    let mut distances = Numbers::new(list);
    let mut next = 0u32;
    std::iter::from_fn(move || {
        next = next.wrapping_add(distances.take(low)?).wrapping_add(1);
        Some(next.wrapping_sub(1))
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
            let (mut text, mut ends) = (Vec::new(), Vec::new());
            for (at, paragraph) in paragraphs.iter().enumerate() {
                // every third passage goes on with the paragraph before
                if at % 3 != 2 {
                    text.push(b'\n');
                }
                code::encode(paragraph, &mut text);
                ends.push(text.len() as u32);
            }
            let bytes = build(&text, &ends);
            let filter = Pairs::open(&bytes, text.len()).unwrap();
            for needle in needles.iter().map(|needle| code::encoded(needle)) {
                let needle = needle.as_slice();
                let places: Vec<usize> = (0..text.len())
                    .filter(|&at| text[at..].starts_with(needle))
                    .collect();
                let ranges = filter.within([needle]);
                for &place in &places {
                    prop_assert!(ranges.iter().any(|range| range.start <= place && place + needle.len() <= range.end));
                }
                if let Some(known) = filter.known(needle) {
                    let mut counts = std::collections::BTreeMap::new();
                    for place in places {
                        *counts.entry(ends.partition_point(|&end| end <= place as u32) as u32).or_insert(0) += 1;
                    }
                    prop_assert_eq!(known.passages(), counts.len());
                    prop_assert_eq!(known.counts().collect::<Vec<_>>(), counts.into_iter().collect::<Vec<_>>());
                }
            }
        }
    }

    #[test]
    fn the_filter_spares_most_of_a_text_and_knows_its_frequent_pairs() {
        let mut text = Vec::new();
        let mut ends = Vec::new();
        for n in 0..2000u32 {
            // 2,000 different pairs, each in one paragraph
            let rare = char::from_u32(0x4e00 + n).unwrap();
            code::encode(&format!("\n发展{rare}乙{}", "的了是".repeat(40)), &mut text);
            ends.push(text.len() as u32);
        }
        let bytes = build(&text, &ends);
        let filter = Pairs::open(&bytes, text.len()).unwrap();
        let read = |texts: &[&str]| {
            let codes: Vec<Vec<u8>> = texts.iter().map(|text| code::encoded(text)).collect();
            filter.within(codes.iter().map(Vec::as_slice)).iter().map(Range::len).sum::<usize>()
        };
        assert!(read(&["展丁乙"]) < text.len() / 2 && filter.known(&code::encoded("丁乙")).is_none());
        assert!(read(&["的了", "丁乙"]) <= read(&["丁乙"]) && read(&["丁乙", "七乙"]) < read(&["丁乙"]));
        let known = filter.known(&code::encoded("发展")).expect("it is frequent");
        assert_eq!(known.passages(), 2000);
        assert!(Pairs::open(&bytes[..HEAD + 8], text.len()).is_none(), "cut short");
    }
}
