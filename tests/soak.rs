//! Many readers beside a writer that never rests. Every commit writes all documents anew, with the number of the commit in
//! each, so that one look tells whether an answer is of one state: never of two, never with a document missing.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::time::{Duration, Instant};

use gm_index::{Document, Index, Options, Query};
use serde_json::Value;

use crate::support::{Sandbox, number};

/// How many documents a commit leaves: not always as many.
fn documents(generation: u64) -> u64 {
    20 + generation % 7
}

fn write(index: &Index, generation: u64) {
    let mut writer = index.writer().unwrap();
    for at in 0..documents(generation) {
        let text = format!("第{at}号文件\n\n典型村是第{generation}代，港长制。\n\n另一段第{generation}代典型村。");
        writer.add(&Document::from_text(format!("{at}.txt"), text)).unwrap();
    }
    for at in documents(generation)..27 {
        writer.remove(&format!("{at}.txt")).unwrap();
    }
    writer.set_note(generation.to_string());
    writer.commit().unwrap();
}

/// The one commit that an answer is of: the texts of all passages that hold 典型村.
fn generation_of<'t>(texts: impl Iterator<Item = &'t str>) -> Result<u64, String> {
    let mut generation = None;
    let mut count = 0;
    for text in texts {
        let number = text.split('第').next_back().and_then(|rest| rest.split('代').next()?.parse::<u64>().ok());
        let number = number.ok_or_else(|| format!("`{text}` has no number"))?;
        match *generation.get_or_insert(number) {
            first if first != number => return Err(format!("{first} and {number} in one answer")),
            _ => count += 1,
        }
    }
    let generation = generation.ok_or("nothing was found")?;
    match count == 2 * documents(generation) {
        true => Ok(generation),
        false => Err(format!("{count} passages of commit {generation}")),
    }
}

/// Shared by the writer and the readers.
#[derive(Default)]
struct Soak {
    is_over: AtomicBool,
    /// The last commit that is done, and the last that has begun.
    done: AtomicU64,
    begun: AtomicU64,
    queries: AtomicU64,
    wrong: AtomicU64,
}

impl Soak {
    /// Asks again and again, and holds each answer against what was committed: it is of a state no older than the last
    /// commit that was done when `refresh` began.
    fn read<I>(&self, mut refresh: impl FnMut() -> I, ask: impl Fn(&I) -> Result<u64, String>, times: usize) {
        while !self.is_over.load(Ordering::SeqCst) {
            let mut oldest = self.done.load(Ordering::SeqCst);
            let index = refresh();
            for _ in 0..times {
                let answer = ask(&index);
                let newest = self.begun.load(Ordering::SeqCst);
                self.queries.fetch_add(1, Ordering::SeqCst);
                match answer {
                    Ok(generation) if (oldest..=newest).contains(&generation) => oldest = generation,
                    wrong => {
                        self.wrong.fetch_add(1, Ordering::SeqCst);
                        println!("wrong: {wrong:?} between commits {oldest} and {newest}");
                    }
                }
            }
        }
    }
}

fn search(index: &Index) -> Result<u64, String> {
    let query: Query = "典型村".parse().unwrap();
    let options = Options { limit: usize::MAX, ..Options::default() };
    let results = index.search(&query, options).map_err(|error| error.to_string())?;
    let generation = generation_of(results.hits.iter().map(|hit| hit.snippet.text.as_str()))?;
    match results.total.passages == results.hits.len() as u64 && results.total.documents == documents(generation) {
        true => Ok(generation),
        false => Err(format!("the sums are not those of the hits: {:?}", results.total)),
    }
}

/// `GM_SEARCH_SOAK` says for how many seconds.
#[test]
fn readers_never_see_two_states_in_one_answer() {
    let seconds = number("GM_SEARCH_SOAK", 4);
    let sandbox = Sandbox::new();
    let path = sandbox.path().join(".gm-search");
    write(&Index::create(&path).unwrap(), 0);
    let soak = Soak::default();
    let open = || Index::open(&path).unwrap();
    let shared = open();
    let deadline = Instant::now() + Duration::from_secs(seconds);
    let run = |args: &[&str]| -> Value { sandbox.json(args) };
    std::thread::scope(|scope| {
        // long-lived ones that reload: one each of its own, two of one index that a third reloads
        for _ in 0..2 {
            scope.spawn(|| {
                let index = open();
                let reload = || {
                    index.reload().unwrap();
                    index.clone()
                };
                soak.read(reload, search, 20);
            });
        }
        scope.spawn(|| {
            let reload = || {
                shared.reload().unwrap();
                shared.clone()
            };
            soak.read(reload, search, 5);
        });
        for _ in 0..2 {
            // what the other one reloads is never older than what was seen
            scope.spawn(|| {
                let reload = || {
                    shared.reload().unwrap();
                    shared.clone()
                };
                soak.read(reload, search, 50);
            });
        }
        // ones that open the index anew
        for _ in 0..3 {
            scope.spawn(|| soak.read(open, search, 3));
        }
        // other processes
        scope.spawn(|| {
            let ask = |answer: &Value| {
                let hits = answer["hits"].as_array().ok_or("no hits")?;
                generation_of(hits.iter().filter_map(|hit| hit["text"].as_str()))
            };
            soak.read(|| run(&["query", "典型村", "--limit", "100"]), ask, 1);
        });
        scope.spawn(|| {
            while !soak.is_over.load(Ordering::SeqCst) {
                let from = soak.done.load(Ordering::SeqCst);
                let count = run(&["count", "典型村"]);
                let mut possible = (from..=soak.begun.load(Ordering::SeqCst)).map(documents);
                soak.queries.fetch_add(1, Ordering::SeqCst);
                let is_right =
                    possible.any(|documents| count["documents"] == documents && count["occurrences"] == 2 * documents);
                soak.wrong.fetch_add(!is_right as u64, Ordering::SeqCst);
            }
        });
        let mut writer = Index::open(&path).unwrap();
        for generation in 1.. {
            soak.begun.store(generation, Ordering::SeqCst);
            write(&writer, generation);
            soak.done.store(generation, Ordering::SeqCst);
            if Instant::now() > deadline {
                break;
            }
            // a writer that lives long, and others that come and go
            if generation % 10 == 0 {
                writer = open();
            }
        }
        soak.is_over.store(true, Ordering::SeqCst);
    });
    let [commits, queries, wrong] = [&soak.done, &soak.queries, &soak.wrong].map(|count| count.load(Ordering::SeqCst));
    println!("{seconds} s: {queries} queries beside {commits} commits, {wrong} wrong answers");
    assert_eq!(wrong, 0);
    assert!(commits > 3 && queries > 50, "{commits} commits, {queries} queries");
    assert_eq!(Index::verify(&path).unwrap(), []);
}
