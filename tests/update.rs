//! What a later build makes of what it was given before: renamed, removed and moved files, and what is stated about them.

use crate::build::counts;
use crate::support::Sandbox;

#[test]
fn without_a_path_everything_is_read_again_as_it_was_given() {
    let sandbox = Sandbox::new();
    let none = sandbox.run(&["build"]);
    assert!(none.code == 2 && none.err.contains("name the folder"), "{none:?}");
    sandbox.write("a/a.txt", "甲村");
    sandbox.write("b/b.txt", "乙村");
    sandbox.run(&["build", "a", "--year", "2020"]);
    assert_eq!(counts(&sandbox.json(&["build", "b"])), [1, 0, 0, 0], "what was built before stays");
    assert_eq!(counts(&sandbox.json(&["build"])), [0, 0, 0, 2]);
    sandbox.write("a/c.txt", "丙村");
    assert_eq!(counts(&sandbox.json(&["build"])), [1, 0, 0, 2]);
    assert_eq!(sandbox.json(&["query", "丙村"])["hits"][0]["document"]["year"], 2020);
    // a folder that is not there, or empty, keeps its documents
    std::fs::rename(sandbox.path().join("a"), sandbox.path().join("away")).unwrap();
    let run = sandbox.run(&["build"]);
    assert!(run.code == 2 && run.err.contains("is not there"), "{run:?}");
    std::fs::create_dir(sandbox.path().join("a")).unwrap();
    let run = sandbox.run(&["build"]);
    assert!(run.code == 2 && run.err.contains("holds no document any more"), "{run:?}");
    assert_eq!(sandbox.json(&["query", "村"])["total"]["documents"], 3);
    sandbox.run(&["remove", "a"]);
    assert_eq!(sandbox.json(&["query", "村"])["total"]["documents"], 1);
    assert_eq!(sandbox.run(&["build"]).code, 0);
}

#[test]
fn what_is_stated_about_an_inner_folder_goes_before_in_every_build() {
    let sandbox = Sandbox::new();
    sandbox.write("a/b/x.txt", "甲村");
    sandbox.write("a/y.txt", "乙村");
    sandbox.run(&["build", "a/b", "--year", "2021"]);
    let document = |query: &str| sandbox.json(&["query", query])["hits"][0]["document"].clone();
    for (args, changes) in [
        (&["build", "a", "--year", "2020"][..], [1, 0, 0, 1]),
        (&["build"], [0, 0, 0, 2]),
        (&["build", "a", "--year", "2019"], [0, 1, 0, 1]),
        (&["build", "a", "a/b", "--year", "2018"], [0, 2, 0, 0]),
        (&["build"], [0, 0, 0, 2]),
    ] {
        assert_eq!(counts(&sandbox.json(args)), changes, "{args:?}");
        assert_eq!(document("甲村")["source"], "x.txt", "{args:?}");
    }
    std::fs::remove_dir_all(sandbox.path().join("a/b")).unwrap();
    let run = sandbox.run(&["build", "a"]);
    assert!(run.code == 0 && run.err.contains("1 removed"), "{run:?}");
}

#[test]
fn what_has_gone_stays_with_no_prune() {
    let sandbox = Sandbox::new();
    sandbox.write("r/a.txt", "甲村");
    sandbox.write("r/b.txt", "乙村");
    sandbox.run(&["build", "r"]);
    std::fs::remove_file(sandbox.path().join("r/b.txt")).unwrap();
    let run = sandbox.run(&["build", "r", "--no-prune"]);
    assert!(run.code == 0 && run.err.contains("1 document whose file has gone stays"), "{run:?}");
    assert_eq!(sandbox.json(&["build", "r", "--no-prune"])["vanished"], 1);
    assert_eq!(sandbox.run(&["query", "乙村"]).code, 0);
    assert_eq!(counts(&sandbox.json(&["build", "r"])), [0, 0, 1, 1]);
}

