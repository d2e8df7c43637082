//! Makes the filter of a long text that [`pairs`](super::pairs) reads.

use std::collections::HashMap;
use std::ops::Range;

use foldhash::fast::RandomState;

use crate::store::pairs::{Pair, SMALLEST, bucket, may_be_frequent, pairs};
use crate::store::rice::{Bits, low_bits};
use crate::store::varint;

/// A block has at least so many bytes. With 2,048 bytes strings of two to eight characters were found in 90 MB, weighed and shown, in
/// a twentieth less time and the lists are a sixth longer, with 4,096 in a twelfth more and they are a tenth shorter; that was before
/// blocks were [fetched](crate::store::ahead) ahead.
const BLOCK: usize = if cfg!(fuzzing) { 64 } else { 3072 };

/// There are at most two to this power of buckets. Twice as many make the lists a tenth longer, for a sixth less to read.
const BITS: u32 = 15;

/// Of so many blocks one tells which pairs may be frequent, of a long text so many blocks in all: some twenty thousand passages of
/// laws and news.
const SAMPLE: usize = 8;
const SAMPLED: usize = 512;

/// The blocks that are walked over before their numbers are put into the lists: so many rows of [`u8::BITS`] blocks. 512 rows
/// have a bit for each of 4,096 blocks and each of 32,768 buckets: 16.8 MB, up to a third more than these blocks have (12.8 to
/// 13.4 MB).
const ROWS: usize = if cfg!(test) { 3 } else { 512 };

/// Between two rows lies a line of the cache, lest all that belongs to a bucket should have one and the same place in it.
const LINE: usize = 64;

/// So many pairs are walked over before those that may be frequent are looked at.
const HITS: usize = if cfg!(test) { 7 } else { 1024 };

/// A pair is frequent when it stands in more than one passage of so many.
const FREQUENT: usize = 32;

/// An ascending list of numbers in the making: the distances (LEB128), for counted passages each with its count.
#[derive(Default)]
struct List {
    next: u32,
    numbers: u32,
    bytes: Vec<u8>,
}

impl List {
    fn with_capacity(bytes: usize) -> Self {
        List { bytes: Vec::with_capacity(bytes), ..List::default() }
    }

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

/// The filter of a text, given where its passages end; nothing for a short one.
pub(crate) fn filter(text: &[u8], ends: &[u32]) -> Vec<u8> {
    if text.len() < SMALLEST { Vec::new() } else { build(text, ends) }
}

/// The filter for `text`, in which passage n ends at the byte `ends[n]`. Cost: a walk over the text, 0.1 s for 10 MB,
/// and memory for about twice the filter, and for up to a third more than the text, 17 MB at most.
pub(crate) fn build(text: &[u8], ends: &[u32]) -> Vec<u8> {
    let bits = (text.len() / 256).next_power_of_two().ilog2().clamp(8, BITS);
    let mut blocks = vec![0usize];
    for at in memchr::memchr_iter(b'\n', text) {
        if at - blocks[blocks.len() - 1] >= BLOCK {
            blocks.push(at);
        }
    }
    let mut frequent = watched(text, ends, &blocks, bits);
    let lists = lists(text, ends, &blocks, bits, &mut frequent);
    frequent.retain_mut(|frequent| {
        frequent.end();
        frequent.passages.numbers as usize * FREQUENT > ends.len()
    });
    frequent.sort_unstable_by_key(|frequent| frequent.pair);
    write(&blocks, bits, &lists, &frequent)
}

/// Walks over the text: gives for each bucket the blocks in which one of its pairs stands, and tells the passages to the pairs
/// that are likely to be frequent, which are in the order of their buckets.
fn lists(text: &[u8], ends: &[u32], blocks: &[usize], bits: u32, frequent: &mut [Frequent]) -> Vec<List> {
    let mut first = vec![u32::MAX; 1 << bits];
    // a bit for each bucket, whether such a pair falls in it: nearly all pairs need no more
    let mut is_watched = vec![0u64; 1 << bits >> 6];
    for (at, frequent) in frequent.iter().enumerate().rev() {
        first[frequent.bucket] = at as u32;
        is_watched[frequent.bucket / 64] |= 1 << (frequent.bucket % 64);
    }
    let mut lists: Vec<List> = (0..1 << bits).map(|_| List::with_capacity(64)).collect();
    // for each row and bucket, in which blocks the bucket stands, a bit each: a row is near while its blocks are walked over,
    // and a list, far away, is touched once for all rows
    let row_blocks = u8::BITS as usize;
    let stride = (1 << bits) + LINE;
    let mut rows = vec![0u8; stride * blocks.len().div_ceil(row_blocks).min(ROWS)];
    let mut passages = Passages { ends, next: 0 };
    let mut hits = [(0, (0, 0)); HITS];
    for start in (0..blocks.len()).step_by(row_blocks * ROWS) {
        let end = blocks.len().min(start + row_blocks * ROWS);
        for block in start..end {
            let range = stretch(text, blocks, block);
            let row = &mut rows[(block - start) / row_blocks * stride..][..1 << bits];
            let bit = 1 << ((block - start) % row_blocks);
            let mut pairs = pairs(&text[range.clone()]);
            while let Some(count) = mark(&mut pairs, row, bit, &is_watched, &mut hits) {
                for &(at, pair) in &hits[..count] {
                    let bucket = bucket(pair, bits);
                    let rest = &mut frequent[first[bucket] as usize..];
                    let own = rest.iter_mut().take_while(|frequent| frequent.bucket == bucket);
                    for frequent in own.filter(|frequent| frequent.pair == pair) {
                        frequent.push(passages.at(range.start + at as usize));
                    }
                }
            }
        }
        // a line of the cache at once: the rows lie too far apart to be gone through for each bucket
        for (lists, tile) in lists.chunks_exact_mut(LINE).zip((0..).step_by(LINE)) {
            for (row, block) in rows.chunks_exact(stride).zip((start as u32..).step_by(row_blocks)) {
                for (lists, eight) in lists.chunks_exact_mut(8).zip(row[tile..tile + LINE].as_chunks().0) {
                    let mut found = u64::from_le_bytes(*eight);
                    while found != 0 {
                        let bit = found.trailing_zeros();
                        lists[bit as usize / row_blocks].push(block + bit % row_blocks as u32);
                        found &= found - 1;
                    }
                }
            }
        }
        rows.fill(0);
    }
    lists
}

/// The filter as it lies in the index.
fn write(blocks: &[usize], bits: u32, lists: &[List], frequent: &[Frequent]) -> Vec<u8> {
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
    let blocks = blocks.iter().map(|&start| start as u32);
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
        for number in [*a, *b, passages.numbers, frequent_bytes.len() as u32] {
            bytes.extend(number.to_le_bytes());
        }
    }
    bytes.extend(list_bytes);
    bytes.extend(frequent_bytes);
    bytes
}

