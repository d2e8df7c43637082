//! The program as its users meet it, and the laws that hold for the library. One module a command, one for the laws.

mod build;
mod collocates;
mod completions;
mod count;
mod eval;
mod formats;
mod house;
mod keyness;
mod kwic;
mod laws;
mod man;
mod mcp;
mod newwords;
mod outline;
mod panel;
mod query;
mod relevance;
mod reports;
mod serve;
mod show;
mod status;
mod support;
mod trend;
