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

use std::path::Path;

use anyhow::{Context, Result};
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
    defaults: Statement,
    #[serde(default, rename = "file")]
    files: Vec<Matching>,
}

/// A statement with the files that it is for.
#[derive(Deserialize)]
struct Matching {
    path: String,
    #[serde(flatten)]
    statement: Statement,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct Statement {
    title: Option<String>,
    kind: Option<String>,
    #[serde(default, deserialize_with = "level")]
    level: Option<Level>,
    #[serde(default)]
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

fn date<'de, D: Deserializer<'de>>(source: D) -> Result<Option<String>, D::Error> {
    let text = String::deserialize(source)?;
    let wrong = || D::Error::custom(format!("`{text}` is no date; write it as 2025-04-08, 2025-04 or 2025"));
    Meta::read_date(&text).map(Some).ok_or_else(wrong)
}

impl Statement {
    fn given(&self) -> Given {
        Given {
            id: None,
            title: self.title.clone(),
            kind: self.kind.clone(),
            level: self.level,
            place: self.place.clone(),
            year: self.year,
            date: self.date.clone(),
            source: self.source.clone(),
            speaker: self.speaker.clone(),
            session: self.session.clone(),
        }
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
        let text = fs_err::read_to_string(&path)?;
        let sidecar: Sidecar = toml::from_str(&text).with_context(|| format!("cannot read `{}`", path.display()))?;
        for file in &sidecar.files {
            glob::Pattern::new(&file.path).map_err(|error| {
                advised(
                    format!("`{}`: the path `{}` is no pattern: {error}", path.display(), file.path),
                    "use * and **",
                )
            })?;
        }
        Ok(sidecar)
    }

    /// What is stated for the file at `path` below the folder.
    pub fn given(&self, path: &Path) -> Given {
        let mut given = self.defaults.given();
        let options = glob::MatchOptions { require_literal_separator: true, ..Default::default() };
        let matches =
            |file: &&Matching| glob::Pattern::new(&file.path).is_ok_and(|p| p.matches_path_with(path, options));
        for file in self.files.iter().filter(matches) {
            given.state(&file.statement.given());
        }
        given
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
}
