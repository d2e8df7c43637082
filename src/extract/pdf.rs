//! PDF to text: the characters of each page by their places, lines joined into paragraphs.

use std::collections::{HashMap, HashSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Once, mpsc};
use std::thread;
use std::time::Duration;

use anyhow::Result;
use pdf_extract::content::Content;
use pdf_extract::{
    Dictionary, Document, MediaBox, Object, ObjectId, OutputDev, OutputError, Stream, Transform, output_doc,
};

use super::archive::encrypted;
use super::wrapped::{Line, paragraphs};
use super::{Extracted, Given};
use crate::fail::advised;

/// The thread in which the library runs, by whose name its panics are known.
const THREAD: &str = "pdf";
/// Fonts with nested programs go deep.
const STACK: usize = 64 << 20;
/// The longest that a file may take.
const PATIENCE: Duration = Duration::from_secs(120);
/// Codes in two bytes, twice; a map has each once.
const MOST_CODES: u64 = 1 << 17;
/// More characters than any report has.
const MOST: usize = 20_000_000;

pub fn read(bytes: &[u8]) -> Result<Extracted> {
    // files carry their header within the first kilobyte
    if !bytes[..bytes.len().min(1024)].windows(5).any(|window| window == b"%PDF-") {
        return Err(advised("it is no PDF", "look at where the file comes from"));
    }
    quiet();
    let (sender, receiver) = mpsc::channel();
    let owned = bytes.to_vec();
    let work = move || {
        let pages = catch_unwind(AssertUnwindSafe(|| pages(&owned)));
        let _ = sender.send(pages.unwrap_or_else(|panic| {
            let said = panic.downcast_ref::<String>().map(String::as_str).or(panic.downcast_ref::<&str>().copied());
            let said: String = said.unwrap_or("without a word").chars().take(100).collect();
            Err(damaged(&format!("the PDF library gave up: {said}")))
        }));
    };
    thread::Builder::new().name(THREAD.into()).stack_size(STACK).spawn(work)?;
    let pages = receiver.recv_timeout(PATIENCE).unwrap_or_else(|_| Err(damaged("reading it takes too long")))?;
    let text = paragraphs(pages);
    if text.trim().is_empty() {
        return Err(advised("it has no text, only images", "run text recognition (OCR) over it first"));
    }
    Ok(Extracted { text, encoding: "pdf", given: Given::default() })
}

/// The library panics on damaged files. That is told as an error, so nothing else is to be said about it.
fn quiet() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let usual = std::panic::take_hook();
        std::panic::set_hook(Box::new(move |panic| {
            if thread::current().name() != Some(THREAD) {
                usual(panic);
            }
        }));
    });
}

fn damaged(what: &str) -> anyhow::Error {
    advised(
        format!("it is cut off or damaged ({what})"),
        "open it with a PDF program and print it to a new PDF, or look for another format",
    )
}

fn pages(bytes: &[u8]) -> Result<Vec<Vec<Line>>> {
    let mut document = Document::load_mem(bytes).map_err(|error| match error.to_string() {
        text if text.contains("decrypt") || text.contains("password") => encrypted(),
        text => damaged(&text),
    })?;
    if document.is_encrypted() {
        document.decrypt("").map_err(|_| encrypted())?;
    }
    if holds_itself(&document) {
        return Err(damaged("a drawing or a page in it holds itself"));
    }
    if maps_without_end(&document) {
        return Err(damaged("a map of its characters has no end"));
    }
    spell_out_unicode(&mut document);
    let mut pages = Pages::default();
    output_doc(&document, &mut pages).map_err(|error| damaged(&error.to_string()))?;
    Ok(pages.pages)
}

/// Whether a map from codes to characters names more codes than there are; the library would write down each.
fn maps_without_end(document: &Document) -> bool {
    let maps = document.objects.values().filter_map(|object| {
        let map = object.as_dict().and_then(|font| font.get(b"ToUnicode")).and_then(|map| document.dereference(map));
        map.ok()?.1.as_stream().ok()
    });
    maps.into_iter().any(|map| {
        let text = map.decompressed_content().unwrap_or_else(|_| map.content.clone());
        codes(&text).is_none_or(|codes| codes > MOST_CODES)
    })
}

