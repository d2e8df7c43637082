//! The page of a search: totals, tabs, hits or rows, what is near when there are none, and the filters beside them. Without
//! a query it lists the documents.

use gm_index::{Hit, Options, Query, Results, Snippet, Tier, reference};
use maud::{Markup, html};

use super::facets::{self, Choices};
use super::{HITS, parts, tabs};
use crate::answer::{absent, weaker};
use crate::print::excerpt;
use crate::serve::Server;
use crate::serve::asked::{LAST_PAGE, Tab, View};
use crate::serve::problem::Problem;

/// Columns of a hit's text, two for each Chinese character; the report has the rest.
const COLUMNS: usize = 560;

/// How many hits of one document may stand before those of others.
const PER_DOCUMENT: usize = 3;

pub fn page(server: &Server, view: &View) -> Result<Markup, Problem> {
    let choices = Choices::of(server, view)?;
    let (main, tab) = match view.tab() {
        _ if view.q.is_empty() => (passages(server, view)?, Tab::Passages),
        Tab::Passages => (passages(server, view)?, Tab::Passages),
        Tab::Kwic => (tabs::kwic(server, view)?, Tab::Kwic),
        Tab::Trend => (tabs::trend(server, view)?, Tab::Trend),
    };
    let body = html! {
        div.columns {
            main #main {
                nav.tabs.bare[view.q.is_empty()] aria-label="看法" {
                    @if !view.q.is_empty() {
                        @for (each, name, label) in Tab::ALL {
                            a href=(view.link(|view| (view.tab, view.sort) = (name.into(), String::new())))
                                aria-current=[(each == tab).then_some("page")] { (label) }
                        }
                    }
                    a.to-filters href="#filters" { "筛选" }
                }
                // on paper, where the box is not
                @if !view.q.is_empty() { p.asked { "检索：" (view.q) @if tab == Tab::Trend && !view.with.is_empty() { "，对比：" (view.with) } } }
                (facets::chosen(view))
                (main)
            }
            (choices.aside(view))
        }
    };
    Ok(parts::frame(&view.q, view, body))
}

fn passages(server: &Server, view: &View) -> Result<Markup, Problem> {
    let query = view.query(None)?;
    let options = options(server, view);
    let offset = options.offset;
    let results = server.index.search(&query, options.clone())?;
    if results.hits.is_empty() && offset == 0 {
        return nothing(server, view, &query, &options, &results);
    }
    let last = match results.hits.is_empty() {
        true => last_before(server, view.number(), &query, &options)?,
        false => view.number(),
    };
    if last == 0 {
        return passages(server, &View { page: String::new(), ..view.clone() });
    }
    let is_list = view.q.is_empty();
    let total = if is_list { results.total.documents } else { results.total.passages };
    let has_more = results.hits.len() == HITS && ((offset + HITS) < total as usize || view.weaker == "1");
    Ok(html! {
        (totals(server, view, &results))
        (order(view))
        @if is_list {
            ol.documents start=(offset + 1) { @for found in &results.hits { li { (listed(view, found)) } } }
        } @else {
            ol.hits start=(offset + 1) { @for found in &results.hits { li { (hit(view, found, Some(found.tier))) } } }
        }
        @if last < view.number() { (beyond(view, last)) } @else { (pages(view, has_more)) }
    })
}

/// How the passages of this page are looked for.
fn options(server: &Server, view: &View) -> Options {
    Options {
        limit: HITS,
        offset: (view.number() - 1) * HITS,
        // without words nothing is more relevant than another
        sort: if view.q.is_empty() && view.sort.is_empty() { gm_index::Sort::Date } else { view.order().into() },
        synonyms: server.synonyms.clone(),
        weaker: view.weaker == "1",
        per_document: Some(PER_DOCUMENT),
        merge_copies: true,
        ..Options::default()
    }
}

