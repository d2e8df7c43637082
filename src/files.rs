//! The files below the folders that somebody gave: what `build`, `watch` and `doctor` look at. Nothing outside of these
//! folders is listed, unless links may be followed; and no file is listed twice, whatever links lead to it.

use std::collections::{BTreeMap, HashSet, VecDeque};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use gm_index::Index;
use serde::{Deserialize, Serialize};
use walkdir::WalkDir;

use crate::extract::{Format, format_of, known_format};
use crate::sidecar;

/// A file that is not in the index, and why.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Skipped {
    /// A file or folder; of a line of a file, or a page of it, `file:line`.
    pub path: String,
    pub reason: String,
}

impl Skipped {
    /// Its file, and the line if it names one.
    pub fn file_and_line(&self) -> (&str, u64) {
        let line = self.path.rsplit_once(':').and_then(|(file, line)| Some((file, line.parse().ok()?)));
        line.unwrap_or((&self.path, 0))
    }

    /// Whether it belongs to what was given as `root`: a folder, or the file itself.
    pub fn is_of(&self, root: &Path) -> bool {
        Path::new(&self.path).starts_with(root) || Path::new(self.file_and_line().0) == root
    }
}

/// A file to read.
pub struct File {
    /// The folder that was given, or the folder of the file that was; without symbolic links, so that it is always the
    /// same.
    pub root: PathBuf,
    /// Its path below the root; it may lead through links.
    pub path: PathBuf,
    pub bytes: u64,
    pub format: &'static Format,
    /// Which of what was given it belongs to, by ordinal.
    pub given: usize,
}

impl File {
    /// Where it is.
    pub fn place(&self) -> PathBuf {
        self.root.join(&self.path)
    }

    pub fn shown(&self) -> String {
        self.place().display().to_string()
    }
}

/// A folder or file that was given, and whether links in it may lead outside.
#[derive(Clone, Debug)]
pub struct Given {
    pub path: PathBuf,
    pub follow: bool,
}

/// What was found.
#[derive(Default)]
pub struct Listing {
    /// The files that can be read: folder by folder as these were given, sorted in each; then those behind links.
    pub files: Vec<File>,
    pub skipped: Vec<Skipped>,
    /// How many files were left out since their ending says of no document, by that ending.
    pub unknown: BTreeMap<String, u64>,
    /// Where nothing could be looked at; what is known of the files below says nothing of whether they have gone.
    pub unseen: Vec<PathBuf>,
}

impl Listing {
    /// Those of the folders below which nothing at all was found.
    pub fn empty<'r>(&self, folders: impl Iterator<Item = &'r Path>) -> HashSet<&'r Path> {
        let mut empty: HashSet<&Path> = folders.collect();
        for file in &self.files {
            for above in file.place().ancestors() {
                empty.remove(above);
            }
        }
        empty
    }

    fn skip(&mut self, path: &Path, reason: impl Into<String>) {
        self.skipped.push(Skipped { path: path.display().to_string(), reason: reason.into() });
        self.unseen.push(path.to_path_buf());
    }
}

/// Why a pipe or a device is not read: it may never end.
const NEITHER: &str = "it is neither a file nor a folder";

/// A link that was met, in which folder that was given.
struct Link {
    at: At,
    /// Below the root.
    path: PathBuf,
}

/// Where a look is: in which folder, which of those given that is, and whether links in it may lead outside.
#[derive(Clone)]
struct At {
    root: PathBuf,
    given: usize,
    follow: bool,
}

/// Lists what is below the folders that were given. Fails if one of these is not there, or is a file of no known format.
pub fn list(given: &[Given]) -> Result<Listing> {
    let mut walk = Walk::default();
    let mut folders = Vec::new();
    for (given, Given { path, follow }) in given.iter().enumerate() {
        let root = path.canonicalize().with_context(|| format!("cannot read `{}`", path.display()))?;
        walk.inside.push(root.clone());
        if root.is_file() {
            let format = known_format(path)?;
            let (Some(parent), Some(name)) = (root.parent(), root.file_name()) else { continue };
            let at = At { root: parent.to_path_buf(), given, follow: *follow };
            walk.file(&at, Path::new(name), root.clone(), format);
        } else if !root.is_dir() {
            walk.found.skip(&root, NEITHER);
        } else {
            folders.push(At { root, given, follow: *follow });
        }
    }
    for at in folders {
        walk.folder(&at, Path::new(""), &at.root);
    }
    // what links lead to has its own name first
    while let Some(link) = walk.links.pop_front() {
        walk.link(&link);
    }
    Ok(walk.found)
}

