//! What a search can be narrowed by, with how many passages each choice has: a tree of places, years as a histogram, parts
//! of reports, kinds and levels. What is chosen in one of them does not take away its other choices.

use gm_index::{Facet, Facets, Query};
use maud::{Markup, html};

use crate::serve::Server;
use crate::serve::asked::{Narrowing, View};
use crate::serve::problem::Problem;

/// Choices beyond these are behind a fold.
const SHOWN: usize = 8;

/// Height and width of the histogram, in its own units.
const HEIGHT: u64 = 48;
const WIDTH: u64 = 240;

/// The width of a year at most, in the same.
const WIDEST: u64 = 24;

/// The choices of each narrowing.
pub struct Choices {
    place: Vec<Facet>,
    year: Vec<Facet>,
    part: Vec<Facet>,
    kind: Vec<Facet>,
    level: Vec<Facet>,
    /// How many have no value, by narrowing.
    unknown: [u64; 5],
    /// Whether documents are counted, for a search that asks for no text.
    counts_documents: bool,
}

impl Choices {
    pub fn of(server: &Server, view: &View) -> Result<Choices, Problem> {
        let of = |query: &Query| -> Result<Facets, Problem> {
            // known since the last commit
            if *query == Query::everything() {
                return Ok(server.holdings().facets.clone());
            }
            Ok(server.index.facets(query, &server.synonyms)?)
        };
        let mut facets = of(&view.query(None)?)?;
        let counts_documents = view.q.is_empty();
        let total = |facets: &Facets| if counts_documents { facets.documents } else { facets.passages };
        let mut unknown = [total(&facets); 5];
        for (narrowing, chosen) in [
            (Narrowing::Place, &view.place),
            (Narrowing::Year, &view.year),
            (Narrowing::Part, &view.part),
            (Narrowing::Kind, &view.kind),
            (Narrowing::Level, &view.level),
        ] {
            let unknown = &mut unknown[narrowing as usize];
            if !chosen.is_empty() {
                let mut others = of(&view.query(Some(narrowing))?)?;
                *unknown = total(&others);
                std::mem::swap(values(&mut facets, narrowing), values(&mut others, narrowing));
            }
            // a place holds those below it
            let all = values(&mut facets, narrowing).iter();
            let apart = all.filter(|facet| narrowing != Narrowing::Place || !facet.value.contains('/'));
            let known = apart.map(|facet| if counts_documents { facet.documents } else { facet.passages }).sum();
            *unknown = unknown.saturating_sub(known);
        }
        // a document has several parts
        if counts_documents {
            unknown[Narrowing::Part as usize] = 0;
        }
        let Facets { mut place, year, mut part, mut kind, mut level, .. } = facets;
        let links: Vec<&str> = view.place.split('/').filter(|link| !link.is_empty()).collect();
        for end in (1..=links.len()).rev() {
            keep(&mut place, links[..end].join("/"));
        }
        keep(&mut part, view.part.clone());
        keep(&mut kind, view.kind.clone());
        keep(&mut level, view.level.clone());
        Ok(Choices { place, year, part, kind, level, unknown, counts_documents })
    }

    fn count(&self, facet: &Facet) -> u64 {
        if self.counts_documents { facet.documents } else { facet.passages }
    }

