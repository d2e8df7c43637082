//! `gm-search outline FILE|ID`: the sections of a report as a tree, and what its title block says with the words it says
//! it in. Reads a file without an index, or a document of the index. With `--json`
//! `{"document":{…,"evidence":{…}},"sections":[{"level":n,"label":…,"title":…,"role":…,"line":n,"children":[…]}]}`.

use std::io::Write;

use anyhow::Result;
use gm_index::{DocumentInfo, Role, Section};
use schemars::JsonSchema;
use serde::Serialize;

use super::{Context, documents};
use crate::Outcome;
use crate::cli;
use crate::print;

/// The structure of a document.
#[derive(Serialize, JsonSchema)]
pub struct Outlined {
    pub document: DocumentInfo,
    pub sections: Vec<Node>,
}

/// A section with those inside it.
#[derive(Serialize, JsonSchema)]
pub struct Node {
    pub level: u8,
    pub label: Option<String>,
    /// The number as it is written, for people.
    #[serde(skip)]
    pub mark: String,
    pub title: String,
    pub role: Option<Role>,
    pub line: u32,
    pub children: Vec<Node>,
}

pub fn run(context: &Context, args: cli::Outline) -> Result<Outcome> {
    let document = documents::one(context, &args.document)?;
    let sections = tree(&document.sections, None);
    let outlined = Outlined { document: DocumentInfo { id: document.id, meta: document.meta }, sections };
    let mut out = anstream::stdout().lock();
    if context.json || context.jsonl {
        print::json(&mut out, &outlined)?;
    } else {
        print::outline(&mut out, &outlined)?;
    }
    out.flush()?;
    Ok(Outcome::Done)
}

/// The sections inside `parent`, each with those inside it.
pub fn tree(sections: &[Section], parent: Option<u32>) -> Vec<Node> {
    let children = sections.iter().enumerate().filter(|(_, section)| section.parent == parent);
    children
        .map(|(ordinal, section)| Node {
            level: section.heading.level,
            label: section.heading.label.clone(),
            mark: section.heading.mark.clone(),
            title: section.heading.title.clone(),
            role: section.role,
            line: section.line,
            children: tree(sections, Some(ordinal as u32)),
        })
        .collect()
}
