//! Compiles `data/words.txt.gz` to the table that the crate embeds. How the file is made and read is told in
//! `data/make_words.py`, the form of the table in `src/words/table.rs`. It costs a second without optimisation. And sorts
//! the names in `data/places.txt`, for `src/parse/places.rs`.

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
    let out = std::env::var("OUT_DIR")?;
    std::fs::write(Path::new(&out).join("words.table"), bytes)?;
    println!("cargo::rerun-if-changed=data/places.txt");
    std::fs::write(Path::new(&out).join("places.names"), names(&std::fs::read_to_string("data/places.txt")?)?)?;
    Ok(())
}

/// Where the names of places begin, in the order of what stands there.
fn names(places: &str) -> Result<Vec<u8>, Box<dyn Error>> {
    let mut starts = Vec::new();
    let mut start = 0;
    for line in places.split_inclusive('\n') {
        // blanks and a code stand before the first name, a tab or a blank before each other
        let mut before = line.find(|c: char| c != ' ' && !c.is_ascii_digit()).unwrap_or(0);
        for name in line[before..].split_inclusive(['\t', ' ']).filter(|_| !line.starts_with('#')) {
            starts.push(u32::try_from(start + before)?);
            before += name.len();
        }
        start += line.len();
    }
    starts.sort_unstable_by_key(|&start| &places[start as usize..]);
    Ok(starts.into_iter().flat_map(u32::to_le_bytes).collect())
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
