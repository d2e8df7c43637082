//! `gm-search diff OLD NEW`: two reports of a place side by side: figures, terms that came and went, and by section the
//! sentences that are reworded (the change marked), new (+) and gone (-). `--json` prints
//! `{"schema":…,"old":{…},"new":{…},"same":n,"sections":[{"old":…,"new":…,"same":n,"changes":[{"kind":"new|gone|reworded","old_line":n,"new_line":n,"text":…,"pieces":[…]}]}],"new_terms":[…],"gone_terms":[…],"figures":[…]}`.

use std::io::Write;

use anyhow::Result;
use gm_index::{Difference, Indicators, PieceKind, SentenceKind, difference};
use serde::Serialize;

use super::documents;
use crate::Outcome;
use crate::cli;
use crate::context::Context;
use crate::print::{self, asks_csv};

/// A row of `--csv`.
#[derive(Serialize)]
struct Row<'a> {
    kind: SentenceKind,
    section: &'a str,
    old_line: Option<u32>,
    new_line: Option<u32>,
    text: &'a str,
    /// What a reworded sentence was.
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
    let changed = found.sections.iter().any(|section| !section.changes.is_empty());
    Ok(if changed { Outcome::Done } else { Outcome::NothingFound })
}

fn csv(out: &mut impl Write, found: &Difference) -> Result<()> {
    let mut writer = crate::print::csv(out, "kind section old_line new_line text old_text")?;
    for section in &found.sections {
        let name = section.new.as_deref().or(section.old.as_deref()).unwrap_or("");
        for change in &section.changes {
            let old = change.pieces.iter().filter(|piece| piece.kind != PieceKind::New);
            writer.serialize(Row {
                kind: change.kind,
                section: name,
                old_line: change.old_line,
                new_line: change.new_line,
                text: &change.text,
                old_text: old.map(|piece| piece.text.as_str()).collect(),
            })?;
        }
    }
    writer.flush()?;
    Ok(())
}
