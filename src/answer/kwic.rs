//! The orders of a concordance. Of what stands beside a match the nearest decides first.

use gm_index::Concordance;

use crate::cli::KwicSort;

/// Puts rows that come by document in an order; what is of no known place or year comes last.
pub fn order(rows: &mut [Concordance], sort: KwicSort) {
    match sort {
        KwicSort::Document => {}
        KwicSort::Left => rows.sort_by_cached_key(|row| row.left.chars().rev().collect::<String>()),
        KwicSort::Right => rows.sort_by(|a, b| a.right.cmp(&b.right)),
        KwicSort::Place => rows.sort_by_cached_key(|row| (row.place.is_none(), row.place.clone())),
        KwicSort::Year => rows.sort_by_key(|row| (row.year.is_none(), row.year)),
    }
}
