//! What a draft has in common with other documents: runs that are equal word for word, those close to each other as one
//! span with what differs between them, with lines on both sides and their share of the draft, formulas counted apart.
//! A formula is what stands in many reports of the index; what two texts share beyond that is theirs. Runs are found
//! and proved by `grams`.

use std::collections::{HashMap, HashSet};

use serde::Serialize;

use crate::compare::cite::{Piece, pieces};
use crate::compare::elsewhere::{Elsewhere, elsewhere};
use crate::compare::grams::{Change, Grams, Run};
use crate::compare::plain::Plain;
use crate::document::{Document, Meta};
use crate::error::Result;
use crate::index::Index;
use crate::rank::results::{DocumentInfo, RESULTS_SCHEMA};
use crate::study::corpus::Report;

/// What stands in so many other reports, or in this share of all, whichever is more, is a formula.
const FORMULA_REPORTS: usize = 4;
const FORMULA_SHARE: f64 = 0.02;

/// Runs that lie no farther apart than this, in characters, on both sides are shown as one with changes inside.
const GAP: usize = 12;

/// What counts as a copy, and how much is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CopyOptions {
    /// The shortest run of folded characters that counts. Fewer find more chance, more miss short clauses.
    pub shortest: usize,
    /// How many documents are told, those with the most first.
    pub documents: usize,
}

impl Default for CopyOptions {
    fn default() -> Self {
        CopyOptions { shortest: 12, documents: 5 }
    }
}

/// What a draft has in common with others.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Copies {
    /// The name and version of this form of answer.
    pub schema: &'static str,
    /// The draft.
    pub document: DocumentInfo,
    /// Its folded characters.
    pub chars: usize,
    /// Those that stand in any other document, without formulas.
    pub copied: usize,
    /// The same as a share of all, from 0 to 1.
    pub share: f64,
    /// Those in formulas.
    pub formula: usize,
    /// In how many other reports a run must stand to be a formula; null where no index could tell.
    pub formula_reports: Option<usize>,
    /// How many documents have a run in common that is no formula.
    pub documents_total: usize,
    /// Of these the ones with the most in common, the one with the most first.
    pub documents: Vec<CopyOf>,
    /// Names of places elsewhere; null if the draft's own place is not known.
    pub places: Option<Vec<Elsewhere>>,
}

/// What the draft has in common with one document.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct CopyOf {
    /// That document.
    pub document: DocumentInfo,
    /// Characters of the draft that stand in it, formulas and all.
    pub chars: usize,
    /// The same as a share of the draft.
    pub share: f64,
    /// Those without formulas.
    pub copied: usize,
    /// Where, in the order of the draft.
    pub spans: Vec<Span>,
}

/// A stretch of the draft that stands in another place too: a run of characters that is equal there, or several with no more than 12
/// characters between them on either side. What stands between them may differ, as a number does; `pieces` tells it apart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Span {
    /// The first and the last line of it in the draft, from 1.
    pub lines: [u32; 2],
    /// The same in the other document.
    pub other_lines: [u32; 2],
    /// Equal folded characters.
    pub chars: usize,
    /// Those of them in formulas.
    pub formula: usize,
    /// The draft's own characters.
    pub text: String,
    /// The other's, where they are not equal.
    pub other_text: Option<String>,
    /// Then the equal runs, folded, and what stands between them in the draft alone (gone) and in the other alone (new).
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub pieces: Vec<Piece>,
}

/// Clauses that stand in a document more than once.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Repeats {
    /// The name and version of this form of answer.
    pub schema: &'static str,
    /// The document.
    pub document: DocumentInfo,
    /// Its folded characters.
    pub chars: usize,
    /// Characters that say again what stands before.
    pub repeated: usize,
    /// Each clause, the longest first.
    pub clauses: Vec<Clause>,
}

/// A clause that stands more than once.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Clause {
    /// As it stands first.
    pub text: String,
    /// Its folded characters.
    pub chars: usize,
    /// The lines on which it begins, from 1, ascending.
    pub lines: Vec<u32>,
}

