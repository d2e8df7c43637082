//! How many queries a second one thread answers, as a measure for what a server adds: each is parsed, searched and printed as
//! JSON. `cargo run --release -p gm-index --example rate -- INDEX QUERIES SECONDS`; QUERIES is a file with one a line.

use std::time::{Duration, Instant};

use gm_index::{Index, Options, Query};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let args: Vec<String> = std::env::args().collect();
    let [_, index, queries, seconds] = &args[..] else { return Err("give INDEX QUERIES SECONDS".into()) };
    let index = Index::open(index)?;
    let queries = std::fs::read_to_string(queries)?;
    let queries: Vec<&str> = queries.lines().filter(|line| !line.is_empty()).collect();
    let time = Duration::from_secs(seconds.parse()?);
    let (start, mut answered, mut bytes) = (Instant::now(), 0u64, 0);
    while start.elapsed() < time {
        for text in &queries {
            let query: Query = text.parse()?;
            let options = Options { per_document: Some(3), ..Options::default() };
            bytes += serde_json::to_vec(&index.search(&query, options)?)?.len();
            answered += 1;
        }
    }
    let seconds = start.elapsed().as_secs_f64();
    println!("{:.0} queries/s, {:.0} bytes each", answered as f64 / seconds, bytes as f64 / answered as f64);
    Ok(())
}
