//! What people see of targets, copies, quotations and differences.

use std::io::{self, Write};

use gm_index::{Figure, Promise, Targets};

use super::{FAINT, HEADING, MATCH, columns, tame, title};
use crate::cmd::targets::{outcome, said};

/// Cells under each other, two blanks between; the last column is not filled up.
fn table(out: &mut impl Write, indent: &str, rows: &[Vec<String>]) -> io::Result<()> {
    let count = rows.iter().map(Vec::len).max().unwrap_or(0);
    let widest = |at: usize| rows.iter().filter_map(|row| row.get(at)).map(|cell| columns(cell)).max().unwrap_or(0);
    let widths: Vec<usize> = (0..count).map(widest).collect();
    for row in rows {
        write!(out, "{indent}")?;
        for (at, cell) in row.iter().enumerate() {
            let blank = if at + 1 < row.len() { widths[at] + 2 - columns(cell) } else { 0 };
            write!(out, "{cell}{}", " ".repeat(blank))?;
        }
        writeln!(out)?;
    }
    Ok(())
}

/// The year of a figure, or its years.
fn years(figure: &Figure) -> String {
    match (figure.from, figure.year) {
        (Some(from), Some(year)) => format!("{from}–{year}"),
        (_, Some(year)) => year.to_string(),
        _ => "?".to_string(),
    }
}

pub fn targets(out: &mut impl Write, reports: &[Targets]) -> io::Result<()> {
    let shown = reports.iter().filter(|report| !report.figures.is_empty() || !report.absent.is_empty());
    for (at, report) in shown.enumerate() {
        if at > 0 {
            writeln!(out)?;
        }
        let source = tame(&report.document.meta.source);
        writeln!(out, "{HEADING}{}{HEADING:#}  {FAINT}{source}{FAINT:#}", title(&report.document))?;
        let row = |figure: &Figure| {
            let told =
                if figure.name == figure.indicator { String::new() } else { format!(" ({})", tame(&figure.name)) };
            vec![
                years(figure),
                figure.role.name().to_string(),
                format!("{}{told}", tame(&figure.indicator)),
                tame(&said(figure)),
                format!("line {}", figure.line),
            ]
        };
        table(out, "  ", &report.figures.iter().map(row).collect::<Vec<_>>())?;
        match &report.statement {
            Some(statement) if !report.absent.is_empty() => {
                let names = report.absent.join(" ");
                writeln!(out, "  {FAINT}absent from the targets of line {}: {names}{FAINT:#}", statement.line)?;
            }
            Some(_) => {}
            None => writeln!(out, "  {FAINT}no sentence was found that sets targets{FAINT:#}")?,
        }
    }
    if reports.iter().all(|report| report.figures.is_empty()) {
        writeln!(out, "no figure found in {}", super::counted(reports.len() as u64, "report"))?;
    }
    Ok(())
}

pub fn promises(out: &mut impl Write, promises: &[Promise]) -> io::Result<()> {
    if promises.is_empty() {
        return writeln!(out, "no target found that a place and a year are known of");
    }
    for (at, year) in promises.chunk_by(|a, b| a.place == b.place && a.year == b.year).enumerate() {
        let [first, ..] = year else { continue };
        if at > 0 {
            writeln!(out)?;
        }
        let done = year.iter().find_map(|one| one.done_source.as_deref());
        let sources = match done {
            Some(done) => format!("{} → {done}", first.target_source),
            None => first.target_source.clone(),
        };
        writeln!(out, "{HEADING}{} {}{HEADING:#}  {FAINT}{}{FAINT:#}", tame(&first.place), first.year, tame(&sources))?;
        let row = |one: &Promise| {
            let line = |line: u32| format!("L{line}");
            let (done, place) =
                one.done.as_ref().map_or((String::new(), String::new()), |done| (said(done), line(done.line)));
            let difference = one.difference.map_or(String::new(), |difference| format!(" ({difference:+})"));
            vec![
                one.indicator.clone(),
                tame(&said(&one.target)),
                line(one.target.line),
                tame(&done),
                place,
                format!("{}{difference}", outcome(one)),
            ]
        };
        let mut rows = vec![["indicator", "promised", "", "done", "", ""].map(String::from).to_vec()];
        rows.extend(year.iter().map(row));
        table(out, "  ", &rows)?;
    }
    let _ = MATCH;
    Ok(())
}
