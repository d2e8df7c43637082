//! `gm-search dup FILE|DOC [OTHER]`: what a draft has in common with the documents of the index, or with one other:
//! aligned spans of runs that are equal word for word, with what differs between them and lines on both sides, shares
//! by characters, formulas (套话) counted apart, and names of places elsewhere. `--within` shows what stands in a
//! document twice. `--json` prints
//! `{"schema":…,"document":{…},"chars":n,"copied":n,"share":x,"formula":n,"formula_reports":n,"documents_total":n,"documents":[{"document":{…},"chars":n,"spans":[{"lines":[a,b],"other_lines":[a,b],"chars":n,"text":…,"pieces":[{"kind":"same|gone|new","text":…}]}]}],"places":[…]}`,
//! or with `--within` `{"schema":…,"document":{…},"repeated":n,"clauses":[{"text":…,"chars":n,"lines":[…]}]}`.

use std::io::Write;

use anyhow::Result;
use gm_index::{Copies, CopyOptions, Repeats, copies_in, copies_of, place_chain, repeats};
use serde::Serialize;

use super::documents;
use crate::Outcome;
use crate::cli;
use crate::context::Context;
use crate::fail::advised;
use crate::print::{self, asks_csv};

/// A row of `--csv`.
#[derive(Serialize)]
struct Row<'a> {
    line: u32,
    to_line: u32,
    other: &'a str,
    other_line: u32,
    other_to_line: u32,
    chars: usize,
    formula: usize,
    text: &'a str,
    other_text: &'a str,
}

pub fn run(context: &Context, args: cli::Dup) -> Result<Outcome> {
    if args.min < 4 {
        return Err(advised("--min is too small to mean anything", "give 4 or more characters; 12 is the default"));
    }
    let mut draft = documents::draft(context, &args.draft)?;
    if let Some(place) = &args.place {
        draft.meta.place = place_chain(place).ok_or_else(|| {
            advised(
                format!("no single place goes by `{place}`"),
                "give its chain from the province down: --place 湖南省,益阳市,安化县",
            )
        })?;
    }
    let mut out = anstream::stdout().lock();
    if args.within {
        let found = repeats(&draft, args.min);
        within(&mut out, context, &args, &found)?;
        out.flush()?;
        return Ok(if found.clauses.is_empty() { Outcome::NothingFound } else { Outcome::Done });
    }
    let options = CopyOptions { shortest: args.min, documents: args.documents };
    let found = match &args.other {
        Some(other) => {
            let index = context.index_if_any()?;
            copies_of(&draft, &documents::one(context, other)?, index.as_ref(), options)?
        }
        None => copies_in(&draft, &context.open_index()?, options)?,
    };
    if context.prints_json() {
        print::json(&mut out, &found)?;
    } else if asks_csv(&mut out, &args.csv)? {
        csv(&mut out, &found)?;
    } else {
        print::copies(&mut out, &found, args.all)?;
    }
    out.flush()?;
    let shown = found.documents.len();
    if shown < found.documents_total {
        context.say(format_args!("{shown} of {} documents; --documents shows more", found.documents_total));
    }
    Ok(if found.copied == 0 { Outcome::NothingFound } else { Outcome::Done })
}

fn within(out: &mut impl Write, context: &Context, args: &cli::Dup, found: &Repeats) -> Result<()> {
    if context.prints_json() {
        print::json(&mut *out, found)?;
    } else if asks_csv(&mut *out, &args.csv)? {
        let mut writer = crate::print::csv(out, "chars lines text")?;
        for clause in &found.clauses {
            let lines: Vec<String> = clause.lines.iter().map(u32::to_string).collect();
            writer.write_record([clause.chars.to_string(), lines.join(" "), clause.text.clone()])?;
        }
        writer.flush()?;
    } else {
        print::repeats(out, found)?;
    }
    Ok(())
}

fn csv(out: &mut impl Write, found: &Copies) -> Result<()> {
    let mut writer =
        crate::print::csv(out, "line to_line other other_line other_to_line chars formula text other_text")?;
    for document in &found.documents {
        for span in &document.spans {
            writer.serialize(Row {
                line: span.lines[0],
                to_line: span.lines[1],
                other: &document.document.meta.source,
                other_line: span.other_lines[0],
                other_to_line: span.other_lines[1],
                chars: span.chars,
                formula: span.formula,
                text: &span.text,
                other_text: span.other_text.as_deref().unwrap_or(""),
            })?;
        }
    }
    writer.flush()?;
    Ok(())
}
