//! Folded text, with the way back to its source.

use std::ops::Range;

/// Folded text with what is needed to restore its source.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Folded {
    /// The folded text.
    pub text: String,
    edits: Vec<Edit>,
}

/// One character of the source that folding changed: `source` became the `len` bytes of folded text from `at`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Edit {
    pub at: u32,
    pub len: u8,
    pub source: char,
}

impl Edit {
    /// Whether a word ends here: a mark was dropped, and not from the inside of a number.
    fn breaks_words(&self) -> bool {
        self.len == 0 && self.source != ',' && self.source != '，'
    }
}

impl Folded {
    pub(crate) fn new(text: String, edits: Vec<Edit>) -> Self {
        Folded { text, edits }
    }

    pub(crate) fn into_parts(self) -> (String, Vec<Edit>) {
        (self.text, self.edits)
    }

    pub(crate) fn edits(&self) -> &[Edit] {
        &self.edits
    }

    /// The source, character for character. Cost: one pass.
    pub fn restore(&self) -> String {
        let mut source = String::with_capacity(self.text.len() + self.edits.len() * 3);
        let mut at = 0;
        for edit in &self.edits {
            source.push_str(&self.text[at..edit.at as usize]);
            source.push(edit.source);
            at = edit.at as usize + edit.len as usize;
        }
        source.push_str(&self.text[at..]);
        source
    }

    /// The range of the source, in bytes, that the range of folded bytes stands for. Marks dropped at either end stay
    /// outside; a character that folded into several is covered whole as soon as one of them is. Cost: the number of
    /// changed characters before the range's end.
    pub fn source_range(&self, folded: Range<usize>) -> Range<usize> {
        let mut range = std::iter::once(folded);
        self.source_ranges(&mut range).next().unwrap_or_default()
    }

    /// The same for ranges that begin and end behind each other. Cost: the number of changed characters, once for all.
    pub(crate) fn source_ranges<'f>(
        &'f self,
        folded: impl Iterator<Item = Range<usize>> + 'f,
    ) -> impl Iterator<Item = Range<usize>> + 'f {
        let (mut start, mut end) = (Passed::default(), Passed::default());
        folded.map(move |range| {
            self.source_offset(range.start, Side::Start, &mut start)..self.source_offset(range.end, Side::End, &mut end)
        })
    }

    /// What makes [`source_range_by`](Self::source_range_by) quick. Cost: the number of changed characters.
    pub(crate) fn milestones(&self) -> Milestones {
        let mut passed = Passed::default();
        let mut milestones = Vec::with_capacity(self.edits.len() / MILE);
        for Edit { at, len, source } in &self.edits {
            passed.edits += 1;
            passed.shift += source.len_utf8() as isize - *len as isize;
            if passed.edits % MILE == 0 {
                milestones.push((*at as usize + (*len).max(1) as usize, passed));
            }
        }
        Milestones(milestones)
    }

    /// The same as [`source_range`](Self::source_range) for many ranges in any order, at the same cost wherever they lie.
    pub(crate) fn source_range_by(&self, milestones: &Milestones, folded: Range<usize>) -> Range<usize> {
        let [mut start, mut end] = [folded.start, folded.end].map(|at| milestones.before(at));
        self.source_offset(folded.start, Side::Start, &mut start)..self.source_offset(folded.end, Side::End, &mut end)
    }

    fn source_offset(&self, folded: usize, side: Side, passed: &mut Passed) -> usize {
        for edit in &self.edits[passed.edits..] {
            let (at, len) = (edit.at as usize, edit.len as usize);
            let lies_behind = match side {
                Side::Start => at > folded || (at == folded && len > 0),
                Side::End => at >= folded,
            };
            if lies_behind {
                break;
            }
            if folded < at + len {
                let source = at.wrapping_add_signed(passed.shift);
                return match side {
                    Side::Start => source,
                    Side::End => source + edit.source.len_utf8(),
                };
            }
            passed.shift += edit.source.len_utf8() as isize - len as isize;
            passed.edits += 1;
        }
        folded.wrapping_add_signed(passed.shift)
    }

    /// Cuts before each of `cuts`, ascending offsets into the source (bytes, on character boundaries); the parts
    /// joined are the whole.
    pub(crate) fn split(&self, cuts: impl IntoIterator<Item = usize>) -> Vec<Folded> {
        let mut parts = Vec::new();
        let (mut shift, mut next, mut first, mut at) = (0isize, 0, 0, 0);
        for cut in cuts.into_iter().map(Some).chain([None]) {
            while let Some(edit) = self.edits.get(next)
                && cut.is_none_or(|cut| (edit.at as usize).wrapping_add_signed(shift) < cut)
            {
                shift += edit.source.len_utf8() as isize - edit.len as isize;
                next += 1;
            }
            let end = cut.map_or(self.text.len(), |cut| cut.wrapping_add_signed(-shift));
            let edits = self.edits[first..next].iter().map(|edit| Edit { at: edit.at - at as u32, ..*edit });
            parts.push(Folded { text: self.text[at..end].to_string(), edits: edits.collect() });
            (first, at) = (next, end);
        }
        parts
    }

    /// The parts as one, as [`split`](Self::split) had it.
    pub(crate) fn joined(parts: Vec<Folded>) -> Folded {
        let mut parts = parts.into_iter();
        let mut whole = parts.next().unwrap_or_default();
        for part in parts {
            let shift = whole.text.len() as u32;
            whole.edits.extend(part.edits.into_iter().map(|edit| Edit { at: edit.at + shift, ..edit }));
            whole.text.push_str(&part.text);
        }
        whole
    }

    /// Where marks were dropped, in bytes of folded text, ascending: words end there.
    pub(crate) fn breaks(&self) -> impl Iterator<Item = usize> + '_ {
        self.edits.iter().filter(|edit| edit.breaks_words()).map(|edit| edit.at as usize)
    }

    /// The stretches of folded text between dropped marks: words are cut inside these, never across.
    pub(crate) fn stretches(&self) -> impl Iterator<Item = &str> {
        let mut breaks = self.breaks();
        let mut at = 0;
        let mut open = true;
        std::iter::from_fn(move || {
            while open {
                let end = breaks.next().unwrap_or_else(|| {
                    open = false;
                    self.text.len()
                });
                let stretch = &self.text[at..end];
                at = end;
                if !stretch.is_empty() {
                    return Some(stretch);
                }
            }
            None
        })
    }
}

/// The edits that lie before an offset, and by how much they make the source longer.
#[derive(Clone, Copy, Default)]
struct Passed {
    edits: usize,
    shift: isize,
}

/// Changed characters from one milestone to the next.
const MILE: usize = 32;

/// What lies before some places of a folded text, each with the offset from which on it does.
pub(crate) struct Milestones(Vec<(usize, Passed)>);

impl Milestones {
    /// The last of them before an offset.
    fn before(&self, folded: usize) -> Passed {
        let count = self.0.partition_point(|(from, _)| *from <= folded);
        self.0[..count].last().map_or(Passed::default(), |(_, passed)| *passed)
    }
}

#[derive(Clone, Copy)]
enum Side {
    Start,
    End,
}
