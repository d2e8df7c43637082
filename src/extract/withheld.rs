//! What a page does not show, or shows beside its text, and that is text all the same: a report in parts of which a script
//! shows one, or notes at the foot of an article. Told by its sentences, which nothing else of the page says.

use std::collections::HashSet;

use super::vocabulary::UNSEEN;

/// So many characters in sentences are no word to the reader of the page: how to share it takes fewer.
const RUNNING: usize = 40;
const ENDS: [char; 3] = ['。', '！', '？'];
/// Of one that says the same as the page, a smaller part than one of so many is new to it; one that says more may be the whole
/// of which the page shows the beginning.
const COPY: usize = 4;

/// An element that is left out for its mark.
pub struct Withheld {
    /// Which element of the page it is.
    tag: usize,
    /// Whether it stands in the marked article.
    in_article: bool,
    /// So many characters in sentences make it text.
    least: usize,
    /// Its lines outside of links, without blanks.
    lines: String,
}

impl Withheld {
    /// One with this mark; whether it is inside a marked article, or in one by its element.
    pub fn new(tag: usize, mark: &str, in_article: bool, in_element: bool) -> Self {
        let least = match mark {
            "aside" | "footer" if in_article || in_element => 1,
            // what it is related to may be the text
            "related" => 1,
            _ => RUNNING,
        };
        Withheld { tag, in_article, least, lines: String::new() }
    }

    pub fn push(&mut self, text: &str) {
        let is_seen = |char: &char| !char.is_whitespace() && !UNSEEN.contains(char);
        self.lines.extend(text.chars().filter(is_seen));
    }

    pub fn end_line(&mut self) {
        self.lines.push('\n');
    }

    /// The characters of its sentences.
    fn running(&self) -> usize {
        self.lines.split('\n').filter(|line| line.ends_with(ENDS)).map(|line| line.chars().count()).sum()
    }

    /// Whether there is enough in it, and most of it sentences.
    fn is_running(&self) -> bool {
        let running = self.running();
        running >= self.least && running * 2 >= self.lines.chars().filter(|char| *char != '\n').count()
    }
}

/// Which of these elements are text that `shown`, the text of the page, does not say as well, as it does where the same stands
/// there twice for two sizes of screen. Where an article is marked, only what is in it counts.
pub fn texts(withheld: &[Withheld], shown: impl FnOnce() -> String, is_marked: bool) -> Vec<usize> {
    let counts = |one: &&Withheld| (one.in_article || !is_marked) && one.is_running();
    let candidates: Vec<&Withheld> = withheld.iter().filter(counts).collect();
    if candidates.is_empty() {
        return Vec::new();
    }
    let shown: String = shown().chars().filter(|char| matches!(char, '\n' | '\t') || !char.is_whitespace()).collect();
    let mut said: HashSet<&str> = sentences(&shown).collect();
    let mut texts = Vec::new();
    for one in candidates {
        let (mut new, mut known) = (0, 0);
        for sentence in sentences(&one.lines) {
            let length = sentence.chars().count();
            *if said.contains(sentence) { &mut known } else { &mut new } += length;
        }
        if new >= one.least && new * COPY >= known {
            texts.push(one.tag);
            said.extend(sentences(&one.lines));
        }
    }
    texts
}

fn sentences(text: &str) -> impl Iterator<Item = &str> {
    text.split(['\n', '\t', ENDS[0], ENDS[1], ENDS[2]]).filter(|sentence| !sentence.is_empty())
}
