//! Rich text (.rtf) to text: a line a paragraph, and a line a table row; text boxes stand behind their paragraph, notes
//! behind the text. Fonts, styles, pictures, headers, footers, instructions of fields, tables of contents and hidden
//! text go.

use std::collections::HashMap;

use anyhow::Result;
use encoding_rs::Encoding;

use super::charsets::{of_charset, of_page};
use super::fields::is_contents;
use super::flow::Flow;
use super::signs::raised;
use super::{Extracted, Given};
use crate::fail::advised;

/// Words that are characters.
const SIGNS: [(&str, &str); 7] = [
    ("emdash", "—"),
    ("endash", "–"),
    ("lquote", "‘"),
    ("rquote", "’"),
    ("ldblquote", "“"),
    ("rdblquote", "”"),
    ("bullet", "•"),
];

/// Groups that are not text of the page; groups that begin with `\*` are not either.
const DROPPED: [&str; 17] = [
    "fonttbl", "colortbl", "stylesheet", "info", "pict", "object", "header", "headerl", "headerr", "headerf", "footer",
    "footerl", "footerr", "footerf", "fldinst", "nonshppict", "shprslt",
];
/// Groups inside groups.
const DEEPEST: usize = 1000;

/// What a group says about the text in it.
#[derive(Clone, Copy, Default)]
struct Group {
    /// It describes fonts.
    fonts: bool,
    /// What its text is printed in; `None` is the font of the file.
    font: Option<i64>,
    /// What follows is said of the font for characters of two bytes.
    wide: bool,
    dropped: bool,
    deleted: bool,
    hidden: bool,
    raised: bool,
    /// It tells what a field does.
    instructs: bool,
    /// It describes a shape that is seen; text in it is, too.
    shape: bool,
    /// How many characters behind `\u` stand for readers without Unicode.
    stand_in: usize,
}

impl Group {
    fn seen(&self) -> bool {
        !self.dropped && !self.deleted && !self.hidden
    }
}

struct Reader<'a> {
    bytes: &'a [u8],
    at: usize,
    groups: Vec<Group>,
    /// Characters still to come that stand in for a `\u`.
    skip: usize,
    /// What the last field does, from its beginning.
    instruction: String,
    /// The code page of the file, and those of its fonts that have one of their own.
    page: &'static Encoding,
    pages: HashMap<i64, &'static Encoding>,
    /// The font that is being described, and the one of text that names none.
    described: i64,
    usual: i64,
    text: Text,
}

struct Text {
    flow: Flow,
    line: String,
    /// Bytes in the code page `page`, not yet decoded.
    bytes: Vec<u8>,
    /// Units of UTF-16, not yet decoded.
    units: Vec<u16>,
    page: &'static Encoding,
    in_row: bool,
    /// The next paragraph opens a cell.
    cell_due: bool,
    /// The text boxes and notes we are in.
    boxes: Vec<Aside>,
    /// Lines of text boxes that hang on this line.
    boxed: Vec<String>,
    /// Notes, which stand behind the text.
    notes: Vec<String>,
}

/// What stands beside the text.
struct Aside {
    /// How many groups there were when it began.
    depth: usize,
    /// The line that it hangs on.
    line: String,
    /// Its number, of a note.
    note: Option<usize>,
}

pub fn read(bytes: &[u8]) -> Result<Extracted> {
    if !bytes.starts_with(b"{\\rtf") {
        return Err(advised("it is no rich text", "open it with Word, WPS or LibreOffice and save it as .docx"));
    }
    let text = Text {
        flow: Flow::default(),
        line: String::new(),
        bytes: Vec::new(),
        units: Vec::new(),
        page: encoding_rs::WINDOWS_1252,
        in_row: false,
        cell_due: false,
        boxes: Vec::new(),
        boxed: Vec::new(),
        notes: Vec::new(),
    };
    let outermost = Group { stand_in: 1, ..Group::default() };
    let mut reader = Reader {
        bytes,
        at: 0,
        groups: vec![outermost],
        skip: 0,
        instruction: String::new(),
        page: encoding_rs::WINDOWS_1252,
        pages: HashMap::new(),
        described: 0,
        usual: 0,
        text,
    };
    reader.read()?;
    if reader.groups.len() > 1 {
        return Err(damaged("it ends inside a group"));
    }
    let mut text = reader.text;
    text.end_row()?;
    text.flush();
    if !text.line.is_empty() || !text.boxed.is_empty() {
        text.end_line()?;
    }
    for (at, note) in text.notes.iter().enumerate() {
        text.flow.paragraph(&format!("[{}] {}", at + 1, note.trim()))?;
    }
    Ok(Extracted { text: text.flow.finish(), encoding: "rtf", given: Given::default(), lacks: None })
}

