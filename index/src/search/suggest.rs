//! What the index has near a query that found nothing: text that sounds like it, text in which one character differs,
//! is missing or is more or two are swapped, and the parts of the query that do stand somewhere. Every suggestion is
//! real text of the index, with its count.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

use crate::error::Result;
use crate::find::counts;
use crate::find::needle::Needle;
use crate::fold::fold;
use crate::query::Query;
use crate::query::asking::trimmed_at_both_ends;
use crate::query::listed::listed;
use crate::query::question::Question;
use crate::query::synonyms::Synonyms;
use crate::rank::results::{Suggestion, Why};
use crate::rank::snapshot::Snapshot;
use crate::search::apart::{after, before};
use crate::search::sound::Sound;
use crate::words::{borders, cut_by, is_han};

/// How many suggestions are made at most.
const MOST: usize = 5;

/// Of a query's terms, so many are looked at: each that stands nowhere takes some 25 ms in 100 MB.
const MOST_TERMS: usize = 8;

/// Beside hits of some of the words, so many.
const MOST_MISSING: usize = 2;

/// Only terms up to this many characters are compared; a sentence has no neighbours.
const LONGEST: usize = 16;

/// How many places a half of the term may stand at before the rest is left out: a bound on time, 10 ms or so.
const MOST_PLACES: usize = 200_000;

/// So many of the texts one edit away are shown.
const MOST_NEIGHBOURS: usize = 3;

/// Of so many is looked whether they begin and end with words.
const MOST_LOOKED_AT: usize = 12;

/// Of text that was seen less often, how it goes on says nothing.
const FEWEST_SEEN: u64 = 4;

impl Snapshot {
    /// Suggestions for a query without hits, the nearest first.
    pub fn suggestions(&self, query: &Query) -> Result<Vec<Suggestion>> {
        let literals: Vec<&str> = match query {
            Query::And(parts) => parts.iter().filter_map(literal).collect(),
            query => literal(query).into_iter().collect(),
        };
        let frequency = |word: &str| self.word_frequency(word);
        let mut suggestions: Vec<Suggestion> = self.alternatives(query)?.into_iter().collect();
        // pinyin is typed with blanks or without
        let typed: String = literals.iter().map(|text| fold(text).text).collect();
        if !typed.is_empty() && typed.bytes().all(|byte| byte.is_ascii_lowercase()) {
            suggestions.extend(self.sounding(&typed));
        }
        let mut terms: Vec<String> = Vec::new();
        for text in literals.into_iter().take(MOST_TERMS) {
            let folded = fold(text);
            let listed: Vec<&str> = folded.stretches().flat_map(|stretch| listed(stretch, frequency)).collect();
            if listed.len() > 1 && self.occurrences(&folded.text) == 0 {
                suggestions.extend(self.together(&listed, true)?);
                terms.extend(listed.into_iter().map(String::from));
            } else {
                terms.push(text.to_string());
            }
        }
        // of several parts, those that are missing
        for text in terms.into_iter().take(MOST_TERMS) {
            let folded = fold(&text).text;
            let occurrences = if folded.is_empty() { 0 } else { self.occurrences(&folded) };
            if occurrences > 0 {
                // what stands somewhere, but not with the rest or not where the filters want it
                suggestions.push(Suggestion { text, occurrences, why: Why::Part });
            } else if (2..=LONGEST).contains(&folded.chars().count()) {
                suggestions.extend(self.likely(&folded));
                suggestions.extend(self.runs(&folded)?);
            }
            let mut seen = HashSet::new();
            suggestions.retain(|suggestion| seen.insert(suggestion.text.clone()));
            if suggestions.len() >= MOST {
                break;
            }
        }
        suggestions.truncate(MOST);
        Ok(suggestions)
    }

    /// The query with those of its filters that are of one field as alternatives: a report has one place and one year,
    /// and seldom two values that were both typed. An archive would have to be asked for it, and is not.
    fn alternatives(&self, query: &Query) -> Result<Option<Suggestion>> {
        let Query::And(parts) = query else { return Ok(None) };
        if self.whole.is_some() {
            return Ok(None);
        }
        let field = |part: &Query| match part {
            Query::Filter(filter) => Some(filter.name()),
            _ => None,
        };
        let mut joined: Vec<Query> = Vec::new();
        for part in parts {
            let is_like = |other: &Query| field(part).is_some() && field(other) == field(part);
            if parts.iter().position(is_like).is_some_and(|first| !std::ptr::eq(&parts[first], part)) {
                continue;
            }
            let mut values: Vec<Query> = parts.iter().filter(|other| is_like(other)).cloned().collect();
            values.dedup();
            joined.push(if values.len() > 1 { Query::Or(values) } else { part.clone() });
        }
        if joined.len() == parts.len() {
            return Ok(None);
        }
        let joined = if joined.len() == 1 { joined.remove(0) } else { Query::And(joined) };
        let found = self.count(&joined, &[])?;
        // filters alone stand nowhere in the text
        let occurrences = found.occurrences.max(found.passages);
        Ok((occurrences > 0).then(|| Suggestion { text: joined.to_string(), occurrences, why: Why::Any }))
    }

