//! The program as its users meet it, and the laws that hold for the library. One module a command, one for the laws.

mod build;
mod cite;
mod count;
mod diff;
mod dup;
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
mod similar;
mod status;
mod support;
mod targets;
