//! Finds literal text: which passages of a segment hold a [`Pattern`], how often, and where. Exact by scanning, so it
//! knows no words and misses nothing.

pub(crate) mod filter;
pub(crate) mod matching;
pub(crate) mod needle;
pub(crate) mod threads;

use std::ops::Range;

use regex::Regex;
use tantivy::SegmentReader;

use crate::cancel;
use crate::error::Result;
use crate::find::needle::Needle;
use crate::find::threads::{scanned, shared};
use crate::fold::{anchor_with_digits, fold};
use crate::query::amount::Amounts;
use crate::store::ahead::fetched;
use crate::store::code;
use crate::store::pairs;
use crate::store::text::SegmentText;

/// What one part of a query looks for.
pub(crate) enum Pattern {
    /// Folded text in folded text.
    Folded(Needle),
    /// Characters exactly as they are typed, and their [`anchor_with_digits`].
    Verbatim(String, Option<Needle>),
    /// A regular expression over the source's own text.
    Regex(Box<Regex>),
    /// A number in an interval.
    Amount(Amounts),
    /// The first within so many characters of the second, in either order.
    Near(Box<Pattern>, Box<Pattern>, u32),
}

/// A passage that holds a pattern, and how many times one begins in it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Count {
    pub passage: u32,
    pub count: u32,
}

impl Pattern {
    /// The pattern for text as it stands in a query; `text` must not be empty. Of a query such as `“` folding would leave
    /// nothing, so it is taken as typed.
    pub fn new(text: &str) -> Self {
        let folded = fold(text).text;
        match folded.is_empty() {
            true => Pattern::verbatim(text),
            false => Pattern::Folded(Needle::new(&folded)),
        }
    }

    /// The pattern for characters exactly as typed; `text` must not be empty.
    pub fn verbatim(text: &str) -> Self {
        Pattern::Verbatim(text.to_string(), anchor_with_digits(text).map(|anchor| Needle::anywhere(&anchor)))
    }

    /// Text that stands in the paragraph of every match, if there is any.
    pub fn needles(&self) -> Vec<&Needle> {
        match self {
            Pattern::Folded(needle) | Pattern::Verbatim(_, Some(needle)) => vec![needle],
            Pattern::Near(a, b, _) => [a.needles(), b.needles()].concat(),
            Pattern::Verbatim(_, None) | Pattern::Regex(_) | Pattern::Amount(_) => Vec::new(),
        }
    }

    /// Whether a place of the pattern may share characters with one of the other, or with another of its own if that
    /// `is_same`. Of plain text it is known; of anything else it may.
    pub fn may_overlap(&self, other: &Pattern, is_same: bool) -> bool {
        let (Pattern::Folded(a), Pattern::Folded(b)) = (self, other) else { return true };
        let begins_inside = |a: &str, b: &str| {
            let mut ends = a.char_indices().skip(is_same as usize).map(|(at, _)| &a[at..]);
            ends.any(|end| end.starts_with(b) || b.starts_with(end))
        };
        begins_inside(a.text(), b.text()) || begins_inside(b.text(), a.text())
    }

