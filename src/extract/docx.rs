//! Word documents (.docx) to text: a line a paragraph, with the number that Word puts before it, and a line a table row.
//! Results of fields stay, their instructions go, and so do tables of contents, deleted and hidden words, headers and footers.
//! Footnotes and endnotes stand behind the text.

use std::collections::HashMap;

use anyhow::Result;

use super::archive::Archive;
use super::fields::{Field, equation, is_contents};
use super::flow::Flow;
use super::numbering::{Numbering, Wish, is_off};
use super::signs::{of_font, raised};
use super::xml::{Node, Tag, each};
use super::{Extracted, Given};
use crate::fail::advised;

/// Elements whose content is not text of the page: removed words, former properties, the second copy of a text box,
/// pronunciation.
const DROPPED: [&str; 10] = [
    "del", "moveFrom", "pPrChange", "rPrChange", "tblPrChange", "sectPrChange", "numberingChange", "Fallback", "rt",
    "sectPr",
];
/// Stands in a cell that is one with the cell above.
const DITTO: &str = "〃";
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
    body.put_joined()?;
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
    Ok(Extracted { text: body.flow.finish(), encoding: "docx", given: Given::default(), lacks: None })
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
    run: Run,
    /// How many exponents of a formula we are in.
    exponents: usize,
    /// A paragraph whose end was removed: the next one goes on with it.
    joined: Option<Paragraph>,
    /// The cells of the last row.
    above: Vec<String>,
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
    /// Whether its style hides it.
    hidden: bool,
    wish: Wish,
    /// Something was dropped from it, so where nothing is left there is no line.
    cut: bool,
    /// Its end was removed.
    joins: bool,
    /// Lines of text boxes that hang on it.
    boxed: Vec<String>,
}

