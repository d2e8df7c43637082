//! Puts documents into the index: folds each paragraph once, cuts its words, and hands the passages to tantivy in one
//! batch, so that they stay neighbours.

use std::sync::Arc;
use std::time::Duration;

use tantivy::indexer::UserOperation;
use tantivy::{IndexWriter, TantivyDocument, TantivyError, Term};

use crate::dictionary::Scratch;
use crate::document::Document;
use crate::error::{Error, Result};
use crate::fold::fold;
use crate::schema::{Schema, Stamp};
use crate::text::Entry;
use crate::words::Cutter;

/// Memory that one indexing thread fills before it writes a segment, in bytes.
const MEMORY: usize = 100_000_000;

/// How often a lock that is held is tried again, and after which pause: a tenth of a second in all.
const LOCK_TRIES: u32 = 10;
const LOCK_PAUSE: Duration = Duration::from_millis(10);

/// One transaction on an index: nothing that it adds or removes is seen before [`commit`](Writer::commit), and all of
/// it afterwards. Dropping a writer forgets its work. There is one writer at a time for an index, in all processes.
pub struct Writer {
    engine: IndexWriter,
    schema: Schema,
    cutter: Arc<Cutter>,
    scratch: Scratch,
    note: String,
    committed: Box<dyn FnOnce() -> Result<()> + Send>,
}

impl Writer {
    pub(crate) fn new(
        index: &tantivy::Index,
        schema: Schema,
        cutter: Arc<Cutter>,
        note: String,
        committed: Box<dyn FnOnce() -> Result<()> + Send>,
    ) -> Result<Self> {
        let mut tries = LOCK_TRIES;
        let engine = loop {
            match index.writer_with_num_threads(1, MEMORY) {
                // a process that is just being started holds our own lock until it has replaced itself
                Err(TantivyError::LockFailure(..)) if tries > 0 => {
                    tries -= 1;
                    std::thread::sleep(LOCK_PAUSE);
                }
                result => break result.map_err(|error| Error::engine("open the index for writing", error))?,
            }
        };
        Ok(Writer { engine, schema, cutter, scratch: Scratch::default(), note, committed })
    }

    /// Adds a document in place of the one with the same id, if there is one. A document without passages only
    /// replaces. Cost: about 10 MB of text a second.
    pub fn add(&mut self, document: &Document) -> Result<()> {
        let mut batch = vec![UserOperation::Delete(self.term(&document.id))];
        let mut passages = document.passages.as_slice();
        while let Some(first) = passages.first() {
            let count = passages.iter().skip(1).take_while(|passage| !passage.opens_paragraph).count() + 1;
            let (paragraph, rest) = passages.split_at(count);
            passages = rest;
            let start = first.range.start;
            let end = paragraph[count - 1].range.end;
            let folded = fold(&document.text[start..end]);
            let cuts = paragraph.iter().skip(1).map(|passage| passage.range.start - start);
            for (passage, folded) in paragraph.iter().zip(folded.split(cuts)) {
                let mut words = String::with_capacity(folded.text.len() * 2);
                let mut count = 0;
                self.cutter.cut(&folded, &mut self.scratch, |word| {
                    words.push_str(&folded.text[word.range]);
                    words.push(' ');
                    count += !word.is_inner as u32;
                });
                let entry = Entry {
                    folded: &folded,
                    words: count,
                    opens_paragraph: passage.opens_paragraph || batch.len() == 1,
                    line: passage.line,
                    section: passage.section,
                    role: passage.role,
                    record: (batch.len() == 1).then_some(document),
                };
                batch.push(UserOperation::Add(self.passage(&document.id, &entry, words)));
            }
        }
        self.engine.run(batch).map_err(|error| Error::engine("add a document", error))?;
        Ok(())
    }

    fn passage(&self, id: &str, entry: &Entry, words: String) -> TantivyDocument {
        let mut passage = TantivyDocument::new();
        passage.add_text(self.schema.document, id);
        passage.add_text(self.schema.words, words);
        passage.add_custom(self.schema.text, &entry.encode());
        passage
    }

    /// Removes the document with this id; nothing happens if there is none.
    pub fn remove(&mut self, id: &str) {
        self.engine.delete_term(self.term(id));
    }

    /// Keeps `note` with the index, in place of the note before; [`Index::note`](crate::Index::note) gives it back. For
    /// what the embedding program must remember about the index as a whole.
    pub fn set_note(&mut self, note: impl Into<String>) {
        self.note = note.into();
    }

    /// Makes everything visible at once and lasting. When it fails, the index is as it was.
    pub fn commit(mut self) -> Result<()> {
        let attempt = |error| Error::engine("commit to the index", error);
        let stamp = serde_json::to_string(&Stamp::new(self.note)).expect("plain data is JSON");
        let mut commit = self.engine.prepare_commit().map_err(attempt)?;
        commit.set_payload(&stamp);
        commit.commit().map_err(attempt)?;
        self.engine.wait_merging_threads().map_err(attempt)?;
        (self.committed)()
    }

    fn term(&self, id: &str) -> Term {
        Term::from_field_text(self.schema.document, id)
    }
}
