//! `gm-search build PATH…`: reads files and folders into the index, or updates it. Prints on standard error what was
//! read, skipped and why; with `--json` the same as one object on standard output:
//! `{"documents":n,"passages":n,"bytes_read":n,"index_bytes":n,"added":n,"changed":n,"removed":n,"unchanged":n,"skipped":[{"path":…,"reason":…}],"seconds":s}`.

use std::collections::{HashMap, HashSet};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::Instant;

use anyhow::{Context as _, Result};
use gm_index::{Document, Index};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use serde::{Deserialize, Serialize};
use walkdir::WalkDir;

use super::{Context, DIRECTORY};
use crate::Outcome;
use crate::cli;
use crate::extract::{Extracted, Format, format_of, known_format};
use crate::fail::advised;
use crate::print::{bytes, counted};

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

impl Origin {
    /// What `content` would be for these bytes.
    pub fn content_of(bytes: &[u8], format: &Format) -> String {
        format!("{}.{}", &blake3::hash(bytes).to_hex()[..32], format.version)
    }
}

pub fn run(context: &Context, args: cli::Build) -> Result<Outcome> {
    let path = context.find_index()?.unwrap_or_else(|| PathBuf::from(DIRECTORY));
    let summary = build(context, &path, &args.paths)?;
    if context.json || context.jsonl {
        let mut out = std::io::stdout().lock();
        serde_json::to_writer(&mut out, &summary)?;
        writeln!(out)?;
    }
    Ok(if summary.skipped.is_empty() { Outcome::Done } else { Outcome::Incomplete })
}

/// Brings the index in the directory `path` up to date with `roots`, and tells on standard error what it did.
pub fn build(context: &Context, path: &Path, roots: &[PathBuf]) -> Result<Summary> {
    let start = Instant::now();
    let (files, mut skipped) = list(roots)?;
    if files.is_empty() && skipped.is_empty() {
        let given: Vec<_> = roots.iter().map(|root| format!("`{}`", root.display())).collect();
        return Err(advised(
            format!("there is no document in {}", given.join(", ")),
            "name a folder that holds reports",
        ));
    }
    let index = if path.join("meta.json").is_file() { Index::open(path)? } else { Index::create(path)? };
    let mut known: HashMap<(PathBuf, PathBuf), (String, String)> = HashMap::new();
    for entry in index.documents()? {
        if let Ok(origin) = serde_json::from_str::<Origin>(&entry.stamp) {
            known.insert((origin.root, origin.path), (entry.id, origin.content));
        }
    }
    let mut taken: HashSet<String> = known.values().map(|(id, _)| id.clone()).collect();

    let mut summary = Summary::default();
    let mut writer = index.writer()?;
    let progress = progress(context, files.iter().map(|file| file.bytes).sum());
    for file in &files {
        progress.set_message(file.path.display().to_string());
        match read(file) {
            Ok((Extracted { text, encoding }, content)) => {
                if context.verbose {
                    progress.suspend(|| {
                        anstream::eprintln!("read `{}` ({}, {encoding})", shown(file), file.format.name);
                    });
                }
                let key = (file.root.clone(), file.path.clone());
                let before = known.remove(&key);
                summary.bytes_read += file.bytes;
                if before.as_ref().is_some_and(|(_, known)| *known == content) {
                    summary.unchanged += 1;
                } else {
                    let source = slashed(&file.path);
                    let is_new = before.is_none();
                    let id = before.map_or_else(|| id(&file.root, &source, &mut taken), |(id, _)| id);
                    let mut document = Document::from_text(source, text);
                    document.id = id;
                    document.stamp = serde_json::to_string(&Origin { root: key.0, path: key.1, content })?;
                    if document.passages.is_empty() {
                        skipped.push(Skipped { path: shown(file), reason: "it holds no text".to_string() });
                    } else {
                        *if is_new { &mut summary.added } else { &mut summary.changed } += 1;
                    }
                    writer.add(&document)?;
                }
            }
            Err(error) => {
                // what is in the index stays there while its file cannot be read
                known.remove(&(file.root.clone(), file.path.clone()));
                skipped.push(Skipped { path: shown(file), reason: format!("{error:#}") });
            }
        }
        progress.inc(file.bytes);
    }
    let given: HashSet<PathBuf> = roots.iter().filter_map(|root| root.canonicalize().ok()).collect();
    for ((root, _), (id, _)) in known {
        if given.contains(&root) {
            writer.remove(&id);
            summary.removed += 1;
        }
    }
    progress.set_message("writing");
    writer.set_note(serde_json::to_string(&Note { skipped: skipped.clone() })?);
    writer.commit()?;
    progress.finish_and_clear();

    let status = index.status()?;
    summary.documents = status.documents;
    summary.passages = status.passages;
    summary.index_bytes = status.index_bytes;
    summary.skipped = skipped;
    summary.seconds = start.elapsed().as_secs_f64();
    if !context.quiet {
        tell(&summary, path);
    }
    Ok(summary)
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

/// A README tells about a folder; it is none of its documents.
fn is_readme(path: &Path) -> bool {
    path.file_stem().is_some_and(|stem| stem.to_string_lossy().to_ascii_uppercase().starts_with("README"))
}

fn read(file: &File) -> Result<(Extracted, String)> {
    let bytes = fs_err::read(file.root.join(&file.path))?;
    let extracted = (file.format.read)(&bytes)?;
    Ok((extracted, Origin::content_of(&bytes, file.format)))
}

/// The path as messages and ids have it: with slashes on every system.
fn slashed(path: &Path) -> String {
    path.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}

fn shown(file: &File) -> String {
    file.root.join(&file.path).display().to_string()
}

/// Twelve hexadecimal digits from the document's source, the same wherever its folder lies. Only where two folders
/// hold the same path does the second one's own path come in.
fn id(root: &Path, source: &str, taken: &mut HashSet<String>) -> String {
    let short = |name: String| blake3::hash(name.as_bytes()).to_hex()[..12].to_string();
    let mut id = short(source.to_string());
    if !taken.insert(id.clone()) {
        id = short(format!("{}\n{source}", root.display()));
        taken.insert(id.clone());
    }
    id
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
    for Skipped { path, reason } in &summary.skipped {
        anstream::eprintln!("skipped `{path}`: {reason}");
    }
}
