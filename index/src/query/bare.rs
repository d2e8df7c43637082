//! A word of a query that stands in no quotes.

use crate::query::Query;
use crate::query::cursor::{CLOSING, MINUS, OPENING};
use crate::query::fields::{looks_like_field, named};
use crate::query::quotes::{QUOTES, whole};

/// What a word is, without the signs around it: text, or a phrase if it would read as something else when it is printed.
pub(crate) fn bare(word: &str) -> Query {
    let is_parenthesis = |c: char| OPENING.contains(&c) || CLOSING.contains(&c);
    let is_quote = |c: char| c == '\'' || QUOTES.iter().any(|quotes| quotes.0 == c || quotes.1 == c);
    // 地区生产总值（GDP）是多少 is text as any
    let belongs = |text: &str| !text.starts_with(OPENING) && closes_what_it_opens(text);
    let plain = match belongs(word) {
        true => word.trim_matches(is_quote),
        false => word.trim_matches(|c| is_quote(c) || is_parenthesis(c)),
    };
    let negates = plain.strip_prefix(MINUS).is_some_and(|behind| !behind.starts_with(char::is_numeric));
    let begins_oddly = plain.is_empty() || plain.starts_with(['/', '&']) || negates;
    let before_colon = plain.split_once([':', '：']).map(|(name, _)| name);
    let reads_as_field = before_colon.is_some_and(|name| named(name).is_some() || looks_like_field(name));
    let is_broken = plain.contains(is_parenthesis) && !belongs(plain);
    match begins_oddly || reads_as_field || Query::is_operator(plain) || is_broken {
        true => Query::Phrase(whole(word)),
        false => Query::Text(plain.to_string()),
    }
}

/// Whether each parenthesis of a text is one of a pair.
fn closes_what_it_opens(text: &str) -> bool {
    let depth = text.chars().try_fold(0usize, |depth, c| match c {
        c if OPENING.contains(&c) => Some(depth + 1),
        c if CLOSING.contains(&c) => depth.checked_sub(1),
        _ => Some(depth),
    });
    depth == Some(0)
}
