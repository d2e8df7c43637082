use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;

use crate::support::{REPORT, Sandbox, root, shared};

/// A figure as the table has it: indicator, value, unit, direction, modifier, year.
type Fact = [String; 6];

/// The facts of a source in a role.
type Facts = BTreeMap<(String, String), BTreeSet<Fact>>;

/// What a target in words is compared by: whether it follows the economy.
fn words(modifier: &str) -> String {
    if modifier.contains("同步") { modifier.to_string() } else { "in words".to_string() }
}

/// The facts of `tests/data/targets.tsv` by source and role, with the headline indicators of all of them.
fn table() -> (Facts, BTreeSet<String>) {
    let text = std::fs::read_to_string(root().join("tests/data/targets.tsv")).unwrap();
    let (mut facts, mut indicators) = (Facts::new(), BTreeSet::new());
    for line in text.lines().filter(|line| !line.starts_with('#')).skip(1) {
        let cells: Vec<&str> = line.split('\t').collect();
        let [source, role, indicator, value, unit, direction, modifier, year, _] = cells[..] else { panic!("{line}") };
        let of = facts.entry((source.to_string(), role.to_string())).or_default();
        if indicator != "none" {
            let modifier = if value.is_empty() { words(modifier) } else { modifier.to_string() };
            of.insert([indicator, value, unit, direction, &modifier, year].map(String::from));
            indicators.insert(indicator.to_string());
        }
    }
    (facts, indicators)
}

/// What the program found, in the same form.
fn fact(figure: &Value) -> Fact {
    let text = |field: &str| figure[field].as_str().unwrap_or("").to_string();
    let number = |field: &str| figure[field].as_f64().map(|number| number.to_string());
    let value = number("value").map_or(String::new(), |value| match number("to") {
        Some(to) => format!("{value}-{to}"),
        None => value,
    });
    let modifier = if value.is_empty() { words(&text("modifier")) } else { text("modifier") };
    let year = figure["year"].as_u64().map_or(String::new(), |year| match figure["from"].as_u64() {
        Some(from) => format!("{from}-{year}"),
        None => year.to_string(),
    });
    [text("indicator"), value, text("unit"), text("direction"), modifier, year]
}

#[test]
fn headline_targets_of_twenty_reports_are_those_of_the_table() {
    let Some(folder) = shared("corpus/reports") else { return };
    let (facts, indicators) = table();
    let sandbox = Sandbox::new();
    let mut sums: BTreeMap<&str, [usize; 3]> = BTreeMap::new();
    let mut wrong = String::new();
    for ((source, role), expected) in &facts {
        let path = folder.join(source);
        if !path.exists() {
            println!("SKIPPED: `{}` is not there", path.display());
            continue;
        }
        let found = sandbox.json(&["targets", path.to_str().unwrap()]);
        let figures = found["reports"][0]["figures"].as_array().unwrap();
        let of_role = figures.iter().filter(|figure| figure["role"] == role.as_str());
        let mut found: BTreeSet<Fact> = of_role.map(fact).filter(|fact| indicators.contains(&fact[0])).collect();
        // results are judged for the year of review, since the table has that year alone
        if role == "完成" {
            let year = &expected.first().unwrap()[5];
            found.retain(|fact| fact[5] == *year);
        }
        let sum = sums.entry(role).or_default();
        sum[0] += expected.intersection(&found).count();
        sum[1] += expected.len();
        sum[2] += found.len();
        for missing in expected.difference(&found) {
            wrong.push_str(&format!("{source} {role}: missed {missing:?}\n"));
        }
        for extra in found.difference(expected) {
            wrong.push_str(&format!("{source} {role}: wrong {extra:?}\n"));
        }
    }
    for (role, [right, expected, found]) in sums {
        let (recall, precision) = (right as f64 / expected as f64, right as f64 / found as f64);
        println!("{role}: recall {recall:.3} ({right} of {expected}), precision {precision:.3} ({right} of {found})");
        assert!(recall >= 0.95 && precision >= 0.95, "{role}: recall {recall:.3}, precision {precision:.3}\n{wrong}");
    }
    println!("{wrong}");
}

