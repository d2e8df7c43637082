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
    /// From 1, the outermost.
    pub level: u8,
    /// Its number as it is written: 一、 or （二）.
    pub label: Option<String>,
    /// Its ordinal in the document.
    #[serde(skip)]
    pub ordinal: usize,
    /// Number and title as they are written, for people.
    #[serde(skip)]
    pub heading: String,
    /// What stands behind the number.
    pub title: String,
    /// What the section does.
    pub role: Option<Role>,
    /// The line of its heading, from 1.
    pub line: u32,
    /// The sections inside it.
    pub children: Vec<Node>,
}

/// The sections as a tree. A section stands before those inside it; anything else is damage.
pub fn tree(sections: &[Section]) -> Vec<Node> {
    let mut children: Vec<Vec<Node>> = sections.iter().map(|_| Vec::new()).collect();
    let mut outermost = Vec::new();
    for (ordinal, section) in sections.iter().enumerate().rev() {
        let mut inside = std::mem::take(&mut children[ordinal]);
        inside.reverse();
        let node = Node {
            level: section.heading.level,
            label: section.heading.label.clone(),
            ordinal,
            heading: section.heading.to_string(),
            title: section.heading.title.clone(),
            role: section.role,
            line: section.line,
            children: inside,
        };
        match section.parent.filter(|&parent| (parent as usize) < ordinal) {
            Some(parent) => children[parent as usize].push(node),
            None => outermost.push(node),
        }
    }
    outermost.reverse();
    outermost
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn damaged_sections_are_a_tree_all_the_same() {
        let mut document =
            Document::from_text("a.txt", "某镇政府工作报告\n\n一、回顾\n（一）生态\n清理滩涂。\n二、目标\n增长。\n");
        let roots = |sections: &[Section]| tree(sections).iter().map(|node| node.ordinal).collect::<Vec<_>>();
        assert_eq!(roots(&document.sections), [0, 2]);
        (document.sections[0].parent, document.sections[1].parent) = (Some(0), Some(9));
        assert_eq!(roots(&document.sections), [0, 1, 2]);
    }
}
