//! A corpus that is too large for one machine, or shared by many: an engine of others holds it as [`Excerpt`]s, and an
//! [`Index`](crate::Index) in memory holds what a query needs of it (see `part`). What ranks by the whole of it is told here.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use crate::document::{DocumentEntry, Meta, Status, governing};
use crate::error::{Error, Result, lock};
use crate::fold::fold;
use crate::query::Query;
use crate::query::names::called;
use crate::store::excerpt::Excerpt;

/// A corpus that lies elsewhere. It finds; what is found is proven, counted and ranked here, by the same code as in any index.
pub trait Archive: Send + Sync {
    /// Its documents, in no particular order.
    fn documents(&self) -> Result<Vec<DocumentEntry>>;

    /// As [`Index::note`](crate::Index::note).
    fn note(&self) -> Result<String>;

    /// As [`Index::status`](crate::Index::status).
    fn status(&self) -> Result<Status>;

    /// How much it holds.
    fn extent(&self) -> Result<Extent>;

    /// Each combination of place, years, titles and speaker that its documents have, once.
    fn descriptions(&self) -> Result<Vec<Description>>;

    /// In how many passages each of the words stands, by exactly these terms.
    fn word_frequencies(&self, words: &[&str]) -> Result<Vec<u64>>;

    /// In how many passages each of the folded texts begins.
    fn text_frequencies(&self, texts: &[&str]) -> Result<Vec<u64>>;

    /// All passages that match a query, and perhaps more; with `whole_paragraphs` the others of their paragraphs too. Those into
    /// which a match runs on are among them in any case.
    fn matching(&self, query: &Query, whole_paragraphs: bool) -> Result<Vec<Excerpt>>;

    /// The best passages by BM25 over words.
    fn best(&self, wanted: &Wanted<'_>) -> Result<Vec<Excerpt>>;

    /// The passages of a document; none if it is not there.
    fn document(&self, id: &str) -> Result<Vec<Excerpt>>;
}

/// How much an [`Archive`] holds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Extent {
    /// Passages.
    pub passages: u64,
    /// Words in them, as [`Analyzed::words`](crate::Analyzed::words) has them.
    pub words: u64,
    /// Characters of folded text.
    pub characters: u64,
    /// The sum of [`Analyzed::code_bytes`](crate::Analyzed::code_bytes).
    pub code_bytes: u64,
    /// Whether any passage has a role.
    pub has_parts: bool,
}

/// What a question can prefer a document by.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Description {
    /// As [`Meta::place`](crate::Meta::place); 全国 if the document is the nation's.
    pub place: Vec<String>,
    /// As [`Meta::year`](crate::Meta::year).
    pub year: Option<u16>,
    /// As [`Meta::review_year`](crate::Meta::review_year).
    pub review_year: Option<u16>,
    /// What it is called, folded, its own title first; none of a document that is called by its place and year, as a report is.
    pub titles: Vec<String>,
    /// Who gave it, folded; no name of two characters, which may be a word.
    pub speaker: Option<String>,
}

/// The name of a speaker by which a question can ask for what they gave.
pub(crate) fn name_of(speaker: &str) -> Option<String> {
    Some(fold(speaker).text).filter(|name| name.chars().nth(2).is_some())
}

impl Description {
    /// Of a document about which this is known.
    pub fn of(meta: &Meta) -> Self {
        let place = governing(&meta.place, meta.level).map(String::from).collect();
        let titles = meta.kind.as_ref().map(|kind| called(&meta.title, kind, &meta.place)).unwrap_or_default();
        let speaker = meta.speaker.as_deref().and_then(name_of);
        Description { place, year: meta.year, review_year: meta.review_year, titles, speaker }
    }
}

/// Which passages are asked of [`Archive::best`].
#[derive(Clone, Debug)]
pub struct Wanted<'a> {
    /// Words, each with its share of its weight. A passage holds at least one of them.
    pub words: Vec<(&'a str, f32)>,
    /// If not empty, a passage holds at least one of these.
    pub topics: Vec<&'a str>,
    /// What else must hold, as far as the engine can tell.
    pub limits: &'a [Query],
    /// If not empty, the documents have one of these descriptions.
    pub descriptions: &'a [Description],
    /// How many at most.
    pub count: usize,
}

/// The archive that something is a part of, the numbers of it that were asked for, and what went wrong with that.
pub(crate) struct Whole {
    pub archive: Arc<dyn Archive>,
    pub extent: Extent,
    words: Mutex<HashMap<String, u64>>,
    texts: Mutex<HashMap<String, u64>>,
    failure: Mutex<Option<Error>>,
}

impl Whole {
    pub fn new(archive: Arc<dyn Archive>) -> Result<Self> {
        let extent = archive.extent()?;
        let (words, texts, failure) = Default::default();
        Ok(Whole { archive, extent, words, texts, failure })
    }

    /// Asks for the frequencies of many words at once, so that they are known when each is wanted.
    pub fn learn_words(&self, words: &[&str]) -> Result<()> {
        learn(&self.words, words, |words| self.archive.word_frequencies(words))
    }

    /// The same for texts.
    pub fn learn_texts(&self, texts: &[&str]) -> Result<()> {
        learn(&self.texts, texts, |texts| self.archive.text_frequencies(texts))
    }

    /// In how many passages a word stands; 0 if that could not be had, which [`settle`](Self::settle) tells.
    pub fn word_frequency(&self, word: &str) -> u64 {
        self.number(&self.words, word, self.learn_words(&[word]))
    }

    /// The same for a text.
    pub fn text_frequency(&self, folded: &str) -> u64 {
        self.number(&self.texts, folded, self.learn_texts(&[folded]))
    }

    fn number(&self, known: &Mutex<HashMap<String, u64>>, text: &str, learned: Result<()>) -> u64 {
        if let Err(error) = learned {
            lock(&self.failure).get_or_insert(error);
        }
        lock(known).get(text).copied().unwrap_or(0)
    }

    /// Fails if any number could not be had since the last time: what was worked out with it is wrong.
    pub fn settle(&self) -> Result<()> {
        lock(&self.failure).take().map_or(Ok(()), Err)
    }
}

fn learn(
    known: &Mutex<HashMap<String, u64>>,
    texts: &[&str],
    ask: impl FnOnce(&[&str]) -> Result<Vec<u64>>,
) -> Result<()> {
    let new: Vec<&str> = {
        let known = lock(known);
        texts.iter().copied().filter(|text| !known.contains_key(*text)).collect()
    };
    if !new.is_empty() {
        let numbers = ask(&new)?;
        lock(known).extend(new.into_iter().map(String::from).zip(numbers));
    }
    Ok(())
}
