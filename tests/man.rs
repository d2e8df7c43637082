use crate::support::Sandbox;

#[test]
fn the_manual_has_a_page_for_each_command() {
    let sandbox = Sandbox::new();
    let page = sandbox.run(&["man"]).out;
    assert!(page.contains(".TH gm-search 1") && page.contains("gm\\-search query 典型村"), "{page}");
    let page = sandbox.run(&["man", "query"]).out;
    assert!(page.contains(".TH gm-search-query 1") && !sandbox.path().join("query").exists(), "{page}");
    let run = sandbox.run(&["man", "pages"]);
    let written: Vec<String> = std::fs::read_dir(sandbox.path().join("pages"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    for name in ["gm-search.1", "gm-search-query.1", "gm-search-serve.1"] {
        assert!(written.iter().any(|file| file == name) && run.err.contains(name), "{name}: {written:?}");
    }
    let query = std::fs::read_to_string(sandbox.path().join("pages/gm-search-query.1")).unwrap();
    assert!(query.contains("gm\\-search query 港长制"), "{query}");
}
