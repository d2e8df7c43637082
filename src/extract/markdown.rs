//! Markdown (.md, .markdown) to text: the signs that make a line a heading, a quotation, bold or a row of a table are no text
//! (CommonMark 0.31.2, sections 2.4, 4.2, 5.1 and 6.2; GFM 4.10), and neither is what stands at the head of a file for
//! programs.

use anyhow::Result;
use gm_index::Meta;

use super::{Extracted, Given, below, plain};

/// The head of a file has no more lines.
const LONGEST_HEAD: usize = 100;

/// A character of a line; whether a backslash stood before it, so that it is no sign.
type Char = (char, bool);

pub fn read(bytes: &[u8]) -> Result<Extracted> {
    let read = plain::read(bytes)?;
    let lines: Vec<&str> = read.text.split('\n').collect();
    let (head, lines) = lines.split_at(head(&lines));
    let value = |name: &str| {
        let (_, value) = head.iter().filter_map(|line| line.split_once(':')).find(|(key, _)| *key == name)?;
        Some(value.trim().trim_matches(['"', '\''])).filter(|value| !value.is_empty())
    };
    let mut in_table = false;
    let words = lines.iter().enumerate().map(|(at, line)| {
        let is_over_rule = || lines.get(at + 1).is_some_and(|next| is_rule(next));
        in_table = line.contains('|') && (in_table || is_over_rule());
        if in_table && is_rule(line) { String::new() } else { words(line, in_table) }
    });
    let mut text = words.collect::<Vec<_>>().join("\n");
    let title = value("title").filter(|title| below(title, text.clone()) != text);
    // in the place of the head, so that lines keep their numbers
    text.insert_str(0, &"\n".repeat(head.len()));
    text.insert_str(0, title.unwrap_or_default());
    let published = value("date").and_then(|date| Meta::read_date(date.get(..10).unwrap_or(date)));
    Ok(Extracted { text, given: Given { published, ..Given::default() }, ..read })
}

/// How many lines at the beginning are for programs: names with values between two lines of ---.
fn head(lines: &[&str]) -> usize {
    let is_end = |line: &&str| matches!(line.trim_end(), "---" | "...");
    let is_name = |name: &str| name.starts_with(|char: char| char.is_ascii_alphabetic()) && !name.contains(' ');
    let is_pair = |line: &&str| line.split_once(':').is_some_and(|(name, _)| is_name(name));
    let goes_on = |line: &&str| line.starts_with([' ', '\t', '-', '#']) || line.trim().is_empty();
    let Some((first, behind)) = lines.split_first().filter(|(first, _)| first.trim_end() == "---") else { return 0 };
    let end = behind.iter().take(LONGEST_HEAD).position(is_end).map_or(0, |end| end + [first].len());
    let inside = &lines[end.min(1)..end];
    let is_head = inside.iter().any(is_pair) && inside.iter().all(|line| is_pair(line) || goes_on(line));
    if is_head { end + 1 } else { 0 }
}

/// Whether a line parts the names of a table from its rows: |---|:--:|.
fn is_rule(line: &str) -> bool {
    line.contains('|') && line.contains('-') && line.trim().chars().all(|char| "|-: \t".contains(char))
}

/// A line without the signs of Markdown; a row of a table with tabs between its cells.
fn words(line: &str, in_table: bool) -> String {
    let mut line = line;
    while let Some((indent, quoted)) = line.split_once('>')
        && indent.len() <= 3
        && indent.trim_start_matches(' ').is_empty()
    {
        line = quoted.strip_prefix(' ').unwrap_or(quoted);
    }
    let line = heading(line);
    let mut chars: Vec<Char> = Vec::with_capacity(line.len());
    let mut rest = line.chars().peekable();
    while let Some(char) = rest.next() {
        let escaped = rest.next_if(|next| char == '\\' && next.is_ascii_punctuation());
        chars.push((escaped.unwrap_or(char), escaped.is_some()));
    }
    // what is nothing but signs is a line across the page
    if chars.iter().any(|(char, _)| !matches!(char, '*' | '_' | '-' | ' ')) {
        ["**", "__", "*"].iter().for_each(|sign| without_emphasis(&mut chars, sign));
    }
    if !in_table {
        return chars.iter().map(|(char, _)| char).collect();
    }
    let cells = chars.split(|char| *char == ('|', false));
    let cells: Vec<String> = cells.map(|cell| cell.iter().map(|(char, _)| char).collect()).collect();
    let cells: Vec<&str> = cells.iter().map(|cell| cell.trim()).collect();
    let from = usize::from(cells.len() > 1 && cells[0].is_empty());
    let to = cells.len() - usize::from(cells.len() > from + 1 && cells[cells.len() - 1].is_empty());
    cells[from..to].join("\t")
}

