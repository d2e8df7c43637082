//! Turns the text of a report into sections and passages. The entry point is [`outline`]. Levels follow what the
//! document does, and GB/T 9704-2012 (一、 then （一） then 1. then （1）) where it says nothing: a mark that is open
//! already closes what was opened since, any other opens a level below. It looks at text only: fonts are gone by the time
//! it is called. It never fails; a text without headings has no sections, and its passages are its paragraphs.

use std::collections::HashMap;
use std::ops::Range;

use crate::document::{Heading, Passage, Role, Section};
use crate::parse::lines::{Paragraph, paragraphs};
use crate::parse::marks::{self, Class, Numbered};

/// Passages longer than this, in bytes, are cut between sentences: about 400 Chinese characters, a screenful.
const LONG_PASSAGE: usize = 1200;

/// A heading without number has at most this many characters.
const LONG_LINE: usize = 36;

/// A sentence on a line of its own that stands for a heading has at most this many.
const LONG_SENTENCE: usize = 50;

/// So many sections can be open; more come of texts that are no reports, and would be walked through again and again. The headings of
/// GB/T 9704 and all others together have fewer kinds.
const DEEPEST: usize = 16;

/// The structure of a text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Outline {
    /// The sections in text order.
    pub sections: Vec<Section>,
    /// The passages in text order; their ranges joined are the whole text, unless it has no visible character.
    pub passages: Vec<Passage>,
    /// Where the title block ends and the speech begins, in bytes.
    pub title_block: usize,
}

/// Finds the structure of `text`. Cost: a few passes over it.
pub(crate) fn outline(text: &str) -> Outline {
    let paragraphs = paragraphs(text);
    let lines: Vec<&str> = paragraphs.iter().map(|paragraph| &text[paragraph.ink.clone()]).collect();
    let body = front(&lines);
    let end = back(&lines).max(body);
    let shapes = shapes(&lines, body..end);
    let passages = Vec::with_capacity(paragraphs.len() + paragraphs.len() / 4);
    let mut builder = Builder { text, passages, ..Builder::default() };
    for (at, paragraph) in paragraphs.iter().enumerate() {
        if at == end {
            builder.leave(0);
        }
        match &shapes[at] {
            Shape::Outside => builder.cut(paragraph.range.clone(), paragraph, true, None),
            Shape::Headed(heading, goes_on) => builder.headed(paragraph, heading, *goes_on),
            Shape::Annex(heading, role) => builder.annex(paragraph, heading, *role),
            Shape::Body { leads } => builder.body(paragraph, *leads),
        }
    }
    builder.fill_roles();
    let title_block = paragraphs.get(body).map_or(0, |p| p.range.start);
    Outline { sections: builder.sections, passages: builder.passages, title_block }
}

/// What a paragraph is.
#[derive(Clone, Debug)]
enum Shape<'t> {
    /// Title block or page furniture.
    Outside,
    /// It begins with a heading, and whether paragraphs behind it are its body.
    Headed(Numbered<'t>, bool),
    /// It opens an annex.
    Annex(Numbered<'t>, Option<Role>),
    /// Whether its first sentence may be a lead.
    Body { leads: bool },
}

/// The paragraph with which the speech begins: the one behind the title block, which ends with the salutation, or else
/// before the first heading.
fn front(lines: &[&str]) -> usize {
    let early = lines.len().min(80);
    let salutation = lines[..early].iter().position(|line| marks::is_salutation(line));
    // a long paragraph without a salutation before it: the text begins at once
    let speech = lines[..early].iter().position(|line| line.chars().count() > 150);
    let heading = lines.iter().position(|line| marks::numbered(line).is_some_and(|found| found.class.is_ranked()));
    match (salutation, speech) {
        (Some(salutation), speech) if speech.is_none_or(|speech| salutation <= speech) => salutation,
        (_, speech) => speech.into_iter().chain(heading).min().unwrap_or(0),
    }
}

/// The paragraph with which page furniture begins behind the text.
fn back(lines: &[&str]) -> usize {
    let last = lines.iter().rposition(|line| line.chars().count() > 60).map_or(0, |last| last + 1);
    (last..lines.len()).find(|&at| marks::is_furniture(lines[at])).unwrap_or(lines.len())
}

fn shapes<'t>(lines: &[&'t str], speech: Range<usize>) -> Vec<Shape<'t>> {
    let mut found: Vec<Option<Numbered>> = vec![None; lines.len()];
    for at in speech.clone() {
        found[at] = marks::numbered(lines[at]);
    }
    keep_sequences(&mut found);
    let annexes: Vec<Option<Option<Role>>> = lines
        .iter()
        .enumerate()
        .map(|(at, line)| if speech.contains(&at) && found[at].is_none() { marks::annex(line) } else { None })
        .collect();
    let report = speech.start..annexes.iter().position(Option::is_some).unwrap_or(speech.end);
    bare_headings(lines, &mut found, report.clone());
    sentence_headings(lines, &mut found, report.clone());
    let goes_on = bodies_that_go_on(&found);
    let leads = have_leads(lines, &found, &goes_on, report);
    (0..lines.len())
        .map(|at| match (found[at].take(), annexes[at]) {
            (Some(heading), _) => {
                let goes_on = !heading.runs_in || goes_on.get(&heading.class).copied().unwrap_or(true);
                Shape::Headed(heading, goes_on)
            }
            (None, Some(role)) => annex(lines, at, role),
            (None, None) if speech.contains(&at) => Shape::Body { leads },
            (None, None) => Shape::Outside,
        })
        .collect()
}

