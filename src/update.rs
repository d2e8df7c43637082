//! Brings an index up to date with files: unchanged ones are skipped, changed ones read again, renamed ones moved, and
//! documents whose file has gone are removed. What is to be indexed goes to workers; everything becomes visible at once.

mod gone;
mod ids;
mod lines;
mod reading;
mod rebuild;
mod sources;
mod stated;
mod target;
mod work;

use std::collections::{BTreeMap, HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::mpsc::SyncSender;
use std::time::Instant;

use anyhow::{Context as _, Result, anyhow, bail};
use gm_index::{Archive as _, Cutter, Index, Kind, RESULTS_SCHEMA, Status};
use serde::Serialize;

use crate::context::{Context, DIRECTORY};
use crate::extract::{self, Extracted, Reader};
use crate::fail::{advised, hint_of};
use crate::files::{File, Skipped};
use crate::origin::{Note, Origin, Root, words_hash};
use crate::remote::{Loader, Remote};
use crate::sidecar::Sidecar;
pub use ids::InUse;
use ids::short_id;
use lines::Lines;
use reading::Reading;
use sources::{Sources, user_words};
use target::Target;
use work::{Change, Indexed, Job, What};

/// What a build did.
#[derive(Debug, Default, Serialize)]
pub struct Summary {
    pub schema: &'static str,
    pub documents: u64,
    pub passages: u64,
    pub bytes_read: u64,
    pub index_bytes: u64,
    pub added: u64,
    pub changed: u64,
    pub renamed: u64,
    pub removed: u64,
    pub unchanged: u64,
    /// Documents that stay though their file has gone.
    pub vanished: u64,
    pub skipped: Vec<Skipped>,
    /// Of the documents added or changed, those that state an id which another file has.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ids_in_use: Vec<InUse>,
    /// Statements of a `corpus.toml` that are for no file.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub unmet: Vec<Skipped>,
    /// Files whose ending says of no document, by that ending.
    pub unread: BTreeMap<String, u64>,
    pub seconds: f64,
    /// What is known of an earlier run that was ended before it had finished.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interrupted: Option<String>,
    /// How many documents came in which encoding or format.
    pub encodings: BTreeMap<String, u64>,
    /// Of the documents added or changed, those whose place or year stayed unknown.
    pub without_place: u64,
    pub without_year: u64,
    /// What could not be used of the index before, if all was built again for that.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rebuilt: Option<String>,
}

impl Summary {
    /// Takes in what there is now, after a build that began at `start`.
    fn tell(&mut self, status: &Status, start: Instant) {
        self.schema = RESULTS_SCHEMA;
        self.documents = status.documents;
        self.passages = status.passages;
        self.index_bytes = status.index_bytes;
        self.seconds = start.elapsed().as_secs_f64();
    }
}

/// What is asked of a build.
pub struct Request {
    pub roots: Vec<Root>,
    /// A file of words that are not cut apart; by default words.txt beside the index.
    pub words: Option<PathBuf>,
    /// Whether documents whose file has gone are removed.
    pub prune: bool,
}

/// Brings the index in the directory `path` up to date, and makes one if there is none.
pub fn build(context: &Context, path: &Path, request: &Request) -> Result<Summary> {
    let start = Instant::now();
    let opened = match Index::exists(path) {
        true => Index::open(path).map(Some),
        false => Ok(None),
    };
    let (mut summary, index) = match opened {
        Err(error) if error.kind() == Kind::Format => rebuild::rebuild(context, path, request, &error)?,
        opened => {
            let opened = opened?;
            let sources = Sources::of(path, request, &opened.as_ref().map(Note::of).unwrap_or_default())?;
            let index = opened.map_or_else(|| create(path), Ok)?;
            let writer = Box::new(index.writer_with_words(user_words(&sources.words))?);
            (sources.update(context, Target::Local { index: &index, writer }, request.prune)?, index)
        }
    };
    summary.tell(&index.status()?, start);
    Ok(summary)
}

/// Makes an index in a directory of its own: among the files of people, its own could not be told from theirs for sure.
fn create(path: &Path) -> Result<Index> {
    // what a system leaves in any folder, such as .DS_Store, is in nobody's way
    let is_hidden = |path: &Path| path.file_name().is_some_and(|name| name.to_string_lossy().starts_with('.'));
    let strangers = Index::strangers(path)?;
    if let Some(other) = strangers.iter().find(|other| other.is_dir() || !is_hidden(other)) {
        let name = other.file_name().unwrap_or_default().to_string_lossy();
        return Err(advised(
            format!("cannot make an index in `{}`: it holds `{name}`, which is no part of one", path.display()),
            format!("name a folder of its own with --index; without --index it is `{DIRECTORY}` where you are"),
        ));
    }
    match Index::create(path) {
        // another process was quicker
        Err(error) if error.kind() == Kind::Exists => Ok(Index::open(path)?),
        made => Ok(made?),
    }
}

/// Where what an engine refuses is kept, unless told otherwise.
const REJECTED: &str = "gm-search-rejected.jsonl";

/// The same for an index in an engine. A list of words is looked for beside where a local index would be, at `path`.
pub fn load(
    context: &Context,
    remote: &Arc<Remote>,
    path: &Path,
    request: &Request,
    (shards, replicas): (Option<u32>, Option<u32>),
) -> Result<Summary> {
    let start = Instant::now();
    let sources = Sources::of(path, request, &Note::default())?;
    let cutter = match user_words(&sources.words).next() {
        Some(_) => Cutter::with_words(user_words(&sources.words))?,
        None => Cutter::new(),
    };
    let loader = Box::new(Loader::begin(remote.clone(), cutter, (shards, replicas), Path::new(REJECTED))?);
    let mut summary = sources.update(context, Target::Remote(loader), request.prune)?;
    summary.tell(&remote.status()?, start);
    Ok(summary)
}

/// A file that the index has documents of.
struct Known {
    root: PathBuf,
    path: PathBuf,
    /// The ids of its documents, and what the file was when they were read.
    documents: Vec<(String, String)>,
}

impl Known {
    fn place(&self) -> PathBuf {
        self.root.join(&self.path)
    }
}

/// What a file was before.
enum Earlier {
    /// What it is now, perhaps by another name.
    Same,
    /// The same by another name, where other things were stated about it: it is read again, and its documents keep their ids.
    Renamed(Known),
    /// Another, or none.
    Other,
}

/// An update under way: what is to be indexed goes to the workers, what is to be removed waits for the end.
struct Update<'a> {
    target: &'a Target<'a>,
    sources: &'a Sources,
    /// The files that were listed, by their place.
    listed: HashMap<PathBuf, &'a File>,
    /// Folders that were given in which there is nothing left.
    empty: HashSet<&'a Path>,
    /// `None` when there is nothing more to send.
    jobs: Option<SyncSender<Job>>,
    /// Whether anything was sent.
    is_changed: bool,
    /// The ids of documents that are gone.
    gone: HashSet<String>,
    before: Note,
    /// The files that the index has documents of and that were not met yet, by their place.
    known: BTreeMap<PathBuf, Known>,
    /// Those of them that have gone, by the hash of what they were; found out when the first new file is met.
    moved: Option<HashMap<String, Vec<PathBuf>>>,
    /// All ids in use, with the file that they are from.
    taken: HashMap<String, PathBuf>,
    /// The files not met yet whose ids were asked for, and whether they yield those.
    yielding: HashMap<PathBuf, bool>,
    /// Whether documents whose file has gone are removed.
    prune: bool,
    /// What the folders' own `corpus.toml` state; `None` of one that cannot be read.
    sidecars: HashMap<PathBuf, Option<Sidecar>>,
    /// The lines that could not be read.
    lines: Lines,
    summary: Summary,
}

