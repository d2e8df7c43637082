//! Chooses what is shown of the candidates: the first in order, where hits of one document make room for those of others,
//! and a passage that stands in several extractions of one report is shown once.

use std::cmp::Ordering;
use std::collections::hash_map::Entry;
use std::collections::{HashMap, HashSet};

use crate::document::governed;
use crate::error::Result;
use crate::rank::Candidate;
use crate::rank::results::{Options, Sort};
use crate::rank::snapshot::Snapshot;
use crate::store::code;

/// A text that stands in two documents is a copy only if it has so many characters, folded: short lines repeat by nature.
const SHORTEST_COPY: usize = 20;

/// A candidate that is shown.
pub(crate) struct Shown {
    pub candidate: Candidate,
    /// The same passage in other extractions of its report.
    pub copies: Vec<Candidate>,
}

impl Snapshot {
    /// What is shown of the candidates; `None` if it may be another than these, which are not all. Only as many as it takes are
    /// put in order, at the beginning of the list.
    pub fn page(&self, list: &mut [Candidate], are_all: bool, options: &Options) -> Result<Option<Vec<Shown>>> {
        let mut depth = options.offset.saturating_add(options.limit).saturating_mul(2).max(64);
        loop {
            depth = depth.min(list.len());
            self.sort(list, depth, options.sort)?;
            let is_end = depth == list.len();
            let page = self.page_among(list, depth, !is_end || !are_all, options)?;
            if page.is_some() || is_end {
                return Ok(page);
            }
            depth = depth.saturating_mul(8);
        }
    }

    /// Puts the first `depth` in order, within each tier by what is asked for: a weaker answer never stands above a stronger one.
    fn sort(&self, list: &mut [Candidate], depth: usize, sort: Sort) -> Result<()> {
        match sort {
            Sort::Relevance => sort_first(list, depth, |a, b| self.best_first(a, b)),
            Sort::Date => sort_first(list, depth, |a, b| a.tier.cmp(&b.tier).then_with(|| self.in_order(a, b))),
            Sort::Place => {
                let mut places = HashMap::new();
                for candidate in list.iter() {
                    if let Entry::Vacant(place) = places.entry((candidate.segment, candidate.document)) {
                        let head = self.texts[candidate.segment as usize].head(candidate.document)?;
                        let governed = governed(&head.place, head.level);
                        place.insert((governed.is_empty(), governed));
                    }
                }
                let place = |candidate: &Candidate| &places[&(candidate.segment, candidate.document)];
                sort_first(list, depth, |a, b| {
                    let by_place = a.tier.cmp(&b.tier).then_with(|| place(a).cmp(place(b)));
                    by_place.then_with(|| self.in_order(a, b))
                });
            }
        }
        Ok(())
    }

    /// The candidates to show, of the first `depth`, which are in order; `None` if these do not suffice and there are
    /// more. Copies of them are wherever they are.
    fn page_among(
        &self,
        list: &[Candidate],
        depth: usize,
        there_are_more: bool,
        options: &Options,
    ) -> Result<Option<Vec<Shown>>> {
        let wanted = options.offset.saturating_add(options.limit);
        let most = options.per_document.filter(|_| options.sort == Sort::Relevance).unwrap_or(usize::MAX);
        let mut known: Vec<Shown> = Vec::new();
        // what comes first, as ordinals in `known`
        let mut page: Vec<usize> = Vec::new();
        let mut by_text: HashMap<&[u8], Vec<usize>> = HashMap::new();
        let mut looked_at = 0;
        for tier in list[..depth].chunk_by(|a, b| a.tier == b.tier) {
            let mut of_document: HashMap<(u32, u32), usize> = HashMap::new();
            let mut later = Vec::new();
            for candidate in tier {
                if page.len() >= wanted {
                    break;
                }
                looked_at += 1;
                if options.merge_copies {
                    let bytes = self.code(candidate);
                    let equal = by_text.entry(bytes).or_default();
                    if let Some(first) = self.original(candidate, bytes, equal, &known)? {
                        known[first].copies.push(*candidate);
                        continue;
                    }
                    equal.push(known.len());
                }
                let count = of_document.entry((candidate.segment, candidate.document)).or_default();
                *count += 1;
                if *count > most {
                    later.push(known.len())
                } else {
                    page.push(known.len())
                }
                known.push(Shown { candidate: *candidate, copies: Vec::new() });
            }
            if page.len() < wanted && there_are_more {
                return Ok(None);
            }
            page.extend(later);
        }
        // a copy that comes too late for this page is on none: on the next its first is known again
        let lengths: HashSet<usize> = by_text.keys().map(|bytes| bytes.len()).collect();
        for candidate in &list[looked_at..] {
            let bytes = self.code(candidate);
            if lengths.contains(&bytes.len())
                && let Some(equal) = by_text.get(bytes)
                && let Some(first) = self.original(candidate, bytes, equal, &known)?
            {
                known[first].copies.push(*candidate);
            }
        }
        let mut known: Vec<Option<Shown>> = known.into_iter().map(Some).collect();
        let page = page.into_iter().skip(options.offset).take(options.limit);
        Ok(Some(page.filter_map(|ordinal| known[ordinal].take()).collect()))
    }

    fn code(&self, candidate: &Candidate) -> &[u8] {
        let text = &self.texts[candidate.segment as usize];
        &text.text()[text.range(candidate.passage)]
    }

    /// The first of those with the same text that a candidate is a copy of.
    fn original(&self, candidate: &Candidate, bytes: &[u8], equal: &[usize], known: &[Shown]) -> Result<Option<usize>> {
        if equal.is_empty() || code::characters(bytes) < SHORTEST_COPY {
            return Ok(None);
        }
        for &other in equal {
            if self.is_copy(&known[other].candidate, candidate)? {
                return Ok(Some(other));
            }
        }
        Ok(None)
    }

    /// Whether two passages with the same text are from two extractions of one report, as far as their descriptions say.
    fn is_copy(&self, a: &Candidate, b: &Candidate) -> Result<bool> {
        let head = |candidate: &Candidate| self.texts[candidate.segment as usize].head(candidate.document);
        let (one, other) = (head(a)?, head(b)?);
        let agree = |a: Option<u16>, b: Option<u16>| a.is_none() || b.is_none() || a == b;
        let same_place = one.place.is_empty() || other.place.is_empty() || one.place.last() == other.place.last();
        Ok((a.segment, a.document) != (b.segment, b.document) && agree(one.year, other.year) && same_place)
    }
}

/// Puts the first `depth` in order and leaves the others behind them.
fn sort_first(list: &mut [Candidate], depth: usize, order: impl Fn(&Candidate, &Candidate) -> Ordering) {
    if depth < list.len() {
        list.select_nth_unstable_by(depth, &order);
    }
    list[..depth].sort_unstable_by(order);
}
