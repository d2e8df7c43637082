//! Reads a set in BEIR's layout (Thakur et al., 2021, <https://github.com/beir-cellar/beir>): a corpus and queries as JSON Lines,
//! judgments as three columns with a head, or as TREC's four.

use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};
use serde::Deserialize;

use crate::extract;
use crate::fail::advised;

/// Passages, queries, and which passages answer which query.
pub struct Set {
    /// For people: the name of its folder.
    pub name: String,
    pub corpus: Vec<Entry>,
    pub queries: Vec<Query>,
    /// For each judged query its relevant passages, with a grade from 1.
    pub judgments: HashMap<String, HashMap<String, u32>>,
}

/// A passage of the corpus.
pub struct Entry {
    pub id: String,
    pub title: String,
    /// The title is its first line, if there is one.
    pub text: String,
}

#[derive(Deserialize)]
pub struct Query {
    #[serde(rename = "_id", alias = "id")]
    pub id: String,
    pub text: String,
}

/// The files of a set.
pub struct Files {
    pub corpus: PathBuf,
    pub queries: PathBuf,
    pub judgments: PathBuf,
}

impl Files {
    /// Those of a folder in BEIR's layout: `corpus.jsonl` or `.jsonl.gz`, `queries.jsonl`, and `qrels.tsv` or
    /// `qrels/test.tsv`.
    pub fn of(folder: &Path) -> Result<Files> {
        let first = |names: [&str; 2]| {
            let found = names.iter().map(|name| folder.join(name)).find(|path| path.is_file());
            found.ok_or_else(|| {
                let what = format!("`{}` is not a set: it has neither {} nor {}", folder.display(), names[0], names[1]);
                advised(what, "a set is a folder with corpus.jsonl, queries.jsonl and qrels.tsv, as BEIR has them")
            })
        };
        Ok(Files {
            corpus: first(["corpus.jsonl", "corpus.jsonl.gz"])?,
            queries: first(["queries.jsonl", "queries.jsonl.gz"])?,
            judgments: first(["qrels.tsv", "qrels/test.tsv"])?,
        })
    }
}

impl Set {
    /// Reads all three files. Cost: memory for the whole corpus.
    pub fn read(name: &str, files: &Files) -> Result<Set> {
        let mut corpus = Vec::new();
        extract::jsonl::read(&files.corpus, &mut |line, entry| {
            let entry = entry.with_context(|| format!("line {line}"))?;
            let id = entry.given.id.with_context(|| format!("line {line}: it has no _id"))?;
            corpus.push(Entry { id, title: entry.given.title.unwrap_or_default(), text: entry.text });
            Ok(())
        })
        .with_context(|| format!("cannot read `{}`", files.corpus.display()))?;
        let mut queries = Vec::new();
        extract::jsonl::lines(&files.queries, &mut |number, line| {
            let query = serde_json::from_slice(line);
            queries.push(query.with_context(|| format!("line {number}: it is no query in JSON"))?);
            Ok(())
        })
        .with_context(|| format!("cannot read `{}`", files.queries.display()))?;
        let judgments = judgments(&files.judgments)?;
        Ok(Set { name: name.to_string(), corpus, queries, judgments })
    }

    /// Whether any judgment is of a query and a passage that it has: others can tell nothing.
    pub fn judges_its_own(&self) -> bool {
        let passages: HashSet<&str> = self.corpus.iter().map(|entry| entry.id.as_str()).collect();
        let judged = self.queries.iter().filter_map(|query| self.judgments.get(&query.id));
        judged.flat_map(HashMap::keys).any(|passage| passages.contains(passage.as_str()))
    }
}

fn judgments(path: &Path) -> Result<HashMap<String, HashMap<String, u32>>> {
    let mut judgments: HashMap<String, HashMap<String, u32>> = HashMap::new();
    for (number, line) in fs_err::read_to_string(path)?.lines().enumerate() {
        let columns: Vec<&str> = line.split_whitespace().collect();
        let (query, passage, grade) = match columns[..] {
            [] => continue,
            ["query-id" | "qid", ..] if number == 0 => continue,
            [query, passage, grade] | [query, _, passage, grade] => (query, passage, grade),
            _ => {
                let what = format!("`{}`, line {}: it has {} columns", path.display(), number + 1, columns.len());
                return Err(advised(what, "a judgment is query, passage and grade, as BEIR or TREC write them"));
            }
        };
        // TREC's judgments have grades below zero too, which are of nothing relevant
        let value = grade.parse::<i64>().ok().and_then(|value| u32::try_from(value.max(0)).ok());
        let value =
            value.with_context(|| format!("`{}`, line {}: `{grade}` is no grade", path.display(), number + 1))?;
        if value > 0 {
            judgments.entry(query.to_string()).or_default().insert(passage.to_string(), value);
        }
    }
    Ok(judgments)
}
