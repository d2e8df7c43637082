//! Looks for a quotation in all documents: word for word, nearly, or not at all. What is near is found by the grams it shares
//! and judged by the characters that differ.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::ops::Range;

use serde::Serialize;

use crate::compare::grams::{Change, Grams, changes, likeness};
use crate::compare::plain::Plain;
use crate::compare::reference::{bibtex, gb7714, reference};
use crate::document::{Document, Meta, heading_path};
use crate::error::Result;
use crate::find::needle::stands_alone;
use crate::index::Index;
use crate::patterns::{Pattern, patterns};
use crate::rank::results::{DocumentInfo, RESULTS_SCHEMA};
use crate::store::record::day;

/// Characters of the grams that lead to what is near.
const GRAM: usize = 4;

/// Less alike than this is another sentence; see [`Quoted::likeness`].
const NEAR: f64 = 0.6;

/// So many equal pieces are tried as the last one of a quotation, and as the first: each costs the product of both lengths, so of a
/// long quotation, where a clause at its ends weighs little, one is.
const ENDS: usize = 6;

/// A quotation of more folded characters than this is long.
const LONG: usize = 1_000;

/// So many places are looked at closely.
const LOOKED_AT: usize = 12;

patterns! {
    // what stands for words that a quotation leaves out
    OMISSION = r"…+|⋯+|\.{3,}|[（(〔［\[]略[）)〕］\]]";
}

/// Where a quotation stands.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Citation {
    /// The name and version of this form of answer.
    pub schema: &'static str,
    /// What was asked for.
    pub quote: String,
    /// `exact` if some document holds it, `near` if one holds something like it, else `none`.
    pub found: Standing,
    /// How many documents hold it word for word.
    pub exact: usize,
    /// Where: the first place in each document that holds it, the newest report first; if none does, the nearest place of those that
    /// come nearest, the most alike first.
    pub places: Vec<Quoted>,
}

/// How a quotation stands in the documents.
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Standing {
    /// Word for word, but for what folding makes equal: width, quotes, traditional characters. Of a quotation with omissions
    /// (…, ……, （略）) each piece does, one behind the other.
    Exact,
    /// With differences.
    Near,
    /// Not at all.
    None,
}

/// A place of a quotation.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Quoted {
    /// Word for word, or nearly.
    pub standing: Standing,
    /// Whether every character is that of the source, marks and all.
    pub verbatim: bool,
    /// The document.
    pub document: DocumentInfo,
    /// The headings above it, outermost first.
    pub path: Vec<String>,
    /// The line on which it begins, from 1.
    pub line: u32,
    /// The lines on which its pieces begin: of a quotation without omissions that one.
    pub lines: Vec<u32>,
    /// The source's own characters; what the quotation leaves out is `……`.
    pub text: String,
    /// Twice the equal characters as a share of both texts, from 0 to 1.
    pub likeness: f64,
    /// From the quotation to the source.
    pub changes: Vec<Piece>,
}

/// A piece of a changed text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct Piece {
    /// What became of it.
    pub kind: PieceKind,
    /// Its characters.
    pub text: String,
}

/// What became of a piece of text.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum PieceKind {
    /// It stands in both.
    Same,
    /// It stands only in the first.
    Gone,
    /// It stands only in the second.
    New,
}

/// Looks for `quote` in all documents of `index`, and tells at most `limit` of them. Cost: reads all text once.
pub fn cite(index: &Index, quote: &str, limit: usize) -> Result<Citation> {
    let asked = Plain::new(quote);
    let mut citation = Citation {
        schema: RESULTS_SCHEMA,
        quote: quote.to_string(),
        found: Standing::None,
        exact: 0,
        places: Vec::new(),
    };
    if asked.chars.is_empty() {
        return Ok(citation);
    }
    let kept = kept(quote);
    let grams = Grams::new(&asked.chars, GRAM.min(asked.chars.len()));
    let mut exact: Vec<(Reverse<u32>, String, usize)> = Vec::new();
    let mut near: Vec<(Reverse<usize>, String, usize)> = Vec::new();
    index.each_text(|head, _, text| {
        let whole = standing(&asked.chars, text, 0);
        if let Some(at) = whole.or_else(|| Some(in_order(&kept, text, 0)?.first()?.start)) {
            exact.push((Reverse(day(head.date, head.year)), head.id.to_string(), at));
        } else if exact.is_empty()
            && let Some((votes, at)) = best_window(&grams, text, asked.chars.len())
        {
            near.push((Reverse(votes), head.id.to_string(), at));
        }
        Ok(())
    })?;
    citation.exact = exact.len();
    exact.sort();
    near.sort();
    let candidates: Vec<(String, usize)> = match exact.is_empty() {
        true => near.into_iter().take(LOOKED_AT.max(limit)).map(|(_, id, at)| (id, at)).collect(),
        // of none it is to be said all the same that there are some
        false => exact.into_iter().take(limit.max(1)).map(|(_, id, at)| (id, at)).collect(),
    };
    for (id, at) in candidates {
        let Some(document) = index.document(&id)? else { continue };
        citation.places.extend(place(quote, &asked.chars, &kept, &document, at));
    }
    let given = |meta: &Meta| Reverse(day(meta.date.as_deref(), meta.year));
    let key = |one: &Quoted| (one.standing, (-one.likeness * 1e6) as i64, given(&one.document.meta));
    citation.places.sort_by_key(key);
    citation.found = citation.places.first().map_or(Standing::None, |first| first.standing);
    citation.places.truncate(limit);
    Ok(citation)
}

