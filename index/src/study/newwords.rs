//! Terms that the dictionary does not know: what is quoted, and words of the dictionary that stand together more often than
//! chance and with changing neighbours, as 港 长 制 do. Nothing is added to any dictionary here.
//!
//! A sequence of words is a term if its parts belong together (pointwise mutual information, Church and Hanks, Word
//! association norms, mutual information, and lexicography, 1990; of its splits in two the weakest counts) and its
//! neighbours on both sides are free (branching entropy, Jin and Tanaka-Ishii, Unsupervised segmentation of Chinese text by
//! use of branching entropy, 2006).

use std::collections::{HashMap, HashSet};

use serde::Serialize;

use crate::error::Result;
use crate::find::matching::Plan;
use crate::fold::fold;
use crate::fold::folded::Folded;
use crate::query::Query;
use crate::rank::snapshot::Snapshot;
use crate::study::standing::{Location, Place};
use crate::words::path::Scratch;
use crate::words::quoted::quoted;
use crate::words::{Cutter, is_han};

/// A term has so many characters.
const LENGTH: std::ops::RangeInclusive<usize> = 2..=8;

/// A term is made of at most so many words of the dictionary.
const MOST_WORDS: usize = 4;

/// Words that join others and are no part of a term's edge.
const JOINING: &str = "的了和与及在是为对把被将等并也不有以到地得着过就都而或向从由于年月日个这那其中上下们要更再";

/// What counts as a term.
#[derive(Clone, Debug)]
pub struct NewWordOptions {
    /// Only passages that match this are read.
    pub within: Option<Query>,
    /// How often a term that is quoted must be quoted.
    pub quoted: u64,
    /// How often another must stand.
    pub least: u64,
    /// How many bits the parts of a term that is not quoted must tell of each other. 0 is chance, 10 a thousand times more
    /// often than chance.
    pub information: f64,
    /// How many bits of choice there must be on both its sides. 0 is always the same neighbour, 1 two alike.
    pub entropy: f64,
}

impl Default for NewWordOptions {
    fn default() -> Self {
        NewWordOptions { within: None, quoted: 2, least: 5, information: 6.0, entropy: 1.5 }
    }
}

/// A term that the dictionary does not know.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct NewWord {
    /// The term, folded.
    pub word: String,
    /// How often it stands as a sequence of words, cut off from what is beside it; `None` for a term known from quotes alone.
    pub occurrences: Option<u64>,
    /// How often it is quoted.
    pub quoted: u64,
    /// In how many documents, quoted or not.
    pub documents: u64,
    /// The information of its weakest split, in bits; `None` for a term known from quotes alone.
    pub information: Option<f64>,
    /// The choice on its more fixed side, in bits.
    pub entropy: Option<f64>,
    /// A passage where it stands.
    pub example: Location,
}

/// A sequence of words by their numbers, 0 where it has fewer.
type Gram = [u32; MOST_WORDS];

/// The words of the text in order, by numbers; 0 where no word may reach over.
#[derive(Default)]
struct Stream {
    words: Vec<String>,
    numbers: HashMap<String, u32>,
    tokens: Vec<u32>,
    /// For each token its segment and passage.
    places: Vec<(u32, u32)>,
}

/// Where a term stands. What is quoted and what is a sequence can be one term, so that documents of both are told apart.
#[derive(Default)]
struct Uses {
    count: u64,
    documents: HashSet<(u32, u32)>,
    first: Option<(u32, u32)>,
}

/// The two figures of a sequence.
struct Figures {
    standing: Uses,
    information: f64,
    entropy: f64,
}

