//! What restores the source of a folded text, in few bytes: one for nearly every edit.

use crate::fold::folded::Edit;
use crate::store::varint;

/// Characters that folding changes all the time, each with the length of what becomes of it, and below how many characters
/// from the edit before its distance is part of the byte that says which it is: so counted that as many edits as can be of
/// reports, laws and news are one byte. The order and the numbers are part of the format.
const COMMON: [(char, u8, u8); 36] = [
    ('、', 0, 71),
    ('\n', 0, 70),
    ('“', 0, 23),
    ('”', 0, 8),
    (' ', 0, 8),
    ('）', 0, 4),
    ('（', 0, 3),
    (')', 0, 2),
    ('\u{3000}', 0, 1),
    ('(', 0, 1),
    ('《', 0, 1),
    ('》', 0, 1),
    ('，', 0, 1),
    ('％', 1, 1),
    ('．', 1, 1),
    ('!', 3, 1),
    ('\r', 0, 0),
    ('+', 0, 0),
    (',', 0, 0),
    ('·', 0, 0),
    ('\t', 0, 0),
    ('\'', 0, 0),
    ('"', 0, 0),
    ('‘', 0, 0),
    ('’', 0, 0),
    ('【', 0, 0),
    ('】', 0, 0),
    ('〔', 0, 0),
    ('〕', 0, 0),
    ('[', 0, 0),
    (']', 0, 0),
    (',', 3, 0),
    (':', 3, 0),
    (';', 3, 0),
    ('?', 3, 0),
    ('\u{a0}', 0, 0),
];

/// Behind the characters of [`COMMON`]: a Latin letter that lost its capital, a full-width form of ASCII, and any other edit;
/// and their distances.
const CAPITAL: usize = COMMON.len();
const FULL_WIDTH: usize = CAPITAL + 1;
const OTHER: usize = FULL_WIDTH + 1;
const NEAR: [u8; 3] = [1, 9, 10];

/// What the edits of a byte are.
const CLASSES: usize = OTHER + 1;

/// The first byte of each class: as many as it has distances, and one for those beyond.
const FIRST: [u8; CLASSES] = {
    let mut first = [0; CLASSES];
    let mut class = 0;
    while class + 1 < CLASSES {
        first[class + 1] = first[class] + near(class) + 1;
        class += 1;
    }
    assert!(first[OTHER] as usize + near(OTHER) as usize == u8::MAX as usize);
    first
};

/// The class of each first byte.
const CLASS: [u8; 256] = {
    let mut classes = [0; 256];
    let (mut byte, mut class) = (0, 0);
    while byte < classes.len() {
        if class + 1 < CLASSES && FIRST[class + 1] as usize == byte {
            class += 1;
        }
        classes[byte] = class as u8;
        byte += 1;
    }
    classes
};

const fn near(class: usize) -> u8 {
    if class < COMMON.len() { COMMON[class].2 } else { NEAR[class - COMMON.len()] }
}

/// Appends edits. Each is the byte of its class and its distance in characters from the edit before; for a longer distance
/// what is beyond (LEB128); and for [`OTHER`] the length of the folded text and the source's code point (LEB128).
pub(crate) fn encode(edits: &[Edit], text: &str, bytes: &mut Vec<u8>) {
    let mut at = 0;
    for edit in edits {
        let common = COMMON.iter().position(|&(source, len, _)| (source, len) == (edit.source, edit.len));
        let class = common.unwrap_or(match edit.source {
            'A'..='Z' if edit.len == 1 => CAPITAL,
            '０'..='９' | 'ａ'..='ｚ' if edit.len == 1 => FULL_WIDTH,
            _ => OTHER,
        });
        let distance = text[at..edit.at as usize].chars().count() as u32;
        at = edit.at as usize;
        let near = near(class);
        bytes.push(FIRST[class] + distance.min(near as u32) as u8);
        if let Some(beyond) = distance.checked_sub(near as u32) {
            varint::push(bytes, beyond);
        }
        if class == OTHER {
            bytes.push(edit.len);
            varint::push(bytes, edit.source as u32);
        }
    }
}

/// Undoes [`encode`]; `None` if the bytes cannot be its work.
pub(crate) fn decode(mut bytes: &[u8], text: &str) -> Option<Vec<Edit>> {
    let mut edits = Vec::with_capacity(bytes.len());
    let mut at = 0;
    // where the edit before ends: none lies inside another
    let mut end = 0;
    while let Some((&byte, rest)) = bytes.split_first() {
        bytes = rest;
        let class = CLASS[byte as usize] as usize;
        let mut distance = (byte - FIRST[class]) as u32;
        if distance == near(class) as u32 {
            distance = distance.checked_add(varint::take(&mut bytes)?)?;
        }
        at += length(&text[at..], distance)?;
        let ascii = || text.as_bytes().get(at).copied();
        let (source, len) = match class {
            CAPITAL => (ascii()?.to_ascii_uppercase() as char, 1),
            FULL_WIDTH => (char::from_u32(ascii()? as u32 + 0xfee0)?, 1),
            OTHER => {
                let (&len, rest) = bytes.split_first()?;
                bytes = rest;
                (char::from_u32(varint::take(&mut bytes)?)?, len)
            }
            common => (COMMON[common].0, COMMON[common].1),
        };
        if at < end {
            return None;
        }
        end = at + len as usize;
        if !text.is_char_boundary(end) {
            return None;
        }
        edits.push(Edit { at: at as u32, len, source });
    }
    Some(edits)
}

/// How many bytes the first `count` characters take; `None` if there are not so many.
fn length(text: &str, count: u32) -> Option<usize> {
    let mut ends = text.char_indices().map(|(at, _)| at).chain([text.len()]);
    ends.nth(count as usize)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::fold::fold;

    #[test]
    fn every_byte_has_the_class_that_begins_last_before_it() {
        for byte in 0..=u8::MAX {
            assert_eq!(CLASS[byte as usize] as usize, FIRST.partition_point(|&first| first <= byte) - 1);
        }
    }

    fn text() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            6 => "[一-龥]{1,3}",
            2 => "[一-龥]{60,90}",
            3 => "[、“”（）《》 　\\n\\r]",
            2 => "[A-Za-z０-９ａ-ｚ％．,:;!?]{1,2}",
            1 => any::<char>().prop_map(String::from),
        ];
        proptest::collection::vec(piece, 0..30).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #[test]
        fn edits_come_back(source in text()) {
            let folded = fold(&source);
            let mut bytes = Vec::new();
            encode(folded.edits(), &folded.text, &mut bytes);
            let edits = decode(&bytes, &folded.text);
            prop_assert_eq!(edits.as_deref(), Some(folded.edits()));
        }

        #[test]
        fn other_bytes_restore_something_or_nothing(
            bytes in proptest::collection::vec(any::<u8>(), 0..20),
            text in "[一a1]{0,20}",
        ) {
            if let Some(edits) = decode(&bytes, &text) {
                crate::fold::folded::Folded::new(text, edits).restore();
            }
        }
    }

    #[test]
    fn nearly_every_edit_is_one_byte() {
        let report = fold(include_str!("../../../corpus/港门镇政府工作报告_2025.txt"));
        let mut bytes = Vec::new();
        encode(report.edits(), &report.text, &mut bytes);
        assert!(bytes.len() * 10 < report.edits().len() * 13, "{} for {}", bytes.len(), report.edits().len());
    }
}
