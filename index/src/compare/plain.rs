//! A document as texts are compared: its folded characters, with the way back to the source's own characters and lines.

use std::ops::Range;

use crate::document::Document;
use crate::fold::fold;
use crate::fold::folded::{Folded, Milestones};
use crate::parse::lines::one_line;
use crate::store::excerpt::each_paragraph;

/// The folded characters of a text.
pub(crate) struct Plain<'d> {
    pub source: &'d str,
    pub chars: Vec<char>,
    pub folded: Folded,
    milestones: Milestones,
    /// Where each character begins in the folded text, in bytes, and behind the last the length of that.
    offsets: Vec<u32>,
    /// Where each line of the source begins, in bytes.
    lines: Vec<usize>,
}

impl<'d> Plain<'d> {
    pub fn new(source: &'d str) -> Self {
        Plain::folded(source, fold(source))
    }

    /// A paragraph after the other, as the index folds.
    pub fn of(document: &'d Document) -> Self {
        let mut folded = Vec::new();
        each_paragraph(document, |_, parts| folded.extend_from_slice(parts));
        Plain::folded(&document.text, Folded::joined(folded))
    }

    fn folded(source: &'d str, folded: Folded) -> Self {
        let (mut chars, mut offsets) = (Vec::new(), Vec::new());
        for (at, c) in folded.text.char_indices() {
            chars.push(c);
            offsets.push(at as u32);
        }
        offsets.push(folded.text.len() as u32);
        let lines = std::iter::once(0).chain(source.match_indices('\n').map(|(at, _)| at + 1)).collect();
        let milestones = folded.milestones();
        Plain { source, chars, folded, milestones, offsets, lines }
    }

    /// The folded text.
    pub fn text(&self) -> &str {
        &self.folded.text
    }

    /// The ordinal of the character that begins at the byte `offset` of the folded text.
    pub fn char_at(&self, offset: usize) -> usize {
        self.offsets.partition_point(|&start| (start as usize) < offset)
    }

    /// The bytes of the source that a range of characters stands for, with a mark right behind that closes one inside.
    pub fn source_range(&self, chars: Range<usize>) -> Range<usize> {
        let bytes = self.offsets[chars.start] as usize..self.offsets[chars.end] as usize;
        let mut range = self.folded.source_range_by(&self.milestones, bytes);
        // marks dropped at either end stay outside, so that nothing stands for no characters
        range.end = range.end.max(range.start);
        for (open, close) in [('“', '”'), ('「', '」'), ('（', '）'), ('《', '》'), ('‘', '’')] {
            let inside = &self.source[range.clone()];
            let is_open = inside.matches(open).count() > inside.matches(close).count();
            if is_open && self.source[range.end..].starts_with(close) {
                range.end += close.len_utf8();
            }
        }
        range
    }

    /// The source's own characters of a range, on one line.
    pub fn shown(&self, chars: Range<usize>) -> String {
        one_line(&self.source[self.source_range(chars)])
    }

    /// The lines, from 1, on which a range begins and ends.
    pub fn lines(&self, chars: Range<usize>) -> [u32; 2] {
        let range = self.source_range(chars);
        let line = |at: usize| self.lines.partition_point(|&start| start <= at) as u32;
        [line(range.start), line(range.end.max(range.start + 1) - 1)]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_back_to_the_source() {
        let plain = Plain::new("一、“三资”\n交易中心。\n");
        let at = plain.text().find("三资交易").map(|at| plain.char_at(at)).unwrap();
        assert_eq!(plain.chars[at..at + 4].iter().collect::<String>(), "三资交易");
        assert_eq!((plain.shown(at..at + 4), plain.lines(at..at + 4)), ("三资”交易".to_string(), [1, 2]));
    }
}
