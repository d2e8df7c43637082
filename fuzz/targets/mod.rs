//! What is fuzzed: functions that take any bytes and panic where a law does not hold. `fuzz/run` lets libFuzzer look
//! for such bytes; `cargo test` goes through the kept ones in `fuzz/corpus`, a folder a target.

mod damage;
mod formats;
mod library;
mod search;

/// Takes any bytes.
pub type Target = fn(&[u8]);

/// All targets, by the names of their folders.
pub const TARGETS: &[(&str, Target)] = &[
    ("fold", library::fold),
    ("outline", library::outline),
    ("figures", library::figures),
    ("query", library::query),
    ("lists", library::lists),
    ("search", search::search),
    ("damage", damage::damage),
    ("plain", formats::plain),
    ("html", formats::html),
    ("rtf", formats::rtf),
    ("docx", formats::docx),
    ("odt", formats::odt),
    ("pdf", formats::pdf),
    ("jsonl", formats::jsonl),
    ("sidecar", formats::sidecar),
];

/// The text that a target makes of its input; bytes that are none are of no interest to those that take text.
fn text(data: &[u8]) -> Option<&str> {
    std::str::from_utf8(data).ok()
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::path::Path;

    use super::TARGETS;

    /// Goes through every kept input; what failed once stays among them.
    #[test]
    fn kept_inputs_hold_the_laws() {
        let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("fuzz/corpus");
        let folders: BTreeSet<String> = std::fs::read_dir(&corpus)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        assert_eq!(folders, TARGETS.iter().map(|(name, _)| name.to_string()).collect(), "a folder a target");
        for (name, target) in TARGETS {
            let mut inputs = 0;
            for entry in std::fs::read_dir(corpus.join(name)).unwrap() {
                let path = entry.unwrap().path();
                let data = std::fs::read(&path).unwrap();
                if let Err(panic) = std::panic::catch_unwind(|| target(&data)) {
                    println!("help: it was `{name}` with {}", path.display());
                    std::panic::resume_unwind(panic);
                }
                inputs += 1;
            }
            assert!(inputs > 0, "`{name}` has no inputs");
        }
    }
}
