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
        for term in apart(terms).into_iter().map(str::trim) {
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

/// The terms between bars; a bar inside quotes or a regular expression is a character like any other.
fn apart(terms: &str) -> Vec<&str> {
    const PAIRS: [(char, char); 6] = [('\'', '\''), ('/', '/'), ('"', '"'), ('“', '”'), ('「', '」'), ('『', '』')];
    let mut list = Vec::new();
    let mut rest = terms;
    loop {
        let term = rest.trim_start();
        let closes = PAIRS.iter().find_map(|(open, close)| {
            let inner = term.strip_prefix(*open)?;
            // the sign that a bar or the end stands behind
            let mut ends = inner.match_indices(*close).map(|(at, sign)| &inner[at + sign.len()..]);
            ends.find(|behind| matches!(behind.trim_start().chars().next(), None | Some('|' | '｜')))
        });
        let from = closes.unwrap_or(rest);
        let Some(bar) = from.find(['|', '｜']) else {
            list.push(rest);
            return list;
        };
        let at = rest.len() - from.len() + bar;
        list.push(&rest[..at]);
        rest = rest[at..].strip_prefix(['|', '｜']).unwrap_or_default();
    }
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
}
