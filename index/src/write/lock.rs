//! The lock of the one writer, and a note beside it of who holds it since when. The lock is the operating system's and goes
//! with its process, however that ends; the note stays when a process is killed, and so tells the next writer of it.

use std::fmt;
use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, SystemTime};

use serde::{Deserialize, Serialize};
use tantivy::directory::error::LockError;
use tantivy::directory::{Directory, DirectoryLock, Lock};

use crate::error::{Error, Kind, Result};

/// Empty; locked while somebody writes. Ours lies around tantivy's `.tantivy-writer.lock`, which it frees before its merges are
/// tidied away.
pub(crate) const LOCK: &str = ".gm-writer.lock";

/// A [`Holder`] as JSON; there while somebody writes, and after a writer that was killed.
pub(crate) const NOTE: &str = ".gm-writer.json";

/// How often a lock that is held is tried again, and after which pause: a tenth of a second in all.
const TRIES: u32 = 10;
const PAUSE: Duration = Duration::from_millis(10);

/// Who writes to an index, or did when it was killed. Shown as "process 4711 on `host`".
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Holder {
    /// The number of the process.
    pub process: u32,
    /// The name of its machine; empty if that is not known.
    pub host: String,
    /// When it began to write: seconds since 1970.
    pub since: u64,
}

impl Holder {
    fn this() -> Self {
        // the kernel's own file where there is one; elsewhere what the environment says
        let host = std::fs::read_to_string("/proc/sys/kernel/hostname").ok();
        let host = host.or_else(|| std::env::var("HOSTNAME").or_else(|_| std::env::var("COMPUTERNAME")).ok());
        let host = host.map_or(String::new(), |name| name.trim().to_string());
        Holder { process: std::process::id(), host, since: now() }
    }

    /// How long ago it began, in words: "12 minutes".
    pub fn age(&self) -> String {
        let seconds = now().saturating_sub(self.since);
        let (count, unit) = match seconds {
            0..120 => (seconds, "second"),
            120..7_200 => (seconds / 60, "minute"),
            7_200..172_800 => (seconds / 3_600, "hour"),
            _ => (seconds / 86_400, "day"),
        };
        format!("{count} {unit}{}", if count == 1 { "" } else { "s" })
    }
}

impl fmt::Display for Holder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "process {}", self.process)?;
        if !self.host.is_empty() {
            write!(f, " on `{}`", self.host)?;
        }
        Ok(())
    }
}

/// The right to write; given back when it is dropped.
pub(crate) struct WriterLock {
    directory: Box<dyn Directory>,
    /// Who had it before, and was killed.
    pub interrupted: Option<Holder>,
    _lock: DirectoryLock,
}

impl WriterLock {
    /// Takes the lock, or tells who has it. `attempt` completes the sentence "cannot …".
    pub fn take(directory: &dyn Directory, attempt: &str) -> Result<Self> {
        let lock = Lock { filepath: LOCK.into(), is_blocking: false };
        let lock = patiently(
            || directory.acquire_lock(&lock),
            // a process that is just being started holds our own lock until it has replaced itself
            |error| matches!(error, LockError::LockBusy),
        );
        let lock = lock.map_err(|error| match error {
            LockError::LockBusy => busy(attempt, holder(directory)),
            error => Error::engine(attempt, error.into()),
        })?;
        let interrupted = holder(directory);
        let note = serde_json::to_vec(&Holder::this()).expect("plain data is JSON");
        let written = directory.atomic_write(Path::new(NOTE), &note);
        written.map_err(|error| Error::engine(attempt, error.into()))?;
        Ok(WriterLock { directory: directory.box_clone(), interrupted, _lock: lock })
    }
}

impl Drop for WriterLock {
    fn drop(&mut self) {
        // what is left is taken for a killed writer's: wrong, and harmless
        let _ = self.directory.delete(Path::new(NOTE));
    }
}

/// Tries again for a tenth of a second while `is_busy`.
pub(crate) fn patiently<T, E>(
    mut attempt: impl FnMut() -> std::result::Result<T, E>,
    is_busy: impl Fn(&E) -> bool,
) -> std::result::Result<T, E> {
    for _ in 0..TRIES {
        match attempt() {
            Err(error) if is_busy(&error) => sleep(PAUSE),
            result => return result,
        }
    }
    attempt()
}

fn holder(directory: &dyn Directory) -> Option<Holder> {
    serde_json::from_slice(&directory.atomic_read(Path::new(NOTE)).ok()?).ok()
}

/// Whether somebody writes to the index in a directory. Nothing in it changes by the question.
pub(crate) fn is_held(directory: &dyn Directory) -> Result<bool> {
    match directory.acquire_lock(&Lock { filepath: LOCK.into(), is_blocking: false }) {
        Ok(_) => Ok(false),
        Err(LockError::LockBusy) => Ok(true),
        Err(error) => Err(Error::engine("see who writes", error.into())),
    }
}

fn busy(attempt: &str, holder: Option<Holder>) -> Error {
    let wait = "wait until it has finished; the index can be searched meanwhile";
    let Some(holder) = holder else {
        return Error::new(Kind::Locked, format!("cannot {attempt}: another process is writing to this index"))
            .with_hint(wait);
    };
    if holder.process == std::process::id() && holder.host == Holder::this().host {
        let message = format!("cannot {attempt}: this process has been writing to this index for {}", holder.age());
        return Error::new(Kind::Locked, message).with_hint("commit or drop its other writer first");
    }
    let message = format!("cannot {attempt}: {holder} has been writing to this index for {}", holder.age());
    let end = format!("if it hangs, end process {}: nothing that was committed is lost", holder.process);
    Error::new(Kind::Locked, message).with_hint(format!("{wait}; {end}"))
}

fn now() -> u64 {
    SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |since| since.as_secs())
}