impl<'a> Update<'a> {
    fn new(target: &'a Target<'a>, sources: &'a Sources, jobs: SyncSender<Job>, prune: bool) -> Result<Self> {
        let before = target.note()?;
        let cut_with = words_hash(&sources.words);
        let mut known: BTreeMap<PathBuf, Known> = BTreeMap::new();
        let mut taken = HashMap::new();
        for entry in target.documents()? {
            let Some(origin) = Origin::of(&entry) else { continue };
            let place = origin.place();
            taken.insert(entry.id.clone(), place.clone());
            // text that was cut with other words is read again
            let content = if *before.words_of(&place) == cut_with { origin.content } else { String::new() };
            let (root, path) = (origin.root, origin.path);
            let known = known.entry(place).or_insert_with(|| Known { root, path, documents: Vec::new() });
            known.documents.push((entry.id, content));
        }
        let (skipped, unread) = (sources.listing.skipped.clone(), sources.listing.unknown.clone());
        let summary = Summary { skipped, unread, ..Summary::default() };
        Ok(Update {
            target,
            sources,
            listed: sources.listing.files.iter().map(|file| (file.place(), file)).collect(),
            empty: sources.listing.empty(sources.roots.iter().map(|root| root.path.as_path())),
            jobs: Some(jobs),
            is_changed: false,
            gone: HashSet::new(),
            before,
            known,
            moved: None,
            taken,
            yielding: HashMap::new(),
            prune,
            sidecars: HashMap::new(),
            lines: Lines::default(),
            summary,
        })
    }

