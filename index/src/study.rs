//! What is counted over many passages: by place, year or part, and the words that tell texts apart.

pub(crate) mod collocates;
pub(crate) mod corpus;
pub(crate) mod count;
pub(crate) mod keyness;
pub(crate) mod newwords;
pub(crate) mod panel;
pub(crate) mod standing;
pub(crate) mod statistics;
