//! The orders of a concordance by what stands beside its matches. What stands nearest to the match decides first.

use gm_index::Concordance;

/// By what stands before the match, read backwards.
pub fn by_left(rows: &mut [Concordance]) {
    rows.sort_by_cached_key(|row| row.left.chars().rev().collect::<String>());
}

/// By what stands behind it.
pub fn by_right(rows: &mut [Concordance]) {
    rows.sort_by(|a, b| a.right.cmp(&b.right));
}
