//! `gm-search query QUERY`: the passages that answer, best first. For people: one line with the totals, then for each
//! hit its place in the report and its text with the matches marked, and with `--explain` the sum of its score. With `--json` the whole [`gm_index::Results`], with
//! `--jsonl` a hit a line. In a folder with `corpus/` and no index it builds one first.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use gm_index::{Index, Options, Sort, Synonyms};

use super::{Context, DIRECTORY, build, open, own_list, parse_query};
use crate::Outcome;
use crate::cli;
use crate::extract::Given;
use crate::print;

pub fn run(context: &Context, args: cli::Query) -> Result<Outcome> {
    let (text, query) = parse_query(&args.query, args.fixed)?;
    let (path, index) = open_or_build(context)?;
    let synonyms = match args.no_synonyms {
        true => Synonyms::none(),
        false => match own_list(args.synonyms.as_deref(), &path, "synonyms.txt")? {
            Some((file, list)) => {
                let own: Synonyms = list.parse().with_context(|| format!("cannot read `{}`", file.display()))?;
                Synonyms::shipped().and(&own)
            }
            None => Synonyms::shipped(),
        },
    };
    let options = Options {
        synonyms,
        limit: args.limit,
        offset: args.offset,
        sort: match args.sort {
            cli::Sort::Relevance => Sort::Relevance,
            cli::Sort::Date => Sort::Date,
            cli::Sort::Place => Sort::Place,
        },
        per_document: (args.per_document > 0).then_some(args.per_document),
        // for programs every passage is a hit of its own
        merge_copies: !context.json && !context.jsonl,
        weaker: args.weaker,
        explain: args.explain,
        ..Options::default()
    };
    let mut results = index.search(&query, options)?;
    results.query = text;
    let mut out = anstream::stdout().lock();
    if context.json {
        serde_json::to_writer(&mut out, &results)?;
        writeln!(out)?;
    } else if context.jsonl {
        for hit in &results.hits {
            serde_json::to_writer(&mut out, hit)?;
            writeln!(out)?;
        }
    } else {
        print::results(&mut out, &results, args.offset)?;
    }
    out.flush()?;
    Ok(if results.hits.is_empty() { Outcome::NothingFound } else { Outcome::Done })
}

fn open_or_build(context: &Context) -> Result<(PathBuf, Index)> {
    let corpus = Path::new("corpus");
    if context.find_index()?.is_none() && corpus.is_dir() {
        if !context.quiet {
            anstream::eprintln!("no index yet: building one from corpus/ in {DIRECTORY}/");
        }
        let path = PathBuf::from(DIRECTORY);
        build::build(context, &path, &[corpus.to_path_buf()], &Given::default(), None)?;
        let index = open(&path)?;
        return Ok((path, index));
    }
    Ok((context.find_index()?.unwrap_or_default(), context.open_index()?))
}
