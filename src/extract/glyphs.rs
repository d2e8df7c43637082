//! Characters of a PDF, each with its place, to the lines of its pages.

use std::collections::{HashMap, HashSet};
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
/// What is printed twice is no further apart, in parts of its size; two equal digits can follow each other closely.
const SAME: f64 = 0.15;
const SAME_NARROW: f64 = 0.08;
/// A longer line is left in the order in which it is printed.
const LONG_LINE: usize = 2000;

#[derive(Default)]
pub struct Pages {
    pub pages: Vec<Vec<Line>>,
    page: Vec<Glyph>,
    string: usize,
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
#[cfg_attr(test, derive(Clone))]
struct Glyph {
    text: String,
    left: f64,
    height: f64,
    width: f64,
    size: f64,
    /// How many right angles its line is turned; `None` is at another angle, as watermarks are.
    turn: Option<u8>,
    /// Which of the strings of its page it is of, each printed at once.
    string: usize,
}

impl Glyph {
    fn has_ink(&self) -> bool {
        !self.text.trim().is_empty()
    }

    /// Whether it is `other` once more, in its very place: nearer than any character stands to the one behind it.
    fn is_again(&self, other: &Glyph) -> bool {
        let same = self.size * if self.text.is_ascii() { SAME_NARROW } else { SAME };
        let same = same.min(self.width / 4.0);
        let near = |a: f64, b: f64| (a - b).abs() < same;
        self.text == other.text && near(self.left, other.left) && near(self.height, other.height)
    }
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
        let along = size.abs() * place.m11.hypot(place.m12);
        let size = size.abs() * (place.m11 * place.m22 - place.m12 * place.m21).abs().sqrt();
        let turn = Some(turns.round().rem_euclid(4.0) as u8).filter(|_| (turns - turns.round()).abs() < 0.1);
        let (x, y) = (place.m31, place.m32);
        let (left, height) = [(x, y), (y, -x), (-x, -y), (-y, x)][usize::from(turn.unwrap_or(0))];
        if !text.is_empty() {
            let (text, string) = (text.to_string(), self.string);
            self.page.push(Glyph { text, left, height, width: width * along, size, turn, string });
        }
        Ok(())
    }

    fn end_page(&mut self) -> Result<(), OutputError> {
        self.pages.push(lines(&std::mem::take(&mut self.page)));
        Ok(())
    }

    fn begin_word(&mut self) -> Result<(), OutputError> {
        self.string += 1;
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

/// The lines of a page in the order in which they are begun; those that stand as most do come first, and what is printed
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
                None => lines.extend(open.replace(Open::new(glyph)).map(|open| open.line())),
            }
        }
        lines.extend(open.map(|open| open.line()));
    }
    lines
}

/// A line that may go on.
struct Open<'g> {
    glyphs: Vec<&'g Glyph>,
    /// Where what was printed so far ends.
    right: f64,
    /// Of what stands on the line, rather than raised.
    height: f64,
    size: f64,
    has_ink: bool,
}

impl<'g> Open<'g> {
    fn new(glyph: &'g Glyph) -> Self {
        let right = glyph.left + glyph.width;
        Open { glyphs: vec![glyph], right, height: glyph.height, size: glyph.size, has_ink: glyph.has_ink() }
    }

    fn takes(&self, glyph: &Glyph) -> bool {
        let rise = (glyph.height - self.height).abs();
        // what is raised or lowered is small and stands close behind
        let gap = glyph.left - self.right;
        let close = gap > -0.3 * glyph.size && gap < self.size && glyph.size < self.size * 0.85;
        rise < 0.5 * glyph.size || close && rise < 0.6 * self.size
    }

    fn add(&mut self, glyph: &'g Glyph) {
        let began_raised = glyph.size > self.size * 1.15 && glyph.height < self.height;
        // blanks are of any size
        if glyph.has_ink() && (!self.has_ink || began_raised) {
            (self.height, self.size, self.has_ink) = (glyph.height, glyph.size, true);
        }
        self.right = self.right.max(glyph.left + glyph.width);
        self.glyphs.push(glyph);
    }

    fn is_above(&self, glyph: &Glyph) -> bool {
        glyph.height - self.height > 0.15 * self.size && glyph.size < self.size * 0.85
    }

    fn line(&self) -> Line {
        let glyphs = by_place(printed_once(&self.glyphs));
        let left = glyphs.iter().find(|glyph| glyph.has_ink()).unwrap_or(&glyphs[0]).left;
        let size = size_of_most(&glyphs).unwrap_or(self.size);
        let (text, height) = (String::new(), self.height);
        let mut line = Line { text, left, right: self.right, height, size, row: false, cites: false };
        let mut right = glyphs[0].left;
        let mut parts = glyphs.chunk_by(|a, b| self.is_above(a) == self.is_above(b)).peekable();
        while let Some(part) = parts.next() {
            let above = self.is_above(part[0]);
            let close = part[0].left - right < 0.25 * part[0].size;
            let is_mark = above && close && marks_a_note(&line.text, part, parts.peek().map(|part| part[0]));
            line.cites |= above && part.iter().any(|glyph| glyph.text.contains(is_number_of_note));
            for glyph in part {
                if !is_mark {
                    space(&mut line, glyph, glyph.left - right, above);
                    line.text.push_str(&if above { raised(&glyph.text) } else { glyph.text.clone() });
                }
                right = right.max(glyph.left + glyph.width);
            }
        }
        line
    }
}

