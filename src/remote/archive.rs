//! What the library reads of an index in an engine: it proves, counts and ranks what comes from here.

use std::collections::BTreeSet;
use std::sync::{Arc, MutexGuard};
use std::time::{Duration, Instant};

use anyhow::Result;
use gm_index::{
    ANALYZER, Archive, Description, Document, DocumentEntry, Error, Excerpt, Extent, Index, Kind, Query, Status,
    Wanted, fold,
};
use serde_json::{Value, json};

use super::Remote;
use super::layout::{self, Entry};
use super::sieve::{self, Sieve, all, any, everything};
use crate::fail::lock;

/// Paragraphs that are asked for at once.
const PARAGRAPHS: usize = 1_000;

/// Descriptions that are asked for at once.
const DESCRIPTIONS: usize = 5_000;

/// How long numbers of the whole are believed.
const FRESH: Duration = Duration::from_secs(2);

/// Numbers of the whole that were asked for.
#[derive(Default)]
pub struct Known {
    since: Option<Instant>,
    extent: Option<Extent>,
    descriptions: Option<Vec<Description>>,
}

/// What is kept beside the documents, in their index.
#[derive(Clone, Copy)]
pub enum Kept {
    Document,
    Note,
}

impl Kept {
    pub fn name(self) -> &'static str {
        match self {
            Kept::Document => "document",
            Kept::Note => "note",
        }
    }
}

impl Remote {
    /// The documents that were loaded, as one of our indexes of documents has them.
    pub(super) fn documents_in(&self, index: &str) -> Result<Vec<DocumentEntry>> {
        let mut entries = Vec::new();
        self.each(index, &json!({ "term": { "what": Kept::Document.name() } }), u64::MAX, |source| {
            let Entry { id, meta, stamp, passages } = serde_json::from_value(source.entry.unwrap_or_default())?;
            entries.push(DocumentEntry { id, meta, stamp, passages });
            Ok(())
        })?;
        Ok(entries)
    }

    pub(super) fn note_in(&self, index: &str) -> Result<String> {
        let mut note = String::new();
        self.each(index, &json!({ "term": { "what": Kept::Note.name() } }), u64::MAX, |source| {
            note = source.entry.and_then(|entry| entry["note"].as_str().map(String::from)).unwrap_or_default();
            Ok(())
        })?;
        Ok(note)
    }

    /// How many documents there are, without reading them, the bytes that they take in the engine with all copies, and
    /// in how many parts the passages lie.
    fn size(&self) -> Result<(u64, u64, u64)> {
        let body =
            json!({ "query": { "term": { "what": Kept::Document.name() } }, "size": 0, "track_total_hits": true });
        let documents = self.search(&self.documents_name(), "", &body)?.hits.total.value;
        let parts = self.search(&self.name, "", &json!({ "size": 0 }))?.shards.total;
        let answer = self.client.get(&format!("{},{}/_stats/store", self.name, self.documents_name()))?;
        let stats: Value = answer.json()?;
        Ok((documents, stats["_all"]["total"]["store"]["size_in_bytes"].as_u64().unwrap_or(0), parts))
    }

    /// A document with its text, as it was loaded.
    pub fn restored(self: &Arc<Self>, id: &str) -> Result<Option<Document>> {
        Ok(Index::over(self.clone())?.document(id)?)
    }

