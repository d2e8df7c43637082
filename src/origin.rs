//! What an index remembers of where it comes from: for each document its file ([`Origin`]), and for all of it the folders
//! that were given and what was skipped ([`Note`]); and how these files stand now ([`standing`]).

use std::collections::{BTreeMap, HashSet};
use std::io::ErrorKind;
use std::path::{Path, PathBuf};

use gm_index::{DocumentEntry, Index};
use serde::{Deserialize, Serialize};

use crate::extract::{Format, Given};
use crate::files::{self, File, Listing, Skipped};
use crate::sidecar::{self, Sidecar};

/// What the program remembers about an index as a whole; kept as its note.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Note {
    #[serde(default)]
    pub skipped: Vec<Skipped>,
    /// A hash of the user's words that the text was cut with last; empty if there were none.
    #[serde(default)]
    pub words: String,
    /// The file of these words, if one was named.
    #[serde(default)]
    pub words_file: Option<PathBuf>,
    /// What was given to `build`, each with what was stated about it.
    #[serde(default)]
    pub roots: Vec<Root>,
}

/// A folder or file that was given to `build`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Root {
    /// Where it is, without links.
    pub path: PathBuf,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub place: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub year: Option<u16>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kind: Option<String>,
    /// Whether links in it may lead outside.
    #[serde(default)]
    pub follow: bool,
    /// A hash of the user's words that its text was cut with.
    #[serde(default)]
    pub words: String,
}

impl Root {
    /// What is stated about all of its files.
    pub fn given(&self) -> Given {
        Given { place: self.place.clone(), year: self.year, kind: self.kind.clone(), ..Given::default() }
    }

    /// The same for [`files::list`].
    pub fn to_list(&self) -> files::Given {
        files::Given { path: self.path.clone(), follow: self.follow }
    }

    pub fn is_there(&self) -> bool {
        self.path.exists()
    }
}

impl Note {
    pub fn of(index: &Index) -> Note {
        Note::read(&index.note())
    }

    /// A note that cannot be read says nothing.
    pub fn read(note: &str) -> Note {
        serde_json::from_str(note).unwrap_or_default()
    }

    /// The hash of the words that the text of a file was cut with.
    pub fn words_of(&self, place: &Path) -> &str {
        self.roots.iter().find(|root| place.starts_with(&root.path)).map_or(&self.words, |root| &root.words)
    }

    /// Takes over what was given now. Inner folders stand before those around them: what is stated about them goes before.
    pub fn remember(&mut self, roots: &[Root]) {
        for root in roots {
            self.roots.retain(|known| known.path != root.path);
            // what is inside has been read with it
            let inside = self.roots.iter_mut().filter(|known| known.path.starts_with(&root.path));
            inside.for_each(|known| known.words.clone_from(&root.words));
            self.roots.push(root.clone());
        }
        self.roots.sort_by(|a, b| {
            let depth = |root: &Root| std::cmp::Reverse(root.path.components().count());
            depth(a).cmp(&depth(b)).then_with(|| a.path.cmp(&b.path))
        });
    }
}

/// Where a document came from; kept as its stamp.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Origin {
    /// The folder that was given to `build`.
    pub root: PathBuf,
    /// The file, below the root.
    pub path: PathBuf,
    /// The content and how it was read: a hash of the bytes, and the extractor's version.
    pub content: String,
}

impl Origin {
    pub fn of(entry: &DocumentEntry) -> Option<Origin> {
        serde_json::from_str(&entry.stamp).ok()
    }

    /// The stamp of a document that is on its way and will have this one: whoever finds it reads the file again.
    pub fn unfinished(stamp: &str) -> String {
        let origin = serde_json::from_str::<Origin>(stamp).map(|origin| Origin { content: String::new(), ..origin });
        origin.and_then(|origin| serde_json::to_string(&origin)).unwrap_or_default()
    }

    /// Where the file was.
    pub fn place(&self) -> PathBuf {
        self.root.join(&self.path)
    }
}

/// Digits of the hash that a stamp begins with.
const DIGITS: usize = 32;

/// The part of a stamp that is the hash of the bytes.
pub fn hash_of(content: &str) -> &str {
    content.get(..DIGITS).unwrap_or(content)
}

impl Format {
    /// What a file of this format is, read with what is stated about it: changes when any of these do.
    pub fn stamp(&self, hash: blake3::Hash, given: &Given) -> String {
        let given = blake3::hash(stated(given).as_bytes()).to_hex();
        format!("{}.{}.{}", &hash.to_hex()[..DIGITS], self.version, &given[..8])
    }
}

/// What is stated. It stays the same when fields are added that say nothing, since of a stamp that changes a file is read again.
fn stated(given: &Given) -> String {
    let Given { id, title, kind, level, place, year, date, source, speaker, session, heading, published } = given;
    let level = level.map(|level| level.name().to_string());
    let place = Some(place.join("/")).filter(|place| !place.is_empty());
    let year = year.map(|year| year.to_string());
    let fields = [
        ("id", id),
        ("title", title),
        ("kind", kind),
        ("level", &level),
        ("place", &place),
        ("year", &year),
        ("date", date),
        ("source", source),
        ("speaker", speaker),
        ("session", session),
        ("heading", heading),
        ("published", published),
    ];
    let stated = fields
        .iter()
        .filter_map(|(name, value)| value.as_ref().map(|value| format!("{name} {} {value}\n", value.len())));
    stated.collect()
}

