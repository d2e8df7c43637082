//! Which words stand near what a query finds more often than elsewhere. Words are cut as for the index, without those inside
//! longer ones; the window does not reach beyond the passage.

use std::collections::HashMap;
use std::ops::Range;

use serde::Serialize;

use crate::error::Result;
use crate::find::matching::Plan;
use crate::fold::folded::Folded;
use crate::query::Query;
use crate::rank::snapshot::Snapshot;
use crate::study::standing::{Location, Standing};
use crate::study::statistics::{log_dice, log_likelihood, log_ratio};
use crate::words::Cutter;
use crate::words::path::Scratch;

/// How far from an occurrence a word is near it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Window {
    /// So many words to the left and to the right.
    Words(usize),
    /// Wholly within so many characters of the source to the left and to the right.
    Chars(usize),
}

/// Where words are looked for, and which are told.
#[derive(Clone, Debug)]
pub struct CollocateOptions {
    /// How far is near.
    pub window: Window,
    /// Only passages that match this are looked at, for the frequencies elsewhere too.
    pub within: Option<Query>,
    /// Only words that stand near so often.
    pub least: u64,
}

/// The words near what a query finds.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Collocates {
    /// Occurrences of the query.
    pub occurrences: u64,
    /// Words in all windows; a word in two windows is one.
    pub words_near: u64,
    /// Words outside the occurrences, near or not.
    pub words: u64,
    /// The words that stand near more often than elsewhere, the surest first.
    pub collocates: Vec<Collocate>,
}

/// A word that keeps the query company.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Collocate {
    /// The word, folded.
    pub word: String,
    /// How often it stands near, at the left or at the right; of two occurrences at both sides the left one counts.
    pub near: u64,
    /// How often of these at the left.
    pub left: u64,
    /// How often it stands anywhere outside the occurrences.
    pub all: u64,
    /// In how many documents it stands near.
    pub documents: u64,
    /// How sure it is that its share near differs from its share elsewhere: G² (Dunning 1993; Rayson and Garside 2000).
    pub log_likelihood: f64,
    /// log₂ of the ratio of these shares (Hardie 2014).
    pub log_ratio: f64,
    /// How typical the pair is, whatever the size of the corpus: at most 14 (Rychlý 2008).
    pub log_dice: f64,
    /// A passage where it stands near.
    pub example: Location,
}

#[derive(Default)]
struct Use {
    all: u64,
    near: Standing,
    left: u64,
}

/// On which side of an occurrence a word stands.
#[derive(Clone, Copy, PartialEq)]
enum Side {
    Node,
    Left,
    Right,
    Far,
}

impl Snapshot {
    /// The words near the occurrences of a query.
    pub fn collocates(&self, cutter: &Cutter, query: &Query, options: &CollocateOptions) -> Result<Collocates> {
        let plan = Plan::new(query);
        let all = Query::everything();
        let within = self.evaluate(&Plan::new(options.within.as_ref().unwrap_or(&all)))?;
        let matches = self.evaluate(&plan)?;
        let mut uses: HashMap<String, Use> = HashMap::new();
        let mut found = Collocates { occurrences: 0, words_near: 0, words: 0, collocates: Vec::new() };
        let mut scratch = Scratch::default();
        for (segment, (within, matches)) in within.iter().zip(&matches).enumerate() {
            let text = &self.texts[segment];
            for &passage in &within.passages {
                let folded = text.folded(passage)?;
                let mut words: Vec<Range<usize>> = Vec::new();
                cutter.outer(&folded, &mut scratch, |word| words.push(word));
                let places = match matches.passages.binary_search(&passage) {
                    Ok(_) => plan.places(text, passage)?.1,
                    Err(_) => Vec::new(),
                };
                found.occurrences += places.len() as u64;
                let sides = sides(&folded, &words, &places, options.window);
                for (range, side) in words.into_iter().zip(sides).filter(|(_, side)| *side != Side::Node) {
                    found.words += 1;
                    found.words_near += (side != Side::Far) as u64;
                    let word = &folded.text[range];
                    if !uses.contains_key(word) {
                        uses.insert(word.to_string(), Use::default());
                    }
                    let Some(one) = uses.get_mut(word) else { continue };
                    one.all += 1;
                    if side != Side::Far {
                        one.near.add(self.place(segment, passage));
                        one.left += (side == Side::Left) as u64;
                    }
                }
            }
        }
        found.collocates = self.drawn(uses, &found, options.least)?;
        Ok(found)
    }

