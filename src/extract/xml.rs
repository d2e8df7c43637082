//! Events of an XML member in bounded memory: local names, resolved entities, a limit to nesting.

use std::borrow::Cow;

use anyhow::Result;
use quick_xml::XmlVersion;
use quick_xml::events::{BytesStart, Event};
use quick_xml::reader::Reader;

use crate::fail::advised;

/// Office programs nest a table in a table in a text box; nobody nests this deep.
const DEEPEST: usize = 512;

/// What a member says, piece by piece. Elements without content open and close.
pub enum Node<'a> {
    Open(Tag<'a>),
    Close(&'a str),
    Text(Cow<'a, str>),
}

/// The start of an element.
pub struct Tag<'a>(BytesStart<'a>);

impl Tag<'_> {
    /// The name without its namespace.
    pub fn name(&self) -> &str {
        self.0.local_name().into_inner()
    }

    /// The name with its namespace as the member abbreviates it, for the few where that matters.
    pub fn full_name(&self) -> &str {
        self.0.name().into_inner()
    }

    /// The value of an attribute, by its name without its namespace.
    pub fn get(&self, name: &str) -> Option<String> {
        let found = self.0.attributes().flatten().find(|attribute| attribute.key.local_name().into_inner() == name)?;
        let value = found.normalized_value(XmlVersion::Implicit1_0).ok()?;
        Some(value.into_owned())
    }

    pub fn number(&self, name: &str) -> Option<u32> {
        self.get(name)?.parse().ok()
    }
}

/// Hands every node of the member `name` to `on`.
pub fn each(name: &str, bytes: &[u8], mut on: impl FnMut(Node) -> Result<()>) -> Result<()> {
    let text = std::str::from_utf8(bytes).map_err(|error| damaged(name, &error))?;
    let mut reader = Reader::from_str(text);
    reader.config_mut().expand_empty_elements = true;
    let mut depth = 0;
    loop {
        match reader.read_event().map_err(|error| damaged(name, &error))? {
            Event::Start(start) => {
                depth += 1;
                if depth > DEEPEST {
                    return Err(damaged(name, &format!("elements nested more than {DEEPEST} deep")));
                }
                on(Node::Open(Tag(start)))?;
            }
            Event::End(end) => {
                depth -= 1;
                on(Node::Close(end.local_name().into_inner()))?;
            }
            Event::Text(text) => on(Node::Text(text.xml10_content()))?,
            Event::CData(text) => on(Node::Text(text.xml10_content()))?,
            Event::GeneralRef(entity) => {
                let resolved = match entity.resolve_char_ref().map_err(|error| damaged(name, &error))? {
                    Some(char) => char.to_string(),
                    None => quick_xml::escape::resolve_predefined_entity(&entity.into_inner()).unwrap_or("").into(),
                };
                on(Node::Text(resolved.into()))?;
            }
            Event::Eof if depth > 0 => return Err(damaged(name, &"it ends inside an element")),
            Event::Eof => return Ok(()),
            _ => {}
        }
    }
}

fn damaged(name: &str, error: &dyn std::fmt::Display) -> anyhow::Error {
    advised(
        format!("its member `{name}` is damaged ({error})"),
        "fetch it again, or open and save it with Word, WPS or LibreOffice",
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(xml: &str) -> Result<String> {
        let mut all = String::new();
        each("m", xml.as_bytes(), |node| {
            if let Node::Text(text) = node {
                all.push_str(&text);
            }
            Ok(())
        })?;
        Ok(all)
    }

    #[test]
    fn entities_are_resolved_and_nesting_ends() {
        assert_eq!(text("<a>甲 &amp; &#20057;<b/><![CDATA[<丙>]]></a>").unwrap(), "甲 & 乙<丙>");
        assert!(text("<a><b></a>").is_err());
        assert!(text("<a>").unwrap_err().to_string().contains("ends inside"));
        assert!(text(&"<a>".repeat(1_000_000)).unwrap_err().to_string().contains("nested"));
    }
}
