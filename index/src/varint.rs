//! Small numbers in few bytes: LEB128 (DWARF 5, section 7.6), seven bits a byte, the lowest first.

/// A number as one to five bytes.
pub(crate) struct Varint {
    bytes: [u8; 5],
    len: u8,
}

impl Varint {
    pub fn new(mut number: u32) -> Self {
        let mut varint = Varint { bytes: [0; 5], len: 1 };
        while number >= 0x80 {
            varint.bytes[varint.len as usize - 1] = number as u8 | 0x80;
            number >>= 7;
            varint.len += 1;
        }
        varint.bytes[varint.len as usize - 1] = number as u8;
        varint
    }

    pub fn bytes(&self) -> &[u8] {
        &self.bytes[..self.len as usize]
    }

    /// Takes a number from the front of `bytes`; `None` if there is no whole one.
    pub fn take(bytes: &mut &[u8]) -> Option<u32> {
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
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_length_comes_back() {
        for number in (0..32).flat_map(|bit| [(1u32 << bit) - 1, 1 << bit]).chain([u32::MAX]) {
            let varint = Varint::new(number);
            let mut bytes = varint.bytes();
            assert_eq!((Varint::take(&mut bytes), bytes.len()), (Some(number), 0));
            assert_eq!(Varint::take(&mut &varint.bytes()[..varint.bytes().len() - 1]), None);
        }
    }
}
