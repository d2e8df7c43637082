//! Bytes of a file to text. One file a format, and one table, [`FORMATS`], that lists them.
//!
//! To add a format: write its file with a function from bytes to [`Extracted`], add a row to the table with version 1,
//! and a test that it gives the same text as the plain file of the same content. Raise a row's version whenever its
//! output changes: files are then read again by the next `build`.

mod plain;

use std::path::Path;

use anyhow::{Context, Result};

use crate::fail::advised;

/// What a file says.
#[derive(Debug, PartialEq, Eq)]
pub struct Extracted {
    /// The text. Its lines are the file's lines.
    pub text: String,
    /// The character encoding of the file.
    pub encoding: &'static str,
}

/// A kind of file.
pub struct Format {
    /// Its name, for the summary of a build.
    pub name: &'static str,
    /// The endings of its files, in lower case.
    pub extensions: &'static [&'static str],
    /// Changes when the output of `read` does.
    pub version: u32,
    /// Turns bytes into text.
    pub read: fn(&[u8]) -> Result<Extracted>,
}

/// All formats.
pub const FORMATS: &[Format] = &[Format { name: "text", extensions: &["txt", "md"], version: 1, read: plain::read }];

/// The format of a file, by its name.
pub fn format_of(path: &Path) -> Option<&'static Format> {
    let extension = path.extension()?.to_str()?.to_ascii_lowercase();
    FORMATS.iter().find(|format| format.extensions.contains(&extension.as_str()))
}

/// Reads the file at `path`.
pub fn read(path: &Path) -> Result<Extracted> {
    let format = known_format(path)?;
    let bytes = fs_err::read(path)?;
    (format.read)(&bytes).with_context(|| format!("cannot read `{}`", path.display()))
}

/// The format of a file that somebody named, or an error that lists the formats there are.
pub fn known_format(path: &Path) -> Result<&'static Format> {
    format_of(path).ok_or_else(|| {
        let known: Vec<_> = FORMATS.iter().flat_map(|format| format.extensions).map(|e| format!(".{e}")).collect();
        advised(
            format!("cannot read `{}`: its format is not known", path.display()),
            format!("known are {}", known.join(" ")),
        )
    })
}
