//! Bytes of an index that are not what was written: `verify` tells of each, and where nobody has asked it, a damaged
//! text component makes errors or wrong words, and never a panic or memory without end.

use std::fs;
use std::path::Path;
use std::sync::OnceLock;

use gm_index::{Dimension, Document, Index, Kind, Options, Query, Sort, Synonyms};
use tempfile::TempDir;

const TEXT: &str = "甲省乙市丙镇政府工作报告\n\n——2025年1月8日在丙镇第十八届人民代表大会第八次会议上\n\n镇长 张三\n\n各位代表：\n\n一、2024年工作回顾\n（一）生态持续向好。压实“港长制”“河长制”，清理滩涂１３吨，投入1,310万元，增长5.1％。\n（二）典型村有成效。鄉村振興，建成“典型村”3个，Ａ级景区②处。\n\n二、2025年主要目标\n地区生产总值增长6%左右。典型村再建3个，港长制不松劲；12.“1+2”行动。\n";

/// The content of an index, file by file; in a process that looks at many inputs, made once.
struct Whole {
    files: Vec<(String, Vec<u8>)>,
    /// Where damaged ones are laid.
    folder: TempDir,
}

fn whole() -> &'static Whole {
    static WHOLE: OnceLock<Whole> = OnceLock::new();
    WHOLE.get_or_init(|| {
        let folder = TempDir::new().unwrap();
        let index = Index::create(folder.path()).unwrap();
        let writer = index.writer().unwrap();
        for at in 0..3 {
            writer.add(&Document::from_text(format!("{at}.txt"), TEXT)).unwrap();
        }
        writer.commit().unwrap();
        drop(index);
        let names = fs::read_dir(folder.path()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
        let mut names: Vec<String> = names.filter(|name| !name.starts_with('.')).collect();
        // the names of segments are random
        names.sort_by_key(|name| name.rsplit('.').next().unwrap_or_default().to_string());
        let files = names.into_iter().map(|name| (name.clone(), fs::read(folder.path().join(name)).unwrap())).collect();
        Whole { files, folder }
    })
}

/// The first byte says which file, and whether it is cut; then each four bytes are a place and what is written there. Places from
/// 0x800000 on are counted from the end.
pub fn damage(data: &[u8]) {
    let Some((&first, rest)) = data.split_first() else { return };
    let Whole { files, folder } = whole();
    let path = folder.path();
    let is_text = |file: &&(String, Vec<u8>)| file.0.ends_with(".text");
    // the component is our own, so it is what is looked at most
    let (name, bytes) = match first & 0x40 {
        0 => files.iter().find(is_text).unwrap(),
        _ => &files[(first as usize & 0x3f) % files.len()],
    };
    let damaged = damaged(bytes, first & 0x80 != 0, rest);
    if damaged == *bytes {
        return;
    }
    let file = path.join(name);
    fs::write(&file, &damaged).unwrap();
    let found = Index::verify(path);
    if let Err(error) = &found {
        assert!(matches!(error.kind(), Kind::Corrupt | Kind::Format | Kind::Io | Kind::Engine), "{error:?}");
    }
    if name.ends_with(".text") {
        // behind the content stand its checksum and tantivy's version
        let content = bytes.len() - FOOTER;
        let is_whole = damaged.len() == bytes.len() && damaged[..content] == bytes[..content];
        assert!(is_whole || found.is_err() || found.is_ok_and(|damage| !damage.is_empty()), "it is not told");
        let _ = ask(path);
    }
    fs::write(&file, bytes).unwrap();
}

/// Bytes that tantivy puts behind the content of a file, at most.
const FOOTER: usize = 128;

fn damaged(bytes: &[u8], cut: bool, edits: &[u8]) -> Vec<u8> {
    let mut damaged = bytes.to_vec();
    for (number, edit) in edits.chunks_exact(4).take(64).enumerate() {
        let place = u32::from_be_bytes([0, edit[0], edit[1], edit[2]]) as usize;
        let place = match place.checked_sub(0x80_0000) {
            Some(back) => damaged.len().saturating_sub(1 + back % damaged.len().max(1)),
            None => place % damaged.len().max(1),
        };
        match damaged.get_mut(place) {
            Some(_) if cut && number == 0 => damaged.truncate(place),
            Some(byte) => *byte = edit[3],
            None => {}
        }
    }
    damaged
}

/// Everything that reads the component. What it says may be wrong.
fn ask(path: &Path) -> gm_index::Result<()> {
    let index = Index::open(path)?;
    let _ = index.status();
    for query in [
        "典型村", "港长制 典型", "1310", "year:2025", "heading:目标 增长", "/典.村/", "num:1000万元..",
        "句:(港长制 滩涂)",
    ] {
        let query: Query = query.parse().unwrap();
        for sort in [Sort::Relevance, Sort::Date] {
            let _ = index.search(&query, Options { weaker: true, merge_copies: true, sort, ..Options::default() });
        }
        let _ = index.count(&query, &[Dimension::Place, Dimension::Year]);
        let _ = index.concordance(&query, 10);
        let _ = index.facets(&query, &Synonyms::none());
        let _ = index.marked("1.txt", &query, &Synonyms::none());
    }
    let _ = index.complete("典", 5);
    let _ = index.documents();
    let _ = index.document("0.txt");
    Ok(())
}
