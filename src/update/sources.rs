//! What an index is to be made of, listed, and the update of the index from it by several threads.

use std::num::NonZero;
use std::path::{Path, PathBuf};
use std::sync::Mutex;
use std::sync::mpsc;
use std::thread;

use anyhow::{Result, anyhow};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};

use super::target::Target;
use super::work::{Indexed, QUEUE, work};
use super::{Request, Summary, Update};
use crate::context::{Context, WORDS, listing, own_list, short};
use crate::fail::advised;
use crate::files::{Listing, Skipped};
use crate::origin::{Note, Root, words_hash};
use crate::tame::tame;

/// Files of fewer bytes in all are one segment.
const SMALL: u64 = 8_000_000;

/// What an index is to be made of.
pub struct Sources {
    pub roots: Vec<Root>,
    pub listing: Listing,
    pub words: String,
    pub words_file: Option<PathBuf>,
}

impl Sources {
    /// Lists what is asked for. Fails if there is nothing at all, and was nothing by what the index notes.
    pub fn of(path: &Path, request: &Request, before: &Note) -> Result<Self> {
        let words = own_list(request.words.as_deref(), path, WORDS)?.map_or_else(String::new, |(_, words)| words);
        // folders inside, with what was stated about them before, go before those around them in this build as in the next
        let is_inside = |known: &&Root| request.roots.iter().any(|root| known.path.starts_with(&root.path));
        let mut given = Note::default();
        given.remember(
            &before.roots.iter().filter(is_inside).filter(|root| root.is_there()).cloned().collect::<Vec<_>>(),
        );
        given.remember(&request.roots);
        let mut roots = given.roots;
        roots.iter_mut().for_each(|root| root.words = words_hash(&words));
        let (there, mut missing): (Vec<_>, Vec<_>) = roots.into_iter().partition(Root::is_there);
        // in a folder that is read too it is a file that was removed
        missing.retain(|root| !there.iter().any(|around| root.path.starts_with(&around.path)));
        let mut listing = listing(&there, request.words.as_deref(), path)?;
        let lost = missing.iter().map(|root| Skipped {
            path: root.path.display().to_string(),
            reason: "it is not there; what was read from it stays (`gm-search remove` on it ends that)".to_string(),
        });
        listing.skipped.extend(lost);
        let was_read = |root: &Root| before.roots.iter().any(|known| known.path == root.path);
        let is_new = !request.roots.iter().any(was_read);
        if listing.files.is_empty() && is_new && (listing.skipped.is_empty() || there.is_empty()) {
            let given: Vec<_> = request.roots.iter().map(|root| format!("`{}`", short(&root.path).display())).collect();
            return Err(advised(
                format!("there is no document in {}", given.join(", ")),
                "name a folder that holds reports",
            ));
        }
        let words_file = request.words.as_ref().map(|file| file.canonicalize()).transpose()?;
        Ok(Sources { roots: there, listing, words, words_file })
    }

    pub fn update(self, context: &Context, target: Target<'_>, prune: bool) -> Result<Summary> {
        let progress = progress(context, self.listing.files.iter().map(|file| file.bytes).sum());
        let indexed = Mutex::new(Indexed::default());
        let (jobs, queue) = mpsc::sync_channel(QUEUE);
        let mut update = Update::new(&target, &self, jobs, prune)?;
        update.summary.interrupted = target.interrupted();
        // each makes a segment of its own, which a short text does not need
        let workers = match progress.length() {
            Some(0..SMALL) => 1,
            _ => thread::available_parallelism().map_or(1, NonZero::get),
        };
        let queue = Mutex::new(queue);
        let update = thread::scope(|scope| {
            let workers: Vec<_> = (0..workers).map(|_| scope.spawn(|| work(&queue, &target, &indexed))).collect();
            for file in &self.listing.files {
                progress.set_message(tame(&file.path.to_string_lossy()));
                match update.file(file) {
                    Err(error) => update.skip(file.shown(), &error),
                    Ok(true) if context.verbose => {
                        let said = format!("read `{}` ({})", tame(&file.shown()), file.format.name);
                        progress.suspend(|| anstream::eprintln!("{said}"));
                    }
                    Ok(_) => {}
                }
                progress.inc(file.bytes);
            }
            let update = update.all_sent();
            workers.into_iter().try_for_each(|worker| worker.join().expect("a worker does not panic"))?;
            Ok::<_, anyhow::Error>(update)
        })?;
        progress.set_message("writing");
        let indexed = indexed.into_inner().map_err(|_| anyhow!("a worker has failed"))?;
        let (mut summary, note, is_changed) = update.finish(indexed)?;
        let refused = target.commit(&note, is_changed)?;
        summary.added = summary.added.saturating_sub(refused.len() as u64);
        summary.skipped.extend(refused);
        progress.finish_and_clear();
        Ok(summary)
    }
}

/// The words of a list, one a line; what follows a blank, such as the frequencies in jieba's own lists, is left out.
pub fn user_words(list: &str) -> impl Iterator<Item = &str> {
    let lines = list.trim_start_matches('\u{feff}').lines().map(str::trim_start);
    lines.filter(|line| !line.starts_with('#')).filter_map(|line| line.split_whitespace().next())
}

fn progress(context: &Context, total: u64) -> ProgressBar {
    // indicatif draws on standard error, and only if that is a terminal
    let target = if context.quiet { ProgressDrawTarget::hidden() } else { ProgressDrawTarget::stderr() };
    let style = ProgressStyle::with_template("{bar:24} {bytes}/{total_bytes} {eta} {wide_msg}");
    ProgressBar::with_draw_target(Some(total), target)
        .with_style(style.unwrap_or_else(|_| ProgressStyle::default_bar()))
}
