use crate::support::{REPORT, Sandbox, shared};

#[test]
fn repeated_clauses_inside_the_shipped_report() {
    let sandbox = Sandbox::with_corpus();
    let found = sandbox.json(&["dup", &format!("corpus/{REPORT}"), "--within"]);
    let clauses = found["clauses"].as_array().unwrap();
    let of = |text: &str| clauses.iter().find(|clause| clause["text"].as_str().unwrap().contains(text));
    let clause = of("党员干部+妇联+义工+农户+银龄").expect("the clause of five groups");
    assert_eq!(clause["lines"], serde_json::json!([17, 33]));
    assert!(of("坚决遏制耕地“非农化”").is_some());
    let run = sandbox.run(&["dup", &format!("corpus/{REPORT}"), "--within"]);
    assert!(run.out.contains("L17 L33"), "{}", run.out);
}

#[test]
fn a_draft_with_copied_sentences_and_a_place_left_over() {
    let sandbox = Sandbox::with_corpus();
    sandbox.run(&["build", "corpus"]);
    let copied = "压实“港长制”“河长制”“林长制”，构建起全方位、多层次的生态保护体系。";
    sandbox.write(
        "draft.txt",
        format!("安化县政府工作报告\n\n各位代表：\n湖南省益阳市安化县的工作。\n{copied}平乐的茶叶产业发展得好。\n"),
    );
    let found = sandbox.json(&["dup", "draft.txt"]);
    let span = &found["documents"][0]["spans"][0];
    assert_eq!(found["documents"][0]["document"]["source"], REPORT);
    assert_eq!((&span["lines"], &span["other_lines"]), (&serde_json::json!([5, 5]), &serde_json::json!([17, 17])));
    assert!(found["places"].as_array().unwrap().iter().any(|place| place["name"] == "平乐"), "{found}");
    let run = sandbox.run(&["dup", "draft.txt"]);
    assert!(run.code == 0 && run.out.contains("L5 = L17") && run.out.contains("平乐"), "{}", run.out);
    let csv = sandbox.run(&["dup", "draft.txt", "--csv"]).out;
    assert!(csv.starts_with("line,to_line,other,other_line,"), "{csv}");
    sandbox.write("own.txt", "某县政府工作报告\n\n这里没有一句话在别处。\n");
    let run = sandbox.run(&["dup", "own.txt"]);
    assert!(run.code == 1 && run.out.contains("--place"), "{run:?}");
    let run = sandbox.run(&["dup", "none.txt"]);
    assert!(run.code == 2 && run.err.contains("neither a file"), "{run:?}");
}

#[test]
fn extractions_of_one_report_are_the_same() {
    let Some(formats) = shared("corpus/formats/derived") else { return };
    let sandbox = Sandbox::with_corpus();
    let mut compared = 0;
    for name in [
        "港门镇政府工作报告_2025.docx",
        "港门镇政府工作报告_2025.odt",
        "港门镇政府工作报告_2025.pdf",
        "港门镇政府工作报告_2025.rtf",
        "港门镇_gb18030.txt",
    ] {
        let path = formats.join(name);
        if !path.exists() {
            println!("SKIPPED: `{name}` is not there");
            continue;
        }
        let found = sandbox.json(&["dup", path.to_str().unwrap(), &format!("corpus/{REPORT}")]);
        let share = found["documents"][0]["share"].as_f64().unwrap();
        println!("{name}: {share:.3}");
        assert!(share >= 0.9, "{name}: {share}");
        compared += 1;
    }
    assert!(compared > 0);
}

#[test]
fn unlike_reports_are_not_called_copied_because_of_formulas() {
    let Some(reports) = shared("corpus/reports") else { return };
    let sandbox = Sandbox::new();
    sandbox.run(&[
        "build",
        reports.join("province").to_str().unwrap(),
        reports.join("national").to_str().unwrap(),
        "-q",
    ]);
    let path = |name: &str| reports.join(name).to_str().unwrap().to_string();
    for (a, b) in [("广东省", "浙江省"), ("四川省", "江苏省"), ("河南省", "海南省")] {
        let [a, b] = [a, b].map(|name| path(&format!("province/{name}_2026.txt")));
        let found = sandbox.json(&["dup", &a, &b]);
        let of = |field: &str| found[field].as_f64().unwrap();
        println!("{a}: {:.4} copied, {:.4} in formulas", of("share"), of("formula") / of("chars"));
        assert!(of("share") < 0.02, "{a} and {b}: {}", of("share"));
        assert!(of("formula") > of("copied"), "{a} and {b}");
        let all = sandbox.json(&["dup", &a, "-n", "100", "--min", "8"]);
        let spans = all["documents"].as_array().unwrap().iter().flat_map(|one| one["spans"].as_array().unwrap());
        assert!(spans.clone().count() > 100);
        assert!(spans.clone().all(|span| span["formula"].as_u64() <= span["chars"].as_u64()));
    }
}