/// What `draft` has in common with `other`. Formulas are told apart by `index`, if there is one. Cost: 1 s and some 100 MB for texts of
/// 1 MB.
pub fn copies_of(draft: &Document, other: &Document, index: Option<&Index>, options: CopyOptions) -> Result<Copies> {
    let plain = Plain::of(draft);
    let grams = Grams::new(&plain.chars, options.shortest);
    let scan = match index {
        Some(index) => Some(scan(index, draft, &grams, &plain)?),
        None => None,
    };
    let formula = scan.as_ref().map_or(vec![false; plain.chars.len()], |scan| scan.formula.clone());
    let one = copy_of(&plain, &formula, other, options);
    let mut copied = vec![false; plain.chars.len()];
    mark(&mut copied, one.1.iter().map(|run| run.draft.clone()));
    Ok(summary(draft, &plain, &copied, &formula, scan.map(|scan| scan.limit), vec![one.0]))
}

/// What `draft` has in common with the documents of `index`. The one with its id is the draft itself and left out; copies and
/// other extractions of it are not. Cost: reads all text of the index once, and the documents told.
pub fn copies_in(draft: &Document, index: &Index, options: CopyOptions) -> Result<Copies> {
    let plain = Plain::of(draft);
    let grams = Grams::new(&plain.chars, options.shortest);
    let Scan { formula, copied, limit, found } = scan(index, draft, &grams, &plain)?;
    let own = |places: &[u32]| {
        let mut marked = vec![false; plain.chars.len()];
        mark(&mut marked, places.iter().map(|&place| place as usize..place as usize + options.shortest));
        marked.iter().zip(&formula).filter(|(marked, formula)| **marked && !**formula).count()
    };
    let mut found: Vec<(String, usize)> = found.into_iter().map(|(id, places)| (id, own(&places))).collect();
    found.retain(|(_, own)| *own >= options.shortest);
    found.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    let mut told = Vec::new();
    for (id, _) in found.iter().take(options.documents) {
        if let Some(other) = index.document(id)? {
            told.push(copy_of(&plain, &formula, &other, options).0);
        }
    }
    let summary = summary(draft, &plain, &copied, &formula, Some(limit), told);
    Ok(Copies { documents_total: found.len(), ..summary })
}

/// The clauses of at least `shortest` folded characters that stand in `document` more than once.
pub fn repeats(document: &Document, shortest: usize) -> Repeats {
    let plain = Plain::of(document);
    let grams = Grams::new(&plain.chars, shortest);
    let mut clauses: Vec<Clause> = Vec::new();
    let mut numbers: HashMap<&[char], usize> = HashMap::new();
    for run in grams.repeats() {
        let skip = closing(&plain.chars[run.draft.clone()]);
        let run = Run { draft: run.draft.start + skip..run.draft.end, other: run.other.start + skip..run.other.end };
        let lines = [run.draft.clone(), run.other.clone()].map(|range| plain.lines(range)[0]);
        let next = clauses.len();
        let number = *numbers.entry(&plain.chars[run.draft.clone()]).or_insert(next);
        if number == next {
            let chars = run.draft.len();
            clauses.push(Clause { text: plain.shown(run.draft), chars, lines: Vec::new() });
        }
        clauses[number].lines.extend(lines);
    }
    for clause in &mut clauses {
        clause.lines.sort_unstable();
        clause.lines.dedup();
    }
    clauses.sort_by_key(|clause| (std::cmp::Reverse(clause.chars), clause.lines[0]));
    Repeats {
        schema: RESULTS_SCHEMA,
        document: DocumentInfo::of(document),
        chars: plain.chars.len(),
        repeated: grams.again().into_iter().filter(|again| *again).count(),
        clauses,
    }
}

