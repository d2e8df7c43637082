//! Answers a [`Query`]. Its literal parts are looked for in the text, and BM25 orders the passages that match: tier
//! *exact*. Only when there is none are its bare parts loosened: into what else they are called (tier *synonym*), into words
//! that must all be there (tier *all*), and at last into words of which some are (tier *some*), for which tantivy's postings give the candidates. A weaker tier never appears
//! beside a stronger one, and a single short term is never loosened at all: 十五五 is there or it is not.

use std::cmp::Ordering;
use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::rc::Rc;
use std::time::Instant;

use tantivy::collector::TopDocs;
use tantivy::query::{BooleanQuery, Occur, TermQuery};
use tantivy::schema::IndexRecordOption;
use tantivy::{Searcher, Term};

use crate::document::heading_path;
use crate::error::{Error, Result};
use crate::find::Pattern;
use crate::fold::fold;
use crate::matching::{Matches, Plan};
use crate::query::Query;
use crate::rank::Bm25;
use crate::record::Record;
use crate::results::{DocumentInfo, Hit, Options, RESULTS_SCHEMA, Results, Sort, Tier, Total};
use crate::schema::Schema;
use crate::snippet::Snippet;
use crate::text::SegmentText;
use crate::words::cut_by;

/// A bare part with more characters than this, folded, is a sentence: if it stands nowhere as it is, its words are
/// looked for. Anything shorter is a term.
const LONGEST_TERM: usize = 16;

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
        let mut plan = Plan::new(query);
        let mut answer = self.matches(&plan, Tier::Exact)?;
        let wide = options.synonyms.widen(query);
        if answer.ranked.is_empty()
            && let Some(wide) = &wide
        {
            plan = Plan::new(wide);
            answer = self.matches(&plan, Tier::Synonym)?;
        }
        if answer.ranked.is_empty()
            && let Some(loose) = Loose::new(query, frequency)
        {
            plan = Plan::new(&loose.all);
            answer = self.matches(&plan, Tier::All)?;
            if answer.ranked.is_empty() {
                answer = self.some(schema, &loose, &options)?;
                plan = Plan::new(&Query::Or(loose.words));
            }
        }
        self.sort(&mut answer.ranked, options.sort)?;
        let mut records = HashMap::new();
        let wanted: Vec<&Pattern> =
            plan.patterns.iter().zip(&plan.wanted).filter(|(_, wanted)| **wanted).map(|(pattern, _)| pattern).collect();
        let shown = answer.ranked.iter().skip(options.offset).take(options.limit);
        let hits =
            shown.map(|found| self.hit(found, answer.tier, &wanted, &mut records)).collect::<Result<Vec<_>>>()?;
        let found_nothing = answer.ranked.is_empty() && answer.total.passages == 0;
        let suggestions = if found_nothing { self.suggestions(query, frequency)? } else { Vec::new() };
        let synonyms = wide.map_or_else(Vec::new, |_| self.synonyms(query, &options.synonyms));
        Ok(Results {
            schema: RESULTS_SCHEMA,
            query: query.to_string(),
            parsed: query.clone(),
            took_ms: start.elapsed().as_secs_f64() * 1e3,
            total: answer.total,
            hits,
            synonyms,
            suggestions,
        })
    }

    /// The passages of each segment that match.
    pub fn evaluate(&self, plan: &Plan) -> Result<Vec<Matches>> {
        let segments = self.texts.iter().zip(self.searcher.segment_readers());
        segments.map(|(text, segment)| plan.matches(text, segment)).collect()
    }

    fn matches(&self, plan: &Plan, tier: Tier) -> Result<Answer> {
        let segments = self.evaluate(plan)?;
        let rarity: Vec<f32> = (0..plan.patterns.len())
            .map(|pattern| {
                let found = segments.iter().map(|segment| segment.counts[pattern].len() as u64).sum();
                Bm25::rarity(found, self.passages)
            })
            .collect();
        let lists_documents = plan.lists_documents();
        let mut ranked = Vec::new();
        let mut total = Total::default();
        for (segment, matches) in segments.iter().enumerate() {
            let text = &self.texts[segment];
            let mut cursors = vec![0; plan.patterns.len()];
            let mut last_document = None;
            for &passage in &matches.passages {
                let length = text.range(passage).len() as f32 / self.average;
                let mut score = 0.0;
                for (pattern, list) in matches.counts.iter().enumerate().filter(|(pattern, _)| plan.wanted[*pattern]) {
                    let cursor = &mut cursors[pattern];
                    *cursor += list[*cursor..].partition_point(|count| count.passage < passage);
                    if let Some(count) = list.get(*cursor).filter(|count| count.passage == passage) {
                        total.occurrences += count.count as u64;
                        score += rarity[pattern] * Bm25::default().weight(count.count, length);
                    }
                }
                total.passages += 1;
                let document = text.document_of(passage);
                let is_first = last_document.replace(document) != Some(document);
                total.documents += is_first as u64;
                if is_first || !lists_documents {
                    ranked.push(Ranked { score, segment: segment as u32, passage, document });
                }
            }
        }
        Ok(Answer { tier, ranked, total })
    }

    /// The passages that hold some of the words, by BM25 over tantivy's postings.
    fn some(&self, schema: &Schema, loose: &Loose, options: &Options) -> Result<Answer> {
        let clauses = loose.words.iter().filter_map(|word| {
            let Query::Phrase(word) = word else { return None };
            let term = Term::from_field_text(schema.words, word);
            let query: Box<dyn tantivy::query::Query> = Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs));
            Some((Occur::Should, query))
        });
        let allowed = match loose.limits.is_empty() {
            true => None,
            false => Some(self.evaluate(&Plan::new(&Query::And(loose.limits.clone())))?),
        };
        let wanted = match allowed {
            Some(_) => self.passages as usize,
            None => options.limit.saturating_add(options.offset).min(self.passages as usize),
        };
        let top = self
            .searcher
            .search(&BooleanQuery::new(clauses.collect()), &TopDocs::with_limit(wanted.max(1)).order_by_score())
            .map_err(|error| Error::engine("search the words", error))?;
        let ranked = top.into_iter().filter_map(|(score, address)| {
            let (segment, passage) = (address.segment_ord, address.doc_id);
            let is_allowed = |sets: &Vec<Matches>| sets[segment as usize].passages.binary_search(&passage).is_ok();
            allowed.as_ref().is_none_or(is_allowed).then(|| {
                let document = self.texts[segment as usize].document_of(passage);
                Ranked { score, segment, passage, document }
            })
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
                        let head = self.texts[found.segment as usize].head(found.document)?;
                        place.insert((head.place.is_empty(), head.place));
                    }
                }
                let place = |found: &Ranked| &places[&(found.segment, found.document)];
                ranked.sort_unstable_by(|a, b| place(a).cmp(place(b)).then_with(|| in_order(a, b)));
            }
        }
        Ok(())
    }

    fn hit(&self, found: &Ranked, tier: Tier, patterns: &[&Pattern], records: &mut Records) -> Result<Hit> {
        let text = &self.texts[found.segment as usize];
        let mut source = text.folded(found.passage..found.passage + 1)?.restore();
        let mut end = source.len();
        let mut matches = Vec::new();
        for pattern in patterns {
            let places = pattern.find(text, found.passage)?;
            end = places.matches.iter().map(|range| range.end).fold(end, usize::max);
            matches.extend(places.matches);
            if places.source.len() > source.len() {
                source = places.source;
            }
        }
        source.truncate(end);
        let record = match records.entry((found.segment, found.document)) {
            Entry::Occupied(entry) => entry.get().clone(),
            Entry::Vacant(entry) => {
                let mut record = text.record(found.document)?;
                record.meta.evidence.clear();
                entry.insert(Rc::new(record)).clone()
            }
        };
        let ordinal = found.passage - text.passages_of(found.document).start;
        Ok(Hit {
            id: format!("{}#{ordinal}", record.id),
            tier,
            score: found.score,
            path: heading_path(&record.sections, text.section(found.passage)),
            role: text.role(found.passage),
            line: text.line(found.passage),
            document: DocumentInfo { id: record.id.clone(), meta: record.meta.clone() },
            snippet: Snippet::new(&source, matches),
        })
    }
}

