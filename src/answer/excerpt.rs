//! The part of a long passage that is shown of a hit: not where its first match stands, but where most of what was
//! asked for does.

use std::collections::HashSet;
use std::ops::Range;

use gm_index::{Snippet, fold};

/// The stretch of a snippet, in characters, that is shown in `room`, of which each character takes its `width`: the
/// first one with most different matches.
pub fn stretch(snippet: &Snippet, room: usize, width: impl Fn(char) -> usize) -> Range<usize> {
    let chars: Vec<char> = snippet.text.chars().collect();
    let highlights = &snippet.highlights;
    let words: Vec<String> =
        highlights.iter().map(|range| fold(&chars[range.clone()].iter().collect::<String>()).text).collect();
    let different = |words: &[String]| words.iter().collect::<HashSet<_>>().len();
    let all = different(&words);
    let (mut best, mut most) = (around(&chars, highlights.first().map_or(0, |range| range.start), room, &width), 0);
    for first in highlights {
        if most == all {
            break;
        }
        let shown = around(&chars, first.start, room, &width);
        let inside = highlights.partition_point(|range| range.start < shown.start)
            ..highlights.partition_point(|range| range.end <= shown.end);
        let held = words.get(inside).map_or(0, different);
        if held > most {
            (best, most) = (shown, held);
        }
    }
    best
}

/// The characters around the one at `first` that fill the room.
fn around(chars: &[char], first: usize, room: usize, width: impl Fn(char) -> usize) -> Range<usize> {
    // begin with the sentence of the match, if that leaves the match in sight
    let sentence = chars[..first].iter().rposition(|c| matches!(c, '。' | '！' | '？' | '；')).map_or(0, |at| at + 1);
    let mut start = if first - sentence < room / 4 { sentence } else { first - room / 8 };
    let (mut end, mut used) = (start, 0);
    let mut fits = |c: char| {
        used += width(c);
        used <= room
    };
    while end < chars.len() && fits(chars[end]) {
        end += 1;
    }
    // at the end of the text there is room before it
    while end == chars.len() && start > 0 && fits(chars[start - 1]) {
        start -= 1;
    }
    start..end
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_stretch_with_most_different_matches_is_shown() {
        let text = format!("大学生{}。大学生就业服务{}。高校就业{}", "甲".repeat(50), "乙".repeat(50), "丙".repeat(50));
        let mut highlights: Vec<Range<usize>> = ["大学生", "就业"]
            .iter()
            .flat_map(|word| text.match_indices(word))
            .map(|(at, word)| (text[..at].chars().count(), word.chars().count()))
            .map(|(start, length)| start..start + length)
            .collect();
        highlights.sort_by_key(|range| range.start);
        let shown = |highlights: &[Range<usize>], room| {
            let snippet = Snippet { text: text.clone(), highlights: highlights.to_vec() };
            let stretch = stretch(&snippet, room, |_| 1);
            text.chars().skip(stretch.start).take(stretch.len()).collect::<String>()
        };
        assert!(shown(&highlights, 20).starts_with("大学生就业服务"));
        assert!(shown(&highlights[..2], 20).starts_with("大学生甲"), "of equals the first");
        assert!(shown(&[], 20).starts_with("大学生甲"));
        let last = text.chars().count();
        assert_eq!(
            shown(std::slice::from_ref(&(last - 1..last)), 20),
            "丙".repeat(20),
            "to the end, and no less than there is room for"
        );
        assert_eq!(shown(&highlights, 1000), text);
    }
}
