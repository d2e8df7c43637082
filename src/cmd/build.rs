//! `gm-search build PATH…`: reads files and folders into the index, or updates it. Prints on standard error what was
//! read, skipped and why; with `--json` the same as one object on standard output:
//! `{"documents":n,"passages":n,"bytes_read":n,"index_bytes":n,"added":n,"changed":n,"removed":n,"unchanged":n,"skipped":[{"path":…,"reason":…}],"seconds":s}`.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::mpsc::{self, Receiver, SyncSender};
use std::thread;
use std::time::Instant;

use anyhow::{Context as _, Result, anyhow, bail};
use gm_index::{Document, Index, Level, Writer};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde::{Deserialize, Serialize};
use walkdir::WalkDir;

use super::{Context, DIRECTORY, own_list};
use crate::Outcome;
use crate::cli;
use crate::extract::{Extracted, Format, Given, Reader, format_of, known_format};
use crate::fail::{advised, hint_of};
use crate::print::{bytes, counted, json};
use crate::sidecar::Sidecar;

/// The summary names this many skipped files; `status` has the rest.
const MOST_SKIPPED: usize = 10;

/// What a build did.
#[derive(Debug, Default, Serialize)]
pub struct Summary {
    documents: u64,
    passages: u64,
    bytes_read: u64,
    index_bytes: u64,
    added: u64,
    changed: u64,
    removed: u64,
    unchanged: u64,
    skipped: Vec<Skipped>,
    seconds: f64,
    /// How many documents came in which encoding or format.
    encodings: BTreeMap<String, u64>,
    /// Of the documents added or changed, those whose place or year stayed unknown.
    without_place: u64,
    without_year: u64,
}

/// A file that is not in the index, and why.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct Skipped {
    pub path: String,
    pub reason: String,
}

/// What the program remembers about an index as a whole; kept as its note.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct Note {
    #[serde(default)]
    pub skipped: Vec<Skipped>,
    /// A hash of the user's words that the text was cut with; empty if there were none.
    #[serde(default)]
    pub words: String,
}

/// Where a document came from; kept as its stamp.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// The folder that was given to `build`.
    pub root: PathBuf,
    /// The file, below the root.
    pub path: PathBuf,
    /// The content and how it was read: a hash of the bytes, and the extractor's version.
    pub content: String,
}

impl Format {
    /// What a file of this format is, read with what is stated about it: changes when any of these do.
    pub fn stamp(&self, hash: blake3::Hash, given: &Given) -> String {
        let given = blake3::hash(format!("{given:?}").as_bytes()).to_hex();
        format!("{}.{}.{}", &hash.to_hex()[..32], self.version, &given[..8])
    }

    /// The same for a file that was read whole.
    pub fn content_of(&self, bytes: &[u8], given: &Given) -> String {
        self.stamp(blake3::hash(bytes), given)
    }
}

pub fn run(context: &Context, args: cli::Build) -> Result<Outcome> {
    let path = context.find_index()?.unwrap_or_else(|| PathBuf::from(DIRECTORY));
    let given = Given { place: args.place, year: args.year, kind: args.kind, ..Given::default() };
    let summary = build(context, &path, &args.paths, &given, args.words.as_deref())?;
    if context.json || context.jsonl {
        let mut out = std::io::stdout().lock();
        json(&mut out, &summary)?;
    }
    Ok(if summary.skipped.is_empty() { Outcome::Done } else { Outcome::Incomplete })
}

