use serde_json::Value;

use crate::support::{Sandbox, occurrences, report};

#[test]
fn counts_are_those_of_plain_text_search() {
    let sandbox = Sandbox::with_corpus();
    sandbox.run(&["build", "corpus"]);
    let text = report();
    for query in ["村", "典型村", "5%", "1+2+5", "党建引领", "港", "三资交易"] {
        let expected: usize = text.lines().map(|line| occurrences(line, query)).sum();
        assert_eq!(sandbox.json(&["count", query])["occurrences"], expected, "{query}");
    }
}

#[test]
fn groups_add_up_and_those_with_none_are_kept() {
    let sandbox = Sandbox::with_corpus();
    sandbox.write("corpus/other.txt", "某县政府工作报告\n\n各位代表：\n一、2023年工作回顾\n没有这个词。\n");
    sandbox.run(&["build", "corpus"]);
    let counts = sandbox.json(&["count", "典型村", "--by", "document"]);
    let groups = counts["groups"].as_array().unwrap();
    assert_eq!(groups.len(), 2);
    let sum = |field: &str| groups.iter().map(|group| group[field].as_u64().unwrap()).sum::<u64>();
    assert_eq!((sum("occurrences"), sum("passages")), (4, 3));
    assert!(groups.iter().any(|group| group["occurrences"] == 0 && group["chars"].as_u64() > Some(20)));
    assert_eq!(counts["documents"], 1);
}

#[test]
fn a_row_is_a_line_and_what_is_unknown_no_empty_cell() {
    let sandbox = Sandbox::new();
    sandbox.write("r/a.txt", "甲县政府工作报告\n（2025年1月8日）\n\n建设典型村。\n");
    sandbox.write("r/b.txt", "典型村。\n");
    sandbox.run(&["build", "r"]);
    let groups = sandbox.json(&["count", "典型村", "--by", "year"])["groups"].as_array().unwrap().clone();
    let lines = sandbox.run(&["count", "典型村", "--by", "year", "--jsonl"]).out;
    let lines: Vec<Value> = lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!((lines.len(), groups.len()), (2, 2));
    for (line, mut group) in lines.iter().zip(groups) {
        group["query"] = "典型村".into();
        assert_eq!(line, &group);
    }
    let named = sandbox.run(&["count", "村=典型村", "--by", "place,part", "--jsonl"]).out;
    let unknown = named.lines().map(|line| serde_json::from_str::<Value>(line).unwrap()).next_back().unwrap();
    assert_eq!((&unknown["name"], &unknown["query"]), (&"村".into(), &"典型村".into()));
    assert!(unknown["place"].is_null() && unknown["part"].is_null() && unknown.get("place").is_some(), "{unknown}");
    assert_eq!(sandbox.json(&["count", "村=典型村"])["name"], "村");
    assert!(sandbox.json(&["count", "典型村"]).get("name").is_none());
    assert!(sandbox.run(&["count", "典型村", "--by", "year"]).out.contains("\n  –  "));
    assert!(sandbox.run(&["count", "典型村", "--by", "year", "--csv"]).out.contains("典型村,,1,"));
}

#[test]
fn one_place_of_the_text_is_counted_once_in_a_group_of_terms() {
    let sandbox = Sandbox::new();
    sandbox.write("a.txt", "数字经济发展，经济发展。");
    sandbox.run(&["build", "a.txt"]);
    let of = |query: &str| sandbox.json(&["count", query])["occurrences"].clone();
    assert_eq!([of("数字经济"), of("经济"), of("组=数字经济|经济")], [Value::from(1), 2.into(), 2.into()]);
}

#[test]
fn rows_for_spreadsheets() {
    let sandbox = Sandbox::with_corpus();
    sandbox.run(&["build", "corpus"]);
    sandbox.write("terms.txt", "# terms\n数字经济\n村=典型村|自然村\n");
    let run = sandbox.run(&["count", "--file", "terms.txt", "--by", "year", "--csv"]);
    assert_eq!(run.out.lines().next(), Some("query,year,occurrences,passages,chars,words"));
    assert!(run.out.contains("\n数字经济,2025,0,0,") && run.out.contains("\n村,2025,6,4,"), "{}", run.out);
}

