//! An index in the engine from its beginning to the day it is read: it is made, locked by who loads it, counted and switched to.

use std::collections::{BTreeSet, HashMap};
use std::time::{Duration, SystemTime};

use anyhow::{Context as _, Result, bail};
use gm_index::DocumentEntry;
use serde_json::{Value, json};

use super::Remote;
use super::client::{Answer, Client};
use super::layout::{self, Shape};
use crate::fail::advised;
use crate::origin::Origin;

/// A loader that has not said anything for so many seconds is gone.
const SILENCE: u64 = 180;

/// How often one says that it is at work.
pub const BREATH: Duration = Duration::from_secs(SILENCE / 6);

/// The document in which a loader says that it is at work.
const LOADER: &str = ".loader";

pub fn now() -> u64 {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |now| now.as_secs())
}

fn loader(since: u64) -> Value {
    json!({ "what": "loader", "entry": { "process": std::process::id(), "since": since, "seen": now() } })
}

impl Remote {
    /// A request that must succeed.
    pub(super) fn expect(&self, what: &str, ask: impl FnOnce(&Client) -> Result<Answer>) -> Result<Value> {
        let answer = ask(&self.client).with_context(|| format!("cannot {what}"))?;
        if !answer.is_good() {
            bail!("cannot {what} at `{}`: {}", self.address, answer.reason());
        }
        answer.json()
    }

    pub(super) fn delete(&self, index: &str, query: &Value) -> Result<()> {
        let path = format!("{index}/_delete_by_query?conflicts=proceed");
        let body = json!({ "query": query }).to_string();
        let answer = self.expect("remove passages", |client| client.post(&path, body))?;
        let failures = answer["failures"].as_array().map_or(0, Vec::len);
        if failures > 0 || answer["timed_out"] == true {
            bail!("cannot remove passages from `{index}`: {failures} could not be");
        }
        Ok(())
    }

    pub(super) fn refresh(&self, index: &str) -> Result<()> {
        let answer =
            self.expect("make the load visible", |client| client.post(&format!("{index}/_refresh"), Vec::new()))?;
        match answer["_shards"]["failed"].as_u64() {
            Some(0) => Ok(()),
            _ => bail!("cannot make the load visible at `{index}`"),
        }
    }

    /// A generation that nobody reads yet: one that was begun before and not finished, or a new one.
    pub(super) fn new_generation(&self, (shards, replicas): (Option<u32>, Option<u32>)) -> Result<(String, String)> {
        let name = &self.name;
        let answer = self.client.get(&format!("{name}-documents-*/_alias?expand_wildcards=open"))?;
        let there: HashMap<String, Value> = if answer.is_good() { answer.json()? } else { HashMap::new() };
        let unread =
            there.iter().filter(|(_, index)| index["aliases"].as_object().is_none_or(|aliases| aliases.is_empty()));
        let begun: BTreeSet<&str> =
            unread.filter_map(|(index, _)| index.strip_prefix(&format!("{name}-documents-"))).collect();
        for generation in begun.into_iter().rev() {
            let (passages, documents) = (format!("{name}-{generation}"), format!("{name}-documents-{generation}"));
            let own = |index: &str| -> Result<bool> {
                let answer = self.client.get(&format!("{index}/_mapping"))?;
                let mapping: Value = if answer.is_good() { answer.json()? } else { Value::Null };
                Ok(mapping[index]["mappings"]["_meta"] == json!(layout::Fingerprint::own()))
            };
            if own(&passages)? && own(&documents)? {
                return Ok((passages, documents));
            }
        }
        let generation = now();
        let (passages, documents) = (format!("{name}-{generation}"), format!("{name}-documents-{generation}"));
        let usual = self.usual_shape()?;
        let shape = Shape { shards: shards.unwrap_or(usual.shards), replicas: replicas.unwrap_or(usual.replicas) };
        for (index, layout) in [(&passages, layout::passages(shape)), (&documents, layout::documents(shape))] {
            // a copy that is not there yet does not outlive its node
            let path = format!("{index}?wait_for_active_shards=all&timeout=30s");
            let answer = self.client.put(&path, &layout).context("cannot make an index")?;
            // it may have been made by a request whose answer was lost
            if !answer.is_good() && !answer.reason().contains("resource_already_exists_exception") {
                bail!("cannot make an index at `{}`: {}", self.address, answer.reason());
            }
        }
        Ok((passages, documents))
    }

