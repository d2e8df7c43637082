//! The sections of a document as a tree.

use gm_index::{DocumentInfo, Role, Section};
use schemars::JsonSchema;
use serde::Serialize;

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
