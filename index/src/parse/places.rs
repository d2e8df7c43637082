//! A gazetteer of China's administrative divisions, to complete a place that a title names to its chain from the province
//! down. `data/places.txt` has the 44,703 rows of modood/Administrative-divisions-of-China (2024-11, licence WTFPL), nested;
//! its head tells the format. It is read the first time that a document is built, in some milliseconds, and never by a query.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use memchr::memmem;

use crate::document::Level;

/// How much of a text is asked for the names of a place's ancestors, in bytes.
const EVIDENCE: usize = 200_000;

/// An ancestor that stands before a name is worth so many in the text.
const BEFORE: usize = 50;

/// A place and those it lies in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// From the province down.
    pub chain: Vec<String>,
    pub level: Level,
    /// GB/T 2260, with two to six digits; towns have none here.
    pub code: Option<&'static str>,
}

struct Entry {
    /// The name is these two, one after the other.
    name: [&'static str; 2],
    parent: Option<u32>,
    level: Level,
    code: Option<&'static str>,
    /// The entry before it with the same stem.
    alike: Option<u32>,
}

impl Entry {
    fn name(&self) -> String {
        self.name.concat()
    }

    fn is_called(&self, name: &str) -> bool {
        name.strip_suffix(self.name[1]) == Some(self.name[0])
    }
}

struct Gazetteer {
    entries: Vec<Entry>,
    /// The last entry with a [`stem`]: no name is copied, for most are never asked for.
    by_stem: HashMap<&'static str, u32>,
}

static GAZETTEER: LazyLock<Gazetteer> = LazyLock::new(|| Gazetteer::read(include_str!("../../data/places.txt")));

impl Gazetteer {
    fn read(data: &'static str) -> Self {
        let mut gazetteer = Gazetteer { entries: Vec::with_capacity(45_000), by_stem: HashMap::with_capacity(45_000) };
        let mut open: Vec<u32> = Vec::new();
        for line in data.lines().filter(|line| !line.starts_with('#')) {
            let depth = line.len() - line.trim_start().len();
            let (head, towns) = line.trim_start().split_once('\t').unwrap_or((line.trim_start(), ""));
            let digits = head.bytes().take_while(u8::is_ascii_digit).count();
            let (code, name) = head.split_at(digits);
            let level = match digits {
                2 => Level::Province,
                4 => Level::City,
                _ => Level::County,
            };
            open.truncate(depth);
            let entry = gazetteer.add(stem(name), [name, ""], open.last().copied(), level, Some(code));
            open.push(entry);
            for town in towns.split(' ').filter(|town| !town.is_empty()) {
                let ending = match town.as_bytes()[town.len() - 1] {
                    b'j' => "街道",
                    b'b' => "办事处",
                    b'z' => "镇",
                    b'x' => "乡",
                    _ => "",
                };
                let name = if ending.is_empty() { town } else { &town[..town.len() - 1] };
                let stem = if ending.is_empty() { stem(name) } else { name };
                gazetteer.add(stem, [name, ending], Some(entry), Level::Town, None);
            }
        }
        gazetteer
    }

    fn add(
        &mut self,
        stem: &'static str,
        name: [&'static str; 2],
        parent: Option<u32>,
        level: Level,
        code: Option<&'static str>,
    ) -> u32 {
        let number = self.entries.len() as u32;
        let alike = self.by_stem.insert(stem, number);
        self.entries.push(Entry { name, parent, level, code, alike });
        number
    }

    fn ancestors(&self, entry: u32) -> impl Iterator<Item = &Entry> {
        let parent = |entry: &&Entry| entry.parent.map(|parent| &self.entries[parent as usize]);
        std::iter::successors(Some(&self.entries[entry as usize]), parent).skip(1)
    }

    /// The names from the province down to a place; one that a place shares with what it lies in is said once.
    fn chain(&self, entry: u32) -> Vec<String> {
        let mut chain = vec![self.entries[entry as usize].name()];
        chain.extend(self.ancestors(entry).map(Entry::name));
        chain.reverse();
        chain.dedup();
        chain
    }

    /// The entries with a full name, ascending.
    fn named(&self, name: &str) -> Vec<u32> {
        self.alike(stem(name), |entry| entry.is_called(name))
    }

    /// The entries whose name is longer and [`short`] for which is this, ascending.
    fn shortened(&self, name: &str) -> Vec<u32> {
        self.alike(name, |entry| !entry.is_called(name) && short(&entry.name()) == name)
    }

    fn alike(&self, stem: &str, is_meant: impl Fn(&Entry) -> bool) -> Vec<u32> {
        let last = self.by_stem.get(stem).copied();
        let alike = std::iter::successors(last, |&entry| self.entries[entry as usize].alike);
        let mut found: Vec<u32> = alike.filter(|&entry| is_meant(&self.entries[entry as usize])).collect();
        found.reverse();
        found
    }
}

/// A name without its generic ending: 湛江 for 湛江市, 广西 for 广西壮族自治区.
fn stem(name: &str) -> &str {
    for region in ["内蒙古", "广西", "西藏", "宁夏", "新疆", "香港", "澳门"] {
        if name.starts_with(region) && name.ends_with("区") && name.contains("自治区") | name.contains("特别行政区")
        {
            return region;
        }
    }
    let endings = ["街道", "办事处", "自治州", "自治县", "地区", "省", "市", "县", "区", "旗", "镇", "乡", "盟", "州"];
    endings.iter().find_map(|ending| name.strip_suffix(ending)).unwrap_or(name)
}

/// A name without its generic ending, if two characters remain.
pub(crate) fn short(name: &str) -> &str {
    let stem = stem(name);
    if stem.chars().nth(1).is_some() { stem } else { name }
}

/// The place called `name`, full or without its ending. Of several the one whose ancestors `text` names most often, or what stands
/// `before` the name; none if that does not decide.
pub(crate) fn find(name: &str, before: &str, text: &str) -> Option<Place> {
    let gazetteer = &*GAZETTEER;
    let mut candidates = gazetteer.named(name);
    if candidates.is_empty() {
        candidates = gazetteer.shortened(name);
    }
    let mut end = text.len().min(EVIDENCE);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let text = &text.as_bytes()[..end];
    let mut named: HashMap<&str, usize> = HashMap::new();
    let mut scored: Vec<(usize, u32)> = candidates
        .iter()
        .map(|&candidate| {
            let count = |ancestor: &'static Entry| {
                // no town has anything below it, so the name is in one piece
                let name = short(ancestor.name[0]);
                let count = |text: &[u8]| memmem::find_iter(text, name).count();
                *named.entry(name).or_insert_with(|| BEFORE * count(before.as_bytes()) + count(text))
            };
            (gazetteer.ancestors(candidate).map(count).sum(), candidate)
        })
        .collect();
    scored.sort_unstable_by(|a, b| b.cmp(a));
    let best = match scored[..] {
        [(_, only)] => only,
        [(first, best), (second, _), ..] if first > second => best,
        // a city and its only district may share a name; the higher one is meant
        _ => *candidates.iter().find(|&&candidate| gazetteer.entries[candidate as usize].level == Level::Province)?,
    };
    let entry = &gazetteer.entries[best as usize];
    Some(Place { chain: gazetteer.chain(best), level: entry.level, code: entry.code })
}

/// Short names that are ordinary words; see the head of the file.
static ORDINARY: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    let lines = include_str!("../../data/ordinary.txt").lines().filter(|line| !line.starts_with('#'));
    lines.flat_map(str::split_whitespace).collect()
});

