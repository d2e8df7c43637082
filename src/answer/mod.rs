//! What verbs find out beyond the library's own answers, as plain data: the terminal, the API, the page and MCP tell it, each in
//! its way.

pub mod absent;
pub mod count;
pub mod excerpt;
pub mod kwic;
pub mod narrowed;
pub mod outline;
pub mod show;
pub mod similar;
pub mod status;
pub mod trend;
pub mod weaker;