/// The last page before one that holds nothing; 0 if there is none. Hits are fewer than passages, since copies are one.
fn last_before(server: &Server, number: usize, query: &Query, options: &Options) -> Result<usize, Problem> {
    let (mut last, mut empty) = (0, number);
    while empty - last > 1 {
        let page = (last + empty) / 2;
        let options = Options { limit: 1, offset: (page - 1) * HITS, ..options.clone() };
        match server.index.search(query, options)?.hits.is_empty() {
            true => empty = page,
            false => last = page,
        }
    }
    Ok(last)
}

/// How much was found, in words.
fn totals(server: &Server, view: &View, results: &Results) -> Markup {
    let total = results.total;
    let is_weak = total.passages == 0 && results.hits.first().is_some_and(|hit| hit.tier == Tier::Some);
    html! {
        h1.totals {
            @if view.q.is_empty() && !view.is_narrowed() {
                "收有 " (server.holdings().documents) " 份文件"
            } @else if view.q.is_empty() {
                "此范围内有 " (total.documents) " 份文件"
            } @else if is_weak {
                "没有段落含全部的词，以下是最接近的"
            } @else {
                "找到 " (total.passages) " 段" @if total.occurrences > 0 { "、" (total.occurrences) " 处" } "，出自 " (total.documents) " 份文件"
            }
        }
        @if server.uploads && view.q.is_empty() {
            p { a.inline href="/check" { "核对一份文稿" } span.faint { "　查重、找相近段落、看大纲" } }
        }
        @if !results.synonyms.is_empty() {
            p.faint { @if results.hits.iter().any(|hit| hit.tier == Tier::Synonym) { "原词没有出现，按别称检索：" } @else { "还有别称：" } }
            (parts::suggestions(view, &results.synonyms))
        }
        @if !results.suggestions.is_empty() {
            (parts::suggestions(view, &results.suggestions))
        }
    }
}

fn order(view: &View) -> Markup {
    let orders = [("", "相关度"), ("date", "时间"), ("place", "地区")];
    // documents stand by their dates, if nothing else is wanted
    let wanted = if view.q.is_empty() && view.sort.is_empty() { "date" } else { &view.sort };
    let current = orders.iter().position(|(name, _)| *name == wanted).unwrap_or(0);
    html! {
        nav.order aria-label="排序" {
            @for (at, (name, label)) in orders.iter().enumerate() {
                @if !(at == 0 && view.q.is_empty()) {
                    a href=(view.link(|view| view.sort = name.to_string())) aria-current=[(at == current).then_some("true")] { (label) }
                }
            }
        }
    }
}

/// A document in the list of documents.
fn listed(view: &View, hit: &Hit) -> Markup {
    let meta = &hit.document.meta;
    html! {
        article {
            h2 { a href=(view.document(&hit.document.id, None)) { (parts::title(&hit.document)) } }
            p.source {
                @for said in [Some(&meta.governed().replace('/', " ")), meta.session.as_ref(), meta.date.as_ref(), Some(&meta.source).filter(|source| *source != hit.document.title())] {
                    @if let Some(said) = said { @if !said.is_empty() { span { (said) } } }
                }
            }
        }
    }
}

/// A passage that was found, and how it answers a query.
pub fn hit(view: &View, hit: &Hit, answers: Option<Tier>) -> Markup {
    let passage = hit.id.rsplit('#').next().map(|number| format!("p{number}"));
    let cite = reference(&hit.document, &hit.path, Some(hit.line));
    let shown: Snippet = excerpt(&hit.snippet, COLUMNS);
    let is_whole = shown.text == hit.snippet.text;
    html! {
        article {
            h2 {
                a href=(view.document(&hit.document.id, passage.as_deref())) { (parts::title(&hit.document)) }
                (parts::place(&hit.document))
            }
            p.path {
                @for (at, heading) in hit.path.iter().enumerate() { @if at > 0 { span.sep aria-hidden="true" { " › " } } (heading) }
            }
            p.text { (parts::marked(&shown)) }
            p.source {
                @if let Some(answers) = answers { span.tier.(tier(answers)) { (answers.label()) } }
                @if let Some(role) = hit.role { span { (role.name()) } }
                span { (hit.document.meta.source) " 第" (hit.line) "行" }
                @for copy in &hit.also { span { "又见 " (copy.source) } }
                button.copy type="button" hidden data-cite=(cite) data-text=(hit.snippet.text) { @if is_whole { "复制引文" } @else { "复制全段引文" } }
            }
            details.cite { summary { "引文" } p { (cite) } }
        }
    }
}

