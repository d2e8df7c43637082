//! Failures as people read them: what was tried and on what, then what to do.

use std::error::Error;
use std::fmt;
use std::io::{self, ErrorKind};
use std::sync::{Mutex, MutexGuard, PoisonError};

use crate::tame::tame;

/// A failure with advice.
#[derive(Debug)]
struct Advised {
    message: String,
    hint: String,
}

impl fmt::Display for Advised {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl Error for Advised {}

/// An error whose hint says what to do next.
pub fn advised(message: impl Into<String>, hint: impl Into<String>) -> anyhow::Error {
    Advised { message: message.into(), hint: hint.into() }.into()
}

/// Takes a mutex. What it guards is whole even where a thread that held it has failed.
pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// What to do about `error`, if it says so.
pub fn hint_of(error: &anyhow::Error) -> Option<&str> {
    let advice = error.chain().find_map(|cause| {
        let advised = cause.downcast_ref::<Advised>().map(|advised| advised.hint.as_str());
        advised.or_else(|| cause.downcast_ref::<gm_index::Error>()?.hint())
    });
    advice.or_else(|| match error.chain().find_map(|cause| cause.downcast_ref::<io::Error>())?.kind() {
        ErrorKind::NotFound => Some("see that the path is spelt right, and that its folder is there"),
        ErrorKind::PermissionDenied => Some("see that you may read and write there"),
        ErrorKind::StorageFull => Some("make room on the disk"),
        _ => None,
    })
}

/// Writes `error` with its causes and its hint on standard error.
pub fn report(error: &anyhow::Error) {
    // names of files and words of documents may be part of it
    let tamed = |text: String| text.split('\n').map(tame).collect::<Vec<_>>().join("\n");
    anstream::eprintln!("error: {}", tamed(format!("{error:#}")));
    if let Some(hint) = hint_of(error) {
        anstream::eprintln!("\nhint: {}", tamed(hint.to_string()));
    }
}
