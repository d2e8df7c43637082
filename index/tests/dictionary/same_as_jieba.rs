//! The words are those of jieba-rs: same bytes, same order, on all reports, on laws and news, and on random Han.

use std::collections::BTreeMap;
use std::ops::Range;
use std::sync::LazyLock;

use crate::words::dictionary::Dictionary;
use crate::words::path::Scratch;
use jieba_rs::Jieba;
use proptest::prelude::*;

static JIEBA: LazyLock<Jieba> = LazyLock::new(Jieba::new);
static DICTIONARY: LazyLock<Dictionary> = LazyLock::new(Dictionary::new);
static WORDS: LazyLock<Vec<(String, u32)>> = LazyLock::new(|| DICTIONARY.words());

type Cut = Vec<(Range<usize>, Option<u32>, bool)>;

fn ours(dictionary: &Dictionary, han: &str, scratch: &mut Scratch) -> Cut {
    let mut words = Vec::new();
    dictionary.cut(han, [], scratch, |range, id, is_inner| match id {
        Some(_) => words.push((range, id, is_inner)),
        // what no word crosses is told together
        None => words.extend(han[range.clone()].char_indices().map(|(at, c)| {
            let start = range.start + at;
            (start..start + c.len_utf8(), id, is_inner)
        })),
    });
    words
}

/// The words of jieba-rs, with the ids that they must have.
fn theirs(jieba: &Jieba, all: &[(String, u32)], han: &str) -> Cut {
    let mut start = han.len();
    let mut words = Vec::new();
    for word in jieba.cut_for_search(han, false).iter().rev() {
        let is_inner = word.byte_end != start;
        if !is_inner {
            start = word.byte_start;
        }
        // no word crosses 〇 or a character that is newer than jieba, so that they are words to nobody
        let is_wall = word.word.chars().all(|c| matches!(c, '〇' | '\u{2ebf0}'..='\u{2f7ff}' | '\u{2fa20}'..));
        let id = all.binary_search_by(|(known, _)| known.as_str().cmp(word.word)).ok().filter(|_| !is_wall);
        words.push((word.byte_start..word.byte_end, id.map(|id| id as u32), is_inner));
    }
    words.reverse();
    words
}

#[track_caller]
fn assert_same(dictionary: &Dictionary, jieba: &Jieba, all: &[(String, u32)], han: &str, scratch: &mut Scratch) {
    let (ours, theirs) = (ours(dictionary, han, scratch), theirs(jieba, all, han));
    assert_eq!(ours, theirs, "help: `{han}` is cut otherwise; see `choose` in path.rs");
}

#[test]
fn reports_are_cut_alike() {
    let Some(reports) = super::corpus::reports() else { return };
    let (mut scratch, mut runs) = (Scratch::default(), 0);
    for report in &reports {
        for run in super::corpus::han_runs(report) {
            assert_same(&DICTIONARY, &JIEBA, &WORDS, run, &mut scratch);
            runs += 1;
        }
    }
    println!("{runs} runs of {} reports are cut alike", reports.len());
}

#[test]
fn laws_and_news_are_cut_alike() {
    let most: usize = std::env::var("GM_BULK_BYTES").ok().and_then(|most| most.parse().ok()).unwrap_or(8_000_000);
    let mut scratch = Scratch::default();
    for path in super::corpus::bulk_files() {
        let (mut bytes, mut runs) = (0, 0);
        super::corpus::bulk(&path, |text| {
            for run in super::corpus::han_runs(&text) {
                assert_same(&DICTIONARY, &JIEBA, &WORDS, run, &mut scratch);
                runs += 1;
            }
            bytes += text.len();
            bytes < most
        });
        println!("{runs} runs of {bytes} bytes of {} are cut alike", path.display());
    }
}

#[test]
fn paragraphs_without_their_punctuation_are_cut_alike() {
    let Some(reports) = super::corpus::reports() else { return };
    let mut scratch = Scratch::default();
    for report in &reports {
        for line in report.lines() {
            let han: String = super::corpus::han_runs(line).collect();
            assert_same(&DICTIONARY, &JIEBA, &WORDS, &han, &mut scratch);
        }
    }
}

#[test]
fn every_word_of_the_dictionary_is_known_and_cut_alike() {
    assert_eq!(WORDS.len(), 349_045);
    assert_eq!(DICTIONARY.len(), WORDS.len());
    assert!(WORDS.is_sorted());
    let mut scratch = Scratch::default();
    for (word, frequency) in WORDS.iter() {
        assert!(JIEBA.has_word(word), "{word}");
        assert_eq!(DICTIONARY.frequency(word), Some(*frequency), "{word}");
        if super::corpus::han_runs(word).next() == Some(word) {
            assert_same(&DICTIONARY, &JIEBA, &WORDS, word, &mut scratch);
        }
    }
    assert_eq!(DICTIONARY.frequency("港长制"), None);
    assert_eq!(DICTIONARY.frequency("一衣带"), None, "it begins a word and is none");
    assert_eq!(DICTIONARY.frequency(""), None);
}

