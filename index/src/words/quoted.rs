//! Finds the terms that a text puts in quotes: names of campaigns, projects and slogans.

use std::ops::RangeInclusive;

use crate::fold::fold;

/// A quoted term has so many characters when it is folded: what is longer is a sentence.
const LENGTH: RangeInclusive<usize> = 2..=16;

/// The terms as they stand between “ and the next ”, 「 and 」, or two straight quotes of a line, with nothing in between that ends
/// a clause.
pub(crate) fn quoted(source: &str) -> Vec<&str> {
    let mut terms = Vec::new();
    for line in source.lines() {
        for (open, close) in [('“', '”'), ('「', '」')] {
            for (at, _) in line.match_indices(open) {
                let inner = &line[at + open.len_utf8()..];
                let end = inner.find([open, close]).filter(|&end| inner[end..].starts_with(close));
                terms.extend(end.map(|end| &inner[..end]));
            }
        }
        // whether a straight one opens or closes is known by counting, if none is missing
        let pieces: Vec<&str> = line.split('"').collect();
        if pieces.len() % 2 == 1 {
            terms.extend(pieces.iter().skip(1).step_by(2));
        }
    }
    terms.retain(|term| is_term(&fold(term).text));
    terms
}

fn is_term(folded: &str) -> bool {
    LENGTH.contains(&folded.chars().count())
        && !folded.contains(['。', '，', '；', '：', '！', '？'])
        && folded.contains(char::is_alphabetic)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn terms_are_short_and_whole() {
        let text = "压实“港长制”“河长制”，“百县千镇万村高质量发展工程”；“不忘初心，牢记使命。”「三农」“5”“未完";
        assert_eq!(quoted(text), ["港长制", "河长制", "百县千镇万村高质量发展工程", "三农"]);
        assert_eq!(quoted("推进\"放管服\"改革和\"互联网+\"行动"), ["放管服", "互联网+"]);
        assert_eq!(quoted("一处\"缺了引号\n“放管服”改革"), ["放管服"]);
    }
}
