//! `gm-search cite QUOTE`: whether a sentence stands in the documents of the index word for word, nearly (then the
//! difference is marked) or not, and the reference to quote. `--format` prints that alone, as text, GB/T 7714 or
//! BibTeX. `--json` prints
//! `{"schema":…,"quote":…,"found":"exact|near|none","exact":n,"places":[{"standing":…,"verbatim":…,"document":{…},"path":[…],"line":n,"lines":[n],"text":…,"likeness":x,"changes":[{"kind":"same|gone|new","text":…}]}]}`.

use std::io::Write;

use anyhow::Result;
use gm_index::{Standing, cite};

use crate::Outcome;
use crate::cli::{self, Reference};
use crate::context::Context;
use crate::fail::advised;
use crate::print;
use crate::tame::tame;

pub fn run(context: &Context, args: cli::Cite) -> Result<Outcome> {
    let quote = args.quote.join(" ");
    if gm_index::fold(&quote).text.is_empty() {
        return Err(advised("the quotation is empty", "give the words that are quoted"));
    }
    let index = context.open_index()?;
    let found = cite(&index, &quote, args.limit)?;
    let mut out = anstream::stdout().lock();
    match (context.prints_json(), args.format) {
        (true, _) => print::json(&mut out, &found)?,
        (false, None) => print::citation(&mut out, &found)?,
        (false, Some(format)) => {
            // what is pasted must not pass for a quotation
            if found.found == Standing::Near && !context.quiet {
                anstream::eprintln!("the quotation stands nowhere word for word; this is what comes nearest");
            }
            for place in &found.places {
                let meta = &place.document.meta;
                if meta.title.is_empty() || meta.title == meta.source {
                    context.say(format_args!(
                        "the title of `{}` is not known: state it in corpus.toml, then `gm-search build`",
                        tame(&meta.source)
                    ));
                }
                let reference = match format {
                    Reference::Text => place.reference(),
                    Reference::Gb7714 => place.gb7714(),
                    Reference::Bibtex => place.bibtex(),
                };
                writeln!(out, "{reference}")?;
            }
        }
    }
    out.flush()?;
    Ok(if found.found == Standing::None { Outcome::NothingFound } else { Outcome::Done })
}
