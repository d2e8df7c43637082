//! Real reports of all kinds, good and bad extractions alike.

use std::path::PathBuf;

use gm_index::{Document, Index};

use crate::support::{Random, root, shared};

/// The UTF-8 texts below a folder of the shared data, sorted.
fn texts(folder: &str) -> Vec<(PathBuf, String)> {
    let Some(root) = shared(folder) else { return Vec::new() };
    let mut texts: Vec<(PathBuf, String)> = walkdir::WalkDir::new(root)
        .into_iter()
        .map(|entry| entry.unwrap().into_path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "txt"))
        .filter_map(|path| Some((path.clone(), String::from_utf8(std::fs::read(path).unwrap()).ok()?)))
        .collect();
    texts.sort();
    texts
}

#[test]
fn law_11_no_report_loses_a_character() {
    let texts = texts("corpus/reports");
    let index = Index::in_memory().unwrap();
    let writer = index.writer().unwrap();
    for (path, text) in &texts {
        let document = Document::from_text(path.to_string_lossy(), text.clone());
        let joined: String = document.passages.iter().map(|passage| &text[passage.range.clone()]).collect();
        assert!(joined == *text, "{} in passages is another text", path.display());
        let lines: Vec<&str> = text.split('\n').collect();
        for passage in &document.passages {
            let first = text[passage.range.clone()].trim().lines().next().unwrap_or_default().trim();
            assert!(
                lines[passage.line as usize - 1].contains(first),
                "{}:{} is not `{first}`",
                path.display(),
                passage.line
            );
        }
        writer.add(&document).unwrap();
    }
    writer.commit().unwrap();
    for (path, text) in &texts {
        let restored = index.document(&path.to_string_lossy()).unwrap().unwrap().text;
        assert!(restored == *text, "{} comes back from the index as another text", path.display());
    }
}

/// One line a section: line, level by indent, heading, role.
fn drawn(document: &Document) -> String {
    let mut drawn = String::new();
    for section in &document.sections {
        let indent = "  ".repeat(section.heading.level as usize);
        let role = section.role.map_or("", |role| role.name());
        drawn += format!("{:>4}{indent}{} {role}", section.line, section.heading).trim_end();
        drawn.push('\n');
    }
    drawn
}

/// Reports of different schemes, whose outlines were read against the source. After a change that is meant, run with
/// `UPDATE_OUTLINES=1` and read the difference.
#[test]
fn outlines_are_as_they_were_read() {
    const REPORTS: [&str; 12] = [
        "town/港门镇_2025",
        "province/广东省_2026",
        "province/甘肃省_2026",
        "province/福建省_2026",
        "province/海南省_2026",
        "province/四川省_2026",
        "province/陕西省_2026",
        "county/呼伦贝尔市海拉尔区_2015",
        "national/全国_1955",
        "national/全国_1978",
        "national/全国_2016",
        "national/全国_2025",
    ];
    for report in REPORTS {
        let Some(path) = shared(&format!("corpus/reports/{report}.txt")) else { return };
        let text = std::fs::read_to_string(path).unwrap().replace("[bookmark: _GoBack]", "");
        let drawn = drawn(&Document::from_text(report, text));
        let snapshot = root().join("tests/data/outlines").join(report.replace('/', "_") + ".txt");
        if std::env::var_os("UPDATE_OUTLINES").is_some() {
            std::fs::create_dir_all(snapshot.parent().unwrap()).unwrap();
            std::fs::write(&snapshot, &drawn).unwrap();
        }
        let read = std::fs::read_to_string(&snapshot).unwrap_or_default();
        let differs = drawn.lines().zip(read.lines()).find(|(now, then)| now != then);
        assert!(
            drawn == read,
            "the outline of {report} has changed, first: {differs:?}\nhelp: see the comment above this test"
        );
    }
}

#[test]
fn no_report_has_sections_from_furniture_or_salutations() {
    for (path, text) in texts("corpus/reports") {
        for section in Document::from_text("x", text).sections {
            let title = section.heading.to_string();
            let is_furniture =
                ["各位代表", "打印", "分享", "扫一扫", "责任编辑", "相关"].iter().any(|word| title.starts_with(word));
            assert!(!is_furniture, "{}:{} `{title}`", path.display(), section.line);
            assert!(title.chars().any(char::is_alphabetic), "{}:{} `{title}`", path.display(), section.line);
        }
    }
}

/// What 30 title blocks state, read by hand; an empty cell is not stated.
#[test]
fn headers_say_what_the_title_blocks_state() {
    let (mut right, mut misses) = (0, Vec::new());
    for row in include_str!("data/headers.tsv").lines().skip(1) {
        let expected: Vec<&str> = row.split('\t').collect();
        let Some(path) = shared(&format!("corpus/reports/{}.txt", expected[0])) else { return };
        let text = std::fs::read_to_string(path).unwrap().replace("[bookmark: _GoBack]", "");
        let meta = Document::from_text("untitled", text).meta;
        let title = if meta.title == "untitled" { String::new() } else { meta.title };
        let found = [
            title,
            meta.kind.unwrap_or_default(),
            meta.level.map_or(String::new(), |level| level.name().to_string()),
            meta.place.join("/"),
            meta.year.map_or(String::new(), |year| year.to_string()),
            meta.session.unwrap_or_default(),
            meta.date.unwrap_or_default(),
            meta.speaker.unwrap_or_default(),
        ];
        for (found, expected_value) in found.iter().zip(&expected[1..]) {
            match found == expected_value {
                true => right += 1,
                false => misses.push(format!("{}: `{found}` for `{expected_value}`", expected[0])),
            }
        }
    }
    let all = right + misses.len();
    assert_eq!(all, 240);
    assert!(right * 100 >= all * 98, "{right} of {all} fields are right; wrong are:\n{}", misses.join("\n"));
    println!("{right} of {all} fields are right {misses:?}");
}

/// Damaged text is text: the outline never panics and loses nothing.
#[test]
fn mutated_reports_lose_nothing() {
    let text = crate::support::report();
    let chars: Vec<char> = text.chars().collect();
    let mut random = Random(0x2545_f491_4f6c_dd1d);
    let mut below = |bound| random.below(bound);
    let odd: Vec<char> =
        "一、（）()第章节条是——：。；\n\r\u{3000} 1.“”［］附件注释各位代表！\u{0}\u{feff}𠮷😀".chars().collect();
    for _ in 0..500 {
        let start = below(chars.len());
        let mut mutant: Vec<char> = chars[start..chars.len().min(start + 1 + below(3000))].to_vec();
        for _ in 0..below(40) {
            let at = below(mutant.len());
            match below(3) {
                0 => mutant[at] = odd[below(odd.len())],
                1 => mutant.insert(at, odd[below(odd.len())]),
                _ if mutant.len() > 1 => drop(mutant.remove(at)),
                _ => {}
            }
        }
        let mutant: String = mutant.into_iter().collect();
        let document = Document::from_text("mutant", mutant.clone());
        let joined: String = document.passages.iter().map(|passage| &mutant[passage.range.clone()]).collect();
        assert!(joined == mutant || document.passages.is_empty() && mutant.trim().is_empty(), "{mutant:?}");
    }
}
