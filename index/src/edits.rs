//! What restores the source of a folded text, in few bytes: two for nearly every edit.

use crate::fold::Edit;
use crate::varint::Varint;

/// Characters that folding changes all the time, with the length of what becomes of them; an edit of one is one byte
/// beside its distance. The order is part of the format.
const COMMON: [(char, u8); 36] = [
    ('“', 0),
    ('”', 0),
    ('、', 0),
    ('\n', 0),
    ('\r', 0),
    (' ', 0),
    ('\u{3000}', 0),
    ('（', 0),
    ('）', 0),
    ('(', 0),
    (')', 0),
    ('《', 0),
    ('》', 0),
    ('+', 0),
    (',', 0),
    ('，', 0),
    ('·', 0),
    ('\t', 0),
    ('\'', 0),
    ('"', 0),
    ('‘', 0),
    ('’', 0),
    ('【', 0),
    ('】', 0),
    ('〔', 0),
    ('〕', 0),
    ('[', 0),
    (']', 0),
    ('％', 1),
    ('．', 1),
    (',', 3),
    (':', 3),
    (';', 3),
    ('!', 3),
    ('?', 3),
    ('\u{a0}', 0),
];

/// One byte is enough for a Latin letter that lost its capital (text byte + 32) or a full-width form of ASCII.
const CAPITAL: u8 = 100;
const FULL_WIDTH: u8 = 101;
const OTHER: u8 = 102;

/// Each edit is the distance in folded bytes from the one before (LEB128), a code, and for [`OTHER`] the length of the
/// folded text and the source's code point (LEB128).
pub(crate) fn encode(edits: &[Edit]) -> Vec<u8> {
    let mut bytes = Vec::with_capacity(edits.len() * 2);
    let mut at = 0;
    for edit in edits {
        bytes.extend(Varint::new(edit.at - at).bytes());
        at = edit.at;
        if let Some(code) = COMMON.iter().position(|&common| common == (edit.source, edit.len)) {
            bytes.push(code as u8);
        } else if edit.len == 1 && edit.source.is_ascii_uppercase() {
            bytes.push(CAPITAL);
        } else if edit.len == 1 && matches!(edit.source, '０'..='９' | 'ａ'..='ｚ') {
            bytes.push(FULL_WIDTH);
        } else {
            bytes.push(OTHER);
            bytes.push(edit.len);
            bytes.extend(Varint::new(edit.source as u32).bytes());
        }
    }
    bytes
}

/// Undoes [`encode`]; `None` if the bytes cannot be its work.
pub(crate) fn decode(mut bytes: &[u8], text: &str) -> Option<Vec<Edit>> {
    let mut edits = Vec::with_capacity(bytes.len() / 2);
    let mut at = 0u32;
    // where the edit before ends: none lies inside another
    let mut end = 0;
    while !bytes.is_empty() {
        at = at.checked_add(Varint::take(&mut bytes)?)?;
        let (&code, rest) = bytes.split_first()?;
        bytes = rest;
        let ascii = || text.as_bytes().get(at as usize).copied();
        let (source, len) = match code {
            CAPITAL => (ascii()?.to_ascii_uppercase() as char, 1),
            FULL_WIDTH => (char::from_u32(ascii()? as u32 + 0xfee0)?, 1),
            OTHER => {
                let (&len, rest) = bytes.split_first()?;
                bytes = rest;
                (char::from_u32(Varint::take(&mut bytes)?)?, len)
            }
            code => *COMMON.get(code as usize)?,
        };
        if (at as usize) < end || !text.is_char_boundary(at as usize) {
            return None;
        }
        end = at as usize + len as usize;
        if !text.is_char_boundary(end) {
            return None;
        }
        edits.push(Edit { at, len, source });
    }
    Some(edits)
}