    /// The other names of the query's bare parts that stand somewhere.
    pub fn synonyms(&self, query: &Query, synonyms: &Synonyms) -> Vec<Suggestion> {
        let parts = match query {
            Query::And(parts) | Query::Or(parts) => parts.as_slice(),
            part => std::slice::from_ref(part),
        };
        let mut named = Vec::new();
        for part in parts {
            let Query::Text(text) = part else { continue };
            let own = synonyms.instead_of(text);
            for other in if own.is_empty() { self.by_inner_names(text, synonyms) } else { own } {
                let occurrences = self.occurrences(&fold(&other).text);
                if occurrences > 0 {
                    named.push(Suggestion { text: other, occurrences, why: Why::NameOf(text.clone()) });
                }
            }
        }
        named
    }

    /// A compound with the other names of the words in it: GDP增长 is 地区生产总值增长. An archive was not asked for these.
    fn by_inner_names(&self, text: &str, synonyms: &Synonyms) -> Vec<String> {
        if self.whole.is_some() || text.chars().nth(LONGEST).is_some() {
            return Vec::new();
        }
        let text = fold(text).text;
        let mut borders = borders(&text, |word| self.word_frequency(word));
        borders.sort_unstable();
        borders.dedup();
        let ends = |start: usize| borders.iter().filter(move |end| **end > start).map(move |end| (start, *end));
        let inner = borders.iter().flat_map(|start| ends(*start));
        let named = |(start, end): (usize, usize)| {
            let names = synonyms.of(&text[start..end]).into_iter();
            names.map(|name| format!("{}{name}{}", &text[..start], &text[end..])).collect::<Vec<_>>()
        };
        inner.flat_map(named).collect()
    }

    /// How often folded text stands in the index.
    pub fn occurrences(&self, folded: &str) -> u64 {
        let needle = Needle::new(folded);
        let found = self.segments().flat_map(|(text, segment)| counts(&needle, text, segment, None));
        found.map(|count| count.count as u64).sum()
    }

    /// Text that sounds like `typed`, the most frequent first.
    pub fn sounding(&self, typed: &str) -> Vec<Suggestion> {
        for sound in Sound::of(typed) {
            let mut found = HashMap::new();
            self.texts.iter().for_each(|text| sound.find(text.text(), &mut found));
            let mut found: Vec<(String, u64)> = found.into_iter().collect();
            found.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
            // … with how often they were seen, also in what has been removed
            let standing = found.into_iter().filter_map(|(text, _)| self.standing(text, sound.why()));
            let mut suggestions: Vec<Suggestion> = standing.take(3).collect();
            suggestions.sort_by_key(|shown| Reverse(shown.occurrences));
            if !suggestions.is_empty() {
                return suggestions;
            }
        }
        Vec::new()
    }

    /// The term with two neighbouring characters in the other order.
    fn swapped(&self, term: &[char]) -> Vec<Suggestion> {
        let others = (1..term.len()).filter(|&at| term[at - 1] != term[at]).map(|at| {
            let mut other = term.to_vec();
            other.swap(at - 1, at);
            other.into_iter().collect::<String>()
        });
        others.filter_map(|text| self.standing(text, Why::Swapped)).collect()
    }

    /// A name with a point that was typed without it: pm25 for PM2.5.
    fn pointed(&self, term: &[char]) -> Vec<Suggestion> {
        if !term.iter().any(char::is_ascii_alphabetic) {
            return Vec::new();
        }
        let places = (1..term.len()).filter(|&at| term[at - 1].is_ascii_digit() && term[at].is_ascii_digit());
        let others = places.map(|at| {
            let mut other = term.to_vec();
            other.insert(at, '.');
            other.into_iter().collect::<String>()
        });
        others.filter_map(|text| self.standing(text, Why::More)).collect()
    }

    /// A suggestion of what stands somewhere.
    fn standing(&self, text: String, why: Why) -> Option<Suggestion> {
        let occurrences = self.occurrences(&text);
        (occurrences > 0).then_some(Suggestion { text, occurrences, why })
    }

