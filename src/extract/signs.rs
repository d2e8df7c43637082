//! Signs that documents make in other ways than by their characters, as characters.

const RAISED: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
/// A text has fewer notes than a number of more digits.
const LONGEST_MARK: usize = 3;

/// What marks a note in a text.
pub struct NoteMark {
    pub number: String,
    /// Whether it stands in brackets; whether above the line.
    pub is_enclosed: bool,
    pub is_raised: bool,
}

/// `text` as the mark of a note: its number, or its letters as LibreOffice counts endnotes.
pub fn note_mark(text: &str) -> Option<NoteMark> {
    let bare = text.trim();
    let pairs = [('[', ']'), ('［', '］'), ('〔', '〕'), ('【', '】')];
    let inside = pairs.iter().find_map(|&(open, close)| bare.strip_prefix(open)?.strip_suffix(close));
    let plain =
        |char: char| RAISED.iter().position(|raised| *raised == char).map_or(char, |at| (b'0' + at as u8).into());
    let number: String = inside.unwrap_or(bare).trim().chars().map(plain).collect();
    let is = |test: fn(char) -> bool| number.chars().all(test);
    let counts = is(|char| char.is_ascii_digit()) && number.len() <= LONGEST_MARK
        || is(|char| matches!(char, '①'..='⑳')) && number.chars().count() == 1
        || is(|char| matches!(char, 'i' | 'v' | 'x'));
    let is_raised = text.chars().any(|char| RAISED.contains(&char));
    (counts && !number.is_empty()).then_some(NoteMark { number, is_enclosed: inside.is_some(), is_raised })
}

/// `text` with its digits as the small ones above the line, which are no part of the number before them.
pub fn raised(text: &str) -> String {
    text.chars().map(|char| char.to_digit(10).map_or(char, |digit| RAISED[digit as usize])).collect()
}

/// What the font Symbol has from 0x20 and from 0xA0 on, by Adobe's mapping to Unicode (SYMBOL.TXT); a bullet is a middle dot.
const SYMBOL: [(u32, &str); 2] = [
    (0x20, " !∀#∃%&∋()∗+,−./0123456789:;<=>?≅ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_‾αβχδεφγηιϕκλμνοπθρστυϖωξψζ{|}∼"),
    (0xA0, "€ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂·÷≠≡≈…⏐⎯↵ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓◊〈®©™∑⎛⎜⎝⎡⎢⎣⎧⎨⎩⎪\u{FFFD}〉∫⌠⎮⌡⎞⎟⎠⎤⎥⎦⎫⎬⎭"),
];

/// The character at a place of a font, which may have signs in the place of letters; `None` if it is not known.
pub fn of_font(font: &str, code: u32) -> Option<char> {
    // the same place is written with and without the beginning of the private ones
    let place = if matches!(code, 0xF000..=0xF0FF) { code - 0xF000 } else { code };
    let font = font.to_lowercase().replace(' ', "");
    let table: &[(u32, char)] = match font.as_str() {
        "symbol" if place <= 0xFF => {
            let (first, signs) = SYMBOL.iter().rfind(|(first, _)| *first <= place)?;
            return signs.chars().nth((place - first) as usize).filter(|sign| *sign != '\u{FFFD}');
        }
        "wingdings" => &[
            (0xFC, '✓'),
            (0xFB, '✗'),
            (0xFE, '☑'),
            (0xFD, '☒'),
            (0xA8, '□'),
            (0x6F, '□'),
            (0x6E, '■'),
            (0x6C, '●'),
            (0xA1, '○'),
            (0x75, '◆'),
            (0xD8, '➢'),
            (0xE0, '→'),
        ],
        "wingdings2" => &[(0x50, '✓'), (0x4F, '✗'), (0x52, '☑'), (0x51, '☒'), (0x53, '☒'), (0xA3, '□'), (0x2A, '□')],
        other if other.contains("dings") => &[],
        // a font of characters
        _ => return char::from_u32(code).filter(|char| !('\u{E000}'..='\u{F8FF}').contains(char)),
    };
    table.iter().find(|(at, _)| *at == place).map(|(_, sign)| *sign)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs() {
        assert_eq!(raised("4次"), "⁴次");
        assert_eq!(of_font("Wingdings 2", 0x52), Some('☑'));
        assert_eq!((of_font("Symbol", 0xF0A3), of_font("宋体", 0x25A1)), (Some('≤'), Some('□')));
        let symbols = "αβμΩΔπ∑∏∈∝√∞∫≥±×÷≠≈·°→↔⇒".chars();
        let codes = [
            0x61, 0x62, 0x6D, 0x57, 0x44, 0x70, 0xE5, 0xD5, 0xCE, 0xB5, 0xD6, 0xA5, 0xF2, 0xB3, 0xB1, 0xB4, 0xB8, 0xB9,
            0xBB, 0xB7, 0xB0, 0xAE, 0xAB, 0xDE,
        ];
        symbols.zip(codes).for_each(|(symbol, code)| assert_eq!(of_font("Symbol", code), Some(symbol)));
        assert_eq!([0x19, 0x7F, 0xF0, 0xFF].map(|code| of_font("Symbol", code)), [None; 4]);
        assert_eq!((of_font("Symbol", 0xF0FE), of_font("Wingdings 3", 0x70)), (Some('⎭'), None));
    }
}
