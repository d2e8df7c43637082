//! Word documents (.docx) to text: a line a paragraph, with the number that Word puts before it, and a line a table row.
//! Results of fields stay, their instructions go, and so do tables of contents, deleted words, headers and footers.
//! Footnotes and endnotes stand behind the text.

use std::collections::HashMap;

use anyhow::Result;

use super::archive::Archive;
use super::flow::Flow;
use super::numbering::{Numbering, Wish};
use super::xml::{Node, Tag, each};
use super::{Extracted, Given};
use crate::fail::advised;

/// Elements whose content is not text of the page: removed words, former properties, the second copy of a text box,
/// pronunciation.
const DROPPED: [&str; 10] = [
    "del",
    "moveFrom",
    "pPrChange",
    "rPrChange",
    "tblPrChange",
    "sectPrChange",
    "numberingChange",
    "Fallback",
    "rt",
    "sectPr",
];
/// Fields inside fields; text boxes inside text boxes.
const DEEPEST: usize = 64;

pub fn read(bytes: &[u8]) -> Result<Extracted> {
    let mut archive = Archive::open(bytes)?;
    let main = "word/document.xml";
    // some programs number the main part
    let other = || archive.names().find(|name| name.starts_with("word/document") && name.ends_with(".xml"));
    let main = if archive.names().any(|name| name == main) { Some(main.to_string()) } else { other() };
    let Some(main) = main else {
        return Err(advised("it is no Word document", "open it with the program that made it and save it as .docx"));
    };
    let document = archive.member(&main)?.unwrap_or_default();
    let styles = archive.member("word/styles.xml")?;
    let numbers = archive.member("word/numbering.xml")?;
    let numbering = || Numbering::read(styles.as_deref(), numbers.as_deref());
    let mut body = Body { numbering: numbering()?, ..Body::default() };
    each(&main, &document, |node| body.node(node))?;
    if !body.fields.is_empty() {
        // a field that never ends has swallowed what stands behind it
        body = Body { numbering: numbering()?, without_fields: true, ..Body::default() };
        each(&main, &document, |node| body.node(node))?;
    }
    drop(document);
    for (kind, part) in [("footnote", "word/footnotes.xml"), ("endnote", "word/endnotes.xml")] {
        let cited: Vec<String> = body.cited.iter().filter(|(of, _)| *of == kind).map(|(_, id)| id.clone()).collect();
        let Some(bytes) = archive.member(part)?.filter(|_| !cited.is_empty()) else { continue };
        let mut notes = Body::default();
        each(part, &bytes, |node| notes.node(node))?;
        for (at, id) in cited.iter().enumerate() {
            let Some(note) = notes.notes.remove(id) else { continue };
            body.flow.paragraph(&format!("[{}] {}", at + 1, note.trim()))?;
        }
    }
    Ok(Extracted { text: body.flow.finish(), encoding: "docx", given: Given::default() })
}

