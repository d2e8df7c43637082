//! A new index that is made inside the directory of an old one and takes its place in one step.

use std::collections::BTreeSet;
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

use crate::error::{Error, Kind, Result};
use crate::index::Index;
use crate::write::directory::{LASTING, MANAGED, META, REPLACEMENT as FOLDER, strangers};
use crate::write::files::{Files, replace};
use crate::write::lock::WriterLock;

/// A new index that will take the place of one that cannot be used any more, such as one of another format. Until
/// [`switch`](Replacement::switch) the old index stays as it is; dropped or killed before, nothing has happened. One more
/// writer is refused meanwhile.
pub struct Replacement {
    path: PathBuf,
    index: Index,
    lock: WriterLock,
}

impl fmt::Debug for Replacement {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Replacement").field("path", &self.path).finish_non_exhaustive()
    }
}

impl Replacement {
    /// Makes an empty index inside the directory `path` of another. Fails with [`Kind::Locked`] while that is written to.
    pub fn begin(path: impl AsRef<Path>) -> Result<Replacement> {
        let path = path.as_ref().to_path_buf();
        let attempt = "build the index again";
        let files = Files::open(&path).map_err(|error| Error::engine(attempt, error.into()))?;
        let lock = WriterLock::take(&files, attempt)?;
        let folder = path.join(FOLDER);
        if folder.symlink_metadata().is_ok() {
            if !strangers(&folder).is_ok_and(|strangers| strangers.is_empty()) {
                let message = format!("cannot {attempt}: `{}` holds what no index has written", folder.display());
                return Err(Error::new(Kind::Io, message).with_hint("move it away"));
            }
            fs::remove_dir_all(&folder).map_err(|error| Error::io("remove", &folder, error))?;
        }
        let index = Index::create(&folder)?;
        Ok(Replacement { path, index, lock })
    }

    /// The new index, to be written and read like any other.
    pub fn index(&self) -> &Index {
        &self.index
    }

    /// Puts the new index in the place of the old one. Whoever reads sees one or the other; the old one's files are removed. Fails
    /// with [`Kind::Io`], and nothing has happened, unless [`Error::is_committed`]: then only what comes behind has failed.
    pub fn switch(self) -> Result<Index> {
        let Replacement { path, index, lock } = self;
        drop(index);
        let folder = path.join(FOLDER);
        let failed = |error| Error::io("put the new index in place of the old one in", &path, error);
        let names = names(&folder).map_err(failed)?;
        // listed first: whatever happens then, the next commit removes what belongs to nothing
        let mut managed = managed(&path);
        managed.extend(names.iter().cloned());
        replace(&path.join(MANAGED), &serde_json::to_vec(&managed).expect("names are JSON")).map_err(failed)?;
        for name in &names {
            fs::rename(folder.join(name), path.join(name)).map_err(failed)?;
        }
        sync(&path).map_err(failed)?;
        fs::rename(folder.join(META), path.join(META)).map_err(failed)?;
        let opened = sync(&path).map_err(failed).and_then(|()| {
            let _ = fs::remove_dir_all(&folder);
            drop(lock);
            let index = Index::open(&path)?;
            match index.writer() {
                // a commit tidies up; so will the next one
                Ok(writer) => writer.commit()?,
                Err(error) if error.kind() == Kind::Locked => {}
                Err(error) => return Err(error),
            }
            Ok(index)
        });
        opened.map_err(Error::after_commit)
    }
}

/// The files of segments in a directory.
fn names(folder: &Path) -> std::io::Result<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs::read_dir(folder)? {
        let name = entry?.file_name().to_string_lossy().into_owned();
        if !LASTING.contains(&name.as_str()) && !name.starts_with('.') {
            names.push(name);
        }
    }
    Ok(names)
}

/// The files that the old index listed as its own; what cannot be read of that list only stays lying about.
fn managed(path: &Path) -> BTreeSet<String> {
    let list = fs::read(path.join(MANAGED)).unwrap_or_default();
    serde_json::from_slice(&list).unwrap_or_default()
}

/// Makes the names in a directory lasting.
fn sync(path: &Path) -> std::io::Result<()> {
    match cfg!(unix) {
        true => fs::File::open(path)?.sync_all(),
        false => Ok(()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Document;

    fn index_of(path: &Path, text: &str) {
        let index = Index::create(path).unwrap();
        let writer = index.writer().unwrap();
        writer.add(&Document::from_text("a", text)).unwrap();
        writer.commit().unwrap();
    }

    fn text(path: &Path) -> String {
        Index::open(path).unwrap().document("a").unwrap().unwrap().text
    }

    #[test]
    fn the_old_index_stays_until_the_new_one_is_in_its_place() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        index_of(path, "旧");
        let reader = Index::open(path).unwrap();
        let write = |replacement: &Replacement| {
            let writer = replacement.index().writer().unwrap();
            writer.add(&Document::from_text("a", "新")).unwrap();
            writer.commit().unwrap();
        };
        let given_up = Replacement::begin(path).unwrap();
        write(&given_up);
        assert_eq!(Replacement::begin(path).err().unwrap().kind(), Kind::Locked);
        assert_eq!(reader.writer().err().unwrap().kind(), Kind::Locked);
        drop(given_up);
        assert_eq!(text(path), "旧");

        let replacement = Replacement::begin(path).unwrap();
        write(&replacement);
        assert_eq!(text(path), "旧");
        let index = replacement.switch().unwrap();
        assert_eq!(index.document("a").unwrap().unwrap().text, "新");
        assert_eq!(text(path), "新");
        assert_eq!(reader.document("a").unwrap().unwrap().text, "旧", "who reads the old state goes on reading it");
        reader.reload().unwrap();
        assert_eq!(reader.document("a").unwrap().unwrap().text, "新");
        assert_eq!(index.leftovers().unwrap(), Vec::<PathBuf>::new());
        assert_eq!(Index::verify(path).unwrap(), []);
    }

    #[test]
    fn stopped_before_its_last_step_it_leaves_the_old_index_and_files_that_the_next_commit_removes() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path();
        index_of(path, "旧");
        index_of(&path.join(FOLDER), "新");
        let moved = names(&path.join(FOLDER)).unwrap();
        let list: BTreeSet<String> = managed(path).into_iter().chain(moved.iter().cloned()).collect();
        replace(&path.join(MANAGED), &serde_json::to_vec(&list).unwrap()).unwrap();
        moved.iter().for_each(|name| fs::rename(path.join(FOLDER).join(name), path.join(name)).unwrap());
        let index = Index::open(path).unwrap();
        assert_eq!(text(path), "旧");
        assert_eq!(index.leftovers().unwrap().len(), moved.len() + 1, "its files, and the folder");
        index.writer().unwrap().commit().unwrap();
        assert_eq!(index.leftovers().unwrap(), Vec::<PathBuf>::new());
        Replacement::begin(path).unwrap().switch().unwrap();
        assert_eq!(Index::open(path).unwrap().status().unwrap().documents, 0);
    }
}
