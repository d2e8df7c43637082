//! One state of the index, never half of another: what everything that answers reads from.

use std::borrow::Borrow;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, OnceLock};

use tantivy::directory::RamDirectory;
use tantivy::query::Bm25StatisticsProvider;
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{Searcher, SegmentReader, Term};

use crate::document::Document;
use crate::error::{Error, Result, lock};
use crate::find::frequency;
use crate::find::matching::{Matches, Plan};
use crate::find::needle::Needle;
use crate::query::archive::{Extent, Whole};
use crate::query::known::Known;
use crate::rank::bm25::Bm25;
use crate::store::text::SegmentText;
use crate::words::Cutter;
use crate::write::lock::WriterLock;
use crate::write::schema::Schema;
use crate::write::segment::engine;
use crate::write::writer::{BEGIN, Writer};

/// A state of the index.
pub(crate) struct Snapshot {
    pub searcher: Searcher,
    /// The text of each of the searcher's segments.
    pub texts: Vec<SegmentText>,
    /// Living passages, of the whole if this is a part of an archive.
    pub passages: u64,
    /// tantivy's fields of words and of the ids of documents.
    pub words: Field,
    pub ids: Field,
    /// Characters of folded text in an average passage.
    average: f32,
    /// Bytes of the code of all living passages, and of an average one.
    bytes: usize,
    average_bytes: f32,
    known: OnceLock<Known>,
    /// In how many passages texts and words stand that were asked for: queries share their commonest words and pairs, which cost
    /// most, and a question asks for the same ones many times.
    estimated: Frequencies,
    counted: Frequencies,
    /// What this is a part of, if it is one.
    pub whole: Option<Arc<Whole>>,
}

/// In so many bytes of code texts are counted, in more their frequencies are estimated.
const COUNTED: usize = 4 << 20;

/// So many stretches are read for an estimate.
const SAMPLES: usize = 32;

/// So many texts are remembered; then all are forgotten.
const MOST_FREQUENCIES: usize = 1 << 14;

/// In how many passages texts or words stand that were asked for before.
#[derive(Default)]
struct Frequencies(Mutex<HashMap<String, u64>>);

impl Frequencies {
    fn get(&self, text: &str, find: impl FnOnce() -> u64) -> u64 {
        let known = || lock(&self.0);
        if let Some(&found) = known().get(text) {
            return found;
        }
        let found = find();
        let mut known = known();
        if known.len() >= MOST_FREQUENCIES {
            known.clear();
        }
        known.insert(text.to_string(), found);
        found
    }
}

impl Snapshot {
    /// The state that `searcher` sees. Of a part of an archive, what ranks is that of the `whole`.
    /// Cheap, unless documents were deleted: then it asks for the length of each passage.
    pub fn new(searcher: Searcher, schema: &Schema, whole: Option<Arc<Whole>>) -> Result<Self> {
        let texts = searcher.segment_readers().iter().map(SegmentText::open).collect::<Result<Vec<_>>>()?;
        let mut passages = searcher.num_docs();
        let (mut characters, mut bytes) = (0, 0);
        for (text, segment) in texts.iter().zip(searcher.segment_readers()) {
            if segment.has_deletes() {
                for passage in segment.doc_ids_alive() {
                    characters += text.characters(passage) as u64;
                    bytes += text.code_len(passage);
                }
            } else {
                characters += text.all_characters();
                bytes += text.text().len();
            }
        }
        if let Some(Extent { passages: all, characters: all_characters, code_bytes, .. }) =
            whole.as_ref().map(|whole| whole.extent)
        {
            (passages, characters, bytes) = (all, all_characters, code_bytes as usize);
        }
        let [average, average_bytes] = [characters, bytes as u64].map(|sum| sum as f32 / passages.max(1) as f32);
        Ok(Snapshot {
            searcher,
            texts,
            passages,
            words: schema.words,
            ids: schema.document,
            average,
            bytes,
            average_bytes,
            known: OnceLock::new(),
            estimated: Frequencies::default(),
            counted: Frequencies::default(),
            whole,
        })
    }

    /// The state of an index in memory that has these documents and nothing else. What it is a part of, if it is one, is the
    /// `whole`. Cost: cuts their words.
    pub fn in_memory<D: Borrow<Document>>(
        documents: impl IntoIterator<Item = D>,
        whole: Option<Arc<Whole>>,
    ) -> Result<Snapshot> {
        let failed = |error| Error::engine("make an index in memory", error);
        let (schema, directory) = (Schema::new(), RamDirectory::create());
        let engine = engine(&schema).open_or_create(directory.clone()).map_err(failed)?;
        let lock = WriterLock::take(&directory, BEGIN)?;
        let writer = Writer::new(lock, &engine, schema.clone(), Cutter::new(), String::new(), Box::new(|| Ok(())))?;
        documents.into_iter().try_for_each(|document| writer.add(document.borrow()))?;
        writer.commit()?;
        Snapshot::new(engine.reader().map_err(failed)?.searcher(), &schema, whole)
    }

