//! A test of what happens when the disk fails: a directory that fails at one of its operations, or at all from one on, and a
//! transaction that is made over it again and again, each time failing at another. Whatever fails, the index answers as
//! before the transaction or as after it, nothing is damaged, and the next transaction succeeds.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::io::{self, ErrorKind, Write};
use std::ops::Range;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use tantivy::HasLen;
use tantivy::directory::error::{DeleteError, LockError, OpenReadError, OpenWriteError};
use tantivy::directory::{
    AntiCallToken, Directory, DirectoryLock, FileHandle, Lock, OwnedBytes, RamDirectory, TerminatingWrite,
    WatchCallback, WatchHandle, WritePtr,
};

use crate::document::Document;
use crate::error::Result;
use crate::index::Index;
use crate::query::Query;
use crate::rank::results::Options;

/// Which operations fail, counted from 1.
#[derive(Debug)]
struct Plan {
    first: usize,
    /// Whether all that follow fail too, as on a disk that is full or gone.
    lasts: bool,
    kind: ErrorKind,
    met: AtomicUsize,
    /// The operations that failed.
    failed: Mutex<Vec<&'static str>>,
    is_over: AtomicBool,
}

impl Plan {
    fn new(first: usize, lasts: bool) -> Arc<Self> {
        let kinds = [ErrorKind::StorageFull, ErrorKind::Other, ErrorKind::PermissionDenied, ErrorKind::TimedOut];
        Arc::new(Plan {
            first,
            lasts,
            kind: kinds[first % kinds.len()],
            met: AtomicUsize::new(0),
            failed: Mutex::default(),
            is_over: Default::default(),
        })
    }

    fn meet(&self, operation: &'static str) -> io::Result<()> {
        if self.is_over.load(Ordering::SeqCst) {
            return Ok(());
        }
        let at = self.met.fetch_add(1, Ordering::SeqCst) + 1;
        if at == self.first || self.lasts && at > self.first {
            self.failed.lock().unwrap().push(operation);
            return Err(io::Error::new(self.kind, "injected"));
        }
        Ok(())
    }
}

/// Files in memory, at which operations fail by plan.
#[derive(Clone)]
struct Faulty {
    files: RamDirectory,
    plan: Arc<Plan>,
}

impl fmt::Debug for Faulty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Faulty")
    }
}

/// A file whose reading can fail.
#[derive(Debug)]
struct FaultyFile(Arc<dyn FileHandle>, Arc<Plan>);

impl HasLen for FaultyFile {
    fn len(&self) -> usize {
        self.0.len()
    }
}

impl FileHandle for FaultyFile {
    fn read_bytes(&self, range: Range<usize>) -> io::Result<OwnedBytes> {
        self.1.meet("read")?;
        self.0.read_bytes(range)
    }
}

/// A file whose writing can fail. What was written before stays, as it does on a disk.
struct FaultyWriter(Option<WritePtr>, Arc<Plan>);

impl Write for FaultyWriter {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let file = self.0.as_mut().expect("it is not terminated yet");
        if let Err(error) = self.1.meet("write") {
            file.write_all(&bytes[..bytes.len() / 2])?;
            return Err(error);
        }
        file.write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.1.meet("flush")
    }
}

impl TerminatingWrite for FaultyWriter {
    fn terminate_ref(&mut self, _: AntiCallToken) -> io::Result<()> {
        self.1.meet("terminate")?;
        self.0.take().map_or(Ok(()), TerminatingWrite::terminate)
    }
}

impl Drop for FaultyWriter {
    fn drop(&mut self) {
        if let Some(file) = self.0.take() {
            let _ = file.terminate();
        }
    }
}

impl Directory for Faulty {
    fn get_file_handle(&self, path: &Path) -> std::result::Result<Arc<dyn FileHandle>, OpenReadError> {
        let met = self.plan.meet("open_read");
        met.map_err(|error| OpenReadError::wrap_io_error(error, path.to_path_buf()))?;
        Ok(Arc::new(FaultyFile(self.files.get_file_handle(path)?, self.plan.clone())))
    }

