//! Turns the text of a report into sections and passages. The entry point is [`outline`]. Levels follow what the
//! document does, and GB/T 9704-2012 (一、 then （一） then 1. then （1）) where it says nothing: a mark that is open
//! already closes what was opened since, any other opens a level below. It looks at text only: fonts are gone by the time
//! it is called. It never fails; a text without headings has no sections, and its passages are its paragraphs.

use std::borrow::Cow;
use std::ops::Range;

use crate::document::{Heading, Passage, Role, Section};
use crate::parse::lines::{Paragraph, one_line};
use crate::parse::marks::{self, Class, Numbered};
use crate::parse::roles;
use crate::parse::sentences::{ends_sentence, sentences};
use crate::parse::sequences::{DEEPEST, follows};
use crate::parse::shapes::{Shape, Shapes, opening_lead, unnumbered};

/// Passages longer than this, in bytes, are cut between sentences: about 400 Chinese characters, a screenful.
const LONG_PASSAGE: usize = 1200;

/// When passages of so many bytes have been said, a part has told what it does.
const LONG_OPENING: usize = 1500;

/// The structure of a text.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Outline {
    /// The sections in text order.
    pub sections: Vec<Section>,
    /// The passages in text order; their ranges joined are the whole text, unless it has no visible character.
    pub passages: Vec<Passage>,
}

impl Outline {
    /// Gives a role to all that has none.
    pub fn be_of(&mut self, role: Role) {
        let sections = self.sections.iter_mut().map(|section| &mut section.role);
        let passages = self.passages.iter_mut().map(|passage| &mut passage.role);
        sections.chain(passages).for_each(|own| *own = own.or(Some(role)));
    }
}

/// Finds the structure of `text`, in simplified characters `plain`, whose paragraphs these are, in a report of the year `now`.
/// Cost: a few passes over it.
pub(crate) fn outline(
    text: &str,
    plain: &str,
    paragraphs: &[Paragraph],
    shapes: &Shapes<'_>,
    now: Option<u16>,
) -> Outline {
    let passages = Vec::with_capacity(paragraphs.len() + paragraphs.len() / 4);
    let mut builder = Builder { text, plain, now, passages, ..Builder::default() };
    for (at, (paragraph, shape)) in paragraphs.iter().zip(&shapes.list).enumerate() {
        if at == shapes.speech.end {
            builder.leave(0);
        }
        let goes_on = text[paragraph.ink.clone()].ends_with(['：', ':', '；', ';']);
        match shape {
            Shape::Outside => builder.cut(paragraph.range.clone(), paragraph, true, None),
            Shape::Headed(heading, goes_on) => builder.headed(paragraph, heading, *goes_on),
            Shape::Annex(heading, role) => builder.annex(paragraph, heading, *role),
            Shape::Body { leads } => builder.body(paragraph, *leads),
        }
        builder.goes_on = goes_on;
    }
    builder.fill_roles();
    Outline { sections: builder.sections, passages: builder.passages }
}

#[derive(Default)]
struct Builder<'t> {
    text: &'t str,
    /// The same in simplified characters, in which words are looked for.
    plain: &'t str,
    /// The year of the report.
    now: Option<u16>,
    sections: Vec<Section>,
    passages: Vec<Passage>,
    /// The sections that are open, outermost first.
    open: Vec<Frame>,
    /// A part has said what it does.
    has_role: bool,
    /// The last paragraph announced more, or was one of several.
    goes_on: bool,
    /// The one that ended with its paragraph; the next of its list stands where it stood.
    ended: Option<Frame>,
}

struct Frame {
    class: Class,
    number: u32,
    section: u32,
    /// Paragraphs behind the heading's own are no part of the section.
    ends_with_paragraph: bool,
    /// It announces a list, which is part of it: 主要预期目标是：
    announces: bool,
}