    /// The segments: the text of each, and tantivy's reader.
    pub fn segments(&self) -> impl Iterator<Item = (&SegmentText, &SegmentReader)> {
        self.texts.iter().zip(self.searcher.segment_readers())
    }

    /// The passages of each segment that match.
    pub fn evaluate(&self, plan: &Plan) -> Result<Vec<Matches>> {
        self.segments().map(|(text, segment)| plan.matches(text, segment)).collect()
    }

    /// What documents are known to be about. Cost: the first time, reads the description of every document.
    pub fn known(&self) -> Result<&Known> {
        if let Some(known) = self.known.get() {
            return Ok(known);
        }
        let mut known = Known::default();
        for (at, (text, segment)) in self.segments().enumerate() {
            for (document, _) in text.living(segment) {
                known.add(at as u32, document, &text.head(document)?);
            }
            known.parts |= segment.doc_ids_alive().any(|passage| text.role(passage).is_some());
        }
        if let Some(whole) = &self.whole {
            whole.archive.descriptions()?.into_iter().for_each(|description| known.name(description));
            known.parts |= whole.extent.has_parts;
        }
        Ok(self.known.get_or_init(|| known))
    }

    /// The term of a word, for tantivy.
    pub fn term(&self, word: &str) -> Term {
        Term::from_field_text(self.words, word)
    }

    /// In how many living passages a word stands, by the postings. Cost: none, where nothing was deleted; else the first time reads
    /// them.
    pub fn word_frequency(&self, word: &str) -> u64 {
        match &self.whole {
            Some(whole) => whole.word_frequency(word),
            None => self.counted.get(word, || self.doc_freq(&self.term(word)).unwrap_or(0)),
        }
    }

    /// The weight of a word by its rarity.
    pub fn word_rarity(&self, word: &str) -> f32 {
        Bm25::rarity(self.word_frequency(word), self.passages)
    }

    /// The weight of any folded text by its rarity: however documents are divided among segments, and whatever was deleted, as
    /// long as there are some 10 MB of them. Cost: the first time, of so few a scan of the blocks that the filter lets pass, of
    /// more up to 128 kB, and 4 kB of each segment at least.
    pub fn text_rarity(&self, folded: &str) -> f32 {
        let found = self.estimated.get(folded, || match &self.whole {
            Some(whole) => whole.text_frequency(folded),
            None => {
                let needle = Needle::new(folded);
                // of each segment as much as it has of all text
                let samples = |text: &SegmentText| (SAMPLES * text.text().len()).div_ceil(self.bytes);
                let found = self.segments().map(|(text, segment)| {
                    frequency(&needle, text, segment, (self.bytes > COUNTED).then(|| samples(text)))
                });
                found.sum()
            }
        });
        Bm25::rarity(found, self.passages)
    }

    /// Hands on what was worked out, unless it rests on a number of the whole that could not be had.
    pub fn settled<T>(&self, result: T) -> Result<T> {
        self.whole.as_ref().map_or(Ok(()), |whole| whole.settle())?;
        Ok(result)
    }

    /// The length of a passage as a share of the average, by the bytes of its code: without a look at the text.
    pub fn rough_length(&self, segment: u32, passage: u32) -> f32 {
        self.texts[segment as usize].code_len(passage) as f32 / self.average_bytes
    }

    /// The length of a passage in characters as a share of the average.
    pub fn length(&self, segment: u32, passage: u32) -> f32 {
        self.texts[segment as usize].characters(passage) as f32 / self.average
    }
}

/// Of what is deleted and lies in the files still, nothing counts.
impl Bm25StatisticsProvider for Snapshot {
    fn total_num_tokens(&self, field: Field) -> tantivy::Result<u64> {
        let (tokens, passages) = (self.searcher.total_num_tokens(field)?, self.searcher.total_num_docs()?);
        // passages that were deleted are taken for as long as others
        Ok((tokens as u128 * self.passages as u128 / passages.max(1) as u128) as u64)
    }

    fn total_num_docs(&self) -> tantivy::Result<u64> {
        Ok(self.passages)
    }

    fn doc_freq(&self, term: &Term) -> tantivy::Result<u64> {
        let mut sum = 0;
        for segment in self.searcher.segment_readers() {
            let index = segment.inverted_index(term.field())?;
            let living = segment.alive_bitset().and_then(|alive| {
                let postings = index.read_postings(term, IndexRecordOption::Basic);
                Some(postings.ok()?.map_or(0, |postings| postings.doc_freq_given_deletes(alive)))
            });
            // what cannot be read is told where its passages are looked for
            sum += living.map_or_else(|| index.doc_freq(term), Ok)? as u64;
        }
        Ok(sum)
    }
}
