//! Other names for the same thing: GDP, 地区生产总值 and 国内生产总值. They are used when a query is answered, never when
//! text is indexed, and only when what was typed stands nowhere. Those of years are no list: 1958年 and 一九五八年.

use std::sync::{Arc, LazyLock};

use crate::error::{Error, Kind, Result};
use crate::fold::fold;
use crate::numerals::{said, whole};
use crate::parse::when::written;
use crate::query::{Query, one_or};

static SHIPPED: LazyLock<Synonyms> =
    LazyLock::new(|| include_str!("../../data/synonyms.txt").parse().expect("the list is tested"));

/// How the ten digits of a year are written.
const DIGITS: [[&str; 10]; 3] = [
    ["0", "1", "2", "3", "4", "5", "6", "7", "8", "9"],
    ["〇", "一", "二", "三", "四", "五", "六", "七", "八", "九"],
    ["零", "一", "二", "三", "四", "五", "六", "七", "八", "九"],
];

/// A folded term with its years as they are written otherwise: 1958年底 is 一九五八年底.
pub(crate) fn respelled(term: &str) -> Vec<String> {
    let years: Vec<_> = written(term).into_iter().filter(|(at, _)| term[at.end..].starts_with('年')).collect();
    let spelled = |digits: &[&str; 10]| {
        years.iter().rev().fold(term.to_string(), |mut name, (at, year)| {
            let places = [year / 1000, year / 100 % 10, year / 10 % 10, year % 10];
            name.replace_range(at.clone(), &places.map(|place| digits[place as usize]).concat());
            name
        })
    };
    let mut names: Vec<String> = DIGITS.iter().map(spelled).filter(|name| name != term).collect();
    names.dedup();
    names
}

/// What ordinals without 第 stand before: 十九大, 二十一条.
const COUNTED: [char; 6] = ['届', '条', '章', '大', '号', '次'];

/// A folded term with its ordinals as they are written otherwise: 第8届 is 第八届.
fn renumbered(term: &str) -> Vec<String> {
    let is_numeral = |c: char| c.is_ascii_digit() || "零〇一二三四五六七八九十百千".contains(c);
    let mut names = [String::new(), String::new()];
    let mut rest = term;
    while let Some(start) = rest.find(is_numeral) {
        let (before, from) = rest.split_at(start);
        let (number, behind) = from.split_at(from.find(|c| !is_numeral(c)).unwrap_or(from.len()));
        let is_ordinal = before.ends_with('第') || behind.starts_with(COUNTED) && !before.ends_with('.');
        let value = whole(number).filter(|value| is_ordinal && (1..10_000).contains(value));
        let spelled = value.filter(|_| !number.starts_with('0')).map(|value| [value.to_string(), said(value as usize)]);
        for (name, number) in names.iter_mut().zip(spelled.unwrap_or([number, number].map(String::from))) {
            *name += before;
            *name += &number;
        }
        rest = behind;
    }
    names.map(|name| name + rest).into_iter().filter(|name| name != term).collect()
}

/// Groups of terms that mean the same. Cheap to clone. Where there are any, a term with a year in it has other names by that as
/// well: 1958年 is 一九五八年.
///
/// As text, a group is a line of terms joined with `=`; those before a `>` are understood and never looked for instead of the
/// others (`固投>固定资产投资`: 固投 also stands in 巩固投入); lines that begin with `#` are left out:
///
/// ```
/// use gm_index::Synonyms;
/// let synonyms: Synonyms = "# money\nGDP=地区生产总值=国内生产总值".parse()?;
/// assert_eq!(synonyms.of("gdp"), ["地区生产总值", "国内生产总值"]);
/// # Ok::<(), gm_index::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Synonyms {
    /// Those of a group are neighbours.
    terms: Arc<Vec<Term>>,
    /// All of `terms`, by what they are folded.
    by_folded: Arc<Vec<u32>>,
}

/// A term of a group.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Term {
    folded: String,
    written: String,
    group: u32,
    /// Whether it is only understood.
    is_typed: bool,
}

/// How many groups the terms are of.
fn groups(terms: &[Term]) -> u32 {
    terms.last().map_or(0, |last| last.group + 1)
}