impl<'a> Reader<'a> {
    fn read(&mut self) -> Result<()> {
        while let Some(&byte) = self.bytes.get(self.at) {
            self.at += 1;
            let group = *self.group();
            match byte {
                b'{' if self.groups.len() > DEEPEST => {
                    return Err(damaged(&format!("groups nested more than {DEEPEST} deep")));
                }
                b'{' => self.groups.push(group),
                b'}' => {
                    self.skip = 0;
                    self.text.close_box(self.groups.len());
                    self.groups.pop();
                    // what stands behind the end of the file is no part of it
                    if self.groups.len() <= 1 {
                        break;
                    }
                }
                b'\r' | b'\n' => {}
                b'\\' if self.bytes.get(self.at).is_some_and(u8::is_ascii_alphabetic) => self.word()?,
                b'\\' => self.sign()?,
                _ => self.byte(byte),
            }
        }
        Ok(())
    }

    fn group(&mut self) -> &mut Group {
        self.groups.last_mut().expect("the file is a group")
    }

    fn byte(&mut self, byte: u8) {
        let group = *self.group();
        if self.skip > 0 {
            self.skip -= 1;
        } else if group.seen() && group.raised && byte.is_ascii_digit() {
            self.text.push(&raised(&char::from(byte).to_string()));
        } else if group.seen() {
            let font = group.font.unwrap_or(self.usual);
            self.text.byte(byte, self.pages.get(&font).copied().unwrap_or(self.page));
        } else if group.instructs && self.instruction.len() < 64 {
            self.instruction.push(char::from(byte));
        }
    }

    /// A backslash before what is no letter.
    fn sign(&mut self) -> Result<()> {
        let seen = self.group().seen();
        let sign = self.bytes.get(self.at).copied().unwrap_or(b' ');
        self.at += 1;
        let hex = self.bytes.get(self.at..self.at + 2).and_then(|hex| std::str::from_utf8(hex).ok());
        match (sign, hex.and_then(|hex| u8::from_str_radix(hex, 16).ok())) {
            (b'\'', Some(byte)) => {
                self.at += 2;
                self.byte(byte);
            }
            // LibreOffice writes a note as what readers that do not know it may skip
            (b'*', _) => {
                let is_note = self.bytes[self.at..].trim_ascii_start().starts_with(b"\\footnote");
                self.group().dropped |= !is_note;
            }
            (b'\\' | b'{' | b'}', _) => self.byte(sign),
            (b'~', _) if seen => self.stand(" "),
            (b'_', _) if seen => self.stand("-"),
            (b'\r' | b'\n', _) if seen => self.text.end_line()?,
            _ => {}
        }
        Ok(())
    }

    /// The name of a word and the number behind it, with the blank that ends them.
    fn name(&mut self) -> (&'a str, Option<i64>) {
        let rest = &self.bytes[self.at..];
        let word = rest.iter().take(32).take_while(|byte| byte.is_ascii_alphabetic()).count();
        let digits = rest[word..].iter().take(12).take_while(|b| b.is_ascii_digit() || **b == b'-').count();
        let name = std::str::from_utf8(&rest[..word]).unwrap_or("");
        let number: Option<i64> = std::str::from_utf8(&rest[word..word + digits]).ok().and_then(|n| n.parse().ok());
        self.at += word + digits;
        self.at += usize::from(self.bytes.get(self.at) == Some(&b' '));
        (name, number)
    }

