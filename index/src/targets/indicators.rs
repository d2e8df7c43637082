//! The indicators that reports give figures for, and the names they go by: `data/indicators.txt`, whose head tells the
//! form, and lists of a user's own in the same form.

use std::str::FromStr;
use std::sync::LazyLock;

use crate::error::{Error, Kind, Result};
use crate::fold::fold;

static SHIPPED: LazyLock<Indicators> =
    LazyLock::new(|| include_str!("../../data/indicators.txt").parse().expect("the list is tested"));

/// What a bare percentage of an indicator means.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Measure {
    /// It has amounts; a percentage is their growth.
    Amount,
    /// It is growth itself, as of prices.
    Growth,
    /// It is a percentage itself.
    Rate,
}

/// An indicator, or several that are told together.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Indicator {
    /// One name, or more where numbers follow for each.
    pub names: Vec<String>,
    pub measure: Measure,
    /// The last characters of its units; a percentage is always one.
    pub units: Vec<String>,
    pub is_headline: bool,
}

/// A list of indicators.
///
/// As text, an indicator is a line `name: kind; units; other names`, where kind is 总量, 涨幅 or 比率; a star before the
/// name marks a headline indicator; lines that begin with `#` are left out:
///
/// ```
/// use gm_index::Indicators;
/// let indicators: Indicators = "茶叶产量: 总量; 吨 斤; 茶叶总产量".parse()?;
/// assert_eq!(indicators.names().collect::<Vec<_>>(), ["茶叶产量"]);
/// # Ok::<(), gm_index::Error>(())
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Indicators {
    list: Vec<Indicator>,
    /// Every name as [`spelled`], the longest first, with the indicator that it names.
    names: Vec<(String, usize)>,
}

impl Indicators {
    /// The list that the library carries.
    pub fn shipped() -> Indicators {
        SHIPPED.clone()
    }

    /// These and those of `more`. A name that both have is that of `more`.
    pub fn and(mut self, more: &Indicators) -> Indicators {
        let shift = self.list.len();
        self.list.extend(more.list.iter().cloned());
        self.names.splice(0..0, more.names.iter().map(|(name, at)| (name.clone(), at + shift)));
        self.sort();
        self
    }

    /// The names of single indicators, in the order of the list, each once.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let single = self.list.iter().enumerate().filter(|(_, indicator)| indicator.names.len() == 1);
        single
            .filter(|(at, indicator)| self.list[..*at].iter().all(|other| other.names != indicator.names))
            .map(|(_, indicator)| indicator.names[0].as_str())
    }

    /// The names of headline indicators.
    pub(crate) fn headlines(&self) -> impl Iterator<Item = &str> {
        self.names().filter(|&name| self.list.iter().any(|one| one.is_headline && one.names == [name]))
    }

    /// The indicators that a clause can begin with: those of its longest name that begins it, with that name's length in
    /// bytes. A name of several indicators and one of a single one may be the same; both are told. `clause` is
    /// [`spelled`].
    pub(crate) fn beginning(&self, clause: &str) -> Vec<(&Indicator, usize)> {
        let mut found: Vec<(&Indicator, usize)> = Vec::new();
        for (name, at) in &self.names {
            if found.first().is_some_and(|(_, length)| *length > name.len()) {
                break;
            }
            if clause.starts_with(name.as_str()) {
                found.push((&self.list[*at], name.len()));
            }
        }
        found
    }

    /// The name in the list of an indicator that goes by `name`.
    pub fn canonical(&self, name: &str) -> Option<&str> {
        let name = spelled(name);
        let found = self.names.iter().filter(|(known, _)| *known == name);
        found.map(|(_, at)| &self.list[*at]).find(|one| one.names.len() == 1).map(|one| one.names[0].as_str())
    }

    fn sort(&mut self) {
        self.names.sort_by_key(|(name, _)| std::cmp::Reverse(name.len()));
    }
}

impl FromStr for Indicators {
    type Err = Error;

    /// Fails with [`Kind::Input`] and the number of the line that cannot be understood.
    fn from_str(text: &str) -> Result<Indicators> {
        let mut indicators = Indicators::default();
        for (at, line) in text.lines().enumerate() {
            let line = line.trim();
            if line.is_empty() || line.starts_with('#') {
                continue;
            }
            let (indicator, others) = indicator(line).ok_or_else(|| {
                Error::new(Kind::Input, format!("line {} of the indicators cannot be understood: `{line}`", at + 1))
                    .with_hint("write name: kind; units; other names, where kind is 总量, 涨幅 or 比率")
            })?;
            let number = indicators.list.len();
            let own = (indicator.names.len() == 1).then(|| indicator.names[0].clone());
            indicators.names.extend(own.into_iter().chain(others).map(|name| (spelled(&name), number)));
            indicators.list.push(indicator);
        }
        indicators.sort();
        Ok(indicators)
    }
}

fn indicator(line: &str) -> Option<(Indicator, Vec<String>)> {
    let (head, rest) = line.split_once([':', '：'])?;
    let mut parts = rest.split([';', '；']).map(str::trim);
    let measure = match parts.next()? {
        "总量" => Measure::Amount,
        "涨幅" => Measure::Growth,
        "比率" => Measure::Rate,
        _ => return None,
    };
    let words = |part: Option<&str>| part.unwrap_or("").split_whitespace().map(String::from).collect::<Vec<_>>();
    let (units, others) = (words(parts.next()), words(parts.next()));
    let is_headline = head.starts_with('*');
    let names: Vec<String> = head.trim_start_matches('*').split('+').map(|name| name.trim().to_string()).collect();
    let is_named = names.iter().all(|name| !name.is_empty()) && parts.next().is_none();
    is_named.then_some((Indicator { names, measure, units, is_headline }, others))
}

/// Text as figures are looked for in it: folded, but with its 、, which tells the members of a list apart.
pub(crate) fn spelled(text: &str) -> String {
    text.split('、').map(|part| fold(part).text).collect::<Vec<_>>().join("、")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_list_is_read() {
        let shipped = Indicators::shipped();
        assert!(shipped.headlines().count() >= 12);
        assert_eq!(shipped.canonical("CPI"), Some("居民消费价格"));
        assert_eq!(shipped.canonical("城乡居民收入"), Some("居民人均可支配收入"));
        let mut names: Vec<&(String, usize)> = shipped.names.iter().collect();
        names.dedup_by_key(|name| (&name.0, shipped.list[name.1].names.len()));
        assert_eq!(names.len(), shipped.names.len(), "help: a name stands twice in data/indicators.txt");
    }

    #[test]
    fn a_fault_names_its_line() {
        let error = "# ok\n茶叶产量 吨".parse::<Indicators>().unwrap_err();
        assert!(error.to_string().contains("line 2"), "{error}");
        assert_eq!(error.kind(), Kind::Input);
    }
}