#[test]
fn a_renamed_file_keeps_its_id_and_no_id_is_used_twice() {
    let sandbox = Sandbox::new();
    sandbox.write("r/a.txt", "甲村");
    sandbox.write("r/many.jsonl", "{\"text\":\"丙村\"}\n{\"id\":\"own\",\"text\":\"丁村\"}\n");
    sandbox.run(&["build", "r"]);
    let document = |query: &str| sandbox.json(&["query", query])["hits"][0]["document"].clone();
    let (id, third, fourth) = (document("甲村")["id"].clone(), document("丙村"), document("丁村"));
    let at = |name: &str| sandbox.path().join(name);
    std::fs::create_dir(at("r/sub")).unwrap();
    std::fs::rename(at("r/a.txt"), at("r/sub/z.txt")).unwrap();
    std::fs::rename(at("r/many.jsonl"), at("r/more.jsonl")).unwrap();
    let summary = sandbox.json(&["build", "r"]);
    assert_eq!((counts(&summary), &summary["renamed"]), ([0, 0, 0, 0], &3.into()));
    let moved = document("甲村");
    assert_eq!((&moved["id"], &moved["source"], &moved["title"]), (&id, &"sub/z.txt".into(), &"sub/z.txt".into()));
    assert_eq!((&document("丙村")["id"], &document("丙村")["source"]), (&third["id"], &"more.jsonl:1".into()));
    assert_eq!(document("丁村")["id"], fourth["id"]);
    // the name is free again; its id is not
    sandbox.write("r/a.txt", "乙村");
    sandbox.run(&["build", "r"]);
    assert_ne!(document("乙村")["id"], id);
    assert_eq!(document("甲村")["id"], id);
    assert_eq!(sandbox.json(&["status"])["documents"], 4);
    // the whole folder is renamed, and what is stated of it now differs: read again under the same ids
    std::fs::rename(at("r"), at("s")).unwrap();
    let summary = sandbox.json(&["build", "s", "--year", "2020"]);
    assert_eq!(summary["documents"], 4, "{summary}");
    assert_eq!((&document("甲村")["id"], &document("甲村")["year"]), (&id, &2020.into()));
    assert_eq!(sandbox.run(&["verify"]).code, 0);
    assert_eq!(sandbox.json(&["build"])["unchanged"], 4);
}

#[test]
fn a_stated_id_goes_where_it_is_stated_and_an_update_equals_a_fresh_build() {
    let sandbox = Sandbox::new();
    let line = |id: &str, text: &str| format!("{{\"id\":\"{id}\",\"text\":\"{text}\"}}\n");
    let ids = |index: &str| {
        let index = gm_index::Index::open(sandbox.path().join(index)).unwrap();
        let entries = index.documents().unwrap().into_iter();
        let mut ids: Vec<_> =
            entries.map(|entry| (entry.id.clone(), index.document(&entry.id).unwrap().unwrap().text)).collect();
        ids.sort();
        ids
    };
    let update = |args: &[&str]| {
        let summary = sandbox.json(&[&["build", "r"], args].concat());
        sandbox.json(&[&["--index", "fresh", "build", "r"], args].concat());
        assert_eq!(ids(".gm-search"), ids("fresh"), "{summary}");
        assert_eq!(summary["documents"], ids("fresh").len());
        std::fs::remove_dir_all(sandbox.path().join("fresh")).unwrap();
        let again = sandbox.json(&[&["build", "r"], args].concat());
        assert_eq!(counts(&again), [0, 0, 0, ids(".gm-search").len() as u64]);
        counts(&summary)
    };
    let (first, second) = (line("x1", "甲村"), line("x2", "乙村"));
    sandbox.write("r/v1.jsonl", [&*first, &second].concat());
    assert_eq!(update(&[]), [2, 0, 0, 0]);
    // a new version under a new name
    std::fs::remove_file(sandbox.path().join("r/v1.jsonl")).unwrap();
    sandbox.write("r/v2.jsonl", [&*first, &second, &line("x3", "丙村")].concat());
    assert_eq!(update(&[]), [1, 2, 0, 0]);
    // a line moves to a file that is read later, and to one that is read earlier
    sandbox.write("r/w.jsonl", line("x3", "丙村"));
    sandbox.write("r/v2.jsonl", [&*first, &second].concat());
    assert_eq!(update(&[]), [0, 3, 0, 0]);
    sandbox.write("r/a.jsonl", line("x1", "甲村"));
    sandbox.write("r/v2.jsonl", &second);
    assert_eq!(update(&[]), [0, 2, 0, 1]);
    // two state one: the first has it, and the other, which is as it was, another
    sandbox.write("r/a.jsonl", [&*first, &line("x3", "丁村")].concat());
    update(&[]);
    assert_eq!(sandbox.json(&["query", "丁村"])["hits"][0]["document"]["id"], "x3");
    // renamed as it is, and with something else stated about it
    std::fs::rename(sandbox.path().join("r/v2.jsonl"), sandbox.path().join("r/b.jsonl")).unwrap();
    update(&["--year", "2020"]);
    assert_eq!(sandbox.json(&["query", "乙村"])["hits"][0]["document"]["id"], "x2");
    // what has gone keeps its ids with --no-prune
    std::fs::remove_file(sandbox.path().join("r/b.jsonl")).unwrap();
    sandbox.write("r/c.jsonl", line("x2", "戊村"));
    let summary = sandbox.json(&["build", "r", "--no-prune"]);
    assert_eq!(sandbox.json(&["query", "乙村"])["hits"][0]["document"]["id"], "x2");
    assert_eq!(summary["ids_in_use"][0]["id"], "x2", "{summary}");
    assert_ne!(sandbox.json(&["query", "戊村"])["hits"][0]["document"]["id"], "x2");
    assert_eq!(sandbox.run(&["verify"]).code, 0);
}