#[test]
fn the_town_has_four_targets_and_two_results_of_its_product() {
    let sandbox = Sandbox::with_corpus();
    let path = format!("corpus/{REPORT}");
    let rows = |args: &[&str]| -> Vec<String> {
        let found = sandbox.json(&[&["targets", &path], args].concat());
        found["reports"][0]["figures"].as_array().unwrap().iter().map(|one| fact(one).join(" ")).collect()
    };
    assert_eq!(
        rows(&["--role", "target"]),
        [
            "地区生产总值 5 % 增长 左右 2025",
            "固定资产投资 6.5 % 增长 左右 2025",
            "社会消费品零售总额 6 % 增长 左右 2025",
            "居民人均可支配收入    同步 2025",
        ]
    );
    let done = rows(&["--role", "完成", "-i", "GDP"]);
    assert_eq!(done, ["地区生产总值 17.7 亿元   2024", "地区生产总值 0.2 % 增长  2024"]);
}

/// However a report is named, it is one.
#[test]
fn a_document_that_is_named_twice_is_read_once() {
    let sandbox = Sandbox::with_corpus();
    sandbox.run(&["build", "corpus"]);
    let path = format!("corpus/{REPORT}");
    let by_filter = format!("file:{REPORT}");
    for names in [[REPORT, REPORT], [REPORT, &by_filter], [&path, &by_filter], [&path, REPORT], [&path, &path]] {
        let found = sandbox.json(&["targets", names[0], names[1]]);
        assert_eq!(found["reports"].as_array().unwrap().len(), 1, "{names:?}");
    }
}

#[test]
fn absent_is_told_from_not_found() {
    let sandbox = Sandbox::with_corpus();
    sandbox.write("none.txt", "某县政府工作报告\n\n各位代表：\n一、2023年工作回顾\n成绩不少。\n");
    let absent = sandbox.json(&["targets", &format!("corpus/{REPORT}")])["reports"][0].clone();
    assert_eq!(absent["statement"]["line"], 28);
    assert!(absent["absent"].as_array().unwrap().contains(&Value::from("城镇新增就业")));
    let run = sandbox.run(&["targets", "none.txt", "--json"]);
    let none = &serde_json::from_str::<Value>(&run.out).unwrap()["reports"][0];
    assert_eq!((run.code, &none["statement"], &none["absent"]), (1, &Value::Null, &Value::Array(Vec::new())));
    let csv = |file: &str| sandbox.run(&["targets", file, "-i", "城镇新增就业", "--csv"]).out;
    assert!(csv(&format!("corpus/{REPORT}")).contains(",城镇新增就业,absent,"));
    assert!(csv("none.txt").contains(",城镇新增就业,not found,"));
    sandbox.write("corpus/nation.txt", "国务院政府工作报告\n\n各位代表：\n今年城镇新增就业1200万人。\n");
    assert!(csv("corpus/nation.txt").contains(",全国,"), "{}", csv("corpus/nation.txt"));
}

#[test]
fn a_list_of_ones_own_and_any_named_thing() {
    let sandbox = Sandbox::new();
    let text =
        "某县政府工作报告\n\n二、2025年工作安排\n今年的主要预期目标是：茶叶产量达到3万吨以上，植树造林15万亩。\n";
    sandbox.write("a.txt", text);
    sandbox.write("list.txt", "茶叶产量: 总量; 吨\n");
    let rows = |args: &[&str]| {
        let found = sandbox.json(&[&["targets", "a.txt"], args].concat());
        let figures = found["reports"][0]["figures"].as_array().unwrap().clone();
        figures.iter().map(|one| one["indicator"].as_str().unwrap().to_string()).collect::<Vec<_>>()
    };
    assert!(rows(&[]).is_empty());
    assert_eq!(rows(&["--indicators", "list.txt"]), ["茶叶产量"]);
    assert_eq!(rows(&["--any"]), ["茶叶产量", "植树造林"]);
    sandbox.write("bad.txt", "茶叶产量 吨\n");
    let run = sandbox.run(&["targets", "a.txt", "--indicators", "bad.txt"]);
    assert!(run.code == 2 && run.err.contains("bad.txt") && run.err.contains("line 1"), "{run:?}");
    let run = sandbox.run(&["targets", "a.txt", "-i", "茶叶"]);
    assert!(run.code == 2 && run.err.contains("--any"), "{run:?}");
    for what in ["GDP", "place:湛江 gdp"] {
        let run = sandbox.run(&["targets", what]);
        assert!(run.code == 2 && run.err.to_lowercase().contains("hint: for an indicator: --indicator gdp"), "{run:?}");
    }
}