/// An annex; where only its number stands on the line, the next line is its title.
fn annex<'t>(lines: &[&'t str], at: usize, role: Option<Role>) -> Shape<'t> {
    let line = lines[at];
    let mut heading = unnumbered(Class::Annex, line, line.len());
    let next = lines.get(at + 1).filter(|next| line.chars().count() <= 5 && next.chars().count() <= LONG_LINE);
    if let Some(next) = next.filter(|next| marks::numbered(next).is_none() && marks::annex(next).is_none()) {
        (heading.mark, heading.title) = (line, next);
    }
    Shape::Annex(heading, role)
}

/// Drops numbers that do not count: each must be 1, or follow a list of its kind that is still open. A list may stand
/// inside another of the same kind.
fn keep_sequences(found: &mut [Option<Numbered>]) {
    let mut lists: HashMap<Class, Vec<u32>> = HashMap::new();
    let mut digits = 0;
    for slot in found.iter_mut() {
        let Some(heading) = slot else { continue };
        if matches!(heading.class, Class::Dash | Class::Article | Class::Chapter | Class::Part) {
            continue;
        }
        let open = lists.entry(heading.class).or_default();
        if heading.number == 1 {
            open.push(1);
        } else if let Some(depth) = open.iter().rposition(|&last| follows(last, heading.number)) {
            open.truncate(depth + 1);
            open[depth] = heading.number;
        } else {
            *slot = None;
            continue;
        }
        digits += (heading.class == Class::Digit) as u32;
    }
    // page numbers come in ones and twos
    if digits < 3 {
        found
            .iter_mut()
            .filter(|slot| slot.as_ref().is_some_and(|h| h.class == Class::Digit))
            .for_each(|slot| *slot = None);
    }
}

/// Texts skip a number now and then.
fn follows(last: u32, number: u32) -> bool {
    number.checked_sub(last).is_some_and(|step| (1..=2).contains(&step))
}

/// Takes short lines without closing mark for headings where the report's first heading is one of them: such a report
/// numbers its parts not at all, or only below.
fn bare_headings<'t>(lines: &[&'t str], found: &mut [Option<Numbered<'t>>], report: Range<usize>) {
    let is_open =
        |at: usize| lines[at].ends_with(|c: char| c.is_alphanumeric() || matches!(c, '”' | '’' | '》' | '）'));
    let candidate = |at: usize| {
        let line = lines[at];
        let length = length_up_to(line, LONG_LINE);
        (4..=LONG_LINE).contains(&length)
            && is_open(at)
            && !line.starts_with(|c: char| c.is_ascii_punctuation() || matches!(c, '（' | '，' | '。' | '、'))
            && !marks::is_furniture(line)
            && !line.contains('。')
            && !is_open(at - 1)
            && lines.get(at + 1).is_some_and(|next| next.chars().count() > length)
    };
    let start = report.start + 1;
    let candidates: Vec<usize> = (start..report.end).filter(|&at| found[at].is_none() && candidate(at)).collect();
    let first_han = (start..report.end).find(|&at| found[at].as_ref().is_some_and(|h| h.class == Class::Han));
    let comes_first = candidates.first().is_some_and(|&first| first_han.is_none_or(|han| first < han));
    if candidates.len() < 2 || !comes_first {
        return;
    }
    for at in candidates {
        found[at] = Some(unnumbered(Class::Bare, lines[at], lines[at].len()));
    }
}

