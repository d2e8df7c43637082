//! Reads what stands above passages: their headings, and the title and the place of their document.

use std::cell::Cell;

use crate::error::Result;
use crate::fold::fold;
use crate::rank::evidence::Asks;
use crate::rank::snapshot::Snapshot;
use crate::store::code;
use crate::store::record::Head;

/// A passage is nothing but its heading if it has at most so many characters more: a mark, a full stop.
const BESIDE: usize = 4;

/// Reads what stands above passages, once for each document and section whose passages come one after the other.
pub(crate) struct Above<'s> {
    snapshot: &'s Snapshot,
    asks: &'s Asks,
    document: Option<Titled<'s>>,
    /// Of that document, with how much of the question stands above its passages.
    section: Option<(Option<u32>, f32)>,
}

/// A document.
pub(crate) struct Titled<'s> {
    segment: u32,
    document: u32,
    pub head: Head<'s>,
    /// What of the question stands in its title and place.
    pub marks: Vec<bool>,
}

impl<'s> Above<'s> {
    pub fn new(snapshot: &'s Snapshot, asks: &'s Asks) -> Self {
        Above { snapshot, asks, document: None, section: None }
    }

    /// How much of the question stands above a passage of a document, from 0 to 1, and the document. What is a heading itself has
    /// only those further up above it.
    pub fn of(&mut self, segment: u32, document: u32, passage: u32) -> Result<(f32, &Titled<'s>)> {
        let text = &self.snapshot.texts[segment as usize];
        let known = self.document.take().filter(|known| (known.segment, known.document) == (segment, document));
        if known.is_none() {
            self.section = None;
        }
        let known = match known {
            Some(known) => known,
            None => {
                let head = text.head(document)?;
                let mut marks = self.asks.marks();
                self.asks.mark(&head.title(), &mut marks);
                head.place.iter().for_each(|link| self.asks.mark(link, &mut marks));
                Titled { segment, document, head, marks }
            }
        };
        let section = text.section(passage);
        let mut is_of_all = true;
        let share = match self.section {
            Some((known, share)) if known == section => share,
            _ => {
                let mut marks = known.marks.clone();
                let is_heading = Cell::new(false);
                let may_hold = |heading: u32| {
                    let may_hold = self.asks.may_stand_in(text, heading);
                    is_heading.set(is_heading.get() || may_hold && heading == passage);
                    may_hold
                };
                let mut headings = text.headings(document, &known.head, section, may_hold)?;
                let length = code::characters(&text.text()[text.range(passage)]);
                let is_whole = |heading: &mut String| fold(heading).text.chars().count() + BESIDE >= length;
                let itself = if is_heading.get() { headings.pop_if(is_whole) } else { None };
                headings.iter().for_each(|heading| self.asks.mark(heading, &mut marks));
                // … which stands above the others of its section
                is_of_all = itself.is_none();
                self.asks.share(&marks)
            }
        };
        self.section = Some((section, share)).filter(|_| is_of_all);
        Ok((share, self.document.insert(known)))
    }
}
