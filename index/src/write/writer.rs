//! One transaction on an index: documents become segments, and tantivy's writer commits them together with what is
//! deleted.

use std::collections::{BTreeMap, HashSet};
use std::fmt;
use std::ops::{Deref, DerefMut};
use std::panic::resume_unwind;
use std::sync::{Mutex, PoisonError, RwLock, RwLockWriteGuard};
use std::thread::ScopedJoinHandle;

use tantivy::directory::Directory;
use tantivy::index::SegmentId;
use tantivy::indexer::{LogMergePolicy, NoMergePolicy};
use tantivy::schema::Field;
use tantivy::{IndexWriter, TantivyError, Term};

use crate::document::Document;
use crate::error::{Error, Kind, Result, lock};
use crate::words::Cutter;
use crate::write::directory::Written;
use crate::write::lock::{Holder, WriterLock, patiently};
use crate::write::schema::Schema;
use crate::write::segment::SegmentBuilder;
use crate::write::within::Within;

/// What tantivy's writer asks for at least, in bytes; it indexes nothing itself.
const MEMORY: usize = 15_000_000;

/// A segment of which a larger share is deleted is written anew, so that an index that is kept up to date for years does not grow with
/// what has long been replaced. Every byte is written at most twice for that.
const MOST_DELETED: f32 = 0.5;

/// A document for tantivy to index, of which there is none. Its queue has room for tens of thousands and is made anew for every
/// commit: of tantivy's own documents that are megabytes.
enum Nothing {}

impl tantivy::Document for Nothing {
    type Value<'a> = &'a String;
    type FieldsValuesIter<'a> = std::iter::Empty<(Field, &'a String)>;

    fn iter_fields_and_values(&self) -> Self::FieldsValuesIter<'_> {
        match *self {}
    }
}

/// tantivy's writer. Dropped before it has committed, it takes the segments that were written for nothing with it: where the disk is
/// full it may be they that fill it.
struct Engine(Option<IndexWriter<Nothing>>);

/// What it is that nobody can ask for.
const AT_WORK: &str = "taken out by a commit, which is the end";

impl Deref for Engine {
    type Target = IndexWriter<Nothing>;

    fn deref(&self) -> &Self::Target {
        self.0.as_ref().expect(AT_WORK)
    }
}

impl DerefMut for Engine {
    fn deref_mut(&mut self) -> &mut Self::Target {
        self.0.as_mut().expect(AT_WORK)
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        if let Some(mut engine) = self.0.take() {
            // what stays lies about until the next writer
            let _ = engine.rollback().and_then(|_| engine.garbage_collect_files().wait());
        }
    }
}

/// What a writer that cannot be had was wanted for.
pub(crate) const BEGIN: &str = "open the index for writing";

/// One transaction on an index: nothing that it adds or removes is seen before [`commit`](Writer::commit), and all of
/// it afterwards. Dropping a writer forgets its work. There is one writer at a time for an index, in all processes; many
/// threads may add to it at once.
pub struct Writer {
    engine: Engine,
    schema: Schema,
    cutter: Cutter,
    /// Segments in the making that no thread is adding to.
    idle: Mutex<Vec<SegmentBuilder>>,
    /// The ids of all documents that are in no written segment.
    pending: Mutex<HashSet<String>>,
    /// The segments of the index, and those that were written since.
    written: Mutex<Vec<SegmentId>>,
    /// The ids of documents that are to go from the first so many of these.
    deletes: Mutex<BTreeMap<usize, Vec<String>>>,
    /// Shared by all that add, and had alone by who must see all that was added.
    adding: RwLock<()>,
    note: String,
    committed: Box<dyn FnOnce() -> Result<()> + Send + Sync>,
    /// Given back after everything else.
    lock: WriterLock,
}

impl fmt::Debug for Writer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Writer").finish_non_exhaustive()
    }
}