/// Where a quotation stands in a document: word for word, in its pieces, or nearly around the character `at`.
fn place(quote: &str, asked: &[char], kept: &[Vec<char>], document: &Document, at: usize) -> Option<Quoted> {
    let plain = Plain::of(document);
    let whole = standing(asked, &plain.chars, 0);
    if whole.is_none()
        && let Some(stretches) = closest_in_order(kept, &plain.chars)
    {
        return Some(omitting(quote, document, &plain, &stretches));
    }
    let (range, standing) = match whole {
        Some(start) => (start..start + asked.len(), Standing::Exact),
        None => (nearest(asked, &plain.chars, at)?, Standing::Near),
    };
    let between = changes(asked, &plain.chars[range.clone()]);
    let alike = likeness(&between);
    let line = plain.lines(range.clone())[0];
    (alike >= NEAR).then(|| Quoted {
        standing,
        verbatim: document.text.contains(quote.trim()),
        path: path(document, &plain, range.start),
        line,
        lines: vec![line],
        text: plain.shown(range.clone()),
        likeness: alike,
        changes: pieces(&between, asked, &plain.chars[range]),
        document: DocumentInfo::of(document),
    })
}

/// What a quotation with omissions keeps, in its pieces; nothing of one without.
fn kept(quote: &str) -> Vec<Vec<char>> {
    let pieces = OMISSION.split(quote).map(|piece| Plain::new(piece).chars).filter(|chars| !chars.is_empty());
    if OMISSION.is_match(quote) { pieces.collect() } else { Vec::new() }
}

/// Where the pieces stand in `text` from `from` on, one behind the other, each as early as it can.
fn in_order(pieces: &[Vec<char>], text: &[char], from: usize) -> Option<Vec<Range<usize>>> {
    let mut from = from;
    let stretch = |piece: &Vec<char>| {
        let start = standing(piece, text, from)?;
        from = start + piece.len();
        Some(start..from)
    };
    pieces.iter().map(stretch).collect()
}

/// The same where they stand closest together.
fn closest_in_order(pieces: &[Vec<char>], text: &[char]) -> Option<Vec<Range<usize>>> {
    let mut from = 0;
    let length = |stretches: &Vec<Range<usize>>| stretches[stretches.len() - 1].end - stretches[0].start;
    let all = std::iter::from_fn(|| {
        let end = in_order(pieces, text, from)?.last()?.end;
        // of all that end there the one that begins last; to look from each on would read what lies between once for each
        let start = pieces.iter().rev().try_fold(end, |end, piece| last_standing(piece, text, end))?;
        from = start + 1;
        in_order(pieces, text, start)
    });
    all.min_by_key(length)
}

/// The place of a quotation with omissions.
fn omitting(quote: &str, document: &Document, plain: &Plain<'_>, stretches: &[Range<usize>]) -> Quoted {
    let lines: Vec<u32> = stretches.iter().map(|stretch| plain.lines(stretch.clone())[0]).collect();
    let shown: Vec<String> = stretches.iter().map(|stretch| plain.shown(stretch.clone())).collect();
    let text = shown.join("……");
    Quoted {
        standing: Standing::Exact,
        verbatim: OMISSION.split(quote).all(|piece| document.text.contains(piece.trim())),
        document: DocumentInfo::of(document),
        path: path(document, plain, stretches[0].start),
        line: lines[0],
        lines,
        likeness: 1.0,
        changes: vec![Piece { kind: PieceKind::Same, text: text.clone() }],
        text,
    }
}

/// The headings above a character.
fn path(document: &Document, plain: &Plain<'_>, at: usize) -> Vec<String> {
    let start = plain.source_range(at..at + 1).start;
    let passage = document.passages.iter().find(|passage| passage.range.contains(&start));
    passage.map_or(Vec::new(), |passage| heading_path(&document.sections, passage.section))
}

