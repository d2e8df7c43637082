//! A document to read: its text as it is, by paragraphs, the places that answer the search marked and numbered, and its
//! outline beside it with how many of them each section has.

use std::ops::Range;

use gm_index::{Document, DocumentInfo, ancestors};
use maud::{Markup, html};

use super::parts;
use crate::answer::outline::{Node, tree};
use crate::serve::asked::View;
use crate::serve::problem::Problem;
use crate::serve::{Server, answers};

/// So many places are linked above the text; the rest follow one another.
const MOST_LINKS: usize = 40;

pub fn page(server: &Server, id: &str, view: &View) -> Result<Markup, Problem> {
    let query = if view.q.is_empty() { None } else { Some(answers::parse(&view.q)?) };
    let marked = match &query {
        Some(query) => server.index.marked(id, query, &server.synonyms)?,
        None => None,
    };
    let (document, marks) = match marked {
        Some(marked) => marked,
        None => (
            server.index.document(id)?.ok_or_else(|| Problem::absent(format!("there is no document `{id}`")))?,
            Vec::new(),
        ),
    };
    let reading = Reading::new(&document, &marks);
    let info = DocumentInfo::of(&document);
    let title = parts::title(&info);
    let back = view.link(|back| back.page = view.page.clone());
    let body = html! {
        div.columns.reading {
            main #main {
                nav.back aria-label="返回" {
                    @if !view.q.is_empty() || view.is_narrowed() { a href=(back) rel="up" { "← 检索结果" } }
                    @if !document.sections.is_empty() { a.to-filters href="#outline" { "大纲" } }
                }
                article.report {
                    header {
                        h1 { (title) }
                        p.source {
                            @for said in [Some(info.meta.governed().replace('/', " ")), info.meta.date.clone(), info.meta.session.clone(), info.meta.speaker.clone(), info.meta.kind.clone(), Some(info.meta.source.clone()).filter(|source| source != info.title())] {
                                @if let Some(said) = said { @if !said.is_empty() { span { (said) } } }
                            }
                        }
                        // of a year or of what is excluded there are no places
                        @if query.is_some_and(|query| query.has_text()) { (places(view, &marks)) }
                    }
                    (reading.text())
                }
            }
            aside #outline aria-label="大纲" {
                h2 { "大纲" }
                @if document.sections.is_empty() { p.faint { "没有可辨认的标题。" } }
                (reading.outline(&tree(&document.sections)))
            }
        }
    };
    Ok(parts::frame(&title, view, body))
}

/// The places that are marked, as links.
fn places(view: &View, marks: &[Range<usize>]) -> Markup {
    html! {
        nav.places aria-label="命中之处" {
            @if marks.is_empty() { "本文没有“" (view.q) "”" } @else { "“" (view.q) "”" (marks.len()) " 处：" }
            @for at in 1..=marks.len().min(MOST_LINKS) { a href={ "#m" (at) } { (at) } }
            @if marks.len() > MOST_LINKS { "…" }
        }
    }
}

struct Reading<'d> {
    document: &'d Document,
    marks: &'d [Range<usize>],
    /// For each section the passage that it begins with.
    begins: Vec<Option<usize>>,
    /// For each section how many marks stand in it and the sections inside it.
    counts: Vec<usize>,
}

impl<'d> Reading<'d> {
    fn new(document: &'d Document, marks: &'d [Range<usize>]) -> Self {
        let mut begins = vec![None; document.sections.len()];
        let mut counts = vec![0; document.sections.len()];
        for (ordinal, passage) in document.passages.iter().enumerate() {
            let from = marks.partition_point(|mark| mark.start < passage.range.start);
            let count = marks[from..].iter().take_while(|mark| mark.start < passage.range.end).count();
            for section in ancestors(&document.sections, passage.section) {
                begins[section as usize].get_or_insert(ordinal);
                counts[section as usize] += count;
            }
        }
        Reading { document, marks, begins, counts }
    }