impl Writer {
    pub(crate) fn new(
        lock: WriterLock,
        index: &tantivy::Index,
        schema: Schema,
        cutter: Cutter,
        note: String,
        committed: Box<dyn FnOnce() -> Result<()> + Send + Sync>,
    ) -> Result<Self> {
        // a version of this crate without our lock holds this one
        let engine = patiently(
            || index.writer_with_num_threads(1, MEMORY),
            |error| matches!(error, TantivyError::LockFailure(..)),
        );
        let engine = engine.map_err(|error| Error::engine(BEGIN, error))?;
        // What a writer left that was killed or has failed goes first: its files take room, and tantivy makes no file twice,
        // though it may give the next list of deleted passages the name of the last.
        engine.garbage_collect_files().wait().map_err(|error| Error::engine(BEGIN, error))?;
        // until the commit, segments stay who they are
        engine.set_merge_policy(Box::new(NoMergePolicy));
        let segments = index.searchable_segment_ids();
        let segments = segments.map_err(|error| Error::engine("read the list of segments", error))?;
        Ok(Writer {
            engine: Engine(Some(engine)),
            schema,
            cutter,
            idle: Mutex::default(),
            pending: Mutex::default(),
            written: Mutex::new(segments),
            deletes: Mutex::default(),
            adding: RwLock::default(),
            note,
            committed,
            lock,
        })
    }

    /// The writer before this one, if it was killed: what it had not committed is not in the index.
    pub fn interrupted(&self) -> Option<&Holder> {
        self.lock.interrupted.as_ref()
    }

    /// Adds a document in place of the one with the same id, if there is one. A document without passages only
    /// replaces. Several threads that add at once make a segment each. Fails with [`Kind::Input`] if the ranges of its passages are
    /// not one behind the other, or do not begin and end with its text, and with [`Kind::Io`] or [`Kind::Engine`] if a full segment cannot be
    /// written.
    pub fn add(&self, document: &Document) -> Result<()> {
        check(document)?;
        if document.passages.is_empty() {
            return self.remove(&document.id);
        }
        let shared = self.adding.read().unwrap_or_else(PoisonError::into_inner);
        if lock(&self.pending).insert(document.id.clone()) {
            return self.add_new(document);
        }
        drop(shared);
        let _alone = self.alone()?;
        lock(&self.pending).insert(document.id.clone());
        self.add_new(document)
    }

    /// Adds a document whose id is in no segment in the making.
    fn add_new(&self, document: &Document) -> Result<()> {
        self.delete(&document.id);
        let idle = lock(&self.idle).pop();
        let mut builder = idle.unwrap_or_else(|| SegmentBuilder::new(self.cutter.dictionary()));
        builder.add(document, &self.cutter);
        match builder.is_full() {
            true => self.write(builder)?,
            false => lock(&self.idle).push(builder),
        }
        Ok(())
    }

    /// Removes the document with this id; nothing happens if there is none.
    pub fn remove(&self, id: &str) -> Result<()> {
        let _alone = if lock(&self.pending).contains(id) { Some(self.alone()?) } else { None };
        self.delete(id);
        Ok(())
    }

    /// Marks what is to be deleted from the segments that are written by now.
    fn delete(&self, id: &str) {
        let written = lock(&self.written).len();
        if written > 0 {
            lock(&self.deletes).entry(written).or_default().push(id.to_string());
        }
    }

