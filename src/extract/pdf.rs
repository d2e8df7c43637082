//! PDF to text: the characters of each page by their places, lines joined into paragraphs.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Once, mpsc};
use std::thread;
use std::time::Duration;

use anyhow::Result;
use pdf_extract::content::Content;
use pdf_extract::{Dictionary, Document, Object, ObjectId, Stream, output_doc};

use super::archive::encrypted;
use super::glyphs::Pages;
use super::operators::{add_pairs, check_containers, text_only, too_long, unpacked};
use super::wrapped::paragraphs;
use super::{Extracted, Given, maps, widths};
use crate::fail::advised;

/// The thread in which the library runs, by whose name its panics are known.
const THREAD: &str = "pdf";
/// Fonts with nested programs go deep.
const STACK: usize = 64 << 20;
/// The longest that a file may take.
const PATIENCE: Duration = Duration::from_secs(120);
/// The operators of all pages that print text are no longer.
const MOST: usize = 256 << 20;
/// With drawings and pictures they are no longer, nor those of a page.
const MOST_UNPACKED: usize = 1 << 30;
const MOST_OF_A_PAGE: usize = 64 << 20;
/// Of so many characters one may be something that no text holds, such as a bullet of a font of its own.
const STRANGE: usize = 20;

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
            Err(match said.strip_prefix("unsupported encoding ") {
                Some(name) => unreadable(&format!("its characters are coded in a way that is not known, {name}")),
                None => damaged(&format!("the PDF library gave up: {said}")),
            })
        }));
    };
    thread::Builder::new().name(THREAD.into()).stack_size(STACK).spawn(work)?;
    let (pages, shown) =
        receiver.recv_timeout(PATIENCE).unwrap_or_else(|_| Err(damaged("reading it takes too long")))?;
    if pages.strange * STRANGE > pages.characters || pages.untold * 2 > pages.characters {
        return Err(unreadable("its fonts do not say which characters they show"));
    }
    let is_silent: Vec<bool> = pages.pages.iter().map(Vec::is_empty).collect();
    let (text, empty) = paragraphs(pages.pages);
    if text.trim().is_empty() {
        return Err(advised("it has no text, only images", "run text recognition (OCR) over it first"));
    }
    let unread = empty.into_iter().filter(|&page| match shown.get(page) {
        Some(Shown::Picture) => true,
        Some(Shown::Broken) => is_silent[page],
        _ => false,
    });
    Ok(Extracted { text, encoding: "pdf", given: Given::default(), lacks: lacks(unread) })
}