/// What is said again is every stretch that has an equal one before it, whichever of several that is.
#[test]
fn what_is_said_again_is_counted_whole() {
    let sandbox = Sandbox::new();
    let line = "坚持以人民为中心的发展思想不动摇放松。";
    sandbox.write("a.txt", format!("{line}\n我们坚持以人民为中心的发展思想不动摇停步。\n{line}\n"));
    let found = sandbox.json(&["dup", "a.txt", "--within"]);
    assert_eq!(found["repeated"], 16 + 19);
}

/// What the index has of the file itself is no copy; another file with its text is one, all of it.
#[test]
fn a_twin_is_a_copy_and_the_file_itself_is_not() {
    let sandbox = Sandbox::new();
    let text = "甲县政府工作报告\n\n全县经济社会发展总体水平达到15\n20个重点项目全部开工建设完成投资任务。\n";
    sandbox.write("r/a.txt", text);
    sandbox.write("draft.txt", text);
    sandbox.run(&["build", "r"]);
    let found = sandbox.json(&["dup", "draft.txt"]);
    assert_eq!((&found["copied"], &found["documents"][0]["share"]), (&found["chars"], &1.0.into()));
    for own in ["r/a.txt", "a.txt"] {
        assert_eq!(sandbox.json(&["dup", own])["copied"], 0);
    }
    sandbox.write("r/b.txt", text);
    sandbox.run(&["build", "r"]);
    let found = sandbox.json(&["dup", "r/a.txt"]);
    assert_eq!((&found["copied"], &found["documents_total"]), (&found["chars"], &1.into()));
}

/// Runs close to each other are one span, in which a number that differs is no equal character.
#[test]
fn what_differs_inside_a_span_is_told() {
    let sandbox = Sandbox::new();
    let report = |amount: &str| format!("全年共为创业人员发放小额担保贷款{amount}万元，带动更多群众就近就业。\n");
    sandbox.write("a.txt", report("2150"));
    sandbox.write("b.txt", report("1230"));
    let span = sandbox.json(&["dup", "a.txt", "b.txt"])["documents"][0]["spans"][0].clone();
    let pieces: Vec<(&str, &str)> = span["pieces"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["kind"].as_str().unwrap(), one["text"].as_str().unwrap()))
        .collect();
    assert_eq!(pieces[1..3], [("gone", "2150"), ("new", "1230")], "{span}");
    let same: usize = pieces.iter().filter(|one| one.0 == "same").map(|one| one.1.chars().count()).sum();
    assert_eq!(span["chars"], same);
    let run = sandbox.run(&["dup", "a.txt", "b.txt"]);
    assert!(run.out.contains("贷款[-2150-]{+1230+}万元"), "{}", run.out);
    assert!(sandbox.json(&["dup", "a.txt", "a.txt"])["documents"][0]["spans"][0]["pieces"].is_null());
}

/// A span begins and ends with whole numbers, those of both texts.
#[test]
fn spans_do_not_cut_numbers() {
    let sandbox = Sandbox::new();
    sandbox.write("r/a.txt", "投入2000亿元支持全县农村道路建设增长5.6%\n");
    sandbox.write("draft.txt", "投入1000亿元支持全县农村道路建设增长5\n");
    sandbox.run(&["build", "r"]);
    assert_eq!(sandbox.json(&["dup", "draft.txt"])["documents"][0]["spans"][0]["text"], "亿元支持全县农村道路建设增长");
}

#[test]
fn documents_that_are_not_shown_are_told() {
    let sandbox = Sandbox::new();
    let text = "坚持以人民为中心的发展思想不动摇不放松。";
    for name in ["a", "b", "c"] {
        sandbox.write(&format!("r/{name}.txt"), format!("{text}{name}\n"));
    }
    sandbox.write("draft.txt", text);
    sandbox.run(&["build", "r"]);
    let run = sandbox.run(&["dup", "draft.txt", "-n", "2", "--csv"]);
    assert_eq!((run.out.lines().count(), run.err.as_str()), (3, "2 of 3 documents; --documents shows more\n"));
    assert_eq!(sandbox.json(&["dup", "draft.txt", "-n", "2"])["documents_total"], 3);
}

#[test]
fn the_own_place_is_given_by_its_name() {
    let sandbox = Sandbox::new();
    sandbox.write("a.txt", "湛江市的工作。平乐的茶叶产业发展得好。\n");
    let elsewhere = |place: &str| {
        let found = sandbox.json(&["dup", "a.txt", "a.txt", "--place", place]);
        let places = found["places"].as_array().unwrap().clone();
        places.iter().map(|one| one["name"].as_str().unwrap().to_string()).collect::<Vec<_>>()
    };
    assert_eq!(elsewhere("湛江"), ["平乐"]);
    assert_eq!(elsewhere("广东省,湛江市"), ["平乐"]);
    assert_eq!(elsewhere("广东省湛江市"), ["平乐"]);
    for place in ["火星省", "火星"] {
        let run = sandbox.run(&["dup", "a.txt", "a.txt", "--place", place]);
        assert!(run.code == 2 && run.err.contains(&format!("no single place goes by `{place}`")), "{run:?}");
    }
}
