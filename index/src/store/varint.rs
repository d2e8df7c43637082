//! Small numbers in few bytes: LEB128 (DWARF 5, section 7.6), seven bits a byte, the lowest first; or two in one byte.

/// Appends a number as one to five bytes.
#[inline]
pub(crate) fn push(bytes: &mut Vec<u8>, mut number: u32) {
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

/// Takes a number from the front of `bytes`; `None` if there is no whole one.
#[inline]
pub(crate) fn take(bytes: &mut &[u8]) -> Option<u32> {
    match bytes.split_first()? {
        // as nearly all are
        (&byte @ ..0x80, rest) => {
            *bytes = rest;
            Some(byte as u32)
        }
        _ => take_long(bytes),
    }
}

fn take_long(bytes: &mut &[u8]) -> Option<u32> {
    let mut number = 0u32;
    for shift in (0..32).step_by(7) {
        let (&byte, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= ((byte & 0x7f) as u32).checked_shl(shift)?;
        if byte < 0x80 {
            return Some(number);
        }
    }
    None
}

/// The most that four bits hold: as much or more.
const MOST: u32 = 15;

/// Appends two numbers: four bits each; of what does not fit the rest (LEB128).
#[inline]
pub(crate) fn push_two(bytes: &mut Vec<u8>, numbers: [u32; 2]) {
    let [high, low] = numbers.map(|number| number.min(MOST) as u8);
    bytes.push(high << 4 | low);
    numbers.iter().filter_map(|number| number.checked_sub(MOST)).for_each(|rest| push(bytes, rest));
}

/// Takes two numbers that [`push_two`] appended from the front of `bytes`.
#[inline]
pub(crate) fn take_two(bytes: &mut &[u8]) -> Option<[u32; 2]> {
    let (&both, rest) = bytes.split_first()?;
    *bytes = rest;
    let mut number = |bits: u8| match bits as u32 {
        MOST => take(bytes)?.checked_add(MOST),
        bits => Some(bits),
    };
    Some([number(both >> 4)?, number(both & 15)?])
}

/// Appends a text: its length in bytes, and these.
pub(crate) fn push_text(bytes: &mut Vec<u8>, text: &str) {
    push(bytes, text.len() as u32);
    bytes.extend_from_slice(text.as_bytes());
}

/// Takes a text from the front of `bytes`; `None` if there is no whole one.
pub(crate) fn take_text<'a>(bytes: &mut &'a [u8]) -> Option<&'a str> {
    let len = take(bytes)?;
    let (text, rest) = bytes.split_at_checked(len as usize)?;
    *bytes = rest;
    std::str::from_utf8(text).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_length_comes_back() {
        for number in (0..32).flat_map(|bit| [(1u32 << bit) - 1, 1 << bit]).chain([u32::MAX]) {
            let mut written = Vec::new();
            push(&mut written, number);
            let mut bytes = written.as_slice();
            assert_eq!((take(&mut bytes), bytes.len()), (Some(number), 0));
            assert_eq!(take(&mut &written[..written.len() - 1]), None);
            for two in [[number, 3], [14, number], [number, number]] {
                let mut written = Vec::new();
                push_two(&mut written, two);
                let mut bytes = written.as_slice();
                assert_eq!((take_two(&mut bytes), bytes.len()), (Some(two), 0));
                assert_eq!(take_two(&mut &written[..written.len() - 1]), None);
            }
        }
    }
}