    /// Those of the words that stand near more often than elsewhere, at least so often; the surest first.
    fn drawn(&self, uses: HashMap<String, Use>, found: &Collocates, least: u64) -> Result<Vec<Collocate>> {
        let (near, elsewhere) = (found.words_near, found.words - found.words_near);
        let mut collocates = Vec::new();
        for (word, Use { all, near: Standing { count, documents, first, .. }, left }) in uses {
            let rest = all - count;
            // by cross-multiplication: more often near than elsewhere
            let is_over = count as u128 * elsewhere as u128 > rest as u128 * near as u128;
            let Some(first) = first.filter(|_| count >= least && is_over) else { continue };
            collocates.push(Collocate {
                near: count,
                left,
                all,
                documents,
                log_likelihood: log_likelihood(count, rest, near, elsewhere),
                log_ratio: log_ratio(count, rest, near, elsewhere),
                log_dice: log_dice(count, found.occurrences, all),
                example: self.locate(first.segment, first.passage)?,
                word,
            });
        }
        let surest = |a: &Collocate, b: &Collocate| {
            b.log_likelihood.total_cmp(&a.log_likelihood).then_with(|| a.word.cmp(&b.word))
        };
        collocates.sort_by(surest);
        Ok(collocates)
    }
}

/// Where each word of a passage stands beside the places, ranges of its source in order.
fn sides(folded: &Folded, words: &[Range<usize>], places: &[Range<usize>], window: Window) -> Vec<Side> {
    let mut sides = vec![Side::Far; words.len()];
    if places.is_empty() {
        return sides;
    }
    let source = folded.restore();
    let words: Vec<Range<usize>> = folded.source_ranges(words.iter().cloned()).collect();
    let chars = |from: usize, to: usize| source.get(from..to).map_or(usize::MAX, |text| text.chars().count());
    let mut nodes = vec![false; words.len()];
    // from the last, so that the left side of an earlier place never hides that of a later one
    for place in places.iter().rev() {
        let left = words.partition_point(|word| word.end <= place.start);
        let right = words.partition_point(|word| word.start < place.end);
        nodes[left..right].fill(true);
        let (first, end) = match window {
            Window::Words(count) => (left.saturating_sub(count), right.saturating_add(count).min(words.len())),
            Window::Chars(count) => (
                words[..left].partition_point(|word| chars(word.start, place.start) > count),
                right + words[right..].partition_point(|word| chars(place.end, word.end) <= count),
            ),
        };
        sides[right..end].iter_mut().filter(|side| **side == Side::Far).for_each(|side| *side = Side::Right);
        sides[first..left].fill(Side::Left);
    }
    for (side, _) in sides.iter_mut().zip(nodes).filter(|(_, is_node)| *is_node) {
        *side = Side::Node;
    }
    sides
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fold::fold;

    #[test]
    fn words_and_characters_away() {
        let folded = fold("甲“乙”丙丁戊己");
        let words: Vec<Range<usize>> = (0..6).map(|at| at * 3..at * 3 + 3).collect();
        let source = folded.restore();
        let at = source.find('丙').unwrap();
        let node = at..at + 3;
        let of = |window| {
            let sides = sides(&folded, &words, std::slice::from_ref(&node), window);
            sides
                .into_iter()
                .map(|side| match side {
                    Side::Node => '*',
                    Side::Left => '<',
                    Side::Right => '>',
                    Side::Far => ' ',
                })
                .collect::<String>()
        };
        assert_eq!(of(Window::Words(1)), " <*>  ");
        assert_eq!(of(Window::Words(9)), "<<*>>>");
        // the closing quote stands between 乙 and 丙
        assert_eq!(of(Window::Chars(2)), " <*>> ");
        assert_eq!(of(Window::Chars(1)), "  *>  ");
    }
}
