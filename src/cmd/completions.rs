//! `gm-search completions SHELL`: a script for the shell that completes commands, options and their values.

use std::io::Write;

use anyhow::Result;
use clap::CommandFactory;
use clap_complete::Shell;

use crate::Outcome;
use crate::cli::{self, Cli, Command};

pub fn run(args: cli::Completions) -> Result<Outcome> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::<Command>::command(), "gm-search", &mut script);
    if args.shell == Shell::Bash {
        // clap_complete 4.6 names the states of a program whose name has a hyphen otherwise where it enters them than where it
        // leaves them
        script = String::from_utf8(script)?.replace("gm__subcmd__search", "gm__search").into_bytes();
    }
    std::io::stdout().lock().write_all(&script)?;
    Ok(Outcome::Done)
}
