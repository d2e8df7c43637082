//! `gm-search similar ID|FILE`: the passages most like one, or like a text: candidates by the words of the index, ordered by the
//! pairs of characters that they share. ID is what `query` prints: a passage, or source:line for all on that line; a file
//! or a whole document is taken by its first 1,000 characters. `--json` prints what `query --json` does.

use std::io::Write;
use std::path::Path;

use anyhow::Result;
use gm_index::{Index, alike, passage_id};

use super::documents;
use crate::Outcome;
use crate::answer::show;
use crate::answer::similar::beginning;
use crate::cli;
use crate::context::Context;
use crate::extract;
use crate::fail::advised;
use crate::origin::{Origin, hash_of};
use crate::print;

pub fn run(context: &Context, args: cli::Similar) -> Result<Outcome> {
    if args.limit == 0 {
        return Err(advised("--limit 0 asks for no passage", "give 1 or more"));
    }
    let index = context.open_index()?;
    let is_file = Path::new(&args.id).is_file();
    let own = if is_file { None } else { show::find(&index, &args.id)? };
    if own.is_none()
        && !is_file
        && let Some(name) = show::without(&index, &args.id)?
    {
        return Err(documents::no_passage(name, &args.id));
    }
    let (text, own): (String, Vec<String>) = match own {
        Some((document, Some(passages))) => {
            let text =
                passages.clone().map(|ordinal| &document.text[document.passages[ordinal].range.clone()]).collect();
            (text, passages.map(|ordinal| passage_id(&document.id, ordinal as u32)).collect())
        }
        Some((document, None)) => {
            let own = (0..document.passages.len() as u32).map(|ordinal| passage_id(&document.id, ordinal));
            (document.text, own.collect())
        }
        None => {
            (documents::one(context, &args.id)?.text, if is_file { read_from(&index, &args.id)? } else { Vec::new() })
        }
    };
    if text.trim().is_empty() {
        return Err(advised(format!("`{}` holds no text", args.id), "give a passage, or a file with text"));
    }
    let results = alike(&index, beginning(&text), &own, args.limit)?;
    let mut out = anstream::stdout().lock();
    if !print::as_json(context, &mut out, &results, &results.hits)? {
        print::similar(&mut out, &results)?;
    }
    out.flush()?;
    Ok(if results.hits.is_empty() { Outcome::NothingFound } else { Outcome::Done })
}

/// The passages that the index has of a file, or of another with the same content.
fn read_from(index: &Index, file: &str) -> Result<Vec<String>> {
    let (place, bytes) = (Path::new(file).canonicalize()?, extract::whole(Path::new(file))?);
    let hash = blake3::hash(&bytes).to_hex();
    let is_same = |content: &str| !content.is_empty() && hash.starts_with(hash_of(content));
    let is_own = |origin: Origin| origin.place() == place || is_same(&origin.content);
    let entries = index.documents()?.into_iter().filter(|entry| Origin::of(entry).is_some_and(is_own));
    let ids = entries.flat_map(|entry| (0..entry.passages).map(move |ordinal| passage_id(&entry.id, ordinal)));
    Ok(ids.collect())
}