    /// The living passages in which the pattern begins, ascending; at least those within some stretches of whole paragraphs, if
    /// there are such. A match that runs on into the next passage of its paragraph counts where it begins. Cost: a scan,
    /// 4 GB/s at best, of the blocks that the filter lets pass, or of all of the segment's text if it has no filter; a frequent
    /// pair is answered without the text; a regular expression reads every passage.
    pub fn scan(
        &self,
        text: &SegmentText,
        segment: &SegmentReader,
        within: Option<&[Range<usize>]>,
    ) -> Result<Vec<Count>> {
        cancel::go_on()?;
        let candidates: Vec<u32> = match self {
            Pattern::Folded(needle) => return Ok(counts(needle, text, segment, within)),
            Pattern::Near(a, b, _) => {
                let a = a.scan(text, segment, within)?;
                let paragraphs = text.paragraphs(a.iter().map(|count| count.passage));
                let b = b.scan(text, segment, Some(&paragraphs))?;
                let others = text.paragraphs(b.iter().map(|count| count.passage));
                // one may stand in another passage of its paragraph than the other
                let mut candidates: Vec<u32> = Vec::new();
                for (these, paragraphs) in [(a, others), (b, paragraphs)] {
                    candidates.extend(these.iter().map(|count| count.passage).filter(|&passage| {
                        let at = text.range(passage).start;
                        let next = paragraphs.partition_point(|paragraph| paragraph.end <= at);
                        paragraphs.get(next).is_some_and(|paragraph| paragraph.start <= at)
                    }));
                }
                candidates.sort_unstable();
                candidates.dedup();
                candidates
            }
            // the stretch may stand behind the cut that the match runs over
            Pattern::Verbatim(_, Some(needle)) => {
                let mut candidates: Vec<u32> = Vec::new();
                let mut paragraph = 0..0;
                for Count { passage, .. } in counts(needle, text, segment, within) {
                    if !paragraph.contains(&passage) {
                        paragraph = text.paragraph(passage);
                    }
                    candidates.extend(paragraph.start.max(candidates.last().map_or(0, |last| last + 1))..=passage);
                }
                candidates
            }
            Pattern::Amount(amounts) => return self::amounts(amounts, text, segment, within),
            Pattern::Verbatim(_, None) | Pattern::Regex(_) => living(text, segment, within),
        };
        counted(&candidates, |passage| Ok(self.find(text, passage)?.matches.len()))
    }

    /// Where the pattern begins in one passage.
    pub fn find(&self, text: &SegmentText, passage: u32) -> Result<Found> {
        cancel::go_on()?;
        match self {
            Pattern::Folded(needle) => {
                let range = text.range(passage);
                let places: Vec<_> =
                    needle.find_in(text.text(), range.clone()).map(|at| at..at + needle.len()).collect();
                let end = places.last().map_or(range.end, |last| last.end.max(range.end));
                let last = if end > range.end { text.passage_at(end - 1, passage) } else { passage };
                let folded = text.joined(passage..last + 1)?;
                let source = folded.restore();
                let own = match last == passage {
                    true => source.len(),
                    false => text.source(passage)?.len(),
                };
                // where each begins in the folded text, counted on from the one before
                let (mut at, mut before) = (0, range.start);
                let places = places.into_iter().map(|place| {
                    at += code::decoded_len(&text.text()[before..place.start]);
                    before = place.start;
                    at..at + needle.text().len()
                });
                let matches = folded.source_ranges(places).collect();
                Ok(Found { source, own, matches })
            }
            Pattern::Verbatim(verbatim, _) => {
                let mut source = text.source(passage)?;
                let own = source.len();
                let mut next = passage + 1;
                // as far as a match can run on
                while source.len() < own + verbatim.len() && next < text.passages() && !text.opens_paragraph(next) {
                    source += &text.source(next)?;
                    next += 1;
                }
                let mut matches = Vec::new();
                let mut from = 0;
                while let Some(at) = source[from..].find(verbatim.as_str()).map(|at| from + at).filter(|&at| at < own) {
                    matches.push(at..at + verbatim.len());
                    from = at + source[at..].chars().next().map_or(1, char::len_utf8);
                }
                Ok(Found { source, own, matches })
            }
            Pattern::Regex(regex) => {
                let source = text.source(passage)?;
                // ^ and $ stand for the ends of what is shown, not of the blanks and line breaks around it
                let start = source.len() - source.trim_start().len();
                let found = regex.find_iter(source.trim()).map(|found| start + found.start()..start + found.end());
                let matches = found.filter(|range| !range.is_empty()).collect();
                Ok(Found { matches, own: source.len(), source })
            }
            Pattern::Amount(amounts) => {
                let folded = text.folded(passage)?;
                let matches = folded.source_ranges(amounts.find(&folded)).collect();
                let source = folded.restore();
                Ok(Found { own: source.len(), source, matches })
            }
            Pattern::Near(a, b, distance) => near([a, b], *distance as usize, text, passage),
        }
    }
}

