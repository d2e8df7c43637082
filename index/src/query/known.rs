//! What the documents of an index are known to be about: places, years, parts. A question is only understood to ask for a
//! place or a year that some document has; otherwise its words are words.

use std::collections::{HashMap, HashSet};

use crate::document::governing;
use crate::fold::fold;
use crate::parse::places;
use crate::query::archive::Description;
use crate::store::record::Head;
use crate::words::borders;

/// Places, years and parts that documents have.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Known {
    /// Names of places, folded, whole and without what they end in: 广东省 and 广东.
    places: HashSet<String>,
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

/// The name of a place without what it ends in, if that is another.
fn short(name: &str) -> Option<&str> {
    Some(places::short(name)).filter(|short| *short != name)
}

/// No name of a place has more characters.
const LONGEST_PLACE: usize = 16;

impl Known {
    /// Takes in the description of a document.
    pub fn add(&mut self, segment: u32, document: u32, head: &Head<'_>) {
        let place = governing(&head.place, head.level).map(String::from).collect();
        self.describe(segment, document, place, head.year, reviewed(head));
    }

    /// Takes in what documents are about that are not here.
    pub fn name(&mut self, description: &Description) {
        let Description { place, year, review_year } = description;
        self.chain(place.clone());
        self.years.extend([*year, looked_back_on(*year, *review_year)].into_iter().flatten());
    }

    /// What is known of documents by their descriptions alone: they are numbered as these are.
    pub fn of(descriptions: &[Description]) -> Known {
        let mut known = Known::default();
        for (at, Description { place, year, review_year }) in descriptions.iter().enumerate() {
            known.describe(0, at as u32, place.clone(), *year, looked_back_on(*year, *review_year));
        }
        known
    }

    fn describe(&mut self, segment: u32, document: u32, place: Vec<String>, year: Option<u16>, reviewed: Option<u16>) {
        let chain = self.chain(place);
        self.years.extend([year, reviewed].into_iter().flatten());
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
            self.places.extend(short(link).map(String::from));
            self.places.insert(link.clone());
        }
        self.chains.push(links);
        self.chain_of.insert(chain, number);
        number
    }

    /// The documents that are preferred most, if any is, each with its segment, ascending.
    pub fn preferred(&self, places: &[String], years: &[u16]) -> Vec<(u32, u32)> {
        let named: Vec<f32> = self.chains.iter().map(|chain| named(chain, places)).collect();
        let preference = |of: &Described| named[of.chain as usize] + of_years(of.year, of.reviewed, years);
        let most = self.documents.iter().map(preference).fold(0.0, f32::max);
        let first = self.documents.iter().filter(|of| most > 0.0 && preference(of) == most);
        first.map(|of| (of.segment, of.document)).collect()
    }

    #[cfg(test)]
    pub fn for_tests() -> Known {
        let places = ["广东省", "广东"].map(String::from).into();
        let of_2025 = Described { segment: 0, document: 0, chain: 0, year: Some(2025), reviewed: Some(2024) };
        Known { places, documents: vec![of_2025], years: [2024, 2025].into(), parts: true, ..Known::default() }
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

    /// The names of places in folded text, the longest at each place, from the left: those that stand between words, as
    /// `frequency` has these cut (see [`borders`]).
    pub fn places_in(&self, text: &str, frequency: impl Fn(&str) -> u64) -> Vec<String> {
        let bounds = || text.char_indices().map(|(at, _)| at).chain([text.len()]);
        let is_place = |start: usize, end: usize| self.places.contains(&text[start..end]);
        let ends = |start: usize| bounds().filter(move |&end| end > start).take(LONGEST_PLACE).collect::<Vec<_>>();
        // most texts name none
        if !bounds().any(|start| ends(start).into_iter().any(|end| is_place(start, end))) {
            return Vec::new();
        }
        let borders = borders(text, frequency);
        let (mut places, mut from) = (Vec::new(), 0);
        for start in bounds().filter(|start| borders.contains(start)) {
            let end = ends(start).into_iter().rev().find(|end| borders.contains(end) && is_place(start, *end));
            if let Some(end) = end.filter(|_| start >= from) {
                places.push(text[start..end].to_string());
                from = end;
            }
        }
        places
    }
}

/// Whom a report is of, folded: its chain of places, or the nation.
pub(crate) fn chain(head: &Head<'_>) -> Vec<String> {
    governing(&head.place, head.level).map(|link| fold(link).text).collect()
}

/// The year that a report looks back on.
pub(crate) fn reviewed(head: &Head<'_>) -> Option<u16> {
    looked_back_on(head.year, head.review_year)
}

fn looked_back_on(year: Option<u16>, review_year: Option<u16>) -> Option<u16> {
    review_year.or(year.map(|year| year.saturating_sub(1)))
}

/// How much a question for these places and years prefers a document: by its places first.
pub(crate) fn preference(head: &Head<'_>, places: &[String], years: &[u16]) -> f32 {
    named(&chain(head), places) + of_years(head.year, reviewed(head), years)
}

fn of_years(own: Option<u16>, reviewed: Option<u16>, asked: &[u16]) -> f32 {
    if own.into_iter().chain(reviewed).any(|year| asked.contains(&year)) { 0.5 } else { 0.0 }
}

/// What is lost for each step from the place that is asked for down to the one that a report is of: a town says little of its
/// province.
const STEP: f32 = 0.1;

/// The share of the places that are asked for that are in a chain, less for what lies further down. All are folded.
pub(crate) fn named(chain: &[String], places: &[String]) -> f32 {
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
            known.places.insert(name.to_string());
            known.places.extend(short(name).map(String::from));
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
