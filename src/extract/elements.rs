//! The tags of a web page: their attributes, and the elements that they begin and end.

use html5ever::tokenizer::Tag;

use super::vocabulary::BLOCKS;

pub fn get<'a>(tag: &'a Tag, name: &str) -> &'a str {
    has(tag, name).unwrap_or_default()
}

pub fn has<'a>(tag: &'a Tag, name: &str) -> Option<&'a str> {
    tag.attrs.iter().find(|attribute| &*attribute.name.local == name).map(|attribute| &*attribute.value)
}

/// An element that has begun, and how many of its name are open.
pub struct Open {
    name: String,
    depth: usize,
}

impl Open {
    pub fn new(name: &str) -> Self {
        Open { name: name.to_string(), depth: 1 }
    }

    pub fn begin(&mut self, name: &str, void: bool) {
        self.depth += usize::from(self.name == name && !void);
    }

    /// Whether it ends here.
    pub fn end(&mut self, name: &str) -> bool {
        self.depth -= usize::from(self.name == name);
        self.depth == 0
    }

    /// A paragraph ends where a block begins, whether that is said or not.
    pub fn ends_before(&self, name: &str) -> bool {
        self.name == "p" && BLOCKS.contains(&name) && name != "br"
    }
}

/// How the items of a list are numbered, and the number before the first.
pub fn numbers(tag: &Tag, style: &str) -> Option<(&'static str, u32)> {
    let is_plain = ["none", "disc", "circle", "square"].iter().any(|sign| {
        let shape = style.split_once("list-style").and_then(|(_, shape)| shape.split(';').next());
        shape.is_some_and(|shape| shape.contains(sign))
    });
    let format = match get(tag, "type") {
        "a" => "lowerLetter",
        "A" => "upperLetter",
        "i" => "lowerRoman",
        "I" => "upperRoman",
        _ => "decimal",
    };
    let start: u32 = get(tag, "start").parse().unwrap_or(1);
    (&*tag.name == "ol" && !is_plain).then_some((format, start.saturating_sub(1)))
}
