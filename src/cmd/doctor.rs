//! `gm-search doctor`: what a person should know about the index and its files, each with what to do. With `--json`
//! `{"schema":…,"index":…,"is_well":true,"findings":[{"kind":"stale","must":true,"what":…,"remedy":…,"count":n,"items":[{"path":…,"reason":…}]}]}`.
//! `must` is what is to be done; the rest is good to know. Exit code 1 if anything must be done.

use std::collections::{HashMap, HashSet};
use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Result;
use gm_index::{DocumentEntry, Index, Kind, Level, RESULTS_SCHEMA, fold};
use serde::Serialize;

use crate::Outcome;
use crate::cli;
use crate::context::{Context, WORDS, listing_of, own_list, rebuilding, short};
use crate::files::{Listing, Skipped};
use crate::origin::{CHANGED, GONE, Note, Root, Standing, read_from, standing, unmet, words_hash};
use crate::print::{self, FAINT, HEADING, bytes};
use crate::sidecar::Sidecar;
use crate::tame::tame;

/// So many of a kind are named without --all.
const SHOWN: usize = 5;

#[derive(Serialize)]
struct Report {
    schema: &'static str,
    index: String,
    is_well: bool,
    findings: Vec<Finding>,
}

/// Something to know.
#[derive(Serialize)]
struct Finding {
    kind: &'static str,
    /// Whether something is to be done.
    must: bool,
    what: String,
    remedy: String,
    count: usize,
    /// What it is about: files, or documents by id, each with what is the matter with it.
    items: Vec<Skipped>,
}

impl Finding {
    fn new(kind: &'static str, what: &str, remedy: impl Into<String>, items: Vec<Skipped>) -> Self {
        Finding { kind, must: true, what: what.to_string(), remedy: remedy.into(), count: items.len(), items }
    }

    /// What nothing need be done about.
    fn known(self) -> Self {
        Finding { must: false, ..self }
    }
}

pub fn run(context: &Context, args: cli::Doctor) -> Result<Outcome> {
    let path = context.need_built()?;
    let mut findings = match Index::verify(&path) {
        Ok(damage) if damage.is_empty() => {
            let index = Index::open(&path)?;
            look(&index, &path)?
        }
        Ok(damage) => {
            let items = damage.into_iter().map(|damage| Skipped { path: damage.file, reason: damage.what }).collect();
            vec![damaged(&path, items)]
        }
        Err(error) if error.kind() == Kind::Format => {
            let item = Skipped { path: path.display().to_string(), reason: error.to_string() };
            vec![Finding::new("format", "the index was built by another version", rebuilding(&path), vec![item])]
        }
        Err(error) if matches!(error.kind(), Kind::Corrupt | Kind::Engine) => {
            vec![damaged(&path, vec![Skipped { path: path.display().to_string(), reason: error.to_string() }])]
        }
        Err(error) => return Err(error.into()),
    };
    findings.retain(|finding| finding.count > 0);
    let is_well = findings.iter().all(|finding| !finding.must);
    let report = Report { schema: RESULTS_SCHEMA, index: path.display().to_string(), is_well, findings };
    let mut out = anstream::stdout().lock();
    if context.prints_json() {
        print::json(&mut out, &report)?;
    } else {
        tell(&mut out, &report, args.all)?;
    }
    out.flush()?;
    Ok(if is_well { Outcome::Done } else { Outcome::NothingFound })
}

fn damaged(path: &Path, items: Vec<Skipped>) -> Finding {
    let remedy = format!("move `{}` away and build again; nothing else of it can be trusted", short(path).display());
    Finding::new("damaged", "the index is damaged", remedy, items)
}

