//! The reading of a query that finds something: as it was typed, by other names, all of its words, at last some of them.
//! `search` goes the same way; what is counted or marked beside its hits must be of the same passages.

use std::cmp::Reverse;
use std::ops::Range;

use crate::error::Result;
use crate::matching::{Matches, Plan};
use crate::query::Query;
use crate::question::{INTERROGATIVE, Question};
use crate::results::Tier;
use crate::snapshot::Snapshot;
use crate::synonyms::Synonyms;

/// A query as it was answered.
pub(crate) struct Reading {
    pub plan: Plan,
    pub tier: Tier,
    /// The passages of each segment that match.
    pub matches: Vec<Matches>,
}

impl Snapshot {
    /// The strongest reading that finds something; the query as typed if none does.
    pub fn reading(&self, query: &Query, synonyms: &Synonyms) -> Result<Reading> {
        let typed = self.read(query, Tier::Exact)?;
        if typed.finds() {
            return Ok(typed);
        }
        if let Some(wide) = synonyms.widen(query) {
            let reading = self.read(&wide, Tier::Synonym)?;
            if reading.finds() {
                return Ok(reading);
            }
        }
        let frequency = |word: &str| self.word_frequency(word);
        let Some(question) = Question::new(query, synonyms, self.known()?, frequency).filter(|q| q.may_loosen) else {
            return Ok(typed);
        };
        let all = self.read(&question.all, Tier::All)?;
        if all.finds() {
            return Ok(all);
        }
        let words = question.words.iter().filter(|word| word.weight > INTERROGATIVE);
        let some = self.read(&Query::Or(words.map(|word| Query::Phrase(word.text.clone())).collect()), Tier::Some)?;
        Ok(if some.finds() { some } else { typed })
    }

    fn read(&self, query: &Query, tier: Tier) -> Result<Reading> {
        let plan = Plan::new(query);
        let matches = self.evaluate(&plan)?;
        Ok(Reading { plan, tier, matches })
    }

    /// The places in a document's text that answer: ranges of bytes, ascending, the first and longest of those that
    /// overlap. `starts` says where each passage of the document begins in it.
    pub fn marks(
        &self,
        reading: &Reading,
        segment: usize,
        document: u32,
        starts: &[usize],
    ) -> Result<Vec<Range<usize>>> {
        let text = &self.texts[segment];
        let passages = text.passages_of(document);
        let matching = &reading.matches[segment].passages;
        let from = matching.partition_point(|&passage| passage < passages.start);
        let mut marks = Vec::new();
        for &passage in matching[from..].iter().take_while(|&&passage| passage < passages.end) {
            let start = starts[(passage - passages.start) as usize];
            let wanted = reading.plan.patterns.iter().zip(&reading.plan.wanted).filter(|(_, wanted)| **wanted);
            for (pattern, _) in wanted {
                let found = pattern.find(text, passage)?;
                marks.extend(found.matches.into_iter().map(|place| start + place.start..start + place.end));
            }
        }
        marks.sort_by_key(|mark| (mark.start, Reverse(mark.end)));
        let mut end = 0;
        marks.retain(|mark| {
            let is_free = mark.start >= end && !mark.is_empty();
            if is_free {
                end = mark.end;
            }
            is_free
        });
        Ok(marks)
    }
}

impl Reading {
    fn finds(&self) -> bool {
        self.matches.iter().any(|segment| !segment.passages.is_empty())
    }
}
