//! Rich text (.rtf) to text: a line a paragraph, and a line a table row. Fonts, styles, pictures, headers, footers,
//! instructions of fields and hidden groups go.

use anyhow::Result;
use encoding_rs::{Encoding, GBK};

use super::flow::Flow;
use super::{Extracted, Given};
use crate::fail::advised;

/// Groups that are not text of the page; groups that begin with `\*` are not either.
const DROPPED: [&str; 16] = [
    "fonttbl",
    "colortbl",
    "stylesheet",
    "info",
    "pict",
    "object",
    "header",
    "headerl",
    "headerr",
    "headerf",
    "footer",
    "footerl",
    "footerr",
    "footerf",
    "fldinst",
    "nonshppict",
];
/// Groups inside groups.
const DEEPEST: usize = 1000;

/// What a group says about the text in it.
#[derive(Clone, Copy)]
struct Group {
    dropped: bool,
    deleted: bool,
    /// How many characters behind `\u` stand for readers without Unicode.
    stand_in: usize,
}

struct Text {
    flow: Flow,
    line: String,
    /// Bytes in the code page of the file, not yet decoded.
    bytes: Vec<u8>,
    /// Units of UTF-16, not yet decoded.
    units: Vec<u16>,
    page: &'static Encoding,
    in_row: bool,
    /// The next paragraph opens a cell.
    cell_due: bool,
}

pub fn read(bytes: &[u8]) -> Result<Extracted> {
    if !bytes.starts_with(b"{\\rtf") {
        return Err(advised("it is no rich text", "open it with Word, WPS or LibreOffice and save it as .docx"));
    }
    let mut text = Text {
        flow: Flow::default(),
        line: String::new(),
        bytes: Vec::new(),
        units: Vec::new(),
        page: encoding_rs::WINDOWS_1252,
        in_row: false,
        cell_due: false,
    };
    let mut groups = vec![Group { dropped: false, deleted: false, stand_in: 1 }];
    let mut at = 0;
    // characters still to come that stand in for a `\u`
    let mut skip = 0;
    while let Some(&byte) = bytes.get(at) {
        at += 1;
        let group = *groups.last().expect("the file is a group");
        let seen = !group.dropped && !group.deleted;
        match byte {
            b'{' if groups.len() > DEEPEST => {
                return Err(damaged(&format!("groups nested more than {DEEPEST} deep")));
            }
            b'{' => groups.push(group),
            b'}' => {
                skip = 0;
                groups.pop();
                // what stands behind the end of the file is no part of it
                if groups.len() <= 1 {
                    break;
                }
            }
            b'\r' | b'\n' => {}
            b'\\' => {
                let word = bytes[at..].iter().take(32).take_while(|byte| byte.is_ascii_alphabetic()).count();
                if word == 0 {
                    let sign = bytes.get(at).copied().unwrap_or(b' ');
                    at += 1;
                    let hex = bytes.get(at..at + 2).and_then(|hex| std::str::from_utf8(hex).ok());
                    match (sign, hex.and_then(|hex| u8::from_str_radix(hex, 16).ok())) {
                        (b'\'', Some(byte)) => {
                            at += 2;
                            if skip > 0 {
                                skip -= 1;
                            } else if seen {
                                text.byte(byte);
                            }
                        }
                        (b'*', _) => groups.last_mut().expect("as above").dropped = true,
                        (b'\\' | b'{' | b'}', _) if skip > 0 => skip -= 1,
                        (b'\\' | b'{' | b'}', _) if seen => text.byte(sign),
                        (b'~', _) if seen => text.push(" "),
                        (b'_', _) if seen => text.push("-"),
                        (b'\r' | b'\n', _) if seen => text.end_line()?,
                        _ => {}
                    }
                    continue;
                }
                let name = std::str::from_utf8(&bytes[at..at + word]).unwrap_or("");
                at += word;
                let digits = bytes[at..].iter().take(12).take_while(|b| b.is_ascii_digit() || **b == b'-').count();
                let number: Option<i64> =
                    std::str::from_utf8(&bytes[at..at + digits]).ok().and_then(|n| n.parse().ok());
                at += digits;
                at += usize::from(bytes.get(at) == Some(&b' '));
                let last = groups.last_mut().expect("as above");
                match name {
                    _ if DROPPED.contains(&name) => last.dropped = true,
                    "bin" => at = at.saturating_add(number.unwrap_or(0).clamp(0, 1 << 32) as usize),
                    "uc" => last.stand_in = number.unwrap_or(1).clamp(0, 16) as usize,
                    "deleted" => last.deleted = number != Some(0),
                    "plain" => last.deleted = false,
                    "ansicpg" => text.page = page(number),
                    _ if !seen => {}
                    "u" => {
                        text.unit(number.unwrap_or(0) as u16);
                        skip = group.stand_in;
                    }
                    "par" | "sect" | "line" | "page" => text.end_line()?,
                    "intbl" => text.open_row(),
                    "tab" => text.push("\t"),
                    "cell" => text.end_cell()?,
                    "row" => text.end_row()?,
                    "emdash" => text.push("—"),
                    "endash" => text.push("–"),
                    "lquote" => text.push("‘"),
                    "rquote" => text.push("’"),
                    "ldblquote" => text.push("“"),
                    "rdblquote" => text.push("”"),
                    "bullet" => text.push("•"),
                    _ => {}
                }
            }
            _ if skip > 0 => skip -= 1,
            _ if seen => text.byte(byte),
            _ => {}
        }
    }
    if groups.len() > 1 {
        return Err(damaged("it ends inside a group"));
    }
    text.end_row()?;
    text.flush();
    if !text.line.is_empty() {
        text.end_line()?;
    }
    Ok(Extracted { text: text.flow.finish(), encoding: "rtf", given: Given::default() })
}