/// Puts the bit of a block into the row for each of the next pairs of its text, as many as there is room for hits; `None` if there
/// are no more. The first so many `hits` are then those that fall in watched buckets, with the byte at which each begins: there is no
/// branch for them, which no processor could foresee.
#[inline(never)]
fn mark(
    pairs: &mut impl Iterator<Item = (usize, Pair)>,
    row: &mut [u8],
    bit: u8,
    is_watched: &[u64],
    hits: &mut [(u32, Pair); HITS],
) -> Option<usize> {
    let bits = row.len().ilog2();
    let (mut seen, mut count) = (0, 0);
    for (at, pair) in pairs.take(HITS) {
        let bucket = bucket(pair, bits);
        row[bucket] |= bit;
        hits[count] = (at as u32, pair);
        count += (is_watched[bucket / 64] >> (bucket % 64) & 1) as usize;
        seen += 1;
    }
    (seen > 0).then_some(count)
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
    let mut pairs: HashMap<Pair, Seen, RandomState> = HashMap::default();
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

/// Tells the pairs of the blocks of the sample, each with the passage that it begins in.
fn sample(text: &[u8], ends: &[u32], blocks: &[usize], mut tell: impl FnMut(u32, Pair)) {
    let mut passages = Passages { ends, next: 0 };
    for block in (0..blocks.len()).step_by(SAMPLE.max(blocks.len() / SAMPLED)) {
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

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::store::code;
    use crate::store::pairs::Pairs;

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
                    let mut told = Vec::new();
                    known.each(|passage, count| told.push((passage, count)));
                    prop_assert_eq!(told, counts.into_iter().collect::<Vec<_>>());
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
        let rare: Vec<String> = (0x4e00..0x4e40).map(|c| format!("{}乙", char::from_u32(c).unwrap())).collect();
        let one: usize = rare.iter().map(|pair| read(&[pair])).sum();
        assert_eq!(
            rare.iter().map(|pair| read(&["的了", pair])).sum::<usize>(),
            one,
            "a frequent pair spares nothing more"
        );
        assert!(rare.windows(2).map(|two| read(&[&two[0], &two[1]])).sum::<usize>() < one);
        let known = filter.known(&code::encoded("发展")).expect("it is frequent");
        assert_eq!(known.passages(), 2000);
        assert!(Pairs::open(&bytes[..24], text.len()).is_none(), "cut short");
    }
}
