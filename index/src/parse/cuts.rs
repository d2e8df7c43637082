//! Tells where paragraphs begin within a line: in a whole report on one line, whose paragraphs an indent of two ideographic
//! spaces or the blanks and numbers before headings tell apart, and in a title block on one line with the salutation.

use crate::parse::marks::{Class, LONG_TITLE, OPENS_SPEECH, is_han_digit, numbered};
use crate::patterns::{Pattern, patterns};

/// Lines longer than this, in bytes, may hold several paragraphs.
const LONG_LINE: usize = 3_000;

/// A text may be all on one line that has more bytes.
const ONE_LINE: usize = 600;

/// A title block on one line with the beginning of the speech has at most so many characters before the salutation.
const LONG_FRONT: usize = 200;

/// A heading within a line, with the blanks around it, has fewer bytes.
const LONG_HEADING: usize = 1_000;

/// The indent of a paragraph in Chinese typography (GB/T 9704-2012, 7.3.3: two characters).
const INDENT: &str = "\u{3000}\u{3000}";

patterns! {
    SPEECH = OPENS_SPEECH;
    // what ends a line of a title block, and what begins one
    LINE_END = "报 ?告(?:[（(][^（()）]{1,8}[）)])?\\s|(?:会议|大会)上?[）)]?\\s";
    // a heading that has lost its end, before the first words of its part
    JOINED = "^((?:[^。！；：:，,\\s]|[0-9] 年){2,40}?(?:回顾|总结|任务|安排|部署|打算|思路|目标))(?:[0-9]{4} ?年|本届|今年|今后|去年|过去)";
    DAY = "[—－―–-]*[（(]?(?:[0-9]{4}|[〇零○O0一二三四五六七八九]{4})(?:年[0-9一二三四五六七八九十]{1,3}月[0-9一二三四五六七八九十]{1,3}日|[-./][0-9]{1,2}[-./][0-9]{1,2})";
}

/// Where the paragraphs begin of a line that holds a report, or most of a text of `whole` bytes; nowhere in any other line.
pub(crate) fn cuts(line: &str, whole: usize) -> Vec<usize> {
    let mut cuts = Vec::new();
    if line.len() >= LONG_LINE && line.matches(INDENT).count() >= 4 {
        let mut before = 0;
        for (at, _) in line.match_indices(INDENT) {
            // several indents in a row are one
            if !line[std::mem::replace(&mut before, at)..at].trim().is_empty() {
                cuts.push(at);
            }
        }
    } else if line.len() >= ONE_LINE
        && 2 * line.len() >= whole
        && ["一、", "一）", "一)"].iter().any(|mark| line.contains(mark))
    {
        cuts = headings(line);
        if !cuts.is_empty() {
            // then blanks behind sentences are what is left of the ends of lines
            cuts.extend(line.match_indices(['。', '！']).filter_map(|(at, mark)| blank(line, at + mark.len())));
            cuts.sort_unstable();
            cuts.dedup();
        }
    }
    cuts
}

/// The end of the blanks that stand at `at`, if some do and more than blanks stands behind them.
fn blank(line: &str, at: usize) -> Option<usize> {
    let rest = line[at..].trim_start();
    let end = line.len() - rest.len();
    (end > at && !rest.is_empty()).then_some(end)
}

/// The text from `at` on as far as a heading can go: of a report on one line that is little, and there are thousands.
fn beginning(line: &str, at: usize) -> &str {
    let mut end = line.len().min(at + LONG_HEADING);
    while !line.is_char_boundary(end) {
        end -= 1;
    }
    &line[at..end]
}

/// Where headings begin in a line, behind a sentence or a blank, and what stands behind those that end with a blank. Numbers count where
/// they follow each other; a first one alone does if blanks stand on both sides.
fn headings(line: &str) -> Vec<usize> {
    let found = marks(line);
    let mut cuts = Vec::new();
    let (mut part, mut item) = (0, 0);
    for (index, &(at, class, number)) in found.iter().enumerate() {
        let last = if class == Class::Han { &mut part } else { &mut item };
        let behind = &found[index + 1..];
        // items are counted within their part
        let next = || behind.iter().find(|(_, other, _)| *other <= class);
        let counts_on = || next().is_some_and(|&(_, other, next)| (other, next) == (class, 2));
        let end = heading_end(beginning(line, at)).map(|end| at + end);
        let is_apart = || end.is_some() && line[..at].ends_with(' ') && line[..at].trim_end().ends_with(['。', '！']);
        if number != *last + 1 && number != 1 || number == 1 && !counts_on() && !is_apart() {
            continue;
        }
        *last = number;
        if class == Class::Han {
            item = 0;
        }
        cuts.extend([Some(at), end].into_iter().flatten());
    }
    cuts
}

