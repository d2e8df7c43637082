//! Embeds the index in a program of one's own: builds one from a folder of text files and searches it.
//!
//! ```text
//! cargo run -p gm-index --example embed               the report that ships with gm-search
//! cargo run -p gm-index --example embed -- reports/   your own, a folder of UTF-8 .txt files
//! ```

use std::path::PathBuf;
use std::thread;

use gm_index::{Document, Index, Options, Query};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let shipped = concat!(env!("CARGO_MANIFEST_DIR"), "/../corpus");
    let folder = std::env::args_os().nth(1).map_or_else(|| PathBuf::from(shipped), PathBuf::from);

    // An index is a directory of files. Here it is a temporary one; a program that keeps its index names a directory,
    // calls `Index::create` the first time and `Index::open` ever after.
    let directory = tempfile::tempdir()?;
    let index = Index::create(directory.path())?;

    // A writer is one transaction: nobody sees anything of it before the commit, and all of it afterwards. There can be
    // one at a time.
    let writer = index.writer()?;
    for file in std::fs::read_dir(&folder)? {
        let path = file?.path();
        if path.extension().is_some_and(|extension| extension == "txt") {
            // Plain text is all that is needed. `from_text` finds the sections, the title, the place and the year; what
            // you know better can be set in `document.meta` before the document is added. The first argument names the
            // document: adding another one of that name replaces it.
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            writer.add(&Document::from_text(name, std::fs::read_to_string(&path)?))?;
        }
    }
    writer.commit()?;
    let status = index.status()?;
    println!("documents: {}, passages: {}\n", status.documents, status.passages);

    // A query is plain data. It can be parsed from what somebody typed; blanks mean AND, quotes keep words together.
    let query: Query = "典型村".parse()?;
    let results = index.search(&query, Options { limit: 3, ..Options::default() })?;
    println!("{query}: {} times in {} passages", results.total.occurrences, results.total.passages);
    for hit in &results.hits {
        // A hit knows where it stands: its document, the line, and the headings above it.
        println!("\n{}:{} {}", hit.document.id, hit.line, hit.path.join(" › "));

        // A snippet is text and ranges, with no markup in it. `pieces` cuts the text at the borders of the highlights,
        // so that each program can paint them in its own way.
        for (piece, is_match) in hit.snippet.pieces() {
            if is_match {
                print!("【{piece}】");
            } else {
                print!("{piece}");
            }
        }
        println!();
    }

    // A clone is the same index, so threads share it without a lock and without opening it again.
    let searches = ["百千万工程", "港长制"].map(|text| {
        let index = index.clone();
        thread::spawn(move || {
            let results = index.search(&text.parse()?, Options::default())?;
            Ok::<_, gm_index::Error>((text, results.total))
        })
    });
    println!();
    for search in searches {
        let (text, total) = search.join().expect("a search does not panic")?;
        println!("{text}: {} times in {} passages", total.occurrences, total.passages);
    }
    Ok(())
}
