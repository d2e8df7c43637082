//! `gm-search collocates QUERY`: the words that stand near the query more often than elsewhere. With `--csv` a row for
//! each word, with `--json`
//! `{"schema":…,"query":…,"within":…,"window":…,"occurrences":n,"words_near":n,"words":n,"total":n,"collocates":[{"word":…,"near":n,"left":n,"all":n,…}]}`.

use std::io::Write;

use anyhow::Result;
use gm_index::{Collocate, CollocateOptions, RESULTS_SCHEMA, Window};
use serde::Serialize;

use super::{is_nothing_within, parse_option, parse_query};
use crate::Outcome;
use crate::answer::narrowed::narrowed;
use crate::cli::{self, Bond};
use crate::context::Context;
use crate::print::{FAINT, HEADING, as_json, asks_csv, counted, fit, table};
use crate::tame::tame;

#[derive(Serialize)]
struct Company<'a> {
    schema: &'static str,
    query: &'a str,
    within: Option<&'a str>,
    /// How far is near, such as `5 words`.
    window: String,
    occurrences: u64,
    words_near: u64,
    words: u64,
    /// How many collocates there are, of which the first are told.
    total: usize,
    collocates: &'a [Collocate],
}

pub fn run(context: &Context, args: cli::Collocates) -> Result<Outcome> {
    let (text, query) = parse_query(&args.query, args.fixed)?;
    let (window, name) = match args.chars {
        Some(chars) => (Window::Chars(chars), counted(chars as u64, "character")),
        None => (Window::Words(args.window), counted(args.window as u64, "word")),
    };
    let within = parse_option(args.within.as_ref())?;
    // elsewhere is where the query could stand
    let options = CollocateOptions { window, within: narrowed(&within, &query), least: args.least };
    let index = context.open_index()?;
    let mut found = index.collocates(&query, &options)?;
    match args.sort {
        Bond::G2 => {}
        Bond::Dice => found.collocates.sort_by(|a, b| b.log_dice.total_cmp(&a.log_dice)),
        Bond::Near => found.collocates.sort_by_key(|word| std::cmp::Reverse(word.near)),
    }
    let total = found.collocates.len();
    found.collocates.truncate(args.limit);
    let company = Company {
        schema: RESULTS_SCHEMA,
        query: &text,
        within: args.within.as_deref(),
        window: name,
        occurrences: found.occurrences,
        words_near: found.words_near,
        words: found.words,
        total,
        collocates: &found.collocates,
    };
    let mut out = anstream::stdout().lock();
    if !as_json(context, &mut out, &company, company.collocates)? {
        if asks_csv(&mut out, &args.csv)? {
            csv(&mut out, company.collocates)?;
        } else {
            match company.occurrences == 0 && is_nothing_within(&index, within.as_ref())? {
                true => writeln!(out, "nothing matches {}", tame(company.within.unwrap_or_default()))?,
                false => print(&mut out, &company, args.least)?,
            }
        }
    }
    out.flush()?;
    if company.collocates.len() < total {
        context.say(format_args!("{} of {total}; --limit shows more", company.collocates.len()));
    }
    Ok(if total == 0 { Outcome::NothingFound } else { Outcome::Done })
}

fn csv(out: &mut impl Write, words: &[Collocate]) -> Result<()> {
    let mut writer = crate::print::csv(out, "word near left all documents log_likelihood log_ratio log_dice example")?;
    for word in words {
        let mut row = vec![word.word.clone()];
        row.extend([word.near, word.left, word.all, word.documents].map(|count| count.to_string()));
        row.extend([word.log_likelihood, word.log_ratio, word.log_dice].map(|figure| format!("{figure:.4}")));
        row.push(word.example.to_string());
        writer.write_record(&row)?;
    }
    writer.flush()?;
    Ok(())
}

fn print(out: &mut impl Write, company: &Company<'_>, least: u64) -> Result<()> {
    if company.occurrences == 0 {
        let within = company.within.map_or(String::new(), |within| format!(" within {}", tame(within)));
        writeln!(out, "nothing found for {}{within}", tame(company.query))?;
        return Ok(());
    }
    let (occurrences, near) = (counted(company.occurrences, "occurrence"), counted(company.words_near, "word"));
    let head = format!("{HEADING}{}{HEADING:#}", tame(company.query));
    writeln!(out, "{head}  {occurrences}; {near} of {} within {}", company.words, company.window)?;
    if company.total == 0 {
        writeln!(
            out,
            "  {FAINT}no word stands near at least {} and more often than elsewhere{FAINT:#}",
            counted(least, "time")
        )?;
        return Ok(());
    }
    let head = ["word", "example", "left", "right", "in all", "documents", "G2", "logDice"];
    let mut rows = vec![head.map(String::from).to_vec()];
    for word in company.collocates {
        let counts = [word.left, word.near - word.left, word.all, word.documents].map(|count| count.to_string());
        let figures = [format!("{:.1}", word.log_likelihood), format!("{:.1}", word.log_dice)];
        rows.push(
            [vec![tame(&word.word), tame(&word.example.to_string())], counts.to_vec(), figures.to_vec()].concat(),
        );
    }
    fit(&mut rows, 1);
    table(out, &rows, 2)?;
    Ok(())
}
