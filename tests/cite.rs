use crate::support::{REPORT, Sandbox};

const QUOTE: &str = "压实“港长制”“河长制”“林长制”，构建起全方位、多层次的生态保护体系。";

#[test]
fn word_for_word_nearly_and_not() {
    let sandbox = Sandbox::with_corpus();
    sandbox.run(&["build", "corpus"]);
    let exact = sandbox.json(&["cite", QUOTE]);
    assert_eq!((&exact["found"], &exact["places"][0]["line"]), (&"exact".into(), &17.into()));
    assert_eq!(exact["places"][0]["verbatim"], true);
    let near = sandbox.run(&["cite", &QUOTE.replace("林长制", "田长制")]);
    assert!(near.code == 0 && near.out.contains("[-田-]{+林+}"), "{}", near.out);
    let none = sandbox.run(&["cite", "数字经济核心产业增加值占比达到一成"]);
    assert_eq!((none.code, none.out.starts_with("not found")), (1, true), "{none:?}");
}

#[test]
fn signs_that_latex_takes_for_commands_are_escaped() {
    let sandbox = Sandbox::new();
    let line = r#"{"id":"a","title":"A&B_{x} 100% #1 \\ $~^","text":"建成典型村3个。"}"#;
    sandbox.write("r/a.jsonl", line);
    sandbox.run(&["build", "r"]);
    let run = sandbox.run(&["cite", "建成典型村3个。", "--format", "bibtex"]);
    let title = r"title = {A\&B\_\{x\} 100\% \#1 \textbackslash{} \$\textasciitilde{}\textasciicircum{}}";
    assert!(run.out.contains(title), "{run:?}");
}

#[test]
fn references_to_quote() {
    let sandbox = Sandbox::with_corpus();
    sandbox.run(&["build", "corpus"]);
    let of = |format: &str| sandbox.run(&["cite", QUOTE, "--format", format]).out;
    assert_eq!(of("gb7714"), "陈秋壮. 港门镇政府工作报告[R]. 港门镇人民政府, 2025 (2025-04-08).\n");
    assert!(
        of("bibtex").starts_with("@techreport{") && of("bibtex").contains("author = {{陈秋壮}}"),
        "{}",
        of("bibtex")
    );
    assert!(of("text").starts_with("《港门镇政府工作报告》（2025年4月8日，"), "{} {REPORT}", of("text"));
    let run = sandbox.run(&["cite", QUOTE, "--format", "text", "--json"]);
    assert!(run.code == 2 && run.out.is_empty(), "{run:?}");
}

/// A reference is one line, whatever the title; the later in a year comes first.
#[test]
fn references_of_a_year_on_a_line_each() {
    let sandbox = Sandbox::new();
    let line = |id: &str, date: &str| {
        format!(r#"{{"id":"{id}","title":"某某\n条例","date":"{date}","place":"全国","text":"建成典型村3个。"}}"#)
    };
    let lines = [line("a", "2026-02-03"), line("b", "2026-02-05"), line("c", "2026-01-05")];
    sandbox.write("r/a.jsonl", lines.join("\n"));
    sandbox.run(&["build", "r"]);
    let of = |format: &str| sandbox.run(&["cite", "建成典型村3个。", "--format", format]).out;
    let dates = ["2026-02-05", "2026-02-03", "2026-01-05"].map(|date| format!("某某条例[R]. 2026 ({date}).\n"));
    assert_eq!(of("gb7714"), dates.concat());
    assert_eq!(of("text").lines().count(), 3);
}

/// A number is never found inside a longer one, and of many documents the newest come first however few are told.
#[test]
fn whole_numbers_and_the_newest_first() {
    let sandbox = Sandbox::new();
    for year in 2001..2021 {
        let name = format!("r/某县_{year}.txt");
        sandbox
            .write(&name, format!("某县政府工作报告\n\n——{year}年1月5日\n\n一、工作回顾\n投入15亿元用于农田水利。\n"));
    }
    sandbox.run(&["build", "r"]);
    assert_ne!(sandbox.json(&["cite", "5亿元用于农田水利"])["found"], "exact");
    let newest = |limit: &str| {
        sandbox.json(&["cite", "投入15亿元用于农田水利", "-n", limit])["places"][0]["document"]["year"].clone()
    };
    assert_eq!([newest("1"), newest("30")], [2020, 2020]);
    for limit in ["0", "1", "20"] {
        let run = sandbox.run(&["cite", "投入15亿元用于农田水利", "-n", limit]);
        assert!(run.out.starts_with("word for word in 20 documents\n"), "{run:?}");
    }
}
