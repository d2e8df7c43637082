//! Tells what each paragraph of a text is: title block, heading, annex, body. Numbers count where they follow each other;
//! a report without numbers has its short lines for headings. Which heading stands under which is decided by `outline`.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::document::Role;
use crate::parse::lines::Paragraph;
use crate::parse::loose;
use crate::parse::marks::{self, Class, Numbered, is_ideograph};
use crate::parse::roles;
use crate::parse::sentences::sentence_end;
use crate::parse::sequences::{decimal_marks, is_section, keep_sequences, loose_marks, note_marks};

/// A heading without number has at most this many characters.
const LONG_LINE: usize = 36;

/// A sentence on a line of its own that stands for a heading has at most this many.
const LONG_SENTENCE: usize = 50;

/// A paragraph before the salutation that has more is text, not part of a title block.
const LONG_INTRODUCTION: usize = 150;

/// What a paragraph is.
#[derive(Clone, Debug)]
pub(crate) enum Shape<'t> {
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
/// before the first heading, or else before the first sentence.
fn front(lines: &[&str]) -> usize {
    let early = lines.len().min(80);
    let opens = |line: &&str| marks::is_salutation(line) || marks::opens_speech(line);
    let salutation = lines[..early].iter().position(opens);
    // a long paragraph without a salutation before it: the text begins at once, unless what follows names the report
    let is_long = |line: &&str| has_more(line, LONG_INTRODUCTION);
    let speech = lines[..early].iter().position(is_long);
    let is_introduced = |speech: usize, salutation: usize| {
        lines[speech + 1..salutation].iter().any(|line| marks::is_report_title(line))
    };
    let is_heading = |line: &&str| {
        marks::numbered(line).is_some_and(|found| found.class.is_ranked())
            || line.starts_with('第') && loose::loose(line).is_some_and(|found| found.number == 1)
    };
    let heading = || behind_contents(&lines[..early]).or_else(|| lines.iter().position(is_heading));
    match (salutation, speech) {
        (Some(salutation), None) => salutation,
        (Some(salutation), Some(speech)) if salutation <= speech || is_introduced(speech, salutation) => salutation,
        (_, speech) => {
            let begins = speech.into_iter().chain(heading()).min();
            // 关于…的通知, its number, and at once what it says
            let is_text =
                |line: &&str| line.ends_with(['。', '；']) || marks::numbered(line).is_some() && !line.contains('年');
            let states = |line: &&str| ["关于", "〔", "届"].into_iter().any(|word| line.contains(word));
            let is_block = |&end: &usize| lines[..end].iter().any(|line| states(line) || marks::is_report_title(line));
            let sentence = || lines[..early].iter().position(is_text).filter(is_block);
            begins.or_else(sentence).unwrap_or(0)
        }
    }
}

/// The paragraph with the first heading that a table of contents lists, where one stands before it.
fn behind_contents(lines: &[&str]) -> Option<usize> {
    let is_contents = |line: &&str| line.chars().filter(|c| !c.is_whitespace()).eq("目录".chars());
    let contents = lines.iter().position(is_contents)?;
    let listed = lines.get(contents + 1)?.trim_end_matches(|c: char| !c.is_alphabetic());
    let again = lines[contents + 2..].iter().position(|line| line.starts_with(listed) && !listed.is_empty())?;
    Some(contents + 2 + again)
}

/// The paragraph with which page furniture begins behind the text.
fn back(lines: &[&str]) -> usize {
    let last = lines.iter().rposition(|line| has_more(line, 60)).map_or(0, |last| last + 1);
    // a text does not go on with a section behind it
    let is_section = |line: &&str| {
        marks::numbered(line).is_some_and(|found| matches!(found.class, Class::Han | Class::HanParenthesized))
    };
    let last = lines[last..].iter().rposition(is_section).map_or(last, |section| last + section + 1);
    (last..lines.len()).find(|&at| marks::is_furniture(lines[at])).unwrap_or(lines.len())
}

