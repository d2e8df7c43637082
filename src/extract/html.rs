//! Web pages (.html, .htm) to text: the lines of the article, a line a table row. Where the page marks its article, only
//! that is read. The table of a government page that describes the document (索引号, 标题, 成文日期 …) gives title and
//! date and is no text.

use std::cell::RefCell;

use anyhow::Result;
use encoding_rs::Encoding;
use gm_index::Meta;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer};

use super::flow::Flow;
use super::{Extracted, Given};
use crate::fail::advised;

/// Elements that are not text of the page, or only its furniture.
const DROPPED: [&str; 15] = [
    "script", "style", "noscript", "template", "iframe", "svg", "select", "button", "nav", "footer", "aside", "title",
    "textarea", "object", "rt",
];
/// Classes and ids of furniture.
const FURNITURE: [&str; 16] = [
    "share",
    "sharebox",
    "share-box",
    "bdshare",
    "bdsharebuttonbox",
    "print",
    "breadcrumb",
    "crumb",
    "crumbs",
    "nav",
    "navbar",
    "navigation",
    "footer",
    "foot",
    "qrcode",
    "ewm",
];
/// Classes and ids in which government sites put the article.
const ARTICLES: [&str; 9] = [
    "ucap-content",
    "pages_content",
    "trs_editor",
    "trs_ueditor",
    "view",
    "zoom",
    "article-content",
    "article_con",
    "zoomcon",
];
const BLOCKS: [&str; 36] = [
    "p",
    "div",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "li",
    "ul",
    "ol",
    "dl",
    "dt",
    "dd",
    "section",
    "article",
    "header",
    "main",
    "blockquote",
    "pre",
    "table",
    "tbody",
    "thead",
    "tfoot",
    "tr",
    "td",
    "th",
    "caption",
    "form",
    "fieldset",
    "hr",
    "br",
    "center",
    "address",
    "figure",
    "body",
];
/// Elements without an end.
const VOID: [&str; 9] = ["br", "hr", "img", "input", "meta", "link", "col", "area", "embed"];
/// What the table that describes a document says; blanks inside are layout.
const LABELS: [&str; 12] = [
    "索引号",
    "主题分类",
    "发文机关",
    "发文字号",
    "成文日期",
    "发布日期",
    "标题",
    "主题词",
    "公文种类",
    "发文单位",
    "文号",
    "有效性",
];
/// Where a declaration of the character set must stand.
const HEAD: usize = 4096;
const DEEPEST: usize = 1000;

pub fn read(bytes: &[u8]) -> Result<Extracted> {
    let (text, encoding) = decode(bytes)?;
    let mut page = parse(&text, true)?;
    if page.dropped.is_some() {
        // furniture that never ends has swallowed the page
        page = parse(&text, false)?;
    }
    let heading = page.heading.clone().filter(|_| !page.article.is_empty());
    let given = Given {
        title: page.given.title.take().or(page.stated.title.take()).or(heading),
        date: page.given.date.take().or(page.stated.date.take()),
        ..Given::default()
    };
    let text = if page.article.is_empty() { std::mem::take(&mut page.flow).finish() } else { page.article };
    if text.trim().is_empty() {
        return Err(advised("it has no text", "save the page with its text, for example with the browser"));
    }
    Ok(Extracted { text, encoding, given })
}

/// A byte order mark decides, then UTF-8 if it is that, whatever the page says, then what the page says, then what the bytes look
/// like.
fn decode(bytes: &[u8]) -> Result<(String, &'static str)> {
    let speaks_for_itself = Encoding::for_bom(bytes).is_some() || super::plain::is_utf8(bytes);
    let declared = if speaks_for_itself { None } else { declared(bytes) };
    let Some(encoding) = declared else { return super::plain::decode(bytes) };
    let (text, _, damaged) = encoding.decode(bytes);
    // a few stray bytes are common on old pages
    let strange = text.chars().filter(|&char| char == '\u{fffd}').count();
    if damaged && strange * 100 > text.chars().count() || text.contains('\0') {
        return super::plain::decode(bytes);
    }
    Ok((text.into_owned(), encoding.name()))
}