/// Takes out the pairs of `sign` that stand around words. CommonMark knows none between a character of Han and a quote, as in
/// 推动**“两重”**建设, which is not what people mean; `_` stands around whole words only.
fn without_emphasis(chars: &mut Vec<Char>, sign: &str) {
    let (length, of) = (sign.len(), sign.chars().next().unwrap_or_default());
    let mut out: Vec<usize> = Vec::new();
    let mut open = None;
    let mut at = 0;
    while at + length <= chars.len() {
        let is_run = chars[at..at + length].iter().all(|char| *char == (of, false));
        let near = |at: Option<usize>| at.and_then(|at| chars.get(at)).map_or(' ', |(char, _)| *char);
        let (before, behind) = (near(at.checked_sub(1)), near(Some(at + length)));
        // a longer run is another sign
        if !is_run || length == 1 && (before == of || behind == of) {
            at += 1;
            continue;
        }
        // in a word or a formula it is none
        let is_within = before.is_ascii_alphanumeric() && behind.is_ascii_alphanumeric();
        let bars = |char: char| is_within || of == '_' && char.is_alphanumeric();
        match open {
            Some(begin) if at > begin + length && !before.is_whitespace() && !bars(behind) => {
                out.extend((begin..begin + length).chain(at..at + length));
                open = None;
            }
            None if !behind.is_whitespace() && !bars(before) => open = Some(at),
            _ => {}
        }
        at += length;
    }
    let mut out = out.into_iter().peekable();
    let mut at = 0..chars.len();
    chars.retain(|_| out.next_if_eq(&at.next().unwrap_or_default()).is_none());
}

/// The words of a heading; any other line as it is.
fn heading(line: &str) -> &str {
    let opening = line.trim_start_matches(' ');
    let behind = opening.trim_start_matches('#');
    let signs = opening.len() - behind.len();
    if line.len() - opening.len() > 3 || !(1..=6).contains(&signs) || !behind.starts_with([' ', '\t']) {
        return line;
    }
    let words = behind.trim();
    let open = words.trim_end_matches('#');
    if open.ends_with([' ', '\t']) { open.trim_end() } else { words }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn headings_of_markdown_are_their_words() {
        let text = "# 港门镇政府工作报告\n\n2025年4月8日\n\n## 一、2024年工作回顾 ##\n\n增长5%。\n#不是标题\n####### 七级\n    # 缩进\n";
        let read = read(text.as_bytes()).unwrap().text;
        let plain = "港门镇政府工作报告\n\n2025年4月8日\n\n一、2024年工作回顾\n\n增长5%。\n#不是标题\n####### 七级\n    # 缩进\n";
        assert_eq!(read, plain);
    }

    #[test]
    fn bold_and_quotations_of_markdown_are_their_words() {
        for (line, plain) in [
            ("**一、2024年工作回顾**", "一、2024年工作回顾"),
            ("## **一、回顾**", "一、回顾"),
            ("**（一）工业稳步增长。** 好。", "（一）工业稳步增长。 好。"),
            ("> > 市长 余庆创", "市长 余庆创"),
            ("***重***", "重"),
            ("*2025年1月8日*", "2025年1月8日"),
            ("    > 缩进", "    > 缩进"),
            ("* 列表", "* 列表"),
            ("**未闭合", "**未闭合"),
            ("* * *", "* * *"),
            ("增长**5%**，推动**“两重”**建设", "增长5%，推动“两重”建设"),
            ("3*4*5、2**3**4 和 ____年__月", "3*4*5、2**3**4 和 ____年__月"),
            ("__重__。（*斜*）* 未闭合", "重。（斜）* 未闭合"),
            (r"5\*3\*2，1\. 甲\乙", r"5*3*2，1. 甲\乙"),
            ("******", "******"),
        ] {
            assert_eq!(words(line, false), plain, "{line}");
        }
    }

    #[test]
    fn heads_and_tables() {
        let text = "---\ntitle: \"港门镇政府工作报告\"\ntags:\n  - 镇\ndate: 2025-04-08T10:00\n---\n| 指标 | **单位** |\n|:--|---|\n| 增速 | 5\\|6 |\n|就业\n\n甲|乙";
        let read_text = read(text.as_bytes()).unwrap();
        assert_eq!(read_text.text, "港门镇政府工作报告\n\n\n\n\n\n指标\t单位\n\n增速\t5|6\n就业\n\n甲|乙");
        assert_eq!(read_text.given.published.as_deref(), Some("2025-04-08"));
        let titled = read("---\ntitle: 报告\n---\n# 报告\n".as_bytes()).unwrap();
        assert_eq!(titled.text, "\n\n\n报告\n");
        for text in ["---\n正文：甲\n---\n乙", "---\n没有尾", "---", ""] {
            assert_eq!(read(text.as_bytes()).unwrap().text, text);
        }
    }
}