/// Where `asked` stands in `text` first from `from` on, and not within a longer number.
fn standing(asked: &[char], text: &[char], from: usize) -> Option<usize> {
    (from..text.len()).find(|&at| stands_at(asked, text, at))
}

/// Where it stands last and ends at `end` or before.
fn last_standing(asked: &[char], text: &[char], end: usize) -> Option<usize> {
    (0..=end.checked_sub(asked.len())?).rev().find(|&at| stands_at(asked, text, at))
}

fn stands_at(asked: &[char], text: &[char], at: usize) -> bool {
    let ([first, .., last] | [first @ last]) = asked else { return false };
    let range = at..at + asked.len();
    text.get(at) == Some(first)
        && text.get(range.clone()) == Some(asked)
        && stands_alone([first, last].map(char::is_ascii_digit), range, |at| text.get(at).copied())
}

/// The stretch of `text` with the most grams of a quotation of `length` characters: how many, and where it begins.
fn best_window(grams: &Grams<'_>, text: &[char], length: usize) -> Option<(usize, usize)> {
    // each gram votes for where the quotation would begin; near ones are counted together
    let width = (length / 4).max(8);
    let mut votes: HashMap<usize, (usize, usize)> = HashMap::new();
    grams.each_in(text, |at, places| {
        for &place in places {
            let begin = (at + length).saturating_sub(place as usize);
            for bucket in [begin / width, begin / width + 1] {
                let entry = votes.entry(bucket).or_insert((0, usize::MAX));
                entry.0 += 1;
                entry.1 = entry.1.min(begin);
            }
        }
    });
    let best = votes.into_values().max_by_key(|&(count, begin)| (count, Reverse(begin)))?;
    // a fifth of the grams is less than any near text has
    (best.0 * 5 >= length).then_some((best.0, best.1.saturating_sub(length)))
}

/// The characters of `text` that come nearest to a quotation around `at`.
fn nearest(asked: &[char], text: &[char], at: usize) -> Option<Range<usize>> {
    let length = asked.len();
    let tried = if length > LONG { 1 } else { ENDS };
    let (from, to) = (at.saturating_sub(length / 4 + 4), (at + length + length / 4 + 8).min(text.len()));
    let window = &text[from.min(to)..to];
    let between = changes(asked, window);
    let same: Vec<&Change> = between.iter().filter(|change| change.is_same).collect();
    // what stands before the first and behind the last equal characters is not part of it, unless it stands for some; and they
    // may be those of another clause, which ends as the quotation does
    let start = |first: &&Change| first.new.start - first.old.start.min(first.new.start);
    let end = |last: &&Change| last.new.end + (length - last.old.end).min(window.len() - last.new.end);
    let alike = |range: &Range<usize>| likeness(&changes(asked, &window[range.clone()]));
    let (first, last) = (start(same.first()?), end(same.last()?));
    let ends = same.iter().rev().take(tried).map(end).filter(|&end| first < end).map(|end| first..end);
    let range = most_alike(ends, alike)?;
    let starts = same.iter().take(tried).map(start).filter(|&start| start < range.end).map(|start| start..range.end);
    let range = most_alike(starts, alike).unwrap_or(first..last);
    // where what differs is shorter in the source, more of it was taken than stands for the quotation
    let between = changes(asked, &window[range.clone()]);
    let more = |change: Option<&Change>| change.filter(|change| change.old.is_empty()).map_or(0, |one| one.new.len());
    let (start, end) = (range.start + more(between.first()), range.end - more(between.last()));
    Some(from + start..from + end)
}

/// The first of `ranges` than which none is more alike.
fn most_alike(
    ranges: impl Iterator<Item = Range<usize>>,
    alike: impl Fn(&Range<usize>) -> f64,
) -> Option<Range<usize>> {
    let judged = ranges.map(|range| (alike(&range), range));
    judged.reduce(|best, one| if one.0 > best.0 { one } else { best }).map(|(_, range)| range)
}

/// Changes as text.
pub(crate) fn pieces(changes: &[Change], old: &[char], new: &[char]) -> Vec<Piece> {
    let mut list = Vec::new();
    let mut push = |kind, chars: &[char]| {
        if !chars.is_empty() {
            list.push(Piece { kind, text: chars.iter().collect() });
        }
    };
    for change in changes {
        if change.is_same {
            push(PieceKind::Same, &new[change.new.clone()]);
        } else {
            push(PieceKind::Gone, &old[change.old.clone()]);
            push(PieceKind::New, &new[change.new.clone()]);
        }
    }
    list
}

impl Quoted {
    /// The reference in words, see [`reference()`].
    pub fn reference(&self) -> String {
        reference(&self.document, &self.path, Some(self.line))
    }

