//! The readings of a query, from the strongest: as it was typed, by other names, all of its words; at last some of them, which
//! no longer is a match. The hits of a search and what is counted or marked beside them are of the same reading.

use crate::error::Result;
use crate::find::matching::{Matches, Plan};
use crate::query::Query;
use crate::query::question::Question;
use crate::query::synonyms::Synonyms;
use crate::rank::results::Tier;
use crate::rank::snapshot::Snapshot;

/// A query as it is read, and what that finds.
pub(crate) struct Reading {
    pub plan: Plan,
    pub tier: Tier,
    /// The passages of each segment that match.
    pub matches: Vec<Matches>,
}

impl Reading {
    pub fn finds(&self) -> bool {
        self.matches.iter().any(|segment| !segment.passages.is_empty())
    }
}

impl Snapshot {
    pub fn read(&self, query: &Query, tier: Tier) -> Result<Reading> {
        let plan = Plan::new(query);
        let matches = self.evaluate(&plan)?;
        Ok(Reading { plan, tier, matches })
    }

    /// The query as typed, or by other names if only these stand somewhere.
    pub fn read_literally(&self, query: &Query, synonyms: &Synonyms) -> Result<Reading> {
        let typed = self.read(query, Tier::Exact)?;
        if typed.finds() {
            return Ok(typed);
        }
        let wide = synonyms.widen(query).map(|wide| self.read(&wide, Tier::Synonym)).transpose()?;
        Ok(wide.filter(Reading::finds).unwrap_or(typed))
    }

    /// The query in words.
    pub fn question(&self, query: &Query, synonyms: &Synonyms) -> Result<Option<Question>> {
        Ok(Question::new(query, synonyms, self.known()?, |word| self.word_frequency(word)))
    }

    /// Any of the words of a query that may be loosened.
    pub fn some_words(&self, query: &Query, synonyms: &Synonyms) -> Result<Option<Query>> {
        let question = self.question(query, synonyms)?.filter(|question| question.may_loosen);
        Ok(question.map(|question| question.any()))
    }

    /// The strongest reading that finds what a query matches; the query as typed if none does.
    pub fn reading(&self, query: &Query, synonyms: &Synonyms) -> Result<Reading> {
        let literal = self.read_literally(query, synonyms)?;
        if literal.finds() {
            return Ok(literal);
        }
        let question = self.question(query, synonyms)?.filter(|question| question.may_loosen);
        let all = question.map(|question| self.read(&question.all, Tier::All)).transpose()?;
        Ok(all.filter(Reading::finds).unwrap_or(literal))
    }
}
