//! The sentences of a document, with where they stand: what figures are read from, and what texts are compared by. Cut by
//! [`crate::parse::sentences`] inside each passage, so that headings stand alone; a paragraph of several lines is one text.

use std::ops::Range;

use crate::document::{Document, Role};
use crate::parse::sentences::{ends_sentence, sentences as sentences_of};

/// A sentence, up to and with 。！？ or ；.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Sentence {
    /// Its visible characters in [`Document::text`], in bytes.
    pub range: Range<usize>,
    /// The line its first character stands on, from 1.
    pub line: u32,
    /// The innermost section that it stands in.
    pub section: Option<u32>,
    /// What its passage does.
    pub role: Option<Role>,
    /// Whether a paragraph begins with it.
    pub opens_paragraph: bool,
}

/// The sentences of `document` in order, without those that have no visible character. Cost: one pass.
pub(crate) fn sentences(document: &Document) -> Vec<Sentence> {
    let mut found = Vec::new();
    let mut lines = Lines::new(&document.text);
    // the last one ended with its line and without a mark
    let mut is_broken = false;
    for passage in &document.passages {
        let text = &document.text[passage.range.clone()];
        let mut opens_paragraph = passage.opens_paragraph;
        for range in sentences_of(text) {
            let sentence = &text[range.clone()];
            let ink = sentence.trim();
            if ink.is_empty() {
                continue;
            }
            let start = passage.range.start + range.start + (sentence.len() - sentence.trim_start().len());
            let goes_on = |last: &&mut Sentence| last.section == passage.section && last.role == passage.role;
            if std::mem::take(&mut is_broken)
                && !opens_paragraph
                && let Some(last) = found.last_mut().filter(goes_on)
            {
                last.range.end = start + ink.len();
                continue;
            }
            found.push(Sentence {
                range: start..start + ink.len(),
                line: lines.at(start),
                section: passage.section,
                role: passage.role,
                opens_paragraph,
            });
            opens_paragraph = false;
        }
        is_broken = text.ends_with('\n') && !ends_sentence(text);
    }
    found
}

/// Tells the lines of ascending offsets in one pass.
pub(crate) struct Lines<'t> {
    text: &'t str,
    at: usize,
    line: u32,
}

impl<'t> Lines<'t> {
    pub fn new(text: &'t str) -> Self {
        Lines { text, at: 0, line: 1 }
    }

    /// The line, from 1, that the byte `offset` stands on; it must not lie before the last one asked for.
    pub fn at(&mut self, offset: usize) -> u32 {
        self.line += self.text.as_bytes()[self.at..offset].iter().filter(|&&byte| byte == b'\n').count() as u32;
        self.at = offset;
        self.line
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sentences_know_their_lines() {
        let text = "某镇政府工作报告\n\n一、2024年工作回顾\n　　成绩不少。问题\n也有；还要努力。\n";
        let document = Document::from_text("a.txt", text);
        let found: Vec<(&str, u32)> =
            sentences(&document).iter().map(|sentence| (&text[sentence.range.clone()], sentence.line)).collect();
        assert!(found.contains(&("成绩不少。", 4)), "{found:?}");
        assert!(found.contains(&("还要努力。", 5)), "{found:?}");
        let joined: usize = found.iter().map(|(text, _)| text.len()).sum();
        assert!(joined <= text.len());
    }
}
