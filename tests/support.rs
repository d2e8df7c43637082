//! A fresh folder to run the program in, and the oracle that answers slowly and obviously.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use serde_json::Value;
use tempfile::TempDir;

#[path = "occurrences.rs"]
mod occurrences;

pub use occurrences::occurrences;

/// The shipped report, by its name in `corpus/`.
pub const REPORT: &str = "港门镇政府工作报告_2025.txt";

/// The text of the shipped report as the program extracts it.
pub fn report() -> String {
    std::fs::read_to_string(root().join("corpus").join(REPORT)).unwrap().replace("[bookmark: _GoBack]", "")
}

pub fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

/// A file or folder of the shared test data; says so and gives `None` where it is not there.
pub fn shared(path: &str) -> Option<PathBuf> {
    let found = root().join("../shared").join(path);
    if !found.exists() {
        println!("SKIPPED: `../shared/{path}` is not there, so what is tested on it is not tested");
        return None;
    }
    Some(found)
}

/// A small generator of numbers (Marsaglia's xorshift64), so that a failure can be repeated.
pub struct Random(pub u64);

impl Random {
    pub fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % bound.max(1) as u64) as usize
    }
}

/// What the variable `name` says; `otherwise` if it is not set. For tests that can go on for long.
pub fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).map_or(otherwise, |value| value.parse().expect("a number"))
}

/// An empty folder that goes with the test.
pub struct Sandbox(TempDir);

/// What a run of the program left.
#[derive(Debug)]
pub struct Run {
    pub code: i32,
    pub out: String,
    pub err: String,
}

impl Sandbox {
    pub fn new() -> Self {
        Sandbox(TempDir::new().unwrap())
    }

    /// A folder with `corpus/` as in a fresh clone.
    pub fn with_corpus() -> Self {
        let sandbox = Sandbox::new();
        for entry in std::fs::read_dir(root().join("corpus")).unwrap() {
            let entry = entry.unwrap();
            let text = std::fs::read(entry.path()).unwrap();
            sandbox.write(&format!("corpus/{}", entry.file_name().to_str().unwrap()), text);
        }
        sandbox
    }

    pub fn path(&self) -> &Path {
        self.0.path()
    }

    pub fn write(&self, name: &str, content: impl AsRef<[u8]>) {
        let path = self.path().join(name);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, content).unwrap();
    }

    /// The program, ready to run in the folder.
    pub fn command(&self, args: &[&str]) -> Command {
        // another build of it, if one is named
        let program = std::env::var_os("GM_SEARCH_BIN").unwrap_or_else(|| env!("CARGO_BIN_EXE_gm-search").into());
        let mut command = Command::new(program);
        command
            .args(args)
            .current_dir(self.path())
            .env_remove("GM_SEARCH_INDEX")
            .env_remove("GM_SEARCH_REMOTE")
            .stdin(Stdio::null());
        command
    }

    pub fn run(&self, args: &[&str]) -> Run {
        let output = self.command(args).output().unwrap();
        Run {
            code: output.status.code().unwrap_or(-1),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        }
    }

    /// Runs with `--json` and gives the object.
    pub fn json(&self, args: &[&str]) -> Value {
        let run = self.run(&[args, &["--json"]].concat());
        serde_json::from_str(&run.out).unwrap_or_else(|error| panic!("{args:?} printed no JSON ({error}): {run:?}"))
    }
}

/// The lines of the hits in a JSON answer, ascending, each once.
pub fn lines(results: &Value) -> Vec<u64> {
    let mut lines: Vec<u64> =
        results["hits"].as_array().unwrap().iter().map(|hit| hit["line"].as_u64().unwrap()).collect();
    lines.sort_unstable();
    lines.dedup();
    lines
}
