//! The laws of the design, each against a slow and obvious oracle; those of changes stand in `changes`.

use std::collections::BTreeMap;

use gm_index::{Document, Index, Options, Query, Synonyms, Tier, fold};

use crate::support::{Random, occurrences, report, shared};

impl Random {
    pub fn substring(&mut self, text: &str, longest: usize) -> String {
        let chars: Vec<char> = text.chars().collect();
        let start = self.below(chars.len());
        let len = 1 + self.below(longest);
        chars[start..chars.len().min(start + len)].iter().collect()
    }
}

pub fn index_of(documents: &[(&str, &str)]) -> Index {
    let index = Index::in_memory().unwrap();
    let writer = index.writer().unwrap();
    for (id, text) in documents {
        writer.add(&Document::from_text(*id, *text)).unwrap();
    }
    writer.commit().unwrap();
    index
}

pub fn all() -> Options {
    Options { limit: usize::MAX, ..Options::default() }
}

/// The lines of the shipped report that are not blank.
fn lines(text: &str) -> BTreeMap<u32, String> {
    let lines = text.lines().enumerate().map(|(at, line)| (at as u32 + 1, line.to_string()));
    lines.filter(|(_, line)| !line.trim().is_empty()).collect()
}

/// How often `run` begins on each line. The date line is wrapped over lines 4 and 5, which are one paragraph.
fn expected(lines: &BTreeMap<u32, String>, run: &str) -> BTreeMap<u32, usize> {
    let mut counts: BTreeMap<u32, usize> = lines.iter().map(|(&line, text)| (line, occurrences(text, run))).collect();
    counts.insert(4, occurrences(&(lines[&4].clone() + &lines[&5]), run) - counts[&5]);
    counts.retain(|_, count| *count > 0);
    counts
}

#[test]
fn law_1_substring_every_run_of_characters_is_found_where_it_stands_and_nowhere_else() {
    let text = report();
    let index = index_of(&[("report", &text)]);
    let by_line = lines(&text);
    let lines: Vec<&String> = by_line.values().collect();
    let mut random = Random(0x9e37_79b9_7f4a_7c15);
    let mut found = 0;
    for _ in 0..1_000 {
        let line = lines[random.below(lines.len())];
        let run = random.substring(line, 12);
        if fold(&run).text.is_empty() {
            continue; // marks alone are looked for as they are typed; the next test has them
        }
        let expected = expected(&by_line, &run);
        let results = index.search(&Query::Phrase(run.clone()), all()).unwrap();
        let mut lines: Vec<u32> = results.hits.iter().map(|hit| hit.line).collect();
        lines.sort_unstable();
        lines.dedup();
        assert_eq!(lines, expected.keys().copied().collect::<Vec<_>>(), "`{run}`");
        assert_eq!(results.total.occurrences as usize, expected.values().sum::<usize>(), "`{run}`");
        found += !expected.is_empty() as usize;
    }
    assert!(found > 900, "help: the sample should mostly be found; digits inside numbers are not, {found} were");
}

#[test]
fn law_1_holds_for_marks_alone() {
    let text = report();
    let index = index_of(&[("report", &text)]);
    for mark in ["“", "”", "、", "（", "”、“"] {
        let results = index.search(&Query::Phrase(mark.to_string()), all()).unwrap();
        assert_eq!(results.total.occurrences as usize, text.matches(mark).count(), "{mark}");
    }
}

