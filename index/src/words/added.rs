//! Adds a user's words to a [`Dictionary`], each with the frequency that makes it one word in a text, as jieba's
//! `add_word` does when it is told none. The table cannot grow, so that it is compiled again, once for all words. Each
//! frequency depends on the words added before it: [`Added`] holds those.

use std::borrow::Cow;
use std::collections::HashMap;

use crate::words::dictionary::{Dictionary, LONGEST, is_han};
use crate::words::table::{TooLarge, compile};

impl Dictionary {
    /// This dictionary with more words, equal to that of jieba-rs after `add_word(word, None, None)` for each, in the
    /// same order, where all are of Han characters. Empty words and those of more than 255 characters are left out.
    ///
    /// Takes a fifth of a second, however few words, and 20 MB while it works; the result is 5 MB in memory. Ids are the
    /// ranks among all words, so that the words behind an added one have others than before.
    pub fn with_words(&self, words: &[&str]) -> Result<Dictionary, TooLarge> {
        let mut all = self.words();
        let longest = all.iter().map(|(word, _)| word.chars().count()).max().unwrap_or(0);
        let mut added = Added { dictionary: self, frequencies: HashMap::new(), total: self.total(), longest };
        for word in words {
            if (1..=LONGEST).contains(&word.chars().count()) {
                added.add(word);
            }
        }
        for (word, frequency) in &mut all {
            if let Some(new) = added.frequencies.remove(word.as_str()) {
                *frequency = new;
            }
        }
        all.extend(added.frequencies.into_iter().map(|(word, frequency)| (word.to_string(), frequency)));
        // nearly sorted, which only the stable sort makes use of
        all.sort();
        all.dedup_by(|a, b| a.0 == b.0);
        let table = compile(&all)?;
        Ok(Dictionary::open(Cow::Owned(table)).expect("what was just compiled is not damaged"))
    }
}

/// Words that are not yet in the table.
struct Added<'w> {
    dictionary: &'w Dictionary,
    frequencies: HashMap<&'w str, u32>,
    /// Sum of the frequencies of all words.
    total: u64,
    /// Most characters of any word.
    longest: usize,
}

impl<'w> Added<'w> {
    fn add(&mut self, word: &'w str) {
        let old = self.frequency(word);
        let new = u32::try_from(self.suggest(word)).unwrap_or(u32::MAX);
        self.frequencies.insert(word, new);
        self.total = self.total.saturating_sub(old.unwrap_or(0).into()).saturating_add(new.into());
        self.longest = self.longest.max(word.chars().count());
    }

    fn frequency(&self, word: &str) -> Option<u32> {
        self.frequencies.get(word).copied().or_else(|| self.dictionary.frequency(word))
    }

    /// Just more than the likelihood of the words that `word` is cut into now.
    fn suggest(&self, word: &str) -> u64 {
        let log_total = (self.total as f64).ln();
        // added up as jieba does it, because another order rounds otherwise
        let together = self
            .cut(word, log_total)
            .iter()
            .fold(0.0, |sum, part| sum + f64::from(self.frequency(part).unwrap_or(1)).ln() - log_total);
        let joined = ((together + log_total).exp() as u64).saturating_add(1);
        joined.max(self.frequency(word).unwrap_or(1).into())
    }

    /// The likeliest words, as [`Dictionary::cut`] chooses them, by looking up each.
    fn cut<'t>(&self, text: &'t str, log_total: f64) -> Vec<&'t str> {
        let bounds: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
        let length = bounds.len() - 1;
        // of each character: the logarithm of the likelihood from here on, and where the first word ends
        let mut best = vec![(0.0, length); length + 1];
        for from in (0..length).rev() {
            let mut found = None;
            for to in from + 1..=length.min(from + self.longest) {
                if !text[bounds[to - 1]..bounds[to]].chars().all(is_han) {
                    break;
                }
                if let Some(frequency) = self.frequency(&text[bounds[from]..bounds[to]]) {
                    let route = f64::from(frequency).ln() - log_total + best[to].0;
                    if found.is_none_or(|(best, _)| route >= best) {
                        found = Some((route, to));
                    }
                }
            }
            let is_wall = !text[bounds[from]..bounds[from + 1]].chars().all(is_han);
            let alone = if is_wall { 0.0 } else { 0.0 - log_total + best[from + 1].0 };
            best[from] = found.unwrap_or((alone, from + 1));
        }
        let mut words = Vec::new();
        let mut from = 0;
        while from < length {
            let to = best[from].1;
            words.push(&text[bounds[from]..bounds[to]]);
            from = to;
        }
        words
    }
}
