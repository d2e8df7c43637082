//! OpenDocument text (.odt) to text: a line a paragraph or heading, and a line a table row. Deleted words, comments, tables
//! of contents, hidden words and the furniture of pages go; notes stand behind the text, and the numbers
//! of lists before their items.

use std::collections::HashSet;

use anyhow::Result;

use super::archive::{Archive, encrypted};
use super::flow::Flow;
use super::lists::Lists;
use super::signs::raised;
use super::xml::{Node, Tag, each};
use super::{Extracted, Given};
use crate::fail::advised;

/// Elements whose content is not text of the page: what revisions removed, comments, indexes, pronunciation, the words
/// that stand for a picture, the mark at a note.
const DROPPED: [&str; 10] = [
    "tracked-changes", "annotation", "table-of-content", "alphabetical-index", "illustration-index", "table-index",
    "ruby-text", "desc", "note-citation", "forms",
];
/// The longest run of blanks that is kept.
const BLANKS: u32 = 16;
/// Text boxes in paragraphs in text boxes.
const DEEPEST: usize = 64;

pub fn read(bytes: &[u8]) -> Result<Extracted> {
    let mut archive = Archive::open(bytes)?;
    let manifest = archive.member("META-INF/manifest.xml")?.unwrap_or_default();
    if String::from_utf8_lossy(&manifest).contains("encryption-data") {
        return Err(encrypted());
    }
    let Some(content) = archive.member("content.xml")? else {
        return Err(advised("it is no OpenDocument text", "open it with LibreOffice and save it as .odt"));
    };
    let mut body = Body::default();
    if let Some(styles) = archive.member("styles.xml")? {
        each("styles.xml", &styles, |node| {
            match node {
                Node::Open(tag) => {
                    body.lists.open(&tag);
                    body.describe(&tag);
                }
                Node::Close(name) => {
                    body.lists.close(name);
                    body.look.take_if(|_| name == "style");
                }
                Node::Text(_) => {}
            }
            Ok(())
        })?;
    }
    each("content.xml", &content, |node| body.node(node))?;
    if !body.is_text {
        return Err(advised("it is no OpenDocument text", "give a text document; tables and slides are not read"));
    }
    for (at, note) in std::mem::take(&mut body.notes).iter().enumerate() {
        body.flow.paragraph(&format!("[{}] {}", at + 1, note.trim()))?;
    }
    Ok(Extracted { text: body.flow.finish(), encoding: "odt", given: Given::default(), lacks: None })
}

#[derive(Default)]
struct Body {
    flow: Flow,
    lists: Lists,
    is_text: bool,
    dropped: usize,
    /// The look that is being described, those whose text stands above the line, and those that hide it.
    look: Option<String>,
    raised: HashSet<String>,
    hidden: HashSet<String>,
    /// Whether the text stands above the line, and whether it is hidden, for each run of it around us.
    runs: Vec<(bool, bool)>,
    /// Paragraphs inside paragraphs: a text box or a note hangs on the outer one.
    paragraphs: Vec<Paragraph>,
    /// How many paragraphs there were around the note we are in.
    note: Option<usize>,
    notes: Vec<String>,
}

#[derive(Default)]
struct Paragraph {
    text: String,
    hidden: bool,
    boxed: Vec<String>,
}

impl Body {
    fn node(&mut self, node: Node) -> Result<()> {
        match node {
            Node::Open(_) if self.dropped > 0 => self.dropped += 1,
            Node::Close(_) if self.dropped > 0 => self.dropped -= 1,
            // a picture's title is another element than the field that shows the document's
            Node::Open(tag) if DROPPED.contains(&tag.name()) || tag.full_name() == "svg:title" => self.dropped = 1,
            Node::Open(tag) => self.open(&tag),
            Node::Close(name) => return self.close(name),
            // text between the parts of a note is layout of the XML
            Node::Text(text) if self.dropped == 0 && self.note.is_none_or(|outer| self.paragraphs.len() > outer) => {
                self.words(&text);
            }
            Node::Text(_) => {}
        }
        Ok(())
    }

