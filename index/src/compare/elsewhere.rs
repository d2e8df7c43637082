//! Finds the names of places that a report is not of: 平乐 in a draft of 安化 is what remains when a text was taken over. A name
//! counts where it stands on the borders of words, so that 公安化解 names no 安化.

use std::collections::{BTreeMap, HashSet};

use serde::Serialize;

use crate::compare::plain::Plain;
use crate::document::{Document, Level};
use crate::parse::places::{self, Place};
use crate::words::Cutter;
use crate::words::path::Scratch;

/// The longest name looked for, in characters: 黔西南布依族苗族自治州 has eleven.
const LONGEST: usize = 13;

/// A name of a place elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Elsewhere {
    /// The name as it stands in the text.
    pub name: String,
    /// The places that go by it, each from the province down.
    pub places: Vec<Vec<String>>,
    /// The lines it stands on, from 1, ascending.
    pub lines: Vec<u32>,
    /// Whether it stands in a run that was found in another document.
    pub copied: bool,
}

/// The places named in `document` that are neither in its chain nor inside its place; `None` if its own place is not known,
/// and nothing for a report of the nation. `copied` tells for each folded character whether it stands in another
/// document too. Cost: cuts the text into words.
pub(crate) fn elsewhere(document: &Document, plain: &Plain<'_>, copied: &[bool]) -> Option<Vec<Elsewhere>> {
    let own = &document.meta.place;
    if own.is_empty() {
        return (document.meta.level == Some(Level::Nation)).then(Vec::new);
    }
    let text = plain.text();
    let (mut begins, mut ends) = (Vec::new(), HashSet::new());
    Cutter::new().outer(&plain.folded, &mut Scratch::default(), |word| {
        begins.push(word.start);
        ends.insert(word.end);
    });
    let mut found: BTreeMap<String, Elsewhere> = BTreeMap::new();
    let mut behind = 0;
    for start in begins {
        if start < behind {
            continue;
        }
        let rest = &text[start..];
        let lengths = rest.char_indices().map(|(at, c)| at + c.len_utf8()).take(LONGEST).filter(|length| *length > 3);
        let names: Vec<usize> =
            lengths.filter(|length| ends.contains(&(start + length)) && is_telling(&rest[..*length])).collect();
        let Some((length, places)) = names.into_iter().rev().find_map(|length| {
            let places = places::called(&rest[..length]);
            (!places.is_empty()).then_some((length, places))
        }) else {
            continue;
        };
        behind = start + length;
        if places.iter().any(|chain| is_own(chain, own)) {
            continue;
        }
        let chars = plain.char_at(start)..plain.char_at(start + length);
        let line = plain.lines(chars.clone())[0];
        let name = rest[..length].to_string();
        let entry = found.entry(name.clone()).or_insert(Elsewhere { name, places, lines: Vec::new(), copied: false });
        entry.copied |= chars.into_iter().all(|at| copied.get(at).copied().unwrap_or(false));
        if entry.lines.last() != Some(&line) {
            entry.lines.push(line);
        }
    }
    let mut list: Vec<Elsewhere> = found.into_values().collect();
    list.sort_by_key(|one| (!one.copied, one.lines[0]));
    Some(list)
}

/// The chain from the province down of a place that is given by its name, with or without its ending, or by links of its chain,
/// written together or with blanks, commas, `、` or `/` between. What lies in a known place need not be known, if it stands apart.
/// `None` if none goes by it, or several do, or if it is the short name of a town and nothing else: 火星 is a planet too.
///
/// ```
/// assert_eq!(gm_index::place_chain("湛江").unwrap(), ["广东省", "湛江市"]);
/// assert_eq!(gm_index::place_chain("广东省湛江市").unwrap(), ["广东省", "湛江市"]);
/// assert_eq!(gm_index::place_chain("火星省"), None);
/// ```
pub fn place_chain(text: &str) -> Option<Vec<String>> {
    let is_between = |c: char| c.is_whitespace() || matches!(c, ',' | '，' | '、' | '/' | '／');
    let links: Vec<&str> = text.split(is_between).filter(|link| !link.is_empty()).collect();
    (0..links.len()).rev().find_map(|at| {
        let mut chain = within(&links[..at], links[at])?;
        chain.extend(links[at + 1..].iter().map(|link| link.to_string()));
        Some(chain)
    })
}

