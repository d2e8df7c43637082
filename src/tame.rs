//! What documents say is told on terminals, which obey some characters.

/// Text from a document, fit for a terminal: control characters could command it.
pub fn tame(text: &str) -> String {
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}
