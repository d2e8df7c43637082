//! The text of a segment, its only place: folded and in a code of less than half the bytes, in which it is searched where it
//! lies, and beside it what a passage needs to be found and shown. All of it is bytes that are mapped and read in place.

pub(crate) mod ahead;
pub(crate) mod code;
pub(crate) mod component;
pub(crate) mod details;
pub(crate) mod edits;
pub(crate) mod excerpt;
pub(crate) mod layout;
pub(crate) mod lists;
pub(crate) mod pairs;
pub(crate) mod record;
pub(crate) mod rice;
pub(crate) mod text;
pub(crate) mod varint;
