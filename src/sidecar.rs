//! What people know better than any reader: an optional `corpus.toml` in a folder that is given to `build` states metadata
//! for its files, over what they say themselves and what is found in their text. The command line goes before it.
//!
//! ```toml
//! [defaults]                  # for every file below the folder
//! kind = "政府工作报告"
//!
//! [[file]]                    # for those whose path matches; later ones go over earlier ones
//! path = "town/港门镇_*.txt"   # * within a folder, ** across folders
//! place = ["广东省", "湛江市", "遂溪县", "港门镇"]
//! level = "镇"
//! year = 2025                 # title date session speaker source too
//! ```

use std::cell::Cell;
use std::path::Path;

use anyhow::{Context, Result, anyhow};
use glob::Pattern;
use gm_index::{Level, Meta};
use serde::Deserialize;
use serde::de::{Deserializer, Error as _};

use crate::extract::{Given, YEARS};
use crate::fail::advised;

/// The name of the file.
pub const NAME: &str = "corpus.toml";

/// The statements of one folder; empty if it has none.
#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Sidecar {
    #[serde(default)]
    defaults: Defaults,
    #[serde(default, rename = "file")]
    files: Vec<Matching>,
}

/// A statement for all files.
#[derive(Default, Deserialize)]
#[serde(try_from = "Statement")]
struct Defaults(Given);

/// A statement with the files that it is for.
#[derive(Deserialize)]
#[serde(try_from = "Statement")]
struct Matching {
    path: Pattern,
    given: Given,
    /// Whether it was for a file that was asked for.
    is_met: Cell<bool>,
}

/// What both are written as. One in the other, by `serde(flatten)`, would let every field pass and know no line.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Statement {
    path: Option<String>,
    title: Option<String>,
    kind: Option<String>,
    #[serde(default, deserialize_with = "level")]
    level: Option<Level>,
    #[serde(default, deserialize_with = "place")]
    place: Vec<String>,
    #[serde(default, deserialize_with = "year")]
    year: Option<u16>,
    #[serde(default, deserialize_with = "date")]
    date: Option<String>,
    source: Option<String>,
    speaker: Option<String>,
    session: Option<String>,
}

fn level<'de, D: Deserializer<'de>>(source: D) -> Result<Option<Level>, D::Error> {
    let name = String::deserialize(source)?;
    let known =
        || D::Error::custom(format!("`{name}` is no level; there are {}", Level::ALL.map(Level::name).join(" ")));
    Level::named(&name).map(Some).ok_or_else(known)
}

fn year<'de, D: Deserializer<'de>>(source: D) -> Result<Option<u16>, D::Error> {
    let year = u16::deserialize(source)?;
    let wrong = || D::Error::custom(format!("`{year}` is no year of four digits"));
    YEARS.contains(&year).then_some(Some(year)).ok_or_else(wrong)
}

/// A date as text, or as TOML has it.
fn date<'de, D: Deserializer<'de>>(source: D) -> Result<Option<String>, D::Error> {
    let text = match toml::Value::deserialize(source)? {
        toml::Value::String(text) => text,
        toml::Value::Integer(year) => year.to_string(),
        toml::Value::Datetime(day) => day.to_string(),
        other => other.type_str().to_string(),
    };
    let wrong = || D::Error::custom(format!("`{text}` is no date; write it as 2025-04-08, \"2025-04\" or 2025"));
    Meta::read_date(&text).map(Some).ok_or_else(wrong)
}

fn place<'de, D: Deserializer<'de>>(source: D) -> Result<Vec<String>, D::Error> {
    #[derive(Deserialize)]
    #[serde(untagged, expecting = "a place is a text or an array of texts")]
    enum Place {
        One(String),
        Chain(Vec<String>),
    }
    Ok(match Place::deserialize(source)? {
        Place::One(place) => vec![place],
        Place::Chain(chain) => chain,
    })
}

impl TryFrom<Statement> for Defaults {
    type Error = &'static str;

    fn try_from(statement: Statement) -> Result<Self, Self::Error> {
        match statement.path {
            Some(_) => Err("[defaults] are for every file and have no `path`; write [[file]]"),
            None => Ok(Defaults(statement.given())),
        }
    }
}

impl TryFrom<Statement> for Matching {
    type Error = String;

    fn try_from(statement: Statement) -> Result<Self, Self::Error> {
        let path = statement.path.as_deref().ok_or("a [[file]] has a `path`, which says for which files it is")?;
        // Windows writes it so, and in no name that a report has
        let path = path.replace('\\', "/");
        let path =
            Pattern::new(&path).map_err(|error| format!("the path `{path}` is no pattern: {error}; use * and **"))?;
        Ok(Matching { path, given: statement.given(), is_met: Cell::new(false) })
    }
}

impl Statement {
    fn given(self) -> Given {
        let Statement { path: _, title, kind, level, place, year, date, source, speaker, session } = self;
        Given { title, kind, level, place, year, date, source, speaker, session, ..Given::default() }
    }
}

impl Sidecar {
    /// Reads the `corpus.toml` of a folder, if it has one. Fails on a field that there is not, a value that cannot be, or a link
    /// that leads out of the folder, unless it may be followed.
    pub fn of(folder: &Path, follow: bool) -> Result<Self> {
        let path = folder.join(NAME);
        if !path.is_file() {
            return Ok(Sidecar::default());
        }
        if !follow && !path.canonicalize()?.starts_with(folder.canonicalize()?) {
            return Err(advised(
                format!("`{}` is a link that leads out of its folder", path.display()),
                "--follow reads what links lead to",
            ));
        }
        let attempt = || format!("cannot read `{}`", path.display());
        let text = String::from_utf8(fs_err::read(&path)?)
            .map_err(|_| {
                advised("it is not in UTF-8", "save it in UTF-8, or convert it with `iconv -f GB18030 -t UTF-8`")
            })
            .with_context(attempt)?;
        toml::from_str(&text).map_err(|error| told(&text, &error)).with_context(attempt)
    }