    fn delete(&self, path: &Path) -> std::result::Result<(), DeleteError> {
        let met = self.plan.meet("delete");
        met.map_err(|error| DeleteError::IoError { io_error: Arc::new(error), filepath: path.to_path_buf() })?;
        self.files.delete(path)
    }

    fn exists(&self, path: &Path) -> std::result::Result<bool, OpenReadError> {
        let met = self.plan.meet("exists");
        met.map_err(|error| OpenReadError::wrap_io_error(error, path.to_path_buf()))?;
        self.files.exists(path)
    }

    fn open_write(&self, path: &Path) -> std::result::Result<WritePtr, OpenWriteError> {
        let met = self.plan.meet("open_write");
        met.map_err(|error| OpenWriteError::wrap_io_error(error, path.to_path_buf()))?;
        let file = self.files.open_write(path)?;
        Ok(io::BufWriter::new(Box::new(FaultyWriter(Some(file), self.plan.clone()))))
    }

    fn atomic_read(&self, path: &Path) -> std::result::Result<Vec<u8>, OpenReadError> {
        let met = self.plan.meet("atomic_read");
        met.map_err(|error| OpenReadError::wrap_io_error(error, path.to_path_buf()))?;
        self.files.atomic_read(path)
    }

    fn atomic_write(&self, path: &Path, content: &[u8]) -> io::Result<()> {
        self.plan.meet("atomic_write")?;
        self.files.atomic_write(path, content)
    }

    fn sync_directory(&self) -> io::Result<()> {
        self.plan.meet("sync_directory")
    }

    fn acquire_lock(&self, lock: &Lock) -> std::result::Result<DirectoryLock, LockError> {
        self.plan.meet("acquire_lock").map_err(LockError::wrap_io_error)?;
        // a lock that goes with its process cannot fail to go
        self.files.acquire_lock(lock)
    }

    fn watch(&self, callback: WatchCallback) -> tantivy::Result<WatchHandle> {
        self.files.watch(callback)
    }
}

/// All that an index answers: its documents with their texts, its note, and what some queries find.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Answers {
    documents: BTreeMap<String, String>,
    note: String,
    totals: Vec<(u64, u64)>,
}

fn answers(index: &Index) -> Result<Answers> {
    let mut documents = BTreeMap::new();
    for entry in index.documents()? {
        let document = index.document(&entry.id)?;
        documents.insert(entry.id, document.map_or(String::new(), |document| document.text));
    }
    let total = |text: &str| {
        let query: Query = text.parse()?;
        let total = index.search(&query, Options::default())?.total;
        Ok((total.passages, total.occurrences))
    };
    let totals = ["典型村", "港长制", "第 号 文件", "新的"].iter().map(|text| total(text)).collect::<Result<_>>()?;
    Ok(Answers { documents, note: index.note(), totals })
}

/// One segment less than tantivy merges.
const SEGMENTS: usize = 7;

fn fill(index: &Index) -> Result<()> {
    for round in 0..SEGMENTS {
        let mut writer = index.writer()?;
        for at in 0..3 {
            let text = format!("第{round}号文件\n\n典型村{at}个。\n港长制，建成{}个。", round * at);
            writer.add(&Document::from_text(format!("{round}.{at}"), text))?;
        }
        writer.set_note(format!("round {round}"));
        writer.commit()?;
    }
    Ok(())
}

/// Adds, replaces, replaces what it has added, and removes; then tantivy merges.
fn transaction(index: &Index) -> Result<()> {
    let mut writer = index.writer()?;
    for round in 0..SEGMENTS {
        writer.add(&Document::from_text(format!("{round}.0"), format!("新的第{round}号文件\n\n典型村。")))?;
        writer.remove(&format!("{round}.1"))?;
    }
    writer.add(&Document::from_text("new", "新的文件\n\n港长制。"))?;
    writer.add(&Document::from_text("new", "新的文件\n\n港长制、典型村。"))?;
    writer.remove("not there")?;
    writer.set_note("after");
    writer.commit()
}

