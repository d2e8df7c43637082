//! Runs of characters that two texts have in common: the one mechanism behind copies, quotations and differences. A
//! text is compared folded, character by character. Every run of K characters (a gram) has a rolling hash, so that a
//! text is searched for all grams of another in one pass; what a hash finds, the characters prove.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use similar::{Algorithm, DiffTag, capture_diff_slices};

/// A multiplier for the rolling hash (Rabin and Karp 1987), odd and with well mixed bits.
const BASE: u64 = 0x9e37_79b9_7f4a_7c15;

/// Bits of the filter that spares most lookups.
const FILTER: usize = 1 << 18;

/// Of a gram that stands in many places, so many are tried: repeats of repeats add nothing.
const TRIED: usize = 64;

/// The grams of a text.
pub(crate) struct Grams<'t> {
    text: &'t [char],
    k: usize,
    places: HashMap<u64, Vec<u32>>,
    filter: Vec<u64>,
}

impl<'t> Grams<'t> {
    /// All runs of `k` characters of `text`. Cost: one pass, and some tens of bytes a character.
    pub fn new(text: &'t [char], k: usize) -> Self {
        let mut places: HashMap<u64, Vec<u32>> = HashMap::with_capacity(text.len());
        let mut filter = vec![0; FILTER / 64];
        each_hash(text, k, |at, hash| {
            places.entry(hash).or_default().push(at as u32);
            let bit = bit(hash);
            filter[bit / 64] |= 1 << (bit % 64);
        });
        Grams { text, k, places, filter }
    }

    /// Characters of a gram.
    pub fn k(&self) -> usize {
        self.k
    }

    /// Tells every place of `other` at which a gram stands, with the places of that gram in this text. Cost: one pass.
    pub fn each_in(&self, other: &[char], mut tell: impl FnMut(usize, &[u32])) {
        each_hash(other, self.k, |at, hash| {
            let bit = bit(hash);
            if self.filter[bit / 64] & 1 << (bit % 64) == 0 {
                return;
            }
            if let Some(places) = self.places.get(&hash)
                && places.iter().any(|&place| self.text[place as usize..][..self.k] == other[at..at + self.k])
            {
                tell(at, places);
            }
        });
    }

    /// The runs of at least `k` characters that `draft` shares with this text, in the order of the draft and without
    /// overlaps in it: a character of the draft is in one of them exactly if one of its grams stands in this text. Of
    /// several places the one with the longest run is taken, of equals the one that goes on behind the last.
    pub fn runs(&self, draft: &[char]) -> Vec<Run> {
        self.aligned(draft, |_, _| true, |_, _| usize::MAX)
    }

    /// The runs that the text has twice: each with a later place of the same text, which it does not reach into.
    pub fn repeats(&self) -> Vec<Run> {
        self.aligned(self.text, |at, place| place > at, |at, place| place - at)
    }

    /// For each character of the text, whether it is in a gram that stands before as well, without sharing characters with it.
    pub fn again(&self) -> Vec<bool> {
        let mut again = vec![false; self.text.len()];
        self.each_in(self.text, |at, places| {
            let earlier = places.iter().map(|&place| place as usize).take_while(|place| place + self.k <= at);
            let gram = &self.text[at..at + self.k];
            if earlier.into_iter().any(|place| self.text[place..place + self.k] == *gram) {
                again[at..at + self.k].fill(true);
            }
        });
        again
    }

