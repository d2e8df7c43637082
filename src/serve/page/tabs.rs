//! The other two ways to look at a search: every occurrence in its context, and how often it stands in each year's text.

use std::collections::BTreeSet;

use gm_index::Query;
use maud::{Markup, PreEscaped, html};

use super::{ROWS, hits};
use crate::answer::trend::{Trend, Trends, Year};
use crate::cli::{KwicSort, Per};
use crate::plot::{self, Series};
use crate::serve::asked::{LAST_PAGE, View};
use crate::serve::problem::Problem;
use crate::serve::{Server, answers};

/// Characters of context on either side, so that a row fits a line; a match that is longer is put into several.
const WIDTH: usize = 16;

pub fn kwic(server: &Server, view: &View) -> Result<Markup, Problem> {
    let query = view.query(None)?;
    let skip = (view.number() - 1) * ROWS;
    let by = match view.sort.as_str() {
        "left" => KwicSort::Left,
        "right" => KwicSort::Right,
        _ => KwicSort::Document,
    };
    let (rows, total) = answers::rows(&server.index, &query, WIDTH, by, skip, ROWS)?;
    let has_more = skip + rows.len() < total;
    let order = [("", "文件"), ("left", "前文"), ("right", "后文")];
    Ok(html! {
        @if total == 0 { (none(server, view, &query)?) } @else { h1.totals { (total) " 处" } }
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
                            td.found.long[row.found.chars().count() > WIDTH] { mark { (row.found) } }
                            td.right { (row.right) }
                            td.where { a href=(view.document(&row.document, Some(&format!("l{}", row.line)))) { (short(row.place.as_deref(), row.year, &row.source)) } }
                        }
                    }
                }
            }
            @if rows.is_empty() { (hits::beyond(view, total.div_ceil(ROWS).min(LAST_PAGE))) } @else { (hits::pages(view, has_more)) }
        }
    })
}

/// Why there is no occurrence to tell of, and what there is instead.
fn none(server: &Server, view: &View, query: &Query) -> Result<Markup, Problem> {
    Ok(match query.has_text() {
        true => html! { h1.totals { "没有“" (view.q) "”逐字出现之处" } (hits::instead(server, view, query)?) },
        false => html! { h1.totals { "“" (view.q) "”只有范围或排除，没有可逐处列出、计数的词" } },
    })
}

/// Where an occurrence is from, in few characters: the smallest place and the year, or the name of the file.
fn short(place: Option<&str>, year: Option<u16>, source: &str) -> String {
    let place = place.and_then(|place| place.rsplit('/').next());
    let file = source.rsplit('/').next().unwrap_or(source);
    match (place, year) {
        (Some(place), Some(year)) => format!("{place} {year}"),
        (Some(place), None) => place.to_string(),
        (None, _) => file.trim_end_matches(".txt").to_string(),
    }
}

pub fn trend(server: &Server, view: &View) -> Result<Markup, Problem> {
    let texts: Vec<&str> = [view.q.as_str()].into_iter().chain(answers::listed(&view.with)).collect();
    // with a filter among its words the whole of a year's text is no measure
    let has_filter = |query: Query| query.any(&mut |part| matches!(part, Query::Filter(_)));
    let is_rate = !texts.iter().any(|text| answers::parse(text).is_ok_and(has_filter));
    let filters = view.filters(None);
    let within = (!filters.is_empty()).then_some(Query::And(filters));
    let size = if within.is_some() { "范围内字数" } else { "当年字数" };
    let trends = answers::trends(&server.index, &texts, None, within, is_rate.then_some(Per::TenThousand))?;
    let is_empty = trends.series.iter().all(|trend| trend.occurrences == 0);
    let unit = if is_rate { "每万字出现次数" } else { "出现次数" };
    let value = |year: &Year| if is_rate { year.per_10k_chars } else { year.occurrences as f64 };
    let series = trends.series.iter().map(|trend| Series {
        name: trend.name.clone(),
        values: trend.years.iter().map(|year| (year.year, value(year))).collect(),
        hollow: trend.thin(),
    });
    Ok(html! {
        @if is_empty { (none(server, view, &view.query(None)?)?) } @else { h1.totals { (unit) } }
        (compare(view))
        @if !is_empty {
            div.scroll tabindex="0" role="region" aria-label="走势图" {
                // plotters escapes what it writes; the test of hostile queries holds it to that
                div.trend role="img" aria-label={ (unit) "，各年数字见下表" } {
                    (PreEscaped(plot::svg(&texts.join("、"), unit, &series.collect::<Vec<_>>())))
                }
            }
            @if !trends.thin().is_empty() {
                p.faint { "空心的点：" (named(&trends.thin())) "，文字不到中间一年（中位数）的十分之一，数字说明不了多少。" }
            }
            (table(view, &trends, is_rate, size))
            (several(&trends.with_several()))
            @for trend in trends.series.iter().filter(|trend| trend.without_year > 0) {
                p.faint { "“" (trend.name) "”另有 " (trend.without_year) " 处在年份不明的文件里，不在图表中。" }
            }
        }
    })
}

