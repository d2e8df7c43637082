//! The form in which folded text lies in the index: a code of one to four bytes for each character, well below half of UTF-8,
//! that is searched as it lies. [`encode`] and [`decode`] are the way in and out.
//!
//! A code is any number of bytes from `ee` up, and one below, which ends it: a dense code with end bytes and others
//! (Brisaboa, Fariña, Navarro and Paramá, Lightweight natural language text compression, Information Retrieval 10, 2007).
//!
//! | bytes | characters |
//! |---|---|
//! | 1 | digits, `+`, `.` and line feed by their ASCII values, and the first 225 of `data/characters.txt` |
//! | 2 | the others of `data/characters.txt` |
//! | 3, 4 | any other, by its number |
//!
//! No code is the beginning of another, and a character has one code: where the code of a string stands and begins as a
//! character does ([`begins_at`]), the string stands. What decodes to a character otherwise is never written. A byte of those
//! with their ASCII values is part of no other code.

use std::ops::Range;

use memchr::arch::all::packedpair::HeuristicFrequencyRank;
use memchr::memmem::Finder;

/// In the order of their frequency in official Chinese; a change of it is a change of the format.
const CHARACTERS: &str = include_str!("../../data/characters.txt");

/// The least byte that does not end a code, and how many there are: as few as give every character four bytes at most, for then
/// most have one.
const GOES_ON: u8 = 0xee;
const LEADS: usize = 256 - GOES_ON as usize;

/// How many bytes end a code and have no ASCII value.
const ENDS: usize = GOES_ON as usize - OWN;

/// How many have one.
const OWN: usize = 13;

/// How many codes of two bytes there can be.
const PAIRS: usize = LEADS * ENDS;

struct Tables {
    /// The character of each code of one and of two bytes; none stands for those that there are not.
    one: [char; GOES_ON as usize],
    two: [Option<char>; PAIRS],
    /// The bytes that end a code and have no ASCII value, ascending; and the place of each byte among them, or [`ENDS`].
    ends: [u8; ENDS],
    places: [u8; 256],
    /// For each character of the plane its code of two bytes, or one more than its code of one; 0 if it has neither.
    codes: [u16; 0x1_0000],
}

static TABLES: Tables = tables();

/// Reads `data/characters.txt` when the crate is compiled, so that nothing is loaded when it runs.
const fn tables() -> Tables {
    let mut tables = Tables {
        one: ['\0'; GOES_ON as usize],
        two: [None; PAIRS],
        ends: [0; ENDS],
        places: [ENDS as u8; 256],
        codes: [0; 0x1_0000],
    };
    let bytes = CHARACTERS.as_bytes();
    let (mut at, mut byte, mut end, mut pair) = (0, 0, 0, 0);
    while byte < GOES_ON {
        let c = if is_own_code(byte) { byte as char } else { next(bytes, &mut at) };
        if !is_own_code(byte) {
            tables.ends[end] = byte;
            tables.places[byte as usize] = end as u8;
            end += 1;
        }
        tables.one[byte as usize] = c;
        tables.codes[c as usize] = byte as u16 + 1;
        byte += 1;
    }
    while at < bytes.len() {
        let c = next(bytes, &mut at);
        tables.two[pair] = Some(c);
        tables.codes[c as usize] = (GOES_ON as u16 + (pair / ENDS) as u16) << 8 | tables.ends[pair % ENDS] as u16;
        pair += 1;
    }
    assert!(end == ENDS && pair == PAIRS && 0x11_0000 <= LEADS * LEADS * LEADS * ENDS);
    tables
}

/// Those that the search itself knows: a line feed ends a paragraph, and what stands beside a digit makes a number longer.
const fn is_own_code(byte: u8) -> bool {
    matches!(byte, b'\n' | b'+' | b'.' | b'0'..=b'9')
}

/// The character that begins at `bytes[*at]`; moves behind it.
const fn next(bytes: &[u8], at: &mut usize) -> char {
    let (c, behind) = crate::fold::simplified::decode(bytes, *at);
    *at = behind;
    match char::from_u32(c) {
        Some(c) => c,
        None => panic!("data/characters.txt is not UTF-8"),
    }
}

/// Adds the code of `text` to `code`.
pub(crate) fn encode(text: &str, code: &mut Vec<u8>) {
    code.reserve(text.len());
    // gathered here and added together: a vector asks for room at every byte
    let mut chunk = [0; 256];
    let mut end = 0;
    for c in text.chars() {
        let (bytes, len) = match TABLES.codes.get(c as usize) {
            // one or two, in no order that a processor could foresee: no branch tells them apart
            Some(&short @ 1..) => {
                let is_one = short <= 0xff;
                let [first, second] = short.to_be_bytes();
                ([if is_one { second - 1 } else { first }, second, 0, 0], 2 - is_one as usize)
            }
            _ => long(c as usize),
        };
        *chunk[end..].first_chunk_mut().expect("four bytes are left") = bytes;
        end += len;
        if end > chunk.len() - 4 {
            code.extend_from_slice(&chunk[..end]);
            end = 0;
        }
    }
    code.extend_from_slice(&chunk[..end]);
}