    fn aligned(
        &self,
        draft: &[char],
        may: impl Fn(usize, usize) -> bool,
        longest: impl Fn(usize, usize) -> usize,
    ) -> Vec<Run> {
        let mut hashes = vec![0; (draft.len() + 1).saturating_sub(self.k)];
        each_hash(draft, self.k, |at, hash| hashes[at] = hash);
        let mut runs: Vec<Run> = Vec::new();
        let (mut at, mut covered, mut expected) = (0, 0, 0isize);
        while at < hashes.len() {
            let places = self.places.get(&hashes[at]).map_or(&[][..], Vec::as_slice);
            let allowed = places.iter().map(|&place| place as usize).filter(|&place| may(at, place)).take(TRIED);
            let length = |place: usize| {
                let pairs = draft[at..].iter().zip(&self.text[place..]).take(longest(at, place));
                pairs.take_while(|(a, b)| a == b).count()
            };
            let best = allowed
                .map(|place| (length(place), place))
                .filter(|(length, _)| *length >= self.k && at + length > covered)
                .max_by_key(|&(length, place)| {
                    (length, place as isize - at as isize == expected, std::cmp::Reverse(place))
                });
            let Some((length, place)) = best else {
                at += 1;
                continue;
            };
            let skip = covered.saturating_sub(at);
            runs.push(Run { draft: at + skip..at + length, other: place + skip..place + length });
            covered = at + length;
            expected = place as isize - at as isize;
            at = (covered + 1).saturating_sub(self.k).max(at + 1);
        }
        runs
    }
}

/// A run of characters that two texts share.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Run {
    pub draft: Range<usize>,
    pub other: Range<usize>,
}

fn bit(hash: u64) -> usize {
    (hash >> 40) as usize % FILTER
}

/// Tells the place and the hash of every run of `k` characters.
fn each_hash(text: &[char], k: usize, mut tell: impl FnMut(usize, u64)) {
    if k == 0 || text.len() < k {
        return;
    }
    let highest = (1..k).fold(1u64, |power, _| power.wrapping_mul(BASE));
    let value = |c: char| (c as u64 + 1).wrapping_mul(0xff51_afd7_ed55_8ccd);
    let mut hash = 0u64;
    for (at, &c) in text.iter().enumerate() {
        if at >= k {
            hash = hash.wrapping_sub(value(text[at - k]).wrapping_mul(highest));
        }
        hash = hash.wrapping_mul(BASE).wrapping_add(value(c));
        if at + 1 >= k {
            tell(at + 1 - k, hash);
        }
    }
}

/// A stretch of two texts: equal, or gone from the first and new in the second.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Change {
    pub old: Range<usize>,
    pub new: Range<usize>,
    pub is_same: bool,
}

/// Equal characters between two changes are no island to a reader if they are fewer than this.
const ISLAND: usize = 2;

/// What is equal, gone and new between two texts, in order; a number changes as a whole, and single equal characters inside
/// a change are part of it. Cost: the product of length and difference (Myers 1986).
pub(crate) fn changes(old: &[char], new: &[char]) -> Vec<Change> {
    let (old_pieces, new_pieces) = (numbers_whole(old), numbers_whole(new));
    let ends = |pieces: &[&[char]]| {
        let sums = pieces.iter().scan(0, |sum, piece| {
            *sum += piece.len();
            Some(*sum)
        });
        std::iter::once(0).chain(sums).collect::<Vec<_>>()
    };
    let (old_ends, new_ends) = (ends(&old_pieces), ends(&new_pieces));
    let mut list: Vec<Change> = Vec::new();
    let operations = capture_diff_slices(Algorithm::Myers, &old_pieces, &new_pieces);
    let count = operations.len();
    for (at, operation) in operations.into_iter().enumerate() {
        let (tag, old, new) = operation.as_tag_tuple();
        let (old, new) = (old_ends[old.start]..old_ends[old.end], new_ends[new.start]..new_ends[new.end]);
        let is_inner = at > 0 && at + 1 < count;
        let is_same = tag == DiffTag::Equal && !(is_inner && old.len() < ISLAND);
        match list.last_mut() {
            Some(last) if last.is_same == is_same => {
                last.old.end = old.end;
                last.new.end = new.end;
            }
            _ => list.push(Change { old, new, is_same }),
        }
    }
    list
}

