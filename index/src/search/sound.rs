//! Text that sounds like what was typed: pinyin whole (`xiangcunzhenxing`), its initials (`xczx`), or other characters of
//! the same sound (港掌制). Only ever suggested. The sounds are those of the `pinyin` crate, without tones; a character with
//! several readings has them all.

use std::collections::HashMap;
use std::ops::Range;

use pinyin::ToPinyinMulti;

use crate::find::threads::scanned;
use crate::rank::results::Why;
use crate::store::code;

/// How many characters a term may have that is compared by sound.
const LONGEST: usize = 16;

// see `Sound::places`
const _: () = assert!(LONGEST <= u16::BITS as usize);

/// Which characters are rare in a text is told by so many stretches of so many bytes.
const SAMPLES: usize = 32;
const SAMPLE: usize = 512;

/// So many bytes are looked at together.
const STEP: usize = 16;

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
    pub fn why(&self) -> Why {
        match self {
            Sound::Whole(_) => Why::Pinyin,
            Sound::Initials(_) => Why::Initials,
            Sound::Like(_) => Why::Sound,
        }
    }

    /// At which positions of what sounds so a character with these readings may stand, a bit each. Of what is spelled
    /// only the first is at a known place.
    fn places(&self, readings: &[&str]) -> u16 {
        let may_be_at = |position: usize| {
            readings.iter().any(|sound| match self {
                Sound::Whole(letters) => letters.starts_with(sound),
                Sound::Initials(initials) => initials.as_bytes().get(position) == sound.as_bytes().first(),
                Sound::Like(like) => like.get(position).is_some_and(|wanted| wanted.contains(sound)),
            })
        };
        (0..self.positions()).filter(|&position| may_be_at(position)).fold(0, |places, position| places | 1 << position)
    }

    /// How many positions [`places`](Self::places) knows.
    fn positions(&self) -> usize {
        match self {
            Sound::Whole(_) => 1,
            Sound::Initials(letters) => letters.len(),
            Sound::Like(like) => like.len(),
        }
    }

    /// The end of what sounds so and begins at the byte `start` of `text`, a code; `None` if nothing does.
    fn end(&self, text: &[u8], start: usize, known: &mut Known) -> Option<usize> {
        match self {
            Sound::Whole(letters) => spell(letters, text, start, known),
            Sound::Initials(_) | Sound::Like(_) => {
                let mut end = start;
                for position in 0..self.positions() {
                    let c = code::character(text, &mut end)?;
                    known.may_be(self, position, c).then_some(())?;
                }
                Some(end)
            }
        }
    }

    /// The position at which what sounds so has the rarest characters, by a sample of the text.
    fn rarest(&self, text: &[u8]) -> usize {
        let mut known = Known::default();
        let mut seen: HashMap<char, u32> = HashMap::new();
        for stretch in text.chunks(SAMPLE).step_by((text.len() / SAMPLE / SAMPLES).max(1)) {
            let first = stretch.iter().position(|&byte| code::ends(byte));
            code::chars(&stretch[first.map_or(0, |first| first + 1)..])
                .for_each(|(_, c)| *seen.entry(c).or_default() += 1);
        }
        let mut found = |position: usize| -> u32 {
            seen.iter().filter(|(c, _)| known.may_be(self, position, **c)).map(|(_, count)| count).sum()
        };
        (0..self.positions()).min_by_key(|&position| found(position)).unwrap_or_default()
    }

    /// Every run of characters within a paragraph of `text`, a code, that sounds so, and how often it stands there. Cost: looks
    /// at each two bytes, and closely where its rarest character can begin: some 20 ms for 90 MB, divided among the processors.
    pub fn find(&self, text: &[u8], found: &mut HashMap<String, u64>) {
        let position = self.rarest(text);
        let all = 0..text.len();
        for runs in scanned(text, std::slice::from_ref(&all), |stretches| self.runs(text, stretches, position)) {
            for (run, count) in runs {
                if let Some(run) = code::decode(run) {
                    *found.entry(run).or_default() += count;
                }
            }
        }
    }

    /// The same by their codes, where the character at a `position` stands in some stretches of the text.
    fn runs<'t>(&self, text: &'t [u8], stretches: &[Range<usize>], position: usize) -> HashMap<&'t [u8], u64> {
        let mut known = Known::default();
        let mut runs: HashMap<&[u8], u64> = HashMap::new();
        // whether a code that begins with these two bytes is looked at
        let mut may_have: Box<[bool; 1 << 16]> = Box::new([true; 1 << 16]);
        let mut look = |at: usize, may_have: &mut bool| {
            let mut next = at;
            if !code::begins_at(text, at) {
                return;
            }
            let Some(c) = code::character(text, &mut next) else { return };
            if !known.may_be(self, position, c) {
                // longer codes have these two bytes in common
                *may_have = next - at > 2;
                return;
            }
            // frequent characters are one byte, and where the next is too, both are known by the two bytes
            if next - at == 1
                && position + 1 < self.positions()
                && text.get(next).is_some_and(|&byte| code::ends(byte))
                && !code::character(text, &mut next).is_some_and(|c| known.may_be(self, position + 1, c))
            {
                *may_have = false;
                return;
            }
            let Some(start) = code::back(text, at, position) else { return };
            if let Some(end) = self.end(text, start, &mut known) {
                *runs.entry(&text[start..end]).or_default() += 1;
            }
        };
        let place = |first: u8, second: u8| u16::from_be_bytes([first, second]) as usize;
        for stretch in stretches {
            // several at once, so that the answers need not be waited for one by one
            let steps = stretch.end.min(text.len().saturating_sub(1)).saturating_sub(stretch.start) / STEP;
            for start in (stretch.start..).step_by(STEP).take(steps) {
                let bytes: &[u8; STEP + 1] = text[start..=start + STEP].try_into().expect("so many bytes");
                let flag = |at: usize| (may_have[place(bytes[at], bytes[at + 1])] as u16) << at;
                let mut flags = (0..STEP).fold(0, |flags, at| flags | flag(at));
                while flags != 0 {
                    let at = flags.trailing_zeros() as usize;
                    look(start + at, &mut may_have[place(bytes[at], bytes[at + 1])]);
                    flags &= flags - 1;
                }
            }
            for at in stretch.start + steps * STEP..stretch.end {
                look(at, &mut may_have[place(text[at], text.get(at + 1).copied().unwrap_or_default())]);
            }
        }
        runs
    }
}

