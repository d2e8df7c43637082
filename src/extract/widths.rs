//! The widths of a PDF's characters as the library reads them. It knows some ways of writing them only in part, and where a
//! width is wrong the characters behind it stand in the places of others.

use std::collections::BTreeMap;

use anyhow::Result;
use pdf_extract::{Dictionary, Document, Object, ObjectId};

use super::pdf::damaged;

/// All fonts of a file have no more widths; one that has all there are has 65,536.
const MOST_WIDTHS: usize = 1 << 19;
/// Fonts whose widths the library knows.
const KNOWN: [&str; 14] = [
    "Courier", "Courier-Bold", "Courier-BoldOblique", "Courier-Oblique", "Helvetica", "Helvetica-Bold",
    "Helvetica-BoldOblique", "Helvetica-Oblique", "Symbol", "Times-Bold", "Times-BoldItalic", "Times-Italic",
    "Times-Roman", "ZapfDingbats",
];
/// What a character takes whose font states nothing.
const WHOLE: i64 = 1000;

/// Writes the widths of all fonts as the library takes them.
pub fn spell_out(document: &mut Document) -> Result<()> {
    let fonts = document.objects.iter().filter_map(|(id, object)| Some((*id, kind(document, object.as_dict().ok()?)?)));
    let fonts: Vec<(ObjectId, Kind)> = fonts.collect();
    let mut left = MOST_WIDTHS;
    for (id, kind) in fonts {
        let Ok(font) = document.get_dictionary(id) else { continue };
        let stated = match kind {
            Kind::Below => below(document, font, &mut left)?,
            Kind::Drawn => drawn(document, font),
            Kind::Simple => simple(document, font),
        };
        if let Ok(font) = document.get_object_mut(id).and_then(Object::as_dict_mut) {
            stated.into_iter().for_each(|(key, value)| font.set(key, value));
        }
    }
    Ok(())
}

/// The widths of the characters from 0x20 to 0x7E in a font that a map by name is over: how wide they are goes by which
/// characters of the font the map takes for them, of half a width or of their own.
pub fn of_ascii(document: &Document, font: &Dictionary, map: &[u8]) -> Vec<Object> {
    let begins = |name: &[u8]| map.starts_with(name);
    let (blank, first) = match () {
        () if begins(b"GB-EUC") || begins(b"GBK-EUC") => (7716, 814),
        () if begins(b"ETen-") => (13_648, 13_649),
        () if begins(b"UniJIS-UCS2-HW") => (231, 232),
        () => (1, 2),
    };
    let mut left = MOST_WIDTHS;
    let widths = in_order(document, font, &mut left).unwrap_or_default();
    let other = Object::Integer(default(document, font));
    let codes = std::iter::once(blank).chain(first..first + 94);
    codes.map(|code| widths.get(&code).map_or(other.clone(), |width| Object::Real(*width))).collect()
}

/// How the library reads a font.
enum Kind {
    /// One that stands below a font of two bytes a code.
    Below,
    /// One whose characters are drawings.
    Drawn,
    Simple,
}

fn kind(document: &Document, dict: &Dictionary) -> Option<Kind> {
    match document.dereference(dict.get(b"Subtype").ok()?).ok()?.1.as_name().ok()? {
        b"CIDFontType0" | b"CIDFontType2" => Some(Kind::Below),
        b"Type3" => Some(Kind::Drawn),
        b"Type1" | b"MMType1" | b"TrueType" => Some(Kind::Simple),
        _ => None,
    }
}