/// The places of two patterns in one passage that have one of the other within so many characters of their paragraph. What shares
/// characters is not beside each other.
fn near(patterns: [&Pattern; 2], distance: usize, text: &SegmentText, passage: u32) -> Result<Found> {
    let mut window = around(patterns, distance, text, passage)?;
    let source: String = window.iter().map(|(_, found)| own(&found[0])).collect();
    let mut start = 0;
    let mut places: [Vec<Range<usize>>; 2] = Default::default();
    let mut here = 0..0;
    for (at, found) in &window {
        for (places, found) in places.iter_mut().zip(found) {
            places.extend(found.matches.iter().map(|place| start + place.start..start + place.end));
        }
        let end = start + found[0].own;
        if *at == passage {
            here = start..end;
        }
        start = end;
    }
    // how many characters stand before each end of a place
    let mut ends: Vec<usize> = places.iter().flatten().flat_map(|place| [place.start, place.end]).collect();
    ends.sort_unstable();
    ends.dedup();
    let mut before = vec![0; ends.len()];
    for at in 1..ends.len() {
        // a place at the end may run on behind what was read; nothing is sought there
        before[at] = before[at - 1] + source.get(ends[at - 1]..ends[at]).map_or(0, characters);
    }
    let before = |end: usize| before[ends.partition_point(|&other| other < end)];
    let is_short = |start: usize, end: usize| before(end) - before(start) <= distance;
    let mut matches = Vec::new();
    for (these, those) in [(&places[0], &places[1]), (&places[1], &places[0])] {
        let own = these.iter().filter(|this| here.contains(&this.start));
        let mut ends: Vec<usize> = those.iter().map(|that| that.end).collect();
        ends.sort_unstable();
        let near = own.filter(|this| is_beside(this, those, &ends, is_short));
        matches.extend(near.map(|this| this.start - here.start..this.end - here.start));
    }
    keep_apart(&mut matches, Range::clone);
    let at = window.iter().position(|(at, _)| *at == passage).unwrap_or(0);
    let (_, [a, b]) = window.swap_remove(at);
    let own = a.own;
    Ok(Found { source: if a.source.len() >= b.source.len() { a.source } else { b.source }, own, matches })
}

/// What two patterns find in a passage, and in those around it of its paragraph as far as so many characters reach; in their order.
fn around(
    patterns: [&Pattern; 2],
    distance: usize,
    text: &SegmentText,
    passage: u32,
) -> Result<Vec<(u32, [Found; 2])>> {
    let length = patterns.iter().flat_map(|pattern| pattern.needles()).map(|needle| needle.text().len()).max();
    // a place may run on into the next passage
    let reach = distance + 4 * length.unwrap_or(0);
    let read = |passage: u32| Ok((passage, [patterns[0].find(text, passage)?, patterns[1].find(text, passage)?]));
    let mut window = vec![read(passage)?];
    let before = &mut (0..passage).rev().take_while(|&before| !text.opens_paragraph(before + 1));
    let behind = &mut (passage + 1..text.passages()).take_while(|&behind| !text.opens_paragraph(behind));
    for beside in [before as &mut dyn Iterator<Item = u32>, behind] {
        let mut between = 0;
        for passage in beside {
            let found = read(passage)?;
            between += characters(own(&found.1[0]));
            window.push(found);
            if between > reach {
                break;
            }
        }
    }
    window.sort_by_key(|(passage, _)| *passage);
    Ok(window)
}

/// Whether the gap to one of the places that begin and end so, both ascending, is short. What shares characters with
/// `this` has none.
fn is_beside(
    this: &Range<usize>,
    those: &[Range<usize>],
    ends: &[usize],
    is_short: impl Fn(usize, usize) -> bool,
) -> bool {
    let behind = those.get(those.partition_point(|that| that.start < this.end));
    let before = ends[..ends.partition_point(|&end| end <= this.start)].last();
    behind.is_some_and(|that| is_short(this.end, that.start)) || before.is_some_and(|&end| is_short(end, this.start))
}