/// The end of what spells `letters` in whole readings from the byte `at` of `text` on.
fn spell(letters: &str, text: &[u8], mut at: usize, known: &mut Known) -> Option<usize> {
    if letters.is_empty() {
        return Some(at);
    }
    let c = code::character(text, &mut at)?;
    (0..known.of(c).len()).find_map(|reading| {
        let reading = known.of(c)[reading];
        spell(letters.strip_prefix(reading)?, text, at, known)
    })
}

/// What was asked before of characters, by their [`place`].
#[derive(Default)]
struct Known {
    readings: Vec<Option<Vec<&'static str>>>,
    /// As [`Sound::places`] has them.
    places: Vec<Option<u16>>,
}

/// How many characters have a place.
const HAN: usize = 0xa000 - 0x3400;

/// The place of a character among those from U+3400 to U+9FFF, which all that have readings are.
fn place(c: char) -> Option<usize> {
    (c as usize).checked_sub(0x3400).filter(|&place| place < HAN)
}

impl Known {
    fn of(&mut self, c: char) -> &[&'static str] {
        let Some(at) = place(c) else { return &[] };
        if self.readings.is_empty() {
            self.readings.resize(HAN, None);
        }
        self.readings[at].get_or_insert_with(|| readings(c))
    }

    /// Whether the character at a `position` of what sounds so may be `c`; always asked of the same sound.
    fn may_be(&mut self, sound: &Sound, position: usize, c: char) -> bool {
        let Some(at) = place(c) else { return false };
        if self.places.is_empty() {
            self.places.resize(HAN, None);
        }
        *self.places[at].get_or_insert_with(|| sound.places(&readings(c))) >> position & 1 == 1
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

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

    /// The slow way: every beginning, character by character.
    fn slowly(sound: &Sound, text: &str) -> HashMap<String, u64> {
        fn count(sound: &Sound, text: &[char]) -> Option<usize> {
            let stands = |position: usize, c: char, wanted: &dyn Fn(&str) -> bool| {
                text.get(position) == Some(&c) && readings(c).into_iter().any(wanted)
            };
            match sound {
                Sound::Whole(letters) if letters.is_empty() => Some(0),
                Sound::Whole(letters) => readings(*text.first()?).into_iter().find_map(|reading| {
                    let rest = Sound::Whole(letters.strip_prefix(reading)?.to_string());
                    Some(count(&rest, &text[1..])? + 1)
                }),
                Sound::Initials(letters) => {
                    let mut all = letters.chars().enumerate();
                    let is_one = |(at, letter): (usize, char)| {
                        text.get(at).is_some_and(|&c| stands(at, c, &|reading| reading.starts_with(letter)))
                    };
                    all.all(is_one).then_some(letters.len())
                }
                Sound::Like(like) => {
                    let mut all = like.iter().enumerate();
                    let is_one = |(at, wanted): (usize, &Vec<&str>)| {
                        text.get(at).is_some_and(|&c| stands(at, c, &|reading| wanted.contains(&reading)))
                    };
                    all.all(is_one).then_some(like.len())
                }
            }
        }
        let chars: Vec<char> = text.chars().collect();
        let mut found = HashMap::new();
        for start in 0..chars.len() {
            if let Some(count) = count(sound, &chars[start..]) {
                *found.entry(chars[start..start + count].iter().collect()).or_default() += 1;
            }
        }
        found
    }

    proptest! {
        #[test]
        fn what_is_found_is_what_a_slow_search_finds(text in "[西安先港长掌制行乐重㐂，\\n\u{20000}a]{0,120}", typed in "[西线港掌行了]{2,3}|xian|xianxian|xa|gz|gangzhang") {
            for sound in Sound::of(&typed) {
                let mut found = HashMap::new();
                sound.find(&code::encoded(&text), &mut found);
                prop_assert_eq!(found, slowly(&sound, &text));
            }
        }
    }
}
