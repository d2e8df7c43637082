//! Which passages of a segment match a [`Query`]. A query becomes a [`Plan`]: the patterns that must be looked for in the
//! text, each once, and an expression over the sets of passages that hold them.

use std::ops::{Range, RangeInclusive};

use tantivy::SegmentReader;

use crate::error::{Error, Result};
use crate::find::filter::passing;
use crate::find::needle::Needle;
use crate::find::{Count, Pattern, keep_apart};
use crate::parse::sentences::{ends_sentence, sentences};
use crate::query::{Filter, Query, Scope, compiled};
use crate::store::text::SegmentText;

/// A search of a paragraph by itself takes as long to begin as so many bytes to read.
const APART: usize = 1024;

/// Patterns beyond so many are not compared with each other.
const MANY: usize = 32;

/// A sentence is followed over so many lines on either side; a table without full stops may have thousands.
const WRAPPED: u32 = 64;

/// A query made ready to be answered.
pub(crate) struct Plan {
    /// What to look for.
    pub patterns: Vec<Pattern>,
    /// For each pattern, whether it is wanted (counted, highlighted, ranked) and not excluded.
    pub wanted: Vec<bool>,
    /// For each pattern, whether it stands in the paragraph of every match.
    required: Vec<bool>,
    /// Whether a pattern is looked for only where others can stand, so that it may stand in more passages than are found.
    pub is_narrowed: bool,
    expression: Expression,
}

enum Expression {
    Pattern(usize),
    And(Vec<Expression>),
    Or(Vec<Expression>),
    Not(Box<Expression>),
    /// With whether it holds only where a pattern stands.
    Within(Scope, Box<Expression>, bool),
    Filter(Filter),
}

/// The answer of one segment.
pub(crate) struct Matches {
    /// The passages that match, ascending.
    pub passages: Vec<u32>,
    /// For each pattern, passages that hold it, whether they match or not: all that match, and all there are unless the plan
    /// [is narrowed](Plan::is_narrowed).
    pub counts: Vec<Vec<Count>>,
}

impl Expression {
    /// In what order parts that must all hold are evaluated: the passages of patterns are known, a filter reads what the others
    /// left, of documents their headings after anything else, and what is excluded never has to be turned round if it is last.
    fn cost(&self) -> u8 {
        match self {
            Expression::Pattern(_) => 0,
            Expression::And(_) | Expression::Or(_) | Expression::Within(..) => 1,
            Expression::Filter(Filter::Heading(_)) => 3,
            Expression::Filter(_) => 2,
            Expression::Not(_) => 4,
        }
    }

    /// Marks the patterns that stand in the paragraph of all that it matches.
    fn require(&self, required: &mut [bool]) {
        match self {
            Expression::Pattern(pattern) => required[*pattern] = true,
            Expression::And(parts) => parts.iter().for_each(|part| part.require(required)),
            Expression::Within(_, part, _) => part.require(required),
            Expression::Or(_) | Expression::Not(_) | Expression::Filter(_) => {}
        }
    }
}

fn compile(query: &Query, is_wanted: bool, patterns: &mut Vec<Pattern>, wanted: &mut Vec<bool>) -> Expression {
    let mut all = |parts: &[Query]| parts.iter().map(|part| compile(part, is_wanted, patterns, wanted)).collect();
    match query {
        Query::And(parts) => Expression::And(all(parts)),
        Query::Or(parts) => Expression::Or(all(parts)),
        Query::Not(part) => Expression::Not(Box::new(compile(part, !is_wanted, patterns, wanted))),
        Query::Within(scope, part) => {
            Expression::Within(*scope, Box::new(compile(part, is_wanted, patterns, wanted)), part.needs_text())
        }
        Query::Filter(filter) => Expression::Filter(filter.clone()),
        literal => {
            let Some(pattern) = pattern(literal) else { return Expression::Or(Vec::new()) };
            patterns.push(pattern);
            wanted.push(is_wanted);
            Expression::Pattern(patterns.len() - 1)
        }
    }
}

impl Plan {
    pub fn new(query: &Query) -> Plan {
        let (mut patterns, mut wanted) = (Vec::new(), Vec::new());
        let expression = compile(query, true, &mut patterns, &mut wanted);
        let mut required = vec![false; patterns.len()];
        expression.require(&mut required);
        let is_narrowed = patterns.len() > 1
            && patterns.iter().zip(&required).any(|(pattern, required)| *required && !pattern.needles().is_empty());
        Plan { patterns, wanted, required, is_narrowed, expression }
    }

