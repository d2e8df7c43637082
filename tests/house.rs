//! The plan of the house: a file of the library uses only what stands before it, and none of it talks to people.

use crate::support::root;

/// From the ground up.
const ORDER: &[&str] = &[
    "error",
    "document",
    "simplified",
    "fold",
    "marks",
    "lines",
    "outline",
    "places",
    "header",
    "parse",
    "table",
    "dictionary",
    "added",
    "words",
    "schema",
    "files",
    "directory",
    "varint",
    "code",
    "excerpt",
    "rice",
    "record",
    "pairs",
    "lists",
    "edits",
    "details",
    "text",
    "component",
    "amount",
    "query",
    "fields",
    "syntax",
    "archive",
    "synonyms",
    "known",
    "question",
    "threads",
    "find",
    "matching",
    "segment",
    "within",
    "lock",
    "writer",
    "bm25",
    "snapshot",
    "weights",
    "term",
    "evidence",
    "above",
    "snippet",
    "results",
    "reading",
    "candidates",
    "rank",
    "page",
    "count",
    "panel",
    "statistics",
    "keyness",
    "collocates",
    "newwords",
    "sound",
    "suggest",
    "complete",
    "search",
    "facets",
    "part",
    "corpus",
    "grams",
    "sentences",
    "indicators",
    "quantity",
    "when",
    "figures",
    "targets",
    "promises",
    "plain",
    "elsewhere",
    "verify",
    "index",
    "faults",
    "replacement",
    "copies",
    "reference",
    "cite",
    "difference",
    "alike",
    "lib",
];

#[test]
fn dependencies_point_one_way() {
    let sources = root().join("index/src");
    let mut files = 0;
    for entry in std::fs::read_dir(sources).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_stem().unwrap().to_str().unwrap().to_string();
        let place = |name: &str| {
            ORDER.iter().position(|&room| room == name).unwrap_or_else(|| {
                panic!("help: give `{name}` its place in ORDER in tests/house.rs, below those who use it")
            })
        };
        let own = place(&name);
        files += 1;
        let text = std::fs::read_to_string(&path).unwrap();
        for (at, line) in text.lines().enumerate() {
            for used in line.split("crate::").skip(1) {
                let used: String =
                    used.chars().take_while(|c| c.is_ascii_lowercase() || c.is_ascii_digit() || *c == '_').collect();
                let is_doc = line.trim_start().starts_with("//");
                assert!(
                    used.is_empty() || is_doc || place(&used) < own,
                    "{name}.rs:{}: `{name}` uses `{used}`, which stands above it\nhelp: move the code or the wall",
                    at + 1
                );
            }
            for word in ["println!", "eprintln!", "print!", "std::env::args", "std::net", "clap", "tokio"] {
                // a test tells how much it has tested
                let is_doc = line.trim_start().starts_with("//") || name == "faults";
                assert!(is_doc || !line.contains(word), "{name}.rs:{}: the library has `{word}`", at + 1);
            }
        }
    }
    assert_eq!(files, ORDER.len(), "help: ORDER in tests/house.rs names a file that is gone");
}
