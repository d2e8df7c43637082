//! The counter that answers slowly and obviously.

use gm_index::fold;

/// How often `query` stands in `paragraph`, both folded: character by character, overlaps counted, never inside a
/// longer number.
pub fn occurrences(paragraph: &str, query: &str) -> usize {
    let text: Vec<char> = fold(paragraph).text.chars().collect();
    let needle: Vec<char> = fold(query).text.chars().collect();
    let digit = |at: Option<usize>| at.and_then(|at| text.get(at)).is_some_and(char::is_ascii_digit);
    let link = |at: Option<usize>| at.and_then(|at| text.get(at)).is_some_and(|c| matches!(c, '.' | '+'));
    (0..text.len())
        .filter(|&at| {
            let end = at + needle.len();
            let (before, before_that) = (at.checked_sub(1), at.checked_sub(2));
            let grows_left = digit(before) || link(before) && digit(before_that);
            let grows_right = digit(Some(end)) || link(Some(end)) && digit(Some(end + 1));
            let cuts_left = grows_left && needle.first().is_some_and(char::is_ascii_digit);
            let cuts_right = grows_right && needle.last().is_some_and(char::is_ascii_digit);
            !needle.is_empty() && text[at..].starts_with(&needle) && !cuts_left && !cuts_right
        })
        .count()
}