/// The documents that hits are from, each read once.
type Records = HashMap<(u32, u32), Rc<Record>>;

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

/// A query in words.
struct Loose {
    /// The same query with its bare parts taken apart into words.
    all: Query,
    /// All words, as phrases.
    words: Vec<Query>,
    /// What holds whatever the words: filters, and what is excluded.
    limits: Vec<Query>,
}

impl Loose {
    /// `query` in words, if it may be loosened: it has several parts, or it is a sentence. A part is taken apart only
    /// where every word has two characters or more, since 典型村 is not 典型 and 村 somewhere.
    fn new(query: &Query, frequency: impl Fn(&str) -> u64) -> Option<Loose> {
        let parts = match query {
            Query::And(parts) => parts.as_slice(),
            part => std::slice::from_ref(part),
        };
        let literals = parts.iter().filter(|part| matches!(part, Query::Text(_) | Query::Phrase(_))).count();
        let mut loose = Loose { all: Query::And(Vec::new()), words: Vec::new(), limits: Vec::new() };
        let mut all = Vec::new();
        let mut is_loose = literals > 1;
        for part in parts {
            match part {
                Query::Text(text) | Query::Phrase(text) => {
                    let folded = fold(text);
                    let words: Vec<String> = cut_by(&folded, &frequency);
                    let is_sentence = folded.text.chars().count() > LONGEST_TERM;
                    let stand_apart = words.iter().all(|word| word.chars().nth(1).is_some());
                    let may_part = matches!(part, Query::Text(_)) && words.len() > 1;
                    let words = words.into_iter().map(Query::Phrase);
                    if may_part && (is_sentence || literals > 1 && stand_apart) {
                        is_loose = true;
                        all.extend(words.clone());
                    } else {
                        all.push(part.clone());
                    }
                    loose.words.extend(words);
                }
                Query::Filter(_) | Query::Not(_) => {
                    all.push(part.clone());
                    loose.limits.push(part.clone());
                }
                _ => return None,
            }
        }
        loose.all = Query::And(all);
        (is_loose && !loose.words.is_empty()).then_some(loose)
    }
}
