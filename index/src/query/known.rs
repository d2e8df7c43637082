//! What the documents of an index are known to be about: places, years, parts; and what they are called. A question is only
//! understood to ask for what some document has; otherwise its words are words.

use std::collections::{HashMap, HashSet};

use crate::document::governing;
use crate::fold::fold;
use crate::fold::folded::Folded;
use crate::parse::places;
use crate::query::archive::Description;
use crate::query::names::{Names, called};
use crate::store::record::Head;
use crate::words::borders;

/// Places, titles, years and parts that documents have.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Known {
    /// Whole and without what they end in: 广东省 and 广东.
    places: Names<()>,
    /// What documents are called, each with the ones that are called so; see [`called`].
    titles: Names<Vec<Titled>>,
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

/// The name of a place without what it ends in, if that is another.
fn short(name: &str) -> Option<&str> {
    Some(places::short(name)).filter(|short| *short != name)
}

impl Known {
    /// Takes in the description of a document.
    pub fn add(&mut self, segment: u32, document: u32, head: &Head<'_>) {
        self.describe(segment, document, described(head));
    }

    /// Takes in what documents are about that are not here.
    pub fn name(&mut self, description: Description) {
        let Description { place, year, review_year, titles } = description;
        self.chain(place);
        self.years.extend([year, looked_back_on(year, review_year)].into_iter().flatten());
        titles.iter().for_each(|title| {
            self.titles.entry(title);
        });
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
        let Description { place, year, review_year, titles } = description;
        let (chain, reviewed) = (self.chain(place), looked_back_on(year, review_year));
        self.years.extend([year, reviewed].into_iter().flatten());
        let length = titles.first().map_or(0, |own| own.chars().count());
        let titled = Titled { document: self.documents.len() as u32, length };
        titles.iter().for_each(|title| self.titles.entry(title).push(titled));
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
        let mut titled = HashMap::new();
        for (title, of) in
            by.titles.iter().flat_map(|title| self.titles.get(title).into_iter().flatten().map(move |of| (title, of)))
        {
            *titled.entry(of.document).or_insert(0.0) += share_of(title, of.length) / by.titles.len() as f32;
        }
        let preference = |(at, of): (usize, &Described)| {
            let titled = titled.get(&(at as u32)).copied().unwrap_or(0.0);
            named[of.chain as usize] + titled + of_years(of.year, of.reviewed, &by.years)
        };
        let most = self.documents.iter().enumerate().map(preference).fold(0.0, f32::max);
        let first = self.documents.iter().enumerate().filter(|of| most > 0.0 && preference(*of) == most);
        first.map(|(_, of)| (of.segment, of.document)).collect()
    }

    #[cfg(test)]
    pub fn for_tests() -> Known {
        let mut known = Known { parts: true, ..Known::default() };
        let place = vec!["广东省".to_string()];
        known.describe(0, 0, Description { place, year: Some(2025), ..Description::default() });
        let titles =
            ["中华人民共和国港口法", "广东省港口管理条例（试行）"].map(|title| called(title, "法", &["广东省"]));
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
        let places = self.places.in_text(stretch, || borders(stretch, frequency));
        places.into_iter().map(|at| stretch[at].to_string()).collect()
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

/// What a question prefers documents by, folded.
#[derive(Clone, Debug, Default)]
pub(crate) struct Preference {
    pub places: Vec<String>,
    /// What they are called, as [`called`] has it.
    pub titles: Vec<String>,
    pub years: Vec<u16>,
}

impl Preference {
    pub fn is_empty(&self) -> bool {
        self.places.is_empty() && self.titles.is_empty() && self.years.is_empty()
    }

    /// How much a document is preferred: by its place and title first.
    pub fn of(&self, head: &Head<'_>) -> f32 {
        self.place_of(head) + self.title_of(head) + of_years(head.year, reviewed(head), &self.years)
    }

    /// The share of the places that a document's are, from 0 to 1.
    pub fn place_of(&self, head: &Head<'_>) -> f32 {
        if self.places.is_empty() { 0.0 } else { named(&chain(head), &self.places) }
    }

    /// The share of the titles that a document has, from 0 to 1, less where they name only what it shares with others.
    pub fn title_of(&self, head: &Head<'_>) -> f32 {
        if self.titles.is_empty() {
            return 0.0;
        }
        let own = titles(head);
        let length = own.first().map_or(0, |own| own.chars().count());
        let shares = self.titles.iter().filter(|title| own.contains(title)).map(|title| share_of(title, length));
        shares.sum::<f32>() / self.titles.len() as f32
    }
}

/// How much of a document's own title, which has so many characters, one of its titles is.
fn share_of(title: &str, length: usize) -> f32 {
    (title.chars().count() as f32 / length as f32).min(1.0)
}

/// What a document is called.
fn titles(head: &Head<'_>) -> Vec<String> {
    head.kind.map(|kind| called(&head.title(), kind, &head.place)).unwrap_or_default()
}

fn described(head: &Head<'_>) -> Description {
    let place = governing(&head.place, head.level).map(String::from).collect();
    Description { place, year: head.year, review_year: head.review_year, titles: titles(head) }
}

/// How many bytes say that what stands before is meant as a place: 在港口法里规定.
fn within(behind: &str, frequency: impl Fn(&str) -> u64) -> usize {
    let word = ["里", "中"].into_iter().find(|word| behind.starts_with(word)).map_or(0, str::len);
    if borders(behind, frequency).contains(&word) { word } else { 0 }
}

/// Whom a report is of, folded: its chain of places, or the nation.
fn chain(head: &Head<'_>) -> Vec<String> {
    governing(&head.place, head.level).map(|link| fold(link).text).collect()
}

/// The year that a report looks back on.
pub(crate) fn reviewed(head: &Head<'_>) -> Option<u16> {
    looked_back_on(head.year, head.review_year)
}

fn looked_back_on(year: Option<u16>, review_year: Option<u16>) -> Option<u16> {
    review_year.or(year.map(|year| year.saturating_sub(1)))
}

fn of_years(own: Option<u16>, reviewed: Option<u16>, asked: &[u16]) -> f32 {
    if own.into_iter().chain(reviewed).any(|year| asked.contains(&year)) { 0.5 } else { 0.0 }
}

/// What is lost for each step from the place that is asked for down to the one that a report is of: a town says little of its
/// province.
const STEP: f32 = 0.1;

/// The share of the places that are asked for that are in a chain, less for what lies further down. All are folded.
fn named(chain: &[String], places: &[String]) -> f32 {
    let value = |place: &String| depth(chain, place).map(|depth| (1.0 - STEP * depth as f32).max(0.0));
    places.iter().filter_map(value).sum::<f32>() / places.len().max(1) as f32
}

/// How many links of a chain lie below a place, given by the whole name of a link or without what that ends in.
fn depth(chain: &[String], place: &str) -> Option<usize> {
    chain.iter().rev().position(|link| link == place || short(link) == Some(place))
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
        let share = |places: &[&str]| {
            let places: Vec<String> = places.iter().map(|place| place.to_string()).collect();
            named(&["湖北省".to_string(), "沙县".to_string()], &places)
        };
        assert_eq!([share(&["沙县"]), share(&["沙县", "湖南"]), share(&["沙"])], [1.0, 0.5, 0.0]);
        assert_eq!(share(&["湖北"]), 1.0 - STEP, "what a county says of its province is less");
    }
}