/// The marks 一、 and （一） of a line that stand behind a sentence or a blank.
fn marks(line: &str) -> Vec<(usize, Class, u32)> {
    let mut found = Vec::new();
    let begins = |at: usize| {
        let before = &line[..at];
        let words = before.trim_end();
        words.ends_with(['。', '！'])
            || words.len() < before.len() && !words.ends_with(['；', ';', '：', ':', '，', ','])
    };
    for (at, mark) in line.match_indices(['、', '）', ')']) {
        let digits = line[..at].trim_end_matches(is_han_digit);
        let start = if mark == "、" { digits } else { digits.trim_end_matches(['（', '(']) }.len();
        let is_mark = digits.len() < at && (mark == "、" || start < digits.len()) && begins(start);
        if is_mark && let Some(heading) = numbered(beginning(line, start)) {
            found.push((start, heading.class, heading.number));
        }
    }
    found.retain(|(_, class, _)| matches!(class, Class::Han | Class::HanParenthesized));
    found
}

/// Where a heading ends that a blank closes, in bytes with the blank, or one of a part that nothing closes.
fn heading_end(heading: &str) -> Option<usize> {
    let (at, mark) = heading.match_indices(['、', '）', ')']).next()?;
    let words = heading[at + mark.len()..].trim_start();
    if mark == "、"
        && let Some(joined) = JOINED.captures(words)
    {
        return Some(heading.len() - words.len() + joined[1].len());
    }
    let (title, _) = words.split_once([' ', '\u{3000}'])?;
    let length = title.chars().take(LONG_TITLE + 1).count();
    // 一、2018 年经济社会发展 goes on
    let is_title = (4..=LONG_TITLE).contains(&length)
        && !title.ends_with(|c: char| c.is_ascii_digit())
        && !title.contains(['。', '；', '：', ':']);
    is_title.then(|| blank(heading, heading.len() - words.len() + title.len())).flatten()
}

/// Where the speech begins in a line that has the title block before it, with where the lines of that begin; nowhere in any other line.
pub(crate) fn front_cuts(line: &str) -> Vec<usize> {
    // few lines have it, and what follows is dearer
    if line.starts_with("各位代表") || !line.contains("各位代表") {
        return Vec::new();
    }
    let end = line.char_indices().nth(LONG_FRONT + 20).map_or(line.len(), |(at, _)| at);
    let Some(speech) = SPEECH.find(&line[..end]).map(|found| found.start()) else { return Vec::new() };
    let front = &line[..speech];
    if front.trim().is_empty() || front.contains(['。', '；']) {
        return Vec::new();
    }
    let ends = LINE_END.find_iter(front).map(|found| found.end());
    let days = DAY.find_iter(front).map(|found| found.start());
    let mut cuts: Vec<usize> = ends.chain(days).chain([speech]).collect();
    cuts.sort_unstable();
    // a day right behind such an end is one place
    cuts.dedup();
    let mut from = 0;
    cuts.retain(|&cut| !line[std::mem::replace(&mut from, cut)..cut].trim().is_empty());
    cuts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_on_one_line_is_cut_where_numbers_count_up() {
        let shown = |text: &str| {
            let text = text.replace('~', &"我们做好各项工作。".repeat(12));
            let cuts = cuts(&text, text.len());
            let begins = |&at: &usize| text[at..].chars().take(4).collect::<String>();
            cuts.iter().map(begins).collect::<Vec<_>>()
        };
        let plain = "现在，我报告工作。一、回顾。~（一）发展经济。~（二）改善民生。~二、安排。~";
        assert_eq!(shown(plain), ["一、回顾", "（一）发", "（二）改", "二、安排"]);
        let blanks = "现在，我报告工作。 一、去年工作回顾 去年~ 今年~~";
        assert_eq!(shown(blanks), ["一、去年", "去年我们", "今年我们"]);
        let joined = "现在，我报告工作。一、2022年工作回顾2022年，我们~二、2023年工作安排今年是~~";
        assert_eq!(shown(joined), ["一、20", "2022", "二、20", "今年是我"]);
        assert_eq!(shown(&joined.replace("回顾", "回顾 年度目标")), ["一、20", "年度目标", "二、20", "今年是我"]);
        // what is counted in a sentence, or not on, opens nothing
        assert_eq!(shown("要做好：一、甲；二、乙；三、丙。~~~"), [""; 0]);
        assert_eq!(shown("一、甲。~三、乙。~~"), [""; 0]);
    }
}
