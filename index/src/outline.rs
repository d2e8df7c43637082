//! Turns the text of a report into sections and passages, by the numbering that GB/T 9704-2012 prescribes
//! (一、 then （一）) and by the lead sentences and standing phrases that reports use where they number nothing.
//! The entry point is [`outline`]. It looks at text only: fonts are gone by the time it is called. It never fails; a
//! text without headings has no sections, and its passages are its paragraphs.

use std::ops::Range;
use std::sync::LazyLock;

use regex::Regex;

use crate::document::{Heading, Passage, Role, Section};

/// Passages longer than this, in bytes, are cut between sentences: about 400 Chinese characters, a screenful.
const LONG_PASSAGE: usize = 1200;

/// A heading longer than this, in characters, is a sentence with a number before it.
const LONG_HEADING: usize = 60;

/// The structure of a text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Outline {
    /// The sections in text order.
    pub sections: Vec<Section>,
    /// The passages in text order; their ranges joined are the whole text, unless it has no visible character.
    pub passages: Vec<Passage>,
    /// Where the title block ends and the speech begins, in bytes.
    pub title_block: usize,
}

/// Finds the structure of `text`. Cost: a few passes over it.
pub fn outline(text: &str) -> Outline {
    let paragraphs = paragraphs(text);
    let body = paragraphs.iter().position(|p| begins_speech(p.visible(text))).unwrap_or(0);
    let mut builder = Builder { text, ..Builder::default() };
    builder.run_in_bodies_go_on = run_in_bodies_go_on(text, &paragraphs[body..]);
    for paragraph in &paragraphs[..body] {
        builder.passage(paragraph.range.clone(), paragraph, true, None);
    }
    for paragraph in &paragraphs[body..] {
        builder.paragraph(paragraph);
    }
    let title_block = paragraphs.get(body).map_or(0, |p| p.range.start);
    Outline { sections: builder.sections, passages: builder.passages, title_block }
}

/// A paragraph: a line, or the lines of a title block that belong together, with the blank lines behind it.
#[derive(Debug)]
struct Paragraph {
    range: Range<usize>,
    /// Where its visible characters stand.
    ink: Range<usize>,
    line: u32,
}

impl Paragraph {
    fn visible<'t>(&self, text: &'t str) -> &'t str {
        &text[self.ink.clone()]
    }
}

fn paragraphs(text: &str) -> Vec<Paragraph> {
    let mut paragraphs: Vec<Paragraph> = Vec::new();
    let (mut start, mut line) = (0, 0);
    let mut wraps = false;
    for piece in text.split_inclusive('\n') {
        line += 1;
        let range = start..start + piece.len();
        start = range.end;
        let ink = trimmed(text, range.clone());
        match paragraphs.last_mut() {
            Some(last) if ink.is_empty() => {
                last.range.end = range.end;
                wraps = false;
            }
            Some(last) if wraps && MEETING_END.is_match(&text[ink.clone()]) => {
                last.range.end = range.end;
                last.ink.end = ink.end;
                wraps = false;
            }
            None if ink.is_empty() => continue,
            last => {
                // blank lines before the first paragraph are its own
                let range = if last.is_none() { 0..range.end } else { range };
                let shown = &text[ink.clone()];
                wraps = DATE_LINE.is_match(shown) && !MEETING_END.is_match(shown);
                paragraphs.push(Paragraph { range, ink, line });
            }
        }
    }
    paragraphs
}

fn trimmed(text: &str, range: Range<usize>) -> Range<usize> {
    let piece = &text[range.clone()];
    let start = range.start + (piece.len() - piece.trim_start().len());
    start..(start + piece.trim().len())
}

macro_rules! pattern {
    ($($name:ident = $pattern:expr;)*) => {
        $(static $name: LazyLock<Regex> = LazyLock::new(|| Regex::new($pattern).expect("a pattern written here"));)*
    };
}

pattern! {
    // ——2025年4月8日在港门镇第十八届 / 人民代表大会第八次会议上
    DATE_LINE = "^[—－―–-]*[（(]?[0-9０-９〇零一二三四五六七八九十]{4}年.{1,16}日.{0,8}在";
    MEETING_END = "会议?上?[）)]?$";
    FIRST = "^([一二三四五六七八九十百]+)、";
    SECOND = "^[（(]([一二三四五六七八九十百]+)[）)]";
    SPEECH = "^(各位|同志们|全国人大)[^。]{0,12}[：！:!，,]";
    SENTENCE = "[。！？!?]+[”’』」）)]*|[；;]";
    PROBLEMS = "(困难和挑战|困难与挑战|困难和问题|困难和不足|问题和不足|问题和困难|问题与不足|矛盾和问题|短板和不足|不少困难|一些问题|不少问题)";
    REQUIREMENTS = "(总体要求|总体思路|指导思想)";
    TARGETS = "(预期目标|主要目标|发展目标|奋斗目标)";
    REVIEW = "(回顾|总结)";
    CONDUCT = "(自身建设|自身改革)";
    FORMULA = "^(各位代表|同志们|现在，我)";
}