#[test]
fn inner_words_come_before_their_word() {
    let mut scratch = Scratch::default();
    let text = "生产总值龘";
    let mut told = Vec::new();
    DICTIONARY.cut(text, [], &mut scratch, |range, id, is_inner| told.push((&text[range], id.is_some(), is_inner)));
    let expected = [("生产", true, true), ("总值", true, true), ("生产总值", true, false), ("龘", false, false)];
    assert_eq!(told, expected);
}

#[test]
fn what_is_not_han_is_told_as_it_stands() {
    let text = "abc，αβ中国x";
    let told = |breaks: &[usize]| {
        let mut told = Vec::new();
        let breaks = breaks.iter().copied();
        DICTIONARY.cut(text, breaks, &mut Scratch::default(), |range, _, _| told.push(&text[range]));
        told
    };
    assert_eq!(told(&[]), ["abc，αβ", "中国", "x"]);
    assert_eq!(told(&[0, 1, 1, 10, 13, 17]), ["a", "bc，αβ", "中", "国", "x"]);
}

#[test]
fn what_is_not_han_takes_no_memory() {
    let mut scratch = Scratch::default();
    let (text, mut told) = ("中".to_string() + &"abc，".repeat(100_000) + "国", 0);
    DICTIONARY.cut(&text, [], &mut scratch, |_, _, _| told += 1);
    assert_eq!(told, 3);
    assert!(scratch.places.len() < 2_000, "{} places", scratch.places.len());
}

/// Characters that reports use, characters that hardly any text uses, and whole words.
fn han() -> impl Strategy<Value = String> {
    let piece = prop_oneof![
        8 => (0..WORDS.len()).prop_map(|id| WORDS[id].0.clone()),
        3 => prop::char::range('\u{4e00}', '\u{9fff}').prop_map(String::from),
        1 => prop::char::range('\u{3400}', '\u{4dbf}').prop_map(String::from),
        1 => prop::char::range('\u{f900}', '\u{faff}').prop_map(String::from),
        1 => prop::char::range('\u{20000}', '\u{323af}').prop_map(String::from),
        1 => Just("〇".to_string()),
    ];
    prop::collection::vec(piece, 0..12)
        .prop_map(|pieces| pieces.concat().chars().filter(|&c| c == '〇' || c >= '\u{3400}').collect())
}

/// Words with their ends cut off, so that much begins like a word and is none.
fn shreds() -> impl Strategy<Value = String> {
    let shred =
        (0..WORDS.len(), 1..4usize).prop_map(|(id, length)| WORDS[id].0.chars().take(length).collect::<String>());
    prop::collection::vec(shred, 0..20)
        .prop_map(|shreds| shreds.concat().chars().filter(|&c| c >= '\u{3400}').collect())
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 4_000, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn random_han_is_cut_alike(han in han()) {
        assert_same(&DICTIONARY, &JIEBA, &WORDS, &han, &mut Scratch::default());
    }

    #[test]
    fn shreds_of_words_are_cut_alike(han in shreds()) {
        assert_same(&DICTIONARY, &JIEBA, &WORDS, &han, &mut Scratch::default());
    }
}

proptest! {
    // each case compiles a table and copies the dictionary of jieba-rs
    #![proptest_config(ProptestConfig { cases: 8, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn added_words_are_cut_alike(
        words in prop::collection::vec(prop_oneof![han(), shreds()], 1..30),
        texts in prop::collection::vec(han(), 1..30),
        repeated in 0..30usize,
    ) {
        let mut words = words;
        let again = words[repeated % words.len()].clone();
        words.push(again);
        let mut jieba = JIEBA.clone();
        let mut frequencies = BTreeMap::new();
        for word in &words {
            let frequency = jieba.add_word(word, None, None);
            frequencies.insert(word.as_str(), frequency);
        }
        let words: Vec<&str> = words.iter().map(String::as_str).collect();
        let dictionary = DICTIONARY.with_words(&words).unwrap();
        for (word, frequency) in frequencies {
            prop_assert_eq!(dictionary.frequency(word).unwrap_or(0) as usize, frequency, "{}", word);
        }
        let all = dictionary.words();
        let mut scratch = Scratch::default();
        for text in texts.iter().map(String::as_str).chain([words.concat().as_str()]) {
            assert_same(&dictionary, &jieba, &all, text, &mut scratch);
        }
    }
}
