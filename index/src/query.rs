//! What was asked, as plain data. A [`Query`] is parsed from text (see `syntax`), prints back to text that parses to
//! itself, and knows nothing of the index.

pub(crate) mod amount;
pub(crate) mod archive;
pub(crate) mod asking;
pub(crate) mod bare;
pub(crate) mod cursor;
pub(crate) mod fields;
pub(crate) mod known;
pub(crate) mod listed;
pub(crate) mod names;
pub(crate) mod preference;
pub(crate) mod question;
pub(crate) mod quotes;
pub(crate) mod synonyms;
pub(crate) mod syntax;

use std::fmt;
use std::ops::RangeInclusive;

use ::regex::{Regex, RegexBuilder};
use serde::{Deserialize, Serialize};

use crate::document::{Level, Role};
use crate::error::{Error, Kind};
use crate::query::amount::Amounts;
use crate::query::cursor::operator;
use crate::query::quotes::{bare_or_quoted, fixed, quoted, regex};

/// Bytes of a regular expression, as it is compiled. The time of a search is in proportion to them, if it comes to the worst.
const LARGEST_REGEX: usize = 1 << 20;

/// Bytes in which a search with one notes what it has worked out, in each direction. Where these are too few it works all out
/// again and again: `\w{9}` takes five times as long with the usual 2 MB.
const NOTED: usize = 8 << 20;

/// A regular expression. Fails with [`Kind::Query`] on text that is none, and on a large one.
pub(crate) fn compiled(text: &str) -> Result<Regex, Error> {
    let built = RegexBuilder::new(text).size_limit(LARGEST_REGEX).dfa_size_limit(NOTED).build();
    built.map_err(|error| match error {
        ::regex::Error::CompiledTooBig(_) => Error::new(Kind::Query, format!("`/{text}/` is too large"))
            .with_hint("repeat less, or write . or [^。] in place of \\w, which stands for the letters of all scripts"),
        error => {
            let told = error.to_string();
            let why = told.lines().last().unwrap_or_default().trim().trim_start_matches("error: ");
            Error::new(Kind::Query, format!("`/{text}/` is no regular expression: {why}"))
        }
    })
}

/// A query.
///
/// As text, blanks mean AND; `OR`, `|` and `或` mean OR and bind weaker; `-x`, `NOT x` and `非 x` exclude; `(…)` groups;
/// `"…"`, `“…”` and `「…」` keep a phrase whole; `'…'` is looked for strictly as typed, with `''` for a `'` in it;
/// `a NEAR/10 b` wants both within ten characters; `/…/` is a regular expression; `num:100万元..500万元` is a number in an
/// interval; `句:(a b)` and `段:(a b)` want all in one sentence or paragraph; `place:` `level:` `year:` `date:` `part:`
/// `heading:` `kind:` `title:` `speaker:` `session:` `file:` filter, also as 地区 级别 年份 日期 部分 章节 文种 标题 报告人 会议 文件; of
/// several values `year:(2024|2025)` any will do. Full-width `：` `（` `）` `｜` and blanks do as well. Signs that fit no
/// rule are text.
///
/// ```
/// use gm_index::Query;
/// let query: Query = "典型村 year:2020..2025 -示范".parse()?;
/// assert_eq!(query.to_string(), "典型村 year:2020..2025 NOT 示范");
/// # Ok::<(), gm_index::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Query {
    /// Text to look for, without blanks in it. If no passage holds it as it is, its words may be looked for instead.
    Text(String),
    /// Text in quotes: looked for as a whole, blanks and all, and never loosened.
    Phrase(String),
    /// Text strictly as typed: nothing is folded.
    Fixed(String),
    /// A regular expression over a passage's own text, in the syntax of the [`regex`](mod@regex) crate. Its time is
    /// in proportion to the text and to its size, which is bounded: `.` and `[^。]` can be repeated 200 times, `\w` 20 times. What
    /// is typed is checked; one that is given here and is none, or too large, matches nothing.
    Regex(String),
    /// A number in an interval, with its unit, however it is written: `num:100万元..500万元`.
    Amount(Amounts),
    /// Two literals with at most this many characters of their paragraph, folded, between them, in either order. Of anything else there
    /// is nothing to find.
    Near(Box<Query>, Box<Query>, u32),
    /// All within one sentence or one paragraph.
    Within(Scope, Box<Query>),
    /// What a passage or its document must be.
    Filter(Filter),
    /// All of several.
    And(Vec<Query>),
    /// Any of several.
    Or(Vec<Query>),
    /// Not this.
    Not(Box<Query>),
}

/// How close parts of a query must stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scope {
    /// Up to one of `。！？；!?;` and the quotes that it closes.
    Sentence,
    /// In one paragraph, whatever passages it was cut into.
    Paragraph,
}

