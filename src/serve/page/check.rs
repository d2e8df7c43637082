//! The page of a document that is sent, where the server takes any: what of it stands elsewhere word for word, which
//! passages are like it, or its outline. Nothing of it is kept.

use std::ops::Range;

use axum::body::Bytes;
use axum::extract::Multipart;
use gm_index::{Copies, CopyOf, Elsewhere, Results, Span};
use maud::{Markup, html};

use super::{hits, parts};
use crate::answer::outline::{Node, Outlined};
use crate::answer::similar;
use crate::serve::Server;
use crate::serve::answers;
use crate::serve::asked::View;
use crate::serve::problem::Problem;

/// Spans of one document on the page, those with the most of their own first; a span with less beside its formulas is none.
const SPANS: usize = 12;
const OWN: usize = 6;

/// Characters of a span that are not behind a fold.
const SHOWN: usize = 160;

/// Passages alike on the page.
const ALIKE: usize = 10;

/// What is asked about a document.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub enum Check {
    #[default]
    Copies,
    Alike,
    Outline,
}

impl Check {
    const ALL: [(Check, &'static str, &'static str); 3] = [
        (Check::Copies, "dup", "查重"),
        (Check::Alike, "similar", "找相近段落"),
        (Check::Outline, "outline", "看大纲"),
    ];
}

/// The form as it was sent.
#[derive(Default)]
pub struct Sent {
    pub check: Check,
    /// The draft's own place, if it was given.
    pub place: String,
    pub name: String,
    pub bytes: Bytes,
}

impl Sent {
    /// Reads the form.
    pub async fn read(mut form: Multipart) -> Result<Sent, Problem> {
        let mut sent = Sent::default();
        while let Some(field) = form.next_field().await? {
            match field.name() {
                Some("file") => {
                    sent.name = field.file_name().unwrap_or_default().to_string();
                    sent.bytes = field.bytes().await?;
                }
                Some("place") => sent.place = field.text().await?.trim().to_string(),
                Some("what") => {
                    let what = field.text().await?;
                    let asked = Check::ALL.into_iter().find(|(_, name, _)| *name == what);
                    sent.check = asked.map_or(Check::default(), |(check, ..)| check);
                }
                _ => {}
            }
        }
        Ok(sent)
    }
}

/// The form alone.
pub fn form() -> Markup {
    frame("", html! {})
}

/// The form, and what went wrong.
pub fn failed(place: &str, problem: &Problem) -> Markup {
    frame(
        place,
        html! { section role="alert" { h2 { (parts::head(&View::default(), problem)) } (parts::told(problem)) } },
    )
}

/// The form, and what was found out. Fails on a form without a file.
pub fn page(server: &Server, sent: &Sent) -> Result<Markup, Problem> {
    if sent.name.is_empty() {
        return Err(Problem::wrong("no document was sent").with_hint("choose a file"));
    }
    let draft = answers::sent(&sent.name, &sent.bytes)?;
    let found = match sent.check {
        Check::Copies => copies(server, &answers::copied(&server.index, draft, &sent.place)?)?,
        Check::Alike => {
            let asked = similar::beginning(&draft.text).to_string();
            alike(&asked, answers::alike_to(&server.index, draft, ALIKE)?)
        }
        Check::Outline => outline(&Outlined::of(draft)),
    };
    Ok(frame(&sent.place, found))
}

fn frame(place: &str, found: Markup) -> Markup {
    let body = html! {
        main #main.alone {
            h1 { "文稿核对" }
            form.check action="/check" method="post" enctype="multipart/form-data" {
                p { label { "文稿 " input type="file" name="file" required accept=".txt,.md,.docx,.odt,.rtf,.html"; } }
                p { label { "本地地名（查重用，可不填） " input type="text" name="place" value=(place) maxlength="100" placeholder="如 湖南省 益阳市 安化县"; } }
                p.buttons { @for (_, name, label) in Check::ALL { button type="submit" name="what" value=(name) { (label) } } }
            }
            p.faint { "只在这台服务器上比对，答完即丢，不留存。支持 txt、md、docx、odt、rtf、html，10 MB 以内。" }
            (found)
        }
    };
    parts::frame("文稿核对", &View::default(), body)
}

fn percent(part: usize, whole: usize) -> String {
    format!("{:.1}%", 100.0 * part as f64 / whole.max(1) as f64)
}

fn copies(server: &Server, found: &Copies) -> Result<Markup, Problem> {
    let mut documents = Vec::new();
    for copy in &found.documents {
        documents.push(document(server, copy)?);
    }
    Ok(html! {
        section aria-live="polite" {
            h2 { "“" (parts::title(&found.document)) "”查重" }
            p { "全文 " (found.chars) " 字，其中 " strong { (found.copied) " 字（" (percent(found.copied, found.chars)) "）" } "与库中文件逐字相同；"
                "另有 " (found.formula) " 字（" (percent(found.formula, found.chars)) "）是许多报告都有的套话，不计在内。" }
            @match &found.places {
                None => p.faint { "文稿自己的地名没有认出，所以没有查异地地名；可在上面填写。" },
                Some(places) if places.is_empty() => p { "没有异地地名。" },
                Some(places) => { h3 { "异地地名" } ul.near { @for place in places { li { (elsewhere(place)) } } } },
            }
            @for document in &documents { (document) }
        }
    })
}