/// Strict text is found wherever these very characters stand, inside longer numbers and on either side of dropped marks too.
#[test]
fn law_1_holds_for_strict_text() {
    let text = report().replace("15,394株", "15,394株和1 9 9 8个");
    let index = index_of(&[("report", &text)]);
    let by_line = lines(&text);
    let lines: Vec<&String> = by_line.values().collect();
    let mut random = Random(43);
    let digits = (0..10).map(|digit| digit.to_string());
    let mut runs: Vec<String> = digits.chain(["5%", "394株", "15,39", "9 8个", "025年"].map(String::from)).collect();
    runs.extend((0..300).map(|_| {
        let line = lines[random.below(lines.len())];
        random.substring(line, 6)
    }));
    for run in runs.iter().filter(|run| run.trim() == *run) {
        let begins =
            |line: &&String| line.char_indices().filter(|(at, _)| line[*at..].starts_with(run.as_str())).count();
        let expected: usize = lines.iter().map(begins).sum();
        let results = index.search(&Query::Fixed(run.clone()), all()).unwrap();
        assert_eq!(results.total.occurrences as usize, expected, "`{run}`");
    }
}

#[test]
fn law_6_and_7_highlights_fold_to_the_query_and_exact_means_exact() {
    let text = report();
    let index = index_of(&[("report", &text)]);
    let mut random = Random(42);
    for _ in 0..300 {
        let run = random.substring(&text, 8);
        let Some(query) = run.split_whitespace().next() else { continue };
        let needle = fold(query).text;
        for hit in index.search(&Query::Phrase(query.to_string()), all()).unwrap().hits {
            assert_eq!(hit.tier, Tier::Exact);
            let chars: Vec<char> = hit.snippet.text.chars().collect();
            assert!(!hit.snippet.highlights.is_empty(), "`{query}` in {}", hit.snippet.text);
            for range in hit.snippet.highlights {
                let shown: String = chars[range].iter().collect();
                assert!(shown == query || fold(&shown).text == needle, "`{query}` shows `{shown}`");
            }
        }
    }
}

/// A number below 10^12 in Chinese numerals: sections of four places, 零 where a place is left out.
fn in_characters(number: u64) -> String {
    let digits: Vec<char> = "零一二三四五六七八九".chars().collect();
    let mut text = String::new();
    let mut gap = false;
    for (large, times) in [("亿", 100_000_000), ("万", 10_000), ("", 1)] {
        let section = number / times % 10_000;
        for (small, times) in [("千", 1_000), ("百", 100), ("十", 10), ("", 1)] {
            let digit = (section / times % 10) as usize;
            if digit == 0 {
                gap |= !text.is_empty();
                continue;
            }
            if std::mem::take(&mut gap) {
                text.push('零');
            }
            text.push(digits[digit]);
            text.push_str(small);
        }
        if section > 0 {
            text.push_str(large);
        }
    }
    text
}

#[test]
fn amounts_are_found_by_their_value_however_they_are_written() {
    let mut random = Random(0x51_7c_c1_b7);
    let units = ["元", "亩", "人", "人次", "%", "个"];
    let mut written = Vec::new();
    for _ in 0..400 {
        let most = [9, 99, 9_999, 999_999][random.below(4)];
        let number = 1 + random.below(most) as u64;
        let unit = units[random.below(units.len())];
        let digits = number.to_string();
        let groups = digits.as_bytes().rchunks(3).rev().map(|group| std::str::from_utf8(group).unwrap());
        let (value, number) = match random.below(6) {
            0 => (number, number.to_string()),
            1 => (number, groups.collect::<Vec<_>>().join(",")),
            2 => (number, number.to_string().chars().map(|c| char::from_u32(c as u32 + 0xfee0).unwrap()).collect()),
            3 => (number * 10_000, format!("{number}万")),
            4 => (number * 100_000, format!("{}.{}百万", number / 10, number % 10)),
            _ => (number, in_characters(number)),
        };
        written.push((value, unit, format!("投入{number}{unit}用于建设。")));
    }
    let text: String = written.iter().map(|(_, _, sentence)| format!("{sentence}\n\n")).collect();
    let index = index_of(&[("report", &text)]);
    for _ in 0..300 {
        let [one, two] = [(); 2].map(|()| written[random.below(written.len())].0);
        let (from, to, unit) = (one.min(two), one.max(two), units[random.below(units.len())]);
        let expected = written.iter().filter(|(value, own, _)| *own == unit && (from..=to).contains(value)).count();
        for query in [
            format!("num:{from}{unit}..{to}{unit}"),
            format!("num:{}{unit}..{}{unit}", in_characters(from), in_characters(to)),
        ] {
            let query: Query = query.parse().unwrap();
            assert_eq!(index.count(&query, &[]).unwrap().occurrences as usize, expected, "{query}");
        }
    }
}

