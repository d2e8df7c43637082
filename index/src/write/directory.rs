//! The directory of an index, seen without the engine: what its last commit says in any format, and which of its files belong
//! to nothing.

use std::collections::HashSet;
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use tantivy::directory::Directory;

use crate::error::{Error, Kind, Result};
use crate::write::files::DRAFT;
use crate::write::schema::Stamp;

/// The file that says which segments there are. It is replaced in one step.
pub(crate) const META: &str = "meta.json";

/// tantivy's list of all files that it may remove.
pub(crate) const MANAGED: &str = ".managed.json";

/// Files that stay when nothing is written, beside locks, whose names begin with a point.
pub(crate) const LASTING: [&str; 2] = [META, MANAGED];

/// Where an index is made that is to take the place of another.
pub(crate) const REPLACEMENT: &str = "new";

/// What the last commit of an index wrote beside the segments; readable whatever format these have.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Written {
    /// The number of the file format; [`FORMAT`](crate::FORMAT) is this version's.
    pub format: u32,
    /// How words were cut.
    pub analyzer: String,
    /// What was given to [`Writer::set_note`](crate::Writer::set_note).
    pub note: String,
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
    let payload = meta.payload.unwrap_or_default();
    let Stamp { format, analyzer, note } = serde_json::from_str(&payload).map_err(Error::corrupt)?;
    Ok(Written { format, analyzer, note })
}

/// What a writer leaves in a directory and is no part of its index, sorted: files of segments, what was being written under another
/// name, and a new index that was to take its place.
pub(crate) fn leftovers(directory: &dyn Directory, path: &Path) -> Result<Vec<PathBuf>> {
    let failed = |error| Error::io("read the directory", path, error);
    let segments = meta(directory)?.segments.into_iter();
    let living: HashSet<String> = segments.map(|segment| segment.segment_id.replace('-', "")).collect();
    let mut left = Vec::new();
    for entry in std::fs::read_dir(path).map_err(failed)? {
        let name = entry.map_err(failed)?.file_name();
        let text = name.to_string_lossy();
        let stem = text.split('.').next().unwrap_or_default();
        let is_segment = stem.len() == 32 && stem.bytes().all(|byte| byte.is_ascii_hexdigit());
        let is_draft = text == REPLACEMENT || text.starts_with(DRAFT);
        if is_draft || is_segment && !living.contains(stem) {
            left.push(path.join(&name));
        }
    }
    left.sort();
    Ok(left)
}