/// The hash of a list of words, as a [`Note`] has it.
pub fn words_hash(words: &str) -> String {
    match words.is_empty() {
        true => String::new(),
        false => blake3::hash(words.as_bytes()).to_hex()[..16].to_string(),
    }
}

/// Whether a file is not there, rather than out of reach.
pub fn has_gone(path: &Path) -> bool {
    let is_absent = |error: std::io::Error| matches!(error.kind(), ErrorKind::NotFound | ErrorKind::NotADirectory);
    path.symlink_metadata().is_err_and(is_absent)
}

/// The files that documents were read from, each with its stamp.
pub fn read_from(entries: &[DocumentEntry]) -> BTreeMap<PathBuf, String> {
    entries.iter().filter_map(Origin::of).map(|origin| (origin.place(), origin.content)).collect()
}

/// How what was read stands now.
pub struct Standing {
    /// Folders that are not there, or in which there is nothing left of what was read from them.
    pub lost: Vec<Skipped>,
    /// Files elsewhere that are no longer as they were read, and how: [`CHANGED`], [`GONE`], or why they cannot be read.
    pub stale: Vec<Skipped>,
    /// Files that the index has nothing of, and did not skip.
    pub unread: Vec<Skipped>,
}

/// How the folders of a note and the `files` that were read stand. Cost: reads every file.
pub fn standing(note: &Note, listing: &Listing, files: &BTreeMap<PathBuf, String>) -> Standing {
    let lost = lost(note, listing, files);
    // with its folder a file is only out of reach
    let is_lost = |one: &Skipped| lost.iter().any(|folder| Path::new(&one.path).starts_with(&folder.path));
    let stale = stale(files).into_iter().filter(|one| one.reason != GONE || !is_lost(one)).collect();
    Standing { stale, unread: unread(note, listing, files), lost }
}

fn stale(files: &BTreeMap<PathBuf, String>) -> Vec<Skipped> {
    let mut stale = Vec::new();
    for (path, content) in files {
        let reason = match hash(path) {
            Ok(now) if now == hash_of(content) => continue,
            Ok(_) => CHANGED.to_string(),
            Err(_) if has_gone(path) || path.is_dir() => GONE.to_string(),
            Err(error) => error.to_string(),
        };
        stale.push(Skipped { path: path.display().to_string(), reason });
    }
    stale
}

pub const CHANGED: &str = "it has changed";
pub const GONE: &str = "it has gone";

fn hash(path: &Path) -> std::io::Result<String> {
    let mut hasher = blake3::Hasher::new();
    hasher.update_reader(fs_err::File::open(path)?)?;
    Ok(hasher.finalize().to_hex()[..DIGITS].to_string())
}

fn unread(note: &Note, listing: &Listing, files: &BTreeMap<PathBuf, String>) -> Vec<Skipped> {
    let skipped: HashSet<&str> =
        note.skipped.iter().flat_map(|one| [one.path.as_str(), one.file_and_line().0]).collect();
    // nothing is read of a folder whose corpus.toml cannot be
    let stated = |file: &File| file.root.join(sidecar::NAME).display().to_string();
    let is_skipped = |file: &File| [file.shown(), stated(file)].iter().any(|path| skipped.contains(path.as_str()));
    let news = listing.files.iter().filter(|file| !files.contains_key(&file.place()) && !is_skipped(file));
    let news = news.map(|file| file.shown());
    news.map(|path| Skipped { path, reason: "it is not in the index yet".to_string() }).collect()
}

fn lost(note: &Note, listing: &Listing, files: &BTreeMap<PathBuf, String>) -> Vec<Skipped> {
    let empty = listing.empty(note.roots.iter().map(|root| root.path.as_path()));
    let lost = note.roots.iter().filter_map(|root| {
        let is_empty = || empty.contains(root.path.as_path()) && files.keys().any(|file| file.starts_with(&root.path));
        let reason = match root.is_there() {
            false => "it is not there",
            true if is_empty() => "it holds no document any more",
            true => return None,
        };
        Some(Skipped { path: root.path.display().to_string(), reason: reason.to_string() })
    });
    lost.collect()
}

/// The statements about the files of a folder that were for none of those asked for.
pub fn unmet(folder: &Path, sidecar: &Sidecar) -> impl Iterator<Item = Skipped> {
    let path = folder.join(sidecar::NAME).display().to_string();
    sidecar.unmet().map(move |pattern| {
        let reason = format!("the path `{pattern}` of a [[file]] is that of no file; `**/` leads through all folders");
        Skipped { path: path.clone(), reason }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_stated_is_written_as_ever() {
        let given = Given { place: vec!["广东省".into(), "湛江市".into()], year: Some(2024), ..Given::default() };
        assert_eq!(stated(&given), "place 19 广东省/湛江市\nyear 4 2024\n");
        assert_eq!(stated(&Given::default()), "");
    }
}
