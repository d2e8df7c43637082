//! The text component in tantivy's own life cycle, seen from tantivy's side.

use gm_index::{Document, Index};
use tantivy::TantivyDocument;

fn built() -> tempfile::TempDir {
    let directory = tempfile::tempdir().unwrap();
    let index = Index::create(directory.path()).unwrap();
    let writer = index.writer().unwrap();
    writer.add(&Document::from_text("a", "典型村。\n港长制。")).unwrap();
    writer.commit().unwrap();
    directory
}

#[test]
fn without_the_component_a_writer_is_refused() {
    let directory = built();
    let bare = tantivy::Index::open_in_dir(directory.path()).unwrap();
    let error = bare.writer::<TantivyDocument>(15_000_000).err().unwrap().to_string();
    assert!(error.contains("text"), "{error}");
    let searcher = bare.reader().unwrap().searcher();
    assert_eq!(searcher.num_docs(), 2, "help: reading the words needs no component");
}

#[test]
fn an_index_of_others_is_refused() {
    let directory = tempfile::tempdir().unwrap();
    let mut schema = tantivy::schema::Schema::builder();
    let body = schema.add_text_field("body", tantivy::schema::TEXT);
    let index = tantivy::Index::create_in_dir(directory.path(), schema.build()).unwrap();
    let mut writer = index.writer(15_000_000).unwrap();
    writer.add_document(tantivy::doc!(body => "典型村")).unwrap();
    writer.commit().unwrap();
    let error = Index::open(directory.path()).err().unwrap();
    assert_eq!(error.kind(), gm_index::Kind::Format, "{error}");
    assert!(error.hint().is_some_and(|hint| !hint.contains("remove")), "{error:?}");
    assert_eq!(Index::written(directory.path()).unwrap_err().kind(), gm_index::Kind::Format);
    assert_eq!(Index::create(directory.path()).err().unwrap().kind(), gm_index::Kind::Exists);
}

#[test]
fn every_file_of_the_index_has_tantivys_checksum() {
    let directory = built();
    let mut index = tantivy::Index::open_in_dir(directory.path()).unwrap();
    assert!(index.validate_checksum().unwrap().is_empty());
    let text = std::fs::read_dir(directory.path()).unwrap().map(|entry| entry.unwrap().path());
    let text = text.filter(|path| path.extension().is_some_and(|end| end == "text")).collect::<Vec<_>>();
    let mut bytes = std::fs::read(&text[0]).unwrap();
    bytes[3] ^= 1;
    std::fs::write(&text[0], bytes).unwrap();
    index = tantivy::Index::open_in_dir(directory.path()).unwrap();
    assert_eq!(index.validate_checksum().unwrap().len(), 1);
}

#[test]
fn passages_of_any_length_stand_where_they_belong() {
    let directory = tempfile::tempdir().unwrap();
    let index = Index::create(directory.path()).unwrap();
    let writer = index.writer().unwrap();
    let long = "村民".repeat(60_000);
    let text = format!("第一段。\n{long}港长制。\n第二段典型村。\n“第三段”港长制。");
    writer.add(&Document::from_text("a", text.as_str())).unwrap();
    writer.add(&Document::from_text("b", "另一份典型村。")).unwrap();
    writer.commit().unwrap();
    let index = Index::open(directory.path()).unwrap();
    assert_eq!(index.document("a").unwrap().unwrap().text, text);
    let lines = |query: &str| {
        let results = index.search(&query.parse().unwrap(), gm_index::Options::default()).unwrap();
        let mut lines: Vec<_> = results.hits.iter().map(|hit| (hit.document.id.clone(), hit.line)).collect();
        lines.sort();
        lines
    };
    let at = |id: &str, line| (id.to_string(), line);
    assert_eq!(lines("港长制"), [at("a", 2), at("a", 4)]);
    assert_eq!(lines("典型村"), [at("a", 3), at("b", 1)]);
}
