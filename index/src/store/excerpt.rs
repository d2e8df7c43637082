//! Passages taken out of their documents, for an engine of others to hold: [`Analyzed`] is what such an engine indexes of a
//! passage, [`Excerpt`] is what it gives back. [`Excerpts`] puts these together again as far as they go.

use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};

use crate::document::{Document, Meta, Passage, Role, Section, ancestors};
use crate::fold::fold_into;
use crate::fold::folded::Folded;
use crate::store::code;
use crate::words::Cutter;
use crate::words::path::Scratch;

/// A passage with all that it takes to search it without the rest of its document.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Excerpt {
    /// The document's id.
    pub document: String,
    /// What is known about the document.
    pub meta: Meta,
    /// The passage's number in the document, from 0.
    pub ordinal: u32,
    /// The source's own text.
    pub text: String,
    /// The number of the passage that opens its paragraph.
    pub paragraph: u32,
    /// Whether the paragraph goes on with the next passage.
    pub goes_on: bool,
    /// As [`Passage::line`].
    pub line: u32,
    /// As [`Passage::role`].
    pub role: Option<Role>,
    /// The sections that it stands in, outermost first. Their parents are not told: each is the one before.
    pub sections: Vec<Section>,
}

/// A passage as an engine that cuts nothing itself is to index it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Analyzed {
    /// What the engine is to give back.
    pub excerpt: Excerpt,
    /// Its words, folded, as they are indexed: behind the words that stand inside it each that jieba cuts.
    pub words: Vec<String>,
    /// Its folded text.
    pub folded: String,
    /// What its paragraph goes on with, folded; up to [`BEHIND`] characters.
    pub behind: String,
    /// Bytes of the compact code that an [`Index`](crate::Index) keeps its text in, with the mark before a paragraph: what
    /// the rough length of passages is compared by.
    pub code_bytes: u32,
}

/// So much of what follows is told with a passage, in characters.
pub const BEHIND: usize = 32;

/// Tells the passages of each paragraph of a document, with the folded text of each. Folding sees a whole paragraph at once.
pub(crate) fn each_paragraph<'d>(document: &'d Document, mut tell: impl FnMut(&'d [Passage], &[Folded])) {
    let mut passages = document.passages.as_slice();
    let mut whole = Folded::default();
    while let Some(first) = passages.first() {
        let start = first.range.start;
        let count = passages.iter().skip(1).take_while(|passage| !passage.opens_paragraph).count() + 1;
        let (paragraph, rest) = passages.split_at(count);
        passages = rest;
        fold_into(&document.text[start..paragraph[count - 1].range.end], &mut whole);
        let cuts = paragraph.iter().skip(1).map(|passage| passage.range.start - start);
        match count {
            1 => tell(paragraph, std::slice::from_ref(&whole)),
            _ => tell(paragraph, &whole.split(cuts)),
        }
    }
}

impl Cutter {
    /// Tells the passages of a document in order, as an engine is to index them. Cost: as adding the document to an index.
    pub fn analyze(&self, document: &Document, mut tell: impl FnMut(Analyzed)) {
        let mut scratch = Scratch::default();
        let mut ordinal = 0;
        each_paragraph(document, |paragraph, folded| {
            let first = ordinal;
            for (at, passage) in paragraph.iter().enumerate() {
                let mut words = Vec::new();
                self.cut(&folded[at], &mut scratch, |word| words.push(folded[at].text[word.range].to_string()));
                let behind = folded[at + 1..].iter().flat_map(|next| next.text.chars()).take(BEHIND).collect();
                let code_bytes = code::encoded(&folded[at].text).len() as u32;
                tell(Analyzed {
                    excerpt: Excerpt {
                        document: document.id.clone(),
                        meta: document.meta.clone(),
                        ordinal,
                        text: document.text[passage.range.clone()].to_string(),
                        paragraph: first,
                        goes_on: at + 1 < paragraph.len(),
                        line: passage.line,
                        role: passage.role,
                        sections: chain(&document.sections, passage.section),
                    },
                    words,
                    folded: folded[at].text.clone(),
                    behind,
                    code_bytes: code_bytes + (ordinal == first) as u32,
                });
                ordinal += 1;
            }
        });
    }
}

/// A section and those around it, outermost first.
fn chain(sections: &[Section], innermost: Option<u32>) -> Vec<Section> {
    let own = |at| Section { parent: None, ..sections[at as usize].clone() };
    let mut chain: Vec<Section> = ancestors(sections, innermost).map(own).collect();
    chain.reverse();
    chain
}