    /// Waits until no other thread adds, and writes all that was added: then what was added can be deleted.
    fn alone(&self) -> Result<RwLockWriteGuard<'_, ()>> {
        let alone = self.adding.write().unwrap_or_else(PoisonError::into_inner);
        self.write_idle()?;
        Ok(alone)
    }

    /// Writes what is in memory, a thread for each segment, as there was for its documents.
    fn write_idle(&self) -> Result<()> {
        let mut idle = std::mem::take(&mut *lock(&self.idle));
        let Some(own) = idle.pop() else { return Ok(()) };
        std::thread::scope(|scope| {
            let others: Vec<_> = idle.into_iter().map(|builder| scope.spawn(|| self.write(builder))).collect();
            let written = self.write(own);
            let joined =
                |other: ScopedJoinHandle<Result<()>>| other.join().unwrap_or_else(|panic| resume_unwind(panic));
            others.into_iter().map(joined).fold(written, Result::and)
        })
    }

    /// Writes a segment, and hands it to tantivy for the next commit.
    fn write(&self, builder: SegmentBuilder) -> Result<()> {
        let ids: Vec<String> = builder.ids().cloned().collect();
        let attempt = |error| Error::engine("write a segment of the index", error);
        // a segment's files are not tidied away while this stands for them
        let segment = self.engine.new_segment();
        let meta = builder.write(&segment, &self.schema).map_err(attempt)?;
        lock(&self.written).push(meta.id());
        self.engine.add_segment(meta).map_err(attempt)?;
        // only now can they be deleted
        let mut pending = lock(&self.pending);
        for id in &ids {
            pending.remove(id);
        }
        Ok(())
    }

    /// Keeps `note` with the index, in place of the note before; [`Index::note`](crate::Index::note) gives it back. For
    /// what the embedding program must remember about the index as a whole.
    pub fn set_note(&mut self, note: impl Into<String>) {
        self.note = note.into();
    }

    /// Makes everything visible at once and lasting. When it fails, the index is as it was, unless [`Error::is_committed`]: then
    /// only what comes behind has failed, such as reading it again. It does fail if some document could not be added before, for
    /// the others that were in memory with it are lost too.
    pub fn commit(mut self) -> Result<()> {
        self.write_idle()?;
        let lost = lock(&self.pending).len();
        if lost > 0 {
            let what = format!("cannot commit to the index: {lost} documents could not be written");
            return Err(Error::new(Kind::Io, what).with_hint("see to what `add` failed with, and begin again"));
        }
        let attempt = |error| Error::engine("commit to the index", error);
        let written = lock(&self.written);
        for (count, ids) in std::mem::take(&mut *lock(&self.deletes)) {
            let terms = ids.iter().map(|id| Term::from_field_text(self.schema.document, id));
            let query = Within::new(terms, written[..count].iter().copied());
            self.engine.delete_query(Box::new(query)).map_err(attempt)?;
        }
        drop(written);
        let mut merges = LogMergePolicy::default();
        merges.set_del_docs_ratio_before_merge(MOST_DELETED);
        self.engine.set_merge_policy(Box::new(merges));
        let written = serde_json::to_string(&Written::new(self.note)).expect("plain data is JSON");
        let mut commit = self.engine.prepare_commit().map_err(attempt)?;
        commit.set_payload(&written);
        commit.commit().map_err(attempt)?;
        // tantivy makes the files lasting before it renames the one that names them, and leaves this to chance
        let made_lasting = self.engine.index().directory().sync_directory();
        made_lasting.map_err(|error| attempt(error.into()).after_commit())?;
        // a merge that fails leaves its segments as they are
        let engine = self.engine.0.take().expect(AT_WORK);
        engine.wait_merging_threads().map_err(attempt).map_err(Error::after_commit)?;
        (self.committed)().map_err(Error::after_commit)
    }
}

/// Whether the passages of a document are its text.
fn check(document: &Document) -> Result<()> {
    let mut end = 0;
    for passage in &document.passages {
        if passage.range.start != end || document.text.get(passage.range.clone()).is_none() {
            let what = format!(
                "cannot add `{}`: its passage {:?} is no part of its text behind {end}",
                document.id, passage.range
            );
            return Err(Error::new(Kind::Input, what).with_hint("make it by `Document::from_text`"));
        }
        end = passage.range.end;
    }
    if end != document.text.len() && !document.passages.is_empty() {
        let what =
            format!("cannot add `{}`: its passages end at {end}, its text at {}", document.id, document.text.len());
        return Err(Error::new(Kind::Input, what).with_hint("make it by `Document::from_text`"));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_writer_that_does_not_commit_leaves_nothing() {
        let directory = tempfile::tempdir().unwrap();
        let index = crate::Index::create(directory.path()).unwrap();
        let writer = index.writer().unwrap();
        // what is added again is written first
        for _ in 0..2 {
            writer.add(&Document::from_text("a", "典型村。")).unwrap();
        }
        assert!(!index.leftovers().unwrap().is_empty());
        drop(writer);
        assert!(index.leftovers().unwrap().is_empty());
        assert!(index.writer().is_ok());
    }

    #[test]
    fn passages_are_the_whole_text() {
        let document = Document::from_text("a", "典型村。\n\n港长制。");
        assert!(check(&document).is_ok());
        for missing in [0, document.passages.len() - 1] {
            let mut document = document.clone();
            document.passages.remove(missing);
            assert_eq!(check(&document).unwrap_err().kind(), Kind::Input);
        }
    }
}