    /// A backslash before a word.
    fn word(&mut self) -> Result<()> {
        let (name, number) = self.name();
        let on = number != Some(0);
        let around = self.groups[self.groups.len().saturating_sub(2)];
        let depth = self.groups.len();
        let group = self.group();
        match name {
            "fldinst" => {
                (group.dropped, group.instructs) = (true, true);
                self.instruction.clear();
            }
            "fldrslt" => {
                let contents = is_contents(&self.instruction);
                self.group().dropped |= contents;
            }
            "shpinst" => (group.dropped, group.shape) = (true, around.seen()),
            "shptxt" if group.shape => {
                (group.dropped, group.shape) = (false, false);
                self.text.open_box(depth);
            }
            _ if DROPPED.contains(&name) => (group.dropped, group.fonts) = (true, name == "fonttbl"),
            "bin" => self.at = self.at.saturating_add(number.unwrap_or(0).clamp(0, 1 << 32) as usize),
            "uc" => group.stand_in = number.unwrap_or(1).clamp(0, 16) as usize,
            "deleted" => group.deleted = on,
            "v" => group.hidden = on,
            "super" => group.raised = on,
            "sub" | "nosupersub" => group.raised = false,
            "plain" => {
                (group.deleted, group.hidden, group.raised) = (false, false, false);
                (group.font, group.wide) = (None, false);
            }
            "ansicpg" => self.page = of_page(number),
            "deff" => self.usual = number.unwrap_or(0),
            "f" if group.fonts => self.described = number.unwrap_or(0),
            "fcharset" if group.fonts => {
                if let Some(page) = of_charset(number) {
                    self.pages.insert(self.described, page);
                }
            }
            "f" => group.font = number,
            "dbch" => group.wide = true,
            "loch" | "hich" => group.wide = false,
            "af" if group.wide => group.font = number,
            _ if !group.seen() => {}
            "u" => {
                self.skip = group.stand_in;
                self.text.unit(number.unwrap_or(0) as u16);
            }
            "par" | "sect" | "line" | "page" => {
                self.skip = 0;
                self.text.end_line()?;
            }
            "footnote" => {
                // the mark in front of it stands above the line, what it says does not
                group.raised = false;
                self.text.open_note(depth);
            }
            "intbl" => self.text.open_row(),
            "cell" => self.text.end_cell()?,
            "row" => self.text.end_row()?,
            "tab" => {
                self.skip = 0;
                self.text.push("\t");
            }
            _ => {
                if let Some((_, sign)) = SIGNS.iter().find(|(word, _)| *word == name) {
                    self.stand(sign);
                }
            }
        }
        Ok(())
    }

    /// A word that is a character, for itself or in the place of another.
    fn stand(&mut self, text: &str) {
        match self.skip {
            0 => self.text.push(text),
            _ => self.skip -= 1,
        }
    }
}

fn damaged(what: &str) -> anyhow::Error {
    advised(
        format!("it is cut off or damaged ({what})"),
        "fetch it again, or open it with Word, WPS or LibreOffice and save it as .docx",
    )
}

impl Text {
    fn byte(&mut self, byte: u8, page: &'static Encoding) {
        if !self.units.is_empty() || self.page != page {
            self.flush();
            self.page = page;
        }
        self.bytes.push(byte);
    }

    fn unit(&mut self, unit: u16) {
        if !self.bytes.is_empty() {
            self.flush();
        }
        self.units.push(unit);
    }

    fn push(&mut self, text: &str) {
        self.flush();
        self.line.push_str(text);
    }

    fn flush(&mut self) {
        self.line.push_str(&self.page.decode_without_bom_handling(&self.bytes).0);
        self.line.push_str(&String::from_utf16_lossy(&self.units));
        self.bytes.clear();
        self.units.clear();
    }

    fn end_line(&mut self) -> Result<()> {
        self.flush();
        let line = std::mem::take(&mut self.line);
        if let Some(aside) = self.boxes.last() {
            self.put_aside(aside.note, line);
            return Ok(());
        }
        if self.in_row && std::mem::take(&mut self.cell_due) {
            self.flow.open_cell();
        }
        self.flow.paragraph(&line)?;
        std::mem::take(&mut self.boxed).iter().try_for_each(|line| self.flow.paragraph(line))
    }

    /// Keeps a line of a note or of a text box.
    fn put_aside(&mut self, note: Option<usize>, line: String) {
        match note.and_then(|note| self.notes.get_mut(note)) {
            Some(note) => {
                note.push_str(if note.is_empty() { "" } else { "\n" });
                note.push_str(&line);
            }
            None => self.boxed.push(line),
        }
    }

    fn open_box(&mut self, depth: usize) {
        self.flush();
        self.boxes.push(Aside { depth, line: std::mem::take(&mut self.line), note: None });
    }

    fn open_note(&mut self, depth: usize) {
        self.open_box(depth);
        if let Some(aside) = self.boxes.last_mut() {
            aside.note = Some(self.notes.len());
            self.notes.push(String::new());
        }
    }

