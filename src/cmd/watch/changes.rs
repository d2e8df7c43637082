//! How changes of files are noticed: the system tells, or the files are looked at again and again.

use std::path::{Path, PathBuf};
use std::sync::mpsc::Sender;
use std::time::{Duration, UNIX_EPOCH};

use anyhow::Result;
use notify::{EventKind, RecommendedWatcher, RecursiveMode, Watcher};

use super::{Event, is_apart};
use crate::context::WORDS;
use crate::files;
use crate::origin::Root;

/// How often files are looked at where the system does not tell.
const POLL: Duration = Duration::from_secs(10);

/// What tells of changes, as long as it lives.
pub struct Changes {
    events: Sender<Event>,
    index: PathBuf,
    poll: Option<Duration>,
    /// `None` while the files are looked at.
    watcher: Option<RecommendedWatcher>,
    is_polled: bool,
}

impl Changes {
    /// Tells `events` of changes below `roots`, but for those in the directory of the index. Asks the system, or with `poll`
    /// looks itself; also where the system cannot tell.
    pub fn of(roots: &[Root], poll: Option<Duration>, events: Sender<Event>, index: &Path) -> Result<Self> {
        let index = std::path::absolute(index)?;
        let index = index.canonicalize().unwrap_or(index);
        let mut changes = Changes { events, index, poll, watcher: None, is_polled: false };
        changes.renew(roots)?;
        Ok(changes)
    }

    /// Begins anew, after a folder has gone or come back.
    pub fn renew(&mut self, roots: &[Root]) -> Result<()> {
        if self.is_polled {
            return Ok(());
        }
        if self.poll.is_none() {
            match self.watch(roots) {
                Ok(watcher) => {
                    self.watcher = Some(watcher);
                    return Ok(());
                }
                Err(error) => {
                    self.watcher = None;
                    let every = POLL.as_secs();
                    anstream::eprintln!(
                        "warning: the system cannot tell of changes ({error}); looking at the files every {every} s"
                    );
                }
            }
        }
        self.is_polled = true;
        look(roots.to_vec(), self.poll.unwrap_or(POLL), self.events.clone());
        Ok(())
    }

    fn watch(&self, roots: &[Root]) -> notify::Result<RecommendedWatcher> {
        let events = self.events.clone();
        let index = self.index.clone();
        let paths: Vec<PathBuf> = roots.iter().map(|root| root.path.clone()).collect();
        let handler = move |event: notify::Result<notify::Event>| {
            let matters = match event {
                Ok(event) => {
                    let is_read = matches!(event.kind, EventKind::Access(_));
                    let all_apart =
                        !event.paths.is_empty() && event.paths.iter().all(|path| is_apart(path, &paths, &index));
                    event.need_rescan() || !is_read && !all_apart
                }
                // something may have been missed
                Err(_) => true,
            };
            if matters {
                let _ = events.send(Event::Changed);
            }
        };
        let follow = roots.iter().any(|root| root.follow);
        let config = notify::Config::default().with_follow_symlinks(follow);
        let mut watcher = RecommendedWatcher::new(handler, config)?;
        for root in roots.iter().filter(|root| root.is_there()) {
            let path = &root.path;
            // editors put a new file in the place of the old one, which only its folder tells
            match path.parent().filter(|_| path.is_file()) {
                Some(folder) => watcher.watch(folder, RecursiveMode::NonRecursive)?,
                None => watcher.watch(path, RecursiveMode::Recursive)?,
            }
        }
        Ok(watcher)
    }

    /// How it is done, for people.
    pub fn way(&self) -> String {
        match self.is_polled {
            true => format!("by looking at the files every {} s", self.poll.unwrap_or(POLL).as_secs()),
            false => "for changes".to_string(),
        }
    }
}

/// Looks at the files every so often, in a thread that ends with the program.
fn look(roots: Vec<Root>, every: Duration, events: Sender<Event>) {
    let given: Vec<files::Given> = roots.iter().map(Root::to_list).collect();
    std::thread::spawn(move || {
        let mut before = files::marks(&given);
        loop {
            std::thread::sleep(every);
            let now = files::marks(&given);
            if now != before {
                before = now;
                if events.send(Event::Changed).is_err() {
                    return;
                }
            }
        }
    });
}

/// What a folder is beside its name: another one may come in its place.
pub type Identity = (PathBuf, u64);

/// The identities of the folders, and of the list of words beside the index; of what is not there, none.
pub fn identities(roots: &[Root], index: &Path) -> Vec<Option<Identity>> {
    let mut all: Vec<_> =
        roots.iter().map(|root| Some((root.path.canonicalize().ok()?, number(&root.path)?))).collect();
    let words = index.canonicalize().ok().and_then(|index| Some(index.parent()?.join(WORDS)));
    all.push(words.and_then(|words| {
        let written = words.metadata().ok()?.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
        Some((words, written.as_nanos() as u64))
    }));
    all
}

#[cfg(unix)]
fn number(path: &Path) -> Option<u64> {
    use std::os::unix::fs::MetadataExt;
    let metadata = path.metadata().ok()?;
    // a file is replaced whenever it is saved, which its folder tells
    Some(if metadata.is_dir() { metadata.ino() } else { 0 })
}

#[cfg(not(unix))]
fn number(path: &Path) -> Option<u64> {
    path.metadata().ok().map(|_| 0)
}