/// How many codes the ranges of a map cover; `None` if they are not written as they should be.
fn codes(map: &[u8]) -> Option<u64> {
    const BEGIN: &[u8] = b"beginbfrange";
    let mut rest = map;
    let mut codes = 0u64;
    while let Some(at) = rest.windows(BEGIN.len()).position(|window| window == BEGIN) {
        rest = rest[at + BEGIN.len()..].trim_ascii_start();
        while rest.starts_with(b"<") {
            let (from, behind) = code(rest)?;
            let (to, behind) = code(behind)?;
            let close = if behind.starts_with(b"[") { b']' } else { b'>' };
            rest = behind[behind.iter().position(|&byte| byte == close)? + 1..].trim_ascii_start();
            codes += to.saturating_sub(from) + 1;
        }
        if !rest.starts_with(b"endbfrange") {
            return None;
        }
    }
    Some(codes)
}

/// The code in angle brackets that `text` begins with, and what stands behind it.
fn code(text: &[u8]) -> Option<(u64, &[u8])> {
    let end = text.iter().position(|&byte| byte == b'>')?;
    let digits: String =
        text.get(1..end)?.iter().filter(|byte| !byte.is_ascii_whitespace()).map(|&b| b as char).collect();
    // of longer ones the library takes the last four bytes
    let code = u64::from_str_radix(&digits, 16).ok().filter(|_| text.starts_with(b"<") && digits.len() <= 8)?;
    Some((code, text[end + 1..].trim_ascii_start()))
}

/// Fonts whose codes are Unicode by a predefined map, which the library does not know: gives them the map in full. Widths
/// go by other codes than these, so they go too.
fn spell_out_unicode(document: &mut Document) {
    const MAP: &[u8] = b"/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapType 2 def\n\
        1 begincodespacerange <0000> <FFFF> endcodespacerange\n\
        1 beginbfrange <0000> <FFFF> <0000> endbfrange\n\
        endcmap CMapName currentdict /CMap defineresource pop end end";
    let unicode = |object: &Object| {
        let name = object.as_dict().and_then(|font| font.get(b"Encoding")).and_then(Object::as_name);
        name.is_ok_and(|name| name.starts_with(b"Uni") && [&b"UCS2"[..], b"UTF16"].iter().any(|unit| holds(name, unit)))
    };
    let fonts: Vec<ObjectId> = document.objects.iter().filter(|(_, o)| unicode(o)).map(|(id, _)| *id).collect();
    if fonts.is_empty() {
        return;
    }
    let map = document.add_object(Stream::new(Dictionary::new(), MAP.to_vec()));
    for id in fonts {
        let Ok(font) = document.get_object_mut(id).and_then(Object::as_dict_mut) else { continue };
        font.set("Encoding", Object::Name(b"Identity-H".to_vec()));
        font.set("ToUnicode", Object::Reference(map));
        let below = font.get(b"DescendantFonts").and_then(Object::as_array).ok();
        let below = below.and_then(|fonts| fonts.first()).and_then(|font| font.as_reference().ok());
        if let Some(Ok(below)) = below.map(|id| document.get_object_mut(id).and_then(Object::as_dict_mut)) {
            below.remove(b"W");
        }
    }
}

fn holds(name: &[u8], part: &[u8]) -> bool {
    name.windows(part.len()).any(|window| window == part)
}

/// Whether a form draws itself, or a page inherits from itself; the library would follow it for ever.
fn holds_itself(document: &Document) -> bool {
    let followed = |id: &ObjectId| -> Vec<ObjectId> {
        let (dict, is_stream) = match document.get_object(*id) {
            Ok(Object::Stream(stream)) => (&stream.dict, true),
            Ok(Object::Dictionary(dict)) => (dict, false),
            _ => return Vec::new(),
        };
        let resources = document.get_dict_in_dict(dict, b"Resources").ok().filter(|_| is_stream);
        let drawn = resources.and_then(|resources| document.get_dict_in_dict(resources, b"XObject").ok());
        let drawn = drawn.into_iter().flat_map(Dictionary::iter).filter_map(|(_, o)| o.as_reference().ok());
        let by_others = match document.get_object(*id) {
            Ok(Object::Stream(stream)) if resources.is_none() => drawn_by_others_means(document, *id, stream),
            _ => Vec::new(),
        };
        drawn.chain(by_others).chain(dict.get(b"Parent").and_then(Object::as_reference)).collect()
    };
    let edges: HashMap<ObjectId, Vec<ObjectId>> = document.objects.keys().map(|id| (*id, followed(id))).collect();
    let mut done = HashSet::new();
    for &start in edges.keys() {
        let mut path = vec![(start, 0)];
        let mut on_path = HashSet::from([start]);
        while let Some((id, next)) = path.last_mut() {
            match edges.get(id).and_then(|followed| followed.get(*next)) {
                Some(followed) => {
                    *next += 1;
                    if on_path.contains(followed) {
                        return true;
                    }
                    if !done.contains(followed) {
                        on_path.insert(*followed);
                        path.push((*followed, 0));
                    }
                }
                None => {
                    on_path.remove(id);
                    done.insert(*id);
                    path.pop();
                }
            }
        }
    }
    false
}

