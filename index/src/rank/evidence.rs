//! Reads what a passage says about a question: which of its pairs and words stand there, how rare they are, how long a run of
//! it, how near each other. The entry point is [`Asks::read`]; what the readings weigh is said in `weights`.
//!
//! Two neighbouring units of a text are a *pair*; the rarer a pair is in the index, the more it says.

use std::collections::HashMap;

use crate::error::Result;
use crate::fold::fold;
use crate::fold::folded::Folded;
use crate::query::question::INTERROGATIVE;
use crate::rank::term::Term;
use crate::rank::units::{At, Sieve, Unit, units};
use crate::rank::weights::{LEAD, PAIRS, Sign, Values};
use crate::store::text::SegmentText;

/// How many characters are near each other: a few sentences.
const NEAR: usize = 120;

/// A question's units beyond so many are not read; nobody types them.
const LONGEST: usize = 2_000;

/// What passages are read for.
pub(crate) enum Asks {
    Term(Term),
    Question(Box<Reader>),
}

impl Asks {
    /// Reads a passage of a document that has `titled` in its title; `length` is its share of the average length.
    pub fn read(&self, text: &SegmentText, passage: u32, length: f32, titled: &[bool]) -> Result<Values> {
        Ok(match self {
            Asks::Term(term) => term.read(text, passage, length),
            Asks::Question(reader) => reader.read(&text.folded(passage)?, length, titled),
        })
    }

    /// How many units what is asked for has, each once; a single term counts as one.
    pub fn units(&self) -> usize {
        match self {
            Asks::Term(_) => 1,
            Asks::Question(reader) => reader.own_units,
        }
    }

    /// Whether any of it may stand in a passage: a quick look.
    pub fn may_stand_in(&self, text: &SegmentText, passage: u32) -> bool {
        match self {
            Asks::Term(term) => term.begins_in(text, passage),
            Asks::Question(_) => true,
        }
    }

    /// As many marks as there are parts of what is asked for: pairs, and behind them words.
    pub fn marks(&self) -> Vec<bool> {
        match self {
            Asks::Term(_) => vec![false],
            Asks::Question(reader) => reader.marks(),
        }
    }

    /// Marks what stands in `text`, which is not folded.
    pub fn mark(&self, text: &str, marked: &mut [bool]) {
        match self {
            Asks::Term(term) => marked[0] = marked[0] || term.stands_in(text),
            Asks::Question(reader) => reader.mark(&fold(text), marked),
        }
    }

    /// What the marked parts are worth, as a share of all.
    pub fn share(&self, marked: &[bool]) -> f32 {
        match self {
            Asks::Term(_) => marked[0] as u8 as f32,
            Asks::Question(reader) => reader.share(marked),
        }
    }
}

/// A question, ready to be read for. All text is folded.
pub(crate) struct Asked<'q> {
    /// In stretches between which nothing reaches.
    pub text: &'q [String],
    /// The same without what only asks, which counts [`INTERROGATIVE`] of what it would.
    pub plain: &'q [String],
    /// Whether it is one term, of which a part means nothing.
    pub is_term: bool,
    /// Its words, each with other names for it and its rarity.
    pub words: Vec<(&'q String, &'q Vec<String>, f32)>,
}

struct Pair {
    text: String,
    /// How often it is asked for, less for interrogatives.
    asked: f32,
    rarity: f32,
}

impl Pair {
    fn worth(&self) -> f32 {
        self.rarity * self.asked.min(1.0)
    }
}

/// A word of the question as it is looked for in a text.
struct Word {
    ordinal: u16,
    units: Vec<u16>,
}

/// The question, prepared for reading many passages.
pub(crate) struct Reader {
    units: HashMap<Unit, u16>,
    sieve: Sieve,
    /// How many of them the question itself has; those of other names come behind.
    own_units: usize,
    pairs: Vec<Pair>,
    /// By the numbers of their units; a long unit alone is a pair with 0.
    by_units: HashMap<(u16, u16), u16>,
    /// The pairs in the order of the question; `None` where two units do not touch.
    order: Vec<Option<u16>>,
    /// For each pair, where it stands in `order`.
    places: Vec<Vec<u16>>,
    /// What the first pairs in `order` are worth, up to each place.
    sums: Vec<f32>,
    /// The words, by their last unit.
    words: HashMap<u16, Vec<Word>>,
    /// What each is worth.
    worths: Vec<f32>,
    is_term: bool,
}

