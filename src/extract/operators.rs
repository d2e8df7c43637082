//! The content of a page to the operators in it that print text or say where it goes. Drawings are most of what large pages
//! hold, and what the PDF library makes of an operator is fifty times as long as the operator.

use std::borrow::Cow;
use std::collections::BTreeSet;
use std::io::Read;
use std::ops::Range;

use anyhow::Result;
use flate2::read::{DeflateDecoder, ZlibDecoder};
use pdf_extract::{Dictionary, Object, Stream};

use crate::fail::advised;

/// A stream that is read for text unpacks to no more.
const MOST: u64 = 64 << 20;
/// LZW packs at most so many bytes into one.
const LZW: u64 = 1400;
/// Dictionaries of containers are short, so that all of them together are no longer than so many files.
const MOST_LOOKS: usize = 16;
/// A page of a report has some thousands.
const MOST_OPERATORS: usize = 500_000;
/// What is kept, and how many operands it takes.
const KEPT: [(&[u8], usize); 20] = [
    (b"BT", 0),
    (b"ET", 0),
    (b"Tf", 2),
    (b"Td", 2),
    (b"TD", 2),
    (b"Tm", 6),
    (b"T*", 0),
    (b"Tj", 1),
    (b"TJ", 1),
    (b"'", 1),
    (b"\"", 3),
    (b"Tc", 1),
    (b"Tw", 1),
    (b"Tz", 1),
    (b"TL", 1),
    (b"Ts", 1),
    (b"cm", 6),
    (b"q", 0),
    (b"Q", 0),
    (b"Do", 1),
];

pub fn too_long(what: &str) -> anyhow::Error {
    advised(what.to_string(), "no report is that long; look at where the file comes from")
}

/// What `stream` holds, as the library would unpack it.
pub fn unpacked(stream: &Stream) -> Result<Vec<u8>> {
    let mut dict = Dictionary::new();
    if let Ok(parameters) = stream.dict.get(b"DecodeParms") {
        dict.set("DecodeParms", parameters.clone());
    }
    let mut stage = Stream::new(dict, stream.content.clone());
    for filter in stream.filters().unwrap_or_default() {
        let length = match filter {
            b"FlateDecode" => inflated(&stage.content),
            b"LZWDecode" => stage.content.len() as u64 * LZW,
            _ => 0,
        };
        if length > MOST {
            return Err(too_long(&format!("a part of it unpacks to more than {} MB", MOST >> 20)));
        }
        stage.dict.set("Filter", Object::Name(filter.to_vec()));
        match stage.decompressed_content() {
            Ok(content) => stage.content = content,
            // the library goes on with it as it is
            Err(_) => return Ok(stream.content.clone()),
        }
    }
    Ok(stage.content)
}

/// How many bytes deflated ones unpack to, if not more than `MOST`.
fn inflated(content: &[u8]) -> u64 {
    fn length(reader: impl Read) -> u64 {
        let (mut reader, mut length, mut buffer) = (reader.take(MOST + 1), 0, [0; 1 << 14]);
        while let Ok(read @ 1..) = reader.read(&mut buffer) {
            length += read as u64;
        }
        length
    }
    match length(ZlibDecoder::new(content)) {
        0 => length(DeflateDecoder::new(content.get(2..).unwrap_or_default())),
        length => length,
    }
}

/// Fails if the parts that hold other objects unpack to more than any file has, since the library unpacks these at once.
pub fn check_containers(bytes: &[u8]) -> Result<()> {
    let (mut all, mut looked_at) = (0, 0);
    for at in memchr::memchr_iter(b'/', bytes) {
        if !token(bytes, at).is_some_and(|name| is_container(&bytes[name])) {
            continue;
        }
        let content = content_behind(bytes, at);
        looked_at += bytes.len() - at - content.map_or(0, <[u8]>::len);
        if looked_at / MOST_LOOKS > bytes.len() {
            return Err(too_long("it names more containers of objects than any file has"));
        }
        let mut content = Cow::Borrowed(content.unwrap_or_default());
        // it may be packed several times
        while !content.is_empty() {
            all += inflated(&content);
            if all > MOST {
                return Err(too_long(&format!("its objects unpack to more than {} MB", MOST >> 20)));
            }
            let mut inner = Vec::new();
            let _ = ZlibDecoder::new(&content[..]).read_to_end(&mut inner);
            content = Cow::Owned(inner);
        }
    }
    Ok(())
}