impl Snapshot {
    /// The terms that the dictionary does not know: quoted ones first, by how often they are, then the others, by how sure.
    pub fn new_words(&self, cutter: &Cutter, options: &NewWordOptions) -> Result<Vec<NewWord>> {
        let all = Query::everything();
        let within = self.evaluate(&Plan::new(options.within.as_ref().unwrap_or(&all)))?;
        let mut stream = Stream { words: vec![String::new()], ..Stream::default() };
        let mut quotes: HashMap<String, Uses> = HashMap::new();
        let mut scratch = Scratch::default();
        for Place { segment, document, passage, .. } in self.places(&within) {
            let folded = self.texts[segment].folded(passage)?;
            let segment = segment as u32;
            stream.read(cutter, &folded, &mut scratch, (segment, passage));
            for term in quoted(&folded.restore()) {
                let term = fold(term).text;
                let is_term = LENGTH.contains(&term.chars().count()) && term.chars().all(is_han);
                if is_term && !cutter.knows(&term) {
                    quotes.entry(term).or_default().add((segment, document), (segment, passage));
                }
            }
        }
        let document = |(segment, passage): (u32, u32)| (segment, self.texts[segment as usize].document_of(passage));
        let mut sequences = stream.terms(options, document);
        sequences.retain(|word, _| !cutter.knows(word));
        let mut words = Vec::new();
        for (word, quote) in quotes.iter().filter(|(_, standing)| standing.count >= options.quoted) {
            let figures = sequences.remove(word);
            words.push(self.new_word(word.clone(), Some(quote), figures)?);
        }
        for (word, figures) in sequences {
            let quote = quotes.get(&word);
            words.push(self.new_word(word, quote, Some(figures))?);
        }
        let surety = |word: &NewWord| word.information.unwrap_or(0.0) + word.entropy.unwrap_or(0.0);
        words.sort_by(|a, b| {
            let quoted = b.quoted.cmp(&a.quoted);
            quoted.then(surety(b).total_cmp(&surety(a))).then_with(|| a.word.cmp(&b.word))
        });
        Ok(words)
    }

    fn new_word(&self, word: String, quote: Option<&Uses>, figures: Option<Figures>) -> Result<NewWord> {
        let both = || quote.into_iter().chain(figures.iter().map(|figures| &figures.standing));
        let documents: HashSet<(u32, u32)> = both().flat_map(|standing| standing.documents.iter().copied()).collect();
        let (segment, passage) = both().find_map(|standing| standing.first).unwrap_or_default();
        Ok(NewWord {
            word,
            occurrences: figures.as_ref().map(|figures| figures.standing.count),
            quoted: quote.map_or(0, |quote| quote.count),
            documents: documents.len() as u64,
            information: figures.as_ref().map(|figures| figures.information),
            entropy: figures.as_ref().map(|figures| figures.entropy),
            example: self.locate(segment as usize, passage)?,
        })
    }
}

impl Uses {
    fn add(&mut self, document: (u32, u32), passage: (u32, u32)) {
        self.count += 1;
        self.documents.insert(document);
        self.first = self.first.or(Some(passage));
    }
}

impl Stream {
    /// Appends the words of a passage.
    fn read(&mut self, cutter: &Cutter, folded: &Folded, scratch: &mut Scratch, place: (u32, u32)) {
        let mut breaks = folded.breaks().peekable();
        let mut end = usize::MAX;
        cutter.outer(folded, scratch, |range| {
            let text = &folded.text[range.clone()];
            // a mark was dropped between this word and the one before
            let mut is_broken = range.start != end;
            while breaks.next_if(|&at| at <= range.start).is_some() {
                is_broken = true;
            }
            end = range.end;
            let is_word = text.chars().all(is_han);
            if is_broken || !is_word {
                self.push(0, place);
            }
            if is_word {
                let number = match self.numbers.get(text) {
                    Some(&number) => number,
                    None => {
                        self.words.push(text.to_string());
                        *self.numbers.entry(text.to_string()).or_insert(self.words.len() as u32 - 1)
                    }
                };
                self.push(number, place);
            }
        });
        self.push(0, place);
    }

    fn push(&mut self, token: u32, place: (u32, u32)) {
        self.tokens.push(token);
        self.places.push(place);
    }

    /// How often each sequence of `length` words stands, of those whose two shorter ones stand often enough.
    fn count(&self, length: usize, shorter: &HashMap<Gram, u64>, least: u64) -> HashMap<Gram, u64> {
        let mut counts: HashMap<Gram, u64> = HashMap::new();
        for window in self.tokens.windows(length) {
            if window.contains(&0) {
                continue;
            }
            let parts = [gram(&window[..length - 1]), gram(&window[1..])];
            if parts.iter().all(|part| shorter.contains_key(part)) {
                *counts.entry(gram(window)).or_default() += 1;
            }
        }
        counts.retain(|_, count| *count >= least);
        counts
    }

