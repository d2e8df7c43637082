//! Files of any bytes are read or refused with advice, and what is read makes a document.

use std::io::{Cursor, Write};
use std::path::Path;
use std::time::{Duration, Instant};

use gm_index::Document;
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, ZipWriter};

use super::library::check;
use crate::extract::{self, Extracted, Reader};
use crate::fail::hint_of;
use crate::sidecar::Sidecar;

/// No small file may take longer, in a build without optimization on a busy machine.
const PATIENCE: Duration = Duration::from_secs(10);

/// More text than this for each byte of a file is a bomb that nothing stopped.
const MOST: usize = 64 << 20;

/// Reads bytes as the program reads a file of this name.
fn read(name: &str, bytes: &[u8]) -> Option<Extracted> {
    let begin = Instant::now();
    let found = match extract::read_bytes(Path::new(name), bytes) {
        Ok(found) => {
            assert!(found.text.len() <= MOST, "{} bytes of text", found.text.len());
            Some(found)
        }
        Err(error) => {
            assert!(hint_of(&error).is_some(), "no advice: {error:#}");
            None
        }
    };
    assert!(begin.elapsed() < PATIENCE, "it took {:?}", begin.elapsed());
    // a document of every text is what the target `outline` looks at
    if let Some(found) = found.as_ref().filter(|found| found.text.len() < 10_000) {
        check(&Document::from_text(name, found.text.as_str()));
    }
    found
}

/// Whether the bytes of a file say nothing else than its name.
fn is_as_named(name: &str, bytes: &[u8]) -> bool {
    let format = extract::known_format(Path::new(name)).unwrap();
    format.of_content(bytes).name == format.name
}

/// Text in UTF-8 is itself; with any other bytes all lines end alike.
pub fn plain(bytes: &[u8]) {
    if !is_as_named("a.txt", bytes) {
        return;
    }
    let Some(found) = read("a.txt", bytes) else {
        let is_text = std::str::from_utf8(bytes).is_ok_and(|text| !text.contains('\0'));
        assert!(!is_text, "text is not refused");
        return;
    };
    assert!(!found.text.contains('\r'));
    if let Ok(text) = std::str::from_utf8(bytes)
        && !text.contains(['\r', '\u{b}', '\u{85}', '\u{2028}', '\u{2029}', '\u{feff}'])
        && !text.contains("[bookmark:")
    {
        assert_eq!((found.text.as_str(), found.encoding), (text, "UTF-8"));
    }
}

pub fn html(bytes: &[u8]) {
    if let Some(found) = read("a.html", bytes).filter(|_| is_as_named("a.html", bytes)) {
        assert!(!found.text.trim().is_empty());
        assert!([found.given.date, found.given.published].iter().flatten().all(|date| date.len() == 10));
    }
}

pub fn rtf(bytes: &[u8]) {
    read("a.rtf", bytes);
}

pub fn pdf(bytes: &[u8]) {
    read("a.pdf", bytes);
}

/// A ZIP file as it is, or members with form feeds between them.
pub fn docx(bytes: &[u8]) {
    let members =
        ["word/document.xml", "word/styles.xml", "word/numbering.xml", "word/footnotes.xml", "word/endnotes.xml"];
    read("a.docx", &packed(bytes, &members));
}

pub fn odt(bytes: &[u8]) {
    read("a.odt", &packed(bytes, &["content.xml", "META-INF/manifest.xml"]));
}

fn packed(bytes: &[u8], members: &[&str]) -> Vec<u8> {
    if bytes.starts_with(b"PK") {
        return bytes.to_vec();
    }
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in members.iter().zip(bytes.split(|&byte| byte == b'\x0c')) {
        let options = SimpleFileOptions::default().compression_method(CompressionMethod::Stored);
        archive.start_file(*name, options).unwrap();
        archive.write_all(content).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

/// Lines with documents, gzipped or not: each line that is not blank is told once, by its number.
pub fn jsonl(bytes: &[u8]) {
    let is_gzipped = bytes.starts_with(b"\x1f\x8b");
    let file = tempfile::Builder::new().suffix(if is_gzipped { ".jsonl.gz" } else { ".jsonl" }).tempfile().unwrap();
    std::fs::write(file.path(), bytes).unwrap();
    let Reader::Many(read) = extract::known_format(file.path()).unwrap().reader else { panic!("it is not many") };
    let mut numbers = Vec::new();
    let end = read(file.path(), &mut |number, document| {
        numbers.push(number);
        if let Ok(found) = document {
            check(&Document::from_text("a.jsonl", found.text));
        }
        Ok(())
    });
    if !is_gzipped {
        end.unwrap();
        let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
        let lines = bytes.split(|&byte| byte == b'\n').enumerate();
        let inked = lines.filter(|(_, line)| !line.trim_ascii().is_empty()).map(|(at, _)| at as u64 + 1);
        assert_eq!(numbers, inked.collect::<Vec<_>>());
    }
}

/// Statements about the files of a folder.
pub fn sidecar(bytes: &[u8]) {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join(crate::sidecar::NAME), bytes).unwrap();
    if let Ok(sidecar) = Sidecar::of(folder.path(), false) {
        let begin = Instant::now();
        for path in ["a.txt", "town/港门镇_2025.txt", "town/aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa/b.txt"] {
            sidecar.given(Path::new(path));
        }
        assert!(begin.elapsed() < PATIENCE, "it took {:?}", begin.elapsed());
    }
}
