//! `gm-search build PATH…`: reads files and folders into the index, or updates it. Prints on standard error what was
//! read, skipped and why; with `--json` the same as one object on standard output:
//! `{"documents":n,"passages":n,"bytes_read":n,"index_bytes":n,"added":n,"changed":n,"removed":n,"unchanged":n,"skipped":[{"path":…,"reason":…}],"seconds":s}`.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context as _, Result, bail};
use gm_index::{Document, Index, Level, Writer};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde::{Deserialize, Serialize};
use walkdir::WalkDir;

use super::{Context, DIRECTORY, own_list};
use crate::Outcome;
use crate::cli;
use crate::extract::{Extracted, Format, Given, Reader, format_of, known_format};
use crate::fail::{advised, hint_of};
use crate::print::{bytes, counted};
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
        serde_json::to_writer(&mut out, &summary)?;
        writeln!(out)?;
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
    let mut update = Update::new(&index, given, words.as_ref().map_or("", |(_, words)| words))?;
    update.summary.skipped = skipped;
    let progress = progress(context, files.iter().map(|file| file.bytes).sum());
    for file in &files {
        progress.set_message(file.path.display().to_string());
        if let Err(error) = update.file(file) {
            update.skip(shown(file), &error);
        } else if context.verbose {
            progress.suspend(|| anstream::eprintln!("read `{}` ({})", shown(file), file.format.name));
        }
        progress.inc(file.bytes);
    }
    progress.set_message("writing");
    let mut summary = update.finish(roots)?;
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

/// An update under way: one transaction on the index.
struct Update<'a> {
    writer: Writer,
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
    fn new(index: &Index, given: &'a Given, words: &str) -> Result<Self> {
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
            writer: index.writer_with_words(user_words(words))?,
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
        for id in stale {
            self.writer.remove(&id);
            self.summary.removed += 1;
        }
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
        let mut document = Document::from_text(source.clone(), extracted.text);
        let mut stated = extracted.given;
        stated.state(given);
        stated.write(&mut document.meta);
        document.id = id;
        let origin = Origin { root: key.0.clone(), path: key.1.clone(), content: content.clone() };
        document.stamp = serde_json::to_string(&origin)?;
        let was_there = stale.remove(&document.id);
        if document.passages.is_empty() {
            self.summary.removed += was_there as u64;
            self.summary.skipped.push(Skipped { path: source, reason: "it holds no text".to_string() });
        } else {
            *if was_there { &mut self.summary.changed } else { &mut self.summary.added } += 1;
            self.summary.without_place +=
                (document.meta.place.is_empty() && document.meta.level != Some(Level::Nation)) as u64;
            self.summary.without_year += document.meta.year.is_none() as u64;
        }
        self.writer.add(&document)?;
        Ok(())
    }

    /// Removes the documents below `roots` whose file has gone, and makes everything lasting.
    fn finish(mut self, roots: &[PathBuf]) -> Result<Summary> {
        let given: HashSet<PathBuf> = roots.iter().filter_map(|root| root.canonicalize().ok()).collect();
        for ((root, _), documents) in &self.known {
            if given.contains(root) {
                documents.iter().for_each(|(id, _)| self.writer.remove(id));
                self.summary.removed += documents.len() as u64;
            }
        }
        let note = Note { skipped: self.summary.skipped.clone(), words: self.cut_with.clone() };
        self.writer.set_note(serde_json::to_string(&note)?);
        self.writer.commit()?;
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
