//! Tells the processor what is read next. A query reads a few hundred short stretches from all over a long text, and would wait
//! longer for the first bytes of each than it takes to read them.

use std::ops::Range;

/// A processor fetches so many bytes at once.
const LINE: usize = 64;

/// So many bytes of a text are under way, or are read already, while those before them are scanned: more than an answer of the
/// memory takes, and less than the nearest cache holds.
const AHEAD: usize = 4096;

/// Has bytes fetched that are soon read. It changes nothing but the time that takes. Cost: a nanosecond for each 64 bytes.
pub(crate) fn fetch(bytes: &[u8]) {
    bytes.chunks(LINE).for_each(|line| fetch_line(&line[0]));
}

#[cfg(target_arch = "x86_64")]
fn fetch_line(byte: &u8) {
    safe_arch::prefetch_t0(byte);
}

/// What can be asked for elsewhere only by `unsafe` is left to the processor.
#[cfg(not(target_arch = "x86_64"))]
fn fetch_line(_: &u8) {}

/// Stretches of a text in their order, of which those ahead are fetched while one is read.
pub(crate) fn fetched<'t>(text: &'t [u8], stretches: &'t [Range<usize>]) -> impl Iterator<Item = Range<usize>> + 't {
    let (mut next, mut ahead) = (0, 0);
    stretches.iter().map(move |stretch| {
        while ahead < AHEAD
            && let Some(coming) = stretches.get(next)
        {
            let start = coming.start;
            // of a long one the processor foresees the rest; what a damaged filter tells may lie outside
            fetch(text.get(start..coming.end.min(start + AHEAD)).unwrap_or_default());
            ahead += coming.len();
            next += 1;
        }
        ahead -= stretch.len();
        stretch.clone()
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn what_is_fetched_is_what_was_there(lengths in proptest::collection::vec(0usize..9000, 0..20), length in 0usize..50_000) {
            let ends = lengths.iter().scan(0, |end, length| Some(std::mem::replace(end, *end + length)..*end));
            let stretches: Vec<Range<usize>> = ends.collect();
            prop_assert_eq!(fetched(&vec![0; length], &stretches).collect::<Vec<_>>(), stretches);
        }
    }
}
