//! `gm-search verify`: reads every file of the index back and proves it whole. Prints what is damaged; with `--json`
//! `{"schema":…,"index":…,"is_whole":true,"damage":[{"file":…,"what":…}]}`.

use std::io::Write;

use anyhow::Result;
use gm_index::{Damage, Index, Kind, RESULTS_SCHEMA};
use serde::Serialize;

use crate::Outcome;
use crate::cli;
use crate::context::{Context, rebuilding};
use crate::fail::advised;
use crate::print;
use crate::tame::tame;

#[derive(Serialize)]
struct Report {
    schema: &'static str,
    index: String,
    is_whole: bool,
    damage: Vec<Damage>,
}

pub fn run(context: &Context, _args: cli::Verify) -> Result<Outcome> {
    let path = context.need_built()?;
    let damage = match Index::verify(&path) {
        Ok(damage) => damage,
        // where nothing can be opened, that is what is damaged
        Err(error) if error.kind() == Kind::Corrupt => {
            vec![Damage { file: path.display().to_string(), what: error.to_string() }]
        }
        Err(error) if error.kind() == Kind::Format => return Err(advised(error.to_string(), rebuilding(&path))),
        Err(error) => return Err(error.into()),
    };
    let index = path.display().to_string();
    let report = Report { schema: RESULTS_SCHEMA, index, is_whole: damage.is_empty(), damage };
    let mut out = anstream::stdout().lock();
    if context.prints_json() {
        print::json(&mut out, &report)?;
    } else if report.is_whole {
        writeln!(out, "the index in `{}` is whole", report.index)?;
    } else {
        for damage in &report.damage {
            writeln!(out, "{}: {}", tame(&damage.file), tame(&damage.what))?;
        }
    }
    out.flush()?;
    if report.is_whole {
        return Ok(Outcome::Done);
    }
    let remedy = "remove it and build it again from its sources; nothing else of it can be trusted";
    Err(advised(format!("the index in `{}` is damaged", report.index), remedy))
}
