//! Characters of a PDF, each with its place, to the lines of its pages.

use std::f64::consts::FRAC_PI_2;

use pdf_extract::{MediaBox, OutputDev, OutputError, Transform};

use super::signs::raised;
use super::wrapped::{Line, is_label};

/// More bytes of text than any report has.
const MOST: usize = 40_000_000;
/// More bytes of text than any page has.
const MOST_OF_A_PAGE: usize = 3_000_000;
/// How many characters back one is looked for that is printed twice.
const BACK: usize = 300;

#[derive(Default)]
pub struct Pages {
    pub pages: Vec<Vec<Line>>,
    page: Vec<Glyph>,
    bytes: usize,
    bytes_of_page: usize,
    /// How many characters are printed.
    pub characters: usize,
    /// How many of them are told as something that no text holds.
    pub strange: usize,
    /// How many of them are not told.
    pub untold: usize,
}

/// A character as it is printed. Measures are in points, along its line and at right angles to it.
struct Glyph {
    text: String,
    left: f64,
    height: f64,
    width: f64,
    size: f64,
    /// How many right angles its line is turned; `None` is at another angle, as watermarks are.
    turn: Option<u8>,
}

impl OutputDev for Pages {
    fn begin_page(&mut self, _: u32, _: &MediaBox, _: Option<(f64, f64, f64, f64)>) -> Result<(), OutputError> {
        self.bytes_of_page = 0;
        Ok(())
    }

    fn output_character(
        &mut self,
        place: &Transform,
        width: f64,
        _: f64,
        size: f64,
        text: &str,
    ) -> Result<(), OutputError> {
        self.characters += 1;
        self.untold += usize::from(text.is_empty());
        self.strange += usize::from(text.contains(is_strange));
        self.bytes += text.len();
        self.bytes_of_page += text.len();
        if self.bytes > MOST || self.bytes_of_page > MOST_OF_A_PAGE {
            return Err(std::io::Error::other("it holds more text than any report").into());
        }
        // a negative size turns characters around
        let turns = (place.m12 * size.signum()).atan2(place.m11 * size.signum()) / FRAC_PI_2;
        let size = size.abs() * (place.m11 * place.m22 - place.m12 * place.m21).abs().sqrt();
        let turn = Some(turns.round().rem_euclid(4.0) as u8).filter(|_| (turns - turns.round()).abs() < 0.1);
        let (x, y) = (place.m31, place.m32);
        let (left, height) = [(x, y), (y, -x), (-x, -y), (-y, x)][usize::from(turn.unwrap_or(0))];
        if !text.is_empty() {
            self.page.push(Glyph { text: text.to_string(), left, height, width: width * size, size, turn });
        }
        Ok(())
    }

    fn end_page(&mut self) -> Result<(), OutputError> {
        self.pages.push(lines(&std::mem::take(&mut self.page)));
        Ok(())
    }

    fn begin_word(&mut self) -> Result<(), OutputError> {
        Ok(())
    }

    fn end_word(&mut self) -> Result<(), OutputError> {
        Ok(())
    }

    fn end_line(&mut self) -> Result<(), OutputError> {
        Ok(())
    }
}

/// Controls, characters for private use and the one that stands for what could not be read.
fn is_strange(char: char) -> bool {
    char.is_control() && !char.is_whitespace() || matches!(char, '\u{E000}'..='\u{F8FF}' | '\u{FFFD}' | '\u{F0000}'..)
}

/// The lines of a page in the order in which they are printed; those that stand as most do come first, and what is printed
/// aslant over others goes.
fn lines(page: &[Glyph]) -> Vec<Line> {
    let count = |turn: &u8| page.iter().filter(|glyph| glyph.turn == Some(*turn)).count();
    let mut turns: Vec<Option<u8>> = (0..4).map(Some).collect();
    turns.sort_by_key(|turn| std::cmp::Reverse(turn.as_ref().map_or(0, count)));
    if page.iter().all(|glyph| glyph.turn.is_none()) {
        turns = vec![None];
    }
    let mut lines = Vec::new();
    for turn in turns {
        let mut open: Option<Open> = None;
        for glyph in page.iter().filter(|glyph| glyph.turn == turn) {
            match open.as_mut().filter(|open| open.takes(glyph)) {
                Some(open) => open.add(glyph),
                None => lines.extend(open.replace(Open::new(glyph)).map(|open| open.line)),
            }
        }
        lines.extend(open.map(|open| open.line));
    }
    lines
}

/// A line that may go on.
struct Open {
    line: Line,
    /// Where its characters stand, and where in its text.
    places: Vec<(f64, usize)>,
}

impl Open {
    fn new(glyph: &Glyph) -> Self {
        let right = glyph.left + glyph.width;
        let line =
            Line { text: String::new(), left: glyph.left, right, height: glyph.height, size: glyph.size, row: false };
        let mut open = Open { line, places: Vec::new() };
        open.push(glyph, &glyph.text);
        open
    }

