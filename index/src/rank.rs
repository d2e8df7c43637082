//! Orders the passages that answer a query, in two stages. The first finds *candidates*: those that match, by BM25 over the
//! query's literal parts, or those that hold some of its words, by BM25 over tantivy's postings (see `candidates`). The
//! second reads the best of them and weighs what their text says (see `evidence` and `weights`).

pub(crate) mod above;
pub(crate) mod bm25;
pub(crate) mod candidates;
pub(crate) mod evidence;
pub(crate) mod reading;
pub(crate) mod results;
pub(crate) mod snapshot;
pub(crate) mod snippet;
pub(crate) mod term;
pub(crate) mod units;
pub(crate) mod weights;

use std::cmp::Ordering;
use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

use tantivy::postings::SegmentPostings;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocSet, TantivyError};

use crate::document::Role;
use crate::error::{Error, Result};
use crate::find::Pattern;
use crate::find::matching::Plan;
use crate::find::needle::Needle;
use crate::query::Query;
use crate::query::preference::reviewed;
use crate::query::question::{Question, Word};
use crate::query::synonyms::respelled;
use crate::rank::above::{Above, Titled};
use crate::rank::bm25::Bm25;
use crate::rank::candidates::Scored;
use crate::rank::evidence::{Asked, Asks, Reader};
use crate::rank::reading::Reading;
use crate::rank::results::{Tier, Total};
use crate::rank::snapshot::Snapshot;
use crate::rank::term::Term;
use crate::rank::weights::{Explanation, Part, Sign, Values, Weights};
use crate::store::record::Head;

/// How many candidates of each tier are read. More find nothing more that belongs on a first page.
pub(crate) const DEPTH: usize = 200;

/// How many are read where each holds the whole of a single term: they differ in little but where it stands.
const TERM_DEPTH: usize = 40;

/// What remains of the score of a passage that has the characters of a word and not the word.
const ACROSS_BORDERS: f32 = 0.25;

/// A passage that may be shown.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Candidate {
    pub tier: Tier,
    pub score: f32,
    pub segment: u32,
    pub passage: u32,
    pub document: u32,
    /// What the second stage saw, an ordinal in [`Candidates::read`]; [`UNREAD`] if it did not read the passage. There may
    /// be a hundred thousand candidates, so each is small.
    read: u32,
}

const UNREAD: u32 = u32::MAX;

impl Candidate {
    fn place(&self) -> (u32, u32) {
        (self.segment, self.passage)
    }
}

/// The candidates for a query, and what matches it in all.
#[derive(Default)]
pub(crate) struct Candidates {
    /// Of one tier together, the better tier first; within it in any order.
    pub list: Vec<Candidate>,
    /// Only of what matches.
    pub total: Total,
    /// How many there are, or a number above that of the list: it may have the best of them alone.
    pub found: u64,
    /// Of those that hold some of the words, the ones that are too far behind to be read, by the words alone; the better first.
    behind: Vec<Candidate>,
    /// What the second stage saw in those that it read.
    read: Vec<Values>,
}

/// The best so far of a hundred thousand candidates, which are not kept: at most twice as many as are wanted.
struct Shortlist<'s> {
    snapshot: &'s Snapshot,
    wanted: usize,
    list: Vec<Candidate>,
    /// The score of the worst that is wanted.
    bar: f32,
}

impl Shortlist<'_> {
    fn offer(&mut self, candidate: Candidate) {
        if candidate.score < self.bar {
            return;
        }
        self.list.push(candidate);
        if self.list.len() == self.wanted.saturating_mul(2) {
            let best_first = |a: &Candidate, b: &Candidate| self.snapshot.best_first(a, b);
            let (_, worst, _) = self.list.select_nth_unstable_by(self.wanted - 1, best_first);
            self.bar = worst.score;
            self.list.truncate(self.wanted);
        }
    }

    /// The best, as many as are wanted: of those behind them some were not kept.
    fn best(mut self) -> Vec<Candidate> {
        if self.list.len() > self.wanted {
            self.list.select_nth_unstable_by(self.wanted, |a, b| self.snapshot.best_first(a, b));
            self.list.truncate(self.wanted);
        }
        self.list
    }
}