    /// The reference after GB/T 7714-2015, 8.1: author, title with `[R]`, publisher and year.
    pub fn gb7714(&self) -> String {
        gb7714(&self.document.meta)
    }

    /// The same as a BibTeX entry.
    pub fn bibtex(&self) -> String {
        bibtex(&self.document, self.line)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn pieces_stand_closest_where_no_first_one_begins_closer(
            text in "[ab1]{0,40}",
            pieces in prop::collection::vec("[ab1]{1,2}", 1..4),
        ) {
            let text: Vec<char> = text.chars().collect();
            let pieces: Vec<Vec<char>> = pieces.iter().map(|piece| piece.chars().collect()).collect();
            let all = (0..=text.len()).filter_map(|from| in_order(&pieces, &text, from));
            let slow = all.min_by_key(|stretches| stretches[stretches.len() - 1].end - stretches[0].start);
            prop_assert_eq!(closest_in_order(&pieces, &text), slow);
        }
    }

    /// Each piece must stand there, in order; the places closest together are told.
    #[test]
    fn quotations_with_omissions() {
        let index = Index::in_memory().unwrap();
        let writer = index.writer().unwrap();
        let text = "深化改革。\n深化重点领域改革，持续推进。\n\n推动国家和省部署的改革任务落地，投入15亿元。\n";
        writer.add(&Document::from_text("a.txt", text)).unwrap();
        writer.commit().unwrap();
        for (quote, lines) in [
            ("深化……推动国家和省部署的改革任务", vec![2, 4]),
            ("深化重点领域改革（略）持续推进...", vec![2, 2]),
            ("……省部署的改革任务落地", vec![4]),
        ] {
            let found = cite(&index, quote, 5).unwrap();
            assert_eq!((found.found, &found.places[0].lines), (Standing::Exact, &lines), "{quote}");
            assert!(found.places[0].verbatim, "{quote}");
        }
        assert_eq!(cite(&index, "深化…任务落地", 5).unwrap().places[0].text, "深化……任务落地");
        for quote in ["推动国家和省部署…深化重点领域改革", "深化重点领域改革……投入5亿元", "……"]
        {
            assert_ne!(cite(&index, quote, 5).unwrap().found, Standing::Exact, "{quote}");
        }
    }

    #[test]
    fn exact_near_and_not_there() {
        let index = Index::in_memory().unwrap();
        let writer = index.writer().unwrap();
        let text = "某镇政府工作报告\n\n一、2024年工作回顾\n压实“港长制”“河长制”“林长制”，构建全方位的生态保护体系。\n";
        writer.add(&Document::from_text("a.txt", text)).unwrap();
        writer.commit().unwrap();
        assert_eq!(cite(&index, "024年工作回顾", 5).unwrap().found, Standing::Near, "within a longer number");
        let exact = cite(&index, "压实港长制、河长制、林长制", 5).unwrap();
        assert_eq!((exact.found, exact.places[0].line, exact.places[0].verbatim), (Standing::Exact, 4, false));
        let none = cite(&index, "压实港长制、河长制、林长制", 0).unwrap();
        assert_eq!((none.found, none.places.len()), (Standing::Exact, 0), "no place is asked for");
        assert!(exact.places[0].text.starts_with("压实“港长制”"));
        let near = cite(&index, "压实“港长制”“河长制”“田长制”，构建全方位的生态保护体系。", 5).unwrap();
        assert_eq!(near.found, Standing::Near);
        let changed: Vec<_> = near.places[0].changes.iter().filter(|piece| piece.kind != PieceKind::Same).collect();
        assert_eq!(changed.iter().map(|piece| piece.text.as_str()).collect::<Vec<_>>(), ["田", "林"]);
        let text = "某县政府工作报告\n\n二、目标\n城镇新增就业1200万人以上，城镇调查失业率5.5%左右；居民消费价格涨幅3%左右。\n";
        let writer = index.writer().unwrap();
        writer.add(&Document::from_text("b.txt", text)).unwrap();
        writer.commit().unwrap();
        for quote in
            ["城镇新增就业1200万人以上，城镇调查失业率5.6%左右", "城镇新增就业1200万人以上，城镇调查失业率5.625%左右"]
        {
            let near = cite(&index, quote, 5).unwrap();
            let text = &near.places[0].text;
            assert!(text.ends_with("失业率5.5%左右"), "the next clause ends alike: {text}");
        }
        assert_eq!(cite(&index, "番薯和瑶柱的市场占有率", 5).unwrap().found, Standing::None);
        assert_eq!(cite(&index, "", 5).unwrap().found, Standing::None);
    }
}
