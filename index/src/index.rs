//! The front door: an [`Index`] on disk or in memory, its writer, and what it answers.

use std::fmt;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use tantivy::directory::{Directory, RamDirectory};
use tantivy::{IndexReader, ReloadPolicy};

use crate::document::{Document, DocumentEntry, Passage, Status, split_passage_id};
use crate::error::{Error, Kind, Result, lock};
use crate::query::Query;
use crate::query::archive::Archive;
use crate::query::synonyms::Synonyms;
use crate::rank::results::{Options, Results, Suggestion};
use crate::rank::snapshot::Snapshot;
use crate::search::facets::Facets;
use crate::search::part::{Need, part_of};
use crate::store::record::Head;
use crate::study::collocates::{CollocateOptions, Collocates};
use crate::study::corpus::Report;
use crate::study::count::{Concordance, Counts, Dimension};
use crate::study::keyness::{Keyness, KeynessOptions};
use crate::study::newwords::{NewWord, NewWordOptions};
use crate::study::panel::{PanelOptions, PanelRow, Terms};
use crate::verify::{Damage, contradiction, damaged_files};
use crate::words::Cutter;
use crate::write::directory::{self, Written};
use crate::write::lock::{WriterLock, is_held};
use crate::write::opening::{
    check_small, engine_over, files, files_in, remove_remains, to_create, to_open, undisturbed, written,
};
use crate::write::schema::Schema;
use crate::write::segment::engine;
use crate::write::writer::{BEGIN, Writer};

/// A search index. Opening is cheap; keep one for the life of the program and share it between threads. A clone is the
/// same index. Each answer is of one commit. It fails only where a file of the index cannot be read, with
/// [`Kind::Corrupt`], [`Kind::Engine`] or [`Kind::Io`]; over an archive, with what that tells; and where it is
/// [cancelled](crate::Cancel).
#[derive(Clone)]
pub struct Index {
    shared: Arc<Shared>,
}

impl fmt::Debug for Index {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Index").finish_non_exhaustive()
    }
}

struct Shared {
    engine: tantivy::Index,
    directory: Box<dyn Directory>,
    /// Where everything is instead, see [`Index::over`].
    archive: Option<Arc<dyn Archive>>,
    reader: IndexReader,
    schema: Schema,
    path: Option<PathBuf>,
    state: RwLock<Arc<State>>,
    /// Held while the state is read anew, so that a later one is never replaced by an earlier.
    reloading: Mutex<()>,
}

struct State {
    snapshot: Arc<Snapshot>,
    written: Written,
}

impl Index {
    /// A new index that lives in memory.
    pub fn in_memory() -> Result<Index> {
        Index::create_over(Box::new(RamDirectory::create()), None)
    }

    /// An index of what lies elsewhere: for each answer as much is fetched as it takes, and the answer is that of an
    /// index of all of it. What looks at all text fetches it all: [`count`](Self::count) by dimensions,
    /// [`panel`](Self::panel), [`keyness`](Self::keyness), [`collocates`](Self::collocates) and
    /// [`new_words`](Self::new_words). It has no writer, and does not [`complete`](Self::complete).
    pub fn over(archive: Arc<dyn Archive>) -> Result<Index> {
        let mut index = Index::in_memory()?;
        let shared = Arc::get_mut(&mut index.shared).expect("nobody else has it yet");
        shared.archive = Some(archive);
        Ok(index)
    }

    /// What lies in the directory `path` and is no part of any index, sorted; nothing if there is no such directory. An index is
    /// best made where there is none of it.
    pub fn strangers(path: impl AsRef<Path>) -> Result<Vec<PathBuf>> {
        let path = path.as_ref();
        match directory::strangers(path) {
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(Vec::new()),
            found => found.map_err(|error| Error::io("read the directory", path, error)),
        }
    }

    /// Makes an empty index in the directory `path`, which is created if need be. Fails with [`Kind::Exists`] if an index is there
    /// already, with [`Kind::Locked`] while another makes one, and with [`Kind::Io`] if the directory cannot be written to.
    pub fn create(path: impl AsRef<Path>) -> Result<Index> {
        let path = path.as_ref();
        std::fs::create_dir_all(path).map_err(|error| Error::io("create the directory", path, error))?;
        Index::create_over(files(path, &to_create(path))?, Some(path))
    }

