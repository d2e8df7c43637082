//! Where the index is and how it is opened, and what lies beside it: what every command needs to know.

use std::io::Read;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use gm_index::{FORMAT, Index, Kind, Synonyms};

use crate::extract;
use crate::fail::advised;
use crate::files::{self, Listing};
use crate::origin::{Note, Root};
use crate::remote::{Access, Remote};

/// The name of an index's directory.
pub const DIRECTORY: &str = ".gm-search";

/// The names of the user's own lists, beside the index.
pub const WORDS: &str = "words.txt";
pub const SYNONYMS: &str = "synonyms.txt";
pub const INDICATORS: &str = "indicators.txt";

/// What every command needs to know.
pub struct Context {
    pub index: Option<PathBuf>,
    /// The address of an index in an engine, and how it is reached.
    pub remote: Option<(String, Access)>,
    pub json: bool,
    pub jsonl: bool,
    pub quiet: bool,
    pub verbose: bool,
}

impl Context {
    /// The directory of the index: the one that was named, or the nearest one upwards; `None` if there is none. One that a
    /// killed build began and never committed to is none.
    pub fn find_index(&self) -> Result<Option<PathBuf>> {
        if let Some(index) = &self.index {
            return Ok(Some(index.clone()));
        }
        let here = std::env::current_dir()?;
        let found = here.ancestors().map(|directory| directory.join(DIRECTORY)).find(|path| is_built(path));
        Ok(found.map(|path| short(&path)))
    }

    /// The index as people know it.
    pub fn index_name(&self) -> Result<String> {
        Ok(match self.remote(false)? {
            Some(remote) => remote.address().to_string(),
            None => self.find_index()?.unwrap_or_default().display().to_string(),
        })
    }

    /// Where the index is, or how to get one.
    pub fn need_index(&self) -> Result<PathBuf> {
        if let Some(index) = self.find_index()? {
            return Ok(index);
        }
        let here = std::env::current_dir()?;
        if let Some(begun) = here.ancestors().map(|folder| folder.join(DIRECTORY)).find(|path| is_being_built(path)) {
            return Err(unfinished(&short(&begun)));
        }
        Err(advised("there is no index here", "build one with `gm-search build PATH…`, or name one with --index"))
    }

    /// Says something to people beside results, unless it is to be quiet.
    pub fn say(&self, what: impl std::fmt::Display) {
        if self.says() {
            anstream::eprintln!("{what}");
        }
    }

    /// Whether anything is said beside the answer.
    pub fn says(&self) -> bool {
        !self.quiet && !self.prints_json()
    }

    /// Whether the answer is for programs: JSON, in one object or in lines.
    pub fn prints_json(&self) -> bool {
        self.json || self.jsonl
    }

    /// The index in an engine, if one was named. Nothing is asked of it yet.
    pub fn remote(&self, loads: bool) -> Result<Option<Remote>> {
        let remote = self.remote.as_ref().map(|(address, access)| Remote::new(address, access.clone(), loads));
        remote.transpose()
    }

    /// The same as [`need_index`](Self::need_index), of an index that was committed to.
    pub fn need_built(&self) -> Result<PathBuf> {
        let path = self.need_index()?;
        built(&path)?;
        Ok(path)
    }

    /// Opens the index, or says how to get one.
    pub fn open_index(&self) -> Result<Index> {
        if let Some(remote) = self.remote(false)? {
            return Ok(Index::over(remote.open()?)?);
        }
        open(&self.need_index()?)
    }

    /// Opens the index, if there is one.
    pub fn index_if_any(&self) -> Result<Option<Index>> {
        match self.remote.is_some() || self.find_index()?.is_some() {
            true => self.open_index().map(Some),
            false => Ok(None),
        }
    }
}

/// The shipped synonyms and the user's own: those of the file that was named, or of synonyms.txt beside the index.
pub fn synonyms(named: Option<&Path>, index: &Path) -> Result<Synonyms> {
    Ok(match own_list(named, index, SYNONYMS)? {
        Some((file, list)) => {
            let own: Synonyms = list.parse().with_context(|| format!("cannot read `{}`", file.display()))?;
            Synonyms::shipped().and(&own)
        }
        None => Synonyms::shipped(),
    })
}

/// A list that people keep, as it lies in its file, and its text: it may be in any encoding that reports are in. `-` is standard
/// input.
pub fn read_list(path: &Path) -> Result<(Vec<u8>, String)> {
    let mut bytes = Vec::new();
    match path == Path::new("-") {
        true => std::io::stdin().lock().read_to_end(&mut bytes).map(|_| ())?,
        false => bytes = fs_err::read(path)?,
    }
    let (text, _) = extract::decode(&bytes).with_context(|| format!("cannot read `{}`", path.display()))?;
    Ok((bytes, text))
}

