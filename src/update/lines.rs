//! The lines of files that could not be read: of each file the first, and how many more. All are kept in the index's note, which
//! every command reads.

use std::collections::BTreeMap;

use crate::files::Skipped;

/// So many lines of a file are told.
const MOST: usize = 20;

/// Lines by their files.
#[derive(Default)]
pub struct Lines(BTreeMap<String, Told>);

#[derive(Default)]
struct Told {
    /// The reasons, by line.
    first: BTreeMap<u64, String>,
    /// The lines behind these: how many, and where they begin.
    more: u64,
    from: u64,
}

impl Told {
    /// Lines come in any order, from several threads.
    fn skip(&mut self, line: u64, reason: String) {
        self.first.insert(line, reason);
        if self.first.len() > MOST
            && let Some((line, _)) = self.first.pop_last()
        {
            self.leave(line, 1);
        }
    }

    fn leave(&mut self, from: u64, more: u64) {
        self.from = if self.more > 0 { self.from.min(from) } else { from };
        self.more += more;
    }
}

impl Lines {
    pub fn skip(&mut self, file: &str, line: u64, reason: String) {
        self.0.entry(file.to_string()).or_default().skip(line, reason);
    }

    /// Takes over what `other` has of the same files.
    pub fn extend(&mut self, other: Lines) {
        for (file, Told { first, more, from }) in other.0 {
            let told = self.0.entry(file).or_default();
            first.into_iter().for_each(|(line, reason)| told.skip(line, reason));
            if more > 0 {
                told.leave(from, more);
            }
        }
    }

    pub fn into_skipped(self) -> Vec<Skipped> {
        let mut skipped = Vec::new();
        for (file, Told { first, more, from }) in self.0 {
            let mut tell = |line: u64, reason| skipped.push(Skipped { path: format!("{file}:{line}"), reason });
            first.into_iter().for_each(|(line, reason)| tell(line, reason));
            if more > 0 {
                tell(from, format!("and {more} more lines like these, from here on"));
            }
        }
        skipped
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn of_many_lines_the_first_are_told_in_whatever_order_they_come() {
        let told = |order: &[u64], ours: usize| {
            let (mut lines, mut others) = (Lines::default(), Lines::default());
            order[..ours].iter().for_each(|&line| lines.skip("a", line, "bad".into()));
            order[ours..].iter().for_each(|&line| others.skip("a", line, "bad".into()));
            lines.extend(others);
            lines.into_skipped()
        };
        let order: Vec<u64> = (1..=100).collect();
        let back: Vec<u64> = (1..=100).rev().collect();
        let skipped = told(&order, 100);
        assert_eq!(skipped.len(), MOST + 1);
        assert_eq!((skipped[0].path.as_str(), skipped[MOST].path.as_str()), ("a:1", "a:21"));
        assert_eq!(skipped[MOST].reason, "and 80 more lines like these, from here on");
        assert!(told(&back, 100) == skipped && told(&order, 30) == skipped && told(&back, 50) == skipped);
        assert_eq!(told(&order[..MOST], 5).len(), MOST);
    }
}
