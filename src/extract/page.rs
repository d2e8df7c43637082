//! The tags of a web page to the lines of its text, and to what the page says of it.

use std::cell::RefCell;
use std::collections::{BTreeMap, HashSet};

use anyhow::Result;
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{BufferQueue, Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer};

use super::elements::{Open, get, has, numbers};
use super::flow::Flow;
use super::numbering::{has_number, numeral};
use super::service::{date, described, published, serves};
use super::signs::{note_mark, raised};
use super::vocabulary::{ARTICLES, BLOCKS, DROPPED, FURNITURE, NOTES, RAW, TITLES, UNSEEN, VOID};
use super::withheld::{Withheld, texts};

/// No such line is longer, and nothing that stands over an article, in characters.
const LONG_LINE: usize = 120;
/// An item of a list that is nothing but a link of so many characters is one of a menu.
const LONG_ITEM: usize = 10;
/// The mark of these.
const MENU: &str = "a";
/// A part of the text is a fair share from one in so many on.
const FAIR: usize = 5;
const DEEPEST: usize = 1000;

/// What is known of a page from an earlier reading.
#[derive(Default)]
pub struct Known {
    /// Marks that are none on it: elements, classes and ids.
    pub void: Vec<&'static str>,
    /// The elements that are text for all their marks, by what number they have.
    pub texts: Vec<usize>,
}

