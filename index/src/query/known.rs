//! What the documents of an index are known to be about: places, years, parts; what they are called, and who gave them. A question
//! is only understood to ask for what some document has; otherwise its words are words.

use std::collections::{HashMap, HashSet};

use crate::document::governing;
use crate::fold::fold;
use crate::fold::folded::Folded;
use crate::query::archive::{Description, name_of};
use crate::query::names::Names;
use crate::query::preference::{Preference, depth, looked_back_on, named, of_years, share_of, short, titles};
use crate::store::record::Head;
use crate::words::borders;

/// Places, titles, speakers, years and parts that documents have.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Known {
    /// Whole and without what they end in: 广东省 and 广东.
    places: Names<()>,
    /// What documents are called, each with the ones that are called so; see [`titles`].
    titles: Names<Vec<Titled>>,
    /// Who gave them, each with the ordinals of these.
    speakers: Names<Vec<u32>>,
    /// The chains of places that documents have, folded.
    chains: Vec<Vec<String>>,
    chain_of: HashMap<Vec<String>, u32>,
    documents: Vec<Described>,
    /// The years that documents are of or look back on.
    years: HashSet<u16>,
    /// Whether any passage has a role.
    pub parts: bool,
}

/// What a question can prefer a document by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Described {
    segment: u32,
    document: u32,
    /// Its place, among the chains.
    chain: u32,
    year: Option<u16>,
    reviewed: Option<u16>,
}

/// A document that has a title, among those that are described.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Titled {
    document: u32,
    /// How many characters its own title has.
    length: usize,
}

impl Known {
    /// Takes in the description of a document.
    pub fn add(&mut self, segment: u32, document: u32, head: &Head<'_>) {
        self.describe(segment, document, described(head));
    }

    /// Takes in what documents are about that are not here.
    pub fn name(&mut self, description: Description) {
        let Description { place, year, review_year, titles, speaker } = description;
        self.chain(place);
        self.years.extend([year, looked_back_on(year, review_year)].into_iter().flatten());
        titles.iter().for_each(|title| {
            self.titles.entry(title);
        });
        if let Some(speaker) = speaker {
            self.speakers.entry(&speaker);
        }
    }

    /// What is known of documents by their descriptions alone: they are numbered as these are.
    pub fn of(descriptions: &[Description]) -> Known {
        let mut known = Known::default();
        for (at, description) in descriptions.iter().enumerate() {
            known.describe(0, at as u32, description.clone());
        }
        known
    }

    fn describe(&mut self, segment: u32, document: u32, description: Description) {
        let Description { place, year, review_year, titles, speaker } = description;
        let (chain, reviewed) = (self.chain(place), looked_back_on(year, review_year));
        self.years.extend([year, reviewed].into_iter().flatten());
        let length = titles.first().map_or(0, |own| own.chars().count());
        let at = self.documents.len() as u32;
        titles.iter().for_each(|title| self.titles.entry(title).push(Titled { document: at, length }));
        speaker.iter().for_each(|speaker| self.speakers.entry(speaker).push(at));
        self.documents.push(Described { segment, document, chain, year, reviewed });
    }

    /// The number of a chain of places, whose names are known from now on.
    fn chain(&mut self, chain: Vec<String>) -> u32 {
        if let Some(&known) = self.chain_of.get(&chain) {
            return known;
        }
        let number = self.chains.len() as u32;
        let links: Vec<String> = chain.iter().map(|link| fold(link).text).collect();
        for link in &links {
            for name in short(link).into_iter().chain([link.as_str()]) {
                self.places.entry(name);
            }
        }
        self.chains.push(links);
        self.chain_of.insert(chain, number);
        number
    }

    /// The documents that are preferred most, if any is, each with its segment, ascending.
    pub fn preferred(&self, by: &Preference) -> Vec<(u32, u32)> {
        let named: Vec<f32> = self.chains.iter().map(|chain| named(chain, &by.places)).collect();
        // by title and speaker
        let mut own: HashMap<u32, f32> = HashMap::new();
        for title in &by.titles {
            for of in self.titles.get(title).into_iter().flatten() {
                *own.entry(of.document).or_default() += share_of(title, of.length) / by.titles.len() as f32;
            }
        }
        for document in by.speakers.iter().flat_map(|speaker| self.speakers.get(speaker)).flatten() {
            *own.entry(*document).or_default() += 1.0;
        }
        let preference = |(at, of): (usize, &Described)| {
            let own = own.get(&(at as u32)).copied().unwrap_or(0.0);
            named[of.chain as usize] + own + of_years(of.year, of.reviewed, &by.years)
        };
        let most = self.documents.iter().enumerate().map(preference).fold(0.0, f32::max);
        let first = self.documents.iter().enumerate().filter(|of| most > 0.0 && preference(*of) == most);
        first.map(|(_, of)| (of.segment, of.document)).collect()
    }

