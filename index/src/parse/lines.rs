//! Turns text into paragraphs. A paragraph is a line, but for four ways in which texts come broken: a title block whose
//! date line is wrapped, a sentence that a link or an extractor has cut into pieces, a whole report on one line whose
//! paragraphs only an indent of two ideographic spaces tells apart, and a title block on one line with the salutation.

use std::ops::Range;

use crate::parse::marks::{OPENS_SPEECH, is_digit, is_han_digit, numbered};
use crate::patterns::patterns;

/// Lines longer than this, in bytes, may hold several paragraphs.
const LONG_LINE: usize = 3_000;

/// A line that ends in mid-sentence goes on in the next one if it has at least this many characters; a shorter one is
/// a heading, a name or a caption.
const FULL_LINE: usize = 40;

/// Where lines were broken at a width, that has so many characters at most, and so many lines at least fill it.
const WIDEST: usize = 60;
const FILLED: usize = 20;

/// A title block on one line with the beginning of the speech has at most so many characters before the salutation.
const LONG_FRONT: usize = 200;

/// In so many paragraphs the salutation has come, if it does.
const EARLY: usize = 80;

/// The indent of a paragraph in Chinese typography (GB/T 9704-2012, 7.3.4: two characters).
const INDENT: &str = "\u{3000}\u{3000}";

/// A paragraph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Paragraph {
    /// Its lines, with the blank ones behind it; in bytes. Joined, the ranges of all paragraphs are the text.
    pub range: Range<usize>,
    /// Where its visible characters stand.
    pub ink: Range<usize>,
    /// The line it begins on, from 1.
    pub line: u32,
    /// Where its further lines begin, in bytes, each with its number.
    pub more: Vec<(usize, u32)>,
}

impl Paragraph {
    /// Takes in the one behind it.
    fn join(&mut self, next: Paragraph) {
        self.more.push((next.range.start, next.line));
        self.more.extend(next.more);
        self.range.end = next.range.end;
        self.ink.end = next.ink.end;
    }

    /// The line on which the byte `at` of the text stands.
    pub fn line_at(&self, at: usize) -> u32 {
        self.more.iter().rfind(|(begin, _)| *begin <= at).map_or(self.line, |(_, line)| *line)
    }
}

patterns! {
    DATE_LINE = "^[—－―–-]*[（(]?[0-9０-９〇零○一二三四五六七八九十 ]{4,8}年.{1,24}日.{0,8}在";
    MEETING = "会议?上?[）)]?$";
    SPEECH = OPENS_SPEECH;
    // what ends a line of a title block, and what begins one
    LINE_END = "报 ?告(?:[（(][^（()）]{1,8}[）)])?\\s|(?:会议|大会)上?[）)]?\\s";
    DAY = "[—－―–-]*[（(]?(?:[0-9]{4}|[〇零○O0一二三四五六七八九]{4})(?:年[0-9一二三四五六七八九十]{1,3}月[0-9一二三四五六七八九十]{1,3}日|[-./][0-9]{1,2}[-./][0-9]{1,2})";
}

/// The paragraphs of `text`; none if it has no visible character.
pub(crate) fn paragraphs(text: &str) -> Vec<Paragraph> {
    let mut paragraphs: Vec<Paragraph> = Vec::new();
    let (mut start, mut line) = (0, 0);
    // the last line was not followed by a blank one
    let mut adjoins = false;
    let mut is_before_speech = true;
    let width = width(text);
    for piece in text.split_inclusive('\n') {
        line += 1;
        let begin = start;
        start += piece.len();
        let mut at = begin;
        let mut cuts = cuts(piece);
        if is_before_speech && paragraphs.len() < EARLY {
            let front = front_cuts(piece);
            is_before_speech = front.is_empty() && !piece.trim_start().starts_with("各位代表");
            cuts.retain(|cut| front.last() < Some(cut));
            cuts.splice(0..0, front);
        }
        for end in cuts.into_iter().map(|cut| begin + cut).chain([start]) {
            let range = at..end;
            at = end;
            let ink = visible(text, range.clone());
            match paragraphs.last_mut() {
                None if ink.is_empty() => continue,
                Some(last) if ink.is_empty() => {
                    last.range.end = range.end;
                    adjoins = false;
                }
                Some(last)
                    if adjoins
                        && (goes_on(&text[last.ink.clone()], &text[ink.clone()])
                            || width.is_some_and(|width| is_wrapped(last, &text[range.clone()], text, width))) =>
                {
                    let is_cut_out = begins_within(&text[ink.clone()]) && is_piece(last, &text[last.ink.clone()]);
                    last.join(Paragraph { range, ink, line, more: Vec::new() });
                    if is_cut_out {
                        join_before(&mut paragraphs, text);
                    }
                }
                last => {
                    // blank lines before the first paragraph are its own
                    let first = if last.is_none() { 0 } else { range.start };
                    paragraphs.push(Paragraph { range: first..range.end, ink, line, more: Vec::new() });
                    adjoins = true;
                }
            }
        }
    }
    paragraphs
}

