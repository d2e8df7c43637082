//! Signs that enclose a text in a query: how it is read out of them, and written in them so that it is read back.

use std::fmt;

/// The quotes that make a phrase, opening and closing.
pub(crate) const QUOTES: [(char, char); 4] = [('"', '"'), ('“', '”'), ('「', '」'), ('『', '』')];

/// Writes `text` in quotes that it does not hold itself.
pub(crate) fn quoted(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    let (open, close) = QUOTES.iter().find(|&&(open, close)| !text.contains([open, close])).unwrap_or(&QUOTES[0]);
    write!(f, "{open}{text}{close}")
}

/// Writes the value of a field, in quotes unless it is nothing but `plain` characters.
pub(crate) fn bare_or_quoted(f: &mut fmt::Formatter<'_>, text: &str, plain: impl Fn(char) -> bool) -> fmt::Result {
    match text.chars().all(plain) {
        true => f.write_str(text),
        false => quoted(f, text),
    }
}

/// The text in a pair of signs that `rest` begins with and that closes before a blank, a parenthesis or the end; with its length. What
/// closes before anything else is text, and so is what opens: “三资”交易 OR “红黑榜” has no quotation that goes on to the last mark.
pub(crate) fn enclosed<'t>(rest: &'t str, pairs: &[(char, char)]) -> Option<(&'t str, usize)> {
    let first = rest.chars().next()?;
    let &(open, close) = pairs.iter().find(|pair| pair.0 == first)?;
    let inner = &rest[open.len_utf8()..];
    let is_end = |at: usize| {
        let behind = inner[at + close.len_utf8()..].chars().next();
        behind.is_none_or(|c| c.is_whitespace() || matches!(c, ')' | '）' | '|' | '｜'))
    };
    let end = match open {
        // a regular expression may hold one
        '/' => inner.match_indices(close).map(|(at, _)| at).find(|&at| !inner[..at].ends_with('\\') && is_end(at)),
        _ => matching(inner, open, close).filter(|&at| is_end(at)),
    }?;
    let words = &inner[..end];
    (!words.trim().is_empty()).then(|| (words, open.len_utf8() + end + close.len_utf8()))
}

/// Where the mark that opened before `inner` closes, past those that open and close inside.
fn matching(inner: &str, open: char, close: char) -> Option<usize> {
    let mut opened = 0;
    for (at, c) in inner.char_indices() {
        match c {
            c if c == close && opened == 0 => return Some(at),
            c if c == close => opened -= 1,
            c if c == open => opened += 1,
            _ => {}
        }
    }
    None
}

/// A phrase, less the straight quotes where it could not be printed with them.
pub(crate) fn whole(words: &str) -> String {
    match QUOTES.iter().all(|&(open, close)| words.contains([open, close])) {
        true => words.replace('"', ""),
        false => words.to_string(),
    }
}