    fn skip(&mut self, path: String, error: &anyhow::Error) {
        self.summary.skipped.push(Skipped { path, reason: reason(error) });
    }

    /// Reads a file, unless it is as it was. While it cannot be read, what the index has of it stays. Gives whether it was looked
    /// into.
    fn file(&mut self, file: &File) -> Result<bool> {
        let place = file.place();
        let before = self.known.remove(&place).map_or(Vec::new(), |known| known.documents);
        let Some(given) = self.given(file) else { return Ok(false) };
        if file.path.to_str().is_none() {
            return Err(advised("its name is not in UTF-8", "rename it, for example with convmv"));
        }
        match file.format.reader {
            Reader::Refused(hint) if !file.format.is_told_by_content() => bail!("its format cannot be read; {hint}"),
            Reader::One(_) | Reader::Refused(_) => {
                let bytes = extract::whole(&place)?;
                self.summary.bytes_read += bytes.len() as u64;
                let format = file.format.of_content(&bytes);
                let content = format.stamp(blake3::hash(&bytes), &given);
                let reading = Reading { file, place, content, given };
                self.one(reading, before, || format.read(&bytes))?;
            }
            Reader::Many(read) => {
                let mut hasher = blake3::Hasher::new();
                hasher.update_reader(fs_err::File::open(&place)?)?;
                self.summary.bytes_read += file.bytes;
                let content = file.format.stamp(hasher.finalize(), &given);
                let reading = Reading { file, place, content, given };
                self.many(reading, before, read)?;
            }
        }
        Ok(true)
    }

    /// What a file that is to be read was before. Where it needs no reading its documents are counted, or carried to its new name.
    fn earlier(&mut self, reading: &Reading, before: &[(String, String)]) -> Result<Earlier> {
        if self.is_unchanged(reading, before) {
            self.skip_again(reading.file);
            return Ok(Earlier::Same);
        }
        let moved = if before.is_empty() { self.moved_from(&reading.content) } else { None };
        Ok(match moved {
            Some(old) if self.is_as_it_was(reading, &old.place(), &old.documents) => {
                self.carry(reading, &old)?;
                Earlier::Same
            }
            Some(old) => Earlier::Renamed(old),
            None => Earlier::Other,
        })
    }

