//! Texts held against each other: what they have in common, what changed, where a quotation stands.

pub(crate) mod alike;
pub(crate) mod cite;
pub(crate) mod copies;
pub(crate) mod difference;
pub(crate) mod elsewhere;
pub(crate) mod grams;
pub(crate) mod plain;
pub(crate) mod reference;
