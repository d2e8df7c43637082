use std::collections::HashMap;

use gm_index::{Cutter, fold};
use serde_json::Value;

use crate::support::Sandbox;

fn reports() -> Sandbox {
    let sandbox = Sandbox::new();
    let report = |year: u16, text: &str| format!("甲县政府工作报告\n（{year}年1月8日）\n\n一、工作回顾\n{text}\n");
    sandbox
        .write("a/甲县_2024.txt", report(2024, "加快脱贫攻坚，加快脱贫攻坚，加快脱贫攻坚，加快脱贫攻坚。发展农业。"));
    let text = "推进“港长制”，“港长制”很好。推进数字经济，推进数字经济。落实“港长制”，落实“港长制”，完成17家。";
    sandbox.write("a/甲县_2025.txt", report(2025, text));
    assert_eq!(sandbox.run(&["build", "a", "-q"]).code, 0);
    sandbox
}

fn find<'v>(keys: &'v Value, word: &str, quoted: bool) -> Option<&'v Value> {
    keys.as_array().unwrap().iter().find(|key| key["word"] == word && key["quoted"] == quoted)
}

#[test]
fn words_and_quoted_terms_stand_on_their_side() {
    let sandbox = reports();
    let compared = sandbox.json(&["keyness", "year:2025", "year:2024", "--least", "2"]);
    let key = find(&compared["over"], "港长制", true).unwrap_or_else(|| panic!("{compared}"));
    assert_eq!(
        (&key["a"], &key["b"], &key["documents_a"], &key["documents_b"]),
        (&4.into(), &0.into(), &1.into(), &0.into())
    );
    assert_eq!(key["example"]["line"], 5);
    assert!(find(&compared["under"], "加快", false).is_some() && find(&compared["over"], "加快", false).is_none());
    let (over, under) = (&compared["over"], &compared["under"]);
    assert!(find(over, "17", false).is_none() && find(under, "17", false).is_none());
    let rest = sandbox.json(&["keyness", "year:2025", "--least", "2"]);
    assert_eq!((&rest["over"], &rest["under"]), (over, under), "what is not of 2025 is of 2024");
    let turned = sandbox.json(&["keyness", "year:2024", "year:2025", "--least", "2"]);
    assert_eq!(turned["under"].as_array().unwrap().len(), over.as_array().unwrap().len());
}

/// Against counting by hand: the sizes and counts, and the two measures from their formulas.
#[test]
fn counts_are_those_of_the_words_of_each_part() {
    let sandbox = reports();
    let compared = sandbox.json(&["keyness", "year:2024", "year:2025", "--least", "1", "-n", "1000"]);
    let mut counts: HashMap<String, [u64; 2]> = HashMap::new();
    for (part, year) in [2024, 2025].into_iter().enumerate() {
        let text = std::fs::read_to_string(sandbox.path().join(format!("a/甲县_{year}.txt"))).unwrap();
        // no word of these texts holds shorter ones that search mode would add, but 脱贫攻坚 and 数字经济 if they are words
        for word in text.lines().flat_map(|line| Cutter::new().words(line)) {
            counts.entry(word).or_default()[part] += 1;
        }
    }
    let keys = || ["over", "under"].into_iter().flat_map(|side| compared[side].as_array().unwrap());
    let [c, d] = ["a", "b"].map(|part| compared[part]["words"].as_f64().unwrap());
    let mut compared_words = 0;
    for key in keys().filter(|key| key["quoted"] == false) {
        let word = key["word"].as_str().unwrap();
        let [a, b] = ["a", "b"].map(|part| key[part].as_u64().unwrap());
        assert_eq!([a, b], counts[&fold(word).text], "{word}");
        let part =
            |seen: f64, all: f64| if seen == 0.0 { 0.0 } else { seen * (seen * (c + d) / (all * (a + b) as f64)).ln() };
        let expected = 2.0 * (part(a as f64, c) + part(b as f64, d));
        assert!((key["log_likelihood"].as_f64().unwrap() - expected).abs() < 1e-9, "{word}");
        compared_words += 1;
    }
    assert!(compared_words > 5, "{compared}");
}

#[test]
fn tables_rows_and_faults() {
    let sandbox = reports();
    let run = sandbox.run(&["keyness", "year:2025", "year:2024", "--least", "2"]);
    assert!(run.out.contains("more in A") && run.out.contains("“港长制”"), "{}", run.out);
    let run = sandbox.run(&["keyness", "year:2025", "year:2024", "--least", "2", "--csv"]);
    assert!(run.out.contains("\n港长制,true,4,0,"), "{}", run.out);
    let side = |word: &str, side: &str| {
        let lines = sandbox.run(&["keyness", "year:2025", "year:2024", "--least", "2", "--jsonl"]).out;
        run.out.lines().any(|row| row.starts_with(word) && row.ends_with(&format!(",{side}")))
            && lines.lines().any(|row| row.contains(word) && row.contains(&format!("\"side\":\"{side}\"")))
    };
    assert!(side("港长制", "over") && side("加快", "under"), "{}", run.out);
    let run = sandbox.run(&["keyness", "year:1999"]);
    assert!(run.code == 1 && run.out.starts_with("no passage matches `year:1999`"), "{run:?}");
    assert_eq!(sandbox.json(&["keyness", "year:1999"])["under"], serde_json::json!([]));
    let run = sandbox.run(&["keyness", "year:2025", "year:2024", "--least", "2", "-n", "0"]);
    assert_eq!(run.code, 0, "there are some, of which none is shown: {run:?}");
    assert_eq!(sandbox.run(&["keyness", "year:2025", "year:2024", "--least", "999"]).code, 1);
}

#[test]
fn what_is_cut_and_what_both_parts_share_is_told() {
    let sandbox = reports();
    let args = ["keyness", "year:2025", "year:2024", "--least", "1", "-n", "1"];
    let compared = sandbox.json(&args);
    let all = sandbox.json(&["keyness", "year:2025", "year:2024", "--least", "1", "-n", "1000"]);
    let counts = |compared: &Value| ["over", "under"].map(|side| compared[side].as_array().unwrap().len() as u64);
    let totals = ["over_total", "under_total"].map(|side| compared[side].as_u64().unwrap());
    assert_eq!((counts(&compared), totals, &compared["shared"]), ([1, 1], counts(&all), &0.into()));
    let [over, under] = totals;
    let told = format!("1 of {over} more in A, 1 of {under} less in A; --limit shows more\n");
    assert_eq!(sandbox.run(&[&args[..], &["--csv"]].concat()).err, told);
    let run = sandbox.run(&["keyness", "part:回顾", "year:2024", "-n", "1000"]);
    assert!(run.err.starts_with("A and B share ") && !run.err.contains("--limit"), "{run:?}");
}

#[test]
fn a_part_has_no_key_words_against_itself() {
    let sandbox = reports();
    let run = sandbox.run(&["keyness", "year:2024", "year:2024", "--least", "1"]);
    assert_eq!(run.code, 1, "{run:?}");
}
