//! Turns text into paragraphs. A paragraph is a line, but for the ways in which texts come broken: a title block whose
//! date line is wrapped, a sentence that a link or an extractor has cut into pieces, lines that were broken at the width of a page,
//! and several paragraphs on one line, which [`cuts`](super::cuts) takes apart.

use std::ops::{Range, RangeInclusive};

use crate::parse::cuts::{cuts, front_cuts};
use crate::parse::marks::{first_chars, is_digit, is_han_digit, is_salutation, numbered, opens_speech};
use crate::patterns::{Pattern, patterns};

/// A line that ends in mid-sentence goes on in the next one if it has at least this many characters; a shorter one is
/// a heading, a name or a caption.
const FULL_LINE: usize = 40;

/// Where lines were broken at a width, that has so many columns, of which Han characters take two. Names and headings are shorter.
const WIDTHS: RangeInclusive<usize> = 36..=124;

/// Lines that fill it differ by fewer columns: a number or a bracket is not broken, a mark not left alone, and the first line indented.
const RAGGED: usize = 8;

/// So many lines at least fill it.
const FILLED: usize = 8;

/// So many lines may be longer before most of the text has been seen: those of the page around it.
const LONGER: usize = 5;

/// In so many characters a date line says that it is one.
const LONG_DATE_LINE: usize = 80;

/// In so many paragraphs the salutation has come, if it does.
const EARLY: usize = 80;

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

    /// Whether `next`, a line that follows at once, is a part of it.
    fn takes(&self, next: &Paragraph, text: &str, width: Option<Width>, is_early: bool) -> bool {
        let [all, words] = [self, next].map(|paragraph| &text[paragraph.ink.clone()]);
        // it may have thousands of lines, and only this one tells
        let start = self.more.last().map_or(self.ink.start, |(start, _)| *start);
        let last = text[start..self.ink.end].trim();
        !(is_early && is_front(last, words))
            && (goes_on(all, last, words)
                || match width {
                    Some(width) => is_wrapped(last, &text[next.range.clone()], width),
                    None => is_broken(all, words),
                })
    }

    /// The line on which the byte `at` of the text stands.
    pub fn line_at(&self, at: usize) -> u32 {
        self.more.iter().rfind(|(begin, _)| *begin <= at).map_or(self.line, |(_, line)| *line)
    }
}

patterns! {
    DATE_LINE = "^[—－―–-]*[（(]?[0-9０-９〇零○一二三四五六七八九十 ]{4,8}年.{1,24}日.{0,8}在";
    MEETING = "会议?上?[）)]?$";
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
        let mut cuts = cuts(piece, text.len());
        let is_early = is_before_speech && paragraphs.len() < EARLY;
        if is_early {
            let front = front_cuts(piece);
            is_before_speech = front.is_empty() && !piece.trim_start().starts_with("各位代表");
            cuts.retain(|cut| front.last() < Some(cut));
            cuts.splice(0..0, front);
        }
        for end in cuts.into_iter().map(|cut| begin + cut).chain([start]) {
            let range = at..end;
            at = end;
            let mut ink = written(text, range.clone());
            if ink.is_empty() && paragraphs.is_empty() {
                // there is no paragraph yet that it could belong to
                ink = visible(text, range.clone());
            }
            let mut next = Paragraph { range, ink, line, more: Vec::new() };
            match paragraphs.last_mut() {
                None if next.ink.is_empty() => continue,
                Some(last) if next.ink.is_empty() => {
                    last.range.end = next.range.end;
                    // a sentence goes on behind a page break
                    adjoins &= piece.contains('\u{c}');
                }
                Some(last) if adjoins && last.takes(&next, text, width, is_early) => {
                    let is_cut_out = begins_within(&text[next.ink.clone()]) && is_piece(last, &text[last.ink.clone()]);
                    last.join(next);
                    if is_cut_out {
                        join_before(&mut paragraphs, text);
                    }
                }
                last => {
                    // blank lines before the first paragraph are its own
                    next.range.start = if last.is_none() { 0 } else { next.range.start };
                    paragraphs.push(next);
                    adjoins = true;
                }
            }
        }
    }
    paragraphs
}

/// Where the visible characters of `range` stand.
pub(crate) fn visible(text: &str, range: Range<usize>) -> Range<usize> {
    let piece = &text[range.clone()];
    let start = range.start + (piece.len() - piece.trim_start().len());
    start..(start + piece.trim().len())
}

