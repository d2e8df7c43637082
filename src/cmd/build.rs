//! `gm-search build [PATH…]`: reads files and folders into the index, or updates it. Prints on standard error what was
//! read, skipped and why; with `--json` the same as one object on standard output:
//! `{"schema":…,"documents":n,"passages":n,"bytes_read":n,"index_bytes":n,"added":n,"changed":n,"renamed":n,"removed":n,"unchanged":n,"vanished":n,"skipped":[{"path":…,"reason":…}],"unread":{…},"encodings":{…},"without_place":n,"without_year":n,"seconds":s}`.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context as _, Result};
use gm_index::{Archive as _, Index};

use crate::Outcome;
use crate::cli;
use crate::context::{Context, DIRECTORY, is_built};
use crate::fail::advised;
use crate::files::Skipped;
use crate::origin::{Note, Root};
use crate::print::{bytes, counted, json};
use crate::tame::tame;
use crate::update::{self, Request, Summary};

/// The summary names this many skipped files; `status` has the rest.
const MOST_SKIPPED: usize = 10;

pub fn run(context: &Context, args: cli::Build) -> Result<Outcome> {
    let path = context.find_index()?.unwrap_or_else(|| PathBuf::from(DIRECTORY));
    let shape = (args.shards, args.replicas);
    let summary = match context.remote(true)? {
        Some(remote) => {
            let remote = Arc::new(remote);
            let request = match args.paths.is_empty() && remote.exists()? {
                true => remembered(&Note::read(&remote.note()?), !args.no_prune)?,
                false => request(&path, args)?,
            };
            let summary = update::load(context, &remote, &path, &request, shape)?;
            if !context.quiet {
                tell(&summary, remote.address());
            }
            tell_skipped(&summary);
            summary
        }
        None => {
            let request = request(&path, args)?;
            build(context, &path, &request)?
        }
    };
    if context.prints_json() {
        let mut out = std::io::stdout().lock();
        json(&mut out, &summary)?;
    }
    Ok(if summary.skipped.is_empty() { Outcome::Done } else { Outcome::Incomplete })
}

/// Brings the index in the directory `path` up to date, and tells on standard error what it did.
pub fn build(context: &Context, path: &Path, request: &Request) -> Result<Summary> {
    let summary = update::build(context, path, request)?;
    if !context.quiet {
        tell(&summary, &path.display().to_string());
    }
    tell_skipped(&summary);
    Ok(summary)
}

/// What the command line asks for; without a path, what the index in the directory `path` remembers of those before.
pub fn request(path: &Path, args: cli::Build) -> Result<Request> {
    let cli::Build { paths, place, year, kind, words, no_prune, follow, .. } = args;
    let prune = !no_prune;
    if paths.is_empty() {
        let note = if is_built(path) { Note::read(&Index::written(path)?.note) } else { Note::default() };
        return remembered(&note, prune);
    }
    let root = |given: &PathBuf| {
        let path = given.canonicalize().with_context(|| format!("cannot read `{}`", given.display()))?;
        if path.to_str().is_none() {
            let message = format!("cannot remember `{}`: its name is not in UTF-8", path.display());
            return Err(advised(message, "rename it, for example with convmv"));
        }
        let (place, kind) = (place.clone(), kind.clone());
        Ok(Root { path, place, year, kind, follow, words: String::new() })
    };
    let roots = paths.iter().map(root).collect::<Result<_>>()?;
    Ok(Request { roots, words, prune })
}

/// What an index remembers of where it was built from.
fn remembered(note: &Note, prune: bool) -> Result<Request> {
    if note.roots.is_empty() {
        return Err(advised(
            "there is nothing to build from: no folder was named, and no index remembers one",
            "name the folder that holds the reports: `gm-search build reports`",
        ));
    }
    Ok(Request { roots: note.roots.clone(), words: note.words_file.clone(), prune })
}

/// The counts of an update that people want to see.
pub fn changes(summary: &Summary) -> String {
    let Summary { added, changed, renamed, removed, unchanged, .. } = summary;
    let renamed = if *renamed > 0 { format!("{renamed} renamed, ") } else { String::new() };
    format!("{added} added, {changed} changed, {renamed}{removed} removed, {unchanged} unchanged")
}

fn tell(summary: &Summary, index: &str) {
    if let Some(earlier) = &summary.interrupted {
        let goes_on = "this one goes on from the index as it was";
        anstream::eprintln!("an earlier run ({earlier}) was ended before it had finished; {goes_on}");
    }
    if let Some(why) = &summary.rebuilt {
        anstream::eprintln!("built again from the start: {}", tame(why));
    }
    anstream::eprintln!(
        "{} and {} in {}: {}",
        counted(summary.documents, "document"),
        counted(summary.passages, "passage"),
        tame(index),
        changes(summary)
    );
    anstream::eprintln!(
        "read {} in {:.1} s, index {}",
        bytes(summary.bytes_read),
        summary.seconds,
        bytes(summary.index_bytes)
    );
    let Summary { without_place, without_year, vanished, .. } = summary;
    if *vanished > 0 {
        anstream::eprintln!("{} whose file has gone stay in the index (--no-prune)", counted(*vanished, "document"));
    }
    if !summary.encodings.is_empty() {
        let met: Vec<_> = summary.encodings.iter().map(|(name, count)| format!("{name} {count}")).collect();
        anstream::eprintln!("encodings: {}", met.join(", "));
    }
    if !summary.unread.is_empty() {
        let named = |ending: &str| if ending.is_empty() { "without ending".to_string() } else { format!(".{ending}") };
        let left: Vec<_> = summary.unread.iter().map(|(ending, count)| format!("{count} {}", named(ending))).collect();
        anstream::eprintln!("not read: {}", tame(&left.join(", ")));
    }
    if without_place + without_year > 0 {
        anstream::eprintln!("of what was read, {without_place} have no place and {without_year} no year");
    }
}

/// Tells what could not be read, which is an error and no news.
fn tell_skipped(summary: &Summary) {
    for Skipped { path, reason } in summary.skipped.iter().take(MOST_SKIPPED) {
        anstream::eprintln!("skipped `{}`: {}", tame(path), tame(reason));
    }
    if summary.skipped.len() > MOST_SKIPPED {
        anstream::eprintln!("… and {} more; `gm-search status` lists them", summary.skipped.len() - MOST_SKIPPED);
    }
}
