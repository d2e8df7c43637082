//! Cuts a text into words of Han: the likeliest sequence, and inside each word the shorter ones that jieba's search mode adds.
//! [`Dictionary::cut`] is the entry point.
//!
//! # How it is fast
//!
//! A whole passage is cut at once, its punctuation with it. Passes from the left decode the text and look up, without a
//! branch, which words of two and of three characters end at each character: each pass does little for a character, so that
//! the processor waits for the nodes of many at once. One pass from the right chooses the words and follows the table
//! further only where three characters begin a longer word. Nothing is allocated once [`Scratch`] has grown.

use std::hint::select_unpredictable;
use std::ops::Range;

use crate::words::dictionary::{Dictionary, Table, WALL, base, id, weight};

/// Places behind the last character, where nothing ends: looking ahead needs no check.
const BEHIND: usize = 3;

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

impl Dictionary {
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
}

impl Table<'_> {
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

#[cfg(test)]
#[path = "../../tests/dictionary/corpus.rs"]
mod corpus;
#[cfg(test)]
#[path = "../../tests/dictionary/damage.rs"]
mod damage;
#[cfg(test)]
#[path = "../../tests/dictionary/same_as_jieba.rs"]
mod same_as_jieba;
