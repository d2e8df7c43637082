//! Documents that would command the terminal: whatever a verb prints of them, no control character of theirs gets through.

use crate::support::Sandbox;

/// Clears the screen, renames the window, rings, turns colours on in seven and in eight bits.
const EVIL: &str = "\u{1b}[2J\u{1b}]0;owned\u{7}\u{9b}31m\u{7f}";

#[test]
fn no_control_character_of_a_document_reaches_the_terminal() {
    let sandbox = Sandbox::new();
    let report = |year: u32| {
        format!(
            "甲{EVIL}镇政府工作报告\n\n——{year}年1月8日\n\n一、{}年工作回顾{EVIL}\n（一）典型{EVIL}村有成效。建成“典型{EVIL}村”{year}个，地区生产总值增长5.{}%{EVIL}。\n\n二、{year}年主要目标{EVIL}\n地区生产总值增长6%{EVIL}，典型村再建{year}个{EVIL}。\n",
            year - 1,
            year % 10
        )
    };
    let name = if cfg!(unix) { "a\u{1b}[2J\u{9b}31m" } else { "a" };
    let (first, second) = (format!("r/{name}.txt"), format!("r/{name}2.txt"));
    sandbox.write(&first, report(2024));
    sandbox.write(&second, report(2025));
    sandbox.write("r/many.jsonl", serde_json::json!({"id": format!("own{EVIL}"), "title": format!("题{EVIL}"), "text": report(2023), "place": [format!("省{EVIL}")]}).to_string());
    sandbox.write(&format!("r/{name}.doc"), "?");
    sandbox.write("terms.txt", "典型=典型村\n");
    let own = format!("own{EVIL}");
    let quotation = format!("建成“典型{EVIL}村”2024个");
    let verbs: &[&[&str]] = &[
        &["build", "r", "-v"],
        &["query", "典型", "--explain"],
        &["query", "典型 不在", "--weaker"],
        &["query", "典形村"],
        &["count", "典型", "--by", "document"],
        &["count", "典型", "--by", "place,year"],
        &["kwic", "典型", "--by", "document"],
        &["kwic", "典型", "--by", "place"],
        &["trend", "典型"],
        &["panel", "典型", "--by", "document"],
        &["panel", "--file", "terms.txt", "--by", "place,year"],
        &["keyness", "year:2024"],
        &["collocates", "典型"],
        &["newwords"],
        &["show", &own],
        &["show", "many.jsonl:1"],
        &["show", &first[2..]],
        &["outline", &first],
        &["outline", &own],
        &["targets", &first],
        &["targets"],
        &["dup", &first, &second],
        &["dup", &first],
        &["cite", &quotation],
        &["diff", &first, &second, "--all"],
        &["similar", &own],
        &["status"],
        &["doctor", "--all"],
        &["verify"],
        &["show", "\u{1b}[2J\u{9b}31m"],
        &["outline", &format!("r/{name}.doc")],
        &["remove", &own],
    ];
    let mut printed = 0;
    let mut leaks = Vec::new();
    for verb in verbs {
        for form in [&["--color", "always"][..], &["--json"], &["--jsonl"], &["--csv"]] {
            let is_last = verb[0] == "remove" && form != ["--json"];
            if is_last {
                continue;
            }
            let run = sandbox.run(&[verb, form].concat());
            // a form that a verb does not have is refused by the command line, which says what was typed
            if run.err.contains("unexpected argument") || run.err.contains("cannot be used with") {
                continue;
            }
            for (stream, text) in [("out", &run.out), ("err", &run.err)] {
                let ours = text.replace("\u{1b}[1m", "").replace("\u{1b}[2m", "").replace("\u{1b}[0m", "");
                let ours = ours.replace("\u{1b}[31m", "").replace("\u{1b}[32m", "").replace("\u{1b}[33m", "");
                let evil = ours.find(|c: char| c.is_control() && !matches!(c, '\n' | '\t' | '\r'));
                if let Some(at) = evil {
                    let shown: String = ours[at..].chars().take(40).collect();
                    leaks.push(format!("{verb:?} {form:?} {stream}: {shown:?}"));
                }
            }
            printed += (run.code != 2 && run.out.contains("典型")) as usize;
        }
    }
    assert!(leaks.is_empty(), "{}", leaks.join("\n"));
    println!("{printed} answers showed the text");
    assert!(printed >= 20, "{printed}");
    let inside = std::fs::read_dir(sandbox.path()).unwrap().count();
    assert_eq!(inside, 3, "no name from a document became a path");
}
