use serde_json::Value;

use crate::support::{REPORT, Sandbox};

fn walk<'a>(sections: &'a Value, all: &mut Vec<&'a Value>) {
    for section in sections.as_array().unwrap() {
        all.push(section);
        walk(&section["children"], all);
    }
}

#[test]
fn the_shipped_report_has_two_parts_twelve_sections_and_forty_leads() {
    let outline = Sandbox::with_corpus().json(&["outline", &format!("corpus/{REPORT}")]);
    let mut sections = Vec::new();
    walk(&outline["sections"], &mut sections);
    let labelled =
        |level: u64| sections.iter().filter(|section| section["level"] == level && !section["label"].is_null()).count();
    assert_eq!((labelled(1), labelled(2)), (2, 12));
    let leads: Vec<_> = sections.iter().filter(|section| section["level"] == 3).collect();
    assert_eq!(leads.len(), 40);
    assert!(leads.iter().all(|lead| lead["label"].is_null()));
    let unheaded = |role: &str| {
        let found = sections.iter().find(|section| section["role"] == role && section["label"].is_null());
        found.map(|section| section["line"].as_u64().unwrap())
    };
    assert_eq!((unheaded("问题"), unheaded("要求"), unheaded("目标")), (Some(23), Some(27), Some(28)));
    let first = &outline["sections"][0];
    assert_eq!(
        (&first["label"], &first["title"], &first["role"], &first["line"]),
        (&"一".into(), &"2024年工作回顾".into(), &"回顾".into(), &12.into())
    );
    assert_eq!(outline["document"]["evidence"]["date"], "2025年4月8日");
}

#[test]
fn a_file_needs_no_index_and_an_indexed_document_no_file() {
    let sandbox = Sandbox::with_corpus();
    let of_file = sandbox.json(&["outline", &format!("corpus/{REPORT}")]);
    assert!(!sandbox.path().join(".gm-search").exists());
    sandbox.run(&["build", "corpus"]);
    let of_index = sandbox.json(&["outline", REPORT]);
    assert_eq!(of_file["sections"], of_index["sections"]);
    let none = sandbox.run(&["outline", "nothing.txt"]);
    assert_eq!(none.code, 2);
    assert!(none.err.contains("neither a file nor a document"), "{none:?}");
    let folder = sandbox.run(&["outline", "corpus"]);
    assert!(folder.code == 2 && folder.err.contains("`corpus` is a folder"), "{folder:?}");
    sandbox.write("blank.txt", "\n　\n");
    let blank = sandbox.run(&["outline", "blank.txt"]);
    assert!(blank.code == 2 && blank.err.contains("`blank.txt` holds no text"), "{blank:?}");
}

#[test]
fn people_see_a_tree() {
    let run = Sandbox::with_corpus().run(&["outline", &format!("corpus/{REPORT}")]);
    assert!(run.out.contains("\n   12  一、2024年工作回顾  回顾\n   15    （一）聚力产业升级"), "{}", run.out);
    assert!(run.out.contains("session     第十八届第八次会议"), "{}", run.out);
}

/// Two lists that each begin again inside the other are no report; their sections do not lie in each other without end.
#[test]
fn sections_are_nested_sixteen_deep_at_most() {
    let sandbox = Sandbox::new();
    let text: String = (0..3000).map(|n| format!("一、典型村{n}\n（一）标题\n正文内容。\n")).collect();
    sandbox.write("a.txt", text);
    let outline = sandbox.json(&["outline", "a.txt"]);
    let mut all = Vec::new();
    walk(&outline["sections"], &mut all);
    assert_eq!(all.len(), 6000);
    assert!(all.iter().all(|section| (1..=16).contains(&section["level"].as_u64().unwrap())));
}

/// The titles and roles of all sections of a text.
fn sections(text: &str) -> Vec<(String, &'static str)> {
    let document = gm_index::Document::from_text("a", text);
    let one = |section: gm_index::Section| (section.heading.title, section.role.map_or("", gm_index::Role::name));
    document.sections.into_iter().map(one).collect()
}

#[test]
fn what_a_colon_announces_is_part_of_it() {
    let text = "一、2024年工作回顾\n成绩不少。\n我们也清醒看到，还存在不少困难和问题：\n一是经济总量不大。\n二是财政收支矛盾突出。\n对此，我们将努力。\n二、2025年工作安排\n主要预期目标是：\n——经济增长5%。\n——就业稳定。\n重点抓好以下工作：\n（一）抓项目。\n（二）抓招商。\n";
    let roles: Vec<&str> = sections(text).into_iter().map(|(_, role)| role).collect();
    assert_eq!(roles, ["回顾", "问题", "问题", "问题", "任务", "目标", "目标", "目标", "任务", "任务"]);
    let document = gm_index::Document::from_text("a", text);
    let role = |words: &str| {
        let at = text.find(words).unwrap();
        document.passages.iter().find(|passage| passage.range.contains(&at)).unwrap().role.map(gm_index::Role::name)
    };
    assert_eq!((role("对此"), role("重点抓好")), (Some("回顾"), Some("任务")));
}

