//! Tells what each paragraph of a text is: title block, heading, annex, body. Numbers count where they follow each other;
//! a report without numbers has its short lines for headings. Which heading stands under which is decided by `outline`.

use std::collections::HashMap;
use std::ops::Range;

use crate::document::Role;
use crate::parse::lines::Paragraph;
use crate::parse::loose;
use crate::parse::marks::{self, Class, Numbered, is_ideograph};
use crate::parse::roles;
use crate::parse::sentences::sentences;

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

/// Takes 第一章总则 or ( 一 ) for a heading where such marks count up, however they are written.
fn loose_marks<'t>(lines: &[&'t str], found: &mut [Option<Numbered<'t>>], speech: Range<usize>) {
    let loose = speech.clone().map(|at| if found[at].is_none() { loose::loose(lines[at]) } else { None });
    let mut marked: Vec<Option<Numbered>> = loose.collect();
    for class in loose::CLASSES {
        if marked.iter().flatten().all(|heading| heading.class != class) {
            continue;
        }
        let both = marked.iter().zip(&found[speech.clone()]).map(|(loose, own)| own.as_ref().or(loose.as_ref()));
        let numbers: Vec<(usize, u32, bool)> = both
            .enumerate()
            .filter_map(|(at, heading)| Some((at, heading.filter(|heading| heading.class == class)?.number)))
            .map(|(at, number)| (at, number, found[speech.start + at].is_some()))
            .collect();
        let mut last = 0u32;
        for (index, &(at, number, is_sure)) in numbers.iter().enumerate() {
            let counts_on = || numbers.get(index + 1).is_some_and(|next| next.1 == 2);
            let counts = if number == 1 { counts_on() } else { last > 0 && last.checked_add(1) == Some(number) };
            if counts || is_sure {
                last = number;
                found[speech.start + at] = found[speech.start + at].take().or_else(|| marked[at].take());
            }
        }
    }
}

/// Takes 1 总则 and 1.1 编制目的 for headings where two or more of each count up, and none counted otherwise stands above.
fn decimal_marks<'t>(lines: &[&'t str], found: &mut [Option<Numbered<'t>>], speech: Range<usize>) {
    let mut open: Vec<u32> = Vec::new();
    let mut counted = Vec::new();
    for (at, (numbers, heading)) in speech.filter_map(|at| Some((at, loose::decimal(lines[at])?))) {
        let [within @ .., number] = &numbers[..] else { continue };
        let last = open.get(within.len()).copied().unwrap_or(0);
        if open.starts_with(within) && last.checked_add(1) == Some(*number) {
            open = numbers.clone();
            counted.push((at, numbers.len(), Numbered { number: *number, ..heading }));
        }
    }
    let has_two = |deep: bool| counted.iter().filter(|(_, parts, _)| (*parts > 1) == deep).nth(1).is_some();
    let first = counted.first().map_or(0, |(at, ..)| *at);
    let is_above = |heading: &Numbered| matches!(heading.class, Class::Han | Class::HanParenthesized);
    if has_two(false) && has_two(true) && !found[..first].iter().flatten().any(is_above) {
        for (at, _, heading) in counted {
            found[at] = Some(heading);
        }
    }
}

/// So many sections or lists can be open; more come of texts that are no reports, and would be walked through again and again. The
/// headings of GB/T 9704 and all others together have fewer kinds.
pub(crate) const DEEPEST: usize = 16;

