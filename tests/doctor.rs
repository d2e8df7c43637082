use serde_json::Value;

use crate::support::Sandbox;

/// The kinds of the findings, with how often each.
fn kinds(report: &Value) -> Vec<(&str, u64)> {
    let findings = report["findings"].as_array().unwrap();
    findings.iter().map(|one| (one["kind"].as_str().unwrap(), one["count"].as_u64().unwrap())).collect()
}

const REPORT: &str = "甲镇政府工作报告\n\n——2025年1月8日\n\n一、2024年工作回顾\n建成典型村3个。\n";

#[test]
fn a_well_index_has_nothing_to_be_done() {
    let sandbox = Sandbox::with_corpus();
    assert_eq!(sandbox.run(&["doctor"]).code, 2, "there is no index to look at");
    sandbox.run(&["build", "corpus"]);
    let run = sandbox.run(&["doctor"]);
    assert!(run.code == 0 && run.out.contains("nothing is amiss"), "{run:?}");
}

#[test]
fn what_is_to_be_done_is_named_with_its_remedy_and_build_does_it() {
    let sandbox = Sandbox::new();
    for name in ["changed", "gone", "same"] {
        sandbox.write(&format!("r/{name}.txt"), format!("{REPORT}{name}"));
    }
    sandbox.write("r/copy.txt", format!("{REPORT}same"));
    sandbox.write("r/old.doc", "?");
    sandbox.run(&["build", "r"]);
    sandbox.write("r/changed.txt", format!("{REPORT}other"));
    std::fs::remove_file(sandbox.path().join("r/gone.txt")).unwrap();
    sandbox.write("r/new.txt", "没有题目。");
    sandbox.write("words.txt", "典型村\n");
    sandbox.write(".gm-search/.tmp4711-0", "half");
    sandbox.write(".gm-search/0123456789abcdef0123456789abcdef.text", "left");
    let report = sandbox.json(&["doctor"]);
    let expected =
        [("changed", 1), ("new", 1), ("gone", 1), ("skipped", 1), ("words", 1), ("leftover", 2), ("duplicate", 1)];
    assert_eq!(kinds(&report)[..7], expected, "{report:#}");
    assert!(sandbox.path().join(".gm-search/.tmp4711-0").exists(), "who looks takes nothing away");
    let run = sandbox.run(&["doctor"]);
    assert_eq!(run.code, 1);
    assert!(run.out.contains("→ `gm-search build`") && run.out.contains("save it as .docx"), "{run:?}");
    sandbox.run(&["build"]);
    let report = sandbox.json(&["doctor"]);
    let left: Vec<&str> = kinds(&report).iter().map(|(kind, _)| *kind).collect();
    assert!(left.starts_with(&["skipped"]) && left.contains(&"no_title"), "{report:#}");
    assert!(!left.contains(&"words") && !left.contains(&"new"), "{report:#}");
    // a segment's file that tantivy did not list is for people to remove; this one was only written by the test
    std::fs::remove_file(sandbox.path().join(".gm-search/0123456789abcdef0123456789abcdef.text")).ok();
    std::fs::remove_file(sandbox.path().join("r/old.doc")).unwrap();
    sandbox.run(&["build"]);
    assert_eq!(sandbox.run(&["doctor"]).code, 0, "what is good to know need not be done");
}

/// Where a folder has become a file, or a file a folder, what was there has gone: `build` removes its documents.
#[test]
fn what_is_no_file_any_more_has_gone() {
    let sandbox = Sandbox::new();
    for name in ["r/sub/a.txt", "r/b.txt", "r/c.txt"] {
        sandbox.write(name, format!("{REPORT}{name}"));
    }
    sandbox.run(&["build", "r"]);
    std::fs::remove_dir_all(sandbox.path().join("r/sub")).unwrap();
    std::fs::remove_file(sandbox.path().join("r/b.txt")).unwrap();
    sandbox.write("r/sub", "");
    sandbox.write("r/b.txt/d", "");
    let report = sandbox.json(&["doctor"]);
    assert_eq!(kinds(&report)[0], ("gone", 2), "{report:#}");
    let stale = sandbox.json(&["status"])["stale"].clone();
    assert!(stale.as_array().unwrap().iter().all(|one| one["reason"] == "it has gone"), "{stale}");
    assert_eq!(sandbox.json(&["build"])["removed"], 2);
}