/// How many characters of text count: marks that folding drops are no distance.
fn characters(source: &str) -> usize {
    fold(source).text.chars().count()
}

/// The source of a passage alone.
fn own(found: &Found) -> &str {
    &found.source[..found.own]
}

/// The living passages, ascending; those within some stretches alone, if there are such.
fn living(text: &SegmentText, segment: &SegmentReader, within: Option<&[Range<usize>]>) -> Vec<u32> {
    match within {
        Some(stretches) => text.passages_in(stretches).filter(|&passage| !segment.is_deleted(passage)).collect(),
        None => segment.doc_ids_alive().collect(),
    }
}

/// So many passages are read one by one in the time in which two other threads begin and end.
const READ_APART: usize = if cfg!(test) { 2 } else { 64 };

/// Those of the passages in which something is found, with how many times. Cost: divided among the processors.
fn counted(passages: &[u32], count: impl Fn(u32) -> Result<usize> + Sync) -> Result<Vec<Count>> {
    let read = |passages: &[u32]| {
        let counts = passages.iter().map(|&passage| Ok(Count { passage, count: count(passage)? as u32 }));
        counts.filter(|read| !matches!(read, Ok(Count { count: 0, .. }))).collect::<Result<Vec<_>>>()
    };
    let parts: Result<Vec<Vec<Count>>> = shared(passages, |_| 1, READ_APART, read).into_iter().collect();
    Ok(parts?.concat())
}

/// A known passage takes as long to read as so many bytes of text.
const KNOWN: usize = 16;

/// The living passages in which the needle begins, ascending; at least those within some stretches of whole paragraphs, if
/// there are such.
pub(crate) fn counts(
    needle: &Needle,
    text: &SegmentText,
    segment: &SegmentReader,
    within: Option<&[Range<usize>]>,
) -> Vec<Count> {
    let mut counts = Vec::new();
    let bytes = within.map_or(usize::MAX, |within| within.iter().map(Range::len).sum());
    if let Some(known) = text.known(needle.code()).filter(|known| known.passages() < bytes / KNOWN) {
        counts.reserve(known.passages());
        known.each(|passage, count| {
            // what lies behind the last passage is damage
            if passage < text.passages() {
                counts.push(Count { passage, count });
            }
        });
    } else {
        let own = within.is_none().then(|| text.within([needle.code()]));
        let stretches = own.as_deref().or(within).unwrap_or_default();
        let scan = |stretches: &[Range<usize>]| {
            let (mut counts, mut passage): (Vec<Count>, u32) = (Vec::new(), 0);
            let stretches = fetched(text.text(), stretches);
            for at in stretches.flat_map(|stretch| needle.find_in(text.text(), stretch)) {
                passage = text.passage_at(at, passage);
                match counts.last_mut() {
                    Some(last) if last.passage == passage => last.count += 1,
                    _ => counts.push(Count { passage, count: 1 }),
                }
            }
            counts
        };
        counts = scanned(text.text(), stretches, scan).concat();
    }
    if segment.has_deletes() {
        counts.retain(|count| !segment.is_deleted(count.passage));
    }
    counts
}

/// The living passages that hold such an amount, ascending. Read are those alone that hold its unit, or a digit if it has
/// none.
fn amounts(
    amounts: &Amounts,
    text: &SegmentText,
    segment: &SegmentReader,
    within: Option<&[Range<usize>]>,
) -> Result<Vec<Count>> {
    let traces: Vec<Needle> = amounts.traces().map(Needle::new).collect();
    let mut candidates: Vec<u32> = match traces.as_slice() {
        [] => {
            let has_digit = |passage: &u32| text.text()[text.range(*passage)].iter().any(u8::is_ascii_digit);
            living(text, segment, within).into_iter().filter(has_digit).collect()
        }
        traces => {
            let traces = traces.iter().flat_map(|needle| counts(needle, text, segment, within));
            traces.map(|count| count.passage).collect()
        }
    };
    candidates.sort_unstable();
    candidates.dedup();
    counted(&candidates, |passage| {
        cancel::go_on()?;
        Ok(amounts.find(&text.folded(passage)?).count())
    })
}

