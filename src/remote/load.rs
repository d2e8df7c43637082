//! Brings documents into an engine. They go in batches of some megabytes, a few at a time, so that memory is bounded by the
//! engine's pace. A batch is four steps: its documents are entered as unfinished; their passages; what an earlier version had
//! beyond these is deleted; the documents are entered. So no passage is there whose document is not known, and whatever is cut
//! short is done again the next time and comes to the same.

use std::collections::{BTreeMap, BTreeSet, HashSet};
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, anyhow, bail};
use gm_index::{Cutter, Document, DocumentEntry};
use serde_json::{Value, json};

use super::Remote;
use super::archive::Kept;
use super::client::{blocked, is_block, reason};
use super::generation::Lock;
use super::layout::{self, Entry};
use crate::fail::{advised, lock};
use crate::files::Skipped;
use crate::origin::Origin;

/// A batch is sent when it has so many bytes.
const BATCH: usize = 5_000_000;

/// How many batches are on their way at once, and how many more wait.
const SENDERS: usize = 2;
const WAITING: usize = 1;

/// How long items that an engine is too busy for are sent again.
const PATIENCE: Duration = Duration::from_secs(120);

/// Documents that are deleted at once.
const DELETED: usize = 1_000;

/// One passage on its way.
struct Item {
    action: String,
    source: String,
    /// Its document, in the batch.
    document: usize,
}

#[derive(Default)]
struct Batch {
    items: Vec<Item>,
    documents: Vec<Entry>,
    bytes: usize,
}

/// What the senders share.
struct Sending {
    remote: Arc<Remote>,
    passages: String,
    documents: String,
    /// Ids of the documents that are there already.
    known: HashSet<String>,
    rejected_file: PathBuf,
    /// Ids of documents that the engine refuses.
    rejected: Mutex<BTreeSet<String>>,
    skipped: Mutex<Vec<Skipped>>,
    failure: Mutex<Option<anyhow::Error>>,
    lock: Mutex<Lock>,
}

/// Documents on their way into an engine.
pub struct Loader {
    sending: Arc<Sending>,
    cutter: Cutter,
    /// What is known of a loader that was ended before it had finished.
    pub interrupted: Option<String>,
    /// The generation is not what readers see yet.
    is_new: bool,
    /// The documents that are there. Of one whose load was cut short the stamp is of no content.
    pub documents: Vec<DocumentEntry>,
    batch: Mutex<Batch>,
    removed: Mutex<BTreeSet<String>>,
    queue: Option<SyncSender<Batch>>,
    senders: Vec<JoinHandle<()>>,
}

impl Loader {
    /// Begins to load: into the index that is there, or into a new generation of it. `rejected` is the file for what the engine
    /// refuses.
    pub fn begin(
        remote: Arc<Remote>,
        cutter: Cutter,
        shape: (Option<u32>, Option<u32>),
        rejected: &Path,
    ) -> Result<Loader> {
        let current = match remote.exists() {
            Ok(true) => Some((remote.name.clone(), remote.documents_name())),
            Ok(false) => None,
            Err(error) if error.is::<super::Other>() => None,
            Err(error) => return Err(error),
        };
        let is_new = current.is_none();
        let (passages, documents) = match current {
            Some(current) => current,
            None => remote.new_generation(shape)?,
        };
        let (held, interrupted) = remote.take_lock(&documents)?;
        let read = || {
            // what was cut short is there, too
            remote.refresh(&passages)?;
            remote.refresh(&documents)?;
            remote.documents_in(&documents)
        };
        let there = read().inspect_err(|_| remote.unlock(&documents, &held))?;
        let sending = Arc::new(Sending {
            remote,
            passages,
            documents,
            known: there.iter().map(|entry| entry.id.clone()).collect(),
            rejected_file: rejected.to_path_buf(),
            rejected: Mutex::default(),
            skipped: Mutex::default(),
            failure: Mutex::default(),
            lock: Mutex::new(held),
        });
        let (queue, batches) = sync_channel(WAITING);
        let batches = Arc::new(Mutex::new(batches));
        let senders = (0..SENDERS).map(|_| {
            let (sending, batches) = (sending.clone(), batches.clone());
            std::thread::spawn(move || sending.send_all(&batches))
        });
        Ok(Loader {
            senders: senders.collect(),
            sending,
            cutter,
            interrupted,
            is_new,
            documents: there,
            batch: Mutex::default(),
            removed: Mutex::default(),
            queue: Some(queue),
        })
    }

    pub fn note(&self) -> Result<String> {
        self.sending.remote.note_in(&self.sending.documents)
    }

    pub fn restored(&self, id: &str) -> Result<Option<Document>> {
        self.sending.remote.restored(id)
    }

