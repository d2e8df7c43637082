use std::path::Path;

use gm_index::{Document, Index, Kind, Options, Query};

use crate::support::{Sandbox, report};

#[test]
fn a_whole_index_is_said_to_be_whole_and_a_damaged_file_is_named() {
    let sandbox = Sandbox::with_corpus();
    assert_eq!(sandbox.run(&["verify"]).code, 2, "there is no index yet");
    sandbox.run(&["build", "corpus"]);
    let whole = sandbox.json(&["verify"]);
    assert_eq!((&whole["is_whole"], &whole["damage"]), (&true.into(), &serde_json::json!([])));
    let path = sandbox.path().join(".gm-search");
    let text = files(&path).into_iter().find(|name| name.ends_with(".text")).unwrap();
    let mut bytes = std::fs::read(path.join(&text)).unwrap();
    bytes[100] ^= 4;
    std::fs::write(path.join(&text), bytes).unwrap();
    let run = sandbox.run(&["verify", "--json"]);
    assert!(run.code == 2 && run.out.contains(&text) && run.err.contains("build it again"), "{run:?}");
}

/// tantivy's list of the files that it may tidy away is not what says which files the index is made of.
#[test]
fn damage_is_told_without_the_list_of_files_too() {
    let sandbox = Sandbox::with_corpus();
    sandbox.run(&["build", "corpus"]);
    let path = sandbox.path().join(".gm-search");
    std::fs::write(path.join(".managed.json"), "[]\n").unwrap();
    assert_eq!(Index::verify(&path).unwrap(), []);
    for end in [".text", ".idx", ".pos"] {
        let file = path.join(files(&path).into_iter().find(|name| name.ends_with(end)).unwrap());
        let whole = std::fs::read(&file).unwrap();
        let mut damaged = whole.clone();
        damaged[0] ^= 1;
        std::fs::write(&file, damaged).unwrap();
        assert_eq!(Index::verify(&path).unwrap().len(), 1, "{end}");
        std::fs::remove_file(&file).unwrap();
        let damage = Index::verify(&path).unwrap();
        assert!(damage.len() == 1 && damage[0].what == "it is missing", "{damage:?}");
        std::fs::write(&file, whole).unwrap();
    }
}

/// Bytes that tantivy puts behind the content of a file, at most.
const FOOTER: usize = 128;

/// Every bit that is flipped in the content of a segment's file, and every cut, is told. What tantivy keeps beside the
/// segments has no checksum: there damage is told, or the index answers as before.
#[test]
fn flipped_bits_and_cuts_are_detected() {
    let sandbox = Sandbox::new();
    let path = sandbox.path().join("index");
    let index = Index::create(&path).unwrap();
    for round in 0..2 {
        let writer = index.writer().unwrap();
        writer.add(&Document::from_text("a.txt", report())).unwrap();
        writer.add(&Document::from_text(format!("{round}.txt"), "典型村。\n\n港长制，1,310亩。")).unwrap();
        writer.commit().unwrap();
    }
    drop(index);
    assert_eq!(Index::verify(&path).unwrap(), []);
    let answers = answers(&path).unwrap();
    let mut random = 0x9e37_79b9_7f4a_7c15u64;
    let mut below = |end: usize| {
        random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (random >> 33) as usize % end
    };
    let (mut flips, mut cuts, mut told) = (0, 0, 0);
    for name in files(&path) {
        let file = path.join(&name);
        let bytes = std::fs::read(&file).unwrap();
        if bytes.is_empty() {
            continue;
        }
        for round in 0..140 {
            let mut damaged = bytes.clone();
            let at = below(bytes.len());
            if round % 10 == 9 {
                damaged.truncate(at);
                cuts += 1;
            } else {
                damaged[at] ^= 1 << below(8);
                flips += 1;
            }
            std::fs::write(&file, &damaged).unwrap();
            let is_told = match Index::verify(&path) {
                Ok(damage) => !damage.is_empty(),
                Err(error) => {
                    assert!(
                        matches!(error.kind(), Kind::Corrupt | Kind::Format | Kind::Io | Kind::Engine),
                        "{error:?}"
                    );
                    true
                }
            };
            told += is_told as usize;
            // behind the content stand the checksum and tantivy's version, which means nothing here
            let is_content = name.len() > 32 && !name.starts_with('.') && at + FOOTER < bytes.len();
            assert!(is_told || !is_content, "help: damage in `{name}` is not told, round {round}");
            if !is_told {
                assert_eq!(self::answers(&path).as_ref(), Some(&answers), "help: damage in `{name}`, round {round}");
            }
        }
        std::fs::write(&file, &bytes).unwrap();
    }
    println!("{flips} bits flipped and {cuts} cuts, {told} told, the others harmless");
    assert_eq!(Index::verify(&path).unwrap(), []);
}

fn answers(path: &Path) -> Option<Vec<(u64, Vec<String>)>> {
    let index = Index::open(path).ok()?;
    let ask = |query: &str| {
        let query: Query = query.parse().unwrap();
        let results = index.search(&query, Options::default()).ok()?;
        Some((results.total.occurrences, results.hits.iter().map(|hit| hit.snippet.text.clone()).collect()))
    };
    ["典型村", "港长制", "1310", "year:2025"].iter().map(|query| ask(query)).collect()
}

fn files(path: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        std::fs::read_dir(path).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap()).collect();
    names.sort();
    names
}

/// A word longer than any term can be is in no posting, and is no damage.
#[test]
fn what_is_too_long_for_a_word_is_no_damage() {
    let sandbox = Sandbox::new();
    sandbox.write("r/a.txt", format!("典型村。\n\n{}\n", "a".repeat(70_000)));
    sandbox.run(&["build", "r"]);
    let run = sandbox.run(&["verify"]);
    assert_eq!(run.code, 0, "{run:?}");
}
