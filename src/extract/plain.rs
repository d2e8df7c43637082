//! Plain text, in the encodings that Chinese offices use: UTF-8, UTF-16 with a byte order mark, GB18030 with
//! its subsets GBK and GB2312, and Big5.

use std::ops::Range;

use anyhow::Result;
use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{BIG5, Encoding, GB18030, UTF_8, UTF_16BE, UTF_16LE};
use memchr::memmem;

use super::{Extracted, Given};
use crate::fail::advised;

/// Left where a Word document had a bookmark, by Apache Tika among others.
const BOOKMARK: &str = "[bookmark:";

/// A text in which more than one character of this many cannot be decoded is in another encoding, or is none.
const TOLERATED: usize = 200;

/// So many characters of UTF-8 for each that is none do not come about by chance.
const BY_CHANCE: usize = 2;

pub fn read(bytes: &[u8]) -> Result<Extracted> {
    let (text, encoding) = decode(bytes)?;
    Ok(Extracted {
        text: without_page_numbers(without_bookmarks(&text)),
        encoding,
        given: Given::default(),
        lacks: None,
    })
}

/// The text in `bytes` with line feeds for all line ends, and the name of its encoding. A byte order mark decides, then
/// UTF-8, in which a byte may be damaged here and there, then what the bytes look like.
pub fn decode(bytes: &[u8]) -> Result<(String, &'static str)> {
    let (encoding, bytes) = match Encoding::for_bom(bytes) {
        Some((encoding, length)) => (encoding, &bytes[length..]),
        None if is_utf8(bytes) => (UTF_8, bytes),
        None => (guess(bytes), bytes),
    };
    if encoding != UTF_16LE && encoding != UTF_16BE && bytes.contains(&0) {
        return Err(advised(
            "it is not text: it holds NUL bytes",
            "if it is text in UTF-16, convert it to UTF-8, for example with `iconv -f UTF-16LE -t UTF-8`; else give the text file that belongs to it",
        ));
    }
    let (text, broken) = encoding.decode_without_bom_handling(bytes);
    // UTF-32 has the mark of UTF-16, and every other character is NUL
    if broken || text.contains('\0') {
        let is_bad = |c: char| c == '\u{fffd}' || c == '\0';
        let (all, bad) = text.chars().fold((0, 0), |(all, bad), c| (all + 1, bad + is_bad(c) as usize));
        if bad * TOLERATED > all {
            return Err(advised(
                "it is not text in UTF-8, UTF-16, GB18030 or Big5",
                "convert it to UTF-8, for example with iconv",
            ));
        }
    }
    Ok((with_line_feeds(text.into_owned()), encoding.name()))
}

/// A text whose lines end in line feeds: for those of every system, and those with which Word ends a line inside of a
/// paragraph and others a line or a paragraph.
pub fn with_line_feeds(text: String) -> String {
    const ENDS: [char; 5] = ['\r', '\u{b}', '\u{85}', '\u{2028}', '\u{2029}'];
    // most texts have none, and a walk over their characters would cost as much as reading them
    let holds = |end: &char| memmem::find(text.as_bytes(), end.encode_utf8(&mut [0; 4]).as_bytes()).is_some();
    if ENDS.iter().any(holds) { text.replace("\r\n", "\n").replace(ENDS, "\n") } else { text }
}

/// Whether it is UTF-8: a file that was cut inside a character or damaged is no other encoding for that. In another, hardly a
/// character would come out right by chance.
pub fn is_utf8(bytes: &[u8]) -> bool {
    Encoding::utf8_valid_up_to(bytes) == bytes.len() || {
        let text = String::from_utf8_lossy(bytes);
        let bad = text.chars().filter(|&c| c == '\u{fffd}').count();
        let good = text.chars().filter(|&c| !c.is_ascii()).count() - bad;
        good > bad * BY_CHANCE
    }
}

fn guess(bytes: &[u8]) -> &'static Encoding {
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    match detector.guess(None, Utf8Detection::Deny) {
        encoding if encoding == BIG5 => BIG5,
        // GBK is a subset, and what the others find in Chinese text is chance
        _ => GB18030,
    }
}

fn without_bookmarks(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(BOOKMARK) {
        let end = rest[start..].find([']', '\n']).filter(|&end| rest.as_bytes()[start + end] == b']');
        let Some(end) = end else { break };
        clean.push_str(&rest[..start]);
        rest = &rest[start + end + 1..];
    }
    clean.push_str(rest);
    clean
}

/// A text whose page numbers are form feeds, where lines such as - 1 - count up: a sentence goes on behind them.
fn without_page_numbers(text: String) -> String {
    let mut start = 0;
    let mut numbered: Vec<(Range<usize>, u32)> = Vec::new();
    for line in text.split('\n') {
        if let Some(number) = page_number(line) {
            numbered.push((start..start + line.len(), number));
        }
        start += line.len() + 1;
    }
    let counts = |first: usize, second: usize| match (numbered.get(first), numbered.get(second)) {
        (Some((_, first)), Some((_, second))) => first.checked_add(1) == Some(*second),
        _ => false,
    };
    let mut pages = String::new();
    let mut rest = 0;
    for (at, (line, _)) in numbered.iter().enumerate() {
        if counts(at, at + 1) || at > 0 && counts(at - 1, at) {
            // with the blank lines around it
            let before = text[rest..line.start].trim_end().len() + rest;
            let behind = text.len() - text[line.end..].trim_start_matches(['\n', '\r']).len();
            pages += &text[rest..before];
            pages += &text[before..line.start].replace('\n', "\n\u{c}");
            pages += &text[line.end..behind].replace('\n', "\u{c}\n");
            rest = behind;
        }
    }
    if rest == 0 { text } else { pages + &text[rest..] }
}

