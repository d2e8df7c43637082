//! The same search on an existing distributed engine: OpenSearch 2.19 and 3, Elasticsearch where its API is the same. The engine
//! holds what `gm-index` gives it and finds candidates; `gm-index` proves, counts and ranks them. See `layout` for how an
//! index lies there, `sieve` for what is asked, `load` for how documents come there.

mod client;
mod layout;
mod load;
mod sieve;

use std::collections::{BTreeSet, HashMap};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use gm_index::{
    ANALYZER, Archive, Description, Document, DocumentEntry, Error, Excerpt, Extent, Index, Kind, Query, Status,
    Wanted, fold,
};
use serde::Deserialize;
use serde_json::{Value, json};

pub use client::Access;
use client::Client;
use layout::{Entry, Fingerprint};
pub use load::Loader;
use sieve::{Sieve, all, any, everything};

use crate::fail::advised;

/// The name of an index, where the address has none.
const NAME: &str = "gm-search";

/// A query that would read more passages than these is refused: all that is read lies in memory.
const MOST_PASSAGES: u64 = 500_000;

/// Passages that are fetched at once.
const PAGE: usize = 2_000;

/// Paragraphs that are asked for at once.
const PARAGRAPHS: usize = 1_000;

/// Descriptions that are asked for at once.
const DESCRIPTIONS: usize = 5_000;

/// How long numbers of the whole are believed.
const FRESH: Duration = Duration::from_secs(2);

/// How long a query waits for an engine that does not answer, and a load.
const QUERY_PATIENCE: Duration = Duration::from_secs(10);
const LOAD_PATIENCE: Duration = Duration::from_secs(120);

/// An index in an engine.
pub struct Remote {
    client: Client,
    /// For people.
    address: String,
    /// The alias of its passages; that of its documents ends in `-documents`.
    name: String,
    known: Mutex<Known>,
}

/// Numbers of the whole that were asked for.
#[derive(Default)]
struct Known {
    since: Option<Instant>,
    extent: Option<Extent>,
    descriptions: Option<Vec<Description>>,
}

/// What a search answers, as far as it is looked at.
#[derive(Deserialize)]
struct Found {
    timed_out: bool,
    #[serde(rename = "_shards")]
    shards: Shards,
    #[serde(rename = "_scroll_id")]
    scroll: Option<String>,
    hits: Hits,
    #[serde(default)]
    aggregations: Value,
}

#[derive(Deserialize)]
struct Shards {
    total: u64,
    successful: u64,
    failed: u64,
}

#[derive(Deserialize)]
struct Hits {
    total: Total,
    hits: Vec<Hit>,
}

#[derive(Deserialize)]
struct Total {
    value: u64,
}

#[derive(Deserialize)]
struct Hit {
    #[serde(rename = "_source")]
    source: Source,
}

#[derive(Deserialize)]
struct Source {
    excerpt: Option<Excerpt>,
    entry: Option<Value>,
}

/// What is kept beside the documents, in their index.
#[derive(Clone, Copy)]
enum Kept {
    Document,
    Note,
}

impl Kept {
    fn name(self) -> &'static str {
        match self {
            Kept::Document => "document",
            Kept::Note => "note",
        }
    }
}

impl Remote {
    /// The index at an address such as `https://host:9200/name`, or at several nodes, `https://a:9200,https://b:9200/name`. Nothing
    /// is asked yet.
    pub fn new(address: &str, access: Access, loads: bool) -> Result<Remote> {
        let wrong = |what: &str| {
            advised(
                format!("`{address}` is no address of an engine: {what}"),
                "give one such as https://host:9200/gm-search",
            )
        };
        let mut nodes: Vec<&str> = address.split(',').map(|node| node.trim().trim_end_matches('/')).collect();
        let mut name = NAME.to_string();
        if let Some(last) = nodes.last_mut()
            && let Some((scheme, rest)) = last.split_once("://")
            && let Some((host, path)) = rest.split_once('/')
        {
            name = path.to_string();
            *last = &last[..scheme.len() + 3 + host.len()];
        }
        let is_good = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_.".contains(c);
        if !name.chars().all(is_good) || !name.starts_with(|c: char| c.is_ascii_alphanumeric()) {
            return Err(wrong("the name of an index is of small letters, digits, `-`, `_` and `.`"));
        }
        for node in &nodes {
            let (scheme, host) = node.split_once("://").ok_or_else(|| wrong("it begins with http:// or https://"))?;
            if !matches!(scheme, "http" | "https") || host.is_empty() {
                return Err(wrong("it begins with http:// or https://"));
            }
            if host.contains(['@', '/', '?', '#']) {
                return Err(wrong("only the last node has a path, and secrets go in a file (--remote-auth)"));
            }
            if scheme == "http" && access.authorization.is_some() && !is_loopback(host) {
                return Err(advised(
                    format!("`{node}` would get a password or key over a connection that anyone can read"),
                    "use https://",
                ));
            }
        }
        let address = format!("{}/{name}", nodes[0]);
        let patience = if loads { LOAD_PATIENCE } else { QUERY_PATIENCE };
        let client = Client::new(nodes.into_iter().map(String::from).collect(), access, patience)?;
        Ok(Remote { client, address, name, known: Mutex::default() })
    }

