//! One file a command; each begins with what it prints. Here is what they share: where the index is.

mod build;
mod cite;
mod collocates;
mod completions;
pub mod count;
mod diff;
mod doctor;
mod documents;
mod dup;
pub mod eval;
mod keyness;
mod kwic;
mod man;
mod mcp;
mod newwords;
pub mod outline;
mod panel;
mod query;
mod remove;
mod serve;
pub mod show;
pub mod similar;
pub mod status;
pub mod targets;
pub mod trend;
mod verify;
mod watch;

use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use gm_index::{FORMAT, Index, Kind, Query, Synonyms};

use crate::Outcome;
use crate::cli::{Cli, Command};
use crate::fail::advised;
use crate::origin::{Note, Root};
use crate::print::{columns, tame};
use crate::remote::{self, Access, Remote};
use crate::update::Request;

/// The name of an index's directory.
const DIRECTORY: &str = ".gm-search";

/// The name of the user's list of words, beside the index.
pub const WORDS: &str = "words.txt";

/// What every command needs to know.
pub struct Context {
    index: Option<PathBuf>,
    /// The address of an index in an engine, and how it is reached.
    remote: Option<(String, Access)>,
    json: bool,
    jsonl: bool,
    pub quiet: bool,
    pub verbose: bool,
}

/// Runs the command that was given.
pub fn run(cli: Cli) -> Result<Outcome> {
    let Cli { command, index, remote, remote_auth, remote_ca, json, jsonl, quiet, verbose, color: _ } = cli;
    let remote = match remote {
        Some(address) => Some((address, remote::access(remote_auth.as_deref(), remote_ca.as_deref())?)),
        None => None,
    };
    let context = Context { index, remote, json, jsonl, quiet, verbose };
    let is_local = matches!(
        command,
        Command::Verify(_) | Command::Doctor(_) | Command::Watch(_) | Command::Remove(_) | Command::Eval(_)
    );
    if is_local && context.remote.is_some() {
        return Err(advised(
            "this command works on the files of an index here, not on one in an engine",
            "leave out --remote (and GM_SEARCH_REMOTE)",
        ));
    }
    match command {
        Command::Build(args) => build::run(&context, args),
        Command::Query(args) => query::run(&context, args),
        Command::Count(args) => count::run(&context, args),
        Command::Kwic(args) => kwic::run(&context, args),
        Command::Keyness(args) => keyness::run(&context, args),
        Command::Collocates(args) => collocates::run(&context, args),
        Command::Newwords(args) => newwords::run(&context, args),
        Command::Panel(args) => panel::run(&context, args),
        Command::Trend(args) => trend::run(&context, args),
        Command::Show(args) => show::run(&context, args),
        Command::Outline(args) => outline::run(&context, args),
        Command::Targets(args) => targets::run(&context, args),
        Command::Dup(args) => dup::run(&context, args),
        Command::Cite(args) => cite::run(&context, args),
        Command::Diff(args) => diff::run(&context, args),
        Command::Similar(args) => similar::run(&context, args),
        Command::Status(args) => status::run(&context, args),
        Command::Verify(args) => verify::run(&context, args),
        Command::Doctor(args) => doctor::run(&context, args),
        Command::Watch(args) => watch::run(&context, args),
        Command::Remove(args) => remove::run(&context, args),
        Command::Eval(args) => eval::run(&context, args),
        Command::Serve(args) => serve::run(&context, args),
        Command::Mcp(args) => mcp::run(&context, args),
        Command::Completions(args) => completions::run(args),
        Command::Man(args) => man::run(args),
    }
}

impl Context {
    /// The directory of the index: the one that was named, or the nearest one upwards; `None` if there is none. One that a
    /// killed build began and never committed to is none.
    fn find_index(&self) -> Result<Option<PathBuf>> {
        if let Some(index) = &self.index {
            return Ok(Some(index.clone()));
        }
        let here = std::env::current_dir()?;
        let found = here.ancestors().map(|directory| directory.join(DIRECTORY)).find(|path| is_built(path));
        Ok(found.map(|path| short(&path)))
    }

    /// The index as people know it.
    fn index_name(&self) -> Result<String> {
        Ok(match self.remote(false)? {
            Some(remote) => remote.address().to_string(),
            None => self.find_index()?.unwrap_or_default().display().to_string(),
        })
    }