    /// A part for each node up to three, and one copy if there is a second node to hold it.
    fn usual_shape(&self) -> Result<Shape> {
        let health = self.expect("ask how the engine does", |client| client.get("_cluster/health"))?;
        let nodes = health["number_of_data_nodes"].as_u64().unwrap_or(1) as u32;
        Ok(Shape { shards: nodes.clamp(1, 3), replicas: (nodes > 1) as u32 })
    }

    /// Tells of a loader that has gone without a word.
    pub(super) fn take_lock(&self, documents: &str) -> Result<Option<String>> {
        let own = loader(now());
        let answer = self.client.put(&format!("{documents}/_create/{LOADER}"), &own)?;
        if answer.is_good() {
            return Ok(None);
        }
        if answer.status != 409 {
            bail!("cannot lock `{documents}`: {}", answer.reason());
        }
        let held = self.expect("read who loads", |client| client.get(&format!("{documents}/_doc/{LOADER}")))?;
        let entry = &held["_source"]["entry"];
        let number = |field: &str| entry[field].as_u64().unwrap_or(0);
        // the answer to our own request may have been lost
        if *entry == own["entry"] {
            return Ok(None);
        }
        if now().saturating_sub(number("seen")) < SILENCE {
            return Err(advised(
                format!(
                    "`{}` is being loaded by process {} since {} s",
                    self.address,
                    number("process"),
                    now().saturating_sub(number("since"))
                ),
                format!("wait until it has finished; one that was ended is forgotten after {SILENCE} s"),
            ));
        }
        // the one that was there last, and no other that came in between
        let path = format!(
            "{documents}/_doc/{LOADER}?if_seq_no={}&if_primary_term={}",
            held["_seq_no"], held["_primary_term"]
        );
        self.expect("take over the lock of a loader that has gone", |client| client.put(&path, &own))?;
        Ok(Some(format!("process {}, begun {} s ago", number("process"), now().saturating_sub(number("since")))))
    }

    pub(super) fn keep_lock(&self, documents: &str, since: u64) -> Result<()> {
        let path = format!("{documents}/_doc/{LOADER}");
        self.expect("keep the lock", |client| client.put(&path, &loader(since))).map(drop)
    }

    pub(super) fn unlock(&self, documents: &str) {
        // it is forgotten anyhow, later
        let _ = self.client.delete(&format!("{documents}/_doc/{LOADER}"));
    }

    /// Fails unless the engine holds as many passages as its documents have. Those that were cut short earlier and could not be
    /// read this time are left as they are.
    pub(super) fn check_counts(&self, passages: &str, documents: &str) -> Result<()> {
        let is_whole = |entry: &DocumentEntry| Origin::of(entry).is_none_or(|origin| !origin.content.is_empty());
        let (whole, unfinished): (Vec<_>, Vec<_>) = self.documents_in(documents)?.into_iter().partition(is_whole);
        let entered: u64 = whole.iter().map(|entry| entry.passages as u64).sum();
        let others: Vec<&str> = unfinished.iter().map(|entry| entry.id.as_str()).collect();
        let query = json!({ "bool": { "must_not": { "terms": { "document": others } } } });
        let body = json!({ "size": 0, "track_total_hits": true, "query": query });
        let there = self.search(passages, "", &body)?.hits.total.value;
        if there != entered {
            return Err(advised(
                format!("`{}` holds {there} passages of {entered} that were loaded", self.address),
                format!("load it again from the start: delete `{passages}` and `{documents}` in the engine, and build"),
            ));
        }
        Ok(())
    }

    /// Lets readers see a new generation in place of the old one, which is deleted.
    pub(super) fn switch(&self, passages: &str, documents: &str) -> Result<()> {
        let often = json!({ "index": { "refresh_interval": "1s" } });
        self.expect("let the index be read", |client| client.put(&format!("{passages}/_settings"), &often))?;
        let aliases = [(&self.name, passages), (&self.documents_name(), documents)];
        let mut actions = Vec::new();
        for (alias, index) in &aliases {
            let answer = self.client.get(&format!("_alias/{alias}"))?;
            let old: HashMap<String, Value> = if answer.is_good() { answer.json()? } else { HashMap::new() };
            actions.extend(old.keys().map(|old| json!({ "remove_index": { "index": old } })));
            actions.push(json!({ "add": { "index": index, "alias": alias } }));
        }
        let body = json!({ "actions": actions }).to_string();
        let answer = self.client.post("_aliases", body).context("cannot let the index be read")?;
        // it may have been done by a request whose answer was lost
        let now = self.client.get(&format!("_alias/{}", self.name))?;
        if !answer.is_good() && !now.json::<Value>()?[passages].is_object() {
            bail!("cannot let the index at `{}` be read: {}", self.address, answer.reason());
        }
        Ok(())
    }
}
