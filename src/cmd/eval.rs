//! `gm-search eval FOLDER…`, or `--corpus F --queries F --qrels F`: how well queries are answered on judged sets. For
//! people a row a set and their mean; as JSON one object a set, in an array if there are several:
//! `{"schema":…,"set":…,"ranking":…,"queries":n,"passages":n,"nDCG@10":…,"MRR@10":…,"Recall@10":…,"Recall@100":…,"against":{"mean":…,"low":…,"high":…,"p":…}}`.

use std::io::Write;
use std::path::{Path, PathBuf};

use anyhow::Result;
use gm_index::{Options, RESULTS_SCHEMA, Weights};

use crate::Outcome;
use crate::cli;
use crate::context::Context;
use crate::eval::{Evaluated, Figures, Files, Run, Set, compare, rank};
use crate::fail::advised;
use crate::print;

pub fn run(context: &Context, args: cli::Eval) -> Result<Outcome> {
    let options = Options { weights: weights(&args.weight)?, ..Options::default() };
    let one_file = args.corpus.is_some();
    let mut evaluated = Vec::new();
    for (set, files) in sets(&args)? {
        if !context.quiet {
            anstream::eprintln!("{set} …");
        }
        let set = Set::read(&set, &files)?;
        if set.judgments.is_empty() {
            return Err(advised(
                format!("`{}` judges no passage", files.judgments.display()),
                "give judgments above 0",
            ));
        }
        if !set.judges_its_own() {
            return Err(advised(
                format!("`{}` names no query and passage of this set together", files.judgments.display()),
                "its first column has ids of queries, the next ids of passages, as their files have them",
            ));
        }
        let file = |path: &Path| if one_file { path.to_path_buf() } else { path.join(format!("{}.run", set.name)) };
        // read before the work, so that a wrong name costs none
        let other = args.against.as_ref().map(|path| Run::read(&file(path))).transpose()?;
        let run = rank(&set, args.ranking, &options)?;
        if let Some(path) = &args.run {
            if !one_file {
                fs_err::create_dir_all(path)?;
            }
            run.write(&file(path))?;
        }
        evaluated.push(Evaluated {
            schema: RESULTS_SCHEMA,
            ranking: args.ranking,
            queries: set.judgments.len(),
            passages: set.corpus.len(),
            figures: Figures::mean(&run, &set),
            against: other.map(|other| compare(&run, &other, &set)),
            set: set.name,
        });
    }
    let mut out = anstream::stdout().lock();
    match &evaluated[..] {
        all if context.jsonl => {
            for one in all {
                print::json(&mut out, one)?;
            }
        }
        [one] if context.json || one_file => {
            print::json(&mut out, one)?;
        }
        many if context.json => {
            print::json(&mut out, many)?;
        }
        many => print::evaluated(&mut out, many)?,
    }
    out.flush()?;
    Ok(Outcome::Done)
}

/// The sets that were named, each with its files.
fn sets(args: &cli::Eval) -> Result<Vec<(String, Files)>> {
    if let (Some(corpus), Some(queries), Some(qrels)) = (&args.corpus, &args.queries, &args.qrels) {
        let folder = corpus.parent().and_then(Path::file_name).unwrap_or_default().to_string_lossy();
        let files = Files { corpus: corpus.clone(), queries: queries.clone(), judgments: qrels.clone() };
        return Ok(vec![(folder.into_owned(), files)]);
    }
    let name = |folder: &PathBuf| folder.file_name().unwrap_or(folder.as_os_str()).to_string_lossy().into_owned();
    args.folders.iter().map(|folder| Ok((name(folder), Files::of(folder)?))).collect()
}

fn weights(changed: &[(String, f32)]) -> Result<Weights> {
    let mut weights = Weights::default();
    for (name, value) in changed {
        if !weights.set(name, *value) {
            let known: Vec<_> = weights.named().iter().map(|(name, _)| *name).collect();
            return Err(advised(
                format!("no part of the score is called `{name}`"),
                format!("there are {}", known.join(" ")),
            ));
        }
    }
    Ok(weights)
}
