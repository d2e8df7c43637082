//! Relevance on judged sets: a [`Set`] holds passages, queries and judgments, a [`Ranking`] orders the passages for each
//! query, and [`Figures`] say how good the order is. Nothing here prints.

mod baseline;
mod figures;
mod run;
mod set;

pub use figures::{Difference, Figures, compare};
pub use run::Run;
pub use set::{Files, Set};

use std::num::NonZero;
use std::thread;

use anyhow::Result;
use gm_index::{Cutter, Document, Index, Meta, Options, Passage, Query};
use serde::Serialize;

use crate::cli::Ranking;
use baseline::{Baseline, Terms};

/// So many passages of each query are kept, as the deepest figure wants.
const DEPTH: usize = 100;

/// What is said of a set.
#[derive(Serialize)]
pub struct Evaluated {
    pub schema: &'static str,
    pub set: String,
    pub ranking: Ranking,
    pub queries: usize,
    pub passages: usize,
    #[serde(flatten)]
    pub figures: Figures,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub against: Option<Difference>,
}

/// Orders the passages of a set for each of its judged queries, with all processors. An entry of the set's corpus is one
/// passage, however long.
pub fn rank(set: &Set, ranking: Ranking, options: &Options) -> Result<Run> {
    match ranking {
        Ranking::Evidence => {
            let index = index(set)?;
            each(set, |query| {
                let options = Options { limit: DEPTH, weaker: true, ..options.clone() };
                let hits = index.search(&Query::plain(query), options)?.hits;
                Ok(hits.into_iter().map(|hit| hit.document.id).collect())
            })
        }
        Ranking::Words => baseline(set, Terms::Words(Box::new(Cutter::new()))),
        Ranking::Pairs => baseline(set, Terms::Pairs),
    }
}

fn index(set: &Set) -> Result<Index> {
    let index = Index::in_memory()?;
    let writer = index.writer()?;
    for entry in &set.corpus {
        let passage = Passage { range: 0..entry.text.len(), opens_paragraph: true, section: None, role: None, line: 1 };
        writer.add(&Document {
            id: entry.id.clone(),
            meta: Meta { title: entry.title.clone(), ..Meta::default() },
            text: entry.text.clone(),
            sections: Vec::new(),
            passages: vec![passage],
            stamp: String::new(),
        })?;
    }
    writer.commit()?;
    Ok(index)
}

fn baseline(set: &Set, terms: Terms) -> Result<Run> {
    let baseline = Baseline::new(terms, set.corpus.iter().map(|entry| entry.text.as_str()));
    each(set, |query| {
        let best = baseline.best(query, DEPTH);
        Ok(best.into_iter().map(|passage| set.corpus[passage as usize].id.clone()).collect())
    })
}

/// Answers every judged query, shared out among threads. The result does not depend on their number.
fn each(set: &Set, answer: impl Fn(&str) -> Result<Vec<String>> + Sync) -> Result<Run> {
    let queries: Vec<_> = set.queries.iter().filter(|query| set.judgments.contains_key(&query.id)).collect();
    let threads = thread::available_parallelism().map_or(1, NonZero::get);
    let shares = queries.chunks(queries.len().div_ceil(threads).max(1));
    let answers = thread::scope(|scope| {
        let answer = &answer;
        let workers: Vec<_> = shares
            .map(|share| {
                let ranked = move || share.iter().map(|query| Ok((query.id.clone(), answer(&query.text)?))).collect();
                scope.spawn(ranked)
            })
            .collect();
        let joined = workers.into_iter().map(|worker| worker.join().expect("a worker does not panic"));
        joined.collect::<Result<Vec<Vec<_>>>>()
    })?;
    Ok(Run::new(answers.into_iter().flatten().collect()))
}