fn tier(tier: Tier) -> &'static str {
    match tier {
        Tier::Exact => "exact",
        Tier::Synonym => "synonym",
        Tier::All => "all",
        Tier::Some => "some",
    }
}

fn page_link(view: &View, number: usize) -> String {
    view.link(|view| view.page = if number > 1 { number.to_string() } else { String::new() })
}

/// The way back from behind the last page.
pub fn beyond(view: &View, last: usize) -> Markup {
    html! {
        p { "没有更多了。" }
        nav.pages aria-label="翻页" { a rel="prev" href=(page_link(view, last)) { "回到最后一页（第 " (last) " 页）" } }
    }
}

/// The pages before and behind.
pub fn pages(view: &View, has_more: bool) -> Markup {
    let number = view.number();
    let is_last = number == LAST_PAGE;
    let to = |number: usize| page_link(view, number);
    html! {
        @if number > 1 || has_more {
            nav.pages aria-label="翻页" {
                @if number > 1 { a rel="prev" href=(to(number - 1)) { "上一页" } }
                span aria-current="page" { "第 " (number) " 页" }
                @if has_more && !is_last { a rel="next" href=(to(number + 1)) { "下一页" } }
                @if has_more && is_last { span.faint { "后面的不再列出，请缩小范围" } }
            }
        }
    }
}

/// Nothing was found, and said so: what is near is real, with its counts, and nothing stands in for it.
fn nothing(
    server: &Server,
    view: &View,
    query: &Query,
    options: &Options,
    results: &Results,
) -> Result<Markup, Problem> {
    Ok(html! {
        h1.totals {
            @if view.q.is_empty() { "此范围内没有文件" } @else if view.is_narrowed() { "此范围内没有“" (view.q) "”" } @else { "没有“" (view.q) "”" }
        }
        (near(server, view, query, options, results)?)
    })
}

/// What the passages have where the words do not stand as they were typed: for the tabs that look at nothing else.
pub fn instead(server: &Server, view: &View, query: &Query) -> Result<Markup, Problem> {
    let view = View { tab: String::new(), page: String::new(), sort: String::new(), ..view.clone() };
    let options = options(server, &view);
    let results = server.index.search(query, options.clone())?;
    Ok(match (results.hits.is_empty(), results.total.passages) {
        (true, _) => near(server, &view, query, &options, &results)?,
        (_, 0) => html! { p { a href=(view.link(|_| ())) { "没有段落含全部的词，看最接近的" } } },
        (_, count) => html! { p { a href=(view.link(|_| ())) { "按其中的词或别称找到 " (count) " 段" } } },
    })
}

/// What there is where a search finds nothing.
fn near(server: &Server, view: &View, query: &Query, options: &Options, results: &Results) -> Result<Markup, Problem> {
    let everywhere = match view.is_narrowed() && !view.q.is_empty() {
        true => {
            let mut wide = view.clone();
            facets::clear(&mut wide);
            server.index.facets(&wide.query(None)?, &server.synonyms)?.passages
        }
        false => 0,
    };
    // outside of what it is narrowed by the query itself may stand, which is told above
    let near: Vec<_> = results.suggestions.iter().filter(|near| near.text != view.q).cloned().collect();
    let may_loosen = weaker::would_find(&server.index, query, &view.q, options)?;
    let absent = absent::absent(&server.index, query)?;
    Ok(html! {
        @for asked in &absent {
            p { "库中没有符合 " (parts::in_chinese(&asked.to_string())) " 的内容" }
        }
        @if everywhere > 0 {
            p { a href=(view.link(facets::clear)) { "不限范围则有 " (everywhere) " 段" } }
        }
        @if !near.is_empty() {
            p { "相近而确有的：" }
            (parts::suggestions(view, &near))
        }
        @if may_loosen {
            p { a href=(view.link(|view| view.weaker = "1".into())) { "看只含其中一些词的段落" } }
        }
    })
}
