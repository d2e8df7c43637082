//! Proves an index whole. First every file is read back and held against the checksum that tantivy wrote behind it; only then
//! is anything in it believed. Then the parts are held against each other: words against text, lengths against words, ids
//! against documents, and the filter against the text that it is made from.

use std::io::ErrorKind;
use std::path::PathBuf;

use memchr::memmem;
use serde::Serialize;
use tantivy::directory::error::OpenReadError;
use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::Postings;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocSet, SegmentReader, TERMINATED};

use crate::error::{Error, Kind, Result};
use crate::store::code;
use crate::store::text::SegmentText;
use crate::write::schema::Schema;

/// What is wrong with an index.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Damage {
    /// The file, or the segment whose parts contradict each other.
    pub file: String,
    /// What is wrong with it.
    pub what: String,
}

/// The files whose content is not what was written. They are those that the index is made of: tantivy's own check asks only
/// for the ones in its list of files to tidy away, which can be damaged too.
pub(crate) fn damaged_files(engine: &tantivy::Index) -> Result<Vec<Damage>> {
    let failed = |error| Error::engine("read the index back", error);
    let metas = engine.load_metas().map_err(failed)?;
    let mut files: Vec<PathBuf> = metas.list_segment_files().into_iter().collect();
    files.sort();
    let mut damage = Vec::new();
    for path in files {
        let what = match engine.directory().validate_checksum(&path) {
            Ok(true) => continue,
            Ok(false) => "its content is not what was written: the checksum differs".to_string(),
            // of a segment from which nothing was deleted
            Err(OpenReadError::FileDoesNotExist(_)) if path.to_string_lossy().ends_with(".0.del") => continue,
            Err(OpenReadError::FileDoesNotExist(_)) => "it is missing".to_string(),
            Err(OpenReadError::IoError { io_error, .. }) if io_error.kind() == ErrorKind::InvalidData => {
                "it is cut off or overwritten".to_string()
            }
            // what may not be read is not known to be damaged
            Err(OpenReadError::IoError { io_error, filepath }) => {
                return Err(Error::new(Kind::Io, format!("cannot read `{}`: {io_error}", filepath.display())));
            }
            Err(error) => error.to_string(),
        };
        damage.push(Damage { file: path.display().to_string(), what });
    }
    Ok(damage)
}

/// The first thing in a segment that contradicts another; `None` if all agree.
pub(crate) fn contradiction(reader: &SegmentReader, text: &SegmentText, schema: &Schema) -> Result<Option<Damage>> {
    let found = match documents(reader, text, schema)? {
        None => words(reader, text, schema)?,
        found => found,
    };
    let found = found.or_else(|| (!text.filter_is_true()).then(|| "the filter is not that of the text".to_string()));
    Ok(found.map(|what| Damage { file: reader.segment_id().uuid_string(), what }))
}

/// Every description and every passage can be read, and each id leads to the passages of its document.
fn documents(reader: &SegmentReader, text: &SegmentText, schema: &Schema) -> Result<Option<String>> {
    let attempt = |error| Error::engine("read the ids of the documents", error);
    let ids = reader.inverted_index(schema.document).map_err(attempt)?;
    for document in 0..text.documents() {
        let passages = text.passages_of(document);
        let id = text.record(document)?.id;
        let term = tantivy::Term::from_field_text(schema.document, &id);
        let mut posted = ids.read_postings(&term, IndexRecordOption::Basic).map_err(|error| attempt(error.into()))?;
        for passage in passages {
            text.folded(passage)?;
            let Some(posted) = posted.as_mut().filter(|posted| posted.doc() == passage) else {
                return Ok(Some(format!("the id `{id}` does not lead to passage {passage}")));
            };
            posted.advance();
        }
        if posted.is_some_and(|posted| posted.doc() != TERMINATED) {
            return Ok(Some(format!("the id `{id}` leads to passages of another document")));
        }
    }
    Ok(None)
}

/// Every word stands in the text of its passages, and the lengths are the sums of the words.
fn words(reader: &SegmentReader, text: &SegmentText, schema: &Schema) -> Result<Option<String>> {
    let attempt = |error| Error::engine("read the words", error);
    let index = reader.inverted_index(schema.words).map_err(attempt)?;
    let mut terms = index.terms().stream().map_err(|error| attempt(error.into()))?;
    let mut lengths = vec![0u32; text.passages() as usize];
    while let Some((term, info)) = terms.next() {
        let Ok(word) = std::str::from_utf8(term) else { return Ok(Some("a word is not text".to_string())) };
        let code = code::encoded(word);
        let finder = memmem::Finder::new(&code);
        let postings = index.read_postings_from_terminfo(info, IndexRecordOption::WithFreqs);
        let mut postings = postings.map_err(|error| attempt(error.into()))?;
        while postings.doc() != TERMINATED {
            let passage = postings.doc();
            let Some(length) = lengths.get_mut(passage as usize) else {
                return Ok(Some(format!("`{word}` is in passage {passage}, which is not there")));
            };
            *length += postings.term_freq();
            if code::find(&finder, text.text(), text.range(passage)).is_none() {
                return Ok(Some(format!("`{word}` does not stand in passage {passage}")));
            }
            postings.advance();
        }
    }
    let norms = reader.get_fieldnorms_reader(schema.words).map_err(attempt)?;
    let passages = 0..text.passages();
    let wrong = passages.clone().zip(text.words(passages)).find(|&(passage, words)| {
        let length = lengths[passage as usize];
        FieldNormReader::fieldnorm_to_id(length) != norms.fieldnorm_id(passage) || words > length
    });
    Ok(wrong.map(|(passage, _)| format!("the length of passage {passage} is not the number of its words")))
}