/// The chains of all places called `name`: by their full name, or for a county and what is above it by the name without
/// its ending, unless that is an ordinary word. Names of towns alone are too often those of other things.
pub(crate) fn called(name: &str) -> Vec<Vec<String>> {
    let gazetteer = &*GAZETTEER;
    let mut found = gazetteer.named(name);
    // 经济技术开发区 and 国营农场 are rows of the table, and words
    let is_town = |entry: &u32| gazetteer.entries[*entry as usize].level == Level::Town;
    if !name.ends_with(['镇', '乡']) && !name.ends_with("街道") {
        found.retain(|entry| !is_town(entry));
    }
    if !ORDINARY.contains(name) {
        found.extend(gazetteer.shortened(name).into_iter().filter(|entry| !is_town(entry)));
    } else {
        // 城区 is the full name of a district
        found.clear();
    }
    found.into_iter().map(|entry| gazetteer.chain(entry)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_town_is_placed_by_what_the_text_names() {
        let place = find("港门镇", "", "为遂溪高质量发展贡献港门力量，湛江市个私企党委").unwrap();
        assert_eq!(place.chain, ["广东省", "湛江市", "遂溪县", "港门镇"]);
        assert_eq!(place.level, Level::Town);
    }

    /// Each of the thousands of names is found as a walk over all of them finds it.
    #[test]
    fn a_name_and_its_short_form_find_the_same_as_a_walk() {
        let entries = &GAZETTEER.entries;
        let (mut full, mut shorter): (HashMap<String, Vec<u32>>, HashMap<String, Vec<u32>>) = Default::default();
        for (at, entry) in (0..).zip(entries) {
            let name = entry.name();
            if short(&name) != name {
                shorter.entry(short(&name).to_string()).or_default().push(at);
            }
            full.entry(name).or_default().push(at);
        }
        assert!(full.len() > 20_000 && shorter.len() > 20_000);
        for name in full.keys().chain(shorter.keys()) {
            let known = |all: &HashMap<String, Vec<u32>>| all.get(name).cloned().unwrap_or_default();
            assert_eq!((GAZETTEER.named(name), GAZETTEER.shortened(name)), (known(&full), known(&shorter)), "{name}");
        }
    }

    #[test]
    fn names_that_nothing_decides_stay_open() {
        assert_eq!(find("城关镇", "", "没有线索"), None);
        assert_eq!(find("不存在镇", "", "广东"), None);
        assert_eq!(find("城关镇", "", "兰州市榆中县，榆中").unwrap().chain, ["甘肃省", "兰州市", "榆中县", "城关镇"]);
    }

    #[test]
    fn levels_and_codes() {
        for (name, text, chain, level, code) in [
            ("广东省", "", "广东省", Level::Province, Some("44")),
            ("北京市", "", "北京市", Level::Province, Some("11")),
            ("广西壮族自治区", "", "广西壮族自治区", Level::Province, Some("45")),
            ("湛江市", "", "广东省/湛江市", Level::City, Some("4408")),
            ("海拉尔区", "呼伦贝尔", "内蒙古自治区/呼伦贝尔市/海拉尔区", Level::County, Some("150702")),
            ("海淀区", "北京", "北京市/海淀区", Level::County, Some("110108")),
        ] {
            let place = find(name, "", text).unwrap();
            assert_eq!((place.chain.join("/").as_str(), place.level, place.code), (chain, level, code));
        }
    }
}