/// The shared reports, each with its name, a paragraph a line; and an index of them, long enough to have a filter.
pub fn shared_reports() -> Option<(Vec<(String, String)>, Index)> {
    let folder = shared("corpus/reports")?;
    let mut texts = Vec::new();
    for entry in walkdir::WalkDir::new(folder).sort_by_file_name() {
        let path = entry.unwrap().into_path();
        let is_text = path.extension().is_some_and(|extension| extension == "txt");
        if let Some(text) = is_text.then(|| std::fs::read(&path).unwrap()).and_then(|text| String::from_utf8(text).ok())
        {
            // a line is a paragraph, but where bad extractions left several in one, told apart by their indents
            let is_one = |line: &&str| !line.trim().is_empty() && !line.trim_start().contains("\u{3000}\u{3000}");
            let text: String = text.lines().filter(is_one).map(|line| format!("{line}\n\n")).collect();
            texts.push((path.to_string_lossy().into_owned(), text));
        }
    }
    let documents: Vec<(&str, &str)> = texts.iter().map(|(path, text)| (path.as_str(), text.as_str())).collect();
    let index = index_of(&documents);
    assert!(index.status().unwrap().text_bytes > 2 << 20, "help: too short for what this is for");
    Some((texts, index))
}

/// Paragraph recall and precision on real reports, the text in one segment long enough for its pair filter.
#[test]
fn laws_1_and_2_hold_on_the_shared_reports() {
    let Some((texts, index)) = shared_reports() else { return };
    let lines: Vec<&str> = texts.iter().flat_map(|(_, text)| text.lines()).filter(|line| !line.is_empty()).collect();
    let folded: Vec<String> = lines.iter().map(|line| fold(line).text).collect();
    let mut random = Random(0x2545_f491_4f6c_dd1d);
    let mut tried = [0; 3];
    while tried.iter().sum::<usize>() < 2_000 {
        let line = lines[random.below(lines.len())];
        let mut run = random.substring(line, 12);
        // one in four is changed in one place, so that most of these stand nowhere
        if random.below(4) == 0 {
            let at = run.char_indices().nth(random.below(run.chars().count())).unwrap().0;
            let line = lines[random.below(lines.len())];
            let other = random.substring(line, 1);
            run.replace_range(at..at + run[at..].chars().next().unwrap().len_utf8(), &other);
        }
        let wanted = fold(&run).text;
        if wanted.chars().count() < 2 || run.contains(['"', '“', '”', '「', '『']) {
            continue;
        }
        let holding = lines.iter().zip(&folded).filter(|(_, folded)| folded.contains(&wanted));
        let counts: Vec<usize> = holding.map(|(line, _)| occurrences(line, &run)).filter(|&count| count > 0).collect();
        let found = index.count(&Query::Phrase(run.clone()), &[]).unwrap();
        assert_eq!(found.occurrences as usize, counts.iter().sum::<usize>(), "`{run}`");
        assert!(found.passages as usize >= counts.len(), "`{run}`: a paragraph is at least one passage");
        let is_absent = counts.is_empty();
        let is_han = wanted.chars().all(|c| matches!(c, '\u{4e00}'..='\u{9fff}'));
        tried[if is_absent {
            2
        } else if is_han {
            0
        } else {
            1
        }] += 1;
    }
    assert!(tried.iter().all(|&tried| tried > 100), "help: Han, mixed, absent: {tried:?} are too few of a kind");
}