#[test]
fn targets_are_set_beside_what_the_next_report_says() {
    let sandbox = Sandbox::new();
    let report = |year: u32, review: &str, targets: &str| {
        format!(
            "湛江市人民政府工作报告\n——{year}年1月8日在湛江市第十五届人民代表大会第四次会议上\n\n一、{}年工作回顾\n{review}\n二、{year}年工作安排\n今年的主要预期目标是：{targets}\n",
            year - 1
        )
    };
    sandbox.write("r/a.txt", report(2024, "成绩不少。", "地区生产总值增长5%左右，固定资产投资增长6%。"));
    sandbox.write("r/b.txt", report(2025, "地区生产总值增长5.2%，固定资产投资完成4913万元。", "地区生产总值增长5%。"));
    sandbox.run(&["build", "r"]);
    let found = sandbox.json(&["targets", "--compare", "place:湛江"]);
    let told: Vec<(&str, &str)> = found["promises"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (one["indicator"].as_str().unwrap(), one["outcome"].as_str().unwrap()))
        .collect();
    assert_eq!(
        told,
        [("地区生产总值", "at-or-above"), ("固定资产投资", "not-comparable"), ("地区生产总值", "no-report")]
    );
    let run = sandbox.run(&["targets", "--compare"]);
    assert!(run.out.contains("growth promised, level told") && run.out.contains("(+0.2个百分点)"), "{}", run.out);
    let run = sandbox.run(&["targets", "--compare", "--csv"]);
    let rows: Vec<&str> = run.out.lines().collect();
    assert!(rows[0].contains(",outcome,kept,difference,unit,target_source,"), "{}", run.out);
    assert!(rows[1].contains(",增长5%左右,5.0,,%,增长5.2%,5.2,%,"), "{}", run.out);
    assert!(rows[1].contains(",at-or-above,,0.2,个百分点,a.txt,") && rows[1].contains(",b.txt,"), "{}", run.out);
    assert!(rows[2].contains(",not-comparable,,,,a.txt,"), "{}", run.out);
}

/// A filter chooses promises, and what became of them is told by a report, whatever other document has its place and year.
#[test]
fn the_next_report_is_found_beside_the_filter_and_other_documents() {
    let sandbox = Sandbox::new();
    for (year, target, done) in [(2015, "6%", "5%"), (2016, "7%", "6.1%")] {
        let text = format!(
            "遂溪县{year}年政府工作报告\n\n一、过去一年工作回顾\n地区生产总值增长{done}。\n\n二、今年工作安排\n主要预期目标是：地区生产总值增长{target}。\n"
        );
        sandbox.write(&format!("r/遂溪_{year}.txt"), text);
        let decision = format!("关于{year}年政府工作报告的决议\n\n会议同意这个报告，地区生产总值增长5%。\n");
        sandbox.write(&format!("r/a_{year}.txt"), decision);
    }
    sandbox.run(&["build", "r", "--place", "广东省/湛江市/遂溪县"]);
    let promises = sandbox.json(&["targets", "--compare", "place:遂溪县", "year:2015"])["promises"].clone();
    assert_eq!(promises[0]["outcome"], "at-or-above", "{promises}");
    assert_eq!((promises.as_array().unwrap().len(), &promises[0]["done_source"]), (1, &"遂溪_2016.txt".into()));
}