/// The pairs of neighbouring characters.
pub(crate) fn bigrams(text: &[char]) -> HashSet<[char; 2]> {
    text.windows(2).map(|pair| [pair[0], pair[1]]).collect()
}

/// The characters one by one, but those of a number together.
fn numbers_whole(text: &[char]) -> Vec<&[char]> {
    let is_number = |c: &char| c.is_ascii_digit() || ('０'..='９').contains(c) || *c == '.';
    text.chunk_by(|a, b| is_number(a) && is_number(b)).collect()
}

/// How alike two texts are: twice the equal characters as a share of both (Dice 1945), from 0 to 1.
pub(crate) fn likeness(changes: &[Change]) -> f64 {
    let all: usize = changes.iter().map(|change| change.old.len() + change.new.len()).sum();
    let same: usize = changes.iter().filter(|change| change.is_same).map(|change| 2 * change.old.len()).sum();
    if all == 0 { 1.0 } else { same as f64 / all as f64 }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn chars(text: &str) -> Vec<char> {
        text.chars().collect()
    }

    /// Which characters of `draft` are in a run of `k` that stands in `other`: slowly and obviously.
    fn covered(draft: &[char], other: &[char], k: usize) -> Vec<bool> {
        let mut marked = vec![false; draft.len()];
        for at in 0..(draft.len() + 1).saturating_sub(k) {
            if other.windows(k).any(|gram| gram == &draft[at..at + k]) {
                marked[at..at + k].fill(true);
            }
        }
        marked
    }

    proptest! {
        #[test]
        fn runs_cover_what_the_slow_search_covers(draft in "[甲乙丙]{0,60}", other in "[甲乙丙]{0,60}", k in 1usize..6) {
            let (draft, other) = (chars(&draft), chars(&other));
            let runs = Grams::new(&other, k).runs(&draft);
            let mut marked = vec![false; draft.len()];
            for run in &runs {
                prop_assert_eq!(&draft[run.draft.clone()], &other[run.other.clone()]);
                prop_assert!(marked[run.draft.clone()].iter().all(|marked| !marked));
                marked[run.draft.clone()].fill(true);
            }
            prop_assert_eq!(marked, covered(&draft, &other, k));
        }

        #[test]
        fn grams_are_found_where_the_slow_search_finds_them(text in "[甲乙]{0,30}", other in "[甲乙]{0,40}", k in 1usize..5) {
            let (text, other) = (chars(&text), chars(&other));
            let mut found = Vec::new();
            Grams::new(&text, k).each_in(&other, |at, _| found.push(at));
            let slow: Vec<usize> = (0..(other.len() + 1).saturating_sub(k))
                .filter(|&at| text.windows(k).any(|gram| gram == &other[at..at + k]))
                .collect();
            prop_assert_eq!(found, slow);
        }

        #[test]
        fn changes_rebuild_both_texts(old in "[甲乙丙丁]{0,30}", new in "[甲乙丙丁]{0,30}") {
            let (old, new) = (chars(&old), chars(&new));
            let changes = changes(&old, &new);
            let olds: Vec<char> = changes.iter().flat_map(|change| old[change.old.clone()].to_vec()).collect();
            let news: Vec<char> = changes.iter().flat_map(|change| new[change.new.clone()].to_vec()).collect();
            prop_assert_eq!(&olds, &old);
            prop_assert_eq!(&news, &new);
            for change in changes.iter().filter(|change| change.is_same) {
                prop_assert_eq!(&old[change.old.clone()], &new[change.new.clone()]);
            }
        }
    }

    #[test]
    fn a_repeat_does_not_reach_into_itself() {
        let text = chars("甲乙丙丁戊甲乙丙丁己");
        assert_eq!(Grams::new(&text, 4).repeats(), [Run { draft: 0..4, other: 5..9 }]);
        let text = chars("甲甲甲甲甲甲");
        assert!(Grams::new(&text, 3).repeats().iter().all(|run| run.draft.end <= run.other.start));
    }
}
