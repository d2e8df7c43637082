//! What may be meant by the beginning of a term: how the text goes on where it stands, and for Latin letters what sounds so.
//! Every completion is real text of the index, with its count; words of a dictionary are not asked, for 港长制 is in none.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

use crate::error::Result;
use crate::find::matching::Plan;
use crate::fold::fold;
use crate::query::Query;
use crate::rank::results::{Suggestion, Why};
use crate::rank::snapshot::Snapshot;

/// How many passages are read to see how the text goes on, evenly out of all: a bound on time, some milliseconds.
const MOST_PASSAGES: usize = 400;

/// How many characters a completion may add.
const LONGEST: usize = 6;

/// What begins with more characters than this is no term any more.
const LONGEST_TYPED: usize = 16;

/// What no term ends in: 改革的, 改革和.
const PARTICLES: [char; 9] = ['的', '了', '和', '与', '及', '是', '在', '为', '等'];

impl Snapshot {
    /// Completions of `typed`, the most frequent first; none if it is empty or long.
    pub fn complete(&self, typed: &str, limit: usize) -> Result<Vec<Suggestion>> {
        let folded = fold(typed).text;
        if !(1..=LONGEST_TYPED * 3).contains(&folded.chars().count()) {
            return Ok(Vec::new());
        }
        let mut found = match folded.chars().nth(LONGEST_TYPED) {
            None => self.continuations(&folded, limit)?,
            Some(_) => Vec::new(),
        };
        if folded.bytes().all(|byte| byte.is_ascii_lowercase()) {
            found.extend(self.sounding(&folded));
        }
        found.truncate(limit);
        Ok(found)
    }

    /// How the text goes on behind `folded`, up to the next mark, where it does so at least twice.
    fn continuations(&self, folded: &str, limit: usize) -> Result<Vec<Suggestion>> {
        let plan = Plan::new(&Query::Phrase(folded.to_string()));
        let [pattern] = &plan.patterns[..] else { return Ok(Vec::new()) };
        let mut ways: BTreeMap<String, u64> = BTreeMap::new();
        let evaluated = self.evaluate(&plan)?;
        let step = evaluated.iter().map(|matches| matches.passages.len()).sum::<usize>().div_ceil(MOST_PASSAGES).max(1);
        let there = self.texts.iter().zip(&evaluated);
        let all = there.flat_map(|(text, matches)| matches.passages.iter().map(move |&passage| (text, passage)));
        for (text, passage) in all.step_by(step) {
            let found = pattern.find(text, passage)?;
            for place in found.matches {
                let rest = found.source[place.end..].chars().take_while(|c| c.is_alphanumeric()).take(LONGEST + 1);
                let mut way = String::new();
                for c in rest {
                    way.push(c);
                    *ways.entry(way.clone()).or_default() += 1;
                }
            }
        }
        // 营商环 says no more than 营商环境 where it mostly goes on so
        let mut longer: HashMap<&str, u64> = HashMap::new();
        for (way, &count) in &ways {
            if let Some((last, _)) = way.char_indices().next_back() {
                let most = longer.entry(&way[..last]).or_default();
                *most = count.max(*most);
            }
        }
        let mut best: Vec<(&String, u64)> = ways
            .iter()
            .filter(|(way, _)| way.chars().nth(LONGEST).is_none())
            .filter(|&(way, count)| *count > 1 && longer.get(way.as_str()).is_none_or(|most| most * 5 < count * 4))
            .filter(|(way, _)| !way.ends_with(PARTICLES))
            .map(|(way, &count)| (way, count))
            .collect();
        best.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.len().cmp(&b.0.len())).then_with(|| a.0.cmp(b.0)));
        let named = best.into_iter().take(limit).map(|(way, _)| format!("{folded}{way}"));
        let counted =
            named.map(|text| Suggestion { occurrences: self.occurrences(&fold(&text).text), text, why: Why::Begins });
        let mut standing: Vec<Suggestion> = counted.filter(|suggestion| suggestion.occurrences > 0).collect();
        // the sample tells which, and the counts in which order
        standing.sort_by_key(|suggestion| Reverse(suggestion.occurrences));
        Ok(standing)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Document;

    /// The longest way that is shown is held against how it goes on as well.
    #[test]
    fn a_completion_is_no_piece_of_a_word() {
        let text = "数字经济创新发展试验区，数字经济创新发展试验区，数字经济增长，数字经济。";
        let snapshot = Snapshot::in_memory([Document::from_text("甲", text)], None).unwrap();
        let found = snapshot.complete("数字经", 5).unwrap();
        assert_eq!(found.iter().map(|one| one.text.as_str()).collect::<Vec<_>>(), ["数字经济"]);
    }
}