/// The encoding that a `<meta>` of a page names, outside of comments.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(HEAD)]).to_ascii_lowercase();
    let mut rest = head.as_str();
    while let Some(start) = rest.find('<') {
        rest = &rest[start..];
        let end = if rest.starts_with("<!--") { "-->" } else { ">" };
        let (tag, behind) = rest.split_at(rest.find(end).map_or(rest.len(), |at| at + end.len()));
        rest = behind;
        let named = tag.strip_prefix("<meta").and_then(|meta| meta.split_once("charset=")).map(|(_, label)| label);
        let label = named
            .and_then(|label| label.trim_start_matches(['"', '\'', ' ']).split(['"', '\'', ' ', '>', ';', '/']).next());
        if let Some(encoding) = label.and_then(|label| Encoding::for_label(label.as_bytes())) {
            return Some(encoding);
        }
    }
    None
}

fn parse(text: &str, furniture: bool) -> Result<Page> {
    let sink = Sink(RefCell::new(Page { furniture, ..Page::default() }));
    let tokenizer = Tokenizer::new(sink, Default::default());
    let queue = BufferQueue::default();
    queue.push_back(StrTendril::from_slice(text));
    let _ = tokenizer.feed(&queue);
    tokenizer.end();
    let mut page = tokenizer.sink.0.into_inner();
    page.end_line();
    page.end_article();
    page.failed.take().map_or(Ok(page), Err)
}

struct Sink(RefCell<Page>);

#[derive(Default)]
struct Page {
    flow: Flow,
    line: String,
    /// A blank to write before the next character; whether it was a line end of the source.
    blank: Option<bool>,
    /// Whether furniture is dropped.
    furniture: bool,
    /// The element that is dropped, and how many of its name are open.
    dropped: Option<(String, usize)>,
    /// The element that holds the article, how many of its name are open, and what was around it.
    within: Option<(String, usize, Flow, Vec<bool>)>,
    article: String,
    /// The open tables, and whether a row is open in each.
    tables: Vec<bool>,
    /// Whether lines end where they do in the source.
    preformatted: bool,
    /// What the describing table says, and what the head of the page does.
    given: Given,
    stated: Given,
    heading: Option<String>,
    failed: Option<anyhow::Error>,
}

impl TokenSink for Sink {
    type Handle = ();

    fn process_token(&self, token: Token, _: u64) -> TokenSinkResult<()> {
        let mut page = self.0.borrow_mut();
        match token {
            Token::TagToken(tag) if tag.kind == TagKind::StartTag => {
                page.open(&tag);
                return match &*tag.name {
                    "script" => TokenSinkResult::RawData(RawKind::ScriptData),
                    "style" | "iframe" | "noscript" => TokenSinkResult::RawData(RawKind::Rawtext),
                    "title" | "textarea" => TokenSinkResult::RawData(RawKind::Rcdata),
                    _ => TokenSinkResult::Continue,
                };
            }
            Token::TagToken(tag) => page.close(&tag.name),
            Token::CharacterTokens(text) if page.dropped.is_none() => page.text(&text),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

fn get<'a>(tag: &'a Tag, name: &str) -> &'a str {
    tag.attrs.iter().find(|attribute| &*attribute.name.local == name).map_or("", |attribute| &attribute.value)
}

impl Page {
    fn open(&mut self, tag: &Tag) {
        let name = &*tag.name;
        let void = VOID.contains(&name) || tag.self_closing;
        // a paragraph ends where a block begins, whether that is said or not
        self.dropped.take_if(|(dropped, _)| dropped == "p" && BLOCKS.contains(&name) && name != "br");
        if let Some((dropped, depth)) = &mut self.dropped {
            *depth += usize::from(dropped == name && !void);
            return;
        }
        let id = get(tag, "id").to_ascii_lowercase();
        let marks = format!("{id} {}", get(tag, "class").to_ascii_lowercase());
        let marked = |signs: &[&str]| marks.split_whitespace().any(|mark| signs.contains(&mark));
        let raw = matches!(name, "script" | "style" | "noscript" | "iframe" | "title" | "textarea");
        if !void && (raw || self.furniture && (DROPPED.contains(&name) || marked(&FURNITURE))) {
            self.dropped = Some((name.to_string(), 1));
            return;
        }
        if BLOCKS.contains(&name) {
            self.end_line();
        }
        match name {
            "meta" => match &*get(tag, "name").to_ascii_lowercase() {
                "articletitle" => {
                    self.stated.title = Some(get(tag, "content").trim().into()).filter(|t: &String| !t.is_empty())
                }
                "pubdate" => self.stated.date = date(get(tag, "content")),
                _ => {}
            },
            "table" if self.tables.len() < DEEPEST => self.tables.push(false),
            "tr" => {
                self.end_row();
                if let Some(row) = self.tables.last_mut() {
                    *row = true;
                    self.flow.open_row();
                }
            }
            "td" | "th" => self.flow.open_cell(),
            "pre" => self.preformatted = true,
            _ => {}
        }
        match &mut self.within {
            Some((within, depth, ..)) => *depth += usize::from(within == name && !void),
            // what counts visits or makes the letters larger is of such a class too, and no block
            None if !void && (BLOCKS.contains(&name) && marked(&ARTICLES) || ARTICLES.contains(&id.as_str())) => {
                let around = (std::mem::take(&mut self.flow), std::mem::take(&mut self.tables));
                self.within = Some((name.to_string(), 1, around.0, around.1));
            }
            None => {}
        }
    }