/// The year of a report may stand in its file's name alone, and what is absent is of that year too.
#[test]
fn the_year_of_a_name_counts_everywhere() {
    let sandbox = Sandbox::new();
    for (year, target, done) in [(2022, "6%", "5%"), (2023, "7%", "6.1%")] {
        let text = format!(
            "遂溪县政府工作报告\n\n一、过去一年工作回顾\n地区生产总值增长{done}。\n\n二、今年工作安排\n主要预期目标是：地区生产总值增长{target}。\n"
        );
        sandbox.write(&format!("r/遂溪_{year}.txt"), text);
    }
    sandbox.run(&["build", "r", "--place", "广东省/湛江市/遂溪县"]);
    let promises = sandbox.json(&["targets", "--compare"]);
    let of_2022 = promises["promises"].as_array().unwrap().iter().find(|one| one["year"] == 2022);
    assert_eq!(of_2022.map(|one| &one["outcome"]), Some(&"at-or-above".into()), "{promises}");
    let rows = sandbox.run(&["targets", "--year", "2022", "--csv"]).out;
    assert!(rows.lines().skip(1).all(|row| row.contains(",2022,")) && rows.contains("absent"), "{rows}");
    assert!(!sandbox.run(&["targets", "--year", "1999", "--csv"]).out.contains("absent"));
}

/// What a county's report of 2025 tells with this text in it, in one line for each figure.
fn told(text: &str) -> Vec<String> {
    told_by(&format!("遂溪县2025年政府工作报告\n\n{text}\n"))
}

/// The same of a document.
fn told_by(text: &str) -> Vec<String> {
    let document = gm_index::Document::from_text("a", text);
    let told = gm_index::targets(&document, &gm_index::Indicators::shipped(), false);
    let one = |figure: &gm_index::Figure| {
        let from = figure.from.map_or(String::new(), |from| format!("{from}-"));
        let way = figure.direction.map_or("", |way| way.name());
        let number = figure.value.map_or(String::new(), |value| format!("{way}{value}"));
        let unit = figure.unit.as_deref().unwrap_or("");
        let year = figure.year.unwrap_or(0);
        format!("{} {} {number}{unit}{} {from}{year}", figure.indicator, figure.role.name(), figure.modifier)
    };
    told.figures.iter().map(one).collect()
}

/// The same of a sentence in the review.
fn done(sentence: &str) -> Vec<String> {
    told(&format!("一、2024年工作回顾\n{sentence}\n二、2025年工作安排\n做好工作。"))
}

#[test]
fn several_numbers_are_given_to_several_names_or_to_none() {
    let two = |a: &str, b: &str| vec![format!("{a} 2024"), format!("{b} 2024")];
    let (town, country) = ("城镇居民人均可支配收入 完成 增长5%", "农村居民人均可支配收入 完成 增长6%");
    for (sentence, expected) in [
        ("城镇居民、农村居民人均可支配收入分别增长5%、6%。", two(town, country)),
        ("城乡居民人均可支配收入增速分别为5%、6%。", two(town, country)),
        (
            "规上工业增加值、固定资产投资增速分别为7.1%、6.2%。",
            two("规上工业增加值 完成 增长7.1%", "固定资产投资 完成 增长6.2%"),
        ),
        (
            "固定资产投资、社会消费品零售总额同比增长7.1%、6.2%。",
            two("固定资产投资 完成 增长7.1%", "社会消费品零售总额 完成 增长6.2%"),
        ),
        (
            "固定资产投资、社会消费品零售总额均增长8%。",
            two("固定资产投资 完成 增长8%", "社会消费品零售总额 完成 增长8%"),
        ),
        ("单位地区生产总值能耗、主要污染物排放强度分别约为全国平均的70%、60%。", vec![]),
        ("城镇新增就业、脱贫人口稳岗分别完成年计划的118.2%、248.57%。", vec![]),
    ] {
        assert_eq!(done(sentence), expected, "{sentence}");
    }
    assert_eq!(done("城镇、农村居民人均可支配收入分别达到3.6万元、2.1万元，分别增长5%、6%。").len(), 4);
    for sentence in [
        "城镇居民人均可支配收入2.5万元，农村居民人均可支配收入1.5万元，扣除价格因素，分别增长5%和6%。",
        "城镇居民人均可支配收入2.5万元（全县），农村居民人均可支配收入1.5万元，分别增长5%、6%。",
    ] {
        let told = done(sentence);
        assert!(told.len() == 4 && told[2..] == two(town, country), "{told:?}");
    }
    let shared = [("社会消费品零售总额", "4%"), ("固定资产投资", "4%")];
    let shared = shared.map(|(name, number)| format!("{name} 完成 增长{number} 2024"));
    assert_eq!(done("社会消费品零售总额、固定资产投资增长4%。"), shared);
    assert!(done(&format!("{}分别增长5%。", "GDP、".repeat(30_000))).is_empty());
}

