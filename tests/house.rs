//! The plan of the house: a file of the library, and a room of the program, uses only what stands before it, and none of the
//! library talks to people.

use std::path::{Path, PathBuf};

use crate::support::root;

/// From the ground up.
const ORDER: &[&str] = &[
    "error",
    "document",
    "fold/folded",
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
    "write/opening",
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

/// The rooms of the program, from the ground up.
const ROOMS: &[&str] = &[
    "cli", "tame", "fail", "stop", "plot", "terms", "extract", "sidecar", "files", "origin", "remote", "context",
    "eval", "answer", "print", "update", "serve", "mcp", "cmd", "main",
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
        for (line, room, within) in uses(&text) {
            let used = place(&format!("{room}/{within}")).or_else(|| place(room));
            assert!(
                used.is_some_and(|used| used < own),
                "{name}.rs:{line}: `{name}` uses `{room}::{within}`, which stands above it\nhelp: move the code or the wall"
            );
        }
        for (at, line) in text.lines().enumerate() {
            let is_doc = line.trim_start().starts_with("//");
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

#[test]
fn rooms_of_the_program_point_one_way() {
    let sources = root().join("src");
    let place = |room: &str| ROOMS.iter().position(|&own| own == room);
    for path in rust_files(&sources) {
        let name = path.strip_prefix(&sources).unwrap();
        let own = name.with_extension("");
        let room = own.iter().next().unwrap().to_str().unwrap();
        let own = place(room).unwrap_or_else(|| {
            panic!("help: give `{room}` its place in ROOMS in tests/house.rs, behind those that it uses");
        });
        for (line, used, _) in uses(&std::fs::read_to_string(&path).unwrap()) {
            assert!(
                place(used).is_some_and(|used| used <= own),
                "{}:{line}: `{room}` uses `{used}`, which stands above it\nhelp: move the code or the wall",
                name.display()
            );
        }
    }
    for room in ROOMS {
        let is_there = ["rs", ""].iter().any(|extension| sources.join(room).with_extension(extension).exists());
        assert!(is_there, "help: ROOMS in tests/house.rs names `{room}`, which is gone");
    }
}

/// What a file uses of its crate by its path from the root: the line, the room, and what is next in the path.
fn uses(text: &str) -> impl Iterator<Item = (usize, &str, &str)> {
    let code = text.lines().enumerate().filter(|(_, line)| !line.trim_start().starts_with("//"));
    let used = code.flat_map(|(at, line)| line.split("crate::").skip(1).map(move |used| (at + 1, used)));
    let named = used.map(|(line, used)| {
        let end = used.find(|c: char| !matches!(c, 'a'..='z' | '0'..='9' | '_' | ':')).unwrap_or(used.len());
        let mut names = used[..end].split("::");
        (line, names.next().unwrap_or_default(), names.next().unwrap_or_default())
    });
    named.filter(|(_, room, _)| !room.is_empty())
}

fn place(name: &str) -> Option<usize> {
    ORDER.iter().position(|&room| room == name)
}

fn rust_files(folder: &Path) -> Vec<PathBuf> {
    let entries = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.flat_map(|path| if path.is_dir() { rust_files(&path) } else { vec![path] }).collect()
}
