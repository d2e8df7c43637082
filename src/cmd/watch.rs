//! `gm-search watch [PATH…]`: builds the index, and again whenever files have changed, until it is told to stop. Prints a line
//! on standard output for each update that changed something, `3 documents: 1 added, …`; with `--json` or `--jsonl` an object
//! a line, as `build --json` has it. What stands in the way is told on standard error, once.

mod changes;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result};
use gm_index::Kind;

use super::build;
use crate::Outcome;
use crate::cli;
use crate::context::{Context, DIRECTORY};
use crate::files::Skipped;
use crate::origin::Root;
use crate::print::{counted, json};
use crate::stop::Stop;
use crate::tame::tame;
use crate::update::{self, Request, Summary};
use changes::{Changes, Identity, identities};

/// Without a change for so long, those that were made are taken in;
const QUIET: Duration = Duration::from_secs(1);

/// and at the latest after so long.
const LONGEST: Duration = Duration::from_secs(10);

/// How often what cannot be watched for is looked at: a folder that went or came back, an index that another writes to.
const TICK: Duration = Duration::from_secs(1);

/// What is waited for.
enum Event {
    Changed,
    Stop,
}

pub fn run(context: &Context, args: cli::Watch) -> Result<Outcome> {
    let path = context.find_index()?.unwrap_or_else(|| PathBuf::from(DIRECTORY));
    let request = build::request(&path, args.build)?;
    let (sender, events) = mpsc::channel();
    stop_on_signal(sender.clone())?;
    // watched before the first look, so that nothing falls between
    let changes = Changes::of(&request.roots, args.poll.map(Duration::from_secs), sender, &path)?;
    let seen = identities(&request.roots, &path);
    let watch = Watch { context, path, request, events, changes, seen, told: None, skipped: None };
    watch.run()?;
    Ok(Outcome::Done)
}

/// A watch under way.
struct Watch<'a> {
    context: &'a Context,
    path: PathBuf,
    request: Request,
    events: Receiver<Event>,
    changes: Changes,
    /// What the folders were when they were last looked at.
    seen: Vec<Option<Identity>>,
    /// What stood in the way of the last update, which is told once.
    told: Option<String>,
    /// What was skipped last time; `None` before the first update.
    skipped: Option<Vec<Skipped>>,
}

impl Watch<'_> {
    fn run(mut self) -> Result<()> {
        loop {
            let is_done = self.update()?;
            // an update that could not be made is tried again before long
            if !self.wait(if is_done { None } else { Some(2 * TICK) })? {
                if !self.context.quiet {
                    anstream::eprintln!("stopped");
                }
                return Ok(());
            }
        }
    }

    /// Waits until there is something to take in, or for so long; false if it is time to stop.
    fn wait(&mut self, retry: Option<Duration>) -> Result<bool> {
        let start = Instant::now();
        let mut first: Option<Instant> = None;
        let mut last = start;
        loop {
            match self.events.recv_timeout(if first.is_some() { QUIET / 4 } else { TICK }) {
                Ok(Event::Stop) | Err(RecvTimeoutError::Disconnected) => return Ok(false),
                Ok(Event::Changed) => {
                    last = Instant::now();
                    first.get_or_insert(last);
                }
                Err(RecvTimeoutError::Timeout) => {}
            }
            let now = identities(&self.request.roots, &self.path);
            if now != self.seen {
                self.seen = now;
                self.changes.renew(&self.request.roots)?;
                last = Instant::now();
                first.get_or_insert(last);
            }
            let is_settled = first.is_some_and(|first| last.elapsed() >= QUIET || first.elapsed() >= LONGEST);
            if is_settled || retry.is_some_and(|retry| first.is_none() && start.elapsed() >= retry) {
                return Ok(true);
            }
        }
    }

    /// Updates, and says what it did; false if something stood in the way that may pass.
    fn update(&mut self) -> Result<bool> {
        let roots = &self.request.roots;
        let missing: Vec<&Root> = roots.iter().filter(|root| !root.is_there()).collect();
        let missing: Vec<String> = missing.iter().map(|root| format!("`{}`", root.path.display())).collect();
        if missing.len() == roots.len() {
            self.tell(format!("{} is not there; the index stays as it is", missing.join(", ")));
            // its return is seen
            return Ok(true);
        }
        match update::build(self.context, &self.path, &self.request) {
            Ok(summary) => {
                if missing.is_empty() {
                    self.told = None;
                }
                self.say(summary)?;
                Ok(true)
            }
            Err(error) => {
                let kind = error.downcast_ref::<gm_index::Error>().map(gm_index::Error::kind);
                // what is wrong from the start is for whoever started it
                let is_first = self.skipped.is_none();
                let retry = kind == Some(Kind::Locked) || kind == Some(Kind::Io) && !is_first;
                if !retry && (is_first || kind.is_some()) {
                    return Err(error);
                }
                self.tell(format!("{error:#}; {}", if retry { "trying again" } else { "waiting for the next change" }));
                Ok(!retry)
            }
        }
    }

    /// Tells what stands in the way, unless it was told last.
    fn tell(&mut self, what: String) {
        if self.told.as_ref() != Some(&what) {
            anstream::eprintln!("warning: {}", tame(&what));
            self.told = Some(what);
        }
    }

    /// Prints the line of an update: the first one, and every one that changed something.
    fn say(&mut self, summary: Summary) -> Result<()> {
        let Summary { added, changed, renamed, removed, .. } = summary;
        let is_first = self.skipped.is_none();
        let skips_anew = self.skipped.as_ref().is_none_or(|before| *before != summary.skipped);
        if is_first || added + changed + renamed + removed > 0 || skips_anew {
            let mut out = anstream::stdout().lock();
            if self.context.prints_json() {
                json(&mut out, &summary)?;
            } else {
                writeln!(out, "{}: {}", counted(summary.documents, "document"), build::changes(&summary))?;
            }
            out.flush()?;
        }
        if skips_anew && !self.context.quiet {
            for Skipped { path, reason } in &summary.skipped {
                anstream::eprintln!("skipped `{}`: {}", tame(path), tame(reason));
            }
        }
        if is_first && !self.context.quiet {
            anstream::eprintln!("watching {}; Ctrl-C stops", self.changes.way());
        }
        self.skipped = Some(summary.skipped);
        Ok(())
    }
}

/// Lets the watch end after the update that it is at when it is told to stop; told again, it ends at once, which harms nothing.
fn stop_on_signal(events: Sender<Event>) -> Result<()> {
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
    let runtime = runtime.context("cannot wait for signals")?;
    let mut stop = runtime.block_on(async { Stop::listen() }).context("cannot wait for signals")?;
    std::thread::spawn(move || {
        runtime.block_on(stop.told());
        let _ = events.send(Event::Stop);
        runtime.block_on(stop.told());
        std::process::exit(130);
    });
    Ok(())
}

/// Whether a path below one of these folders is no document's: hidden, or of the index itself.
fn is_apart(path: &Path, roots: &[PathBuf], index: &Path) -> bool {
    let hidden = |part: std::path::Component| part.as_os_str().to_string_lossy().starts_with('.');
    let below = roots.iter().find_map(|root| path.strip_prefix(root).ok());
    path.starts_with(index) || below.is_some_and(|below| below.components().any(hidden))
}
