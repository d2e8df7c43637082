//! Cuts folded text into words: jieba's words for Han, whole runs for Latin letters and for numbers. The only file
//! that knows jieba. Words rank; they never decide what can be found, so a cut that is wrong costs order, not answers.
//!
//! Two ways lead to the same words: [`Cutter`] has the dictionary and serves the index, [`cut_by`] has the index's own
//! terms and serves the query, because loading a dictionary costs a hundred milliseconds and the rest of a query one.

use jieba_rs::Jieba;

use crate::fold::{Folded, fold};

/// Describes how a text becomes what the index holds: its structure (outline and header), its folding and its words. An
/// index built with another value must be built again. Raise a number when the output behind it changes.
pub(crate) const ANALYZER: &str = "structure 1, fold 2, jieba-rs 0.11 search mode without HMM, words 1";

/// No term of the dictionary that reports use is longer, in characters; bounds the work of [`cut_by`].
const LONGEST_WORD: usize = 8;

/// Cuts words with jieba's dictionary, as they are indexed. Making one loads the dictionary: 0.1 s and 30 MB.
pub struct Cutter {
    jieba: Jieba,
}

impl Cutter {
    /// Cuts by jieba's own dictionary.
    #[expect(clippy::new_without_default, reason = "it costs too much to be had by default")]
    pub fn new() -> Self {
        Cutter { jieba: Jieba::new() }
    }

    /// The words of `text`, folded: jieba's search mode, so that the words inside a long word come before it.
    pub fn words(&self, text: &str) -> Vec<String> {
        let mut words = String::new();
        self.cut(&fold(text), &mut words);
        words.split_whitespace().map(String::from).collect()
    }

    /// The same with more words, which are not cut apart. Only a word of Han alone can make a difference.
    pub(crate) fn with_words<'w>(words: impl IntoIterator<Item = &'w str>) -> Self {
        let mut cutter = Cutter::new();
        for word in words {
            let folded = fold(word).text;
            if !folded.is_empty() && folded.chars().all(|c| class(c) == Class::Han) {
                cutter.jieba.add_word(&folded, None, None);
            }
        }
        cutter
    }

    /// Appends the words of `folded` to `words`, each followed by a blank: jieba's search mode, so that the words
    /// inside a long word come before it. Gives the number of words without those.
    pub(crate) fn cut(&self, folded: &Folded, words: &mut String) -> u32 {
        let mut count = 0;
        for stretch in folded.stretches() {
            for run in runs(stretch) {
                match run {
                    Run::Han(han) => {
                        // HMM off: with it, the same word is cut differently in different sentences
                        let tokens = self.jieba.cut_for_search(han, false);
                        for token in &tokens {
                            push(words, token.word);
                        }
                        // the words that follow each other, from the last one back
                        let mut start = han.len();
                        for token in tokens.iter().rev() {
                            if token.byte_end == start {
                                start = token.byte_start;
                                count += 1;
                            }
                        }
                    }
                    Run::Plain(word) => {
                        push(words, word);
                        count += 1;
                    }
                }
            }
        }
        count
    }
}

fn push(words: &mut String, word: &str) {
    words.push_str(word);
    words.push(' ');
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

fn class(c: char) -> Class {
    match c {
        '0'..='9' => Class::Digit,
        'a'..='z' => Class::Letter,
        '\u{3400}'..='\u{4dbf}'
        | '\u{4e00}'..='\u{9fff}'
        | '\u{f900}'..='\u{faff}'
        | '\u{20000}'..='\u{3ffff}'
        | '〇' => Class::Han,
        c if c.is_alphanumeric() => Class::Letter,
        _ => Class::Other,
    }
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
    use super::*;

    #[test]
    fn scripts_and_numbers_are_cut_apart() {
        let mut words = String::new();
        let count = Cutter::new().cut(&fold("完成地区生产总值17.7亿元，PM2.5下降“头雁”工程。"), &mut words);
        assert_eq!(count, 10, "地区, 生产 and 总值 stand inside 生产总值 or beside it");
        assert_eq!(
            words.split_whitespace().collect::<Vec<_>>(),
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
