//! Counts several groups of terms at once in all or a part of the text, told apart by place, year and so on, with what makes
//! the counts comparable: documents, characters and words of each cell, and the first and last place in it. Cells without an
//! occurrence are kept.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Range;

use serde::Serialize;

use crate::error::Result;
use crate::find::Pattern;
use crate::find::keep_apart;
use crate::find::matching::{Matches, Plan};
use crate::fold::fold;
use crate::query::Query;
use crate::rank::snapshot::Snapshot;
use crate::store::record::Head;
use crate::study::corpus::Report;
use crate::study::count::{Dimension, Group, Key, group};
use crate::study::standing::Location;

/// A group of terms under a name. Terms are joined by OR.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Terms {
    /// What the group is called.
    pub name: String,
    /// What belongs to it.
    pub query: Query,
}

/// Which terms count where several share characters of the text, as 经济 stands inside 数字经济.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Overlaps {
    /// In each group a place of the text counts once: for the term that begins first, of these for the longest. Groups know
    /// nothing of each other. This is how [`Index::count`](crate::Index::count) counts.
    #[default]
    Once,
    /// In all groups together a place of the text counts once, by the same rule. What stands in two groups counts for the
    /// one that comes first.
    Longest,
    /// Every term counts wherever it stands.
    All,
}

/// What is counted, and how.
#[derive(Clone, Debug, Default)]
pub struct PanelOptions {
    /// What tells cells apart.
    pub by: Vec<Dimension>,
    /// Only passages that match this are looked at, for the sizes of the cells too.
    pub within: Option<Query>,
    /// Whether a document belongs to its cell though none of its passages match `within`, if all that `within` asks of documents
    /// holds for it: of `level:镇 part:任务` the level. It is of no use where parts tell cells apart.
    pub whole_documents: bool,
    /// Which of nested terms count.
    pub overlaps: Overlaps,
}

/// The count of one group of terms in one cell.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct PanelRow {
    /// The name of the terms.
    pub group: String,
    /// The cell: what it is, occurrences and passages that match, and characters and words in all of it.
    #[serde(flatten)]
    pub cell: Group,
    /// Documents of the cell.
    pub documents: u64,
    /// The reports that they are: documents of one place and year are extractions of one, or parts of it.
    pub reports: u64,
    /// Those of them that match.
    pub documents_with: u64,
    /// Characters of folded text that the occurrences are made of.
    pub term_chars: u64,
    /// `term_chars / chars`; 0 in an empty cell. With [`Overlaps::All`] characters count for each term on them.
    pub share_chars: f64,
    /// `occurrences / words`; 0 in an empty cell. Above 1 where terms are shorter than words.
    pub share_words: f64,
    /// The first passage with an occurrence in the cell's oldest document that has one; of what age is not known counts
    /// as oldest.
    pub first: Option<Location>,
    /// The last one in its newest.
    pub last: Option<Location>,
}

/// What is known of a cell while documents are read.
struct Cell {
    group: Group,
    documents: u64,
    reports: BTreeSet<Report>,
    tallies: Vec<Tally>,
}

impl Cell {
    fn new(group: Group, plans: usize) -> Self {
        Cell { group, documents: 0, reports: BTreeSet::new(), tallies: vec![Tally::default(); plans] }
    }

    /// Adds a document that is not in it yet.
    fn meet(&mut self, head: &Head<'_>) {
        self.documents += 1;
        self.reports.insert(Report::of(head));
    }
}

#[derive(Clone, Default)]
struct Tally {
    found: Found,
    passages: u64,
    documents: u64,
    first: Option<Time>,
    last: Option<Time>,
}

/// The age of a document, the oldest least, the passage in it, and its segment.
type Time = (Reverse<u64>, u32, usize);

/// Occurrences and the characters they are made of.
#[derive(Clone, Copy, Default)]
struct Found {
    occurrences: u64,
    chars: u64,
}