    #[cfg(test)]
    pub fn for_tests() -> Known {
        let mut known = Known { parts: true, ..Known::default() };
        let place = vec!["广东省".to_string()];
        let speaker = Some("陈港长".to_string());
        known.describe(0, 0, Description { place, year: Some(2025), speaker, ..Description::default() });
        let titles = ["中华人民共和国港口法", "广东省港口管理条例（试行）"]
            .map(|title| crate::query::names::called(title, "法", &["广东省"]));
        titles.into_iter().for_each(|titles| known.describe(0, 0, Description { titles, ..Description::default() }));
        known
    }

    /// Whether some document is of this year or looks back on it.
    pub fn has_year(&self, year: u16) -> bool {
        self.years.contains(&year)
    }

    /// Whether some document's chain of places has all of these.
    pub fn share_a_chain(&self, places: &[String]) -> bool {
        let has_all = |chain: &Vec<String>| places.iter().all(|place| depth(chain, place).is_some());
        places.len() < 2 || self.chains.iter().any(has_all)
    }

    /// The names of places in a stretch of folded text, as `frequency` has its words cut.
    pub fn places_in(&self, stretch: &str, frequency: impl Fn(&str) -> u64) -> Vec<String> {
        self.places.in_stretch(stretch, frequency)
    }

    /// The same of those who gave documents.
    pub fn speakers_in(&self, stretch: &str, frequency: impl Fn(&str) -> u64) -> Vec<String> {
        self.speakers.in_stretch(stretch, frequency)
    }

    /// The titles of documents in a text, and its stretches without them: 实施《港口法》办法 is a title.
    pub fn titles_in(&self, text: &Folded, frequency: impl Fn(&str) -> u64) -> (Vec<String>, Vec<String>) {
        let start_of = |stretch: &str| stretch.as_ptr() as usize - text.text.as_ptr() as usize;
        let titles = self.titles.in_text(&text.text, || {
            let of = |stretch| borders(stretch, &frequency).into_iter().map(move |border| start_of(stretch) + border);
            text.stretches().flat_map(of).collect()
        });
        let mut rest = Vec::new();
        for stretch in text.stretches() {
            let start = start_of(stretch);
            let (mut from, end) = (start, start + stretch.len());
            for title in titles.iter().filter(|title| title.start < end && title.end >= start) {
                rest.push(text.text[from..title.start.max(from)].to_string());
                from = title.end.min(end);
                from += within(&text.text[from..end], &frequency);
            }
            rest.push(text.text[from..end].to_string());
        }
        (titles.into_iter().map(|at| text.text[at].to_string()).collect(), rest)
    }
}

fn described(head: &Head<'_>) -> Description {
    let place = governing(&head.place, head.level).map(String::from).collect();
    let (titles, speaker) = (titles(head), head.speaker.and_then(name_of));
    Description { place, year: head.year, review_year: head.review_year, titles, speaker }
}

/// How many bytes say that what stands before is meant as a place: 在港口法里规定.
fn within(behind: &str, frequency: impl Fn(&str) -> u64) -> usize {
    let word = ["里", "中"].into_iter().find(|word| behind.starts_with(word)).map_or(0, str::len);
    if borders(behind, frequency).contains(&word) { word } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_known_by_their_whole_and_their_short_names() {
        let mut known = Known::default();
        for name in ["湖北省", "十堰市", "张湾区", "广西壮族自治区", "沙县", "神农架林区", "碑林区"]
        {
            known.chain(vec![name.to_string()]);
        }
        let in_text = |text: &str| known.places_in(text, |word| ["沙土", "神农架"].contains(&word) as u64);
        assert_eq!(in_text("十堰张湾区2022年"), ["十堰", "张湾区"]);
        assert_eq!(in_text("广西和沙县的沙"), ["广西", "沙县"]);
        assert_eq!(in_text("神农架和碑林"), ["神农架", "碑林"]);
        assert_eq!(in_text("十堰和张湾沙土"), ["十堰", "张湾"]);
    }
}