/// Queries made to hurt are answered or refused, and none is kept long.
#[test]
fn hostile_queries_are_bounded() {
    let text = report();
    let index = index_of(&[("report", &text)]);
    let answers =
        |query: &str| query.parse::<Query>().and_then(|query| index.search(&query, Options::default())).is_ok();
    assert!(answers(&"典型村".repeat(33_334)), "100,002 characters");
    assert!(answers(&vec!["港长制"; 1_000].join(" OR ")) && answers(&vec!["村"; 1_000].join(" ")), "1,000 parts");
    assert!(!answers(&vec!["村"; 10_000].join(" ")), "10,000 parts");
    assert!(answers("((((") && answers("OR") && answers("NOT") && answers("-") && answers("村\0"), "text");
    assert!(answers(&("(".repeat(5_000) + "村" + &")".repeat(5_000))), "too deep for groups: text");
    assert!(!answers("/(((((村{1000}){1000}){1000}){1000}){1000})/"), "a regular expression too large");
    assert!(answers("/(村|村|村)*(村|村)*制$/"), "linear time");
    assert!(answers(&("((1 ".repeat(300) + "/村{40}/")), "groups that never close: linear time");
    assert!(!answers(&vec![r"/\w{45}/"; 100].join(" OR ")), "100 regular expressions");
    assert!(answers("－5") && answers("(－5"), "a wide minus before a digit is text");
}

/// The total that a query has, and the ids of its hits.
pub fn answer(index: &Index, query: &Query) -> (gm_index::Total, Vec<String>) {
    let results = index.search(query, all()).unwrap();
    let mut ids: Vec<String> =
        results.hits.into_iter().filter(|hit| hit.tier == Tier::Exact).map(|hit| hit.id).collect();
    ids.sort();
    (results.total, ids)
}

#[test]
fn law_3_and_4_what_is_folded_makes_no_difference() {
    let text = report();
    let index = index_of(&[("report", &text)]);
    let table = std::fs::read_to_string(crate::support::root().join("index/data/traditional.txt")).unwrap();
    let traditional: BTreeMap<char, char> = table
        .lines()
        .filter(|line| !line.starts_with('#'))
        .map(|line| (line.chars().nth(1).unwrap(), line.chars().next().unwrap()))
        .collect();
    let mut random = Random(3);
    let mut changed = [0; 3];
    for _ in 0..400 {
        let run = random.substring(&text, 8);
        let run = run.split(char::is_whitespace).next().unwrap_or_default();
        let full_width: String = run
            .chars()
            .map(|c| if c.is_ascii_graphic() { char::from_u32(c as u32 + 0xfee0).unwrap() } else { c })
            .collect();
        if full_width != run {
            changed[1] += 1;
            let [narrow, wide] = [run, &full_width].map(|run| answer(&index, &Query::Phrase(run.to_string())));
            assert_eq!(narrow, wide, "`{run}` and `{full_width}`");
        }
        // inside numbers marks and blanks have a meaning of their own
        let Some(run) = run.split(|c: char| !c.is_alphabetic()).max_by_key(|part| part.len()) else { continue };
        if run.is_empty() {
            continue;
        }
        let expected = answer(&index, &Query::Phrase(run.to_string()));
        let other_script: String = run.chars().map(|c| traditional.get(&c).copied().unwrap_or(c)).collect();
        let mut marked = String::new();
        for (at, c) in run.chars().enumerate() {
            let marks = ["“", "”", "、", "（", "》", "+", " ", "\u{3000}"];
            marked.push_str(if at > 0 { marks[random.below(marks.len())] } else { "" });
            marked.push(c);
        }
        for (kind, other) in [(0, other_script), (2, marked)] {
            changed[kind] += (other != run) as usize;
            assert_eq!(answer(&index, &Query::Phrase(other.clone())), expected, "`{run}` and `{other}`");
        }
    }
    assert!(changed[0] > 100 && changed[1] > 30 && changed[2] > 200, "help: too few were changed: {changed:?}");
    for mark in ["，", "。", "；", "：", "！", "？"] {
        let broken = format!("典型{mark}村");
        assert_eq!(answer(&index, &Query::Phrase(broken.clone())).0.passages, 0, "{broken}");
    }
}

