//! Answers a [`Query`]. The way of a query: its literal parts become patterns; the text says which passages hold them
//! all (tier *exact*) and BM25 orders those. Only when no passage does are the parts loosened: into words that must all
//! be there (tier *all*), and at last into words of which some are (tier *some*), for which tantivy's postings give the
//! candidates. A weaker tier never appears beside a stronger one, and a single short term is never loosened at all:
//! 十五五 is there or it is not.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::time::Instant;

use serde::Serialize;
use tantivy::collector::TopDocs;
use tantivy::query::{BooleanQuery, Occur, TermQuery};
use tantivy::schema::IndexRecordOption;
use tantivy::{Searcher, Term};

use crate::document::{Meta, Role, heading_path};
use crate::error::{Error, Result};
use crate::find::{Count, Pattern};
use crate::fold::fold;
use crate::query::Query;
use crate::rank::Bm25;
use crate::schema::Schema;
use crate::snippet::Snippet;
use crate::text::SegmentText;
use crate::words::cut_by;

/// The name of the JSON form of [`Results`]; it changes when a field changes its meaning.
pub const RESULTS_SCHEMA: &str = "gm-search/1";

/// A bare part with more characters than this, folded, is a sentence: if it stands nowhere as it is, its words are
/// looked for. Anything shorter is a term.
const LONGEST_TERM: usize = 16;

/// How to answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// How many hits to give at most.
    pub limit: usize,
    /// How many hits to leave out before the first one given.
    pub offset: usize,
    /// The order of the hits.
    pub sort: Sort,
}

impl Default for Options {
    fn default() -> Self {
        Options { limit: 10, offset: 0, sort: Sort::Relevance }
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
#[serde(rename_all = "lowercase")]
pub enum Tier {
    /// Every part of the query stands in the passage as it was typed, folded.
    Exact,
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
            Tier::All => "全部词",
            Tier::Some => "部分词",
        }
    }
}

/// The answer to a query. Its JSON form is a contract with scripts.
#[derive(Clone, Debug, Serialize)]
pub struct Results {
    /// [`RESULTS_SCHEMA`].
    pub schema: &'static str,
    /// The query as it was given.
    pub query: String,
    /// The query as it was understood.
    pub parsed: Query,
    /// How long the search took, in milliseconds.
    pub took_ms: f64,
    /// How much matches exactly or with all words.
    pub total: Total,
    /// The hits asked for, best first.
    pub hits: Vec<Hit>,
    /// If nothing was found: terms of the index that are near the query.
    pub suggestions: Vec<Suggestion>,
}

/// What stands in the index, counted and never estimated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
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
pub struct Suggestion {
    /// The term.
    pub text: String,
    /// How often it stands in the index.
    pub occurrences: u64,
    /// What it has to do with the query.
    pub why: String,
}

/// A passage that matches.
#[derive(Clone, Debug, Serialize)]
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
}

/// A document as hits name it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DocumentInfo {
    /// The document's id.
    pub id: String,
    /// What is known about it.
    #[serde(flatten)]
    pub meta: Meta,
}

/// One state of the index, never half of another.
pub(crate) struct Snapshot {
    pub searcher: Searcher,
    pub texts: Vec<SegmentText>,
    /// Living passages.
    passages: u64,
    /// Bytes of folded text in an average one.
    average: f32,
}

impl Snapshot {
    pub fn new(searcher: Searcher) -> Result<Self> {
        let texts = searcher.segment_readers().iter().map(SegmentText::open).collect::<Result<Vec<_>>>()?;
        let passages = searcher.num_docs();
        let mut bytes = 0;
        for (text, segment) in texts.iter().zip(searcher.segment_readers()) {
            bytes += match segment.has_deletes() {
                true => segment.doc_ids_alive().map(|passage| text.range(passage).len()).sum(),
                false => text.text().len(),
            };
        }
        Ok(Snapshot { searcher, texts, passages, average: bytes as f32 / passages.max(1) as f32 })
    }

