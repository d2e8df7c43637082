//! Notices that another process has committed: the index's description is a small file that a commit replaces, so its
//! state is asked for twice a second.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, SystemTime};

use gm_index::{Facets, Index, Query, Synonyms};

use super::Server;
use crate::context::is_built;
use crate::fail::lock;

const EVERY: Duration = Duration::from_millis(500);

/// What an index holds, as the front page and /healthz tell it.
pub struct Holdings {
    pub documents: u64,
    pub passages: u64,
    /// All of it, by place, year, part and kind.
    pub facets: Facets,
}

impl Holdings {
    pub fn read(index: &Index) -> Result<Self, gm_index::Error> {
        let facets = index.facets(&Query::everything(), &Synonyms::none())?;
        Ok(Holdings { documents: facets.documents, passages: facets.passages, facets })
    }
}

/// What changes with a commit: the file's time, and its length for clocks that are coarse.
type Mark = Option<(SystemTime, u64)>;

/// Sees when an index has changed.
pub struct Watch {
    meta: PathBuf,
    known: Mutex<Mark>,
}

impl Watch {
    /// Watches the index in the directory `path`. The first look reloads, since a commit may have come after it was opened.
    pub fn new(path: &Path) -> Self {
        Watch { meta: path.join("meta.json"), known: Mutex::new(None) }
    }

    /// Reloads `index` if its description has changed, and says whether it had. Cost: asks for the state of one file.
    pub fn refresh(&self, index: &Index) -> Result<bool, gm_index::Error> {
        let mark = || {
            let meta = std::fs::metadata(&self.meta).ok()?;
            Some((meta.modified().ok()?, meta.len()))
        };
        let mut known = lock(&self.known);
        let now = mark();
        if now.is_none() || now == *known {
            return Ok(false);
        }
        // one that was removed and is being built again: what it was goes on answering until that is done
        if self.meta.parent().is_some_and(|path| !is_built(path)) {
            return Ok(false);
        }
        index.reload()?;
        *known = now;
        Ok(true)
    }
}

/// Follows the index's commits for ever. One that cannot be read is told of once; the state before it goes on answering.
pub async fn watch(server: Arc<Server>, watch: Watch) {
    let watch = Arc::new(watch);
    let mut failed = false;
    loop {
        tokio::time::sleep(EVERY).await;
        let (server, watch) = (server.clone(), watch.clone());
        let reloaded = tokio::task::spawn_blocking(move || {
            if watch.refresh(&server.index)? {
                let holdings = Arc::new(Holdings::read(&server.index)?);
                *server.holdings.write().unwrap_or_else(PoisonError::into_inner) = holdings;
                server.metrics.reloaded();
            }
            Ok::<(), gm_index::Error>(())
        });
        match reloaded.await {
            Ok(Ok(())) => failed = false,
            Ok(Err(error)) if !failed => {
                failed = true;
                anstream::eprintln!(
                    "warning: the index has changed and cannot be read, the state before is used: {error}"
                );
            }
            _ => {}
        }
    }
}

impl Server {
    pub fn holdings(&self) -> Arc<Holdings> {
        self.holdings.read().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
