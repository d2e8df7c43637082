//! The maps in a PDF from the codes of a font to characters: the library writes down each of their codes, and knows none of
//! those that are named only.

use std::collections::{BTreeSet, HashMap, HashSet};

use anyhow::Result;
use encoding_rs::{BIG5, Encoding, GBK};
use pdf_extract::{Dictionary, Document, Object, ObjectId, Stream};

use super::operators::unpacked;
use super::pdf::damaged;
use super::widths;

/// Codes in two bytes, twice; a map has each once.
const MOST_CODES: u64 = 1 << 17;
/// Maps of fonts for Chinese by how their names begin, and what their codes are.
const CHINESE: [(&[u8], &Encoding); 7] = [
    (b"GB-EUC", GBK),
    (b"GBpc-EUC", GBK),
    (b"GBK-EUC", GBK),
    (b"GBKp-EUC", GBK),
    (b"GBK2K", GBK),
    (b"B5pc", BIG5),
    (b"ETen", BIG5),
];
/// Codes in one byte and in two, each as it is. The library takes twice as many digits for a byte here as are right.
const CODES: &str = "1 begincodespacerange <0000> <0080> endcodespacerange\n\
    1 begincodespacerange <00008140> <0000FEFE> endcodespacerange\n\
    1 begincidrange <0000> <FFFF> 0 endcidrange";

/// Makes fonts that stand inside of another object objects of their own, as nearly all are.
pub fn set_apart(document: &mut Document) {
    fn is_font(dict: &Dictionary) -> bool {
        dict.has(b"BaseFont") || dict.has(b"CharProcs")
    }
    fn within(object: &mut Object, last: &mut u32, apart: &mut Vec<(ObjectId, Object)>) {
        let parts: Vec<&mut Object> = match object {
            Object::Array(array) => array.iter_mut().collect(),
            Object::Dictionary(dict) => dict.iter_mut().map(|(_, part)| part).collect(),
            Object::Stream(stream) => stream.dict.iter_mut().map(|(_, part)| part).collect(),
            _ => return,
        };
        for part in parts {
            within(part, last, apart);
            if part.as_dict().is_ok_and(is_font) {
                *last += 1;
                apart.push(((*last, 0), std::mem::replace(part, Object::Reference((*last, 0)))));
            }
        }
    }
    let (mut last, mut apart) = (document.max_id, Vec::new());
    document.objects.values_mut().for_each(|object| within(object, &mut last, &mut apart));
    document.max_id = last;
    document.objects.extend(apart);
}

/// All dictionaries in an object.
fn dictionaries<'d>(object: &'d Object, found: &mut Vec<&'d Dictionary>) {
    let dict = match object {
        Object::Array(array) => return array.iter().for_each(|part| dictionaries(part, found)),
        Object::Dictionary(dict) => dict,
        Object::Stream(stream) => &stream.dict,
        _ => return,
    };
    found.push(dict);
    dict.iter().for_each(|(_, part)| dictionaries(part, found));
}