/// The pages, counted from 0, that show something and say nothing, as people are told of them.
fn lacks(pages: impl Iterator<Item = usize>) -> Option<(u64, String)> {
    let mut ranges: Vec<(usize, usize)> = Vec::new();
    for page in pages.map(|page| page + 1) {
        match ranges.last_mut().filter(|(_, last)| last + 1 == page) {
            Some((_, last)) => *last = page,
            None => ranges.push((page, page)),
        }
    }
    let &(first, last) = ranges.first()?;
    let told = |&(first, last): &(usize, usize)| match first == last {
        true => first.to_string(),
        false => format!("{first}–{last}"),
    };
    let pages = ranges.iter().map(told).collect::<Vec<_>>().join(", ");
    let said = if ranges.len() == 1 && first == last { "page" } else { "pages" };
    let why = "no text that can be read, so it is missing; run text recognition (OCR) over the file";
    Some((first as u64, format!("{said} {pages} of it: {why}")))
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

/// It shows its text and does not tell it.
fn unreadable(why: &str) -> anyhow::Error {
    advised(why.to_string(), "run text recognition (OCR) over it, or look for another format")
}

pub fn damaged(what: &str) -> anyhow::Error {
    advised(
        format!("it is cut off or damaged ({what})"),
        "open it with a PDF program and print it to a new PDF, or look for another format",
    )
}

/// What a page has beside text.
#[derive(Clone, Copy)]
enum Shown {
    Nothing,
    /// A picture, or a drawing that is kept apart as one.
    Picture,
    /// What cannot be understood.
    Broken,
}

impl Shown {
    /// By all operators of a page and those of them that print text.
    fn of(content: &[u8], text: &[u8]) -> Shown {
        let count =
            |content: &[u8], name: &[u8]| content.split(u8::is_ascii_whitespace).filter(|token| *token == name).count();
        match () {
            () if count(content, b"Do") + count(content, b"BI") > 0 => Shown::Picture,
            () if count(text, b"BT") != count(text, b"ET") || !content.is_ascii() => Shown::Broken,
            () => Shown::Nothing,
        }
    }
}

fn pages(bytes: &[u8]) -> Result<(Pages, Vec<Shown>)> {
    check_containers(bytes)?;
    let mut document = Document::load_mem(bytes).map_err(|error| match error.to_string() {
        text if text.contains("decrypt") || text.contains("password") => encrypted(),
        text => damaged(&text),
    })?;
    if document.is_encrypted() {
        document.decrypt("").map_err(|_| encrypted())?;
    }
    let (codes, shown) = keep_text(&mut document)?;
    if holds_itself(&document) {
        return Err(damaged("a drawing or a page in it holds itself"));
    }
    maps::set_apart(&mut document);
    maps::check(&document)?;
    widths::spell_out(&mut document)?;
    maps::spell_out(&mut document, &codes);
    let mut pages = Pages::default();
    output_doc(&document, &mut pages).map_err(|error| damaged(&error.to_string()))?;
    Ok((pages, shown))
}

/// Takes pictures away, and from pages and forms what prints no text. Gives the codes in two bytes that can be in their text, and
/// what each page has beside it.
fn keep_text(document: &mut Document) -> Result<(BTreeSet<u16>, Vec<Shown>)> {
    let (mut codes, mut shown) = (BTreeSet::new(), Vec::new());
    let (mut kept, mut whole) = (0, 0);
    let mut text_of = |content: &[u8]| {
        let text = text_only(content)?;
        add_pairs(&text, &mut codes);
        kept += text.len();
        whole += content.len();
        if kept > MOST || whole > MOST_UNPACKED {
            Err(too_long("its pages hold more than any report"))
        } else {
            Ok(text)
        }
    };
    for stream in document.objects.values_mut().filter_map(|object| object.as_stream_mut().ok()) {
        match stream.dict.get(b"Subtype").and_then(Object::as_name) {
            Ok(b"Image") => stream.set_plain_content(Vec::new()),
            Ok(b"Form") => {
                let content = text_of(&unpacked(stream)?)?;
                stream.set_plain_content(content);
            }
            _ => {}
        }
    }
    for page in document.get_pages().into_values() {
        let mut content = Vec::new();
        for part in document.get_page_contents(page) {
            if let Ok(stream) = document.get_object(part).and_then(Object::as_stream) {
                content.extend(unpacked(stream)?);
                content.push(b'\n');
            }
            if content.len() > MOST_OF_A_PAGE {
                return Err(too_long("a page of it holds more than any page of a report"));
            }
        }
        let text = text_of(&content)?;
        shown.push(Shown::of(&content, &text));
        let content = document.add_object(Stream::new(Dictionary::new(), text));
        if let Ok(page) = document.get_object_mut(page).and_then(Object::as_dict_mut) {
            page.set("Contents", Object::Reference(content));
        }
    }
    Ok((codes, shown))
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

#[cfg(test)]
mod tests {
    use super::*;

    /// A file of one page with this content, printed in a font of two bytes a code.
    fn file(encoding: &str, content: &[u8], filter: &str) -> Vec<u8> {
        let descendant = "<</Type/Font/Subtype/CIDFontType0/BaseFont/S/FontDescriptor<<>>/W[1[500]]>>";
        file_of(&font(encoding, "6 0 R"), descendant.as_bytes(), &stream(content, filter), "4 0 R", "5 0 R")
    }

    fn font(encoding: &str, descendant: &str) -> String {
        format!("<</Type/Font/Subtype/Type0/BaseFont/S/Encoding/{encoding}/DescendantFonts[{descendant}]>>")
    }

    fn stream(content: &[u8], filter: &str) -> Vec<u8> {
        [format!("<<{filter}/Length {}>>stream\n", content.len()).as_bytes(), content, b"\nendstream"].concat()
    }

    /// A file with the objects 4, 5 and 6, and what its page names as its content and font.
    fn file_of(font: &str, other: &[u8], stream: &[u8], content: &str, used: &str) -> Vec<u8> {
        let page = format!("/MediaBox[0 0 600 800]/Contents {content}/Resources<</Font<</F {used}>>>>");
        let page = format!("<</Type/Page/Parent 2 0 R{page}>>");
        let pages = b"<</Type/Pages/Kids[3 0 R]/Count 1>>";
        written(&[b"<</Type/Catalog/Pages 2 0 R>>", pages, page.as_bytes(), stream, font.as_bytes(), other])
    }

    fn written(objects: &[&[u8]]) -> Vec<u8> {
        let count = objects.len() + 1;
        let (mut file, mut table) = (b"%PDF-1.4\n".to_vec(), format!("xref\n0 {count}\n0000000000 65535 f \n"));
        for (at, object) in objects.iter().enumerate() {
            table += &format!("{:010} 00000 n \n", file.len());
            file.extend([format!("{} 0 obj\n", at + 1).as_bytes(), object, b"\nendobj\n"].concat());
        }
        let end = format!("{table}trailer<</Size {count}/Root 1 0 R>>\nstartxref\n{}\n%%EOF", file.len());
        [file, end.into_bytes()].concat()
    }

    #[test]
    fn encodings_by_their_names() {
        let content = b"BT /F 10 Tf 20 TL 0 700 Td <B8DBC3C5> Tj <31B8DB> ' ET";
        assert_eq!(read(&file("GBK-EUC-H", content, "")).unwrap().text, "港门\n1港");
        assert_eq!(read(&file("UniGB-UCS2-H", b"BT /F 10 Tf <6E2F> Tj ET", "")).unwrap().text, "港");
        let error = read(&file("90ms-RKSJ-H", content, "")).unwrap_err().to_string();
        assert!(error.contains("not known, 90ms-RKSJ-H"), "{error}");
        let error = read(&file("Identity-H", content, "")).unwrap_err().to_string();
        assert!(error.contains("do not say which characters"), "{error}");
    }

    #[test]
    fn fonts_in_the_dictionary_of_a_page() {
        let page = |content: &[u8], other: &[u8], font: &str| {
            let pages = read(&file_of("null", other, &stream(content, ""), "4 0 R", font));
            pages.map(|read| read.text).map_err(|error| error.to_string())
        };
        let font = font("GBK-EUC-H", "<</Subtype/CIDFontType0/BaseFont/S/FontDescriptor<<>>/W[1[500]]>>");
        assert_eq!(page(b"BT /F 10 Tf <B8DBC3C5> Tj ET", b"null", &font).unwrap(), "港门");
        let endless = stream(b"1 beginbfrange <00000000> <FFFFFFFE> <0000> endbfrange", "");
        for font in ["/Type0/BaseFont/S/Encoding/Identity-H/DescendantFonts[<<>>]", "/Type3"] {
            let font = format!("<</Subtype{font}/ToUnicode 6 0 R>>");
            let error = page(b"BT /F 10 Tf <6E2F> Tj ET", &endless, &font).unwrap_err();
            assert!(error.contains("has no end"), "{error}");
        }
    }

    #[test]
    fn digits_are_as_wide_as_their_font_says() {
        let read = |font: &str, content: &str| {
            let map = stream(
                b"1 begincodespacerange <0000> <FFFF> endcodespacerange 1 beginbfrange <07> <10> <0030> endbfrange",
                "",
            );
            let content = stream(format!("BT /F 10 Tf 50 700 Td {content} ET").as_bytes(), "");
            read(&file_of("null", &map, &content, "4 0 R", &format!("<</Type/Font{font}>>")))
                .map(|read| read.text)
                .unwrap()
        };
        let cid = "<</Type/Font/Subtype/CIDFontType2/BaseFont/S/FontDescriptor<<>>";
        let ranges = "/Subtype/Type0/BaseFont/S/Encoding/Identity-H/ToUnicode 6 0 R/DescendantFonts";
        let codes = "<000C0007> Tj 11 0 Td <00070007> Tj";
        assert_eq!(read(&format!("{ranges}[{cid}/W[7 16 550]>>]"), codes), "5000");
        let named = "/Subtype/Type0/BaseFont/S/Encoding/UniGB-UCS2-H/DescendantFonts";
        let codes = "<00350030> Tj 6.4 0 Td <00300030> Tj";
        assert_eq!(read(&format!("{named}[{cid}/W[1 95 320]>>]"), codes), "5000");
        let drawn =
            "/Subtype/Type3/FontMatrix[.01 0 0 .01 0 0]/CharProcs<<>>/Encoding<</Type/Encoding/Differences[48/zero]>>";
        let widths = "/FirstChar 48/LastChar 53/Widths[55 55 55 55 55 55]";
        for font in [&format!("{drawn}{widths}"), "/Subtype/TrueType/BaseFont/Arial/Encoding/WinAnsiEncoding"] {
            assert_eq!(read(font, "(50) Tj 11.1 0 Td (00) Tj"), "5000", "{font}");
        }
    }

    #[test]
    fn pages_without_text_are_told_and_no_paragraph_goes_over_them() {
        let read = |middle: &[u8]| {
            let line = |half: &str| format!("BT /F 10 Tf 50 700 Td <{}> Tj ET", half.repeat(20)).into_bytes();
            let (first, last) = (stream(&line("6E2F"), ""), stream(&line("95E8"), ""));
            let (middle, image) = (stream(middle, ""), stream(b"0", "/Subtype/Image"));
            let page = |content: u32| {
                let resources = "/Resources<</Font<</F 9 0 R>>/XObject<</Im0 10 0 R>>>>";
                format!("<</Type/Page/Parent 2 0 R/MediaBox[0 0 600 800]/Contents {content} 0 R{resources}>>")
            };
            let font = font("UniGB-UCS2-H", "<</Subtype/CIDFontType0/BaseFont/S/FontDescriptor<<>>/W[1[500]]>>");
            let pages: Vec<String> = [6, 7, 8].map(page).to_vec();
            let [a, b, c] = [0, 1, 2].map(|at| pages[at].as_bytes());
            let tree = b"<</Type/Pages/Kids[3 0 R 4 0 R 5 0 R]/Count 3>>";
            let catalog = b"<</Type/Catalog/Pages 2 0 R>>";
            let read =
                read(&written(&[catalog, tree, a, b, c, &first, &middle, &last, font.as_bytes(), &image])).unwrap();
            (read.text.lines().count(), read.lacks.map(|(page, _)| page))
        };
        assert_eq!(read(b"BT /F 10 Tf 50 680 Td <6E2F> Tj ET"), (2, None));
        assert_eq!(read(b"q 600 0 0 800 0 0 cm /Im0 Do Q"), (2, Some(2)));
        assert_eq!(read(b"BT /F 10 Tf <zz( Tj ET rest (((("), (2, Some(2)));
        assert_eq!(read(b"q Q"), (2, None));
        let lacks = lacks([1, 2, 4].into_iter()).unwrap();
        assert!(lacks.0 == 2 && lacks.1.starts_with("pages 2–3, 5 of it: "), "{lacks:?}");
    }

    #[test]
    fn a_negative_size_turns_characters_around() {
        let text = |size, matrix| {
            let content = format!("BT /F {size} Tf {matrix} 50 700 Tm <6E2F95E89547> Tj ET");
            read(&file("UniGB-UCS2-H", content.as_bytes(), "")).unwrap().text
        };
        assert_eq!([text(10, "1 0 0 1"), text(-10, "-1 0 0 -1")], ["港门镇", "港门镇"]);
    }

    fn packed(content: &[u8]) -> Vec<u8> {
        let mut packer = flate2::read::ZlibEncoder::new(content, flate2::Compression::fast());
        let mut packed = Vec::new();
        std::io::Read::read_to_end(&mut packer, &mut packed).unwrap();
        packed
    }

    #[test]
    fn a_bomb_is_named() {
        let bomb = packed(&packed(&vec![b' '; (64 << 20) + 1]));
        let error = read(&file("Identity-H", &bomb, "/Filter[/FlateDecode/FlateDecode]")).unwrap_err().to_string();
        assert!(error.contains("unpacks to more than 64 MB"), "{error}");
        let part = stream(&packed(&vec![b' '; 33 << 20]), "/Filter/FlateDecode");
        let error = read(&file_of("null", b"null", &part, "[4 0 R 4 0 R]", "5 0 R")).unwrap_err().to_string();
        assert!(error.contains("more than any page"), "{error}");
    }

    #[test]
    fn damage_is_named() {
        assert!(read(b"text").unwrap_err().to_string().contains("no PDF"));
        assert!(read(b"%PDF-1.4\nrest").unwrap_err().to_string().contains("cut off"));
    }
}
