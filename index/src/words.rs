//! Cuts folded text into words: jieba's words for Han, whole runs for Latin letters and for numbers. Words rank; they never
//! decide what can be found, so a cut that is wrong costs order, not answers.
//!
//! Two ways lead to the same words: [`Cutter`] has the dictionary and serves the index, [`cut_by`] has the index's own
//! terms and serves the query, which so knows which of its words stand anywhere.

pub(crate) mod added;
pub(crate) mod dictionary;
pub(crate) mod path;
pub(crate) mod quoted;
pub(crate) mod table;

use std::cell::Cell;
use std::fmt;
use std::ops::Range;

use crate::error::{Error, Kind, Result};
use crate::fold::fold;
use crate::fold::folded::Folded;
use crate::words::dictionary::Dictionary;
use crate::words::path::Scratch;

/// Describes how a text becomes what the index holds: its structure (outline and header), its folding and its words. An
/// index built with another value must be built again. Raise a number when the output behind it changes.
pub const ANALYZER: &str = "structure 11, fold 5, jieba-rs 0.11 search mode without HMM, words 1";

/// No term of the dictionary that reports use is longer, in characters; bounds the work of [`cut_by`].
pub(crate) const LONGEST_WORD: usize = 8;

/// Cuts words by jieba's dictionary, as they are indexed. Cheap to make: the dictionary lies in the program.
pub struct Cutter {
    dictionary: Dictionary,
}

impl fmt::Debug for Cutter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Cutter").finish_non_exhaustive()
    }
}

/// A word as the index takes it.
pub(crate) struct Word {
    /// Where it stands in the folded text, in bytes.
    pub range: Range<usize>,
    /// Its rank among the words of the dictionary, in the order of their bytes; `None` if it is not one of them.
    pub rank: Option<u32>,
    /// Whether it only stands inside the next longer word told.
    pub is_inner: bool,
}

impl Default for Cutter {
    fn default() -> Self {
        Cutter::new()
    }
}

impl Cutter {
    /// Cuts by jieba's own dictionary.
    pub fn new() -> Self {
        Cutter { dictionary: Dictionary::new() }
    }

    /// How many words the dictionary has: ranks are below.
    pub(crate) fn dictionary(&self) -> usize {
        self.dictionary.len()
    }

    /// Whether `word`, folded, is a word of the dictionary.
    pub(crate) fn knows(&self, word: &str) -> bool {
        self.dictionary.frequency(word).is_some()
    }

    /// The words of `text`, folded: jieba's search mode, so that the words inside a long word come before it.
    pub fn words(&self, text: &str) -> Vec<String> {
        let mut words = Vec::new();
        self.each_word(text, |word| words.push(word.to_string()));
        words
    }

    /// Tells the same words one by one.
    pub fn each_word(&self, text: &str, tell: impl FnMut(&str)) {
        self.each_word_of(&fold(text), tell);
    }

    /// Tells the words of a text that is folded already.
    pub fn each_word_of(&self, folded: &Folded, mut tell: impl FnMut(&str)) {
        thread_local!(static SCRATCH: Cell<Scratch> = Cell::default());
        // should `tell` cut a text too, it gets another one
        let mut scratch = SCRATCH.take();
        self.cut(folded, &mut scratch, |word| tell(&folded.text[word.range]));
        SCRATCH.set(scratch);
    }

    /// The same with more words, which are not cut apart. Only a word of Han alone can make a difference. Cost: compiles
    /// the dictionary, 0.2 s.
    pub fn with_words<'w>(words: impl IntoIterator<Item = &'w str>) -> Result<Self> {
        let words: Vec<String> = words.into_iter().map(|word| fold(word).text).collect();
        let is_han = |word: &&str| word.chars().all(|c| class(c) == Class::Han);
        let words: Vec<&str> = words.iter().map(String::as_str).filter(is_han).collect();
        let dictionary = Dictionary::new().with_words(&words).map_err(|error| {
            Error::new(Kind::Input, format!("cannot add {} words: {error}", words.len())).with_hint("give fewer words")
        })?;
        Ok(Cutter { dictionary })
    }

    /// Tells the words of `folded` without those inside longer ones: where each stands, in bytes.
    pub(crate) fn outer(&self, folded: &Folded, scratch: &mut Scratch, mut tell: impl FnMut(Range<usize>)) {
        self.cut(folded, scratch, |word| {
            if !word.is_inner {
                tell(word.range);
            }
        });
    }

    /// Tells the words of `folded`: jieba's search mode, so that the words inside a long word come before it. HMM is off:
    /// with it, the same word is cut differently in different sentences.
    pub(crate) fn cut(&self, folded: &Folded, scratch: &mut Scratch, mut tell: impl FnMut(Word)) {
        let text = folded.text.as_str();
        self.dictionary.cut(text, folded.breaks(), scratch, |range, rank, is_inner| {
            if rank.is_some() {
                return tell(Word { range, rank, is_inner });
            }
            // not Han, or a character that is in no word
            for run in runs(&text[range]) {
                let (run, is_han) = match run {
                    Run::Han(run) => (run, true),
                    Run::Plain(run) => (run, false),
                };
                let start = run.as_ptr() as usize - text.as_ptr() as usize;
                let mut plain =
                    |at, len| tell(Word { range: start + at..start + at + len, rank: None, is_inner: false });
                match is_han {
                    true => run.char_indices().for_each(|(at, c)| plain(at, c.len_utf8())),
                    false => plain(0, run.len()),
                }
            }
        });
    }
}