    /// Whether a file is as it was, and its documents too; counts them then.
    fn is_unchanged(&mut self, reading: &Reading, before: &[(String, String)]) -> bool {
        let same = !before.is_empty() && self.is_as_it_was(reading, &reading.place, before);
        self.summary.unchanged += if same { before.len() as u64 } else { 0 };
        same
    }

    /// Whether the documents of the file at `place` are all there, as they would be read now: none has lost its id to another.
    fn is_as_it_was(&self, reading: &Reading, place: &Path, documents: &[(String, String)]) -> bool {
        // renamed from .jsonl to .md it is another document
        let is_same = |format: &extract::Format| std::ptr::eq(format, reading.file.format);
        if place != reading.place && !extract::format_of(place).is_some_and(is_same) {
            return false;
        }
        let is_there = |id: &str| self.taken.get(id).is_some_and(|owner| owner == place);
        documents.iter().all(|(id, known)| *known == reading.content && is_there(id))
    }

    fn one(
        &mut self,
        reading: Reading,
        mut before: Vec<(String, String)>,
        read: impl FnOnce() -> Result<Extracted>,
    ) -> Result<()> {
        let earlier = self.earlier(&reading, &before)?;
        if let Earlier::Same = earlier {
            return Ok(());
        }
        let extracted = read()?;
        if let Some((page, reason)) = &extracted.lacks {
            self.lines.skip(&reading.file.shown(), *page, reason.clone());
        }
        let change = match earlier {
            Earlier::Renamed(old) => {
                self.free(&old);
                before = old.documents;
                Change::Renamed
            }
            _ => Change::Changed,
        };
        let id = before.first().map_or_else(|| short_id(&reading.source(None)), |(id, _)| id.clone());
        let mut stale: HashSet<String> = before.into_iter().map(|(id, _)| id).collect();
        let id = self.own_id(&reading, id);
        self.add(&reading, None, id, extracted, change, &mut stale)?;
        self.give_up(&reading.place, stale);
        Ok(())
    }

    fn many(
        &mut self,
        reading: Reading,
        mut before: Vec<(String, String)>,
        read: fn(&Path, &mut extract::Sink) -> Result<()>,
    ) -> Result<()> {
        match self.earlier(&reading, &before)? {
            Earlier::Same => return Ok(()),
            Earlier::Renamed(old) => {
                self.free(&old);
                before = old.documents;
            }
            Earlier::Other => {}
        }
        let mut stale: HashSet<String> = before.into_iter().map(|(id, _)| id).collect();
        let mut last = 0;
        let shown = reading.file.shown();
        let read = read(&reading.place, &mut |line, extracted| {
            last = line;
            match extracted {
                Ok(extracted) => {
                    let id = match extracted.given.id.clone() {
                        Some(id) => self.stated_id(&reading, line, id),
                        None => self.own_id(&reading, short_id(&reading.source(Some(line)))),
                    };
                    // one that an earlier line has used is no longer stale
                    if self.taken.get(&id) == Some(&reading.place) && !stale.contains(&id) {
                        self.lines.skip(&shown, line, format!("its id `{id}` is that of an earlier line"));
                        return Ok(());
                    }
                    self.add(&reading, Some(line), id, extracted, Change::Changed, &mut stale)?;
                }
                Err(error) => self.lines.skip(&shown, line, reason(&error)),
            }
            Ok(())
        });
        match read {
            Ok(()) => {
                self.give_up(&reading.place, stale);
                if last == 0 {
                    self.skip(shown, &anyhow!("it holds no document"));
                }
            }
            // what came before that line is read, and what the index has of the rest stays
            Err(error) if last > 0 => self.lines.skip(&shown, last + 1, reason(&error)),
            Err(error) => return Err(error),
        }
        Ok(())
    }

