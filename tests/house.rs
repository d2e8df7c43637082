//! The plan of the house: a file of the library uses only what stands before it, and none of it talks to people.

use std::path::{Path, PathBuf};

use crate::support::root;

/// From the ground up.
const ORDER: &[&str] = &[
    "error",
    "document",
    "fold/simplified",
    "fold",
    "parse/marks",
    "parse/lines",
    "parse/outline",
    "parse/places",
    "parse/header",
    "parse",
    "words/table",
    "words/dictionary",
    "words/added",
    "words",
    "store",
    "store/varint",
    "store/code",
    "store/excerpt",
    "store/rice",
    "store/record",
    "store/pairs",
    "store/lists",
    "store/edits",
    "store/details",
    "store/text",
    "store/component",
    "write",
    "write/schema",
    "write/files",
    "write/directory",
    "write/segment",
    "write/within",
    "write/lock",
    "write/writer",
    "query/amount",
    "query",
    "query/fields",
    "query/syntax",
    "query/archive",
    "query/synonyms",
    "query/known",
    "query/question",
    "find/threads",
    "find",
    "find/matching",
    "rank/bm25",
    "rank/snapshot",
    "rank/weights",
    "rank/term",
    "rank/evidence",
    "rank/above",
    "rank/snippet",
    "rank/results",
    "rank/reading",
    "rank/candidates",
    "rank",
    "search/page",
    "search/sound",
    "search/suggest",
    "search/complete",
    "search",
    "search/facets",
    "search/part",
    "study",
    "study/count",
    "study/panel",
    "study/statistics",
    "study/keyness",
    "study/collocates",
    "study/newwords",
    "study/corpus",
    "targets/sentences",
    "targets/indicators",
    "targets/quantity",
    "targets/when",
    "targets/figures",
    "targets",
    "targets/promises",
    "verify",
    "index",
    "faults",
    "replacement",
    "compare",
    "compare/grams",
    "compare/plain",
    "compare/elsewhere",
    "compare/copies",
    "compare/reference",
    "compare/cite",
    "compare/difference",
    "compare/alike",
    "lib",
];

#[test]
fn dependencies_point_one_way() {
    let sources = root().join("index/src");
    let mut files = 0;
    for path in rust_files(&sources) {
        let name = path.strip_prefix(&sources).unwrap().with_extension("");
        let name = name.to_str().unwrap();
        let own = place(name).unwrap_or_else(|| {
            panic!("help: give `{name}` its place in ORDER in tests/house.rs, below those who use it");
        });
        files += 1;
        let text = std::fs::read_to_string(&path).unwrap();
        for (at, line) in text.lines().enumerate() {
            let is_doc = line.trim_start().starts_with("//");
            for used in line.split("crate::").skip(1) {
                let names: Vec<&str> = used.split(|c: char| !matches!(c, 'a'..='z' | '0'..='9' | '_' | ':')).collect();
                let mut names = names[0].split("::");
                let (room, within) = (names.next().unwrap_or_default(), names.next().unwrap_or_default());
                let used = place(&format!("{room}/{within}")).or_else(|| place(room));
                assert!(
                    room.is_empty() || is_doc || used.is_some_and(|used| used < own),
                    "{name}.rs:{}: `{name}` uses `{room}::{within}`, which stands above it\nhelp: move the code or the wall",
                    at + 1
                );
            }
            for word in ["println!", "eprintln!", "print!", "std::env::args", "std::net", "clap", "tokio"] {
                // a test tells how much it has tested
                assert!(
                    is_doc || name == "faults" || !line.contains(word),
                    "{name}.rs:{}: the library has `{word}`",
                    at + 1
                );
            }
        }
    }
    assert_eq!(files, ORDER.len(), "help: ORDER in tests/house.rs names a file that is gone");

    // what holds for the files then holds for their folders
    let mut rooms: Vec<&str> = ORDER.iter().map(|name| name.split('/').next().unwrap()).collect();
    rooms.dedup();
    let mut left: Vec<&str> = Vec::new();
    for room in rooms {
        assert!(!left.contains(&room), "help: the files of `{room}` stand together in ORDER");
        left.push(room);
    }
}

fn place(name: &str) -> Option<usize> {
    ORDER.iter().position(|&room| room == name)
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { rust_files(&path) } else { vec![path] }).collect()
}