/// The number of a page that stands alone on its line: - 1 - or —1—.
fn page_number(line: &str) -> Option<u32> {
    const DASHES: [char; 5] = ['-', '—', '–', '－', '―'];
    let line = line.trim();
    let inside = line.strip_prefix(DASHES)?.strip_suffix(DASHES)?;
    inside.trim().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fail::hint_of;

    #[test]
    fn damage_in_a_text_does_not_change_its_encoding() {
        let text = "港门镇政府工作报告。全面建成典型村，深入实施百千万工程。".repeat(60);
        let cut = &text.as_bytes()[..text.len() - 4];
        assert_eq!(decode(cut).unwrap(), (format!("{}\u{fffd}", &text[..text.len() - 6]), "UTF-8"));
        let mut damaged = text.clone().into_bytes();
        damaged[300] = 0xff;
        let (read, encoding) = decode(&damaged).unwrap();
        assert!(encoding == "UTF-8" && read.ends_with(&text[399..]), "{encoding}: {read}");
        let (gbk, _, _) = GB18030.encode(&text);
        assert_eq!(decode(&gbk).unwrap(), (text.clone(), "gb18030"));
        let (short, _, _) = GB18030.encode("Report 2025, page 1 of 300: 港门镇");
        assert_eq!(decode(&short).unwrap().1, "gb18030");
        // what is damaged all over is refused
        let torn: Vec<u8> = text.bytes().enumerate().filter(|(at, _)| at % 40 != 7).map(|(_, byte)| byte).collect();
        assert!(decode(&torn).is_err());
    }

    #[test]
    fn bookmarks_are_residue_and_leave_their_line() {
        assert_eq!(without_bookmarks("[bookmark: _GoBack]\n标题[bookmark: x]\n[bookmark"), "\n标题\n[bookmark");
    }

    #[test]
    fn page_numbers_that_count_up_are_form_feeds() {
        let read = |text: &str| without_page_numbers(text.to_string());
        assert_eq!(
            read("第二产业\n- 1 -\n增加值\n\n—2—\n\n下降。\n"),
            "第二产业\n\u{c}\u{c}\n增加值\n\u{c}\n\u{c}\u{c}\n\u{c}\n下降。\n"
        );
        let alone = "气温\n- 1 -\n度\n- 5 -\n";
        assert_eq!(read(alone), alone);
    }

    #[test]
    fn encodings_are_told_apart() {
        let text = "一、2024年工作回顾\r\n全年完成地区生产总值17.7亿元。\r第二段。\n";
        let plain = text.replace("\r\n", "\n").replace('\r', "\n");
        let traditional = "政府工作報告：今年完成地區生產總值，鄉村振興工作穩步推進，各項事業取得新的成績。";
        let utf16 = |text: &str| text.encode_utf16().flat_map(u16::to_le_bytes).collect::<Vec<u8>>();
        for (bytes, encoding, text) in [
            (text.as_bytes().to_vec(), "UTF-8", plain.as_str()),
            ([b"\xef\xbb\xbf", text.as_bytes()].concat(), "UTF-8", &plain),
            ([b"\xff\xfe".to_vec(), utf16(text)].concat(), "UTF-16LE", &plain),
            (GB18030.encode(text).0.to_vec(), "gb18030", &plain),
            (BIG5.encode(traditional).0.to_vec(), "Big5", traditional),
        ] {
            assert_eq!(decode(&bytes).unwrap(), (text.to_string(), encoding));
        }
    }

    #[test]
    fn lines_end_in_many_ways() {
        let text = "一\u{b}二\u{2028}三\u{85}四\u{2029}五\r\n六\r七\n八";
        assert_eq!(read(text.as_bytes()).unwrap().text, "一\n二\n三\n四\n五\n六\n七\n八");
    }

    #[test]
    fn what_is_not_text_is_refused() {
        let utf32 = [0xfeff].into_iter().chain("港门镇5%。".chars().map(u32::from)).flat_map(u32::to_le_bytes);
        assert!(hint_of(&read(&utf32.collect::<Vec<u8>>()).unwrap_err()).unwrap().contains("UTF-8"));
        assert!(read(b"a\0b").unwrap_err().to_string().contains("NUL"));
        let unmarked: Vec<u8> = "全年完成5%。\n".encode_utf16().flat_map(u16::to_le_bytes).collect();
        assert!(hint_of(&read(&unmarked).unwrap_err()).unwrap().contains("iconv -f UTF-16LE"));
        assert!(read(&[0xff; 100]).unwrap_err().to_string().contains("not text"));
    }
}
