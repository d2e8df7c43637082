//! Other names for the same thing: GDP, 地区生产总值 and 国内生产总值. They are used when a query is answered, never when
//! text is indexed, and only when what was typed stands nowhere.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use crate::error::{Error, Kind, Result};
use crate::fold::fold;
use crate::query::Query;

static SHIPPED: LazyLock<Synonyms> =
    LazyLock::new(|| include_str!("../data/synonyms.txt").parse().expect("the list is tested"));

/// Groups of terms that mean the same. Cheap to clone.
///
/// As text, a group is a line of terms joined with `=`; lines that begin with `#` are left out:
///
/// ```
/// use gm_index::Synonyms;
/// let synonyms: Synonyms = "# money\nGDP=地区生产总值=国内生产总值".parse()?;
/// assert_eq!(synonyms.of("gdp"), ["地区生产总值", "国内生产总值"]);
/// # Ok::<(), gm_index::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Synonyms {
    /// For each term, folded, the others of its groups as they are written.
    others: Arc<HashMap<String, Vec<String>>>,
}

impl Synonyms {
    /// The list for Chinese official reports that the library carries.
    pub fn shipped() -> Synonyms {
        SHIPPED.clone()
    }

    /// No synonyms at all.
    pub fn none() -> Synonyms {
        Synonyms::default()
    }

    /// These and those of `more`.
    pub fn and(mut self, more: &Synonyms) -> Synonyms {
        let others = Arc::make_mut(&mut self.others);
        for (term, more) in more.others.iter() {
            let known = others.entry(term.clone()).or_default();
            more.iter().for_each(|other| {
                if !known.contains(other) {
                    known.push(other.clone())
                }
            });
        }
        self
    }

    /// The other names of `term`, which is compared folded.
    pub fn of(&self, term: &str) -> &[String] {
        self.others.get(&fold(term).text).map_or(&[], Vec::as_slice)
    }

    /// The query with every bare part that has other names widened to any of them; `None` if no part has.
    pub(crate) fn widen(&self, query: &Query) -> Option<Query> {
        let all = |parts: &[Query]| -> Option<Vec<Query>> {
            let wide: Vec<_> = parts.iter().map(|part| self.widen(part)).collect();
            let is_wider = wide.iter().any(Option::is_some);
            is_wider.then(|| wide.into_iter().zip(parts).map(|(wide, part)| wide.unwrap_or(part.clone())).collect())
        };
        match query {
            Query::Text(text) => {
                let others = self.of(text).iter().map(|other| Query::Phrase(other.clone()));
                let any: Vec<Query> = std::iter::once(query.clone()).chain(others).collect();
                (any.len() > 1).then_some(Query::Or(any))
            }
            Query::And(parts) => all(parts).map(Query::And),
            Query::Or(parts) => all(parts).map(Query::Or),
            Query::Within(scope, part) => self.widen(part).map(|part| Query::Within(*scope, Box::new(part))),
            _ => None,
        }
    }
}

impl std::str::FromStr for Synonyms {
    type Err = Error;

    /// Fails with [`Kind::Input`] on a line that is no group of two terms or more, and names it.
    fn from_str(text: &str) -> Result<Self> {
        let mut others: HashMap<String, Vec<String>> = HashMap::new();
        for (line, group) in text.lines().enumerate() {
            let group = group.trim_start_matches('\u{feff}').trim();
            if group.is_empty() || group.starts_with('#') {
                continue;
            }
            let terms = group.split(['=', '＝']).map(str::trim);
            let terms: Vec<(&str, String)> = terms.map(|term| (term, fold(term).text)).collect();
            if terms.len() < 2 || terms.iter().any(|(_, folded)| folded.is_empty()) {
                let what = format!("line {} of the synonyms is not a group of terms: `{group}`", line + 1);
                return Err(Error::new(Kind::Input, what).with_hint("write GDP=地区生产总值, a group on each line"));
            }
            for (_, folded) in &terms {
                let known = others.entry(folded.clone()).or_default();
                for (other, _) in terms.iter().filter(|(_, other)| other != folded) {
                    if !known.iter().any(|known| known == other) {
                        known.push(other.to_string());
                    }
                }
            }
        }
        Ok(Synonyms { others: Arc::new(others) })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_bare_parts_are_widened() {
        let synonyms = Synonyms::shipped();
        let wide = |query: &str| synonyms.widen(&query.parse().unwrap()).map(|query| query.to_string());
        assert_eq!(wide("ＧＤＰ 增长").as_deref(), Some("(ＧＤＰ OR \"地区生产总值\" OR \"国内生产总值\") 增长"));
        assert_eq!(wide("\"GDP\" -GDP 'GDP' 港长制"), None);
    }

    #[test]
    fn a_line_that_is_no_group_is_named() {
        let error = "GDP=地区生产总值\n\n三农".parse::<Synonyms>().unwrap_err();
        assert!(error.to_string().contains("line 3"), "{error}");
    }
}