#[test]
fn items_behind_problems_are_problems_though_nothing_announces_them() {
    let text = "一、过去五年工作回顾\n成绩不少。\n我们也清醒地认识到，工作中还存在不少问题。\n——结构不合理。投资过快。\n——农业基础薄弱。收入不高。\n我们一定要努力。\n二、2025年主要任务\n（一）抓项目。\n";
    let roles: Vec<&str> = sections(text).into_iter().map(|(_, role)| role).collect();
    assert_eq!(roles, ["回顾", "问题", "问题", "问题", "任务", "任务"]);
}

#[test]
fn parts_that_call_for_work_behind_others_are_tasks() {
    let text = "一、1994年工作的回顾\n成绩不少。\n二、促进国民经济健康发展\n农业是基础。\n三、积极促进祖国和平统一大业\n立场不变。\n四、以企业为重点深化改革\n搞好企业。\n";
    let roles: Vec<&str> = sections(text).into_iter().map(|(_, role)| role).collect();
    assert_eq!(roles, ["回顾", "任务", "", "任务"]);
    assert_eq!(sections("一、加强农业\n农业是基础。\n二、促进工业\n工业是主导。\n")[1].1, "");
}

#[test]
fn a_link_that_cuts_a_sentence_leaves_its_role() {
    let text = "一、2026年工作安排\n今年经济社会发展的\n主要预期目标\n是：地区生产总值增长5%。\n（一）抓项目。\n";
    let found = sections(text);
    assert_eq!(found[1], ("今年经济社会发展的主要预期目标".to_string(), "目标"));
    assert_eq!(found[2].1, "任务");
}

#[test]
fn contents_glossaries_and_numbers_said_twice() {
    let listed = "目　录\n一、2024年工作回顾 1\n二、2025年工作 8\n\n一、2024年工作回顾\n成绩不少。\n二、2025年工作\n做好工作。\n";
    assert_eq!(sections(listed).len(), 2);
    let twice =
        "一、2025年工作\n（一）抓项目\n正文。\n（二）抓招商\n正文。\n（二）抓生态\n正文。\n（四）抓民生\n正文。\n";
    assert_eq!(sections(twice).len(), 5);
    for title in ["有关名词解释", "《政府工作报告》相关词语说明", "名词解释", "名词注解", "报告中有关用语解释："]
    {
        let text = format!("一、2024年工作回顾\n成绩不少。\n{title}\n1.专精特新：指企业。\n");
        assert_eq!(sections(&text)[1], (title.trim_end_matches('：').to_string(), "名词解释"));
    }
}

#[test]
fn the_year_of_a_report_that_was_given_at_its_end_is_over() {
    let roles = |month: u8| {
        let text = format!(
            "武昌区2019年工作报告\n——2019年{month}月16日在武昌区第十五届人民代表大会第四次会议上\n一、2019年主要工作\n做好工作。\n二、2020年主要工作\n做好工作。\n"
        );
        sections(&text).into_iter().map(|(_, role)| role).collect::<Vec<_>>()
    };
    assert_eq!((roles(12), roles(1)), (vec!["回顾", "任务"], vec!["任务", "任务"]));
}

/// The level, label and title of all sections of a text.
fn tree(text: &str) -> Vec<String> {
    let sections = gm_index::Document::from_text("a", text).sections.into_iter();
    let one = |heading: gm_index::Heading| {
        format!("{} {} {}", heading.level, heading.label.unwrap_or_default(), heading.title)
    };
    sections.map(|section| one(section.heading)).collect()
}

#[test]
fn notes_behind_a_report_are_its_glossary() {
    let report = "一、2024年工作回顾\n成绩不少。\n二、2025年工作安排\n（一）抓工业。好。\n";
    let last = |notes: &str| sections(&format!("{report}{notes}\n")).split_off(3);
    assert_eq!(last("名词解释\n三张清单：指三张清单。"), [("名词解释".to_string(), "名词解释")]);
    assert_eq!(last("附：\n名词解释\n三张清单：指三张清单。"), [("名词解释".to_string(), "名词解释")]);
    assert_eq!(last("附件2\n名词解释\n三张清单：指三张清单。"), [("名词解释".to_string(), "名词解释")]);
    assert_eq!(last("注：①三张清单：指清单。")[0], ("注".to_string(), "名词解释"));
    assert_eq!(last("注：\n1.三张清单：指清单。")[0], ("注".to_string(), "名词解释"));
    assert_eq!(sections(&report.replace("成绩不少", "注：1为指数")).len(), 3);
}

#[test]
fn decimal_headings_count_up_by_their_parts() {
    let plan = "应急预案\n1  总则\n1.1  编制目的\n规范工作。\n1.2  编制依据\n有关法律。\n2  组织体系\n2.1 应急指挥部\n设指挥部。\n2.1.1 职责\n负责。\n";
    let found = ["1 1 总则", "2 1.1 编制目的", "2 1.2 编制依据", "1 2 组织体系", "2 2.1 应急指挥部", "3 2.1.1 职责"];
    assert_eq!(tree(plan), found);
    assert_eq!(tree(&plan.replace("1  总", "1. 总").replace("2  组", "2. 组")), found);
    assert_eq!(tree("统计表\n1  总则\n2  组织\n2.5 万人\n3  响应\n").len(), 0);
}

