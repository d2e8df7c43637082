//! gm-search beside two other ways to search Chinese with tantivy, in the same run: `cargo bench`.
//!
//! | name | is |
//! |---|---|
//! | gm-search | the library in `index/`: words without positions, and the text itself |
//! | usual pairing | tantivy with the `tantivy-jieba` tokenizer, as its README sets it up: `TEXT \| STORED` |
//! | one character a token | the same with `cang-jie` in its `Unicode` mode |
//!
//! **What is measured.** Each engine has one indexing thread, unless two are named, and the same memory for it.
//!
//! * *Cutting words*: all paragraphs through the tokenizer, nothing else. gm-search folds them first.
//! * *Build*: from text in memory to an index on disk, committed, merges done. The dictionary is loaded before the clock
//!   starts. CPU is user and system time of the whole process.
//! * *Peak memory*: of a new process that builds the index from a folder of text files, by as many threads as there are
//!   processors, as Linux counts it (`VmHWM`): dictionary, threads and mapped files with it. For gm-search it is
//!   `gm-search build`; the others have 100 MB for each thread.
//! * *Index size*: all files of the index over the UTF-8 bytes of the corpus.
//! * *Warm query*: the ten best hits with their text, and how many there are. The best of [`PASSES`] passes for each of
//!   [`QUERIES`] strings; then the median and the 99th percentile over the strings.
//! * *Warm ranked query*: the ten best hits with their text for each of [`QUERIES`] questions, which are three words of a
//!   random paragraph with blanks between them. Each is asked once, after as many others: gm-search remembers how rare
//!   the words of a question are, so that to ask again is quicker. It finds and counts what has all the words,
//!   and ranks it by their frequency and by the evidence in the text; the others rank what has any of their tokens, and
//!   count nothing.
//! * *Growth*: the same measures of gm-search alone, on documents of about 1 MB, 10 MB and the whole of the largest corpus.
//! * *Complete answers*: the share of [`QUERIES`] strings for which every paragraph that holds the string is found; the
//!   same without the strings that begin or end with a digit; the same for words of the dictionary instead. Truth is
//!   `str::contains`. *Other paragraphs*: of those found, the share that does not hold the string as it was typed.
//! * *Cold query*: a new process that opens the index and prints ten hits, the median of [`COLD`]. For gm-search it is
//!   the built program, for the others this one, which then does nothing else. An `fn main() {}` is the floor.
//!
//! **The corpora**: the report that ships with the program, 29 KB; and, where it is at hand, a folder of plain text
//! reports beside the repository, `../shared/corpus/reports`, and laws and news in `../shared/corpus/bulk`. The strings
//! are drawn from the corpus with a fixed seed, 2 to 8 characters, at any place: also across the borders of words, and
//! through the middle of numbers.
//!
//! **What would mislead.**
//!
//! * The engines do not do the same work. gm-search also finds the sections of a report and folds the text while it
//!   builds, and marks the matches when it answers; the others are given paragraphs ready cut and mark nothing. The
//!   usual pairing has HMM on, as it comes, and copies each token.
//! * A random string is not what people type, and a word is the best case of whoever indexes words. People's queries
//!   lie between the two.
//! * A query that begins or ends within a number finds nothing in gm-search on purpose, and counts as incomplete here.
//!   Quotes, brackets, `、` and blanks do not matter to it, nor does the width of a character, so it finds paragraphs
//!   that do not have the string letter for letter. A string of one character and a quote finds very many.
//! * On the small corpus a build is mostly the fixed cost of a commit, its index the fixed size of some files, and a
//!   query mostly that of ten snippets.
//! * Laws and news are built once, so that their build is one figure and no median.
//! * The cold process of the others is a larger file than they need, with all three engines in it.
//! * `cargo bench` gives tantivy its default features for all three; the released program is built with fewer.
//! * Wall time and the 99th percentile suffer when the machine is shared, CPU time less; trust ratios of one run only.
//!
//! Nothing is asserted and nothing fails for being slow.

mod cold;
mod compare;
mod corpus;
mod engine;
mod growth;
mod measure;
mod memory;
mod rivals;
mod table;

use std::path::Path;

use anyhow::Result;

use crate::compare::{COLD, PASSES, QUERIES, compare};
use crate::corpus::Corpus;
use crate::growth::growth;

fn main() -> Result<()> {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    if let [first, engine, directory, last] = arguments.as_slice() {
        match first.as_str() {
            cold::ARGUMENT => return cold::answer(engine, Path::new(directory), last),
            memory::ARGUMENT => return memory::build(engine, Path::new(directory), Path::new(last)),
            _ => {}
        }
    }
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    println!("{QUERIES} strings, best of {PASSES} passes; as many questions, asked once; {COLD} cold processes.\n");
    compare(&Corpus::read("the report that ships with the program (corpus)", &root.join("corpus"))?, 5)?;
    let reports = root.join("../shared/corpus/reports");
    if reports.is_dir() {
        compare(&Corpus::read("plain text reports (../shared/corpus/reports)", &reports)?, 3)?;
    } else {
        println!(
            "Skipped: the larger corpus. It does not ship with the program, and there is no `{}`.",
            reports.display()
        );
    }
    let bulk = ["laws_cn", "cctv_xinwenlianbo"].map(|name| root.join(format!("../shared/corpus/bulk/{name}.jsonl.gz")));
    if bulk.iter().all(|file| file.is_file()) {
        let corpus =
            Corpus::read_lines("laws and news (laws_cn and cctv_xinwenlianbo of ../shared/corpus/bulk)", &bulk)?;
        compare(&corpus, 1)?;
        growth(&corpus)?;
    } else {
        println!("Skipped: laws and news. They do not ship with the program, and there is no `{}`.", bulk[0].display());
    }
    Ok(())
}