/// Excerpts by their documents, each once.
#[derive(Default)]
pub(crate) struct Excerpts {
    documents: BTreeMap<String, (Meta, BTreeMap<u32, Excerpt>)>,
}

impl Excerpts {
    /// Takes in an excerpt; tells whether it is new.
    pub fn insert(&mut self, mut excerpt: Excerpt) -> bool {
        let (meta, excerpts) = self.documents.entry(excerpt.document.clone()).or_default();
        // kept once for all excerpts of a document
        *meta = std::mem::take(&mut excerpt.meta);
        excerpts.insert(excerpt.ordinal, excerpt).is_none()
    }

    /// The documents that they are of, by their ids. Passages up to the last that is there keep their numbers: those that are
    /// missing are empty.
    pub fn documents(&self) -> impl Iterator<Item = Document> {
        self.documents.iter().map(|(id, (meta, excerpts))| document(id, meta, excerpts))
    }
}

fn document(id: &str, meta: &Meta, excerpts: &BTreeMap<u32, Excerpt>) -> Document {
    let (mut text, mut sections, mut passages) = (String::new(), Vec::new(), Vec::new());
    // sections by what they stand in, where they begin and what they are called
    let mut known: HashMap<(Option<u32>, u32, String), u32> = HashMap::new();
    for (&ordinal, excerpt) in excerpts {
        let end = text.len();
        let missing = Passage { range: end..end, opens_paragraph: true, section: None, role: None, line: excerpt.line };
        passages.resize(ordinal as usize, missing);
        let mut section = None;
        for own in &excerpt.sections {
            let next = sections.len() as u32;
            let ordinal = *known.entry((section, own.line, own.heading.to_string())).or_insert(next);
            if ordinal == next {
                sections.push(Section { parent: section, ..own.clone() });
            }
            section = Some(ordinal);
        }
        text.push_str(&excerpt.text);
        let Excerpt { paragraph, role, line, .. } = *excerpt;
        let opens_paragraph = paragraph == ordinal;
        passages.push(Passage { range: end..text.len(), opens_paragraph, section, role, line });
    }
    Document { id: id.to_string(), meta: meta.clone(), text, sections, passages, stamp: String::new() }
}

#[cfg(test)]
mod tests {
    use super::*;

    const REPORT: &str =
        "某镇政府工作报告\n\n一、回顾\n（一）生态。压实“港长制”，清理滩涂13吨。\n巡护。\n\n二、目标\n增长5%。\n";

    fn excerpts(document: &Document) -> Vec<Excerpt> {
        let mut excerpts = Vec::new();
        Cutter::new().analyze(document, |analyzed| excerpts.push(analyzed.excerpt));
        excerpts
    }

    fn together(excerpts: Vec<Excerpt>) -> Document {
        let mut known = Excerpts::default();
        assert!(excerpts.into_iter().all(|excerpt| known.insert(excerpt)));
        let mut documents = known.documents();
        documents.next().filter(|_| documents.next().is_none()).unwrap()
    }

    #[test]
    fn all_excerpts_are_the_document() {
        let document = Document::from_text("a.txt", REPORT);
        let restored = together(excerpts(&document));
        assert_eq!((&restored.text, &restored.sections), (&document.text, &document.sections));
        assert_eq!(restored.passages.len(), document.passages.len());
        for (restored, passage) in restored.passages.iter().zip(&document.passages) {
            assert_eq!((&restored.range, restored.section), (&passage.range, passage.section));
        }
    }

    #[test]
    fn an_excerpt_keeps_its_number_and_its_headings() {
        let document = Document::from_text("a.txt", REPORT);
        let last = excerpts(&document).pop().unwrap();
        let part = together(vec![last.clone()]);
        assert_eq!(part.passages.len(), document.passages.len());
        let path = crate::document::heading_path(&part.sections, part.passages.last().unwrap().section);
        assert_eq!((path, part.text), (vec!["二、目标".to_string()], last.text));
    }

    #[test]
    fn words_are_told_as_they_are_indexed() {
        let document = Document::from_text("a.txt", REPORT);
        let cutter = Cutter::new();
        let mut told = Vec::new();
        cutter.analyze(&document, |analyzed| told.extend(analyzed.words));
        assert_eq!(told, cutter.words(REPORT));
    }
}
