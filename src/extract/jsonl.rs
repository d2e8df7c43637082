//! JSON Lines, plain or gzipped: one document a line, `{"id":…,"title":…,"text":…}` and optionally `"place"` (a string
//! or an array) `"level"` `"year"` `"date"` `"source"` `"kind"`; BEIR's and MongoDB's `"_id"` is an id where there is
//! no other. A level, a year or a date that cannot be one is left out. Read line by line, so that memory does not grow
//! with the file. The title becomes the first line of the text, unless the text begins with it.

use std::io::{BufRead, BufReader, Read};
use std::path::Path;

use anyhow::{Context, Result, anyhow};
use flate2::read::MultiGzDecoder;
use gm_index::{Level, Meta, fold};
use serde::Deserialize;

use super::plain::with_line_feeds;
use super::{Extracted, Given, Sink, YEARS, below};
use crate::fail::advised;

/// A longer line is no document but damage, or an attack.
const LONGEST_LINE: u64 = 64 << 20;

const UNENDED: &str = "it cannot be read to its end";

#[derive(Deserialize)]
struct Line {
    id: Option<Id>,
    #[serde(rename = "_id")]
    other_id: Option<Id>,
    title: Option<String>,
    text: String,
    place: Option<Place>,
    level: Option<String>,
    year: Option<Year>,
    date: Option<Date>,
    source: Option<String>,
    kind: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "its id is neither a text nor a whole number from 0 on")]
enum Id {
    Text(String),
    Number(u64),
    Object {
        #[serde(rename = "$oid")]
        id: String,
    },
}

impl Id {
    fn value(self) -> Option<String> {
        let id = match self {
            Id::Text(id) | Id::Object { id } => id,
            Id::Number(id) => id.to_string(),
        };
        Some(id).filter(|id| !id.is_empty())
    }
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "its date is neither a text nor a number")]
enum Date {
    Text(String),
    Number(f64),
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "its year is neither a number nor a text")]
enum Year {
    Number(f64),
    Text(String),
}

impl Year {
    fn value(&self) -> Option<u16> {
        let year = match self {
            Year::Number(year) if year.fract() == 0.0 => *year as u16,
            Year::Number(_) => return None,
            Year::Text(text) => text.trim().trim_end_matches('年').parse().ok()?,
        };
        YEARS.contains(&year).then_some(year)
    }
}

#[derive(Deserialize)]
#[serde(untagged, expecting = "its place is neither a text nor an array of texts")]
enum Place {
    Chain(Vec<Option<String>>),
    One(String),
}

pub fn read(path: &Path, sink: &mut Sink) -> Result<()> {
    each_line(path, |number, line| sink(number, line.and_then(document)))
}

/// Tells every line of a file that is not blank, with its number from 1. Fails at one that is too long.
pub fn lines(path: &Path, tell: &mut dyn FnMut(u64, &[u8]) -> Result<()>) -> Result<()> {
    each_line(path, |number, line| tell(number, line.with_context(|| format!("line {number}"))?))
}

fn each_line(path: &Path, mut tell: impl FnMut(u64, Result<&[u8]>) -> Result<()>) -> Result<()> {
    let file = fs_err::File::open(path)?;
    let is_gzipped = path.extension().is_some_and(|extension| extension == "gz");
    let source: Box<dyn Read> = if is_gzipped { Box::new(MultiGzDecoder::new(file)) } else { Box::new(file) };
    let mut lines = BufReader::with_capacity(1 << 16, source);
    let mut line = Vec::new();
    for number in 1.. {
        line.clear();
        let length = (&mut lines).take(LONGEST_LINE + 1).read_until(b'\n', &mut line).context(UNENDED)?;
        if length == 0 {
            break;
        }
        if length as u64 > LONGEST_LINE {
            if !line.ends_with(b"\n") {
                lines.skip_until(b'\n').context(UNENDED)?;
            }
            tell(number, Err(anyhow!("it is longer than {} MB", LONGEST_LINE >> 20)))?;
            continue;
        }
        // what programs on Windows put before a text
        let line = line.strip_prefix(b"\xef\xbb\xbf").filter(|_| number == 1).unwrap_or(&line);
        if !line.trim_ascii().is_empty() {
            tell(number, Ok(line))?;
        }
    }
    Ok(())
}