/// A look at all folders under way.
#[derive(Default)]
struct Walk {
    found: Listing,
    /// What was given, without links.
    inside: Vec<PathBuf>,
    /// The files and folders that were met, without links.
    seen: HashSet<PathBuf>,
    links: VecDeque<Link>,
}

impl Walk {
    /// Lists a file: `real` is where it is without links.
    fn file(&mut self, at: &At, path: &Path, real: PathBuf, format: &'static Format) {
        let bytes = real.metadata().map_or(0, |metadata| metadata.len());
        if self.seen.insert(real) {
            let At { root, given, .. } = at.clone();
            self.found.files.push(File { root, path: path.to_path_buf(), bytes, format, given });
        }
    }

    /// Lists what is below the folder `real`, which is found at `path` below the root.
    fn folder(&mut self, at: &At, path: &Path, real: &Path) {
        let hidden = |path: &Path| name_of(path).starts_with('.') || is_part_of_a_page(path);
        let seen = &mut self.seen;
        let walk = WalkDir::new(real).sort_by_file_name().into_iter().filter_entry(|entry| {
            // an index is none of the documents that it may stand among
            let is_index = || entry.file_type().is_dir() && Index::exists(entry.path());
            let is_shown = entry.depth() == 0 || !hidden(entry.path()) && !is_index();
            is_shown && (!entry.file_type().is_dir() || seen.insert(entry.path().to_path_buf()))
        });
        for entry in walk.collect::<Vec<_>>() {
            match entry {
                Ok(entry) => {
                    let below = path.join(entry.path().strip_prefix(real).unwrap_or(entry.path()));
                    let kind = entry.file_type();
                    if kind.is_symlink() {
                        self.links.push_back(Link { at: at.clone(), path: below });
                    } else if let Some(format) = document(entry.path()).filter(|_| kind.is_file()) {
                        self.file(at, &below, entry.into_path(), format);
                    } else if !kind.is_file() && !kind.is_dir() && document(entry.path()).is_some() {
                        self.found.skip(entry.path(), NEITHER);
                    } else if kind.is_file() && format_of(entry.path()).is_none() && !is_own(entry.path()) {
                        let ending = entry.path().extension().unwrap_or_default().to_string_lossy().to_lowercase();
                        *self.found.unknown.entry(ending).or_default() += 1;
                    }
                }
                Err(error) => {
                    let closed = error.path().unwrap_or(real).to_path_buf();
                    self.found.skip(&closed, error.to_string());
                }
            }
        }
    }

    /// Lists what a link leads to, if it may be followed there and that has not been listed.
    fn link(&mut self, link: &Link) {
        let at = link.at.root.join(&link.path);
        let real = match at.canonicalize() {
            Ok(real) => real,
            // what no document could be is nothing to tell of
            Err(_) if at.extension().is_some() && document(&at).is_none() => return,
            Err(error) => return self.found.skip(&at, format!("the link leads nowhere: {error}")),
        };
        let is_folder = real.is_dir();
        let format = document(&at);
        if !is_folder && format.is_none() {
            return;
        }
        if !link.at.follow && !self.inside.iter().any(|inside| real.starts_with(inside)) {
            let reason = format!("it is a link to `{}`, outside of what was given; --follow reads it", real.display());
            // what it leads to is there to be seen and is not wanted: documents of it from an earlier build go
            self.found.skipped.push(Skipped { path: at.display().to_string(), reason });
            return;
        }
        let folder = at.parent().and_then(|folder| folder.canonicalize().ok()).unwrap_or_default();
        match format {
            _ if is_folder && folder.starts_with(&real) => {
                self.found.skip(&at, format!("the link leads back to `{}`, in which it stands", real.display()));
            }
            _ if is_folder => self.folder(&link.at, &link.path, &real),
            _ if !real.is_file() => self.found.skip(&at, format!("the link leads to `{}`: {NEITHER}", real.display())),
            Some(format) => self.file(&link.at, &link.path, real, format),
            None => {}
        }
    }
}