#[test]
fn a_text_may_begin_within_a_list() {
    let body = "我们做好各项工作，完成各项任务，取得新的进展。";
    let text =
        format!("二、2025年工作安排\n{body}\n（二）抓项目\n{body}\n（三）抓招商\n{body}\n三、自身建设\n{body}\n");
    let found = ["1 二 2025年工作安排", "2 二 抓项目", "2 三 抓招商", "1 三 自身建设"];
    assert_eq!(tree(&text), found);
    let front = "港门镇2025年工作报告\n各位代表：\n我报告工作。\n";
    let first = tree(&format!("{front}2024年工作回顾\n{body}\n{text}"));
    assert_eq!((first[0].as_str(), &first[1..]), ("1  2024年工作回顾", &found.map(String::from)[..]));
    // a number that does not count on is none, and no part of the words beside others without
    assert!(tree(&text.replace("三、", "五、").replace("（三）", "（五）")).is_empty());
    let among = format!("{front}工业\n经济\n{body}\n工业经济\n{body}\n三、民生事业\n{body}\n");
    assert_eq!(tree(&among), ["1  工业经济", "1 三 民生事业"]);
}

#[test]
fn a_single_heading_without_number_names_the_year_of_work() {
    let opens = |heading: &str| {
        let text = format!(
            "港门镇2025年工作报告\n各位代表：\n我报告工作。\n{heading}\n这一年，我们做好各项工作，取得新的进展。\n（一）抓项目。好。\n（二）抓招商。好。\n"
        );
        sections(&text).into_iter().map(|(_, role)| role).collect::<Vec<_>>()
    };
    assert_eq!(opens("2024年工作回顾"), ["回顾", "回顾", "回顾"]);
    assert_eq!(opens("工作取得新的进展"), ["", ""]);
}

#[test]
fn the_number_of_a_note_at_the_beginning_of_a_line_opens_nothing() {
    let text = "一、2024年工作回顾\n做好六稳\n[1]工作、落实六保[2]任务。\n二、2025年工作安排\n好。\n名词解释\n[1]六稳：稳就业\n[2]六保：保民生\n";
    let found = ["1 一 2024年工作回顾", "1 二 2025年工作安排", "1  名词解释", "2 1 六稳", "2 2 六保"];
    assert_eq!(tree(text), found);
}

#[test]
fn a_lead_has_a_body() {
    let heading =
        |body: &str| tree(&format!("一、2024年工作回顾\n（一）深化改革。{body}\n（二）扩大开放。好。\n")).len();
    assert_eq!(heading("发展是硬道理。必须加快发展。我们做好各项工作，取得新的进展。"), 3);
    assert_eq!(heading("工业稳中有进。增长5%。农业稳中有进。农村稳中有进。增长3%。"), 6);
}

#[test]
fn marks_as_a_scan_leaves_them() {
    let text = "一 、 2024年工作回顾\n好 。\n( 一 ) 工业稳中有进 。 运行平稳 。\n( 二 ) 农业稳步发展 。 粮食丰收 。\n二 、 2025年工作安排\n增长6% 。\n";
    let found = ["1 一 2024年工作回顾", "2 一 工业稳中有进", "2 二 农业稳步发展", "1 二 2025年工作安排"];
    assert_eq!(tree(text), found);
    assert_eq!(tree(&text.replace(" 、", ".").replace("( ", "").replace(" )", ")")), found);
}

#[test]
fn bare_headings_stand_below_those_that_name_the_years_of_parts() {
    let body = "全县完成财政收入1860万元，增长15.2%，各项工作取得新的成效。";
    let titles = ["2012年工作回顾", "产业发展步伐加快", "社会事业协调发展", "2013年工作安排", "大力发展现代农业"];
    let text: String = titles.iter().map(|title| format!("{title}\n{body}\n")).collect();
    let levels = |text: &str| tree(text).iter().map(|line| line[..1].to_string()).collect::<String>();
    assert_eq!(levels(&format!("各位代表：\n{text}")), "12212");
    let enclosed: String = titles.iter().map(|title| format!("【{title}】\n{body}\n")).collect();
    assert_eq!(tree(&format!("各位代表：\n{enclosed}")), tree(&format!("各位代表：\n{text}")));
}

#[test]
fn a_section_that_says_nothing_else_has_the_role_of_its_title() {
    let text = "一、2024年工作安排\n（一）总体要求\n坚持。\n（二）主要目标\n增长6%。\n（三）重点任务\n抓工业。\n";
    let roles: Vec<&str> = sections(text).into_iter().map(|(_, role)| role).collect();
    assert_eq!(roles, ["任务", "要求", "目标", "任务"]);
}
