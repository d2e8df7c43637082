//! A damaged table is refused or cuts otherwise; it never panics and never reads outside of its bytes.

use std::borrow::Cow;

use crate::words::dictionary::Dictionary;
use crate::words::path::Scratch;
use proptest::prelude::*;

const TEXT: &str =
    "中华人民共和国地区生产总值同比增长百分之六以习近平同志为核心的党中央坚强领导下全面推进乡村振兴〇龘𠀀";

fn use_all(table: Vec<u8>, with_words: bool) {
    let Ok(dictionary) = Dictionary::open(Cow::Owned(table)) else { return };
    let mut scratch = Scratch::default();
    let mut end = 0;
    dictionary.cut(TEXT, [], &mut scratch, |range, _, is_inner| {
        assert!(TEXT.get(range.clone()).is_some_and(|word| !word.is_empty()));
        if !is_inner {
            assert_eq!(range.start, end);
            end = range.end;
        }
    });
    assert_eq!(end, TEXT.len(), "the words are the text");
    dictionary.frequency("生产总值");
    if with_words {
        let _ = dictionary.with_words(&["港长制", "河长制"]);
    }
}

#[test]
fn other_bytes_are_refused() {
    for bytes in [&b""[..], b"gmwords1", &[0; 100], &[255; 1000]] {
        assert!(Dictionary::open(Cow::Borrowed(bytes)).is_err());
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 60, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn flipped_bytes_never_panic(flips in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..2000)) {
        let mut table = Dictionary::new().as_bytes().to_vec();
        for (at, byte) in &flips {
            let at = at.index(table.len());
            table[at] = *byte;
        }
        use_all(table, flips.len() % 20 == 0);
    }

    // most flips hit nodes that the text does not touch: here every byte of a stretch is another
    #[test]
    fn overwritten_stretches_never_panic(start in any::<prop::sample::Index>(), length in 1..4_000_000usize, factor in any::<u64>()) {
        let mut table = Dictionary::new().as_bytes().to_vec();
        let start = start.index(table.len());
        for (at, byte) in table[start..].iter_mut().take(length).enumerate() {
            *byte = ((at as u64 + 1).wrapping_mul(factor) >> 32) as u8;
        }
        use_all(table, length % 20 == 0);
    }

    #[test]
    fn overwritten_headers_never_panic(at in 8..80usize, bytes in any::<u64>()) {
        let mut table = Dictionary::new().as_bytes().to_vec();
        table[at..at + 8].copy_from_slice(&bytes.to_le_bytes());
        use_all(table, bytes % 4 == 0);
    }

    #[test]
    fn truncated_tables_are_refused(length in any::<prop::sample::Index>()) {
        let dictionary = Dictionary::new();
        let table = dictionary.as_bytes();
        prop_assert!(Dictionary::open(Cow::Owned(table[..length.index(table.len())].to_vec())).is_err());
    }
}