impl Reader {
    /// Prepares a question. `rarity` tells how rare a pair is in the index; it is asked once for each.
    pub fn new(asked: &Asked, rarity: impl Fn(&str) -> f32) -> Reader {
        let mut reader = Reader {
            units: HashMap::new(),
            sieve: Sieve::new(),
            own_units: 0,
            pairs: Vec::new(),
            by_units: HashMap::new(),
            order: Vec::new(),
            places: Vec::new(),
            sums: vec![0.0],
            words: HashMap::new(),
            worths: asked.words.iter().map(|(.., worth)| *worth).collect(),
            is_term: asked.is_term,
        };
        asked.text.iter().for_each(|stretch| reader.ask(stretch, INTERROGATIVE));
        // what a question is about counts once more, and stands in no other order
        let order = std::mem::take(&mut reader.order);
        asked.plain.iter().for_each(|stretch| reader.ask(stretch, 1.0 - INTERROGATIVE));
        reader.order = order;
        reader.own_units = reader.units.len();
        reader.pairs.iter_mut().for_each(|pair| pair.rarity = rarity(&pair.text));
        reader.places = vec![Vec::new(); reader.pairs.len()];
        for (place, &pair) in reader.order.iter().enumerate() {
            let worth = pair.map_or(0.0, |pair| reader.pairs[pair as usize].worth());
            reader.sums.push(reader.sums[place] + worth);
            if let Some(pair) = pair {
                reader.places[pair as usize].push(place as u16);
            }
        }
        for (ordinal, (word, others, _)) in asked.words.iter().enumerate() {
            for name in std::iter::once(*word).chain(*others) {
                if reader.units.len() + name.len() > u16::MAX as usize {
                    continue;
                }
                let mut numbers = Vec::new();
                units(name, std::iter::empty(), |_, unit, _| {
                    let next = reader.units.len() as u16 + 1;
                    numbers.push(*reader.units.entry(unit).or_insert(next));
                });
                if let Some(&last) = numbers.last() {
                    let word = Word { ordinal: ordinal as u16, units: numbers };
                    reader.words.entry(last).or_default().push(word);
                }
            }
        }
        reader.units.keys().for_each(|&unit| reader.sieve.add(unit));
        reader
    }

    /// Takes in the pairs of a stretch, each asked for `share` more.
    fn ask(&mut self, stretch: &str, share: f32) {
        let mut before: Option<(u16, &str)> = None;
        units(stretch, std::iter::empty(), |at, unit, text| {
            if self.order.len() >= LONGEST {
                return;
            }
            let next = self.units.len() as u16 + 1;
            let number = *self.units.entry(unit).or_insert(next);
            if unit.is_long() {
                self.ask_pair((number, 0), text.to_string(), share);
            }
            let pair = before
                .filter(|_| at.touches)
                .map(|(before, first)| self.ask_pair((before, number), format!("{first}{text}"), share));
            self.order.push(pair);
            before = Some((number, text));
        });
    }

    fn ask_pair(&mut self, units: (u16, u16), text: String, share: f32) -> u16 {
        let next = self.pairs.len() as u16;
        let pair = *self.by_units.entry(units).or_insert(next);
        if pair == next {
            self.pairs.push(Pair { text, asked: 0.0, rarity: 0.0 });
        }
        self.pairs[pair as usize].asked += share;
        pair
    }

    /// Nothing marked.
    fn marks(&self) -> Vec<bool> {
        vec![false; self.pairs.len() + self.worths.len()]
    }

    /// Marks the pairs and words that stand in `text`.
    fn mark(&self, text: &Folded, marked: &mut [bool]) {
        let mut touching = Touching::default();
        self.walk(text, |at, unit, pair| {
            for word in touching.ending(self, at, unit) {
                marked[self.pairs.len() + word.ordinal as usize] = true;
            }
            if let Some(pair) = pair {
                marked[pair as usize] = true;
            }
        });
    }

    /// What the marked pairs are worth, as a share of all; of a term all or nothing.
    pub fn share(&self, marked: &[bool]) -> f32 {
        if self.is_term {
            return self.pairs.iter().zip(marked).all(|(_, marked)| *marked) as u8 as f32;
        }
        let all: f32 = self.pairs.iter().map(Pair::worth).sum();
        let marked = self.pairs.iter().zip(marked).filter(|(_, marked)| **marked).map(|(pair, _)| pair.worth());
        if all > 0.0 { marked.sum::<f32>() / all } else { 0.0 }
    }