    fn takes(&self, glyph: &Glyph) -> bool {
        let rise = (glyph.height - self.line.height).abs();
        // what is raised or lowered is small and stands close behind
        let gap = glyph.left - self.line.right;
        let close = gap > -0.3 * glyph.size && gap < self.line.size && glyph.size < self.line.size * 0.85;
        rise < 0.5 * glyph.size || close && rise < 0.6 * self.line.size
    }

    fn add(&mut self, glyph: &Glyph) {
        if self.holds(glyph) {
            return;
        }
        let (line, size) = (&mut self.line, glyph.size);
        let rise = glyph.height - line.height;
        let above = rise > 0.15 * line.size && size < line.size * 0.85;
        if size > line.size * 1.15 && rise < 0.0 {
            // it began with a raised one
            (line.height, line.size) = (glyph.height, size);
        }
        let gap = glyph.left - line.right;
        let wide = |char: Option<char>| char.is_some_and(|char| !char.is_ascii());
        let chinese = wide(line.text.chars().next_back()) || wide(glyph.text.chars().next());
        if gap > size * 2.0 && !is_label(&line.text) {
            line.row = true;
            line.text.truncate(line.text.trim_end_matches(' ').len());
            line.text.push('\t');
        } else if !above && gap > size * if chinese { 1.5 } else { 0.2 } && !line.text.ends_with([' ', '\t']) {
            line.text.push(' ');
        }
        match above {
            true => self.push(glyph, &raised(&glyph.text)),
            false => self.push(glyph, &glyph.text),
        }
    }

    fn push(&mut self, glyph: &Glyph, text: &str) {
        self.places.push((glyph.left, self.line.text.len()));
        self.line.text.push_str(text);
        self.line.right = self.line.right.max(glyph.left + glyph.width);
    }

    /// Whether the character stands in that place already; so some programs print bold ones.
    fn holds(&self, glyph: &Glyph) -> bool {
        let same = |(left, at): &(f64, usize)| {
            // blanks before a cell are gone from the text
            let text = self.line.text.get(*at..).unwrap_or_default();
            (left - glyph.left).abs() < 0.15 * glyph.size && text.starts_with(&glyph.text)
        };
        glyph.left < self.line.right && self.places.iter().rev().take(BACK).any(same)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Characters of one size in a row, from `left` on.
    fn run(text: &str, left: f64, height: f64, size: f64) -> Vec<Glyph> {
        let width = |char: char| if char.is_ascii() { size / 2.0 } else { size };
        let mut left = left;
        let glyph = |char: char| {
            let glyph = Glyph { text: char.into(), left, height, width: width(char), size, turn: Some(0) };
            left += width(char);
            glyph
        };
        text.chars().map(glyph).collect()
    }

    fn text(glyphs: Vec<Vec<Glyph>>) -> Vec<String> {
        lines(&glyphs.into_iter().flatten().collect::<Vec<_>>()).into_iter().map(|line| line.text).collect()
    }

    #[test]
    fn raised_digits_stay_in_their_line_and_apart() {
        let line = vec![run("面积10", 0.0, 100.0, 16.0), run("4", 48.0, 105.0, 9.0), run("亩", 53.0, 100.0, 16.0)];
        assert_eq!(text(line), ["面积10⁴亩"]);
        let line = vec![run("CO", 0.0, 100.0, 16.0), run("2", 16.0, 97.0, 9.0), run("减少", 21.0, 100.0, 16.0)];
        assert_eq!(text(line), ["CO2减少"]);
    }

    #[test]
    fn what_is_printed_twice_is_read_once() {
        assert_eq!(text(vec![run("港门11镇", 0.0, 0.0, 16.0), run("港门11镇", 0.4, 0.2, 16.0)]), ["港门11镇"]);
        let double = |(at, char)| [0.0, 0.4].map(|by| run(char, at as f64 * 16.0 + by, 0.0, 16.0));
        assert_eq!(text(["典", "型", "村"].into_iter().enumerate().flat_map(double).collect()), ["典型村"]);
    }

    #[test]
    fn cells_are_set_apart_and_numbers_are_no_cells() {
        let row = |first: &str| text(vec![run(first, 0.0, 0.0, 10.0), run("道路", 60.0, 0.0, 10.0)]);
        assert_eq!(row("1"), ["1\t道路"]);
        assert_eq!(row("1."), ["1. 道路"]);
    }

    #[test]
    fn turned_pages_are_read_and_watermarks_are_not() {
        let turned = |text, turn| {
            let mut glyphs = run(text, 0.0, 0.0, 10.0);
            glyphs.iter_mut().for_each(|glyph| glyph.turn = turn);
            glyphs
        };
        assert_eq!(text(vec![turned("边", Some(0)), turned("密", None), turned("正文", Some(1))]), ["正文", "边"]);
    }
}