/// Text of one look.
#[derive(Default)]
struct Run {
    /// `None` is as the paragraph is.
    hidden: Option<bool>,
    raised: bool,
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
                    || name == "fldSimple" && tag.get("instr").is_some_and(|code| is_contents(&code))
                {
                    self.dropped = 1;
                    if let Some(paragraph) = self.paragraphs.last_mut().filter(|_| self.in_properties) {
                        paragraph.joins |= matches!(name, "del" | "moveFrom");
                    }
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
            "p" if self.paragraphs.len() < DEEPEST => {
                let joined = self.joined.take_if(|_| self.paragraphs.is_empty());
                self.paragraphs.push(joined.unwrap_or_default());
            }
            "r" => self.run = Run::default(),
            "vanish" => self.run.hidden = Some(!is_off(tag)),
            "rStyle" => self.run.hidden = self.run.hidden.or(self.numbering.hides(tag.get("val").as_deref())),
            "vertAlign" => self.run.raised = tag.get("val").as_deref() == Some("superscript"),
            "sup" => self.exponents += 1,
            "sym" => self.sign(tag),
            // letters along a line
            "textpath" => {
                if let Some(paragraph) = self.paragraphs.last_mut() {
                    paragraph.boxed.extend(tag.get("string"));
                }
            }
            "pPr" => self.in_properties = true,
            "t" => self.in_text = true,
            "tab" | "ptab" => self.push("\t"),
            "br" | "cr" => self.push("\n"),
            "noBreakHyphen" => self.push("-"),
            "tr" => {
                self.put_joined()?;
                self.flow.open_row();
            }
            "tc" => self.flow.open_cell(),
            "vMerge" if tag.get("val").as_deref() != Some("restart") => {
                let at = self.flow.cell_count().saturating_sub(1);
                if self.above.get(at).is_some_and(|cell| !cell.is_empty()) {
                    self.flow.paragraph(DITTO)?;
                }
            }
            "docPartGallery" => {
                self.contents |= tag.get("val").is_some_and(|gallery| gallery.contains("Table of Contents"));
            }
            "sdt" => self.contents = false,
            "fldChar" if self.without_fields => {}
            "fldChar" => self.field(tag),
            "footnoteReference" => self.cited.extend(tag.get("id").map(|id| ("footnote", id))),
            "endnoteReference" => self.cited.extend(tag.get("id").map(|id| ("endnote", id))),
            "footnote" | "endnote" => self.note = tag.get("id").map(|id| (id, self.flow.len())),
            _ => {}
        }
        Ok(())
    }

    /// A character of a font of signs.
    fn sign(&mut self, tag: &Tag) {
        let code = tag.get("char").and_then(|code| u32::from_str_radix(&code, 16).ok());
        let sign = code.and_then(|code| of_font(&tag.get("font").unwrap_or_default(), code));
        let at_beginning = self.paragraphs.last().is_some_and(|paragraph| paragraph.text.trim().is_empty());
        // what is not known before the text is a bullet
        let sign = sign.or(Some(char::REPLACEMENT_CHARACTER).filter(|_| !at_beginning));
        self.push(sign.map(String::from).as_deref().unwrap_or(""));
    }

    /// The beginning of a field, the border between its instruction and its result, or its end.
    fn field(&mut self, tag: &Tag) {
        match tag.get("fldCharType").as_deref() {
            Some("begin") if self.fields.len() < DEEPEST => self.fields.push(Field::default()),
            Some("separate") => {
                if let Some(field) = self.fields.last_mut() {
                    field.in_result = true;
                }
            }
            Some("end") => {
                let contents = self.in_contents();
                let field = self.fields.pop().filter(|field| !field.shown);
                self.cut(contents);
                if let Some(drawn) = field.and_then(|field| equation(&field.instruction)) {
                    self.push(&drawn);
                }
            }
            _ => {}
        }
    }

    fn property(&mut self, tag: &Tag) {
        let Some(paragraph) = self.paragraphs.last_mut() else { return };
        match tag.name() {
            "pStyle" => {
                paragraph.style = tag.get("val");
                paragraph.hidden = self.numbering.hides(paragraph.style.as_deref()).unwrap_or(false);
            }
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
            "r" => self.run = Run::default(),
            "sup" => self.exponents = self.exponents.saturating_sub(1),
            "num" => self.push("/"),
            "tc" => self.put_joined()?,
            "tr" => {
                self.above = self.flow.cells();
                self.flow.close_row();
            }
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
        let Some(mut paragraph) = self.paragraphs.pop() else { return Ok(()) };
        if std::mem::take(&mut paragraph.joins) && self.paragraphs.is_empty() {
            (paragraph.style, paragraph.wish, paragraph.cut) = (None, Wish::default(), false);
            self.joined = Some(paragraph);
            return Ok(());
        }
        self.put(paragraph)
    }

    /// Where nothing comes that a paragraph without an end could go on with.
    fn put_joined(&mut self) -> Result<()> {
        match self.joined.take() {
            Some(paragraph) if !paragraph.text.trim().is_empty() => self.put(paragraph),
            _ => Ok(()),
        }
    }

    fn put(&mut self, paragraph: Paragraph) -> Result<()> {
        let contents = self.in_contents();
        let empty = paragraph.text.trim().is_empty();
        let mut text = paragraph.text;
        let gone = empty && (paragraph.cut || contents);
        // an empty paragraph counts, but its number says nothing unless it is all that a cell has
        let number = if gone { None } else { self.numbering.next(paragraph.style.as_deref(), paragraph.wish) };
        let alone = self.paragraphs.is_empty() && self.flow.last_cell_is_empty();
        if let Some(number) = number.filter(|_| !empty || alone) {
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
        let field = self.fields.last_mut();
        let instruction = field.is_some_and(|field| {
            field.shown |= field.in_result && !text.is_empty();
            !field.in_result
        });
        let in_contents = self.in_contents();
        match self.paragraphs.last_mut() {
            Some(paragraph) if in_contents || self.run.hidden.unwrap_or(paragraph.hidden) => paragraph.cut = true,
            Some(_) if instruction => {}
            Some(paragraph) if self.run.raised || self.exponents > 0 => paragraph.text.push_str(&raised(text)),
            Some(paragraph) => paragraph.text.push_str(text),
            None => {}
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
        <w:style w:type="character" w:styleId="Hid"><w:basedOn w:val="Hide"/></w:style>
        <w:style w:type="paragraph" w:styleId="Hide"><w:rPr><w:vanish/></w:rPr></w:style>
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
            format!("<w:p>{}</w:p>", field(" toc \\o ", &(run("目录一") + &field("PAGEREF x", &run("3"))))),
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
    fn removed_ends_join_paragraphs() {
        let ends = r#"<w:rPr><w:del w:id="1"/></w:rPr>"#;
        let body = [
            paragraph(ends, "全面实施百千万"),
            paragraph(r#"<w:pStyle w:val="H1"/>"#, "工程"),
            paragraph(r#"<w:rPr><w:moveFrom w:id="2"/></w:rPr>"#, ""),
            paragraph("", "乙"),
            paragraph(ends, "末"),
        ];
        assert_eq!(text(&body.concat()), "一、全面实施百千万工程\n乙\n末");
    }

    #[test]
    fn cells_that_are_numbers_or_one_with_those_above() {
        let number = r#"<w:numPr><w:ilvl w:val="2"/><w:numId w:val="1"/></w:numPr>"#;
        let row = |merge, first: &str, second| {
            let first = format!("<w:tc><w:tcPr>{merge}</w:tcPr>{first}</w:tc>");
            format!("<w:tr>{first}<w:tc>{}</w:tc><w:tc>{}</w:tc></w:tr>", paragraph(number, ""), paragraph("", second))
        };
        let rows = [
            row(r#"<w:vMerge w:val="restart"/>"#, &paragraph("", "镇"), "道路"),
            row("<w:vMerge/>", "<w:p/>", "桥梁"),
            row("", "<w:p/>", "完"),
        ];
        let table = format!("<w:tbl>{}</w:tbl>", rows.concat());
        assert_eq!(text(&table), "镇\t1.1\t道路\n〃\t1.2\t桥梁\n\t1.3\t完");
    }

    #[test]
    fn signs_that_are_no_characters() {
        let run = |look: &str, text: &str| format!("<w:r><w:rPr>{look}</w:rPr>{text}</w:r>");
        let code = |code: &str| {
            format!(
                r#"<w:fldChar w:fldCharType="begin"/><w:instrText>{code}</w:instrText><w:fldChar w:fldCharType="end"/>"#
            )
        };
        let body = [
            run("", "<w:t>10</w:t>"),
            run(r#"<w:vertAlign w:val="superscript"/>"#, "<w:t>4</w:t>"),
            run("<w:vanish/>", "<w:t>密</w:t>"),
            run(r#"<w:rStyle w:val="Hid"/>"#, "<w:t>密</w:t>"),
            run(r#"<w:vanish w:val="0"/>"#, r#"<w:sym w:font="Wingdings 2" w:char="0052"/>"#),
            run("", r#"<w:sym w:font="Symbol" w:char="F044"/><w:sym w:font="Wingdings 3" w:char="F070"/>"#),
            run("", &code(r" eq \o\ac(○,1)")),
            "<m:oMath><m:f><m:num><m:r><m:t>1</m:t></m:r></m:num><m:den><m:r><m:t>2</m:t></m:r></m:den></m:f></m:oMath>".into(),
            "<m:sSup><m:e><m:r><m:t>m</m:t></m:r></m:e><m:sup><m:r><m:t>2</m:t></m:r></m:sup></m:sSup>".into(),
            r#"<w:pict><v:shape><v:textpath string="红头"/></v:shape></w:pict>"#.into(),
        ];
        assert_eq!(text(&format!("<w:p>{}</w:p>", body.concat())), "10⁴☑Δ\u{FFFD}①1/2m²\n红头");
        assert_eq!(text(&format!("<w:p>{}</w:p>{}", run("<w:vanish/>", "<w:t>密</w:t>"), paragraph("", "见"))), "见");
        assert_eq!(text(&(paragraph(r#"<w:pStyle w:val="Hide"/>"#, "密") + &paragraph("", "见"))), "见");
        let bullet = r#"<w:sym w:font="Webdings" w:char="F031"/><w:t>条</w:t>"#;
        assert_eq!(text(&format!("<w:p>{}</w:p>", run("", bullet))), "条");
    }

    #[test]
    fn what_is_no_word_document_is_refused() {
        assert!(read(b"text").unwrap_err().to_string().contains("no office document"));
        assert!(read(&packed(&[("content.xml", b"<a/>")])).unwrap_err().to_string().contains("no Word document"));
        let cut = packed(&[("word/document.xml", b"<w:document><w:p>")]);
        assert!(read(&cut).unwrap_err().to_string().contains("damaged"));
    }
}
