//! The one error type of the library: what was tried, where, and what to do about it.

use std::fmt;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Result of every fallible function of this crate.
pub type Result<T> = std::result::Result<T, Error>;

/// What kind of failure an [`Error`] is. More kinds may be added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Kind {
    /// Reading or writing failed: a missing directory, no rights, a full disk.
    Io,
    /// There is no index at the place given.
    NotFound,
    /// There is an index already where one was to be made.
    Exists,
    /// Another writer is at work on the index, in this process or another.
    Locked,
    /// The index was built by a version of this crate with another format or analyzer.
    Format,
    /// A file of the index is damaged or missing.
    Corrupt,
    /// The query cannot be understood; see [`Error::column`].
    Query,
    /// Something else that was given cannot be understood, such as a list of synonyms.
    Input,
    /// The answer was [cancelled](crate::Cancel).
    Cancelled,
    /// The engine underneath failed in a way that has no kind of its own.
    Engine,
}

/// An error of this crate. Its text says what was attempted and on what; [`hint`](Error::hint) says what to do next.
#[derive(Debug)]
pub struct Error {
    kind: Kind,
    message: String,
    hint: Option<String>,
    column: Option<usize>,
    is_committed: bool,
}

/// Takes a mutex. What it guards is whole even where a thread that held it has failed.
pub(crate) fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Error {
    /// An error with its message; for an [`Archive`](crate::Archive), whose failures are told through this crate.
    pub fn new(kind: Kind, message: impl Into<String>) -> Self {
        Error { kind, message: message.into(), hint: None, column: None, is_committed: false }
    }

    /// The same with what to do next.
    pub fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    pub(crate) fn at_column(mut self, column: usize) -> Self {
        self.column = Some(column);
        self
    }

    pub(crate) fn io(attempt: &str, path: &Path, error: std::io::Error) -> Self {
        Error::from_io(format!("cannot {attempt} `{}`: {error}", path.display()), &error)
    }

    fn from_io(message: String, error: &std::io::Error) -> Self {
        use std::io::ErrorKind::{
            AlreadyExists, FileTooLarge, NotADirectory, PermissionDenied, QuotaExceeded, ReadOnlyFilesystem,
            StorageFull,
        };
        let found = Error::new(Kind::Io, message);
        match error.kind() {
            StorageFull | QuotaExceeded | FileTooLarge => found
                .with_hint("make room and begin again; what was committed before is as it was, and can be searched"),
            NotADirectory | AlreadyExists => {
                found.with_hint("what stands there is a file, or a link that leads nowhere: name a directory")
            }
            PermissionDenied | ReadOnlyFilesystem => found.with_hint("see to the rights to the index's directory"),
            _ => found,
        }
    }

    pub(crate) fn corrupt(what: impl fmt::Display) -> Self {
        Error::new(Kind::Corrupt, format!("the index is damaged: {what}"))
            .with_hint("remove it and build it again from its sources")
    }

    /// The same for a failure that came too late to undo what was done.
    pub(crate) fn after_commit(mut self) -> Self {
        if !self.is_committed {
            self.message = format!("everything is committed, but {}", self.message);
        }
        self.is_committed = true;
        self
    }

    /// Turns a failure of the engine into ours. `attempt` completes the sentence "cannot …".
    pub(crate) fn engine(attempt: &str, error: tantivy::TantivyError) -> Self {
        use tantivy::TantivyError as T;
        use tantivy::directory::error::{LockError, OpenReadError, OpenWriteError};
        // the rest is about versions of the engine
        let first = |error: &std::io::Error| error.to_string().split(". ").next().unwrap_or_default().to_string();
        let is_damage = |error: &std::io::Error| {
            matches!(error.kind(), std::io::ErrorKind::InvalidData | std::io::ErrorKind::UnexpectedEof)
        };
        let told = format!("cannot {attempt}: {error}");
        match error {
            T::LockFailure(LockError::LockBusy, _) => {
                Error::new(Kind::Locked, format!("cannot {attempt}: another process is writing to this index"))
                    .with_hint("wait until it has finished; the index can be searched meanwhile")
            }
            T::OpenReadError(OpenReadError::FileDoesNotExist(path)) => {
                Error::corrupt(format_args!("cannot {attempt}: the file `{}` is missing", path.display()))
            }
            T::DataCorruption(damage) => {
                let told = format!("{damage:?}");
                // the rest is the whole of the file
                let told = told.split(". Content: ").next().unwrap_or_default();
                Error::corrupt(format_args!("cannot {attempt}: {told}"))
            }
            T::IncompatibleIndex(why) => Error::new(Kind::Format, format!("cannot {attempt}: {why:?}"))
                .with_hint("build the index again with this version"),
            T::IoError(error) if is_damage(&error) => {
                Error::corrupt(format_args!("cannot {attempt}: {}", first(&error)))
            }
            T::OpenReadError(OpenReadError::IoError { io_error, filepath }) if is_damage(&io_error) => {
                Error::corrupt(format_args!("cannot {attempt}: `{}`: {}", filepath.display(), first(&io_error)))
            }
            T::IoError(error) => Error::from_io(format!("cannot {attempt}: {error}"), &error),
            T::LockFailure(LockError::IoError(error), _) => {
                Error::from_io(format!("cannot {attempt}: {error}"), &error)
            }
            T::OpenReadError(OpenReadError::IoError { io_error, filepath })
            | T::OpenWriteError(OpenWriteError::IoError { io_error, filepath }) => {
                Error::from_io(format!("cannot {attempt}: `{}`: {io_error}", filepath.display()), &io_error)
            }
            _ => Error::new(Kind::Engine, told),
        }
    }

    /// What kind of failure this is.
    pub fn kind(&self) -> Kind {
        self.kind
    }

    /// What to do next, if there is something better than reading the message.
    pub fn hint(&self) -> Option<&str> {
        self.hint.as_deref()
    }

    /// Whether the [commit](crate::Writer::commit), or the [switch](crate::Replacement::switch), that failed is done all the same, so
    /// that it must not be tried again.
    pub fn is_committed(&self) -> bool {
        self.is_committed
    }

    /// For [`Kind::Query`]: where in the query the fault begins, in characters from 0.
    pub fn column(&self) -> Option<usize> {
        self.column
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}