/// Cuts folded text into the likeliest words, where `frequency` tells how often a word is known to stand in the
/// index. `stretches` are of folded text. The words joined are the text without its punctuation. A character that is in no known word comes alone.
pub(crate) fn cut_by<'t>(
    stretches: impl IntoIterator<Item = &'t str>,
    mut frequency: impl FnMut(&str) -> u64,
) -> Vec<String> {
    let mut words = Vec::new();
    for stretch in stretches {
        for run in runs(stretch) {
            match run {
                Run::Han(han) => best_path(han, &mut frequency, &mut words),
                Run::Plain(word) => words.push(word.to_string()),
            }
        }
    }
    words
}

/// Where the words of `stretch`, folded text, begin and end as [`cut_by`] cuts it, in bytes.
pub(crate) fn borders(stretch: &str, frequency: impl FnMut(&str) -> u64) -> Vec<usize> {
    let mut borders = vec![0, stretch.len()];
    let mut at = 0;
    for word in cut_by([stretch], frequency) {
        let start = at + stretch[at..].find(&word).unwrap_or(0);
        at = start + word.len();
        borders.extend([start, at]);
    }
    borders
}

/// The words of two and three characters inside a longer one, as jieba's search mode adds them.
pub(crate) fn inner_words(word: &str, frequency: impl Fn(&str) -> u64) -> Vec<String> {
    let bounds: Vec<usize> = word.char_indices().map(|(at, _)| at).chain([word.len()]).collect();
    if word.is_ascii() {
        return Vec::new();
    }
    let inner = [2, 3]
        .into_iter()
        .filter(|&length| length + 1 < bounds.len())
        .flat_map(|length| bounds.windows(length + 1).map(move |range| &word[range[0]..range[length]]));
    inner.filter(|inner| frequency(inner) > 0).map(String::from).collect()
}

/// The sequence of words with the highest product of frequencies, as jieba chooses it; of equals the longer first word.
fn best_path(han: &str, frequency: &mut impl FnMut(&str) -> u64, words: &mut Vec<String>) {
    let bounds: Vec<usize> = han.char_indices().map(|(at, _)| at).chain([han.len()]).collect();
    let last = bounds.len() - 1;
    // the constant only has to make a word of two characters likelier than two words; any large corpus does
    let total = 1e9f64.ln();
    let mut best = vec![(0f64, last); last + 1];
    for from in (0..last).rev() {
        best[from] = (f64::NEG_INFINITY, from + 1);
        for to in from + 1..=last.min(from + LONGEST_WORD) {
            let known = frequency(&han[bounds[from]..bounds[to]]);
            if known > 0 || to == from + 1 {
                let score = (known.max(1) as f64).ln() - total + best[to].0;
                if score >= best[from].0 {
                    best[from] = (score, to);
                }
            }
        }
    }
    let mut from = 0;
    while from < last {
        let to = best[from].1;
        words.push(han[bounds[from]..bounds[to]].to_string());
        from = to;
    }
}

