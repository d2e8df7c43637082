//! `gm-search show ID`: a passage with its neighbours, or a whole document. ID is what `query` prints: the id of a
//! passage or document, a source, or source:line. With `--json`
//! `{"schema":…,"document":{…},"passages":[{"id":…,"path":[…],"role":…,"line":n,"text":…,"is_target":true}]}`.

use std::io::Write;

use anyhow::Result;

use super::documents::{no_passage, skipped};
use crate::Outcome;
use crate::answer::show::{find, shown, without};
use crate::cli;
use crate::context::Context;
use crate::fail::advised;
use crate::print;

pub fn run(context: &Context, args: cli::Show) -> Result<Outcome> {
    let index = context.open_index()?;
    let Some((document, target)) = find(&index, &args.id)? else {
        if let Some(name) = without(&index, &args.id)? {
            return Err(no_passage(name, &args.id));
        }
        if let Some(error) = skipped(&index, &args.id) {
            return Err(error);
        }
        return Err(advised(
            format!("there is no document or passage `{}` in the index", args.id),
            "ids are what `gm-search query` prints behind each hit",
        ));
    };
    let marks_target = target.is_some();
    let shown = shown(document, target, args.context as usize);
    let mut out = anstream::stdout().lock();
    if !print::as_json(context, &mut out, &shown, &shown.passages)? {
        print::shown(&mut out, &shown, marks_target)?;
    }
    out.flush()?;
    Ok(Outcome::Done)
}