/// The chain of the only place in all of `above` that goes by `link`, or by the end of it, if what stands before that is above it too.
fn within(above: &[&str], link: &str) -> Option<Vec<String>> {
    // one character tells no place
    let cuts = link.char_indices().map(|(cut, _)| cut).enumerate().filter(|(chars, _)| *chars != 1);
    cuts.map(|(_, cut)| link.split_at(cut)).find_map(|(before, name)| {
        let above: Vec<&str> = above.iter().copied().chain([before]).filter(|link| !link.is_empty()).collect();
        let is_told = |place: &Place| {
            place.level != Level::Town || !above.is_empty() || place.chain.last().is_some_and(|full| full == name)
        };
        let found = places::find(name, &above.concat(), "").filter(is_told);
        // of towns with the name of a city the city is meant
        let mut found = found.map_or_else(|| places::called(name), |place| vec![place.chain]);
        let is_in = |chain: &[String], link: &str| {
            chain.iter().any(|known| known.starts_with(places::short(link))) || places::behind(link, chain).is_some()
        };
        found.retain(|chain| above.iter().all(|link| is_in(chain, link)));
        let [chain] = <[_; 1]>::try_from(found).ok()?;
        Some(chain)
    })
}

/// Whether a name tells a place from other words: 街道 alone is any street, and 兴镇 more often a piece of 工业兴镇 than a town.
fn is_telling(name: &str) -> bool {
    let stem = name.strip_suffix("街道").or_else(|| name.strip_suffix(['镇', '乡', '村', '县', '市', '区', '旗']));
    stem.is_none_or(|stem| stem.chars().nth(1).is_some())
}

/// Whether a place is in the chain, above it or inside it.
fn is_own(chain: &[String], own: &[String]) -> bool {
    chain.iter().zip(own).all(|(a, b)| a == b)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(text: &str) -> Option<Vec<String>> {
        let document = Document::from_text("a.txt", text);
        let found = elsewhere(&document, &Plain::of(&document), &[])?;
        Some(found.into_iter().map(|one| one.name).collect())
    }

    #[test]
    fn a_name_left_over_from_elsewhere() {
        let text = "安化县政府工作报告\n\n各位代表：\n湖南省益阳市安化县。平乐发展得好，公安化解纠纷，安化茶叶，长沙市与益阳，人民安居乐业，各街道工业兴镇。\n";
        assert_eq!(names(text), Some(vec!["平乐".to_string(), "长沙市".to_string()]));
        assert_eq!(names("某县政府工作报告\n\n平乐。\n"), None);
    }

    #[test]
    fn a_place_is_given_by_its_name_or_its_chain() {
        for (text, expected) in [
            ("遂溪", Some("广东省/湛江市/遂溪县")),
            ("湖南省/益阳市/安化县", Some("湖南省/益阳市/安化县")),
            ("榆中,城关镇", Some("甘肃省/兰州市/榆中县/城关镇")),
            ("湛江市 某开发区", Some("广东省/湛江市/某开发区")),
            ("广东省湛江市遂溪县港门镇", Some("广东省/湛江市/遂溪县/港门镇")),
            ("广东省、湛江市，遂溪县　港门镇", Some("广东省/湛江市/遂溪县/港门镇")),
            ("湛江遂溪 港门", Some("广东省/湛江市/遂溪县/港门镇")),
            ("广西自治区 南宁", Some("广西壮族自治区/南宁市")),
            ("港门镇", Some("广东省/湛江市/遂溪县/港门镇")),
            ("北京市朝阳区", Some("北京市/朝阳区")),
            ("城关镇", None),
            ("朝阳区", None),
            ("广东省益阳市", None),
            ("火星", None),
            ("火星省 ", None),
            ("，", None),
        ] {
            assert_eq!(place_chain(text).map(|chain| chain.join("/")).as_deref(), expected, "{text}");
        }
    }
}
