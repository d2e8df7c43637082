//! What similar passages are looked for by.

/// Longer texts are cut, in characters: more words make no other answer.
const LONGEST: usize = 1_000;

/// So much of a text as similar passages are looked for by.
pub fn beginning(text: &str) -> &str {
    let text = text.trim();
    text.char_indices().nth(LONGEST).map_or(text, |(end, _)| &text[..end])
}
