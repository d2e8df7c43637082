//! Files that are no longer where they were: renamed, removed, or on a disk that is away.

use std::collections::HashMap;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};

use super::sources::Sources;
use super::work::{Change, Job, What};
use super::{Known, Reading, Update};
use crate::files::{Skipped, slashed};
use crate::origin::{Root, has_gone, hash_of};

impl Update<'_> {
    /// The file that has gone and held the same bytes, if there is one: it has been renamed.
    pub(super) fn moved_from(&mut self, content: &str) -> Option<Known> {
        let moved = self.moved.get_or_insert_with(|| {
            let mut moved: HashMap<String, Vec<PathBuf>> = HashMap::new();
            for (place, known) in self.known.iter().rev() {
                if let Some((_, content)) = known.documents.first()
                    && !self.listed.contains_key(place)
                    && has_gone(place)
                {
                    moved.entry(hash_of(content).to_string()).or_default().push(place.clone());
                }
            }
            moved
        });
        let place = moved.get_mut(hash_of(content))?.pop()?;
        self.known.remove(&place)
    }

    /// Gives the documents of a file that was renamed their new source. Nothing is extracted, parsed or searched for a header.
    pub(super) fn carry(&mut self, reading: &Reading, old: &Known) -> Result<()> {
        let (from, to) = (slashed(&old.path), slashed(&reading.file.path));
        for (id, _) in &old.documents {
            let mut document = self.target.document(id)?.context("a document that was there has gone")?;
            let meta = &mut document.meta;
            for named in [&mut meta.title, &mut meta.source] {
                // a document in a file of many is named by its line too
                if let Some(rest) =
                    named.strip_prefix(from.as_str()).filter(|rest| rest.is_empty() || rest.starts_with(':'))
                {
                    *named = format!("{to}{rest}");
                }
            }
            document.stamp = reading.stamp()?;
            self.taken.insert(id.clone(), reading.place.clone());
            self.send(Job { what: What::Moved(Box::new(document)), change: Change::Renamed })?;
        }
        Ok(())
    }

    /// Whether a file that was not met has gone from what was given.
    pub(super) fn is_gone(&self, place: &Path, known: &Known) -> bool {
        let Sources { roots, listing, .. } = self.sources;
        let is_unseen = listing.unseen.iter().any(|unseen| place.starts_with(unseen));
        let holds = |root: &&Root| place.starts_with(&root.path);
        !is_unseen
            && roots.iter().any(|root| holds(&root) && (root.path == known.root || has_gone(place)))
            && roots.iter().filter(holds).all(|root| !self.empty.contains(root.path.as_path()))
    }

    /// Tells of folders in which there is nothing left at all: more likely a disk that is not mounted than a will.
    pub(super) fn tell_of_empty(&mut self, kept: &[(PathBuf, Known)]) {
        for root in self.sources.roots.iter().filter(|root| self.empty.contains(root.path.as_path())) {
            let below = kept.iter().filter(|(place, _)| place.starts_with(&root.path));
            let count: usize = below.map(|(_, known)| known.documents.len()).sum();
            if count > 0 {
                let reason = format!(
                    "it holds no document any more; the {count} that were read from it stay (`gm-search remove` on it ends that)"
                );
                self.summary.skipped.push(Skipped { path: root.path.display().to_string(), reason });
            }
        }
    }
}
