//! An index in the engine from its beginning to the day it is read: it is made, locked by who loads it, counted and switched to.

use std::collections::{BTreeSet, HashMap};
use std::hash::{BuildHasher as _, Hasher as _, RandomState};
use std::time::{Duration, Instant, SystemTime};

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
const BREATH: Duration = Duration::from_secs(SILENCE / 6);

/// The document in which a loader says that it is at work.
const LOADER: &str = ".loader";

fn now() -> u64 {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |now| now.as_secs())
}

/// The right to load.
pub(super) struct Lock {
    own: Loading,
    /// When it was kept last, and what the engine called this state of it.
    kept: Instant,
    state: Value,
}

/// The document of the lock, if nobody has written it since it was in a state.
fn in_state(documents: &str, state: &Value) -> String {
    let (number, term) = (&state["_seq_no"], &state["_primary_term"]);
    format!("{documents}/_doc/{LOADER}?if_seq_no={number}&if_primary_term={term}")
}

/// Who loads. In containers all processes have one number, and a clock starts several of them in one second.
#[derive(Clone)]
struct Loading {
    since: u64,
    random: String,
}

impl Loading {
    fn begin() -> Loading {
        Loading { since: now(), random: format!("{:016x}", RandomState::new().build_hasher().finish()) }
    }

    /// The lock as it is written.
    fn entry(&self) -> Value {
        let Loading { since, random } = self;
        let entry = json!({ "process": std::process::id(), "random": random, "since": since, "seen": now() });
        json!({ "what": "loader", "entry": entry })
    }
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