    /// Whether whatever holds one of the patterns matches.
    pub fn is_any(&self) -> bool {
        match &self.expression {
            Expression::Or(parts) => parts.iter().all(|part| matches!(part, Expression::Pattern(_))),
            expression => matches!(expression, Expression::Pattern(_)),
        }
    }

    /// Whether the query says only what documents must be, and nothing of their text.
    pub fn lists_documents(&self) -> bool {
        fn is_about_documents(expression: &Expression) -> bool {
            match expression {
                Expression::And(parts) | Expression::Or(parts) => parts.iter().all(is_about_documents),
                Expression::Not(part) => is_about_documents(part),
                Expression::Filter(filter) => !matches!(filter, Filter::Part(_) | Filter::Heading(_)),
                Expression::Pattern(_) | Expression::Within(..) => false,
            }
        }
        is_about_documents(&self.expression)
    }

    /// The source of a passage and the places in it that the wanted patterns begin at. Of several patterns that share characters
    /// the first and longest counts, since one place of the text is never counted twice.
    pub fn places(&self, text: &SegmentText, passage: u32) -> Result<(String, Vec<Range<usize>>)> {
        let (source, mut places) = self.all_places(text, passage)?;
        if self.wanted().nth(1).is_some() {
            keep_apart(&mut places, Range::clone);
        }
        Ok((source, places))
    }

    /// Every place of every wanted pattern in a passage, in no order, and its source as far as they run on; none if no pattern is
    /// wanted.
    pub fn all_places(&self, text: &SegmentText, passage: u32) -> Result<(String, Vec<Range<usize>>)> {
        let mut source = String::new();
        let mut places: Vec<Range<usize>> = Vec::new();
        let mut end = 0;
        for pattern in self.wanted() {
            let found = pattern.find(text, passage)?;
            end = found.matches.iter().map(|range| range.end).fold(end.max(found.own), usize::max);
            places.extend(found.matches);
            if found.source.len() > source.len() {
                source = found.source;
            }
        }
        source.truncate(end);
        Ok((source, places))
    }

    /// How many [`places`](Self::places) a passage has. Cost: a search of it for each pattern; it is decoded only for what is no
    /// plain text.
    pub fn occurrences(&self, text: &SegmentText, passage: u32) -> Result<usize> {
        let mut places = Vec::new();
        for pattern in self.wanted() {
            let Pattern::Folded(needle) = pattern else { return Ok(self.places(text, passage)?.1.len()) };
            places.extend(needle.find_in(text.text(), text.range(passage)).map(|at| at..at + needle.len()));
        }
        if self.wanted().nth(1).is_some() {
            keep_apart(&mut places, Range::clone);
        }
        Ok(places.len())
    }

    /// Whether places of the wanted patterns may share characters, so that there may be fewer than the patterns have together. Of
    /// many patterns it is taken for granted.
    pub fn may_overlap(&self) -> bool {
        let wanted: Vec<&Pattern> = self.wanted().take(MANY + 1).collect();
        let mut pairs = (0..wanted.len()).flat_map(|a| (a..wanted.len()).map(move |b| (a, b)));
        wanted.len() > MANY || wanted.len() > 1 && pairs.any(|(a, b)| wanted[a].may_overlap(wanted[b], a == b))
    }

    /// The patterns that are counted.
    fn wanted(&self) -> impl Iterator<Item = &Pattern> {
        self.patterns.iter().zip(&self.wanted).filter_map(|(pattern, &wanted)| wanted.then_some(pattern))
    }

