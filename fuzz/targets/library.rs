//! The laws of the library's pure functions.

use std::time::{Duration, Instant};

use gm_index::{Amounts, BOUNDARY, Document, Indicators, Kind, Query, Synonyms};

use super::text;

/// Nothing that is typed may take longer to understand, in a build without optimization on a busy machine.
const PATIENCE: Duration = Duration::from_secs(5);

/// The source comes back, a second folding changes nothing, and whatever lies between two characters of folded text stands for a
/// range of the source that folds to it.
pub fn fold(data: &[u8]) {
    let Some(source) = text(data) else { return };
    let folded = gm_index::fold(source);
    assert_eq!(folded.restore(), source);
    assert!(!folded.text.contains(|c: char| c.is_control() || c.is_whitespace()), "{:?}", folded.text);
    // `1, 234` is no number and `1,234` is one
    if !source.contains([',', '，']) {
        assert_eq!(gm_index::fold(&folded.text).text, folded.text);
    }
    let bounds: Vec<usize> = folded.text.char_indices().map(|(at, _)| at).chain([folded.text.len()]).collect();
    let number =
        |at: usize| folded.text.as_bytes().get(at).is_some_and(|byte| byte.is_ascii_digit() || b"+.".contains(byte));
    let last = folded.source_range(0..folded.text.len());
    for (at, &from) in bounds.iter().enumerate().take(100) {
        for &to in bounds.iter().skip(at + 1).step_by(3).take(6) {
            let range = folded.source_range(from..to);
            assert!(last.start <= range.start && range.end <= last.end, "{from}..{to} is {range:?} of {last:?}");
            // a part of a number folds by itself as it likes, and a blank may belong to one
            let is_closed = number(to.wrapping_sub(1)) && source[range.end..].starts_with(char::is_whitespace);
            let is_part = number(from.wrapping_sub(1)) || number(to) || is_closed;
            // fails where the range is not on boundaries of characters
            let shown = gm_index::fold(&source[range]).text;
            let wanted = folded.text[from..to].trim_matches(BOUNDARY);
            assert!(is_part || shown.contains(wanted), "{shown} holds {wanted}");
        }
    }
}

/// Nothing of a text is lost, passages and sections come in the order of the text, and a parent before its children.
pub fn outline(data: &[u8]) {
    let Some(source) = text(data) else { return };
    let document = Document::from_text("a.txt", source);
    check(&document);
    assert_eq!(document, Document::from_text("a.txt", source));
}

/// What holds for every document that was read from a text.
pub fn check(document: &Document) {
    let lines = document.text.bytes().filter(|&byte| byte == b'\n').count() as u32 + 1;
    let mut at = 0;
    let mut line = 1;
    for passage in &document.passages {
        assert_eq!(passage.range.start, at, "passages follow each other");
        assert!(passage.range.end > at && document.text.is_char_boundary(passage.range.end));
        assert!(passage.line >= line && passage.line <= lines, "line {} of {lines}, after {line}", passage.line);
        assert!(passage.section.is_none_or(|section| (section as usize) < document.sections.len()));
        (at, line) = (passage.range.end, passage.line);
    }
    if document.passages.is_empty() {
        assert!(gm_index::fold(&document.text).text.is_empty(), "nothing visible is left out");
    } else {
        assert_eq!(at, document.text.len(), "passages joined are the text");
        assert!(document.passages[0].opens_paragraph);
    }
    let mut line = 1;
    for (at, section) in document.sections.iter().enumerate() {
        assert!(section.line >= line && section.line <= lines, "line {} of {lines}, after {line}", section.line);
        line = section.line;
        let parent = section.parent.map(|parent| parent as usize);
        assert!(parent.is_none_or(|parent| parent < at), "a parent stands before its child");
        assert!(parent.is_none_or(|parent| document.sections[parent].heading.level < section.heading.level));
    }
}

/// What is read off two reports lies in them, and a report differs in nothing from itself.
pub fn figures(data: &[u8]) {
    let Some(source) = text(data) else { return };
    let (old, new) = source.split_once('\u{c}').unwrap_or((source, ""));
    let (old, new) = (Document::from_text("a_2024.txt", old), Document::from_text("b_2025.txt", new));
    let indicators = Indicators::shipped();
    for document in [&old, &new] {
        let lines = document.text.bytes().filter(|&byte| byte == b'\n').count() as u32 + 1;
        for any in [false, true] {
            let found = gm_index::targets(document, &indicators, any);
            assert!(found.figures.iter().all(|figure| (1..=lines).contains(&figure.line)));
            assert!(found.statement.is_none_or(|statement| (1..=lines).contains(&statement.line)));
        }
        for repeat in [1, 12] {
            gm_index::repeats(document, repeat);
        }
    }
    let both = [gm_index::targets(&old, &indicators, false), gm_index::targets(&new, &indicators, false)];
    gm_index::promises(&both, &[]);
    gm_index::difference(&old, &new, &indicators);
    gm_index::difference(&new, &old, &indicators);
}

/// Whatever is typed is understood or refused at once, and a query prints back to text that parses to itself.
pub fn query(data: &[u8]) {
    let Some(typed) = text(data) else { return };
    let begin = Instant::now();
    match typed.parse::<Query>() {
        Ok(query) => same(&query),
        Err(error) => {
            assert!(matches!(error.kind(), Kind::Query), "{error:?}");
            assert!(error.column().is_none_or(|column| column <= typed.chars().count()), "{error:?}");
        }
    }
    if let Ok(amounts) = typed.parse::<Amounts>() {
        assert_eq!(amounts.to_string().parse::<Amounts>().unwrap(), amounts);
        same(&Query::Amount(amounts));
    }
    assert!(begin.elapsed() < PATIENCE, "it took {:?}", begin.elapsed());
}

fn same(query: &Query) {
    let printed = query.to_string();
    match printed.parse::<Query>() {
        Ok(again) => assert_eq!(&again, query, "`{printed}`"),
        Err(error) => panic!("`{printed}` of {query:?}: {error}"),
    }
}

/// Lists that people write are understood or refused.
pub fn lists(data: &[u8]) {
    let Some(source) = text(data) else { return };
    if let Ok(synonyms) = source.parse::<Synonyms>() {
        for line in source.lines().filter(|line| !line.trim_start().starts_with('#')) {
            let terms: Vec<&str> = line.split('=').map(str::trim).collect();
            for term in &terms {
                assert!(synonyms.of(term).iter().all(|other| gm_index::fold(other) != gm_index::fold(term)));
            }
        }
        if let Ok(query) = source.lines().next().unwrap_or_default().parse::<Query>() {
            synonyms.clone().and(&Synonyms::shipped()).of(&query.to_string());
        }
    } else if let Err(error) = source.parse::<Synonyms>() {
        assert_eq!(error.kind(), Kind::Input);
    }
    match source.parse::<Indicators>() {
        Ok(indicators) => assert!(indicators.names().all(|name| indicators.canonical(name).is_some())),
        Err(error) => assert_eq!(error.kind(), Kind::Input),
    }
}
