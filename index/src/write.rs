//! Documents into an index on disk: tantivy's fields, files and segments, and one transaction at a time.

pub(crate) mod directory;
pub(crate) mod files;
pub(crate) mod lock;
pub(crate) mod opening;
pub(crate) mod schema;
pub(crate) mod segment;
pub(crate) mod within;
pub(crate) mod writer;
