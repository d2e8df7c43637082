//! Opens the files of an index: what lies there is held against what this version reads and against what a cut or a flipped bit leaves,
//! before tantivy sees it.

use std::path::Path;
use std::sync::Arc;

use tantivy::HasLen;
use tantivy::directory::Directory;

use crate::error::{Error, Kind, Result};
use crate::store::component::TextPlugin;
use crate::words::ANALYZER;
use crate::write::directory::{self, META, Written};
use crate::write::files::Files;
use crate::write::schema::FORMAT;

/// The files of the index in the directory `path`, if there is one.
pub(crate) fn files_in(path: &Path) -> Result<Box<dyn Directory>> {
    let meta = path.join(META);
    match std::fs::metadata(&meta) {
        Ok(_) if directory::is_index(path) => files(path, &to_open(path)),
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(Error::io("read", &meta, error)),
        _ => Err(Error::new(Kind::NotFound, format!("there is no index in `{}`", path.display()))),
    }
}

pub(crate) fn files(path: &Path, attempt: &str) -> Result<Box<dyn Directory>> {
    let files = Files::open(path).map_err(|error| Error::engine(attempt, error.into()))?;
    Ok(Box::new(files))
}

/// Opens what tantivy knows about the index in a directory, and none of its segments.
pub(crate) fn engine_over(directory: &dyn Directory, attempt: &str) -> Result<tantivy::Index> {
    let failed = |error| Error::engine(attempt, error);
    let mut engine =
        tantivy::Index::open(directory.box_clone()).map_err(|error| match directory::written(directory) {
            // what another format looks like, tantivy need not know
            Ok(written) if written.format != FORMAT => other_number(written.format),
            _ => failed(error),
        })?;
    engine.register_plugin(Arc::new(TextPlugin));
    for file in engine.load_metas().map_err(failed)?.list_segment_files() {
        // tantivy takes for granted that there is a footer; a file that is not there it tells of itself
        if directory.open_read(&file).is_ok_and(|content| content.len() < SHORTEST_FILE) {
            return Err(Error::corrupt(format_args!("the file `{}` is cut short", file.display())));
        }
    }
    Ok(engine)
}

/// Holds the small files against their checksums. tantivy panics where there is anything else in those in which nothing is kept.
pub(crate) fn check_small(engine: &tantivy::Index) -> Result<()> {
    let directory = engine.directory();
    let metas = engine.load_metas().map_err(|error| Error::engine("read the index's description", error))?;
    for file in metas.list_segment_files() {
        let is_small = directory.open_read(&file).is_ok_and(|content| content.len() < CHECKED);
        if is_small && !directory.validate_checksum(&file).is_ok_and(|is_whole| is_whole) {
            return Err(Error::corrupt(format_args!("the file `{}` is not what was written", file.display())));
        }
    }
    Ok(())
}

/// How often something is read again because of a commit.
const READINGS: usize = 50;

/// Reads something of the index, and again if it was committed to meanwhile: then what was read may be of two states, and files
/// of the earlier may have been tidied away. What `is_good` in any case is not read again.
pub(crate) fn undisturbed<T>(
    directory: &dyn Directory,
    read: impl Fn() -> Result<T>,
    is_good: impl Fn(&T) -> bool,
) -> Result<T> {
    let description = || directory.atomic_read(Path::new(META)).ok();
    for _ in 1..READINGS {
        let before = description();
        let result = read();
        if before == description() || result.as_ref().is_ok_and(&is_good) {
            return result;
        }
    }
    read()
}

/// Removes what a killed writer left and tantivy's own list does not have: files in which it was about to replace a small file, and a
/// new index that was to take the place of this one. Nobody else may be writing.
pub(crate) fn remove_remains(path: &Path) {
    for entry in std::fs::read_dir(path).into_iter().flatten().flatten() {
        // what stays is in nobody's way
        let _ = match directory::is_replacement(&entry) {
            true => std::fs::remove_dir_all(entry.path()),
            false if directory::is_draft(&entry.file_name().to_string_lossy()) => std::fs::remove_file(entry.path()),
            false => continue,
        };
    }
}

/// Bytes behind every file of a segment that say how long its footer is.
const SHORTEST_FILE: usize = 8;

/// Files of fewer bytes are held against their checksums whenever an index is opened, which takes some microseconds.
const CHECKED: usize = 1024;

pub(crate) fn to_open(path: &Path) -> String {
    format!("open the index in `{}`", path.display())
}

pub(crate) fn to_create(path: &Path) -> String {
    format!("create an index in `{}`", path.display())
}

/// Reads what the last commit wrote, and refuses an index that this version cannot read.
pub(crate) fn written(engine: &tantivy::Index) -> Result<Written> {
    let metas = engine.load_metas().map_err(|error| Error::engine("read the index's description", error))?;
    let written = match metas.payload {
        Some(payload) => serde_json::from_str::<Written>(&payload).map_err(Error::corrupt)?,
        None if metas.segments.is_empty() => Written::new(String::new()),
        None => return Err(directory::foreign()),
    };
    if written.format != FORMAT {
        return Err(other_number(written.format));
    }
    if written.analyzer != ANALYZER {
        return Err(other_format(&format!("its words were cut by `{}`, now by `{ANALYZER}`", written.analyzer)));
    }
    Ok(written)
}

fn other_number(format: u32) -> Error {
    other_format(&format!("it has format {format} and this version reads {FORMAT}"))
}

fn other_format(why: &str) -> Error {
    Error::new(Kind::Format, format!("the index cannot be used: {why}"))
        .with_hint("remove it and build it again from its sources")
}