impl Snapshot {
    /// One row for each group of terms and each cell, the groups in their order and the cells in that of their values.
    pub fn panel(&self, terms: &[Terms], options: &PanelOptions) -> Result<Vec<PanelRow>> {
        let plans: Vec<Plan> = terms.iter().map(|terms| Plan::new(&terms.query)).collect();
        let within = options.within.as_ref().map(Plan::new);
        let whole = options.within.as_ref().filter(|_| options.whole_documents);
        let whole = whole.map(|within| Plan::new(&about_documents(within)));
        let mut cells = BTreeMap::new();
        let mut meter = Meter { snapshot: self, plans: &plans, lengths: BTreeMap::new() };
        for segment in 0..self.texts.len() {
            self.tally(segment, [within.as_ref(), whole.as_ref()], options, &mut meter, &mut cells)?;
        }
        let row = |at: usize, cell: &Cell| {
            let tally = &cell.tallies[at];
            let Found { occurrences, chars } = tally.found;
            let cell_group = Group { occurrences, passages: tally.passages, ..cell.group.clone() };
            let share = |part: u64, whole: u64| if whole == 0 { 0.0 } else { part as f64 / whole as f64 };
            let locate =
                |time: Option<Time>| time.map(|(_, passage, segment)| self.locate(segment, passage)).transpose();
            Ok(PanelRow {
                group: terms[at].name.clone(),
                documents: cell.documents,
                reports: cell.reports.len() as u64,
                documents_with: tally.documents,
                term_chars: chars,
                share_chars: share(chars, cell_group.chars),
                share_words: share(occurrences, cell_group.words),
                cell: cell_group,
                first: locate(tally.first)?,
                last: locate(tally.last)?,
            })
        };
        let rows = (0..terms.len()).flat_map(|at| cells.values().map(move |cell| (at, cell)));
        rows.map(|(at, cell)| row(at, cell)).collect()
    }

    /// Adds one segment to the cells: its passages that match the first plan, and the documents that match the second.
    fn tally(
        &self,
        segment: usize,
        plans_within: [Option<&Plan>; 2],
        options: &PanelOptions,
        meter: &mut Meter<'_>,
        cells: &mut BTreeMap<Key, Cell>,
    ) -> Result<()> {
        let (text, reader) = (&self.texts[segment], &self.searcher.segment_readers()[segment]);
        let plans = meter.plans;
        let matches = plans.iter().map(|plan| plan.matches(text, reader)).collect::<Result<Vec<_>>>()?;
        let [within, whole] = plans_within.map(|plan| plan.map(|plan| plan.matches(text, reader)).transpose());
        let (within, whole) = (within?, whole?);
        let holds = |matches: &Matches, passage: u32| matches.passages.binary_search(&passage).is_ok();
        let mut next = vec![0; plans.len()];
        for (document, passages) in text.living(reader) {
            let head = text.head(document)?;
            let mut seen: BTreeMap<Key, Vec<bool>> = BTreeMap::new();
            if whole.as_ref().is_some_and(|whole| holds(whole, passages.start)) {
                let (key, empty) = group(&options.by, &head, None);
                cells.entry(key.clone()).or_insert_with(|| Cell::new(empty, plans.len())).meet(&head);
                seen.entry(key).or_insert_with(|| vec![false; plans.len() + 1])[plans.len()] = true;
            }
            for (passage, words) in passages.clone().zip(text.words(passages.clone())) {
                if within.as_ref().is_some_and(|within| !holds(within, passage)) {
                    continue;
                }
                let (key, empty) = group(&options.by, &head, text.role(passage));
                let seen = seen.entry(key.clone()).or_insert_with(|| vec![false; plans.len() + 1]);
                let cell = cells.entry(key).or_insert_with(|| Cell::new(empty, plans.len()));
                cell.group.chars += text.characters(passage) as u64;
                cell.group.words += words as u64;
                if !std::mem::replace(&mut seen[plans.len()], true) {
                    cell.meet(&head);
                }
                let mut here = Vec::new();
                for (plan, next) in next.iter_mut().enumerate() {
                    let list = &matches[plan].passages;
                    *next += list[*next..].partition_point(|&other| other < passage);
                    if list.get(*next) == Some(&passage) {
                        here.push(plan);
                    }
                }
                for (plan, found) in meter.found(&here, &matches, segment, passage, options.overlaps)? {
                    let is_new = !std::mem::replace(&mut seen[plan], true);
                    cell.tallies[plan].add(found, is_new, (Reverse(text.order(document)), passage, segment));
                }
            }
        }
        Ok(())
    }
}

/// What a query asks of documents: it holds for every one that has a passage that matches.
fn about_documents(query: &Query) -> Query {
    let all = |parts: &[Query]| parts.iter().map(about_documents).collect();
    match query {
        Query::And(parts) => Query::And(all(parts)),
        Query::Or(parts) => Query::Or(all(parts)),
        Query::Within(_, part) => about_documents(part),
        Query::Filter(_) | Query::Not(_) if Plan::new(query).lists_documents() => query.clone(),
        _ => Query::everything(),
    }
}

impl Tally {
    fn add(&mut self, found: Found, is_new_document: bool, time: Time) {
        self.found.occurrences += found.occurrences;
        self.found.chars += found.chars;
        self.passages += 1;
        self.documents += is_new_document as u64;
        // `a OR year:2025` matches where nothing of it stands
        if found.occurrences == 0 {
            return;
        }
        self.first = Some(self.first.map_or(time, |first| first.min(time)));
        self.last = Some(self.last.map_or(time, |last| last.max(time)));
    }
}

