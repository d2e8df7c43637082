//! Takes every measure on one corpus, the engines in turns, and prints the table.

use std::collections::BTreeSet;
use std::hint::black_box;
use std::path::Path;
use std::time::Instant;

use anyhow::Result;
use gm_index::{Folded, fold};
use tempfile::TempDir;

use crate::cold::cold;
use crate::corpus::Corpus;
use crate::engine::{ENGINES, Engine, JIEBA};
use crate::measure::{Cost, cost, median, quantile};
use crate::memory::peaks;
use crate::table::Better::{Less, More};
use crate::table::{Row, print_engines};

/// Strings to look for in each corpus.
pub const QUERIES: usize = 200;
/// How often each string is looked for in the warm index; the best counts.
pub const PASSES: usize = 5;
/// Cold processes of each program.
pub const COLD: usize = 21;

/// A short corpus is cut again and again up to so many bytes, for the clock's sake.
const CUT_AT_LEAST: usize = 2_000_000;

/// A built index, and the directory that is removed with it.
struct Built {
    engine: Box<dyn Engine>,
    directory: TempDir,
}

/// Compares the engines on one corpus. Each builds `rounds` times, in turns; figures are medians.
pub fn compare(corpus: &Corpus, rounds: usize) -> Result<()> {
    let (documents, paragraphs, bytes) = (corpus.documents.len(), corpus.paragraphs.len(), corpus.bytes());
    println!("## {}: documents {documents}, paragraphs {paragraphs}, bytes {bytes}\n", corpus.name);
    let megabytes = bytes as f64 / 1e6;

    let (built, times) = build(corpus, rounds)?;
    let speed = |costs: &[Cost], part: fn(&Cost) -> f64| {
        let seconds: Vec<f64> = costs.iter().map(part).collect();
        megabytes / median(&seconds)
    };
    let times = times.each_ref();
    let mut sizes = [0.0; 3];
    for (size, built) in sizes.iter_mut().zip(&built) {
        *size = size_of(built.directory.path())? as f64 / bytes as f64;
    }

    let strings = corpus.strings(QUERIES);
    let engines = [0, 1, 2].map(|at: usize| &*built[at].engine);
    let literal = warm(engines, &strings, PASSES, |engine, string, show| engine.query(string, show).map(drop))?;
    let ranked = ranked(engines, corpus)?;
    let answers = find(corpus, &built, &strings)?;
    let words = corpus.words(QUERIES, &JIEBA);
    let answers_to_words = find(corpus, &built, &words)?;
    let directories = [0, 1, 2].map(|at: usize| built[at].directory.path());
    let (cold, empty) = cold(&directories, &strings[..COLD.min(strings.len())])?;

    let row = |measure: &str, better, figures| Row { measure: measure.to_string(), better, figures };
    let rows = [
        row("cutting words, MB per CPU second", More, times.map(|t| speed(&t.cutting, |cost| cost.cpu))),
        row("… folded before, MB per CPU second", More, times.map(|t| speed(&t.cutting_folded, |cost| cost.cpu))),
        row("build, MB per CPU second", More, times.map(|t| speed(&t.building, |cost| cost.cpu))),
        row("build, MB per second of wall time", More, times.map(|t| speed(&t.building, |cost| cost.wall))),
        row("… with two threads", More, times.map(|t| speed(&t.building_by_two, |cost| cost.wall))),
        row("build, peak memory, MB", Less, peaks(corpus)?),
        row("index bytes per byte of text", Less, sizes),
        row("warm query, median, µs", Less, literal.each_ref().map(|times| median(times))),
        row("warm query, 99th percentile, µs", Less, literal.each_ref().map(|times| quantile(times, 0.99))),
        row("warm ranked query, median, µs", Less, ranked.each_ref().map(|times| median(times))),
        row("… 99th percentile, µs", Less, ranked.each_ref().map(|times| quantile(times, 0.99))),
        row("complete answers, any string, %", More, answers.each_ref().map(|a| a.complete(&strings, |_| true))),
        row("… no digit at its ends, %", More, answers.each_ref().map(|a| a.complete(&strings, ends_in_no_digit))),
        row("… a word, %", More, answers_to_words.each_ref().map(|a| a.complete(&words, |_| true))),
        row("other paragraphs, % of those found", Less, answers.each_ref().map(Answers::others)),
        row("cold query, CPU ms", Less, cold),
        row("an empty process, CPU ms", Less, [empty, f64::NAN, f64::NAN]),
    ];
    print_engines(&rows);
    for ((name, _), answers) in ENGINES.iter().zip(&answers) {
        // first those that no number explains
        let (unexplained, cut): (Vec<_>, Vec<_>) = answers.incomplete.iter().partition(|s| ends_in_no_digit(s));
        if !answers.incomplete.is_empty() {
            let some: Vec<_> = unexplained.iter().chain(&cut).take(8).map(|string| format!("`{string}`")).collect();
            println!("{name}: {} incomplete, such as {}", answers.incomplete.len(), some.join(" "));
        }
    }
    println!();
    Ok(())
}

