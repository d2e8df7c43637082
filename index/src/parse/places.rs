//! A gazetteer of China's administrative divisions, to complete a place that a title names to its chain from the province
//! down. `data/places.txt` has the 44,697 rows of modood/Administrative-divisions-of-China (2024-11, licence WTFPL), nested;
//! its head tells the format. It is read in place: the build script sorts where its names begin by what stands there, as a
//! suffix array does, so that those with one beginning lie together.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use memchr::memmem;

use crate::document::Level;

/// What the names of counties and of what is above them end in.
const ENDINGS: &str = "省市县区旗州盟";

/// How much of a text is asked for the names of a place's ancestors, in bytes.
const EVIDENCE: usize = 200_000;

/// How much of a text is asked for what stands directly before a town, in bytes; names of counties have so many characters at most.
const HEAD: usize = 3_000;
const LONGEST_COUNTY: usize = 15;

/// An ancestor that stands before a name is worth so many in the text.
const BEFORE: usize = 50;

static PLACES: &str = include_str!("../../data/places.txt");

/// Where the names begin in [`PLACES`] (u32, little endian), in the order of what stands there.
static NAMES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/places.names"));

/// A place and those it lies in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Place {
    /// From the province down.
    pub chain: Vec<String>,
    pub level: Level,
    /// GB/T 2260, with two to six digits; towns have none here.
    pub code: Option<&'static str>,
}

/// A row of the gazetteer: where its name begins in [`PLACES`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Entry(usize);

impl Entry {
    /// Its name, in two pieces.
    fn name(self) -> [&'static str; 2] {
        let rest = &PLACES[self.0..];
        let word = rest.split(['\t', ' ', '\n']).next().unwrap_or(rest);
        let ending = match word.as_bytes().last() {
            _ if self.code().is_some() => "",
            Some(b'j') => "街道",
            Some(b'b') => "办事处",
            Some(b'z') => "镇",
            Some(b'x') => "乡",
            _ => "",
        };
        [if ending.is_empty() { word } else { &word[..word.len() - 1] }, ending]
    }

    fn is_called(self, name: &str) -> bool {
        let [word, ending] = self.name();
        name.strip_suffix(ending) == Some(word)
    }

    fn stem(self) -> &'static str {
        let [word, ending] = self.name();
        if ending.is_empty() { stem(word) } else { word }
    }

    /// The line that it stands in, up to its name.
    fn before(self) -> &'static str {
        let before = &PLACES[..self.0];
        &before[memchr::memrchr(b'\n', before.as_bytes()).map_or(0, |end| end + 1)..]
    }

    /// The digits before the name of a county and what is above it.
    fn code(self) -> Option<&'static str> {
        let code = self.before().trim_start_matches(' ');
        (!code.is_empty() && code.bytes().all(|byte| byte.is_ascii_digit())).then_some(code)
    }

    fn level(self) -> Level {
        match self.code().map(str::len) {
            Some(2) => Level::Province,
            Some(4) => Level::City,
            Some(_) => Level::County,
            None => Level::Town,
        }
    }

    /// What it lies in: for a town the county that its line begins with, for others the nearest line above with fewer blanks.
    fn parent(self) -> Option<Entry> {
        let before = self.before();
        let start = self.0 - before.len();
        let blanks = |line: &str| line.len() - line.trim_start_matches(' ').len();
        let named = |start: usize| {
            let code = PLACES[start..].trim_start_matches([' ', '0', '1', '2', '3', '4', '5', '6', '7', '8', '9']);
            Entry(PLACES.len() - code.len())
        };
        if self.code().is_none() {
            return Some(named(start));
        }
        let depth = blanks(before);
        let mut end = start;
        while depth > 0 && end > 0 {
            let line = memchr::memrchr(b'\n', &PLACES.as_bytes()[..end - 1]).map_or(0, |end| end + 1);
            if blanks(&PLACES[line..end]) < depth {
                return Some(named(line));
            }
            end = line;
        }
        None
    }

    fn ancestors(self) -> impl Iterator<Item = Entry> {
        std::iter::successors(self.parent(), |entry| entry.parent())
    }

    fn place(self) -> Place {
        Place { chain: self.chain(), level: self.level(), code: self.code() }
    }

    /// The names from the province down to a place; one that a place shares with what it lies in is said once.
    fn chain(self) -> Vec<String> {
        let mut chain = vec![self.name().concat()];
        chain.extend(self.ancestors().map(|entry| entry.name().concat()));
        chain.reverse();
        chain.dedup();
        chain
    }
}

/// The entries with a full name, ascending.
fn named(name: &str) -> Vec<Entry> {
    alike(stem(name), |entry| entry.is_called(name))
}

