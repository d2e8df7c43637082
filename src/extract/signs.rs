//! Signs that documents make in other ways than by their characters, as characters.

/// `text` with its digits as the small ones above the line, which are no part of the number before them.
pub fn raised(text: &str) -> String {
    const RAISED: [char; 10] = ['⁰', '¹', '²', '³', '⁴', '⁵', '⁶', '⁷', '⁸', '⁹'];
    text.chars().map(|char| char.to_digit(10).map_or(char, |digit| RAISED[digit as usize])).collect()
}

/// The character of a font that has signs in the place of letters.
pub fn of_font(font: &str, code: u32) -> Option<char> {
    // the same place is written with and without the beginning of the private ones
    let place = code & !0xF000;
    let table: &[(u32, char)] = match font.to_lowercase().replace(' ', "").as_str() {
        "symbol" => &[
            (0xA3, '≤'),
            (0xB3, '≥'),
            (0xB1, '±'),
            (0xB4, '×'),
            (0xB8, '÷'),
            (0xB9, '≠'),
            (0xBB, '≈'),
            (0xB7, '·'),
            (0xB0, '°'),
            (0xA5, '∞'),
            (0xD6, '√'),
            (0xDE, '⇒'),
            (0xAE, '→'),
            (0x61, 'α'),
            (0x62, 'β'),
            (0x6D, 'μ'),
            (0x57, 'Ω'),
        ],
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
    }
}