    /// Makes an empty index of the files in `directory`.
    pub(crate) fn create_over(directory: Box<dyn Directory>, path: Option<&Path>) -> Result<Index> {
        let attempt = path.map_or("create an index".to_string(), to_create);
        let failed = |error| Error::engine(&attempt, error);
        // whoever makes an index over another's forgets that one's documents
        let _lock = WriterLock::take(&*directory, &attempt)?;
        if tantivy::Index::exists(&*directory).map_err(|error| failed(error.into()))? {
            let message = format!("cannot {attempt}: there is one already");
            return Err(Error::new(Kind::Exists, message).with_hint("open it"));
        }
        let schema = Schema::new();
        let engine = engine(&schema).open_or_create(directory.clone()).map_err(failed)?;
        Index::new(engine, directory, path)
    }

    /// Opens the index in the directory `path`. Fails with [`Kind::NotFound`] if there is none, [`Kind::Format`] if it
    /// was built by a version with another format, [`Kind::Corrupt`] if a file is missing or cut short.
    pub fn open(path: impl AsRef<Path>) -> Result<Index> {
        let path = path.as_ref();
        Index::open_over(files_in(path)?, Some(path))
    }

    /// Opens the index of the files in `directory`.
    pub(crate) fn open_over(directory: Box<dyn Directory>, path: Option<&Path>) -> Result<Index> {
        let attempt = path.map_or("open the index".to_string(), to_open);
        Index::new(engine_over(&*directory, &attempt)?, directory, path)
    }

    /// Whether an index was made in the directory `path`, whatever its format and state.
    pub fn exists(path: impl AsRef<Path>) -> bool {
        directory::is_index(path.as_ref())
    }

    /// What the last commit to the index in the directory `path` says of itself, whatever format it has. Fails with
    /// [`Kind::NotFound`] if there is no index or nothing was ever committed to it, [`Kind::Corrupt`] if it cannot be
    /// understood.
    pub fn written(path: impl AsRef<Path>) -> Result<Written> {
        directory::written(&*files_in(path.as_ref())?)
    }

    /// Reads every file of the index in the directory `path` back, and tells what is damaged; nothing if it is whole. Fails as
    /// [`open`](Self::open) does, and with [`Kind::Corrupt`] where damage goes so deep that the rest cannot be read. Cost: some
    /// seconds for 100 MB of text.
    pub fn verify(path: impl AsRef<Path>) -> Result<Vec<Damage>> {
        let path = path.as_ref();
        Index::verify_over(files_in(path)?, &to_open(path))
    }

    /// The same for an index of the files in `directory`.
    pub(crate) fn verify_over(directory: Box<dyn Directory>, attempt: &str) -> Result<Vec<Damage>> {
        undisturbed(&*directory, || Index::verify_once(&*directory, attempt), |damage| damage.is_empty())
    }

    fn verify_once(directory: &dyn Directory, attempt: &str) -> Result<Vec<Damage>> {
        let engine = engine_over(directory, attempt)?;
        written(&engine)?;
        let damage = damaged_files(&engine)?;
        if !damage.is_empty() {
            return Ok(damage);
        }
        let index = Index::new(engine, directory.box_clone(), None)?;
        let state = index.state();
        let schema = &index.shared.schema;
        let found =
            state.snapshot.segments().filter_map(|(text, reader)| contradiction(reader, text, schema).transpose());
        found.collect()
    }

