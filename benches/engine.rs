//! What every engine can do here, the list of the engines, and gm-search itself.

use std::collections::BTreeSet;
use std::hint::black_box;
use std::path::Path;
use std::sync::LazyLock;
use std::sync::atomic::{AtomicUsize, Ordering::Relaxed};

use anyhow::{Context, Result};
use gm_index::{Cutter, Document, Folded, Index, Options, Query, Writer};
use jieba_rs::Jieba;

use crate::corpus::Corpus;
use crate::rivals::{one_character_a_token, usual_pairing};

/// How many hits a query asks for.
pub const HITS: usize = 10;

/// An index and its writer.
pub trait Engine {
    /// Cuts one paragraph into words and tells how many there are.
    fn cut(&mut self, paragraph: &str) -> usize;

    /// The same of a paragraph that gm-search has folded already.
    fn cut_folded(&mut self, paragraph: &Folded) -> usize {
        self.cut(&paragraph.text)
    }

    /// Adds the whole corpus, commits, and waits until nothing is left to merge. Called once.
    fn build(&mut self, corpus: &Corpus) -> Result<()>;

    /// The best [`HITS`] hits with their text, which are handed to `show`, and how many there are in all.
    fn query(&self, string: &str, show: &mut dyn FnMut(&str)) -> Result<u64>;

    /// The best [`HITS`] hits for the words of a question, which are handed to `show`.
    fn rank(&self, question: &str, show: &mut dyn FnMut(&str)) -> Result<()>;

    /// The ordinals of all paragraphs in which `string` is found.
    fn find(&self, corpus: &Corpus, string: &str) -> Result<BTreeSet<usize>>;
}

/// Makes an empty index in a directory, with its writer ready and its dictionary loaded, for so many indexing threads.
pub type Create = fn(&Path, usize) -> Result<Box<dyn Engine>>;

/// The engines in the order in which they take turns and stand in the table. Ratios are to the second one.
pub const ENGINES: [(&str, Create); 3] =
    [("gm-search", Ours::create), ("usual pairing", usual_pairing), ("one character a token", one_character_a_token)];

pub struct Ours {
    index: Index,
    writer: Option<Writer>,
    threads: usize,
    cutter: Cutter,
}

impl Ours {
    pub fn create(directory: &Path, threads: usize) -> Result<Box<dyn Engine>> {
        let index = Index::create(directory)?;
        let writer = index.writer()?;
        Ok(Box::new(Ours { index, writer: Some(writer), threads, cutter: Cutter::new() }))
    }

    fn search(&self, query: &Query, limit: usize) -> Result<gm_index::Results> {
        Ok(self.index.search(query, Options { limit, ..Options::default() })?)
    }
}

/// Jieba itself.
pub static JIEBA: LazyLock<Jieba> = LazyLock::new(Jieba::new);

impl Engine for Ours {
    fn cut(&mut self, paragraph: &str) -> usize {
        let mut count = 0;
        self.cutter.each_word(paragraph, |word| count += black_box(word).len().min(1));
        count
    }

    fn cut_folded(&mut self, paragraph: &Folded) -> usize {
        let mut count = 0;
        self.cutter.each_word_of(paragraph, |word| count += black_box(word).len().min(1));
        count
    }

    fn build(&mut self, corpus: &Corpus) -> Result<()> {
        let writer = self.writer.take().context("an index is built once")?;
        let next = AtomicUsize::new(0);
        std::thread::scope(|scope| {
            let work = || -> gm_index::Result<()> {
                while let Some(document) = corpus.documents.get(next.fetch_add(1, Relaxed)) {
                    writer.add(&Document::from_text(&*document.id, &*document.text))?;
                }
                Ok(())
            };
            let workers: Vec<_> = (0..self.threads).map(|_| scope.spawn(work)).collect();
            workers.into_iter().try_for_each(|worker| worker.join().expect("a worker does not panic"))
        })?;
        Ok(writer.commit()?)
    }

    fn query(&self, string: &str, show: &mut dyn FnMut(&str)) -> Result<u64> {
        let results = self.search(&Query::Phrase(string.to_string()), HITS)?;
        results.hits.iter().for_each(|hit| show(&hit.snippet.text));
        Ok(results.total.passages)
    }

    fn rank(&self, question: &str, show: &mut dyn FnMut(&str)) -> Result<()> {
        let words = question.split(' ').map(|word| Query::Text(word.to_string())).collect();
        let results = self.search(&Query::And(words), HITS)?;
        results.hits.iter().for_each(|hit| show(&hit.snippet.text));
        Ok(())
    }

    fn find(&self, corpus: &Corpus, string: &str) -> Result<BTreeSet<usize>> {
        let mut found = BTreeSet::new();
        for hit in self.search(&Query::Phrase(string.to_string()), usize::MAX)?.hits {
            // a passage may be a part of a paragraph, or several lines of a title block: its highlights say which line
            let mut line = hit.line as usize;
            for (piece, is_match) in hit.snippet.pieces() {
                let last = line + piece.matches('\n').count();
                if is_match {
                    found.extend(corpus.paragraphs_on(&hit.document.id, line..=last)?);
                }
                line = last;
            }
        }
        Ok(found)
    }
}