    fn close(&mut self, name: &str) {
        if let Some((dropped, depth)) = &mut self.dropped {
            *depth -= usize::from(dropped == name);
            if *depth == 0 {
                self.dropped = None;
            }
            return;
        }
        if name == "h1" && self.heading.is_none() {
            self.heading = Some(self.line.trim().to_string()).filter(|heading| !heading.is_empty());
        }
        if BLOCKS.contains(&name) {
            self.end_line();
        }
        if let Some((within, depth, ..)) = &mut self.within {
            *depth -= usize::from(within == name);
            if *depth == 0 {
                self.end_article();
            }
        }
        match name {
            "tr" => self.end_row(),
            "table" => {
                self.end_row();
                self.tables.pop();
            }
            "pre" => self.preformatted = false,
            _ => {}
        }
    }

    fn text(&mut self, text: &str) {
        for char in text.chars() {
            match char {
                '\n' if self.preformatted => self.end_line(),
                '\n' | '\r' => self.blank = Some(self.blank.unwrap_or(true)),
                ' ' | '\t' => self.blank = Some(self.blank.unwrap_or(false)),
                '\u{200b}' | '\u{feff}' => {}
                _ => {
                    // a source wrapped inside a Chinese sentence has no blank there
                    let wrapped = |source| source && !char.is_ascii() && !self.line.ends_with(|c: char| c.is_ascii());
                    if self.blank.take().is_some_and(|source| !wrapped(source)) && !self.line.is_empty() {
                        self.line.push(' ');
                    }
                    self.line.push(if char == '\u{a0}' { ' ' } else { char });
                }
            }
        }
    }

    fn end_line(&mut self) {
        self.blank = None;
        let line = std::mem::take(&mut self.line);
        if !line.trim().is_empty()
            && let Err(error) = self.flow.paragraph(line.trim())
        {
            self.failed = Some(error);
        }
    }

    fn end_row(&mut self) {
        let Some(row) = self.tables.last_mut().filter(|row| **row) else { return };
        *row = false;
        let cells = self.flow.cells();
        if self.within.is_none() && self.describes(&cells) {
            self.flow.empty_row();
        }
        self.flow.close_row();
    }

    /// Whether a row belongs to the table that describes the document; takes what it says.
    fn describes(&mut self, cells: &[String]) -> bool {
        let label = |cell: &String| {
            let bare: String = cell.chars().filter(|char| !char.is_whitespace()).collect();
            bare.strip_suffix(['：', ':']).filter(|bare| LABELS.contains(bare)).map(String::from)
        };
        for (at, cell) in cells.iter().enumerate() {
            let value = cells.get(at + 1).map(|value| value.trim()).filter(|value| !value.is_empty());
            match (label(cell).as_deref(), value) {
                (Some("标题"), Some(value)) => self.given.title = Some(value.to_string()),
                (Some("成文日期"), Some(value)) => self.given.date = date(value).or(self.given.date.take()),
                (Some("发布日期"), Some(value)) => self.stated.date = self.stated.date.take().or(date(value)),
                _ => {}
            }
        }
        cells.first().is_some_and(|cell| label(cell).is_some())
    }