#[test]
fn law_5_a_number_is_never_found_inside_a_longer_one() {
    let text = report();
    let index = index_of(&[("report", &text)]);
    let numbers: Vec<&str> = text.split(|c: char| !c.is_ascii_digit() && c != '.').filter(|n| n.len() > 1).collect();
    let mut random = Random(5);
    for _ in 0..300 {
        let number = numbers[random.below(numbers.len())];
        let piece = random.substring(number, 3);
        let expected: usize = lines(&text).values().map(|line| occurrences(line, &piece)).sum();
        // a point at its end is no part of a number
        if !piece.contains('.') {
            assert_eq!(answer(&index, &Query::Phrase(piece.clone())).0.occurrences as usize, expected, "{piece}");
        }
    }
    assert_eq!(answer(&index, &"7亿元".parse().unwrap()).0.passages, 0, "it stands only in 17.7亿元");
}

#[test]
fn law_8_and_and_not_are_an_algebra() {
    let text = report();
    let index = index_of(&[("report", &text)]);
    let mut random = Random(8);
    let mut met = 0;
    for _ in 0..200 {
        let mut term = || Query::Phrase(random.substring(&text, 3).replace(char::is_whitespace, "村"));
        let (a, b) = (term(), term());
        let ids = |query: Query| answer(&index, &query).1;
        let both = ids(Query::And(vec![a.clone(), b.clone()]));
        assert_eq!(both, ids(Query::And(vec![b.clone(), a.clone()])), "{a} {b}");
        let mut parts = [both.clone(), ids(Query::And(vec![a.clone(), Query::Not(Box::new(b.clone()))]))].concat();
        parts.sort();
        assert_eq!(parts, ids(a.clone()), "{a} with and without {b}");
        met += !both.is_empty() as usize;
    }
    assert!(met > 10, "help: too few pairs of terms stand together: {met}");
}

/// Parts that must all stand are looked for only where they can stand together; of alternatives each is looked for everywhere.
#[test]
fn law_8_holds_where_parts_are_looked_for_together() {
    let Some((texts, index)) = shared_reports() else { return };
    let all: Vec<char> = texts.iter().flat_map(|(_, text)| text.chars()).filter(|c| !c.is_ascii_control()).collect();
    let mut random = Random(88);
    let mut found = [0; 12];
    for round in 0..360 {
        // near each other, so that most stand together somewhere
        let [a, b, c] = loop {
            let from = random.below(all.len() - 60);
            let near = &all[from..from + 60];
            let is_han = |piece: &&[char]| piece.iter().all(|c| ('\u{4e00}'..='\u{9fff}').contains(c));
            let pieces: Vec<&[char]> = near.windows(2).chain(near.windows(3)).filter(is_han).collect();
            if pieces.len() > 20 {
                break [(); 3].map(|()| pieces[random.below(pieces.len())].iter().collect::<String>());
            }
        };
        let text = match round % found.len() {
            0 => format!("{a} {b}"),
            1 => format!("{a} {b} {c}"),
            2 => format!("{a} -{b}"),
            3 => format!("{a} ({b} OR {c})"),
            4 => format!("句:({a} {b})"),
            5 => format!("段:({a} {b}) {c}"),
            6 => format!("{a} NEAR/60 {b}"),
            7 => format!("{a} '{b}'"),
            8 => format!("{a} /[0-9]+\\.[0-9]+/"),
            9 => format!("{a} num:1%.."),
            10 => format!("{a} num:1..9 -{b}"),
            _ => format!("{a} 句:({b} OR {c}) year:2020..2026"),
        };
        let query: Query = text.parse().unwrap();
        let together = answer(&index, &query);
        assert_eq!(together, answer(&index, &Query::Or(vec![query])), "{text}");
        found[round % 12] += (together.0.passages > 0) as usize;
    }
    assert!(found.iter().all(|&found| found > 2), "help: too few that find anything: {found:?}");
}