/// Everything there is to know about an index that can be opened; what must be done comes first.
fn look(index: &Index, path: &Path) -> Result<Vec<Finding>> {
    let note = Note::of(index);
    let entries = index.documents()?;
    let files = read_from(&entries);
    let again = "`gm-search build` reads them";
    let listing = listing_of(&note, path)?;
    let Standing { lost, stale, unread } = standing(&note, &listing, &files);
    let (mut changed, mut gone, mut closed) = (Vec::new(), Vec::new(), Vec::new());
    for one in stale {
        match one.reason.as_str() {
            CHANGED => changed.push(one),
            GONE => gone.push(one),
            _ => closed.push(one),
        }
    }
    let is_lost = |one: &&Skipped| lost.iter().any(|root| root.path == one.path);
    let skipped: Vec<_> = note.skipped.iter().filter(|one| !is_lost(one)).cloned().collect();
    let mut findings = vec![
        Finding::new(
            "missing",
            "folders are not there, or empty",
            "bring them back; their documents stay until `gm-search remove` on the folder takes them out",
            lost,
        ),
        Finding::new("changed", "files have changed since they were read", again, changed),
        Finding::new("new", "files are not in the index yet", again, unread),
        Finding::new(
            "gone",
            "files have gone, and their documents are still in the index",
            "`gm-search build` removes them; with --no-prune they stay",
            gone,
        ),
        Finding::new("closed", "files cannot be read any more", "see to the reason; their documents stay", closed),
        Finding::new("skipped", "files were skipped", "see to the reason, then `gm-search build`", skipped),
        Finding::new(
            "words",
            "another list of words than the text was cut with",
            "`gm-search build` cuts it again",
            words(&note, path)?,
        ),
        leftovers(index)?,
    ];
    findings.push(stated_of_none(&note, &listing));
    findings.extend(known(index, &entries)?);
    Ok(findings)
}

/// The statements of people that are for no file.
fn stated_of_none(note: &Note, listing: &Listing) -> Finding {
    let mut items = Vec::new();
    for root in &note.roots {
        // one that cannot be read is told by the build
        let Ok(sidecar) = Sidecar::of(&root.path, root.follow) else { continue };
        for file in listing.files.iter().filter(|file| file.root == root.path) {
            sidecar.given(&file.path);
        }
        items.extend(unmet(&root.path, &sidecar));
    }
    Finding::new("unmet", "statements are for no file", "write the path of the file below the folder", items).known()
}

/// What is good to know of the documents, and nothing need be done about.
fn known(index: &Index, entries: &[DocumentEntry]) -> Result<Vec<Finding>> {
    let copies = copies(index, entries)?;
    let several = several(entries, &copies);
    let metadata = "state it in corpus.toml, or with --place and --year";
    Ok(vec![
        Finding::new(
            "duplicate",
            "documents have the same text as another",
            "remove the files that are copies, or the documents with `gm-search remove`",
            copies.iter().map(|(copy, first)| beside(copy, "has the text of", first)).collect(),
        )
        .known(),
        Finding::new(
            "several",
            "documents are of a place and year that another is of, too",
            "`count`, `trend` and `panel` count each; narrow by kind: or file:, or `gm-search remove` those that are copies",
            several.iter().map(|(one, first)| beside(one, "is of the place and year of", first)).collect(),
        )
        .known(),
        about("no_title", "documents without a title", "state it in corpus.toml", entries, |entry| {
            entry.meta.title == entry.meta.source
        }),
        about("no_place", "documents of an unknown place", metadata, entries, |entry| {
            entry.meta.place.is_empty() && entry.meta.level != Some(Level::Nation)
        }),
        about("no_year", "documents of an unknown year", metadata, entries, |entry| entry.meta.year.is_none()),
    ])
}

fn item(path: &Path, reason: impl Into<String>) -> Skipped {
    Skipped { path: path.display().to_string(), reason: reason.into() }
}

/// A finding about those documents of which something is true.
fn about(
    kind: &'static str,
    what: &str,
    remedy: &str,
    entries: &[DocumentEntry],
    is_one: impl Fn(&DocumentEntry) -> bool,
) -> Finding {
    let found = entries.iter().filter(|entry| is_one(entry));
    let mut items: Vec<_> =
        found.map(|entry| Skipped { path: entry.meta.source.clone(), reason: entry.id.clone() }).collect();
    items.sort_by(|a, b| a.path.cmp(&b.path));
    Finding::new(kind, what, remedy, items).known()
}

/// The folders whose text was cut with another list of words than there is now.
fn words(note: &Note, path: &Path) -> Result<Vec<Skipped>> {
    let named = note.words_file.as_deref();
    let now = match named.filter(|file| !file.is_file()) {
        Some(gone) => return Ok(vec![item(gone, "the list is not there any more")]),
        None => own_list(named, path, WORDS)?.map_or_else(String::new, |(_, words)| words_hash(&words)),
    };
    let roots = note.roots.iter().filter(|root| root.words != now);
    Ok(roots.map(|Root { path, .. }| item(path, "it was read with another list")).collect())
}

