//! Counts what stands in the text, by place, year, level, part or document, and shows it in context. Exact, from the same
//! patterns that find.

use std::collections::BTreeMap;
use std::ops::Range;

use serde::Serialize;

use crate::document::{Level, Role, governed};
use crate::error::{Error, Result};
use crate::find::matching::Plan;
use crate::parse::places::is_province;
use crate::query::Query;
use crate::rank::results::RESULTS_SCHEMA;
use crate::rank::snapshot::Snapshot;
use crate::store::record::Head;
use crate::study::standing::Place;

/// What counts are told apart by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Dimension {
    /// The province of the document; the nation's documents have their own.
    Province,
    /// Its place, as a chain.
    Place,
    /// Its year.
    Year,
    /// Its level of government.
    Level,
    /// The role of the passage.
    Part,
    /// The document.
    Document,
}

impl Dimension {
    /// All of them.
    pub const ALL: [Dimension; 6] = [
        Dimension::Province,
        Dimension::Place,
        Dimension::Year,
        Dimension::Level,
        Dimension::Part,
        Dimension::Document,
    ];

    /// The name, as columns have it.
    pub fn name(self) -> &'static str {
        match self {
            Dimension::Province => "province",
            Dimension::Place => "place",
            Dimension::Year => "year",
            Dimension::Level => "level",
            Dimension::Part => "part",
            Dimension::Document => "document",
        }
    }

    /// The one with this name.
    pub fn named(name: &str) -> Option<Dimension> {
        Dimension::ALL.into_iter().find(|dimension| dimension.name() == name)
    }
}

/// How often a query stands in the index. Its JSON form is a contract with scripts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct Counts {
    /// The name and version of this form of answer.
    pub schema: &'static str,
    /// The query.
    pub query: String,
    /// How often its parts stand in the passages that match. Parts joined by OR share a place only once.
    pub occurrences: u64,
    /// Passages that match.
    pub passages: u64,
    /// Documents that these are from.
    pub documents: u64,
    /// The same by group; groups without any are kept. Empty if no dimension was asked for.
    pub groups: Vec<Group>,
}

/// The counts of one group.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct Group {
    /// The province that the place chain begins with, 全国 for the nation's documents; null where it is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub province: Option<Option<String>>,
    /// The place chain, joined with `/`, 全国 for the nation's documents; null where it is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place: Option<Option<String>>,
    /// The year; null for documents without one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub year: Option<Option<u16>>,
    /// The level; null where it is not known.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub level: Option<Option<Level>>,
    /// The role, by its Chinese name; null for passages without one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub part: Option<Option<String>>,
    /// The document's source.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub document: Option<String>,
    /// The document's id: two folders may each have a file of the same name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// How often the query stands in them.
    pub occurrences: u64,
    /// Passages that match.
    pub passages: u64,
    /// Characters of folded text in all passages of the group, matching or not.
    pub chars: u64,
    /// Words in them, as jieba cuts them, without those inside longer ones.
    pub words: u64,
}

/// One occurrence in its context.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Concordance {
    /// What stands before it in its paragraph, without line breaks.
    pub left: String,
    /// The source's own characters.
    #[serde(rename = "match")]
    pub found: String,
    /// What stands behind it.
    pub right: String,
    /// The document's id.
    pub document: String,
    /// The document's source.
    pub source: String,
    /// The place chain, joined with `/`, 全国 for the nation's documents; null where it is not known.
    pub place: Option<String>,
    /// The year.
    pub year: Option<u16>,
    /// The level.
    pub level: Option<Level>,
    /// What the passage does.
    pub part: Option<Role>,
    /// The line on which the passage begins, from 1.
    pub line: u32,
    /// The passage's id.
    pub id: String,
}

impl Snapshot {
    pub fn count(&self, query: &Query, by: &[Dimension]) -> Result<Counts> {
        let plan = Plan::new(query);
        let segments = self.evaluate(&plan)?;
        let mut counts = Counts {
            schema: RESULTS_SCHEMA,
            query: query.to_string(),
            occurrences: 0,
            passages: 0,
            documents: 0,
            groups: Vec::new(),
        };
        let mut groups: BTreeMap<Key, Group> = BTreeMap::new();
        // of one pattern the scan has counted the places
        let mut wanted = (0..plan.patterns.len()).filter(|&pattern| plan.wanted[pattern]);
        let only = wanted.next().filter(|_| wanted.next().is_none());
        for ((text, reader), matches) in self.segments().zip(&segments) {
            let mut counted = only.map(|only| matches.counts[only].iter().peekable());
            let (mut known, mut record) = (None, None);
            for &passage in &matches.passages {
                let document = text.document_behind(passage, known.unwrap_or(0));
                if known != Some(document) {
                    counts.documents += 1;
                    (known, record) = (Some(document), if by.is_empty() { None } else { Some(text.head(document)?) });
                }
                let occurrences = match &mut counted {
                    Some(counted) => {
                        while counted.next_if(|count| count.passage < passage).is_some() {}
                        counted.next_if(|count| count.passage == passage).map_or(0, |count| count.count as u64)
                    }
                    None => plan.occurrences(text, passage)? as u64,
                };
                counts.occurrences += occurrences;
                counts.passages += 1;
                let Some(record) = &record else { continue };
                let (key, group) = group(by, record, text.role(passage));
                let group = groups.entry(key).or_insert(group);
                group.occurrences += occurrences;
                group.passages += 1;
            }
            for (document, passages) in text.living(reader).filter(|_| !by.is_empty()) {
                let record = text.head(document)?;
                for (passage, words) in passages.clone().zip(text.words(passages)) {
                    let (key, group) = group(by, &record, text.role(passage));
                    let group = groups.entry(key).or_insert(group);
                    group.chars += text.characters(passage) as u64;
                    group.words += words as u64;
                }
            }
        }
        counts.groups = groups.into_values().collect();
        Ok(counts)
    }

