use serde_json::Value;

use crate::support::{Sandbox, shared};

/// Three passages, two questions; the second passage of the first question is relevant too.
fn set(sandbox: &Sandbox) {
    let corpus = [("a", "港长制", "压实港长制责任"), ("b", "", "林长制和港口"), ("c", "", "番薯种植")];
    let lines = corpus.map(|(id, title, text)| format!(r#"{{"_id":"{id}","title":"{title}","text":"{text}"}}"#));
    sandbox.write("set/corpus.jsonl", lines.join("\n"));
    sandbox.write(
        "set/queries.jsonl",
        "{\"_id\":\"q1\",\"text\":\"港长制怎么样\"}\n{\"_id\":\"q2\",\"text\":\"番薯\"}\n{\"_id\":\"q3\",\"text\":\"无人判断\"}",
    );
    sandbox.write("set/qrels.tsv", "query-id\tcorpus-id\tscore\nq1\ta\t1\nq2\tc\t1\nq2\tb\t0\n");
}

#[test]
fn a_set_is_measured_as_json_and_as_a_table() {
    let sandbox = Sandbox::new();
    set(&sandbox);
    let files = ["--corpus", "set/corpus.jsonl", "--queries", "set/queries.jsonl", "--qrels", "set/qrels.tsv"];
    let run = sandbox.run(&[&["eval"], &files[..], &["--run", "out.run"]].concat());
    let figures: Value = serde_json::from_str(&run.out).unwrap();
    assert_eq!((figures["queries"].as_u64(), figures["nDCG@10"].as_f64()), (Some(2), Some(1.0)), "{}", run.out);
    for figure in ["MRR@10", "Recall@10", "Recall@100"] {
        assert_eq!(figures[figure], 1.0, "{figure}");
    }
    let lines = std::fs::read_to_string(sandbox.path().join("out.run")).unwrap();
    let first: Vec<&str> = lines.lines().next().unwrap().split(' ').collect();
    assert_eq!((first[0], first[1], first[2], first[3], first.len()), ("q1", "Q0", "a", "1", 6));
    let table = sandbox.run(&["eval", "set", "--ranking", "words", "--run", "runs"]);
    assert!(table.out.starts_with("set") && table.out.contains("nDCG@10"), "{}", table.out);
    let against = sandbox.run(&["eval", "set", "--against", "runs", "--json"]);
    let compared: Value = serde_json::from_str(&against.out).unwrap();
    assert!(compared["against"]["low"].as_f64() <= compared["against"]["high"].as_f64(), "{}", against.out);
}

#[test]
fn a_folder_that_is_no_set_and_a_bad_judgment_are_named() {
    let sandbox = Sandbox::new();
    set(&sandbox);
    let run = sandbox.run(&["eval", "nothing"]);
    assert!(run.code == 2 && run.err.contains("`nothing` is not a set"), "{}", run.err);
    sandbox.write("set/qrels.tsv", "q1\ta\n");
    let run = sandbox.run(&["eval", "set"]);
    assert!(run.code == 2 && run.err.contains("line 1") && run.err.contains("2 columns"), "{}", run.err);
    sandbox.write("set/qrels.tsv", "q1\tb\t-1\nq1\ta\t4294967296\n");
    let run = sandbox.run(&["eval", "set"]);
    assert!(run.code == 2 && run.err.contains("line 2: `4294967296` is no grade"), "{}", run.err);
    sandbox.write("set/qrels.tsv", "q1\tnothing\t1\n");
    let run = sandbox.run(&["eval", "set"]);
    assert!(run.code == 2 && run.err.contains("names no query and passage"), "{}", run.err);
    let run = sandbox.run(&["eval", "set", "--weight", "luck=1"]);
    assert!(run.code == 2 && run.err.contains("`luck`") && run.err.contains("near"), "{}", run.err);
    let run = sandbox.run(&["eval", "set", "--weight", "near=nan"]);
    assert!(run.code == 2 && run.err.contains("`nan` is no number"), "{}", run.err);
    let mut weights = gm_index::Weights::default();
    assert!(!weights.set("near", f32::NAN) && weights == gm_index::Weights::default());
}

/// What a change of ranking must hold on public sets, each below what was measured by a point; `gm-search eval` has the
/// figures.
#[test]
fn public_sets_are_ranked_better_than_by_words_or_pairs() {
    let sandbox = Sandbox::new();
    for (name, least) in [("ncp_passages", 0.75), ("dureader_demo", 0.735), ("ncp_docs", 0.91)] {
        let Some(folder) = shared(&format!("eval/{name}")) else { return };
        let run = sandbox.run(&["eval", folder.to_str().unwrap(), "--json"]);
        let figures: Value = serde_json::from_str(&run.out).unwrap();
        let ndcg = figures["nDCG@10"].as_f64().unwrap();
        assert!(ndcg > least, "{name}: {ndcg}\nhelp: gm-search eval --against compares two versions");
    }
}