/// What the paragraphs of a text are.
pub(crate) struct Shapes<'t> {
    pub list: Vec<Shape<'t>>,
    /// The paragraphs between the title block and the page furniture behind the text.
    pub speech: Range<usize>,
}

/// The shapes of `paragraphs`, those of `text`, which is `plain` in simplified characters. Cost: a few passes over them.
pub(crate) fn shapes<'t>(text: &'t str, plain: &str, paragraphs: &[Paragraph]) -> Shapes<'t> {
    let lines: Vec<&str> = paragraphs.iter().map(|paragraph| &text[paragraph.ink.clone()]).collect();
    let words: Vec<&str> = paragraphs.iter().map(|paragraph| &plain[paragraph.ink.clone()]).collect();
    let front = front(&words);
    let speech = front..back(&words).max(front);
    let list = of_lines(&lines, &words, speech.clone());
    Shapes { list, speech }
}

impl<'t> Shapes<'t> {
    /// The headings of the kind that the first one has: those of the parts.
    pub fn parts(&self) -> impl Iterator<Item = &Numbered<'t>> {
        let headings = || self.list.iter().filter_map(Shape::heading);
        let class = headings().next().map(|first| first.class);
        headings().filter(move |heading| Some(heading.class) == class)
    }
}

impl<'t> Shape<'t> {
    fn heading(&self) -> Option<&Numbered<'t>> {
        match self {
            Shape::Headed(heading, _) => Some(heading),
            _ => None,
        }
    }
}

/// `words` are the lines in simplified characters.
fn of_lines<'t>(lines: &[&'t str], words: &[&str], speech: Range<usize>) -> Vec<Shape<'t>> {
    let mut found: Vec<Option<Numbered>> = vec![None; lines.len()];
    for at in speech.clone() {
        found[at] = marks::numbered(lines[at]);
    }
    loose_marks(lines, &mut found, speech.clone());
    decimal_marks(lines, &mut found, speech.clone());
    note_marks(lines, &mut found);
    keep_sequences(&mut found);
    let last = found.iter().rposition(|heading| heading.as_ref().is_some_and(|heading| heading.class == Class::Han));
    let annexes: Vec<Option<Option<Role>>> = (0..lines.len())
        .map(|at| {
            let opens_notes = || last < Some(at) && notes(words, at).is_some();
            let is_free = speech.contains(&at) && found[at].is_none();
            if !is_free {
                None
            } else {
                marks::annex(words[at]).or_else(|| opens_notes().then_some(Some(Role::Glossary)))
            }
        })
        .collect();
    let report = speech.start..annexes.iter().position(Option::is_some).unwrap_or(speech.end);
    bare_headings(lines, words, &mut found, report.clone());
    sentence_headings(lines, words, &mut found, report.clone());
    let goes_on = bodies_that_go_on(&found);
    let leads = have_leads(lines, &found, &goes_on, report);
    (0..lines.len())
        .map(|at| match (found[at].take(), annexes[at]) {
            (Some(heading), _) => {
                let goes_on = !heading.runs_in || goes_on.get(&heading.class).copied().unwrap_or(true);
                Shape::Headed(heading, goes_on)
            }
            // the title of the annex whose number stands before it
            (None, Some(Some(_))) if at > 0 && annexes[at - 1].is_some() && is_bare_number(words[at - 1]) => {
                Shape::Body { leads: false }
            }
            (None, Some(role)) => {
                let titled = annexes.get(at + 1).filter(|_| is_bare_number(words[at]));
                annex(lines, words, at, role.or(titled.copied().flatten().flatten()))
            }
            (None, None) if speech.contains(&at) => Shape::Body { leads },
            (None, None) => Shape::Outside,
        })
        .collect()
}

