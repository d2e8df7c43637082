//! Regular expressions that are written in the code. Most match in few texts, and every match of most holds one of some strings: 报告,
//! or 届 or 大会. These are looked for first, which is several times as fast, and an expression is compiled when a text holds one.

use std::borrow::Cow;
use std::cmp::Reverse;
use std::sync::OnceLock;

use aho_corasick::packed::Searcher;
use memchr::memmem::{self, Finder};
use regex::{Captures, Match, Regex, Replacer};
use regex_syntax::hir::{Class, Hir, HirKind, Look};

/// More strings than these would stand in most texts.
const MOST_STRINGS: usize = 24;

/// Names the patterns of a file, which needs [`Pattern`] too.
macro_rules! patterns {
    ($($name:ident = $pattern:expr;)*) => {
        $(
            static $name: Pattern = Pattern::new(|| $pattern.to_string());
        )*
    };
}

pub(crate) use patterns;

/// An expression; its methods are those of [`Regex`].
pub(crate) struct Pattern {
    source: fn() -> String,
    needs: OnceLock<Needs>,
    regex: OnceLock<Regex>,
}

impl Pattern {
    pub const fn new(source: fn() -> String) -> Self {
        Pattern { source, needs: OnceLock::new(), regex: OnceLock::new() }
    }

    fn regex(&self) -> &Regex {
        self.regex.get_or_init(|| Regex::new(&(self.source)()).expect("a pattern written here"))
    }

    fn needs(&self) -> &Needs {
        self.needs.get_or_init(|| Needs::of(&(self.source)()))
    }

    /// The expression, if `text` holds what every match does.
    fn within(&self, text: &str) -> Option<&Regex> {
        let may_match = match &self.needs().strings {
            Strings::Unknown => true,
            Strings::One(finder) => finder.find(text.as_bytes()).is_some(),
            Strings::OneOf(searcher) => searcher.find(text).is_some(),
        };
        #[cfg(test)]
        {
            let is_match = self.regex().is_match(text);
            let as_told = if self.needs().suffice { is_match == may_match } else { may_match || !is_match };
            assert!(as_told, "{} and {text}", (self.source)());
        }
        may_match.then(|| self.regex())
    }

    pub fn is_match(&self, text: &str) -> bool {
        self.within(text).is_some_and(|regex| self.needs().suffice || regex.is_match(text))
    }

    pub fn find<'t>(&self, text: &'t str) -> Option<Match<'t>> {
        self.within(text)?.find(text)
    }

    pub fn find_iter<'t>(&self, text: &'t str) -> impl Iterator<Item = Match<'t>> {
        self.within(text).into_iter().flat_map(move |regex| regex.find_iter(text))
    }

    pub fn captures<'t>(&self, text: &'t str) -> Option<Captures<'t>> {
        self.within(text)?.captures(text)
    }

    pub fn captures_iter<'t>(&self, text: &'t str) -> impl Iterator<Item = Captures<'t>> {
        self.within(text).into_iter().flat_map(move |regex| regex.captures_iter(text))
    }

    pub fn replace_all<'t>(&self, text: &'t str, with: impl Replacer) -> Cow<'t, str> {
        self.within(text).map_or(Cow::Borrowed(text), |regex| regex.replace_all(text, with))
    }

    pub fn split<'t>(&self, text: &'t str) -> impl Iterator<Item = &'t str> {
        self.regex().split(text)
    }
}

/// What every match of a pattern holds.
struct Needs {
    strings: Strings,
    /// Whether each of these is a match: the pattern is 报告|会议.
    suffice: bool,
}

enum Strings {
    /// Not known, or too much, or what takes as long to find as the pattern.
    Unknown,
    One(Finder<'static>),
    OneOf(Searcher),
}

impl Needs {
    fn of(pattern: &str) -> Self {
        let hir = regex_syntax::parse(pattern).expect("a pattern written here");
        let strings = needed(&hir).unwrap_or_default();
        // whether one matches at the beginning of a text is soon told
        let is_anchored = hir.properties().look_set_prefix().contains(Look::Start);
        let strings = match &strings[..] {
            [string] => Strings::One(Finder::new(string).into_owned()),
            strings if is_anchored || strings.len() > MOST_STRINGS => Strings::Unknown,
            strings => Searcher::new(strings).map_or(Strings::Unknown, Strings::OneOf),
        };
        let is_literal = |hir: &Hir| matches!(hir.kind(), HirKind::Literal(_));
        let is_plain = match hir.kind() {
            HirKind::Alternation(parts) => parts.iter().all(is_literal),
            _ => is_literal(&hir),
        };
        Needs { suffice: is_plain && !matches!(strings, Strings::Unknown), strings }
    }
}

/// Strings of which every match of the expression holds one, if any are known: of several such sets that of the longest strings.
fn needed(hir: &Hir) -> Option<Vec<Vec<u8>>> {
    match hir.kind() {
        HirKind::Literal(literal) => Some(vec![literal.0.to_vec()]),
        HirKind::Class(Class::Unicode(class)) => {
            let chars = class.ranges().iter().flat_map(|range| range.start()..=range.end());
            let strings: Vec<_> = chars.take(MOST_STRINGS + 1).map(|c| c.to_string().into_bytes()).collect();
            Some(strings).filter(|strings| strings.len() <= MOST_STRINGS)
        }
        HirKind::Capture(capture) => needed(&capture.sub),
        HirKind::Repetition(repetition) if repetition.min > 0 => needed(&repetition.sub),
        HirKind::Concat(parts) => parts
            .iter()
            .filter_map(needed)
            .max_by_key(|strings| (strings.iter().map(Vec::len).min(), Reverse(strings.len()))),
        HirKind::Alternation(parts) => {
            let strings: Option<Vec<_>> = parts.iter().map(needed).collect();
            let mut strings = strings?.concat();
            strings.sort_by_key(Vec::len);
            // what holds a shorter one says nothing more
            let mut shortest: Vec<Vec<u8>> = Vec::new();
            for string in strings {
                if !shortest.iter().any(|shorter| memmem::find(&string, shorter).is_some()) {
                    shortest.push(string);
                }
            }
            Some(shortest)
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_match_holds_one_of_the_strings() {
        for (pattern, strings) in [
            ("^(.{0,60}?报告(?:[（(].{1,8}[）)])?).*在", "报告"),
            ("^[^年]{0,20}(?:届|会议|大会)", "届 会议 大会"),
            ("政府建设(?:$|[^项])|政府系统|自身改革", "政府建设 政府系统 自身改革"),
            ("工作(?:思路|计划)?$|政府工作", "工作"),
            ("(?:[0-9]{4})年?[0-9]{1,2}月", "月"),
            ("[省市].?", "市 省"),
            ("(?:报告)?|会议", "unknown"),
            ("会议|[^的]", "unknown"),
            ("(?:会议)*", "unknown"),
        ] {
            let needed = needed(&regex_syntax::parse(pattern).unwrap());
            let shown = needed.map(|strings| {
                strings.iter().map(|string| String::from_utf8_lossy(string).into_owned()).collect::<Vec<_>>().join(" ")
            });
            assert_eq!(shown.as_deref().unwrap_or("unknown"), strings, "{pattern}");
        }
    }
}