    fn open(&mut self, tag: &Tag) {
        self.lists.open(tag);
        match tag.name() {
            "text" => self.is_text = true,
            "style" | "text-properties" => self.describe(tag),
            "span" => {
                let is_in = |looks: &HashSet<String>| tag.get("style-name").is_some_and(|look| looks.contains(&look));
                let is_hidden = self.runs.last().is_some_and(|run| run.1) || is_in(&self.hidden);
                self.runs.push((is_in(&self.raised), is_hidden));
            }
            "p" | "h" if self.paragraphs.len() < DEEPEST => {
                let hidden = tag.get("style-name").is_some_and(|look| self.hidden.contains(&look));
                let is_counted = self.paragraphs.is_empty() && self.note.is_none() && !hidden;
                let number = if is_counted { self.lists.next() } else { None };
                self.paragraphs.push(Paragraph { text: number.unwrap_or_default(), hidden, boxed: Vec::new() });
            }
            "s" => {
                let blanks = tag.number("c").unwrap_or(1).min(BLANKS) as usize;
                self.push(&" ".repeat(blanks));
            }
            "tab" => self.push("\t"),
            "line-break" => self.push("\n"),
            "table-row" => self.flow.open_row(),
            "table-cell" | "covered-table-cell" => self.flow.open_cell(),
            "note" if self.note.is_none() => {
                self.note = Some(self.paragraphs.len());
                self.notes.push(String::new());
            }
            _ => {}
        }
    }

    /// Takes what a style says of its text.
    fn describe(&mut self, tag: &Tag) {
        if tag.name() == "style" {
            self.look = tag.get("name");
            let is_hidden = tag.get("parent-style-name").is_some_and(|parent| self.hidden.contains(&parent));
            self.hidden.extend(self.look.clone().filter(|_| is_hidden));
        } else if let Some(look) = self.look.as_ref().filter(|_| tag.name() == "text-properties") {
            if tag.get("text-position").is_some_and(|place| place.starts_with("super")) {
                self.raised.insert(look.clone());
            }
            match tag.get("display").as_deref() {
                Some("none") => drop(self.hidden.insert(look.clone())),
                Some(_) => drop(self.hidden.remove(look)),
                None => {}
            }
        }
    }

    fn close(&mut self, name: &str) -> Result<()> {
        self.lists.close(name);
        match name {
            "p" | "h" => return self.end_paragraph(),
            "span" => drop(self.runs.pop()),
            "style" => self.look = None,
            "table-row" => self.flow.close_row(),
            "note" => self.note = None,
            _ => {}
        }
        Ok(())
    }

    fn end_paragraph(&mut self) -> Result<()> {
        let Some(paragraph) = self.paragraphs.pop() else { return Ok(()) };
        if let (Some(_), Some(note)) = (self.note, self.notes.last_mut()) {
            note.push_str(&paragraph.text);
            note.push('\n');
        } else if let Some(outer) = self.paragraphs.last_mut() {
            outer.boxed.push(paragraph.text);
            outer.boxed.extend(paragraph.boxed);
        } else {
            if !paragraph.hidden || !paragraph.text.is_empty() {
                self.flow.paragraph(&paragraph.text)?;
            }
            paragraph.boxed.iter().try_for_each(|line| self.flow.paragraph(line))?;
        }
        Ok(())
    }

    /// Text, with runs of blanks and line ends of the XML as one blank.
    fn words(&mut self, text: &str) {
        let (above, hidden) = self.runs.last().copied().unwrap_or_default();
        let text = if above { raised(text) } else { text.to_string() };
        let Some(paragraph) = self.paragraphs.last_mut().filter(|paragraph| !hidden && !paragraph.hidden) else {
            return;
        };
        for char in text.chars() {
            match char {
                ' ' | '\n' | '\r' | '\t' if paragraph.text.ends_with(' ') => {}
                ' ' | '\n' | '\r' | '\t' => paragraph.text.push(' '),
                _ => paragraph.text.push(char),
            }
        }
    }

