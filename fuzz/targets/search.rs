//! An index of any texts answers as the slow counter does, and gives every document back.

use gm_index::{Document, Index, Kind, Options, Query, Sort, Synonyms};

use super::library::check;
use super::text;

#[path = "../../tests/occurrences.rs"]
mod occurrences;
use occurrences::occurrences;

/// The first line is what is looked for, the rest are documents with form feeds between them.
pub fn search(data: &[u8]) {
    let Some((typed, texts)) = text(data).and_then(|text| text.split_once('\n')) else { return };
    let texts = texts.split('\u{c}').take(3).enumerate();
    let documents: Vec<Document> = texts.map(|(at, text)| Document::from_text(format!("{at}.txt"), text)).collect();
    let index = Index::in_memory().unwrap();
    let writer = index.writer().unwrap();
    for document in &documents {
        check(document);
        writer.add(document).unwrap();
    }
    writer.commit().unwrap();
    for document in &documents {
        let found = index.document(&document.id).unwrap();
        assert_eq!(found.as_ref(), (!document.passages.is_empty()).then_some(document));
    }
    literal(&index, &documents, typed);
    let mut words = typed.split_whitespace();
    if let (Some(one), Some(other)) = (words.next(), words.next()) {
        partition(&index, Query::Phrase(one.to_string()), Query::Phrase(other.to_string()));
    }
    if let Ok(query) = typed.parse::<Query>() {
        any(&index, &query);
    }
}

fn all() -> Options {
    Options { limit: usize::MAX, synonyms: Synonyms::none(), ..Options::default() }
}

/// What stands in the text is found as often as it stands there, and nothing else is shown.
fn literal(index: &Index, documents: &[Document], typed: &str) {
    let wanted = gm_index::fold(typed).text;
    // marks alone are looked for as they are typed
    if wanted.is_empty() {
        return;
    }
    let expected: usize = documents.iter().flat_map(paragraphs).map(|text| occurrences(text, typed)).sum();
    let query = Query::Phrase(typed.to_string());
    assert_eq!(index.count(&query, &[]).unwrap().occurrences, expected as u64, "`{typed}`");
    let results = index.search(&query, all()).unwrap();
    assert_eq!(results.total.occurrences, expected as u64, "`{typed}`");
    for hit in &results.hits {
        for (piece, is_match) in hit.snippet.pieces() {
            let shown = gm_index::fold(piece).text;
            assert!(!is_match || shown.contains(&wanted) || wanted.contains(&shown), "`{typed}` shows `{piece}`");
        }
    }
}

/// The paragraphs of a document as its passages tell them.
fn paragraphs(document: &Document) -> Vec<&str> {
    let opens = document.passages.iter().filter(|passage| passage.opens_paragraph).map(|passage| passage.range.start);
    let starts: Vec<usize> = opens.collect();
    let ends = starts.iter().skip(1).copied().chain([document.text.len()]);
    starts.iter().zip(ends).map(|(&start, end)| &document.text[start..end]).collect()
}

/// `A B` and `A -B` are `A`, and `A B` is `B A`.
fn partition(index: &Index, a: Query, b: Query) {
    let passages = |query: Query| index.count(&query, &[]).unwrap().passages;
    let both = passages(Query::And(vec![a.clone(), b.clone()]));
    assert_eq!(both, passages(Query::And(vec![b.clone(), a.clone()])));
    assert_eq!(both + passages(Query::And(vec![a.clone(), Query::Not(Box::new(b))])), passages(a));
}

/// Any query is answered or refused, and all that answer it agree.
pub fn any(index: &Index, query: &Query) {
    for sort in [Sort::Relevance, Sort::Date] {
        let options = Options { weaker: true, merge_copies: true, explain: true, sort, ..Options::default() };
        match index.search(query, options) {
            Ok(results) => {
                for hit in &results.hits {
                    let pieces = hit.snippet.pieces();
                    assert_eq!(pieces.iter().map(|(piece, _)| *piece).collect::<String>(), hit.snippet.text);
                }
            }
            Err(error) => assert_eq!(error.kind(), Kind::Query, "{error}"),
        }
    }
    let counts = index.count(query, &[]);
    let places = index.concordance_from(query, 10, 1, 5);
    match (counts, places) {
        (Ok(counts), Ok((_, places))) => assert_eq!(counts.occurrences, places as u64, "{query}"),
        (Err(one), Err(other)) => assert_eq!(one.kind(), other.kind()),
        (counts, places) => panic!("{query}: {counts:?} and {places:?}"),
    }
    let _ = index.facets(query, &Synonyms::shipped());
    for document in index.documents().unwrap() {
        index.marked(&document.id, query, &Synonyms::none()).unwrap();
    }
}