    /// What the engine has at `path`, by the names of its indices; nothing if it knows of none. Any other refusal is no answer.
    pub(super) fn by_index(&self, what: &str, path: &str) -> Result<HashMap<String, Value>> {
        let answer = self.client.get(path).with_context(|| format!("cannot {what}"))?;
        match answer.status {
            404 => Ok(HashMap::new()),
            _ if answer.is_good() => answer.json(),
            _ => bail!("cannot {what} at `{}`: {}", self.address, answer.reason()),
        }
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
        let path = format!("{name}-documents-*/_alias?expand_wildcards=open");
        let there = self.by_index("ask what was begun", &path)?;
        let unread =
            there.iter().filter(|(_, index)| index["aliases"].as_object().is_none_or(|aliases| aliases.is_empty()));
        let begun: BTreeSet<&str> =
            unread.filter_map(|(index, _)| index.strip_prefix(&format!("{name}-documents-"))).collect();
        for generation in begun.into_iter().rev() {
            let (passages, documents) = (format!("{name}-{generation}"), format!("{name}-documents-{generation}"));
            let own = |index: &str| -> Result<bool> {
                let mappings = self.by_index("ask what was begun", &format!("{index}/_mapping"))?;
                let own = json!(layout::Fingerprint::own());
                Ok(mappings.get(index).is_some_and(|mapping| mapping["mappings"]["_meta"] == own))
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

    /// Tells also of a loader that has gone without a word.
    pub(super) fn take_lock(&self, documents: &str) -> Result<(Lock, Option<String>)> {
        let loading = Loading::begin();
        let own = loading.entry();
        let lock = |state| Lock { own: loading.clone(), kept: Instant::now(), state };
        let answer = self.client.put(&format!("{documents}/_create/{LOADER}"), &own)?;
        if answer.is_good() {
            return Ok((lock(answer.json()?), None));
        }
        let held = self.held(documents, &answer)?;
        let entry = &held["_source"]["entry"];
        let number = |field: &str| entry[field].as_u64().unwrap_or(0);
        // the answer to our own request may have been lost
        if *entry == own["entry"] {
            return Ok((lock(held), None));
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
        let gone = format!("process {}, begun {} s ago", number("process"), now().saturating_sub(number("since")));
        Ok((lock(self.write_lock(documents, &held, &own)?), Some(gone)))
    }

    /// Says that the loader is at work, now and then.
    pub(super) fn keep_lock(&self, documents: &str, lock: &mut Lock) -> Result<()> {
        if lock.kept.elapsed() > BREATH {
            lock.kept = Instant::now();
            lock.state = self.write_lock(documents, &lock.state, &lock.own.entry())?;
        }
        Ok(())
    }

    /// Writes the lock over the state that is known, and over none that another loader wrote in between.
    fn write_lock(&self, documents: &str, known: &Value, own: &Value) -> Result<Value> {
        let answer = self.client.put(&in_state(documents, known), own)?;
        if answer.is_good() {
            return answer.json();
        }
        let held = self.held(documents, &answer)?;
        // the answer to our own request may have been lost
        if held["_source"]["entry"] == own["entry"] {
            return Ok(held);
        }
        Err(advised(
            format!("another process has begun to load `{}`, as nothing was heard of this one", self.address),
            "wait until it has finished, and build again: what was loaded stays",
        ))
    }

    /// The lock that is there, since the engine refused to write ours.
    fn held(&self, documents: &str, refused: &Answer) -> Result<Value> {
        if refused.status != 409 {
            bail!("cannot lock `{documents}`: {}", refused.reason());
        }
        self.expect("read who loads", |client| client.get(&format!("{documents}/_doc/{LOADER}")))
    }

    pub(super) fn unlock(&self, documents: &str, lock: &Lock) {
        // it is forgotten anyhow, later
        let _ = self.client.delete(&in_state(documents, &lock.state));
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
            let old = self.by_index("ask what is read now", &format!("_alias/{alias}"))?;
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

#[cfg(test)]
mod tests {
    use std::io::{BufRead, BufReader, Read, Write};
    use std::net::TcpListener;
    use std::sync::{Arc, Mutex};

    use super::super::Access;
    use super::*;

    /// A document, and how often it was written.
    type Stored = Arc<Mutex<(u64, Option<Value>)>>;

    /// An engine that answers the first line of a request, and its body, with a status and an object.
    fn answering(mut answer: impl FnMut(&str, &[u8]) -> (u16, Value) + Send + 'static) -> Remote {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let remote = Remote::new(&format!("http://{}/x", listener.local_addr().unwrap()), Access::default(), false);
        std::thread::spawn(move || {
            for mut stream in listener.incoming().map_while(std::result::Result::ok) {
                let mut reader = BufReader::new(stream.try_clone().unwrap());
                let lines = reader.by_ref().lines().map_while(std::result::Result::ok);
                let head: Vec<String> = lines.take_while(|line| !line.is_empty()).collect();
                let length =
                    head.iter().find_map(|line| line.to_lowercase().strip_prefix("content-length: ")?.parse().ok());
                let mut body = vec![0; length.unwrap_or(0)];
                reader.read_exact(&mut body).unwrap();
                let (status, answer) = answer(&head[0], &body);
                let answer = answer.to_string();
                let head =
                    format!("HTTP/1.1 {status} ?\r\nConnection: close\r\nContent-Length: {}\r\n\r\n", answer.len());
                stream.write_all((head + &answer).as_bytes()).unwrap();
            }
        });
        remote.unwrap()
    }

    /// An engine that knows of one document.
    fn engine() -> (Remote, Stored) {
        let document = Arc::new(Mutex::new((0, None)));
        let there = document.clone();
        let remote = answering(move |head, body| {
            let (times, source) = &mut *there.lock().unwrap();
            let is_free = match head.split_once("if_seq_no=") {
                Some((_, number)) => source.is_some() && number.starts_with(&format!("{times}&if_primary_term=1 ")),
                None => source.is_none() || head.starts_with("GET"),
            };
            match head.split(' ').next() {
                Some("PUT") if is_free => (*times, *source) = (*times + 1, serde_json::from_slice(body).ok()),
                Some("DELETE") if is_free => *source = None,
                _ => {}
            }
            let answer = json!({ "_seq_no": times, "_primary_term": 1, "_source": source });
            (if is_free { 200 } else { 409 }, answer)
        });
        (remote, document)
    }

    #[test]
    fn only_what_the_engine_does_not_know_is_not_there() {
        let posted = Arc::new(Mutex::new(0));
        for (status, is_done) in [(200, true), (404, true), (403, false), (500, false)] {
            let posts = posted.clone();
            let remote = answering(move |head, _| match head.split(' ').next() {
                Some("GET") if !head.contains("/_cluster/") => (status, json!({})),
                method => {
                    *posts.lock().unwrap() += (method == Some("POST")) as u32;
                    (200, json!({}))
                }
            });
            assert_eq!(remote.switch("x-1", "x-documents-1").is_ok(), is_done, "{status}");
            assert_eq!(remote.exists().is_ok(), is_done, "{status}");
            assert_eq!(remote.new_generation((Some(1), Some(0))).is_ok(), is_done, "{status}");
        }
        assert_eq!(*posted.lock().unwrap(), 2, "where nothing is known of the old index, none is added to the alias");
    }

    #[test]
    fn an_alias_of_two_generations_is_read_by_neither() {
        let index = json!({ "mappings": { "_meta": layout::Fingerprint::own() } });
        let remote = answering(move |_, _| (200, json!({ "x-1": index, "x-2": index })));
        let error = remote.exists().unwrap_err().to_string();
        assert!(error.contains("stands for several indices: x-1, x-2"), "{error}");
    }

    #[test]
    fn two_that_begin_in_one_second_with_one_number_hold_no_lock_together() {
        let (remote, _) = engine();
        let (lock, _) = remote.take_lock("d").unwrap();
        let error = remote.take_lock("d").err().expect("it is held").to_string();
        assert!(error.contains("is being loaded by process"), "{error}");
        remote.unlock("d", &lock);
    }

    #[test]
    fn a_lock_that_another_has_taken_over_is_not_taken_back() {
        let (remote, document) = engine();
        let (mut lock, gone) = remote.take_lock("d").unwrap();
        let silent = |lock: &mut Lock| lock.kept = Instant::now().checked_sub(BREATH * 2).unwrap();
        for _ in 0..2 {
            silent(&mut lock);
            remote.keep_lock("d", &mut lock).unwrap();
        }
        assert!(gone.is_none() && document.lock().unwrap().0 == 3);
        let other = json!({ "entry": { "process": 1, "since": 1, "seen": 1 } });
        *document.lock().unwrap() = (4, Some(other.clone()));
        silent(&mut lock);
        let error = remote.keep_lock("d", &mut lock).unwrap_err().to_string();
        assert!(error.contains("another process"), "{error}");
        remote.unlock("d", &lock);
        assert_eq!(document.lock().unwrap().1, Some(other));
        let (lock, gone) = remote.take_lock("d").unwrap();
        assert!(gone.unwrap().starts_with("process 1,"));
        remote.unlock("d", &lock);
        assert_eq!(document.lock().unwrap().1, None);
    }
}
