//! Which words and quoted terms one part of the text uses more or less than another. Words are cut as for the index, without
//! those inside longer ones; quoted terms are counted where they are quoted.

use std::collections::HashMap;

use serde::Serialize;

use crate::error::Result;
use crate::find::matching::{Matches, Plan};
use crate::fold::fold;
use crate::query::Query;
use crate::rank::snapshot::Snapshot;
use crate::study::standing::{Location, Place, Standing};
use crate::study::statistics::{log_likelihood, log_ratio};
use crate::words::Cutter;
use crate::words::path::Scratch;
use crate::words::quoted::quoted;

/// Which words are compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeynessOptions {
    /// Only words that stand at least so often in both parts together.
    pub least: u64,
    /// Only words that stand in at least so many documents of the part that uses them more.
    pub documents: u64,
}

impl Default for KeynessOptions {
    fn default() -> Self {
        KeynessOptions { least: 5, documents: 1 }
    }
}

/// Two parts of the text and their words.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Keyness {
    /// The first part.
    pub a: Size,
    /// The second.
    pub b: Size,
    /// Passages that are in both: G² takes the parts for different text.
    pub shared: u64,
    /// Words that the first uses more, the surest first.
    pub over: Vec<Key>,
    /// Words that it uses less, the surest first.
    pub under: Vec<Key>,
}

/// How much text a part is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Size {
    /// Documents.
    pub documents: u64,
    /// Passages.
    pub passages: u64,
    /// Words.
    pub words: u64,
}

/// A word whose frequency differs.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Key {
    /// The word, folded.
    pub word: String,
    /// Whether it is a quoted term.
    pub quoted: bool,
    /// How often it stands in the first part.
    pub a: u64,
    /// How often in the second.
    pub b: u64,
    /// In how many documents of the first.
    pub documents_a: u64,
    /// In how many of the second.
    pub documents_b: u64,
    /// How sure the difference is: G² (Dunning 1993; Rayson and Garside 2000). Above 6.63 by chance for one word in 100.
    pub log_likelihood: f64,
    /// How large it is: log₂ of the ratio of the shares (Hardie 2014); 1 is twice as often in the first part. 0 at most of a word
    /// that the first has not at all, and at least of one that the second has not.
    pub log_ratio: f64,
    /// A passage of the part that uses it more.
    pub example: Option<Location>,
}

/// Words, and whether they are quoted terms, with where they stand in both parts.
#[derive(Default)]
struct Uses {
    words: [HashMap<String, [Standing; 2]>; 2],
}

impl Uses {
    fn add(&mut self, word: &str, quoted: bool, part: usize, place: Place) {
        let words = &mut self.words[quoted as usize];
        if !words.contains_key(word) {
            words.insert(word.to_string(), Default::default());
        }
        let Some(uses) = words.get_mut(word) else { return };
        uses[part].add(place);
    }
}

impl Snapshot {
    /// Compares the passages that match `a` with those that match `b`; `None` is all that does not match `a`.
    pub fn keyness(&self, cutter: &Cutter, a: &Query, b: Option<&Query>, options: KeynessOptions) -> Result<Keyness> {
        let rest = Query::Not(Box::new(a.clone()));
        let mut uses = Uses::default();
        let mut sizes = [Size::default(); 2];
        let parts = [self.evaluate(&Plan::new(a))?, self.evaluate(&Plan::new(b.unwrap_or(&rest)))?];
        for (part, segments) in parts.iter().enumerate() {
            for (segment, matches) in segments.iter().enumerate() {
                self.read_words(cutter, segment, &matches.passages, part, &mut uses, &mut sizes[part])?;
            }
        }
        let in_both =
            |a: &Matches, b: &Matches| a.passages.iter().filter(|one| b.passages.binary_search(one).is_ok()).count();
        let shared = parts[0].iter().zip(&parts[1]).map(|(a, b)| in_both(a, b) as u64).sum();
        let (mut over, mut under) = (Vec::new(), Vec::new());
        for (quoted, words) in uses.words.into_iter().enumerate() {
            for (word, [a, b]) in words {
                let [c, d] = sizes.map(|size| size.words);
                let ratio = log_ratio(a.count, b.count, c, d);
                // by cross-multiplication, since the ratio takes 0 as a half
                let (over_all, under_all) = (a.count as u128 * d as u128, b.count as u128 * c as u128);
                let is_over = over_all > under_all;
                let more = if is_over { &a } else { &b };
                if a.count + b.count < options.least || more.documents < options.documents {
                    continue;
                }
                let key = Key {
                    word,
                    quoted: quoted == 1,
                    a: a.count,
                    b: b.count,
                    documents_a: a.documents,
                    documents_b: b.documents,
                    log_likelihood: log_likelihood(a.count, b.count, c, d),
                    log_ratio: ratio,
                    example: None,
                };
                if over_all != under_all {
                    (if is_over { &mut over } else { &mut under }).push((key, more.first));
                }
            }
        }
        let sorted = |mut keys: Vec<(Key, Option<Place>)>| -> Result<Vec<Key>> {
            keys.sort_by(|(a, _), (b, _)| {
                let surest = b.log_likelihood.total_cmp(&a.log_likelihood);
                surest.then_with(|| a.word.cmp(&b.word)).then(a.quoted.cmp(&b.quoted))
            });
            let with_example = |(key, first): (Key, Option<Place>)| {
                let example = first.map(|place| self.locate(place.segment, place.passage)).transpose()?;
                Ok(Key { example, ..key })
            };
            keys.into_iter().map(with_example).collect()
        };
        let (over, under) = (sorted(over)?, sorted(under)?);
        Ok(Keyness { a: sizes[0], b: sizes[1], shared, over, under })
    }

    /// Adds the words of some passages of a segment to one part.
    fn read_words(
        &self,
        cutter: &Cutter,
        segment: usize,
        passages: &[u32],
        part: usize,
        uses: &mut Uses,
        size: &mut Size,
    ) -> Result<()> {
        let text = &self.texts[segment];
        let mut scratch = Scratch::default();
        let mut last = None;
        for &passage in passages {
            let place = self.place(segment, passage);
            size.documents += (last.replace(place.document) != Some(place.document)) as u64;
            size.passages += 1;
            let folded = text.folded(passage)?;
            cutter.outer(&folded, &mut scratch, |range| {
                size.words += 1;
                let word = &folded.text[range];
                // a number is a fact of its report, no way of speaking
                if !word.starts_with(|c: char| c.is_ascii_digit()) {
                    uses.add(word, false, part, place);
                }
            });
            let source = folded.restore();
            for term in quoted(&source) {
                uses.add(&fold(term).text, true, part, place);
            }
        }
        Ok(())
    }
}
