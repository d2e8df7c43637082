//! Finds the passages most like a text. The index gives candidates by their words and the evidence of their text, which
//! favours long passages; of these the ones that share most of their pairs of characters, both ways, come first.

use crate::compare::grams::bigrams;
use crate::error::Result;
use crate::fold::fold;
use crate::index::Index;
use crate::query::Query;
use crate::rank::results::{Options, Results};

/// So many candidates are compared, so that there are at most so many hits.
const CANDIDATES: usize = 200;

/// The `limit` passages most like `text`, 200 at most, without those whose id is in `own` and other extractions of these. The score of a
/// hit is twice the pairs of characters it shares as a share of both (Dice 1945), above 0 and up to 1; `total` counts those that
/// hold the whole text. Cost: as a search with weaker hits.
pub fn alike(index: &Index, text: &str, own: &[String], limit: usize) -> Result<Results> {
    let options = Options { limit: CANDIDATES, weaker: true, merge_copies: true, ..Options::default() };
    let mut results = index.search(&Query::plain(text), options)?;
    results.hits.retain(|hit| !own.contains(&hit.id) && !hit.also.iter().any(|copy| own.contains(&copy.id)));
    let pairs = |text: &str| bigrams(&fold(text).text.chars().collect::<Vec<_>>());
    let asked = pairs(text);
    for hit in &mut results.hits {
        let found = pairs(&hit.snippet.text);
        let shared = asked.intersection(&found).count();
        hit.score = 2.0 * shared as f32 / (asked.len() + found.len()).max(1) as f32;
    }
    results.hits.retain(|hit| hit.score > 0.0);
    results.hits.sort_by(|a, b| b.score.total_cmp(&a.score));
    results.hits.truncate(limit);
    Ok(results)
}
