//! How an index lies in the engine: one index of passages and one of documents, each under an alias, so that a new generation
//! takes the place of the old one in one step. The engine cuts nothing: words and characters come to it with blanks between.

use gm_index::{ANALYZER, Analyzed, BEHIND, Description, Excerpt, Meta, fold, without_nation};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use super::sieve::{LONGEST, characters, spaced};

/// The version of the layout. An index of another one is refused.
pub const LAYOUT: u32 = 2;

/// The longest id of a document that is its own name, in bytes.
const LONGEST_NAME: usize = 400;

const _: () = assert!(LONGEST - 1 <= BEHIND);

/// What is said of an index in its own description.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Fingerprint {
    pub layout: u32,
    pub analyzer: String,
}

impl Fingerprint {
    pub fn own() -> Self {
        Fingerprint { layout: LAYOUT, analyzer: ANALYZER.to_string() }
    }
}

/// A document as the engine keeps it: what a build must know to skip it the next time. It is written after the passages.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Entry {
    pub id: String,
    pub meta: Meta,
    pub stamp: String,
    pub passages: u32,
}

/// How many parts an index has and how many copies of each.
#[derive(Clone, Copy, Debug)]
pub struct Shape {
    pub shards: u32,
    pub replicas: u32,
}

fn settings(shape: Shape, refresh: &str) -> Value {
    json!({
        "number_of_shards": shape.shards,
        "number_of_replicas": shape.replicas,
        "refresh_interval": refresh,
        "codec": "best_compression",
    })
}

/// The index of passages, as it is made. Nothing is visible before the load is over.
pub fn passages(shape: Shape) -> Value {
    let keyword = json!({ "type": "keyword" });
    let number = json!({ "type": "integer" });
    // scored: k1 and b are those of tantivy, and the lengths are kept in the same byte
    let words = json!({ "type": "text", "analyzer": "whitespace", "index_options": "freqs" });
    let characters = json!({ "type": "text", "analyzer": "whitespace", "norms": false });
    let mut index = settings(shape, "-1");
    index["similarity"] = json!({ "default": { "type": "BM25", "k1": 1.2, "b": 0.75 } });
    json!({
        "settings": { "index": index },
        "mappings": {
            "dynamic": "strict",
            "_meta": Fingerprint::own(),
            "_source": { "includes": ["excerpt"] },
            "_routing": { "required": true },
            "properties": {
                "document": keyword, "ordinal": number, "paragraph": keyword, "about": keyword,
                "words": words, "literal": characters, "across": characters,
                "place": keyword, "level": keyword, "part": keyword, "kind": keyword, "date": keyword, "year": number,
                "title": characters, "file": characters, "speaker": characters, "session": characters, "headings": characters,
                "digits": { "type": "boolean" },
                "word_count": number, "characters": number, "code_bytes": number,
                "excerpt": { "type": "object", "enabled": false },
            },
        },
    })
}

/// The index of documents.
pub fn documents(shape: Shape) -> Value {
    json!({
        "settings": { "index": settings(Shape { shards: 1, ..shape }, "1s") },
        "mappings": {
            "dynamic": "strict",
            "_meta": Fingerprint::own(),
            "properties": {
                "what": { "type": "keyword" },
                "entry": { "type": "object", "enabled": false },
            },
        },
    })
}

/// The name of a passage in the engine: loaded again, it takes its own place.
pub fn passage_id(document: &str, ordinal: u32) -> String {
    format!("{}#{ordinal}", document_id(document))
}

/// The name of a document in the engine, which takes 512 bytes: a longer one is known by its hash.
pub fn document_id(document: &str) -> String {
    match document.len() <= LONGEST_NAME {
        true => document.to_string(),
        false => blake3::hash(document.as_bytes()).to_hex().to_string(),
    }
}

/// A passage as the engine is given it.
pub fn passage(analyzed: &Analyzed) -> Value {
    let Analyzed { excerpt, words, folded, behind, code_bytes } = analyzed;
    let Excerpt { document, meta, ordinal, paragraph, sections, role, goes_on, .. } = excerpt;
    let text: Vec<char> = folded.chars().collect();
    let next = behind.chars().next();
    let mut passage = json!({
        "document": document,
        "ordinal": ordinal,
        "paragraph": passage_id(document, *paragraph),
        "about": about(&Description::of(meta)),
        // a scored field is never empty: lengths are compared over all passages
        "words": if words.is_empty() { "∅".to_string() } else { words.join(" ") },
        "literal": spaced(text.iter().copied().chain(next)),
        "digits": folded.contains(|c: char| c.is_ascii_digit()),
        "title": [characters(&meta.title), characters(&without_nation(&fold(&meta.title).text))],
        "file": characters(&meta.source),
        "headings": sections.iter().map(|section| characters(&section.heading.to_string())).collect::<Vec<_>>(),
        "word_count": words.len(),
        "characters": text.len(),
        "code_bytes": code_bytes,
        "excerpt": excerpt,
    });
    if *goes_on {
        let end = text[text.len().saturating_sub(LONGEST - 1)..].iter().copied();
        passage["across"] = spaced(end.chain(behind.chars().take(LONGEST - 1))).into();
    }
    let places: Vec<String> = meta.place.iter().flat_map(|link| beginnings(&fold(link).text)).collect();
    let mut known = [
        ("place", (!places.is_empty()).then(|| json!(places))),
        ("level", meta.level.map(|level| json!(level.name()))),
        ("part", role.map(|role| json!(role.name()))),
        ("kind", meta.kind.as_ref().map(|kind| json!(fold(kind).text))),
        ("date", meta.date.as_ref().map(|date| json!(date))),
        ("year", meta.year.map(|year| json!(year))),
        ("speaker", meta.speaker.as_ref().map(|speaker| json!(characters(speaker)))),
        ("session", meta.session.as_ref().map(|session| json!(characters(session)))),
    ];
    for (field, value) in &mut known {
        if let Some(value) = value.take() {
            passage[*field] = value;
        }
    }
    passage
}

/// What a name begins with: 湛, 湛江, 湛江市.
fn beginnings(name: &str) -> Vec<String> {
    name.char_indices().map(|(at, c)| name[..at + c.len_utf8()].to_string()).collect()
}

/// A description as one term.
pub fn about(description: &Description) -> String {
    let Description { place, year, review_year, titles, speaker } = description;
    json!([place, year, review_year, titles, speaker]).to_string()
}

/// Undoes [`about`].
pub fn described(about: &str) -> Option<Description> {
    let (place, year, review_year, titles, speaker) = serde_json::from_str(about).ok()?;
    Some(Description { place, year, review_year, titles, speaker })
}
