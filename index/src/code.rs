//! The form in which folded text lies in the index: a code of one to four bytes for each character, about half of UTF-8,
//! that is searched as it lies. [`encode`] and [`decode`] are the way in and out.
//!
//! | first byte | characters | bytes |
//! |---|---|---|
//! | `00`–`5a` | digits, `+`, `.` and line feed by their ASCII values, else the first of `data/characters.txt` | 1 |
//! | `5b`–`7a` | the 4,096 behind them | 2 |
//! | `7b`–`7e` | any other of the Basic Multilingual Plane, by its number | 3 |
//! | `7f` | any beyond | 4 |
//!
//! All further bytes are `80`–`ff`, so no character's code stands inside another's: where the code of a string is found, the
//! string is. Each character has one code; what decodes to it otherwise is never written.

use memchr::arch::all::packedpair::HeuristicFrequencyRank;

/// In the order of their frequency in official Chinese; a change of it is a change of the format.
const CHARACTERS: &str = include_str!("../data/characters.txt");

/// The first byte of a code of two, of three and of four bytes.
const TWO: u8 = 0x5b;
const THREE: u8 = 0x7b;
const FOUR: u8 = 0x7f;

/// The least byte that continues a code.
const FURTHER: u8 = 0x80;

/// How many characters have a code of two bytes.
const PAIRS: usize = (THREE - TWO) as usize * 128;

struct Tables {
    /// The character of each code of one and of two bytes.
    one: [char; TWO as usize],
    two: [char; PAIRS],
    /// For each character of the plane its code of two bytes, or one more than its code of one; 0 if it has neither.
    codes: [u16; 0x1_0000],
}

static TABLES: Tables = tables();

/// Reads `data/characters.txt` when the crate is compiled, so that nothing is loaded when it runs.
const fn tables() -> Tables {
    let mut tables = Tables { one: ['\u{fffd}'; TWO as usize], two: ['\u{fffd}'; PAIRS], codes: [0; 0x1_0000] };
    let bytes = CHARACTERS.as_bytes();
    let (mut at, mut byte, mut pair) = (0, 0, 0);
    while byte < TWO {
        let c = if is_own_code(byte) { byte as char } else { next(bytes, &mut at) };
        tables.one[byte as usize] = c;
        tables.codes[c as usize] = byte as u16 + 1;
        byte += 1;
    }
    while pair < PAIRS {
        let c = next(bytes, &mut at);
        tables.two[pair] = c;
        tables.codes[c as usize] = (TWO as u16 + pair as u16 / 128) << 8 | FURTHER as u16 | (pair as u16 % 128);
        pair += 1;
    }
    assert!(at == bytes.len());
    tables
}

/// Those that the search itself knows: a line feed ends a paragraph, and what stands beside a digit makes a number longer.
const fn is_own_code(byte: u8) -> bool {
    matches!(byte, b'\n' | b'+' | b'.' | b'0'..=b'9')
}

/// The character that begins at `bytes[*at]`, of at most three bytes; moves behind it.
const fn next(bytes: &[u8], at: &mut usize) -> char {
    let lead = bytes[*at] as u32;
    let (mut c, len) = match lead {
        0..0x80 => (lead, 1),
        0x80..0xe0 => (lead & 0x1f, 2),
        _ => (lead & 0x0f, 3),
    };
    let mut further = 1;
    while further < len {
        c = c << 6 | bytes[*at + further] as u32 & 0x3f;
        further += 1;
    }
    *at += len;
    match char::from_u32(c) {
        Some(c) => c,
        None => panic!("data/characters.txt is not UTF-8"),
    }
}

/// Adds the code of `text` to `code`.
pub(crate) fn encode(text: &str, code: &mut Vec<u8>) {
    code.reserve(text.len());
    for c in text.chars() {
        let number = c as u32;
        let further = |shift: u32| (number >> shift) as u8 | FURTHER;
        match TABLES.codes.get(number as usize) {
            Some(&one @ 1..=0xff) => code.push(one as u8 - 1),
            Some(0) => code.extend([THREE + (number >> 14) as u8, further(7), further(0)]),
            Some(two) => code.extend(two.to_be_bytes()),
            None => code.extend([FOUR, further(14), further(7), further(0)]),
        }
    }
}

/// The code of `text`.
pub(crate) fn encoded(text: &str) -> Vec<u8> {
    let mut code = Vec::new();
    encode(text, &mut code);
    code
}

/// The text of a whole code; `None` if the bytes are not one.
pub(crate) fn decode(code: &[u8]) -> Option<String> {
    let mut text = String::with_capacity(code.len() * 3);
    let mut at = 0;
    while at < code.len() {
        text.push(character(code, &mut at)?);
    }
    Some(text)
}

/// How many bytes of UTF-8 a whole code stands for.
pub(crate) fn decoded_len(code: &[u8]) -> usize {
    chars(code).map(|(_, c)| c.len_utf8()).sum()
}

/// The characters of a code, each with the byte at which its code begins; they end where the bytes are no code.
pub(crate) fn chars(code: &[u8]) -> impl Iterator<Item = (usize, char)> + '_ {
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at;
        Some((start, character(code, &mut at)?))
    })
}