/// Drops numbers that do not count: each must be 1, or follow a list of its kind that is still open. A list may stand
/// inside another of the same kind.
fn keep_sequences(found: &mut [Option<Numbered>]) {
    let mut lists: HashMap<Class, Vec<u32>> = HashMap::new();
    let mut digits = 0;
    for slot in found.iter_mut() {
        let Some(heading) = slot else { continue };
        if matches!(
            heading.class,
            Class::Dash | Class::Article | Class::Decimal(_) | Class::Book | Class::Chapter | Class::Part
        ) {
            continue;
        }
        let open = lists.entry(heading.class).or_default();
        if heading.number == 1 {
            if open.len() == DEEPEST {
                open.remove(0);
            }
            open.push(1);
        } else if let Some(depth) = continued(open, heading) {
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

/// Which of the open lists of its kind a heading continues. One that has the number of the last by mistake is one all the
/// same, if it is no item in a body.
fn continued(open: &[u32], heading: &Numbered<'_>) -> Option<usize> {
    let is_section = matches!(heading.class, Class::Han | Class::HanParenthesized);
    open.iter()
        .rposition(|&last| follows(last, heading.number))
        .or_else(|| open.iter().rposition(|&last| is_section && last == heading.number))
}

/// Texts skip a number now and then.
pub(crate) fn follows(last: u32, number: u32) -> bool {
    number.checked_sub(last).is_some_and(|step| (1..=2).contains(&step))
}

/// Takes short lines without closing mark for headings where the report's first heading is one of them: such a report
/// numbers its parts not at all, or only below.
fn bare_headings<'t>(lines: &[&'t str], words: &[&str], found: &mut [Option<Numbered<'t>>], report: Range<usize>) {
    let is_open =
        |at: usize| lines[at].ends_with(|c: char| c.is_alphanumeric() || matches!(c, '”' | '’' | '》' | '）'));
    let title = |at: usize| enclosed(lines[at]).unwrap_or(lines[at]);
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
    let first_han = (start..report.end).find(|&at| found[at].as_ref().is_some_and(|h| h.class == Class::Han));
    let comes_first = candidates.first().is_some_and(|&first| first_han.is_none_or(|han| first < han));
    let is_decimal = found.iter().flatten().any(|heading| matches!(heading.class, Class::Decimal(_)));
    if candidates.len() < 2 || !comes_first || is_decimal {
        return;
    }
    let parts: Vec<usize> = candidates.iter().copied().filter(|&at| is_part(words[at])).collect();
    let have_others_below = first_han.is_none() && parts.len() > 1 && parts.first() == candidates.first();
    for at in candidates {
        let is_below = have_others_below && !parts.contains(&at);
        found[at] = Some(unnumbered(if is_below { Class::BareBelow } else { Class::Bare }, title(at), lines[at].len()));
    }
}

/// The words of 【2024年工作回顾】.
fn enclosed(line: &str) -> Option<&str> {
    line.strip_prefix('【')?.strip_suffix('】').filter(|title| !title.contains('】'))
}

/// Whether a heading names the year of which a part tells, or for which it plans.
fn is_part(line: &str) -> bool {
    let title = enclosed(line).unwrap_or(line);
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
    let first = sentences(line).first()?.clone();
    if first.end == line.len() {
        return None;
    }
    Some((marks::lead(&line[first.clone()], 4, 24)?, first.end))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_without_a_blank_are_headings_where_they_count_up() {
        let lines = [
            "第一章总则",
            "第一条为规范工作，制定本规则。",
            "第二条的规定见下。",
            "第二条本规则适用。",
            "第三条规定的除外。",
            "第二章   组成",
            "第五条略过。",
        ];
        let mut found: Vec<Option<Numbered>> = lines.iter().map(|line| marks::numbered(line)).collect();
        loose_marks(&lines, &mut found, 0..lines.len());
        assert_eq!(
            found.iter().map(Option::is_some).collect::<Vec<_>>(),
            [true, true, false, true, false, true, false]
        );
    }

    #[test]
    fn a_list_is_open_until_too_many_stand_inside_it() {
        let goes_on = |inside: usize| {
            let lines = [vec!["一、甲", "二、甲", "三、甲"], vec!["一、乙"; inside], vec!["四、甲"]].concat();
            let mut found: Vec<Option<Numbered>> = lines.iter().map(|line| marks::numbered(line)).collect();
            keep_sequences(&mut found);
            found.last().unwrap().is_some()
        };
        assert_eq!([0, DEEPEST - 1, DEEPEST].map(goes_on), [true, true, false]);
    }
}