fn document(line: &[u8]) -> Result<Extracted> {
    // an array could be read as one, its fields in their order
    if line.trim_ascii_start().first() != Some(&b'{') {
        // a line of UTF-16 is full of NUL
        if std::str::from_utf8(line).is_err() || line.contains(&0) {
            return Err(not_utf8());
        }
        return Err(anyhow!("it is no document in JSON: it is no object"));
    }
    let line: Line = serde_json::from_slice(line).map_err(|error| {
        // the line is known: it is that of the file
        let (told, at) = (error.to_string(), format!(" at line {} column {}", error.line(), error.column()));
        let what = told.strip_suffix(&at).unwrap_or(&told);
        if std::str::from_utf8(line).is_err() {
            return not_utf8();
        }
        anyhow!("it is no document in JSON: {what}, at column {}", error.column())
    })?;
    let Line { id, other_id, title, text, place, level, year, date, source, kind } = line;
    let title = title.map(|title| title.trim().to_string()).filter(|title| !title.is_empty());
    let text = with_line_feeds(text);
    let text = match &title {
        Some(title) => below(title, text),
        None => text,
    };
    let date = date.and_then(|date| match date {
        Date::Text(date) => Meta::read_date(&fold(&date).text),
        Date::Number(date) => Meta::read_date(&date.to_string()),
    });
    let given = Given {
        id: id.and_then(Id::value).or_else(|| other_id.and_then(Id::value)),
        title,
        kind,
        level: level.and_then(|level| Level::named(&level)),
        place: match place {
            Some(Place::Chain(chain)) => chain.into_iter().flatten().collect(),
            Some(Place::One(place)) => vec![place],
            None => Vec::new(),
        },
        year: year.and_then(|year| year.value()).or_else(|| date.as_ref()?[..4].parse().ok()),
        date,
        source,
        ..Given::default()
    };
    Ok(Extracted { text, encoding: "JSON Lines", given, lacks: None })
}