type Stated = Vec<(&'static str, Object)>;

fn value<'d>(document: &'d Document, dict: &'d Dictionary, key: &[u8]) -> Option<&'d Object> {
    document.dereference(dict.get(key).ok()?).ok().map(|(_, object)| object)
}

fn number(document: &Document, object: &Object) -> Option<f32> {
    document.dereference(object).ok()?.1.as_float().ok()
}

/// The width of characters that have none of their own.
fn default(document: &Document, font: &Dictionary) -> i64 {
    font.get(b"DW").ok().and_then(|width| number(document, width)).map_or(WHOLE, |width| width.round() as i64)
}

/// Of `first last width` the library takes three times the first, so each character is given a width of its own.
fn below(document: &Document, font: &Dictionary, left: &mut usize) -> Result<Stated> {
    let mut widths = Vec::new();
    let mut next = None;
    for (code, width) in in_order(document, font, left)? {
        if next != Some(code) {
            widths.extend([Object::Integer(code.into()), Object::Array(Vec::new())]);
        }
        if let Some(Object::Array(run)) = widths.last_mut() {
            run.push(Object::Real(width));
        }
        next = code.checked_add(1);
    }
    Ok(vec![("W", widths.into()), ("DW", default(document, font).into())])
}

/// The widths that a font states in `W`, by code: `first [width …]` and `first last width`.
fn in_order(document: &Document, font: &Dictionary, left: &mut usize) -> Result<BTreeMap<u16, f32>> {
    let mut widths = BTreeMap::new();
    let stated = value(document, font, b"W").and_then(|widths| widths.as_array().ok());
    let mut rest = stated.map_or(&[][..], Vec::as_slice);
    while let [first, second, behind @ ..] = rest {
        let second = document.dereference(second).map_or(&Object::Null, |(_, object)| object);
        let Some(first) = number(document, first).filter(|first| (0.0..65_536.0).contains(first)) else { break };
        let first = first as u16;
        let run: Vec<f32> = match (second, behind) {
            (Object::Array(run), _) => run.iter().map_while(|width| number(document, width)).collect(),
            (_, [width, ..]) => {
                let (Some(last), Some(width)) = (number(document, second), number(document, width)) else { break };
                // a number out of bounds becomes the next one in them
                vec![width; (usize::from(last as u16) + 1).saturating_sub(first.into())]
            }
            _ => break,
        };
        rest = if matches!(second, Object::Array(_)) { behind } else { &behind[1..] };
        *left = left.checked_sub(run.len()).ok_or_else(|| damaged("the widths of its characters have no end"))?;
        widths.extend((first..=u16::MAX).zip(run));
    }
    Ok(widths)
}

/// A font of drawings has a measure of its own, which the library takes for the usual one.
fn drawn(document: &Document, font: &Dictionary) -> Stated {
    let array = |key: &[u8]| value(document, font, key).and_then(|array| array.as_array().ok());
    let scale = array(b"FontMatrix").and_then(|matrix| number(document, matrix.first()?));
    let (Some(scale), Some(widths)) = (scale, array(b"Widths")) else { return Vec::new() };
    let scaled = |width: &Object| Object::Real(number(document, width).unwrap_or(0.0) * scale * WHOLE as f32);
    vec![("Widths", widths.iter().map(scaled).collect::<Vec<_>>().into())]
}

/// The library looks for the width of what is missing in the wrong place, and gives a font without widths none unless it
/// knows it by its name: it takes those of the font that others show in its place.
fn simple(document: &Document, font: &Dictionary) -> Stated {
    let mut stated = Vec::new();
    let descriptor = value(document, font, b"FontDescriptor").and_then(|descriptor| descriptor.as_dict().ok());
    let missing = descriptor.and_then(|descriptor| number(document, descriptor.get(b"MissingWidth").ok()?));
    stated.extend(missing.map(|width| ("MissingWidth", Object::Real(width))));
    let name = value(document, font, b"BaseFont").and_then(|name| name.as_name().ok()).unwrap_or_default();
    let name = String::from_utf8_lossy(name);
    if !KNOWN.contains(&&*name)
        && [&b"FirstChar"[..], b"LastChar", b"Widths"].iter().any(|key| value(document, font, key).is_none())
    {
        let like = match () {
            () if name.contains("Courier") => "Courier",
            () if name.contains("Times") => "Times-Roman",
            () => "Helvetica",
        };
        stated.push(("BaseFont", Object::Name(like.into())));
    }
    stated
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn widths_of_ranges_and_runs() {
        let widths = |stated: Vec<Object>, left: usize| {
            let mut document = Document::new();
            let shared = document.add_object(stated);
            let font = Dictionary::from_iter([("Subtype", Object::Name(b"CIDFontType2".into())), ("W", shared.into())]);
            in_order(&document, &font, &mut left.clone())
        };
        let run = || Object::Array(vec![500.into(), 600.into()]);
        let stated = widths(vec![7.into(), 9.into(), 550.into(), 3.into(), run()], 9).unwrap();
        assert_eq!(
            stated.into_iter().collect::<Vec<_>>(),
            [(3, 500.0), (4, 600.0), (7, 550.0), (8, 550.0), (9, 550.0)]
        );
        for cut in
            [vec![7.into()], vec![7.into(), 9.into()], vec![Object::Null, run()], vec![9.into(), 7.into(), 5.into()]]
        {
            assert!(widths(cut, 9).unwrap().is_empty());
        }
        assert!(widths(vec![0.into(), 65_535.into(), 500.into()], 9).is_err());
    }
}