fn page(number: Option<i64>) -> &'static Encoding {
    match number {
        Some(936 | 54936) => GBK,
        Some(950) => encoding_rs::BIG5,
        Some(932) => encoding_rs::SHIFT_JIS,
        Some(949) => encoding_rs::EUC_KR,
        Some(65001) => encoding_rs::UTF_8,
        _ => encoding_rs::WINDOWS_1252,
    }
}

fn damaged(what: &str) -> anyhow::Error {
    advised(
        format!("it is cut off or damaged ({what})"),
        "fetch it again, or open it with Word, WPS or LibreOffice and save it as .docx",
    )
}

impl Text {
    fn byte(&mut self, byte: u8) {
        if !self.units.is_empty() {
            self.flush();
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
        if self.in_row && std::mem::take(&mut self.cell_due) {
            self.flow.open_cell();
        }
        let line = std::mem::take(&mut self.line);
        self.flow.paragraph(&line)
    }

    fn open_row(&mut self) {
        if !std::mem::replace(&mut self.in_row, true) {
            self.flow.open_row();
            self.cell_due = true;
        }
    }

    fn end_cell(&mut self) -> Result<()> {
        self.open_row();
        self.end_line()?;
        self.cell_due = true;
        Ok(())
    }

    fn end_row(&mut self) -> Result<()> {
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
    fn rows_are_lines() {
        let file = br"{\rtf1 x\par\trowd\intbl a\par e\cell b\cell\row\trowd c\cell\row y\par}";
        assert_eq!(read(file).unwrap().text, "x\na e\tb\nc\ny");
    }

    #[test]
    fn damage_is_named() {
        assert!(read(b"{\\rtf1 a").unwrap_err().to_string().contains("cut off"));
        assert!(read("{\\rtf1".repeat(2000).as_bytes()).unwrap_err().to_string().contains("nested"));
        assert!(read(b"%PDF").unwrap_err().to_string().contains("no rich text"));
    }
}
