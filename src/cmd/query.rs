//! `gm-search query QUERY`: the passages that answer, best first. For people: one line with the totals, then for each
//! hit its place in the report and its text with the matches marked, and with `--explain` the sum of its score. With
//! `--json` the whole [`gm_index::Results`], with `--jsonl` a hit a line. In a folder with `corpus/` and no index it
//! builds one first.

use std::io::Write;

use anyhow::Result;
use gm_index::{Options, Synonyms};

use super::{hint_of_slips, open_or_build, parse_query};
use crate::Outcome;
use crate::answer::{absent, weaker};
use crate::cli;
use crate::context::{Context, synonyms};
use crate::print;
use crate::tame::tame;

pub fn run(context: &Context, args: cli::Query) -> Result<Outcome> {
    let (text, query) = parse_query(&args.query, args.fixed)?;
    let (path, index) = open_or_build(context)?;
    let synonyms = match args.no_synonyms {
        true => Synonyms::none(),
        false => synonyms(args.synonyms.as_deref(), &path)?,
    };
    let options = Options {
        synonyms,
        limit: args.limit,
        offset: args.offset,
        sort: args.sort.into(),
        per_document: (args.per_document > 0).then_some(args.per_document),
        // for programs every passage is a hit of its own
        merge_copies: !context.prints_json(),
        weaker: args.weaker,
        explain: args.explain,
        ..Options::default()
    };
    let mut results = index.search(&query, options.clone())?;
    results.query = text;
    let is_nothing = results.hits.is_empty() && results.total.passages == 0;
    let mut out = anstream::stdout().lock();
    if !print::as_json(context, &mut out, &results, &results.hits)? && !is_nothing {
        print::results(&mut out, &results, args.offset)?;
    }
    out.flush()?;
    // the object of --json tells it; lines that are not there do not
    if is_nothing && !context.quiet && !context.json {
        // no hit, and nothing that could be taken for one in a pipe
        print::nothing(&mut anstream::stderr().lock(), &results)?;
    } else if results.hits.is_empty() && args.limit > 0 {
        context.say(format_args!("no hit stands behind --offset {}", args.offset));
    }
    if results.total.passages == 0 && !args.fixed {
        hint_of_slips(context, &results.query);
    }
    if results.total.passages == 0 && context.says() {
        for asked in absent::absent(&index, &query)? {
            context.say(format_args!("nothing in the index is of {}", tame(&asked.to_string())));
        }
    }
    if !is_nothing {
        return Ok(Outcome::Done);
    }
    // asked only where it is said, since that takes another search
    if context.says() && weaker::would_find(&index, &query, &results.query, &options)? {
        context.say("--weaker shows passages that hold some of its words");
    }
    Ok(Outcome::NothingFound)
}