fn begins_speech(line: &str) -> bool {
    SPEECH.is_match(line) || FIRST.is_match(line)
}

/// A numbered heading at the beginning of a paragraph.
struct Numbered<'t> {
    level: u8,
    label: &'t str,
    mark: &'t str,
    title: &'t str,
    /// Bytes of the paragraph up to and with the heading's closing mark.
    end: usize,
    /// The body goes on in the same paragraph.
    runs_in: bool,
}

fn numbered(line: &str) -> Option<Numbered<'_>> {
    let (level, found) = [(1, &FIRST), (2, &SECOND)]
        .into_iter()
        .find_map(|(level, pattern)| pattern.captures(line).map(|found| (level, found)))?;
    let mark = found.get(0)?.as_str();
    let label = found.get(1)?.as_str();
    let rest = &line[mark.len()..];
    let sentence = SENTENCE.find(rest);
    let (title, end) = match sentence {
        Some(stop) => (&rest[..stop.start()], stop.end()),
        None => (rest, rest.len()),
    };
    if title.chars().count() > LONG_HEADING {
        return None;
    }
    let runs_in = end < rest.len();
    Some(Numbered { level, label, mark, title: title.trim(), end: mark.len() + end, runs_in })
}

/// Whether the bodies of run-in headings go on in paragraphs of their own. Where no heading but the last of its group
/// is followed by another paragraph, what follows the last one is not its body either.
fn run_in_bodies_go_on(text: &str, paragraphs: &[Paragraph]) -> bool {
    let heads: Vec<Option<(u8, bool)>> =
        paragraphs.iter().map(|p| numbered(p.visible(text)).map(|heading| (heading.level, heading.runs_in))).collect();
    (1..heads.len()).any(|at| {
        let Some((level, true)) = heads[at - 1] else { return false };
        let next = heads[at..].iter().position(|head| head.is_some());
        heads[at].is_none() && next.is_some_and(|next| heads[at + next].is_some_and(|head| head.0 >= level))
    })
}

#[derive(Default)]
struct Builder<'t> {
    text: &'t str,
    sections: Vec<Section>,
    passages: Vec<Passage>,
    run_in_bodies_go_on: bool,
    /// The section that text now belongs to.
    current: Option<u32>,
}