    /// The passages of a segment that match. Cost: a scan for each pattern, of the text in which all that every match has can
    /// stand, and of that only the paragraphs that have what was looked for before; a filter reads the descriptions of the
    /// documents that have the rest, 0.1 µs each, and one of headings all their headings, 10 µs each.
    pub fn matches(&self, text: &SegmentText, segment: &SegmentReader) -> Result<Matches> {
        let is_required = |pattern: &usize| self.required[*pattern];
        let all = 0..self.patterns.len();
        let needles: Vec<&Needle> =
            all.clone().filter(is_required).flat_map(|pattern| self.patterns[pattern].needles()).collect();
        let is_joint = self.is_narrowed || needles.len() > 1;
        let mut within = is_joint.then(|| text.within(needles.iter().map(|needle| needle.code())));
        // what every match has comes first, and of that what spares most to those behind
        let commonness = |pattern: usize| {
            let needles = self.patterns[pattern].needles().into_iter();
            needles.map(|needle| text.commonness(needle.code())).min().unwrap_or(usize::MAX)
        };
        let mut order: Vec<usize> = all.collect();
        order.sort_by_cached_key(|pattern| (!is_required(pattern), commonness(*pattern)));
        let reads_all = self.patterns.iter().any(|pattern| pattern.needles().is_empty());
        let mut counts = vec![Vec::new(); self.patterns.len()];
        for pattern in order {
            counts[pattern] = self.patterns[pattern].scan(text, segment, within.as_deref())?;
            let bytes = within.iter().flatten().map(Range::len).sum::<usize>();
            let spares = reads_all || counts[pattern].len() < bytes / APART;
            if self.is_narrowed && is_required(&pattern) && spares {
                within = Some(text.paragraphs(counts[pattern].iter().map(|count| count.passage)));
            }
        }
        let passages = self.evaluate(&self.expression, None, &Segment { text, reader: segment, counts: &counts })?;
        Ok(Matches { passages, counts })
    }

    /// The passages for which the expression holds, of those that are given or else of all.
    fn evaluate(&self, expression: &Expression, of: Option<&[u32]>, segment: &Segment<'_>) -> Result<Vec<u32>> {
        let all = || of.map_or_else(|| segment.all(), <[u32]>::to_vec);
        let of_these = |found: Vec<u32>| match of {
            Some(of) => intersection(of, &found),
            None => found,
        };
        Ok(match expression {
            Expression::Pattern(pattern) => of_these(segment.passages(*pattern)),
            Expression::And(parts) => {
                let mut order: Vec<&Expression> = parts.iter().collect();
                order.sort_by_key(|part| part.cost());
                let mut kept = of.map(<[u32]>::to_vec);
                for part in order {
                    kept = Some(self.evaluate(part, kept.as_deref(), segment)?);
                }
                kept.unwrap_or_else(all)
            }
            Expression::Or(parts) => {
                let mut union = Vec::new();
                for part in parts {
                    union.extend(self.evaluate(part, of, segment)?);
                }
                union.sort_unstable();
                union.dedup();
                union
            }
            Expression::Not(part) => difference(&all(), &self.evaluate(part, of, segment)?),
            Expression::Within(scope, part, needs_text) => of_these(self.within(*scope, part, *needs_text, segment)?),
            Expression::Filter(filter) => passing(filter, all(), segment.text)?,
        })
    }

    /// The passages that share a sentence, or a paragraph, for which `part` holds; where it needs text, those with some of it.
    fn within(&self, scope: Scope, part: &Expression, needs_text: bool, segment: &Segment<'_>) -> Result<Vec<u32>> {
        let mut parts = Parts::default();
        parts.collect(part, Some(scope));
        let Parts { patterns, filters, scopes } = parts;
        let mut candidates: Vec<u32> = match needs_text {
            false => segment.all(),
            true => patterns.iter().flat_map(|&pattern| segment.passages(pattern)).collect(),
        };
        candidates.sort_unstable();
        candidates.dedup();
        let filters: Vec<(&Filter, Vec<u32>)> = filters
            .into_iter()
            .map(|filter| Ok((filter, passing(filter, candidates.clone(), segment.text)?)))
            .collect::<Result<_>>()?;
        let scopes: Vec<(&Expression, Vec<u32>)> =
            scopes.into_iter().map(|inner| Ok((inner, self.evaluate(inner, None, segment)?))).collect::<Result<_>>()?;
        let inside = Inside { plan: self, scope, part, needs_text, patterns, filters, scopes, segment };
        let (mut kept, mut paragraph) = (Vec::new(), 0..0);
        for passage in candidates {
            if !paragraph.contains(&passage) {
                paragraph = segment.text.paragraph(passage);
            }
            let holds = match scope {
                Scope::Paragraph => inside.paragraph_holds(passage, &paragraph),
                Scope::Sentence => inside.sentence_holds(passage, &paragraph)?,
            };
            if holds {
                kept.push(passage);
            }
        }
        Ok(kept)
    }
}