    /// What is stated for the file at `path` below the folder.
    pub fn given(&self, path: &Path) -> Given {
        let mut given = self.defaults.0.clone();
        let options = glob::MatchOptions { require_literal_separator: true, ..Default::default() };
        for file in self.files.iter().filter(|file| file.path.matches_path_with(path, options)) {
            given.state(&file.given);
            file.is_met.set(true);
        }
        given
    }

    /// The paths of those statements that were for none of the files asked for so far.
    pub fn unmet(&self) -> impl Iterator<Item = &str> {
        self.files.iter().filter(|file| !file.is_met.get()).map(|file| file.path.as_str())
    }
}

/// An error in a line of `text`, in one line itself.
fn told(text: &str, error: &toml::de::Error) -> anyhow::Error {
    let message = error.message().replace('\n', "; ");
    match error.span() {
        Some(at) => anyhow!("line {}: {message}", text[..at.start].matches('\n').count() + 1),
        None => anyhow!(message),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn later_statements_go_over_earlier_ones() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(Sidecar::of(folder.path(), false).unwrap().given(Path::new("a.txt")), Given::default());
        let text = "[defaults]\nkind = '报告'\nyear = 2024\n[[file]]\npath = 'town/*.txt'\nlevel = '镇'\nyear = 2025\n";
        std::fs::write(folder.path().join(NAME), text).unwrap();
        let sidecar = Sidecar::of(folder.path(), false).unwrap();
        let town = sidecar.given(Path::new("town/a.txt"));
        assert_eq!((town.kind.as_deref(), town.level, town.year), (Some("报告"), Some(Level::Town), Some(2025)));
        assert_eq!(sidecar.given(Path::new("a.txt")).year, Some(2024));
        let text = "[[file]]\npath = 'town\\*.txt'\nyear = 2025\n[[file]]\npath = 'b.txt'\n";
        std::fs::write(folder.path().join(NAME), text).unwrap();
        let sidecar = Sidecar::of(folder.path(), false).unwrap();
        assert_eq!(sidecar.given(Path::new("town/a.txt")).year, Some(2025));
        assert_eq!(sidecar.unmet().collect::<Vec<_>>(), ["b.txt"]);
        let wrong = |text: &str| {
            std::fs::write(folder.path().join(NAME), text).unwrap();
            format!("{:#}", Sidecar::of(folder.path(), false).err().unwrap())
        };
        assert!(wrong("[defaults]\ndate = '2025-13'\n").contains("no date"));
        assert!(wrong("[defaults]\nyear = 3\n").contains("no year"));
        assert!(wrong("[defaults]\nlevel = '村'\n").contains("there are 全国"));
        std::fs::write(folder.path().join(NAME), "[defaults]\ndate = '2025年4月8日'\nlevel = '乡'\n").unwrap();
        let read = Sidecar::of(folder.path(), false).unwrap().given(Path::new("a.txt"));
        assert_eq!((read.date.as_deref(), read.level), (Some("2025-04-08"), Some(Level::Town)));
        std::fs::write(folder.path().join(NAME), "[defaults]\nyaer = 2024\n").unwrap();
        assert!(format!("{:#}", Sidecar::of(folder.path(), false).err().unwrap()).contains("yaer"));
    }

    #[test]
    fn places_and_dates_are_read_in_more_ways_than_one() {
        let folder = tempfile::tempdir().unwrap();
        for (date, read) in [("2025-04-08", "2025-04-08"), ("2025", "2025"), ("'2025.4'", "2025-04")] {
            let text = format!("[defaults]\nplace = '广东省/湛江市'\ndate = {date}\n");
            std::fs::write(folder.path().join(NAME), text).unwrap();
            let given = Sidecar::of(folder.path(), false).unwrap().given(Path::new("a.txt"));
            assert_eq!((given.date.as_deref(), given.place), (Some(read), vec!["广东省/湛江市".to_string()]));
        }
        let (gbk, ..) = encoding_rs::GBK.encode("[defaults]\nkind = '报告'\n");
        std::fs::write(folder.path().join(NAME), gbk).unwrap();
        let error = Sidecar::of(folder.path(), false).err().unwrap();
        assert!(crate::fail::hint_of(&error).unwrap().contains("iconv"), "{error:#}");
    }

    #[test]
    fn what_is_wrong_with_a_file_is_told_with_its_line() {
        let folder = tempfile::tempdir().unwrap();
        for (line, message) in [
            ("yaer = 2020", "unknown field `yaer`"),
            ("year = 3", "no year"),
            ("level = '村'", "there are 全国"),
            ("date = '2025-13'", "no date"),
        ] {
            let text = format!("[defaults]\nkind = '报告'\n\n[[file]]\npath = '*.txt'\n{line}\n");
            std::fs::write(folder.path().join(NAME), text).unwrap();
            let error = format!("{:#}", Sidecar::of(folder.path(), false).err().unwrap());
            assert!(error.contains(message) && error.contains("line 6: ") && !error.contains('\n'), "{error}");
        }
        for (text, message) in [
            ("[defaults]\n[[file]]\nyear = 2020\n", "a [[file]] has a `path`"),
            ("[[file]]\npath = '[a'\n", "`[a` is no pattern"),
            ("[defaults]\npath = '*.txt'\n", "have no `path`"),
        ] {
            std::fs::write(folder.path().join(NAME), text).unwrap();
            let error = format!("{:#}", Sidecar::of(folder.path(), false).err().unwrap());
            assert!(error.contains(message), "{error}");
        }
    }
}