impl Synonyms {
    /// The list for Chinese official reports that the library carries.
    pub fn shipped() -> Synonyms {
        SHIPPED.clone()
    }

    /// No synonyms at all, not of years either.
    pub fn none() -> Synonyms {
        Synonyms::default()
    }

    /// These and those of `more`.
    pub fn and(self, more: &Synonyms) -> Synonyms {
        let groups = groups(&self.terms);
        let more = more.terms.iter().map(|term| Term { group: groups + term.group, ..term.clone() });
        Synonyms::new(self.terms.iter().cloned().chain(more).collect())
    }

    fn new(terms: Vec<Term>) -> Synonyms {
        let mut by_folded: Vec<u32> = (0..terms.len() as u32).collect();
        by_folded.sort_unstable_by_key(|&term| (&terms[term as usize].folded, term));
        Synonyms { terms: Arc::new(terms), by_folded: Arc::new(by_folded) }
    }

    /// The other names of `term`, which is compared folded.
    pub fn of(&self, term: &str) -> Vec<String> {
        if self.terms.is_empty() {
            return Vec::new();
        }
        let folded = fold(term).text;
        let named = |at: &u32| &self.terms[*at as usize];
        let first = self.by_folded.partition_point(|at| named(at).folded < folded);
        let mut others = respelled(&folded);
        for Term { group, .. } in self.by_folded[first..].iter().map(named).take_while(|term| term.folded == folded) {
            let first = self.terms.partition_point(|term| term.group < *group);
            for other in self.terms[first..].iter().take_while(|term| term.group == *group) {
                if !other.is_typed && other.folded != folded && !others.contains(&other.written) {
                    others.push(other.written.clone());
                }
            }
        }
        others
    }

    /// What is looked for where `term` stands nowhere: its other names, with its ordinals written otherwise, and without a mark
    /// that was copied with it.
    pub(crate) fn instead_of(&self, term: &str) -> Vec<String> {
        if self.terms.is_empty() {
            return Vec::new();
        }
        let bare = term.trim_end_matches(['，', '。', '；', '：', '！', ',', ';', ':', '!']);
        let mut names = self.of(bare);
        names.extend(renumbered(&fold(bare).text));
        if bare.len() < term.len() && bare.contains(char::is_alphanumeric) {
            names.insert(0, bare.to_string());
        }
        names
    }

    /// A term and its names, each to be looked for.
    pub(crate) fn names_of(&self, term: &str) -> Vec<Query> {
        std::iter::once(term.to_string()).chain(self.instead_of(term)).map(Query::Phrase).collect()
    }

    /// A term by any of its names.
    pub(crate) fn any_name(&self, term: &str) -> Query {
        one_or(self.names_of(term), Query::Or).expect("it has its own")
    }

    /// The query with every bare part that has other names widened to any of them; `None` if no part has.
    pub(crate) fn widen(&self, query: &Query) -> Option<Query> {
        let all = |parts: &[Query]| -> Option<Vec<Query>> {
            let wide: Vec<_> = parts.iter().map(|part| self.widen(part)).collect();
            let is_wider = wide.iter().any(Option::is_some);
            is_wider.then(|| wide.into_iter().zip(parts).map(|(wide, part)| wide.unwrap_or(part.clone())).collect())
        };
        match query {
            Query::Text(text) => {
                let others = self.instead_of(text).into_iter().map(Query::Phrase);
                let any: Vec<Query> = std::iter::once(query.clone()).chain(others).collect();
                (any.len() > 1).then_some(Query::Or(any))
            }
            Query::And(parts) => all(parts).map(Query::And),
            Query::Or(parts) => all(parts).map(Query::Or),
            Query::Within(scope, part) => self.widen(part).map(|part| Query::Within(*scope, Box::new(part))),
            _ => None,
        }
    }
}

impl std::str::FromStr for Synonyms {
    type Err = Error;