    /// Adds a document in place of the one with its id. Waits while the engine has enough to do.
    pub fn add(&self, document: &Document) -> Result<()> {
        if document.passages.is_empty() {
            return self.remove(&document.id);
        }
        self.sending.check()?;
        let mut passages = Vec::new();
        self.cutter.analyze(document, |analyzed| {
            let id = layout::passage_id(&document.id, analyzed.excerpt.ordinal);
            let action = json!({ "index": { "_id": id, "routing": layout::document_id(&document.id) } }).to_string();
            passages.push((action, layout::passage(&analyzed).to_string()));
        });
        let full = {
            let mut batch = lock(&self.batch);
            let number = batch.documents.len();
            batch.documents.push(Entry {
                id: document.id.clone(),
                meta: document.meta.clone(),
                stamp: document.stamp.clone(),
                passages: passages.len() as u32,
            });
            for (action, source) in passages {
                batch.bytes += action.len() + source.len() + 2;
                batch.items.push(Item { action, source, document: number });
            }
            (batch.bytes >= BATCH).then(|| std::mem::take(&mut *batch))
        };
        full.map_or(Ok(()), |batch| self.queue(batch))
    }

    pub fn remove(&self, id: &str) -> Result<()> {
        lock(&self.removed).insert(id.to_string());
        Ok(())
    }

    fn queue(&self, batch: Batch) -> Result<()> {
        let queue = self.queue.as_ref().context("all has been sent")?;
        if queue.send(batch).is_err() {
            self.sending.check()?;
            bail!("nobody is left to send");
        }
        Ok(())
    }

    /// Sends what is left, and makes everything visible. Gives what was rejected.
    pub fn commit(mut self, note: &str) -> Result<Vec<Skipped>> {
        let last = std::mem::take(&mut *lock(&self.batch));
        if !last.items.is_empty() {
            self.queue(last)?;
        }
        self.queue = None;
        for sender in self.senders.drain(..) {
            sender.join().map_err(|_| anyhow!("a sender has failed"))?;
        }
        self.sending.check()?;
        let Sending { remote, passages, documents, rejected, skipped, .. } = &*self.sending;
        let (rejected, skipped) = (lock(rejected), std::mem::take(&mut *lock(skipped)));
        // only what is visible can be deleted by what it holds
        remote.refresh(passages)?;
        let removed = std::mem::take(&mut *lock(&self.removed));
        let removed: Vec<&String> = removed.union(&rejected).collect();
        for some in removed.chunks(DELETED) {
            remote.delete(passages, &json!({ "terms": { "document": some } }))?;
            let mut body = String::new();
            for id in some {
                body.push_str(&json!({ "delete": { "_id": layout::document_id(id) } }).to_string());
                body.push('\n');
            }
            remote.expect(&format!("remove documents from `{documents}`"), |client| {
                client.post(&format!("{documents}/_bulk"), body.clone())
            })?;
        }
        let kept = json!({ "what": Kept::Note.name(), "entry": { "note": note } });
        remote.expect("keep what was loaded from where", |client| {
            client.put(&format!("{documents}/_doc/.note"), &kept)
        })?;
        remote.refresh(passages)?;
        remote.refresh(documents)?;
        remote.check_counts(passages, documents)?;
        if self.is_new {
            remote.switch(passages, documents)?;
        }
        Ok(skipped)
    }
}

impl Drop for Loader {
    fn drop(&mut self) {
        self.sending.remote.unlock(&self.sending.documents, &lock(&self.sending.lock));
    }
}

impl Sending {
    fn send_all(&self, batches: &Mutex<Receiver<Batch>>) {
        loop {
            let next = lock(batches).recv();
            let Ok(batch) = next else { return };
            // after a failure the rest is only taken away
            if lock(&self.failure).is_some() {
                continue;
            }
            if let Err(error) = self.send(batch) {
                lock(&self.failure).get_or_insert(error);
            }
        }
    }

    fn check(&self) -> Result<()> {
        lock(&self.failure).take().map_or(Ok(()), Err)
    }

    fn send(&self, batch: Batch) -> Result<()> {
        self.breathe()?;
        let Batch { mut items, documents, .. } = batch;
        let mut rejected: BTreeMap<usize, String> = BTreeMap::new();
        self.send_to(&self.documents, entries(&documents, &rejected, Origin::unfinished), &mut rejected)?;
        items.retain(|item| !rejected.contains_key(&item.document));
        self.send_to(&self.passages, items, &mut rejected)?;
        let is_replaced =
            |(number, entry): &(usize, &Entry)| !rejected.contains_key(number) && self.known.contains(&entry.id);
        let replaced = documents.iter().enumerate().filter(is_replaced).map(|(_, entry)| entry);
        let replaced: Vec<&Entry> = replaced.collect();
        for some in replaced.chunks(DELETED) {
            let beyond = some.iter().map(|entry| {
                json!({ "bool": { "filter": [
                    { "term": { "document": entry.id } },
                    { "range": { "ordinal": { "gte": entry.passages } } },
                ] } })
            });
            let query = json!({ "bool": { "should": beyond.collect::<Vec<_>>(), "minimum_should_match": 1 } });
            self.remote.delete(&self.passages, &query)?;
        }
        self.send_to(&self.documents, entries(&documents, &rejected, str::to_string), &mut rejected)?;
        self.set_aside(&documents, &rejected);
        Ok(())
    }