#[test]
fn figures_are_of_the_years_that_they_are_said_of() {
    for (sentence, expected) in [
        ("刚刚过去的2024年，实现“十四五”圆满收官。地区生产总值增长5.1%。", vec!["地区生产总值 完成 增长5.1% 2024"]),
        (
            "地区生产总值由2018年的162.4亿元增加到2023年的287.9亿元，年均增长12.1%。",
            vec!["地区生产总值 完成 287.9亿元 2023", "地区生产总值 完成 增长12.1% 2019-2023"],
        ),
        (
            "经济增速2022年以来连续16个季度高于全国。一般公共预算收入增加到12亿元。",
            vec!["一般公共预算收入 完成 12亿元 2024"],
        ),
        ("充分考虑了2035年的需要。地区生产总值增长5%。", vec!["地区生产总值 完成 增长5% 2024"]),
        (
            "上半年，地区生产总值增长4%；固定资产投资增长3%。全年地区生产总值增长5%。",
            vec!["地区生产总值 完成 增长5% 2024"],
        ),
        (
            "全省地区生产总值增长5.5%，全市地区生产总值增长5.2%，全县地区生产总值增长4.8%。",
            vec!["地区生产总值 完成 增长4.8% 2024"],
        ),
        (
            "地区生产总值达到136亿元，较“十三五”末的93亿元增加43亿元，增长46%。",
            vec!["地区生产总值 完成 136亿元 2024", "地区生产总值 完成 增长46% 2021-2024"],
        ),
        ("五年累计，单位国内生产总值能耗下降19.1%。", vec!["单位GDP能耗 完成 下降19.1% 2020-2024"]),
        ("过去三年，森林覆盖率55%。", vec!["森林覆盖率 完成 55% 2024"]),
        ("过去三年，实际利用外资超过16亿美元。", vec!["实际使用外资 完成 16亿美元超过 2022-2024"]),
        ("去年居民消费价格总水平比上年上涨4.8%。", vec!["居民消费价格 完成 增长4.8% 2024"]),
        ("这两年中，地区生产总值增长12%。财政收入占地区生产总值的比重，由2018年的8%提高到2023年的9%。", vec![]),
        (
            "与2020年相比，地区生产总值增长30%；固定资产投资同比增长5%。",
            vec!["地区生产总值 完成 增长30% 2021-2024", "固定资产投资 完成 增长5% 2024"],
        ),
        ("地区生产总值比“十三五”末增长30%。", vec!["地区生产总值 完成 增长30% 2021-2024"]),
        ("地区生产总值比2020年的93亿元增加43亿元。", vec![]),
        ("最困难的去年2月份，地区生产总值下降4%。", vec![]),
    ] {
        assert_eq!(done(sentence), expected, "{sentence}");
    }
    let span = "一、“十四五”时期和2024年工作回顾\n过去的五年极不寻常。\n民生改善。城镇新增就业603人，地区生产总值达到12亿元。\n刚刚过去的2024年很不平凡。\n（一）稳就业。城镇新增就业121人。\n二、2025年工作安排\n做好工作。";
    let jobs = ["城镇新增就业 完成 603人 2020-2024", "地区生产总值 完成 12亿元 2024", "城镇新增就业 完成 121人 2024"];
    assert_eq!(told(span), jobs);
    let span = "一、过去五年工作回顾\n五年累计，城镇新增就业603人。2024年底，城镇化率达到60%；居住条件改善。\n单位国内生产总值能耗下降17.2%。\n二、2025年工作安排\n做好工作。";
    assert_eq!(told(span)[2], "单位GDP能耗 完成 下降17.2% 2020-2024");
    for text in ["2025年，全县地区生产总值较上年增长6%。", "2025年地区生产总值预计增长6%，比上年提高1个百分点。"]
    {
        assert_eq!(told(&format!("二、2025年工作安排\n{text}"))[0], "地区生产总值 目标 增长6% 2025", "{text}");
    }
    let carried = "一、2024年工作回顾\n好。\n二、2025年工作安排\n去年居民消费价格上涨2.6%。把居民消费价格涨幅控制在3.5%左右，是作出的选择。";
    assert_eq!(told(carried)[1], "居民消费价格 目标 增长3.5%左右 2025");
    let average = "二、今后的工作\n第十五个五年计划期间，要扩大开放。到二〇三〇年，出口总额达到八百亿元，平均每年递增百分之八点七。";
    assert_eq!(told(average), ["出口 目标 800亿元 2030", "出口 目标 增长8.7% 2026-2030"]);
    let plans = "一、2024年工作回顾\n好。\n二、“十三五”时期发展成就和“十五五”时期主要目标任务\n地区生产总值年均增长6%以上，人均预期寿命提高1岁。";
    assert!(told(plans).iter().all(|row| row.ends_with(" 2026-2030")), "{:?}", told(plans));
}