/// What lies in the index's directory and belongs to nothing. While something is being built, nothing can be said of it.
fn leftovers(index: &Index) -> Result<Finding> {
    // who may not ask has none of his own there
    let is_busy = index.is_being_written().unwrap_or_default();
    let left = if is_busy { Vec::new() } else { index.leftovers()? };
    let items = left.iter().map(|path| item(path, bytes(size(path)))).collect();
    Ok(Finding::new("leftover", "files that a killed build left", "`gm-search build` takes them away", items))
}

fn size(path: &PathBuf) -> u64 {
    walkdir::WalkDir::new(path).into_iter().flatten().filter_map(|entry| entry.metadata().ok()).map(|m| m.len()).sum()
}

/// A document and one before it that it is held against.
type Pair<'a> = (&'a DocumentEntry, &'a DocumentEntry);

fn beside(entry: &DocumentEntry, how: &str, first: &DocumentEntry) -> Skipped {
    let reason = format!("{} {how} {} {}", entry.id, first.id, first.meta.source);
    Skipped { path: entry.meta.source.clone(), reason }
}

/// Documents whose text another has too, folded, so that lines may be broken elsewhere.
fn copies<'a>(index: &Index, entries: &'a [DocumentEntry]) -> Result<Vec<Pair<'a>>> {
    let mut seen: HashMap<[u8; 32], &DocumentEntry> = HashMap::new();
    let mut found = Vec::new();
    for entry in sorted(entries) {
        let Some(document) = index.document(&entry.id)? else { continue };
        let text = fold(&document.text).text;
        let first = seen.entry(blake3::hash(text.as_bytes()).into()).or_insert(entry);
        found.extend((first.id != entry.id).then_some((entry, *first)));
    }
    Ok(found)
}

/// Documents of a place and year that another is of, but for its copies. The year is the one that counting goes by,
/// which takes none from the name of a file.
fn several<'a>(entries: &'a [DocumentEntry], copies: &[Pair<'_>]) -> Vec<Pair<'a>> {
    let copies: HashSet<&str> = copies.iter().map(|(copy, _)| copy.id.as_str()).collect();
    let mut seen: HashMap<(String, u16), &DocumentEntry> = HashMap::new();
    let mut found = Vec::new();
    for entry in sorted(entries).into_iter().filter(|entry| !copies.contains(entry.id.as_str())) {
        let place = entry.meta.governed();
        let Some(year) = entry.meta.year.filter(|_| !place.is_empty()) else { continue };
        let first = seen.entry((place, year)).or_insert(entry);
        found.extend((first.id != entry.id).then_some((entry, *first)));
    }
    found
}

/// By their source.
fn sorted(entries: &[DocumentEntry]) -> Vec<&DocumentEntry> {
    let mut sorted: Vec<&DocumentEntry> = entries.iter().collect();
    sorted.sort_by_key(|entry| (&entry.meta.source, &entry.id));
    sorted
}

fn tell(out: &mut impl Write, report: &Report, all: bool) -> std::io::Result<()> {
    if report.findings.is_empty() {
        return writeln!(out, "nothing is amiss with the index in `{}`", report.index);
    }
    for (at, finding) in report.findings.iter().enumerate() {
        let Finding { must, what, remedy, count, items, .. } = finding;
        let gap = if at > 0 { "\n" } else { "" };
        let known = if *must { "" } else { "good to know: " };
        writeln!(out, "{gap}{HEADING}{known}{what}{HEADING:#} ({count})")?;
        let shown = if all { items.len() } else { SHOWN };
        for Skipped { path, reason } in items.iter().take(shown) {
            writeln!(out, "  {}: {}", tame(&short(Path::new(path)).to_string_lossy()), tame(reason))?;
        }
        if items.len() > shown {
            writeln!(out, "  {FAINT}… and {} more; --all names them{FAINT:#}", items.len() - shown)?;
        }
        writeln!(out, "  → {remedy}")?;
    }
    Ok(())
}