/// The format of a file that is a document by its name.
fn document(path: &Path) -> Option<&'static Format> {
    // ~$ is what Word leaves beside a document that is open: who has opened it
    format_of(path).filter(|_| !is_readme(path) && !name_of(path).starts_with("~$"))
}

fn name_of(path: &Path) -> std::borrow::Cow<'_, str> {
    path.file_name().unwrap_or_default().to_string_lossy()
}

/// Whether it is the folder in which a browser or Word put what belongs to a page that was saved beside it.
fn is_part_of_a_page(path: &Path) -> bool {
    let name = name_of(path);
    let page = ["_files", ".files"].iter().find_map(|end| name.strip_suffix(end));
    page.is_some_and(|page| ["htm", "html"].iter().any(|end| path.with_file_name(format!("{page}.{end}")).is_file()))
}

/// Whether it tells about a folder, to people or to us.
fn is_own(path: &Path) -> bool {
    is_readme(path) || name_of(path) == sidecar::NAME
}

/// A README tells about a folder, in any language: README.md, README.zh-CN.md. It is none of its documents.
fn is_readme(path: &Path) -> bool {
    name_of(path).split('.').next().is_some_and(|stem| stem.eq_ignore_ascii_case("README"))
}

/// The path as messages and ids have it: with slashes on every system.
pub fn slashed(path: &Path) -> String {
    path.components().map(|part| part.as_os_str().to_string_lossy()).collect::<Vec<_>>().join("/")
}

/// What a file is to those who only want to know whether to look into it: its length and when it was written.
pub type Mark = (u64, Option<std::time::SystemTime>);

/// The marks of the files below what was given, and of what is stated about them; of one that is not there, none.
pub fn marks(given: &[Given]) -> BTreeMap<PathBuf, Mark> {
    let mut marks = BTreeMap::new();
    for one in given {
        let Ok(listing) = list(std::slice::from_ref(one)) else { continue };
        // all of one root
        let stated = listing.files.first().map(|file| file.root.join(sidecar::NAME));
        for place in listing.files.iter().map(File::place).chain(stated) {
            if let Ok(metadata) = place.metadata() {
                marks.insert(place, (metadata.len(), metadata.modified().ok()));
            }
        }
    }
    marks
}

#[cfg(all(test, unix))]
mod tests {
    use std::fs;
    use std::os::unix::fs::symlink;

    use super::*;

    fn listed(path: &Path, follow: bool) -> (Vec<String>, Vec<(String, String)>) {
        let found = list(&[Given { path: path.to_path_buf(), follow }]).unwrap();
        let name = |path: &str| Path::new(path).file_name().unwrap().to_str().unwrap().to_string();
        let files = found.files.iter().map(|file| slashed(&file.path)).collect();
        (files, found.skipped.iter().map(|one| (name(&one.path), one.reason.clone())).collect())
    }

    fn names(skipped: &[(String, String)]) -> Vec<&str> {
        skipped.iter().map(|(name, _)| name.as_str()).collect()
    }

