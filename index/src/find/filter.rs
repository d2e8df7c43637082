//! Which passages of a segment a [`Filter`] lets pass.

use tantivy::SegmentReader;

use crate::document::governed;
use crate::error::Result;
use crate::fold::fold;
use crate::numerals::whole;
use crate::parse::marks::{is_digit, is_han_digit};
use crate::query::Filter;
use crate::store::record::Head;
use crate::store::text::SegmentText;

/// The living passages that a filter lets pass, ascending. Cost: reads the description of every document, but for a part.
pub(crate) fn passing(filter: &Filter, text: &SegmentText, segment: &SegmentReader) -> Result<Vec<u32>> {
    let mut kept = Vec::new();
    if let Filter::Part(role) = filter {
        return Ok(segment.doc_ids_alive().filter(|&passage| text.role(passage) == Some(*role)).collect());
    }
    for document in 0..text.documents() {
        let passages = text.passages_of(document);
        if segment.is_deleted(passages.start) {
            continue;
        }
        if let Filter::Heading(words) = filter {
            let words = fold(words).text;
            let sections = text.record(document)?.sections;
            let mut heads: Vec<bool> = Vec::with_capacity(sections.len());
            for section in &sections {
                let parent = section.parent.and_then(|parent| heads.get(parent as usize));
                heads.push(parent == Some(&true) || fold(&section.heading.to_string()).text.contains(&words));
            }
            let is_under =
                |passage: &u32| text.section(*passage).and_then(|section| heads.get(section as usize)) == Some(&true);
            kept.extend(passages.filter(is_under));
        } else if describes(filter, &text.head(document)?) {
            kept.extend(passages);
        }
    }
    Ok(kept)
}

/// Whether the filter holds for a document.
fn describes(filter: &Filter, head: &Head<'_>) -> bool {
    let contains = |text: &str, words: &str| fold(text).text.contains(&fold(words).text);
    match filter {
        Filter::Place(place) => {
            let (governed, asked) = (governed(&head.place, head.level), fold(place).text);
            let mut links = governed.split('/').map(|link| fold(link).text);
            asked.split('/').all(|asked| links.any(|link| link.starts_with(asked)))
        }
        Filter::Level(level) => head.level == Some(*level),
        Filter::Year(years) => head.year.is_some_and(|year| years.contains(&year)),
        Filter::Date(from, to) => head.date.is_some_and(|date| {
            // of a date of which less is known than of the bound, what is known counts
            let against = |bound: &str| {
                let known = date.len().min(bound.len());
                date.as_bytes()[..known].cmp(&bound.as_bytes()[..known])
            };
            against(from).is_ge() && against(to).is_le()
        }),
        Filter::Kind(kind) => head.kind.is_some_and(|known| fold(known).text == fold(kind).text),
        Filter::Title(words) => contains(&head.title(), words),
        Filter::Speaker(words) => head.speaker.is_some_and(|speaker| contains(speaker, words)),
        Filter::Session(words) => head.session.is_some_and(|session| is_session(session, words)),
        Filter::File(words) => contains(head.source(), words),
        Filter::Part(_) | Filter::Heading(_) => false,
    }
}

/// Whether a session is the one that is asked for: by its numbers (14/6, 十四届六次会议, 第十四届人民代表大会第六次会议) or one of
/// them, else by words in its name.
fn is_session(session: &str, asked: &str) -> bool {
    let (session, asked) = (fold(session).text, fold(asked).text);
    let asked = asked.split_once('/').map_or(asked.clone(), |(term, meeting)| format!("{term}届{meeting}次"));
    let number = |text: &str, unit: char| {
        let (before, _) = text.split_once(unit)?;
        whole(&before[before.trim_end_matches(|c| is_digit(c) || is_han_digit(c)).len()..])
    };
    let numbers = ['届', '次'].map(|unit| (number(&asked, unit), number(&session, unit)));
    match numbers.iter().all(|(asked, _)| asked.is_none()) {
        true => session.contains(&asked),
        false => numbers.iter().all(|(asked, known)| asked.is_none() || asked == known),
    }
}