    /// Where the index is, or how to get one.
    fn need_index(&self) -> Result<PathBuf> {
        self.find_index()?.ok_or_else(|| {
            advised("there is no index here", "build one with `gm-search build PATH…`, or name one with --index")
        })
    }

    /// The index in an engine, if one was named. Nothing is asked of it yet.
    fn remote(&self, loads: bool) -> Result<Option<Remote>> {
        let remote = self.remote.as_ref().map(|(address, access)| Remote::new(address, access.clone(), loads));
        remote.transpose()
    }

    /// Opens the index, or says how to get one.
    fn open_index(&self) -> Result<Index> {
        if let Some(remote) = self.remote(false)? {
            return Ok(Index::over(remote.open()?)?);
        }
        open(&self.need_index()?)
    }

    /// Opens the index, if there is one.
    fn index_if_any(&self) -> Result<Option<Index>> {
        match self.remote.is_some() || self.find_index()?.is_some() {
            true => self.open_index().map(Some),
            false => Ok(None),
        }
    }

    /// Opens the index, and where it is; in a folder with `corpus/` and no index builds one first.
    fn open_or_build(&self) -> Result<(PathBuf, Index)> {
        if self.remote.is_some() {
            return Ok((PathBuf::from(DIRECTORY), self.open_index()?));
        }
        let corpus = Path::new("corpus");
        if self.find_index()?.is_none() && corpus.is_dir() {
            if !self.quiet {
                anstream::eprintln!("no index yet: building one from corpus/ in {DIRECTORY}/");
            }
            let path = PathBuf::from(DIRECTORY);
            let root = Root { path: corpus.canonicalize()?, ..Root::default() };
            build::build(self, &path, &Request { roots: vec![root], words: None, prune: true })?;
            let index = open(&path)?;
            return Ok((path, index));
        }
        Ok((self.find_index()?.unwrap_or_default(), self.open_index()?))
    }
}

/// The shipped synonyms and the user's own: those of the file that was named, or of synonyms.txt beside the index.
fn synonyms(named: Option<&Path>, index: &Path) -> Result<Synonyms> {
    Ok(match own_list(named, index, "synonyms.txt")? {
        Some((file, list)) => {
            let own: Synonyms = list.parse().with_context(|| format!("cannot read `{}`", file.display()))?;
            Synonyms::shipped().and(&own)
        }
        None => Synonyms::shipped(),
    })
}

/// A list of the user's own: the file that was named, or else one of this name beside the index, if there is one.
pub fn own_list(named: Option<&Path>, index: &Path, name: &str) -> Result<Option<(PathBuf, String)>> {
    // one in an engine is nowhere: its lists are where one here would be
    let index = index.canonicalize().unwrap_or_else(|_| index.to_path_buf());
    let beside = || index.parent().map(|folder| folder.join(name)).filter(|path| path.is_file());
    let Some(path) = named.map(Path::to_path_buf).or_else(beside) else { return Ok(None) };
    let text = fs_err::read_to_string(&path)?;
    Ok(Some((path, text)))
}

/// Reads the query of an option such as --within, if it was given.
fn parse_option(query: Option<&String>) -> Result<Option<Query>> {
    Ok(query.map(|query| parse_query(std::slice::from_ref(query), false)).transpose()?.map(|(_, query)| query))
}

/// Reads a query; a fault in it is shown with a caret under its place.
fn parse_query(words: &[String], fixed: bool) -> Result<(String, Query)> {
    let text = words.join(" ");
    if fixed && !text.is_empty() {
        return Ok((text.clone(), Query::fixed(text)));
    }
    match text.parse::<Query>() {
        Ok(query) => Ok((text, query)),
        Err(error) => Err(match (error.column(), error.hint()) {
            (Some(column), hint) => {
                let before: String = text.chars().take(column).collect();
                let blank = " ".repeat(columns(&before));
                advised(format!("{error}\n  {}\n  {blank}^", tame(&text)), hint.unwrap_or("put text in quotes"))
            }
            _ => error.into(),
        }),
    }
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

fn open(path: &Path) -> Result<Index> {
    if !is_built(path) {
        let message = format!("there is no index in `{}`", path.display());
        return Err(advised(message, "build one with `gm-search build PATH…`"));
    }
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
        !path.join("meta.json").exists() && files.any(|file| !file.file_name().to_string_lossy().starts_with('.'))
    };
    !is_missing || is_damaged()
}

/// What to do about an index of another format or analyzer: the command that builds it again.
fn rebuilding(path: &Path) -> String {
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
