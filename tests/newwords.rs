use crate::support::Sandbox;

/// 港长制 is quoted twice; 粤智助 is never quoted, stands often, and between ever other words.
fn reports() -> Sandbox {
    let sandbox = Sandbox::new();
    let before = ["推广", "使用", "农民", "公路", "财政", "教育", "医院", "企业"];
    let behind = ["很好", "终端", "设备", "服务", "增加", "减少", "改革", "开放"];
    let sentences: String = before.iter().zip(behind).map(|(a, b)| format!("{a}粤智助{b}。")).collect();
    let text = format!("压实“港长制”。落实“港长制”。出现“一次制”。建设“农业”，发展“农业”。\n{sentences}\n");
    sandbox.write("a.txt", text);
    assert_eq!(sandbox.run(&["build", "a.txt", "-q"]).code, 0);
    sandbox
}

#[test]
fn quoted_terms_and_sequences_that_the_dictionary_does_not_know() {
    let sandbox = reports();
    let found = sandbox.json(&["newwords", "--information", "2"]);
    let words: Vec<&str> = found["words"].as_array().unwrap().iter().map(|one| one["word"].as_str().unwrap()).collect();
    assert_eq!(words, ["港长制", "粤智助"], "{found}");
    assert_eq!(sandbox.json(&["newwords", "--information", "2", "-n", "1"])["total"], 2);
    let term = |at: usize, field: &str| found["words"][at][field].as_f64();
    assert_eq!((term(0, "quoted"), term(1, "quoted"), term(1, "occurrences")), (Some(2.0), Some(0.0), Some(8.0)));
    // eight neighbours, each once
    assert!((term(1, "entropy").unwrap() - 3.0).abs() < 1e-9);
    // term and parts stand eight times each, so that one tells all of another
    let all = sandbox.json(&["count", "粤智助", "--by", "year"])["groups"][0]["words"].as_f64().unwrap();
    assert!((term(1, "information").unwrap() - (all / 8.0).log2()).abs() < 1e-9, "{found}");
    let once = sandbox.json(&["newwords", "--quoted", "1", "--least", "99"]);
    assert_eq!(once["words"].as_array().unwrap().len(), 2, "{once}");
}

#[test]
fn lines_are_taken_by_build_as_they_are() {
    let sandbox = reports();
    let run = sandbox.run(&["newwords", "--information", "2"]);
    let rows: Vec<Vec<&str>> = run.out.lines().map(|line| line.split_whitespace().collect()).collect();
    let head = ["#", "term", "example", "quoted", "cut", "so", "information", "entropy", "documents"];
    assert!(rows[0] == head, "{}", run.out);
    assert_eq!(rows[1], ["港长制", "a.txt:1", "2", "–", "–", "–", "1"]);
    assert_eq!(rows[2][..4], ["粤智助", "a.txt:2", "–", "8"]);
    sandbox.write("words.txt", &run.out);
    let words =
        |sandbox: &Sandbox| sandbox.json(&["count", "粤智助", "--by", "year"])["groups"][0]["words"].as_u64().unwrap();
    let before = words(&sandbox);
    assert_eq!(sandbox.run(&["build", "a.txt", "-q"]).code, 0);
    // each of the terms was at least two words
    assert!(words(&sandbox) <= before - 10, "{} of {before}", words(&sandbox));
}

#[test]
fn none_is_said_beside_the_result() {
    let sandbox = reports();
    let run = sandbox.run(&["newwords", "--quoted", "99", "--least", "99"]);
    assert_eq!(run.code, 1);
    assert!(run.out.is_empty() && run.err.starts_with("no new word"), "{} {}", run.out, run.err);
    let run = sandbox.run(&["newwords", "--information", "2", "-n", "0"]);
    assert_eq!((run.code, run.err.as_str()), (0, "0 of 2; --limit shows more\n"));
    let run = sandbox.run(&["newwords", "--within", "year:1800"]);
    assert_eq!((run.code, run.err.as_str()), (1, "nothing matches year:1800\n"));
    let run = sandbox.run(&["newwords", "--entropy", "nan"]);
    assert!(run.code == 2 && run.err.contains("`nan` is no number"), "{}", run.err);
    let run = sandbox.run(&["newwords", "--information", "2", "--csv"]);
    assert!(
        run.out.contains("\n港长制,2,,1,,,a.txt:1\n"),
        "what is known from quotes alone is not counted: {}",
        run.out
    );
}