    /// Tells every unit of the question that stands in `text`, and the pair that ends with it; a long unit also as the pair
    /// that it is alone.
    fn walk(&self, text: &Folded, mut tell: impl FnMut(At, u16, Option<u16>)) {
        let mut before = 0;
        units(&text.text, text.breaks(), |at, unit, _| {
            let number = if self.sieve.may_hold(unit) { self.units.get(&unit) } else { None };
            let Some(&number) = number else {
                before = 0;
                return;
            };
            let known = |units| self.by_units.get(&units).copied();
            if unit.is_long()
                && let Some(alone) = known((number, 0))
            {
                tell(at, number, Some(alone));
            }
            tell(at, number, if at.touches && before > 0 { known((before, number)) } else { None });
            before = number;
        });
    }

    /// Reads a passage; `length` is its share of the average length. What its document has in the title, `titled`, is said once of
    /// each of its passages. Cost: some nanoseconds for each character.
    fn read(&self, text: &Folded, length: f32, titled: &[bool]) -> Values {
        let mut counts = vec![0u32; self.pairs.len()];
        let mut leads = vec![false; self.pairs.len()];
        let mut has_unit = vec![false; self.units.len() + 1];
        let mut runs = Runs { reader: self, last: usize::MAX, open: Vec::new(), next: Vec::new(), longest: 0.0 };
        let mut words: Vec<(usize, &Word)> = Vec::new();
        let mut touching = Touching::default();
        self.walk(text, |at, unit, pair| {
            has_unit[unit as usize] = true;
            words.extend(touching.ending(self, at, unit).map(|word| (at.position, word)));
            if let Some(pair) = pair {
                counts[pair as usize] += 1;
                leads[pair as usize] |= at.position < LEAD;
                runs.read(at.ordinal, pair);
            }
        });
        let bm25 = |((pair, &count), &is_titled): ((&Pair, &u32), &bool)| match count {
            0 if is_titled => pair.asked * pair.rarity * PAIRS.weight(1, 1.0),
            0 => 0.0,
            count => pair.asked * pair.rarity * PAIRS.weight(count, length),
        };
        let mut values = Values::default();
        values[Sign::Pairs] = self.pairs.iter().zip(&counts).zip(titled).map(bm25).sum();
        values[Sign::Run] = runs.longest;
        let is_new = |ordinal: &usize| {
            titled[self.pairs.len() + ordinal] && !words.iter().any(|(_, word)| word.ordinal as usize == *ordinal)
        };
        let in_title: f32 = (0..self.worths.len()).filter(is_new).map(|ordinal| self.worths[ordinal]).sum();
        values[Sign::Near] = self.near(&words) + in_title;
        values[Sign::Lead] = self.share(&leads);
        values[Sign::Characters] = has_unit[..=self.own_units].iter().filter(|has| **has).count() as f32;
        values
    }

    /// The most that stands within [`NEAR`] characters, of words with the positions of their last units.
    fn near(&self, words: &[(usize, &Word)]) -> f32 {
        let mut counts = vec![0u32; self.worths.len()];
        let (mut first, mut sum, mut best) = (0, 0f32, 0f32);
        for &(at, word) in words {
            if counts[word.ordinal as usize] == 0 {
                sum += self.worths[word.ordinal as usize];
            }
            counts[word.ordinal as usize] += 1;
            while words[first].0 + NEAR < at {
                let left = words[first].1;
                counts[left.ordinal as usize] -= 1;
                if counts[left.ordinal as usize] == 0 {
                    sum -= self.worths[left.ordinal as usize];
                }
                first += 1;
            }
            best = best.max(sum);
        }
        best
    }
}

/// The question's units that stand in a text without a gap, up to the one read last.
#[derive(Default)]
struct Touching {
    units: Vec<u16>,
    /// The ordinal of the unit behind that.
    next: usize,
}

impl Touching {
    /// The words that end with the next unit.
    fn ending<'r>(&mut self, reader: &'r Reader, at: At, unit: u16) -> impl Iterator<Item = &'r Word> {
        let is_new = at.ordinal + 1 != self.next;
        if is_new {
            if at.ordinal != self.next || !at.touches {
                self.units.clear();
            }
            self.units.push(unit);
            self.next = at.ordinal + 1;
        }
        let ends_here = reader.words.get(&unit).filter(|_| is_new).into_iter().flatten();
        ends_here.filter(|word| self.units.ends_with(&word.units))
    }
}