impl Snapshot {
    /// The newest document first, then as in the document.
    pub fn in_order(&self, a: &Candidate, b: &Candidate) -> Ordering {
        let order = |candidate: &Candidate| self.texts[candidate.segment as usize].order(candidate.document);
        order(a).cmp(&order(b)).then_with(|| a.place().cmp(&b.place()))
    }

    /// By tier, what the second stage has read before the rest, by score, and equals in order.
    pub fn best_first(&self, a: &Candidate, b: &Candidate) -> Ordering {
        let is_unread = |candidate: &Candidate| candidate.read == UNREAD;
        let by_stage = a.tier.cmp(&b.tier).then_with(|| is_unread(a).cmp(&is_unread(b)));
        by_stage.then_with(|| b.score.total_cmp(&a.score)).then_with(|| self.in_order(a, b))
    }

    /// The weight of a part of a plan by its rarity, given in how many passages here it was found: not in all that hold it, if
    /// others had to stand there, nor of an archive, which gives those alone that may match.
    fn rarity_of(&self, plan: &Plan, pattern: &Pattern, found: u64) -> f32 {
        let is_part = plan.is_narrowed || self.whole.is_some() && !plan.is_any();
        let needles = if is_part { pattern.needles() } else { Vec::new() };
        let rarest = needles.iter().map(|needle| self.text_rarity(needle.text())).reduce(f32::max);
        rarest.unwrap_or_else(|| Bm25::rarity(found, self.passages))
    }

    /// The passages that a reading matches, by BM25 over the literal parts of the query: at least the best `wanted`.
    pub fn matching(&self, reading: &Reading, wanted: usize) -> Result<Candidates> {
        let Reading { plan, tier, matches: segments } = reading;
        let found = |pattern: usize| segments.iter().map(|segment| segment.counts[pattern].len() as u64).sum();
        let mut candidates = Candidates::default();
        // a rarity may have to be counted
        if !reading.finds() {
            return Ok(candidates);
        }
        let weight = |(at, pattern)| if plan.wanted[at] { self.rarity_of(plan, pattern, found(at)) } else { 0.0 };
        let rarity: Vec<f32> = plan.patterns.iter().enumerate().map(weight).collect();
        let (lists_documents, may_overlap) = (plan.lists_documents(), plan.may_overlap());
        let Candidates { total, found, .. } = &mut candidates;
        let mut best = Shortlist { snapshot: self, wanted, list: Vec::new(), bar: f32::NEG_INFINITY };
        for (segment, matches) in segments.iter().enumerate() {
            let text = &self.texts[segment];
            let segment = segment as u32;
            let mut cursors = vec![0; plan.patterns.len()];
            // the document of the passage before, and where it ends
            let (mut document, mut end) = (0, 0);
            for &passage in &matches.passages {
                let length = self.rough_length(segment, passage);
                let (mut score, mut occurrences) = (0.0, 0);
                for (pattern, list) in matches.counts.iter().enumerate().filter(|(pattern, _)| plan.wanted[*pattern]) {
                    let cursor = &mut cursors[pattern];
                    // a step or two: what is found is most of what is counted
                    *cursor += list[*cursor..].iter().take_while(|count| count.passage < passage).count();
                    if let Some(count) = list.get(*cursor).filter(|count| count.passage == passage) {
                        occurrences += count.count as u64;
                        score += rarity[pattern] * Bm25::default().weight(count.count, length);
                    }
                }
                if may_overlap && occurrences > 1 {
                    occurrences = plan.occurrences(text, passage)? as u64;
                }
                total.occurrences += occurrences;
                total.passages += 1;
                let is_first = passage >= end;
                if is_first {
                    document = text.document_behind(passage, document);
                    end = text.passages_of(document).end;
                }
                total.documents += is_first as u64;
                if is_first || !lists_documents {
                    *found += 1;
                    best.offer(Candidate { tier: *tier, score, segment, passage, document, read: UNREAD });
                }
            }
        }
        candidates.list = best.best();
        Ok(candidates)
    }

