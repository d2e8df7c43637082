//! How often queries stand in the text of each year, and where first and last.

use std::collections::BTreeSet;

use anyhow::Result;
use gm_index::{Dimension, Filter, Index, Location, Overlaps, PanelOptions, PanelRow, Query, RESULTS_SCHEMA, Terms};
use schemars::JsonSchema;
use serde::Serialize;

use crate::answer::narrowed::narrowed;
use crate::cli::Per;

/// Characters shown on either side of a first or last appearance.
const CONTEXT: usize = 12;

/// How often queries stand in the text of each year.
#[derive(Serialize, JsonSchema)]
pub struct Trends {
    schema: &'static str,
    /// What the value of a year is: occurrences, per document, or per 10,000 characters.
    pub unit: &'static str,
    pub within: Option<String>,
    pub series: Vec<Trend>,
}

impl Trends {
    /// The years of which some place has several documents, all of which are counted.
    pub fn with_several(&self) -> Vec<u16> {
        let years = self.series.iter().flat_map(|trend| &trend.years);
        let several: BTreeSet<u16> = years.filter(|year| year.reports < year.documents).map(|year| year.year).collect();
        several.into_iter().collect()
    }

    /// The years that some of them have fragments of, see [`Trend::thin`].
    pub fn thin(&self) -> Vec<u16> {
        let thin: BTreeSet<u16> = self.series.iter().flat_map(Trend::thin).collect();
        thin.into_iter().collect()
    }
}

/// The trend of one query.
#[derive(Serialize, JsonSchema)]
pub struct Trend {
    /// What it is called, in a picture too.
    pub name: String,
    /// The query.
    pub query: String,
    /// How often it stands in the text of all years, and of none.
    pub occurrences: u64,
    /// Passages that match.
    pub passages: u64,
    /// Where it stands first and last, by the year of the report; null if it stands in none of a known year.
    pub first: Option<Appearance>,
    pub last: Option<Appearance>,
    /// Occurrences in documents whose year is not known; they are in no year's figure.
    pub without_year: u64,
    pub years: Vec<Year>,
}

impl Trend {
    /// The years with less than a tenth of the text of the median year, of which only fragments are there.
    pub fn thin(&self) -> Vec<u16> {
        let mut sizes: Vec<u64> = self.years.iter().map(|year| year.chars).filter(|&chars| chars > 0).collect();
        sizes.sort_unstable();
        let Some(median) = sizes.get(sizes.len() / 2) else { return Vec::new() };
        self.years.iter().filter(|year| year.chars * 10 < *median).map(|year| year.year).collect()
    }
}

/// The figures of one year.
#[derive(Serialize, JsonSchema)]
pub struct Year {
    /// The year of the reports.
    pub year: u16,
    /// How often the query stands in their text.
    pub occurrences: u64,
    /// Passages that match.
    pub passages: u64,
    /// Of the year, with passages within or none, but for those that `within` and the query's own filters rule out by place, level
    /// and so on.
    pub documents: u64,
    /// The reports that these are: documents of one place and year are copies or parts of one.
    pub reports: u64,
    /// Those of the documents in which it stands.
    pub documents_with: u64,
    /// Characters of folded text in the passages of the year within and by the query's own filters, matching or not.
    pub chars: u64,
    /// Words in them, as jieba cuts them, without those inside longer ones.
    pub words: u64,
    /// Occurrences per document.
    pub per_document: f64,
    /// Occurrences per 10,000 characters.
    pub per_10k_chars: f64,
    /// The figure that was asked for, in the unit of the answer.
    pub value: f64,
    /// Where it stands first.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first: Option<Location>,
}

/// Why a query by itself has no trend, if it has none.
pub fn without_text(query: &Query, text: &str) -> Option<String> {
    (!query.has_text()).then(|| format!("`{text}` is filters alone: there is no text to follow"))
}