/// So many years are named.
const FEW: usize = 5;

/// Years as they are named: the last of many.
fn named(years: &[u16]) -> String {
    let named: Vec<String> = years.iter().rev().take(FEW).map(u16::to_string).collect();
    let more = if years.len() > FEW { format!(" 等 {} 个年份", years.len()) } else { " 年".to_string() };
    format!("{}{more}", named.join("、"))
}

/// That documents of one place and year are each counted.
fn several(years: &[u16]) -> Markup {
    html! {
        @if !years.is_empty() {
            p.faint { (named(years)) "，有的地方不止一份文件（可能是同一份的副本），每份都计入次数和字数。" }
        }
    }
}

/// The box for what the search is compared with.
pub fn compare(view: &View) -> Markup {
    html! {
        form.compare action="/" method="get" {
            @for (name, value) in view.fields() {
                @if !matches!(name, "with" | "page") { input type="hidden" name=(name) value=(value); }
            }
            label { "对比 " input type="text" name="with" value=(view.with) placeholder="其他词，用逗号隔开"; }
            button type="submit" { "比较" }
        }
    }
}

/// The figures behind the picture; `size` names the last of them. The sizes of the years are left out where the filters of some
/// word make them its own.
fn table(view: &View, trends: &Trends, is_rate: bool, size: &str) -> Markup {
    let Some((first, others)) = trends.series.split_first() else { return html! {} };
    let sizes =
        |trend: &Trend| -> Vec<_> { trend.years.iter().map(|year| (year.year, year.documents, year.chars)).collect() };
    let has_sizes = others.iter().all(|other| sizes(other) == sizes(first));
    let numbers: BTreeSet<u16> = trends.series.iter().flat_map(|one| &one.years).map(|year| year.year).collect();
    let of = |trend: &Trend, number: u16| trend.years.iter().position(|year| year.year == number);
    html! {
        div.scroll tabindex="0" role="region" aria-label="各年的次数" {
            table.figures {
                thead {
                    tr {
                        th scope="col" { "年份" }
                        @for trend in &trends.series { th scope="col" { (trend.name) } @if is_rate { th scope="col" { "每万字" } } }
                        @if has_sizes { th scope="col" { "份数" } th scope="col" { (size) } }
                    }
                }
                tbody {
                    @for year in numbers.into_iter().rev() {
                        @let number = year.to_string();
                        tr {
                            th scope="row" { a href=(view.link(|view| (view.year, view.tab) = (number.clone(), String::new()))) { (number) } }
                            @for found in trends.series.iter().map(|trend| of(trend, year).map(|at| &trend.years[at])) {
                                td { @if let Some(year) = found { (year.occurrences) } }
                                @if is_rate { td.faint { @if let Some(year) = found { (format!("{:.1}", year.per_10k_chars)) } } }
                            }
                            @if let Some(at) = of(first, year).filter(|_| has_sizes) {
                                td.faint { (first.years[at].documents) }
                                td.faint { (first.years[at].chars) }
                            }
                        }
                    }
                }
            }
        }
    }
}