    /// Text one edit away.
    fn neighbours(&self, term: &[char]) -> Vec<Suggestion> {
        let rank = |why: &Why| [Why::Differs, Why::More, Why::Less].iter().position(|known| known == why);
        let mut found: Vec<(String, Neighbour)> = self.near(term).into_iter().collect();
        // 十五五时 says no more than 十五五时期 does, and less than 十五五
        if found.iter().any(|(_, near)| !near.is_piece()) {
            found.retain(|(_, near)| !near.is_piece());
        }
        found.sort_by_key(|(text, near)| (rank(&near.why), Reverse(near.seen), text.clone()));
        // whatever its kind, the most frequent of the others has the last place
        let rest = found.len().min(MOST_NEIGHBOURS - 1);
        found[rest..].sort_by_key(|(text, near)| (Reverse(near.seen), rank(&near.why), text.clone()));
        let standing = found.into_iter().filter_map(|(text, near)| self.standing(text, near.why));
        let whole = standing.take(MOST_LOOKED_AT).filter(|near| self.is_of_words(&near.text));
        let mut suggestions: Vec<Suggestion> = whole.take(MOST_NEIGHBOURS).collect();
        suggestions.sort_by_key(|shown| (rank(&shown.why), Reverse(shown.occurrences)));
        suggestions
    }

    /// Every text one edit away. One half of the term must stand there unchanged, so the text is searched for both halves and
    /// only what is beside them compared.
    fn near(&self, term: &[char]) -> HashMap<String, Neighbour> {
        let mut found: HashMap<String, Neighbour> = HashMap::new();
        let middle = term.len() / 2;
        let (left, right): (String, String) = (term[..middle].iter().collect(), term[middle..].iter().collect());
        for (half, is_left) in [(left, true), (right, false)] {
            let needle = Needle::new(&half);
            for text in &self.texts {
                let stretches = text.within([needle.code()]);
                let text = text.text();
                let places = stretches.iter().flat_map(|stretch| needle.find_in(text, stretch.clone()));
                for at in places.take(MOST_PLACES) {
                    let end = at + needle.len();
                    let beside = if is_left { before(text, at, 1).pop() } else { after(text, end, 1).pop() };
                    let is_cut_out = match is_left {
                        true => goes_on(beside.as_ref(), term.first()),
                        false => goes_on(term.last(), beside.as_ref()),
                    };
                    if is_cut_out {
                        continue;
                    }
                    // the paragraph's characters beside the half, as many as the other half, one more, and one behind
                    let (near, other) = match is_left {
                        true => (after(text, end, term.len() - middle + 2), &term[middle..]),
                        false => (before(text, at, middle + 2), &term[..middle]),
                    };
                    for (length, why) in
                        [(other.len(), Why::Differs), (other.len() - 1, Why::Less), (other.len() + 1, Why::More)]
                    {
                        if near.len() < length || term.len() - other.len() + length < 2 {
                            continue;
                        }
                        let (side, further) = match is_left {
                            true => (&near[..length], near.get(length)),
                            false => {
                                let (further, side) = near.split_at(near.len() - length);
                                (side, further.last())
                            }
                        };
                        let is_cut_out = match is_left {
                            true => goes_on(side.last(), further),
                            false => goes_on(further, side.first()),
                        };
                        if !is_cut_out && is_one_edit(side, other) && side.iter().all(|c| c.is_alphanumeric()) {
                            let side: String = side.iter().collect();
                            let whole = if is_left { half.clone() + &side } else { side + &half };
                            let near = found.entry(whole).or_insert_with(|| Neighbour::new(why));
                            let further = further.copied();
                            near.see(if is_left { [beside, further] } else { [further, beside] });
                        }
                    }
                }
            }
        }
        found
    }

    /// What the reports of the places and years that a query names say of the rest, if there is more of that than holds
    /// the query as it was typed, in `passages`: 广东 耕地 stands in any report that names both. An archive would have to
    /// be asked for it, and is not.
    pub fn of_reports(&self, query: &Query, passages: u64, question: &Question) -> Result<Option<Suggestion>> {
        if self.whole.is_some() || question.prefers.is_empty() || question.plain == question.text {
            return Ok(None);
        }
        let mut parts: Vec<Query> = question.plain.iter().cloned().map(Query::Text).collect();
        parts.extend(question.limits.iter().cloned());
        parts.extend(question.prefers.filters());
        let narrowed = Query::And(parts);
        let said = self.count(&narrowed, &[])?;
        if said.passages <= passages {
            let others = Query::And(vec![narrowed.clone(), Query::Not(Box::new(query.clone()))]);
            if self.count(&others, &[])?.passages == 0 {
                return Ok(None);
            }
        }
        Ok(Some(Suggestion { text: narrowed.to_string(), occurrences: said.occurrences, why: Why::Reports }))
    }

