//! `gm-search outline FILE|ID`: the sections of a report as a tree, and what its title block says with the words it says
//! it in. Reads a file without an index, or a document of the index. With `--json`
//! `{"document":{…,"evidence":{…}},"sections":[{"level":n,"label":…,"title":…,"role":…,"line":n,"children":[…]}]}`.

use std::io::Write;
use std::path::Path;

use anyhow::Result;
use gm_index::{Document, DocumentInfo, Role, Section};
use schemars::JsonSchema;
use serde::Serialize;

use super::{Context, show};
use crate::Outcome;
use crate::cli;
use crate::extract;
use crate::fail::advised;
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
    let document = find(context, &args.document)?;
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

fn find(context: &Context, name: &str) -> Result<Document> {
    let path = Path::new(name);
    if path.is_file() {
        return Ok(Document::from_text(name, extract::read(path)?.text));
    }
    let found = match context.index_if_any()? {
        Some(index) => show::document(&index, name)?,
        None => None,
    };
    found.ok_or_else(|| {
        advised(format!("`{name}` is neither a file nor a document of the index"), "give the path of a report")
    })
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