/// A list of the user's own: the file that was named, or else one of this name beside the index, if there is one.
pub fn own_list(named: Option<&Path>, index: &Path, name: &str) -> Result<Option<(PathBuf, String)>> {
    let beside = || beside(index, name).filter(|path| path.is_file());
    let Some(path) = named.map(Path::to_path_buf).or_else(beside) else { return Ok(None) };
    let (_, text) = read_list(&path)?;
    Ok(Some((path, text)))
}

/// Where a list of this name lies beside the index, if there is one.
fn beside(index: &Path, name: &str) -> Option<PathBuf> {
    // an index in an engine is nowhere: its lists are where those of one here would be
    let index = index.canonicalize().unwrap_or_else(|_| index.to_path_buf());
    index.parent().map(|folder| folder.join(name))
}

/// The files below folders that documents are read from: the user's own lists are none, neither those beside the index nor the
/// one of words that was named.
pub fn listing<'r>(roots: impl IntoIterator<Item = &'r Root>, words: Option<&Path>, index: &Path) -> Result<Listing> {
    let mut listing = files::list(&roots.into_iter().map(Root::to_list).collect::<Vec<_>>())?;
    let lists = [WORDS, SYNONYMS, INDICATORS].into_iter().filter_map(|name| beside(index, name));
    let lists = lists.chain(words.map(Path::to_path_buf)).filter_map(|path| path.canonicalize().ok());
    let lists: Vec<PathBuf> = lists.collect();
    listing.files.retain(|file| !lists.contains(&file.place()));
    Ok(listing)
}

/// The same of the folders of an index, as far as these are there.
pub fn listing_of(note: &Note, index: &Path) -> Result<Listing> {
    listing(note.roots.iter().filter(|root| root.is_there()), note.words_file.as_deref(), index)
}

/// A path as short as it can be said: from the working directory on, if it is below.
pub fn short(path: &Path) -> PathBuf {
    let here = std::env::current_dir().and_then(|here| here.canonicalize()).unwrap_or_default();
    match path.strip_prefix(&here) {
        Ok(below) if below.as_os_str().is_empty() => PathBuf::from("."),
        Ok(below) => below.to_path_buf(),
        Err(_) => path.to_path_buf(),
    }
}

/// An error if nothing was committed to an index in this directory.
fn built(path: &Path) -> Result<()> {
    if is_built(path) {
        return Ok(());
    }
    if is_being_built(path) {
        return Err(unfinished(path));
    }
    let why = match Index::exists(path) {
        // by a build that ended in between
        true if is_built(path) => return Ok(()),
        true => ": the build that began it was ended before it had finished",
        false => "",
    };
    let message = format!("there is no index in `{}`{why}", path.display());
    Err(advised(message, "build one with `gm-search build PATH…`"))
}

/// Whether somebody writes to the index in a directory now. One that cannot be asked about is none.
fn is_being_built(path: &Path) -> bool {
    Index::exists(path) && Index::open(path).and_then(|index| index.is_being_written()).unwrap_or(false)
}

fn unfinished(path: &Path) -> anyhow::Error {
    let message = format!("the index in `{}` is being built for the first time", path.display());
    advised(message, "wait until that build has finished")
}

pub fn open(path: &Path) -> Result<Index> {
    built(path)?;
    Index::open(path).map_err(|error| match error.kind() {
        Kind::NotFound => advised(error.to_string(), "build one with `gm-search build PATH…`"),
        Kind::Format => advised(error.to_string(), rebuilding(path)),
        _ => error.into(),
    })
}

/// Whether there is an index in a directory, of any format and in any state, that was committed to.
pub fn is_built(path: &Path) -> bool {
    let is_missing = Index::written(path).is_err_and(|error| error.kind() == Kind::NotFound);
    // files without the one that says what they are is damage, which is told
    let is_damaged = || {
        let mut files = std::fs::read_dir(path).into_iter().flatten().flatten();
        !Index::exists(path) && files.any(|file| !file.file_name().to_string_lossy().starts_with('.'))
    };
    !is_missing || is_damaged()
}

/// What to do about an index of another format or analyzer: the command that builds it again.
pub fn rebuilding(path: &Path) -> String {
    let shown = short(path).display().to_string();
    let set_aside = format!("move `{shown}` away and build again with `gm-search build PATH…`, naming all its folders");
    let Ok(written) = Index::written(path) else { return set_aside };
    if written.format > FORMAT {
        return format!("use the newer gm-search that wrote it; or {set_aside}");
    }
    let roots = Note::read(&written.note).roots;
    if roots.is_empty() {
        return set_aside;
    }
    let roots: Vec<_> = roots.iter().map(|root| format!("`{}`", short(&root.path).display())).collect();
    let index = if shown == DIRECTORY { String::new() } else { format!("--index '{shown}' ") };
    format!("`gm-search {index}build` makes it again from {}; until that is done the old one stays", roots.join(", "))
}