    fn fresh(&self) -> MutexGuard<'_, Known> {
        let mut known = lock(&self.known);
        if known.since.is_none_or(|since| since.elapsed() > FRESH) {
            *known = Known { since: Some(Instant::now()), ..Known::default() };
        }
        known
    }

    fn read_extent(&self) -> Result<Extent> {
        let sum = |field: &str| json!({ "sum": { "field": field } });
        let body = json!({
            "size": 0,
            "track_total_hits": true,
            "aggs": {
                "words": sum("word_count"), "characters": sum("characters"), "code_bytes": sum("code_bytes"),
                "parts": { "filter": { "exists": { "field": "part" } } },
            },
        });
        let found = self.search(&self.name, "", &body)?;
        let sum = |field: &str| found.aggregations[field]["value"].as_f64().unwrap_or(0.0) as u64;
        Ok(Extent {
            passages: found.hits.total.value,
            words: sum("words"),
            characters: sum("characters"),
            code_bytes: sum("code_bytes"),
            has_parts: found.aggregations["parts"]["doc_count"].as_u64().unwrap_or(0) > 0,
        })
    }

    fn read_descriptions(&self) -> Result<Vec<Description>> {
        let mut descriptions = Vec::new();
        let mut after = Value::Null;
        loop {
            let mut composite =
                json!({ "size": DESCRIPTIONS, "sources": [{ "about": { "terms": { "field": "about" } } }] });
            if !after.is_null() {
                composite["after"] = after;
            }
            let body = json!({ "size": 0, "aggs": { "about": { "composite": composite } } });
            let found = self.search(&self.name, "", &body)?;
            let buckets = found.aggregations["about"]["buckets"].as_array().cloned().unwrap_or_default();
            let abouts = buckets.iter().filter_map(|bucket| bucket["key"]["about"].as_str());
            descriptions.extend(abouts.filter_map(layout::described));
            after = found.aggregations["about"]["after_key"].clone();
            if after.is_null() {
                return Ok(descriptions);
            }
        }
    }

    fn read_matching(&self, query: &Query, whole_paragraphs: bool) -> Result<Vec<Excerpt>> {
        let sieve = Sieve::new(query);
        let mut excerpts: Vec<Excerpt> = Vec::new();
        self.excerpts(&sieve.query, |excerpt| excerpts.push(excerpt))?;
        let whole_paragraphs = whole_paragraphs || sieve.whole_paragraphs;
        let needs_rest = |excerpt: &&Excerpt| match whole_paragraphs {
            true => excerpt.goes_on || excerpt.paragraph != excerpt.ordinal,
            false => excerpt.goes_on && may_run_on(&excerpt.text, &sieve.texts),
        };
        let paragraphs: BTreeSet<String> =
            excerpts.iter().filter(needs_rest).map(|e| layout::passage_id(&e.document, e.paragraph)).collect();
        let paragraphs: Vec<String> = paragraphs.into_iter().collect();
        for some in paragraphs.chunks(PARAGRAPHS) {
            self.excerpts(&json!({ "terms": { "paragraph": some } }), |excerpt| excerpts.push(excerpt))?;
        }
        Ok(excerpts)
    }

    fn read_best(&self, wanted: &Wanted<'_>) -> Result<Vec<Excerpt>> {
        let Wanted { words, topics, limits, descriptions, count } = wanted;
        let term = |word: &str| json!({ "term": { "words": word } });
        let weighted =
            words.iter().map(|(word, weight)| json!({ "term": { "words": { "value": word, "boost": weight } } }));
        let mut filters = Vec::new();
        if !topics.is_empty() {
            filters.push(any(topics.iter().map(|word| term(word)).collect()));
        }
        filters.push(all(limits.iter().map(|limit| Sieve::new(limit).query).collect()));
        if !descriptions.is_empty() {
            filters.push(json!({ "terms": { "about": descriptions.iter().map(layout::about).collect::<Vec<_>>() } }));
        }
        filters.retain(|filter| *filter != everything());
        let query =
            json!({ "bool": { "should": weighted.collect::<Vec<_>>(), "minimum_should_match": 1, "filter": filters } });
        // what is not exact in the limits takes room
        let size = if limits.is_empty() { *count } else { count * 2 }.min(10_000);
        let found =
            self.search(&self.name, "&search_type=dfs_query_then_fetch", &json!({ "query": query, "size": size }))?;
        Ok(found.hits.hits.into_iter().filter_map(|hit| hit.source.excerpt).collect())
    }
}

/// Whether one of the texts may begin in a passage and end in the next.
fn may_run_on(passage: &str, texts: &[Vec<char>]) -> bool {
    let folded = fold(passage).text;
    let begins =
        |text: &Vec<char>| (1..text.len()).any(|count| folded.ends_with(&text[..count].iter().collect::<String>()));
    texts.iter().any(begins)
}

/// What the library wants to know of a failure here.
fn told(error: anyhow::Error) -> Error {
    let hint = crate::fail::hint_of(&error).map(String::from);
    let told = Error::new(Kind::Io, format!("{error:#}"));
    match hint {
        Some(hint) => told.with_hint(hint),
        None => told,
    }
}

impl Archive for Remote {
    fn documents(&self) -> gm_index::Result<Vec<DocumentEntry>> {
        self.documents_in(&self.documents_name()).map_err(told)
    }

    fn note(&self) -> gm_index::Result<String> {
        self.note_in(&self.documents_name()).map_err(told)
    }

    fn status(&self) -> gm_index::Result<Status> {
        let (documents, index_bytes, segments) = self.size().map_err(told)?;
        let extent = self.read_extent().map_err(told)?;
        Ok(Status {
            documents,
            passages: extent.passages,
            segments,
            text_bytes: extent.code_bytes,
            index_bytes,
            format: layout::LAYOUT,
            analyzer: ANALYZER.to_string(),
        })
    }

    fn extent(&self) -> gm_index::Result<Extent> {
        if let Some(extent) = self.fresh().extent {
            return Ok(extent);
        }
        let extent = self.read_extent().map_err(told)?;
        self.fresh().extent = Some(extent);
        Ok(extent)
    }

    fn descriptions(&self) -> gm_index::Result<Vec<Description>> {
        if let Some(descriptions) = &self.fresh().descriptions {
            return Ok(descriptions.clone());
        }
        let descriptions = self.read_descriptions().map_err(told)?;
        self.fresh().descriptions = Some(descriptions.clone());
        Ok(descriptions)
    }

    fn word_frequencies(&self, words: &[&str]) -> gm_index::Result<Vec<u64>> {
        self.totals(words.iter().map(|word| json!({ "term": { "words": word } }))).map_err(told)
    }

    fn text_frequencies(&self, texts: &[&str]) -> gm_index::Result<Vec<u64>> {
        self.totals(texts.iter().map(|text| sieve::phrase("literal", &sieve::spaced(text.chars())))).map_err(told)
    }

    fn matching(&self, query: &Query, whole_paragraphs: bool) -> gm_index::Result<Vec<Excerpt>> {
        self.read_matching(query, whole_paragraphs).map_err(told)
    }

    fn best(&self, wanted: &Wanted<'_>) -> gm_index::Result<Vec<Excerpt>> {
        self.read_best(wanted).map_err(told)
    }

    fn document(&self, id: &str) -> gm_index::Result<Vec<Excerpt>> {
        let mut excerpts = Vec::new();
        let query = json!({ "term": { "document": id } });
        self.excerpts(&query, |excerpt| excerpts.push(excerpt)).map_err(told)?;
        Ok(excerpts)
    }
}
