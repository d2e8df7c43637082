//! Exact, ranked full-text search over Chinese official reports, to embed in other programs.
//!
//! ```
//! use gm_index::{Document, Index, Options, Query};
//!
//! let index = Index::in_memory()?; // or Index::create("reports.index")?, later Index::open("reports.index")?
//! let writer = index.writer()?;
//! writer.add(&Document::from_text(
//!     "某镇_2025.txt",
//!     "某镇政府工作报告\n\n一、2024年工作回顾\n（一）生态持续向好。压实“港长制”“河长制”，清理滩涂13吨。\n",
//! ))?;
//! writer.commit()?;
//!
//! let query: Query = "港长制".parse()?;
//! let results = index.search(&query, Options::default())?;
//! assert_eq!(results.total.occurrences, 1);
//! for hit in &results.hits {
//!     println!("{} · line {}", hit.path.join(" › "), hit.line);
//!     println!("{}", hit.snippet.text);
//! }
//! # assert_eq!(results.hits[0].path, ["一、2024年工作回顾", "（一）生态持续向好"]);
//! # Ok::<(), gm_index::Error>(())
//! ```
//!
//! # Where to begin
//!
//! | to | take |
//! |---|---|
//! | read a text | [`Document::from_text`]: what it says of itself ([`Meta`]), its [`Section`]s and [`Passage`]s |
//! | keep texts | [`Index::create`], [`Index::writer`]: a [`Writer`] adds, replaces and removes documents, all in one step |
//! | ask | a [`Query`], which is parsed from text; [`Index::search`] with [`Options`] answers with [`Results`] and their [`Hit`]s |
//! | read on | [`Index::passage`], [`Index::document`], [`Index::marked`] |
//! | count | [`Index::count`], [`Index::concordance`], [`Index::facets`], [`Index::panel`] |
//! | study words | [`Index::keyness`], [`Index::collocates`], [`Index::new_words`] |
//! | set promises against results | [`targets()`], [`promises()`] |
//! | compare texts | [`cite()`], [`copies_in`], [`copies_of`], [`repeats`], [`difference()`], [`alike()`] |
//! | keep an index well | [`Index::status`], [`Index::verify`], [`Replacement`] |
//! | search a corpus that lies elsewhere | an [`Archive`], which [`Index::over`] reads; [`Cutter::analyze`] is what it is loaded with |
//!
//! Whatever fails does so with an [`Error`]: a [`Kind`] for programs, a message and often a hint for people.
//!
//! # How it works
//!
//! Words find, text proves. The index holds jieba's words in [tantivy](https://docs.rs/tantivy) postings, with
//! frequencies and without positions, and the folded text of every passage beside them, memory-mapped. What must be
//! exact is answered by scanning the text, of a long one the blocks that a filter over pairs of characters lets pass, so no
//! phrase is missed because a dictionary cut it in two; words only rank.
//!
//! The folders of the source are rooms; a text and a question pass through them in this order:
//!
//! ```text
//! a text     → parse → fold → words → store → write    → an index
//! a question → query → find → rank  → search           → an answer
//!                                   → study            → counts
//!                                   → targets, compare → what was promised; what texts share
//! ```
//!
//! # Words used here
//!
//! | word | is |
//! |---|---|
//! | document | one report |
//! | section | a heading and what follows it |
//! | heading | the words that announce a section |
//! | passage | the unit of retrieval: a heading, the text under one lead sentence, or a short paragraph |
//! | word | what jieba cuts; *segment* is only said of tantivy's files |
//! | fold | make equal what readers see as equal: width, case, traditional forms, quotes |
//! | offset, line, ordinal | bytes, counted from 0 (of hits: how many are left out); lines, from 1; a number in a sequence, from 0 |
//! | hit | a passage that matches, with its [`Tier`] |
//! | snippet | text and the ranges in it to highlight |
//!
//! Nothing here prints, reads arguments, opens sockets or starts an async runtime. A scan of megabytes has a thread on each
//! processor, which ends with the query; writing runs threads of tantivy's, which commit and merge.

mod cancel;
mod compare;
mod document;
mod error;
#[cfg(test)]
mod faults;
mod find;
mod fold;
mod index;
mod numerals;
mod parse;
mod patterns;
mod query;
mod rank;
mod replacement;
mod search;
mod store;
mod study;
mod targets;
mod verify;
mod words;
mod write;

pub use cancel::Cancel;
pub use compare::alike::alike;
pub use compare::cite::{Citation, Piece, PieceKind, Quoted, Standing, cite};
pub use compare::copies::{Clause, Copies, CopyOf, CopyOptions, Repeats, Span, copies_in, copies_of, repeats};
pub use compare::difference::{
    Difference, FigureChange, SectionChange, SentenceChange, SentenceKind, Term, difference,
};
pub use compare::elsewhere::{Elsewhere, place_chain};
pub use compare::reference::{reference, unsaid_place};
pub use document::{Document, DocumentEntry, Heading, Level, Meta, Passage, Role, Section, Status};
pub use document::{ancestors, heading_path, passage_id, split_passage_id};
pub use error::{Error, Kind, Result};
pub use fold::folded::Folded;
pub use fold::{BOUNDARY, anchor, fold};
pub use index::Index;
pub use query::amount::Amounts;
pub use query::archive::{Archive, Description, Extent, Wanted};
pub use query::fields::field_in_chinese;
pub use query::names::without_nation;
pub use query::synonyms::Synonyms;
pub use query::{Filter, Query, Scope};
pub use rank::results::{
    DocumentInfo, Duplicate, Hit, Options, RESULTS_SCHEMA, Results, Sort, Suggestion, Tier, Total, Why,
};
pub use rank::snippet::Snippet;
pub use rank::weights::{Explanation, Part, Weights};
pub use replacement::Replacement;
pub use search::facets::{Facet, Facets};
pub use store::excerpt::{Analyzed, BEHIND, Excerpt};
pub use study::collocates::{Collocate, CollocateOptions, Collocates, Window};
pub use study::count::{Concordance, Counts, Dimension, Group};
pub use study::keyness::{Key, Keyness, KeynessOptions, Size};
pub use study::newwords::{NewWord, NewWordOptions};
pub use study::panel::{Overlaps, PanelOptions, PanelRow, Terms};
pub use study::standing::Location;
pub use targets::figure::{Basis, Figure};
pub use targets::indicators::Indicators;
pub use targets::promises::{Outcome, Promise, Promises, promises};
pub use targets::quantity::Direction;
pub use targets::stated::Stated;
pub use targets::{Statement, Targets, place_and_year, report_year, targets};
pub use verify::Damage;
pub use words::{ANALYZER, Cutter};
pub use write::directory::Written;
pub use write::lock::Holder;
pub use write::schema::FORMAT;
pub use write::writer::Writer;