    /// What may be meant by a term that stands nowhere.
    fn likely(&self, term: &str) -> Vec<Suggestion> {
        let chars: Vec<char> = term.chars().collect();
        let mut suggestions = if term.starts_with(|c: char| c.is_ascii()) { Vec::new() } else { self.sounding(term) };
        suggestions.extend(self.swapped(&chars));
        suggestions.extend(self.pointed(&chars));
        suggestions.extend(self.neighbours(&chars));
        suggestions
    }

    /// What may be meant by those terms of a question that stand nowhere, of which only words were found. A wrong character leaves
    /// one that is in no word: 零基与算, but not 出口收费. An archive would have to be asked for it, and is not.
    pub fn misspelled(&self, question: &Question) -> Vec<Suggestion> {
        if self.whole.is_some() {
            return Vec::new();
        }
        let frequency = |word: &str| self.word_frequency(word);
        let is_open = |term: &&str| {
            let is_alone = |word: &String| word.chars().all(is_han) && word.chars().nth(1).is_none();
            (2..=LONGEST).contains(&term.chars().count()) && cut_by([*term], frequency).iter().any(is_alone)
        };
        let terms = question.plain.iter().flat_map(|text| listed(text, frequency));
        let terms = terms.map(|term| trimmed_at_both_ends(term, frequency)).filter(is_open).take(MOST_TERMS);
        let missing = terms.filter(|term| self.occurrences(term) == 0).take(MOST_MISSING);
        let mut suggestions: Vec<Suggestion> = missing.flat_map(|term| self.likely(term)).collect();
        let mut seen = HashSet::new();
        suggestions.retain(|suggestion| seen.insert(suggestion.text.clone()));
        suggestions.truncate(MOST);
        suggestions
    }
}

/// Text one edit away from a term.
struct Neighbour {
    why: Why,
    /// How often it was seen, also inside numbers, where it does not stand.
    seen: u64,
    /// What stands before and behind it, and how often.
    beside: [HashMap<char, u64>; 2],
}

impl Neighbour {
    fn new(why: Why) -> Self {
        Neighbour { why, seen: 0, beside: Default::default() }
    }

    fn see(&mut self, beside: [Option<char>; 2]) {
        self.seen += 1;
        for (known, c) in self.beside.iter_mut().zip(beside) {
            if let Some(c) = c.filter(|c| c.is_alphanumeric()) {
                *known.entry(c).or_default() += 1;
            }
        }
    }

    /// Whether it mostly goes on alike: a piece of a longer term.
    fn is_piece(&self) -> bool {
        let most = self.beside.iter().flat_map(HashMap::values).max();
        self.seen >= FEWEST_SEEN && most.is_some_and(|most| most * 5 >= self.seen * 4)
    }
}

fn literal(query: &Query) -> Option<&str> {
    match query {
        Query::Text(text) | Query::Phrase(text) => Some(text),
        _ => None,
    }
}

/// Whether the two characters are of one Latin word or number.
fn goes_on(a: Option<&char>, b: Option<&char>) -> bool {
    a.zip(b).is_some_and(|(a, b)| match (a, b) {
        ('.', digit) | (digit, '.') => digit.is_ascii_digit(),
        (a, b) => a.is_ascii_alphanumeric() && b.is_ascii_alphanumeric(),
    })
}

