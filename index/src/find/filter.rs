//! Which passages of a segment a [`Filter`] lets pass.

use crate::document::governing;
use crate::error::Result;
use crate::fold::fold;
use crate::numerals::whole;
use crate::parse::marks::{is_digit, is_han_digit};
use crate::parse::places::behind;
use crate::query::Filter;
use crate::query::names::without_nation;
use crate::store::record::Head;
use crate::store::text::SegmentText;

/// Those of the passages, which ascend, that a filter lets pass. Cost: reads the description of each of their documents, for a
/// heading all of its headings too, and for a part nothing.
pub(crate) fn passing(filter: &Filter, mut passages: Vec<u32>, text: &SegmentText) -> Result<Vec<u32>> {
    if let Filter::Part(role) = filter {
        passages.retain(|&passage| text.role(passage) == Some(*role));
        return Ok(passages);
    }
    let describes = description(filter);
    let heading = if let Filter::Heading(words) = filter { Some(fold(words).text) } else { None };
    let mut kept = Vec::new();
    for (document, own) in text.by_document(&passages) {
        if let Some(words) = &heading {
            kept.extend(under(words, own, document, text)?);
        } else if describes(&text.head(document)?) {
            kept.extend(own);
        }
    }
    Ok(kept)
}

/// Those of the passages of a document that stand under a heading with these words, folded, or under one that does.
fn under(words: &str, passages: &[u32], document: u32, text: &SegmentText) -> Result<Vec<u32>> {
    let sections = text.record(document)?.sections;
    let mut heads: Vec<bool> = Vec::with_capacity(sections.len());
    for section in &sections {
        let parent = section.parent.and_then(|parent| heads.get(parent as usize));
        heads.push(parent == Some(&true) || fold(&section.heading.to_string()).text.contains(words));
    }
    let is_under =
        |passage: &u32| text.section(*passage).and_then(|section| heads.get(section as usize)) == Some(&true);
    Ok(passages.iter().copied().filter(is_under).collect())
}

/// Whether the filter holds for a document of this description.
fn description(filter: &Filter) -> Box<dyn Fn(&Head<'_>) -> bool + '_> {
    let containing = |words: &str| {
        let words = fold(words).text;
        move |text: &str| fold(text).text.contains(&words)
    };
    match filter {
        Filter::Place(place) => {
            let asked = fold(place).text;
            Box::new(move |head| {
                let links: Vec<String> = governing(&head.place, head.level).map(|link| fold(link).text).collect();
                let mut asked = asked.split('/').filter(|asked| !asked.is_empty());
                asked.try_fold(links.as_slice(), |links, asked| behind(asked, links)).is_some()
            })
        }
        Filter::Level(level) => Box::new(|head| head.level == Some(*level)),
        Filter::Year(years) => Box::new(|head| head.year.is_some_and(|year| years.contains(&year))),
        Filter::Date(from, to) => Box::new(|head| {
            head.date.is_some_and(|date| {
                // of a date of which less is known than of the bound, what is known counts
                let against = |bound: &str| {
                    let known = date.len().min(bound.len());
                    date.as_bytes()[..known].cmp(&bound.as_bytes()[..known])
                };
                against(from).is_ge() && against(to).is_le()
            })
        }),
        Filter::Kind(kind) => {
            let kind = fold(kind).text;
            Box::new(move |head| head.kind.is_some_and(|known| fold(known).text == kind))
        }
        Filter::Title(words) => {
            let words = fold(words).text;
            Box::new(move |head| {
                let title = fold(&head.title()).text;
                title.contains(&words) || without_nation(&title).contains(&words)
            })
        }
        Filter::Speaker(words) => {
            let contains = containing(words);
            Box::new(move |head| head.speaker.is_some_and(&contains))
        }
        Filter::Session(words) => Box::new(|head| head.session.is_some_and(|session| is_session(session, words))),
        Filter::File(words) => {
            let contains = containing(words);
            Box::new(move |head| contains(head.source()))
        }
        Filter::Part(_) | Filter::Heading(_) => Box::new(|_| false),
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