/// The character whose code begins at `code[*at]`; moves behind it.
#[inline]
pub(crate) fn character(code: &[u8], at: &mut usize) -> Option<char> {
    let lead = *code.get(*at)?;
    let further = |by: usize| code.get(*at + by).filter(|&&byte| byte >= FURTHER).map(|&byte| (byte & 0x7f) as u32);
    let (c, length) = match lead {
        ..TWO => (TABLES.one[lead as usize], 1),
        TWO..THREE => (TABLES.two[(lead - TWO) as usize * 128 + further(1)? as usize], 2),
        THREE..FOUR => (char::from_u32(((lead - THREE) as u32 * 0x4000) | (further(1)? << 7) | further(2)?)?, 3),
        FOUR => (char::from_u32((further(1)? << 14) | (further(2)? << 7) | further(3)?)?, 4),
        FURTHER.. => return None,
    };
    *at += length;
    Some(c)
}

/// The byte at which the code of the character begins that stands so many before the one at the byte `at`; `None` if there are
/// not so many.
pub(crate) fn back(code: &[u8], at: usize, count: usize) -> Option<usize> {
    (0..count).try_fold(at, |at, _| code[..at].iter().rposition(|&byte| begins(byte)))
}

/// How many characters a whole code has. Cost: 30 GB/s or so.
pub(crate) fn characters(code: &[u8]) -> usize {
    code.iter().filter(|&&byte| begins(byte)).count()
}

/// Whether a character's code begins with this byte.
pub(crate) fn begins(byte: u8) -> bool {
    byte < FURTHER
}

/// The characters of a code as numbers, each with the byte at which it begins: the bytes of its code, the first highest.
/// Quicker than [`chars`] where it matters only which are the same; those by their ASCII values keep these.
pub(crate) fn units(code: &[u8]) -> impl Iterator<Item = (usize, u32)> + '_ {
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at;
        let mut unit = *code.get(at)? as u32;
        at += 1;
        while let Some(&byte) = code.get(at).filter(|&&byte| byte >= FURTHER) {
            unit = unit << 8 | byte as u32;
            at += 1;
        }
        Some((start, unit))
    })
}

/// How frequent each byte is in a code, so that a search looks for the rarest byte of a string first.
pub(crate) struct Frequencies;

impl HeuristicFrequencyRank for Frequencies {
    fn rank(&self, byte: u8) -> u8 {
        match byte {
            // the more frequent characters come first, and half of a text's are among the first 256 of two bytes
            ..TWO => 230 - byte,
            TWO..THREE => 255 - 6 * (byte - TWO),
            THREE..FURTHER => 20,
            FURTHER.. => 160,
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn text() -> impl Strategy<Value = String> {
        proptest::collection::vec(
            prop_oneof![4 => "[一-龥]{1,4}", 2 => "[0-9.+%，。\\n]{1,3}", 1 => "[a-z㐀-㐏]", 1 => any::<char>().prop_map(String::from)],
            0..30,
        )
        .prop_map(|pieces| pieces.concat())
    }

    #[test]
    fn every_character_has_one_code() {
        let mut codes = std::collections::HashSet::new();
        for c in (0..=char::MAX as u32).filter_map(char::from_u32) {
            let code = encoded(&c.to_string());
            assert_eq!(decode(&code).as_deref(), Some(c.to_string().as_str()), "{:x}", c as u32);
            assert_eq!((decoded_len(&code), characters(&code)), (c.len_utf8(), 1));
            assert!(begins(code[0]) && code[1..].iter().all(|&byte| !begins(byte)));
            assert!(codes.insert(code));
        }
        assert!(b"0123456789+.\n".iter().all(|&byte| encoded(&(byte as char).to_string()) == [byte]));
        assert_eq!(encoded("国港").len(), 3);
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(500))]

        #[test]
        fn a_string_stands_where_its_code_does(text in text(), from in 0..60usize, len in 1..6usize) {
            let needle: String = text.chars().skip(from).take(len).collect();
            prop_assume!(!needle.is_empty());
            let (code, wanted) = (encoded(&text), encoded(&needle));
            let found: Vec<usize> = (0..code.len())
                .filter(|&at| code[at..].starts_with(&wanted))
                .map(|at| decoded_len(&code[..at]))
                .collect();
            let stands: Vec<usize> =
                text.char_indices().map(|(at, _)| at).filter(|&at| text[at..].starts_with(&needle)).collect();
            prop_assert_eq!(found, stands);
        }

        #[test]
        fn characters_and_units_agree(text in text()) {
            let code = encoded(&text);
            prop_assert_eq!(chars(&code).map(|(_, c)| c).collect::<String>(), text.as_str());
            let starts: Vec<usize> = units(&code).map(|(at, _)| at).collect();
            prop_assert_eq!(chars(&code).map(|(at, _)| at).collect::<Vec<_>>(), starts);
        }

        #[test]
        fn other_bytes_are_no_text_or_another_form_of_one(bytes in proptest::collection::vec(any::<u8>(), 0..40)) {
            if let Some(text) = decode(&bytes) {
                prop_assert!(encoded(&text).len() <= bytes.len());
            }
            chars(&bytes).count();
            units(&bytes).count();
        }
    }
}
