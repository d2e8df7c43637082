use crate::support::{REPORT, Sandbox};

#[test]
fn passages_like_one() {
    let sandbox = Sandbox::with_corpus();
    sandbox.run(&["build", "corpus"]);
    let of_line = sandbox.json(&["similar", &format!("{REPORT}:31"), "-n", "3"]);
    let hits = of_line["hits"].as_array().unwrap();
    assert_eq!(hits.len(), 3);
    assert!(hits.iter().all(|hit| !hit["text"].as_str().unwrap().is_empty()));
    sandbox.write("text.txt", "巡河、巡林次数增加，河长制和林长制压实，生态保护体系更加完善。\n");
    let of_file = sandbox.json(&["similar", "text.txt"]);
    assert_eq!(of_file["hits"][0]["line"], 17);
    let run = sandbox.run(&["similar", "text.txt", "-n", "0"]);
    assert!(run.code == 2 && run.err.contains("asks for no passage"), "{run:?}");
    let run = sandbox.run(&["similar", "nothing#7"]);
    assert!(run.code == 2 && run.err.contains("neither a file"), "{run:?}");
    for none in ["9999", "0"].map(|line| format!("{REPORT}:{line}")) {
        let run = sandbox.run(&["similar", &none]);
        assert!(run.code == 2 && run.err.contains("is in the index, but has no passage"), "{run:?}");
    }
    let run = sandbox.run(&["similar", "place:广东"]);
    assert!(run.code == 2 && !run.err.contains("what reports must be"), "filters are for `targets`: {run:?}");
}

#[test]
fn what_holds_no_text_is_like_nothing() {
    let sandbox = Sandbox::with_corpus();
    sandbox.run(&["build", "corpus"]);
    sandbox.write("empty.txt", " \n");
    let run = sandbox.run(&["similar", "empty.txt"]);
    assert!(run.code == 2 && run.err.contains("holds no text"), "{run:?}");
    sandbox.write("other.txt", "xyzzy");
    assert_eq!(sandbox.run(&["similar", "other.txt"]).code, 1);
}

#[test]
fn a_document_is_not_like_itself() {
    let sandbox = Sandbox::with_corpus();
    sandbox.write("corpus/b.txt", "巡河、巡林次数增加，河长制和林长制压实，生态保护体系更加完善。\n");
    sandbox.run(&["build", "corpus"]);
    let found = sandbox.json(&["similar", "b.txt"]);
    let hits = found["hits"].as_array().unwrap();
    assert!(!hits.is_empty() && hits.iter().all(|hit| hit["document"]["source"] != "b.txt"), "{found}");
    assert_eq!(sandbox.json(&["similar", "corpus/b.txt"])["hits"], found["hits"], "by its path");
}