/// Tells how often plans stand in a passage. Where a scan has counted already, nothing is read again.
struct Meter<'a> {
    snapshot: &'a Snapshot,
    plans: &'a [Plan],
    /// For a pattern of a plan whose matches are all alike: how many characters they have, and whether two of them can
    /// share some.
    lengths: BTreeMap<(usize, usize), (u64, bool)>,
}

impl Meter<'_> {
    /// Of the plans `here`, which all match the passage, how often each stands in it. Those with nothing left are not told.
    fn found(
        &mut self,
        here: &[usize],
        matches: &[Matches],
        segment: usize,
        passage: u32,
        overlaps: Overlaps,
    ) -> Result<Vec<(usize, Found)>> {
        if overlaps == Overlaps::Longest {
            return match here {
                &[plan] => match self.counted(plan, &matches[plan], segment, passage, overlaps)? {
                    Some(found) => Ok(vec![(plan, found)]),
                    None => self.longest(here, segment, passage),
                },
                _ => self.longest(here, segment, passage),
            };
        }
        let mut all = Vec::with_capacity(here.len());
        for &plan in here {
            let found = match self.counted(plan, &matches[plan], segment, passage, overlaps)? {
                Some(found) => found,
                None => {
                    let (source, places) = match overlaps {
                        Overlaps::All => self.plans[plan].all_places(&self.snapshot.texts[segment], passage)?,
                        _ => self.plans[plan].places(&self.snapshot.texts[segment], passage)?,
                    };
                    let chars = match overlaps {
                        Overlaps::All => places.iter().map(|place| folded_chars(&source[place.clone()])).sum(),
                        _ => joined(&places).map(|place| folded_chars(&source[place])).sum(),
                    };
                    Found { occurrences: places.len() as u64, chars }
                }
            };
            all.push((plan, found));
        }
        Ok(all)
    }

    /// Every place of the passage for the first and longest term of all plans.
    fn longest(&self, here: &[usize], segment: usize, passage: u32) -> Result<Vec<(usize, Found)>> {
        let mut places = Vec::new();
        let mut source = String::new();
        for &plan in here {
            let (own, found) = self.plans[plan].all_places(&self.snapshot.texts[segment], passage)?;
            places.extend(found.into_iter().map(|place| (plan, place)));
            if own.len() > source.len() {
                source = own;
            }
        }
        keep_apart(&mut places, |(_, place)| place.clone());
        let mut all: BTreeMap<usize, Found> = BTreeMap::new();
        for (plan, place) in places {
            let found = all.entry(plan).or_default();
            found.occurrences += 1;
            found.chars += folded_chars(&source[place]);
        }
        Ok(all.into_iter().collect())
    }

    /// What the counts of the scan tell alone; `None` if the places are needed.
    fn counted(
        &mut self,
        plan: usize,
        matches: &Matches,
        segment: usize,
        passage: u32,
        overlaps: Overlaps,
    ) -> Result<Option<Found>> {
        let Plan { patterns, wanted, .. } = &self.plans[plan];
        let is_alone = wanted.iter().filter(|&&wanted| wanted).count() == 1;
        let mut found = Found::default();
        let mut standing = 0;
        for (at, pattern) in patterns.iter().enumerate().filter(|(at, _)| wanted[*at]) {
            let counts = &matches.counts[at];
            let Ok(place) = counts.binary_search_by_key(&passage, |count| count.passage) else { continue };
            let count = counts[place].count as u64;
            let (chars, overlaps_itself) = match (self.lengths.get(&(plan, at)), pattern) {
                (Some(known), _) => *known,
                (None, Pattern::Folded(_) | Pattern::Verbatim(..)) => {
                    let first = pattern.find(&self.snapshot.texts[segment], passage)?;
                    let Some(place) = first.matches.into_iter().next() else { return Ok(None) };
                    let folded: Vec<char> = fold(&first.source[place]).text.chars().collect();
                    let overlaps = (1..folded.len()).any(|from| folded.starts_with(&folded[from..]));
                    *self.lengths.entry((plan, at)).or_insert((folded.len() as u64, overlaps))
                }
                _ => return Ok(None),
            };
            standing += 1;
            let is_certain = match overlaps {
                Overlaps::All => true,
                Overlaps::Once if is_alone => count == 1 || !overlaps_itself,
                Overlaps::Once | Overlaps::Longest => standing == 1 && (count == 1 || !overlaps_itself),
            };
            if !is_certain {
                return Ok(None);
            }
            found.occurrences += count;
            found.chars += count * chars;
        }
        Ok(Some(found))
    }
}

/// The stretches that places, ascending, cover together.
fn joined(places: &[Range<usize>]) -> impl Iterator<Item = Range<usize>> {
    let mut end = 0;
    places.iter().filter_map(move |place| {
        let start = place.start.max(end);
        end = end.max(place.end);
        (start < place.end).then_some(start..place.end)
    })
}

fn folded_chars(source: &str) -> u64 {
    fold(source).text.chars().count() as u64
}
