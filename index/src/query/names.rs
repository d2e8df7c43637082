//! Names by which a question can mean documents: of places, and what documents themselves are called.

use std::collections::{HashMap, HashSet};
use std::ops::Range;

use crate::fold::fold;
use crate::parse::places::short;
use crate::words::borders;

/// Names, folded, each with something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Names<T> {
    all: HashMap<String, T>,
    /// Their last characters, which most texts do not have.
    last: HashSet<char>,
    /// How many characters the longest has.
    longest: usize,
}

impl<T> Default for Names<T> {
    fn default() -> Self {
        Names { all: HashMap::new(), last: HashSet::new(), longest: 0 }
    }
}

impl<T: Default> Names<T> {
    /// What is known of a name, which is added if it is not there.
    pub fn entry(&mut self, name: &str) -> &mut T {
        if !self.all.contains_key(name) {
            self.last.extend(name.chars().next_back());
            self.longest = self.longest.max(name.chars().count());
        }
        self.all.entry(name.to_string()).or_default()
    }

    pub fn get(&self, name: &str) -> Option<&T> {
        self.all.get(name)
    }

    /// Where names stand in folded text, the longest at each place, from the left: those between the borders of words, for which
    /// is only asked where any may stand.
    pub fn in_text(&self, text: &str, borders: impl FnOnce() -> Vec<usize>) -> Vec<Range<usize>> {
        let characters = || text.char_indices().map(|(at, c)| (at, at + c.len_utf8(), c));
        let starts: Vec<usize> = characters().map(|(start, ..)| start).collect();
        let ends: Vec<usize> = characters().filter(|(.., c)| self.last.contains(c)).map(|(_, end, _)| end).collect();
        let is_name = |start: usize, end: usize| self.all.contains_key(&text[start..end]);
        // in bytes, of which a character has four at most
        let ends_of = |start: usize| {
            let within = start + 1..=start + self.longest * 4;
            ends.iter().copied().skip_while(move |end| *end <= start).take_while(move |end| within.contains(end))
        };
        // most texts have none
        if !starts.iter().any(|&start| ends_of(start).any(|end| is_name(start, end))) {
            return Vec::new();
        }
        let borders = borders();
        let (mut names, mut from) = (Vec::new(), 0);
        for start in starts.into_iter().filter(|start| borders.contains(start)) {
            let end = ends_of(start).filter(|end| borders.contains(end) && is_name(start, *end)).last();
            if let Some(end) = end.filter(|_| start >= from) {
                names.push(start..end);
                from = end;
            }
        }
        names
    }

    /// The same in a stretch of a text, as `frequency` has its words cut.
    pub fn in_stretch(&self, stretch: &str, frequency: impl Fn(&str) -> u64) -> Vec<String> {
        let names = self.in_text(stretch, || borders(stretch, frequency));
        names.into_iter().map(|at| stretch[at].to_string()).collect()
    }
}

/// A folded title without the nation's name, which stands in the titles of its laws and seldom where these are quoted: 港口法.
pub fn without_nation(title: &str) -> String {
    title.replace("中华人民共和国", "")
}

/// What people call a document that its kind tells from a mere text, folded: by its title, without the nation's name, first; by that
/// with the nation's name; and by what it shares with those of other places. One whose title says nothing but whose it is and of
/// which year, as that of a report, is called by these.
pub(crate) fn called(title: &str, kind: &str, place: &[impl AsRef<str>]) -> Vec<String> {
    // …条例（试行）, …法(2018修正)
    let title = match title.rfind(['（', '(']).filter(|_| title.ends_with(['）', ')'])) {
        Some(bracket) => &title[..bracket],
        None => title,
    };
    let whole = fold(title).text;
    let own = without_nation(&whole);
    let mut shared = own.as_str();
    for link in place {
        let link = fold(link.as_ref()).text;
        shared = shared.strip_prefix(&link).or_else(|| shared.strip_prefix(short(&link))).unwrap_or(shared);
    }
    let is_year = |c: char| c.is_ascii_digit() || c == '年';
    if shared.trim_start_matches(is_year) == fold(kind).text || shared.is_empty() {
        return Vec::new();
    }
    let shared = shared.to_string();
    let mut names = vec![own];
    for name in [whole, shared] {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documents_are_called_by_what_tells_them_apart() {
        let of = |title: &str, kind: &str| called(title, kind, &["广东省", "湛江市"]).join(" ");
        assert_eq!(of("中华人民共和国港口法(2018修正)", "法"), "港口法 中华人民共和国港口法");
        assert_eq!(of("广东省港口条例（试行）", "条例"), "广东省港口条例 港口条例");
        assert_eq!(of("广东湛江市实施《港口法》办法", "办法"), "广东湛江市实施港口法办法 实施港口法办法");
        for title in ["政府工作报告", "湛江市政府工作报告", "广东省湛江市2025年政府工作报告"]
        {
            assert_eq!(of(title, "政府工作报告"), "", "{title}");
        }
    }

    #[test]
    fn names_stand_between_words_and_the_longest_is_meant() {
        let mut names = Names::<()>::default();
        ["港口法", "港口法实施办法", "港口"].into_iter().for_each(|name| *names.entry(name) = ());
        let found = |text: &str, borders: &[usize]| {
            let found = names.in_text(text, || borders.iter().map(|border| border * "港".len()).collect());
            found.into_iter().map(|at| text[at].to_string()).collect::<Vec<_>>()
        };
        assert_eq!(found("港口法实施办法和港口法", &[0, 2, 3, 7, 8, 11]), ["港口法实施办法", "港口法"]);
        assert_eq!(found("港口法规", &[0, 2, 4]), ["港口"]);
        assert_eq!(found("小港口", &[0, 3]), [""; 0]);
    }
}