fn elsewhere(place: &Elsewhere) -> Markup {
    let chains: Vec<String> = place.places.iter().take(2).map(|chain| chain.join("")).collect();
    html! {
        strong { (place.name) } " "
        span.faint { (chains.join("、")) "　第 " @for (at, line) in place.lines.iter().take(8).enumerate() { @if at > 0 { "、" } (line) } " 行"
            @if place.copied { "　在雷同处" } }
    }
}

/// What the draft shares with one document.
fn document(server: &Server, copy: &CopyOf) -> Result<Markup, Problem> {
    let mut spans: Vec<&Span> = copy.spans.iter().filter(|span| span.chars - span.formula >= OWN).collect();
    spans.sort_by_key(|span| std::cmp::Reverse(span.chars - span.formula));
    spans.truncate(SPANS);
    spans.sort_by_key(|span| span.lines);
    let passages = server.index.document(&copy.document.id)?.map_or(Vec::new(), |document| document.passages);
    let address = |line: u32| {
        let passage = passages.iter().position(|passage| passage.line >= line).map(|ordinal| format!("p{ordinal}"));
        View::default().document(&copy.document.id, passage.as_deref())
    };
    Ok(html! {
        article {
            h3 { a href=(address(1)) { (parts::title(&copy.document)) } " " (parts::place(&copy.document)) }
            p.faint { "相同 " (copy.chars) " 字（" (format!("{:.1}%", copy.share * 100.0)) "），去掉套话 " (copy.copied) " 字" }
            ol.spans { @for span in spans {
                li {
                    (text(&span.text))
                    p.source { "文稿第 " (span.lines[0]) " 行　" a href=(address(span.other_lines[0])) { "对方第 " (span.other_lines[0]) " 行" } "　" (span.chars) " 字" }
                    @if let Some(other) = &span.other_text { p.faint { "对方作：" } (text(other)) }
                }
            } }
        }
    })
}

/// A span, a long one with most of it behind a fold.
fn text(span: &str) -> Markup {
    let end = span.char_indices().nth(SHOWN).map_or(span.len(), |(end, _)| end);
    let (shown, rest) = span.split_at(end);
    html! {
        p.text { (shown) @if !rest.is_empty() { "…" } }
        @if !rest.is_empty() { details { summary { "其余" } p.text { "…" (rest) } } }
    }
}

/// Of what a passage shares with the draft, runs of so many characters are marked: any two texts have shorter ones in common.
const RUN: usize = 4;

fn alike(asked: &str, mut found: Results) -> Markup {
    for hit in &mut found.hits {
        hit.snippet.highlights = runs(&hit.snippet.text, asked);
    }
    html! {
        section aria-live="polite" {
            h2 { "相近段落" }
            p.faint { "用来比对的是文稿开头的 " (asked.chars().count()) " 字。要找与某一段相近的，请只传那一段。标出的是与它相同的 " (RUN) " 字以上的文字。" }
            @if found.hits.is_empty() { p { "没有相近的段落。" } }
            ol.hits { @for hit in &found.hits { li { (hits::hit(&View::default(), hit, None)) } } }
        }
    }
}

/// The longest runs of `text` that `other` holds too and that have so many characters beside marks, ascending.
fn runs(text: &str, other: &str) -> Vec<Range<usize>> {
    let chars: Vec<char> = text.chars().collect();
    let is_shared = |range: Range<usize>| {
        let run: String = chars[range].iter().collect();
        !run.contains('\n') && other.contains(&run)
    };
    let (mut runs, mut start) = (Vec::new(), 0);
    while start + RUN <= chars.len() {
        let mut end = start + RUN;
        if !is_shared(start..end) {
            start += 1;
            continue;
        }
        while end < chars.len() && is_shared(start..end + 1) {
            end += 1;
        }
        let seen = |at: &usize| chars[*at].is_alphanumeric();
        if let (Some(first), Some(last)) = ((start..end).find(seen), (start..end).rev().find(seen))
            && (first..=last).filter(seen).count() >= RUN
        {
            runs.push(first..last + 1);
        }
        start = end;
    }
    runs
}

fn outline(found: &Outlined) -> Markup {
    fn list(sections: &[Node]) -> Markup {
        html! { ul { @for section in sections { li { (section.heading) @if !section.children.is_empty() { (list(&section.children)) } } } } }
    }
    html! {
        section aria-live="polite" {
            h2 { "“" (parts::title(&found.document)) "”大纲" }
            @if found.sections.is_empty() { p { "没有认出章节。" } } @else { (list(&found.sections)) }
        }
    }
}