/// The user's own lists are no documents, wherever they lie.
#[test]
fn own_lists_are_neither_read_nor_missed() {
    let sandbox = Sandbox::new();
    sandbox.write("a.txt", format!("{REPORT}红薯干。"));
    sandbox.write("words.txt", "红薯干\n");
    sandbox.write("synonyms.txt", "番薯干=典型村\n");
    sandbox.write("indicators.txt", "典型村\n");
    sandbox.write("named.txt", "红薯\n");
    let run = sandbox.run(&["build", "."]);
    assert!(run.err.starts_with("2 documents"), "{run:?}");
    assert_eq!(sandbox.json(&["query", "番薯干"])["hits"][0]["tier"], "synonym");
    assert!(kinds(&sandbox.json(&["doctor"])).iter().all(|(kind, _)| *kind != "new"));
    sandbox.run(&["build", ".", "--words", "named.txt"]);
    assert_eq!(sandbox.json(&["status"])["stale"], serde_json::json!([]));
    assert!(kinds(&sandbox.json(&["doctor"])).iter().all(|(kind, _)| !matches!(*kind, "new" | "gone")));
}

#[test]
fn a_file_of_which_nothing_could_be_read_is_skipped_and_not_new() {
    let sandbox = Sandbox::new();
    sandbox.write("r/a.txt", REPORT);
    sandbox.write("r/bad.jsonl", "bad\nbad\n");
    sandbox.write("r/empty.jsonl", "\n");
    let run = sandbox.run(&["build", "r"]);
    assert!(run.code == 2 && run.err.contains("empty.jsonl`: it holds no document"), "{run:?}");
    assert_eq!(kinds(&sandbox.json(&["doctor"]))[0], ("skipped", 3));
}

#[test]
fn a_folder_that_is_not_there_and_damage_are_told() {
    let sandbox = Sandbox::new();
    sandbox.write("r/a.txt", REPORT);
    sandbox.run(&["build", "r"]);
    std::fs::rename(sandbox.path().join("r"), sandbox.path().join("away")).unwrap();
    let report = sandbox.json(&["doctor"]);
    assert_eq!(kinds(&report)[0], ("missing", 1));
    assert!(kinds(&report).iter().all(|(kind, _)| *kind != "gone"), "{report:#}");
    let index = sandbox.path().join(".gm-search");
    let text = std::fs::read_dir(&index).unwrap().map(|entry| entry.unwrap().path());
    let text = text.into_iter().find(|path| path.extension().is_some_and(|end| end == "text")).unwrap();
    let whole = std::fs::read(&text).unwrap();
    let mut changed = whole.clone();
    changed[whole.len() / 2] ^= 1;
    for bytes in [&changed[..], b"cut"] {
        std::fs::write(&text, bytes).unwrap();
        let run = sandbox.run(&["doctor"]);
        assert!(run.code == 1 && run.out.contains("the index is damaged"), "{run:?}");
    }
    // a first build that was killed leaves an index that nothing was committed to
    std::fs::remove_dir_all(&index).unwrap();
    gm_index::Index::create(&index).unwrap();
    for verb in ["doctor", "verify", "status"] {
        let run = sandbox.run(&["--index", ".gm-search", verb]);
        assert!(run.code == 2 && run.err.contains("was ended before it had finished"), "{verb}: {run:?}");
    }
    // and one that is at work is not called dead
    let begun = gm_index::Index::open(&index).unwrap();
    let _writer = begun.writer().unwrap();
    for args in [&["doctor"][..], &["status"], &["query", "村"], &["--index", ".gm-search", "verify"]] {
        let run = sandbox.run(args);
        assert!(run.code == 2 && run.err.contains("is being built for the first time"), "{args:?}: {run:?}");
    }
}

/// A copy whose lines are broken elsewhere is one; another report of the place and year is named as that.
#[test]
fn copies_and_other_documents_of_a_place_and_year_are_told_apart() {
    let sandbox = Sandbox::new();
    let report = "广东省政府工作报告\n（2025年1月8日）\n\n一、2024年工作回顾\n成绩不少。大家都好。\n";
    sandbox.write("r/a.txt", report);
    sandbox.write("r/b.txt", report.replace('。', "。\n\n").replace("成绩", "成績"));
    sandbox.write("r/c.txt", format!("{report}另有一句。\n"));
    // counting takes no year from a name: this one is of an unknown year to it
    sandbox.write("r/广东省_2025.txt", "广东省政府工作报告\n\n又有一句话。\n");
    sandbox.run(&["build", "r"]);
    let report = sandbox.json(&["doctor"]);
    assert_eq!(kinds(&report), [("duplicate", 1), ("several", 1), ("no_year", 1)], "{report:#}");
    let about = |at: usize| report["findings"][at]["items"][0]["path"].as_str().unwrap().to_string();
    assert_eq!([about(0), about(1)], ["b.txt", "c.txt"]);
    assert_eq!(sandbox.run(&["doctor"]).code, 0, "both are good to know");
}
