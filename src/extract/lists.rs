//! The automatic numbers of OpenDocument: from list styles and the lists around a paragraph to the text that is shown before it.

use std::collections::HashMap;

use super::numbering::{numeral, set_apart};
use super::xml::Tag;

const LEVELS: usize = 10;
/// The longest text before or behind a number that is kept.
const LONGEST: usize = 50;

#[derive(Default)]
struct Level {
    format: &'static str,
    before: String,
    behind: String,
    start: Option<u32>,
    /// Of how many levels numbers are shown, this one's the last.
    shown: Option<u32>,
}

/// A list that we are in.
struct Open {
    style: String,
    /// The next paragraph opens an item.
    due: bool,
    /// The number that this item states.
    start: Option<u32>,
}

/// All lists of a document, and where each has got to.
#[derive(Default)]
pub struct Lists {
    styles: HashMap<String, HashMap<usize, Level>>,
    /// The style that is being described.
    style: Option<String>,
    counters: HashMap<String, [Option<u32>; LEVELS]>,
    open: Vec<Open>,
}

impl Lists {
    pub fn open(&mut self, tag: &Tag) {
        match tag.name() {
            "list-style" => self.style = tag.get("name"),
            "list-level-style-number" => self.describe(tag),
            "list" => {
                let outer = self.open.last().map(|list| list.style.clone());
                let style = tag.get("style-name").or_else(|| outer.clone()).unwrap_or_default();
                let goes_on =
                    tag.get("continue-numbering").as_deref() == Some("true") || tag.get("continue-list").is_some();
                // one inside another of its style starts again with each item of that
                if !goes_on && outer.is_none_or(|outer| outer != style) {
                    self.counters.remove(&style);
                }
                self.open.push(Open { style, due: false, start: None });
            }
            "list-item" | "list-header" => {
                if let Some(list) = self.open.last_mut() {
                    (list.due, list.start) = (tag.name() == "list-item", tag.number("start-value"));
                }
            }
            _ => {}
        }
    }

    pub fn close(&mut self, name: &str) {
        match name {
            "list-style" => self.style = None,
            "list" => drop(self.open.pop()),
            "list-item" | "list-header" => self.open.last_mut().into_iter().for_each(|list| list.due = false),
            _ => {}
        }
    }

    fn describe(&mut self, tag: &Tag) {
        let (Some(style), Some(level @ 1..)) = (&self.style, tag.number("level")) else { return };
        let text = |name| tag.get(name).unwrap_or_default().chars().take(LONGEST).collect();
        let level_style = Level {
            format: format(&tag.get("num-format").unwrap_or_default()),
            before: text("num-prefix"),
            behind: text("num-suffix"),
            start: tag.number("start-value"),
            shown: tag.number("display-levels"),
        };
        self.styles.entry(style.clone()).or_default().insert(level as usize - 1, level_style);
    }

    /// The number before the next paragraph, with the blank behind it, if it has one.
    pub fn next(&mut self) -> Option<String> {
        let level = self.open.len().checked_sub(1).filter(|level| *level < LEVELS)?;
        let list = self.open.last_mut().filter(|list| list.due)?;
        list.due = false;
        let levels = self.styles.get(&list.style)?;
        let start = |at: usize| levels.get(&at).and_then(|level| level.start).unwrap_or(1);
        let counters = self.counters.entry(list.style.clone()).or_default();
        let next = counters[level].map_or(start(level), |count| count.saturating_add(1));
        counters[level] = Some(list.start.take().unwrap_or(next));
        counters[level + 1..].fill(None);
        let own = levels.get(&level).filter(|own| own.format != "none")?;
        let first = (level + 1).saturating_sub(own.shown.unwrap_or(1).max(1) as usize);
        let number = |at: usize| {
            let count = *counters[at].get_or_insert(start(at));
            numeral(levels.get(&at).map_or("none", |level| level.format), count)
        };
        let numbers: Vec<String> = (first..=level).map(number).filter(|number| !number.is_empty()).collect();
        Some(set_apart(format!("{}{}{}", own.before, numbers.join("."), own.behind)))
    }
}

/// What Word calls a format, which OpenDocument names by its first numbers: `一, 二, 三, ...`.
fn format(numbers: &str) -> &'static str {
    match numbers.chars().next() {
        None => "none",
        Some('a') => "lowerLetter",
        Some('A') => "upperLetter",
        Some('i') => "lowerRoman",
        Some('I') => "upperRoman",
        Some('一') => "chineseCountingThousand",
        Some('壹') if numbers.contains('贰') => "chineseLegalSimplified",
        Some('壹') => "ideographLegalTraditional",
        Some('甲') => "ideographTraditional",
        Some('子') => "ideographZodiac",
        Some('①') => "decimalEnclosedCircle",
        Some('１') => "decimalFullWidth",
        Some(_) => "decimal",
    }
}
