//! Reads a file of term groups, `数字经济: 数字经济 | 大数据 | 云计算` a line. A fault is told with file and line.

use std::collections::{HashMap, HashSet};
use std::path::Path;

use anyhow::Result;
use gm_index::{Query, Terms, fold};

use crate::fail::advised;

/// How a line looks.
const FORM: &str = "a line is `NAME: TERM | TERM`, such as `数字经济: 数字经济 | 大数据`";

/// The groups in their order. Terms that fold alike are one. `file` is only named in errors.
pub fn parse(file: &Path, text: &str) -> Result<Vec<Terms>> {
    let mut groups: Vec<Terms> = Vec::new();
    let mut lines_of: HashMap<String, usize> = HashMap::new();
    let lines = text.trim_start_matches('\u{feff}').lines().map(str::trim).zip(1..);
    for (line, at) in lines.filter(|(line, _)| !line.is_empty() && !line.starts_with('#')) {
        let fault = |what: String, hint: &str| advised(format!("{}:{at}: {what}", file.display()), hint);
        let (name, terms) = match line.split_once([':', '：']) {
            Some((name, terms)) => (name.trim(), terms),
            None if line.contains(['|', '｜']) => return Err(fault("the group has no name".to_string(), FORM)),
            None => (line, line),
        };
        if name.is_empty() {
            return Err(fault("the group has no name".to_string(), FORM));
        }
        if let Some(first) = lines_of.insert(name.to_string(), at) {
            let what = format!("`{name}` is the name of the group in line {first} already");
            return Err(fault(what, "put all terms of a group on one line"));
        }
        let mut known = HashSet::new();
        let mut queries = Vec::new();
        for term in apart(terms, &['|', '｜']).into_iter().map(str::trim) {
            if term.is_empty() {
                return Err(fault(format!("`{name}` has an empty term"), FORM));
            }
            let query =
                self::term(term).map_err(|why| fault(format!("`{term}`: {why}"), "put a term with signs in “…”"))?;
            let folded = match &query {
                Query::Phrase(text) => fold(text).text,
                other => other.to_string(),
            };
            if known.insert(folded) {
                queries.push(query);
            }
        }
        let query = if queries.len() == 1 { queries.remove(0) } else { Query::Or(queries) };
        groups.push(Terms { name: name.to_string(), query });
    }
    if groups.is_empty() {
        return Err(advised(format!("{}: there are no terms in it", file.display()), FORM));
    }
    Ok(groups)
}

/// Signs that hold what stands between them together.
const PAIRS: [(char, char); 6] = [('“', '”'), ('「', '」'), ('『', '』'), ('"', '"'), ('\'', '\''), ('/', '/')];

/// What stands between separators. One in quotes or in a regular expression is a character like any other.
pub fn apart<'t>(text: &'t str, separators: &[char]) -> Vec<&'t str> {
    let mut parts = Vec::new();
    let (mut begin, mut at) = (0, 0);
    while let Some(c) = text[at..].chars().next() {
        if separators.contains(&c) {
            parts.push(&text[begin..at]);
            begin = at + c.len_utf8();
        }
        at += enclosed(text, at).unwrap_or(c.len_utf8());
    }
    parts.push(&text[begin..]);
    parts
}

/// The length of what quotes or slashes enclose from `at` on. Signs that open and close alike do so at the ends of words only.
fn enclosed(text: &str, at: usize) -> Option<usize> {
    let first = text[at..].chars().next()?;
    let &(open, close) = PAIRS.iter().find(|pair| pair.0 == first)?;
    if open == close && text[..at].ends_with(char::is_alphanumeric) {
        return None;
    }
    let inner = &text[at + open.len_utf8()..];
    let (end, _) = inner.match_indices(close).find(|(end, _)| {
        let is_escaped = open == '/' && inner[..*end].ends_with('\\');
        !is_escaped && (open != close || !inner[end + close.len_utf8()..].starts_with(char::is_alphanumeric))
    })?;
    Some(open.len_utf8() + end + close.len_utf8())
}

/// A term alone: a phrase unless quotes or slashes say otherwise.
fn term(text: &str) -> Result<Query, String> {
    if text.starts_with(['\'', '/', '"', '“', '「', '『']) {
        return match text.parse::<Query>() {
            Ok(query @ (Query::Phrase(_) | Query::Fixed(_) | Query::Regex(_) | Query::Text(_))) => Ok(query),
            Ok(_) => Ok(Query::Phrase(text.to_string())),
            Err(error) => Err(error.to_string()),
        };
    }
    Ok(Query::Phrase(text.to_string()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Vec<(String, String)>, String> {
        let groups = parse(Path::new("t.txt"), text).map_err(|error| error.to_string())?;
        Ok(groups.into_iter().map(|terms| (terms.name, terms.query.to_string())).collect())
    }

    #[test]
    fn groups_are_names_and_terms() {
        let text = "\u{feff}# 组\n数字经济: 数字经济 | 數字經濟 | 5G 网络\n\n治理：'港长制' ｜ /[河湖]长制/\n大数据\n";
        assert_eq!(read("甲: /改革|开放/ | '改|革' | 乙").unwrap()[0].1, "/改革|开放/ OR '改|革' OR \"乙\"");
        let expected = [
            ("数字经济", "\"数字经济\" OR \"5G 网络\""),
            ("治理", "'港长制' OR /[河湖]长制/"),
            ("大数据", "\"大数据\""),
        ];
        assert_eq!(read(text).unwrap(), expected.map(|(name, query)| (name.to_string(), query.to_string())));
    }

    #[test]
    fn faults_name_file_and_line() {
        for (text, expected) in [
            ("a: b\n大数据 | 云计算", "t.txt:2: the group has no name"),
            (": 大数据", "t.txt:1: the group has no name"),
            ("a: b\n\na: c", "t.txt:3: `a` is the name of the group in line 1 already"),
            ("a: b | | c", "t.txt:1: `a` has an empty term"),
            ("a: b\nb: /(/", "t.txt:2: `/(/`: `/(/` is no regular expression"),
            ("# nothing\n", "t.txt: there are no terms in it"),
        ] {
            let error = read(text).unwrap_err();
            assert!(error.starts_with(expected), "expected {expected}\n     got {error}");
        }
    }

    #[test]
    fn commas_join_queries_but_not_in_quotes_and_expressions() {
        for (text, expected) in [
            ("典型村, 港长制，百千万 工程", vec!["典型村", "港长制", "百千万 工程"]),
            ("\"1,200\",/\\d{1,3}亿/，“一、二，三”、四", vec!["\"1,200\"", "/\\d{1,3}亿/", "“一、二，三”、四"]),
            ("'a,b' -'c,d',(/x,y/|z)", vec!["'a,b' -'c,d'", "(/x,y/|z)"]),
            ("1/3,2/3,it's,that's", vec!["1/3", "2/3", "it's", "that's"]),
            ("“没有完,“有”", vec!["“没有完,“有”"]),
            ("/没有完,\\/,「", vec!["/没有完", "\\/", "「"]),
            (",，", vec![]),
        ] {
            let parts = apart(text, &[',', '，']).into_iter().map(str::trim).filter(|part| !part.is_empty());
            assert_eq!(parts.collect::<Vec<_>>(), expected, "{text}");
        }
    }
}