/// Brings the index in the directory `path` up to date with `roots`, and tells on standard error what it did. What `given`
/// states holds for every document that is read; `words` names a file of words that are not cut apart.
pub fn build(
    context: &Context,
    path: &Path,
    roots: &[PathBuf],
    given: &Given,
    words: Option<&Path>,
) -> Result<Summary> {
    let start = Instant::now();
    let words = own_list(words, path, "words.txt")?;
    let (mut files, skipped) = list(roots)?;
    if let Some((own, _)) = &words {
        let own = own.canonicalize()?;
        files.retain(|file| file.root.join(&file.path) != own);
    }
    if files.is_empty() && skipped.is_empty() {
        let given: Vec<_> = roots.iter().map(|root| format!("`{}`", root.display())).collect();
        return Err(advised(
            format!("there is no document in {}", given.join(", ")),
            "name a folder that holds reports",
        ));
    }
    let index = if path.join("meta.json").is_file() { Index::open(path)? } else { Index::create(path)? };
    let words = words.as_ref().map_or("", |(_, words)| words);
    let writer = index.writer_with_words(user_words(words))?;
    if let Some(holder) = writer.interrupted().filter(|_| !context.quiet) {
        let (age, goes_on) = (holder.age(), "this one goes on from the index as it was");
        anstream::eprintln!("an earlier run ({holder}, begun {age} ago) was ended before it had finished; {goes_on}");
    }
    let progress = progress(context, files.iter().map(|file| file.bytes).sum());
    let indexed = Mutex::new(Indexed::default());
    let (jobs, queue) = mpsc::sync_channel(QUEUE);
    let mut update = Update::new(&index, given, words, jobs)?;
    update.summary.skipped = skipped;
    // each makes a segment of its own, which a short text does not need
    let workers = match progress.length() {
        Some(0..SMALL) => 1,
        _ => thread::available_parallelism().map_or(1, NonZero::get),
    };
    let queue = Mutex::new(queue);
    let update = thread::scope(|scope| {
        let workers: Vec<_> = (0..workers).map(|_| scope.spawn(|| work(&queue, &writer, &indexed))).collect();
        for file in &files {
            progress.set_message(file.path.display().to_string());
            if let Err(error) = update.file(file) {
                update.skip(shown(file), &error);
            } else if context.verbose {
                progress.suspend(|| anstream::eprintln!("read `{}` ({})", shown(file), file.format.name));
            }
            progress.inc(file.bytes);
        }
        let update = update.all_sent();
        workers.into_iter().try_for_each(|worker| worker.join().expect("a worker does not panic"))?;
        Ok::<_, anyhow::Error>(update)
    })?;
    progress.set_message("writing");
    let indexed = indexed.into_inner().map_err(|_| anyhow!("a worker has failed"))?;
    let mut summary = update.finish(writer, indexed, roots)?;
    progress.finish_and_clear();

    let status = index.status()?;
    summary.documents = status.documents;
    summary.passages = status.passages;
    summary.index_bytes = status.index_bytes;
    summary.seconds = start.elapsed().as_secs_f64();
    if !context.quiet {
        tell(&summary, path);
    }
    Ok(summary)
}

/// Texts that wait to be indexed: enough that no worker waits, and few in memory.
const QUEUE: usize = 32;

/// Files of fewer bytes in all are one segment.
const SMALL: u64 = 8_000_000;

/// A text that was extracted and waits to be indexed.
struct Job {
    id: String,
    /// What its document's [`Origin`] is, as JSON.
    stamp: String,
    source: String,
    extracted: Extracted,
    /// What is stated about its file.
    given: Given,
    was_there: bool,
}

/// What became of the texts.
#[derive(Default)]
struct Indexed {
    added: u64,
    changed: u64,
    removed: u64,
    without_place: u64,
    without_year: u64,
    skipped: Vec<Skipped>,
}

/// Indexes texts from the queue until there are no more. After a failure the rest is only taken away.
fn work(queue: &Mutex<Receiver<Job>>, writer: &Writer, indexed: &Mutex<Indexed>) -> Result<()> {
    let mut result = Ok(());
    // the queue is locked while it is waited for, never while work is done
    while let Some(job) = queue.lock().ok().and_then(|queue| queue.recv().ok()) {
        if result.is_ok() {
            result = self::index(job, writer, indexed);
        }
    }
    result
}

fn index(job: Job, writer: &Writer, indexed: &Mutex<Indexed>) -> Result<()> {
    let Job { id, stamp, source, extracted, given, was_there } = job;
    let mut document = Document::from_text(source.clone(), extracted.text);
    let mut stated = extracted.given;
    stated.state(&given);
    stated.write(&mut document.meta);
    document.id = id;
    document.stamp = stamp;
    writer.add(&document)?;
    let mut indexed = indexed.lock().map_err(|_| anyhow!("a worker has failed"))?;
    if document.passages.is_empty() {
        indexed.removed += was_there as u64;
        indexed.skipped.push(Skipped { path: source, reason: "it holds no text".to_string() });
    } else {
        *if was_there { &mut indexed.changed } else { &mut indexed.added } += 1;
        let has_place = !document.meta.place.is_empty() || document.meta.level == Some(Level::Nation);
        indexed.without_place += !has_place as u64;
        indexed.without_year += document.meta.year.is_none() as u64;
    }
    Ok(())
}