    /// The occurrences from `skip` on, `limit` at most, in the order of the documents, with up to `width` characters on
    /// either side; and how many there are in all.
    pub fn concordance(
        &self,
        query: &Query,
        width: usize,
        skip: usize,
        limit: usize,
    ) -> Result<(Vec<Concordance>, usize)> {
        let plan = Plan::new(query);
        let (end, mut total, mut rows) = (skip.saturating_add(limit), 0, Vec::new());
        for Place { segment, passage, .. } in self.places(&self.evaluate(&plan)?) {
            let (text, first) = (&self.texts[segment], total);
            let places = || Ok::<_, Error>(plan.places(text, passage)?.1);
            // what is not shown is counted and not decoded
            let known = if (skip..end).contains(&first) { Some(places()?) } else { None };
            total += known.as_ref().map_or_else(|| plan.occurrences(text, passage), |places| Ok(places.len()))?;
            if total > skip && first < end {
                let places = known.map_or_else(places, Ok)?;
                let shown = skip.saturating_sub(first)..places.len().min(end - first);
                self.in_context(segment, passage, &places[shown], width, &mut rows)?;
            }
        }
        Ok((rows, total))
    }

    /// Adds the places of a passage, ranges of bytes from its beginning, with their context.
    fn in_context(
        &self,
        segment: usize,
        passage: u32,
        places: &[Range<usize>],
        width: usize,
        rows: &mut Vec<Concordance>,
    ) -> Result<()> {
        let text = &self.texts[segment];
        let head = text.head(text.document_of(passage))?;
        // of the paragraph no more than is shown: it may be a whole book
        let (mut source, mut before) = (text.source(passage)?, 0);
        let end = places.iter().map(|place| place.end).max().unwrap_or(0);
        let mut behind = width.saturating_add(end.saturating_sub(source.len()));
        for next in (passage + 1..text.passages()).take_while(|&next| !text.opens_paragraph(next)) {
            if behind == 0 {
                break;
            }
            let more = text.source(next)?;
            behind = behind.saturating_sub(shown(&more));
            source += &more;
        }
        let (mut first, mut wanted, mut pieces) = (passage, width, Vec::new());
        while wanted > 0 && first > 0 && !text.opens_paragraph(first) {
            first -= 1;
            let more = text.source(first)?;
            wanted = wanted.saturating_sub(shown(&more));
            before += more.len();
            pieces.push(more);
        }
        let source = pieces.into_iter().rev().collect::<String>() + &source;
        let plain = |text: &str| text.chars().filter(|c| !matches!(c, '\n' | '\r')).collect::<String>();
        for place in places {
            let place = before + place.start..before + place.end;
            let around = source.get(place.clone()).zip(source.get(..place.start)).zip(source.get(place.end..));
            // read apart, damaged passages have other characters than together
            let Some(((found, left), right)) = around else {
                return Err(Error::corrupt(format_args!("the text of passage {passage} cannot be read")));
            };
            let left = plain(left);
            let skip = left.chars().count().saturating_sub(width);
            rows.push(Concordance {
                left: left.chars().skip(skip).collect::<String>().trim_start().to_string(),
                found: found.to_string(),
                right: plain(right).chars().take(width).collect::<String>().trim_end().to_string(),
                document: head.id.to_string(),
                source: head.source().to_string(),
                place: known(governed(&head.place, head.level)),
                year: head.year,
                level: head.level,
                part: text.role(passage),
                line: text.line(passage),
                id: text.passage_id(&head, passage),
            });
        }
        Ok(())
    }
}

/// How many characters of a text a line of context shows.
fn shown(text: &str) -> usize {
    text.chars().filter(|c| !matches!(c, '\n' | '\r')).count()
}

/// What tells groups apart, in the order of the dimensions asked for.
pub(crate) type Key = Vec<String>;

/// A name, if there is one.
fn known(name: String) -> Option<String> {
    Some(name).filter(|name| !name.is_empty())
}

/// What is not known comes last.
const UNKNOWN: &str = "\u{10ffff}";

pub(crate) fn group(by: &[Dimension], head: &Head<'_>, role: Option<Role>) -> (Key, Group) {
    let key_of = |name: &Option<String>| name.clone().unwrap_or_else(|| UNKNOWN.to_string());
    let mut group = Group::default();
    let mut key = Vec::with_capacity(by.len());
    for dimension in by {
        key.push(match dimension {
            Dimension::Province => {
                let province = match head.place.first() {
                    // a chain may begin below: with a city that the gazetteer does not have
                    Some(first) => is_province(first).then(|| first.to_string()),
                    None => known(governed(&head.place, head.level)),
                };
                key_of(group.province.insert(province))
            }
            Dimension::Place => key_of(group.place.insert(known(governed(&head.place, head.level)))),
            Dimension::Year => {
                group.year = Some(head.year);
                head.year.map_or(UNKNOWN.to_string(), |year| format!("{year:04}"))
            }
            Dimension::Level => {
                group.level = Some(head.level);
                head.level.map_or(UNKNOWN.to_string(), |level| format!("{}", level as u8))
            }
            Dimension::Part => {
                group.part = Some(role.map(|role| role.name().to_string()));
                role.map_or(UNKNOWN.to_string(), |role| format!("{}", role as u8))
            }
            Dimension::Document => {
                let id = group.id.insert(head.id.to_string());
                format!("{}\0{id}", group.document.insert(head.source().to_string()))
            }
        });
    }
    (key, group)
}