    /// Tells again what could not be read of a file that is as it was.
    fn skip_again(&mut self, file: &File) {
        let lines = format!("{}:", file.shown());
        let again = self.before.skipped.iter().filter(|one| one.path.starts_with(&lines));
        self.summary.skipped.extend(again.cloned());
    }

    fn add(
        &mut self,
        reading: &Reading,
        line: Option<u64>,
        id: String,
        extracted: Extracted,
        change: Change,
        stale: &mut HashSet<String>,
    ) -> Result<()> {
        let source = reading.source(line);
        let is_there = self.taken.insert(id.clone(), reading.place.clone()).is_some() || self.gone.remove(&id);
        *self.summary.encodings.entry(extracted.encoding.to_string()).or_default() += 1;
        let change = match stale.remove(&id) {
            true => change,
            // it takes the place of another file's
            false if is_there => Change::Changed,
            false => Change::Added,
        };
        let (extracted, given) = (Box::new(extracted), Box::new(reading.given.clone()));
        let (stamp, file) = (reading.stamp()?, reading.file.shown());
        self.send(Job { what: What::Read { id, stamp, source, extracted, given, file, line }, change })
    }

    fn send(&mut self, job: Job) -> Result<()> {
        self.is_changed = true;
        let jobs = self.jobs.as_ref().context("all texts have been sent")?;
        jobs.send(job).map_err(|_| anyhow!("no worker is left to index"))
    }

    /// Lets the workers end.
    fn all_sent(mut self) -> Self {
        self.jobs = None;
        self
    }

    /// Removes the documents whose file has gone from what was given. Gives what is to be noted of it all, and whether anything
    /// has changed.
    fn finish(mut self, indexed: Indexed) -> Result<(Summary, Note, bool)> {
        let known = std::mem::take(&mut self.known);
        let (vanished, kept): (Vec<_>, Vec<_>) =
            known.into_iter().partition(|(place, known)| self.is_gone(place, known));
        for (place, known) in vanished {
            match self.prune {
                true => self.give_up(&place, known.documents.into_iter().map(|(id, _)| id).collect()),
                false => self.summary.vanished += known.documents.len() as u64,
            }
        }
        self.tell_of_empty(&kept);
        self.tell_of_unmet();
        self.gone.iter().try_for_each(|id| self.target.remove(id))?;
        let summary = &mut self.summary;
        summary.added = indexed.added;
        summary.changed = indexed.changed;
        summary.renamed = indexed.renamed;
        summary.removed = indexed.removed + self.gone.len() as u64;
        summary.without_place = indexed.without_place;
        summary.without_year = indexed.without_year;
        summary.skipped.extend(indexed.skipped);
        self.lines.extend(indexed.lines);
        summary.skipped.extend(self.lines.into_skipped());
        summary.skipped.sort_by(|a, b| a.file_and_line().cmp(&b.file_and_line()));
        let mut note = self.before.clone();
        // what was skipped elsewhere still is
        note.skipped.retain(|one| !self.sources.roots.iter().any(|root| one.is_of(&root.path)));
        note.skipped.extend(self.summary.skipped.iter().cloned());
        note.skipped.sort_by(|a, b| a.file_and_line().cmp(&b.file_and_line()));
        note.skipped.dedup();
        note.words = words_hash(&self.sources.words);
        note.words_file = self.sources.words_file.clone();
        note.remember(&self.sources.roots);
        note.roots.retain(|root| root.is_there() || kept.iter().any(|(place, _)| place.starts_with(&root.path)));
        note.skipped.retain(|one| note.roots.iter().any(|root| one.is_of(&root.path)));
        let is_changed = self.is_changed || !self.gone.is_empty() || note != self.before;
        Ok((self.summary, note, is_changed))
    }
}

/// An error as the reason for which something was skipped.
fn reason(error: &anyhow::Error) -> String {
    let hint = hint_of(error).map_or(String::new(), |hint| format!("; {hint}"));
    format!("{error:#}{hint}")
}
