//! The rankings to beat: plain BM25 over jieba's words, or over pairs of characters, and nothing else.

use std::collections::{BTreeMap, HashMap};

use gm_index::{Cutter, fold};

/// The parameters of BM25, those of Lucene and tantivy.
const K1: f64 = 1.2;
const B: f64 = 0.75;

/// How a text becomes terms. It is folded first, so that the terms alone differ.
pub enum Terms {
    /// Jieba's words, in its search mode.
    Words(Box<Cutter>),
    /// Overlapping pairs of Han characters, a lone one by itself, and whole words and numbers of other scripts, as Lucene's
    /// CJKAnalyzer has them.
    Pairs,
}

impl Terms {
    fn of(&self, text: &str) -> Vec<String> {
        match self {
            Terms::Words(cutter) => cutter.words(text),
            Terms::Pairs => pairs(&fold(text).text),
        }
    }
}

fn is_han(c: char) -> bool {
    matches!(c, '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}' | '〇')
}

fn pairs(text: &str) -> Vec<String> {
    let mut terms = Vec::new();
    let chars: Vec<char> = text.chars().collect();
    // of one kind each: Han, other letters and digits, the rest
    let kind = |c: &char| (is_han(*c), c.is_alphanumeric());
    for run in chars.chunk_by(|a, b| kind(a) == kind(b)) {
        match kind(&run[0]) {
            (true, _) if run.len() == 1 => terms.push(run.iter().collect()),
            (true, _) => terms.extend(run.windows(2).map(|pair| pair.iter().collect::<String>())),
            (false, true) => terms.push(run.iter().collect()),
            (false, false) => {}
        }
    }
    terms
}

/// An inverted index in memory.
pub struct Baseline {
    terms: Terms,
    /// For each term the passages that hold it, with how often.
    postings: HashMap<String, Vec<(u32, u32)>>,
    /// Terms in each passage.
    lengths: Vec<u32>,
    average: f64,
}

impl Baseline {
    /// An index of these passages, numbered from 0.
    pub fn new<'t>(terms: Terms, texts: impl Iterator<Item = &'t str>) -> Baseline {
        let mut postings: HashMap<String, Vec<(u32, u32)>> = HashMap::new();
        let mut lengths = Vec::new();
        for (passage, text) in texts.enumerate() {
            let terms = terms.of(text);
            lengths.push(terms.len() as u32);
            let mut counts: HashMap<String, u32> = HashMap::new();
            terms.into_iter().for_each(|term| *counts.entry(term).or_default() += 1);
            for (term, count) in counts {
                postings.entry(term).or_default().push((passage as u32, count));
            }
        }
        let average = lengths.iter().map(|&length| length as f64).sum::<f64>() / lengths.len().max(1) as f64;
        Baseline { terms, postings, lengths, average }
    }

    /// The best passages for a query; of equals the first.
    pub fn best(&self, query: &str, count: usize) -> Vec<u32> {
        let mut scores: BTreeMap<u32, f64> = BTreeMap::new();
        for term in self.terms.of(query) {
            let Some(postings) = self.postings.get(&term) else { continue };
            let found = postings.len() as f64;
            let rarity = (1.0 + (self.lengths.len() as f64 - found + 0.5) / (found + 0.5)).ln();
            for &(passage, count) in postings {
                let length = self.lengths[passage as usize] as f64 / self.average;
                let count = count as f64;
                let weight = count * (K1 + 1.0) / (count + K1 * (1.0 - B + B * length));
                *scores.entry(passage).or_default() += rarity * weight;
            }
        }
        let mut best: Vec<(u32, f64)> = scores.into_iter().collect();
        best.sort_by(|a, b| b.1.total_cmp(&a.1));
        best.into_iter().take(count).map(|(passage, _)| passage).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pairs_overlap_and_a_lone_character_stands_for_itself() {
        assert_eq!(pairs("港长制，gdp增长5%"), ["港长", "长制", "gdp", "增长", "5"]);
        assert_eq!(pairs("村。"), ["村"]);
    }

    #[test]
    fn the_rarer_term_wins() {
        let texts = ["港口 发展", "发展 发展", "发展"];
        let baseline = Baseline::new(Terms::Pairs, texts.into_iter());
        assert_eq!(baseline.best("港口发展", 1), [0]);
        assert_eq!(baseline.best("发展", 9).len(), 3);
    }
}