/// The trends of `terms`, each with the text of its query, among the passages that match `within`. The sizes of a year are of what
/// matches the filters of a query, too.
pub fn trends(
    index: &Index,
    terms: &[Terms],
    texts: Vec<String>,
    within_text: Option<String>,
    within: Option<Query>,
    per: Option<Per>,
) -> Result<Trends> {
    let measured: Vec<_> =
        terms.iter().zip(texts).map(|(one, text)| (one, text, narrowed(&within, &one.query))).collect();
    let mut series = Vec::new();
    for alike in measured.chunk_by(|a, b| a.2 == b.2) {
        let within = alike[0].2.clone();
        let options =
            PanelOptions { by: vec![Dimension::Year], within, whole_documents: true, overlaps: Overlaps::Once };
        let terms: Vec<Terms> = alike.iter().map(|(one, ..)| (*one).clone()).collect();
        let rows = index.panel(&terms, &options)?;
        let cells = rows.len() / terms.len();
        for (at, (terms, text, within)) in alike.iter().enumerate() {
            // what the text of an appearance is looked for by
            let query = Query::And(std::iter::once(terms.query.clone()).chain(within.clone()).collect());
            series.push(trend(index, terms, &query, text.clone(), per, &rows[at * cells..(at + 1) * cells])?);
        }
    }
    Ok(Trends { schema: RESULTS_SCHEMA, unit: unit(per), within: within_text, series })
}

/// Where a query stands, with its text.
#[derive(Serialize, JsonSchema)]
pub struct Appearance {
    pub year: u16,
    #[serde(flatten)]
    pub location: Location,
    pub left: String,
    #[serde(rename = "match")]
    pub found: String,
    pub right: String,
    /// In how many documents of that year it stands.
    pub documents: u64,
}

fn unit(per: Option<Per>) -> &'static str {
    match per {
        None => "occurrences",
        Some(Per::Document) => "occurrences per document",
        Some(Per::TenThousand) => "occurrences per 10,000 characters",
    }
}

fn trend(
    index: &Index,
    terms: &Terms,
    query: &Query,
    text: String,
    per: Option<Per>,
    rows: &[PanelRow],
) -> Result<Trend> {
    let years: Vec<Year> = rows.iter().filter_map(|row| year(row, per)).collect();
    let is_known = |row: &&PanelRow| row.cell.year.flatten().is_some();
    let standing: Vec<&PanelRow> = rows.iter().filter(|row| row.cell.occurrences > 0).filter(is_known).collect();
    let first = standing.first().and_then(|row| Some((row, row.first.clone()?)));
    let last = standing.last().and_then(|row| Some((row, row.last.clone()?)));
    let appearance = |found: Option<(&&PanelRow, Location)>, is_last: bool| {
        found.map(|(row, location)| appear(index, query, row, location, is_last)).transpose()
    };
    Ok(Trend {
        name: terms.name.clone(),
        query: text,
        occurrences: rows.iter().map(|row| row.cell.occurrences).sum(),
        passages: rows.iter().map(|row| row.cell.passages).sum(),
        first: appearance(first, false)?,
        last: appearance(last, true)?,
        without_year: rows.iter().filter(|row| !is_known(row)).map(|row| row.cell.occurrences).sum(),
        years,
    })
}

fn year(row: &PanelRow, per: Option<Per>) -> Option<Year> {
    let year = row.cell.year.flatten()?;
    let (occurrences, chars) = (row.cell.occurrences, row.cell.chars);
    let per_document = occurrences as f64 / row.documents.max(1) as f64;
    let per_10k_chars = occurrences as f64 * 1e4 / chars.max(1) as f64;
    let value = match per {
        None => occurrences as f64,
        Some(Per::Document) => per_document,
        Some(Per::TenThousand) => per_10k_chars,
    };
    Some(Year {
        year,
        occurrences,
        passages: row.cell.passages,
        documents: row.documents,
        reports: row.reports,
        documents_with: row.documents_with,
        chars,
        words: row.cell.words,
        per_document,
        per_10k_chars,
        value,
        first: row.first.clone(),
    })
}

/// An appearance with the words around it.
fn appear(index: &Index, query: &Query, row: &PanelRow, location: Location, is_last: bool) -> Result<Appearance> {
    let parts = vec![query.clone(), Query::Filter(Filter::File(location.source.clone()))];
    let rows = index.concordance(&Query::And(parts), CONTEXT)?;
    // several documents may have one source
    let mut here = rows.into_iter().filter(|found| found.id == location.id);
    let found = if is_last { here.next_back() } else { here.next() };
    let (left, found, right) = found.map(|row| (row.left, row.found, row.right)).unwrap_or_default();
    let year = row.cell.year.flatten().unwrap_or_default();
    Ok(Appearance { year, location, left, found, right, documents: row.documents_with })
}
