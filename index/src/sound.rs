//! Text that sounds like what was typed: pinyin whole (`xiangcunzhenxing`), its initials (`xczx`), or other characters of
//! the same sound (港掌制). Only ever suggested. The sounds are those of the `pinyin` crate, without tones; a character with
//! several readings has them all.

use std::collections::HashMap;

use pinyin::ToPinyinMulti;

use crate::code;

/// How many characters a term may have that is compared by sound.
const LONGEST: usize = 16;

/// What text must sound like.
pub(crate) enum Sound {
    /// Its pinyin, letters alone.
    Whole(String),
    /// The first letter of each character.
    Initials(String),
    /// The readings of each character.
    Like(Vec<Vec<&'static str>>),
}

/// The readings of a character; none if it is not Han. `ü` is written `v`, as it is typed.
fn readings(c: char) -> Vec<&'static str> {
    let mut readings: Vec<&'static str> = Vec::new();
    for reading in c.to_pinyin_multi().into_iter().flatten() {
        let plain = match reading.plain() {
            "lü" => "lv",
            "nü" => "nv",
            "lüe" => "lve",
            "nüe" => "nve",
            plain => plain,
        };
        if !readings.contains(&plain) {
            readings.push(plain);
        }
    }
    readings
}

impl Sound {
    /// The ways in which `typed`, folded, may be meant, the likeliest first.
    pub fn of(typed: &str) -> Vec<Sound> {
        let chars = typed.chars().count();
        if typed.chars().all(|c| c.is_ascii_lowercase()) {
            let whole = (4..=LONGEST * 6).contains(&chars).then(|| Sound::Whole(typed.to_string()));
            let initials = (3..=LONGEST).contains(&chars).then(|| Sound::Initials(typed.to_string()));
            return whole.into_iter().chain(initials).collect();
        }
        let like: Vec<_> = typed.chars().map(readings).collect();
        let is_han = (2..=LONGEST).contains(&chars) && like.iter().all(|readings| !readings.is_empty());
        is_han.then_some(Sound::Like(like)).into_iter().collect()
    }

    /// Why text that sounds so is suggested.
    pub fn why(&self) -> &'static str {
        match self {
            Sound::Whole(_) => "pinyin",
            Sound::Initials(_) => "initials of its pinyin",
            Sound::Like(_) => "same sound",
        }
    }

    /// How many characters at the beginning of `text` sound so; `None` if they do not.
    fn matches(&self, text: &[char], known: &mut Readings) -> Option<usize> {
        match self {
            Sound::Whole(letters) => spell(letters, text, known),
            Sound::Initials(initials) => {
                let sounds =
                    |(initial, c): (u8, &char)| known.of(*c).iter().any(|sound| sound.as_bytes()[0] == initial);
                let count = initials.len();
                (text.len() >= count && initials.bytes().zip(text).all(sounds)).then_some(count)
            }
            Sound::Like(like) => {
                let sounds = |(wanted, c): (&Vec<&str>, &char)| known.of(*c).iter().any(|sound| wanted.contains(sound));
                (text.len() >= like.len() && like.iter().zip(text).all(sounds)).then_some(like.len())
            }
        }
    }

    /// Whether text that sounds so can begin with `c`.
    fn may_begin(&self, c: char, known: &mut Readings) -> bool {
        known.of(c).iter().any(|sound| match self {
            Sound::Whole(letters) => letters.starts_with(sound),
            Sound::Initials(initials) => initials.as_bytes().first() == sound.as_bytes().first(),
            Sound::Like(like) => like.first().is_some_and(|wanted| wanted.contains(sound)),
        })
    }

    /// Most characters of text that sounds so.
    fn longest(&self) -> usize {
        match self {
            Sound::Whole(letters) | Sound::Initials(letters) => letters.len(),
            Sound::Like(like) => like.len(),
        }
    }

    /// Every run of characters within a paragraph of `text`, a code, that sounds so, and how often it stands there. Cost: looks
    /// at each character, and closely at those that it can begin with: 0.1 s for 90 MB.
    pub fn find(&self, text: &[u8], found: &mut HashMap<String, u64>) {
        let mut known = Readings::default();
        let mut begins: Vec<Option<bool>> = vec![None; HAN];
        let mut chars = Vec::new();
        for (at, c) in code::chars(text) {
            let Some(begins) = place(c).and_then(|place| begins.get_mut(place)) else { continue };
            if !*begins.get_or_insert_with(|| self.may_begin(c, &mut known)) {
                continue;
            }
            chars.clear();
            let behind = code::chars(&text[at..]).map(|(_, c)| c);
            chars.extend(behind.take_while(|&c| c != '\n').take(self.longest()));
            if let Some(count) = self.matches(&chars, &mut known) {
                *found.entry(chars[..count].iter().collect()).or_default() += 1;
            }
        }
    }
}

/// How many characters of `text` spell `letters`, whole readings only.
fn spell(letters: &str, text: &[char], known: &mut Readings) -> Option<usize> {
    if letters.is_empty() {
        return Some(0);
    }
    let (&c, rest) = text.split_first()?;
    let readings = known.of(c).to_vec();
    readings.into_iter().find_map(|reading| spell(letters.strip_prefix(reading)?, rest, known).map(|count| count + 1))
}

/// Readings that were asked for before.
#[derive(Default)]
struct Readings {
    /// By [`place`].
    known: Vec<Option<Vec<&'static str>>>,
}

/// How many characters have a place.
const HAN: usize = 0xa000 - 0x3400;

/// The place of a character among those from U+3400 to U+9FFF, which all that have readings are.
fn place(c: char) -> Option<usize> {
    (c as usize).checked_sub(0x3400).filter(|&place| place < HAN)
}

impl Readings {
    fn of(&mut self, c: char) -> &[&'static str] {
        let Some(at) = place(c) else { return &[] };
        if self.known.is_empty() {
            self.known.resize(HAN, None);
        }
        self.known[at].get_or_insert_with(|| readings(c))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(typed: &str, text: &str) -> Vec<String> {
        let mut found = HashMap::new();
        Sound::of(typed).iter().for_each(|sound| sound.find(&code::encoded(text), &mut found));
        let mut found: Vec<String> = found.into_keys().collect();
        found.sort();
        found
    }

    #[test]
    fn pinyin_initials_and_homophones() {
        let text = "全面推进乡村振兴，实施\n百千万工程和绿色发展，西安重庆";
        assert_eq!(found("xiangcunzhenxing", text), ["乡村振兴"]);
        assert_eq!(found("bqwgc", text), ["百千万工程"]);
        assert_eq!(found("lvse", text), ["绿色"]);
        assert_eq!(found("xian", text), ["西安"], "two readings, one spelling");
        assert_eq!(found("chongqing", text), ["重庆"]);
        assert_eq!(found("百千万工城", text), ["百千万工程"]);
        assert!(found("shishibaiqianwan", text).is_empty(), "a paragraph ends there");
        assert!(found("gdp", "GDP").is_empty() && found("17", text).is_empty());
    }
}