#[cfg(unix)]
#[test]
fn nothing_outside_of_what_was_given_is_read_unless_links_are_followed() {
    use std::os::unix::fs::symlink;
    let sandbox = Sandbox::new();
    let at = |name: &str| sandbox.path().join(name);
    sandbox.write("r/a.txt", "甲村");
    sandbox.write("out/secret.txt", "密村");
    sandbox.write("out/corpus.toml", "secret = 1");
    symlink("a.txt", at("r/again.txt")).unwrap();
    symlink(at("out/secret.txt"), at("r/link.txt")).unwrap();
    symlink(at("out"), at("r/folder")).unwrap();
    symlink("..", at("r/loop")).unwrap();
    symlink("nowhere", at("r/broken.txt")).unwrap();
    let run = sandbox.run(&["build", "r"]);
    assert_eq!(run.code, 2, "{run:?}");
    for named in ["link.txt", "folder", "broken.txt", "--follow"] {
        assert!(run.err.contains(named), "{named}: {run:?}");
    }
    assert_eq!(sandbox.json(&["query", "村"])["total"]["documents"], 1);
    let followed = sandbox.json(&["build", "r", "--follow"]);
    assert_eq!(sandbox.json(&["query", "密村"])["total"]["documents"], 1, "{followed}");
    symlink(at("out/corpus.toml"), at("r/corpus.toml")).unwrap();
    let run = sandbox.run(&["build", "r"]);
    assert!(run.err.contains("leads out of its folder") && !run.err.contains("secret = 1"), "{run:?}");
    assert!(run.err.contains("without --follow, which was given for it before"), "{run:?}");
    std::fs::remove_file(at("r/corpus.toml")).unwrap();
    sandbox.run(&["build", "r"]);
    assert_eq!(sandbox.json(&["query", "村"])["total"]["documents"], 1, "as when all is read for the first time");
}

#[test]
fn a_folder_that_holds_nothing_any_more_is_told_of() {
    let sandbox = Sandbox::new();
    sandbox.write("reports/a.txt", "典型村");
    sandbox.write("reports/readme_2025.txt", "港长制");
    sandbox.write("reports/readme.zh-CN.md", "关于文件夹");
    assert_eq!(sandbox.json(&["build", "reports"])["documents"], 2);
    std::fs::remove_file(sandbox.path().join("reports/a.txt")).unwrap();
    std::fs::remove_file(sandbox.path().join("reports/readme_2025.txt")).unwrap();
    for args in [&["build", "reports"][..], &["build"]] {
        let run = sandbox.run(args);
        assert!(run.code == 2 && run.err.contains("it holds no document any more"), "{run:?}");
    }
    std::fs::remove_dir_all(sandbox.path().join("reports")).unwrap();
    let run = sandbox.run(&["build"]);
    assert!(run.code == 2 && run.err.contains("it is not there"), "{run:?}");
    assert_eq!(sandbox.run(&["query", "典型村"]).code, 0);
}
