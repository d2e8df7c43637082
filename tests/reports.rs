//! Real reports of all kinds, good and bad extractions alike.

use std::path::PathBuf;

use gm_index::{Document, Index};

use crate::support::shared;

/// The UTF-8 texts below a folder of the shared data, sorted.
fn texts(folder: &str) -> Vec<(PathBuf, String)> {
    let Some(root) = shared(folder) else { return Vec::new() };
    let mut texts: Vec<(PathBuf, String)> = walkdir::WalkDir::new(root)
        .into_iter()
        .map(|entry| entry.unwrap().into_path())
        .filter(|path| path.extension().is_some_and(|extension| extension == "txt"))
        .filter_map(|path| Some((path.clone(), String::from_utf8(std::fs::read(path).unwrap()).ok()?)))
        .collect();
    texts.sort();
    texts
}

#[test]
fn law_11_no_report_loses_a_character() {
    let texts = texts("corpus/reports");
    let index = Index::in_memory().unwrap();
    let mut writer = index.writer().unwrap();
    for (path, text) in &texts {
        let document = Document::from_text(path.to_string_lossy(), text.clone());
        let joined: String = document.passages.iter().map(|passage| &text[passage.range.clone()]).collect();
        assert!(joined == *text, "{} in passages is another text", path.display());
        let lines: Vec<&str> = text.split('\n').collect();
        for passage in &document.passages {
            let first = text[passage.range.clone()].trim().lines().next().unwrap_or_default().trim();
            assert!(
                lines[passage.line as usize - 1].contains(first),
                "{}:{} is not `{first}`",
                path.display(),
                passage.line
            );
        }
        writer.add(&document).unwrap();
    }
    writer.commit().unwrap();
    for (path, text) in &texts {
        let restored = index.document(&path.to_string_lossy()).unwrap().unwrap().text;
        assert!(restored == *text, "{} comes back from the index as another text", path.display());
    }
}
