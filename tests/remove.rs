use crate::support::{REPORT, Sandbox};

#[test]
fn a_document_is_removed_by_its_source_and_comes_back_with_build() {
    let sandbox = Sandbox::with_corpus();
    sandbox.write("corpus/other.txt", "典型村。");
    sandbox.run(&["build", "corpus"]);
    let wrong = sandbox.run(&["remove", REPORT, "nowhere.txt"]);
    assert!(wrong.code == 2 && wrong.err.contains("no document `nowhere.txt`"), "{wrong:?}");
    assert_eq!(sandbox.json(&["status"])["documents"], 2, "nothing was removed");
    // named twice it is one
    let removed = sandbox.json(&["remove", REPORT, REPORT]);
    assert_eq!(removed["removed"].as_array().unwrap().len(), 1);
    assert_eq!(sandbox.json(&["query", "典型村"])["total"]["documents"], 1);
    assert_eq!(sandbox.run(&["query", "港长制"]).code, 1);
    assert_eq!(sandbox.run(&["verify"]).code, 0);
    sandbox.run(&["build", "corpus"]);
    assert_eq!(sandbox.json(&["query", "港长制"])["total"]["passages"], 2);
}

/// What it goes by is what there is once nobody else can write: it would put what it had read before in its place.
#[test]
fn nothing_is_read_before_nobody_else_can_write() {
    let sandbox = Sandbox::with_corpus();
    sandbox.run(&["build", "corpus"]);
    let index = gm_index::Index::open(sandbox.path().join(".gm-search")).unwrap();
    let _writer = index.writer().unwrap();
    let run = sandbox.run(&["remove", "nowhere.txt"]);
    assert!(run.code == 2 && run.err.contains("has been writing to this index"), "{run:?}");
}
