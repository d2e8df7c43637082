//! What a query costs in a process that has just begun.

use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::{Context, Result, ensure};
use gm_index::Query;

use crate::engine::{ENGINES, Engine};
use crate::measure::{cpu_of, median};
use crate::rivals::{Rival, analyzer_of};

/// As the first argument, makes of this program one that answers a single query: `ARGUMENT ENGINE DIRECTORY STRING`.
pub const ARGUMENT: &str = "cold";

/// Answers a query with the rival of this name.
pub fn answer(engine: &str, directory: &Path, string: &str) -> Result<()> {
    let mut out = std::io::stdout().lock();
    let mut written = Ok(());
    let count = Rival::open(directory, analyzer_of(engine)?)?.query(string, &mut |text| {
        if written.is_ok() {
            written = writeln!(out, "{text}");
        }
    })?;
    written?;
    writeln!(out, "{count}")?;
    Ok(())
}

/// CPU milliseconds of one process, in the median over `strings`: for each engine, whose index is in the directory at
/// the same place, and for a program that does nothing. The programs take turns.
pub fn cold(directories: &[&Path; 3], strings: &[String]) -> Result<([f64; 3], f64)> {
    let folder = tempfile::tempdir()?;
    let empty = folder.path().join("empty");
    if let Err(error) = compile_empty(&empty) {
        println!("Not measured: an empty process. {error:#}");
    }
    let mut times: [Vec<f64>; 4] = Default::default();
    for string in strings {
        for (at, times) in times.iter_mut().enumerate() {
            let mut command = match at {
                0 => query(directories[0], string),
                1 | 2 => {
                    let mut command = Command::new(std::env::current_exe()?);
                    command.args([ARGUMENT, ENGINES[at].0]).arg(directories[at]).arg(string);
                    command
                }
                _ if !empty.exists() => continue,
                _ => Command::new(&empty),
            };
            times.push(cpu_of(&mut command)? * 1e3);
        }
    }
    let [ours, usual, characters, empty] = times.map(|times| median(&times));
    Ok(([ours, usual, characters], empty))
}

/// CPU milliseconds of one process of gm-search, in the median over `strings`.
pub fn cold_ours(directory: &Path, strings: &[String]) -> Result<f64> {
    let times: Result<Vec<f64>> =
        strings.iter().map(|string| Ok(cpu_of(&mut query(directory, string))? * 1e3)).collect();
    Ok(median(&times?))
}

/// The program that looks for a string.
fn query(directory: &Path, string: &str) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_gm-search"));
    command.arg("query").arg(Query::Phrase(string.to_string()).to_string()).arg("--index").arg(directory);
    command
}

/// Compiles the floor with the compiler that is there: this program would not do, since a large file takes longer to
/// load than a small one.
fn compile_empty(path: &Path) -> Result<()> {
    let mut compiler = Command::new("rustc")
        .args(["-O", "--crate-name", "empty", "-", "-o"])
        .arg(path)
        .stdin(Stdio::piped())
        .spawn()
        .context("cannot run rustc")?;
    compiler.stdin.take().context("rustc reads from here")?.write_all(b"fn main() {}")?;
    ensure!(compiler.wait()?.success(), "rustc could not compile it");
    Ok(())
}
