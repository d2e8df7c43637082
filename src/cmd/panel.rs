//! `gm-search panel --terms FILE`: how often each group of terms stands in the reports of each place and year. For
//! people the fullest rows of each group; with `--csv` every row, those with 0 too; with `--json`
//! `{"schema":…,"program":…,"by":[…],"within":…,"overlaps":…,"corpus":…,"terms":…,"rows":[{"group":…,"place":…,"year":n,"occurrences":n,…}]}`.

use std::io::Write;

use anyhow::Result;
use gm_index::{Dimension, Index, Location, Overlaps, PanelOptions, PanelRow, Query, RESULTS_SCHEMA, Terms};
use serde::Serialize;

use super::parse_option;
use crate::Outcome;
use crate::answer::count::{each_once, told, value};
use crate::cli;
use crate::context::{Context, read_list};
use crate::origin::{Note, Origin};
use crate::print::{FAINT, HEADING, as_json, asks_csv, counted, fit, table};
use crate::tame::tame;
use crate::terms;

/// So many terms that stand nowhere are named.
const FEW: usize = 10;

/// A panel and what it was made from.
#[derive(Serialize)]
struct Panel<'a> {
    schema: &'static str,
    program: &'static str,
    by: Vec<&'static str>,
    within: Option<&'a str>,
    overlaps: &'static str,
    /// A hash of the documents, see [`corpus_hash`].
    corpus: String,
    /// A hash of the bytes of the term file.
    terms: String,
    rows: Vec<PanelRow>,
}

pub fn run(context: &Context, args: cli::Panel) -> Result<Outcome> {
    let (bytes, list) = read_list(&args.terms)?;
    let groups = terms::parse(&args.terms, &list)?;
    let by = each_once(args.by);
    let (overlaps, rule) = match args.overlaps {
        cli::Overlaps::Once => (Overlaps::Once, "once"),
        cli::Overlaps::Longest => (Overlaps::Longest, "longest"),
        cli::Overlaps::All => (Overlaps::All, "all"),
    };
    let within = parse_option(args.within.as_ref())?;
    let options = PanelOptions { by: by.clone(), within, whole_documents: false, overlaps };
    let index = context.open_index()?;
    let panel = Panel {
        schema: RESULTS_SCHEMA,
        program: concat!("gm-search ", env!("CARGO_PKG_VERSION")),
        by: by.iter().map(|dimension| dimension.name()).collect(),
        within: args.within.as_deref(),
        overlaps: rule,
        corpus: corpus_hash(&index)?,
        terms: format!("blake3:{}", blake3::hash(&bytes).to_hex()),
        rows: index.panel(&groups, &options)?,
    };
    warn_of_absent(context, &index, &groups, options.within)?;
    let mut out = anstream::stdout().lock();
    if !as_json(context, &mut out, &panel, &panel.rows)? {
        if asks_csv(&mut out, &args.csv)? {
            if args.header {
                writeln!(out, "# {}", panel.origin())?;
            } else if !context.quiet {
                anstream::eprintln!("{}", panel.origin());
            }
            csv(&mut out, &panel, &by)?;
        } else {
            print(&mut out, &panel, &by, args.limit)?;
        }
    }
    out.flush()?;
    let found = panel.rows.iter().any(|row| row.cell.occurrences > 0);
    Ok(if found { Outcome::Done } else { Outcome::NothingFound })
}

/// Names the terms that stand nowhere: what was meant as a query, or as several terms, is looked for as it is written.
fn warn_of_absent(context: &Context, index: &Index, groups: &[Terms], within: Option<Query>) -> Result<()> {
    if !context.says() {
        return Ok(());
    }
    let each = groups.iter().flat_map(|group| match &group.query {
        Query::Or(terms) => terms.as_slice(),
        term => std::slice::from_ref(term),
    });
    let each: Vec<Terms> = each.map(|term| Terms { name: term.to_string(), query: term.clone() }).collect();
    let options = PanelOptions { within, overlaps: Overlaps::All, ..PanelOptions::default() };
    let rows = index.panel(&each, &options)?;
    let absent: Vec<String> =
        rows.iter().filter(|row| row.cell.occurrences == 0).map(|row| format!("`{}`", tame(&row.group))).collect();
    if !absent.is_empty() {
        let more = absent.len().saturating_sub(FEW);
        let more = if more > 0 { format!(" and {more} more") } else { String::new() };
        let absent = absent.into_iter().take(FEW).collect::<Vec<_>>().join(" ");
        context.say(format_args!(
            "note: these terms stand nowhere: {absent}{more}; a term is a phrase, and | parts terms"
        ));
    }
    Ok(())
}

impl Panel<'_> {
    /// What a paper cites, on one line.
    fn origin(&self) -> String {
        let within = self.within.map_or(String::new(), |within| format!(" · within {}", tame(within)));
        let Panel { program, corpus, terms, overlaps, .. } = self;
        format!("{program} · corpus {corpus} · terms {terms} · overlaps {overlaps}{within}")
    }
}

