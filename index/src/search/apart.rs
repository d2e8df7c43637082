//! What of a term that stands nowhere does stand: the longest runs of its words, and what of them stands together.

use std::ops::Range;

use crate::error::Result;
use crate::find::needle::Needle;
use crate::query::Query;
use crate::query::asking::{says_something, words_of};
use crate::rank::results::{Suggestion, Why};
use crate::rank::snapshot::Snapshot;
use crate::store::code;
use crate::words::{borders, cut_by};

/// So many runs of words are looked for in a term that stands nowhere, the longest first.
const MOST_RUNS: usize = 40;

/// In so many places is looked whether text begins and ends with words, by so many characters beside it.
const PLACES_READ: usize = 16;
const BESIDE: usize = 3;

impl Snapshot {
    /// The longest runs of words of the term that stand somewhere: together if they stand in one passage, without the commonest
    /// if only the others do; and each, first the one with the rarest word, which the term is about.
    pub fn runs(&self, term: &str) -> Result<Vec<Suggestion>> {
        let frequency = |word: &str| self.word_frequency(word);
        let words = cut_by([term], frequency);
        let count = words.len();
        let spans = (1..=count).rev().flat_map(|length| (0..=count - length).map(move |from| from..from + length));
        // 和 joins nothing where nothing stands before it: 和美乡村
        let is_run = |span: &Range<usize>| {
            (span.start == 0 || says_something(&words[span.start]))
                && says_something(&words[span.end - 1])
                && words[span.clone()].concat().chars().nth(1).is_some()
        };
        let (mut runs, mut looked_for): (Vec<(Range<usize>, String, u64)>, usize) = (Vec::new(), 0);
        for span in spans.filter(is_run) {
            let is_within = runs.iter().any(|(run, ..)| run.start <= span.start && span.end <= run.end);
            if is_within || span.len() > 1 && looked_for == MOST_RUNS {
                continue;
            }
            looked_for += 1;
            let text = words[span.clone()].concat();
            let occurrences = if term.contains(&text) { self.occurrences(&text) } else { 0 };
            if occurrences > 0 && (span.len() == 1 || self.is_of_words(&text)) {
                runs.push((span, text, occurrences));
            }
        }
        runs.sort_by_key(|(span, ..)| words[span.clone()].iter().map(|word| frequency(word)).min());
        // of those that share a word the first goes with what is left
        let mut apart: Vec<Range<usize>> = Vec::new();
        for (span, ..) in &runs {
            if apart.iter().all(|other| span.end <= other.start || other.end <= span.start) {
                apart.push(span.clone());
            }
        }
        let is_free = |at: &usize| apart.iter().all(|span| !span.contains(at)) && words[*at].chars().nth(1).is_some();
        let free: Vec<Range<usize>> = (0..count).filter(is_free).map(|at| at..at + 1).collect();
        let is_whole =
            apart.iter().chain(&free).map(ExactSizeIterator::len).sum::<usize>() == words_of(term, frequency).len();
        apart.extend(free);
        apart.sort_by_key(|span| span.start);
        let apart: Vec<String> = apart.into_iter().map(|span| words[span].concat()).collect();
        let apart: Vec<&str> = apart.iter().map(String::as_str).collect();
        let mut suggestions: Vec<Suggestion> = self.together(&apart, is_whole)?.into_iter().collect();
        let each = runs.into_iter().map(|(_, text, occurrences)| Suggestion { text, occurrences, why: Why::Part });
        suggestions.extend(each);
        Ok(suggestions)
    }

    /// Whether text begins and ends with words in some of the first places where it stands: 展低空经济 is a piece of 发展低空经济, and
    /// 住不 one of 守住不放.
    pub fn is_of_words(&self, folded: &str) -> bool {
        let frequency = |word: &str| self.word_frequency(word);
        if frequency(folded) > 0 {
            return true;
        }
        let needle = Needle::new(folded);
        let places = self.texts.iter().flat_map(|segment| {
            let stretches = segment.within([needle.code()]);
            let needle = &needle;
            let places = stretches.into_iter().flat_map(move |stretch| needle.find_in(segment.text(), stretch));
            places.map(move |at| (segment.text(), at))
        });
        places.take(PLACES_READ).any(|(text, at)| {
            let read = |chars: Vec<char>| chars.into_iter().collect::<String>();
            let (left, right) = (read(before(text, at, BESIDE)), read(after(text, at + needle.len(), BESIDE)));
            let borders = borders(&format!("{left}{folded}{right}"), frequency);
            borders.contains(&left.len()) && borders.contains(&(left.len() + folded.len()))
        })
    }

    /// Terms that stand together in a passage, without the commonest if only the others do. `are_all` tells whether they are all of
    /// what was typed.
    pub fn together(&self, terms: &[&str], are_all: bool) -> Result<Option<Suggestion>> {
        let mut terms: Vec<(&str, u64)> = terms.iter().map(|term| (*term, self.occurrences(term))).collect();
        let count = terms.len();
        terms.retain(|(_, occurrences)| *occurrences > 0);
        while terms.len() > 1 {
            let joined = Query::And(terms.iter().map(|(term, _)| Query::Phrase(term.to_string())).collect());
            let occurrences = self.count(&joined, &[])?.occurrences;
            if occurrences > 0 {
                let text = terms.iter().map(|(term, _)| *term).collect::<Vec<_>>().join(" ");
                let why = if are_all && terms.len() == count { Why::Words } else { Why::Part };
                return Ok(Some(Suggestion { text, occurrences, why }));
            }
            let commonest = terms.iter().map(|(_, occurrences)| *occurrences).max();
            terms.retain(|(_, occurrences)| Some(*occurrences) != commonest);
        }
        Ok(None)
    }
}

/// Up to `count` characters of a paragraph from the byte `at` on.
pub(super) fn after(text: &[u8], at: usize, count: usize) -> Vec<char> {
    code::chars(&text[at..]).map(|(_, c)| c).take_while(|&c| c != '\n').take(count).collect()
}

/// Up to `count` characters of a paragraph up to the byte `at`.
pub(super) fn before(text: &[u8], at: usize, count: usize) -> Vec<char> {
    let one = |at: &usize| code::back(text, *at, 1).filter(|&before| text[before] != b'\n');
    let start = std::iter::successors(Some(at), one).take(count + 1).last().unwrap_or(at);
    code::chars(&text[start..at]).map(|(_, c)| c).collect()
}