/// Whether the two differ in exactly one character, or one has exactly one more. Nobody types a digit for a Han character.
fn is_one_edit(a: &[char], b: &[char]) -> bool {
    let same = a.iter().zip(b).take_while(|(a, b)| a == b).count();
    match a.len() as isize - b.len() as isize {
        0 => same < a.len() && a[same].is_ascii() == b[same].is_ascii() && a[same + 1..] == b[same + 1..],
        1 => a[same + 1..] == b[same..],
        -1 => a[same..] == b[same + 1..],
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Document;
    use crate::rank::results::Options;

    #[test]
    fn values_of_one_field_that_nothing_has_together_are_alternatives() {
        let of = |place: &str| {
            let mut document = Document::from_text(place, "数字经济。\n\n农业。");
            document.meta.place = vec![place.to_string()];
            document
        };
        let snapshot = Snapshot::in_memory([of("浙江省"), of("广东省"), of("福建省")], None).unwrap();
        for (text, other, occurrences) in [
            ("place:浙江 place:广东 数字经济", "(place:浙江 OR place:广东) 数字经济", 2),
            ("place:浙江 place:广东", "place:浙江 OR place:广东", 4),
        ] {
            let near = snapshot.search(&text.parse().unwrap(), Options::default()).unwrap().suggestions;
            assert_eq!((near[0].text.as_str(), near[0].occurrences, &near[0].why), (other, occurrences, &Why::Any));
            let found = snapshot.count(&other.parse().unwrap(), &[]).unwrap();
            assert_eq!(found.occurrences.max(found.passages), occurrences);
        }
        for text in ["place:浙江 place:湖南 海洋", "place:浙江 -place:广东 海洋"] {
            let near = snapshot.search(&text.parse().unwrap(), Options::default()).unwrap().suggestions;
            assert!(near.iter().all(|one| one.why != Why::Any), "{text}: {near:?}");
        }
    }

    #[test]
    fn a_piece_of_a_term_is_no_suggestion_beside_a_term() {
        let text = "十五五时期开局，十五五时期发展，十五五时期目标，十五五时期任务，十五五时期重点，十五五规划，十五五开局，乡村振兴。";
        let near = |text: &str, query: &str| {
            let snapshot = Snapshot::in_memory([Document::from_text("甲", text)], None).unwrap();
            let near = snapshot.search(&query.parse().unwrap(), Options::default()).unwrap().suggestions;
            near.into_iter().map(|one| (one.text, one.why)).collect::<Vec<_>>()
        };
        let found = near(text, "十五五五");
        assert!(found.contains(&("十五五".to_string(), Why::Less)), "{found:?}");
        assert!(found.iter().all(|(text, _)| text != "十五五时"), "{found:?}");
        assert_eq!(near(text, "乡振村兴")[0], ("乡村振兴".to_string(), Why::Swapped));
        assert_eq!(near(&"落实港长制工作。".repeat(5), "港口制")[0].0, "港长制", "what stands in one compound alone");
        assert_eq!(near("治理pm2.5。", "pm25")[0], ("pm2.5".to_string(), Why::More));
        let words = "发展。发展。机器。低空经济。守住。不能。不炒。房住。";
        let found = near(&format!("发展低空经济，守住不放。{words}"), "药低空经济");
        assert!(found.iter().all(|(text, _)| text != "展低空经济"), "{found:?}");
        let found = near(&format!("守住不放。{words}"), "房住不炒了");
        assert!(found.iter().all(|(text, _)| text != "住不"), "{found:?}");
    }

    #[test]
    fn of_many_terms_the_first_are_looked_at() {
        let snapshot = Snapshot::in_memory([Document::from_text("甲", "落实港长制、河长制。")], None).unwrap();
        let near = |query: String| snapshot.suggestions(&query.parse().unwrap()).unwrap();
        let absent = |count: u32| {
            (0..count).map(|n| char::from_u32(0x9000 + n).unwrap().to_string().repeat(3) + " ").collect::<String>()
        };
        assert_eq!(near(absent(7) + "港口制")[0].text, "港长制");
        assert_eq!(near(absent(700) + "港口制"), []);
    }

    #[test]
    fn what_stands_of_a_query_is_near_it() {
        let text = "发展低空经济，经济政策。\n\n典型村的港长制，零基预算，相关政策。\n\n首飞c919。\n\n经济，经济，政策，政策。";
        let snapshot = Snapshot::in_memory([Document::from_text("甲", text)], None).unwrap();
        let near = |query: &str| {
            let near = snapshot.search(&query.parse().unwrap(), Options::default()).unwrap().suggestions;
            near.into_iter().map(|one| one.text).collect::<Vec<_>>()
        };
        assert_eq!(near("低空经济相关政策")[0], "低空经济");
        assert!(near("c919的首飞").contains(&"c919".to_string()), "{:?}", near("c919的首飞"));
        assert_eq!(near("典型村，港长制 place:广东")[0], "典型村 港长制");
        assert_eq!(near("零基与算 典型村")[0], "零基预算", "beside hits of some words");
        assert!(near("典型村 零基预算 低空").is_empty());
    }

    #[test]
    fn one_edit() {
        let edit = |a: &str, b: &str| is_one_edit(&a.chars().collect::<Vec<_>>(), &b.chars().collect::<Vec<_>>());
        assert!(edit("四五", "五五") && edit("五", "五五") && edit("五五五", "五五") && edit("工城", "工程"));
        assert!(!edit("增长4", "增长率") && !goes_on(Some(&'4'), Some(&'家')) && goes_on(Some(&'4'), Some(&'.')));
        assert!(!edit("五五", "五五") && !edit("四四", "五五") && !edit("", "五五"));
    }
}
