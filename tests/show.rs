use crate::support::{REPORT, Sandbox};

#[test]
fn a_passage_is_shown_with_its_neighbours() {
    let sandbox = Sandbox::with_corpus();
    let results = sandbox.json(&["query", "典型村"]);
    let id = results["hits"][0]["id"].as_str().unwrap();
    let shown = sandbox.json(&["show", id]);
    let passages = shown["passages"].as_array().unwrap();
    assert_eq!(passages.len(), 3);
    assert_eq!(passages[1]["id"], id);
    assert_eq!(passages[1]["is_target"], true);
    assert_eq!(passages[1]["text"], results["hits"][0]["text"]);
    assert_eq!(passages[1]["path"], results["hits"][0]["path"]);
    assert_eq!(sandbox.json(&["show", id, "-C", "0"])["passages"].as_array().unwrap().len(), 1);
}

#[test]
fn a_document_is_shown_by_id_source_or_line() {
    let sandbox = Sandbox::with_corpus();
    sandbox.run(&["build", "corpus"]);
    let whole = sandbox.json(&["show", REPORT]);
    assert_eq!(whole["passages"].as_array().unwrap().len(), 68);
    let id = whole["document"]["id"].as_str().unwrap();
    assert_eq!(sandbox.json(&["show", id]), whole);
    let line = sandbox.json(&["show", &format!("{REPORT}:28"), "-C", "0"]);
    assert!(line["passages"][0]["text"].as_str().unwrap().starts_with("今年经济社会发展的主要预期目标"));
    // a heading with its text behind it is one line and two passages: what was asked for is both
    let both = sandbox.json(&["show", &format!("{REPORT}:31"), "-C", "0"]);
    let targets = both["passages"].as_array().unwrap();
    assert!(targets.len() > 1 && targets.iter().all(|passage| passage["is_target"] == true), "{both:#}");
    sandbox.write("corpus/a/r.txt", "甲镇政府工作报告\n\n——2025年1月8日\n\n一、2024年工作回顾\n建成典型村3个。");
    sandbox.run(&["build", "corpus"]);
    assert_eq!(sandbox.json(&["show", "r.txt"])["document"]["source"], "a/r.txt");
    sandbox.write("corpus/b/r.txt", "乙镇政府工作报告\n\n——2025年1月8日\n\n一、2024年工作回顾\n建成典型村3个。");
    sandbox.run(&["build", "corpus"]);
    let which = sandbox.run(&["show", "r.txt"]);
    assert!(which.code == 2 && which.err.contains("(甲镇 2025 a/r.txt)"), "{which:?}");
    let none = sandbox.run(&["show", "nothing#3"]);
    assert_eq!(none.code, 2);
    assert!(none.err.contains("no document or passage `nothing#3`"), "{none:?}");
    assert_eq!(sandbox.run(&["show", &format!("{REPORT}:36")]).code, 0);
    let none = sandbox.run(&["show", &format!("{REPORT}:9999")]);
    assert!(none.code == 2 && none.err.contains("is in the index, but has no passage"), "{none:?}");
}