    fn outline(&self, sections: &[Node]) -> Markup {
        html! {
            @if !sections.is_empty() {
                ol {
                    @for section in sections {
                        @let count = self.counts[section.ordinal];
                        li {
                            a href={ "#p" (self.begins[section.ordinal].unwrap_or(0)) } {
                                (section.heading)
                                @if count > 0 { " " span.count { span.hidden { "命中" } (count) span.hidden { "处" } } }
                            }
                            (self.outline(&section.children))
                        }
                    }
                }
            }
        }
    }

    /// The text by paragraphs; a passage's id is `p` and its ordinal.
    fn text(&self) -> Markup {
        let passages = &self.document.passages;
        let mut paragraphs: Vec<Range<usize>> = Vec::new();
        for (ordinal, passage) in passages.iter().enumerate() {
            match paragraphs.last_mut().filter(|_| !passage.opens_paragraph) {
                Some(paragraph) => paragraph.end = ordinal + 1,
                None => paragraphs.push(ordinal..ordinal + 1),
            }
        }
        html! { @for paragraph in paragraphs { (self.paragraph(paragraph)) } }
    }

    fn paragraph(&self, passages: Range<usize>) -> Markup {
        let level = self.heading(&passages);
        let id = format!("p{}", passages.start);
        let inner = html! {
            @for ordinal in passages.clone() {
                @let inner = self.passage(ordinal, ordinal == passages.start, ordinal + 1 == passages.end);
                // a heading that the text runs on from
                @let inner = match level.is_none() && self.heading(&(ordinal..ordinal + 1)).is_some() {
                    true => html! { b { (inner) } },
                    false => inner,
                };
                @if ordinal == passages.start { (inner) } @else { span id={ "p" (ordinal) } { (inner) } }
            }
        };
        html! {
            @match level {
                Some(1) => h2 id=(id) { (inner) },
                Some(2) => h3 id=(id) { (inner) },
                Some(_) => h4 id=(id) { (inner) },
                None => p id=(id) { (inner) },
            }
        }
    }

    /// The level of the heading that a paragraph is, if it is nothing but one.
    fn heading(&self, passages: &Range<usize>) -> Option<u8> {
        let [passage] = &self.document.passages[passages.clone()] else { return None };
        let section = passage.section? as usize;
        let heading = &self.document.sections.get(section)?.heading;
        let bare = |text: &str| text.chars().filter(|c| c.is_alphanumeric()).collect::<String>();
        let is_same = bare(&self.document.text[passage.range.clone()]) == bare(&heading.to_string());
        (is_same && self.begins[section] == Some(passages.start)).then_some(heading.level)
    }

    /// The line that a passage is the first of.
    fn line(&self, ordinal: usize) -> Option<u32> {
        let line = |ordinal: usize| self.document.passages[ordinal].line;
        (ordinal == 0 || line(ordinal - 1) != line(ordinal)).then(|| line(ordinal))
    }

    /// A passage with its marks, without the blanks around its paragraph. A mark that runs on from the passage before is
    /// marked here again and has no number.
    fn passage(&self, ordinal: usize, is_first: bool, is_last: bool) -> Markup {
        let mut range = self.document.passages[ordinal].range.clone();
        let text = &self.document.text;
        if is_first {
            range.start = range.end - text[range.clone()].trim_start().len();
        }
        if is_last {
            range.end = range.start + text[range.clone()].trim_end().len();
        }
        let first = self.marks.partition_point(|mark| mark.end <= range.start);
        let mut at = range.start;
        let mut pieces: Vec<(&str, Option<Option<usize>>)> = Vec::new();
        for (number, mark) in self.marks.iter().enumerate().skip(first).take_while(|(_, mark)| mark.start < range.end) {
            let (start, end) = (mark.start.max(range.start), mark.end.min(range.end));
            pieces.push((&text[at..start], None));
            pieces.push((&text[start..end], Some((mark.start >= range.start).then_some(number + 1))));
            at = end;
        }
        pieces.push((&text[at..range.end], None));
        html! {
            @if let Some(line) = self.line(ordinal) { span.line id={ "l" (line) } {} }
            @for (piece, mark) in pieces {
                @match mark {
                    Some(Some(number)) => mark id={ "m" (number) } { (piece) },
                    Some(None) => mark { (piece) },
                    None => (piece),
                }
            }
        }
    }
}