/// Where the visible characters of `range` stand, without the empty cells of a table that was written as text.
fn written(text: &str, range: Range<usize>) -> Range<usize> {
    let ink = visible(text, range);
    let words = text[ink.clone()].trim_end_matches(['|', ' ']);
    match () {
        _ if words.len() == ink.len() => ink,
        // ---|---|
        _ if words.trim_matches(['|', '-', ':', ' ']).is_empty() => ink.start..ink.start,
        _ if words.contains('|') => ink,
        _ => ink.start..ink.start + words.len(),
    }
}

/// Whether the line `last` is the end of one of the title block, however long it is, or another begins with `next`.
fn is_front(last: &str, next: &str) -> bool {
    let is_block = last.ends_with("会议上") || last.ends_with("大会上") || last.contains("://");
    is_block || next.contains("://") || is_salutation(next) || opens_speech(next)
}

/// Whether `next` is by its words the rest of a paragraph, of which `last` is the last line.
fn goes_on(paragraph: &str, last: &str, next: &str) -> bool {
    let may_date = |c| is_digit(c) || is_han_digit(c) || "—－―–-─━（( ○".contains(c);
    if paragraph.starts_with(may_date) && DATE_LINE.is_match(first_chars(paragraph, LONG_DATE_LINE)) {
        return !MEETING.is_match(last) && MEETING.is_match(next);
    }
    let words = || last.trim_end_matches(['”', '’', '』', '」', '）', ')']);
    begins_within(next) && !words().ends_with(['。', '！', '？', '!', '?', '；', ';', '：', ':'])
}

/// Whether a long paragraph ends in mid-sentence before `next`, in a text that has no width.
fn is_broken(paragraph: &str, next: &str) -> bool {
    ends_within(paragraph) && paragraph.chars().nth(FULL_LINE - 1).is_some() && numbered(next).is_none()
}

/// The width at which the lines of a text were broken.
#[derive(Clone, Copy)]
struct Width {
    columns: usize,
    /// How many columns a digit or a Latin letter takes: one on most pages, two where lines have equally many characters.
    half: usize,
}

impl Width {
    /// Whether lines of so many columns fill it.
    fn is_filled_by(self, line: &str) -> bool {
        (self.columns + 1 - RAGGED..=self.columns + RAGGED).contains(&columns(line, self.half))
    }
}

/// The width of a text whose lines were broken at one: half of those that end in mid-sentence are about as long, and few lines are
/// longer. Most texts soon have lines that are too long for that.
fn width(text: &str) -> Option<Width> {
    let lines = || text.lines().map(str::trim);
    let (mut may_fill, mut longer) = (0, 0);
    // a character of two columns has three bytes
    let most = 3 * WIDTHS.end() / 2;
    for line in lines() {
        match line.len() {
            length if length > most => longer += 1,
            length => may_fill += (length >= *WIDTHS.start()) as usize,
        }
        if longer > LONGER && 10 * longer > may_fill {
            return None;
        }
    }
    if may_fill < FILLED || 10 * longer > may_fill {
        return None;
    }
    let within: Vec<Line> = lines().filter(|line| ends_within(line)).map(Line::of).collect();
    let (filled, width) =
        [1, 2].map(|half| filled(&within, half)).into_iter().flatten().max_by_key(|(filled, _)| *filled)?;
    (filled >= FILLED).then_some(width)
}

/// What the width of a text is told by, of a line that ends in mid-sentence.
struct Line {
    /// Han characters and their marks.
    wide: usize,
    /// Others.
    narrow: usize,
    /// It has a mark inside, as names have not.
    is_marked: bool,
}

impl Line {
    fn of(line: &str) -> Self {
        let wide = line.chars().filter(|&c| is_wide(c)).count();
        let narrow = line.chars().count() - wide;
        Line { wide, narrow, is_marked: line.contains(['，', '。', '；', ',', ';']) }
    }
}

