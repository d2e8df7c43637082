use crate::support::Sandbox;

fn reports() -> Sandbox {
    let sandbox = Sandbox::new();
    let text = "推进农业发展。推进农业生产。推进农业改革。\n公路已经修好。铁路已经修好。桥梁已经修好。\n推进很难。\n";
    sandbox.write("a/甲县_2024.txt", format!("甲县政府工作报告\n（2024年1月8日）\n\n一、工作回顾\n{text}"));
    sandbox
        .write("a/乙县_2025.txt", "乙县政府工作报告\n（2025年1月8日）\n\n一、工作回顾\n坚定不移加快建设农业强县。\n");
    assert_eq!(sandbox.run(&["build", "a", "-q"]).code, 0);
    sandbox
}

#[test]
fn words_near_are_counted_by_side() {
    let sandbox = reports();
    let found = sandbox.json(&["collocates", "农业", "--window", "1", "--least", "1", "-n", "100"]);
    assert_eq!(found["occurrences"], 4);
    let words = found["collocates"].as_array().unwrap();
    let of = |word: &str| words.iter().find(|one| one["word"] == word).unwrap_or_else(|| panic!("{word} in {found}"));
    let counts = |word: &str| ["near", "left", "all", "documents"].map(|field| of(word)[field].as_u64().unwrap());
    assert_eq!(counts("推进"), [3, 3, 4, 1], "once it stands near nothing");
    assert_eq!(counts("建设"), [1, 1, 1, 1]);
    assert_eq!(counts("生产")[..2], [1, 0]);
    assert_eq!(words[0]["word"], "推进");
    assert!(words.iter().all(|one| one["word"] != "公路" && one["word"] != "农业"), "{found}");
    // f = 3, the query stands 4 times, the word 4 times
    assert!((of("推进")["log_dice"].as_f64().unwrap() - (14.0 + (6.0f64 / 8.0).log2())).abs() < 1e-9);
}

#[test]
fn characters_and_filters_narrow_the_window() {
    let sandbox = reports();
    let near = |args: &[&str]| {
        let found = sandbox.json(&[&["collocates", "农业", "--least", "1"], args].concat());
        (found["occurrences"].as_u64().unwrap(), found["words_near"].as_u64().unwrap())
    };
    assert_eq!(near(&["--within", "year:2025"]), (1, 4), "坚定不移 加快 建设 强县");
    assert_eq!(near(&["--within", "year:2025", "--chars", "4"]), (1, 3));
    assert_eq!(near(&["--within", "year:2025", "--chars", "2"]), (1, 2));
    assert_eq!(near(&[]).0, 4);
    let figures = |args: &[&str]| {
        let found = sandbox.json(&[&["collocates"], args, &["--least", "1"]].concat());
        (found["words"].clone(), found["collocates"].clone())
    };
    let within = figures(&["农业", "--within", "year:2025"]);
    assert_eq!(figures(&["year:2025 农业"]), within, "a filter of the query narrows what is elsewhere too");
}

#[test]
fn people_rows_and_absence() {
    let sandbox = reports();
    let run = sandbox.run(&["collocates", "农业"]);
    assert!(run.out.starts_with("农业  4 occurrences; ") && run.out.contains("甲县_2024.txt:5"), "{}", run.out);
    let run = sandbox.run(&["collocates", "农业", "--csv", "--sort", "dice"]);
    assert!(run.out.starts_with("word,near,left,all,documents,log_likelihood,") && run.out.contains("\n推进,3,3,4,1,"));
    let run = sandbox.run(&["collocates", "元宇宙"]);
    assert_eq!((run.code, run.out.as_str()), (1, "nothing found for 元宇宙\n"));
    let run = sandbox.run(&["collocates", "农业", "--within", "year:1990"]);
    assert_eq!((run.code, run.out.as_str()), (1, "nothing matches year:1990\n"));
    let run = sandbox.run(&["collocates", "公路", "--within", "year:2025"]);
    assert_eq!((run.code, run.out.as_str()), (1, "nothing found for 公路 within year:2025\n"));
    assert_eq!(sandbox.json(&["collocates", "农业", "--within", "year:2024"])["within"], "year:2024");
    assert_eq!(sandbox.run(&["collocates", "农业", "--least", "99"]).code, 1);
    let all = sandbox.json(&["collocates", "农业", "--least", "1", "-n", "1"]);
    assert!(all["collocates"].as_array().unwrap().len() == 1 && all["total"].as_u64() > Some(1), "{all}");
    let run = sandbox.run(&["collocates", "农业", "--least", "1", "-n", "0"]);
    assert!(run.code == 0 && !run.out.contains("no word stands near"), "{run:?}");
    let run = sandbox.run(&["collocates", "农业", "--least", "1", "-n", "1", "--csv"]);
    assert_eq!(run.err, format!("1 of {}; --limit shows more\n", all["total"]));
}

#[test]
fn a_window_can_be_as_wide_as_numbers_go() {
    let sandbox = reports();
    let widest = usize::MAX.to_string();
    let all = sandbox.json(&["collocates", "农业", "--window", &widest, "--least", "1"]);
    let wide = sandbox.json(&["collocates", "农业", "--window", "1000", "--least", "1"]);
    assert_eq!(all["words_near"], wide["words_near"]);
}
