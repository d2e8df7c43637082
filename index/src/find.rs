//! Finds literal text: which passages of a segment hold a [`Pattern`], how often, and where. Exact by scanning, so it
//! knows no words and misses nothing.

use std::ops::Range;

use memchr::memmem;
use tantivy::SegmentReader;

use crate::error::Result;
use crate::fold::{Folded, fold};
use crate::text::SegmentText;

/// What one part of a query looks for.
pub(crate) enum Pattern {
    /// Folded text in folded text.
    Folded(Needle),
    /// Characters exactly as they are typed. Folding would leave nothing of a query such as `“`.
    Verbatim(String),
}

/// A passage that holds a pattern, and how many times one begins in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Count {
    pub passage: u32,
    pub count: u32,
}

impl Pattern {
    /// The pattern for text as it stands in a query; `text` must not be empty.
    pub fn new(text: &str) -> Self {
        let folded = fold(text).text;
        match folded.is_empty() {
            true => Pattern::Verbatim(text.to_string()),
            false => Pattern::Folded(Needle::new(&folded)),
        }
    }

    /// The living passages in which the pattern begins, ascending. A match that runs on into the next passage of its
    /// paragraph counts where it begins. Cost: a scan of the segment's text, 4 GB/s at best.
    pub fn scan(&self, text: &SegmentText, segment: &SegmentReader) -> Result<Vec<Count>> {
        let mut counts: Vec<Count> = Vec::new();
        match self {
            Pattern::Folded(needle) => {
                let mut passage = 0;
                for at in needle.find_in(text.text(), 0..text.text().len()) {
                    passage = text.passage_at(at, passage);
                    match counts.last_mut() {
                        Some(last) if last.passage == passage => last.count += 1,
                        _ => counts.push(Count { passage, count: 1 }),
                    }
                }
                if segment.has_deletes() {
                    counts.retain(|count| !segment.is_deleted(count.passage));
                }
            }
            Pattern::Verbatim(_) => {
                for passage in segment.doc_ids_alive() {
                    let count = self.find(text, passage)?.matches.len() as u32;
                    if count > 0 {
                        counts.push(Count { passage, count });
                    }
                }
            }
        }
        Ok(counts)
    }

    /// Where the pattern begins in one passage.
    pub fn find(&self, text: &SegmentText, passage: u32) -> Result<Found> {
        match self {
            Pattern::Folded(needle) => {
                let range = text.range(passage);
                let places: Vec<_> =
                    needle.find_in(text.text(), range.clone()).map(|at| at..at + needle.len()).collect();
                let end = places.last().map_or(range.end, |last| last.end.max(range.end));
                let last = if end > range.end { text.passage_at(end - 1, passage) } else { passage };
                let folded = text.folded(passage..last + 1)?;
                let matches = places
                    .into_iter()
                    .map(|place| folded.source_range(place.start - range.start..place.end - range.start))
                    .collect();
                Ok(Found { folded, matches })
            }
            Pattern::Verbatim(verbatim) => {
                let folded = text.folded(passage..passage + 1)?;
                let source = folded.restore();
                let matches = source.match_indices(verbatim.as_str()).map(|(at, _)| at..at + verbatim.len()).collect();
                Ok(Found { folded, matches })
            }
        }
    }
}

/// The places of a pattern in one passage.
pub(crate) struct Found {
    /// The passage, and the passages behind it into which a match runs on.
    pub folded: Folded,
    /// The matches, ranges of bytes of its source.
    pub matches: Vec<Range<usize>>,
}

/// Folded text to look for, with the rule that a number is never found inside a longer one.
pub(crate) struct Needle {
    /// Boxed, since it is large and a pattern may have none.
    finder: Box<memmem::Finder<'static>>,
    begins_with_digit: bool,
    ends_with_digit: bool,
    /// Length of the first character: where the next match may begin.
    first: usize,
}

impl Needle {
    /// `folded` must not be empty.
    pub fn new(folded: &str) -> Self {
        let bytes = folded.as_bytes();
        Needle {
            finder: Box::new(memmem::Finder::new(bytes).into_owned()),
            begins_with_digit: bytes.first().is_some_and(u8::is_ascii_digit),
            ends_with_digit: bytes.last().is_some_and(u8::is_ascii_digit),
            first: folded.chars().next().map_or(1, char::len_utf8),
        }
    }

    /// Length in bytes.
    pub fn len(&self) -> usize {
        self.finder.needle().len()
    }

    /// The places in `text` that begin in `range` where the needle stands, overlapping ones too.
    pub fn find_in<'n>(&'n self, text: &'n [u8], range: Range<usize>) -> impl Iterator<Item = usize> + 'n {
        let end = (range.end + self.len()).saturating_sub(1).min(text.len());
        let mut from = range.start;
        std::iter::from_fn(move || {
            loop {
                let at = from + self.finder.find(text.get(from..end)?)?;
                from = at + self.first;
                if self.stands_alone(text, at) {
                    return Some(at);
                }
            }
        })
    }

    /// Whether the match at `at` is not a piece of a longer number: no digit beside a digit, nor a point or plus with a
    /// digit behind it.
    fn stands_alone(&self, text: &[u8], at: usize) -> bool {
        let digit = |at: usize| text.get(at).is_some_and(u8::is_ascii_digit);
        let link = |at: usize| matches!(text.get(at), Some(b'.' | b'+'));
        let end = at + self.len();
        let before = self.begins_with_digit && at > 0 && (digit(at - 1) || at > 1 && link(at - 1) && digit(at - 2));
        let behind = self.ends_with_digit && (digit(end) || link(end) && digit(end + 1));
        !before && !behind
    }
}
