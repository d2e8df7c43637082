//! What a build brings up to date: an index here, or one in an engine. Both keep the same of their documents, so that the same
//! is skipped, replaced and removed.

use anyhow::Result;
use gm_index::{Document, DocumentEntry, Index, Writer};

use crate::files::Skipped;
use crate::origin::Note;
use crate::remote::Loader;

pub enum Target<'a> {
    Local { index: &'a Index, writer: Box<Writer> },
    Remote(Box<Loader>),
}

impl Target<'_> {
    /// Who was at work before and did not come to an end.
    pub fn interrupted(&self) -> Option<String> {
        match self {
            Target::Local { writer, .. } => {
                writer.interrupted().map(|holder| format!("{holder}, begun {} ago", holder.age()))
            }
            Target::Remote(loader) => loader.interrupted.clone(),
        }
    }

    pub fn note(&self) -> Result<Note> {
        match self {
            Target::Local { index, .. } => Ok(Note::of(index)),
            Target::Remote(loader) => Ok(Note::read(&loader.note()?)),
        }
    }

    pub fn documents(&self) -> Result<Vec<DocumentEntry>> {
        match self {
            Target::Local { index, .. } => Ok(index.documents()?),
            Target::Remote(loader) => Ok(loader.documents.clone()),
        }
    }

    pub fn document(&self, id: &str) -> Result<Option<Document>> {
        match self {
            Target::Local { index, .. } => Ok(index.document(id)?),
            Target::Remote(loader) => loader.restored(id),
        }
    }

    pub fn add(&self, document: &Document) -> Result<()> {
        match self {
            Target::Local { writer, .. } => Ok(writer.add(document)?),
            Target::Remote(loader) => loader.add(document),
        }
    }

    pub fn remove(&self, id: &str) -> Result<()> {
        match self {
            Target::Local { writer, .. } => Ok(writer.remove(id)?),
            Target::Remote(loader) => loader.remove(id),
        }
    }

    /// Makes everything lasting, with a note of it, if `is_changed` or there is anything to tidy away. Gives what was refused.
    pub fn commit(self, note: &Note, is_changed: bool) -> Result<Vec<Skipped>> {
        match self {
            Target::Local { index, mut writer } => {
                if is_changed || !index.leftovers()?.is_empty() {
                    writer.set_note(serde_json::to_string(note)?);
                    writer.commit()?;
                }
                Ok(Vec::new())
            }
            Target::Remote(loader) if is_changed => loader.commit(&serde_json::to_string(note)?),
            Target::Remote(_) => Ok(Vec::new()),
        }
    }
}
