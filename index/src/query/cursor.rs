//! What comes next in the text of a query: operators, words, values.

use crate::error::{Error, Kind};
use crate::fold::fold;
use crate::query::quotes::{AMPERSANDS, QUOTES, and_sign, enclosed, ends_value, whole};

/// The widest distance of NEAR, in characters.
const WIDEST: u32 = 10_000;

pub(crate) const BARS: [char; 2] = ['|', '｜'];
pub(crate) const MINUS: [char; 2] = ['-', '－'];
pub(crate) const OPENING: [char; 2] = ['(', '（'];
pub(crate) const CLOSING: [char; 2] = [')', '）'];

/// A place in the text of a query.
pub(crate) struct Cursor<'t> {
    pub text: &'t str,
    /// Where it stands, in bytes.
    pub at: usize,
    /// How many parentheses are open.
    pub depth: usize,
}

/// What joins two parts.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Operator {
    And,
    Or,
    Not,
    Near(u32),
}

impl<'t> Cursor<'t> {
    pub fn rest(&self) -> &'t str {
        &self.text[self.at..]
    }

    /// Goes on behind blanks.
    pub fn blanks(&mut self) {
        self.at = self.text.len() - self.rest().trim_start().len();
    }

    /// Goes on behind one character.
    pub fn step(&mut self) {
        self.at += self.rest().chars().next().map_or(0, char::len_utf8);
    }

    /// Goes on behind a parenthesis that closes here, if nothing but a blank, an operator or the end follows; tells
    /// whether it did.
    pub fn takes_closing(&mut self) -> bool {
        let behind = self.rest().strip_prefix(CLOSING);
        let closes = behind.is_some_and(|behind| behind.is_empty() || ends_value(behind));
        if closes {
            self.step();
        }
        closes
    }

    pub fn error(&self, at: usize, message: String) -> Error {
        Error::new(Kind::Query, message).at_column(self.column(at))
    }

    pub fn column(&self, at: usize) -> usize {
        self.text[..at].chars().count()
    }

    /// Takes an operator that stands as a word of its own.
    pub fn operator(&mut self) -> Option<Operator> {
        self.blanks();
        let rest = self.rest();
        let word = match rest.len() - rest.trim_start_matches(BARS).len() + and_sign(rest) {
            0 => &rest[..rest.find(char::is_whitespace).unwrap_or(rest.len())],
            signs => &rest[..signs],
        };
        let operator = operator(word)?;
        self.at += word.len();
        Some(operator)
    }

    /// Whether nothing more comes at this level.
    pub fn ends(&mut self) -> bool {
        self.blanks();
        self.rest().is_empty() || self.depth > 0 && self.rest().starts_with(CLOSING)
    }

    /// One value, and where it stands.
    pub fn value(&mut self) -> (usize, String) {
        let at = self.at;
        if let Some((inner, len)) = enclosed(self.rest(), &QUOTES) {
            self.at += len;
            return (at, whole(inner));
        }
        let word = self.word();
        self.at += word.len();
        (at, word.to_string())
    }

    /// What stands here up to a blank, a bar, `&&`, or the parenthesis that closes the group, not one that belongs to the word.
    pub fn word(&self) -> &'t str {
        let rest = self.rest();
        let mut open = 0;
        let is_end = |c: char| match c {
            c if OPENING.contains(&c) => {
                open += 1;
                false
            }
            c if CLOSING.contains(&c) && open == 0 => self.depth > 0,
            c if CLOSING.contains(&c) => {
                open -= 1;
                false
            }
            c => c.is_whitespace() || BARS.contains(&c),
        };
        let word = &rest[..rest.find(is_end).unwrap_or(rest.len())];
        let mut joints = word.match_indices(AMPERSANDS).map(|(at, _)| at);
        &word[..joints.find(|&at| and_sign(&word[at..]) > 0).unwrap_or(word.len())]
    }

    /// Whether a sign that joins parts stands here.
    pub fn joins(&self) -> bool {
        self.rest().starts_with(BARS) || and_sign(self.rest()) > 0
    }
}

/// The operator that a word is.
pub(crate) fn operator(word: &str) -> Option<Operator> {
    if !word.is_empty() && word.chars().all(|c| BARS.contains(&c)) {
        return Some(Operator::Or);
    }
    if !word.is_empty() && and_sign(word) == word.len() {
        return Some(Operator::And);
    }
    Some(match keyword(word)?.as_str() {
        "or" | "或" => Operator::Or,
        "and" | "且" => Operator::And,
        "not" | "非" => Operator::Not,
        word => {
            let digits = word.strip_prefix("near/")?;
            let is_number = !digits.is_empty() && digits.bytes().all(|byte| byte.is_ascii_digit());
            Operator::Near(is_number.then(|| digits.parse().map_or(WIDEST, |distance: u32| distance.min(WIDEST)))?)
        }
    })
}

/// A name or operator as the language spells it, whatever its width, case and form of characters; `None` if folding would drop
/// marks from it, which make it text, or if it is longer than any.
pub(crate) fn keyword(word: &str) -> Option<String> {
    let folded = Some(word).filter(|word| word.len() <= LONGEST).map(|word| fold(word).text)?;
    (folded.chars().count() == word.chars().count()).then_some(folded)
}

/// Bytes of the longest name or operator, with room for a distance.
const LONGEST: usize = 64;
