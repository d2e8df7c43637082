//! What people state about files, in the `corpus.toml` of the folders that were given.

use std::path::Path;

use super::Update;
use crate::extract::Given;
use crate::files::File;
use crate::origin::unmet;
use crate::sidecar::{self, Sidecar};

impl Update<'_> {
    /// What is stated about a file; `None` while that cannot be read, which is told once.
    pub(super) fn given(&mut self, file: &File) -> Option<Given> {
        let root = &self.sources.roots[file.given];
        if !self.sidecars.contains_key(&file.root) {
            let sidecar = Sidecar::of(&file.root, root.follow);
            let told = sidecar.map_err(|error| {
                let error = error.context("no file of its folder is read until it is mended");
                self.skip(file.root.join(sidecar::NAME).display().to_string(), &error);
            });
            self.sidecars.insert(file.root.clone(), told.ok());
        }
        let mut given = self.sidecars[&file.root].as_ref()?.given(&file.path);
        given.state(&root.given());
        Some(given)
    }

    /// Tells of statements that are for no file. Of a file that was given alone, nothing is known of those beside it.
    pub(super) fn tell_of_unmet(&mut self) {
        let is_given = |folder: &Path| self.sources.roots.iter().any(|root| root.path == folder);
        for (folder, sidecar) in self.sidecars.iter().filter(|(folder, _)| is_given(folder)) {
            self.summary.unmet.extend(sidecar.iter().flat_map(|sidecar| unmet(folder, sidecar)));
        }
    }
}
