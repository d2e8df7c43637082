//! The state of the page: what its address says. Every link is made by changing one thing of it, so that an address keeps the
//! whole of a search and can be sent to a colleague.

use gm_index::{Filter, Level, Query, Role, fold};
use serde::Deserialize;

use super::answers;
use super::problem::Problem;
use crate::cli::Sort;

/// Pages beyond are not given: who wants them all wants the command line.
pub const LAST_PAGE: usize = 500;

/// What the page is asked for. Values that the page does not know count as absent: an address may have come a long way.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct View {
    pub q: String,
    /// A place chain, joined with `/`.
    pub place: String,
    /// A year, or a range `2020..2025`.
    pub year: String,
    /// Both ends of a range, as the form sends them.
    pub from: String,
    pub to: String,
    pub part: String,
    pub kind: String,
    pub level: String,
    /// `date` or `place`; anything else is relevance. In the concordance `left` or `right`.
    pub sort: String,
    /// From 1.
    pub page: String,
    /// `kwic` or `trend`; anything else is the passages.
    pub tab: String,
    /// `1` to see passages with some of the words too.
    pub weaker: String,
    /// More queries to compare with, in the trend.
    pub with: String,
}

/// What the page shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tab {
    Passages,
    Kwic,
    Trend,
}

impl Tab {
    pub const ALL: [(Tab, &'static str, &'static str); 3] =
        [(Tab::Passages, "", "段落"), (Tab::Kwic, "kwic", "上下文"), (Tab::Trend, "trend", "走势")];
}

/// A thing that a search is narrowed by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Narrowing {
    Place,
    Year,
    Part,
    Kind,
    Level,
}

impl View {
    /// Puts the form's two years into one, and takes away blanks.
    pub fn tidied(mut self) -> Self {
        self.q = self.q.trim().to_string();
        let is_year = |text: &str| text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit());
        // digits of full width are digits
        let [from, to] = [&self.from, &self.to].map(|year| fold(year.trim()).text);
        let (from, to) = (from.as_str(), to.as_str());
        self.year = match (is_year(from), is_year(to)) {
            (true, true) if from == to => from.to_string(),
            (true, true) if from > to => format!("{to}..{from}"),
            (true, true) => format!("{from}..{to}"),
            (true, false) => format!("{from}.."),
            (false, true) => format!("..{to}"),
            (false, false) => std::mem::take(&mut self.year),
        };
        (self.from, self.to) = (String::new(), String::new());
        // what is no value narrows nothing
        match self.years() {
            Some((from, to)) if from > to => self.year = format!("{to}..{from}"),
            Some(_) => {}
            None => self.year.clear(),
        }
        if !Role::ALL.iter().any(|role| role.name() == self.part) {
            self.part.clear();
        }
        if Level::named(&self.level).is_none() {
            self.level.clear();
        }
        self.place = self.place.split('/').map(str::trim).filter(|link| !link.is_empty()).collect::<Vec<_>>().join("/");
        self
    }

    pub fn tab(&self) -> Tab {
        Tab::ALL.into_iter().find(|(_, name, _)| *name == self.tab).map_or(Tab::Passages, |(tab, ..)| tab)
    }

    pub fn order(&self) -> Sort {
        match self.sort.as_str() {
            "date" => Sort::Date,
            "place" => Sort::Place,
            _ => Sort::Relevance,
        }
    }

    /// The page's number, from 1.
    pub fn number(&self) -> usize {
        self.page.parse().unwrap_or(1).clamp(1, LAST_PAGE)
    }

    pub fn is_narrowed(&self) -> bool {
        [&self.place, &self.year, &self.part, &self.kind, &self.level].iter().any(|value| !value.is_empty())
    }

    /// The years that it asks for, both ends.
    pub fn years(&self) -> Option<(u16, u16)> {
        let (from, to) = self.year.split_once("..").unwrap_or((&self.year, &self.year));
        let end = |text: &str, open| if text.is_empty() { Some(open) } else { text.parse().ok() };
        (!self.year.is_empty()).then_some((end(from, 0)?, end(to, 9999)?))
    }

    /// What it is narrowed by, but for one thing if that is given.
    pub fn filters(&self, without: Option<Narrowing>) -> Vec<Query> {
        let mut filters: Vec<Filter> = Vec::new();
        let wants = |narrowing| without != Some(narrowing);
        if wants(Narrowing::Place) {
            filters
                .extend(Some(&self.place).filter(|place| !place.is_empty()).map(|place| Filter::Place(place.clone())));
        }
        if wants(Narrowing::Year) {
            filters.extend(self.years().map(|(from, to)| Filter::Year(from..=to)));
        }
        if wants(Narrowing::Part) {
            filters.extend(Role::ALL.into_iter().find(|role| role.name() == self.part).map(Filter::Part));
        }
        if wants(Narrowing::Kind) {
            filters.extend(Some(&self.kind).filter(|kind| !kind.is_empty()).map(|kind| Filter::Kind(kind.clone())));
        }
        if wants(Narrowing::Level) {
            filters.extend(Level::named(&self.level).map(Filter::Level));
        }
        filters.into_iter().map(Query::Filter).collect()
    }

    /// The whole query: what was typed and what it is narrowed by, but for one thing if the others' counts are wanted.
    pub fn query(&self, without: Option<Narrowing>) -> Result<Query, Problem> {
        let filters = self.filters(without);
        if self.q.is_empty() {
            return Ok(Query::And(filters));
        }
        let typed = answers::parse(&self.q)?;
        Ok(match (typed, filters.is_empty()) {
            (typed, true) => typed,
            (Query::And(parts), _) => Query::And(parts.into_iter().chain(filters).collect()),
            (typed, _) => Query::And([typed].into_iter().chain(filters).collect()),
        })
    }

    /// The fields that say something, in the order of the address.
    pub fn fields(&self) -> Vec<(&'static str, &str)> {
        let fields = [
            ("q", &self.q),
            ("place", &self.place),
            ("year", &self.year),
            ("part", &self.part),
            ("kind", &self.kind),
            ("level", &self.level),
            ("sort", &self.sort),
            ("tab", &self.tab),
            ("with", &self.with),
            ("weaker", &self.weaker),
            ("page", &self.page),
        ];
        fields.into_iter().map(|(name, value)| (name, value.as_str())).filter(|(_, value)| !value.is_empty()).collect()
    }

    /// The address of the same search with something changed. It begins on its first page, unless that is what changes.
    pub fn link(&self, change: impl FnOnce(&mut View)) -> String {
        let mut view = self.clone();
        view.page = String::new();
        change(&mut view);
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(view.fields()).finish();
        if query.is_empty() { "/".to_string() } else { format!("/?{query}") }
    }

    /// The address of a document with this search's words marked in it, or of a place there: `p` and the number of a passage,
    /// or `l` and a line.
    pub fn document(&self, id: &str, place: Option<&str>) -> String {
        let fields = self.fields();
        let query = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let query = if query.is_empty() { query } else { format!("?{query}") };
        let fragment = place.map_or(String::new(), |place| format!("#{place}"));
        format!("/d/{}{query}{fragment}", encoded(id))
    }
}

