//! `gm-search outline FILE|ID`: the sections of a report as a tree, and what its title block says with the words it says
//! it in. Reads a file without an index, or a document of the index. With `--json`
//! `{"schema":…,"document":{…,"evidence":{…}},"sections":[{"level":n,"label":…,"title":…,"role":…,"line":n,"children":[…]}]}`.

use std::io::Write;

use anyhow::Result;

use super::documents;
use crate::Outcome;
use crate::answer::outline::Outlined;
use crate::cli;
use crate::context::Context;
use crate::print;

pub fn run(context: &Context, args: cli::Outline) -> Result<Outcome> {
    let outlined = Outlined::of(documents::one(context, &args.document)?);
    let mut out = anstream::stdout().lock();
    if context.prints_json() {
        print::json(&mut out, &outlined)?;
    } else {
        print::outline(&mut out, &outlined)?;
    }
    out.flush()?;
    Ok(Outcome::Done)
}