/// What the index says of the grams of a draft.
struct Scan {
    /// For each character of the draft, whether it is in a formula.
    formula: Vec<bool>,
    /// Whether it stands in any other document.
    copied: Vec<bool>,
    /// In how many other reports a formula stands.
    limit: usize,
    /// Each document with grams of the draft, and where in the draft these begin.
    found: Vec<(String, Vec<u32>)>,
}

fn scan(index: &Index, draft: &Document, grams: &Grams<'_>, plain: &Plain<'_>) -> Result<Scan> {
    let Meta { place, level, year, .. } = &draft.meta;
    let own = Report::new(place, *level, *year, &draft.id);
    let length = plain.chars.len();
    // the document that a gram was seen in last, and in how many other reports it stands
    let (mut seen, mut reports_of) = (vec![0u32; length], vec![0u32; length]);
    let mut last_report: Vec<u32> = vec![0; length];
    let mut found = Vec::new();
    let mut reports: HashSet<Report> = HashSet::new();
    let mut number = 0;
    index.each_text(|head, report, text| {
        if reports.insert(report.clone()) {
            number = reports.len() as u32;
        }
        if head.id == draft.id {
            return Ok(());
        }
        let stamp = found.len() as u32 + 1;
        let mut places = Vec::new();
        grams.each_in(text, |_, of_gram| {
            // its places are stamped together
            if seen[of_gram[0] as usize] == stamp {
                return;
            }
            for &place in of_gram {
                let at = place as usize;
                seen[at] = stamp;
                places.push(place);
                if *report != own && last_report[at] != number {
                    last_report[at] = number;
                    reports_of[at] += 1;
                }
            }
        });
        // a document that shares nothing has stamped nothing
        if !places.is_empty() {
            found.push((head.id.to_string(), places));
        }
        Ok(())
    })?;
    let limit = FORMULA_REPORTS.max((reports.len() as f64 * FORMULA_SHARE).ceil() as usize);
    let (mut formula, mut copied) = (vec![false; length], vec![false; length]);
    let run = |place: usize| place..place + grams.k();
    mark(&mut formula, (0..length).filter(|&at| reports_of[at] as usize >= limit).map(run));
    mark(&mut copied, found.iter().flat_map(|(_, places)| places).map(|&place| run(place as usize)));
    Ok(Scan { formula, copied, limit, found })
}

fn mark(marks: &mut [bool], runs: impl IntoIterator<Item = std::ops::Range<usize>>) {
    runs.into_iter().for_each(|run| marks[run].fill(true));
}

fn copy_of(plain: &Plain<'_>, formula: &[bool], other: &Document, options: CopyOptions) -> (CopyOf, Vec<Run>) {
    let theirs = Plain::of(other);
    let runs = Grams::new(&theirs.chars, options.shortest).runs(&plain.chars);
    let chars: usize = runs.iter().map(|run| run.draft.len()).sum();
    let formulas = |run: &Run| formula[run.draft.clone()].iter().filter(|formula| **formula).count();
    let copied = chars - runs.iter().map(formulas).sum::<usize>();
    let near = |a: &Run, b: &Run| {
        let gap = |a: usize, b: usize| b.checked_sub(a).is_some_and(|gap| gap <= GAP);
        gap(a.draft.end, b.draft.start) && gap(a.other.end, b.other.start)
    };
    let whole = runs.iter().filter_map(|run| without_cut_numbers(run, &plain.chars, &theirs.chars));
    let span = |group: &[Run]| {
        let mut group = group.to_vec();
        let skip = closing(&plain.chars[group[0].draft.clone()]);
        group[0].draft.start += skip;
        group[0].other.start += skip;
        let (first, last) = (&group[0], &group[group.len() - 1]);
        let (own, other) = (first.draft.start..last.draft.end, first.other.start..last.other.end);
        let chars = group.iter().map(|run| run.draft.len()).sum();
        let is_equal = chars == own.len() && chars == other.len();
        // what a longer run before it left over may be no more than a comma
        (chars > 0).then(|| Span {
            lines: plain.lines(own.clone()),
            other_lines: theirs.lines(other.clone()),
            chars,
            formula: group.iter().map(formulas).sum(),
            text: plain.shown(own),
            other_text: (!is_equal).then(|| theirs.shown(other)),
            pieces: if is_equal { Vec::new() } else { pieces(&between(&group), &plain.chars, &theirs.chars) },
        })
    };
    let spans = whole.collect::<Vec<_>>().chunk_by(near).filter_map(span).collect();
    let share = share(chars, plain.chars.len());
    (CopyOf { document: DocumentInfo::of(other), chars, share, copied, spans }, runs)
}