    pub fn aside(&self, view: &View) -> Markup {
        html! {
            aside #filters aria-label="筛选" {
                @if view.is_narrowed() {
                    p { a.clear href=(view.link(clear)) { "取消全部筛选" } }
                }
                (self.places(view))
                (self.years(view))
                (self.list("部分", Narrowing::Part, &self.part, &view.part, |value| view.link(|view| view.part = value)))
                (self.list("级别", Narrowing::Level, &self.level, &view.level, |value| view.link(|view| view.level = value)))
                (self.list("文种", Narrowing::Kind, &self.kind, &view.kind, |value| view.link(|view| view.kind = value)))
            }
        }
    }

    /// A list of choices of which one can be chosen, and let go again.
    fn list(
        &self,
        name: &str,
        narrowing: Narrowing,
        choices: &[Facet],
        chosen: &str,
        link: impl Fn(String) -> String,
    ) -> Markup {
        let choice = |facet: &Facet| {
            let is_chosen = facet.value == chosen;
            let href = link(if is_chosen { String::new() } else { facet.value.clone() });
            html! { li { (self.choice(&facet.value, facet, is_chosen, &href)) } }
        };
        let (first, rest) = choices.split_at(choices.len().min(SHOWN));
        html! {
            @if !choices.is_empty() {
                section {
                    h2 { (name) }
                    ul { @for facet in first { (choice(facet)) } }
                    @if !rest.is_empty() {
                        details open[rest.iter().any(|facet| facet.value == chosen)] {
                            summary { "其他 " (rest.len()) " 项" }
                            ul { @for facet in rest { (choice(facet)) } }
                        }
                    }
                    (self.unknown(narrowing))
                }
            }
        }
    }

    fn choice(&self, name: &str, facet: &Facet, is_chosen: bool, href: &str) -> Markup {
        html! {
            a.choice.chosen[is_chosen] href=(href) aria-current=[is_chosen.then_some("true")] {
                span { (name) @if is_chosen { span.off aria-hidden="true" { " ×" } span.hidden { "（取消）" } } }
                @if self.count(facet) > 0 { span.count { (self.count(facet)) } }
            }
        }
    }

    /// How many have no value, so that the counts add up. No filter asks for them.
    fn unknown(&self, narrowing: Narrowing) -> Markup {
        let count = self.unknown[narrowing as usize];
        html! { @if count > 0 { p.choice.faint { "不明 " span.count { (count) } } } }
    }

    /// The places below the chosen one, and the way up from it.
    fn places(&self, view: &View) -> Markup {
        let chosen: Vec<&str> = view.place.split('/').filter(|link| !link.is_empty()).collect();
        html! {
            @if !self.place.is_empty() {
                section {
                    h2 { "地区" }
                    (self.branch(view, &chosen, &[]))
                    (self.unknown(Narrowing::Place))
                }
            }
        }
    }

    /// The places right below `above`, with the branch of the chosen one opened.
    fn branch(&self, view: &View, chosen: &[&str], above: &[&str]) -> Markup {
        let below = self.place.iter().filter(|facet| {
            let mut links = facet.value.split('/');
            above.iter().all(|link| links.next() == Some(link)) && links.next().is_some() && links.next().is_none()
        });
        let mut below: Vec<&Facet> = below.collect();
        below.sort_by(|a, b| self.count(b).cmp(&self.count(a)).then_with(|| a.value.cmp(&b.value)));
        let row = |facet: &Facet| {
            let name = facet.value.rsplit('/').next().unwrap_or_default();
            let is_open = chosen.get(above.len()) == Some(&name);
            // choosing the chosen one again goes one up
            let href = view.link(|view| view.place = if is_open { above.join("/") } else { facet.value.clone() });
            html! {
                li {
                    (self.choice(name, facet, is_open, &href))
                    @if is_open { (self.branch(view, chosen, &chosen[..above.len() + 1])) }
                }
            }
        };
        let open = below.iter().position(|facet| facet.value.rsplit('/').next() == chosen.get(above.len()).copied());
        if let Some(open) = open {
            let facet = below.remove(open);
            below.insert(0, facet);
        }
        let (first, rest) = below.split_at(below.len().min(SHOWN));
        html! {
            @if !first.is_empty() {
                ul.tree { @for facet in first { (row(facet)) } }
                @if !rest.is_empty() {
                    details {
                        summary { "其他 " (rest.len()) " 地" }
                        ul.tree { @for facet in rest { (row(facet)) } }
                    }
                }
            }
        }
    }

    fn years(&self, view: &View) -> Markup {
        let years: Vec<(u64, &Facet)> =
            self.year.iter().filter_map(|facet| Some((facet.value.parse().ok()?, facet))).collect();
        let asked = asked(view);
        // behind the fold it would not be seen
        let is_seen = years.len() <= SHOWN && years.iter().any(|(_, facet)| facet.value == view.year);
        html! {
            @if !years.is_empty() || asked.is_some() {
                section {
                    h2 { "年份" }
                    @if years.len() > 1 { (self.histogram(view, &years)) }
                    @if years.len() > 1 || asked.is_some() { (range(view, &years, asked)) }
                    @if let Some((from, to)) = asked.filter(|_| !is_seen) {
                        @let known = years.iter().find(|(_, facet)| facet.value == view.year).map(|(_, facet)| *facet);
                        @let none = Facet { value: String::new(), passages: 0, documents: 0 };
                        (self.choice(&span(from, to), known.unwrap_or(&none), true, &view.link(|view| view.year.clear())))
                    }
                    (self.unknown(Narrowing::Year))
                    @if !years.is_empty() {
                        details open[years.len() <= SHOWN] {
                            summary { "各年" }
                            ul {
                                @for (_, facet) in years.iter().rev() {
                                    @let is_chosen = facet.value == view.year;
                                    @let href = view.link(|view| view.year = if is_chosen { String::new() } else { facet.value.clone() });
                                    li { (self.choice(&facet.value, facet, is_chosen, &href)) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }

    /// How many each year has, as a picture.
    fn histogram(&self, view: &View, years: &[(u64, &Facet)]) -> Markup {
        let (Some(&(first, _)), Some(&(last, _))) = (years.first(), years.last()) else { return html! {} };
        let most = years.iter().map(|(_, facet)| self.count(facet)).max().unwrap_or(1).max(1);
        let slot = (WIDTH / (last - first + 1).min(WIDTH)).min(WIDEST);
        let is_chosen = |year: u64| view.years().is_some_and(|(from, to)| (from as u64..=to as u64).contains(&year));
        html! {
            svg.years viewBox={ "0 0 " (WIDTH.max(slot * (last - first + 1))) " " (HEIGHT) } preserveAspectRatio="none" role="img"
                aria-label={ (first) "年至" (last) "年的分布" } {
                @for (year, facet) in years {
                    @let height = (self.count(facet) * HEIGHT).div_ceil(most).max(1);
                    rect.chosen[is_chosen(*year)] x=((year - first) * slot) y=(HEIGHT - height)
                        width=(slot.saturating_sub(slot / 5).max(1)) height=(height) {
                        title { (year) "：" (self.count(facet)) }
                    }
                }
            }
        }
    }
}

/// The years that are asked for, as they were written.
fn asked(view: &View) -> Option<(&str, &str)> {
    view.years().map(|_| view.year.split_once("..").unwrap_or((&view.year, &view.year)))
}

/// Both ends of years, for people.
fn span(from: &str, to: &str) -> String {
    match (from, to) {
        (year, end) if year == end => year.to_string(),
        (year, "") => format!("{year} 年起"),
        ("", year) => format!("到 {year} 年"),
        (from, to) => format!("{from}–{to}"),
    }
}

/// Takes a choice away.
type Off = fn(&mut View);

/// What the search is narrowed by, each with a link that takes it away: beside a narrow page's totals the choices are not seen.
pub fn chosen(view: &View) -> Markup {
    let known = |value: &str| Some(value.to_string()).filter(|value| !value.is_empty());
    let all: [(Option<String>, Off); 5] = [
        (known(&view.place.replace('/', " ")), |view| view.place.clear()),
        (asked(view).map(|(from, to)| span(from, to)), |view| view.year.clear()),
        (known(&view.part), |view| view.part.clear()),
        (known(&view.level), |view| view.level.clear()),
        (known(&view.kind), |view| view.kind.clear()),
    ];
    let all: Vec<(String, String)> = all.into_iter().filter_map(|(name, off)| Some((name?, view.link(off)))).collect();
    html! {
        @if !all.is_empty() {
            nav.within aria-label="范围" {
                "范围："
                @for (name, href) in &all {
                    a href=(href) { (name) span.off aria-hidden="true" { " ×" } span.hidden { "（取消）" } }
                }
            }
        }
    }
}

/// The form for a range of years. It takes any: those that have hits are only shown as what can be written.
fn range(view: &View, years: &[(u64, &Facet)], asked: Option<(&str, &str)>) -> Markup {
    let end = |name: &str, about: &str, value: Option<&str>, known: Option<&(u64, &Facet)>| {
        html! {
            input type="text" name=(name) aria-label=(about) inputmode="numeric" pattern="[0-9０-９]{4}" maxlength="4" title="四位数的年份"
                placeholder=[known.map(|(year, _)| year)] value=[value.filter(|value| !value.is_empty())];
        }
    };
    html! {
        form.range action="/" method="get" {
            @for (name, value) in view.fields() {
                @if !matches!(name, "year" | "page") { input type="hidden" name=(name) value=(value); }
            }
            (end("from", "起始年份", asked.map(|(from, _)| from), years.first()))
            "–"
            (end("to", "终止年份", asked.map(|(_, to)| to), years.last()))
            button type="submit" { "限定" }
        }
    }
}

fn values(facets: &mut Facets, narrowing: Narrowing) -> &mut Vec<Facet> {
    match narrowing {
        Narrowing::Place => &mut facets.place,
        Narrowing::Year => &mut facets.year,
        Narrowing::Part => &mut facets.part,
        Narrowing::Kind => &mut facets.kind,
        Narrowing::Level => &mut facets.level,
    }
}

/// Puts what is chosen among the choices though it has no hits, so that it can be let go.
fn keep(choices: &mut Vec<Facet>, value: String) {
    if !value.is_empty() && choices.iter().all(|facet| facet.value != value) {
        choices.insert(0, Facet { value, passages: 0, documents: 0 });
    }
}

/// Takes away all that narrows.
pub fn clear(view: &mut View) {
    for value in [&mut view.place, &mut view.year, &mut view.part, &mut view.kind, &mut view.level] {
        value.clear();
    }
}
