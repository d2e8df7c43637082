//! The sections of a document as a tree.

use gm_index::{Document, DocumentInfo, RESULTS_SCHEMA, Role, Section};
use schemars::JsonSchema;
use serde::Serialize;

/// The structure of a document.
#[derive(Serialize, JsonSchema)]
pub struct Outlined {
    pub schema: &'static str,
    pub document: DocumentInfo,
    pub sections: Vec<Node>,
}

impl Outlined {
    /// Of a document, whether it is in an index or not.
    pub fn of(document: Document) -> Self {
        let sections = tree(&document.sections);
        Outlined { schema: RESULTS_SCHEMA, document: DocumentInfo { id: document.id, meta: document.meta }, sections }
    }
}

/// A section with those inside it.
#[derive(Serialize, JsonSchema)]
pub struct Node {
    pub level: u8,
    pub label: Option<String>,
    /// Number and title as they are written, for people.
    #[serde(skip)]
    pub heading: String,
    pub title: String,
    pub role: Option<Role>,
    pub line: u32,
    pub children: Vec<Node>,
}

/// The sections as a tree. A section stands before those inside it.
fn tree(sections: &[Section]) -> Vec<Node> {
    let mut children: Vec<Vec<Node>> = sections.iter().map(|_| Vec::new()).collect();
    let mut outermost = Vec::new();
    for (ordinal, section) in sections.iter().enumerate().rev() {
        let mut inside = std::mem::take(&mut children[ordinal]);
        inside.reverse();
        let node = Node {
            level: section.heading.level,
            label: section.heading.label.clone(),
            heading: section.heading.to_string(),
            title: section.heading.title.clone(),
            role: section.role,
            line: section.line,
            children: inside,
        };
        match section.parent {
            Some(parent) => children[parent as usize].push(node),
            None => outermost.push(node),
        }
    }
    outermost.reverse();
    outermost
}