/// The code of a character by its number, and how many bytes of it there are.
#[cold]
fn long(number: usize) -> ([u8; 4], usize) {
    let end = TABLES.ends[number % ENDS];
    let leads = number / ENDS;
    let lead = |power: usize| GOES_ON + (leads / power % LEADS) as u8;
    match leads < LEADS * LEADS {
        true => ([lead(LEADS), lead(1), end, 0], 3),
        false => ([lead(LEADS * LEADS), lead(LEADS), lead(1), end], 4),
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
    let byte = |by: usize| code.get(*at + by).copied();
    let first = byte(0)?;
    if first < GOES_ON {
        *at += 1;
        return Some(TABLES.one[first as usize]);
    }
    let second = byte(1)?;
    let (mut number, mut length) = ((first - GOES_ON) as usize, 2);
    let mut last = second;
    while last >= GOES_ON {
        number = number * LEADS + (last - GOES_ON) as usize;
        last = byte(length).filter(|_| length < 4)?;
        length += 1;
    }
    let place = TABLES.places[last as usize] as usize;
    number = number * ENDS + place;
    let c = if length == 2 { *TABLES.two.get(number)? } else { char::from_u32(number as u32) };
    *at += length;
    c.filter(|_| place < ENDS)
}

/// The byte at which the code of the character begins that stands so many before the one at the byte `at`; `None` if there are
/// not so many.
pub(crate) fn back(code: &[u8], at: usize, count: usize) -> Option<usize> {
    let before =
        |at: usize| Some(code[..at.checked_sub(1)?].iter().rposition(|&byte| ends(byte)).map_or(0, |end| end + 1));
    (0..count).try_fold(at, |at, _| before(at))
}

/// How many characters a whole code has. Cost: 30 GB/s or so.
pub(crate) fn characters(code: &[u8]) -> usize {
    code.iter().filter(|&&byte| ends(byte)).count()
}

/// Whether a character's code ends with this byte.
pub(crate) fn ends(byte: u8) -> bool {
    byte < GOES_ON
}

/// The first place in a range of a code at which the string stands that `finder` looks for, given its code.
pub(crate) fn find(finder: &Finder<'_>, code: &[u8], range: Range<usize>) -> Option<usize> {
    let mut from = range.start;
    loop {
        let at = from + finder.find(code.get(from..range.end)?)?;
        if begins_at(code, at) {
            return Some(at);
        }
        from = at + 1;
    }
}

/// Whether a character begins at a byte of a code.
pub(crate) fn begins_at(code: &[u8], at: usize) -> bool {
    at == 0 || code.get(at - 1).is_some_and(|&before| ends(before))
}

/// The characters of a code as numbers, each with the byte at which it begins: the bytes of its code, the first highest.
/// Quicker than [`chars`] where it matters only which are the same; those by their ASCII values keep these.
pub(crate) fn units(code: &[u8]) -> impl Iterator<Item = (usize, u32)> + '_ {
    let mut at = 0;
    std::iter::from_fn(move || {
        let start = at;
        let first = *code.get(at)?;
        // nearly all have one or two bytes, in no order that a processor could foresee: no branch tells them apart
        let second = code.get(at + 1).copied().unwrap_or_default();
        let mut unit = if ends(first) { first as u32 } else { (first as u32) << 8 | second as u32 };
        at += 2 - ends(first) as usize;
        if !ends(first) && !ends(second) {
            while let Some(&byte) = code.get(at) {
                unit = unit << 8 | byte as u32;
                at += 1;
                if ends(byte) {
                    break;
                }
            }
        }
        Some((start, unit))
    })
}

/// How frequent each byte is in a code, so that a search looks for the rarest byte of a string first.
pub(crate) struct Frequencies;

impl HeuristicFrequencyRank for Frequencies {
    fn rank(&self, byte: u8) -> u8 {
        match byte {
            // 6 in a thousand at the beginning and 2 at the end, for each ends codes of two besides its own
            ..GOES_ON => 150 - byte / 4,
            // 127 in a thousand, and of each about a half or two thirds of the one before
            GOES_ON.. => 250u8.saturating_sub((byte - GOES_ON).saturating_mul(20)),
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
            assert!(code[..code.len() - 1].iter().all(|&byte| !ends(byte)) && ends(code[code.len() - 1]));
            assert!(codes.insert(code));
        }
        assert!(b"0123456789+.\n".iter().all(|&byte| encoded(&(byte as char).to_string()) == [byte]));
        assert_eq!(encoded("国港").len(), 3);
        // what the search knows by its bytes is part of no other code
        let own = |byte: &u8| is_own_code(*byte);
        assert!((0..=char::MAX as u32).filter_map(char::from_u32).all(|c| {
            let code = encoded(&c.to_string());
            code.len() == 1 || !code.iter().any(own)
        }));
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(500))]

        #[test]
        fn a_string_stands_where_its_code_does(text in text(), from in 0..60usize, len in 1..6usize) {
            let needle: String = text.chars().skip(from).take(len).collect();
            prop_assume!(!needle.is_empty());
            let (code, wanted) = (encoded(&text), encoded(&needle));
            let found: Vec<usize> = (0..code.len())
                .filter(|&at| code[at..].starts_with(&wanted) && begins_at(&code, at))
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