/// Whether a name is that of what holds other objects.
fn is_container(name: &[u8]) -> bool {
    if !matches!(name.get(1), Some(b'O' | b'X' | b'#')) {
        return false;
    }
    // any character of a name can be written by its number
    let mut parts = name[1..].split(|&byte| byte == b'#');
    let mut plain = parts.next().unwrap_or_default().to_vec();
    for part in parts {
        let (digits, rest) = part.split_at(part.len().min(2));
        plain.extend([&hexadecimal(digits), rest].concat());
    }
    matches!(&plain[..], b"ObjStm" | b"XRef")
}

/// What stands behind the dictionary that is open at `at`, if that is one of a stream.
fn content_behind(bytes: &[u8], mut at: usize) -> Option<&[u8]> {
    let mut depth = 1;
    while depth > 0 {
        let token = token(bytes, at)?;
        at = token.end;
        match &bytes[token] {
            b"<<" => depth += 1,
            b">>" => depth -= 1,
            _ => {}
        }
    }
    let stream = token(bytes, at).filter(|token| &bytes[token.clone()] == b"stream")?;
    let blanks = bytes[stream.end..].iter().take_while(|byte| matches!(byte, b' ' | b'\t')).count();
    let content = &bytes[stream.end + blanks..];
    [&b"\r\n"[..], b"\n", b"\r"].iter().find_map(|end| content.strip_prefix(*end))
}

/// The operators in `content` that print text.
pub fn text_only(content: &[u8]) -> Result<Vec<u8>> {
    let mut kept = Vec::new();
    let mut operands: Vec<Range<usize>> = Vec::new();
    let mut operators = 0;
    let mut array = None;
    let mut at = 0;
    while let Some(token) = token(content, at) {
        at = token.end;
        let text = &content[token.clone()];
        match text[0] {
            b'[' => array = array.or(Some(token.start)),
            b']' => operands.extend(array.take().map(|start| start..token.end)),
            _ if array.is_some() => {}
            b'(' | b'<' | b'>' | b'/' | b'+' | b'-' | b'.' | b'0'..=b'9' => operands.push(token),
            _ => {
                if text == b"ID" {
                    at = behind_image(content, at);
                }
                if let Some((name, takes)) = KEPT.iter().find(|(name, _)| *name == text)
                    && let Some(first) = operands.len().checked_sub(*takes)
                {
                    let own = operands[first..].iter().map(|operand| &content[operand.clone()]).collect::<Vec<_>>();
                    write(&mut kept, name, &own);
                    operators += 1;
                }
                operands.clear();
            }
        }
        if operators > MOST_OPERATORS || operands.len() > MOST_OPERATORS {
            return Err(too_long("a page of it holds more than any page of a report"));
        }
    }
    Ok(kept)
}

fn write(kept: &mut Vec<u8>, name: &[u8], operands: &[&[u8]]) {
    match (name, operands) {
        // the library does not know these two
        (b"'", [text]) => {
            write(kept, b"T*", &[]);
            write(kept, b"Tj", &[text]);
        }
        (b"\"", [words, letters, text]) => {
            write(kept, b"Tw", &[words]);
            write(kept, b"Tc", &[letters]);
            write(kept, b"'", &[text]);
        }
        _ => {
            operands.iter().for_each(|operand| kept.extend([operand, &b" "[..]].concat()));
            kept.extend([name, b"\n"].concat());
        }
    }
}

/// Adds every two bytes that stand beside each other in a string of `content`: the codes in it are among them.
pub fn add_pairs(content: &[u8], pairs: &mut BTreeSet<u16>) {
    let mut at = 0;
    while let Some(token) = token(content, at) {
        at = token.end;
        let bytes = match &content[token] {
            [b'<', digits @ ..] => hexadecimal(digits),
            [b'(', text @ .., b')'] => unescaped(text),
            _ => continue,
        };
        pairs.extend(bytes.windows(2).map(|pair| u16::from_be_bytes([pair[0], pair[1]])));
    }
}

fn hexadecimal(digits: &[u8]) -> Vec<u8> {
    let digits: Vec<u8> = digits.iter().filter_map(|digit| char::from(*digit).to_digit(16)).map(|d| d as u8).collect();
    digits.chunks(2).map(|pair| pair[0] << 4 | pair.get(1).unwrap_or(&0)).collect()
}

fn unescaped(text: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    let mut rest = text;
    while let [byte, behind @ ..] = rest {
        rest = behind;
        if *byte != b'\\' {
            bytes.push(*byte);
            continue;
        }
        let octal: Vec<u8> = rest.iter().take(3).take_while(|byte| (b'0'..=b'7').contains(byte)).copied().collect();
        let escaped = rest.first().copied().unwrap_or(b'\n');
        rest = &rest[octal.len().max(1).min(rest.len())..];
        match escaped {
            _ if !octal.is_empty() => bytes.push(octal.iter().fold(0, |code: u8, digit| code << 3 | (digit - b'0'))),
            b'n' => bytes.push(b'\n'),
            b'r' => bytes.push(b'\r'),
            b't' => bytes.push(b'\t'),
            b'b' => bytes.push(8),
            b'f' => bytes.push(12),
            b'\r' | b'\n' => {}
            other => bytes.push(other),
        }
    }
    bytes
}

