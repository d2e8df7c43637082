//! What an index holds, and how its files stand.

use serde::Serialize;

use crate::files::Skipped;

/// What is told about an index.
#[derive(Serialize)]
pub struct Report {
    pub schema: &'static str,
    pub index: String,
    pub documents: u64,
    pub passages: u64,
    pub text_bytes: u64,
    pub index_bytes: u64,
    pub format: u32,
    pub analyzer: String,
    /// Files that are no longer as they were read, or not read yet, and folders that are not there.
    pub stale: Vec<Skipped>,
    pub skipped: Vec<Skipped>,
}