    /// Sends items until each is taken or refused for good. Only those are sent again that were not taken.
    fn send_to(&self, index: &str, mut items: Vec<Item>, rejected: &mut BTreeMap<usize, String>) -> Result<()> {
        let start = Instant::now();
        let mut wait = Duration::from_millis(200);
        while !items.is_empty() {
            let body: String = items.iter().flat_map(|item| [&item.action, "\n", &item.source, "\n"]).collect();
            let path = format!("{index}/_bulk?filter_path=items.*.status,items.*.error");
            let answer = self.remote.client.post(&path, body).with_context(|| format!("cannot load into `{index}`"))?;
            if answer.status == 413 {
                if items.len() == 1 {
                    rejected.insert(items[0].document, "it is larger than the engine takes".to_string());
                    return Ok(());
                }
                let rest = items.split_off(items.len() / 2);
                self.send_to(index, items, rejected)?;
                items = rest;
                continue;
            }
            if !answer.is_good() {
                bail!("cannot load into `{index}`: {}", answer.reason());
            }
            let answer: Value = answer.json()?;
            let results = answer["items"].as_array().map_or(&[][..], Vec::as_slice);
            if results.len() != items.len() {
                bail!("`{index}` took {} items and answered for {}", items.len(), results.len());
            }
            let mut again = Vec::new();
            let mut why = String::new();
            for (item, result) in items.into_iter().zip(results) {
                let result = &result["index"];
                // the document is not at fault
                if is_block(&result["error"]) {
                    return Err(blocked(&reason(&result["error"])));
                }
                match result["status"].as_u64().unwrap_or(0) {
                    200..300 => {}
                    429 | 500..600 => {
                        why = reason(&result["error"]);
                        again.push(item);
                    }
                    _ => {
                        self.keep_rejected(&item, &reason(&result["error"]))?;
                        rejected.entry(item.document).or_insert_with(|| reason(&result["error"]));
                    }
                }
            }
            items = again;
            if !items.is_empty() {
                if start.elapsed() > PATIENCE {
                    let hint = "see how the engine does, and begin again: what was loaded stays";
                    return Err(advised(format!("`{index}` would not take {} items: {why}", items.len()), hint));
                }
                self.breathe()?;
                std::thread::sleep(wait);
                wait = (wait * 2).min(Duration::from_secs(5));
            }
        }
        Ok(())
    }

    /// Writes what the engine refuses into a file, so that a person can see it.
    fn keep_rejected(&self, item: &Item, reason: &str) -> Result<()> {
        let line = json!({ "reason": reason, "action": item.action, "passage": item.source });
        let mut file = fs_err::OpenOptions::new().create(true).append(true).open(&self.rejected_file)?;
        writeln!(file, "{line}")?;
        Ok(())
    }

    fn set_aside(&self, documents: &[Entry], rejected: &BTreeMap<usize, String>) {
        let why = |reason: &String| format!("the engine refuses it: {reason}; see `{}`", self.rejected_file.display());
        let skipped = rejected
            .iter()
            .map(|(&document, reason)| Skipped { path: documents[document].meta.source.clone(), reason: why(reason) });
        lock(&self.skipped).extend(skipped);
        lock(&self.rejected).extend(rejected.keys().map(|&document| documents[document].id.clone()));
    }

    /// Says that the loader is at work, now and then.
    fn breathe(&self) -> Result<()> {
        self.remote.keep_lock(&self.documents, &mut lock(&self.lock))
    }
}

/// The entries of documents, without those that are rejected, with their stamps as `stamp` has them.
fn entries(documents: &[Entry], rejected: &BTreeMap<usize, String>, stamp: impl Fn(&str) -> String) -> Vec<Item> {
    let good = documents.iter().enumerate().filter(|(number, _)| !rejected.contains_key(number));
    let items = good.map(|(document, entry)| {
        let entry = Entry { stamp: stamp(&entry.stamp), ..entry.clone() };
        Item {
            action: json!({ "index": { "_id": layout::document_id(&entry.id) } }).to_string(),
            source: json!({ "what": Kept::Document.name(), "entry": entry }).to_string(),
            document,
        }
    });
    items.collect()
}
