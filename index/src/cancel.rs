//! How an answer that nobody waits for any more is ended.

use std::cell::RefCell;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use crate::error::{Error, Kind, Result};

/// Ends answers that are being worked out, from another thread. A clone ends the same ones.
///
/// ```
/// # use gm_index::{Cancel, Document, Index, Kind};
/// # let index = Index::in_memory()?;
/// # let writer = index.writer()?;
/// # writer.add(&Document::from_text("甲县", "建设典型村。"))?;
/// # writer.commit()?;
/// let cancel = Cancel::default();
/// cancel.cancel();
/// let count = cancel.over(|| index.count(&"典型村".parse()?, &[]));
/// assert_eq!(count.unwrap_err().kind(), Kind::Cancelled);
/// # Ok::<(), gm_index::Error>(())
/// ```
#[derive(Clone, Debug, Default)]
pub struct Cancel(Arc<AtomicBool>);

thread_local! {
    /// What ends the work of this thread: what reads text lies too deep to be handed it through all that uses it.
    static CURRENT: RefCell<Option<Cancel>> = const { RefCell::new(None) };
}

/// Puts back what ended the work of the thread before, after a panic too.
struct Before(Option<Cancel>);

impl Drop for Before {
    fn drop(&mut self) {
        CURRENT.set(self.0.take());
    }
}

impl Cancel {
    /// Lets answers that are worked out [over](Self::over) it fail with [`Kind::Cancelled`], as soon as they next ask.
    pub fn cancel(&self) {
        self.0.store(true, Ordering::Relaxed);
    }

    /// Does work that this can end, on this thread: not what threads do that the work itself starts. Within other such work this one
    /// alone ends it. What reads text asks before each passage and each pattern.
    pub fn over<T>(&self, work: impl FnOnce() -> T) -> T {
        let _before = Before(CURRENT.replace(Some(self.clone())));
        work()
    }
}

/// Does a part of the work of another thread, of which `cancel` is [`current`].
pub(crate) fn under<T>(cancel: &Option<Cancel>, work: impl FnOnce() -> T) -> T {
    match cancel {
        Some(cancel) => cancel.over(work),
        None => work(),
    }
}

/// What ends the work of this thread.
pub(crate) fn current() -> Option<Cancel> {
    CURRENT.with_borrow(Clone::clone)
}

/// Fails if the work of this thread is to end.
pub(crate) fn go_on() -> Result<()> {
    match CURRENT.with_borrow(|cancel| cancel.as_ref().is_some_and(|cancel| cancel.0.load(Ordering::Relaxed))) {
        true => Err(Error::new(Kind::Cancelled, "the answer was cancelled")),
        false => Ok(()),
    }
}
