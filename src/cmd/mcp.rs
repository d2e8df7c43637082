//! `gm-search mcp`: the Model Context Protocol over standard input and output, until the client closes its end. Standard
//! output has the protocol's lines and nothing else. In a folder with `corpus/` and no index it builds one first.

use anyhow::Result;

use super::open_or_build;
use crate::Outcome;
use crate::cli;
use crate::context::{Context, synonyms};
use crate::mcp;

pub fn run(context: &Context, args: cli::Mcp) -> Result<Outcome> {
    let (path, index) = open_or_build(context)?;
    let synonyms = synonyms(args.synonyms.as_deref(), &path)?;
    mcp::run(index, &path, synonyms, args.url)?;
    Ok(Outcome::Done)
}
