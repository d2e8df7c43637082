//! The directory of an index, seen without the engine: what its last commit says in any format, and which of its files belong
//! to nothing.

use std::collections::HashSet;
use std::fs::DirEntry;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use tantivy::directory::Directory;

use crate::error::{Error, Kind, Result};
use crate::store::layout::EXTENSION;
use crate::words::ANALYZER;
use crate::write::files::DRAFT;
use crate::write::lock::{LOCK, NOTE};
use crate::write::schema::FORMAT;

/// The file that says which segments there are. It is replaced in one step.
pub(crate) const META: &str = "meta.json";

/// tantivy's list of all files that it may remove.
pub(crate) const MANAGED: &str = ".managed.json";

/// Files that stay when nothing is written, beside locks, whose names begin with a point.
pub(crate) const LASTING: [&str; 2] = [META, MANAGED];

/// The rest of what lies in the directory beside segments: locks, and the note of who writes.
const LOCKS: [&str; 4] = [LOCK, NOTE, ".tantivy-meta.lock", ".tantivy-writer.lock"];

/// The endings of a segment's files: tantivy's own, and that of the text.
const SEGMENT: [&str; 9] = ["idx", "pos", "fast", "fieldnorm", "term", "store", "temp", "del", EXTENSION];

/// Where an index is made that is to take the place of another.
pub(crate) const REPLACEMENT: &str = "new";

/// What the last commit of an index wrote beside the segments; readable whatever format these have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Written {
    /// The number of the file format; [`FORMAT`] is this version's.
    pub format: u32,
    /// How words were cut.
    pub analyzer: String,
    /// What was given to [`Writer::set_note`](crate::Writer::set_note).
    #[serde(default)]
    pub note: String,
}

impl Written {
    /// What a commit of this version writes.
    pub(crate) fn new(note: String) -> Self {
        Written { format: FORMAT, analyzer: ANALYZER.to_string(), note }
    }
}

/// The parts of tantivy's description that have been the same in all its versions.
#[derive(Deserialize)]
struct Meta {
    segments: Vec<Segment>,
    payload: Option<String>,
}

#[derive(Deserialize)]
struct Segment {
    segment_id: String,
}

/// Whether an index was made in a directory, in whatever state it is. A `meta.json` alone may be anybody's.
pub(crate) fn is_index(path: &Path) -> bool {
    let Ok(bytes) = std::fs::read(path.join(META)) else { return false };
    let is_beside = |name: &&str| path.join(name).is_file();
    serde_json::from_slice::<Meta>(&bytes).is_ok() || LOCKS.iter().chain([&MANAGED]).any(is_beside)
}

fn meta(directory: &dyn Directory) -> Result<Meta> {
    let bytes = directory.atomic_read(Path::new(META));
    let bytes = bytes.map_err(|error| Error::engine("read the index's description", error.into()))?;
    serde_json::from_slice(&bytes).map_err(Error::corrupt)
}

/// What the last commit of the index in a directory says of itself; [`Kind::NotFound`] if it was made and never committed to.
pub(crate) fn written(directory: &dyn Directory) -> Result<Written> {
    let meta = meta(directory)?;
    if meta.payload.is_none() && meta.segments.is_empty() {
        return Err(Error::new(Kind::NotFound, "nothing was ever committed to the index"));
    }
    serde_json::from_str(&meta.payload.ok_or_else(foreign)?).map_err(Error::corrupt)
}

/// tantivy wrote the index, and not this crate.
pub(crate) fn foreign() -> Error {
    Error::new(Kind::Format, "the index cannot be used: it was not built by gm-index")
        .with_hint("it is another program's: name another directory")
}

/// What a writer leaves in a directory and is no part of its index, sorted: files of segments, what was being written under another
/// name, and a new index that was to take its place.
pub(crate) fn leftovers(directory: &dyn Directory, path: &Path) -> Result<Vec<PathBuf>> {
    let failed = |error| Error::io("read the directory", path, error);
    let segments = meta(directory)?.segments.into_iter();
    let living: HashSet<String> = segments.map(|segment| segment.segment_id.replace('-', "")).collect();
    let mut left = Vec::new();
    for entry in std::fs::read_dir(path).map_err(failed)? {
        let entry = entry.map_err(failed)?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let is_left = is_draft(&name) || segment_of(&name).is_some_and(|segment| !living.contains(segment));
        if is_replacement(&entry) || is_left && is_file(&entry) {
            left.push(entry.path());
        }
    }
    left.sort();
    Ok(left)
}

/// What lies in a directory and no index writes, sorted: it is somebody's, and never removed.
pub(crate) fn strangers(path: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    let lasting = if is_index(path) { &LASTING[..] } else { &[MANAGED] };
    for entry in std::fs::read_dir(path)? {
        let entry = entry?;
        let name = entry.file_name();
        let name = name.to_string_lossy();
        let is_ours =
            lasting.contains(&&*name) || LOCKS.contains(&&*name) || is_draft(&name) || segment_of(&name).is_some();
        if !(is_replacement(&entry) || is_ours && is_file(&entry)) {
            found.push(entry.path());
        }
    }
    found.sort();
    Ok(found)
}

fn is_file(entry: &DirEntry) -> bool {
    entry.file_type().is_ok_and(|kind| kind.is_file())
}

/// Whether it is a new index that was to take the place of another, and not a folder of somebody's that has its name.
pub(crate) fn is_replacement(entry: &DirEntry) -> bool {
    let is_filled = || std::fs::read_dir(entry.path()).is_ok_and(|mut entries| entries.next().is_some());
    entry.file_name() == REPLACEMENT
        && entry.file_type().is_ok_and(|kind| kind.is_dir())
        && is_filled()
        && strangers(&entry.path()).is_ok_and(|strangers| strangers.is_empty())
}

/// Whether a file has a name that only [`replace`](crate::write::files::replace) gives: .tmp4711-0.
pub(crate) fn is_draft(name: &str) -> bool {
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let numbers = name.strip_prefix(DRAFT).and_then(|numbers| numbers.split_once('-'));
    numbers.is_some_and(|(process, number)| is_number(process) && is_number(number))
}

/// The segment that a file of this name is part of.
fn segment_of(name: &str) -> Option<&str> {
    let (stem, rest) = name.split_once('.')?;
    let is_segment = stem.len() == 32 && stem.bytes().all(|byte| byte.is_ascii_hexdigit());
    (is_segment && SEGMENT.contains(&rest.rsplit('.').next()?)).then_some(stem)
}
