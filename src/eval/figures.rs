//! How good an order is, and whether one order is better than another.

use std::collections::HashMap;

use serde::Serialize;

use super::{Run, Set};

/// The figures of one query, or their mean over all judged queries. All lie between 0 and 1. As trec_eval has them: a query
/// without answers counts 0, and a grade is a linear gain.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize)]
pub struct Figures {
    /// Normalised discounted cumulative gain (Järvelin and Kekäläinen, 2002) of the first ten.
    #[serde(rename = "nDCG@10")]
    pub ndcg: f64,
    /// The reciprocal rank of the first relevant passage among the first ten.
    #[serde(rename = "MRR@10")]
    pub mrr: f64,
    /// The share of the relevant passages among the first ten.
    #[serde(rename = "Recall@10")]
    pub recall_10: f64,
    /// The share of them among the first hundred.
    #[serde(rename = "Recall@100")]
    pub recall_100: f64,
}

impl Figures {
    /// The figures of one query; `relevant` must not be empty.
    fn of(ranked: &[String], relevant: &HashMap<String, u32>) -> Figures {
        let gain = |passage: &String| relevant.get(passage).copied().unwrap_or(0);
        let sum = |gains: &mut dyn Iterator<Item = u32>| {
            gains.take(10).enumerate().map(|(rank, gain)| gain as f64 / (rank as f64 + 2.0).log2()).sum::<f64>()
        };
        let mut best: Vec<u32> = relevant.values().copied().collect();
        best.sort_unstable_by(|a, b| b.cmp(a));
        let found = |depth: usize| ranked.iter().take(depth).filter(|passage| gain(passage) > 0).count() as f64;
        let first = ranked.iter().take(10).position(|passage| gain(passage) > 0);
        Figures {
            ndcg: sum(&mut ranked.iter().map(gain)) / sum(&mut best.into_iter()),
            mrr: first.map_or(0.0, |rank| 1.0 / (rank as f64 + 1.0)),
            recall_10: found(10) / relevant.len() as f64,
            recall_100: found(100) / relevant.len() as f64,
        }
    }

    /// The mean over all judged queries of a set.
    pub fn mean(run: &Run, set: &Set) -> Figures {
        let figures: Vec<Figures> = each(run, set).collect();
        // divided once: a mean of ones is 1
        let mean = |of: fn(&Figures) -> f64| figures.iter().map(of).sum::<f64>() / set.judgments.len().max(1) as f64;
        Figures {
            ndcg: mean(|one| one.ndcg),
            mrr: mean(|one| one.mrr),
            recall_10: mean(|one| one.recall_10),
            recall_100: mean(|one| one.recall_100),
        }
    }
}

/// The figures of every judged query, in the order of their ids.
fn each<'r>(run: &'r Run, set: &'r Set) -> impl Iterator<Item = Figures> + 'r {
    let mut ids: Vec<&String> = set.judgments.keys().collect();
    ids.sort_unstable();
    ids.into_iter().map(|id| Figures::of(run.ranked(id), &set.judgments[id]))
}

/// How two runs differ in nDCG@10, over the same queries.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Difference {
    /// The mean of the first run less that of the second.
    pub mean: f64,
    /// In 95 of 100 samples it lies between these.
    pub low: f64,
    /// See `low`.
    pub high: f64,
    /// The share of samples in which the first run is not better, a one-sided p.
    pub p: f64,
}

/// Samples of the bootstrap: a thousand already give two digits.
const SAMPLES: usize = 10_000;

/// A paired bootstrap (Efron and Tibshirani, 1993, section 13.3; for retrieval, Sakai, 2006): the differences of the queries are
/// drawn again with replacement. The same in every run.
pub fn compare(run: &Run, other: &Run, set: &Set) -> Difference {
    let differences: Vec<f64> = each(run, set).zip(each(other, set)).map(|(a, b)| a.ndcg - b.ndcg).collect();
    let mean = |sum: f64| sum / differences.len().max(1) as f64;
    // Marsaglia's xorshift64
    let mut state = 0x9e37_79b9_7f4a_7c15u64;
    let mut random = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        (state >> 33) as usize
    };
    let mut samples: Vec<f64> = (0..SAMPLES)
        .map(|_| mean((0..differences.len()).map(|_| differences[random() % differences.len()]).sum()))
        .collect();
    samples.sort_unstable_by(f64::total_cmp);
    let not_better = samples.iter().filter(|&&mean| mean <= 0.0).count();
    Difference {
        mean: mean(differences.iter().sum()),
        low: samples[SAMPLES / 40],
        high: samples[SAMPLES - 1 - SAMPLES / 40],
        p: not_better as f64 / SAMPLES as f64,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ids(ids: &[&str]) -> Vec<String> {
        ids.iter().map(|id| id.to_string()).collect()
    }

    #[test]
    fn the_figures_of_a_query_as_worked_out_by_hand() {
        let relevant = HashMap::from([("a".to_string(), 2), ("b".to_string(), 1)]);
        let figures = Figures::of(&ids(&["x", "b", "a"]), &relevant);
        // (1/log2 3 + 2/log2 4) / (2/log2 2 + 1/log2 3)
        assert!((figures.ndcg - (0.63093 + 1.0) / (2.0 + 0.63093)).abs() < 1e-4, "{figures:?}");
        assert_eq!((figures.mrr, figures.recall_10), (0.5, 1.0));
        assert_eq!(Figures::of(&[], &relevant), Figures::default());
        let eleventh = ids(&["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "a"]);
        let figures = Figures::of(&eleventh, &relevant);
        assert_eq!((figures.ndcg, figures.mrr, figures.recall_10, figures.recall_100), (0.0, 0.0, 0.0, 0.5));
    }

    #[test]
    fn the_bootstrap_tells_better_from_equal() {
        let mut set = Set { name: String::new(), corpus: Vec::new(), queries: Vec::new(), judgments: HashMap::new() };
        let (mut good, mut bad) = (Vec::new(), Vec::new());
        for query in 0..40 {
            let id = query.to_string();
            set.judgments.insert(id.clone(), HashMap::from([("a".to_string(), 1)]));
            good.push((id.clone(), ids(&["a"])));
            bad.push((id, ids(if query % 2 == 0 { &["a"] } else { &["x", "a"] })));
        }
        let (good, bad) = (Run::new(good), Run::new(bad));
        let better = compare(&good, &bad, &set);
        assert!(better.p < 0.001 && better.low > 0.0 && better.mean < better.high, "{better:?}");
        let same = compare(&good, &good, &set);
        assert_eq!((same.mean, same.p), (0.0, 1.0));
    }
}