/// What is equal in runs that follow each other, and what differs between them.
fn between(runs: &[Run]) -> Vec<Change> {
    let mut changes: Vec<Change> = Vec::new();
    for Run { draft, other } in runs.iter().cloned() {
        if let Some(before) = changes.last() {
            let (old, new) = (before.old.end..draft.start, before.new.end..other.start);
            changes.push(Change { old, new, is_same: false });
        }
        changes.push(Change { old: draft, new: other, is_same: true });
    }
    changes
}

/// A run without the parts of numbers at its ends that go on in one of the texts; `None` if nothing is left.
fn without_cut_numbers(run: &Run, draft: &[char], other: &[char]) -> Option<Run> {
    let Run { draft: mut own, other: mut theirs } = run.clone();
    while !own.is_empty() && (cuts_number(draft, own.start) || cuts_number(other, theirs.start)) {
        (own.start, theirs.start) = (own.start + 1, theirs.start + 1);
    }
    while !own.is_empty() && (cuts_number(draft, own.end) || cuts_number(other, theirs.end)) {
        (own.end, theirs.end) = (own.end - 1, theirs.end - 1);
    }
    (!own.is_empty()).then_some(Run { draft: own, other: theirs })
}

/// Whether a number stands on both sides of this place.
fn cuts_number(text: &[char], at: usize) -> bool {
    let digit = |at: usize| text.get(at).is_some_and(char::is_ascii_digit);
    let point = |at: usize| text.get(at) == Some(&'.');
    let before = at.checked_sub(1);
    let (digit_before, point_before) = (before.is_some_and(digit), before.is_some_and(point));
    digit_before && (digit(at) || point(at) && digit(at + 1))
        || point_before && digit(at) && at.checked_sub(2).is_some_and(digit)
}

fn summary(
    draft: &Document,
    plain: &Plain<'_>,
    copied: &[bool],
    formula: &[bool],
    formula_reports: Option<usize>,
    documents: Vec<CopyOf>,
) -> Copies {
    let own = copied.iter().zip(formula).filter(|(copied, formula)| **copied && !**formula).count();
    Copies {
        schema: RESULTS_SCHEMA,
        document: DocumentInfo::of(draft),
        chars: plain.chars.len(),
        copied: own,
        share: share(own, plain.chars.len()),
        formula: formula.iter().filter(|formula| **formula).count(),
        formula_reports,
        documents_total: documents.len(),
        documents,
        places: elsewhere(draft, plain, copied),
    }
}

/// How many marks a run begins with that close what stands before it, perhaps on another line.
fn closing(run: &[char]) -> usize {
    run.iter().take_while(|mark| "。，；、：！？".contains(**mark)).count()
}

fn share(part: usize, whole: usize) -> f64 {
    part as f64 / whole.max(1) as f64
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;

    /// Where each of many repeats stands in the source is not looked for from its beginning.
    #[test]
    fn a_text_of_sixty_thousand_lines_alike_takes_a_moment() {
        let text: String = (0..60_000).map(|at| format!("深入推进“港长制”第{at}项工作，获得新的成效。\n")).collect();
        let (document, start) = (Document::from_text("a", text), Instant::now());
        assert!(!repeats(&document, 12).clauses.is_empty());
        assert!(start.elapsed() < Duration::from_secs(10), "{:?}", start.elapsed());
    }
}
