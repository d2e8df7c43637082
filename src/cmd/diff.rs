//! `gm-search diff OLD NEW`: two reports of a place side by side: figures, terms that came and went, and by section the
//! sentences that are reworded (the change marked), new (+) and gone (-). `--json` prints
//! `{"schema":…,"old":{…},"new":{…},"same":n,"sections":[{"old":…,"new":…,"same":n,"changes":[{"kind":"new|gone|reworded","old_line":n,"new_line":n,"text":…,"pieces":[…]}]}],"new_terms":[…],"gone_terms":[…],"figures":[…]}`; `--csv` has a row for each sentence that changed and each heading
//! that is new, gone or another.

use std::io::Write;

use anyhow::Result;
use gm_index::{Difference, Indicators, PieceKind, SectionChange, SentenceKind, difference};
use serde::Serialize;

use super::documents;
use crate::Outcome;
use crate::cli;
use crate::context::Context;
use crate::print::{self, asks_csv};

/// What a row of `--csv` tells of.
#[derive(Serialize)]
#[serde(untagged)]
enum What {
    Sentence(SentenceKind),
    /// A section that has another name, is new or gone.
    Heading(&'static str),
}

/// A row of `--csv`.
#[derive(Serialize)]
struct Row<'a> {
    kind: What,
    /// The heading in the later report; of what is gone in the earlier one.
    section: &'a str,
    old_line: Option<u32>,
    new_line: Option<u32>,
    text: &'a str,
    /// What a reworded sentence or a renamed heading was.
    old_text: String,
}

pub fn run(context: &Context, args: cli::Diff) -> Result<Outcome> {
    let (old, new) = (documents::one(context, &args.old)?, documents::one(context, &args.new)?);
    let found = difference(&old, &new, &Indicators::shipped());
    let mut out = anstream::stdout().lock();
    if context.prints_json() {
        print::json(&mut out, &found)?;
    } else if asks_csv(&mut out, &args.csv)? {
        csv(&mut out, &found)?;
    } else {
        print::difference(&mut out, &found, args.all)?;
    }
    out.flush()?;
    let changed = found.sections.iter().any(|section| !section.changes.is_empty() || is_renamed(section));
    Ok(if changed { Outcome::Done } else { Outcome::NothingFound })
}

fn csv(out: &mut impl Write, found: &Difference) -> Result<()> {
    let mut writer = crate::print::csv(out, "kind section old_line new_line text old_text")?;
    for section in &found.sections {
        if is_renamed(section) {
            writer.serialize(heading(section))?;
        }
        for change in &section.changes {
            let [old, new] = headings(section);
            let is_gone = change.kind == SentenceKind::Gone;
            let was = change.pieces.iter().filter(|piece| piece.kind != PieceKind::New);
            writer.serialize(Row {
                kind: What::Sentence(change.kind),
                section: if is_gone { old } else { new },
                old_line: change.old_line,
                new_line: change.new_line,
                text: &change.text,
                old_text: was.map(|piece| piece.text.as_str()).collect(),
            })?;
        }
    }
    writer.flush()?;
    Ok(())
}

/// The headings of a section, the earlier one first; empty where there is none.
fn headings(section: &SectionChange) -> [&str; 2] {
    [&section.old, &section.new].map(|name| name.as_deref().unwrap_or(""))
}

fn is_renamed(section: &SectionChange) -> bool {
    let [old, new] = headings(section);
    old != new
}

/// The row of a section that is not called the same in both reports.
fn heading(section: &SectionChange) -> Row<'_> {
    let [old, new] = headings(section);
    Row {
        kind: What::Heading("heading"),
        section: if new.is_empty() { old } else { new },
        old_line: None,
        new_line: None,
        text: new,
        old_text: old.to_string(),
    }
}
