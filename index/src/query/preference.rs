//! What a question prefers documents by: whose they are, what they are called, who gave them, and the year that they speak of.

use crate::document::{Role, governing};
use crate::fold::fold;
use crate::parse::places;
use crate::query::names::called;
use crate::query::synonyms::Synonyms;
use crate::query::{Filter, Query, one_or};
use crate::store::record::Head;

/// What a question prefers documents by, folded.
#[derive(Clone, Debug, Default)]
pub(crate) struct Preference {
    pub places: Vec<String>,
    /// What they are called, as [`called`] has it.
    pub titles: Vec<String>,
    /// Who gave them.
    pub speakers: Vec<String>,
    pub years: Vec<u16>,
}

impl Preference {
    pub fn is_empty(&self) -> bool {
        self.places.is_empty() && self.titles.is_empty() && self.speakers.is_empty() && self.years.is_empty()
    }

    /// How much a document is preferred: by its year last.
    pub fn of(&self, head: &Head<'_>) -> f32 {
        let own = self.place_of(head) + self.title_of(head) + self.speaker_of(head);
        own + of_years(head.year, reviewed(head), &self.years)
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

    /// 1 if one of those who are asked for gave a document, else 0.
    pub fn speaker_of(&self, head: &Head<'_>) -> f32 {
        let is_asked = |speaker: &str| self.speakers.contains(&fold(speaker).text);
        (!self.speakers.is_empty() && head.speaker.is_some_and(is_asked)) as u8 as f32
    }

    /// What all that is preferred wants of a passage; `share_a_chain` tells whether some document is of all the places.
    pub fn wanted(&self, synonyms: &Synonyms, share_a_chain: bool) -> Vec<Query> {
        // it is named by the passage, or by what is known of the document
        let named = |names: &[String], filter: fn(String) -> Filter| {
            let either =
                |name: &String| Query::Or(vec![Query::Phrase(name.clone()), Query::Filter(filter(name.clone()))]);
            names.iter().map(either).collect::<Vec<_>>()
        };
        let places = named(&self.places, Filter::Place);
        let mut all = Vec::new();
        match share_a_chain {
            true => all.extend(places),
            // 江苏与浙江的港口 are of either
            false => all.extend(one_or(places, Query::Or)),
        }
        // one of several is enough
        all.extend(one_or(named(&self.titles, Filter::Title), Query::Or));
        all.extend(one_or(named(&self.speakers, Filter::Speaker), Query::Or));
        // a report looks back on the year before it in some of its parts
        let of_year = |&year: &u16| {
            let mut any = synonyms.names_of(&format!("{year}年"));
            any.push(Query::Filter(Filter::Year(year..=year)));
            let back = [Role::Review, Role::Problems].map(|role| Query::Filter(Filter::Part(role)));
            any.push(Query::And(vec![Query::Filter(Filter::Year(year + 1..=year + 1)), Query::Or(back.to_vec())]));
            any
        };
        let of_years: Vec<Query> = self.years.iter().flat_map(of_year).collect();
        if !of_years.is_empty() {
            all.push(Query::Or(of_years));
        }
        all
    }

    /// The filters that leave nothing but what is preferred.
    pub fn filters(&self) -> Vec<Query> {
        let any = |names: &[String], filter: fn(String) -> Filter| {
            one_or(names.iter().cloned().map(filter).map(Query::Filter).collect(), Query::Or)
        };
        let mut all: Vec<Query> = self.places.iter().cloned().map(Filter::Place).map(Query::Filter).collect();
        all.extend(any(&self.titles, Filter::Title));
        all.extend(any(&self.speakers, Filter::Speaker));
        let years = self.years.iter().min().zip(self.years.iter().max());
        // a report looks back on the year before it
        all.extend(years.map(|(first, last)| Query::Filter(Filter::Year(*first..=last + 1))));
        all
    }

    /// What is preferred, as people are told it.
    pub fn understood(&self) -> Vec<String> {
        let names = [("place", &self.places), ("title", &self.titles), ("speaker", &self.speakers)];
        let preferred =
            names.iter().flat_map(|(field, names)| names.iter().map(move |name| format!("prefers {field}:{name}")));
        preferred.chain(self.years.iter().map(|year| format!("prefers what is said of year:{year}"))).collect()
    }
}

/// How much of a document's own title, which has so many characters, one of its titles is.
pub(crate) fn share_of(title: &str, length: usize) -> f32 {
    (title.chars().count() as f32 / length as f32).min(1.0)
}

/// What a document is called.
pub(crate) fn titles(head: &Head<'_>) -> Vec<String> {
    head.kind.map(|kind| called(&head.title(), kind, &head.place)).unwrap_or_default()
}

/// Whom a report is of, folded: its chain of places, or the nation.
fn chain(head: &Head<'_>) -> Vec<String> {
    governing(&head.place, head.level).map(|link| fold(link).text).collect()
}

/// The year that a report looks back on.
pub(crate) fn reviewed(head: &Head<'_>) -> Option<u16> {
    looked_back_on(head.year, head.review_year)
}

pub(crate) fn looked_back_on(year: Option<u16>, review_year: Option<u16>) -> Option<u16> {
    review_year.or(year.map(|year| year.saturating_sub(1)))
}

pub(crate) fn of_years(own: Option<u16>, reviewed: Option<u16>, asked: &[u16]) -> f32 {
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
pub(crate) fn depth(chain: &[String], place: &str) -> Option<usize> {
    chain.iter().rev().position(|link| link == place || short(link) == Some(place))
}

/// The name of a place without what it ends in, if that is another.
pub(crate) fn short(name: &str) -> Option<&str> {
    Some(places::short(name)).filter(|short| *short != name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_shared_less_further_down() {
        let share = |places: &[&str]| {
            let places: Vec<String> = places.iter().map(|place| place.to_string()).collect();
            named(&["湖北省".to_string(), "沙县".to_string()], &places)
        };
        assert_eq!([share(&["沙县"]), share(&["沙县", "湖南"]), share(&["沙"])], [1.0, 0.5, 0.0]);
        assert_eq!(share(&["湖北"]), 1.0 - STEP, "what a county says of its province is less");
    }
}