/// Says in which documents figures were counted: BLAKE3 over lines, one for how words were cut and one for each document, these
/// in the order of their bytes. A document's line is its content's hash with what is stated about it, so that neither the
/// place of a file nor the order of reading makes a difference, and every change of a text, place or year does.
fn corpus_hash(index: &Index) -> Result<String> {
    let note = Note::of(index);
    let mut lines: Vec<String> = Vec::new();
    for entry in index.documents()? {
        lines.push(match Origin::of(&entry) {
            Some(origin) => origin.content,
            // added by another program
            None => format!("{} {}", entry.id, entry.stamp),
        });
    }
    lines.sort_unstable();
    lines.insert(0, format!("{} {}", index.status()?.analyzer, note.words));
    Ok(format!("blake3:{}", blake3::hash(lines.join("\n").as_bytes()).to_hex()))
}

/// Where a row's first occurrence is, as `show` takes it.
fn first(row: &PanelRow) -> String {
    row.first.as_ref().map_or(String::new(), Location::to_string)
}

fn csv(out: &mut impl Write, panel: &Panel<'_>, by: &[Dimension]) -> Result<()> {
    let mut head = vec!["group"];
    head.extend(&panel.by);
    head.extend(["occurrences", "passages", "chars", "words", "documents", "documents_with", "term_chars"]);
    head.extend(["share_chars", "share_words", "first"]);
    head.extend(by.contains(&Dimension::Document).then_some("id"));
    let mut writer = crate::print::csv(out, &head.join(" "))?;
    for row in &panel.rows {
        let cell = &row.cell;
        let mut cells = vec![row.group.clone()];
        cells.extend(by.iter().map(|&dimension| value(cell, dimension)));
        cells.extend([cell.occurrences, cell.passages, cell.chars, cell.words].map(|n| n.to_string()));
        cells.extend([row.documents, row.documents_with, row.term_chars].map(|n| n.to_string()));
        cells.extend([row.share_chars, row.share_words].map(|share| format!("{share:.8}")));
        cells.push(first(row));
        cells.extend(cell.id.clone());
        writer.write_record(&cells)?;
    }
    writer.flush()?;
    Ok(())
}

/// Of each group the rows with the largest share of words.
fn print(out: &mut impl Write, panel: &Panel<'_>, by: &[Dimension], limit: usize) -> Result<()> {
    if let (Some(within), true) = (panel.within, panel.rows.is_empty()) {
        writeln!(out, "nothing matches {}", tame(within))?;
    }
    for (at, group) in panel.rows.chunk_by(|a, b| a.group == b.group).enumerate() {
        let sum = |of: fn(&PanelRow) -> u64| group.iter().map(of).sum::<u64>();
        writeln!(
            out,
            "{}{HEADING}{}{HEADING:#}  {} in {}, {}",
            if at > 0 { "\n" } else { "" },
            tame(&group[0].group),
            counted(sum(|row| row.cell.occurrences), "occurrence"),
            counted(sum(|row| row.cell.passages), "passage"),
            counted(group.len() as u64, "row")
        )?;
        let mut standing: Vec<&PanelRow> = group.iter().filter(|row| row.cell.occurrences > 0).collect();
        let none = group.len() - standing.len();
        standing.sort_by(|a, b| b.share_words.total_cmp(&a.share_words));
        let left_out = standing.len().saturating_sub(limit);
        standing.truncate(limit);
        let mut rows = Vec::new();
        if !standing.is_empty() {
            let mut head: Vec<String> = panel.by.iter().map(|name| name.to_string()).collect();
            head.extend(["first", "occurrences", "per 10k words", "% of chars"].map(String::from));
            rows.push(head);
        }
        for row in standing {
            let mut cells: Vec<String> = by.iter().map(|&dimension| tame(&told(&row.cell, dimension))).collect();
            cells.push(tame(&first(row)));
            cells.push(row.cell.occurrences.to_string());
            cells.push(format!("{:.2}", row.share_words * 1e4));
            cells.push(format!("{:.3}", row.share_chars * 1e2));
            rows.push(cells);
        }
        fit(&mut rows, by.len());
        table(out, &rows, by.len() + 1)?;
        let rest = [(left_out, "with a smaller share"), (none, "with 0")].into_iter().filter(|(count, _)| *count > 0);
        let rest: Vec<String> = rest.map(|(count, what)| format!("{} {what}", counted(count as u64, "row"))).collect();
        if !rest.is_empty() {
            writeln!(out, "  {FAINT}and {}; --csv has all{FAINT:#}", rest.join(", "))?;
        }
    }
    writeln!(out, "\n{FAINT}{}{FAINT:#}", panel.origin())?;
    Ok(())
}
