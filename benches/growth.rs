//! How the cost of gm-search grows with the text: parts of one corpus, the smaller within the larger.

use anyhow::Result;

use crate::cold::cold_ours;
use crate::compare::{COLD, PASSES, QUERIES, ranked, size_of, warm};
use crate::corpus::Corpus;
use crate::engine::Ours;
use crate::measure::{cost, median, quantile};
use crate::memory::peak_of_ours;
use crate::table::Better::{self, Less, More};
use crate::table::{figure, print};

/// Bytes of the parts; the last one is the whole.
const PARTS: [usize; 3] = [1_000_000, 10_000_000, usize::MAX];

/// What is measured of a part.
const MEASURES: [(&str, Better); 8] = [
    ("build, MB per CPU second", More),
    ("build, peak memory, MB", Less),
    ("index bytes per byte of text", Less),
    ("cold query, CPU ms", Less),
    ("warm query, median, µs", Less),
    ("warm query, 99th percentile, µs", Less),
    ("warm ranked query, median, µs", Less),
    ("warm ranked query, 99th percentile, µs", Less),
];

/// Measures each part and prints the table.
pub fn growth(corpus: &Corpus) -> Result<()> {
    println!("## {}: how the cost of gm-search grows\n", corpus.name);
    println!(
        "Documents are drawn with a fixed seed, and those of a smaller part are in the larger. The exponent is of the size,"
    );
    println!("between the first part and the last: a cost with 0 does not grow, one with 1 grows as the text does.\n");
    let (mut sizes, mut figures) = (Vec::new(), Vec::new());
    for bytes in PARTS {
        let part = corpus.part(bytes)?;
        sizes.push(part.bytes() as f64 / 1e6);
        figures.push(measure(&part)?);
    }
    let exponent =
        |values: &[f64]| (values[PARTS.len() - 1] / values[0]).ln() / (sizes[PARTS.len() - 1] / sizes[0]).ln();
    let rows = MEASURES.iter().enumerate().map(|(at, (measure, better))| {
        let values: Vec<f64> = figures.iter().map(|part| part[at]).collect();
        let words = [measure.to_string(), better.word().to_string()];
        let last = format!("{:.2}", exponent(&values));
        words.into_iter().chain(values.into_iter().map(figure)).chain([last]).collect()
    });
    let sizes: Vec<String> = sizes.iter().map(|&size| format!("{} MB", figure(size))).collect();
    let head = ["measure", "better"].into_iter().chain(sizes.iter().map(String::as_str)).chain(["exponent"]);
    print(&head.collect::<Vec<_>>(), rows.collect());
    Ok(())
}

/// The [`MEASURES`] of one part.
fn measure(part: &Corpus) -> Result<[f64; MEASURES.len()]> {
    let bytes = part.bytes() as f64;
    let directory = tempfile::tempdir()?;
    let mut ours = Ours::create(directory.path(), 1)?;
    let building = cost(|| ours.build(part))?;
    let peak = peak_of_ours(part.write()?.path())?;
    let strings = part.strings(QUERIES);
    let cold = cold_ours(directory.path(), &strings[..COLD.min(strings.len())])?;
    let [literal] = warm([&*ours], &strings, PASSES, |engine, string, show| engine.query(string, show).map(drop))?;
    let [ranked] = ranked([&*ours], part)?;
    Ok([
        bytes / 1e6 / building.cpu,
        peak,
        size_of(directory.path())? as f64 / bytes,
        cold,
        median(&literal),
        quantile(&literal, 0.99),
        median(&ranked),
        quantile(&ranked, 0.99),
    ])
}