fn is_blank(byte: u8) -> bool {
    matches!(byte, 0 | b'\t' | b'\n' | 12 | b'\r' | b' ')
}

/// Where the next token stands from `at` on: a string, a name, a number, an operator or a mark.
fn token(content: &[u8], mut at: usize) -> Option<Range<usize>> {
    let start = loop {
        match content.get(at)? {
            b'%' => at += content[at..].iter().position(|byte| matches!(byte, b'\r' | b'\n'))?,
            byte if is_blank(*byte) => at += 1,
            _ => break at,
        }
    };
    let rest = &content[start..];
    let length = match rest[0] {
        b'(' => {
            let (mut depth, mut escaped) = (0, false);
            let end = rest.iter().position(|&byte| {
                match byte {
                    _ if std::mem::take(&mut escaped) => {}
                    b'\\' => escaped = true,
                    b'(' => depth += 1,
                    b')' => depth -= 1,
                    _ => {}
                }
                depth == 0
            });
            end? + 1
        }
        b'<' | b'>' if rest.get(1) == Some(&rest[0]) => 2,
        b'<' => rest.iter().position(|&byte| byte == b'>')? + 1,
        b'[' | b']' | b'{' | b'}' | b')' | b'>' => 1,
        _ => {
            let ends = |byte: &u8| is_blank(*byte) || b"()<>[]{}/%".contains(byte);
            1 + rest[1..].iter().position(ends).unwrap_or(rest.len() - 1)
        }
    };
    Some(start..start + length)
}

/// Where a picture ends that stands among the operators.
fn behind_image(content: &[u8], from: usize) -> usize {
    let ends = |window: &[u8]| is_blank(window[0]) && &window[1..3] == b"EI" && is_blank(window[3]);
    content[from..].windows(4).position(ends).map_or(content.len(), |at| from + at + 3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_text_is_kept() {
        let content = b"q 1 0 0 1 0 0 cm /P <</MCID 0>>BDC BT/F1 12 Tf 0 0 m 5 5 l S [(a\\)b)-5<00>]TJ % (x) Tj\n\
            (c) ' 1 2 (d) \" (only two) Td BI /W 1 ID \x00) EI x EI Q";
        let kept = String::from_utf8(text_only(content).unwrap()).unwrap();
        let expected = "q\n1 0 0 1 0 0 cm\nBT\n/F1 12 Tf\n[(a\\)b)-5<00>] TJ\nT*\n(c) Tj\n1 Tw\n2 Tc\nT*\n(d) Tj\nQ\n";
        assert_eq!(kept, expected);
        assert!(text_only(&b"BT ".repeat(MOST_OPERATORS + 1)).is_err());
        assert!(text_only(b"(open Tj").unwrap().is_empty());
    }

    #[test]
    fn containers_are_found_by_their_names() {
        let mut packer = flate2::write::ZlibEncoder::new(Vec::new(), flate2::Compression::fast());
        std::io::copy(&mut std::io::repeat(b' ').take(MOST + 1), &mut packer).unwrap();
        let bomb = packer.finish().unwrap();
        let file = |dict: &str| [format!("1 0 obj<<{dict}>>stream\r\n").as_bytes(), &bomb, b"endstream"].concat();
        let far = format!("/Type/ObjStm/A<</B(>>stream\n)>>{}", " ".repeat(700));
        for dict in ["/Type/ObjStm", &far, "/Type/Obj#53tm", "/Type /#58Ref%\n"] {
            let error = check_containers(&file(dict)).unwrap_err().to_string();
            assert!(error.contains("unpack to more than 64 MB"), "{error}");
        }
        assert!(check_containers(&file("/Type/XRefStm")).is_ok());
        assert!(check_containers(&b"/ObjStm(".repeat(100_000)).is_err());
    }

    #[test]
    fn codes_are_in_strings() {
        let mut pairs = BTreeSet::new();
        add_pairs(b"/F1 12 Tf [<B8 DB>-5(\\270\\333\\)\\\\)(\\n)] TJ", &mut pairs);
        assert_eq!(pairs.into_iter().collect::<Vec<_>>(), [0x295C, 0xB8DB, 0xDB29]);
    }
}
