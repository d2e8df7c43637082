//! Makes a [`Document`] of a text: its outline and its header together.

pub(crate) mod header;
pub(crate) mod lines;
pub(crate) mod marks;
pub(crate) mod outline;
pub(crate) mod places;
pub(crate) mod roles;
pub(crate) mod shapes;
pub(crate) mod when;

use crate::document::Document;
use crate::parse::header::header;
use crate::parse::lines::paragraphs;
use crate::parse::outline::outline;
use crate::parse::shapes::shapes;

impl Document {
    /// Reads the structure of `text`. `source` says where the text came from (a path, an address) and is also the
    /// document's id; change [`Document::id`] if it needs another. Never fails: a text without any structure is a
    /// document of plain passages.
    ///
    /// ```
    /// let report = gm_index::Document::from_text("demo.txt", "某镇政府工作报告\n\n一、2024年工作回顾\n成绩不少。\n");
    /// assert_eq!(report.meta.title, "某镇政府工作报告");
    /// assert_eq!(report.sections[0].heading.title, "2024年工作回顾");
    /// ```
    pub fn from_text(source: impl Into<String>, text: impl Into<String>) -> Document {
        let (source, text) = (source.into(), text.into());
        let paragraphs = paragraphs(&text);
        let shapes = shapes(&text, &paragraphs);
        let title_block = paragraphs.get(shapes.speech.start).map_or(0, |first| first.range.start);
        let mut meta = header(&text, title_block, shapes.parts());
        let outline = outline(&text, &paragraphs, &shapes, meta.year);
        if meta.title.is_empty() {
            meta.title = source.clone();
        }
        meta.source = source.clone();
        Document {
            id: source,
            meta,
            text,
            sections: outline.sections,
            passages: outline.passages,
            stamp: String::new(),
        }
    }
}
