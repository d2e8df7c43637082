//! `gm-search count QUERY…`: how often each query stands in the text, in all or by province, place, year, level, part
//! or document, with groups that have none. For people a table; with `--csv` one row a query and group; with `--json`
//! one object, or for several queries an array:
//! `{"schema":…,"query":…,"occurrences":n,"passages":n,"documents":n,"groups":[{…,"occurrences":n,"passages":n,"chars":n,"words":n}]}`.
//! With `--jsonl` one object a query, or a group: `{"query":…,"year":n,"occurrences":n,…}`. A query that was given a
//! name has `"name":…` too.

use std::io::Write;

use anyhow::Result;
use gm_index::{Counts, Dimension, Group, Query};
use serde::Serialize;

use super::parse_query;
use crate::Outcome;
use crate::answer::count::{Named, each_once, value};
use crate::cli;
use crate::context::{Context, read_list};
use crate::fail::advised;
use crate::print::{self, asks_csv};
use crate::tame::tame;

/// Counts, with the name that the query was given.
#[derive(Serialize)]
struct Counted<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    #[serde(flatten)]
    counts: &'a Counts,
}

/// A line of `--jsonl`.
#[derive(Serialize)]
struct Row<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    name: Option<&'a str>,
    query: &'a str,
    #[serde(flatten)]
    group: &'a Group,
}

pub fn run(context: &Context, args: cli::Count) -> Result<Outcome> {
    let mut queries = args.queries;
    warn_of_slips(context, &queries, args.fixed);
    if let Some(file) = &args.file {
        let (_, lines) = read_list(file)?;
        let lines = lines.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with('#'));
        queries.extend(lines.map(String::from));
    }
    if queries.is_empty() {
        return Err(advised("there is no query to count", "give one, or a file with one a line by --file"));
    }
    let index = context.open_index()?;
    let by = each_once(args.by);
    let mut all = Vec::new();
    let is_alone = queries.len() == 1;
    for text in queries {
        let (name, text, query) = named(text, args.fixed)?;
        if is_alone {
            warn_of_filters(context, &text, &query);
        }
        let mut counts = index.count(&query, &by)?;
        counts.query = text;
        all.push(Named { name, counts });
    }
    let mut out = anstream::stdout().lock();
    let is_csv = asks_csv(&mut out, &args.csv)?;
    match (&all[..], context.json, context.jsonl, is_csv) {
        ([one], true, _, _) => print::json(&mut out, &counted(one))?,
        (many, true, _, _) => print::json(&mut out, &many.iter().map(counted).collect::<Vec<_>>())?,
        (many, _, true, _) => {
            for named in many {
                let Counted { name, counts } = counted(named);
                let mut row = |group| print::json(&mut out, &Row { name, query: &counts.query, group });
                match by.is_empty() {
                    true => print::json(&mut out, &counted(named))?,
                    false => counts.groups.iter().try_for_each(&mut row)?,
                }
            }
        }
        (many, _, _, true) => csv(&mut out, many, &by)?,
        (many, ..) => print::counts(&mut out, many, &by)?,
    }
    out.flush()?;
    Ok(if all.iter().all(|named| named.counts.passages == 0) { Outcome::NothingFound } else { Outcome::Done })
}

fn counted(Named { name, counts }: &Named) -> Counted<'_> {
    Counted { name: Some(name.as_str()).filter(|name| *name != counts.query), counts }
}

/// The name that a query is told under, its text, and what it asks. Inside quotes, a regular expression or a group `=` is a
/// character like any other.
pub fn named(text: String, fixed: bool) -> Result<(String, String, Query)> {
    const PAIRS: [(char, char); 5] = [('(', ')'), ('（', '）'), ('“', '”'), ('‘', '’'), ('「', '」')];
    let count = |text: &str, c: char| text.matches(c).count();
    let is_inside = |name: &str| {
        PAIRS.iter().any(|&(open, close)| count(name, open) > count(name, close))
            || ['"', '\''].iter().any(|&quote| count(name, quote) % 2 == 1)
            || name.starts_with('/')
            || name.contains(" /")
    };
    let (name, query) = match text.split_once('=') {
        Some((name, query)) if !fixed && !name.trim().is_empty() && !is_inside(name) => {
            (name.trim().to_string(), query.to_string())
        }
        _ => (text.clone(), text),
    };
    let (text, query) = parse_query(&[query], fixed)?;
    Ok((name, text, query))
}

/// Says so if one of several queries has nothing that could be counted: it was meant as a part of the one before.
pub fn warn_of_slips(context: &Context, queries: &[String], fixed: bool) {
    let is_operator = |text: &str| Query::is_operator(text.trim());
    let has_text = |text: &str| named(text.to_string(), fixed).map_or(true, |(_, _, query)| query.has_text());
    let is_slip = |text: &str| is_operator(text) || !has_text(text);
    let Some(at) = queries.iter().position(|text| is_slip(text)).filter(|_| !fixed && queries.len() > 1) else {
        return;
    };
    let first = at.saturating_sub(1);
    let end = if at == 0 || is_operator(&queries[at]) { at + 2 } else { at + 1 };
    let one = queries[first..end.min(queries.len())].join(" ");
    context.say(format_args!(
        "note: each argument is a query of its own, and `{}` has no text to count; one query would be '{}'",
        tame(&queries[at]),
        tame(&one)
    ));
}

/// Says so if a query has nothing that could be counted.
pub fn warn_of_filters(context: &Context, text: &str, query: &Query) {
    if !query.has_text() {
        context
            .say(format_args!("note: `{}` has no text, which alone has occurrences; give words beside it", tame(text)));
    }
}

fn csv(out: &mut impl Write, all: &[Named], by: &[Dimension]) -> Result<()> {
    let mut head = vec!["query"];
    head.extend(by.iter().map(|dimension| dimension.name()));
    head.extend(["occurrences", "passages"]);
    head.extend(if by.is_empty() { ["documents"].iter() } else { ["chars", "words"].iter() });
    // two folders may each have a file of one name
    head.extend(by.contains(&Dimension::Document).then_some("id"));
    let mut writer = crate::print::csv(out, &head.join(" "))?;
    for Named { name, counts } in all {
        if by.is_empty() {
            let figures = [counts.occurrences, counts.passages, counts.documents].map(|n| n.to_string());
            writer.write_record([std::slice::from_ref(name), &figures].concat())?;
        }
        for group in &counts.groups {
            let mut row = vec![name.clone()];
            row.extend(by.iter().map(|&dimension| value(group, dimension)));
            row.extend([group.occurrences, group.passages, group.chars, group.words].map(|n| n.to_string()));
            row.extend(group.id.clone());
            writer.write_record(&row)?;
        }
    }
    writer.flush()?;
    Ok(())
}