/// A piece of one script.
pub(crate) enum Run<'t> {
    Han(&'t str),
    /// Letters of another script, or a number with its decimal point.
    Plain(&'t str),
}

#[derive(Clone, Copy, PartialEq)]
enum Class {
    Han,
    Digit,
    Letter,
    Other,
}

#[inline]
fn class(c: char) -> Class {
    match c {
        '0'..='9' => Class::Digit,
        'a'..='z' => Class::Letter,
        '\u{3400}'..='\u{4dbf}'
        | '\u{4e00}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{3ffff}'
        | '〇' => Class::Han,
        // what stands between most words, known without the Unicode tables
        '，' | '。' | '、' | '；' | '：' | '！' | '？' | '“' | '”' | '（' | '）' | '《' | '》' => {
            Class::Other
        }
        c if c.is_alphanumeric() => Class::Letter,
        _ => Class::Other,
    }
}

/// Whether words of the dictionary can be made of the character.
pub(crate) fn is_han(c: char) -> bool {
    class(c) == Class::Han
}

/// Splits where the script changes and drops what is neither letter nor digit. A point between digits stays.
pub(crate) fn runs(text: &str) -> impl Iterator<Item = Run<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let start = rest.find(|c| class(c) != Class::Other)?;
        rest = &rest[start..];
        let kind = class(rest.chars().next()?);
        let mut end = rest.len();
        let mut chars = rest.char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            let inside = class(c) == kind
                || kind == Class::Digit && c == '.' && chars.peek().is_some_and(|(_, next)| next.is_ascii_digit());
            if !inside {
                end = at;
                break;
            }
        }
        let (run, behind) = rest.split_at(end);
        rest = behind;
        Some(if kind == Class::Han { Run::Han(run) } else { Run::Plain(run) })
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The words of a text that is first divided into stretches, these into runs, and each run of Han cut by itself.
    fn run_by_run(cutter: &Cutter, folded: &Folded) -> Vec<(Range<usize>, Option<u32>, bool)> {
        let mut words = Vec::new();
        let within = |part: &str| part.as_ptr() as usize - folded.text.as_ptr() as usize;
        for run in folded.stretches().flat_map(runs) {
            match run {
                Run::Plain(word) => words.push((within(word)..within(word) + word.len(), None, false)),
                Run::Han(han) => {
                    // 〇 and what is newer than jieba is Han to us alone
                    let known = |c: &char| crate::words::dictionary::is_han(*c);
                    let mut chars = han.char_indices().peekable();
                    while let Some((at, c)) = chars.next() {
                        let mut end = at + c.len_utf8();
                        while known(&c)
                            && let Some((at, c)) = chars.next_if(|(_, next)| known(next))
                        {
                            end = at + c.len_utf8();
                        }
                        let start = within(han) + at;
                        match known(&c) {
                            true => cutter.dictionary.cut(
                                &han[at..end],
                                [],
                                &mut Scratch::default(),
                                |range, rank, inner| {
                                    words.push((start + range.start..start + range.end, rank, inner));
                                },
                            ),
                            false => words.push((start..within(han) + end, None, false)),
                        }
                    }
                }
            }
        }
        words
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn a_passage_is_cut_as_its_runs_are(
            pieces in proptest::collection::vec(
                prop_oneof![
                    4 => proptest::sample::select(vec!["中华人民", "共和国", "生产总值", "港长制", "研究生命", "的", "年"]),
                    2 => proptest::sample::select(vec!["“", "”", "、", "，", "。", "（", "）", " ", "+"]),
                    1 => proptest::sample::select(vec!["〇", "龘", "𠀀", "\u{31350}", "abc", "é", "１2", ".", "5", "①", "㎡"]),
                ],
                0..24,
            )
        ) {
            let (cutter, folded, mut words) = (Cutter::new(), fold(&pieces.concat()), Vec::new());
            cutter.cut(&folded, &mut Scratch::default(), |word| words.push((word.range, word.rank, word.is_inner)));
            prop_assert_eq!(words, run_by_run(&cutter, &folded));
        }
    }

    #[test]
    fn scripts_and_numbers_are_cut_apart() {
        let folded = fold("完成地区生产总值17.7亿元，PM2.5下降“头雁”工程。");
        let (mut words, mut count) = (Vec::new(), 0);
        Cutter::new().cut(&folded, &mut Scratch::default(), |word| {
            count += !word.is_inner as u32;
            words.push(&folded.text[word.range]);
        });
        assert_eq!(count, 10, "生产 and 总值 stand inside 生产总值");
        assert_eq!(
            words,
            ["完成", "地区", "生产", "总值", "生产总值", "17.7", "亿元", "pm", "2.5", "下降", "头雁", "工程"]
        );
    }

    #[test]
    fn the_index_cuts_a_query_by_its_own_terms() {
        let known = |word: &str| match word {
            "乡村" => 50,
            "振兴" => 40,
            "乡村振兴" => 3,
            "产业" => 60,
            _ => 0,
        };
        assert_eq!(cut_by(["乡村振兴产业"], known), ["乡村振兴", "产业"]);
        assert_eq!(cut_by(["港长制"], known), ["港", "长", "制"]);
        assert_eq!(cut_by(["2025年"], known), ["2025", "年"]);
    }
}