/// An annex; where only its number stands on the line, the next line is its title.
fn annex<'t>(lines: &[&'t str], words: &[&str], at: usize, role: Option<Role>) -> Shape<'t> {
    let line = lines[at];
    let end = notes(words, at).unwrap_or(line.len());
    let mut heading = unnumbered(Class::Annex, line[..end].trim_end_matches(['：', ':']), end);
    let is_title = |&at: &usize| {
        let next = words[at];
        let is_annex = matches!(marks::annex(next), Some(None));
        let is_short = length_up_to(next, LONG_LINE) <= LONG_LINE
            && !next.trim_end_matches(['：', ':']).contains(['。', '：', ':']);
        is_short && !is_annex && marks::numbered(next).is_none()
    };
    if let Some(next) = Some(at + 1).filter(|&next| next < lines.len() && is_bare_number(line)).filter(is_title) {
        (heading.mark, heading.title) = (line, lines[next].trim_end_matches(['：', ':']));
    }
    Shape::Annex(heading, role)
}

/// 附件2 or 附：
fn is_bare_number(line: &str) -> bool {
    let behind = ["附件", "附录", "附表", "附"].into_iter().find_map(|annex| line.strip_prefix(annex));
    behind.is_some_and(|number| {
        number.len() <= 12 && number.chars().all(|c| c.is_numeric() || marks::is_han_digit(c) || " 　：:".contains(c))
    })
}

/// Where the first note stands in 注：①…, or behind the line 注：.
fn notes(words: &[&str], at: usize) -> Option<usize> {
    let behind = words[at].strip_prefix('注')?.strip_prefix(['：', ':'])?;
    let notes = behind.trim_start();
    let first = if notes.is_empty() { words.get(at + 1).copied().unwrap_or_default() } else { notes };
    let begins = first.trim_start_matches(['［', '[', '（', '(']).starts_with(['①', '1', '１']);
    begins.then(|| words[at].len() - notes.len())
}

/// Takes short lines without closing mark for headings where the report's first heading is one of them: such a report
/// numbers its parts not at all, or only below.
fn bare_headings<'t>(lines: &[&'t str], words: &[&str], found: &mut [Option<Numbered<'t>>], report: Range<usize>) {
    let is_open =
        |at: usize| lines[at].ends_with(|c: char| c.is_alphanumeric() || matches!(c, '”' | '’' | '》' | '）'));
    let title = |at: usize| title_of(lines[at]);
    let candidate = |at: usize| {
        // most lines end a sentence
        if !is_open(at) && enclosed(lines[at]).is_none() {
            return false;
        }
        let line = title(at);
        let length = length_up_to(line, LONG_LINE);
        (4..=LONG_LINE).contains(&length)
            && !line.starts_with(|c: char| c.is_ascii_punctuation() || matches!(c, '（' | '，' | '。' | '、'))
            && !marks::is_furniture(words[at])
            && !line.contains('。')
            && !is_open(at - 1)
            && lines.get(at + 1).is_some_and(|next| has_more(next, length))
    };
    let start = report.start + 1;
    let candidates: Vec<usize> = (start..report.end).filter(|&at| found[at].is_none() && candidate(at)).collect();
    let first_han = report.clone().find(|&at| found[at].as_ref().is_some_and(|h| h.class == Class::Han));
    let comes_first = candidates.first().is_some_and(|&first| first_han.is_none_or(|han| first < han));
    let is_decimal = found.iter().flatten().any(|heading| matches!(heading.class, Class::Decimal(_)));
    if !comes_first || is_decimal {
        return;
    }
    // 二、 without 一、: the first part has lost its number, and numbered lines are what they seem
    let before = first_han.and_then(|han| found[han].as_ref()).map_or(0, |han| han.number.saturating_sub(1));
    if before > 0 {
        let unmarked = |at: usize| Numbered { number: before, ..unnumbered(Class::Han, title(at), lines[at].len()) };
        let first = candidates.iter().copied().find(|&at| is_part(words[at]) && Some(at) < first_han);
        for at in candidates {
            found[at] =
                marks::numbered(lines[at]).filter(is_section).or_else(|| (Some(at) == first).then(|| unmarked(at)));
        }
        return;
    }
    // only the first part may have been saved
    let is_alone = || {
        let salutation = words[report.start];
        let is_behind = marks::is_salutation(salutation) || marks::opens_speech(salutation);
        is_behind && candidates.first().is_some_and(|&at| roles::is_year_of_work(title_of(words[at])))
    };
    if candidates.len() < 2 && !is_alone() {
        return;
    }
    let parts: Vec<usize> = candidates.iter().copied().filter(|&at| is_part(words[at])).collect();
    let have_others_below = first_han.is_none() && parts.len() > 1 && parts.first() == candidates.first();
    for at in candidates {
        let is_below = have_others_below && !parts.contains(&at);
        let class = if is_below { Class::BareBelow } else { Class::Bare };
        let bare = unnumbered(class, title(at), lines[at].len());
        // a number that does not count is no part of the words
        found[at] = Some(match marks::numbered(lines[at]).filter(is_section) {
            Some(marked) => Numbered { label: marked.label, mark: marked.mark, title: marked.title, ..bare },
            None => bare,
        });
    }
}

