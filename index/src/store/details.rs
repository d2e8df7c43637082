//! What is kept of each passage beside its text and kind, in few bytes: as steps from the passage before.

use crate::store::varint;

/// What is kept of a passage beside its text and kind, and its form behind that of the one before in its group.
///
/// | part | content |
/// |---|---|
/// | length | bytes of the edits (LEB128) |
/// | words | their number (LEB128) |
/// | place | how far line and section are from those of the one before (zigzag), [two in a byte](varint::push_two) |
/// | edits | see [`edits`](super::edits) |
#[derive(Clone, Copy, Default)]
pub(crate) struct Details<'a> {
    pub words: u32,
    pub line: u32,
    /// One more than its section; 0 if it is in none.
    pub section: u32,
    /// See [`edits`](super::edits).
    pub edits: &'a [u8],
}

impl<'a> Details<'a> {
    pub fn section(&self) -> Option<u32> {
        self.section.checked_sub(1)
    }

    pub fn encode(&self, before: &Details<'_>, bytes: &mut Vec<u8>) {
        varint::push(bytes, self.edits.len() as u32);
        varint::push(bytes, self.words);
        varint::push_two(
            bytes,
            [(self.line, before.line), (self.section, before.section)].map(|(now, before)| {
                let step = now.wrapping_sub(before);
                step << 1 ^ (step as i32 >> 31) as u32
            }),
        );
        bytes.extend_from_slice(self.edits);
    }

    #[inline]
    pub fn take(bytes: &mut &'a [u8], before: &Details<'_>) -> Option<Self> {
        let length = varint::take(bytes)?;
        let words = varint::take(bytes)?;
        let [line, section] = varint::take_two(bytes)?.map(|step| step >> 1 ^ (step & 1).wrapping_neg());
        let (edits, rest) = bytes.split_at_checked(length as usize)?;
        *bytes = rest;
        let (line, section) = (before.line.wrapping_add(line), before.section.wrapping_add(section));
        Some(Details { words, line, section, edits })
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn details_come_back(
            numbers in proptest::collection::vec((any::<u32>(), any::<u32>(), 0u32..40, any::<bool>()), 1..20),
            cut in any::<proptest::sample::Index>(),
        ) {
            let mut bytes = Vec::new();
            let mut kept: Vec<Details> = Vec::new();
            for &(words, line, section, is_near) in &numbers {
                let line = if is_near { kept.last().map_or(1, |last| last.line.wrapping_add(1)) } else { line };
                let details = Details { words, line, section, edits: &[7, 7, 7][..section as usize % 4] };
                details.encode(&kept.last().copied().unwrap_or_default(), &mut bytes);
                kept.push(details);
            }
            let (mut rest, mut last) = (bytes.as_slice(), Details::default());
            for details in &kept {
                last = Details::take(&mut rest, &last).unwrap();
                prop_assert_eq!(
                    (last.words, last.line, last.section, last.edits),
                    (details.words, details.line, details.section, details.edits)
                );
            }
            prop_assert!(rest.is_empty());
            let mut short = &bytes[..cut.index(bytes.len())];
            while let Some(details) = Details::take(&mut short, &last) {
                last = details;
            }
        }
    }
}
