//! A query as the engine is asked it: a sieve that every passage goes through which matches, and others too. What stays is
//! proven by `gm-index`. Only `bool`, `term`, `terms`, `range`, `match_phrase` and `match_all` are used.
//!
//! Text is looked for as phrases of characters. The field `literal` has the characters of a passage and the next one; `across`
//! has those on both sides of its end, where the paragraph goes on.

use gm_index::{Filter, Level, Query, Scope, anchor, fold};
use serde_json::{Value, json};

/// Of a longer text only so many characters are looked for. `across` has one less before the end of a passage, and more
/// behind it.
pub const LONGEST: usize = 24;

/// What stands for a blank, which parts the characters.
const BLANK: char = '␣';

/// A query for the engine, and how it is to be completed.
pub struct Sieve {
    pub query: Value,
    /// Whether the other passages of the paragraphs are needed to prove what is found.
    pub whole_paragraphs: bool,
    /// Folded texts that may run on from one passage into the next.
    pub texts: Vec<Vec<char>>,
}

impl Sieve {
    pub fn new(query: &Query) -> Sieve {
        let mut sieve = Sieve { query: Value::Null, whole_paragraphs: false, texts: Vec::new() };
        sieve.query = sieve.of(query);
        sieve
    }

    fn of(&mut self, query: &Query) -> Value {
        match query {
            Query::And(parts) => all(parts.iter().map(|part| self.of(part)).collect()),
            Query::Or(parts) => any(parts.iter().map(|part| self.of(part)).collect()),
            // what is excluded must be proven first; only what is known of documents is exact
            Query::Not(part) => match &**part {
                Query::Filter(filter @ (Filter::Year(_) | Filter::Level(_) | Filter::Kind(_))) => {
                    json!({ "bool": { "must_not": [of_filter(filter)] } })
                }
                _ => everything(),
            },
            Query::Within(Scope::Sentence, part) => self.of(part),
            Query::Within(Scope::Paragraph, part) => {
                self.whole_paragraphs = true;
                // filters and what is excluded can hold where no text stands
                let mut leaves = Vec::new();
                literals(part, &mut leaves);
                let any = any(leaves.into_iter().map(|leaf| self.of(leaf)).collect());
                if part.needs_text() { any } else { everything() }
            }
            Query::Text(text) | Query::Phrase(text) => {
                let folded = fold(text).text;
                if folded.is_empty() { self.verbatim(text) } else { self.text(&folded) }
            }
            Query::Fixed(text) => self.verbatim(text),
            Query::Regex(_) => everything(),
            Query::Amount(amounts) => {
                let traces: Vec<Value> = amounts.traces().map(|trace| self.text(trace)).collect();
                if traces.is_empty() { json!({ "term": { "digits": true } }) } else { any(traces) }
            }
            // which may stand in two passages of a paragraph
            Query::Near(a, b, _) => {
                self.whole_paragraphs = true;
                any(vec![self.of(a), self.of(b)])
            }
            Query::Filter(filter) => of_filter(filter),
        }
    }

    fn text(&mut self, folded: &str) -> Value {
        let text: Vec<char> = folded.chars().collect();
        let first = spaced(text.iter().copied().take(LONGEST));
        let within = phrase("literal", &first);
        let count = text.len();
        if count > 1 {
            self.texts.push(text);
        }
        // one that has two characters stands in `literal` wherever it begins
        if count > 2 { any(vec![within, phrase("across", &first)]) } else { within }
    }

    /// Text strictly as typed: its anchor, wherever that stands in the paragraph.
    fn verbatim(&mut self, text: &str) -> Value {
        self.whole_paragraphs = true;
        anchor(text).map_or_else(everything, |anchor| self.text(&anchor))
    }
}

/// The parts of a query that look for something in the text.
fn literals<'q>(query: &'q Query, found: &mut Vec<&'q Query>) {
    match query {
        Query::And(parts) | Query::Or(parts) => parts.iter().for_each(|part| literals(part, found)),
        Query::Not(part) | Query::Within(_, part) => literals(part, found),
        Query::Filter(_) => {}
        literal => found.push(literal),
    }
}

pub fn everything() -> Value {
    json!({ "match_all": {} })
}

pub fn all(mut parts: Vec<Value>) -> Value {
    parts.retain(|part| *part != everything());
    match parts.len() {
        0 => everything(),
        1 => parts.remove(0),
        _ => json!({ "bool": { "filter": parts } }),
    }
}

pub fn any(mut parts: Vec<Value>) -> Value {
    if parts.contains(&everything()) {
        return everything();
    }
    match parts.len() {
        0 => json!({ "bool": { "must_not": [everything()] } }),
        1 => parts.remove(0),
        _ => json!({ "bool": { "should": parts, "minimum_should_match": 1 } }),
    }
}

pub fn phrase(field: &str, characters: &str) -> Value {
    match characters.contains(' ') {
        true => json!({ "match_phrase": { field: characters } }),
        false => json!({ "term": { field: characters } }),
    }
}

