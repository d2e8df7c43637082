//! What a build holds in memory at most, as a process of its own that reads one file at a time.

use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result, ensure};

use crate::corpus::{Corpus, paragraphs};
use crate::engine::ENGINES;
use crate::rivals::{Rival, analyzer_of};

/// As the first argument, makes of this program one that builds an index: `ARGUMENT ENGINE DIRECTORY FOLDER`.
pub const ARGUMENT: &str = "build";

/// Between two looks at a process. Only what it takes in the last of these, just before it ends, is not seen.
const PAUSE: Duration = Duration::from_millis(1);

/// Builds the index of a rival in the directory, from the text files of a folder.
pub fn build(engine: &str, directory: &Path, folder: &Path) -> Result<()> {
    let mut files: Vec<PathBuf> = Vec::new();
    for file in fs_err::read_dir(folder)? {
        files.push(file?.path());
    }
    let threads = thread::available_parallelism().map_or(1, NonZero::get);
    let mut rival = Rival::create(directory, analyzer_of(engine)?, threads)?;
    rival.add(files.iter().flat_map(|file| match fs_err::read_to_string(file) {
        Ok(text) => paragraphs(&text).map(|paragraph| Ok(paragraph.to_string())).collect(),
        Err(error) => vec![Err(error.into())],
    }))
}

/// Megabytes (10⁶ bytes) of each engine in the build of this corpus, by as many threads as there are processors.
pub fn peaks(corpus: &Corpus) -> Result<[f64; 3]> {
    let folder = corpus.write()?;
    let mut peaks = [f64::NAN; 3];
    peaks[0] = peak_of_ours(folder.path())?;
    for (peak, (engine, _)) in peaks.iter_mut().zip(ENGINES).skip(1) {
        let directory = tempfile::tempdir()?;
        let mut command = Command::new(std::env::current_exe()?);
        *peak = peak_of(command.args([ARGUMENT, engine]).arg(directory.path()).arg(folder.path()))?;
    }
    Ok(peaks)
}

/// Megabytes of `gm-search build` on a folder.
pub fn peak_of_ours(folder: &Path) -> Result<f64> {
    let directory = tempfile::tempdir()?;
    let mut command = Command::new(env!("CARGO_BIN_EXE_gm-search"));
    peak_of(command.arg("build").arg(folder).arg("--quiet").arg("--index").arg(directory.path().join("index")))
}

/// Megabytes of a new process at its peak. Its output is thrown away.
fn peak_of(command: &mut Command) -> Result<f64> {
    command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    let mut child = command.spawn().with_context(|| format!("cannot run {command:?}"))?;
    let mut peak = f64::NAN;
    loop {
        peak = peak.max(peak_until_now(&child));
        if let Some(status) = child.try_wait()? {
            ensure!(status.success(), "{command:?} failed: {status}");
            return Ok(peak);
        }
        thread::sleep(PAUSE);
    }
}

/// What Linux says of a process that runs. `getrusage` would not do: for a new process it begins with what the one that
/// started it had. Not a number, which the table shows as a dash, on other systems.
fn peak_until_now(child: &Child) -> f64 {
    let status = fs_err::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
    let kibibytes =
        status.lines().find_map(|line| line.strip_prefix("VmHWM:")?.trim().strip_suffix("kB")?.trim().parse().ok());
    kibibytes.map_or(f64::NAN, |kibibytes: f64| kibibytes * 1024.0 / 1e6)
}