/// An expression within a scope, made ready to be asked of one passage after the other.
struct Inside<'a> {
    plan: &'a Plan,
    scope: Scope,
    part: &'a Expression,
    needs_text: bool,
    /// The patterns in it, and what its filters and its parts within the other scope let pass.
    patterns: Vec<usize>,
    filters: Vec<(&'a Filter, Vec<u32>)>,
    scopes: Vec<(&'a Expression, Vec<u32>)>,
    segment: &'a Segment<'a>,
}

impl Inside<'_> {
    fn paragraph_holds(&self, passage: u32, paragraph: &Range<u32>) -> bool {
        let stands = |pattern: usize| {
            let list = &self.segment.counts[pattern];
            let from = list.partition_point(|count| count.passage < paragraph.start);
            list.get(from).is_some_and(|count| count.passage < paragraph.end)
        };
        self.holds(self.part, passage, paragraph, &stands)
    }

    /// Whether a sentence that the passage has a part of does; where text is needed, with some of that in this part.
    fn sentence_holds(&self, passage: u32, paragraph: &Range<u32>) -> Result<bool> {
        let text = self.segment.text;
        let (mut source, mut own) = (String::new(), 0..0);
        let mut places = vec![Vec::new(); self.plan.patterns.len()];
        for beside in shared_sentences(text, passage)? {
            let start = source.len();
            for &pattern in &self.patterns {
                let found = self.plan.patterns[pattern].find(text, beside)?.matches;
                places[pattern].extend(found.into_iter().map(|at| start + at.start..start + at.end));
            }
            source += &text.source(beside)?;
            if beside == passage {
                own = start..source.len();
            }
        }
        let has_part = |sentence: &Range<usize>| sentence.start < own.end && own.start < sentence.end;
        Ok(sentences(&source).into_iter().filter(has_part).any(|sentence| {
            let inside = |place: &Range<usize>| sentence.start <= place.start && place.end <= sentence.end;
            let shows = |place: &Range<usize>| inside(place) && has_part(place);
            (!self.needs_text || places.iter().flatten().any(shows))
                && self.holds(self.part, passage, paragraph, &|pattern: usize| places[pattern].iter().any(inside))
        }))
    }

    /// Whether the expression holds for a stretch of text of a passage, given which patterns stand in it.
    fn holds(
        &self,
        expression: &Expression,
        passage: u32,
        paragraph: &Range<u32>,
        stands: &impl Fn(usize) -> bool,
    ) -> bool {
        let holds = |part: &Expression| self.holds(part, passage, paragraph, stands);
        match expression {
            Expression::Pattern(pattern) => stands(*pattern),
            Expression::And(parts) => parts.iter().all(holds),
            Expression::Or(parts) => parts.iter().any(holds),
            Expression::Not(part) => !holds(part),
            Expression::Within(inner, part, _) if *inner == self.scope => holds(part),
            // what is within the other scope holds for the paragraph that has any of it
            Expression::Within(..) => {
                let known = self.scopes.iter().find(|(scope, _)| std::ptr::eq(*scope, expression));
                known.is_some_and(|(_, passages)| {
                    let from = passages.partition_point(|&passage| passage < paragraph.start);
                    passages.get(from).is_some_and(|&passage| passage < paragraph.end)
                })
            }
            Expression::Filter(wanted) => {
                let known = self.filters.iter().find(|(filter, _)| *filter == wanted);
                known.is_some_and(|(_, passages)| passages.binary_search(&passage).is_ok())
            }
        }
    }
}

/// A passage, and those around it of its paragraph into which its first and last sentence reach: lines that were wrapped.
fn shared_sentences(text: &SegmentText, passage: u32) -> Result<RangeInclusive<u32>> {
    let ends = |passage: u32| Ok::<_, Error>(ends_sentence(&text.source(passage)?));
    let (mut first, mut last) = (passage, passage);
    while passage - first < WRAPPED && first > 0 && !text.opens_paragraph(first) && !ends(first - 1)? {
        first -= 1;
    }
    while last - passage < WRAPPED && last + 1 < text.passages() && !text.opens_paragraph(last + 1) && !ends(last)? {
        last += 1;
    }
    Ok(first..=last)
}

