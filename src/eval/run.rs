//! What was ranked for each query, and its form on disk: TREC's six columns, query, `Q0`, passage, rank, score, tag.

use std::collections::HashMap;
use std::io::Write;
use std::path::Path;

use anyhow::{Context, Result};

use crate::fail::advised;

/// The ranked passages of each query.
#[derive(Debug, Default, PartialEq)]
pub struct Run {
    order: Vec<String>,
    ranked: HashMap<String, Vec<String>>,
}

impl Run {
    /// A run of these queries, each with its passages, the best first.
    pub fn new(queries: Vec<(String, Vec<String>)>) -> Run {
        Run { order: queries.iter().map(|(id, _)| id.clone()).collect(), ranked: queries.into_iter().collect() }
    }

    /// The passages for a query, the best first; empty if it was not asked.
    pub fn ranked(&self, query: &str) -> &[String] {
        self.ranked.get(query).map_or(&[], Vec::as_slice)
    }

    /// Writes the run. The score is the number of ranks from the last, since tiers go before scores.
    pub fn write(&self, path: &Path) -> Result<()> {
        let mut file = std::io::BufWriter::new(fs_err::File::create(path)?);
        for query in &self.order {
            let ranked = self.ranked(query);
            for (rank, passage) in ranked.iter().enumerate() {
                writeln!(file, "{query} Q0 {passage} {} {} gm-search", rank + 1, ranked.len() - rank)?;
            }
        }
        file.flush()?;
        Ok(())
    }

    /// Reads a run, in the order of its scores; of equals the greater id first, as trec_eval does.
    pub fn read(path: &Path) -> Result<Run> {
        let text = fs_err::read_to_string(path)?;
        let mut scored: HashMap<&str, Vec<(f64, &str)>> = HashMap::new();
        for (number, line) in text.lines().enumerate() {
            let columns: Vec<&str> = line.split_whitespace().collect();
            let at = || format!("`{}`, line {}", path.display(), number + 1);
            match columns[..] {
                [] => {}
                [query, _, passage, _, score, _] => {
                    let score = score.parse().with_context(|| format!("{}: `{score}` is no score", at()))?;
                    scored.entry(query).or_default().push((score, passage));
                }
                _ => {
                    let what = format!("{}: it has {} columns", at(), columns.len());
                    return Err(advised(what, "a TREC run has six: query Q0 passage rank score tag"));
                }
            }
        }
        let ranked = scored.into_iter().map(|(query, mut passages)| {
            passages.sort_unstable_by(|a, b| b.0.total_cmp(&a.0).then_with(|| b.1.cmp(a.1)));
            (query.to_string(), passages.into_iter().map(|(_, passage)| passage.to_string()).collect())
        });
        Ok(Run::new(ranked.collect()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_run_is_read_as_it_was_written() {
        let ranked = |ids: &[&str]| ids.iter().map(|id| id.to_string()).collect::<Vec<_>>();
        let run = Run::new(vec![("q1".to_string(), ranked(&["b", "a", "c"])), ("q2".to_string(), ranked(&["z"]))]);
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.run");
        run.write(&path).unwrap();
        let read = Run::read(&path).unwrap();
        assert_eq!(read.ranked("q1"), run.ranked("q1"));
        assert_eq!(read.ranked("q2"), ["z"]);
        std::fs::write(&path, "q1 a 1\n").unwrap();
        assert!(Run::read(&path).unwrap_err().to_string().contains("line 1"));
    }
}