    fn new(engine: tantivy::Index, directory: Box<dyn Directory>, path: Option<&Path>) -> Result<Index> {
        let schema = Schema::new();
        let open = || {
            let written = written(&engine)?;
            check_small(&engine)?;
            let reader = engine.reader_builder().reload_policy(ReloadPolicy::Manual).try_into();
            let reader: IndexReader = reader.map_err(|error| Error::engine("read the index", error))?;
            let snapshot = Arc::new(Snapshot::new(reader.searcher(), &schema, None)?);
            Ok((reader, State { snapshot, written }))
        };
        let (reader, state) = undisturbed(engine.directory(), open, |_| false)?;
        let shared = Shared {
            engine,
            directory,
            archive: None,
            reader,
            schema,
            path: path.map(Path::to_path_buf),
            state: RwLock::new(Arc::new(state)),
            reloading: Mutex::default(),
        };
        Ok(Index { shared: Arc::new(shared) })
    }

    /// Begins a transaction. Fails with [`Kind::Locked`] while another writer is at work, in this process or another.
    pub fn writer(&self) -> Result<Writer> {
        self.writer_with(Cutter::new())
    }

    /// The same with words of your own, which the text of the documents it adds is not cut inside of. Words change how hits
    /// rank and never what can be found; give the same ones for all documents of an index. Cost: compiles
    /// the dictionary each time, 0.2 s.
    pub fn writer_with_words<'w>(&self, words: impl IntoIterator<Item = &'w str>) -> Result<Writer> {
        let mut words = words.into_iter().peekable();
        match words.peek() {
            None => self.writer(),
            Some(_) => self.writer_with(Cutter::with_words(words)?),
        }
    }

    fn writer_with(&self, cutter: Cutter) -> Result<Writer> {
        let Shared { directory, schema, archive, .. } = &*self.shared;
        if archive.is_some() {
            let message = "cannot write to an archive through the index over it";
            return Err(Error::new(Kind::Input, message).with_hint("load documents into it by its own means"));
        }
        let lock = WriterLock::take(&**directory, BEGIN)?;
        if let Some(path) = &self.shared.path {
            remove_remains(path);
        }
        // others may have written since this index was opened: a writer goes on from what is there now, and from tantivy's
        // own list of its files, of which whatever is missing is never tidied away
        let engine = engine_over(&**directory, BEGIN)?;
        self.reload()?;
        let index = self.clone();
        let committed = Box::new(move || index.reload());
        Writer::new(lock, &engine, schema.clone(), cutter, self.note(), committed)
    }

    /// Sees what other processes have committed since this index was opened or reloaded. A commit of this index's own
    /// writer is seen without it. Answers that are under way keep to the state before. Cost: as opening.
    pub fn reload(&self) -> Result<()> {
        let Shared { engine, reader, schema, reloading, .. } = &*self.shared;
        let _alone = lock(reloading);
        let read = || {
            let written = written(engine)?;
            check_small(engine)?;
            reader.reload().map_err(|error| Error::engine("read the index", error))?;
            Ok(State { snapshot: Arc::new(Snapshot::new(reader.searcher(), schema, None)?), written })
        };
        let state = undisturbed(engine.directory(), read, |_| false)?;
        *self.shared.state.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(state);
        Ok(())
    }

    /// What answers what is needed: of an archive as much as it takes.
    fn snapshot_for(&self, needs: &[Need<'_>]) -> Result<Arc<Snapshot>> {
        match &self.shared.archive {
            Some(archive) => Ok(part_of(archive.clone(), needs)?),
            None => Ok(self.state().snapshot.clone()),
        }
    }

    fn state(&self) -> Arc<State> {
        self.shared.state.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Answers a query. Cost: for each part of the query a scan of the blocks of the text that the filter lets pass, of all of
    /// it where a segment is too short for a filter, of none for a frequent pair; and reading the passages shown and the
    /// candidates that are weighed, 200 of each tier at most.
    pub fn search(&self, query: &Query, options: Options) -> Result<Results> {
        let snapshot = &*self.snapshot_for(&[Need::Search(query, &options)])?;
        snapshot.settled(snapshot.search(query, options)?)
    }

    /// Counts a query, in all and by group. Cost: as a search, and reading every document's description when groups are
    /// asked for.
    pub fn count(&self, query: &Query, by: &[Dimension]) -> Result<Counts> {
        let need = if by.is_empty() { Need::Count(query) } else { Need::Everything };
        self.snapshot_for(&[need])?.count(query, by)
    }

    /// Counts groups of terms cell by cell: one row for each group and each cell that has text, none left out. Cost: a scan of
    /// the text for each term, every document's description, and reading the passages where terms of a group meet.
    pub fn panel(&self, terms: &[Terms], options: &PanelOptions) -> Result<Vec<PanelRow>> {
        self.snapshot_for(&[Need::Everything])?.panel(terms, options)
    }

    /// The words and quoted terms that the passages matching `a` use more or less than those matching `b`; without `b`, than
    /// all others. Words are cut by jieba's dictionary. Cost: cuts the words of both parts, some 30 ms for each MB.
    pub fn keyness(&self, a: &Query, b: Option<&Query>, options: KeynessOptions) -> Result<Keyness> {
        self.snapshot_for(&[Need::Everything])?.keyness(&Cutter::new(), a, b, options)
    }

    /// The words that stand near what a query finds more often than elsewhere. Cost: cuts the words of all text that is
    /// looked at, some 30 ms for each MB.
    pub fn collocates(&self, query: &Query, options: &CollocateOptions) -> Result<Collocates> {
        self.snapshot_for(&[Need::Everything])?.collocates(&Cutter::new(), query, options)
    }

    /// Terms that stand in the text and not in jieba's dictionary. Cost: cuts the words of all text that is read and counts
    /// their sequences, some 100 ms for each MB; memory in proportion.
    pub fn new_words(&self, options: &NewWordOptions) -> Result<Vec<NewWord>> {
        self.snapshot_for(&[Need::Everything])?.new_words(&Cutter::new(), options)
    }

    /// Every occurrence of a query with up to `width` characters on either side, the newest document first. Memory grows
    /// with the occurrences.
    pub fn concordance(&self, query: &Query, width: usize) -> Result<Vec<Concordance>> {
        Ok(self.concordance_from(query, width, 0, usize::MAX)?.0)
    }

    /// Those of the same occurrences from `skip` on, `limit` at most, and how many there are in all. Cost: as counting, and
    /// reading the paragraphs of those given.
    pub fn concordance_from(
        &self,
        query: &Query,
        width: usize,
        skip: usize,
        limit: usize,
    ) -> Result<(Vec<Concordance>, usize)> {
        self.snapshot_for(&[Need::Concordance(query)])?.concordance(query, width, skip, limit)
    }

    /// Where the passages that answer a query are from. They are those of [`Total`](crate::Total), so that the sums agree with
    /// a search. Cost: as a search, and reading the description of each document among them.
    pub fn facets(&self, query: &Query, synonyms: &Synonyms) -> Result<Facets> {
        let snapshot = &*self.snapshot_for(&[Need::Facets(query, synonyms)])?;
        snapshot.settled(snapshot.facets(query, synonyms)?)
    }

    /// What stands in the index and begins with `typed` or, for Latin letters, sounds like it: at most `limit`, the
    /// likeliest first; nothing for more than 16 characters or 48 letters. Cost: a scan of the text for each of them.
    pub fn complete(&self, typed: &str, limit: usize) -> Result<Vec<Suggestion>> {
        self.state().snapshot.complete(typed, limit)
    }

    /// The document with this id, its text character for character as it was added; `None` if there is none. Cost:
    /// decodes its passages.
    pub fn document(&self, id: &str) -> Result<Option<Document>> {
        self.snapshot_for(&[Need::Document(id)])?.document(id)
    }

    /// The passage with this id, as a hit has it, and its document; `None` if either is not there. Cost: restoring the document.
    ///
    /// ```
    /// # use gm_index::{Document, Index, Options};
    /// # let index = Index::in_memory()?;
    /// # let writer = index.writer()?;
    /// # writer.add(&Document::from_text("甲县", "发展番薯产业。\n\n建设典型村。\n"))?;
    /// # writer.commit()?;
    /// let hits = index.search(&"典型村".parse()?, Options::default())?.hits;
    /// let (document, passage) = index.passage(&hits[0].id)?.expect("it was just found");
    /// assert_eq!(document.text[passage.range].trim(), "建设典型村。");
    /// # Ok::<(), gm_index::Error>(())
    /// ```
    pub fn passage(&self, id: &str) -> Result<Option<(Document, Passage)>> {
        let Some((document, ordinal)) = split_passage_id(id) else { return Ok(None) };
        let Some(document) = self.document(document)? else { return Ok(None) };
        let passage = document.passages.get(ordinal as usize).cloned();
        Ok(passage.map(|passage| (document, passage)))
    }

    /// The same as [`document`](Self::document) with the places in its text that answer a query: ranges of bytes,
    /// ascending, apart from each other. They are of the reading that a search would show: where nothing in the index
    /// holds the query as typed, other names of it, all its words or some; and some of its words where this document
    /// has nothing of that reading. Cost: as a search, and restoring the document.
    pub fn marked(
        &self,
        id: &str,
        query: &Query,
        synonyms: &Synonyms,
    ) -> Result<Option<(Document, Vec<Range<usize>>)>> {
        self.snapshot_for(&[Need::Document(id), Need::Facets(query, synonyms)])?.marked(id, query, synonyms)
    }

    /// Tells the folded text of every document; see [`Snapshot::each_text`].
    pub(crate) fn each_text(&self, tell: impl FnMut(&Head<'_>, &Report, &[char]) -> Result<()>) -> Result<()> {
        self.snapshot_for(&[Need::Everything])?.each_text(tell)
    }

    /// All documents, in no particular order. Cost: reads each one's description.
    pub fn documents(&self) -> Result<Vec<DocumentEntry>> {
        if let Some(archive) = &self.shared.archive {
            return archive.documents();
        }
        let state = self.state();
        let snapshot = &state.snapshot;
        let mut entries = Vec::new();
        for (text, segment) in snapshot.segments() {
            for (document, passages) in text.living(segment) {
                let head = text.head(document)?;
                entries.push(DocumentEntry {
                    id: head.id.to_string(),
                    meta: head.meta(),
                    stamp: text.stamp(document)?.to_string(),
                    passages: passages.len() as u32,
                });
            }
        }
        Ok(entries)
    }

    /// What the index holds. Cost: counts documents and asks for the size of each file.
    pub fn status(&self) -> Result<Status> {
        if let Some(archive) = &self.shared.archive {
            return archive.status();
        }
        let state = self.state();
        let snapshot = &state.snapshot;
        let documents: usize = snapshot.segments().map(|(text, segment)| text.living(segment).count()).sum();
        let mut index_bytes = 0;
        if let Some(path) = &self.shared.path {
            let failed = |error| Error::io("read the directory", path, error);
            for file in std::fs::read_dir(path).map_err(failed)? {
                match file.and_then(|file| file.metadata()) {
                    Ok(metadata) => index_bytes += metadata.len(),
                    // another process has just committed
                    Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
                    Err(error) => return Err(failed(error)),
                }
            }
        }
        Ok(Status {
            documents: documents as u64,
            passages: snapshot.searcher.num_docs(),
            segments: snapshot.texts.len() as u64,
            text_bytes: snapshot.texts.iter().map(|text| text.text().len() as u64).sum(),
            index_bytes,
            format: state.written.format,
            analyzer: state.written.analyzer.clone(),
        })
    }

    /// Whether somebody writes to the index now, in this process or another. Nothing changes by the question.
    pub fn is_being_written(&self) -> Result<bool> {
        is_held(&*self.shared.directory)
    }

    /// What lies in the index's directory and is no part of it, sorted: what was left by writers that were killed, or belongs
    /// to one that is at work now. The next commit removes what was left.
    pub fn leftovers(&self) -> Result<Vec<PathBuf>> {
        let Shared { directory, path, .. } = &*self.shared;
        path.as_ref().map_or(Ok(Vec::new()), |path| directory::leftovers(&**directory, path))
    }

    /// What was given to [`Writer::set_note`] last; empty if nothing was.
    pub fn note(&self) -> String {
        // a note that cannot be read says nothing; whatever is asked next tells why
        self.shared
            .archive
            .as_ref()
            .map_or_else(|| self.state().written.note.clone(), |archive| archive.note().unwrap_or_default())
    }
}