/// The pattern of a literal part; `None` if there is nothing to look for.
fn pattern(query: &Query) -> Option<Pattern> {
    match query {
        Query::Text(text) | Query::Phrase(text) if !text.is_empty() => Some(Pattern::new(text)),
        Query::Fixed(text) if !text.is_empty() => Some(Pattern::verbatim(text)),
        Query::Regex(expression) => Some(Pattern::Regex(Box::new(compiled(expression).ok()?))),
        Query::Amount(amounts) => Some(Pattern::Amount(amounts.clone())),
        Query::Near(a, b, distance) => Some(Pattern::Near(Box::new(pattern(a)?), Box::new(pattern(b)?), *distance)),
        _ => None,
    }
}

/// What an expression within a scope is made of.
#[derive(Default)]
struct Parts<'e> {
    patterns: Vec<usize>,
    filters: Vec<&'e Filter>,
    /// The outermost parts within the other scope; those within the same one hold where all else must, too.
    scopes: Vec<&'e Expression>,
}

impl<'e> Parts<'e> {
    fn collect(&mut self, expression: &'e Expression, scope: Option<Scope>) {
        match expression {
            Expression::Pattern(pattern) => self.patterns.push(*pattern),
            Expression::And(parts) | Expression::Or(parts) => parts.iter().for_each(|part| self.collect(part, scope)),
            Expression::Not(part) => self.collect(part, scope),
            Expression::Within(inner, part, _) => {
                let is_other = scope.is_some_and(|scope| scope != *inner);
                self.scopes.extend(is_other.then_some(expression));
                self.collect(part, scope.filter(|_| !is_other));
            }
            Expression::Filter(filter) => self.filters.push(filter),
        }
    }
}

struct Segment<'a> {
    text: &'a SegmentText,
    reader: &'a SegmentReader,
    counts: &'a [Vec<Count>],
}

impl Segment<'_> {
    fn all(&self) -> Vec<u32> {
        self.reader.doc_ids_alive().collect()
    }

    /// Those that a pattern stands in.
    fn passages(&self, pattern: usize) -> Vec<u32> {
        self.counts[pattern].iter().map(|count| count.passage).collect()
    }
}

fn intersection(a: &[u32], b: &[u32]) -> Vec<u32> {
    let (few, many) = if a.len() < b.len() { (a, b) } else { (b, a) };
    let mut from = 0;
    let mut is_in = |passage: &u32| {
        // in steps that double, since of frequent words the next is near
        let mut step = 1;
        while many.get(from + step).is_some_and(|other| other < passage) {
            from += step;
            step *= 2;
        }
        from += many[from..many.len().min(from + step)].partition_point(|other| other < passage);
        many.get(from) == Some(passage)
    };
    few.iter().copied().filter(|passage| is_in(passage)).collect()
}

fn difference(a: &[u32], b: &[u32]) -> Vec<u32> {
    let mut from = 0;
    let mut kept = Vec::with_capacity(a.len());
    for &passage in a {
        from += b[from..].partition_point(|&other| other < passage);
        if b.get(from) != Some(&passage) {
            kept.push(passage);
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use proptest::collection::btree_set;
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn headings_are_read_where_all_else_holds() {
        let plan = Plan::new(&"heading:目标 -招商 year:2025 part:任务 (番薯 OR 瑶柱) 产业".parse().unwrap());
        let Expression::And(mut parts) = plan.expression else { panic!("all of several") };
        parts.sort_by_key(Expression::cost);
        assert!(matches!(
            &parts[..],
            [
                Expression::Pattern(_),
                Expression::Or(_),
                Expression::Filter(Filter::Year(_)),
                Expression::Filter(Filter::Part(_)),
                Expression::Filter(Filter::Heading(_)),
                Expression::Not(_)
            ]
        ));
    }

    proptest! {
        #[test]
        fn sets_are_those_of_the_standard_library(
            few in btree_set(0u32..300, 0..9),
            many in btree_set(0u32..300, 0..200),
        ) {
            let list = |set: &BTreeSet<u32>| set.iter().copied().collect::<Vec<_>>();
            for (a, b) in [(&few, &many), (&many, &few), (&many, &many)] {
                prop_assert_eq!(intersection(&list(a), &list(b)), list(&(a & b)));
                prop_assert_eq!(difference(&list(a), &list(b)), list(&(a - b)));
            }
        }
    }
}