    fn end_article(&mut self) {
        if let Some((_, _, flow, tables)) = self.within.take() {
            self.end_line();
            let text = std::mem::replace(&mut self.flow, flow).finish();
            self.tables = tables;
            if !self.article.is_empty() {
                self.article.push('\n');
            }
            self.article.push_str(&text);
        }
    }
}

/// The first three numbers of a text as a date, whatever stands around them.
fn date(text: &str) -> Option<String> {
    let numbers = text.split(|char: char| !char.is_ascii_digit()).filter(|part| !part.is_empty());
    let numbers: Vec<&str> = numbers.take(3).collect();
    Meta::read_date(&numbers.join("-")).filter(|_| numbers.len() == 3)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(page: &str) -> String {
        read(page.as_bytes()).unwrap().text
    }

    #[test]
    fn what_only_looks_like_an_article_or_like_furniture_loses_nothing() {
        for page in [
            "<span class='view'>浏览次数：3</span><h1>题</h1><p>正文</p>",
            "字体：<a class='zoom'>大</a><p>正文</p>",
            "<p class='share'>分享<div>正文</div></p><p>结尾</p>",
            "<script charset='gb2312' src='a.js'></script><!-- charset=gb2312 --><meta charset='utf-8'><p>正文</p>",
            "<meta charset='gb2312'><p>正文</p>",
            "<pre>题\n正文\n尾</pre>",
        ] {
            let text = read(page.as_bytes()).unwrap().text;
            assert!(text.contains("正文"), "{page}: {text}");
        }
        assert_eq!(
            read("<pre>题\r\n正文</pre>尾".as_bytes()).unwrap().text.lines().collect::<Vec<_>>(),
            ["题", "正文", "尾"]
        );
        let (gbk, ..) = encoding_rs::GBK.encode("<meta charset='utf-8'><p>港门镇政府工作报告</p>");
        assert!(read(&gbk).unwrap().text.contains("港门镇政府工作报告"));
    }

    #[test]
    fn blocks_blanks_and_furniture() {
        let page = "<title>题</title><script>a<b</script><div class='nav'>首页<div>x</div></div><p>国务\n院&nbsp;1\n 2<br>乙</p>
            <li>丙<style>p{}</style><table><tr><td>甲<td>乙</tr><tr><td>丙</table>";
        assert_eq!(text(page), "国务院 1 2\n乙\n丙\n甲\t乙\n丙");
        assert_eq!(text("<div class=nav>甲<p>乙"), "甲\n乙");
    }

    #[test]
    fn the_describing_table_gives_title_and_date() {
        let page = "<table><tr><td><b>标　　题：</b></td><td>关于某事的通知</td></tr><tr><td>索 引 号：</td><td>1</td>
            <td>成文日期：</td><td>2018年12月8日</td></tr></table>";
        for article in ["<p>正文</p>", "<h1>另</h1>旁<div><div id='UCAP-CONTENT'><div>正文</div></div>旁</div>"]
        {
            let read = read(format!("{page}{article}").as_bytes()).unwrap();
            assert_eq!(read.text, "正文");
            assert_eq!(read.given.title.unwrap(), "关于某事的通知");
            assert_eq!(read.given.date.unwrap(), "2018-12-08");
        }
    }

    #[test]
    fn character_sets() {
        let page = b"<meta http-equiv=x content='text/html; charset=gb2312'><p>\xb8\xdb\xc3\xc5</p>";
        let read_page = read(page).unwrap();
        assert_eq!((read_page.text.as_str(), read_page.encoding), ("港门", "GBK"));
        let undeclared = read(b"<p>\xb8\xdb\xc3\xc5").unwrap();
        assert_eq!((undeclared.text.as_str(), undeclared.encoding), ("港门", "gb18030"));
    }
}