/// The entries whose name is longer and [`short`] for which is this, ascending.
fn shortened(name: &str) -> Vec<Entry> {
    alike(name, |entry| !entry.is_called(name) && short(&entry.name().concat()) == name)
}

/// Of the entries with a [`stem`] those that are meant. Cost: a binary search, and a look at all names that begin so.
fn alike(stem: &str, is_meant: impl Fn(Entry) -> bool) -> Vec<Entry> {
    let places = PLACES.as_bytes();
    let starts = NAMES.as_chunks().0;
    let at = |start: &[u8; 4]| u32::from_le_bytes(*start) as usize;
    let first = starts.partition_point(|start| &places[at(start)..] < stem.as_bytes());
    let begin_so = starts[first..].iter().map(at).take_while(|&at| places[at..].starts_with(stem.as_bytes()));
    let mut found: Vec<Entry> = begin_so.map(Entry).filter(|entry| entry.stem() == stem && is_meant(*entry)).collect();
    found.sort_unstable();
    found
}

/// A name without its generic ending: 湛江 for 湛江市, 广西 for 广西壮族自治区.
fn stem(name: &str) -> &str {
    // 碑林区 ends in 区 alone
    for region in ["内蒙古", "广西", "西藏", "宁夏", "新疆", "香港", "澳门", "神农架"] {
        let is_whole = |rest: &str| ["自治区", "特别行政区", "林区"].iter().any(|ending| rest.ends_with(ending));
        if name.strip_prefix(region).is_some_and(is_whole) {
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
/// `before` the name; none if that does not decide, or if a town is said to lie elsewhere: 港门镇 in 桃源县港门镇, which the gazetteer
/// has in 遂溪县 alone.
pub(crate) fn find(name: &str, before: &str, text: &str) -> Option<Place> {
    let mut candidates = candidates(name);
    if candidates.iter().any(|candidate| candidate.level() == Level::Town) {
        let outer = outer_of(name, before, beginning(text, HEAD));
        candidates.retain(|candidate| outer.is_empty() || candidate.ancestors().any(|place| outer.contains(&place)));
    }
    if let [only] = candidates[..] {
        return Some(only.place());
    }
    let text = beginning(text, EVIDENCE).as_bytes();
    let mut counts: HashMap<&str, usize> = HashMap::new();
    let mut scored: Vec<(usize, Entry)> = candidates
        .iter()
        .map(|&candidate| {
            let count = |ancestor: Entry| {
                // no town has anything below it, so the name is in one piece
                let full = ancestor.name()[0];
                // 平乐镇 says nothing of 平乐县
                let named = if name.contains(short(full)) { full } else { short(full) };
                let count = |text: &[u8]| memmem::find_iter(text, named).count();
                *counts.entry(named).or_insert_with(|| BEFORE * count(before.as_bytes()) + count(text))
            };
            (candidate.ancestors().map(count).sum(), candidate)
        })
        .collect();
    scored.sort_unstable_by(|a, b| b.cmp(a));
    let best = match scored[..] {
        [(first, best), (second, _), ..] if first > second => best,
        // a city and its only district may share a name; the higher one is meant
        _ => *candidates.iter().find(|candidate| candidate.level() == Level::Province)?,
    };
    Some(best.place())
}

/// Those that may be meant by `name`.
fn candidates(name: &str) -> Vec<Entry> {
    // with 市 alone every name begins, and all would be looked at
    if stem(name).is_empty() {
        return Vec::new();
    }
    let mut candidates = named(name);
    if candidates.is_empty() {
        // 新疆自治区, 香港特区
        let region = ["自治区", "特区"].iter().find_map(|ending| name.strip_suffix(ending));
        candidates = shortened(region.unwrap_or(name));
        // towns with the short name of a city or county are not meant
        if candidates.iter().any(|candidate| candidate.level() != Level::Town) {
            candidates.retain(|candidate| candidate.level() != Level::Town);
        }
    }
    // with 长沙 the city is meant and not 长沙县, which lies in it
    if candidates.len() > 1 {
        let all = candidates.clone();
        candidates.retain(|candidate| !candidate.ancestors().any(|outer| all.contains(&outer)));
    }
    candidates
}

/// What a town is said to lie in: what stands directly `before` it, or anywhere in the `head` of the text.
fn outer_of(town: &str, before: &str, head: &str) -> Vec<Entry> {
    let others = memmem::find_iter(head.as_bytes(), town).map(|at| &head[..at]);
    std::iter::once(before).chain(others).map(ending_in).find(|outer| !outer.is_empty()).unwrap_or_default()
}

/// The counties and higher places with whose full name the words end, the longest.
fn ending_in(words: &str) -> Vec<Entry> {
    if !words.ends_with(|c| ENDINGS.contains(c)) {
        return Vec::new();
    }
    let starts: Vec<usize> = words.char_indices().rev().map(|(at, _)| at).take(LONGEST_COUNTY).skip(1).collect();
    let names = starts.into_iter().rev().map(|start| &words[start..]).filter(|name| !ORDINARY.contains(name));
    let mut outer = names.map(named).find(|outer| !outer.is_empty()).unwrap_or_default();
    outer.retain(|outer| outer.level() != Level::Town);
    outer
}

/// So many bytes of the text, or a few less.
fn beginning(text: &str, bytes: usize) -> &str {
    let mut end = text.len().min(bytes);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// The links behind those of a chain that `asked` names: one by its beginning, or several that are written together, as in
/// 湛江市遂溪县 and 广东湛江, by two characters of each or more. `None` if it names none.
pub(crate) fn behind<'l>(asked: &str, links: &'l [String]) -> Option<&'l [String]> {
    if let Some(at) = links.iter().position(|link| link.starts_with(asked)) {
        return Some(&links[at + 1..]);
    }
    let cuts: Vec<usize> = asked.char_indices().skip(2).map(|(cut, _)| cut).collect();
    let last = cuts.len().saturating_sub(1);
    links.iter().enumerate().find_map(|(at, link)| {
        let beginnings = cuts[..last].iter().filter(|&&cut| link.starts_with(&asked[..cut]));
        beginnings.rev().find_map(|&cut| behind(&asked[cut..], &links[at + 1..]))
    })
}

/// The place called `name` behind the short name of a province or city that it lies in: 湖南长沙市.
pub(crate) fn find_within(name: &str, text: &str) -> Option<Place> {
    // the longest of such names are 内蒙古, 黑龙江 and 石家庄
    name.char_indices().skip(2).take(2).find_map(|(at, _)| {
        let (before, name) = name.split_at(at);
        let is_wide = |outer: &Entry| matches!(outer.level(), Level::Province | Level::City);
        let outer: Vec<_> = shortened(before).into_iter().filter(is_wide).map(Entry::chain).collect();
        let place = if outer.is_empty() { None } else { find(name, before, text) };
        place.filter(|place| outer.iter().any(|outer| place.chain.starts_with(outer)))
    })
}

/// Short names that are ordinary words; see the head of the file.
static ORDINARY: LazyLock<HashSet<&str>> = LazyLock::new(|| {
    let lines = include_str!("../../data/ordinary.txt").lines().filter(|line| !line.starts_with('#'));
    lines.flat_map(str::split_whitespace).collect()
});

/// Whether a province is called `name`, by its full name or without its ending; one of former times too, 热河省.
pub(crate) fn is_province(name: &str) -> bool {
    name.ends_with('省') || candidates(name).iter().any(|candidate| candidate.level() == Level::Province)
}

/// The chains of all places called `name`: by their full name, or for a county and what is above it by the name without
/// its ending, unless that is an ordinary word. Names of towns alone are too often those of other things.
pub(crate) fn called(name: &str) -> Vec<Vec<String>> {
    let mut found = named(name);
    // 经济技术开发区 and 国营农场 are rows of the table, and words
    let is_town = |entry: &Entry| entry.level() == Level::Town;
    if !name.ends_with(['镇', '乡']) && !name.ends_with("街道") {
        found.retain(|entry| !is_town(entry));
    }
    if !ORDINARY.contains(name) {
        found.extend(shortened(name).into_iter().filter(|entry| !is_town(entry)));
    } else {
        // 城区 is the full name of a district
        found.clear();
    }
    // a city without districts is its own only one: 东莞市
    let mut seen = HashSet::new();
    found.into_iter().map(Entry::chain).filter(|chain| seen.insert(chain.clone())).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_town_is_placed_by_what_the_text_names() {
        let place = find("港门镇", "", "为遂溪高质量发展贡献港门力量，湛江市个私企党委").unwrap();
        assert_eq!(place.chain, ["广东省", "湛江市", "遂溪县", "港门镇"]);
        assert_eq!(place.level, Level::Town);
        let chain = |name| find(name, "", "").map(|place| place.chain);
        assert_eq!(chain("神农架"), Some(vec!["湖北省".to_string(), "神农架林区".to_string()]));
        assert_eq!(chain("碑林").unwrap().last().unwrap(), "碑林区");
        assert_eq!(find("长沙", "", "长沙，长沙县").unwrap().chain, ["湖南省", "长沙市"]);
        assert_eq!(chain("广西自治区").unwrap(), ["广西壮族自治区"]);
        assert_eq!(chain("香港特区").unwrap(), ["香港特别行政区"]);
        assert_eq!(find_within("湖南长沙市", "").unwrap().chain, ["湖南省", "长沙市"]);
        assert_eq!(find_within("广东长沙市", ""), None);
        for (name, expected) in
            [("广东", true), ("北京市", true), ("热河省", true), ("朝阳区", false), ("莱芜市", false)]
        {
            assert_eq!(is_province(name), expected, "{name}");
        }
    }

    #[test]
    fn links_may_be_written_together() {
        let links = ["广东省", "湛江市", "遂溪县", "港门镇"].map(String::from);
        for asked in ["湛江市遂溪县", "广东省湛江市", "广东湛江", "广东遂溪县港门镇", "湛江市遂溪", "遂溪"]
        {
            assert!(behind(asked, &links).is_some(), "{asked}");
        }
        for asked in ["遂溪县湛江市", "广东省湛", "广东省茂名市", "湛江市的", "湛江市湛江市"]
        {
            assert!(behind(asked, &links).is_none(), "{asked}");
        }
        assert_eq!(behind("广东湛江", &links), Some(&links[2..]));
    }

    /// Each of the thousands of names is found as a walk over all lines finds it, with all that it lies in.
    #[test]
    fn a_name_and_its_short_form_find_the_same_as_a_walk() {
        type Rows = HashMap<String, Vec<(Vec<String>, Option<String>)>>;
        let (mut full, mut shorter, mut rows) = (Rows::new(), Rows::new(), 0);
        let mut add = |open: &[String], name: &str, code: Option<&str>| {
            let mut chain = [open, &[name.to_string()]].concat();
            chain.dedup();
            let row = (chain, code.map(String::from));
            if short(name) != name {
                shorter.entry(short(name).to_string()).or_default().push(row.clone());
            }
            full.entry(name.to_string()).or_default().push(row);
            rows += 1;
        };
        let mut open: Vec<String> = Vec::new();
        for line in PLACES.lines().filter(|line| !line.starts_with('#')) {
            let (head, towns) = line.split_once('\t').unwrap_or((line, ""));
            let name = head.trim_start_matches(|c: char| c == ' ' || c.is_ascii_digit());
            let depth = line.len() - line.trim_start().len();
            open.truncate(depth);
            add(&open, name, Some(&head[depth..head.len() - name.len()]));
            open.push(name.to_string());
            for town in towns.split_whitespace() {
                let endings = [('j', "街道"), ('b', "办事处"), ('z', "镇"), ('x', "乡")];
                let whole =
                    endings.iter().find_map(|(letter, ending)| Some(town.strip_suffix(*letter)?.to_string() + ending));
                add(&open, &whole.unwrap_or(town.to_string()), None);
            }
        }
        assert_eq!((rows, NAMES.len()), (44_697, 44_697 * 4));
        let found = |entries: Vec<Entry>| -> Vec<_> {
            entries.into_iter().map(|entry| (entry.chain(), entry.code().map(String::from))).collect()
        };
        for name in full.keys().chain(shorter.keys()) {
            let known = |all: &Rows| all.get(name).cloned().unwrap_or_default();
            assert_eq!((found(named(name)), found(shortened(name))), (known(&full), known(&shorter)), "{name}");
        }
        assert!(named("").is_empty() && shortened("省").is_empty());
    }

    #[test]
    fn names_that_nothing_decides_stay_open() {
        assert_eq!(find("城关镇", "", "没有线索"), None);
        assert_eq!(called("东莞"), [["广东省", "东莞市"]]);
        assert_eq!(find("不存在镇", "", "广东"), None);
        assert_eq!(find("城关镇", "", "兰州市榆中县，榆中").unwrap().chain, ["甘肃省", "兰州市", "榆中县", "城关镇"]);
    }

    #[test]
    fn the_own_name_of_a_town_is_no_evidence() {
        let chain = |before, text| find("平乐镇", before, text).map(|place| place.chain.join("/"));
        let sichuan = Some("四川省/成都市/邛崃市/平乐镇".to_string());
        assert_eq!(chain("", "平乐镇人民政府工作报告，建设美丽平乐"), None);
        assert_eq!(chain("", "平乐镇人民政府工作报告，在邛崃市委的领导下"), sichuan);
        // what stands directly before it decides, though others are named more often
        assert_eq!(chain("", "平乐镇人民政府工作报告\n在邛崃市平乐镇，学习广西、桂林、平乐县"), sichuan);
        assert_eq!(chain("邛崃市", "学习广西、桂林、平乐县"), sichuan);
        assert_eq!(find("港门镇", "", "港门镇人民政府工作报告\n在桃源县港门镇"), None);
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