#[test]
fn figures_stand_behind_marks_signs_and_announcements() {
    assert_eq!(done("规上工业增加值增长-2.3%，固定资产投资增速为-5.1%。").concat().matches("下降").count(), 2);
    assert_eq!(done("一般公共预算收入12.3亿元，可比增长4%。").len(), 2);
    for (sentence, expected) in [
        ("固定资产投资增长14·1％。", "固定资产投资 完成 增长14.1% 2024"),
        ("固定资产投资额完成90.7亿元。", "固定资产投资 完成 90.7亿元 2024"),
        ("城镇新增就业700多人。", "城镇新增就业 完成 700人多 2024"),
        ("城镇新增就业6600人以上，13亿多人口的大国实现了充分就业。", "城镇新增就业 完成 6600人以上 2024"),
        ("城镇新增就业目标5000人，实际完成4600人。", "城镇新增就业 完成 4600人 2024"),
        ("2024年预期目标为地区生产总值增长5%，实际增长4.2%。", "地区生产总值 完成 增长4.2% 2024"),
    ] {
        assert_eq!(done(sentence), [expected], "{sentence}");
    }
    assert_eq!(done("地区生产总值完成120亿元（同比增长5%）。").len(), 2);
    assert!(done("促进消费、投资、出口协调拉动经济增长。").is_empty());
    let items = ["地区生产总值增长5%左右；", "固定资产投资增长6%左右；", "城镇新增就业3000人以上。"];
    for marks in [["——"; 3], ["1.", "2.", "3."], ["（1）", "（2）", "（3）"], ["一是", "二是", "三是"], [""; 3]]
    {
        let list: Vec<String> = marks.iter().zip(items).map(|(mark, item)| format!("{mark}{item}")).collect();
        for joint in ["\n", ""] {
            let text =
                format!("二、2025年工作安排\n今年的主要预期目标是：{joint}{}\n重点抓好以下工作。", list.join(joint));
            let rows = told(&text);
            assert!(rows.len() == 3 && rows.iter().all(|row| row.contains(" 目标 ")), "{text}: {rows:?}");
        }
    }
}

#[test]
fn what_is_told_of_others_is_not_the_places_own() {
    for (sentence, count) in [
        ("省属企业创新导向更加突出，研发经费投入增长15.6%。", 0),
        ("川渝一体化发展格局加速形成，地区生产总值突破10万亿元。", 0),
        ("扣除房地产开发投资后，固定资产投资增长2.7%。", 0),
        ("猕猴桃综合产值增长8.5%、出口增长53.6%。", 0),
        ("新能源汽车产量增长20%，出口增长53.6%。", 0),
        ("促进内外贸一体化发展，进出口总额达到10亿元。", 1),
        ("扣除价格因素，居民人均可支配收入增长5%。", 1),
        ("规上工业总产值增长6%，出口增长5%。", 1),
        ("粮食产量增长6%，固定资产投资增长5%。", 2),
        ("税收收入10亿元，完成预算的103%，增长4%。", 2),
        ("税收收入10亿元，完成年度目标任务的103%，比上年增长4%。", 2),
        ("税收收入10亿元，完成造林任务的103%，增长4%。", 1),
    ] {
        assert_eq!(done(sentence).len(), count, "{sentence}: {:?}", done(sentence));
    }
}