/// Fails if a map from codes to characters names more codes than there are, or if it or the program of a font unpacks to more
/// than any does.
pub fn check(document: &Document) -> Result<()> {
    let mut found = Vec::new();
    document.objects.values().for_each(|object| dictionaries(object, &mut found));
    let mut checked = HashSet::new();
    for font in found {
        for key in [&b"ToUnicode"[..], b"Encoding", b"FontFile", b"FontFile2", b"FontFile3"] {
            let Ok((id, Object::Stream(stream))) = font.get(key).and_then(|map| document.dereference(map)) else {
                continue;
            };
            if !checked.insert((id, key)) {
                continue;
            }
            let content = unpacked(stream)?;
            if key == b"ToUnicode" && codes(&content).is_none_or(|codes| codes > MOST_CODES) {
                return Err(damaged("a map of its characters has no end"));
            }
        }
    }
    Ok(())
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

/// Gives fonts whose codes are named only a map of those of `codes` that there are; the library reads it anew for each page.
/// Widths go by other codes than these, so only those of ASCII are kept, by its codes.
pub fn spell_out(document: &mut Document, codes: &BTreeSet<u16>) {
    let named = |object: &Object| {
        let font = object.as_dict().ok()?;
        let name = font.get(b"Encoding").and_then(Object::as_name).ok()?;
        let unicode = name.starts_with(b"Uni") && [&b"UCS2"[..], b"UTF16"].iter().any(|unit| holds(name, unit));
        let chinese = || CHINESE.iter().find(|(begins, _)| name.starts_with(begins)).map(|(_, encoding)| *encoding);
        let encoding = if unicode { None } else { Some(chinese()?) };
        Some((name.to_vec(), encoding))
    };
    let fonts =
        document.objects.iter().filter_map(|(id, font)| named(font).map(|(name, encoding)| (*id, name, encoding)));
    let fonts: Vec<_> = fonts.collect();
    let mut maps: HashMap<Option<&str>, (Object, ObjectId)> = HashMap::new();
    for (id, name, encoding) in fonts {
        let (bytes, characters) = maps.entry(encoding.map(Encoding::name)).or_insert_with(|| {
            let bytes = match encoding {
                None => Object::Name(b"Identity-H".to_vec()),
                Some(_) => Object::Reference(document.add_object(plain(CODES.into()))),
            };
            (bytes, document.add_object(plain(characters_of(encoding, codes))))
        });
        let (bytes, characters) = (bytes.clone(), *characters);
        let below = document.get_dictionary(id).and_then(|font| font.get(b"DescendantFonts")).cloned();
        let below = below.and_then(|below| document.dereference(&below)?.1.as_array().cloned());
        let below = below.ok().and_then(|fonts| fonts.first()?.as_reference().ok());
        if let Ok(font) = document.get_object_mut(id).and_then(Object::as_dict_mut) {
            font.set("Encoding", bytes);
            font.set("ToUnicode", Object::Reference(characters));
        }
        let Some(below) = below else { continue };
        let narrow = document.get_dictionary(below).map(|below| widths::of_ascii(document, below, &name));
        if let (Ok(narrow), Ok(below)) = (narrow, document.get_object_mut(below).and_then(Object::as_dict_mut)) {
            below.set("W", vec![Object::Integer(32), Object::Array(narrow)]);
            if !below.has(b"FontDescriptor") {
                below.set("FontDescriptor", Dictionary::new());
            }
        }
    }
}

fn plain(content: Vec<u8>) -> Stream {
    Stream::new(Dictionary::new(), content)
}

fn holds(name: &[u8], part: &[u8]) -> bool {
    name.windows(part.len()).any(|window| window == part)
}

/// A map from those of `codes` to characters that are codes of `encoding`, or of Unicode.
fn characters_of(encoding: Option<&'static Encoding>, codes: &BTreeSet<u16>) -> Vec<u8> {
    let mut map = String::from("1 beginbfrange <20> <7E> <0020> endbfrange\n");
    for code in codes {
        let units = match encoding {
            None => Some(vec![*code]),
            Some(encoding) => {
                let bytes = code.to_be_bytes();
                let text = encoding.decode_without_bom_handling_and_without_replacement(&bytes);
                // two characters are none of this code
                text.filter(|text| text.chars().count() == 1).map(|text| text.encode_utf16().collect())
            }
        };
        if let Some(units) = units {
            let units: String = units.iter().map(|unit| format!("{unit:04X}")).collect();
            map += &format!("1 beginbfchar <{code:04X}> <{units}> endbfchar\n");
        }
    }
    map.into_bytes()
}

#[cfg(test)]
mod tests {
    use super::*;

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

    #[test]
    fn characters_by_their_codes() {
        let map = |encoding, codes: &[u16]| {
            let map = characters_of(encoding, &codes.iter().copied().collect());
            String::from_utf8(map).unwrap().lines().skip(1).collect::<Vec<_>>().join(" ")
        };
        let port = |code: &str| format!("1 beginbfchar <{code}> <6E2F> endbfchar");
        assert_eq!(map(Some(GBK), &[0x3132, 0xB8DB, 0xFFFF]), port("B8DB"));
        assert_eq!((map(Some(BIG5), &[0xB4E4]), map(None, &[0x6E2F])), (port("B4E4"), port("6E2F")));
    }
}
