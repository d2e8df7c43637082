//! What the documents of an index are known to be about: places, years, parts. A question is only understood to ask for a
//! place or a year that some document has; otherwise its words are words.

use std::collections::HashSet;

use crate::fold::fold;
use crate::record::Head;

/// Places, years and parts that documents have.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Known {
    /// Names of places, folded, whole and without what they end in: 广东省 and 广东.
    places: HashSet<String>,
    years: HashSet<u16>,
    /// Whether any passage has a role.
    pub parts: bool,
}

/// What names of places end in, the longer before the shorter.
const ENDS: [&str; 19] = [
    "壮族自治区",
    "回族自治区",
    "维吾尔自治区",
    "特别行政区",
    "自治区",
    "自治州",
    "自治县",
    "地区",
    "街道",
    "林区",
    "省",
    "市",
    "县",
    "区",
    "州",
    "盟",
    "旗",
    "镇",
    "乡",
];

/// The name of a place without what it ends in, if two characters or more remain.
fn short(name: &str) -> Option<&str> {
    let short = ENDS.iter().find_map(|end| name.strip_suffix(end))?;
    short.chars().nth(1).is_some().then_some(short)
}

/// No name of a place has more characters.
const LONGEST_PLACE: usize = 16;

impl Known {
    /// Takes in the description of a document.
    pub fn add(&mut self, head: &Head<'_>) {
        self.years.extend(head.year);
        self.years.extend(reviewed(head));
        for link in &head.place {
            let name = fold(link).text;
            if let Some(short) = short(&name) {
                self.places.insert(short.to_string());
            }
            self.places.insert(name);
        }
    }

    #[cfg(test)]
    pub fn for_tests() -> Known {
        let places = ["广东省", "广东"].map(String::from);
        Known { places: places.into(), years: [2025].into(), parts: true }
    }

    /// Whether some document is of this year or looks back on it.
    pub fn has_year(&self, year: u16) -> bool {
        self.years.contains(&year)
    }

    /// The names of places in folded text, the longest at each place, from the left.
    pub fn places_in(&self, text: &str) -> Vec<String> {
        let mut places: Vec<String> = Vec::new();
        let mut rest = text;
        while let Some(first) = rest.chars().next() {
            let ends = rest.char_indices().map(|(at, c)| at + c.len_utf8()).take(LONGEST_PLACE).collect::<Vec<_>>();
            match ends.into_iter().rev().find(|&end| self.places.contains(&rest[..end])) {
                Some(end) => {
                    places.push(rest[..end].to_string());
                    rest = &rest[end..];
                }
                None => rest = &rest[first.len_utf8()..],
            }
        }
        places
    }
}

/// The year that a report looks back on.
pub(crate) fn reviewed(head: &Head<'_>) -> Option<u16> {
    head.review_year.or(head.year.map(|year| year.saturating_sub(1)))
}

/// Whether a place is named so: by its whole name or without what that ends in. `named` is folded.
pub(crate) fn is_named(link: &str, named: &str) -> bool {
    let link = fold(link).text;
    link == named || short(&link) == Some(named)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_known_by_their_whole_and_their_short_names() {
        let mut known = Known::default();
        for name in ["湖北省", "十堰市", "张湾区", "广西壮族自治区", "沙县"] {
            known.places.insert(name.to_string());
            known.places.extend(short(name).map(String::from));
        }
        assert_eq!(known.places_in("十堰张湾区2022年"), ["十堰", "张湾区"]);
        assert_eq!(known.places_in("广西和沙县的沙"), ["广西", "沙县"]);
        assert!(is_named("湖北省", "湖北") && is_named("沙县", "沙县") && !is_named("沙县", "沙"));
    }
}