#[test]
fn an_operator_that_is_an_argument_of_its_own_is_told() {
    let sandbox = Sandbox::with_corpus();
    sandbox.run(&["build", "corpus"]);
    for operator in ["OR", "或", "非", "&&", "NEAR/5"] {
        let run = sandbox.run(&["count", "典型村", operator, "港长制"]);
        assert!(run.err.contains(&format!("'典型村 {operator} 港长制'")), "{}", run.err);
    }
}

#[test]
fn an_absent_term_counts_nothing_and_says_so() {
    let sandbox = Sandbox::with_corpus();
    sandbox.run(&["build", "corpus"]);
    let run = sandbox.run(&["count", "数字经济"]);
    assert_eq!((run.code, run.out.as_str()), (1, "数字经济  0 occurrences in 0 passages, 0 documents\n"));
}

/// What does not begin with a province says of none.
#[test]
fn provinces_are_provinces() {
    let sandbox = Sandbox::new();
    let places = ["广东省/湛江市", "热河省", "朝阳区", "全国"];
    let line =
        |(at, place): (usize, &&str)| format!(r#"{{"id":"{at}","title":"题","place":"{place}","text":"经济。"}}"#);
    let lines: Vec<String> = places.iter().enumerate().map(line).collect();
    sandbox.write("r/a.jsonl", lines.join("\n"));
    sandbox.run(&["build", "r"]);
    let counts = sandbox.json(&["count", "经济", "--by", "province,level"]);
    let groups = counts["groups"].as_array().unwrap();
    let of = |province: Value| groups.iter().find(|group| group["province"] == province);
    assert!(["广东省", "热河省", "全国"].iter().all(|name| of((*name).into()).is_some()), "{counts}");
    assert!(of(Value::Null).is_some() && groups.len() == 4, "{counts}");
    assert_eq!(
        of("全国".into()).unwrap()["level"],
        sandbox.json(&["count", "经济", "--by", "level"])["groups"][0]["level"]
    );
}

#[test]
fn files_of_one_name_in_two_folders_are_two_documents() {
    let sandbox = Sandbox::new();
    sandbox.write("a/x.txt", "经济。");
    sandbox.write("b/x.txt", "经济，经济。");
    sandbox.run(&["build", "a", "b"]);
    let counts = sandbox.json(&["count", "经济", "--by", "document"]);
    let of_each: Vec<u64> =
        counts["groups"].as_array().unwrap().iter().map(|group| group["occurrences"].as_u64().unwrap()).collect();
    assert_eq!(of_each.iter().sum::<u64>(), 3);
    assert_eq!(of_each.len(), 2, "{counts}");
    let run = sandbox.run(&["count", "经济", "--by", "document"]);
    for group in counts["groups"].as_array().unwrap() {
        assert!(run.out.contains(&format!("x.txt {}", group["id"].as_str().unwrap())), "{}", run.out);
    }
}

/// `count 乡村振兴 level:省` counts two queries, which is seldom what was meant.
#[test]
fn a_query_without_text_beside_others_is_named() {
    let sandbox = Sandbox::with_corpus();
    sandbox.run(&["build", "corpus"]);
    for (verb, args, one) in [
        ("count", ["典型村", "level:镇"].as_slice(), "'典型村 level:镇'"),
        ("trend", &["level:镇", "典型村"], "'level:镇 典型村'"),
        ("count", &["典型村", "NOT", "村"], "'典型村 NOT 村'"),
    ] {
        let run = sandbox.run(&[&[verb], args].concat());
        assert!(run.code == 0 && run.err.starts_with("note: ") && run.err.contains(one), "{run:?}");
    }
    for quiet in [
        ["典型村 level:镇", "村"],
        ["典型村", "--json"],
        ["level:镇", "-q"],
        ["NOT 村 | 典型村", "村"],
        ["/a=b/", "place:广东=村"],
    ] {
        let run = sandbox.run(&[&["count"][..], &quiet].concat());
        assert_eq!(run.err, "", "{quiet:?}");
    }
}
