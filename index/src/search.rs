//! Answers a [`Query`]. Its literal parts are looked for in the text: tier *exact*. Only when they stand nowhere are its bare
//! parts loosened: into what else they are called (tier *synonym*), into words that must all be there (tier *all*), and at last
//! into words of which some are (tier *some*). A weaker tier never appears beside a stronger one unless
//! [`Options::weaker`] wants it below, and a single short term is never loosened at all: 十五五 is there or it is not.
//!
//! How the passages of a tier are ordered is said in `rank`.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::rc::Rc;
use std::time::Instant;

use crate::error::Result;
use crate::matching::Plan;
use crate::query::Query;
use crate::question::Question;
use crate::rank::Candidate;
use crate::results::{Copy, DocumentInfo, Hit, Options, RESULTS_SCHEMA, Results, Sort, Tier};
use crate::snapshot::Snapshot;
use crate::snippet::Snippet;

impl Snapshot {
    /// Answers a query.
    pub fn search(&self, query: &Query, options: Options) -> Result<Results> {
        let start = Instant::now();
        let frequency = |word: &str| self.word_frequency(word);
        let mut reading = self.read_literally(query, &options.synonyms)?;
        let mut candidates = self.matching(&reading);
        let orders = options.sort == Sort::Relevance && candidates.list.len() > 1;
        let is_wanted = orders || candidates.list.is_empty() || options.weaker || options.explain;
        let is_settled = !candidates.list.is_empty() && !options.weaker && !matches!(query, Query::And(_));
        let question = match is_wanted {
            true if is_settled => Question::of_term(query),
            true => Question::new(query, &options.synonyms, self.known()?, frequency),
            false => None,
        };
        let mut some = None;
        if let Some(question) = &question {
            if candidates.list.is_empty() && question.may_loosen && !options.weaker {
                reading = self.read(&question.all, Tier::All)?;
                candidates = self.matching(&reading);
            }
            if options.weaker || candidates.list.is_empty() && question.may_loosen {
                self.add_some(question, options.offset.saturating_add(options.limit), &mut candidates)?;
                some = Some(Plan::new(&question.any()));
            }
            self.weigh(question, &options.weights, &mut candidates)?;
        }
        let mut list = std::mem::take(&mut candidates.list);
        candidates.found = list.len() as u64;
        let mut hits = Vec::new();
        let mut records = HashMap::new();
        for shown in self.first(&mut list, &options)? {
            let plan = some.as_ref().filter(|_| shown.candidate.tier == Tier::Some).unwrap_or(&reading.plan);
            let mut hit = self.hit(&shown.candidate, plan, &mut records)?;
            for copy in shown.copies {
                let (id, document) = self.name(&copy, &mut records)?;
                let line = self.texts[copy.segment as usize].line(copy.passage);
                hit.also.push(Copy { id, source: document.meta.source.clone(), line });
            }
            if options.explain {
                let (question, weights) = (question.as_ref(), &options.weights);
                hit.explanation = Some(self.explain(&shown.candidate, plan, question, weights, &candidates));
            }
            hits.push(hit);
        }
        let found_nothing = list.is_empty() && candidates.total.passages == 0;
        let suggestions = if found_nothing { self.suggestions(query, frequency)? } else { Vec::new() };
        let synonyms = self.synonyms(query, &options.synonyms);
        Ok(Results {
            schema: RESULTS_SCHEMA,
            query: query.to_string(),
            parsed: query.clone(),
            took_ms: start.elapsed().as_secs_f64() * 1e3,
            total: candidates.total,
            hits,
            synonyms,
            suggestions,
        })
    }

    fn hit(&self, found: &Candidate, plan: &Plan, records: &mut Records) -> Result<Hit> {
        let text = &self.texts[found.segment as usize];
        let mut source = text.folded(found.passage..found.passage + 1)?.restore();
        let mut end = source.len();
        let mut matches = Vec::new();
        for (pattern, _) in plan.patterns.iter().zip(&plan.wanted).filter(|(_, wanted)| **wanted) {
            let places = pattern.find(text, found.passage)?;
            end = places.matches.iter().map(|range| range.end).fold(end, usize::max);
            matches.extend(places.matches);
            if places.source.len() > source.len() {
                source = places.source;
            }
        }
        source.truncate(end);
        let (id, document) = self.name(found, records)?;
        Ok(Hit {
            id,
            tier: found.tier,
            score: found.score,
            path: text.heading_path(found.document, found.passage)?,
            role: text.role(found.passage),
            line: text.line(found.passage),
            document: DocumentInfo::clone(&document),
            snippet: Snippet::new(&source, matches),
            also: Vec::new(),
            explanation: None,
        })
    }

    /// The id of a passage, and the description of its document.
    fn name(&self, found: &Candidate, records: &mut Records) -> Result<(String, Rc<DocumentInfo>)> {
        let text = &self.texts[found.segment as usize];
        let document = match records.entry((found.segment, found.document)) {
            Entry::Occupied(entry) => entry.get().clone(),
            Entry::Vacant(entry) => {
                let head = text.head(found.document)?;
                entry.insert(Rc::new(DocumentInfo { id: head.id.to_string(), meta: head.meta() })).clone()
            }
        };
        let ordinal = found.passage - text.passages_of(found.document).start;
        Ok((format!("{}#{ordinal}", document.id), document))
    }
}

/// The documents that hits are from, each read once.
type Records = HashMap<(u32, u32), Rc<DocumentInfo>>;
