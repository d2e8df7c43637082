//! An index of another format or analyzer is built again from the folders that it remembers. It takes the place of the old one
//! at the end, in one step: until then the old files stay as they are, whenever the build is killed.

use std::path::Path;

use anyhow::Result;
use gm_index::{Error, FORMAT, Index, Replacement};

use super::sources::user_words;
use super::target::Target;
use super::{Request, Sources, Summary};
use crate::context::{Context, short};
use crate::fail::advised;
use crate::origin::{Note, Root};

/// Builds the index in `path` again, which `error` says cannot be used. Fails where something would be lost without a word: a
/// folder is not there, none is remembered, or documents are to stay whose file has gone.
pub fn rebuild(context: &Context, path: &Path, request: &Request, error: &Error) -> Result<(Summary, Index)> {
    let written = Index::written(path)?;
    let mut note = Note::read(&written.note);
    let set_aside = format!("move `{}` away, and build again from all its folders", short(path).display());
    if written.format > FORMAT {
        return Err(advised(error.to_string(), format!("use the newer gm-search that wrote it; or {set_aside}")));
    }
    if note.roots.is_empty() {
        return Err(advised(format!("{error}; it does not say from which folders it was built"), set_aside));
    }
    if !request.prune {
        return Err(advised(
            format!("{error}; a document whose file has gone cannot be taken over from it (--no-prune)"),
            format!("without --no-prune, what there is will be built again; to keep the old index, {set_aside}"),
        ));
    }
    note.remember(&request.roots);
    if let Some(Root { path: missing, .. }) = note.roots.iter().find(|root| !root.is_there()) {
        return Err(advised(
            format!("{error}; `{}`, from which it was built too, is not there", missing.display()),
            format!("bring that back; or {set_aside}"),
        ));
    }
    let words = request.words.clone().or(note.words_file);
    let request = Request { roots: note.roots, words, prune: true };
    let sources = Sources::of(path, &request, &Note::default())?;
    let replacement = Replacement::begin(path)?;
    let writer = Box::new(replacement.index().writer_with_words(user_words(&sources.words))?);
    let mut summary = sources.update(context, Target::Local { index: replacement.index(), writer }, true)?;
    let index = replacement.switch()?;
    summary.rebuilt = Some(error.to_string());
    Ok((summary, index))
}