#[derive(Default)]
struct Body {
    flow: Flow,
    numbering: Numbering,
    paragraphs: Vec<Paragraph>,
    fields: Vec<Field>,
    /// Whether fields are read as if they were text.
    without_fields: bool,
    /// How deep we are in an element that is dropped.
    dropped: usize,
    in_properties: bool,
    in_text: bool,
    /// The content of this part is a table of contents.
    contents: bool,
    /// Notes in the order in which the text cites them.
    cited: Vec<(&'static str, String)>,
    /// The notes of a part of notes, by their ids.
    notes: HashMap<String, String>,
    /// The note we are in, and where it began.
    note: Option<(String, usize)>,
}

#[derive(Default)]
struct Paragraph {
    text: String,
    style: Option<String>,
    wish: Wish,
    /// Something was dropped from it, so where nothing is left there is no line.
    cut: bool,
    /// Lines of text boxes that hang on it.
    boxed: Vec<String>,
}

#[derive(Default)]
struct Field {
    instruction: String,
    in_result: bool,
}

impl Field {
    fn is_contents(&self) -> bool {
        self.in_result && self.instruction.split_whitespace().next() == Some("TOC")
    }
}

impl Body {
    fn node(&mut self, node: Node) -> Result<()> {
        match node {
            Node::Open(tag) => {
                let name = tag.name();
                if self.dropped > 0 {
                    self.dropped += 1;
                } else if DROPPED.contains(&name)
                    || name == "sdtContent" && std::mem::take(&mut self.contents)
                    || name == "fldSimple" && tag.get("instr").is_some_and(|code| code.trim_start().starts_with("TOC"))
                {
                    self.dropped = 1;
                    self.cut(name != "sectPr");
                } else if self.in_properties {
                    self.property(&tag);
                } else {
                    return self.open(&tag);
                }
            }
            Node::Close(_) if self.dropped > 0 => self.dropped -= 1,
            Node::Close(name) => return self.close(name),
            Node::Text(text) if self.dropped == 0 && self.in_text => self.push(&text),
            // an instruction may come in pieces; its first word tells what it is
            Node::Text(text) => {
                let field = self.fields.last_mut().filter(|field| !field.in_result && field.instruction.len() < 64);
                if let Some(field) = field {
                    field.instruction.push_str(&text.chars().take(64).collect::<String>());
                }
            }
        }
        Ok(())
    }

    fn open(&mut self, tag: &Tag) -> Result<()> {
        match tag.name() {
            "p" if self.paragraphs.len() < DEEPEST => self.paragraphs.push(Paragraph::default()),
            "pPr" => self.in_properties = true,
            "t" => self.in_text = true,
            "tab" | "ptab" => self.push("\t"),
            "br" | "cr" => self.push("\n"),
            "noBreakHyphen" => self.push("-"),
            "tr" => self.flow.open_row(),
            "tc" => self.flow.open_cell(),
            "docPartGallery" => {
                self.contents |= tag.get("val").is_some_and(|gallery| gallery.contains("Table of Contents"));
            }
            "sdt" => self.contents = false,
            "fldChar" if self.without_fields => {}
            "fldChar" => match tag.get("fldCharType").as_deref() {
                Some("begin") if self.fields.len() < DEEPEST => self.fields.push(Field::default()),
                Some("separate") => {
                    if let Some(field) = self.fields.last_mut() {
                        field.in_result = true;
                    }
                }
                Some("end") => {
                    let contents = self.in_contents();
                    self.fields.pop();
                    self.cut(contents);
                }
                _ => {}
            },
            "footnoteReference" => self.cited.extend(tag.get("id").map(|id| ("footnote", id))),
            "endnoteReference" => self.cited.extend(tag.get("id").map(|id| ("endnote", id))),
            "footnote" | "endnote" => self.note = tag.get("id").map(|id| (id, self.flow.len())),
            _ => {}
        }
        Ok(())
    }

    fn property(&mut self, tag: &Tag) {
        let Some(paragraph) = self.paragraphs.last_mut() else { return };
        match tag.name() {
            "pStyle" => paragraph.style = tag.get("val"),
            "numId" => paragraph.wish.list = tag.number("val"),
            "ilvl" => paragraph.wish.level = tag.number("val"),
            _ => {}
        }
    }