/// An update under way: what is to be indexed goes to the workers, what is to be removed waits for the end.
struct Update<'a> {
    /// `None` when there is nothing more to send.
    jobs: Option<SyncSender<Job>>,
    /// The ids of documents that are gone.
    gone: Vec<String>,
    /// A hash of the user's words.
    cut_with: String,
    given: &'a Given,
    /// The documents of the index that were not met yet, by root and path: their ids, and what their file was.
    known: HashMap<(PathBuf, PathBuf), Vec<(String, String)>>,
    /// All ids in use, with the file that they are from.
    taken: HashMap<String, (PathBuf, PathBuf)>,
    /// What the folders' own `corpus.toml` state.
    sidecars: HashMap<PathBuf, Sidecar>,
    summary: Summary,
}

impl<'a> Update<'a> {
    fn new(index: &Index, given: &'a Given, words: &str, jobs: SyncSender<Job>) -> Result<Self> {
        let before: Note = serde_json::from_str(&index.note()).unwrap_or_default();
        let cut_with = match words.is_empty() {
            true => String::new(),
            false => blake3::hash(words.as_bytes()).to_hex()[..16].to_string(),
        };
        // text that was cut with other words is read again
        let is_cut_alike = before.words == cut_with;
        let mut known: HashMap<_, Vec<_>> = HashMap::new();
        let mut taken = HashMap::new();
        for entry in index.documents()? {
            let Ok(origin) = serde_json::from_str::<Origin>(&entry.stamp) else { continue };
            let key = (origin.root, origin.path);
            taken.insert(entry.id.clone(), key.clone());
            let content = if is_cut_alike { origin.content } else { String::new() };
            known.entry(key).or_default().push((entry.id, content));
        }
        Ok(Update {
            jobs: Some(jobs),
            gone: Vec::new(),
            cut_with,
            given,
            known,
            taken,
            sidecars: HashMap::new(),
            summary: Summary::default(),
        })
    }

    fn skip(&mut self, path: String, error: &anyhow::Error) {
        let hint = hint_of(error).map_or(String::new(), |hint| format!("; {hint}"));
        self.summary.skipped.push(Skipped { path, reason: format!("{error:#}{hint}") });
    }

    fn sidecar(&mut self, root: &Path) -> Result<&Sidecar> {
        if !self.sidecars.contains_key(root) {
            self.sidecars.insert(root.to_path_buf(), Sidecar::of(root)?);
        }
        Ok(&self.sidecars[root])
    }

    /// Reads a file, unless it is as it was. While it cannot be read, what the index has of it stays.
    fn file(&mut self, file: &File) -> Result<()> {
        let key = (file.root.clone(), file.path.clone());
        let path = file.root.join(&file.path);
        let before = self.known.remove(&key).unwrap_or_default();
        let mut given = self.sidecar(&file.root)?.given(&file.path);
        given.state(self.given);
        self.summary.bytes_read += file.bytes;
        let mut stale: HashSet<String> = before.iter().map(|(id, _)| id.clone()).collect();
        let mut is_unchanged = |content: &str| {
            let same = !before.is_empty() && before.iter().all(|(_, known)| known == content);
            self.summary.unchanged += if same { before.len() as u64 } else { 0 };
            same
        };
        match file.format.reader {
            Reader::Refused(hint) => bail!("its format cannot be read; {hint}"),
            Reader::One(read) => {
                let bytes = fs_err::read(&path)?;
                let content = file.format.content_of(&bytes, &given);
                if is_unchanged(&content) {
                    return Ok(());
                }
                let reading = Reading { key, content, given };
                let extracted = read(&bytes)?;
                let source = slashed(&file.path);
                let id = match before.first() {
                    Some((id, _)) => id.clone(),
                    None => short_id(&source),
                };
                self.add(&reading, source, id, extracted, &mut stale)?;
            }
            Reader::Many(read) => {
                let mut hasher = blake3::Hasher::new();
                hasher.update_reader(fs_err::File::open(&path)?)?;
                let content = file.format.stamp(hasher.finalize(), &given);
                if is_unchanged(&content) {
                    return Ok(());
                }
                let reading = Reading { key, content, given };
                read(&path, &mut |line, extracted| {
                    match extracted {
                        Ok(extracted) => {
                            let source = format!("{}:{line}", slashed(&file.path));
                            let id = extracted.given.id.clone().unwrap_or_else(|| short_id(&source));
                            self.add(&reading, source, id, extracted, &mut stale)?;
                        }
                        Err(error) => self.skip(format!("{}:{line}", shown(file)), &error),
                    }
                    Ok(())
                })?;
            }
        }
        self.gone.extend(stale);
        Ok(())
    }

