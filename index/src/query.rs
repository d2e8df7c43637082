//! What was asked, as plain data: a [`Query`] is parsed from text, prints back to text that parses to itself, and knows
//! nothing of the index.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

use crate::error::{Error, Kind};

/// A query.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Query {
    /// Text to look for, without blanks in it. If no passage holds it as it is, its words may be looked for instead.
    Text(String),
    /// Text in quotes: looked for as a whole, blanks and all, and never loosened.
    Phrase(String),
    /// All of several.
    And(Vec<Query>),
}

/// The quotes that make a phrase, opening and closing.
const QUOTES: [(char, char); 4] = [('"', '"'), ('“', '”'), ('「', '」'), ('『', '』')];

impl FromStr for Query {
    type Err = Error;

    /// Blanks part a query into what must all be there; quotes around a part keep it whole. A quote that is never closed,
    /// or that stands inside a word, changes nothing. Fails on a query of blanks alone.
    fn from_str(text: &str) -> Result<Self, Error> {
        let mut parts = Vec::new();
        let mut rest = text.trim_start();
        while let Some(first) = rest.chars().next() {
            let (part, behind) = phrase(rest, first).unwrap_or_else(|| {
                let end = rest.find(char::is_whitespace).unwrap_or(rest.len());
                (bare(&rest[..end]), &rest[end..])
            });
            parts.push(part);
            rest = behind.trim_start();
        }
        match parts.len() {
            0 => Err(Error::new(Kind::Query, "the query is empty").with_hint("give the words to look for")),
            1 => Ok(parts.remove(0)),
            _ => Ok(Query::And(parts)),
        }
    }
}

fn bare(part: &str) -> Query {
    let words = part.trim_start_matches(|c| QUOTES.iter().any(|quotes| quotes.0 == c));
    match words.trim_matches(|c| QUOTES.iter().any(|quotes| quotes.1 == c)) {
        "" => whole(part),
        _ => Query::Text(words.to_string()),
    }
}

/// A phrase of `words`, less the straight quotes where it could not be printed with them.
fn whole(words: &str) -> Query {
    let needs_quotes = QUOTES.iter().all(|&(_, close)| words.contains(close));
    Query::Phrase(if needs_quotes { words.replace('"', "") } else { words.to_string() })
}

/// A phrase at the beginning of `text`, if a quote opens there that closes before a blank or the end.
fn phrase(text: &str, first: char) -> Option<(Query, &str)> {
    let &(open, close) = QUOTES.iter().find(|quotes| quotes.0 == first)?;
    let inner = &text[open.len_utf8()..];
    let (end, behind) = inner
        .match_indices(close)
        .map(|(at, _)| (at, &inner[at + close.len_utf8()..]))
        .find(|(_, behind)| behind.is_empty() || behind.starts_with(char::is_whitespace))?;
    let words = &inner[..end];
    (!words.trim().is_empty()).then(|| (whole(words), behind))
}

impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Query::Text(text) => f.write_str(text),
            Query::Phrase(text) => {
                let (open, close) = QUOTES.iter().find(|&&(_, close)| !text.contains(close)).unwrap_or(&QUOTES[0]);
                write!(f, "{open}{text}{close}")
            }
            Query::And(parts) => {
                for (at, part) in parts.iter().enumerate() {
                    let blank = if at == 0 { "" } else { " " };
                    write!(f, "{blank}{part}")?;
                }
                Ok(())
            }
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
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn text(text: &str) -> Query {
        Query::Text(text.to_string())
    }

    fn quoted(text: &str) -> Query {
        Query::Phrase(text.to_string())
    }

    #[test]
    fn blanks_part_and_quotes_keep() {
        for (source, query) in [
            ("典型村", text("典型村")),
            ("  积分制　红黑榜 ", Query::And(vec![text("积分制"), text("红黑榜")])),
            ("\"营商环境\"", quoted("营商环境")),
            ("“1+2+5” 思路", Query::And(vec![quoted("1+2+5"), text("思路")])),
            ("「三資」", quoted("三資")),
            ("“三资”交易", text("三资”交易")),
            ("“三资", text("三资")),
            ("\"\"", quoted("\"\"")),
            ("“", quoted("“")),
        ] {
            assert_eq!(source.parse::<Query>().unwrap(), query, "{source}");
        }
        assert_eq!(" 　".parse::<Query>().unwrap_err().kind(), Kind::Query);
    }

    proptest! {
        #[test]
        fn a_query_prints_back_to_itself(source in "[一-三a\"“”「」『』 　]{1,12}") {
            let Ok(query) = source.parse::<Query>() else { return Ok(()) };
            prop_assert_eq!(query.to_string().parse::<Query>().unwrap(), query);
        }
    }
}