/// Takes short sentences on lines of their own for headings where a report has a habit of them.
fn sentence_headings<'t>(lines: &[&'t str], found: &mut [Option<Numbered<'t>>], report: Range<usize>) {
    let candidate = |at: usize| {
        let line = lines[at];
        let length = length_up_to(line, LONG_SENTENCE);
        (4..=LONG_SENTENCE).contains(&length)
            && line.ends_with('。')
            && line.find('。') == Some(line.len() - '。'.len_utf8())
            && !line.contains(|c: char| matches!(c, '：' | '；') || !is_ideograph(c) && c.is_numeric())
            && !marks::is_formula(line)
            && !marks::is_introduction(line)
            && !line.contains("百分之")
            && lines.get(at + 1).is_some_and(|next| next.chars().count() > 2 * length)
    };
    let candidates: Vec<usize> =
        (report.start + 1..report.end).filter(|&at| found[at].is_none() && candidate(at)).collect();
    if candidates.len() < 4 {
        return;
    }
    for at in candidates {
        let end = lines[at].len();
        found[at] = Some(unnumbered(Class::Sentence, lines[at].trim_end_matches('。'), end));
    }
}

/// How many characters a line has; of one that has more than `most`, some number above it.
fn length_up_to(line: &str, most: usize) -> usize {
    if line.len() > 4 * most { most + 1 } else { line.chars().count() }
}

/// The Unicode tables need not be asked about most characters.
fn is_ideograph(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c)
}

fn unnumbered(class: Class, title: &str, end: usize) -> Numbered<'_> {
    Numbered { class, number: 0, label: None, mark: "", title, end, runs_in: false }
}

/// For each kind of run-in heading, whether its bodies go on in paragraphs of their own: they do if that is so between
/// most headings of the kind that follow each other.
fn bodies_that_go_on(found: &[Option<Numbered>]) -> HashMap<Class, bool> {
    let mut seen: HashMap<Class, (u32, u32)> = HashMap::new();
    for (at, heading) in found.iter().enumerate() {
        let Some(heading) = heading.as_ref().filter(|heading| heading.runs_in) else { continue };
        let next = found[at + 1..].iter().position(Option::is_some).map(|next| at + 1 + next);
        let Some(next) = next else { continue };
        let follows = found[next].as_ref().is_some_and(|next| next.class == heading.class);
        if follows {
            let (alone, longer) = seen.entry(heading.class).or_default();
            *if next == at + 1 { alone } else { longer } += 1;
        }
    }
    seen.into_iter().map(|(class, (alone, longer))| (class, longer > alone)).collect()
}

/// Whether paragraphs of the report have the habit of opening with a lead sentence: at least half of the long ones
/// behind second-level headings do.
fn have_leads(
    lines: &[&str],
    found: &[Option<Numbered>],
    goes_on: &HashMap<Class, bool>,
    report: Range<usize>,
) -> bool {
    let second_goes_on = goes_on.get(&Class::HanParenthesized).copied().unwrap_or(true);
    let mut under_second = false;
    let (mut with, mut all) = (0, 0);
    for at in report {
        match &found[at] {
            Some(heading) => {
                under_second = heading.class == Class::HanParenthesized && (!heading.runs_in || second_goes_on);
            }
            None if under_second && lines[at].chars().count() > 80 => {
                all += 1;
                with += opening_lead(lines[at]).is_some() as u32;
            }
            None => {}
        }
    }
    all >= 4 && with * 2 >= all
}

/// The lead sentence that opens a paragraph, and how many bytes it takes.
fn opening_lead(line: &str) -> Option<(&str, usize)> {
    let first = marks::sentences(line).first()?.clone();
    if first.end == line.len() {
        return None;
    }
    Some((marks::lead(&line[first.clone()], 4, 24)?, first.end))
}

#[derive(Default)]
struct Builder<'t> {
    text: &'t str,
    sections: Vec<Section>,
    passages: Vec<Passage>,
    /// The sections that are open, outermost first.
    open: Vec<Frame>,
    /// The one that ended with its paragraph; the next of its list stands where it stood.
    ended: Option<Frame>,
}

