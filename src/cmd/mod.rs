//! One file a command; each begins with what it prints. Here is what they share: how a query is read.

mod build;
mod cite;
mod collocates;
mod completions;
mod count;
mod diff;
mod doctor;
mod documents;
mod dup;
mod eval;
mod keyness;
mod kwic;
mod man;
mod mcp;
mod newwords;
mod outline;
mod panel;
mod query;
mod remove;
mod serve;
mod show;
mod similar;
mod status;
mod targets;
mod trend;
mod verify;
mod watch;

use std::path::{Path, PathBuf};

use anyhow::Result;
use gm_index::{Index, Query};

use crate::Outcome;
use crate::cli::{Cli, Command, Global};
use crate::context::{Context, DIRECTORY, open};
use crate::fail::advised;
use crate::origin::Root;
use crate::print::columns;
use crate::remote;
use crate::tame::tame;
use crate::update::Request;

/// Runs the command that was given.
pub fn run(cli: Cli) -> Result<Outcome> {
    let Cli { command, global } = cli;
    let Global { index, remote, remote_auth, remote_ca, json, jsonl, quiet, verbose, color: _ } = global;
    let remote = match remote {
        Some(address) => Some((address, remote::access(remote_auth.as_deref(), remote_ca.as_deref())?)),
        None => None,
    };
    let context = Context { index, remote, json, jsonl, quiet, verbose };
    let is_local = matches!(
        command,
        Command::Verify(_) | Command::Doctor(_) | Command::Watch(_) | Command::Remove(_) | Command::Eval(_)
    );
    if is_local && context.remote.is_some() {
        return Err(advised(
            "this command works on the files of an index here, not on one in an engine",
            "leave out --remote (and GM_SEARCH_REMOTE)",
        ));
    }
    match command {
        Command::Build(args) => build::run(&context, args),
        Command::Query(args) => query::run(&context, args),
        Command::Count(args) => count::run(&context, args),
        Command::Kwic(args) => kwic::run(&context, args),
        Command::Keyness(args) => keyness::run(&context, args),
        Command::Collocates(args) => collocates::run(&context, args),
        Command::Newwords(args) => newwords::run(&context, args),
        Command::Panel(args) => panel::run(&context, args),
        Command::Trend(args) => trend::run(&context, args),
        Command::Show(args) => show::run(&context, args),
        Command::Outline(args) => outline::run(&context, args),
        Command::Targets(args) => targets::run(&context, args),
        Command::Dup(args) => dup::run(&context, args),
        Command::Cite(args) => cite::run(&context, args),
        Command::Diff(args) => diff::run(&context, args),
        Command::Similar(args) => similar::run(&context, args),
        Command::Status(args) => status::run(&context, args),
        Command::Verify(args) => verify::run(&context, args),
        Command::Doctor(args) => doctor::run(&context, args),
        Command::Watch(args) => watch::run(&context, args),
        Command::Remove(args) => remove::run(&context, args),
        Command::Eval(args) => eval::run(&context, args),
        Command::Serve(args) => serve::run(&context, args),
        Command::Mcp(args) => mcp::run(&context, args),
        Command::Completions(args) => completions::run(args),
        Command::Man(args) => man::run(args),
    }
}

/// Opens the index, and where it is; in a folder with `corpus/` and no index builds one first.
fn open_or_build(context: &Context) -> Result<(PathBuf, Index)> {
    if context.remote.is_some() {
        return Ok((PathBuf::from(DIRECTORY), context.open_index()?));
    }
    let corpus = Path::new("corpus");
    if context.find_index()?.is_none() && corpus.is_dir() {
        if !context.quiet {
            anstream::eprintln!("no index yet: building one from corpus/ in {DIRECTORY}/");
        }
        let path = PathBuf::from(DIRECTORY);
        let root = Root { path: corpus.canonicalize()?, ..Root::default() };
        build::build(context, &path, &Request { roots: vec![root], words: None, prune: true })?;
        let index = open(&path)?;
        return Ok((path, index));
    }
    Ok((context.find_index()?.unwrap_or_default(), context.open_index()?))
}

/// Reads the query of an option such as --within, if it was given.
fn parse_option(query: Option<&String>) -> Result<Option<Query>> {
    Ok(query.map(|query| parse_query(std::slice::from_ref(query), false)).transpose()?.map(|(_, query)| query))
}

/// Whether there is nothing at all within what was asked.
fn is_nothing_within(index: &Index, within: Option<&Query>) -> Result<bool> {
    Ok(match within {
        Some(within) => index.count(within, &[])?.passages == 0,
        None => false,
    })
}

/// Of a query that found nothing, says which of its words were taken for text that may have been meant otherwise.
fn hint_of_slips(context: &Context, text: &str) {
    let words: Vec<&str> = text.split_whitespace().collect();
    for (at, &word) in words.iter().enumerate() {
        let next = words.get(at + 1);
        let joined = next.filter(|_| word.ends_with([':', '：'])).map(|next| format!("{word}{next}"));
        let is_field =
            |text: &String| matches!(text.parse(), Ok(Query::Filter(_) | Query::Amount(_) | Query::Within(..)));
        if let Some(joined) = joined.filter(is_field) {
            context.say(format_args!(
                "`{}` was taken as text; without the blank `{}` is a filter",
                tame(word),
                tame(&joined)
            ));
        } else if word.eq_ignore_ascii_case("NEAR") && at > 0 && next.is_some() {
            context.say(format_args!("`{word}` was taken as text; with a distance, `NEAR/10`, it is none"));
        } else if words.len() > 1 && next.is_none() && Query::is_operator(word) {
            context.say(format_args!("`{word}` was taken as text: nothing stands behind it"));
        }
    }
}

/// Reads a query; a fault in it is shown with a caret under its place.
fn parse_query(words: &[String], fixed: bool) -> Result<(String, Query)> {
    let text = words.join(" ");
    if fixed && !text.is_empty() {
        return Ok((text.clone(), Query::Fixed(text)));
    }
    match text.parse::<Query>() {
        Ok(query) => Ok((text, query)),
        Err(error) => Err(match (error.column(), error.hint()) {
            (Some(column), hint) => {
                let before: String = text.chars().take(column).collect();
                let blank = " ".repeat(columns(&before));
                advised(format!("{error}\n  {}\n  {blank}^", tame(&text)), hint.unwrap_or("put text in quotes"))
            }
            _ => error.into(),
        }),
    }
}
