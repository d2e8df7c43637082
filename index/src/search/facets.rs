//! Where the passages that answer are from, told apart by each thing that a search can be narrowed by, in one pass.

use std::collections::BTreeMap;

use serde::Serialize;

use crate::document::governed;
use crate::error::Result;
use crate::query::Query;
use crate::query::synonyms::Synonyms;
use crate::rank::results::RESULTS_SCHEMA;
use crate::rank::snapshot::Snapshot;

/// How the passages that answer a query are spread. Its JSON form is a contract with scripts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct Facets {
    /// The name and version of this form of answer.
    pub schema: &'static str,
    /// The query.
    pub query: String,
    /// Passages that match exactly, by other names, or with all words.
    pub passages: u64,
    /// Documents that these are from.
    pub documents: u64,
    /// By place: every chain and each of its beginnings, joined with `/`, in code point order.
    pub place: Vec<Facet>,
    /// By year, ascending.
    pub year: Vec<Facet>,
    /// By the role of the passage, in the order in which reports usually have them.
    pub part: Vec<Facet>,
    /// By the kind of document, the most frequent first.
    pub kind: Vec<Facet>,
    /// By the level of government, from the top.
    pub level: Vec<Facet>,
}

/// What one value holds of an answer. Passages without a value are in none.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct Facet {
    /// The value, as a filter takes it; a place's links are apart by `/`.
    pub value: String,
    /// Passages that match.
    pub passages: u64,
    /// Documents that these are from.
    pub documents: u64,
}

/// Passages and documents by a key that orders them.
type Tally<K> = BTreeMap<K, (u64, u64)>;

impl Snapshot {
    pub fn facets(&self, query: &Query, synonyms: &Synonyms) -> Result<Facets> {
        let reading = self.reading(query, synonyms)?;
        let (mut passages, mut documents) = (0, 0);
        let (mut place, mut year, mut kind, mut level) =
            (Tally::new(), Tally::new(), Tally::<String>::new(), Tally::new());
        let mut part = Tally::new();
        for (text, matches) in self.texts.iter().zip(&reading.matches) {
            for (document, here) in text.by_document(&matches.passages) {
                let head = text.head(document)?;
                let count = here.len() as u64;
                passages += count;
                documents += 1;
                let governed = governed(&head.place, head.level);
                let ends = governed.match_indices('/').map(|(at, _)| at).chain([governed.len()]);
                ends.filter(|&end| end > 0).for_each(|end| add(&mut place, governed[..end].to_string(), count));
                head.year.into_iter().for_each(|value| add(&mut year, value, count));
                head.kind.into_iter().for_each(|value| add(&mut kind, value.to_string(), count));
                head.level.into_iter().for_each(|value| add(&mut level, value, count));
                let mut roles = BTreeMap::new();
                for role in here.iter().filter_map(|&passage| text.role(passage)) {
                    *roles.entry(role).or_default() += 1;
                }
                roles.into_iter().for_each(|(role, count)| add(&mut part, role, count));
            }
        }
        let mut kind = listed(kind, |kind| kind);
        kind.sort_by(|a, b| b.passages.cmp(&a.passages).then_with(|| a.value.cmp(&b.value)));
        Ok(Facets {
            schema: RESULTS_SCHEMA,
            query: query.to_string(),
            passages,
            documents,
            place: listed(place, |place| place),
            year: listed(year, |year| year.to_string()),
            part: listed(part, |role| role.name().to_string()),
            kind,
            level: listed(level, |level| level.name().to_string()),
        })
    }
}

fn add<K: Ord>(tally: &mut Tally<K>, key: K, passages: u64) {
    let sums = tally.entry(key).or_default();
    sums.0 += passages;
    sums.1 += 1;
}

fn listed<K>(tally: Tally<K>, name: impl Fn(K) -> String) -> Vec<Facet> {
    let rows = tally.into_iter();
    rows.map(|(key, (passages, documents))| Facet { value: name(key), passages, documents }).collect()
}
