//! The other two ways to look at a search: every occurrence in its context, and how often it stands in each year's text.

use gm_index::{Counts, Dimension, Filter, Query};
use maud::{Markup, html};

use super::{ROWS, hits};
use crate::serve::Server;
use crate::serve::asked::View;
use crate::serve::problem::Problem;

/// Characters of context on either side.
const WIDTH: usize = 18;

/// Most queries in one picture.
const MOST_QUERIES: usize = 6;

pub fn kwic(server: &Server, view: &View) -> Result<Markup, Problem> {
    let query = view.query(None)?;
    let skip = (view.number() - 1) * ROWS;
    let (rows, total) = match view.sort.as_str() {
        "left" | "right" => {
            let (mut rows, total) = server.index.concordance_from(&query, WIDTH, 0, usize::MAX)?;
            match view.sort.as_str() {
                "left" => rows.sort_by_cached_key(|row| row.left.chars().rev().collect::<String>()),
                _ => rows.sort_by(|a, b| a.right.cmp(&b.right)),
            }
            (rows.into_iter().skip(skip).take(ROWS).collect(), total)
        }
        _ => server.index.concordance_from(&query, WIDTH, skip, ROWS)?,
    };
    let has_more = skip + rows.len() < total;
    let order = [("", "文件"), ("left", "前文"), ("right", "后文")];
    Ok(html! {
        h1.totals { @if total == 0 { "没有“" (view.q) "”逐字出现之处" } @else { (total) " 处" } }
        @if total > 0 {
            nav.order aria-label="排序" {
                @for (name, label) in order {
                    a href=(view.link(|view| view.sort = name.into())) aria-current=[(name == view.sort).then_some("true")] { (label) }
                }
            }
            table.kwic {
                caption.hidden { "每处的上下文" }
                thead.hidden { tr { th scope="col" { "前文" } th scope="col" { "词" } th scope="col" { "后文" } th scope="col" { "出处" } } }
                tbody {
                    @for row in &rows {
                        tr {
                            td.left { (row.left) }
                            td.found { mark { (row.found) } }
                            td.right { (row.right) }
                            td.where { a href=(view.document(&row.document, None)) { (short(&row.place, row.year, &row.source)) } }
                        }
                    }
                }
            }
            (hits::pages(view, has_more))
        }
    })
}

/// Where an occurrence is from, in few characters: the smallest place and the year, or the name of the file.
fn short(place: &str, year: Option<u16>, source: &str) -> String {
    let place = place.rsplit('/').next().unwrap_or_default();
    let file = source.rsplit('/').next().unwrap_or(source);
    match (place.is_empty(), year) {
        (false, Some(year)) => format!("{place} {year}"),
        (false, None) => place.to_string(),
        (true, _) => file.trim_end_matches(".txt").to_string(),
    }
}

/// The queries that the picture shows: the search itself, and those to compare with.
fn queries(view: &View) -> Vec<String> {
    let more = view.with.split([',', '，', '、', ' ']).map(str::trim).filter(|query| !query.is_empty());
    [view.q.as_str()].into_iter().chain(more).take(MOST_QUERIES).map(String::from).collect()
}

pub fn trend(server: &Server, view: &View) -> Result<Markup, Problem> {
    let mut trends = Vec::new();
    let mut is_whole = true;
    for text in queries(view) {
        let query = view.narrowed(&text, None)?;
        is_whole &= !is_narrowed(&query);
        trends.push(Counts { query: text, ..server.index.count(&query, &[Dimension::Year])? });
    }
    // what has no year is in no trend
    let wanted = view.years().unwrap_or((0, u16::MAX));
    let is_shown = |year: Option<u16>| year.is_some_and(|year| (wanted.0..=wanted.1).contains(&year));
    trends.iter_mut().for_each(|trend| trend.groups.retain(|group| is_shown(group.year.flatten())));
    let is_empty = trends.iter().all(|trend| trend.occurrences == 0);
    Ok(html! {
        h1.totals {
            @if is_empty { "没有“" (view.q) "”逐字出现之处" } @else if is_whole { "每万字出现几次" } @else { "出现几次" }
        }
        form.compare action="/" method="get" {
            @for (name, value) in view.fields() {
                @if !matches!(name, "with" | "page") { input type="hidden" name=(name) value=(value); }
            }
            label { "对比 " input type="text" name="with" value=(view.with) placeholder="其他词，用逗号隔开"; }
            button type="submit" { "比较" }
        }
        @if !is_empty { (table(view, &trends, is_whole)) }
    })
}

/// Whether a query asks for some of a year's text only: then the whole of it is no measure.
fn is_narrowed(query: &Query) -> bool {
    match query {
        Query::Filter(Filter::Year(_)) => false,
        Query::Filter(_) => true,
        Query::And(parts) | Query::Or(parts) => parts.iter().any(is_narrowed),
        Query::Not(part) | Query::Within(_, part) => is_narrowed(part),
        _ => false,
    }
}

/// The figures behind the picture.
fn table(view: &View, trends: &[Counts], is_whole: bool) -> Markup {
    html! {
        div.scroll tabindex="0" role="region" aria-label="各年的次数" {
            table.figures {
                thead {
                    tr {
                        th scope="col" { "年份" }
                        @for trend in trends { th scope="col" { (trend.query) } @if is_whole { th scope="col" { "每万字" } } }
                        th scope="col" { "当年全部字数" }
                    }
                }
                tbody {
                    @for (at, group) in trends[0].groups.iter().enumerate().rev() {
                        @let year = group.year.flatten().unwrap_or_default().to_string();
                        tr {
                            th scope="row" { a href=(view.link(|view| (view.year, view.tab) = (year.clone(), String::new()))) { (year) } }
                            @for trend in trends {
                                td { (trend.groups[at].occurrences) }
                                @if is_whole { td.faint { (rate(trend.groups[at].occurrences, trend.groups[at].chars)) } }
                            }
                            td.faint { (group.chars) }
                        }
                    }
                }
            }
        }
    }
}

/// Occurrences in 10,000 characters, with one digit behind the point.
fn rate(occurrences: u64, chars: u64) -> String {
    format!("{:.1}", occurrences as f64 * 1e4 / chars.max(1) as f64)
}