    pub fn search(&self, schema: &Schema, query: &Query, options: Options) -> Result<Results> {
        let start = Instant::now();
        let frequency = |word: &str| {
            let term = Term::from_field_text(schema.words, word);
            self.searcher.doc_freq(&term).unwrap_or(0)
        };
        let exact = Plan::exact(query);
        let mut answer = self.matches(&exact, Tier::Exact)?;
        let mut shown = exact;
        if answer.ranked.is_empty()
            && let Some(words) = Plan::words(query, frequency)
        {
            answer = self.matches(&words, Tier::All)?;
            if answer.ranked.is_empty() {
                answer = self.some(schema, &words, options)?;
            }
            shown = words;
        }
        self.sort(&mut answer.ranked, options.sort)?;
        let hits = answer.ranked.iter().skip(options.offset).take(options.limit);
        let hits = hits.map(|found| self.hit(found, answer.tier, &shown.patterns)).collect::<Result<Vec<_>>>()?;
        Ok(Results {
            schema: RESULTS_SCHEMA,
            query: query.to_string(),
            parsed: query.clone(),
            took_ms: start.elapsed().as_secs_f64() * 1e3,
            total: answer.total,
            hits,
            suggestions: Vec::new(),
        })
    }

    /// The passages that hold every pattern of the plan.
    fn matches(&self, plan: &Plan, tier: Tier) -> Result<Answer> {
        let mut counts = Vec::with_capacity(self.texts.len());
        for (text, segment) in self.texts.iter().zip(self.searcher.segment_readers()) {
            counts.push(plan.patterns.iter().map(|p| p.scan(text, segment)).collect::<Result<Vec<_>>>()?);
        }
        let rarity: Vec<f32> = (0..plan.patterns.len())
            .map(|pattern| {
                let found = counts.iter().map(|segment| segment[pattern].len() as u64).sum();
                Bm25::rarity(found, self.passages)
            })
            .collect();
        let mut ranked = Vec::new();
        let mut total = Total::default();
        for (segment, counts) in counts.iter().enumerate() {
            let text = &self.texts[segment];
            let mut last_document = None;
            for (passage, counts) in together(counts) {
                let length = text.range(passage).len() as f32 / self.average;
                let weigh = |(count, rarity): (&u32, &f32)| rarity * Bm25::default().weight(*count, length);
                let score = counts.iter().zip(&rarity).map(weigh).sum();
                total.passages += 1;
                total.occurrences += counts.iter().map(|&count| count as u64).sum::<u64>();
                let document = text.document_of(passage);
                total.documents += (last_document.replace(document) != Some(document)) as u64;
                ranked.push(Ranked { score, segment: segment as u32, passage, document });
            }
        }
        Ok(Answer { tier, ranked, total })
    }

    /// The passages that hold some of the plan's words, by BM25 over tantivy's postings.
    fn some(&self, schema: &Schema, plan: &Plan, options: Options) -> Result<Answer> {
        let clauses = plan.words.iter().map(|word| {
            let term = Term::from_field_text(schema.words, word);
            let query: Box<dyn tantivy::query::Query> = Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs));
            (Occur::Should, query)
        });
        let wanted = options.limit.saturating_add(options.offset).clamp(1, self.passages.max(1) as usize);
        let top = self
            .searcher
            .search(&BooleanQuery::new(clauses.collect()), &TopDocs::with_limit(wanted).order_by_score())
            .map_err(|error| Error::engine("search the words", error))?;
        let ranked = top.into_iter().map(|(score, address)| Ranked {
            score,
            segment: address.segment_ord,
            passage: address.doc_id,
            document: self.texts[address.segment_ord as usize].document_of(address.doc_id),
        });
        Ok(Answer { tier: Tier::Some, ranked: ranked.collect(), total: Total::default() })
    }

    fn sort(&self, ranked: &mut [Ranked], sort: Sort) -> Result<()> {
        let order = |found: &Ranked| self.texts[found.segment as usize].order(found.document);
        let in_order = |a: &Ranked, b: &Ranked| {
            order(a).cmp(&order(b)).then_with(|| (a.segment, a.passage).cmp(&(b.segment, b.passage)))
        };
        match sort {
            Sort::Relevance => ranked.sort_unstable_by(|a, b| match b.score.total_cmp(&a.score) {
                Ordering::Equal => in_order(a, b),
                other => other,
            }),
            Sort::Date => ranked.sort_unstable_by(in_order),
            Sort::Place => {
                let mut places = HashMap::new();
                for found in ranked.iter() {
                    if let Entry::Vacant(place) = places.entry((found.segment, found.document)) {
                        let meta = self.texts[found.segment as usize].record_head(found.document)?.meta;
                        place.insert((meta.place.is_empty(), meta.place));
                    }
                }
                let place = |found: &Ranked| &places[&(found.segment, found.document)];
                ranked.sort_unstable_by(|a, b| place(a).cmp(place(b)).then_with(|| in_order(a, b)));
            }
        }
        Ok(())
    }

    fn hit(&self, found: &Ranked, tier: Tier, patterns: &[Pattern]) -> Result<Hit> {
        let text = &self.texts[found.segment as usize];
        let mut matches = Vec::new();
        let mut longest = text.folded(found.passage..found.passage + 1)?;
        let passage_end = longest.restore().len();
        for pattern in patterns {
            let places = pattern.find(text, found.passage)?;
            matches.extend(places.matches);
            if places.folded.text.len() > longest.text.len() {
                longest = places.folded;
            }
        }
        let mut source = longest.restore();
        source.truncate(matches.iter().map(|range| range.end).fold(passage_end, usize::max));
        self.passage(found, tier, Snippet::new(&source, matches))
    }

    fn passage(&self, found: &Ranked, tier: Tier, snippet: Snippet) -> Result<Hit> {
        let text = &self.texts[found.segment as usize];
        let mut record = text.record(found.document)?;
        record.meta.evidence.clear();
        let ordinal = found.passage - text.passages_of(found.document).start;
        Ok(Hit {
            id: format!("{}#{ordinal}", record.id),
            tier,
            score: found.score,
            path: heading_path(&record.sections, text.section(found.passage)),
            role: text.role(found.passage),
            line: text.line(found.passage),
            document: DocumentInfo { id: record.id, meta: record.meta },
            snippet,
        })
    }
}

