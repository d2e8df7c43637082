//! `gm-search newwords`: terms that the dictionary does not know, a line each that `words.txt` can have: the term, and
//! behind it why it is told. With `--csv` rows, with `--json`
//! `{"schema":…,"within":…,"total":n,"words":[{"word":…,"quoted":n,"occurrences":n,"documents":n,…}]}`.

use std::io::Write;

use anyhow::Result;
use gm_index::{NewWord, NewWordOptions, RESULTS_SCHEMA};
use serde::Serialize;

use super::{is_nothing_within, parse_option};
use crate::Outcome;
use crate::cli;
use crate::context::Context;
use crate::print::{as_json, asks_csv, fit, table};
use crate::tame::tame;

#[derive(Serialize)]
struct Words<'a> {
    schema: &'static str,
    within: Option<&'a str>,
    /// How many there are, of which the first are told.
    total: usize,
    words: &'a [NewWord],
}

pub fn run(context: &Context, args: cli::Newwords) -> Result<Outcome> {
    let options = NewWordOptions {
        within: parse_option(args.within.as_ref())?,
        quoted: args.quoted.max(1),
        least: args.least.max(1),
        information: args.information,
        entropy: args.entropy,
    };
    let index = context.open_index()?;
    let mut words = index.new_words(&options)?;
    let all = words.len();
    words.truncate(args.limit);
    let mut out = anstream::stdout().lock();
    if !as_json(
        context,
        &mut out,
        &Words { schema: RESULTS_SCHEMA, within: args.within.as_deref(), total: all, words: &words },
        &words,
    )? {
        match asks_csv(&mut out, &args.csv)? {
            true => csv(&mut out, &words)?,
            false => print(&mut out, &words)?,
        }
    }
    out.flush()?;
    let is_nothing = all == 0 && is_nothing_within(&index, options.within.as_ref())?;
    match words.len() {
        _ if is_nothing => context.say(format_args!("nothing matches {}", tame(&args.within.unwrap_or_default()))),
        _ if all == 0 => context.say("no new word; lower --quoted and --least show rarer ones"),
        shown if shown < all => context.say(format_args!("{shown} of {all}; --limit shows more")),
        _ => {}
    }
    Ok(if all == 0 { Outcome::NothingFound } else { Outcome::Done })
}

fn csv(out: &mut impl Write, words: &[NewWord]) -> Result<()> {
    let mut writer = crate::print::csv(out, "word quoted occurrences documents information entropy example")?;
    for word in words {
        let mut row = vec![word.word.clone()];
        let occurrences = word.occurrences.map_or(String::new(), |count| count.to_string());
        row.extend([word.quoted.to_string(), occurrences, word.documents.to_string()]);
        row.extend(
            [word.information, word.entropy].map(|bits| bits.map_or(String::new(), |bits| format!("{bits:.3}"))),
        );
        row.push(word.example.to_string());
        writer.write_record(&row)?;
    }
    writer.flush()?;
    Ok(())
}

/// Every line is one that `words.txt` can have: its head is a comment there.
fn print(out: &mut impl Write, words: &[NewWord]) -> Result<()> {
    let head = ["# term", "example", "quoted", "cut so", "information", "entropy", "documents"];
    let mut rows = vec![head.map(String::from).to_vec()];
    for word in words {
        let count = |count: Option<u64>| count.filter(|&count| count > 0).map_or("–".to_string(), |n| n.to_string());
        let bits = |bits: Option<f64>| bits.map_or("–".to_string(), |bits| format!("{bits:.1}"));
        rows.push(vec![
            tame(&word.word),
            tame(&word.example.to_string()),
            count(Some(word.quoted)),
            count(word.occurrences),
            bits(word.information),
            bits(word.entropy),
            word.documents.to_string(),
        ]);
    }
    fit(&mut rows, 1);
    if !words.is_empty() {
        table(out, &rows, 2)?;
    }
    Ok(())
}
