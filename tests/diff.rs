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
