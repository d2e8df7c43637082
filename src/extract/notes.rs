//! The notes at the foot of a PDF's pages.

use std::collections::{HashMap, HashSet};

use super::wrapped::{Line, from_top};

/// They stand behind the text: a paragraph goes on over them.
pub struct Notes {
    pub notes: Vec<String>,
    /// The size of most of the text.
    pub size: f64,
    /// That of the last note, and whether it may go on at the foot of the next page.
    number: usize,
    is_open: bool,
}

impl Notes {
    pub fn of(pages: &[Vec<Line>]) -> Self {
        let mut lengths: HashMap<i64, usize> = HashMap::new();
        for line in pages.iter().flatten() {
            *lengths.entry((line.size * 10.0).round() as i64).or_default() += line.text.len();
        }
        let size =
            lengths.into_iter().max_by_key(|&(size, length)| (length, size)).map_or(0.0, |(size, _)| size as f64);
        Notes { notes: Vec::new(), size: size / 10.0, number: 0, is_open: false }
    }

    /// The lines of a page without its notes: small ones below all others, that count up and are cited above.
    pub fn taken_from(&mut self, page: Vec<Line>) -> Vec<Line> {
        let order = from_top(&page);
        let length = order.iter().rev().take_while(|&&at| page[at].size < self.size * 0.9).count();
        let (above, foot) = order.split_at(order.len() - length);
        let number = |at: &usize| number_of_note(&page[*at].text);
        let is_first = |number| number == 1 || number == self.number + 1;
        let is_cited = above.iter().any(|&at| page[at].cites);
        let begins = foot.first().is_some_and(|at| self.is_open || is_cited && number(at).is_some_and(is_first));
        self.is_open = false;
        if !begins || above.is_empty() || foot.iter().any(|at| page[*at].row) {
            return page;
        }
        for (rank, at) in foot.iter().enumerate() {
            let text = page[*at].text.trim();
            match number(at).filter(|&number| number == self.number + 1 || rank == 0 && number == 1) {
                Some(number) => {
                    self.number = number;
                    self.notes.push(text.to_string());
                }
                None => self.notes.last_mut().into_iter().for_each(|note| note.push_str(text)),
            }
            self.is_open = !text.ends_with(['。', '！', '？', '”']);
        }
        let foot: HashSet<usize> = foot.iter().copied().collect();
        page.into_iter().enumerate().filter(|(at, _)| !foot.contains(at)).map(|(_, line)| line).collect()
    }
}

/// The number that a line opens with as notes do: `1`, `¹`, `①` or `[1]`.
fn number_of_note(line: &str) -> Option<usize> {
    let line = line.trim_start().trim_start_matches(['[', '［', '〔']);
    let circled = |char: char| ('①'..='⑳').contains(&char).then(|| char as usize - '①' as usize + 1);
    if let Some(number) = line.chars().next().and_then(circled) {
        return Some(number);
    }
    const RAISED: &str = "⁰¹²³⁴⁵⁶⁷⁸⁹";
    let digit =
        |char: char| char.to_digit(10).map(|digit| digit as usize).or(RAISED.chars().position(|other| other == char));
    let digits: Vec<usize> = line.chars().map_while(digit).collect();
    let behind = line.chars().nth(digits.len())?;
    let is_number = (1..=3).contains(&digits.len()) && !".．,%％年月日".contains(behind);
    is_number.then(|| digits.iter().fold(0, |number, digit| number * 10 + digit))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_of_notes() {
        let numbers = ["1 甲", "¹²甲", "[3] 甲", "④甲", "1.5万", "12月", "甲1"].map(number_of_note);
        assert_eq!(numbers, [Some(1), Some(12), Some(3), Some(4), None, None, None]);
    }
}