/// Characters as the engine is given them: with a blank between any two.
pub fn spaced(characters: impl IntoIterator<Item = char>) -> String {
    let mut spaced = String::new();
    for c in characters {
        if !spaced.is_empty() {
            spaced.push(' ');
        }
        spaced.push(if c.is_whitespace() { BLANK } else { c });
    }
    spaced
}

/// Text as a field of characters has it: folded.
pub fn characters(text: &str) -> String {
    spaced(fold(text).text.chars())
}

fn of_filter(filter: &Filter) -> Value {
    let contains = |field: &str, words: &str| {
        let words = characters(words);
        if words.is_empty() { everything() } else { phrase(field, &words) }
    };
    match filter {
        Filter::Place(place) => {
            let folded = fold(place).text;
            // links may be written together, by two characters of each or more: 广东湛江
            let begins = |link: &str| match link.char_indices().nth(2) {
                Some((end, _)) if link[end..].chars().nth(1).is_some() => json!({ "term": { "place": &link[..end] } }),
                _ => json!({ "term": { "place": link } }),
            };
            let chain = all(folded.split('/').filter(|link| !link.is_empty()).map(begins).collect());
            // the nation is above all places
            match Level::Nation.name().starts_with(&folded) {
                true => any(vec![chain, of_filter(&Filter::Level(Level::Nation))]),
                false => chain,
            }
        }
        Filter::Level(level) => json!({ "term": { "level": level.name() } }),
        Filter::Year(years) => json!({ "range": { "year": { "gte": years.start(), "lte": years.end() } } }),
        // a bound or a date may be a year or a month; `~` stands behind everything that follows it
        Filter::Date(from, to) => {
            json!({ "range": { "date": { "gte": from.get(..4).unwrap_or(from), "lte": format!("{to}~") } } })
        }
        Filter::Part(role) => json!({ "term": { "part": role.name() } }),
        Filter::Kind(kind) => json!({ "term": { "kind": fold(kind).text } }),
        Filter::Heading(words) => contains("headings", words),
        Filter::Title(words) => contains("title", words),
        Filter::Speaker(words) => contains("speaker", words),
        Filter::File(words) => contains("file", words),
        // 3/2 is 第三届第二次: its numbers count, which are not spelled here
        Filter::Session(_) => everything(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sieve(query: &str) -> Sieve {
        Sieve::new(&query.parse().unwrap())
    }

    #[test]
    fn text_is_a_phrase_of_characters() {
        let expected = json!({ "bool": { "should": [
            { "match_phrase": { "literal": "典 型 村" } },
            { "match_phrase": { "across": "典 型 村" } },
        ], "minimum_should_match": 1 } });
        assert_eq!(sieve("典型村").query, expected);
        assert_eq!(sieve("村").query, json!({ "term": { "literal": "村" } }));
        assert_eq!(sieve("「乡村」").query, json!({ "match_phrase": { "literal": "乡 村" } }));
    }

    #[test]
    fn what_cannot_be_asked_lets_everything_through() {
        for query in ["/a+/", "-村", "NOT (a b)", "村 OR -镇", "session:3/2"] {
            assert_eq!(sieve(query).query, everything(), "{query}");
        }
        assert_eq!(sieve("村 -镇").query, sieve("村").query);
        assert_eq!(
            sieve("村 year:2024").query["bool"]["filter"][1],
            json!({ "range": { "year": { "gte": 2024, "lte": 2024 } } })
        );
    }

    #[test]
    fn empty_links_of_a_place_ask_for_nothing() {
        for (query, same) in [("湛江/", "湛江"), ("/湛江", "湛江"), ("湛江//遂溪", "湛江/遂溪"), ("湛江／", "湛江")]
        {
            let of = |place: &str| sieve(&format!("place:\"{place}\"")).query;
            assert_eq!(of(query), of(same), "{query}");
        }
    }

    #[test]
    fn a_place_written_together_begins_with_one_of_its_links() {
        let place = |begins: &str| json!({ "term": { "place": begins } });
        assert_eq!(sieve("place:广东省湛江市").query, place("广东"));
        assert_eq!(sieve("place:遂溪县").query, place("遂溪县"));
        assert_eq!(sieve("place:湛江/遂溪").query, all(vec![place("湛江"), place("遂溪")]));
    }

    #[test]
    fn paragraphs_are_wanted_whole_where_they_prove() {
        assert!(sieve("段:(村 镇)").whole_paragraphs && sieve("'典型'").whole_paragraphs);
        assert!(sieve("村 NEAR/5 镇").whole_paragraphs);
        assert_eq!(sieve("段:(村 OR year:2025)").query, everything());
        assert!(!sieve("村 镇").whole_paragraphs && !sieve("句:(村 镇)").whole_paragraphs);
        assert_eq!(sieve("段:(村 -镇)").query["bool"]["should"].as_array().unwrap().len(), 2);
    }
}