/// A copy of all files as they lie there.
fn copy(files: &RamDirectory) -> RamDirectory {
    let copy = RamDirectory::create();
    files.persist(&copy).unwrap();
    copy
}

fn over(files: &RamDirectory) -> Result<Index> {
    Index::open_over(Box::new(files.clone()), None)
}

/// What became of many faults.
#[derive(Debug, Default)]
struct Survived {
    faults: usize,
    runs: usize,
    /// Runs that told of no failure: what failed was not needed.
    harmless: usize,
    operations: BTreeSet<&'static str>,
}

impl Survived {
    fn count(&mut self, plan: &Plan, harmless: bool) {
        let failed = plan.failed.lock().unwrap();
        self.runs += 1;
        self.faults += failed.len();
        self.harmless += harmless as usize;
        self.operations.extend(failed.iter());
    }
}

/// How many operations lie between two that are made to fail; each of them with `GM_SEARCH_FAULTS=1`, which takes minutes.
fn step() -> usize {
    std::env::var("GM_SEARCH_FAULTS").map_or(23, |step| step.parse().expect("a number"))
}

/// Lets each operation of `work` fail over a copy of `files`, and hands what it gave to `check`.
fn each_fault<T>(
    files: &RamDirectory,
    work: impl Fn(Faulty) -> T,
    mut check: impl FnMut(T, Faulty, &str) -> bool,
) -> Survived {
    let mut survived = Survived::default();
    for lasts in [false, true] {
        // the one-off failures and the lasting ones begin at different places
        for first in (1 + lasts as usize * step() / 2..).step_by(step()) {
            let plan = Plan::new(first, lasts);
            let faulty = Faulty { files: copy(files), plan: plan.clone() };
            let result = work(faulty.clone());
            if plan.failed.lock().unwrap().is_empty() {
                break;
            }
            plan.is_over.store(true, Ordering::SeqCst);
            let what = format!("operation {first}, lasting: {lasts}, {:?}", plan.failed.lock().unwrap());
            let harmless = check(result, faulty, &what);
            survived.count(&plan, harmless);
        }
    }
    survived
}

/// Counts panics of all threads, tantivy's too, while it lives.
struct Panics(Arc<AtomicU64>);

impl Panics {
    fn watched() -> Self {
        let count = Arc::new(AtomicU64::new(0));
        let (counter, before) = (count.clone(), std::panic::take_hook());
        std::panic::set_hook(Box::new(move |panic| {
            counter.fetch_add(1, Ordering::SeqCst);
            before(panic);
        }));
        Panics(count)
    }

    fn count(&self) -> u64 {
        self.0.load(Ordering::SeqCst)
    }
}

