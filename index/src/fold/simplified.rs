//! A traditional character, or a radical that stands for one, to its simplified one, by the pairs in
//! `data/traditional.txt`. One character becomes one, so that folding needs no context.

use std::borrow::Cow;

/// The simplified form of a traditional character; any other character is returned as it is.
#[inline]
pub(crate) fn simplified(c: char) -> char {
    match c {
        FIRST..=LAST => match DIRECT[c as usize - FIRST as usize] {
            0 => c,
            IN_RARE => rare(c),
            simple => char::from_u32(simple as u32).unwrap_or(c),
        },
        '\u{20000}'.. => rare(c),
        _ => c,
    }
}

/// `text` in simplified characters, each of which has as many bytes as the one it stands for: what is found in it stands at the
/// same place of `text`.
pub(crate) fn simple(text: &str) -> Cow<'_, str> {
    let alike = |c: char| Some(simplified(c)).filter(|simple| simple.len_utf8() == c.len_utf8()).unwrap_or(c);
    match text.chars().any(|c| alike(c) != c) {
        true => Cow::Owned(text.chars().map(alike).collect()),
        false => Cow::Borrowed(text),
    }
}

fn rare(c: char) -> char {
    RARE.binary_search_by_key(&c, |pair| pair.0).map_or(c, |at| RARE[at].1)
}

const TRADITIONAL: &str = include_str!("../../data/traditional.txt");
const FIRST: char = '\u{2e80}';
const LAST: char = '\u{9fff}';

/// For each character of the Basic Multilingual Plane's Han blocks, radicals before them, its simplified form; 0 for
/// itself, [`IN_RARE`] when that form lies beyond the plane.
static DIRECT: [u16; LAST as usize - FIRST as usize + 1] = TABLES.0;
/// The pairs with a character beyond that plane, sorted. The last few rows are filler of U+10FFFF.
static RARE: [(char, char); RARE_LEN] = TABLES.1;
const RARE_LEN: usize = 320;
const IN_RARE: u16 = 1;
const TABLES: ([u16; LAST as usize - FIRST as usize + 1], [(char, char); RARE_LEN]) = tables();

/// Reads `data/traditional.txt` when the crate is compiled, so that nothing is loaded when it runs.
const fn tables() -> ([u16; LAST as usize - FIRST as usize + 1], [(char, char); RARE_LEN]) {
    let bytes = TRADITIONAL.as_bytes();
    let mut direct = [0u16; LAST as usize - FIRST as usize + 1];
    let mut rare = [(char::MAX, char::MAX); RARE_LEN];
    let (mut at, mut rares) = (0, 0);
    while at < bytes.len() {
        if bytes[at] == b'#' {
            while bytes[at] != b'\n' {
                at += 1;
            }
        } else {
            let (traditional, next) = decode(bytes, at);
            let (simple, next) = decode(bytes, next);
            at = next;
            if traditional <= LAST as u32 && simple <= 0xffff {
                direct[(traditional - FIRST as u32) as usize] = simple as u16;
            } else {
                if traditional <= LAST as u32 {
                    direct[(traditional - FIRST as u32) as usize] = IN_RARE;
                }
                rare[rares] = match (char::from_u32(traditional), char::from_u32(simple)) {
                    (Some(traditional), Some(simple)) => (traditional, simple),
                    _ => panic!("data/traditional.txt has a line that is not two characters"),
                };
                rares += 1;
            }
        }
        assert!(bytes[at] == b'\n', "data/traditional.txt has a line that is not two characters");
        at += 1;
    }
    (direct, rare)
}

/// The character that begins at `bytes[at]`, and where the next one does.
pub(crate) const fn decode(bytes: &[u8], at: usize) -> (u32, usize) {
    let lead = bytes[at] as u32;
    let (mut c, len) = match lead {
        0..0x80 => return (lead, at + 1),
        0x80..0xe0 => (lead & 0x1f, 2),
        0xe0..0xf0 => (lead & 0x0f, 3),
        _ => (lead & 0x07, 4),
    };
    let mut i = 1;
    while i < len {
        c = c << 6 | bytes[at + i] as u32 & 0x3f;
        i += 1;
    }
    (c, at + len)
}
