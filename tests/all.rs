//! The program as its users meet it, and the laws that hold for the library. One module a command, one for the laws.

mod build;
mod count;
mod eval;
mod formats;
mod house;
mod kwic;
mod laws;
mod outline;
mod query;
mod relevance;
mod reports;
mod show;
mod status;
mod support;
mod targets;
