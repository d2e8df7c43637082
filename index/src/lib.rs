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
//! # How it works
//!
//! Words find, text proves. The index holds jieba's words in [tantivy](https://docs.rs/tantivy) postings, with
//! frequencies and without positions, and the folded text of every passage beside them, memory-mapped. What must be
//! exact is answered by scanning the text, of a long one the blocks that a filter over pairs of characters lets pass, so no
//! phrase is missed because a dictionary cut it in two; words only rank.
//!
//! # Words used here
//!
//! | word | is |
//! |---|---|
//! | document | one report |
//! | section | a heading and what follows it |
//! | heading | the words that announce a section |
//! | passage | the unit of retrieval: the text under one lead sentence, or a short paragraph |
//! | word | what jieba cuts; *segment* is only said of tantivy's files |
//! | fold | make equal what readers see as equal: width, case, traditional forms, quotes |
//! | offset, line, ordinal | bytes, counted from 0; lines, from 1; a number in a sequence, from 0 |
//! | hit | a passage that matches, with its [`Tier`] |
//! | snippet | text and the ranges in it to highlight |
//!
//! Nothing here prints, reads arguments, opens sockets or starts an async runtime. A scan of megabytes has a thread on each
//! processor, which ends with the query; writing runs threads of tantivy's, which commit and merge.

mod above;
mod added;
mod alike;
mod amount;
mod archive;
mod bm25;
mod candidates;
mod cite;
mod code;
mod collocates;
mod complete;
mod component;
mod copies;
mod corpus;
mod count;
mod details;
mod dictionary;
mod difference;
mod directory;
mod document;
mod edits;
mod elsewhere;
mod error;
mod evidence;
mod excerpt;
mod facets;
#[cfg(test)]
mod faults;
mod fields;
mod figures;
mod files;
mod find;
mod fold;
mod grams;
mod header;
mod index;
mod indicators;
mod keyness;
mod known;
mod lines;
mod lists;
mod lock;
mod marks;
mod matching;
mod newwords;
mod outline;
mod page;
mod pairs;
mod panel;
mod parse;
mod part;
mod places;
mod plain;
mod promises;
mod quantity;
mod query;
mod question;
mod rank;
mod reading;
mod record;
mod reference;
mod replacement;
mod results;
mod rice;
mod schema;
mod search;
mod segment;
mod sentences;
mod simplified;
mod snapshot;
mod snippet;
mod sound;
mod statistics;
mod suggest;
mod synonyms;
mod syntax;
mod table;
mod targets;
mod term;
mod text;
mod threads;
mod varint;
mod verify;
mod weights;
mod when;
mod within;
mod words;
mod writer;

pub use alike::alike;
pub use amount::Amounts;
pub use archive::{Archive, Description, Extent, Wanted};
pub use cite::{Citation, Piece, PieceKind, Quoted, Standing, cite};
pub use collocates::{Collocate, CollocateOptions, Collocates, Window};
pub use copies::{Clause, Copies, CopyOf, CopyOptions, Repeats, Span, copies_in, copies_of, repeats};
pub use count::{Concordance, Counts, Dimension, Group};
pub use difference::{Difference, FigureChange, SectionChange, SentenceChange, SentenceKind, Term, difference};
pub use directory::Written;
pub use document::{Document, DocumentEntry, Heading, Level, Meta, Passage, Role, Section, Status, heading_path};
pub use elsewhere::Elsewhere;
pub use error::{Error, Kind, Result};
pub use excerpt::{Analyzed, BEHIND, Excerpt};
pub use facets::{Facet, Facets};
pub use fold::{BOUNDARY, Folded, fold};
pub use index::Index;
pub use indicators::Indicators;
pub use keyness::{Key, Keyness, KeynessOptions, Size};
pub use lock::Holder;
pub use newwords::{NewWord, NewWordOptions};
pub use panel::{Location, Overlaps, PanelOptions, PanelRow, Terms};
pub use promises::{Outcome, Promise, Promises, promises};
pub use quantity::Direction;
pub use query::{Filter, Query, Scope};
pub use reference::reference;
pub use replacement::Replacement;
pub use results::{Copy, DocumentInfo, Hit, Options, RESULTS_SCHEMA, Results, Sort, Suggestion, Tier, Total};
pub use schema::FORMAT;
pub use snippet::Snippet;
pub use synonyms::Synonyms;
pub use targets::{Figure, Stated, Statement, Targets, report_year, targets};
pub use verify::Damage;
pub use weights::{Explanation, Part, Weights};
pub use words::{ANALYZER, Cutter};
pub use writer::Writer;
