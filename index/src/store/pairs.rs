//! Where in a long text, in its [`code`], a string can stand at all: a filter over pairs of neighbouring characters, so
//! that a search reads a few blocks and not the whole text. It never decides what is found. What it lets pass is
//! compared with the text, so pairs that share a bucket cost time and no truth.
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
//! | lists | for each bucket its blocks, ascending: the low bits (u8), then the distances (see [`rice`](super::rice)) |
//! | frequent lists | for each pair its passages, ascending: the low bits (u8), then for each its distance and its count less 1 (with no low bits) |

use std::ops::{Range, RangeInclusive};

use crate::store::code;
use crate::store::rice::Numbers;

/// Texts of fewer bytes have no filter. At 6 MB it cuts a query from 0.3 to 0.1 ms and makes the index a fifth larger
/// (22 % for 2.3 MB of code, 18 % for 6.2 MB); a question asks for the rarity of each of its pairs besides, which a filter
/// answers in a tenth of the time from 1 MB on. What is fuzzed is short.
pub(crate) const SMALLEST: usize = if cfg!(fuzzing) { 256 } else { 1 << 20 };

/// A list of more bytes for each block that is left takes longer to read than the blocks that it could spare.
const WORTH: usize = 16;

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

    /// Tells the passages, ascending, each with how often the pair begins in it. Of a damaged list there may be some
    /// that are none.
    pub fn each(&self, mut tell: impl FnMut(u32, u32)) {
        let (low, list) = split_low(self.list);
        let mut next = 0u32;
        Numbers::new(list).each([low, 0], |[distance, more]| {
            let passage = next.saturating_add(distance);
            next = passage.saturating_add(1);
            tell(passage, more.saturating_add(1));
        });
    }
}

/// The filter of a text, or what does as one when the text is too short to have any.
#[derive(Clone, Copy)]
pub(crate) struct Pairs<'a> {
    bytes: &'a [u8],
    text: usize,
}

/// Two neighbouring characters, as [`code::units`] has them.
pub(crate) type Pair = (u32, u32);

/// The pairs within the paragraphs of `text`, with the byte at which each begins.
pub(crate) fn pairs(text: &[u8]) -> impl Iterator<Item = (usize, Pair)> + '_ {
    const END: u32 = b'\n' as u32;
    let mut before = (0, END);
    code::units(text).filter_map(move |next| {
        let (at, a) = std::mem::replace(&mut before, next);
        (a != END && next.1 != END).then_some((at, (a, next.1)))
    })
}

/// Fibonacci hashing (Knuth, The Art of Computer Programming 3, section 6.4): the upper bits of a product are well mixed.
pub(crate) fn bucket((a, b): Pair, bits: u32) -> usize {
    let pair = (a as u64) << 32 | b as u64;
    (pair.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> (64 - bits)) as usize
}

/// A pair with a digit may be a piece of a longer number; only the text can tell.
pub(crate) fn may_be_frequent((a, b): Pair) -> bool {
    const DIGITS: RangeInclusive<u32> = b'0' as u32..=b'9' as u32;
    !DIGITS.contains(&a) && !DIGITS.contains(&b)
}

impl<'a> Pairs<'a> {
    /// Reads what [`build`](super::lists::build) made for a text of `text` bytes. Empty `bytes` filter nothing. `None`
    /// if they cannot be its work.
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
        let mut left = vec![0; self.number(0).div_ceil(64)];
        mark(shortest, &mut left);
        let mut others = vec![0; left.len()];
        // a list is worth reading while it takes less time than the blocks that it could spare
        for list in lists {
            let count = left.iter().map(|word| word.count_ones() as usize).sum::<usize>();
            if count < 4 || list.len() > WORTH * count {
                break;
            }
            mark(list, &mut others);
            left.iter_mut().zip(&others).for_each(|(word, other)| *word &= other);
        }
        let mut within: Vec<Range<usize>> = Vec::new();
        for block in ones(&left) {
            let range = self.block(block)..self.end(block);
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

/// Makes `bits` those of an ascending list of numbers.
fn mark(list: &[u8], bits: &mut [u64]) {
    bits.fill(0);
    let (low, list) = split_low(list);
    let mut next = 0u32;
    Numbers::new(list).each([low], |[distance]| {
        let number = next.wrapping_add(distance);
        next = number.wrapping_add(1);
        // what lies behind the last block is damage
        if let Some(word) = bits.get_mut(number as usize / 64) {
            *word |= 1 << (number % 64);
        }
    });
}

/// The places of the ones, ascending.
fn ones(bits: &[u64]) -> impl Iterator<Item = usize> + '_ {
    bits.iter().zip((0..).step_by(64)).flat_map(|(&word, start)| {
        let mut rest = word;
        std::iter::from_fn(move || {
            let place = start + rest.trailing_zeros() as usize;
            (rest != 0).then(|| {
                rest &= rest - 1;
                place
            })
        })
    })
}