    /// Fails with [`Kind::Input`] on a line that is no group of two terms or more, and names it.
    fn from_str(text: &str) -> Result<Self> {
        let mut terms = Vec::new();
        for (line, group) in text.lines().enumerate() {
            let group = group.trim_start_matches('\u{feff}').trim();
            if group.is_empty() || group.starts_with('#') {
                continue;
            }
            let (before, number) = (terms.len(), groups(&terms));
            let (typed, names) = group.split_once(['>', '＞']).unwrap_or(("", group));
            for (is_typed, list) in [(true, typed), (false, names)].into_iter().filter(|(_, list)| !list.is_empty()) {
                terms.extend(list.split(['=', '＝']).map(str::trim).map(|term| Term {
                    folded: fold(term).text,
                    written: term.to_string(),
                    group: number,
                    is_typed,
                }));
            }
            if terms.len() < before + 2 || terms[before..].iter().any(|term| term.folded.is_empty()) {
                let what = format!("line {} of the synonyms is not a group of terms: `{group}`", line + 1);
                return Err(Error::new(Kind::Input, what).with_hint("write GDP=地区生产总值, a group on each line"));
            }
        }
        Ok(Synonyms::new(terms))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_bare_parts_are_widened() {
        let synonyms = Synonyms::shipped();
        let wide = |query: &str| synonyms.widen(&query.parse().unwrap()).map(|query| query.to_string());
        assert_eq!(synonyms.of("高企"), ["高新技术企业"]);
        assert!(synonyms.of("高新技术企业").is_empty(), "提高企业 has 高企");
        assert_eq!(
            wide("ＧＤＰ 增长").as_deref(),
            Some("(ＧＤＰ OR \"地区生产总值\" OR \"国内生产总值\" OR \"生产总值\") 增长")
        );
        assert_eq!(wide("\"GDP\" -GDP 'GDP' 港长制"), None);
    }

    #[test]
    fn years_are_spelled_in_digits_and_characters() {
        let synonyms = Synonyms::shipped();
        assert_eq!(synonyms.of("1958年"), ["一九五八年"]);
        assert_eq!(synonyms.of("一九五八年底"), ["1958年底"]);
        assert_eq!(synonyms.of("二○二五年"), ["2025年", "二零二五年"]);
        assert_eq!(synonyms.of("1949年到1958年"), ["一九四九年到一九五八年"]);
        assert!(synonyms.of("1958").is_empty() && Synonyms::none().of("1958年").is_empty());
    }

    #[test]
    fn ordinals_and_a_copied_mark_are_looked_for_otherwise() {
        let synonyms = Synonyms::shipped();
        for (term, others) in [
            ("第8届", &["第八届"][..]),
            ("第八届", &["第8届"]),
            ("19大报告", &["十九大报告"]),
            ("第一百一十条", &["第110条"]),
            ("第1005条和10条", &["第一千零五条和十条"]),
            ("8届2次会议", &["八届二次会议"]),
            ("第21条第二款", &["第21条第2款", "第二十一条第二款"]),
            ("增长8.5大", &[]),
            ("五十家", &[]),
            ("20个", &[]),
            ("007号", &[]),
            ("高企，", &["高企", "高新技术企业"]),
            ("港长制；", &["港长制"]),
            ("港长制？", &[]),
            ("。", &[]),
        ] {
            assert_eq!(synonyms.instead_of(term), others, "{term}");
        }
        assert!(synonyms.of("第8届").is_empty() && Synonyms::none().instead_of("第8届。").is_empty());
    }

    #[test]
    fn a_term_of_several_groups_has_the_names_of_all() {
        let own: Synonyms = "GDP=生产总值=ＧＤＰ\n生产总值=国内生产总值".parse().unwrap();
        assert_eq!(own.of("ｇｄｐ"), ["生产总值"]);
        assert_eq!(own.of("生产总值"), ["GDP", "ＧＤＰ", "国内生产总值"]);
        let both = "GDP=地区生产总值".parse::<Synonyms>().unwrap().and(&own);
        assert_eq!(both.of("GDP"), ["地区生产总值", "生产总值"]);
        assert!(both.of("生产").is_empty() && Synonyms::none().of("GDP").is_empty());
    }

    #[test]
    fn a_line_that_is_no_group_is_named() {
        let error = "GDP=地区生产总值\n\n三农".parse::<Synonyms>().unwrap_err();
        assert!(error.to_string().contains("line 3"), "{error}");
    }
}