/// What stands for a gap before a character.
fn space(line: &mut Line, glyph: &Glyph, gap: f64, above: bool) {
    let wide = |char: Option<char>| char.is_some_and(|char| !char.is_ascii());
    let chinese = wide(line.text.chars().next_back()) || wide(glyph.text.chars().next());
    if gap > glyph.size * 2.0 && !is_label(&line.text) {
        line.row = true;
        line.text.truncate(line.text.trim_end_matches(' ').len());
        line.text.push('\t');
    } else if !above && gap > glyph.size * if chinese { 0.75 } else { 0.2 } && !line.text.ends_with([' ', '\t']) {
        line.row |= chinese && gap > glyph.size && !is_label(&line.text);
        line.text.push(' ');
    }
}

/// The size that most of the characters have.
fn size_of_most(glyphs: &[&Glyph]) -> Option<f64> {
    let mut counts: HashMap<i64, (usize, f64)> = HashMap::new();
    for glyph in glyphs.iter().filter(|glyph| glyph.has_ink()) {
        counts.entry((glyph.size * 10.0).round() as i64).or_insert((0, glyph.size)).0 += 1;
    }
    counts.into_values().max_by(|a, b| a.0.cmp(&b.0).then(a.1.total_cmp(&b.1))).map(|(_, size)| size)
}

/// The characters without those that are printed a second time, as some programs print bold ones. It must never be one of two
/// equal digits, so they stand in practically the same place, and so do all that are printed at once with them.
fn printed_once<'g>(glyphs: &[&'g Glyph]) -> Vec<&'g Glyph> {
    let mut order: Vec<usize> = (0..glyphs.len()).collect();
    order.sort_by(|&a, &b| glyphs[a].left.total_cmp(&glyphs[b].left));
    let mut again = vec![false; glyphs.len()];
    for (rank, &at) in order.iter().enumerate() {
        let near = |other: &&usize| glyphs[at].left - glyphs[**other].left < glyphs[at].size * SAME;
        let mut before = order[..rank].iter().rev().take(BACK).take_while(near);
        if let Some(&other) = before.find(|other| !again[**other] && glyphs[at].is_again(glyphs[**other])) {
            again[at.max(other)] = true;
        }
    }
    let first: HashSet<usize> = (0..glyphs.len()).filter(|&at| !again[at]).map(|at| glyphs[at].string).collect();
    let kept = glyphs.iter().zip(again).filter(|(glyph, again)| !again || first.contains(&glyph.string));
    kept.map(|(glyph, _)| *glyph).collect()
}

/// The characters from left to right, where those that were printed later fit between the others; what goes back and does not
/// fit stands elsewhere than it says.
fn by_place(glyphs: Vec<&Glyph>) -> Vec<&Glyph> {
    if glyphs.len() > LONG_LINE {
        return glyphs;
    }
    let mut placed: Vec<&Glyph> = Vec::new();
    let mut from = 0;
    for run in glyphs.chunk_by(|a, b| a.left <= b.left) {
        let others = &placed[from..];
        let fits = |glyph: &&Glyph| {
            let at = others.partition_point(|other| other.left <= glyph.left);
            let before = at.checked_sub(1).map(|at| others[at].left + others[at].width);
            before.is_none_or(|right| right < glyph.left + 0.3 * glyph.size)
                && others.get(at).is_none_or(|behind| behind.left > glyph.left + 0.7 * glyph.width)
        };
        if !run.iter().all(fits) {
            from = placed.len();
        }
        placed.extend(run);
        placed[from..].sort_by(|a, b| a.left.total_cmp(&b.left));
    }
    placed
}

fn is_number_of_note(char: char) -> bool {
    char.is_ascii_digit() || ('①'..='⑳').contains(&char)
}

