//! JSON and CSV. They too may end up on a terminal, so that control characters of documents are not let through: JSON escapes
//! them, CSV has blanks in their place.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::{Formatter, Serializer};

use crate::cli;
use crate::context::Context;

/// A value as JSON on one line.
pub fn json(mut out: impl Write, value: &(impl Serialize + ?Sized)) -> io::Result<()> {
    value.serialize(&mut Serializer::with_formatter(&mut out, Escaped))?;
    writeln!(out)
}

/// Prints `whole` as one object for `--json`, or each of its rows for `--jsonl`; whether either is asked for.
pub fn as_json<T: Serialize>(
    context: &Context,
    mut out: impl Write,
    whole: &impl Serialize,
    rows: impl IntoIterator<Item = T>,
) -> io::Result<bool> {
    match (context.json, context.jsonl) {
        (true, _) => json(&mut out, whole)?,
        (_, true) => rows.into_iter().try_for_each(|row| json(&mut out, &row))?,
        _ => return Ok(false),
    }
    Ok(true)
}

/// Escapes the control characters that JSON allows as they are: DEL and those from U+0080 on.
struct Escaped;

impl Formatter for Escaped {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        let mut rest = fragment;
        while let Some((at, c)) = rest.char_indices().find(|(_, c)| c.is_control()) {
            write!(writer, "{}\\u{:04x}", &rest[..at], c as u32)?;
            rest = &rest[at + c.len_utf8()..];
        }
        writer.write_all(rest.as_bytes())
    }
}

/// Whether comma-separated values are asked for; if with a byte order mark, it is written.
pub fn asks_csv(mut out: impl Write, asked: &cli::Csv) -> io::Result<bool> {
    out.write_all(if asked.bom { "\u{feff}".as_bytes() } else { b"" })?;
    Ok(asked.csv)
}

/// Comma-separated values, to be written into `out` below the names of the columns, which stand there though nothing is found;
/// `columns` has blanks between them.
pub fn csv<W: Write>(out: W, columns: &str) -> csv::Result<csv::Writer<Blanked<W>>> {
    let mut writer = csv::WriterBuilder::new().has_headers(false).from_writer(Blanked { out, lead: false });
    writer.write_record(columns.split(' '))?;
    Ok(writer)
}

/// Writes blanks for control characters other than ends of lines and tabs.
pub struct Blanked<W> {
    out: W,
    /// Whether the last byte may have begun a control character; it has not been written then.
    lead: bool,
}

/// The first byte in UTF-8 of the characters from U+0080 to U+00BF.
const LEAD: u8 = 0xc2;

impl<W: Write> Write for Blanked<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut clean = Vec::with_capacity(bytes.len() + 1);
        for &byte in bytes {
            match (std::mem::take(&mut self.lead), byte) {
                (true, 0x80..=0x9f) => {
                    clean.push(b' ');
                    continue;
                }
                (true, _) => clean.push(LEAD),
                _ => {}
            }
            match byte {
                LEAD => self.lead = true,
                b'\n' | b'\r' | b'\t' | b' '..=b'~' | 0x80.. => clean.push(byte),
                _ => clean.push(b' '),
            }
        }
        self.out.write_all(&clean)?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOSTILE: &str = "a\u{1b}[2J,\u{9b}31m\u{7f}。£\u{a0}\u{85}b";

    #[test]
    fn control_characters_are_escaped_and_come_back_from_json() {
        let mut out = Vec::new();
        json(&mut out, HOSTILE).unwrap();
        let text = String::from_utf8(out).unwrap();
        assert!(!text.trim_end().contains(char::is_control), "{text:?}");
        assert_eq!(serde_json::from_str::<String>(&text).unwrap(), HOSTILE);
    }

    #[test]
    fn control_characters_are_blanks_in_csv_wherever_writes_are_cut() {
        let expected = "a [2J,  31m  。£\u{a0} b".replace("  31m  ", " 31m ");
        for cut in 0..HOSTILE.len() {
            let mut out = Blanked { out: Vec::new(), lead: false };
            out.write_all(&HOSTILE.as_bytes()[..cut]).unwrap();
            out.write_all(&HOSTILE.as_bytes()[cut..]).unwrap();
            assert_eq!(String::from_utf8(out.out).unwrap(), expected);
        }
    }
}
