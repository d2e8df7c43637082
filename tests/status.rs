use crate::support::{REPORT, Sandbox};

#[test]
fn what_changed_since_the_build_is_listed() {
    let sandbox = Sandbox::with_corpus();
    sandbox.write("corpus/other.txt", "典型村");
    sandbox.run(&["build", "corpus"]);
    let fresh = sandbox.json(&["status"]);
    assert_eq!(
        (&fresh["documents"], &fresh["passages"], &fresh["format"]),
        (&2.into(), &69.into(), &gm_index::FORMAT.into())
    );
    assert_eq!(fresh["stale"], serde_json::json!([]));
    sandbox.write(&format!("corpus/{REPORT}"), "new");
    std::fs::remove_file(sandbox.path().join("corpus/other.txt")).unwrap();
    let stale = sandbox.json(&["status"]);
    let reasons: Vec<_> = stale["stale"].as_array().unwrap().iter().map(|file| file["reason"].clone()).collect();
    assert_eq!(reasons, ["it has gone", "it has changed"]);
    sandbox.write("corpus/new.txt", "new");
    let new = sandbox.json(&["status"])["stale"][2].clone();
    assert!(new["path"].as_str().unwrap().ends_with("new.txt") && new["reason"] == "it is not in the index yet");
    std::fs::rename(sandbox.path().join("corpus"), sandbox.path().join("away")).unwrap();
    let away = sandbox.json(&["status"])["stale"].clone();
    assert!(away.as_array().unwrap().len() == 1 && away[0]["reason"] == "it is not there", "{away}");
}