    fn add(
        &mut self,
        reading: &Reading,
        source: String,
        id: String,
        extracted: Extracted,
        stale: &mut HashSet<String>,
    ) -> Result<()> {
        let Reading { key, content, given } = reading;
        // two files may use one id, two folders hold one path: the second is told apart by its own place
        let id = match self.taken.get(&id) {
            Some(owner) if owner != key => short_id(&format!("{}\n{id}", key.0.join(&key.1).display())),
            _ => id,
        };
        self.taken.insert(id.clone(), key.clone());
        *self.summary.encodings.entry(extracted.encoding.to_string()).or_default() += 1;
        let origin = Origin { root: key.0.clone(), path: key.1.clone(), content: content.clone() };
        let was_there = stale.remove(&id);
        let stamp = serde_json::to_string(&origin)?;
        let job = Job { id, stamp, source, extracted, given: given.clone(), was_there };
        let jobs = self.jobs.as_ref().context("all texts have been sent")?;
        jobs.send(job).map_err(|_| anyhow!("no worker is left to index"))
    }

    /// Lets the workers end.
    fn all_sent(mut self) -> Self {
        self.jobs = None;
        self
    }

    /// Removes the documents below `roots` whose file has gone, and makes everything lasting.
    fn finish(mut self, mut writer: Writer, indexed: Indexed, roots: &[PathBuf]) -> Result<Summary> {
        let given: HashSet<PathBuf> = roots.iter().filter_map(|root| root.canonicalize().ok()).collect();
        // what lies in a folder that could not be read may well be there
        let is_unread = |path: &Path| self.summary.skipped.iter().any(|skipped| path.starts_with(&skipped.path));
        for ((root, path), documents) in &self.known {
            if given.contains(root) && !is_unread(&root.join(path)) {
                self.gone.extend(documents.iter().map(|(id, _)| id.clone()));
            }
        }
        self.gone.iter().try_for_each(|id| writer.remove(id))?;
        let summary = &mut self.summary;
        summary.added = indexed.added;
        summary.changed = indexed.changed;
        summary.removed = indexed.removed + self.gone.len() as u64;
        summary.without_place = indexed.without_place;
        summary.without_year = indexed.without_year;
        summary.skipped.extend(indexed.skipped);
        summary.skipped.sort_by(|a, b| a.path.cmp(&b.path));
        let note = Note { skipped: self.summary.skipped.clone(), words: self.cut_with.clone() };
        writer.set_note(serde_json::to_string(&note)?);
        writer.commit()?;
        Ok(self.summary)
    }
}

/// A file that is being read.
struct Reading {
    /// Its root, and its path below it.
    key: (PathBuf, PathBuf),
    /// What it is, as its documents' [`Origin`] keeps it.
    content: String,
    /// What is stated about it.
    given: Given,
}

/// A file to read.
struct File {
    /// The folder that was given, or the folder of the file that was; without symbolic links, so that it is always the
    /// same.
    root: PathBuf,
    /// Its path below the root.
    path: PathBuf,
    bytes: u64,
    format: &'static Format,
}