    pub fn address(&self) -> &str {
        &self.address
    }

    fn documents_name(&self) -> String {
        format!("{}-documents", self.name)
    }

    /// Whether the index is there. Fails if it is of another layout or its words were cut otherwise.
    pub fn exists(&self) -> Result<bool> {
        let answer = self.client.get(&format!("{}/_mapping", self.name)).context("cannot open the index")?;
        if answer.status == 404 {
            return Ok(false);
        }
        if !answer.is_good() {
            bail!("cannot open the index at `{}`: {}", self.address, answer.reason());
        }
        let mappings: HashMap<String, Value> = answer.json()?;
        let meta = mappings.values().next().map(|index| index["mappings"]["_meta"].clone()).unwrap_or_default();
        match serde_json::from_value::<Fingerprint>(meta) {
            Ok(fingerprint) if fingerprint == Fingerprint::own() => Ok(true),
            Ok(Fingerprint { layout, analyzer }) => {
                let own = Fingerprint::own();
                let why = format!("its layout is {layout} and its words are cut by `{analyzer}`");
                let message = format!(
                    "the index at `{}` cannot be used: {why}, here {} and `{}`",
                    self.address, own.layout, own.analyzer
                );
                Err(Other(message).into())
            }
            Err(_) => Err(advised(
                format!("`{}` is an index of something else", self.address),
                "give another name: https://host:9200/NAME",
            )),
        }
    }

    /// Fails unless the index is there.
    pub fn open(self) -> Result<Arc<Remote>> {
        match self.exists() {
            Ok(true) => Ok(Arc::new(self)),
            Ok(false) => Err(advised(
                format!("there is no index at `{}`", self.address),
                format!("load one with `gm-search --remote {} build PATH…`", self.address),
            )),
            Err(error) if error.is::<Other>() => {
                let hint = format!(
                    "`gm-search --remote {} build PATH…` makes it again; until that is done the old one stays",
                    self.address
                );
                Err(advised(error.to_string(), hint))
            }
            Err(error) => Err(error),
        }
    }

    fn search(&self, index: &str, parameters: &str, body: &Value) -> Result<Found> {
        let path = format!("{index}/_search?allow_partial_search_results=false{parameters}");
        let answer = self.client.post(&path, body.to_string())?;
        self.complete(answer)
    }

    /// What was found, if it is all there is: an engine may answer for the parts of an index that it could reach.
    fn complete(&self, answer: client::Answer) -> Result<Found> {
        if !answer.is_good() {
            return Err(advised(
                format!("cannot search `{}`: {}", self.address, answer.reason()),
                "if a node is down, bring it back, or wait until its copies have taken over",
            ));
        }
        let found: Found = answer.json()?;
        whole(&self.address, found.timed_out, &found.shards)?;
        Ok(found)
    }

    /// Everything that a query of the engine's finds, in no order; fails if that is more than `most`.
    fn each(&self, index: &str, query: &Value, most: u64, mut tell: impl FnMut(Source) -> Result<()>) -> Result<()> {
        let body = json!({ "query": query, "size": PAGE, "sort": ["_doc"], "track_total_hits": true });
        let mut found = self.search(index, "&scroll=1m", &body)?;
        let total = found.hits.total.value;
        if total > most {
            return Err(advised(
                format!("the query would read {total} passages of `{}`; the most is {most}", self.address),
                "narrow it, for instance by place: or year:",
            ));
        }
        let mut read = 0;
        loop {
            let count = found.hits.hits.len() as u64;
            read += count;
            found.hits.hits.into_iter().try_for_each(|hit| tell(hit.source))?;
            if count == 0 || read >= total {
                break;
            }
            let scroll = found.scroll.context("the engine gave no way to go on")?;
            let answer =
                self.client.post("_search/scroll", json!({ "scroll": "1m", "scroll_id": scroll }).to_string())?;
            found = self.complete(answer)?;
            found.scroll.get_or_insert(scroll);
        }
        if let Some(scroll) = found.scroll {
            // it ends by itself, a little later
            let _ = self.client.delete(&format!("_search/scroll/{scroll}"));
        }
        if read != total {
            bail!("`{}` gave {read} of {total} passages", self.address);
        }
        Ok(())
    }