fn not_utf8() -> anyhow::Error {
    advised(
        "it is not in UTF-8",
        "convert the file to UTF-8, for example with `iconv -f GB18030 -t UTF-8`, or -f UTF-16",
    )
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn bad_lines_are_named_and_good_ones_read() {
        let directory = tempfile::tempdir().unwrap();
        let text = "{\"_id\":7,\"title\":\"题\",\"text\":\"文\",\"place\":\"广东省\",\"level\":\"province\",\"date\":\"2025-01-02\"}\n\n{bad\n{\"id\":\"x\",\"text\":\"题 文\"}";
        let plain = directory.path().join("a.jsonl");
        std::fs::write(&plain, text).unwrap();
        let gzipped = directory.path().join("a.jsonl.gz");
        let mut encoder = flate2::write::GzEncoder::new(std::fs::File::create(&gzipped).unwrap(), Default::default());
        encoder.write_all(text.as_bytes()).unwrap();
        encoder.finish().unwrap();
        for path in [plain, gzipped] {
            let mut read = Vec::new();
            super::read(&path, &mut |line, document| {
                read.push((line, document.ok()));
                Ok(())
            })
            .unwrap();
            let lines: Vec<u64> = read.iter().map(|(line, _)| *line).collect();
            assert_eq!(lines, [1, 3, 4]);
            let first = read[0].1.as_ref().unwrap();
            assert_eq!((first.text.as_str(), first.given.id.as_deref()), ("题\n\n文", Some("7")));
            assert_eq!((first.given.level, first.given.year), (Some(Level::Province), Some(2025)));
            assert!(read[1].1.is_none());
        }
    }

    #[test]
    fn levels_and_dates_are_read_as_people_write_them() {
        let given = |line: &str| document(line.as_bytes()).unwrap().given;
        let town = given(r#"{"text":"文","level":"乡镇","date":"２０２３年5月"}"#);
        assert_eq!((town.level, town.date.as_deref(), town.year), (Some(Level::Town), Some("2023-05"), Some(2023)));
        let none = given(r#"{"text":"文","level":"村","date":"待定"}"#);
        assert_eq!((none.level, none.date, none.year), (None, None, None));
        for (year, read) in [
            ("2023", Some(2023)),
            ("2023.0", Some(2023)),
            ("\"2023\"", Some(2023)),
            ("\"2023年\"", Some(2023)),
            ("3", None),
            ("99999", None),
            ("-2023", None),
            ("\"去年\"", None),
            ("null", None),
        ] {
            assert_eq!(given(&format!("{{\"text\":\"文\",\"year\":{year}}}")).year, read, "{year}");
        }
        for (line, message) in [
            (r#"{"id":-1,"text":"文"}"#, "its id is neither a text nor a whole number from 0 on, at column 8"),
            (r#"{"id":1.5,"text":"文"}"#, "its id is neither"),
            (r#"{"text":"文","place":5}"#, "its place is neither a text nor an array of texts"),
            (r#"{"text":"文","year":[]}"#, "its year is neither a number nor a text"),
            (r#"{"text":5}"#, "expected a string, at column 9"),
        ] {
            let error = document(line.as_bytes()).unwrap_err().to_string();
            assert!(error.contains(message) && !error.contains("line 1"), "{error}");
        }
        let array = r#"["i1","标题","文",["广东省"],"县",2024,"2024-01-02","src","kind"]"#;
        assert!(document(array.as_bytes()).unwrap_err().to_string().contains("no object"));
    }

    #[test]
    fn what_other_programs_write_is_read() {
        let read = |line: &str| document(line.as_bytes()).unwrap();
        for (line, id) in [
            (r#"{"_id":"a","id":"b","text":"文"}"#, Some("b")),
            (r#"{"_id":{"$oid":"5f"},"id":null,"text":"文"}"#, Some("5f")),
            (r#"{"_id":3,"id":"","text":"文"}"#, Some("3")),
        ] {
            assert_eq!(read(line).given.id.as_deref(), id, "{line}");
        }
        let given = read(r#"{"text":"文","date":20250408,"place":["广东省",null]}"#).given;
        assert_eq!((given.date.as_deref(), given.place), (Some("2025-04-08"), vec!["广东省".to_string()]));
        assert_eq!(read(r#"{"text":"文","date":5.5}"#).given.date, None);
        assert_eq!(read(r#"{"title":"题","text":"题\r文\r\n尾"}"#).text, "题\n文\n尾");
        let (gbk, ..) = encoding_rs::GBK.encode(r#"{"text":"港门镇"}"#);
        let utf16: Vec<u8> = "\u{feff}{\"text\":1}".encode_utf16().flat_map(u16::to_le_bytes).collect();
        for bytes in [&gbk[..], &utf16] {
            let error = document(bytes).unwrap_err();
            assert!(crate::fail::hint_of(&error).unwrap().contains("iconv"), "{error}");
        }
    }

    #[test]
    fn a_line_that_is_too_long_is_told_and_those_behind_it_are_read() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("a.jsonl");
        let long = "x".repeat(LONGEST_LINE as usize);
        for end in ["\n", "x\n"] {
            std::fs::write(&path, format!("{long}{end}{{\"text\":\"文\"}}")).unwrap();
            let mut read = Vec::new();
            super::read(&path, &mut |line, document| {
                read.push((line, document.map_or_else(|error| error.to_string(), |document| document.text)));
                Ok(())
            })
            .unwrap();
            assert_eq!(read, [(1, "it is longer than 64 MB".to_string()), (2, "文".to_string())]);
        }
    }

    #[test]
    fn a_cut_gzip_file_is_an_error() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("a.jsonl.gz");
        std::fs::write(&path, b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\x03\x01").unwrap();
        assert!(super::read(&path, &mut |_, _| Ok(())).unwrap_err().to_string().contains("cannot be read"));
    }
}
