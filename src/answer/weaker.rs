//! Whether passages hold some of the words of a query that found nothing.

use gm_index::{Index, Options, Query, Result};

/// A query of more characters has words that may stand apart.
const LONGEST_WORD: usize = 3;

/// Whether [`Options::weaker`] would find something for a query that found nothing, and was typed so. Cost: another search,
/// but for a short query.
pub fn would_find(index: &Index, query: &Query, typed: &str, options: &Options) -> Result<bool> {
    if options.weaker || typed.chars().nth(LONGEST_WORD).is_none() {
        return Ok(false);
    }
    let weaker = Options { weaker: true, limit: 1, offset: 0, ..options.clone() };
    Ok(!index.search(query, weaker)?.hits.is_empty())
}
