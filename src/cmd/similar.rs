//! `gm-search similar ID|FILE`: the passages most like one, or like a text: candidates by the words of the index, ordered by the
//! pairs of characters that they share. ID is what `query` prints: a passage, or source:line for all on that line; a file
//! or a whole document is taken by its first 1,000 characters. `--json` prints what `query --json` does.

use std::io::Write;

use anyhow::Result;
use gm_index::alike;

use super::documents;
use crate::Outcome;
use crate::answer::show;
use crate::answer::similar::beginning;
use crate::cli;
use crate::context::Context;
use crate::fail::advised;
use crate::print;

pub fn run(context: &Context, args: cli::Similar) -> Result<Outcome> {
    let index = context.open_index()?;
    let is_file = std::path::Path::new(&args.id).is_file();
    let own = if is_file { None } else { show::find(&index, &args.id)? };
    if let Some((name, _)) = args.id.rsplit_once([':', '#']).filter(|_| own.is_none() && !is_file)
        && show::document(&index, name)?.is_some()
    {
        let message = format!("the document `{name}` is in the index, but has no passage `{}`", args.id);
        return Err(advised(message, "see its lines with `gm-search show`"));
    }
    let (text, own): (String, Vec<String>) = match own {
        Some((document, Some(passages))) => {
            let text =
                passages.clone().map(|ordinal| &document.text[document.passages[ordinal].range.clone()]).collect();
            (text, passages.map(|ordinal| format!("{}#{ordinal}", document.id)).collect())
        }
        Some((document, None)) => {
            let own = (0..document.passages.len()).map(|ordinal| format!("{}#{ordinal}", document.id));
            (document.text, own.collect())
        }
        None => (documents::one(context, &args.id)?.text, Vec::new()),
    };
    if text.trim().is_empty() {
        return Err(advised(format!("`{}` holds no text", args.id), "give a passage, or a file with text"));
    }
    let results = alike(&index, beginning(&text), &own, args.limit)?;
    let mut out = anstream::stdout().lock();
    if context.json {
        print::json(&mut out, &results)?;
    } else if context.jsonl {
        for hit in &results.hits {
            print::json(&mut out, hit)?;
        }
    } else {
        print::similar(&mut out, &results)?;
    }
    out.flush()?;
    Ok(if results.hits.is_empty() { Outcome::NothingFound } else { Outcome::Done })
}