pub fn parse(text: &str, known: &Known) -> Result<Page> {
    let (void, texts) = (known.void.clone(), known.texts.iter().copied().collect());
    let sink = Sink(RefCell::new(Page { void, texts, ..Page::default() }));
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
pub struct Page {
    /// The text; around the article, if one is marked.
    pub flow: Flow,
    /// The text of the elements that hold the article.
    pub article: String,
    /// What `<title>` says.
    pub name: String,
    /// What the page says to be the title and the date of its document.
    pub title: Option<String>,
    pub date: Option<String>,
    /// The day on which it was published.
    pub published: Option<String>,
    /// What could be the title, as it stands over the article or anywhere if none is marked.
    pub headings: Vec<Heading>,
    /// What is left out for its mark.
    pub withheld: Vec<Withheld>,
    void: Vec<&'static str>,
    texts: HashSet<usize>,
    /// How many elements have begun, and how many of them are articles that are open.
    tags: usize,
    open_articles: usize,
    line: String,
    /// A blank to write before the next character; whether it was a line end of the source.
    blank: Option<bool>,
    /// The element that is dropped, and its mark; whether what is in it now is no markup.
    dropped: Option<(Open, &'static str)>,
    is_raw: bool,
    /// The element that holds the article, its mark, and what was around it.
    within: Option<(Open, &'static str, Flow, Vec<Table>)>,
    tables: Vec<Table>,
    /// The open lists; the number of the last item of those that have numbers.
    lists: Vec<Option<(&'static str, u32)>>,
    /// The number of the next line.
    number: Option<String>,
    /// The element in which lines end where they do in the source.
    preformatted: Option<Open>,
    heading: Option<(Open, Heading, usize)>,
    /// Whether a link is open; where in the line one began that leads to a place of this page, and whether it leads to a note.
    link: bool,
    anchor: Option<(usize, bool)>,
    /// Where in the line text began that stands above it.
    raised: Option<usize>,
    /// How many characters stand in articles and in furniture, by their marks, and around both outside of links; and
    /// outside of links in all that is kept.
    articles: BTreeMap<&'static str, usize>,
    furniture: BTreeMap<&'static str, usize>,
    around: usize,
    unlinked: usize,
    /// What `unlinked` was where the line begins.
    before: usize,
    failed: Option<anyhow::Error>,
}

pub struct Heading {
    pub text: String,
    pub is_first: bool,
}

#[derive(Default)]
struct Table {
    /// Whether a row is open.
    row: bool,
    /// Whether it describes the document.
    describes: bool,
}

impl TokenSink for Sink {
    type Handle = ();

    fn process_token(&self, token: Token, _: u64) -> TokenSinkResult<()> {
        let mut page = self.0.borrow_mut();
        match token {
            Token::TagToken(tag) if tag.kind == TagKind::StartTag => {
                page.open(&tag);
                return match &*tag.name {
                    _ if page.is_whole(&tag) => TokenSinkResult::Continue,
                    "script" => TokenSinkResult::RawData(RawKind::ScriptData),
                    "style" | "iframe" | "noscript" => TokenSinkResult::RawData(RawKind::Rawtext),
                    "title" | "textarea" => TokenSinkResult::RawData(RawKind::Rcdata),
                    _ => TokenSinkResult::Continue,
                };
            }
            Token::TagToken(tag) => page.close(&tag.name),
            Token::CharacterTokens(text) => page.text(&text),
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

/// What is no blank.
fn inked(text: &str) -> usize {
    text.chars().filter(|char| !char.is_whitespace()).count()
}

impl Page {
    /// Marks that do not mean what they do elsewhere: of an article that is a small part of the text, as what counts
    /// visits or makes letters larger; of furniture that is nearly all of it, or that never ends.
    pub fn wrong_marks(&self) -> Vec<&'static str> {
        let endless = self.dropped.as_ref().map(|(_, mark)| *mark).filter(|mark| !self.void.contains(mark));
        let kept = self.around + self.articles.values().sum::<usize>();
        let large = || {
            let (mark, held) = self.furniture.iter().max_by_key(|(_, held)| **held)?;
            (*held > kept * (FAIR - 1)).then_some(*mark)
        };
        match endless.or_else(large) {
            Some(mark) => vec![mark],
            None => self.articles.iter().filter(|(_, held)| **held * FAIR < kept).map(|(mark, _)| *mark).collect(),
        }
    }

    /// The elements that are left out and are text for all that.
    pub fn withheld_texts(&self) -> Vec<usize> {
        let is_marked = !self.article.is_empty();
        let shown = || if is_marked { self.article.clone() } else { self.flow.text() };
        texts(&self.withheld, shown, is_marked)
    }

    /// Whether a tag is an element without content. That it says so itself means nothing for `<script/>`, but in XHTML,
    /// where no end tag follows.
    fn is_whole(&self, tag: &Tag) -> bool {
        let name = &*tag.name;
        VOID.contains(&name) || tag.self_closing && (!RAW.contains(&name) || self.void.contains(&name))
    }

    fn open(&mut self, tag: &Tag) {
        let name = &*tag.name;
        let void = self.is_whole(tag);
        self.tags += 1;
        self.begin_mark(tag);
        self.dropped.take_if(|(dropped, _)| dropped.ends_before(name));
        if let Some((dropped, _)) = &mut self.dropped {
            self.is_raw |= RAW.contains(&name) && !void;
            if let Some(withheld) = self.withheld.last_mut().filter(|_| BLOCKS.contains(&name)) {
                withheld.end_line();
            }
            return dropped.begin(name, void);
        }
        let id = get(tag, "id").to_ascii_lowercase();
        let marks = format!("{id} {}", get(tag, "class").to_ascii_lowercase());
        let style: String = get(tag, "style").chars().filter(|char| !char.is_whitespace()).collect();
        let style = style.to_ascii_lowercase();
        let known = |signs: &[&'static str], mark: &str| {
            signs.iter().copied().find(|sign| *sign == mark && !self.void.contains(sign))
        };
        let marked =
            |signs: &[&'static str]| marks.split_whitespace().find_map(|mark| known(signs, mark)).filter(|_| !void);
        let article = marked(&ARTICLES);
        // what is below a title says where it was read out
        let is_title = |mark: &str| TITLES.iter().any(|sign| mark.ends_with(sign)) && !mark.starts_with("sub");
        let is_title =
            matches!(name, "h1" | "h2" | "h3") || BLOCKS.contains(&name) && marks.split_whitespace().any(is_title);
        if let Some(mark) = self.dropped(tag, &style).filter(|_| !void).or_else(|| marked(&FURNITURE)) {
            let is_furniture = FURNITURE.contains(&mark);
            if !is_furniture || !self.texts.contains(&self.tags) {
                let in_article = self.within.is_some() || article.is_some();
                let withheld = || Withheld::new(self.tags, mark, in_article, self.open_articles > 0);
                self.withheld.extend(is_furniture.then(withheld));
                self.dropped = Some((Open::new(name), mark));
                return;
            }
        }
        if BLOCKS.contains(&name) {
            self.end_line();
        }
        self.begin(tag, &style, void);
        if is_title && !void && self.articles.is_empty() {
            let heading = Heading { text: String::new(), is_first: name == "h1" };
            // one in another is more to the point
            self.heading = Some((Open::new(name), heading, self.unlinked));
        }
        match (&mut self.within, article) {
            (Some((within, ..)), _) => within.begin(name, void),
            // a link or a button of such a class is no article
            (None, Some(mark)) if BLOCKS.contains(&name) || id == mark => {
                let around = (std::mem::take(&mut self.flow), std::mem::take(&mut self.tables));
                self.within = Some((Open::new(name), mark, around.0, around.1));
            }
            _ => {}
        }
    }

    /// The mark by which an element is dropped for its name, or for not being shown.
    fn dropped(&self, tag: &Tag, style: &str) -> Option<&'static str> {
        let named = |names: &[&'static str]| names.iter().copied().find(|name| *name == &*tag.name);
        let is_hidden = has(tag, "hidden").is_some() || style.contains("display:none");
        let mark = named(&DROPPED).or_else(|| named(&FURNITURE)).or(is_hidden.then_some("hidden"));
        named(&RAW).or(mark.filter(|mark| !self.void.contains(mark)))
    }

    /// What an element does to the lines.
    fn begin(&mut self, tag: &Tag, style: &str, void: bool) {
        let name = &*tag.name;
        self.preformatted.take_if(|open| open.ends_before(name));
        self.heading.take_if(|(open, ..)| open.ends_before(name));
        match &mut self.preformatted {
            Some(open) => open.begin(name, void),
            None if name == "pre" || BLOCKS.contains(&name) && style.contains("white-space:pre") => {
                self.preformatted = Some(Open::new(name)).filter(|_| !void);
            }
            None => {}
        }
        if let Some((open, ..)) = &mut self.heading {
            open.begin(name, void);
        }
        match name {
            "meta" => self.meta(tag),
            "article" => self.open_articles += 1,
            "table" if self.tables.len() < DEEPEST => self.tables.push(Table::default()),
            "tr" => {
                self.end_row();
                if let Some(table) = self.tables.last_mut() {
                    table.row = true;
                    self.flow.open_row();
                }
            }
            "td" | "th" => self.flow.open_cell(),
            "ul" | "ol" if self.lists.len() < DEEPEST => self.lists.push(numbers(tag, style)),
            "li" => {
                if let Some(Some((format, number))) = self.lists.last_mut() {
                    *number = get(tag, "value").parse().unwrap_or(number.saturating_add(1));
                    self.number = Some(format!("{}.", numeral(format, *number)));
                }
            }
            _ => {}
        }
    }

    fn meta(&mut self, tag: &Tag) {
        let content = get(tag, "content").trim();
        match &*get(tag, "name").to_ascii_lowercase() {
            "articletitle" if !content.is_empty() => self.title = self.title.take().or(Some(content.into())),
            "pubdate" => self.published = self.published.take().or(date(content)),
            _ => {}
        }
    }

    fn close(&mut self, name: &str) {
        self.is_raw = false;
        self.link &= name != "a";
        let anchor = self.anchor.take_if(|_| name == "a");
        let raised = self.raised.take_if(|_| name == "sup");
        if let Some((dropped, _)) = &mut self.dropped {
            if let Some(withheld) = self.withheld.last_mut().filter(|_| BLOCKS.contains(&name)) {
                withheld.end_line();
            }
            if dropped.end(name) {
                self.dropped = None;
            }
            return;
        }
        if let Some((begin, is_note)) = anchor {
            self.end_mark(begin, true, is_note);
        }
        if let Some(begin) = raised {
            self.end_mark(begin, false, false);
        }
        if BLOCKS.contains(&name) {
            self.end_line();
        }
        if let Some((_, heading, begin)) = self.heading.take_if(|(open, ..)| open.end(name))
            && (4..=LONG_LINE).contains(&heading.text.chars().count())
            // what is nothing but a link leads to where the reader is not
            && self.unlinked > begin
            && self.headings.len() < DEEPEST
        {
            self.headings.push(heading);
        }
        if self.within.as_mut().is_some_and(|(within, ..)| within.end(name)) {
            self.end_article();
        }
        self.preformatted.take_if(|open| open.end(name));
        match name {
            "tr" => self.end_row(),
            "table" => {
                self.end_row();
                self.tables.pop();
            }
            "ul" | "ol" => {
                self.lists.pop();
            }
            "li" => self.number = None,
            "article" => self.open_articles = self.open_articles.saturating_sub(1),
            _ => {}
        }
    }

    /// What may be the mark of a note, or stands above the line.
    fn begin_mark(&mut self, tag: &Tag) {
        match &*tag.name {
            "a" => {
                self.link = has(tag, "href").is_some();
                let place = get(tag, "href").strip_prefix('#').map(str::to_ascii_lowercase);
                self.anchor = place.map(|place| (self.line.len(), NOTES.iter().any(|sign| place.contains(sign))));
            }
            "sup" => self.raised = Some(self.line.len()),
            _ => {}
        }
    }

    /// Takes back what stands from `begin` in the line if it is the mark of a note: a number in brackets, or one that links
    /// to a note or from above the line. Before a note it says which it is.
    fn end_mark(&mut self, begin: usize, links: bool, is_note: bool) {
        let Some(mark) = self.line.get(begin..).and_then(note_mark) else { return };
        let is_mark = mark.is_enclosed || links && (is_note || mark.is_raised);
        if !is_mark {
            return;
        }
        self.line.truncate(begin);
        if self.line.trim().is_empty() {
            self.line = format!("[{}]", mark.number);
            self.blank = Some(false);
        }
    }

    fn text(&mut self, text: &str) {
        let inked = inked(text);
        let free = if self.link { 0 } else { inked };
        match (&self.dropped, &self.within) {
            (Some((_, "title")), _) if self.name.len() < LONG_LINE * 4 => return self.name.push_str(text),
            (Some((_, mark)), _) if FURNITURE.contains(mark) => {
                *self.furniture.entry(mark).or_default() += free;
                let withheld = self.withheld.last_mut().filter(|_| !self.link && !self.is_raw);
                withheld.into_iter().for_each(|withheld| withheld.push(text));
                return;
            }
            (Some(_), _) => return,
            (None, Some((_, mark, ..))) => *self.articles.entry(mark).or_default() += inked,
            (None, None) => self.around += free,
        }
        self.unlinked += free;
        let text = if self.raised.is_some() { &raised(text) } else { text };
        for char in text.chars() {
            match char {
                '\n' if self.preformatted.is_some() => self.end_line(),
                '\n' | '\r' => self.blank = Some(self.blank.unwrap_or(true)),
                ' ' | '\t' => self.blank = Some(self.blank.unwrap_or(false)),
                _ if UNSEEN.contains(&char) => {}
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
        let line = line.trim();
        let is_link = std::mem::replace(&mut self.before, self.unlinked) == self.unlinked;
        if line.is_empty() {
            return;
        }
        if is_link && self.is_menu(line) {
            *self.furniture.entry(MENU).or_default() += inked(line);
            return;
        }
        if self.within.is_none() {
            self.published = self.published.take().or_else(|| published(line));
            let in_row = self.tables.last().is_some_and(|table| table.row);
            if serves(line, in_row) {
                self.around = self.around.saturating_sub(inked(line));
                return;
            }
        }
        if let Some((_, heading, _)) =
            self.heading.as_mut().filter(|(_, heading, _)| heading.text.len() < LONG_LINE * 4)
        {
            heading.text.push_str(line);
        }
        // an item that is a link is one of a menu, and one that brings a number has none besides
        let number = self.number.take().filter(|_| !is_link && !has_number(line));
        let numbered = number.map(|number| format!("{number}{line}"));
        if let Err(error) = self.flow.paragraph(numbered.as_deref().unwrap_or(line)) {
            self.failed = Some(error);
        }
    }

    /// Whether a line that is a link belongs to a menu.
    fn is_menu(&self, line: &str) -> bool {
        let is_free = self.within.is_none() && self.tables.is_empty() && self.heading.is_none();
        is_free && !self.lists.is_empty() && !self.void.contains(&MENU) && line.chars().count() <= LONG_ITEM
    }

    fn end_row(&mut self) {
        if !self.tables.last().is_some_and(|table| table.row) {
            return;
        }
        let cells = self.flow.cells();
        if self.within.is_none() && self.describes(&cells) {
            self.around = self.around.saturating_sub(cells.iter().map(|cell| inked(cell)).sum());
            self.flow.empty_row();
        }
        if let Some(table) = self.tables.last_mut() {
            table.row = false;
        }
        self.flow.close_row();
    }

    /// Whether a row belongs to the table that describes the document; takes what it says.
    fn describes(&mut self, cells: &[String]) -> bool {
        let Some(table) = self.tables.last_mut() else { return false };
        let (is_label, said) = described(cells, &mut table.describes);
        for (name, value) in said {
            match name.as_str() {
                "标题" | "名称" | "信息名称" => self.title = Some(value),
                "成文日期" => self.date = date(&value).or(self.date.take()),
                "发布日期" | "公开日期" | "生成日期" | "发文日期" => {
                    self.published = self.published.take().or(date(&value));
                }
                _ => {}
            }
        }
        is_label
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