    /// Adds passages that hold some of the words, behind those that are candidates already; at least `wanted`, if there
    /// are so many. All get their score from the words, so that the second stage sees them on one scale. However many
    /// are wanted, it sees the same ones: what stands on a page does not depend on how far it is to that page.
    pub fn add_some(&self, question: &Question, wanted: usize, candidates: &mut Candidates) -> Result<()> {
        let wanted = wanted.max(DEPTH);
        let limits = match question.limits.is_empty() {
            true => None,
            false => Some(self.passages_of(&Query::And(question.limits.clone()))?),
        };
        let mut best = self.best_by_words(question, wanted, limits.as_deref(), true)?;
        best.sort_unstable_by(Scored::order);
        let there_are_more = best.len() == wanted;
        let behind = best.split_off(DEPTH.min(best.len()));
        if !question.prefers.is_empty() && limits.is_none() {
            best.extend(self.best_by_words(question, DEPTH, Some(&self.preferred(question)?), true)?);
        }
        if let Some(holding) = question.holding_a_term() {
            best.extend(self.best_by_words(question, DEPTH, Some(&self.passages_of(&holding)?), false)?);
        }
        let place = |scored: Scored| ((scored.segment, scored.passage), rounded(scored.score));
        let mut scores: HashMap<(u32, u32), f32> = best.into_iter().map(place).collect();
        for candidate in &mut candidates.list {
            candidate.score = scores.remove(&candidate.place()).unwrap_or(0.0);
        }
        let candidate = |((segment, passage), score): ((u32, u32), f32)| {
            let document = self.texts[segment as usize].document_of(passage);
            Candidate { tier: Tier::Some, score, segment, passage, document, read: UNREAD }
        };
        let before = candidates.list.len();
        candidates.list.extend(scores.into_iter().map(candidate));
        let known: HashSet<(u32, u32)> = candidates.list.iter().map(Candidate::place).collect();
        let behind = behind.into_iter().map(place).filter(|(place, _)| !known.contains(place));
        candidates.behind = behind.map(candidate).collect();
        let added = candidates.list.len() - before + candidates.behind.len();
        candidates.found += added as u64 + there_are_more as u64;
        Ok(())
    }

    /// The passages that match, ascending in each segment.
    fn passages_of(&self, query: &Query) -> Result<Vec<Vec<u32>>> {
        Ok(self.evaluate(&Plan::new(query))?.into_iter().map(|matches| matches.passages).collect())
    }

    /// The passages of the documents that a question prefers most, ascending in each segment.
    fn preferred(&self, question: &Question) -> Result<Vec<Vec<u32>>> {
        let mut passages = vec![Vec::new(); self.texts.len()];
        for (segment, document) in self.known()?.preferred(&question.prefers) {
            passages[segment as usize].extend(self.texts[segment as usize].passages_of(document));
        }
        Ok(passages)
    }

    /// The second stage: reads the best of each tier and scores them by what their text says. One that is not read keeps
    /// its share of the first stage's score, which is less than any that is.
    pub fn weigh(&self, question: &Question, weights: &Weights, candidates: &mut Candidates) -> Result<()> {
        self.weigh_best(question, weights, candidates)?;
        let mut behind = std::mem::take(&mut candidates.behind);
        // by less than any of their tier that was read, since they have nothing but their words
        let some = candidates.list.iter().filter(|candidate| candidate.tier == Tier::Some);
        let least = some.map(|candidate| candidate.score).fold(f32::INFINITY, f32::min);
        let most = behind.iter().map(|candidate| candidate.score).fold(f32::MIN_POSITIVE, f32::max);
        let share = if least.is_finite() { least.abs().min(weights.words.abs()) / most } else { 1.0 };
        behind.iter_mut().for_each(|candidate| candidate.score *= share);
        candidates.list.extend(behind);
        Ok(())
    }

