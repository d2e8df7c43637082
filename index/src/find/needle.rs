//! Folded text to look for, as it lies in an index.

use std::ops::Range;

use memchr::memmem;

use crate::store::code;

/// Folded text to look for, with the rule that a number is never found inside a longer one.
pub(crate) struct Needle {
    text: String,
    /// Boxed, since it is large and a pattern may have none.
    finder: Box<memmem::Finder<'static>>,
    begins_with_digit: bool,
    ends_with_digit: bool,
    /// Length of the first character's code: where the next match may begin.
    first: usize,
}

impl Needle {
    /// `folded` must not be empty.
    pub fn new(folded: &str) -> Self {
        let code = code::encoded(folded);
        let finder = memmem::FinderBuilder::new().build_forward_with_ranker(code::Frequencies, &code).into_owned();
        Needle {
            text: folded.to_string(),
            finder: Box::new(finder),
            begins_with_digit: code.first().is_some_and(u8::is_ascii_digit),
            ends_with_digit: code.last().is_some_and(u8::is_ascii_digit),
            first: code.iter().take_while(|&&byte| !code::ends(byte)).count() + 1,
        }
    }

    /// The same, found inside longer numbers too.
    pub fn anywhere(folded: &str) -> Self {
        Needle { begins_with_digit: false, ends_with_digit: false, ..Needle::new(folded) }
    }

    /// What is looked for, folded.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Its code.
    pub fn code(&self) -> &[u8] {
        self.finder.needle()
    }

    /// Length of its code in bytes.
    pub fn len(&self) -> usize {
        self.finder.needle().len()
    }

    /// The places in `text`, a code, that begin in `range` where the needle stands, overlapping ones too.
    pub fn find_in<'n>(&'n self, text: &'n [u8], range: Range<usize>) -> impl Iterator<Item = usize> + 'n {
        let end = (range.end + self.len()).saturating_sub(1).min(text.len());
        let mut from = range.start;
        std::iter::from_fn(move || {
            loop {
                let at = code::find(&self.finder, text, from..end)?;
                from = at + self.first;
                if self.stands_alone(text, at) {
                    return Some(at);
                }
            }
        })
    }

    /// Whether the match at `at` is not a piece of a longer number.
    fn stands_alone(&self, text: &[u8], at: usize) -> bool {
        let ends = [self.begins_with_digit, self.ends_with_digit];
        ends == [false, false] || stands_alone(ends, at..at + self.len(), |at| text.get(at).map(|&byte| byte as char))
    }
}

/// Whether a match is not a piece of a longer number: no digit beside a digit, nor a point or plus with a digit behind
/// it. Given is whether it begins and ends with a digit, and how the text is read.
pub(crate) fn stands_alone(ends: [bool; 2], range: Range<usize>, text: impl Fn(usize) -> Option<char>) -> bool {
    let digit = |at: Option<usize>| at.and_then(&text).is_some_and(|c| c.is_ascii_digit());
    let link = |at: Option<usize>| matches!(at.and_then(&text), Some('.' | '+'));
    let (before, two_before) = (range.start.checked_sub(1), range.start.checked_sub(2));
    let begins_inside = ends[0] && (digit(before) || link(before) && digit(two_before));
    let ends_inside = ends[1] && (digit(Some(range.end)) || link(Some(range.end)) && digit(Some(range.end + 1)));
    !begins_inside && !ends_inside
}