/// Where the paragraphs of a report begin that is all on one line, but for the first; nowhere in any other line.
fn cuts(line: &str) -> Vec<usize> {
    let mut cuts = Vec::new();
    if line.len() < LONG_LINE || line.matches(INDENT).count() < 4 {
        return cuts;
    }
    for (at, _) in line.match_indices(INDENT) {
        // several indents in a row are one
        if !line[cuts.last().copied().unwrap_or(0)..at].trim().is_empty() {
            cuts.push(at);
        }
    }
    cuts
}

/// Where the speech begins in a line that has the title block before it, with where the lines of that begin; nowhere in any other line.
fn front_cuts(line: &str) -> Vec<usize> {
    let end = line.char_indices().nth(LONG_FRONT + 20).map_or(line.len(), |(at, _)| at);
    // few lines have it, and the pattern is dearer
    let Some(first) = line[..end].find("各位代表").filter(|&at| at > 0) else { return Vec::new() };
    let Some(speech) = SPEECH.find_at(&line[..end], first).map(|found| found.start()) else { return Vec::new() };
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

/// Where the visible characters of `range` stand.
pub(crate) fn visible(text: &str, range: Range<usize>) -> Range<usize> {
    let piece = &text[range.clone()];
    let start = range.start + (piece.len() - piece.trim_start().len());
    start..(start + piece.trim().len())
}

/// Whether `next` is the rest of the paragraph that `last` begins.
fn goes_on(last: &str, next: &str) -> bool {
    let may_date = |c| is_digit(c) || is_han_digit(c) || "—－―–-（( ○".contains(c);
    if last.starts_with(may_date) && DATE_LINE.is_match(last) {
        return !MEETING.is_match(last) && MEETING.is_match(next);
    }
    if begins_within(next) {
        let words = last.trim_end_matches(['”', '’', '』', '」', '）', ')']);
        return !words.ends_with(['。', '！', '？', '!', '?', '；', ';', '：', ':']);
    }
    ends_within(last) && last.chars().nth(FULL_LINE - 1).is_some() && numbered(next).is_none()
}

/// At how many characters the lines of a text were broken, if they were: no line is longer, and a third of them are about as long and
/// end in mid-sentence. Most texts have a longer line soon.
fn width(text: &str) -> Option<usize> {
    let lines = || text.lines().map(str::trim).filter(|line| !line.is_empty());
    let mut width = 0;
    for line in lines() {
        // no character has more than four bytes
        if line.len() > 4 * WIDEST || line.len() > WIDEST && line.chars().nth(WIDEST).is_some() {
            return None;
        }
        width = width.max(line.chars().count());
    }
    let filled =
        lines().filter(|line| line.chars().nth(width.saturating_sub(3)).is_some() && ends_within(line)).count();
    (filled >= FILLED && 3 * filled >= lines().count()).then_some(width)
}

/// Whether `next`, with the blanks before it, is the rest of a paragraph whose last line fills the width at which lines were broken.
fn is_wrapped(last: &Paragraph, next: &str, text: &str, width: usize) -> bool {
    let start = last.more.last().map_or(last.ink.start, |(start, _)| *start);
    let line = text[start..last.ink.end].trim();
    let is_indented = next.starts_with(['\u{3000}', '\t']) || next.starts_with("  ");
    let ends_so = ends_within(line) || line.ends_with(['”', '’', '》', '）']);
    !is_indented && ends_so && line.chars().nth(width.saturating_sub(3)).is_some() && numbered(next.trim()).is_none()
}

fn ends_within(line: &str) -> bool {
    line.ends_with(|c: char| c.is_alphanumeric() || matches!(c, '，' | '、' | ','))
}

/// Whether a line begins with what no sentence begins with.
fn begins_within(line: &str) -> bool {
    line.starts_with(['，', '。', '、', '；', '：', '）']) || line.starts_with("是：") || line.starts_with("是:")
}

/// Whether a paragraph is one line of a few words, such as the text of a link.
fn is_piece(paragraph: &Paragraph, words: &str) -> bool {
    paragraph.more.is_empty()
        && !words.contains('。')
        && words.chars().nth(FULL_LINE).is_none()
        && numbered(words).is_none()
}

/// Joins the last paragraph, whose first line is a piece of a sentence, with the beginning of that sentence.
fn join_before(paragraphs: &mut Vec<Paragraph>, text: &str) {
    let Some(last) = paragraphs.pop() else { return };
    match paragraphs.last_mut() {
        Some(before) if begins(before, &last, text) => before.join(last),
        _ => paragraphs.push(last),
    }
}

/// Whether `before` stands on the line before `last`, ends in mid-sentence and is no heading.
fn begins(before: &Paragraph, last: &Paragraph, text: &str) -> bool {
    let words = &text[before.ink.clone()];
    let adjoins = text[before.ink.end..last.ink.start].matches('\n').count() == 1;
    adjoins && ends_within(words) && numbered(words).is_none_or(|heading| heading.runs_in)
}

/// Text without line breaks and the blanks around them.
pub(crate) fn one_line(text: &str) -> String {
    text.lines().map(str::trim).collect::<Vec<_>>().concat()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str) -> Vec<(&str, u32)> {
        let paragraphs = paragraphs(text);
        let joined: String = paragraphs.iter().map(|p| &text[p.range.clone()]).collect();
        assert!(joined == text || paragraphs.is_empty());
        paragraphs.iter().map(|p| (&text[p.ink.clone()], p.line)).collect()
    }

    #[test]
    fn broken_paragraphs_are_joined_and_others_are_not() {
        // a line of 40 characters is full
        let full = format!("{}\n续行。", "字".repeat(40));
        assert_eq!(shown(&full), [(full.as_str(), 1)]);
        let date = "——2025年4月8日在港门镇第十八届\n人民代表大会第八次会议上";
        assert_eq!(shown(&format!("\n标题\n\n{date}\n\n镇长\n")), [("标题", 2), (date, 4), ("镇长", 7)]);
        let long = "字".repeat(50);
        let cut = format!("{long}\n2.5\n年均浓度下降。");
        assert_eq!(shown(&cut), [(cut.as_str(), 1)]);
        assert_eq!(shown(&format!("{long}\n一、二〇二五年")).len(), 2);
        assert_eq!(shown(&format!("{long}。\n下一段")).len(), 2);
        assert_eq!(shown("短标题\n正文"), [("短标题", 1), ("正文", 2)]);
        let link = "今年发展的\n主要预期目标\n是：增长5%。";
        assert_eq!(shown(&format!("一、安排\n{link}\n（一）")), [("一、安排", 1), (link, 2), ("（一）", 5)]);
        assert_eq!(shown("一、安排\n主要目标\n是：增长5%。"), [("一、安排", 1), ("主要目标\n是：增长5%。", 2)]);
        assert_eq!(shown("今年。\n目标\n\n是：增长").len(), 3);
        assert_eq!(shown("目标如下：\n：增长").len(), 2);
    }

    #[test]
    fn lines_that_were_broken_at_a_width_are_joined() {
        let wrapped = |width: usize| {
            let paragraph: Vec<char> = "各级部门要做好工作".repeat(9).chars().chain(['。']).collect();
            let lines = paragraph.chunks(width).map(|line| line.iter().collect::<String>());
            let lines: String = lines.map(|line| line + "\n").collect();
            format!("一、工作安排\n{lines}").repeat(12)
        };
        assert_eq!([22, 28, 36].map(|width| shown(&wrapped(width)).len()), [24, 24, 24]);
        // short lines of any length are headings, names, rows
        let rows: String = (0..40).map(|row| format!("{}\n", "典型村名".repeat(1 + row % 7))).collect();
        assert_eq!(shown(&rows).len(), 40);
    }

    #[test]
    fn a_title_block_and_its_speech_on_one_line_are_told_apart() {
        let text = "政 府 工 作 报 告 2016-12-16 2016年12月6日在遂溪县第十五届人民代表大会第一次会议上 县长 余庆创 各位代表: 现在,我代表县人民政府报告工作。";
        let parts = [
            "政 府 工 作 报 告",
            "2016-12-16",
            "2016年12月6日在遂溪县第十五届人民代表大会第一次会议上",
            "县长 余庆创",
            "各位代表: 现在,我代表县人民政府报告工作。",
        ];
        assert_eq!(shown(text), parts.map(|part| (part, 1)));
        assert_eq!(shown("在此,我向各位代表,向各位委员表示感谢。").len(), 1);
        assert_eq!(shown("报告完毕。各位代表:谢谢。").len(), 1);
        assert_eq!(shown("各位代表:\n县长说 各位代表:现在,我报告。").len(), 2);
    }

    #[test]
    fn one_line_may_hold_a_report() {
        let text = format!("标题　　各位代表：　　{}　　一、回顾　　{}", "字".repeat(600), "字".repeat(600));
        assert_eq!(shown(&text).len(), 5);
    }
}
