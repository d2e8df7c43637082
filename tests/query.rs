use std::io::Read;
use std::process::Stdio;

use serde_json::Value;

use crate::support::{Sandbox, lines, shared};

#[test]
fn a_fresh_clone_answers_at_once() {
    let sandbox = Sandbox::with_corpus();
    let first = sandbox.run(&["query", "典型村"]);
    assert_eq!(first.code, 0, "{first:?}");
    assert!(first.err.contains("no index yet"), "{first:?}");
    assert!(first.out.starts_with("3 passages, 4 occurrences in 1 document"), "{first:?}");
    assert_eq!(sandbox.run(&["query", "典型村"]).err, "");
}

#[test]
fn hits_know_their_place() {
    let sandbox = Sandbox::with_corpus();
    let results = sandbox.json(&["query", "典型村"]);
    assert_eq!(results["schema"], "gm-search/1");
    assert_eq!(results["total"], serde_json::json!({"passages": 3, "occurrences": 4, "documents": 1}));
    let hit = &results["hits"][0];
    assert_eq!(hit["tier"], "exact");
    assert_eq!(hit["line"], 31);
    assert_eq!(hit["role"], "任务");
    assert_eq!(
        hit["path"],
        serde_json::json!([
            "二、2025年发展主要目标和下一阶段工作安排",
            "（二）聚焦“百千万工程”，打造城乡融合新典范",
            "着力打造和美乡村"
        ])
    );
    assert!(hit["text"].as_str().unwrap().starts_with("着力打造和美乡村。持续巩固提升"));
    assert_eq!(hit["highlights"], serde_json::json!([[25, 28], [66, 69]]));
    let document = &hit["document"];
    assert_eq!(document["title"], "港门镇政府工作报告");
    assert_eq!(document["kind"], "政府工作报告");
    assert_eq!(document["level"], "镇");
    assert_eq!(document["year"], 2025);
    assert_eq!(document["review_year"], 2024);
    assert_eq!(document["session"], "第十八届第八次会议");
    assert_eq!(document["date"], "2025-04-08");
    assert_eq!(document["speaker"], "陈秋壮");
}

#[test]
fn headings_that_carry_the_term_come_first() {
    let results = Sandbox::with_corpus().json(&["query", "百千万工程"]);
    assert_eq!(results["total"]["occurrences"], 7);
    assert_eq!(lines(&results), [14, 16, 20, 27, 31]);
    for rank in 0..2 {
        assert!(results["hits"][rank]["text"].as_str().unwrap().starts_with("（二）"), "hit {rank}: {results:#}");
    }
}

#[test]
fn every_plain_literal_of_the_query_file_is_counted_and_placed() {
    let Some(file) = shared("eval/queries/gangmen-2025.jsonl") else { return };
    let sandbox = Sandbox::with_corpus();
    sandbox.run(&["build", "corpus"]);
    let mut tried = 0;
    for row in std::fs::read_to_string(file).unwrap().lines() {
        let row: Value = serde_json::from_str(row).unwrap();
        if row["kind"] != "literal" {
            continue;
        }
        tried += 1;
        let query = row["query"].as_str().unwrap();
        let results = sandbox.json(&["query", query, "--limit", "1000"]);
        assert_eq!(results["total"]["occurrences"], row["occurrences"], "{query}");
        assert_eq!(serde_json::json!(lines(&results)), row["lines"], "{query}");
        for text in row["must_not"].as_array().into_iter().flatten() {
            let highlighted = results["hits"].as_array().unwrap().iter().any(|hit| {
                let chars: Vec<char> = hit["text"].as_str().unwrap().chars().collect();
                hit["highlights"].as_array().unwrap().iter().any(|range| {
                    let at = |i: usize| range[i].as_u64().unwrap() as usize;
                    chars[at(0)..at(1)].iter().collect::<String>() == text.as_str().unwrap()
                })
            });
            assert!(!highlighted, "{query} highlights {text}");
        }
    }
    assert!(tried >= 25, "help: the query file has changed; {tried} literal rows are too few");
}

#[test]
fn nothing_found_is_said_so() {
    let run = Sandbox::with_corpus().run(&["query", "十五五", "--quiet"]);
    assert_eq!((run.code, run.out.as_str(), run.err.as_str()), (1, "nothing found for 十五五\n", ""));
}

#[test]
fn parts_must_all_be_there_and_are_loosened_only_when_they_are_not() {
    let sandbox = Sandbox::with_corpus();
    let exact = sandbox.json(&["query", "积分制", "红黑榜"]);
    assert_eq!(lines(&exact), [16, 31]);
    // 招商准入 stands in no passage beside 乡村振兴促进, the words of both do
    let all = sandbox.json(&["query", "招商项目 服务企业"]);
    assert!(all["hits"].as_array().unwrap().iter().all(|hit| hit["tier"] == "all"), "{all:#}");
    assert!(all["total"]["passages"].as_u64().unwrap() > 0, "{all:#}");
    let some = sandbox.json(&["query", "番薯", "高血压"]);
    assert!(some["hits"].as_array().unwrap().iter().all(|hit| hit["tier"] == "some"), "{some:#}");
    assert_eq!(some["total"]["passages"], 0);
}

#[test]
fn limit_and_offset_page_through_the_hits() {
    let sandbox = Sandbox::with_corpus();
    let whole = sandbox.json(&["query", "村", "--limit", "100"]);
    let page = sandbox.json(&["query", "村", "--limit", "5", "--offset", "5"]);
    assert_eq!(page["total"], whole["total"]);
    assert_eq!(page["hits"].as_array().unwrap()[..], whole["hits"].as_array().unwrap()[5..10]);
    let lines = sandbox.run(&["query", "村", "--limit", "5", "--jsonl"]).out;
    assert_eq!(lines.lines().count(), 5);
    assert_eq!(serde_json::from_str::<Value>(lines.lines().next().unwrap()).unwrap(), whole["hits"][0]);
}

#[test]
fn a_closed_pipe_is_no_failure() {
    let sandbox = Sandbox::with_corpus();
    sandbox.run(&["build", "corpus"]);
    let mut child = sandbox
        .command(&["query", "村", "--limit", "1000", "--jsonl"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let mut err = String::new();
    child.stderr.take().unwrap().read_to_string(&mut err).unwrap();
    assert_eq!((child.wait().unwrap().code(), err.as_str()), (Some(0), ""));
}

#[test]
fn mistakes_are_answered_with_what_to_do() {
    let sandbox = Sandbox::new();
    let none = sandbox.run(&["query", "村"]);
    assert_eq!(none.code, 2);
    assert!(none.err.contains("there is no index here") && none.err.contains("gm-search build"), "{none:?}");
    let elsewhere = sandbox.run(&["query", "村", "--index", "nowhere"]);
    assert_eq!(elsewhere.code, 2);
    assert!(elsewhere.err.contains("no index in `nowhere`"), "{elsewhere:?}");
    let empty = Sandbox::with_corpus().run(&["query", "  "]);
    assert_eq!(empty.code, 2);
    assert!(empty.err.contains("the query is empty"), "{empty:?}");
    assert_eq!(sandbox.run(&["query", "村", "--nonsense"]).code, 2);
}

#[test]
fn colour_is_for_terminals_or_on_demand() {
    let sandbox = Sandbox::with_corpus();
    assert!(!sandbox.run(&["query", "典型村"]).out.contains('\u{1b}'));
    assert!(sandbox.run(&["query", "典型村", "--color", "always"]).out.contains('\u{1b}'));
}
