//! What the parts of a score weigh, and how a score is told apart again. The parts are named here and nowhere else.

use serde::Serialize;

use crate::rank::bm25::Bm25;

/// Pairs are counted with a weaker share of length than words: what a long passage says often, it says.
pub(crate) const PAIRS: Bm25 = Bm25 { k1: 1.2, b: 0.4 };

/// How many characters are the lead of a passage: what a lead sentence has.
pub(crate) const LEAD: usize = 30;

/// A question of more units than this, a clause or two, is a sentence.
const SENTENCE: f32 = 24.0;

/// The parts of a score, in the order in which they are told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(usize)]
pub(crate) enum Sign {
    Words,
    Pairs,
    Run,
    Near,
    Lead,
    Heading,
    Characters,
    Place,
    Title,
    Speaker,
    Year,
    Part,
    Definition,
}

const SIGNS: usize = 13;

impl Sign {
    /// What counts of its value in a question of so many units. The longer a question is, the more of its words stand near each
    /// other by chance, and the more of its characters anywhere. A long run of it seldom does, and what is summed over all of it
    /// tells the more.
    fn share_in(self, units: usize) -> f32 {
        let share = (SENTENCE / units as f32).min(1.0);
        match self {
            Sign::Near | Sign::Characters => share,
            Sign::Run => share.sqrt(),
            _ => 1.0,
        }
    }
}

/// What each part of the score weighs. A part lies between 0 and 1: it is a share of what the best candidate has of it, or of
/// the question. So a weight of 1 is worth as much as the best candidate's BM25 over words. 0 switches the part off; the
/// higher a weight, the more its part decides. In a whole sentence run, near and characters count less. The defaults are round
/// numbers near the middle of a plateau: they hold on policy questions, encyclopaedic questions, web searches and keywords
/// alike (`gm-search eval`).
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub struct Weights {
    /// BM25 over words: which ones, how rare, how often.
    pub words: f32,
    /// BM25 over pairs of characters: the same without a dictionary, so that a name which jieba cuts apart counts as a
    /// name. What the title of its document says is said once in each passage.
    pub pairs: f32,
    /// The longest run of the question that stands there as it was typed, by the rarity of its pairs.
    pub run: f32,
    /// How many of the question's words, by their rarity, stand within 120 characters, or in the title of the document.
    pub near: f32,
    /// The share of the question, by the rarity of its pairs, that stands in the first 30 characters: a lead sentence says
    /// what a passage is about.
    pub lead: f32,
    /// The same share in what the passage is under: its headings, the document's title and place.
    pub heading: f32,
    /// How many of its characters stand anywhere: for words that are written otherwise (微信开发, 开发微信公众号).
    pub characters: f32,
    /// The share of the places that are asked for that its report is from, less for each link of its chain below them.
    pub place: f32,
    /// The share of the titles that are asked for that are its document's, less where they name only what it shares with others.
    pub title: f32,
    /// Whether one of those who are asked for gave the document, or is named by the passage, as by a resolution on a report.
    pub speaker: f32,
    /// Whether the passage speaks of the year that is asked for: 1 if the year is its part's, half if it is its report's.
    pub year: f32,
    /// Whether it stands in the part of a report that is asked for.
    pub part: f32,
    /// Whether it says what the term means whose meaning is asked for: 本条例所称港税，是指….
    pub definition: f32,
}

impl Default for Weights {
    fn default() -> Self {
        Weights {
            words: 1.0,
            pairs: 1.0,
            run: 0.75,
            near: 1.5,
            lead: 0.15,
            heading: 0.5,
            characters: 0.5,
            place: 3.0,
            title: 3.0,
            speaker: 3.0,
            year: 3.0,
            part: 0.5,
            definition: 2.0,
        }
    }
}

/// The values of all parts for one passage.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Values([f32; SIGNS]);

impl std::ops::Index<Sign> for Values {
    type Output = f32;

    fn index(&self, sign: Sign) -> &f32 {
        &self.0[sign as usize]
    }
}

impl std::ops::IndexMut<Sign> for Values {
    fn index_mut(&mut self, sign: Sign) -> &mut f32 {
        &mut self.0[sign as usize]
    }
}

impl Values {
    /// Makes the values of what has no measure of its own a share of the greatest among all passages, in a question of so many
    /// units.
    pub fn share(all: &mut [Values], units: usize) {
        for sign in [Sign::Words, Sign::Pairs, Sign::Run, Sign::Near, Sign::Characters] {
            let most = all.iter().map(|values| values[sign]).fold(0.0, f32::max);
            if most > 0.0 {
                let share = sign.share_in(units) / most;
                all.iter_mut().for_each(|values| values[sign] *= share);
            }
        }
    }
}

impl Weights {
    /// The weights with their names.
    pub fn named(&self) -> [(&'static str, f32); SIGNS] {
        { *self }.named_mut().map(|(name, weight)| (name, *weight))
    }

    // in the order of the signs
    fn named_mut(&mut self) -> [(&'static str, &mut f32); SIGNS] {
        [
            ("words", &mut self.words),
            ("pairs", &mut self.pairs),
            ("run", &mut self.run),
            ("near", &mut self.near),
            ("lead", &mut self.lead),
            ("heading", &mut self.heading),
            ("characters", &mut self.characters),
            ("place", &mut self.place),
            ("title", &mut self.title),
            ("speaker", &mut self.speaker),
            ("year", &mut self.year),
            ("part", &mut self.part),
            ("definition", &mut self.definition),
        ]
    }

    /// Changes the weight with this name; `false` if there is none, or if the value is not finite.
    pub fn set(&mut self, name: &str, value: f32) -> bool {
        let weight = self.named_mut().into_iter().find(|(other, _)| *other == name && value.is_finite());
        weight.map(|(_, weight)| *weight = value).is_some()
    }

    pub(crate) fn sum(&self, values: &Values) -> f32 {
        self.named().iter().zip(values.0).map(|((_, weight), value)| weight * value).sum()
    }

    /// The parts that are not 0.
    pub(crate) fn parts(&self, values: &Values) -> Vec<Part> {
        let parts = self.named().into_iter().zip(values.0);
        parts.map(|((name, weight), value)| Part { name, value, weight }).filter(|part| part.value != 0.0).collect()
    }
}

/// How the score of a hit came about.
#[derive(Clone, Debug, Default, PartialEq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct Explanation {
    /// What the query was understood to ask, beside its words.
    pub understood: Vec<String>,
    /// The terms that candidates were found by, each with its weight: its rarity (natural logarithm) times its share.
    pub terms: Vec<(String, f32)>,
    /// How many candidates were found.
    pub candidates: u64,
    /// How many of them were read.
    pub read: u64,
    /// The parts of the score, which is the sum of value times weight.
    pub parts: Vec<Part>,
}

/// A part of a score.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct Part {
    /// The part's name.
    pub name: &'static str,
    /// Between 0 and 1; the BM25 itself where the score is nothing else.
    pub value: f32,
    /// What it is multiplied with.
    pub weight: f32,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn in_a_sentence_what_may_stand_there_by_chance_counts_less() {
        let signs = [Sign::Words, Sign::Pairs, Sign::Run, Sign::Near, Sign::Characters];
        let best = |units: usize| {
            let mut all = [Values([2.0; SIGNS]), Values([1.0; SIGNS])];
            Values::share(&mut all, units);
            signs.map(|sign| all[0][sign])
        };
        assert_eq!(best(24), [1.0; 5]);
        assert_eq!(best(96), [1.0, 1.0, 0.5, 0.25, 0.25]);
    }
}