    /// The sequences of words that are terms.
    fn terms(&self, options: &NewWordOptions, document: impl Fn((u32, u32)) -> (u32, u32)) -> HashMap<String, Figures> {
        let mut single: HashMap<Gram, u64> = HashMap::new();
        for &token in self.tokens.iter().filter(|&&token| token != 0) {
            *single.entry(gram(&[token])).or_default() += 1;
        }
        let all = single.values().sum::<u64>() as f64;
        single.retain(|_, count| *count >= options.least);
        let mut counts = vec![single];
        for length in 2..=MOST_WORDS {
            let next = self.count(length, &counts[length - 2], options.least);
            counts.push(next);
        }
        let mut terms = HashMap::new();
        for length in 2..=MOST_WORDS {
            let mut wanted: HashMap<Gram, Around> = HashMap::new();
            for (&gram, &count) in counts[length - 1].iter().filter(|(gram, _)| self.may_be_term(gram, length)) {
                let information = information(&gram, length, count, &counts, all);
                if information >= options.information {
                    wanted.insert(gram, Around { information, ..Around::default() });
                }
            }
            for (at, window) in self.tokens.windows(length).enumerate().filter(|(_, window)| !window.contains(&0)) {
                let Some(around) = wanted.get_mut(&gram(window)) else { continue };
                around.left.add(at.checked_sub(1).map_or(0, |before| self.tokens[before]));
                around.right.add(self.tokens.get(at + length).copied().unwrap_or(0));
                around.standing.add(document(self.places[at]), self.places[at]);
            }
            for (gram, around) in wanted {
                let entropy = around.left.entropy().min(around.right.entropy());
                if entropy >= options.entropy {
                    let word = gram[..length].iter().map(|&word| self.words[word as usize].as_str()).collect();
                    let Around { standing, information, .. } = around;
                    terms.insert(word, Figures { standing, information, entropy });
                }
            }
        }
        terms
    }

    /// Whether the sequence looks like a word that was cut apart: a single character is among its parts, since of longer
    /// parts it is a phrase of known words, and neither edge is a joining word.
    fn may_be_term(&self, gram: &Gram, length: usize) -> bool {
        let words: Vec<&str> = gram[..length].iter().map(|&word| self.words[word as usize].as_str()).collect();
        let is_single = |word: &&str| word.chars().nth(1).is_none();
        let joins = |word: &str| is_single(&word) && JOINING.contains(word);
        LENGTH.contains(&words.iter().map(|word| word.chars().count()).sum())
            && words.iter().any(is_single)
            && !joins(words[0])
            && !joins(words[length - 1])
    }
}

/// What stands beside a sequence.
#[derive(Default)]
struct Around {
    left: Neighbours,
    right: Neighbours,
    standing: Uses,
    information: f64,
}

#[derive(Default)]
struct Neighbours {
    words: HashMap<u32, u64>,
    /// Ends of text and marks: each is a neighbour of its own.
    walls: u64,
}

impl Neighbours {
    fn add(&mut self, token: u32) {
        match token {
            0 => self.walls += 1,
            token => *self.words.entry(token).or_default() += 1,
        }
    }

    /// In bits.
    fn entropy(&self) -> f64 {
        let all = (self.words.values().sum::<u64>() + self.walls) as f64;
        let part = |count: f64| -(count / all) * (count / all).log2();
        let mut counts: Vec<u64> = self.words.values().copied().collect();
        // in one order, so that rounding is the same each time
        counts.sort_unstable();
        counts.into_iter().map(|count| part(count as f64)).sum::<f64>() + self.walls as f64 * part(1.0)
    }
}

/// The pointwise mutual information of the two parts of a sequence, for the split where it is least: log₂ of how many times
/// more often it stands than if the parts knew nothing of each other. `counts` are those of sequences by length.
fn information(sequence: &Gram, length: usize, count: u64, counts: &[HashMap<Gram, u64>], all: f64) -> f64 {
    let of = |part: &[u32]| counts[part.len() - 1].get(&gram(part)).copied().unwrap_or(1) as f64;
    let split = |at: usize| (count as f64 * all / (of(&sequence[..at]) * of(&sequence[at..length]))).log2();
    (1..length).map(split).fold(f64::INFINITY, f64::min)
}

fn gram(words: &[u32]) -> Gram {
    let mut gram = [0; MOST_WORDS];
    gram[..words.len()].copy_from_slice(words);
    gram
}
