//! Tells which marks count: numbers where they follow each other, marks that are written loosely where they count up, and none
//! that only stands at the beginning of a line by the way it was broken.

use std::collections::BTreeMap;
use std::ops::Range;

use crate::parse::loose;
use crate::parse::marks::{Class, Numbered};

/// Takes 第一章总则 or ( 一 ) for a heading where such marks count up, however they are written.
pub(crate) fn loose_marks<'t>(lines: &[&'t str], found: &mut [Option<Numbered<'t>>], speech: Range<usize>) {
    let loose = speech.clone().map(|at| if found[at].is_none() { loose::loose(lines[at]) } else { None });
    let mut marked: Vec<Option<Numbered>> = loose.collect();
    if marked.iter().all(Option::is_none) {
        return;
    }
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
pub(crate) fn decimal_marks<'t>(lines: &[&'t str], found: &mut [Option<Numbered<'t>>], speech: Range<usize>) {
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

/// Drops the number of a note, as in `六稳[1]工作`, that only stands where a line was broken: the notes themselves stand behind the parts.
pub(crate) fn note_marks(lines: &[&str], found: &mut [Option<Numbered>]) {
    let is_part = |heading: &Option<Numbered>| heading.as_ref().is_some_and(|heading| heading.class == Class::Han);
    let last = found.iter().rposition(is_part).unwrap_or(0);
    for at in 1..last {
        let is_broken = || lines[at - 1].ends_with(|c: char| c.is_alphanumeric() || matches!(c, '，' | '、' | ','));
        if found[at].as_ref().is_some_and(|heading| heading.class == Class::Note) && is_broken() {
            found[at] = None;
        }
    }
}

/// So many sections or lists can be open; more come of texts that are no reports, and would be walked through again and again. The
/// headings of GB/T 9704 and all others together have fewer kinds.
pub(crate) const DEEPEST: usize = 16;

/// Drops numbers that do not count: each must be 1, or follow a list of its kind that is still open. A list may stand
/// inside another of the same kind. The first list of sections begins later where the text does, if it counts on.
pub(crate) fn keep_sequences(found: &mut [Option<Numbered>]) {
    let mut lists: BTreeMap<Class, Vec<u32>> = BTreeMap::new();
    let mut digits = 0;
    for at in 0..found.len() {
        let (slot, behind) = found[at..].split_first_mut().expect("at is in range");
        let Some(heading) = slot else { continue };
        if matches!(
            heading.class,
            Class::Dash | Class::Article | Class::Decimal(_) | Class::Book | Class::Chapter | Class::Part
        ) {
            continue;
        }
        let open = lists.entry(heading.class).or_default();
        let counts_on = || {
            let next = behind.iter().flatten().find(|next| next.class == heading.class);
            next.is_some_and(|next| heading.number.checked_add(1) == Some(next.number))
        };
        if heading.number == 1 || open.is_empty() && is_section(heading) && counts_on() {
            if open.len() == DEEPEST {
                open.remove(0);
            }
            open.push(heading.number);
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
    open.iter()
        .rposition(|&last| follows(last, heading.number))
        .or_else(|| open.iter().rposition(|&last| is_section(heading) && last == heading.number))
}

pub(crate) fn is_section(heading: &Numbered<'_>) -> bool {
    matches!(heading.class, Class::Han | Class::HanParenthesized)
}

/// Texts skip a number now and then.
pub(crate) fn follows(last: u32, number: u32) -> bool {
    number.checked_sub(last).is_some_and(|step| (1..=2).contains(&step))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::parse::marks;

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
