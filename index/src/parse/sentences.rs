//! Where sentences end: the marks that close them, with the quotes and brackets that these close.

use std::ops::Range;

/// The marks with which the first sentence of `text` ends, with the brackets and quotes that they close: `[。！？!?]+[”’』」）)]*|[；;]`. Read
/// by hand, for every paragraph is, and most are long.
pub(crate) fn sentence_end(text: &str) -> Option<Range<usize>> {
    // the first bytes of these marks
    let may_end = |byte: &u8| matches!(byte, 0xe3 | 0xef | b'!' | b'?' | b';');
    let mut from = 0;
    loop {
        let start = from + text.as_bytes()[from..].iter().position(may_end)?;
        let mark = text[start..].chars().next()?;
        let behind = &text[start + mark.len_utf8()..];
        let rest = match mark {
            '。' | '！' | '？' | '!' | '?' => behind
                .trim_start_matches(['。', '！', '？', '!', '?'])
                .trim_start_matches(['”', '’', '』', '」', '）', ')']),
            '；' | ';' => behind,
            _ => {
                from = start + mark.len_utf8();
                continue;
            }
        };
        return Some(start..text.len() - rest.len());
    }
}

/// The same for each of its sentences.
pub(crate) fn sentence_ends(text: &str) -> impl Iterator<Item = Range<usize>> + '_ {
    let mut from = 0;
    std::iter::from_fn(move || {
        let stop = sentence_end(&text[from..])?;
        let stop = from + stop.start..from + stop.end;
        from = stop.end;
        Some(stop)
    })
}

/// Whether nothing but blanks stands behind the last sentence's closing mark.
pub(crate) fn ends_sentence(text: &str) -> bool {
    let text = text.trim_end();
    sentence_ends(text).last().is_some_and(|stop| stop.end == text.len())
}

/// The sentences of `text`, each with its closing mark, as byte ranges; joined they are the whole.
pub(crate) fn sentences(text: &str) -> Vec<Range<usize>> {
    let mut start = 0;
    let mut sentences: Vec<Range<usize>> = Vec::new();
    for stop in sentence_ends(text) {
        sentences.push(start..stop.end);
        start = stop.end;
    }
    match sentences.last_mut() {
        Some(last) if text[start..].trim().is_empty() => last.end = text.len(),
        _ => sentences.push(start..text.len()),
    }
    sentences
}

#[cfg(test)]
mod tests {
    use std::sync::LazyLock;

    use proptest::prelude::*;
    use regex::Regex;

    use super::*;

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn sentences_end_where_the_pattern_says(text in "[。！？!?”’』」）)；;，、字a]{0,12}") {
            static SENTENCE_END: LazyLock<Regex> =
                LazyLock::new(|| Regex::new("[。！？!?]+[”’』」）)]*|[；;]").unwrap());
            let expected: Vec<Range<usize>> = SENTENCE_END.find_iter(&text).map(|stop| stop.range()).collect();
            prop_assert_eq!(sentence_ends(&text).collect::<Vec<_>>(), expected);
        }
    }
}