/// What is counted, marked and shown beside the hits of a search is of the same passages.
#[test]
fn facets_marks_and_rows_agree_with_the_search() {
    let text = report();
    let index = index_of(&[
        ("a", &text),
        ("b", "某县政府工作报告\n\n各位代表：\n一、2023年工作回顾\n建设典型村，发展经济。\n"),
    ]);
    let mut random = Random(97);
    let mut queries: Vec<String> =
        (0..60).map(|_| format!("“{}”", random.substring(&text, 6).replace(['“', '”', '\n'], ""))).collect();
    queries.retain(|query| !fold(query).text.trim().is_empty());
    queries.extend(["gdp", "典型村 经济", "港长制|典型村", "十五五", "乡村振兴和火星村建设怎么样"].map(String::from));
    for text in &queries {
        let query: Query = text.parse().unwrap();
        let synonyms = Synonyms::shipped();
        let results = index.search(&query, all()).unwrap();
        let facets = index.facets(&query, &synonyms).unwrap();
        assert_eq!((facets.passages, facets.documents), (results.total.passages, results.total.documents), "{text}");
        let sum: u64 = facets.year.iter().map(|year| year.passages).sum();
        assert!(sum <= facets.passages && facets.place.iter().all(|place| place.passages <= facets.passages), "{text}");
        let (rows, total) = index.concordance_from(&query, 5, 1, 3).unwrap();
        let whole = index.concordance(&query, 5).unwrap();
        assert_eq!((total, rows.as_slice()), (whole.len(), &whole[whole.len().min(1)..whole.len().min(4)]), "{text}");
        for id in ["a", "b"] {
            let (document, marks) = index.marked(id, &query, &synonyms).unwrap().unwrap();
            assert_eq!(document, index.document(id).unwrap().unwrap());
            assert!(marks.windows(2).all(|pair| pair[0].end <= pair[1].start), "{text}");
            let mut marked: Vec<String> = marks.iter().map(|mark| fold(&document.text[mark.clone()]).text).collect();
            let hits = results.hits.iter().filter(|hit| hit.document.id == id);
            let pieces = hits.flat_map(|hit| hit.snippet.pieces().into_iter().filter(|(_, is_match)| *is_match));
            let mut shown: Vec<String> = pieces.map(|(piece, _)| fold(piece).text).collect();
            marked.sort();
            shown.sort();
            assert_eq!(marked, shown, "{text} in {id}");
        }
    }
}

#[test]
fn completions_begin_with_what_was_typed_and_stand_in_the_text() {
    let text = report();
    let index = index_of(&[("a", &text)]);
    let mut random = Random(11);
    for _ in 0..200 {
        let typed = random.substring(&text, 3);
        for completion in index.complete(&typed, 8).unwrap() {
            let expected: usize = text.lines().map(|line| occurrences(line, &completion.text)).sum();
            assert_eq!(completion.occurrences as usize, expected, "{typed}: {completion:?}");
            assert!(completion.text.starts_with(&fold(&typed).text), "{typed}: {completion:?}");
        }
    }
    let first = |typed: &str| index.complete(typed, 8).unwrap().first().map(|completion| completion.text.clone());
    assert_eq!(
        ["典型", "港长", "bqwgc", "gangzhangzhi"].map(first),
        ["典型村", "港长制", "百千万工程", "港长制"].map(|s| Some(s.to_string()))
    );
    assert_eq!([first(""), first(&"很".repeat(99))], [None, None]);
}