/// What a form draws that has no resources of its own: the names in it are those of whoever draws it, and so of anything that has
/// it among its own.
fn drawn_by_others_means(document: &Document, form: ObjectId, stream: &Stream) -> Vec<ObjectId> {
    let is_form = stream.dict.get(b"Subtype").and_then(Object::as_name).is_ok_and(|kind| kind == b"Form");
    let content = if is_form { stream.get_plain_content().ok() } else { None };
    let Some(content) = content.and_then(|content| Content::decode(&content).ok()) else { return Vec::new() };
    let operations = content.operations.iter().filter(|operation| operation.operator == "Do");
    let names: Vec<&[u8]> = operations.filter_map(|drawing| drawing.operands.first()?.as_name().ok()).collect();
    if names.is_empty() {
        return Vec::new();
    }
    let dicts = document.objects.values().filter_map(|object| match object {
        Object::Stream(stream) => Some(&stream.dict),
        Object::Dictionary(dict) => Some(dict),
        _ => None,
    });
    let known = dicts.filter_map(|dict| {
        let resources = document.get_dict_in_dict(dict, b"Resources").ok()?;
        document.get_dict_in_dict(resources, b"XObject").ok()
    });
    let callers =
        known.filter(|known| known.iter().any(|(_, object)| object.as_reference().is_ok_and(|id| id == form)));
    callers.flat_map(|known| names.iter().filter_map(|name| known.get(name).ok()?.as_reference().ok())).collect()
}

#[derive(Default)]
struct Pages {
    pages: Vec<Vec<Line>>,
    /// How high on the page the last line stands.
    height: f64,
    characters: usize,
}

impl OutputDev for Pages {
    fn begin_page(&mut self, _: u32, _: &MediaBox, _: Option<(f64, f64, f64, f64)>) -> Result<(), OutputError> {
        self.pages.push(Vec::new());
        Ok(())
    }

    fn output_character(
        &mut self,
        place: &Transform,
        width: f64,
        _: f64,
        size: f64,
        text: &str,
    ) -> Result<(), OutputError> {
        self.characters += 1;
        if self.characters > MOST {
            return Err(std::io::Error::other("it holds more text than any report").into());
        }
        let Some(page) = self.pages.last_mut() else { return Ok(()) };
        let size = size * (place.m11 * place.m22 - place.m12 * place.m21).abs().sqrt();
        let (left, height) = (place.m31, place.m32);
        let right = left + width * size;
        match page.last_mut().filter(|_| (height - self.height).abs() < size * 0.5) {
            Some(line) => {
                let gap = left - line.right;
                let wide = |char: Option<char>| char.is_some_and(|char| !char.is_ascii());
                let chinese = wide(line.text.chars().next_back()) || wide(text.chars().next());
                if gap > size * if chinese { 1.5 } else { 0.2 } && !line.text.ends_with(' ') {
                    line.text.push(' ');
                }
                line.text.push_str(text);
                line.right = line.right.max(right);
            }
            None => {
                self.height = height;
                page.push(Line { text: text.to_string(), left, right, size });
            }
        }
        Ok(())
    }

    fn end_page(&mut self) -> Result<(), OutputError> {
        Ok(())
    }

    fn begin_word(&mut self) -> Result<(), OutputError> {
        Ok(())
    }

    fn end_word(&mut self) -> Result<(), OutputError> {
        Ok(())
    }

    fn end_line(&mut self) -> Result<(), OutputError> {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn damage_is_named() {
        assert!(read(b"text").unwrap_err().to_string().contains("no PDF"));
        assert!(read(b"%PDF-1.4\nrest").unwrap_err().to_string().contains("cut off"));
    }

    #[test]
    fn codes_of_a_map_are_counted() {
        let map = b"1 beginbfrange <0000> <ffFF> <0000> endbfrange x\n2 beginbfrange\n<00 01><0002>[<4e00> <4e01>]\n<00> <00> <D840DC00>\nendbfrange";
        assert_eq!(codes(map), Some(65_536 + 2 + 1));
        assert_eq!(codes(b"1 beginbfchar <01> <4e00> endbfchar"), Some(0));
        assert!(codes(b"1 beginbfrange <00000000> <FFFFFFFF> <00000000> endbfrange").unwrap() > MOST_CODES);
        for map in ["beginbfrange (a) (b) <00> endbfrange", "beginbfrange <00> <01", "beginbfrange <00> <0x> <00>"] {
            assert_eq!(codes(map.as_bytes()), None, "{map}");
        }
    }
}