/// Bytes of each stretch that is read to estimate a frequency.
const SAMPLE: usize = 4096;

/// In how many passages the needle begins: living ones, or with `samples` about how many, from so many stretches where
/// to count them is not cheap.
pub(crate) fn frequency(needle: &Needle, text: &SegmentText, segment: &SegmentReader, samples: Option<usize>) -> u64 {
    if samples.is_none() && segment.has_deletes() {
        return counts(needle, text, segment, None).len() as u64;
    }
    if let Some(known) = text.known(needle.code()) {
        return known.passages() as u64;
    }
    let ranges = text.within([needle.code()]);
    let bytes: usize = ranges.iter().map(|range| range.len()).sum();
    let found = |range: Range<usize>, known: &mut Option<u32>| {
        let places = needle.find_in(text.text(), range).filter(|&at| {
            let passage = text.passage_at(at, known.unwrap_or(0));
            known.replace(passage) != Some(passage)
        });
        places.count()
    };
    // the passage that was counted last
    let mut known = None;
    // a text without filter is read whole: it is short, and a sample of it would tell rare from absent by luck
    let samples = samples.filter(|samples| bytes > samples * SAMPLE);
    let Some(samples) = samples.filter(|_| bytes < text.text().len() || bytes >= pairs::SMALLEST) else {
        return fetched(text.text(), &ranges).map(|range| found(range, &mut known)).sum::<usize>() as u64;
    };
    let step = bytes / samples;
    let (mut stretches, mut skipped) = (Vec::with_capacity(samples + 1), 0);
    for range in ranges {
        let mut at = range.start;
        while at < range.end {
            let wait = step.saturating_sub(skipped).min(range.end - at);
            if skipped < step && !stretches.is_empty() {
                skipped += wait;
                at += wait;
                continue;
            }
            let end = range.end.min(at + SAMPLE);
            stretches.push(at..end);
            skipped = end - at;
            at = end;
        }
    }
    let read: usize = stretches.iter().map(Range::len).sum();
    let count: usize = fetched(text.text(), &stretches).map(|stretch| found(stretch, &mut known)).sum();
    (count as f64 * bytes as f64 / read.max(1) as f64).round() as u64
}

/// The places of a pattern in one passage.
pub(crate) struct Found {
    /// The source of the passage, and of those behind it into which a match runs on.
    pub source: String,
    /// How many bytes of it are the passage's own.
    pub own: usize,
    /// The matches, ranges of its bytes, ascending.
    pub matches: Vec<Range<usize>>,
}

/// Of those whose ranges share something, keeps the one that begins first, and of equals the longest.
pub(crate) fn keep_apart<T>(all: &mut Vec<T>, range: impl Fn(&T) -> Range<usize>) {
    all.sort_by_key(|one| (range(one).start, std::cmp::Reverse(range(one).end)));
    let mut end = 0;
    all.retain(|one| {
        let range = range(one);
        let is_free = range.start >= end;
        if is_free {
            end = range.end;
        }
        is_free
    });
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn beside_one_of_many_as_beside_each(
            this in 0usize..50,
            length in 1usize..6,
            places in prop::collection::vec((0usize..50, 1usize..6), 0..8),
            distance in 0usize..9,
        ) {
            let this = this..this + length;
            let mut those: Vec<Range<usize>> = places.into_iter().map(|(start, length)| start..start + length).collect();
            those.sort_by_key(|that| that.start);
            let mut ends: Vec<usize> = those.iter().map(|that| that.end).collect();
            ends.sort_unstable();
            let is_short = |start: usize, end: usize| end - start <= distance;
            let is_near = |that: &Range<usize>| {
                let (first, second) = if this.start <= that.start { (&this, that) } else { (that, &this) };
                first.end <= second.start && is_short(first.end, second.start)
            };
            prop_assert_eq!(is_beside(&this, &those, &ends, is_short), those.iter().any(is_near));
        }
    }
}
