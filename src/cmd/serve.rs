//! `gm-search serve`: a search page and a JSON API over HTTP until it is stopped. Prints nothing but, on standard error, the
//! address once it listens: `listening on http://127.0.0.1:8080/`. In a folder with `corpus/` and no index it builds one
//! first.

use std::time::Duration;

use anyhow::Result;

use super::open_or_build;
use crate::Outcome;
use crate::cli;
use crate::context::{Context, synonyms};
use crate::fail::advised;
use crate::serve::{self, Settings};

/// A token with fewer characters could be guessed.
const SHORTEST_TOKEN: usize = 16;

pub fn run(context: &Context, args: cli::Serve) -> Result<Outcome> {
    let token = match &args.token_file {
        Some(file) => Some(fs_err::read_to_string(file)?.trim().to_string()),
        None => None,
    };
    if token.as_ref().is_some_and(|token| token.chars().count() < SHORTEST_TOKEN) {
        return Err(advised(
            format!("the token has fewer than {SHORTEST_TOKEN} characters"),
            "write a long random one into the file: head -c 32 /dev/urandom | base64",
        ));
    }
    if !args.addr.ip().is_loopback() && token.is_none() && !args.public {
        return Err(advised(
            format!("others than this machine could ask at {}", args.addr),
            "give them a token by --token-file, or let anyone ask by --public",
        ));
    }
    let (path, index) = open_or_build(context)?;
    let settings = Settings {
        addr: args.addr,
        synonyms: synonyms(args.synonyms.as_deref(), &path)?,
        path,
        token,
        public: args.public,
        rate: args.rate,
        time: Duration::from_secs(args.timeout),
        uploads: args.uploads,
    };
    // a port that nobody chose is known from here alone
    let quiet = context.quiet && args.addr.port() != 0;
    serve::run(index, settings, |bound| {
        if !quiet {
            anstream::eprintln!("listening on http://{bound}/");
        }
    })?;
    Ok(Outcome::Done)
}