    /// Ends the text box or note that was opened at this depth, if there is one.
    fn close_box(&mut self, depth: usize) {
        if let Some(aside) = self.boxes.pop_if(|aside| aside.depth == depth) {
            self.flush();
            let last = std::mem::replace(&mut self.line, aside.line);
            if !last.is_empty() {
                self.put_aside(aside.note, last);
            }
        }
    }

    fn open_row(&mut self) {
        if self.boxes.is_empty() && !std::mem::replace(&mut self.in_row, true) {
            self.flow.open_row();
            self.cell_due = true;
        }
    }

    fn end_cell(&mut self) -> Result<()> {
        if !self.boxes.is_empty() {
            self.push("\t");
            return Ok(());
        }
        self.open_row();
        self.end_line()?;
        self.cell_due = true;
        Ok(())
    }

    fn end_row(&mut self) -> Result<()> {
        if !self.boxes.is_empty() {
            return self.end_line();
        }
        if std::mem::take(&mut self.in_row) {
            self.flow.close_row();
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_in_code_pages_and_unicode() {
        let file = br"{\rtf1\ansi\ansicpg936{\fonttbl{\f0 SimSun;}}{\*\generator x;}\b0 \'b8\'db{\i\u38376\'3f}\u-27013 ?\par a\tab b\{c\par}";
        assert_eq!(read(file).unwrap().text, "港门陻\na\tb{c");
    }

    #[test]
    fn a_font_has_its_own_code_page() {
        for (head, text) in [
            (
                r"\ansicpg1252\deff1{\fonttbl{\f0\fcharset0 C;}{\f1\fnil\fcharset134 \'cb\'ce;}}",
                r"\'b8\'db{\f0 \'e9}\'c3\'c5",
            ),
            (r"{\fonttbl\f3\fcharset134 S;}", r"{\f3 \'b8\'db}\'e9\f3\'c3\'c5"),
            (
                r"\ansicpg1252{\fonttbl{\f0 T;}{\f13\fcharset134 S;}}",
                r"\dbch\af13\'b8\'db\loch\f0 \'e9\hich\af0\dbch\af13 \'c3\'c5",
            ),
        ] {
            let file = format!("{{\\rtf1\\ansi{head}{text}\\par}}");
            assert_eq!(read(file.as_bytes()).unwrap().text, "港é门", "{head}");
        }
    }

    #[test]
    fn notes_stand_behind_the_text() {
        let file = br"{\rtf1 a{\super\chftn}{\footnote\pard\plain {\super\chftn} n\par m}b{\footnote o}\par c\par}";
        assert_eq!(read(file).unwrap().text, "ab\nc\n[1] n\nm\n[2] o");
        let starred = br"{\rtf1 a{\super\chftn{\*\footnote\chftn\pard 5{\*\x y}}}b{\v{\*\footnote z}}\par}";
        assert_eq!(read(starred).unwrap().text, "ab\n[1] 5");
    }

    #[test]
    fn rows_are_lines() {
        let file = br"{\rtf1 x\par\trowd\intbl a\par e\cell b\cell\row\trowd c\cell\row y\par}";
        assert_eq!(read(file).unwrap().text, "x\na e\tb\nc\ny");
    }

    #[test]
    fn contents_go_and_text_boxes_stay() {
        let file = [
            &br#"{\rtf1 {\field{\*\fldinst { toc \\o "1-3" }}{\fldrslt {a\tab 1\par b\par }}}a\par"#[..],
            br#"{\field{\*\fldinst HYPERLINK "x"}{\fldrslt{ c}}}"#,
            br"{\shp{\*\shpinst{\sp{\sn s}{\sv 2}}{\shptxt d\par e}}{\shprslt d}}f\par",
            br"{\header{\shp{\*\shpinst{\shptxt g}}}}{\v h}10{\super 4}\par}",
        ];
        assert_eq!(read(&file.concat()).unwrap().text, "a\n cf\nd\ne\n10⁴");
    }

    #[test]
    fn a_word_can_stand_in() {
        assert_eq!(read(br"{\rtf1 \u8226\bullet a\u8226?b\u8226\par c\par}").unwrap().text, "•a•b•\nc");
    }

    #[test]
    fn damage_is_named() {
        assert!(read(b"{\\rtf1 a").unwrap_err().to_string().contains("cut off"));
        assert!(read("{\\rtf1".repeat(2000).as_bytes()).unwrap_err().to_string().contains("nested"));
        assert!(read(b"%PDF").unwrap_err().to_string().contains("no rich text"));
    }
}
