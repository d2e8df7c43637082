//! Reads what a passage says about a single term of Han characters that stands in it. Of a term a part means nothing: the term
//! itself is counted, where the text lies and without decoding it.

use crate::find::needle::Needle;
use crate::fold::fold;
use crate::rank::weights::{LEAD, PAIRS, Sign, Values};
use crate::store::code;
use crate::store::text::SegmentText;
use crate::words::{Run, runs};

/// A term, ready to be read for.
pub(crate) struct Term {
    needle: Needle,
}

impl Term {
    /// `None` if the folded text has anything but Han characters and marks, or nothing: a number or a Latin word may stand inside
    /// a longer one.
    pub fn new(folded: &str) -> Option<Term> {
        let is_plain = |run: Run<'_>| matches!(run, Run::Plain(_));
        (!folded.is_empty() && !runs(folded).any(is_plain)).then(|| Term { needle: Needle::new(folded) })
    }

    /// Reads a passage in which the term begins; `length` is its share of the average length. Cost: a search of the passage.
    pub fn read(&self, text: &SegmentText, passage: u32, length: f32) -> Values {
        let range = text.range(passage);
        let mut places = self.needle.find_in(text.text(), range.clone());
        let lead = places.next().map(|first| code::characters(&text.text()[range.start..first + self.needle.len()]));
        let mut values = Values::default();
        values[Sign::Pairs] = PAIRS.weight(1 + places.count() as u32, length);
        values[Sign::Lead] = lead.is_some_and(|lead| lead <= LEAD) as u8 as f32;
        values[Sign::Run] = 1.0;
        values[Sign::Characters] = 1.0;
        values
    }

    /// The term, if it is of two characters.
    pub fn pair(&self) -> Option<&str> {
        Some(self.needle.text()).filter(|text| text.chars().count() == 2)
    }

    /// Whether the term stands in `text`, which is not folded.
    pub fn stands_in(&self, text: &str) -> bool {
        fold(text).text.contains(self.needle.text())
    }

    /// Whether it begins in a passage.
    pub fn begins_in(&self, text: &SegmentText, passage: u32) -> bool {
        self.needle.find_in(text.text(), text.range(passage)).next().is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Document;
    use crate::rank::snapshot::Snapshot;

    #[test]
    fn a_term_is_read_in_the_code_as_it_stands_in_the_text() {
        let filler = "的".repeat(LEAD - 5);
        let paragraphs = [
            "典型村。".to_string(),
            "建设“典型”村、典型、村。".to_string(),
            format!("{filler}，典型村与典型村。"),
            format!("{filler}，，，典型村与典型镇。"),
            "典型，村典型".to_string(),
            "建設典型村".to_string(),
        ];
        let snapshot = Snapshot::in_memory([Document::from_text("甲", paragraphs.join("\n\n"))], None).unwrap();
        let (text, wanted) = (&snapshot.texts[0], "典型村");
        let term = Term::new(wanted).unwrap();
        let mut counts = Vec::new();
        for passage in 0..text.passages() {
            let folded = text.folded(passage).unwrap();
            let count = folded.text.matches(wanted).count() as u32;
            counts.push(count);
            assert_eq!(term.begins_in(text, passage), count > 0);
            assert_eq!(term.stands_in(&folded.restore()), count > 0);
            if let Some(first) = folded.text.find(wanted) {
                let values = term.read(text, passage, 1.5);
                let end = folded.text[..first].chars().count() + 3;
                assert_eq!(values[Sign::Pairs], PAIRS.weight(count, 1.5));
                assert_eq!(values[Sign::Lead], (end <= LEAD) as u8 as f32, "{}", folded.text);
            }
        }
        assert_eq!(counts, [1, 2, 2, 1, 0, 1], "help: the passages are no longer those that this test is about");
        assert!(["", "2025年", "AI产业", "gdp"].iter().all(|text| Term::new(&fold(text).text).is_none()));
    }
}