struct Frame {
    class: Class,
    number: u32,
    section: u32,
    /// Paragraphs behind the heading's own are no part of the section.
    ends_with_paragraph: bool,
}

impl<'t> Builder<'t> {
    fn headed(&mut self, paragraph: &Paragraph, heading: &Numbered<'_>, goes_on: bool) {
        self.make_room(heading);
        if heading.class == Class::Article {
            self.open(heading, self.role(), paragraph.line);
            return self.cut(paragraph.range.clone(), paragraph, true, None);
        }
        let role = match self.open.is_empty() {
            true => marks::part_role(heading.title),
            false => marks::section_role(heading.title).or(self.role()),
        };
        self.open(heading, role, paragraph.line);
        if !heading.runs_in {
            return self.cut(paragraph.range.clone(), paragraph, true, None);
        }
        let body = paragraph.ink.start + heading.end;
        self.cut(paragraph.range.start..body, paragraph, true, None);
        self.led(body..paragraph.range.end, paragraph);
        if let Some(frame) = self.open.last_mut() {
            frame.ends_with_paragraph = !goes_on;
        }
    }

    fn annex(&mut self, paragraph: &Paragraph, heading: &Numbered<'_>, role: Option<Role>) {
        self.leave(0);
        self.open(heading, role, paragraph.line);
        self.cut(paragraph.range.clone(), paragraph, true, None);
    }

    fn body(&mut self, paragraph: &Paragraph, leads: bool) {
        let text = self.text;
        let line = &text[paragraph.ink.clone()];
        while let Some(frame) = self.open.pop_if(|frame| frame.ends_with_paragraph || frame.class == Class::Lead) {
            self.ended = Some(frame).filter(|frame| frame.class != Class::Lead);
        }
        if self.open.first().is_some_and(|frame| frame.class == Class::Annex) {
            return self.cut(paragraph.range.clone(), paragraph, true, None);
        }
        if marks::is_address(line) {
            self.leave(1);
        }
        if let Some((role, title)) = marks::standing_phrase(line)
            && self.open.len() <= 2
            && self.role() != Some(role)
            // tasks meet problems too; that is no part of the report
            && (role != Role::Problems || self.role() != Some(Role::Tasks))
        {
            self.leave(1);
            self.open(&unnumbered(Class::Lead, title, 0), Some(role), paragraph.line);
            return self.cut(paragraph.range.clone(), paragraph, true, None);
        }
        if leads
            && self.open.len() >= 2
            && let Some((title, _)) = opening_lead(line)
        {
            // an introduction on a line of its own stands beside the leads, not above them
            while self.open.pop_if(|frame| frame.class == Class::Sentence).is_some() {}
            self.open(&unnumbered(Class::Lead, title, 0), self.role(), paragraph.line);
        }
        let role = marks::is_formula(line).then_some(Role::Formula);
        self.cut(paragraph.range.clone(), paragraph, true, role);
    }

    /// The body of a run-in heading: each of several lead sentences opens a section. A single one is just a sentence.
    fn led(&mut self, body: Range<usize>, paragraph: &Paragraph) {
        let depth = self.open.len();
        let text = self.text;
        let mut leads: Vec<(usize, &str)> = marks::sentences(&text[body.clone()])
            .into_iter()
            .map(|sentence| body.start + sentence.start..body.start + sentence.end)
            .filter(|sentence| sentence.end < body.end)
            .filter_map(|sentence| Some((sentence.start, marks::lead(&text[sentence], 5, 14)?)))
            .collect();
        let is_divided = self.open.last().is_some_and(|frame| frame.class.is_ranked()) && leads.len() > 1;
        leads.truncate(if is_divided { usize::MAX } else { 0 });
        let mut start = body.start;
        for (at, title) in leads {
            if start < at {
                self.cut(start..at, paragraph, false, None);
            }
            self.leave(depth);
            self.open(&unnumbered(Class::Lead, title, 0), self.role(), paragraph.line_at(at));
            start = at;
        }
        self.cut(start..body.end, paragraph, false, None);
        self.leave(depth);
    }

    fn role(&self) -> Option<Role> {
        self.open.last().and_then(|frame| self.sections[frame.section as usize].role)
    }