    fn close(&mut self, name: &str) -> Result<()> {
        match name {
            "p" => self.end_paragraph()?,
            "pPr" => self.in_properties = false,
            "t" => self.in_text = false,
            "tr" => self.flow.close_row(),
            "footnote" | "endnote" => {
                if let Some((id, from)) = self.note.take() {
                    self.notes.insert(id, self.flow.split_off(from).join("\n"));
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn end_paragraph(&mut self) -> Result<()> {
        let contents = self.in_contents();
        let Some(paragraph) = self.paragraphs.pop() else { return Ok(()) };
        let empty = paragraph.text.trim().is_empty();
        let mut text = paragraph.text;
        let gone = empty && (paragraph.cut || contents);
        // an empty paragraph counts, but its number alone says nothing
        let number = if gone { None } else { self.numbering.next(paragraph.style.as_deref(), paragraph.wish) };
        if let Some(number) = number.filter(|_| !empty) {
            text.insert_str(text.len() - text.trim_start().len(), &number);
        }
        if let Some(outer) = self.paragraphs.last_mut() {
            outer.boxed.extend(Some(text).filter(|_| !empty));
            outer.boxed.extend(paragraph.boxed);
            return Ok(());
        }
        if !gone {
            self.flow.paragraph(&text)?;
        }
        paragraph.boxed.iter().try_for_each(|line| self.flow.paragraph(line))
    }

    fn push(&mut self, text: &str) {
        let instruction = self.fields.last().is_some_and(|field| !field.in_result);
        let contents = self.in_contents();
        match self.paragraphs.last_mut() {
            Some(paragraph) if contents => paragraph.cut = true,
            Some(paragraph) if !instruction => paragraph.text.push_str(text),
            _ => {}
        }
    }

    fn cut(&mut self, cut: bool) {
        if let Some(paragraph) = self.paragraphs.last_mut() {
            paragraph.cut |= cut;
        }
    }

    fn in_contents(&self) -> bool {
        self.fields.iter().any(Field::is_contents)
    }
}

#[cfg(test)]
mod tests {
    use super::super::archive::packed;
    use super::*;

    const NUMBERING: &str = r#"<w:numbering>
        <w:abstractNum w:abstractNumId="7">
            <w:lvl w:ilvl="0"><w:start w:val="1"/><w:numFmt w:val="japaneseCounting"/><w:lvlText w:val="%1、"/></w:lvl>
            <w:lvl w:ilvl="1"><w:numFmt w:val="chineseCountingThousand"/><w:pStyle w:val="H2"/><w:lvlText w:val="（%2）"/></w:lvl>
            <w:lvl w:ilvl="2"><w:numFmt w:val="decimal"/><w:isLgl/><w:lvlText w:val="%1.%3"/></w:lvl>
        </w:abstractNum>
        <w:num w:numId="1"><w:abstractNumId w:val="7"/></w:num>
        <w:num w:numId="2"><w:abstractNumId w:val="7"/>
            <w:lvlOverride w:ilvl="0"><w:startOverride w:val="20"/></w:lvlOverride></w:num>
        </w:numbering>"#;
    const STYLES: &str = r#"<w:styles>
        <w:style w:type="paragraph" w:styleId="H2"><w:basedOn w:val="H1"/></w:style>
        <w:style w:type="paragraph" w:styleId="H1"><w:pPr><w:numPr><w:numId w:val="1"/></w:numPr></w:pPr></w:style>
        </w:styles>"#;

    fn text(body: &str) -> String {
        let document = format!("<w:document><w:body>{body}</w:body></w:document>");
        let members: [(&str, &[u8]); 3] = [
            ("word/document.xml", document.as_bytes()),
            ("word/styles.xml", STYLES.as_bytes()),
            ("word/numbering.xml", NUMBERING.as_bytes()),
        ];
        read(&packed(&members)).unwrap().text
    }

    fn paragraph(properties: &str, text: &str) -> String {
        format!("<w:p><w:pPr>{properties}</w:pPr><w:r><w:t>{text}</w:t></w:r></w:p>")
    }

    #[test]
    fn numbers_are_restored() {
        let numbered = |list, level, text| {
            paragraph(&format!(r#"<w:numPr><w:ilvl w:val="{level}"/><w:numId w:val="{list}"/></w:numPr>"#), text)
        };
        let styled = |style, text| paragraph(&format!(r#"<w:pStyle w:val="{style}"/>"#), text);
        let body = [
            styled("H1", "回顾"),
            styled("H2", "经济"),
            styled("H2", "民生"),
            numbered(1, 2, "就业"),
            styled("H1", "展望"),
            styled("H2", "目标"),
            numbered(2, 0, "重来"),
            numbered(0, 0, "无号"),
        ];
        let expected = "一、回顾\n（一）经济\n（二）民生\n1.1 就业\n二、展望\n（一）目标\n二十、重来\n无号";
        assert_eq!(text(&body.concat()), expected);
    }

    #[test]
    fn fields_contents_and_revisions() {
        let field = |code: &str, result: &str| {
            format!(
                r#"<w:r><w:fldChar w:fldCharType="begin"/><w:instrText>{code}</w:instrText><w:fldChar
                w:fldCharType="separate"/></w:r>{result}<w:r><w:fldChar w:fldCharType="end"/></w:r>"#
            )
        };
        let run = |text: &str| format!("<w:r><w:t>{text}</w:t></w:r>");
        let body = [
            format!("<w:p>{}</w:p>", field(" TOC \\o ", &(run("目录一") + &field("PAGEREF x", &run("3"))))),
            r#"<w:sdt><w:sdtPr><w:docPartObj><w:docPartGallery w:val="Table of Contents"/></w:docPartObj></w:sdtPr>
            <w:sdtContent><w:p><w:r><w:t>目录二</w:t></w:r></w:p></w:sdtContent></w:sdt>"#
                .into(),
            format!("<w:p>{}{}</w:p>", run("共"), field("NUMPAGES", &run("9"))),
            "<w:p><w:del><w:r><w:delText>旧</w:delText></w:r></w:del><w:ins><w:r><w:t>新</w:t></w:r></w:ins></w:p>"
                .into(),
            "<w:p><w:r><w:t>甲</w:t><w:tab/><w:t>乙</w:t><w:br/><w:t>丙</w:t></w:r></w:p>".into(),
        ];
        assert_eq!(text(&body.concat()), "共9\n新\n甲\t乙\n丙");
        // one that never ends swallows nothing
        let open = r#"<w:p><w:r><w:fldChar w:fldCharType="begin"/><w:instrText>TOC</w:instrText></w:r></w:p>"#;
        assert_eq!(text(&format!("<w:p>{}</w:p>{open}<w:p>{}</w:p>", run("甲"), run("乙"))), "甲\n\n乙");
    }

    #[test]
    fn tables_text_boxes_and_notes() {
        let cell = |text| format!("<w:tc>{}</w:tc>", paragraph("", text));
        let table = format!("<w:tbl><w:tr>{}{}</w:tr><w:tr>{}</w:tr></w:tbl>", cell("项"), cell("值"), cell("独"));
        let boxed = format!(
            "<w:p><w:r><w:t>外</w:t><mc:Choice>{0}</mc:Choice><mc:Fallback>{0}</mc:Fallback></w:r></w:p>",
            paragraph("", "内")
        );
        assert_eq!(text(&(table + &boxed)), "项\t值\n独\n外\n内");

        let document = r#"<w:document><w:p><w:r><w:t>文</w:t><w:footnoteReference w:id="2"/></w:r></w:p></w:document>"#;
        let notes = r#"<w:footnotes><w:footnote w:id="0"><w:p/></w:footnote>
            <w:footnote w:id="2"><w:p><w:r><w:t> 脚注</w:t></w:r></w:p></w:footnote></w:footnotes>"#;
        let file = packed(&[("word/document.xml", document.as_bytes()), ("word/footnotes.xml", notes.as_bytes())]);
        assert_eq!(read(&file).unwrap().text, "文\n[1] 脚注");
    }

    #[test]
    fn what_is_no_word_document_is_refused() {
        assert!(read(b"text").unwrap_err().to_string().contains("no office document"));
        assert!(read(&packed(&[("content.xml", b"<a/>")])).unwrap_err().to_string().contains("no Word document"));
        let cut = packed(&[("word/document.xml", b"<w:document><w:p>")]);
        assert!(read(&cut).unwrap_err().to_string().contains("damaged"));
    }
}
