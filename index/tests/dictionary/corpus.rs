//! The texts of the shared corpus, for tests. Where the corpus is not there, the functions say so and give
//! nothing.

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

use flate2::read::MultiGzDecoder;

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/corpus")
}

/// All reports, or none with a note that they are not there.
pub fn reports() -> Option<Vec<String>> {
    let mut texts = Vec::new();
    let mut folders = vec![root().join("reports")];
    while let Some(folder) = folders.pop() {
        let Ok(entries) = fs::read_dir(&folder) else {
            println!("SKIPPED: `{}` is not there, so what is tested on it is not tested", folder.display());
            return None;
        };
        for path in entries.flatten().map(|entry| entry.path()) {
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "txt") {
                texts.push(String::from_utf8_lossy(&fs::read(&path).expect("a report can be read")).into_owned());
            }
        }
    }
    Some(texts)
}

/// The files of laws and news, or none with a note.
pub fn bulk_files() -> Vec<PathBuf> {
    let files: Vec<PathBuf> = ["laws_cn.jsonl.gz", "cctv_xinwenlianbo.jsonl.gz"]
        .map(|name| root().join("bulk").join(name))
        .into_iter()
        .filter(|path| path.exists())
        .collect();
    if files.is_empty() {
        println!("SKIPPED: `../shared/corpus/bulk` is not there, so what is tested on it is not tested");
    }
    files
}

/// Gives each text of a file until `give` is false.
pub fn bulk(path: &Path, mut give: impl FnMut(String) -> bool) {
    let file = File::open(path).expect("a file of the corpus can be opened");
    for line in BufReader::new(MultiGzDecoder::new(file)).lines() {
        let line = line.expect("a file of the corpus can be read");
        let entry: serde_json::Value = serde_json::from_str(&line).expect("a line is JSON");
        if !give(entry["text"].as_str().unwrap_or_default().to_string()) {
            return;
        }
    }
}

/// The runs of Han in `text`, as `words.rs` of gm-index finds them.
pub fn han_runs(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c| !is_han(c)).filter(|run| !run.is_empty())
}

fn is_han(c: char) -> bool {
    matches!(c,
        '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{20000}'..='\u{3ffff}' | '〇')
}
