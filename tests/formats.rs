//! The same report in every format gives the same text, and no damaged file brings the program down.

use std::path::{Path, PathBuf};

use crate::support::{Random, Sandbox, shared};

/// The formats of which every report is exact to the last character that is no blank. Blanks are left out, since a PDF
/// has none but what stands between its characters.
const FORMATS: [&str; 4] = ["docx", "odt", "rtf", "pdf"];

fn bare(text: &str) -> String {
    text.replace("[bookmark: _GoBack]", "").chars().filter(|char| !char.is_whitespace()).collect()
}

/// The text of a file as the index keeps it.
fn indexed(file: &Path) -> String {
    let name = file.file_name().unwrap().to_str().unwrap();
    let sandbox = Sandbox::new();
    sandbox.write(&format!("reports/{name}"), std::fs::read(file).unwrap());
    let built = sandbox.run(&["build", "reports"]);
    assert_eq!(built.code, 0, "{name}: {built:?}");
    let index = gm_index::Index::open(sandbox.path().join(".gm-search")).unwrap();
    let id = index.documents().unwrap()[0].id.clone();
    index.document(&id).unwrap().unwrap().text
}

/// The reports that there are in many formats, each with its plain text.
fn reports() -> Option<[(&'static str, PathBuf); 2]> {
    Some([
        ("港门镇政府工作报告_2025", crate::support::root().join("corpus").join(crate::support::REPORT)),
        ("广东省政府工作报告_2026", shared("corpus/reports/province/广东省_2026.txt")?),
    ])
}

#[test]
fn every_format_gives_the_text_of_the_plain_file() {
    let (Some(folder), Some(reports)) = (shared("corpus/formats/derived"), reports()) else { return };
    for (name, plain) in reports {
        let plain = bare(&std::fs::read_to_string(plain).unwrap());
        for format in FORMATS {
            let text = bare(&indexed(&folder.join(format!("{name}.{format}"))));
            let differ = text.chars().zip(plain.chars()).position(|(a, b)| a != b);
            let at = differ.unwrap_or(text.chars().count().min(plain.chars().count())).saturating_sub(10);
            let excerpt = |text: &str| text.chars().skip(at).take(40).collect::<String>();
            assert!(text == plain, "{name}.{format}: `{}` is `{}`", excerpt(&plain), excerpt(&text));
        }
    }
}

#[test]
fn a_file_is_read_as_what_its_bytes_say() {
    let sandbox = Sandbox::new();
    let page = "<!DOCTYPE html><p>典型<b>村</b>";
    sandbox.write("r/a.txt", page);
    sandbox.write("r/b.docx", page);
    sandbox.write("r/c.html", r"{\rtf1 \u20856?\u22411?\u26449?\par}");
    sandbox.write("r/d.html", "MIME-Version: 1.0\nContent-Type: multipart/related;\n\n典型=\n村");
    for name in ["e.docx", "f.pdf", "g.rtf"] {
        sandbox.write(&format!("r/{name}"), "某镇政府工作报告\n\n建设典型村。\n");
    }
    sandbox.write("r/h.docx", "no archive");
    let run = sandbox.run(&["build", "r"]);
    assert!(run.err.contains("h.docx") && !run.err.contains("e.docx"), "{run:?}");
    assert!(run.code == 2 && run.err.contains("d.html") && run.err.contains("(web archive)"), "{run:?}");
    let found = sandbox.json(&["query", "典型村"]);
    assert_eq!(found["total"]["documents"], 6, "{found:#}");
    assert_eq!(sandbox.json(&["query", "DOCTYPE"])["total"]["documents"], 0);
}

/// Offices save rich text, pages and .docx under the old name, and browsers a page under that of the program which made it.
#[test]
fn what_is_called_doc_is_read_as_what_it_is() {
    let sandbox = Sandbox::new();
    sandbox.write("r/a.doc", "{\\rtf1\\ansi\\uc0 \\u20856\\u22411\\u26449\\par}");
    sandbox.write("r/b.wps", "<html><body><p>典型村</p></body></html>");
    sandbox.write("r/c.doc", "典型村的文字。");
    sandbox.write("r/d.aspx", "<!DOCTYPE html><title>页</title><p>典型村</p>");
    sandbox.write("r/e.php", "<?php echo 'x' ?>");
    sandbox.write("r/f.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1".repeat(64));
    let run = sandbox.run(&["build", "r"]);
    assert!(run.code == 2 && run.err.contains("e.php") && run.err.contains("f.doc"), "{run:?}");
    assert!(run.err.contains("save it as .docx") && run.err.contains("save the page as .html"), "{run:?}");
    assert_eq!(sandbox.json(&["query", "典型村"])["total"]["documents"], 4, "{run:?}");
    assert_eq!(sandbox.run(&["outline", "r/b.wps"]).code, 0);
    assert_eq!(sandbox.run(&["outline", "r/f.doc"]).code, 2);
}

#[test]
fn what_cannot_be_read_is_named() {
    let Some(folder) = shared("corpus/formats/derived") else { return };
    let sandbox = Sandbox::new();
    for (name, reason) in
        [("港门镇政府工作报告_2025.doc", "save it as .docx"), ("港门镇政府工作报告_2025_扫描.pdf", "only images")]
    {
        sandbox.write(&format!("{name}/{name}"), std::fs::read(folder.join(name)).unwrap());
        let built = sandbox.run(&["build", name]);
        assert_eq!(built.code, 2, "{built:?}");
        assert!(built.err.contains(reason), "{built:?}");
    }
}

#[test]
fn a_file_that_is_larger_than_any_report_is_named_and_stops_nothing() {
    let sandbox = Sandbox::new();
    sandbox.write("r/a.txt", "典型村");
    // it takes no room, and there is no memory that holds it
    std::fs::File::create(sandbox.path().join("r/b.txt")).unwrap().set_len(1 << 40).unwrap();
    for args in [&["build", "r"][..], &["outline", "r/b.txt"]] {
        let run = sandbox.run(args);
        assert!(
            run.code == 2 && run.err.contains("it is larger than 256 MB") && run.err.contains("divide it"),
            "{run:?}"
        );
    }
    assert_eq!(sandbox.json(&["query", "典型村"])["total"]["documents"], 1);
}

#[cfg(target_os = "linux")]
#[test]
fn a_name_that_is_not_in_utf_8_is_told_of_the_file_and_of_no_line() {
    use std::os::unix::ffi::OsStrExt;
    let sandbox = Sandbox::new();
    sandbox.write("r/a.txt", "典型村");
    for name in [&b"\xff.jsonl"[..], b"\xff.txt"] {
        let path = sandbox.path().join("r").join(std::ffi::OsStr::from_bytes(name));
        std::fs::write(path, "{\"text\":\"甲村\"}\n").unwrap();
    }
    let run = sandbox.run(&["build", "r"]);
    for name in ["jsonl", "txt"] {
        assert!(run.err.contains(&format!(".{name}`: its name is not in UTF-8; rename it")), "{run:?}");
    }
    assert!(run.code == 2 && !sandbox.run(&["doctor"]).out.contains("not in the index yet"), "{run:?}");
}

#[test]
fn a_page_of_the_government_is_its_article() {
    let Some(folder) = shared("corpus/formats/html") else { return };
    let text = indexed(&folder.join("国务院关于2018年度国家科学技术奖励的决定.html"));
    assert!(text.starts_with("国务院关于2018年度"), "{text}");
    assert!(!text.contains("主题分类"));
}

#[test]
fn a_font_with_a_predefined_map_is_read() {
    let Some(folder) = shared("corpus/formats/pdf-text") else { return };
    let text = indexed(&folder.join("烟草专卖零售许可证核发服务指南.pdf"));
    assert!(bare(&text).contains("三、审批依据1.《中华人民共和国烟草专卖法》第三条：国家对"), "{text}");
}

#[test]
fn damaged_files_bring_nothing_down() {
    let Some(folder) = shared("corpus/formats") else { return };
    let samples = FORMATS.map(|format| folder.join(format!("derived/港门镇政府工作报告_2025.{format}")));
    let page = folder.join("html/国务院关于2018年度国家科学技术奖励的决定.html");
    let mut random = Random(0x2545_f491_4f6c_dd1d);
    let mut next = |bound| random.below(bound);
    for sample in samples.iter().chain([&page]) {
        let bytes = std::fs::read(sample).unwrap();
        let extension = sample.extension().unwrap().to_str().unwrap();
        let sandbox = Sandbox::new();
        for mutant in 0..200 {
            let mut bytes = bytes.clone();
            if mutant % 4 == 0 {
                bytes.truncate(next(bytes.len()));
            } else {
                for _ in 0..=next(20) {
                    let at = next(bytes.len());
                    bytes[at] = next(256) as u8;
                }
            }
            sandbox.write(&format!("mutants/{mutant}.{extension}"), bytes);
        }
        let built = sandbox.run(&["build", "mutants"]);
        assert!(matches!(built.code, 0 | 2), "{extension}: {built:?}");
        assert!(!built.err.contains("panicked"), "{extension}: {built:?}");
    }
}

/// What a file's bytes mean is told by its name: renamed from one format to another it is read anew, and keeps its id.
#[test]
fn a_file_renamed_to_another_format_is_read_as_that() {
    let sandbox = Sandbox::new();
    sandbox.write("r/a.txt", "# 港长制\n\n典型村。\n");
    sandbox.run(&["build", "r"]);
    let id = || sandbox.json(&["query", "典型村"])["hits"][0]["document"]["id"].as_str().unwrap().to_string();
    let before = id();
    std::fs::rename(sandbox.path().join("r/a.txt"), sandbox.path().join("r/a.md")).unwrap();
    sandbox.run(&["build", "r"]);
    assert_eq!(id(), before);
    let shown = sandbox.run(&["show", &before]).out;
    assert!(shown.contains("港长制") && !shown.contains('#'), "{shown}");
}