/// Whether raised characters close behind a text are the number of a note: they are digits and no power, since those stand behind
/// digits, letters and units, and no number goes on behind them.
fn marks_a_note(text: &str, raised: &[&Glyph], behind: Option<&Glyph>) -> bool {
    let number = |char: char| is_number_of_note(char) || "[]［］〔〕".contains(char);
    let word = |char: char| ('\u{4E00}'..='\u{9FFF}').contains(&char) && !"米里分寸尺丈".contains(char);
    let closes = |char: char| "”’》）】〕」』，。；：、！？".contains(char);
    let goes_on = |char: char| char.is_ascii_digit() || "%％‰.．,/⁄".contains(char);
    let text = text.trim_end();
    text.ends_with(|char| word(char) || closes(char))
        && raised.iter().all(|glyph| glyph.text.chars().all(|char| number(char) || char.is_whitespace()))
        && (1..=5).contains(&raised.iter().filter(|glyph| glyph.has_ink()).count())
        && !behind.is_some_and(|behind| behind.text.starts_with(goes_on))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Characters of one size in a row, from `left` on.
    fn run(text: &str, left: f64, height: f64, size: f64) -> Vec<Glyph> {
        let width = |char: char| if char.is_ascii() { size / 2.0 } else { size };
        let mut left = left;
        let glyph = |char: char| {
            let glyph = Glyph { text: char.into(), left, height, width: width(char), size, turn: Some(0), string: 0 };
            left += width(char);
            glyph
        };
        text.chars().map(glyph).collect()
    }

    fn text(glyphs: Vec<Vec<Glyph>>) -> Vec<String> {
        let strings = glyphs.into_iter().enumerate();
        let glyphs = strings.flat_map(|(string, run)| run.into_iter().map(move |glyph| Glyph { string, ..glyph }));
        lines(&glyphs.collect::<Vec<_>>()).into_iter().map(|line| line.text).collect()
    }

    #[test]
    fn raised_digits_stay_in_their_line_and_apart() {
        let line = vec![run("面积10", 0.0, 100.0, 16.0), run("4", 48.0, 105.0, 9.0), run("亩", 53.0, 100.0, 16.0)];
        assert_eq!(text(line), ["面积10⁴亩"]);
        let line = vec![run("CO", 0.0, 100.0, 16.0), run("2", 16.0, 97.0, 9.0), run("减少", 21.0, 100.0, 16.0)];
        assert_eq!(text(line), ["CO2减少"]);
    }

    #[test]
    fn raised_numbers_of_notes_go() {
        let line = |before: &str, behind: &str| {
            let right = before.chars().count() as f64 * 16.0;
            let raised = run("2", right, 105.0, 9.0);
            text(vec![run(before, 0.0, 100.0, 16.0), raised, run(behind, right + 4.5, 100.0, 16.0)]).concat()
        };
        assert_eq!(
            ["主导产业", "“双环”", "增长。"].map(|before| line(before, "占")),
            ["主导产业占", "“双环”占", "增长。占"]
        );
        assert_eq!((&*line("平方米", "的"), &*line("增长", "%")), ("平方米²的", "增长²%"));
        // a cell in small type beside another
        assert_eq!(text(vec![run("项目", 0.0, 100.0, 16.0), run("125", 36.0, 103.0, 9.0)]), ["项目¹²⁵"]);
    }

    #[test]
    fn characters_stand_where_they_fit_and_a_line_is_as_large_as_most_of_them() {
        let line = vec![run("4.0", 0.0, 0.0, 16.0), run("37.7", 40.0, 0.0, 16.0), run("∶", 24.0, 0.0, 16.0)];
        assert_eq!(text(line), ["4.0∶37.7"]);
        assert_eq!(text(vec![run("港门镇", 0.0, 0.0, 16.0), run("政府", 8.0, 0.0, 16.0)]), ["港门镇政府"]);
        let line = lines(&[run("\u{2003}", 0.0, 0.0, 10.0), run("港门", 10.0, 0.0, 16.0)].concat());
        assert_eq!((line[0].size, line[0].left), (16.0, 10.0));
    }

    #[test]
    fn what_is_printed_twice_is_read_once() {
        assert_eq!(text(vec![run("港门11镇", 0.0, 0.0, 16.0), run("港门11镇", 0.4, 0.2, 16.0)]), ["港门11镇"]);
        let double = |(at, char)| [0.0, 0.4].map(|by| run(char, at as f64 * 16.0 + by, 0.0, 16.0));
        assert_eq!(text(["典", "型", "村"].into_iter().enumerate().flat_map(double).collect()), ["典型村"]);
        // digits of narrow type, of a font without widths, and behind others whose widths are wrong
        assert_eq!(text(vec![run("50", 0.0, 0.0, 16.0), run("0", 9.6, 0.0, 16.0)]), ["500"]);
        let mut without = run("500", 0.0, 0.0, 16.0);
        without.iter_mut().for_each(|glyph| (glyph.left, glyph.width) = (0.0, 0.0));
        assert_eq!(text(vec![without]), ["500"]);
        assert_eq!(text(vec![run("50", 0.0, 0.0, 16.0), run("00", 8.0, 0.0, 16.0)]), ["5000"]);
    }

    #[test]
    fn cells_are_set_apart_and_numbers_are_no_cells() {
        let row = |first: &str| text(vec![run(first, 0.0, 0.0, 10.0), run("道路", 60.0, 0.0, 10.0)]);
        assert_eq!(row("1"), ["1\t道路"]);
        assert_eq!(row("1."), ["1. 道路"]);
        let near = [run("道路", 0.0, 0.0, 10.0), run("县水务局", 31.0, 0.0, 10.0)].concat();
        let line = &lines(&near)[0];
        assert!(line.row && line.text == "道路 县水务局", "{}", line.text);
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
