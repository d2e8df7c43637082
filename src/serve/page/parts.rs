//! What all pages share: the frame, the box, marked text, and how things are said in Chinese.

use gm_index::{DocumentInfo, Snippet, Suggestion};
use maud::{DOCTYPE, Markup, html};

use super::VERSION;
use crate::serve::asked::View;
use crate::serve::problem::Problem;

/// A whole page. `title` stands before the name of the site.
pub fn frame(title: &str, view: &View, body: Markup) -> Markup {
    html! {
        (DOCTYPE)
        html lang="zh-CN" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { @if !title.is_empty() { (title) " - " } "工作报告检索" }
                link rel="stylesheet" href={ "/page.css?v=" (*VERSION) };
                link rel="icon" href="data:,";
                script src={ "/page.js?v=" (*VERSION) } defer {}
            }
            body {
                a.skip href="#main" { "跳到正文" }
                header.top {
                    a.name href="/" { "工作报告检索" }
                    (search_box(view, title.is_empty() && !view.is_narrowed()))
                }
                (body)
                footer { p { "原文检索，逐字核对。" a href="/openapi.json" { "接口说明" } } }
            }
        }
    }
}

/// The box, in which typing begins on the front page. What the search is narrowed by goes with it.
fn search_box(view: &View, is_front: bool) -> Markup {
    html! {
        form.search role="search" action="/" method="get" {
            div.field {
                input #q type="search" name="q" value=(view.q) aria-label="检索词" autocomplete="off" spellcheck="false"
                    enterkeyhint="search" maxlength="4000" autofocus[is_front]
                    placeholder="词语、句子或拼音，如 港长制、bqwgc";
                ul #suggestions role="listbox" aria-label="检索词建议" hidden {}
            }
            @for (name, value) in view.fields() {
                @if !matches!(name, "q" | "page" | "weaker") { input type="hidden" name=(name) value=(value); }
            }
            button type="submit" { "检索" }
        }
    }
}

/// Text with its matches marked.
pub fn marked(snippet: &Snippet) -> Markup {
    html! {
        @for (piece, is_match) in snippet.pieces() {
            @if is_match { mark { (piece) } } @else { (piece) }
        }
    }
}

/// A document's title, with its year if the title does not say it.
pub fn title(document: &DocumentInfo) -> String {
    let meta = &document.meta;
    let title = if meta.title.is_empty() { &meta.source } else { &meta.title };
    match meta.year {
        Some(year) if !title.contains(&year.to_string()) => format!("{title}（{year}年）"),
        _ => title.clone(),
    }
}

/// Where a document is from, if its title does not say it.
pub fn place(document: &DocumentInfo) -> Markup {
    let last = document.meta.place.last().filter(|place| !document.meta.title.contains(place.as_str()));
    html! { @if let Some(place) = last { span.faint { (place) } } }
}

/// Why the index suggests a term, for people.
fn why(suggestion: &Suggestion) -> String {
    match suggestion.why.as_str() {
        "one character differs" => "差一个字".into(),
        "one character less" => "少一个字".into(),
        "one character more" => "多一个字".into(),
        "part of the query" => "其中的词".into(),
        "the same words, not together" => "各词都有，但不相连".into(),
        "pinyin" => "拼音".into(),
        "initials of its pinyin" => "拼音首字母".into(),
        "same sound" => "同音".into(),
        why => match why.strip_prefix("another name of ") {
            Some(name) => format!("“{name}”的别称"),
            None => String::new(),
        },
    }
}

/// Terms that do stand in the index, as links to searches for them.
pub fn suggestions(view: &View, suggestions: &[Suggestion]) -> Markup {
    html! {
        ul.near {
            @for suggestion in suggestions {
                li {
                    a href=(view.link(|view| view.q = suggestion.text.clone())) { (suggestion.text) }
                    " " span.faint { (suggestion.occurrences) "处　" (why(suggestion)) }
                }
            }
        }
    }
}

/// What went wrong, where in the query, and what can be typed.
pub fn problem(view: &View, problem: &Problem) -> Markup {
    let head = match problem.status().as_u16() {
        400 if view.q.is_empty() => "请求有误",
        400 => "检索式有误",
        403 => "这台服务器不收文稿",
        404 => "没有这一页",
        413 => "文稿太大",
        503 => "现在太忙，或检索用时过长",
        _ => "检索未能完成",
    };
    let chars: Vec<char> = view.q.chars().collect();
    let fault = problem.column.filter(|&column| column <= chars.len());
    let body = html! {
        main #main.alone {
            h1 { (head) }
            @if let Some(column) = fault {
                p.query { (chars[..column].iter().collect::<String>()) mark { (chars[column..].iter().collect::<String>()) } }
                p { "错在标出之处。可以这样写：" }
                ul {
                    li { code { "典型村 港长制" } "　两者都有；" code { "典型村|示范村" } "　有其一；" code { "招商 -引资" } "　有前无后" }
                    li { code { "“三资”交易中心" } "　" code { "村 NEAR/10 振兴" } "　" code { "/\\d+亿元/" } }
                    li { "范围：" code { "地区:遂溪 年份:2020..2025 部分:任务 文种:政府工作报告 级别:镇 标题:… 章节:…" } }
                }
            }
            @if problem.status().as_u16() == 503 { p { "请稍后再试，或用更长的词、加上范围。" } }
            p.faint lang="en" { (problem.detail) @if let Some(hint) = &problem.hint { "; " (hint) } }
            p { a href="/" { "回到首页" } }
        }
    };
    frame(head, view, body)
}
