use serde_json::Value;

use crate::support::{Sandbox, shared};

#[test]
fn two_reports_of_a_place() {
    let sandbox = Sandbox::new();
    let report = |year: u32, body: &str| {
        format!("某镇政府工作报告\n\n一、{}年工作回顾\n成绩不少。\n二、{year}年工作安排\n{body}\n", year - 1)
    };
    sandbox.write(
        "a.txt",
        report(2024, "主要预期目标是：地区生产总值增长6%。压实“港长制”和“河长制”工作责任。清理滩涂垃圾十三吨。"),
    );
    sandbox.write(
        "b.txt",
        report(2025, "主要预期目标是：地区生产总值增长5%左右。压实“港长制”和“林长制”工作责任。发展番薯产业园区。"),
    );
    let run = sandbox.run(&["diff", "a.txt", "b.txt"]);
    assert_eq!(run.code, 0);
    for part in ["增长6%", "增长5%左右", "“[-河长制-]", "+ L", "发展番薯产业园区。", "清理滩涂垃圾十三吨。", "“林长制”"]
    {
        let part = part.replace("“[-河长制-]", "[-河-]{+林+}");
        assert!(run.out.contains(&part), "{part}\n{}", run.out);
    }
    let run = sandbox.run(&["diff", "a.txt", "a.txt"]);
    assert_eq!(run.code, 1);
    let csv = sandbox.run(&["diff", "a.txt", "b.txt", "--csv"]).out;
    assert!(csv.starts_with("kind,section,old_line,new_line,text,old_text\n"), "{csv}");
    assert!(csv.contains(",压实“港长制”和“林长制”工作责任。,压实“港长制”和“河长制”工作责任。\n"), "{csv}");
    assert!(csv.contains("发展番薯产业园区。,\n"), "{csv}");
}

#[test]
fn every_sentence_of_two_national_reports_is_accounted_for() {
    let Some(reports) = shared("corpus/reports/national") else { return };
    let sandbox = Sandbox::new();
    let [a, b] = ["全国_2024.txt", "全国_2025.txt"].map(|name| reports.join(name).to_str().unwrap().to_string());
    let forth = sandbox.json(&["diff", &a, &b]);
    let back = sandbox.json(&["diff", &b, &a]);
    let count = |found: &serde_json::Value, kind: &str| {
        let sections = found["sections"].as_array().unwrap().iter();
        sections.flat_map(|one| one["changes"].as_array().unwrap()).filter(|change| change["kind"] == kind).count()
    };
    assert_eq!(forth["same"], back["same"]);
    assert_eq!(count(&forth, "new") + count(&forth, "reworded"), count(&back, "gone") + count(&back, "reworded"));
    let target = forth["figures"].as_array().unwrap().iter().find(|one| one["indicator"] == "单位GDP能耗").unwrap();
    let value = |side: &str| {
        target[side].as_array().unwrap().iter().find(|one| one["role"] == "目标").unwrap()["value"].clone()
    };
    assert_eq!((value("old"), value("new")), (2.5.into(), 3.0.into()));
}

#[test]
fn what_stands_before_the_first_heading_is_compared_too() {
    let sandbox = Sandbox::new();
    sandbox.write("a.txt", "某县政府工作报告\n\n各位代表：\n\n茶叶产量增长很快。\n\n请予审议。\n");
    sandbox.write("b.txt", "某县政府工作报告\n\n各位代表：\n\n茶叶产量下降很快。\n\n请予审议。\n");
    let found = sandbox.json(&["diff", "a.txt", "b.txt"]);
    let changes: Vec<&Value> =
        found["sections"].as_array().unwrap().iter().flat_map(|one| one["changes"].as_array().unwrap()).collect();
    assert_eq!((found["same"].as_u64(), changes.len()), (Some(1), 1), "{found}");
    assert_eq!(changes[0]["kind"], "reworded");
}

/// What stands in headings is compared too: as names of sections where something stands below them, else as sentences.
#[test]
fn what_stands_in_headings_is_compared_too() {
    let sandbox = Sandbox::new();
    let report = |name: &str, parts: &str| {
        sandbox.write(name, format!("某县政府工作报告\n\n各位代表：\n\n一、工作任务\n{parts}请予审议。\n"));
    };
    let below = "改善供水。\n一是{}所。改善教学。\n二是{}。改善交通。\n";
    let parts = |numbers: [&str; 2]| numbers.iter().fold(below.to_string(), |text, one| text.replacen("{}", one, 1));
    report("a.txt", &format!("（一）民生改善\n{}", parts(["新建学校12", "建设跨海大桥"])));
    report("b.txt", &format!("（一）民生改善\n{}", parts(["新建学校15", "停建跨海大桥"])));
    let run = sandbox.run(&["diff", "a.txt", "b.txt"]);
    assert!(run.code == 0 && run.out.contains("2 reworded, 0 new, 0 gone"), "{run:?}");
    // with nothing below them
    report("c.txt", "（一）新建学校12所\n（二）建设跨海大桥\n");
    report("d.txt", "（一）新建学校15所\n（二）建设跨海大桥\n（三）开通公交线路\n");
    let run = sandbox.run(&["diff", "c.txt", "d.txt"]);
    assert!(run.code == 0 && run.out.contains("1 reworded, 1 new, 0 gone"), "{run:?}");
    // another name, and what is gone under its own
    report("e.txt", "（一）抓好民生改善工作\n改善供水。改善交通。\n");
    report("f.txt", "（一）推进民生改善工作\n改善供水。\n");
    let run = sandbox.run(&["diff", "e.txt", "f.txt", "--csv"]);
    let [old, new] = ["抓好", "推进"].map(|word| format!("一、工作任务 › （一）{word}民生改善工作"));
    for row in [format!("\nheading,{new},,,{new},{old}\n"), format!("\ngone,{old},7,,改善交通。,\n")] {
        assert!(run.out.contains(&row), "{row}{}", run.out);
    }
}
