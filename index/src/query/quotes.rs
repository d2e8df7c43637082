//! Signs that enclose a text in a query: how it is read out of them, and written in them so that it is read back.

use std::fmt;

/// The quotes that make a phrase, opening and closing.
pub(crate) const QUOTES: [(char, char); 4] = [('"', '"'), ('“', '”'), ('「', '」'), ('『', '』')];

/// Writes `text` in quotes that it does not hold itself.
pub(crate) fn quoted(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    let (open, close) = QUOTES.iter().find(|&&(open, close)| !text.contains([open, close])).unwrap_or(&QUOTES[0]);
    write!(f, "{open}{text}{close}")
}

/// Writes text that is looked for as typed in `'`, with `''` for each that it holds.
pub(crate) fn fixed(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    write!(f, "'{}'", text.replace('\'', "''"))
}

/// Writes a regular expression in `/`, with `\/` for one that would close it: to the expression both are the same.
pub(crate) fn regex(f: &mut fmt::Formatter<'_>, pattern: &str) -> fmt::Result {
    f.write_str("/")?;
    let mut from = 0;
    for (at, _) in pattern.match_indices('/') {
        if ends_value(&pattern[at + 1..]) && !is_escaped(pattern, at) {
            write!(f, "{}\\", &pattern[from..at])?;
            from = at;
        }
    }
    write!(f, "{}/", &pattern[from..])
}

/// Writes the value of a field, in quotes unless it is nothing but `plain` characters.
pub(crate) fn bare_or_quoted(f: &mut fmt::Formatter<'_>, text: &str, plain: impl Fn(char) -> bool) -> fmt::Result {
    match text.chars().all(plain) {
        true => f.write_str(text),
        false => quoted(f, text),
    }
}

/// The text in a pair of signs that `rest` begins with and that closes before a blank, a parenthesis or the end; with
/// its length. What closes before anything else is text, and so is what opens: “三资”交易 OR “红黑榜” has no quotation that
/// goes on to the last mark.
pub(crate) fn enclosed<'t>(rest: &'t str, pairs: &[(char, char)]) -> Option<(&'t str, usize)> {
    let first = rest.chars().next()?;
    let &(open, close) = pairs.iter().find(|pair| pair.0 == first)?;
    let inner = &rest[open.len_utf8()..];
    let is_end = |at: usize| {
        let behind = &inner[at + close.len_utf8()..];
        behind.is_empty() || ends_value(behind)
    };
    let end = match open {
        // a regular expression may hold one
        '/' => inner.match_indices(close).map(|(at, _)| at).find(|&at| !is_escaped(inner, at) && is_end(at)),
        '\'' => undoubled(inner).filter(|&at| is_end(at)),
        _ => matching(inner, open, close).filter(|&at| is_end(at)),
    }?;
    let words = &inner[..end];
    (!words.trim().is_empty()).then(|| (words, open.len_utf8() + end + close.len_utf8()))
}

/// Whether something that stands for itself ends before what stands here.
pub(crate) fn ends_value(behind: &str) -> bool {
    behind.starts_with(|c: char| c.is_whitespace() || matches!(c, ')' | '）' | '|' | '｜')) || and_sign(behind) > 0
}

/// Bytes of the signs that `text` begins with and that mean AND: two or more `&`. One is text: AT&T.
pub(crate) fn and_sign(text: &str) -> usize {
    let rest = text.trim_start_matches(AMPERSANDS);
    match text.strip_prefix(AMPERSANDS).is_some_and(|behind| behind.starts_with(AMPERSANDS)) {
        true => text.len() - rest.len(),
        false => 0,
    }
}

pub(crate) const AMPERSANDS: [char; 2] = ['&', '＆'];

/// Whether a backslash takes its meaning from the sign at `at`.
fn is_escaped(pattern: &str, at: usize) -> bool {
    pattern[..at].bytes().rev().take_while(|&byte| byte == b'\\').count() % 2 == 1
}

/// Where the first `'` stands that is not one of two.
fn undoubled(inner: &str) -> Option<usize> {
    let mut at = 0;
    loop {
        at += inner[at..].find('\'')?;
        let marks = inner[at..].bytes().take_while(|&byte| byte == b'\'').count();
        at += marks;
        if marks % 2 == 1 {
            return Some(at - 1);
        }
    }
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
