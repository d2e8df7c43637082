//! Compiles `data/words.txt.gz` to the table that the crate embeds. How the file is made and read is told in
//! `data/make_words.py`, the form of the table in `src/words/table.rs`. It costs a second without optimisation.

#[path = "src/words/table.rs"]
mod table;

use std::error::Error;
use std::fs::File;
use std::io::Read;
use std::path::Path;

use flate2::read::GzDecoder;

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo::rerun-if-changed=data/words.txt.gz");
    println!("cargo::rerun-if-changed=src/words/table.rs");
    let mut lines = String::new();
    GzDecoder::new(File::open("data/words.txt.gz")?).read_to_string(&mut lines)?;
    let bytes = table::compile(&words(&lines)?)?;
    std::fs::write(Path::new(&std::env::var("OUT_DIR")?).join("words.table"), bytes)?;
    Ok(())
}

fn words(lines: &str) -> Result<Vec<(String, u32)>, Box<dyn Error>> {
    let mut words: Vec<(String, u32)> = Vec::with_capacity(350_000);
    for line in lines.lines() {
        let rest = line.trim_start_matches('\t');
        let (rest, frequency) = rest.split_once(' ').unwrap_or((rest, "3"));
        let above = words.last().map_or("", |(word, _)| word);
        let shared: usize =
            above.chars().take(line.len() - line.trim_start_matches('\t').len()).map(char::len_utf8).sum();
        words.push((format!("{}{rest}", &above[..shared]), frequency.parse()?));
    }
    Ok(words)
}