/// The files below `roots` that can be read, sorted, and those that somebody named but cannot.
fn list(roots: &[PathBuf]) -> Result<(Vec<File>, Vec<Skipped>)> {
    let mut files = Vec::new();
    let mut skipped = Vec::new();
    for given in roots {
        let root = given.canonicalize().with_context(|| format!("cannot read `{}`", given.display()))?;
        if root.is_file() {
            let format = known_format(given)?;
            let (Some(parent), Some(name)) = (root.parent(), root.file_name()) else { continue };
            let bytes = root.metadata()?.len();
            files.push(File { root: parent.to_path_buf(), path: name.into(), bytes, format });
            continue;
        }
        let hidden = |name: &std::ffi::OsStr| name.to_string_lossy().starts_with('.');
        let walk = WalkDir::new(&root).sort_by_file_name();
        for entry in walk.into_iter().filter_entry(|entry| entry.depth() == 0 || !hidden(entry.file_name())) {
            match entry {
                Ok(entry) if entry.file_type().is_file() && !is_readme(entry.path()) => {
                    if let Some(format) = format_of(entry.path()) {
                        let path = entry.path().strip_prefix(&root)?.to_path_buf();
                        let bytes = entry.metadata().map_or(0, |metadata| metadata.len());
                        files.push(File { root: root.clone(), path, bytes, format });
                    }
                }
                Ok(_) => {}
                Err(error) => {
                    let path = error.path().unwrap_or(&root).display().to_string();
                    skipped.push(Skipped { path, reason: error.to_string() });
                }
            }
        }
    }
    let mut seen = HashSet::new();
    files.retain(|file| seen.insert(file.root.join(&file.path)));
    Ok((files, skipped))
}

/// The words of a list, one a line; what follows a blank, such as the frequencies in jieba's own lists, is left out.
fn user_words(list: &str) -> impl Iterator<Item = &str> {
    let lines = list.trim_start_matches('\u{feff}').lines().filter(|line| !line.starts_with('#'));
    lines.filter_map(|line| line.split_whitespace().next())
}

/// A README tells about a folder; it is none of its documents.
fn is_readme(path: &Path) -> bool {
    path.file_stem().is_some_and(|stem| stem.to_string_lossy().to_ascii_uppercase().starts_with("README"))
}

/// The path as messages and ids have it: with slashes on every system.
fn slashed(path: &Path) -> String {
    path.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}

fn shown(file: &File) -> String {
    file.root.join(&file.path).display().to_string()
}

/// Twelve hexadecimal digits from the document's source, the same wherever its folder lies.
fn short_id(source: &str) -> String {
    blake3::hash(source.as_bytes()).to_hex()[..12].to_string()
}

fn progress(context: &Context, total: u64) -> ProgressBar {
    // indicatif draws on standard error, and only if that is a terminal
    let target = if context.quiet { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() };
    let style = ProgressStyle::with_template("{bar:24} {bytes}/{total_bytes} {eta} {wide_msg}");
    ProgressBar::with_draw_target(Some(total), target)
        .with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}

fn tell(summary: &Summary, path: &Path) {
    let Summary { added, changed, removed, unchanged, .. } = summary;
    anstream::eprintln!(
        "{} and {} in {}: {added} added, {changed} changed, {removed} removed, {unchanged} unchanged",
        counted(summary.documents, "document"),
        counted(summary.passages, "passage"),
        path.display()
    );
    anstream::eprintln!(
        "read {} in {:.1} s, index {}",
        bytes(summary.bytes_read),
        summary.seconds,
        bytes(summary.index_bytes)
    );
    let Summary { without_place, without_year, .. } = summary;
    if !summary.encodings.is_empty() {
        let met: Vec<_> = summary.encodings.iter().map(|(name, count)| format!("{name} {count}")).collect();
        anstream::eprintln!("encodings: {}", met.join(", "));
    }
    if without_place + without_year > 0 {
        anstream::eprintln!("of what was read, {without_place} have no place and {without_year} no year");
    }
    for Skipped { path, reason } in summary.skipped.iter().take(MOST_SKIPPED) {
        anstream::eprintln!("skipped `{path}`: {reason}");
    }
    if summary.skipped.len() > MOST_SKIPPED {
        anstream::eprintln!("… and {} more; `gm-search status` lists them", summary.skipped.len() - MOST_SKIPPED);
    }
}
