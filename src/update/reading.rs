//! A file under way, and what its documents are called.

use std::path::PathBuf;

use anyhow::Result;

use crate::extract::Given;
use crate::files::{File, slashed};
use crate::origin::Origin;

/// A file that is being read.
pub struct Reading<'a> {
    pub file: &'a File,
    pub place: PathBuf,
    /// What it is, as its documents' [`Origin`] keeps it.
    pub content: String,
    /// What is stated about it.
    pub given: Given,
}

impl Reading<'_> {
    /// What the document is called that is in the file, or in this line of it.
    pub fn source(&self, line: Option<u64>) -> String {
        let file = slashed(&self.file.path);
        line.map_or(file.clone(), |line| format!("{file}:{line}"))
    }

    /// The stamp of its documents.
    pub fn stamp(&self) -> Result<String> {
        let File { root, path, .. } = self.file;
        Ok(serde_json::to_string(&Origin { root: root.clone(), path: path.clone(), content: self.content.clone() })?)
    }
}