impl Builder<'_> {
    fn paragraph(&mut self, paragraph: &Paragraph) {
        let line = paragraph.visible(self.text);
        if let Some(heading) = numbered(line) {
            return self.headed(paragraph, &heading);
        }
        if !self.run_in_bodies_go_on && self.current_is_run_in() {
            self.leave(1);
        }
        let role = match standing_phrase(line) {
            Some((role, title)) => {
                let level = self.level() + 1;
                let section = self.open(level, None, "", title, Some(role), paragraph.line);
                self.cut(paragraph.range.clone(), paragraph, true);
                self.current = self.sections[section as usize].parent;
                return;
            }
            None => FORMULA.is_match(line).then_some(Role::Formula),
        };
        match role {
            Some(role) => self.passage(paragraph.range.clone(), paragraph, true, Some(role)),
            None => self.cut(paragraph.range.clone(), paragraph, true),
        }
    }

    fn headed(&mut self, paragraph: &Paragraph, heading: &Numbered<'_>) {
        self.leave(heading.level - 1);
        let inherited = self.current.and_then(|section| self.sections[section as usize].role);
        let role =
            if heading.level > 1 && !CONDUCT.is_match(heading.title) { inherited } else { part_role(heading.title) };
        self.open(heading.level, Some(heading.label), heading.mark, heading.title, role, paragraph.line);
        if !heading.runs_in {
            return self.passage(paragraph.range.clone(), paragraph, true, None);
        }
        let body = paragraph.ink.start + heading.end;
        self.passage(paragraph.range.start..body, paragraph, true, None);
        self.led(body..paragraph.range.end, paragraph, heading.level + 1);
    }

    /// The body of a run-in heading: each lead sentence opens a section.
    fn led(&mut self, body: Range<usize>, paragraph: &Paragraph, level: u8) {
        let mut start = body.start;
        for sentence in sentences(self.text, body.clone()) {
            if let Some(title) = lead(&self.text[sentence.clone()]) {
                if start < sentence.start {
                    self.cut(start..sentence.start, paragraph, false);
                }
                self.leave(level - 1);
                let role = self.current.and_then(|section| self.sections[section as usize].role);
                self.open(level, None, "", title, role, paragraph.line);
                start = sentence.start;
            }
        }
        self.cut(start..body.end, paragraph, false);
        self.leave(level - 1);
    }

    fn level(&self) -> u8 {
        self.current.map_or(0, |section| self.sections[section as usize].heading.level)
    }

    fn current_is_run_in(&self) -> bool {
        self.level() > 1
    }

    /// Goes back to the innermost section that is not deeper than `level`.
    fn leave(&mut self, level: u8) {
        while self.level() > level {
            self.current = self.current.and_then(|section| self.sections[section as usize].parent);
        }
    }

    fn open(&mut self, level: u8, label: Option<&str>, mark: &str, title: &str, role: Option<Role>, line: u32) -> u32 {
        let heading =
            Heading { level, label: label.map(String::from), mark: mark.to_string(), title: title.to_string() };
        self.sections.push(Section { heading, role, line, parent: self.current });
        let section = self.sections.len() as u32 - 1;
        self.current = Some(section);
        section
    }

    fn passage(&mut self, range: Range<usize>, paragraph: &Paragraph, opens_paragraph: bool, role: Option<Role>) {
        let role = role.or_else(|| self.current.and_then(|section| self.sections[section as usize].role));
        self.passages.push(Passage { range, opens_paragraph, section: self.current, role, line: paragraph.line });
    }

    /// Adds `range` as one passage, or as several of about equal length if it is long.
    fn cut(&mut self, range: Range<usize>, paragraph: &Paragraph, opens_paragraph: bool) {
        let mut parts = range.len().div_ceil(LONG_PASSAGE);
        let (mut start, mut opens) = (range.start, opens_paragraph);
        if parts > 1 {
            for sentence in sentences(self.text, range.clone()) {
                let fair = (range.end - start) / parts;
                if parts > 1 && sentence.end - start >= fair && sentence.end < range.end {
                    self.passage(start..sentence.end, paragraph, opens, None);
                    (start, opens) = (sentence.end, false);
                    parts -= 1;
                }
            }
        }
        self.passage(start..range.end, paragraph, opens, None);
    }
}

/// The sentences of `range`, each with its closing mark, joined the whole of it.
fn sentences(text: &str, range: Range<usize>) -> Vec<Range<usize>> {
    let mut start = range.start;
    let mut sentences = Vec::new();
    for stop in SENTENCE.find_iter(&text[range.clone()]) {
        let end = range.start + stop.end();
        sentences.push(start..end);
        start = end;
    }
    if !text[start..range.end].trim().is_empty() || sentences.is_empty() {
        sentences.push(start..range.end);
    } else if let Some(last) = sentences.last_mut() {
        last.end = range.end;
    }
    sentences
}

/// The words of a lead sentence: a short statement of nothing but Han characters and quotes that stands for a heading,
/// such as 经济总量稳步提升。
fn lead(sentence: &str) -> Option<&str> {
    let words = sentence.trim().strip_suffix('。')?;
    let mut han = 0;
    for c in words.chars() {
        match c {
            '\u{4e00}'..='\u{9fff}' => han += 1,
            '“' | '”' | '‘' | '’' => {}
            _ => return None,
        }
    }
    (5..=14).contains(&han).then_some(words)
}

/// A part that has no heading but announces itself: its role and the clause that does so.
fn standing_phrase(line: &str) -> Option<(Role, &str)> {
    let colon = line.find(['：', ':'])?;
    let start = line[..colon].rfind(['。', '，', '！']).map_or(0, |at| at + '。'.len_utf8());
    let clause = line[start..colon].trim();
    let role = [(&*PROBLEMS, Role::Problems), (&*TARGETS, Role::Targets), (&*REQUIREMENTS, Role::Requirements)]
        .into_iter()
        .find_map(|(pattern, role)| pattern.is_match(clause).then_some(role))?;
    Some((role, clause.trim_end_matches(['是', '为'])))
}

/// The role of a first-level part by its heading.
fn part_role(title: &str) -> Option<Role> {
    if REVIEW.is_match(title) {
        Some(Role::Review)
    } else if CONDUCT.is_match(title) {
        Some(Role::Conduct)
    } else if title.contains("任务")
        || title.contains("工作安排")
        || title.contains("重点工作")
        || title.contains("工作部署")
    {
        Some(Role::Tasks)
    } else if TARGETS.is_match(title) {
        Some(Role::Targets)
    } else if REQUIREMENTS.is_match(title) {
        Some(Role::Requirements)
    } else {
        None
    }
}