#[test]
fn an_average_of_years_is_told_from_their_sum() {
    let text = "遂溪县2025年政府工作报告\n\n一、过去五年工作回顾\n五年来，城镇新增就业累计超过452人。\n五年来，城镇新增就业年均超过90人。\n";
    let document = gm_index::Document::from_text("a", text);
    let told = gm_index::targets(&document, &gm_index::Indicators::shipped(), false).figures;
    let shown: Vec<String> = told.iter().map(ToString::to_string).collect();
    assert_eq!(shown, ["累计超过452人", "年均超过90人"]);
}

#[test]
fn a_plan_promises_where_nothing_else_is_said() {
    let plan = "遂溪县国民经济和社会发展第十四个五年规划纲要\n第一章 发展基础\n“十三五”时期，固定资产投资年均增长6%。\n粮食产量达到30万吨。\n第二章 建设现代产业体系\n到2025年，工业增加值达到100亿元。\n第三章 扩大开放\n外贸出口总额年均增长7%以上。\n社会消费品零售总额比上年增长5%。\n";
    let rows = ["固定资产投资 完成 增长6% 2016-2020", "工业增加值 目标 100亿元 2025", "出口 目标 增长7%以上 2021-2025"];
    assert_eq!(told_by(plan), rows);
}

#[test]
fn an_account_reports_where_nothing_else_is_said() {
    let body = "一、综合\n全年地区生产总值98亿元，增长3%。\n二、有关想法\n下一步，要实现地区生产总值增长6%。\n三、下年打算\n一般公共预算收入9亿元。";
    let rows = |year: u16| ["98亿元", "增长3%"].map(|number| format!("地区生产总值 完成 {number} {year}"));
    assert_eq!(told_by(&format!("遂溪县2024年统计公报\n{body}\n")), rows(2024));
    // that it was given in March tells the year before
    assert_eq!(told_by(&format!("统计公报\n2024年3月28日\n遂溪县统计局\n{body}\n")), rows(2023));
    assert!(told_by(&format!("遂溪县2024年6月份工作总结\n{body}\n")).is_empty());
}

#[test]
fn targets_under_the_heading_of_a_year_are_of_that() {
    let heading = |heading: &str| format!("{heading}\n主要预期目标：地区生产总值增长7%。");
    let report = |text: String| {
        told_by(&format!(
            "柯坪县2022年政府工作报告\n——2022年12月28日在柯坪县第十七届人民代表大会第二次会议上\n各位代表：\n一、2022年工作回顾\n好。\n{text}\n"
        ))
    };
    assert_eq!(report(heading("二、2023年工作安排")), ["地区生产总值 目标 增长7% 2023"]);
    assert_eq!(told(&heading("二、“十五五”时期目标和工作安排")), ["地区生产总值 目标 增长7% 2025"]);
}

#[test]
fn what_looks_back_promises_nothing() {
    for text in [
        "一、2024年主要工作\n地区生产总值增长5%。\n二、2025年工作\n做好工作。",
        "一、过去一年工作回顾\n（一）政府自身建设不断加强。\n地区生产总值增长5%。\n二、今年工作\n做好工作。",
        "一、2024年工作回顾\n好。\n二、存在的问题和不足\n地区生产总值增长5%，低于预期目标。",
    ] {
        assert_eq!(told(text), ["地区生产总值 完成 增长5% 2024"], "{text}");
    }
    let plan = "一、“十三五”时期的回顾\n好。\n二、2025年的工作\n地区生产总值增长5%左右。";
    assert_eq!(told(plan), ["地区生产总值 目标 增长5%左右 2025"]);
}
