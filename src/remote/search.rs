//! Searches in the engine, whole or not at all: an answer for a part of the index is an error.

use anyhow::{Context as _, Result, bail};
use gm_index::Excerpt;
use serde::Deserialize;
use serde_json::{Value, json};

use super::Remote;
use super::client::{Answer, reason};
use crate::fail::advised;

/// A query that would read more passages than these is refused: all that is read lies in memory.
const MOST_PASSAGES: u64 = 500_000;

/// Passages that are fetched at once.
const PAGE: usize = 2_000;

/// What to do when not all of an index can be reached.
const UNREACHED: &str = "if a node is down, bring it back, or wait until its copies have taken over";

/// What a search answers, as far as it is looked at.
#[derive(Deserialize)]
pub struct Found {
    pub timed_out: bool,
    #[serde(rename = "_shards")]
    pub shards: Shards,
    #[serde(rename = "_scroll_id")]
    pub scroll: Option<String>,
    pub hits: Hits,
    #[serde(default)]
    pub aggregations: Value,
}

#[derive(Deserialize)]
pub struct Shards {
    pub total: u64,
    pub successful: u64,
    pub failed: u64,
}

#[derive(Deserialize)]
pub struct Hits {
    pub total: Total,
    pub hits: Vec<Hit>,
}

#[derive(Deserialize)]
pub struct Total {
    pub value: u64,
}

#[derive(Deserialize)]
pub struct Hit {
    #[serde(rename = "_source")]
    pub source: Source,
}

#[derive(Deserialize)]
pub struct Source {
    pub excerpt: Option<Excerpt>,
    pub entry: Option<Value>,
}

impl Remote {
    pub(super) fn search(&self, index: &str, parameters: &str, body: &Value) -> Result<Found> {
        let path = format!("{index}/_search?allow_partial_search_results=false{parameters}");
        let answer = self.client.post(&path, body.to_string())?;
        self.complete(answer)
    }

    /// What was found, if it is all there is: an engine may answer for the parts of an index that it could reach.
    fn complete(&self, answer: Answer) -> Result<Found> {
        if !answer.is_good() {
            return Err(advised(format!("cannot search `{}`: {}", self.address, answer.reason()), UNREACHED));
        }
        let found: Found = answer.json()?;
        whole(&self.address, found.timed_out, &found.shards)?;
        Ok(found)
    }

    /// Everything that a query of the engine's finds, in no order; fails if that is more than `most`.
    pub(super) fn each(
        &self,
        index: &str,
        query: &Value,
        most: u64,
        mut tell: impl FnMut(Source) -> Result<()>,
    ) -> Result<()> {
        let body = json!({ "query": query, "size": PAGE, "sort": ["_doc"], "track_total_hits": true });
        let mut found = self.search(index, "&scroll=1m", &body)?;
        let total = found.hits.total.value;
        if total > most {
            return Err(advised(
                format!("the query would read {total} passages of `{}`; the most is {most}", self.address),
                "narrow it, for instance by place: or year:",
            ));
        }
        let mut read = 0;
        loop {
            let count = found.hits.hits.len() as u64;
            read += count;
            found.hits.hits.into_iter().try_for_each(|hit| tell(hit.source))?;
            if count == 0 || read >= total {
                break;
            }
            let scroll = found.scroll.context("the engine gave no way to go on")?;
            let answer =
                self.client.post("_search/scroll", json!({ "scroll": "1m", "scroll_id": scroll }).to_string())?;
            found = self.complete(answer)?;
            found.scroll.get_or_insert(scroll);
        }
        if let Some(scroll) = found.scroll {
            // it ends by itself, a little later
            let _ = self.client.delete(&format!("_search/scroll/{scroll}"));
        }
        if read != total {
            bail!("`{}` gave {read} of {total} passages", self.address);
        }
        Ok(())
    }

    pub(super) fn excerpts(&self, query: &Value, mut tell: impl FnMut(Excerpt)) -> Result<()> {
        self.each(&self.name, query, MOST_PASSAGES, |source| {
            tell(source.excerpt.context("a passage of the index has no text")?);
            Ok(())
        })
    }

    /// Answers to searches that only count, one for each query.
    pub(super) fn totals(&self, queries: impl IntoIterator<Item = Value>) -> Result<Vec<u64>> {
        let (mut body, mut asked) = (String::new(), 0);
        for query in queries {
            asked += 1;
            body.push_str("{\"allow_partial_search_results\":false}\n");
            body.push_str(&json!({ "query": query, "size": 0, "track_total_hits": true }).to_string());
            body.push('\n');
        }
        let answer = self.client.post(&format!("{}/_msearch", self.name), body)?;
        if !answer.is_good() {
            bail!("cannot search `{}`: {}", self.address, answer.reason());
        }
        let answers: Value = answer.json()?;
        let answers = answers["responses"].as_array().context("the engine's answer cannot be understood")?;
        let total = |answer: &Value| {
            if !answer["error"].is_null() {
                bail!("cannot search `{}`: {}", self.address, reason(&answer["error"]));
            }
            let found: Found = Found::deserialize(answer)?;
            whole(&self.address, found.timed_out, &found.shards)?;
            Ok(found.hits.total.value)
        };
        if answers.len() != asked {
            bail!("`{}` answered {} of {asked} searches", self.address, answers.len());
        }
        answers.iter().map(total).collect()
    }
}

fn whole(address: &str, timed_out: bool, shards: &Shards) -> Result<()> {
    if timed_out || shards.failed > 0 || shards.successful < shards.total {
        return Err(advised(
            format!("`{address}` answered for {} of the {} parts of the index", shards.successful, shards.total),
            UNREACHED,
        ));
    }
    Ok(())
}