/// The runs of the question's pairs that end at the pair read last.
struct Runs<'r> {
    reader: &'r Reader,
    /// The unit with which that pair ends.
    last: usize,
    /// Where each ends in the question, and how many pairs it has.
    open: Vec<(u16, u16)>,
    next: Vec<(u16, u16)>,
    /// What the best run up to here is worth.
    longest: f32,
}

impl Runs<'_> {
    fn read(&mut self, ordinal: usize, pair: u16) {
        let places = &self.reader.places[pair as usize];
        if places.is_empty() {
            return;
        }
        if ordinal != self.last.wrapping_add(1) {
            self.open.clear();
        }
        self.last = ordinal;
        self.next.clear();
        // both ascend
        let mut open = self.open.iter().peekable();
        for &place in places {
            while open.next_if(|(end, _)| end + 1 < place).is_some() {}
            let before = open.peek().filter(|(end, _)| end + 1 == place);
            let run = before.map_or(1, |(_, run)| run + 1);
            self.next.push((place, run));
            let end = place as usize + 1;
            self.longest = self.longest.max(self.reader.sums[end] - self.reader.sums[end - run as usize]);
        }
        std::mem::swap(&mut self.open, &mut self.next);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn reader(question: &str, words: &[&str]) -> Reader {
        let (text, none) = ([question.to_string()], Vec::new());
        let words: Vec<String> = words.iter().map(|word| word.to_string()).collect();
        let words = words.iter().map(|word| (word, &none, 1.0)).collect();
        Reader::new(&Asked { text: &text, plain: &text, is_term: false, words }, |_| 1.0)
    }

    fn read(question: &str, text: &str) -> Values {
        let reader = reader(question, &[question]);
        reader.read(&fold(text), 1.0, &reader.marks())
    }

    #[test]
    fn the_question_itself_has_all_there_is() {
        let whole = read("番薯种植面积2.5万亩", "番薯种植面积2.5万亩");
        // nine units, eight pairs between them and one of the number alone
        assert_eq!([Sign::Run, Sign::Near, Sign::Lead, Sign::Characters].map(|sign| whole[sign]), [8.0, 1.0, 1.0, 9.0]);
        assert_eq!(read("番薯", "瑶柱"), Values::default());
    }

    #[test]
    fn a_number_is_one_unit() {
        assert_eq!(read("5亿元", "总值5亿元")[Sign::Run], 2.0);
        assert_eq!(read("5亿元", "总值15亿元")[Sign::Run], 1.0);
        assert_eq!(read("17", "17.7")[Sign::Pairs], 0.0);
    }

    #[test]
    fn latin_words_stand_apart_and_han_does_not() {
        assert!(read("duo", "AMD Pro Duo")[Sign::Pairs] > 0.0);
        assert_eq!(read("duo", "AMD ProDuo")[Sign::Pairs], 0.0);
        assert_eq!(read("三资交易", "“三资”交易")[Sign::Run], 3.0);
    }

    #[test]
    fn runs_follow_the_order_of_the_question() {
        let [whole, turned] = ["乡村振兴", "振兴乡村"].map(|text| read("乡村振兴", text));
        assert_eq!((whole[Sign::Run], turned[Sign::Run]), (3.0, 1.0));
        assert_eq!(whole[Sign::Characters], turned[Sign::Characters]);
    }

    #[test]
    fn names_without_end_are_no_harm() {
        let (text, names) = (["5亿元".to_string()], (0..70_000).map(|name| name.to_string()).collect());
        let words = vec![(&text[0], &names, 1.0)];
        let asked = Asked { text: &text, plain: &text, is_term: false, words };
        let reader = Reader::new(&asked, |_| 1.0);
        assert_eq!(reader.read(&fold("总值5亿元"), 1.0, &reader.marks())[Sign::Run], 2.0);
    }

    #[test]
    fn words_are_near_within_120_characters() {
        let reader = reader("乡村振兴", &["乡村", "振兴"]);
        let near =
            |gap: usize| reader.read(&fold(&format!("乡村{}振兴", "的".repeat(gap))), 1.0, &reader.marks())[Sign::Near];
        assert_eq!((near(0), near(118), near(119)), (2.0, 2.0, 1.0));
        assert_eq!(
            reader.read(&fold("乡的村振兴"), 1.0, &reader.marks())[Sign::Near],
            1.0,
            "a word stands without a gap"
        );
    }
}