    fn weigh_best(&self, question: &Question, weights: &Weights, candidates: &mut Candidates) -> Result<()> {
        // where every candidate holds the whole question, rarity tells none from another
        let is_term = question.is_one_term && candidates.list.iter().all(|c| c.tier == Tier::Exact);
        let rarity = |text: &str| if is_term { 1.0 } else { self.text_rarity(text) };
        let depth = if is_term { TERM_DEPTH } else { DEPTH };
        let asked = Asked {
            // what was understood of the report's place and year is weighed by its description
            text: if is_term { &question.text } else { &question.asked },
            plain: &question.plain,
            is_term,
            words: question.own_words.iter().map(|(word, others)| (word, others, self.word_rarity(word))).collect(),
        };
        if asked.text.is_empty() {
            return Ok(());
        }
        let asks = match Term::new(&asked.text.concat()).filter(|_| is_term) {
            Some(term) => Asks::Term(term),
            None => Asks::Question(Box::new(Reader::new(&asked, rarity))),
        };
        if let Asks::Term(term) = &asks {
            self.set_back(term, &mut candidates.list)?;
        }
        let speakers: Vec<Needle> = question.prefers.speakers.iter().map(|name| Needle::new(name)).collect();
        let (years, definitions) = (named_years(&question.prefers.years), definitions(question));
        let mut above = Above::new(self, &asks);
        let mut read = Vec::new();
        for tier in candidates.list.chunk_by_mut(|a, b| a.tier == b.tier) {
            if tier.len() > depth {
                self.select(question, tier, depth)?;
            }
            let (tier, _) = tier.split_at_mut(depth.min(tier.len()));
            // so that those of a document and a section are neighbours
            tier.sort_unstable_by_key(|candidate| candidate.place());
            tier.iter().for_each(|candidate| {
                self.texts[candidate.segment as usize].fetch(candidate.passage, candidate.document)
            });
            for candidate in &*tier {
                read.push(self.values(candidate, question, &asks, [&years, &speakers, &definitions], &mut above)?);
            }
        }
        let best = candidates.list.iter().map(|candidate| candidate.score).fold(f32::MIN_POSITIVE, f32::max);
        Values::share(&mut read, asks.units());
        let mut next = 0;
        for tier in candidates.list.chunk_by_mut(|a, b| a.tier == b.tier) {
            for (at, candidate) in tier.iter_mut().enumerate() {
                if at >= depth {
                    candidate.score *= weights.words / best;
                    continue;
                }
                candidate.read = next;
                candidate.score = weights.sum(&read[next as usize]);
                next += 1;
            }
        }
        candidates.read = read;
        Ok(())
    }