    #[test]
    fn links_are_followed_inside_and_each_file_is_listed_once() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        for name in ["in/a.txt", "in/sub/b.txt", "in/.store/c", "out/d.txt", "out/deep/e.txt", "out/notes.csv"] {
            fs::create_dir_all(at(name).parent().unwrap()).unwrap();
            fs::write(at(name), name).unwrap();
        }
        symlink("a.txt", at("in/1-same.txt")).unwrap();
        symlink(".store/c", at("in/2-hidden.txt")).unwrap();
        symlink("sub", at("in/3-folder")).unwrap();
        symlink(at("out/d.txt"), at("in/4-outside.txt")).unwrap();
        symlink(at("out"), at("in/5-outside")).unwrap();
        symlink("..", at("in/sub/6-loop")).unwrap();
        symlink("nowhere", at("in/7-broken.txt")).unwrap();
        symlink("8-itself", at("in/8-itself")).unwrap();
        symlink(at("out/notes.csv"), at("in/9-notes.csv")).unwrap();
        symlink("nowhere", at("in/9-notes.tmp")).unwrap();
        // a socket stands for a pipe and a device
        for name in ["in/s.txt", "in/s.tmp", "lone.txt"] {
            std::os::unix::net::UnixListener::bind(at(name)).unwrap();
        }

        let (files, skipped) = listed(&at("in"), false);
        assert_eq!(files, ["a.txt", "sub/b.txt", "2-hidden.txt"]);
        let expected = ["4-outside.txt", "5-outside", "7-broken.txt", "8-itself", "6-loop"];
        let expected = ["s.txt"].into_iter().chain(expected).collect::<Vec<_>>();
        assert_eq!(names(&skipped), expected, "{skipped:?}");
        assert_eq!(skipped[0].1, NEITHER);
        assert_eq!(listed(&at("lone.txt"), false).1, [("lone.txt".to_string(), NEITHER.to_string())]);
        assert!(skipped[1].1.contains("--follow") && skipped[3].1.contains("nowhere"), "{skipped:?}");
        assert!(skipped[5].1.contains("leads back"), "{skipped:?}");

        let (files, skipped) = listed(&at("in"), true);
        assert_eq!(files, ["a.txt", "sub/b.txt", "2-hidden.txt", "4-outside.txt", "5-outside/deep/e.txt"]);
        assert_eq!(names(&skipped), ["s.txt", "7-broken.txt", "8-itself", "6-loop"]);

        symlink("in", at("link")).unwrap();
        assert_eq!(
            listed(&at("link"), false),
            listed(&at("in"), false),
            "a link that is given itself is what it leads to"
        );
        symlink("in/a.txt", at("link.txt")).unwrap();
        assert_eq!(listed(&at("link.txt"), false).0, ["a.txt"]);
    }

    #[test]
    fn what_belongs_to_a_document_is_none() {
        let folder = tempfile::tempdir().unwrap();
        for name in
            ["a.htm", "a.files/frame.html", "b.html", "b_files/ad.htm", "c_files/d.txt", "~$e.docx", "e.ofd", "f.png"]
        {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, name).unwrap();
        }
        assert_eq!(listed(folder.path(), false).0, ["a.htm", "b.html", "c_files/d.txt", "e.ofd"]);
        for name in ["g.PNG", "h", ".hidden", "README", "corpus.toml"] {
            fs::write(folder.path().join(name), name).unwrap();
        }
        let found = list(&[Given { path: folder.path().to_path_buf(), follow: false }]).unwrap();
        assert_eq!(found.unknown, BTreeMap::from([(String::new(), 1), ("png".into(), 2)]));
    }

    #[test]
    fn what_is_stated_about_a_single_file_is_marked_with_it() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::write(at("a.txt"), "a").unwrap();
        for given in [at("a.txt"), at("")] {
            let marks = || marks(&[Given { path: given.clone(), follow: false }]).len();
            let before = marks();
            fs::write(at(sidecar::NAME), "").unwrap();
            assert_eq!((before, marks()), (1, 2), "{given:?}");
            fs::remove_file(at(sidecar::NAME)).unwrap();
        }
    }

    #[test]
    fn links_outside_that_lead_to_each_other_end() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::create_dir_all(at("in")).unwrap();
        fs::create_dir_all(at("out")).unwrap();
        fs::write(at("out/a.txt"), "a").unwrap();
        symlink(at("out"), at("in/out")).unwrap();
        symlink(at("in"), at("out/in")).unwrap();
        let (files, skipped) = listed(&at("in"), true);
        assert_eq!(files, ["out/a.txt"]);
        assert_eq!(names(&skipped), Vec::<&str>::new(), "where everything was met already, nothing is lost");
    }
}
