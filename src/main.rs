//! gm-search: finds, counts and compares what Chinese governments say in public.
//!
//! Parses the command line, runs one command, turns its outcome into an exit code: 0 found or done, 1 nothing found,
//! 2 something failed. Results go to standard output, everything else to standard error.

mod answer;
mod cli;
mod cmd;
mod context;
mod eval;
mod extract;
mod fail;
mod files;
mod mcp;
mod origin;
mod plot;
mod print;
mod remote;
mod serve;
mod sidecar;
mod stop;
mod tame;
mod terms;
mod update;

/// What is fuzzed, which goes through its kept inputs with the tests.
#[cfg(test)]
#[path = "../fuzz/targets/mod.rs"]
mod targets;

use std::error::Error;
use std::io::{self, ErrorKind};
use std::process::ExitCode;

use crate::fail::report;

/// What a command that did not fail has to say through the exit code.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Outcome {
    /// Found, or done.
    Done,
    /// There is nothing to show.
    NothingFound,
    /// Done, but for some files that could not be read.
    Incomplete,
}

fn main() -> ExitCode {
    let cli = cli::Cli::read();
    cli.global.color.apply();
    tell_of_panics();
    // the engine trusts some of its files, and panics where they are damaged
    let ended = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| cmd::run(cli)));
    let Ok(ended) = ended else { return ExitCode::from(2) };
    match ended {
        Ok(Outcome::Done) => ExitCode::SUCCESS,
        Ok(Outcome::NothingFound) => ExitCode::from(1),
        Ok(Outcome::Incomplete) => ExitCode::from(2),
        Err(error) if is_closed_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => {
            report(&if is_of_output(&error) { error.context("cannot write the results") } else { error });
            ExitCode::from(2)
        }
    }
}

/// Adds to what is said of a panic what is to be done.
fn tell_of_panics() {
    let usual = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |panic| {
        usual(panic);
        anstream::eprintln!(
            "hint: this should not happen; `gm-search verify` tells whether the index is damaged, and if it is whole, please report it"
        );
    }));
}

/// Whoever reads our output has seen enough: no failure.
fn is_closed_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| io_kind(cause) == Some(ErrorKind::BrokenPipe))
}

/// Whether nobody has told what was tried: all but writing to standard output tells.
fn is_of_output(error: &anyhow::Error) -> bool {
    let is_bare = error.downcast_ref::<io::Error>().is_none_or(|error| error.raw_os_error().is_some());
    is_bare && error.chain().all(|cause| io_kind(cause).is_some())
}

fn io_kind(error: &(dyn Error + 'static)) -> Option<ErrorKind> {
    let io = error.downcast_ref::<io::Error>().map(io::Error::kind);
    let json = error.downcast_ref::<serde_json::Error>().and_then(serde_json::Error::io_error_kind);
    // which does not say of itself what it comes from
    let csv = error.downcast_ref::<csv::Error>().and_then(|error| match error.kind() {
        csv::ErrorKind::Io(error) => Some(error.kind()),
        _ => None,
    });
    io.or(json).or(csv)
}