/// What a passage or its document must be. Words are compared folded.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Filter {
    /// A link of the place chain, or its beginning: `遂溪` is 遂溪县. Several with `/` between are of one chain, in its
    /// order: `湛江/遂溪`; of `湛江/` the empty one says nothing.
    Place(String),
    /// The level of government.
    Level(Level),
    /// The year of the report, as [`Meta::year`](crate::Meta::year) has it: not the one that it looks back on.
    Year(RangeInclusive<u16>),
    /// The day on which it was given, as ISO 8601 dates or their beginnings: `2025`, `2025-04`, `2025-04-08`. Empty is open.
    Date(String, String),
    /// The role of the passage.
    Part(Role),
    /// A heading above the passage contains this.
    Heading(String),
    /// The kind of document is this: 政府工作报告.
    Kind(String),
    /// The document's title contains this.
    Title(String),
    /// The speaker's name contains this.
    Speaker(String),
    /// The session contains this; `18/8` is the eighth of the eighteenth.
    Session(String),
    /// The document's source contains this.
    File(String),
}

impl Filter {
    /// The name that it has in a query.
    pub fn name(&self) -> &'static str {
        match self {
            Filter::Place(_) => "place",
            Filter::Level(_) => "level",
            Filter::Year(_) => "year",
            Filter::Date(..) => "date",
            Filter::Part(_) => "part",
            Filter::Heading(_) => "heading",
            Filter::Kind(_) => "kind",
            Filter::Title(_) => "title",
            Filter::Speaker(_) => "speaker",
            Filter::Session(_) => "session",
            Filter::File(_) => "file",
        }
    }
}

impl Query {
    /// The query that every passage matches: all of nothing.
    pub fn everything() -> Query {
        Query::And(Vec::new())
    }

    /// The query for text in which no sign means anything: its parts between blanks, all of them wanted. Blanks alone
    /// match nothing.
    pub fn plain(text: &str) -> Query {
        let parts = text.split_whitespace().map(|part| Query::Text(part.to_string())).collect();
        one_or(parts, Query::And).unwrap_or(Query::Or(Vec::new()))
    }

    /// Whether `holds` for the query or anything that it is put together from; that is asked one after the other, as it is typed.
    pub fn any<'q>(&'q self, holds: &mut impl FnMut(&'q Query) -> bool) -> bool {
        holds(self)
            || match self {
                Query::And(parts) | Query::Or(parts) => parts.iter().any(|part| part.any(holds)),
                Query::Not(part) | Query::Within(_, part) => part.any(holds),
                Query::Near(a, b, _) => a.any(holds) || b.any(holds),
                _ => false,
            }
    }

    /// Whether a word by itself joins parts of a query: `OR`, `且`, `|`, `NEAR/10`.
    pub fn is_operator(word: &str) -> bool {
        operator(word).is_some()
    }

    /// Whether some text of it is counted where it stands: none of `-a` or `year:2025` is.
    pub fn has_text(&self) -> bool {
        match self {
            Query::And(parts) | Query::Or(parts) => parts.iter().any(Query::has_text),
            Query::Within(_, part) => part.has_text(),
            Query::Filter(_) | Query::Not(_) => false,
            _ => true,
        }
    }

    /// Whether it can hold only where one of its texts stands: `a -b` can, `a OR year:2025` and `-a` need none.
    pub fn needs_text(&self) -> bool {
        !self.without_text().0
    }

    /// What it may be where none of its texts stands, whatever its filters say: true, and false.
    fn without_text(&self) -> (bool, bool) {
        match self {
            // each part is asked once: in a tree of them twice would be twice as often at every depth
            Query::And(parts) => {
                parts.iter().map(Query::without_text).fold((true, false), |all, one| (all.0 && one.0, all.1 || one.1))
            }
            Query::Or(parts) => {
                parts.iter().map(Query::without_text).fold((false, true), |all, one| (all.0 || one.0, all.1 && one.1))
            }
            Query::Not(part) => {
                let (is_true, is_false) = part.without_text();
                (is_false, is_true)
            }
            Query::Within(_, part) => part.without_text(),
            Query::Filter(_) => (true, true),
            _ => (false, true),
        }
    }
}

/// What there is of several parts: one by itself, more joined.
pub(crate) fn one_or(mut parts: Vec<Query>, join: fn(Vec<Query>) -> Query) -> Option<Query> {
    match parts.len() {
        0 | 1 => parts.pop(),
        _ => Some(join(parts)),
    }
}

impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let inner = |f: &mut fmt::Formatter<'_>, query: &Query| match query {
            Query::And(_) | Query::Or(_) => write!(f, "({query})"),
            _ => write!(f, "{query}"),
        };
        match self {
            Query::Text(text) => f.write_str(text),
            Query::Phrase(text) => quoted(f, text),
            Query::Fixed(text) => fixed(f, text),
            Query::Regex(pattern) => regex(f, pattern),
            Query::Amount(amounts) => {
                f.write_str("num:")?;
                bare_or_quoted(f, &amounts.to_string(), |c| c.is_alphanumeric() || matches!(c, '.' | '%' | '‰'))
            }
            Query::Near(a, b, distance) => write!(f, "{a} NEAR/{distance} {b}"),
            Query::Within(Scope::Sentence, query) => write!(f, "句:({query})"),
            Query::Within(Scope::Paragraph, query) => write!(f, "段:({query})"),
            Query::Filter(filter) => write!(f, "{filter}"),
            Query::And(parts) => {
                for (at, part) in parts.iter().enumerate() {
                    f.write_str(if at == 0 { "" } else { " " })?;
                    inner(f, part)?;
                }
                Ok(())
            }
            Query::Or(parts) => {
                for (at, part) in parts.iter().enumerate() {
                    f.write_str(if at == 0 { "" } else { " OR " })?;
                    match part {
                        Query::And(_) => write!(f, "{part}")?,
                        _ => inner(f, part)?,
                    }
                }
                Ok(())
            }
            Query::Not(query) => {
                f.write_str("NOT ")?;
                match **query {
                    Query::Near(..) => write!(f, "({query})"),
                    _ => inner(f, query),
                }
            }
        }
    }
}

impl fmt::Display for Filter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:", self.name())?;
        match self {
            Filter::Level(level) => f.write_str(level.name()),
            Filter::Part(role) => f.write_str(role.name()),
            Filter::Year(years) if years.start() == years.end() => write!(f, "{:04}", years.start()),
            Filter::Year(years) => write!(f, "{:04}..{:04}", years.start(), years.end()),
            Filter::Date(from, to) if from == to => f.write_str(from),
            Filter::Date(from, to) => write!(f, "{from}..{to}"),
            Filter::Place(text)
            | Filter::Heading(text)
            | Filter::Kind(text)
            | Filter::Title(text)
            | Filter::Speaker(text)
            | Filter::Session(text)
            | Filter::File(text) => bare_or_quoted(f, text, char::is_alphanumeric),
        }
    }
}

impl Serialize for Query {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Query {
    fn deserialize<D: serde::Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(|error: Error| serde::de::Error::custom(error))
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn what_has_text_and_what_needs_it() {
        for (text, has, needs) in [
            ("甲 -乙", true, true),
            ("甲 OR year:2025", true, false),
            ("句:(甲 year:2025)", true, true),
            ("-甲", false, false),
            ("year:2025 -甲", false, false),
        ] {
            let query: Query = text.parse().unwrap();
            assert_eq!((query.has_text(), query.needs_text()), (has, needs), "{text}");
        }
        let operators = ["OR", "或", "and", "且", "&&", "not", "非", "|", "｜｜", "NEAR/10"];
        assert!(operators.into_iter().all(Query::is_operator));
        assert!(!["", "NEAR", "NEAR/x", "ORT", "或者", "|a"].into_iter().any(Query::is_operator));
    }

    #[test]
    fn in_plain_text_no_sign_means_anything() {
        assert_eq!(Query::plain(" a|b  -c"), Query::And(vec![Query::Text("a|b".into()), Query::Text("-c".into())]));
        assert_eq!([Query::plain("(a"), Query::plain(" \n")], [Query::Text("(a".into()), Query::Or(Vec::new())]);
    }

    /// Whatever is given in quotes is printed in quotes that hold it.
    fn given() -> impl Strategy<Value = Query> {
        let words = || "[一a'\"“”/\\\\+) |]{0,4}[一a'/][一a'\"“”/\\\\) |]{0,4}";
        let literal = prop_oneof![words().prop_map(Query::Fixed), words().prop_map(Query::Phrase)];
        let regex = words().prop_filter("a regular expression", |text| compiled(text).is_ok());
        let near = (literal.clone(), literal.clone()).prop_map(|(a, b)| Query::Near(Box::new(a), Box::new(b), 3));
        let part = || prop_oneof![literal.clone(), regex.clone().prop_map(Query::Regex), near.clone()];
        let not = part().prop_map(|part| Query::Not(Box::new(part)));
        let or = proptest::collection::vec(part(), 2..4).prop_map(Query::Or);
        let within = or.clone().prop_map(|or| Query::Within(Scope::Sentence, Box::new(or)));
        proptest::collection::vec(prop_oneof![part(), not, or, within], 2..4).prop_map(Query::And)
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(3000))]

        #[test]
        fn a_query_that_is_given_prints_back_to_itself(query in given()) {
            let printed = query.to_string();
            let again: Query = printed.parse().unwrap();
            // a `/` that would close a regular expression comes back as `\/`
            let plain = |query: &Query| format!("{query:?}").replace('\\', "");
            prop_assert_eq!(plain(&again), plain(&query), "{}", printed);
            prop_assert_eq!(again.to_string(), printed);
        }
    }
}