    fn excerpts(&self, query: &Value, mut tell: impl FnMut(Excerpt)) -> Result<()> {
        self.each(&self.name, query, MOST_PASSAGES, |source| {
            tell(source.excerpt.context("a passage of the index has no text")?);
            Ok(())
        })
    }

    /// The documents that were loaded, as one of our indexes of documents has them.
    fn documents_in(&self, index: &str) -> Result<Vec<DocumentEntry>> {
        let mut entries = Vec::new();
        self.each(index, &json!({ "term": { "what": Kept::Document.name() } }), u64::MAX, |source| {
            let Entry { id, meta, stamp, passages } = serde_json::from_value(source.entry.unwrap_or_default())?;
            entries.push(DocumentEntry { id, meta, stamp, passages });
            Ok(())
        })?;
        Ok(entries)
    }

    fn note_in(&self, index: &str) -> Result<String> {
        let mut note = String::new();
        self.each(index, &json!({ "term": { "what": Kept::Note.name() } }), u64::MAX, |source| {
            note = source.entry.and_then(|entry| entry["note"].as_str().map(String::from)).unwrap_or_default();
            Ok(())
        })?;
        Ok(note)
    }

    /// How many documents there are, without reading them, the bytes that they take in the engine with all copies, and in how many
    /// parts the passages lie.
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

    /// Answers to searches that only count, one for each query.
    fn totals(&self, queries: impl IntoIterator<Item = Value>) -> Result<Vec<u64>> {
        let (mut body, mut asked) = (String::new(), 0);
        for query in queries {
            asked += 1;
            body.push_str("{\"allow_partial_search_results\":false}\n");
            body.push_str(&json!({ "query": query, "size": 0, "track_total_hits": true }).to_string());
            body.push('\n');
        }
        let answer = self.client.post(&format!("{}/_msearch", self.name), body)?;
        if !answer.is_good() {
            bail!("cannot search `{}`: {}", self.address, answer.reason());
        }
        let answers: Value = answer.json()?;
        let answers = answers["responses"].as_array().context("the engine's answer cannot be understood")?;
        let total = |answer: &Value| {
            if !answer["error"].is_null() {
                bail!("cannot search `{}`: {}", self.address, client::reason(&answer["error"]));
            }
            let found: Found = Found::deserialize(answer)?;
            whole(&self.address, found.timed_out, &found.shards)?;
            Ok(found.hits.total.value)
        };
        if answers.len() != asked {
            bail!("`{}` answered {} of {asked} searches", self.address, answers.len());
        }
        answers.iter().map(total).collect()
    }

    fn fresh(&self) -> std::sync::MutexGuard<'_, Known> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
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

/// The index is of another layout or analyzer.
#[derive(Debug)]
struct Other(String);

impl std::fmt::Display for Other {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Other {}

fn whole(address: &str, timed_out: bool, shards: &Shards) -> Result<()> {
    if timed_out || shards.failed > 0 || shards.successful < shards.total {
        return Err(advised(
            format!("`{address}` answered for {} of the {} parts of the index", shards.successful, shards.total),
            "if a node is down, bring it back, or wait until its copies have taken over",
        ));
    }
    Ok(())
}

/// Whether one of the texts may begin in a passage and end in the next.
fn may_run_on(passage: &str, texts: &[Vec<char>]) -> bool {
    let folded = fold(passage).text;
    let begins =
        |text: &Vec<char>| (1..text.len()).any(|count| folded.ends_with(&text[..count].iter().collect::<String>()));
    texts.iter().any(begins)
}

fn is_loopback(host: &str) -> bool {
    let host = host
        .rsplit_once(':')
        .filter(|(_, port)| port.bytes().all(|b| b.is_ascii_digit()))
        .map_or(host, |(host, _)| host);
    let host = host.trim_start_matches('[').trim_end_matches(']');
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|address| address.is_loopback())
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

/// Reads what the engine is to be told of who asks: a file with `user:password`, or `ApiKey …` or `Bearer …` as it is.
pub fn access(secret: Option<&Path>, authority: Option<&Path>) -> Result<Access> {
    use base64::Engine as _;
    let authorization = match secret {
        Some(file) => {
            let text = fs_err::read_to_string(file)?;
            let text = text.trim();
            Some(match text.split_once(' ') {
                Some(("ApiKey" | "Bearer" | "Basic", _)) => text.to_string(),
                _ if text.contains(':') => format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(text)),
                _ => {
                    let why = format!("`{}` holds neither `user:password` nor `ApiKey …`", file.display());
                    return Err(advised(why, "write one of them into it, on one line"));
                }
            })
        }
        None => None,
    };
    Ok(Access { authorization, authority: authority.map(fs_err::read).transpose()? })
}
