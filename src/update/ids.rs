//! Which document has which id: a file keeps what its documents had, and what is stated goes to the first that states it.

use std::collections::HashSet;
use std::path::Path;

use serde::Serialize;

use super::{Known, Reading, Update};

/// A document that got another id than it states.
#[derive(Debug, Serialize)]
pub struct InUse {
    pub path: String,
    pub id: String,
    pub instead: String,
}

impl Update<'_> {
    /// The id that a document gets which would have this one. Two files may use one id, two folders hold one path: the second is
    /// told apart by its own place.
    pub(super) fn own_id(&self, reading: &Reading, id: String) -> String {
        match self.taken.get(&id) {
            Some(owner) if *owner != reading.place => short_id(&format!("{}\n{id}", reading.place.display())),
            _ => id,
        }
    }

    /// The same for an id that is stated. The first file that states it has it, as if all were read for the first time: not one
    /// that was read before and comes later, or has gone.
    pub(super) fn stated_id(&mut self, reading: &Reading, line: u64, id: String) -> String {
        let owner = self.taken.get(&id).filter(|owner| **owner != reading.place).cloned();
        if owner.is_some_and(|owner| self.yields(&owner)) {
            return id;
        }
        let own = self.own_id(reading, id.clone());
        if own != id {
            let path = format!("{}:{line}", reading.file.shown());
            self.summary.ids_in_use.push(InUse { path, id, instead: own.clone() });
        }
        own
    }

    /// Whether a file that was not met yet will be read again if it loses an id, or is gone. While it cannot be read, its
    /// documents stay.
    pub(super) fn yields(&mut self, owner: &Path) -> bool {
        let Some(known) = self.known.get(owner) else { return false };
        if let Some(yields) = self.yielding.get(owner) {
            return *yields;
        }
        let is_gone = self.prune && self.is_gone(owner, known);
        let yields = match self.listed.get(owner) {
            Some(file) => fs_err::File::open(owner).is_ok() && self.given(file).is_some(),
            None => is_gone,
        };
        self.yielding.insert(owner.to_path_buf(), yields);
        yields
    }

    /// Lets others have the ids of a file that was renamed.
    pub(super) fn free(&mut self, old: &Known) {
        let place = old.place();
        for (id, _) in &old.documents {
            if self.taken.get(id) == Some(&place) {
                self.taken.remove(id);
            }
        }
    }

    /// Removes documents that a file no longer has, unless another has their ids by now.
    pub(super) fn give_up(&mut self, place: &Path, ids: HashSet<String>) {
        for id in ids {
            if self.taken.get(&id).is_none_or(|owner| owner == place) {
                self.taken.remove(&id);
                self.gone.insert(id);
            }
        }
    }
}

/// Twelve hexadecimal digits from the document's source, the same wherever its folder lies.
pub(super) fn short_id(source: &str) -> String {
    blake3::hash(source.as_bytes()).to_hex()[..12].to_string()
}
