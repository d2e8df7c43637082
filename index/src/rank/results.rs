//! The shape of an answer. Its JSON form is a contract with scripts.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Serialize, Serializer};

use crate::document::{Document, Meta, Role};
use crate::query::Query;
use crate::query::synonyms::Synonyms;
use crate::rank::snippet::Snippet;
use crate::rank::weights::{Explanation, Weights};

/// The name of the JSON form of [`Results`] and all other answers; it changes when a field of one changes its meaning.
pub const RESULTS_SCHEMA: &str = "gm-search/1";

/// How to answer.
#[derive(Clone, Debug, PartialEq)]
pub struct Options {
    /// How many hits to give at most.
    pub limit: usize,
    /// How many hits to leave out before the first one given.
    pub offset: usize,
    /// The order of the hits.
    pub sort: Sort,
    /// What else the query's parts may be called, for a query that stands nowhere as it is.
    pub synonyms: Synonyms,
    /// Let passages that hold some of the words follow those that hold the query, and take any query apart for them.
    pub weaker: bool,
    /// Let so many hits of one document stand before those of others; the rest of its tier comes behind them. Only when
    /// sorted by relevance.
    pub per_document: Option<usize>,
    /// Show a passage that stands in several extractions of one report once, with the others in [`Hit::also`].
    pub merge_copies: bool,
    /// Say how each score came about, in [`Hit::explanation`].
    pub explain: bool,
    /// What the parts of a score weigh.
    pub weights: Weights,
}

impl Default for Options {
    fn default() -> Self {
        Options {
            limit: 10,
            offset: 0,
            sort: Sort::Relevance,
            synonyms: Synonyms::shipped(),
            weaker: false,
            per_document: None,
            merge_copies: false,
            explain: false,
            weights: Weights::default(),
        }
    }
}

/// The order of hits. Equals stand in the order newest document first, then as in the document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Sort {
    /// The best first.
    #[default]
    Relevance,
    /// The newest document first, documents without a date or year last.
    Date,
    /// By place, from the province down, in code point order; documents without one last.
    Place,
}

/// How well a passage answers a query.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(rename_all = "lowercase")]
pub enum Tier {
    /// Every part of the query stands in the passage as it was typed, folded.
    Exact,
    /// Every part does, or another name of it.
    Synonym,
    /// All words of the query do.
    All,
    /// Some words of the query do.
    Some,
}

impl Tier {
    /// The label for people.
    pub fn label(self) -> &'static str {
        match self {
            Tier::Exact => "精确",
            Tier::Synonym => "同义词",
            Tier::All => "全部词",
            Tier::Some => "部分词",
        }
    }
}

/// The answer to a query. Its JSON form is a contract with scripts.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct Results {
    /// The name and version of this form of answer.
    pub schema: &'static str,
    /// The query as text: as it was typed, where that is known.
    pub query: String,
    /// The query as it was understood.
    #[cfg_attr(feature = "schemars", schemars(with = "String"))]
    pub parsed: Query,
    /// How long the search took, in milliseconds.
    pub took_ms: f64,
    /// How much matches exactly, by other names, or with all words.
    pub total: Total,
    /// The hits asked for, best first.
    pub hits: Vec<Hit>,
    /// Other names of the query's parts that stand in the index, whether they were used or not.
    pub synonyms: Vec<Suggestion>,
    /// If nothing was found: terms of the index that are near the query; else what reports of the place or year that it names say
    /// beyond what was found.
    pub suggestions: Vec<Suggestion>,
}

/// What stands in the index, counted and never estimated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct Total {
    /// Passages that match.
    pub passages: u64,
    /// How often the parts of the query stand in them.
    pub occurrences: u64,
    /// Documents that these passages are from.
    pub documents: u64,
}

/// A term of the index near a query that found nothing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Suggestion {
    /// The term.
    pub text: String,
    /// How often it stands in the index.
    pub occurrences: u64,
    /// What it has to do with the query.
    #[cfg_attr(feature = "schemars", schemars(with = "String"))]
    pub why: Why,
}

/// Why a term is suggested. In JSON it is the text that it prints.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// One character differs.
    Differs,
    /// It has one character less.
    Less,
    /// It has one character more.
    More,
    /// Two neighbouring characters are swapped.
    Swapped,
    /// It is a part of the query.
    Part,
    /// It is the words of the query, which stand together in a passage and are not joined.
    Words,
    /// It wants any of the values that the query wants together.
    Any,
    /// It is said in the documents of the place, title, speaker or year that the query names.
    Reports,
    /// The query is its pinyin.
    Pinyin,
    /// The query is the initials of its pinyin.
    Initials,
    /// It sounds the same.
    Sound,
    /// It begins with what was typed.
    Begins,
    /// It is another name of this part of the query.
    NameOf(String),
}

impl fmt::Display for Why {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Why::Differs => "one character differs",
            Why::Less => "one character less",
            Why::More => "one character more",
            Why::Swapped => "two characters are swapped",
            Why::Part => "part of the query",
            Why::Words => "the same words, not together",
            Why::Any => "any of the values, not all",
            Why::Reports => "in the documents of that place, title, speaker or year",
            Why::Pinyin => "pinyin",
            Why::Initials => "initials of its pinyin",
            Why::Sound => "same sound",
            Why::Begins => "begins with it",
            Why::NameOf(name) => return write!(f, "another name of {name}"),
        })
    }
}

impl Serialize for Why {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A passage that matches.
#[derive(Clone, Debug, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Hit {
    /// Names the passage: the document's id, `#`, and the passage's ordinal in it.
    pub id: String,
    /// How well it matches.
    pub tier: Tier,
    /// Orders the hits of one answer; it means nothing across answers.
    pub score: f32,
    /// The document it is from.
    pub document: DocumentInfo,
    /// The headings that it stands under, outermost first.
    pub path: Vec<String>,
    /// What the passage does in its report.
    pub role: Option<Role>,
    /// The line of the source on which it begins, from 1.
    pub line: u32,
    /// The passage, and the matches in it.
    #[serde(flatten)]
    pub snippet: Snippet,
    /// Where the same passage stands in other extractions of the report, if they were merged.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub also: Vec<Duplicate>,
    /// How the score came about, if that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub explanation: Option<Explanation>,
}

/// A passage with the same text in another extraction of the same report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Duplicate {
    /// Names the passage, as the id of a hit does.
    pub id: String,
    /// The source of its document.
    pub source: String,
    /// The line of that source on which it begins, from 1.
    pub line: u32,
}

/// A document as hits name it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct DocumentInfo {
    /// The document's id.
    pub id: String,
    /// What is known about it.
    #[serde(flatten)]
    pub meta: Meta,
}

impl DocumentInfo {
    /// Of a document, without the evidence for what is known about it.
    pub fn of(document: &Document) -> Self {
        let meta = Meta { evidence: BTreeMap::new(), ..document.meta.clone() };
        DocumentInfo { id: document.id.clone(), meta }
    }

    /// The title; the source of one that has none.
    pub fn title(&self) -> &str {
        if self.meta.title.is_empty() { &self.meta.source } else { &self.meta.title }
    }
}