    fn push(&mut self, text: &str) {
        let hidden = self.runs.last().is_some_and(|run| run.1);
        if let Some(paragraph) = self.paragraphs.last_mut().filter(|paragraph| !hidden && !paragraph.hidden) {
            paragraph.text.push_str(text);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::archive::packed;
    use super::*;

    fn text(body: &str) -> String {
        let content = format!("<office:body><office:text>{body}</office:text></office:body>");
        read(&packed(&[("content.xml", content.as_bytes())])).unwrap().text
    }

    #[test]
    fn paragraphs_blanks_and_revisions() {
        let body = r#"<text:tracked-changes><text:p>旧</text:p></text:tracked-changes>
            <text:table-of-content><text:p>目录</text:p></text:table-of-content>
            <text:h>标题</text:h><text:p>甲<text:s text:c="2"/>乙<text:tab/>丙<text:line-break/>丁</text:p>
            <text:p>文<text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>脚注</text:p>
            </text:note-body></text:note>字<office:annotation><text:p>批注</text:p></office:annotation></text:p>"#;
        assert_eq!(text(body), "标题\n甲  乙\t丙\n丁\n文字\n[1] 脚注");
    }

    #[test]
    fn raised_digits_are_no_part_of_a_number() {
        let body = r#"<style:style style:name="T1"><style:text-properties style:text-position="super 58%"/></style:style>
            <text:p>10<text:span text:style-name="T1">4</text:span><text:span>5</text:span></text:p>"#;
        assert_eq!(text(body), "10⁴5");
    }

    #[test]
    fn hidden_words_go() {
        let style = |name: &str, of: &str, display: &str| {
            format!(
                r#"<style:style style:name="{name}" {of}><style:text-properties text:display="{display}"/></style:style>"#
            )
        };
        let of = r#"style:parent-style-name="H""#;
        let heir = format!(r#"<style:style style:name="P" {of}/>"#);
        let styles = [style("H", "", "none"), heir, style("S", of, "true")].concat();
        let body = r#"<text:p text:style-name="P">密</text:p><text:p>见<text:span text:style-name="H">密<text:span>密
            </text:span><text:tab/></text:span><text:span text:style-name="S">字</text:span></text:p>"#;
        assert_eq!(text(&(styles + body)), "见字");
    }

    #[test]
    fn rows_are_lines() {
        let cell = |text| format!("<table:table-cell><text:p>{text}</text:p></table:table-cell>");
        let row = format!("<table:table-row>{}{}</table:table-row>", cell("项"), cell("值"));
        assert_eq!(text(&format!("<table:table>{row}{row}</table:table>")), "项\t值\n项\t值");
    }

    #[test]
    fn items_of_lists_have_their_numbers() {
        let level = |level, format, about| {
            format!(r#"<text:list-level-style-number text:level="{level}" style:num-format="{format}" {about}/>"#)
        };
        let list = |about: &str, items: &str| format!("<text:list {about}>{items}</text:list>");
        let item = |text: &str, inner: &str| format!("<text:list-item><text:p>{text}</text:p>{inner}</text:list-item>");
        let styles = [
            level(1, "一, 二, 三, ...", r#"style:num-suffix="、""#),
            level(2, "一, 二, 三, ...", r#"style:num-prefix="（" style:num-suffix="）""#),
            level(3, "1", r#"text:display-levels="2" text:start-value="4""#),
        ];
        let styles = format!(r#"<text:list-style style:name="L">{}</text:list-style>"#, styles.concat());
        let deep = list("", &item("丙", &list("", &item("丁", ""))));
        let first = list(r#"text:style-name="L""#, &[item("甲<text:p>框</text:p>", &deep), item("乙", &deep)].concat());
        let on = r#"text:style-name="L" text:continue-numbering="true""#;
        let next = list(on, &format!("{}<text:list-header><text:p>己</text:p></text:list-header>", item("戊", "")));
        let again = list(r#"text:style-name="L""#, &item("庚", ""));
        assert_eq!(
            text(&[styles, first, "<text:p>文</text:p>".into(), next, again].concat()),
            "一、甲\n框\n（一）丙\n一.4 丁\n二、乙\n（一）丙\n一.4 丁\n文\n三、戊\n己\n一、庚"
        );
    }

    #[test]
    fn encrypted_and_other_files_are_named() {
        let manifest: (&str, &[u8]) = ("META-INF/manifest.xml", b"<m><manifest:encryption-data/></m>");
        assert!(read(&packed(&[manifest])).unwrap_err().to_string().contains("encrypted"));
        assert!(read(&packed(&[("x", b"")])).unwrap_err().to_string().contains("no OpenDocument text"));
    }
}