/// What one engine took in each round.
#[derive(Default)]
struct Times {
    cutting: Vec<Cost>,
    cutting_folded: Vec<Cost>,
    building: Vec<Cost>,
    /// With two threads.
    building_by_two: Vec<Cost>,
}

/// The last index of each engine, and what cutting words and building took.
fn build(corpus: &Corpus, rounds: usize) -> Result<(Vec<Built>, [Times; 3])> {
    let mut built = Vec::new();
    let mut times: [Times; 3] = Default::default();
    let repeat = (CUT_AT_LEAST / corpus.bytes()).max(1);
    let folded: Vec<Folded> = corpus.paragraphs.iter().map(|paragraph| fold(&paragraph.text)).collect();
    for _ in 0..rounds {
        built.clear();
        for ((_, create), times) in ENGINES.iter().zip(&mut times) {
            let directory = tempfile::tempdir()?;
            let mut by_two = create(directory.path(), 2)?;
            times.building_by_two.push(cost(|| by_two.build(corpus))?);
            drop((by_two, directory));
            let directory = tempfile::tempdir()?;
            let mut engine = create(directory.path(), 1)?;
            let cutting = cost(|| {
                for paragraph in std::iter::repeat_n(&corpus.paragraphs, repeat).flatten() {
                    black_box(engine.cut(&paragraph.text));
                }
                Ok(())
            })?;
            times.cutting.push(cutting / repeat as f64);
            let cutting = cost(|| {
                for paragraph in std::iter::repeat_n(&folded, repeat).flatten() {
                    black_box(engine.cut_folded(paragraph));
                }
                Ok(())
            })?;
            times.cutting_folded.push(cutting / repeat as f64);
            times.building.push(cost(|| engine.build(corpus))?);
            built.push(Built { engine, directory });
        }
    }
    Ok((built, times))
}

/// A way to ask an engine, which hands what it found to the last one.
type Ask = fn(&dyn Engine, &str, &mut dyn FnMut(&str)) -> Result<()>;

/// For each engine the time for each of [`QUERIES`] questions that were never asked, when it has answered as many others.
pub fn ranked<const N: usize>(engines: [&dyn Engine; N], corpus: &Corpus) -> Result<[Vec<f64>; N]> {
    let questions = corpus.questions(2 * QUERIES, &JIEBA);
    let (others, questions) = questions.split_at(questions.len() / 2);
    let ask: Ask = |engine, question, show| engine.rank(question, show);
    warm(engines, others, 1, ask)?;
    warm(engines, questions, 1, ask)
}

/// For each engine the best time for each string, in microseconds. The engines take turns.
pub fn warm<const N: usize>(
    engines: [&dyn Engine; N],
    strings: &[String],
    passes: usize,
    ask: Ask,
) -> Result<[Vec<f64>; N]> {
    let mut best = [(); N].map(|()| vec![f64::INFINITY; strings.len()]);
    for _ in 0..passes {
        for (&engine, best) in engines.iter().zip(&mut best) {
            for (string, best) in strings.iter().zip(best) {
                let start = Instant::now();
                ask(engine, string, &mut |text| {
                    black_box(text);
                })?;
                *best = best.min(start.elapsed().as_secs_f64() * 1e6);
            }
        }
    }
    Ok(best)
}

/// What an engine found, held against the truth.
#[derive(Default)]
struct Answers {
    /// The strings for which a paragraph that holds them was not found.
    incomplete: Vec<String>,
    found: usize,
    /// Paragraphs found that do not hold the string.
    others: usize,
}

impl Answers {
    /// Of the strings that are `wanted`, the share for which every paragraph was found.
    fn complete(&self, strings: &[String], wanted: fn(&str) -> bool) -> f64 {
        let count = |strings: &[String]| strings.iter().filter(|string| wanted(string)).count() as f64;
        100.0 * (1.0 - count(&self.incomplete) / count(strings))
    }

    fn others(&self) -> f64 {
        100.0 * self.others as f64 / self.found as f64
    }
}

/// Whether no number can have been cut in two where the string was taken from the text.
fn ends_in_no_digit(string: &str) -> bool {
    !string.starts_with(char::is_numeric) && !string.ends_with(char::is_numeric)
}

fn find(corpus: &Corpus, built: &[Built], strings: &[String]) -> Result<[Answers; 3]> {
    let mut answers: [Answers; 3] = Default::default();
    for string in strings {
        let truth: BTreeSet<usize> = corpus.paragraphs_with(string).into_iter().collect();
        for (built, answers) in built.iter().zip(&mut answers) {
            let found = built.engine.find(corpus, string)?;
            if !truth.is_subset(&found) {
                answers.incomplete.push(string.clone());
            }
            answers.found += found.len();
            answers.others += found.difference(&truth).count();
        }
    }
    Ok(answers)
}

/// Bytes of all files in a directory that has no directories in it.
pub fn size_of(directory: &Path) -> Result<u64> {
    let mut bytes = 0;
    for file in fs_err::read_dir(directory)? {
        bytes += file?.metadata()?.len();
    }
    Ok(bytes)
}