/// How many of the lines that end in mid-sentence fill the width that most of them have, and that width.
fn filled(lines: &[Line], half: usize) -> Option<(usize, Width)> {
    // by columns, these lines, and those of them that are marked
    let (mut within, mut marked) = ([0; 125], [0; 125]);
    for line in lines {
        let columns = 2 * line.wide + half * line.narrow;
        if (WIDTHS.start() / 2..=*WIDTHS.end()).contains(&columns) {
            within[columns] += 1;
            marked[columns] += line.is_marked as usize;
        }
    }
    let filling = |counts: &[usize], width: usize| counts[width + 1 - RAGGED..=width].iter().sum::<usize>();
    let columns = WIDTHS.max_by_key(|&columns| filling(&within, columns))?;
    let filled = filling(&within, columns);
    let is_text = 2 * filling(&marked, columns) >= filled;
    (is_text && 2 * filled >= within.iter().sum()).then_some((filled, Width { columns, half }))
}

/// How many columns a line takes where Han characters and their marks take two, and others `half`.
fn columns(line: &str, half: usize) -> usize {
    line.chars().map(|c| if is_wide(c) { 2 } else { half }).sum()
}

fn is_wide(c: char) -> bool {
    c >= '\u{2e80}' || matches!(c, '“' | '”' | '‘' | '’' | '—' | '…' | '·' | '─' | '━')
}

/// Whether `next`, with the blanks before it, is the rest of a paragraph whose last line fills the width at which lines were broken.
fn is_wrapped(line: &str, next: &str, width: Width) -> bool {
    let is_indented = next.starts_with(['\u{3000}', '\t']) || next.starts_with("  ");
    let words = line.trim_end_matches(['”', '’', '』', '」', '）', ')']);
    let is_over = words.ends_with(['。', '！', '？', '!', '?', '；', ';', '：', ':', '…']);
    // no paragraph ends with a comma
    let is_heading = !line.ends_with(['，', '、', ',']) && numbered(next.trim()).is_some();
    !is_indented && !is_over && !is_heading && width.is_filled_by(line)
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

    /// Minutes, if each line looked through those before it.
    #[test]
    fn a_paragraph_of_a_hundred_thousand_lines_takes_no_longer_than_its_length() {
        let line = format!("{}\n", "字".repeat(60));
        for begin in ["", "1", "政府工作报告\n\n各位代表：\n\n1"] {
            let text = format!("{begin}{}", line.repeat(100_000));
            assert_eq!(paragraphs(&text).last().unwrap().more.len(), 99_999);
        }
        let blanks = format!("正文{}末。", "\u{3000}".repeat(300_000));
        assert_eq!(paragraphs(&blanks).len(), 2);
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
        assert_eq!(shown("今年。\n目标\n\u{c}\n是：增长").len(), 2);
        assert_eq!(shown("目标如下：\n：增长").len(), 2);
    }

    #[test]
    fn lines_that_were_broken_at_a_width_are_joined() {
        let wrapped = |width: usize| {
            let paragraph: Vec<char> = "各部门，做好工作，".repeat(9).chars().chain(['。']).collect();
            let lines = paragraph.chunks(width).map(|line| line.iter().collect::<String>());
            let lines: String = lines.map(|line| line + "\n").collect();
            format!("一、工作安排\n{lines}").repeat(12)
        };
        assert_eq!([22, 28, 36].map(|width| shown(&wrapped(width)).len()), [24, 24, 24]);
        // digits and Latin letters take half the room, and the page around has longer lines
        let menu = "您现在的位置：首页 > 政府信息公开 > 政府工作报告 > 正文 打印本页 关闭窗口 收藏本站 设为首页 联系我们 网站地图\n";
        let line = "地区生产总值1234.5亿元,各项工作取得新的进展,完成20项任务,城乡建";
        let by_columns = format!(
            "{menu}{}",
            format!(
                "一、工作安排\n{line}\n设面貌一新,新增就业300000人,增长12.5%,加快各方面工作的步伐,\n二是补短板。\n"
            )
            .repeat(8)
        );
        assert_eq!(shown(&by_columns).len(), 17);
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
        // nor is a long line of the block taken together with the one behind it
        let date = "新华网北京3月19日电 最高人民检察院工作报告 ━━2006年3月11日在第十届全国人民代表大会第四次会议上";
        assert_eq!(shown(&format!("工作报告 | |||\n---|---|\nhttp://www.sina.com.cn 2006年03月19日13:43 新华网 时政新闻 正文\n{date}\n检察长贾春旺")).len(), 4);
    }

    #[test]
    fn one_line_may_hold_a_report() {
        let text = format!("标题　　各位代表：　　{}　　一、回顾　　{}", "字".repeat(600), "字".repeat(600));
        assert_eq!(shown(&text).len(), 5);
    }
}