/// The id of a document as a part of an address.
pub fn encoded(id: &str) -> String {
    form_urlencoded::byte_serialize(id.as_bytes()).collect::<String>().replace('+', "%20")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_link_keeps_the_search_and_encodes_all_signs() {
        let view = View { q: "“三资” a&b<".into(), year: "2020..".into(), page: "3".into(), ..View::default() };
        assert_eq!(
            view.link(|view| view.part = "任务".into()),
            "/?q=%E2%80%9C%E4%B8%89%E8%B5%84%E2%80%9D+a%26b%3C&year=2020..&part=%E4%BB%BB%E5%8A%A1"
        );
        assert_eq!(View::default().link(|_| ()), "/");
        assert_eq!(View::default().document("a/b c?", Some("p4")), "/d/a%2Fb%20c%3F#p4");
    }

    #[test]
    fn the_form_s_years_are_a_range_in_order() {
        let year = |from: &str, to: &str| View { from: from.into(), to: to.into(), ..View::default() }.tidied().year;
        assert_eq!(
            [
                year("2020", "2025"),
                year("2025", "2020"),
                year("2020", ""),
                year("", "2020"),
                year("x", ""),
                year("２０２０", "2025")
            ],
            ["2020..2025", "2020..2025", "2020..", "..2020", "", "2020..2025"]
        );
    }

    #[test]
    fn what_is_unknown_counts_as_absent() {
        let view =
            View { q: "典型村".into(), part: "<b>".into(), year: "x".into(), page: "-1".into(), ..View::default() };
        let view = View { place: "/".into(), level: "村".into(), ..view }.tidied();
        assert!(!view.is_narrowed());
        assert_eq!((view.query(None).unwrap().to_string(), view.number()), ("典型村".to_string(), 1));
        let turned = View { year: "2025..2020".into(), place: "湛江市/遂溪县/".into(), ..View::default() }.tidied();
        assert_eq!(turned.query(None).unwrap().to_string(), "place:\"湛江市/遂溪县\" year:2020..2025");
    }
}
