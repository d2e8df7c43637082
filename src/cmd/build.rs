//! `gm-search build [PATH…]`: reads files and folders into the index, or updates it. Prints on standard error what was
//! read, skipped and why; with `--json` the same as one object on standard output:
//! `{"schema":…,"documents":n,"passages":n,"bytes_read":n,"index_bytes":n,"added":n,"changed":n,"renamed":n,"removed":n,"unchanged":n,"vanished":n,"skipped":[{"path":…,"reason":…}],"ids_in_use":[{"path":…,"id":…,"instead":…}],"unmet":[{"path":…,"reason":…}],"unread":{…},"encodings":{…},"without_place":n,"without_year":n,"seconds":s}`;
//! `"ids_in_use"`, `"unmet"`, `"interrupted":…` (an earlier run that was ended) and `"rebuilt":…` (why all was built again) are left out where there is nothing to tell.

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
use crate::update::{self, InUse, Request, Summary};

/// The summary names this many skipped files, of which `status` has the rest, and as many ids.
const MOST_SKIPPED: usize = 10;

pub fn run(context: &Context, args: cli::Build) -> Result<Outcome> {
    let path = context.find_index()?.unwrap_or_else(|| PathBuf::from(DIRECTORY));
    let shape = (args.shards, args.replicas);
    let summary = match context.remote(true)? {
        Some(remote) => {
            let remote = Arc::new(remote);
            let before = if remote.exists()? { Some(Note::read(&remote.note()?)) } else { None };
            let request = match before.as_ref().filter(|_| args.paths.is_empty()) {
                Some(note) => remembered(note, !args.no_prune)?,
                None => request(&path, args)?,
            };
            tell_dropped(context, &before.unwrap_or_default(), &request);
            let summary = update::load(context, &remote, &path, &request, shape)?;
            if !context.quiet {
                tell(&summary, remote.address());
            }
            tell_skipped(&summary);
            summary
        }
        None => {
            let request = request(&path, args)?;
            tell_dropped(context, &note(&path).unwrap_or_default(), &request);
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
        return remembered(&note(path)?, prune);
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

/// What the index in the directory `path` notes, if there is one.
fn note(path: &Path) -> Result<Note> {
    Ok(if is_built(path) { Note::read(&Index::written(path)?.note) } else { Note::default() })
}

/// Says what was given for a folder before and no longer holds, since it is not given now.
fn tell_dropped(context: &Context, before: &Note, request: &Request) {
    for root in &request.roots {
        let Some(known) = before.roots.iter().find(|known| known.path == root.path) else { continue };
        let dropped = [
            ("--place", !known.place.is_empty() && root.place.is_empty()),
            ("--year", known.year.is_some() && root.year.is_none()),
            ("--kind", known.kind.is_some() && root.kind.is_none()),
            ("--follow", known.follow && !root.follow),
        ];
        let names: Vec<&str> =
            dropped.into_iter().filter_map(|(name, is_dropped)| is_dropped.then_some(name)).collect();
        if !names.is_empty() {
            let (path, were) = (root.path.display().to_string(), if names.len() == 1 { "was" } else { "were" });
            let (path, names) = (tame(&path), names.join(" and "));
            context.say(format_args!("note: `{path}` is read without {names}, which {were} given for it before"));
        }
    }
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
    let Summary { without_place, without_year, vanished, ids_in_use, .. } = summary;
    if *vanished > 0 {
        let stay = if *vanished == 1 { "stays" } else { "stay" };
        anstream::eprintln!("{} whose file has gone {stay} in the index (--no-prune)", counted(*vanished, "document"));
    }
    for InUse { path, id, instead } in ids_in_use.iter().take(MOST_SKIPPED) {
        anstream::eprintln!(
            "`{}` has the id {instead}: the `{}` that it states is another file's",
            tame(path),
            tame(id)
        );
    }
    if ids_in_use.len() > MOST_SKIPPED {
        anstream::eprintln!("… and {} more state ids of others", ids_in_use.len() - MOST_SKIPPED);
    }
    for Skipped { path, reason } in summary.unmet.iter().take(MOST_SKIPPED) {
        anstream::eprintln!("`{}`: {}", tame(path), tame(reason));
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
