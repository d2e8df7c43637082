//! A passage as it is shown: the source's own text and the places in it that answer the query. No markup; the terminal,
//! JSON and the page each paint it.

use std::ops::Range;

use serde::Serialize;

use crate::find::keep_apart;

/// Text with highlights.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct Snippet {
    /// The source's own characters, without blanks at either end.
    pub text: String,
    /// What to highlight: ranges of characters (not bytes) in `text`, ascending, apart from each other.
    #[serde(serialize_with = "pairs")]
    #[cfg_attr(feature = "schemars", schemars(with = "Vec<[usize; 2]>"))]
    pub highlights: Vec<Range<usize>>,
}

fn pairs<S: serde::Serializer>(ranges: &[Range<usize>], serializer: S) -> Result<S::Ok, S::Error> {
    serializer.collect_seq(ranges.iter().map(|range| [range.start, range.end]))
}

impl Snippet {
    /// Shows `source` with `matches` highlighted, ranges of its bytes. Of matches that overlap, the first and longest is
    /// kept, so that each highlight is a whole match.
    pub(crate) fn new(source: &str, mut matches: Vec<Range<usize>>) -> Self {
        let text = source.trim();
        let start = source.len() - source.trim_start().len();
        for range in &mut matches {
            *range = range.start.saturating_sub(start)..range.end.saturating_sub(start).min(text.len());
        }
        matches.retain(|range| !range.is_empty());
        keep_apart(&mut matches, Range::clone);
        let (mut bytes, mut chars) = (0, 0);
        let mut position = |byte: usize| {
            chars += text[bytes..byte].chars().count();
            bytes = byte;
            chars
        };
        let highlights = matches.into_iter().map(|range| position(range.start)..position(range.end)).collect();
        Snippet { text: text.to_string(), highlights }
    }

    /// The text cut at the borders of the highlights, each piece with whether it is one.
    pub fn pieces(&self) -> Vec<(&str, bool)> {
        let bounds: Vec<usize> = self.text.char_indices().map(|(at, _)| at).chain([self.text.len()]).collect();
        let mut pieces = Vec::with_capacity(self.highlights.len() * 2 + 1);
        let mut at = 0;
        let mut push = |end: usize, is_match| {
            if end > at {
                pieces.push((&self.text[at..end], is_match));
                at = end;
            }
        };
        for range in &self.highlights {
            push(bounds[range.start], false);
            push(bounds[range.end], true);
        }
        push(self.text.len(), false);
        pieces
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn highlights_are_counted_in_characters_of_the_trimmed_text() {
        let source = "\n　　典型村与典型村。\n";
        let at = |n| source.match_indices("典型村").nth(n).map(|(at, _)| at..at + 9).unwrap();
        let snippet = Snippet::new(source, vec![at(1), at(0), at(0).start..at(0).start + 6]);
        assert_eq!(snippet.text, "典型村与典型村。");
        assert_eq!(snippet.highlights, [0..3, 4..7]);
        assert_eq!(snippet.pieces(), [("典型村", true), ("与", false), ("典型村", true), ("。", false)]);
    }
}
