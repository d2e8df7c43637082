//! `gm-search completions SHELL`: a script for the shell that completes commands, options and their values.

use std::io::Write;

use anyhow::Result;
use clap::CommandFactory;

use crate::Outcome;
use crate::cli::{self, Cli, Command};

pub fn run(args: cli::Completions) -> Result<Outcome> {
    let mut script = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::<Command>::command(), "gm-search", &mut script);
    std::io::stdout().lock().write_all(&script)?;
    Ok(Outcome::Done)
}