    /// Closes what `heading` ends: the section before it in its list, or of its kind, and all inside that. A new list
    /// inside a section that another list of the kind has opened stays inside.
    fn make_room(&mut self, heading: &Numbered<'_>) {
        let class = heading.class;
        let continues = |frame: &Frame| frame.class == class && follows(frame.number, heading.number);
        if let Some(frame) = self.ended.take().filter(continues) {
            self.open.push(frame);
        }
        let same = self.open.iter().rposition(|frame| frame.class == class);
        let list = self.open.iter().rposition(continues).or(same);
        let is_nested = |depth: usize| {
            heading.number == 1
                && self.open[depth + 1..].iter().any(|f| f.class.is_ranked() || f.class == Class::Ordinal)
        };
        match list {
            Some(depth) if !is_nested(depth) => self.leave(depth),
            None if class.is_ranked() => while self.open.pop_if(|frame| frame.class > class).is_some() {},
            _ => {
                let ends = |frame: &mut Frame| frame.class == Class::Lead || frame.ends_with_paragraph;
                while self.open.pop_if(ends).is_some() {}
            }
        }
    }

    /// Closes all but the outermost `depth` sections.
    fn leave(&mut self, depth: usize) {
        self.open.truncate(depth);
        self.ended = None;
    }

    fn open(&mut self, heading: &Numbered<'_>, role: Option<Role>, line: u32) {
        self.open.truncate(DEEPEST - 1);
        let (class, number) = (heading.class, heading.number);
        let heading = Heading {
            level: self.open.len() as u8 + 1,
            label: heading.label.map(String::from),
            mark: heading.mark.to_string(),
            title: heading.title.to_string(),
        };
        let parent = self.open.last().map(|frame| frame.section);
        self.sections.push(Section { heading, role, line, parent });
        self.open.push(Frame { class, number, section: self.sections.len() as u32 - 1, ends_with_paragraph: false });
    }

    /// Gives parts whose heading says nothing the role that their first sentences tell, and hands it down.
    fn fill_roles(&mut self) {
        let mut parts = vec![None; self.sections.len()];
        for passage in &self.passages {
            let Some(mut section) = passage.section else { continue };
            while let Some(parent) = self.sections[section as usize].parent {
                section = parent;
            }
            let opening = parts[section as usize].get_or_insert_with(String::new);
            if opening.len() < 1500 {
                opening.push_str(&self.text[passage.range.clone()]);
            }
        }
        for (at, opening) in parts.iter().enumerate() {
            if self.sections[at].role.is_none() {
                self.sections[at].role = match self.sections[at].parent {
                    Some(parent) => self.sections[parent as usize].role,
                    None => opening.as_deref().and_then(marks::opening_role),
                };
            }
        }
        for passage in &mut self.passages {
            if passage.role.is_none() {
                passage.role = passage.section.and_then(|section| self.sections[section as usize].role);
            }
        }
    }

    /// Adds `range` as one passage a line, a long one as several of about equal length.
    fn cut(&mut self, range: Range<usize>, paragraph: &Paragraph, opens_paragraph: bool, role: Option<Role>) {
        let mut opens = opens_paragraph;
        let mut start = range.start;
        let mut line = paragraph.line_at(start);
        for &(next, number) in paragraph.more.iter().filter(|(at, _)| range.start < *at && *at < range.end) {
            opens = self.cut_line(start..next, line, opens, role);
            (start, line) = (next, number);
        }
        self.cut_line(start..range.end, line, opens, role);
    }

    fn cut_line(&mut self, range: Range<usize>, line: u32, opens_paragraph: bool, role: Option<Role>) -> bool {
        let section = self.open.last().map(|frame| frame.section);
        let role = role.or_else(|| self.role());
        let mut push = |range: Range<usize>, opens_paragraph| {
            self.passages.push(Passage { range, opens_paragraph, section, role, line });
        };
        let mut parts = range.len().div_ceil(LONG_PASSAGE);
        let (mut start, mut opens) = (range.start, opens_paragraph);
        if parts > 1 {
            for sentence in marks::sentences(&self.text[range.clone()]) {
                let end = range.start + sentence.end;
                if parts > 1 && end - start >= (range.end - start) / parts && end < range.end {
                    push(start..end, opens);
                    (start, opens) = (end, false);
                    parts -= 1;
                }
            }
        }
        push(start..range.end, opens);
        false
    }
}
