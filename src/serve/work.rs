//! When a question is answered. Searching is work for a processor, so it runs on threads of its own, as many as there are
//! processors; the rest wait in order. Questions that read much of the text have a lane of their own and fewer threads, so
//! that a flood of them leaves the others theirs.

use std::time::Duration;

use gm_index::{Cancel, Query, fold};
use tokio::sync::{Semaphore, SemaphorePermit};
use tokio::time::timeout;

use super::problem::Problem;

/// How long a question may wait for its turn.
const WAIT: Duration = Duration::from_secs(5);

/// Documents that are received and looked at at once, each of which may have [`MOST_UPLOAD`](super::api::MOST_UPLOAD) bytes.
const MOST_UPLOADS: usize = 8;

/// A query with more characters than this is hard, and one with more parts.
const LONG: usize = 200;
const MANY: usize = 12;

/// Which threads answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lane {
    /// Some milliseconds at most.
    Quick,
    /// Perhaps all of the text.
    Hard,
}

impl Lane {
    /// The lane of a query: regular expressions, numbers, single characters and long lists read much.
    pub fn of(query: &str) -> Lane {
        let reads_much = |query: Query| {
            let mut texts = 0;
            let reads_much_by_itself = query.any(&mut |part| match part {
                Query::Text(text) | Query::Phrase(text) | Query::Fixed(text) => {
                    texts += 1;
                    fold(text).text.chars().nth(1).is_none()
                }
                part => matches!(part, Query::Regex(_) | Query::Amount(_)),
            });
            reads_much_by_itself || texts > MANY
        };
        // what is no query is refused at once
        match query.chars().nth(LONG).is_some() || query.parse().is_ok_and(reads_much) {
            true => Lane::Hard,
            false => Lane::Quick,
        }
    }
}

/// The threads that answer.
pub struct Work {
    quick: &'static Semaphore,
    hard: &'static Semaphore,
    uploads: &'static Semaphore,
    time: Duration,
}

/// How many threads answer at most.
pub fn threads(cores: usize) -> usize {
    cores + hard(cores)
}

fn hard(cores: usize) -> usize {
    (cores / 2).max(1)
}

impl Work {
    pub fn new(cores: usize, time: Duration) -> Self {
        // they live as long as the program, and so may permits that a thread takes with it
        let lane = |permits| &*Box::leak(Box::new(Semaphore::new(permits)));
        Work { quick: lane(cores), hard: lane(hard(cores)), uploads: lane(MOST_UPLOADS), time }
    }

    /// Waits until a document may be received, which memory must hold until the permit is dropped.
    pub async fn upload(&self) -> Result<Permit, Problem> {
        turn(self.uploads).await
    }

    /// Runs `answer` when it is its turn. Dropping the future takes a waiting question out of the line, and ends one that has
    /// begun, as running out of time does: its thread is free as soon as the index is next asked for text.
    pub async fn run<T: Send + 'static>(
        &self,
        lane: Lane,
        answer: impl FnOnce() -> Result<T, Problem> + Send + 'static,
    ) -> Result<T, Problem> {
        let lane = match lane {
            Lane::Quick => self.quick,
            Lane::Hard => self.hard,
        };
        let permit = turn(lane).await?;
        let cancel = Cancel::default();
        let _awaited = Awaited(cancel.clone());
        let work = tokio::task::spawn_blocking(move || {
            let answer = cancel.over(answer);
            drop(permit);
            answer
        });
        match timeout(self.time, work).await {
            Ok(Ok(answer)) => answer,
            Ok(Err(_)) => Err(Problem::internal("the question could not be answered")),
            Err(_) => Err(Problem::busy("the answer took too long")
                .with_hint("ask for less: a longer term, a filter, a smaller limit")),
        }
    }
}

/// The right to a place among those that are at work.
pub type Permit = SemaphorePermit<'static>;

async fn turn(lane: &'static Semaphore) -> Result<Permit, Problem> {
    match timeout(WAIT, lane.acquire()).await {
        Ok(Ok(permit)) => Ok(permit),
        _ => Err(Problem::busy("too many questions are waiting")),
    }
}

/// Ends an answer when nobody waits for it any more.
struct Awaited(Cancel);

impl Drop for Awaited {
    fn drop(&mut self) {
        self.0.cancel();
    }
}

#[cfg(test)]
mod tests {
    use gm_index::{Document, Index};

    use super::*;
    use crate::serve::answers;

    #[test]
    fn an_answer_that_nobody_waits_for_ends() {
        let index = Index::in_memory().unwrap();
        let writer = index.writer().unwrap();
        writer.add(&Document::from_text("甲", "典型村。")).unwrap();
        writer.commit().unwrap();
        let endless = move || -> Result<(), Problem> {
            loop {
                index.count(&answers::parse("/村/")?, &[])?;
            }
        };
        let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(1).enable_all().build().unwrap();
        runtime.block_on(async {
            let work = Work::new(1, Duration::from_millis(100));
            let late = work.run(Lane::Hard, endless.clone()).await.unwrap_err();
            assert!(late.detail.contains("took too long"), "{late:?}");
            let work = Work::new(1, Duration::from_secs(60));
            assert!(
                timeout(Duration::from_millis(100), work.run(Lane::Hard, endless)).await.is_err(),
                "the client leaves"
            );
            work.run(Lane::Hard, || Ok(())).await.unwrap();
        });
        runtime.shutdown_background();
    }

    #[test]
    fn what_reads_much_is_hard() {
        let many = (10..30).map(|number| format!("{number}村")).collect::<Vec<_>>().join("|");
        let hard =
            ["/\\d+万/", "村", "典型村 港", "典型村 OR /a/", "一|丁|七", "典型村|(港长制 “村”)", "num:5%..", &many];
        assert!(hard.map(Lane::of).iter().all(|&lane| lane == Lane::Hard));
        assert!(
            ["典型村", "典型村 港长制", "2025年gdp目标", "1/3"].map(Lane::of).iter().all(|&lane| lane == Lane::Quick)
        );
    }
}
