use crate::support::{REPORT, Sandbox};

#[test]
fn key_words_stand_under_each_other() {
    let sandbox = Sandbox::with_corpus();
    sandbox.run(&["build", "corpus"]);
    let run = sandbox.run(&["kwic", "营商环境", "--width", "8"]);
    let lines: Vec<&str> = run.out.lines().collect();
    assert_eq!(lines.len(), 2, "{}", run.out);
    let column = |line: &str| {
        line.split("营商环境").next().unwrap().chars().map(|c| if c.is_ascii() { 1 } else { 2 }).sum::<usize>()
    };
    assert_eq!(column(lines[0]), column(lines[1]), "{}", run.out);
}

#[test]
fn every_occurrence_is_a_row_with_its_line() {
    let sandbox = Sandbox::with_corpus();
    sandbox.run(&["build", "corpus"]);
    let rows = sandbox.run(&["kwic", "村", "--jsonl"]).out;
    assert_eq!(rows.lines().count(), 65);
    let row: serde_json::Value = serde_json::from_str(rows.lines().next().unwrap()).unwrap();
    assert_eq!((&row["match"], &row["line"], &row["year"]), (&"村".into(), &14.into(), &2025.into()));
    assert!(row["left"].as_str().unwrap().ends_with("典型"));
    let first = sandbox.run(&["kwic", "村", "-n", "7", "--csv"]);
    assert_eq!(first.out.lines().count(), 8);
    assert!(sandbox.run(&["kwic", "村", "--csv"]).out.starts_with(&first.out));
    assert_eq!((first.code, first.err.as_str()), (0, "7 of 65\n"));
    let none = sandbox.run(&["kwic", "村", "-n", "0"]);
    assert_eq!((none.code, none.out.as_str(), none.err.as_str()), (0, "", "0 of 65\n"));
    assert_eq!(sandbox.run(&["kwic", "十五五"]).code, 1);
}

#[test]
fn rows_are_set_apart_by_group() {
    let sandbox = Sandbox::with_corpus();
    sandbox.run(&["build", "corpus"]);
    let run = sandbox.run(&["kwic", "营商环境", "--by", "part,year"]);
    let heads: Vec<&str> = run.out.lines().filter(|line| !line.contains("营商环境")).collect();
    assert_eq!(heads, ["回顾 2025 (1)", "任务 2025 (1)"], "{}", run.out);
    // a group has as many as it has, however many are shown
    let run = sandbox.run(&["kwic", "典型村", "--by", "year", "-n", "1"]);
    assert!(run.out.starts_with("2025 (4)\n") && run.out.lines().count() == 2, "{}", run.out);
    assert_eq!(run.err, "1 of 4\n", "what is no row stands beside the rows");
}

#[test]
fn what_is_not_known_comes_last() {
    let sandbox = Sandbox::with_corpus();
    sandbox.write("corpus/0.txt", "建成典型村3个。");
    sandbox.run(&["build", "corpus"]);
    for sort in ["year", "place"] {
        let rows = sandbox.run(&["kwic", "典型村", "--sort", sort, "--csv"]).out;
        assert!(rows.lines().next_back().unwrap().contains(",0.txt,"), "{sort}: {rows}");
    }
    for by in ["place", "year", "level", "part"] {
        let kwic = sandbox.run(&["kwic", "典型村", "--by", by]).out;
        let heads: Vec<&str> = kwic.lines().filter(|line| line.ends_with(')')).collect();
        assert_eq!(heads.last(), Some(&"(unknown) (1)"), "{kwic}");
        let counts = sandbox.json(&["count", "典型村", "--by", by]);
        let last = counts["groups"].as_array().unwrap().last().unwrap();
        assert!(last[by].is_null() && last["occurrences"] == 1, "{counts}");
        let row = sandbox.run(&["kwic", "典型村", "--by", by, "--jsonl"]).out;
        let row: serde_json::Value = serde_json::from_str(row.lines().next_back().unwrap()).unwrap();
        assert!(row[by].is_null(), "{row}");
    }
}

#[test]
fn tables_have_their_head_though_nothing_is_found() {
    let sandbox = Sandbox::with_corpus();
    sandbox.run(&["build", "corpus"]);
    let report = &format!("corpus/{REPORT}");
    sandbox.write("draft.txt", "无关的话。");
    for (none, some) in [
        (vec!["kwic", "不存在的"], vec!["kwic", "典型村"]),
        (vec!["targets", "draft.txt"], vec!["targets", report]),
        (vec!["dup", "draft.txt"], vec!["dup", report]),
        (vec!["diff", report, report], vec!["diff", "draft.txt", report]),
    ] {
        let head = |args: &[&str]| {
            let run = sandbox.run(&[args, &["--csv"]].concat());
            run.out.lines().next().map(String::from).unwrap_or_else(|| panic!("{args:?}: {run:?}"))
        };
        assert_eq!(head(&none), head(&some), "{none:?}");
    }
}