/// The words of 【2024年工作回顾】.
fn enclosed(line: &str) -> Option<&str> {
    line.strip_prefix('【')?.strip_suffix('】').filter(|title| !title.contains('】'))
}

fn title_of(line: &str) -> &str {
    enclosed(line).unwrap_or(line)
}

/// Whether a heading names the year of which a part tells, or for which it plans.
fn is_part(line: &str) -> bool {
    let title = title_of(line);
    title.contains('年') && matches!(roles::part_role(title, None, true), Some(Role::Review | Role::Tasks))
}

/// Takes short sentences on lines of their own for headings where a report has a habit of them.
fn sentence_headings<'t>(lines: &[&'t str], words: &[&str], found: &mut [Option<Numbered<'t>>], report: Range<usize>) {
    let candidate = |at: usize| {
        let line = lines[at];
        let length = length_up_to(line, LONG_SENTENCE);
        (4..=LONG_SENTENCE).contains(&length)
            && line.ends_with('。')
            && line.find('。') == Some(line.len() - '。'.len_utf8())
            && !line.contains(|c: char| matches!(c, '：' | '；') || !is_ideograph(c) && c.is_numeric())
            && !marks::is_formula(words[at])
            && !marks::is_introduction(words[at])
            && !line.contains("百分之")
            && lines.get(at + 1).is_some_and(|next| has_more(next, 2 * length))
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

/// Whether a line has more than so many characters.
fn has_more(line: &str, than: usize) -> bool {
    length_up_to(line, than) > than
}

pub(crate) fn unnumbered(class: Class, title: &str, end: usize) -> Numbered<'_> {
    Numbered { class, number: 0, label: None, mark: "", title, end, runs_in: false }
}

/// For each kind of run-in heading, whether its bodies go on in paragraphs of their own: they do if that is so between
/// most headings of the kind that follow each other.
fn bodies_that_go_on(found: &[Option<Numbered>]) -> BTreeMap<Class, bool> {
    let mut seen: BTreeMap<Class, (u32, u32)> = BTreeMap::new();
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
    goes_on: &BTreeMap<Class, bool>,
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
            None if under_second && has_more(lines[at], 80) => {
                all += 1;
                with += opening_lead(lines[at]).is_some() as u32;
            }
            None => {}
        }
    }
    all >= 4 && with * 2 >= all
}

/// The lead sentence that opens a paragraph, and how many bytes it takes.
pub(crate) fn opening_lead(line: &str) -> Option<(&str, usize)> {
    let end = sentence_end(line)?.end;
    if line[end..].trim().is_empty() {
        return None;
    }
    Some((marks::lead(&line[..end], 4, 24)?, end))
}