impl<'t> Builder<'t> {
    fn headed(&mut self, paragraph: &Paragraph, heading: &Numbered<'_>, goes_on: bool) {
        self.make_room(heading);
        if heading.class == Class::Article {
            self.open(heading, self.role(), paragraph.line);
            return self.cut(paragraph.range.clone(), paragraph, true, None);
        }
        let role = match self.open.is_empty() {
            true => {
                roles::part_role(heading.title, self.now, self.sections.is_empty()).or_else(|| self.later_role(heading))
            }
            false => {
                let own = || heading.class.is_ranked().then(|| roles::own_role(heading.title, self.role())).flatten();
                roles::section_role(heading.title).or_else(own).or(self.role())
            }
        };
        self.open(heading, role, paragraph.line);
        if !heading.runs_in {
            // 一是经济总量不大。 is all that the item says
            let is_said = ends_sentence(&self.text[paragraph.ink.clone()]);
            let is_announced = self.open.iter().any(|frame| frame.announces);
            if let Some(frame) = self.open.last_mut() {
                frame.ends_with_paragraph = is_said && is_announced;
            }
            return self.cut(paragraph.range.clone(), paragraph, true, None);
        }
        let body = paragraph.ink.start + heading.end;
        // 1.“两重”：是指… is one with its term
        let defines = matches!(heading.class, Class::Digit | Class::Note) && self.text[..body].ends_with(['：', ':']);
        if defines {
            self.cut(paragraph.range.clone(), paragraph, true, None);
        } else {
            self.cut(paragraph.range.start..body, paragraph, true, None);
            self.led(body..paragraph.range.end, paragraph);
        }
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
        let line = |text: &'t str| {
            let ink = &text[paragraph.ink.clone()];
            if paragraph.more.is_empty() { Cow::Borrowed(ink) } else { Cow::Owned(one_line(ink)) }
        };
        let written: &str = &line(self.text);
        let line: &str = &line(self.plain);
        let goes_on = self.goes_on;
        let is_over = |frame: &mut Frame| match frame.class {
            Class::Lead => !(frame.announces && goes_on),
            _ => frame.ends_with_paragraph,
        };
        while let Some(frame) = self.open.pop_if(is_over) {
            self.ended = Some(frame).filter(|frame| frame.class != Class::Lead);
        }
        if self.open.first().is_some_and(|frame| frame.class == Class::Annex) {
            return self.cut(paragraph.range.clone(), paragraph, true, None);
        }
        if marks::is_address(line) {
            self.leave(1);
        }
        if self.open.len() <= 2
            && let Some((role, title)) = roles::standing_phrase(line)
            && self.role() != Some(role)
            // tasks meet problems too; that is no part of the report
            && (role != Role::Problems || self.role() != Some(Role::Tasks))
        {
            self.leave(1);
            // as it is written
            let own = line.find(title).map_or(title, |at| &written[at..at + title.len()]);
            self.open(&unnumbered(Class::Lead, own, 0), Some(role), paragraph.line);
            if let Some(frame) = self.open.last_mut() {
                frame.announces = roles::announces(line, title);
            }
            return self.cut(paragraph.range.clone(), paragraph, true, None);
        }
        if leads
            && self.open.len() >= 2
            && let Some((title, _)) = opening_lead(written)
        {
            // an introduction on a line of its own stands beside the leads, not above them
            while self.open.pop_if(|frame| frame.class == Class::Sentence).is_some() {}
            self.open(&unnumbered(Class::Lead, title, 0), self.role(), paragraph.line);
        }
        let role = marks::is_formula(line).then_some(Role::Formula);
        self.cut(paragraph.range.clone(), paragraph, true, role);
    }

    /// The body of a run-in heading: each of several lead sentences opens a section. A single one with a body is just a sentence,
    /// and so are those right before it.
    fn led(&mut self, body: Range<usize>, paragraph: &Paragraph) {
        let depth = self.open.len();
        let text = self.text;
        let mut leads: Vec<(Range<usize>, &str)> = sentences(&text[body.clone()])
            .into_iter()
            .map(|sentence| body.start + sentence.start..body.start + sentence.end)
            .filter(|sentence| sentence.end < body.end)
            .filter_map(|sentence| Some((sentence.clone(), marks::lead(&text[sentence], 5, 14)?)))
            .collect();
        // in 发展是硬道理。必须抓住一切机遇加快发展。我们… only the last one could have a body
        let follows_at_once = |pair: &&[(Range<usize>, &str)]| pair[0].0.end == pair[1].0.start;
        let with_body = leads.len() - leads.windows(2).filter(follows_at_once).count();
        let is_divided = self.open.last().is_some_and(|frame| frame.class.is_ranked()) && with_body > 1;
        leads.truncate(if is_divided { usize::MAX } else { 0 });
        let mut start = body.start;
        for (Range { start: at, .. }, title) in leads {
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

    /// The role of a part that calls for work, behind a part that says what it does.
    fn later_role(&self, heading: &Numbered<'_>) -> Option<Role> {
        let is_later = heading.class <= Class::Han && self.has_role;
        (is_later && roles::calls_for_work(heading.title)).then_some(Role::Tasks)
    }

    /// Closes what `heading` ends: the section before it in its list, or of its kind, and all inside that. A new list
    /// inside a section that another list of the kind has opened stays inside.
    fn make_room(&mut self, heading: &Numbered<'_>) {
        let class = heading.class;
        // the items right behind a lead of problems are these, though it announces nothing
        if matches!(class, Class::Ordinal | Class::Shi | Class::Dash)
            && heading.number <= 1
            && self.role() == Some(Role::Problems)
            && let Some(lead) = self.open.last_mut().filter(|frame| frame.class == Class::Lead)
        {
            lead.announces = true;
            return;
        }
        if let Some(depth) = self.open.iter().rposition(|frame| frame.announces) {
            let begins = heading.number <= 1;
            if begins && self.goes_on && depth + 1 == self.open.len() {
                return;
            }
            // a list that begins anew is another one
            if heading.number == 1 && self.open[depth + 1..].iter().any(|frame| frame.class == class) {
                self.leave(depth);
            }
        }
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
            title: if heading.title.contains('\n') { one_line(heading.title) } else { heading.title.to_string() },
        };
        let parent = self.open.last().map(|frame| frame.section);
        self.has_role |= parent.is_none() && role.is_some();
        self.sections.push(Section { heading, role, line, parent });
        let section = self.sections.len() as u32 - 1;
        self.open.push(Frame { class, number, section, ends_with_paragraph: false, announces: false });
    }

    /// Gives parts whose heading says nothing the role that their first sentences tell, and hands it down.
    fn fill_roles(&mut self) {
        // where the first passages of each part stand, one behind the other
        let mut parts: Vec<Option<Range<usize>>> = vec![None; self.sections.len()];
        for passage in &self.passages {
            let Some(mut section) = passage.section else { continue };
            while let Some(parent) = self.sections[section as usize].parent {
                section = parent;
            }
            let part = parts[section as usize].get_or_insert(passage.range.start..passage.range.start);
            if part.len() < LONG_OPENING {
                part.end = passage.range.end;
            }
        }
        for (at, part) in parts.into_iter().enumerate() {
            if self.sections[at].role.is_none() {
                self.sections[at].role = match self.sections[at].parent {
                    Some(parent) => self.sections[parent as usize].role,
                    None => part.and_then(|part| roles::opening_role(&self.plain[part])),
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
            for sentence in sentences(&self.text[range.clone()]) {
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
