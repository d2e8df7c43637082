//! A text as it is read for a question: in *units*, a Han character, a number or a word of another script. A number is one unit, so
//! that 5亿 never stands in 15亿.

use crate::words::{Run, runs};

/// A unit of a text: the code point of a Han character, or the hash of a longer one.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) struct Unit(u64);

impl Unit {
    fn long(text: &str) -> Unit {
        // FNV-1a, above all code points
        let hash = text
            .bytes()
            .fold(0xcbf2_9ce4_8422_2325, |hash: u64, byte| (hash ^ byte as u64).wrapping_mul(0x100_0000_01b3));
        Unit(hash | 1 << 63)
    }

    pub fn is_long(self) -> bool {
        self.0 >> 63 == 1
    }
}

/// Tells most units that a question does not have from those that it has, faster than a map does: a bit for each of the last
/// sixteen bits of a unit, which are a Han character's own.
pub(crate) struct Sieve(Box<[u64; 1024]>);

impl Sieve {
    pub fn new() -> Self {
        Sieve(Box::new([0; 1024]))
    }

    pub fn add(&mut self, Unit(unit): Unit) {
        self.0[unit as usize >> 6 & 1023] |= 1 << (unit & 63);
    }

    pub fn may_hold(&self, Unit(unit): Unit) -> bool {
        self.0[unit as usize >> 6 & 1023] >> (unit & 63) & 1 == 1
    }
}

/// Where a unit stands.
#[derive(Clone, Copy)]
pub(crate) struct At {
    /// Characters before it.
    pub position: usize,
    /// Units before it.
    pub ordinal: usize,
    /// Whether nothing stands between it and the unit before.
    pub touches: bool,
}

/// Tells every unit of folded text, with its own text. At each of `breaks`, ascending bytes, a mark was dropped from between
/// two words, which stand apart unless they are Han.
pub(crate) fn units<'t>(text: &'t str, breaks: impl Iterator<Item = usize>, mut tell: impl FnMut(At, Unit, &'t str)) {
    let (mut end, mut position, mut ordinal) = (0, 0, 0);
    let mut breaks = breaks.peekable();
    for run in runs(text) {
        let (piece, is_han) = match run {
            Run::Han(piece) => (piece, true),
            Run::Plain(piece) => (piece, false),
        };
        let start = piece.as_ptr() as usize - text.as_ptr() as usize;
        position += text[end..start].chars().count();
        let mut touches = start == end && start > 0;
        if is_han {
            for (at, c) in piece.char_indices() {
                tell(At { position, ordinal, touches }, Unit(c as u64), &piece[at..at + c.len_utf8()]);
                touches = true;
                position += 1;
                ordinal += 1;
            }
        } else {
            let mut rest = piece;
            while !rest.is_empty() {
                let at = start + piece.len() - rest.len();
                while breaks.next_if(|&mark| mark <= at).is_some() {}
                let cut = breaks.peek().map_or(rest.len(), |mark| (mark - at).min(rest.len()));
                let (unit, behind) = rest.split_at(cut);
                tell(At { position, ordinal, touches }, Unit::long(unit), unit);
                touches = true;
                position += unit.chars().count();
                ordinal += 1;
                rest = behind;
            }
        }
        end = start + piece.len();
    }
}
