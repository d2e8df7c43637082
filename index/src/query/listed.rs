//! The terms that a text lists between marks or joined by 和: 典型村，港长制. They are what is looked for where the text stands
//! nowhere as it was typed.

use crate::words::borders;

/// What stands between the terms of a list, folded.
const BETWEEN: [char; 20] =
    ['，', '。', '；', '：', '！', '？', ';', ':', '!', '?', '/', '\\', '|', '&', '·', '-', '–', '—', '~', '…'];
const JOINING: [&str; 4] = ["以及", "和", "与", "及"];

/// Whether a text lists terms of two characters or more, between marks or joined: 典型村、港长制. The marks in 专栏1-2 and r&d are of
/// a term.
pub(crate) fn is_list(stretches: &[String], frequency: impl Fn(&str) -> u64) -> bool {
    let terms: Vec<&str> = stretches.iter().flat_map(|stretch| listed(stretch, &frequency)).collect();
    terms.len() > 1 && terms.iter().all(|term| term.chars().nth(1).is_some())
}

/// The terms that a stretch lists; itself without the marks at its ends if it is no list.
pub(crate) fn listed(stretch: &str, frequency: impl Fn(&str) -> u64) -> Vec<&str> {
    let is_in_term = |at: usize, c: char| {
        let is_part = |of: char| of.is_ascii_digit() || c.is_ascii() && of.is_ascii_alphabetic();
        stretch[..at].ends_with(is_part) && stretch[at + c.len_utf8()..].starts_with(is_part)
    };
    let (mut marked, mut from) = (Vec::new(), 0);
    for (at, c) in stretch.char_indices().filter(|&(at, c)| BETWEEN.contains(&c) && !is_in_term(at, c)) {
        marked.push(&stretch[from..at]);
        from = at + c.len_utf8();
    }
    marked.push(&stretch[from..]);
    let terms = marked.into_iter().flat_map(|term| joined(term, &frequency));
    terms.filter(|term| term.contains(char::is_alphanumeric)).collect()
}

/// The terms that are joined in a text by 和 or its like between words; no term is a single character: 人与自然 is one.
fn joined(text: &str, frequency: impl Fn(&str) -> u64) -> Vec<&str> {
    let borders = if JOINING.iter().any(|joint| text.contains(joint)) { borders(text, frequency) } else { Vec::new() };
    let (mut terms, mut from) = (Vec::new(), 0);
    for (at, _) in text.char_indices() {
        let Some(joint) = JOINING.iter().find(|joint| at >= from && text[at..].starts_with(**joint)) else { continue };
        let end = at + joint.len();
        let is_term = |term: &str| term.chars().nth(1).is_some();
        if borders.contains(&at) && borders.contains(&end) && is_term(&text[from..at]) && is_term(&text[end..]) {
            terms.push(&text[from..at]);
            from = end;
        }
    }
    terms.push(&text[from..]);
    terms
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_are_listed_between_marks_and_words() {
        let frequency = |word: &str| ["自然", "和谐", "典型", "河长", "共和国"].contains(&word) as u64 * 9;
        for (text, terms) in [
            ("典型，河长；", &["典型", "河长"][..]),
            ("典型与河长以及自然", &["典型", "河长", "自然"]),
            ("自然和谐", &["自然和谐"]),
            ("人与自然", &["人与自然"]),
            ("r&d/5g-a", &["r&d/5g-a"]),
            ("gdp，cpi", &["gdp", "cpi"]),
            ("2020-2025", &["2020-2025"]),
            ("。", &[]),
        ] {
            assert_eq!(listed(text, frequency), terms, "{text}");
        }
    }
}