#[test]
fn whatever_fails_the_index_is_as_it_was_or_as_it_should_be() {
    let panics = Panics::watched();
    let files = RamDirectory::create();
    let index = Index::create_over(Box::new(files.clone()), None).unwrap();
    fill(&index).unwrap();
    let before = answers(&index).unwrap();
    assert_eq!(index.status().unwrap().segments, SEGMENTS as u64);
    drop(index);
    let done = copy(&files);
    let index = over(&done).unwrap();
    transaction(&index).unwrap();
    let after = answers(&index).unwrap();
    assert_eq!(index.status().unwrap().segments, 1, "help: the transaction does not merge, so no merge is tried");
    assert!(before != after && after.documents.len() == 2 * SEGMENTS + 1);

    let work = |faulty: Faulty| {
        let index = Index::open_over(Box::new(faulty), None)?;
        let result = transaction(&index);
        Ok((index, result))
    };
    let survived = each_fault(&files, work, |result: Result<(Index, Result<()>)>, faulty, what| {
        let reopened = over(&faulty.files).unwrap_or_else(|error| panic!("{what}: {error}"));
        let found = answers(&reopened).unwrap_or_else(|error| panic!("{what}: {error}"));
        let is_done = matches!(&result, Ok((_, Ok(()))));
        let is_committed = is_done || matches!(&result, Ok((_, Err(error))) if error.is_committed());
        let right = if is_committed { &after } else { &before };
        assert_eq!(&found, right, "{what}: half a state, or not the one that was told");
        assert_eq!(Index::verify_over(Box::new(faulty.files.clone()), "verify").unwrap(), [], "{what}");
        // who went through the failure goes on with the same index
        if let Ok((index, _)) = &result {
            index.reload().unwrap_or_else(|error| panic!("{what}: {error}"));
            assert_eq!(&answers(index).unwrap(), right, "{what}");
        }
        let index = result.map_or(reopened, |(index, _)| index);
        transaction(&index).unwrap_or_else(|error| panic!("{what}: the next transaction: {error}"));
        assert_eq!(answers(&index).unwrap(), after, "{what}");
        assert_eq!(answers(&over(&faulty.files).unwrap()).unwrap(), after, "{what}");
        assert_eq!(Index::verify_over(Box::new(faulty.files), "verify").unwrap(), [], "{what}");
        is_done
    });
    assert!(survived.runs > 100 && survived.operations.len() > 5, "{survived:?}");
    assert_eq!(panics.count(), 0, "help: a thread has panicked, see above");
}

#[test]
fn whatever_fails_at_the_first_build_the_next_one_goes_on() {
    let panics = Panics::watched();
    let build = |directory: Box<dyn Directory>| {
        let exists = tantivy::Index::exists(&*directory).is_ok_and(|exists| exists);
        let index = match exists {
            true => Index::open_over(directory, None)?,
            false => Index::create_over(directory, None)?,
        };
        transaction(&index)?;
        answers(&index)
    };
    let after = build(Box::new(RamDirectory::create())).unwrap();
    let survived = each_fault(
        &RamDirectory::create(),
        |faulty| build(Box::new(faulty)),
        |result, faulty, what| {
            if tantivy::Index::exists(&faulty.files).unwrap() {
                let found = answers(&over(&faulty.files).unwrap()).unwrap();
                let is_empty = found.documents.is_empty() && found.note.is_empty();
                assert!(is_empty && result.is_err() || found == after, "{what}");
            }
            assert_eq!(build(Box::new(faulty.files)).unwrap(), after, "{what}");
            result.is_ok()
        },
    );
    assert!(survived.runs > 20, "{survived:?}");
    assert_eq!(panics.count(), 0, "help: a thread has panicked, see above");
}

#[test]
fn what_cannot_be_read_is_an_error_and_no_wrong_answer() {
    let panics = Panics::watched();
    let files = RamDirectory::create();
    let index = Index::create_over(Box::new(files.clone()), None).unwrap();
    fill(&index).unwrap();
    let right = answers(&index).unwrap();
    let work = |faulty: Faulty| answers(&Index::open_over(Box::new(faulty), None)?);
    let survived = each_fault(&files, work, |result, _, what| {
        let is_right = result.as_ref().is_ok_and(|found| *found == right);
        assert!(is_right || result.is_err(), "{what}: a wrong answer, and no word of it");
        is_right
    });
    assert!(survived.runs > 20, "{survived:?}");
    let work = |faulty: Faulty| Index::verify_over(Box::new(faulty), "verify");
    let survived = each_fault(&files, work, |result, _, _| result.is_ok_and(|damage| damage.is_empty()));
    assert!(survived.runs > 20, "{survived:?}");
    assert_eq!(panics.count(), 0, "help: a thread has panicked, see above");
}