/// A matching passage before it is read.
struct Ranked {
    score: f32,
    segment: u32,
    passage: u32,
    document: u32,
}

struct Answer {
    tier: Tier,
    ranked: Vec<Ranked>,
    total: Total,
}

/// What to look for: all of the patterns must stand in a passage.
struct Plan {
    patterns: Vec<Pattern>,
    /// The same as words; only when the query was loosened.
    words: Vec<String>,
}

impl Plan {
    fn exact(query: &Query) -> Plan {
        let patterns = parts(query).into_iter().map(|(text, _)| Pattern::new(text)).collect();
        Plan { patterns, words: Vec::new() }
    }

    /// The query in words, if it may be loosened: it has several parts, or it is a sentence. A part is taken apart only
    /// where every word has two characters or more, since 典型村 is not 典型 and 村 somewhere.
    fn words(query: &Query, frequency: impl Fn(&str) -> u64) -> Option<Plan> {
        let parts = parts(query);
        let mut plan = Plan { patterns: Vec::new(), words: Vec::new() };
        let mut is_loose = false;
        for &(text, may_loosen) in &parts {
            let folded = fold(text);
            let cut = cut_by(&folded, &frequency);
            let is_sentence = folded.text.chars().count() > LONGEST_TERM;
            let stands_apart = |word: &String| word.chars().nth(1).is_some();
            let loosen =
                may_loosen && cut.len() > 1 && (is_sentence || parts.len() > 1 && cut.iter().all(stands_apart));
            match loosen {
                true => plan.patterns.extend(cut.iter().map(|word| Pattern::new(word))),
                false => plan.patterns.push(Pattern::new(text)),
            }
            is_loose |= loosen || parts.len() > 1;
            plan.words.extend(cut);
        }
        is_loose.then_some(plan)
    }
}

/// The literal parts of a query, and whether each may be taken apart into words.
fn parts(query: &Query) -> Vec<(&str, bool)> {
    match query {
        Query::Text(text) => vec![(text, true)],
        Query::Phrase(text) => vec![(text, false)],
        Query::And(parts_of) => parts_of.iter().flat_map(parts).collect(),
    }
}

/// The passages that are in every one of the ascending lists, with their counts.
fn together(lists: &[Vec<Count>]) -> impl Iterator<Item = (u32, Vec<u32>)> + '_ {
    let shortest = lists.iter().min_by_key(|list| list.len()).map_or(&[][..], |list| list.as_slice());
    let mut cursors = vec![0; lists.len()];
    shortest.iter().filter_map(move |&Count { passage, .. }| {
        let mut counts = Vec::with_capacity(lists.len());
        for (list, cursor) in lists.iter().zip(&mut cursors) {
            *cursor += list[*cursor..].partition_point(|count| count.passage < passage);
            counts.push(list.get(*cursor).filter(|count| count.passage == passage)?.count);
        }
        Some((passage, counts))
    })
}