    /// What a candidate's text and what stands above it say; given the names of the years and speakers that are asked for, and
    /// what defines what is asked about.
    fn values<'s>(
        &'s self,
        candidate: &Candidate,
        question: &Question,
        asks: &Asks,
        [years, speakers, definitions]: [&[Needle]; 3],
        above: &mut Above<'s>,
    ) -> Result<Values> {
        let &Candidate { segment, passage, document, score, .. } = candidate;
        let text = &self.texts[segment as usize];
        let (heading, Titled { head, marks, .. }) = above.of(segment, document, passage)?;
        let mut values = asks.read(text, passage, self.length(segment, passage), marks)?;
        values[Sign::Words] = score;
        values[Sign::Heading] = heading;
        let role = text.role(passage);
        values[Sign::Place] = question.prefers.place_of(head);
        values[Sign::Title] = question.prefers.title_of(head);
        let has = |needle: &Needle| needle.find_in(text.text(), text.range(passage)).next().is_some();
        values[Sign::Speaker] = match speakers.iter().any(has) {
            true => 1.0,
            false => question.prefers.speaker_of(head),
        };
        values[Sign::Year] = match years.iter().any(has) {
            true => 1.0,
            false => speaks_of(head, role, &question.prefers.years),
        };
        values[Sign::Part] = (role.is_some() && role == question.role) as u8 as f32;
        values[Sign::Definition] = definitions.iter().any(has) as u8 as f32;
        Ok(values)
    }

    /// Two characters may stand across the border of two words: 电能 in 发电能力. Where the index knows them as a word, they count
    /// less in a passage that does not have that word.
    fn set_back(&self, term: &Term, candidates: &mut [Candidate]) -> Result<()> {
        let Some(word) = term.pair().filter(|word| self.word_frequency(word) > 0) else { return Ok(()) };
        candidates.sort_unstable_by_key(Candidate::place);
        for own in candidates.chunk_by_mut(|a, b| a.segment == b.segment) {
            let segment = &self.searcher.segment_readers()[own[0].segment as usize];
            let index = segment.inverted_index(self.words).map_err(failed)?;
            let mut passages = index.read_postings(&self.term(word), IndexRecordOption::Basic).map_err(failed)?;
            for candidate in own {
                let mut has = |passages: &mut SegmentPostings| {
                    passages.doc() == candidate.passage
                        || passages.doc() < candidate.passage && passages.seek(candidate.passage) == candidate.passage
                };
                if !passages.as_mut().is_some_and(&mut has) {
                    candidate.score *= ACROSS_BORDERS;
                }
            }
        }
        Ok(())
    }

    /// Brings to the front of a tier what is read of it: the best of the preferred documents, then the best.
    fn select(&self, question: &Question, tier: &mut [Candidate], depth: usize) -> Result<()> {
        let mut preferences: HashMap<(u32, u32), f32> = HashMap::new();
        if !question.prefers.is_empty() {
            for candidate in tier.iter() {
                if let Entry::Vacant(new) = preferences.entry((candidate.segment, candidate.document)) {
                    let head = self.texts[candidate.segment as usize].head(candidate.document)?;
                    new.insert(question.prefers.of(&head));
                }
            }
        }
        let preference = |c: &Candidate| preferences.get(&(c.segment, c.document)).copied().unwrap_or(0.0);
        tier.select_nth_unstable_by(depth, |a, b| {
            preference(b).total_cmp(&preference(a)).then_with(|| self.best_first(a, b))
        });
        Ok(())
    }

    /// How the score of one of the candidates came about.
    pub fn explain(
        &self,
        candidate: &Candidate,
        plan: &Plan,
        question: Option<&Question>,
        weights: &Weights,
        candidates: &Candidates,
    ) -> Explanation {
        let terms = match question.filter(|_| candidate.tier == Tier::Some) {
            Some(question) => {
                let weight = |word: &Word| (word.text.clone(), self.word_rarity(&word.text) * word.weight);
                question.words.iter().map(weight).collect()
            }
            None => {
                let literals = plan.patterns.iter().filter_map(|pattern| match pattern {
                    Pattern::Folded(needle) => Some(needle.text().to_string()),
                    _ => None,
                });
                literals.map(|text| (text.clone(), self.text_rarity(&text))).collect()
            }
        };
        Explanation {
            understood: question.map(Question::understood).unwrap_or_default(),
            terms,
            candidates: candidates.found,
            read: candidates.read.len() as u64,
            parts: match candidates.read.get(candidate.read as usize) {
                Some(values) => weights.parts(values),
                None => vec![Part { name: "bm25", value: candidate.score, weight: 1.0 }],
            },
        }
    }
}

fn failed(error: impl Into<TantivyError>) -> Error {
    Error::engine("look up a word", error.into())
}

/// Without the last bits, in which sums of another order differ: how an index is divided must not decide between equals.
fn rounded(score: f32) -> f32 {
    (score * 1024.0).round() / 1024.0
}

/// What names the years in a text, in digits and in characters.
fn named_years(years: &[u16]) -> Vec<Needle> {
    let written = years.iter().map(|year| format!("{year}年"));
    written.flat_map(|year| [respelled(&year), vec![year]].concat()).map(|name| Needle::new(&name)).collect()
}

/// How a text says what a term means, folded, if that is asked.
fn definitions(question: &Question) -> Vec<Needle> {
    let terms = question.plain.iter().filter(|_| question.asks_meaning).map(|term| term.trim_end_matches(['是', '的']));
    let said = ["是指", "，是指", "：是指", "指的是"];
    terms.flat_map(|term| said.map(|says| Needle::new(&format!("{term}{says}")))).collect()
}

/// How much a passage speaks of the years asked for, unless it names one: 1 if its part of the report does of one, half
/// if the report does. A review speaks of the year before its report.
fn speaks_of(head: &Head, role: Option<Role>, years: &[u16]) -> f32 {
    let is_asked = |year: Option<u16>| year.is_some_and(|year| years.contains(&year));
    let reviewed = reviewed(head);
    let own = match role {
        Some(Role::Review | Role::Problems) => reviewed,
        _ => head.year,
    };
    match is_asked(own) {
        true => 1.0,
        false if is_asked(reviewed) || is_asked(head.year) => 0.5,
        false => 0.0,
    }
}
