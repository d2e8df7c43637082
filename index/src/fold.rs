//! Folding: how text is made equal before it is compared. One function, [`fold`], serves the index, the query,
//! counting and highlighting; [`Folded`] remembers every change and maps ranges back to the source.

pub(crate) mod folded;
pub(crate) mod simplified;

use unicode_normalization::UnicodeNormalization;

use crate::fold::folded::{Edit, Folded};
use crate::fold::simplified::simplified;

/// Stands in folded text where soft marks were dropped between two digits.
pub const BOUNDARY: char = '、';

/// Folds `source`, character by character: Unicode NFKC (UAX #15: width, compatibility forms), lower case, traditional
/// to simplified Chinese, and the circles that stand for 〇 (二○二五) into it; characters with a digit inside that is not
/// part of a number (①, ², ㎡) stay. Then *soft marks* (quotes, brackets, blanks, `、`, and a `+` that is not between
/// digits) are dropped, so that `三资交易` stands in `“三资”交易`; `，。；：！？` stay. Digits never grow together by that: marks
/// dropped between two digits, or between a point and a digit (`12.“1+2”`, `1. 2024年`), leave one [`BOUNDARY`] behind,
/// unless they were a thousands separator (`15,394`) or blanks inside a number whose digits are set apart one by one
/// (`1 9 9 8`; of two digits a blank must close it, for in `专栏1 5G` there are two numbers). Neither tabs nor line
/// breaks are such blanks. Behind a point or plus of a number there are no thousands (`PM2.5，300个`).
///
/// A part of a text folds by itself as it does within the text, but inside numbers, to which such blanks belong. The
/// result holds no line break, no blank and no control character. Cost: one pass; characters outside Chinese and ASCII
/// take a slower path through the Unicode tables.
///
/// ```
/// # use gm_index::fold;
/// assert_eq!(fold("鄉村“振興”").text, fold("乡村振兴").text);
/// ```
pub fn fold(source: &str) -> Folded {
    let mut folded = Folded::default();
    fold_into(source, &mut folded);
    folded
}

/// The same, in place of what was folded before, whose memory it takes.
pub(crate) fn fold_into(source: &str, folded: &mut Folded) {
    let (mut text, mut edits) = std::mem::take(folded).into_parts();
    text.clear();
    text.reserve(source.len());
    edits.clear();
    // of some fifteen characters one changes
    edits.reserve(source.len() / 32);
    let mut folder = Folder { text, edits, ..Folder::default() };
    let mut chars = source.chars();
    loop {
        // behind a digit a comma may be part of a number
        if folder.run == 0 {
            let rest = chars.as_str();
            let same = rest.find(|c| !folds_to_itself(c)).unwrap_or(rest.len());
            folder.keep_all(&rest[..same]);
            chars = rest[same..].chars();
        }
        let Some(c) = chars.next() else { break };
        match c {
            '0'..='9' => folder.digit(c, c, chars.as_str()),
            '，' | ',' if folder.may_group() && is_thousands(chars.as_str()) => folder.join(c),
            '、' | '“' | '”' | '（' | '）' | '《' | '》' => folder.drop(c, false),
            'a'..='z' => folder.keep(c),
            _ if folds_to_itself(c) => folder.keep(c),
            '\u{4e00}'..='\u{9fff}' => folder.replace(c, simplified(c)),
            _ => folder.slow(c, chars.as_str()),
        }
    }
    *folded = Folded::new(folder.text, folder.edits);
}

/// Most characters of most texts: a stretch of them is copied at once.
#[inline]
fn folds_to_itself(c: char) -> bool {
    match c {
        '\u{4e00}'..='\u{9fff}' => simplified(c) == c,
        _ => matches!(c, '，' | '。' | '；' | '：' | '！' | '？'),
    }
}

/// The longest stretch of letters in `text`, folded; `None` if it has none. Marks fold by what stands beside them, letters
/// always alike: so this stands in the folded text of whatever holds `text` as it is.
pub fn anchor(text: &str) -> Option<String> {
    longest(text, char::is_alphabetic)
}

/// The same of letters and digits, between which nothing is dropped either; it may stand inside a longer number.
pub(crate) fn anchor_with_digits(text: &str) -> Option<String> {
    longest(text, |c| c.is_alphabetic() || c.is_ascii_digit())
}

fn longest(text: &str, is_part: impl Fn(char) -> bool) -> Option<String> {
    let longest = text.split(|c: char| !is_part(c)).max_by_key(|stretch| stretch.len())?;
    Some(fold(longest).text).filter(|folded| !folded.is_empty())
}

/// What stood between the last digit and here, if nothing but dropped marks did.
#[derive(Default)]
enum Pending {
    #[default]
    Nothing,
    /// Only blanks.
    Blank,
    /// The edit with this index is a soft mark other than a blank.
    Mark(usize),
}

#[derive(Default)]
struct Folder {
    text: String,
    edits: Vec<Edit>,
    /// How many digits stand at the end of `text` with nothing between them; 0 when it ends in something else.
    run: usize,
    /// That run was made by dropping blanks between single digits.
    run_is_spaced: bool,
    /// A thousands separator was dropped inside that run.
    run_is_grouped: bool,
    /// It stands behind a point or plus of a number, where no thousands begin.
    run_goes_on: bool,
    /// `text` ends in such a point or plus.
    is_link: bool,
    /// `text` ends in a point, which a digit right behind it would make a decimal point.
    is_point: bool,
    pending: Pending,
}

impl Folder {
    fn keep(&mut self, c: char) {
        // of what ends a number only the point may go on in it (`1 9 9 8 . 5`)
        self.run_is_spaced &= self.run > 0 && c == '.';
        self.is_link = self.run > 0 && matches!(c, '.' | '+');
        self.run = 0;
        self.is_point = c == '.';
        self.pending = Pending::Nothing;
        self.text.push(c);
    }

    /// The same for characters that fold to themselves, behind something else than a digit.
    fn keep_all(&mut self, same: &str) {
        if !same.is_empty() {
            self.run_is_spaced = false;
            self.is_link = false;
            self.is_point = false;
            self.pending = Pending::Nothing;
            self.text.push_str(same);
        }
    }

    fn replace(&mut self, source: char, c: char) {
        self.edit(source, c.len_utf8());
        self.keep(c);
    }

    fn edit(&mut self, source: char, len: usize) {
        self.edits.push(Edit { at: self.text.len() as u32, len: len as u8, source });
    }

    /// Whether the digits before here can be the first groups of a number written in thousands.
    fn may_group(&self) -> bool {
        let may_begin = matches!(self.pending, Pending::Nothing) && (1..=3).contains(&self.run) && !self.run_goes_on;
        may_begin || self.run_is_grouped && self.run > 0
    }

    /// Drops a thousands separator.
    fn join(&mut self, source: char) {
        self.run_is_grouped = true;
        self.edit(source, 0);
    }

    /// Drops a soft mark.
    fn drop(&mut self, source: char, blank: bool) {
        if self.run > 0 {
            match (&self.pending, blank) {
                (Pending::Nothing, true) => self.pending = Pending::Blank,
                (_, false) => self.pending = Pending::Mark(self.edits.len()),
                _ => {}
            }
        } else if self.is_point && !(blank && self.run_is_spaced) {
            self.pending = Pending::Mark(self.edits.len());
        }
        self.edit(source, 0);
    }

    fn digit(&mut self, source: char, digit: char, rest: &str) {
        match std::mem::replace(&mut self.pending, Pending::Nothing) {
            Pending::Nothing => self.run += 1,
            Pending::Blank
                if self.run_is_spaced && !starts_with_digit(rest) || self.run == 1 && rest.starts_with(is_space) =>
            {
                self.run_is_spaced = true;
                self.run += 1;
            }
            Pending::Blank => self.boundary(self.edits.len() - 1),
            Pending::Mark(edit) => self.boundary(edit),
        }
        if self.run == 1 {
            self.run_is_spaced = false;
            self.run_is_grouped = false;
            self.run_goes_on = self.is_link;
        }
        if source != digit {
            self.edit(source, 1);
        }
        self.is_point = false;
        self.text.push(digit);
    }

    /// Lets the dropped mark `edit` stay as a [`BOUNDARY`] and begins a new run of digits.
    fn boundary(&mut self, edit: usize) {
        self.text.push(BOUNDARY);
        self.edits[edit].len = BOUNDARY.len_utf8() as u8;
        for later in &mut self.edits[edit + 1..] {
            later.at += BOUNDARY.len_utf8() as u32;
        }
        if self.edits[edit].source == BOUNDARY {
            self.edits.remove(edit);
        }
        self.run = 1;
        self.is_link = false;
    }

    fn slow(&mut self, source: char, rest: &str) {
        if source == '+' || source == '＋' {
            let between_digits = self.run > 0 && matches!(self.pending, Pending::Nothing) && starts_with_digit(rest);
            return match between_digits {
                true if source == '+' => self.keep(source),
                true => self.replace(source, '+'),
                false => self.drop(source, false),
            };
        }
        if source.is_ascii() && !source.is_ascii_uppercase() {
            return self.folded_to(source, source, rest);
        }
        let folded: String = std::iter::once(source)
            .nfkc()
            .flat_map(char::to_lowercase)
            .map(|c| canonical_mark(simplified(c)))
            .collect();
        // ①, ² and ㎡ hold digits that are no part of a number beside them, so these characters stay as they are
        if !digit_of(source) && folded.contains(|c: char| c.is_ascii_digit()) {
            return self.keep(source);
        }
        let mut chars = folded.chars();
        if let (Some(only), None) = (chars.next(), chars.next()) {
            return self.folded_to(source, only, rest);
        }
        let several: String = folded.chars().filter(|&c| !is_soft(c)).collect();
        if several.is_empty() {
            return self.drop(source, true);
        }
        self.edit(source, several.len());
        self.run = 0;
        self.run_is_spaced = false;
        self.is_link = false;
        self.is_point = several.ends_with('.');
        self.pending = Pending::Nothing;
        self.text.push_str(&several);
    }

    fn folded_to(&mut self, source: char, folded: char, rest: &str) {
        let c = canonical_mark(folded);
        if c.is_ascii_digit() {
            self.digit(source, c, rest);
        } else if is_soft(c) {
            self.drop(source, is_space(c) || is_invisible(c) && !c.is_control());
        } else if c == source {
            self.keep(c);
        } else {
            self.replace(source, c);
        }
    }
}

/// Of each pair that NFKC makes equal, the form that Chinese text uses, so that it needs no edit; and 〇 for the circles that are
/// typed in its place.
fn canonical_mark(c: char) -> char {
    match c {
        ',' => '，',
        ':' => '：',
        ';' => '；',
        '!' => '！',
        '?' => '？',
        '○' | '◯' => '〇',
        _ => c,
    }
}

/// Soft marks beyond ASCII.
const SOFT: [char; 37] = [
    '、', '“', '”', '„', '‟', '‘', '’', '‚', '‛', '«', '»', '‹', '›', '〝', '〞', '〟', '《', '》', '〈', '〉', '「',
    '」', '『', '』', '【', '】', '〔', '〕', '〖', '〗', '〘', '〙', '〚', '〛', '·', '・', '‧',
];

fn is_soft(c: char) -> bool {
    matches!(c, '"' | '\'' | '(' | ')' | '[' | ']' | '{' | '}' | '+')
        || !c.is_ascii() && SOFT.contains(&c)
        || c.is_whitespace()
        || is_invisible(c)
}

/// Control and format characters: they show nothing and are searched by nobody.
fn is_invisible(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{ad}' | '\u{61c}' | '\u{180e}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}'
            | '\u{2060}'..='\u{2064}' | '\u{2066}'..='\u{206f}' | '\u{feff}' | '\u{fff9}'..='\u{fffb}')
}

/// A blank within a line; a tab stands between the cells of a table.
fn is_space(c: char) -> bool {
    c.is_whitespace() && !c.is_control() && !matches!(c, '\u{2028}' | '\u{2029}')
}

fn digit_of(c: char) -> bool {
    matches!(c, '0'..='9' | '０'..='９')
}

fn starts_with_digit(rest: &str) -> bool {
    rest.chars().next().is_some_and(digit_of)
}

/// Whether `rest` goes on with a group of exactly three digits, as after a thousands separator.
fn is_thousands(rest: &str) -> bool {
    let mut chars = rest.chars();
    chars.by_ref().take(3).filter(|&c| digit_of(c)).count() == 3 && !chars.next().is_some_and(digit_of)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn equal_texts_fold_equal() {
        for (a, b) in [
            ("鄉村振興", "乡村振兴"),
            ("１３１０", "1310"),
            ("“三资”交易", "三资交易"),
            ("「三資」交易", "三资交易"),
            ("15,394株", "15394株"),
            ("１５，３９４株", "15394株"),
            ("1,234,567", "1234567"),
            ("2025 年 4 月 8 日", "2025年4月8日"),
            ("1 9 9 8 年3 月5 日", "1998年3月5日"),
            ("1 9 . 5", "19.5"),
            ("1 2 月", "12月"),
            ("No.15,394", "no.15394"),
            ("2、1,234", "2”1234"),
            ("⺠⽣⻛电港⻔镇", "民生风电港门镇"),
            ("积分制+红黑榜", "积分制红黑榜"),
            ("番薯、瑶柱", "番薯瑶柱"),
            ("ＧＤＰ", "gdp"),
            ("增长５％", "增长5%"),
            ("国发〔2010〕1号", "国发[2010]1号"),
            ("你好,世界", "你好，世界"),
            ("2023、2024年", "2023”、“2024年"),
            ("1＋2＋5", "1+2+5"),
            ("℃", "°c"),
            ("二○二五年", "二〇二五年"),
            ("一九八◯年", "一九八〇年"),
        ] {
            assert_eq!(fold(a).text, fold(b).text, "{a} and {b}");
        }
    }

    #[test]
    fn unequal_texts_fold_unequal() {
        for (a, b) in [
            ("2023、2024年", "20232024年"),
            ("2023 2024", "20232024"),
            ("1+2", "12"),
            ("甲，乙", "甲乙"),
            ("2023，100", "2023100"),
            ("5%²", "5%"),
            ("〇", "零"),
            ("12.“1+2”", "12.1+2"),
            ("1. 2024年", "1.2024年"),
            ("2.　5G网络", "2.5G网络"),
            ("①2024年", "12024年"),
            ("①", "1"),
            ("9 9 8… 1", "998...1"),
            ("专栏1 5G", "专栏15g"),
            ("2 2,345人", "22345人"),
            ("增长1 2.5%", "增长12.5%"),
            ("1\t2\t3", "123"),
            ("1\n2\n", "12"),
            ("PM2.5，300个", "pm2.5300个"),
            ("1+2+5，300", "1+2+5300"),
            ("9 9 8 . . 1", "998..1"),
        ] {
            assert_ne!(fold(a).text, fold(b).text, "{a} and {b}");
        }
    }

    #[test]
    fn what_is_known_without_the_tables_folds_as_by_them() {
        for c in (0..=char::MAX as u32).filter_map(char::from_u32) {
            let mut folder = Folder::default();
            folder.slow(c, "");
            assert_eq!(fold(&c.to_string()), Folded::new(folder.text, folder.edits), "{c:?}");
        }
    }

    #[test]
    fn words_are_cut_between_dropped_marks() {
        let folded = fold("“头雁”工程、党员+妇联 15,394株");
        assert_eq!(folded.stretches().collect::<Vec<_>>(), ["头雁", "工程", "党员", "妇联", "15394株"]);
    }

    #[test]
    fn ranges_lead_back_to_the_source() {
        let source = "农村“三资”交易，15,394株";
        let folded = fold(source);
        let shown = |needle: &str| {
            let at = folded.text.find(needle).unwrap();
            &source[folded.source_range(at..at + needle.len())]
        };
        assert_eq!(shown("三资"), "三资");
        assert_eq!(shown("三资交易"), "三资”交易");
        assert_eq!(shown("15394"), "15,394");
        assert_eq!(shown("农村"), "农村");
    }

    /// Text as rich in the characters that folding treats as real reports are.
    fn text() -> impl Strategy<Value = String> {
        let piece = prop_oneof![
            "[一-龥]{1,3}",
            "[0-9０-９]{1,4}",
            "[,，、+＋ 　.．]",
            "[“”「」（）()\\n\\t]",
            "[a-zA-ZＡ-Ｚ]{1,3}",
            "[鄉興㎡①²…㈠\u{200b}𠮷😀]",
            any::<char>().prop_map(String::from),
        ];
        proptest::collection::vec(piece, 0..24).prop_map(|pieces| pieces.concat())
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(2000))]

        #[test]
        fn the_source_comes_back(source in text()) {
            prop_assert_eq!(fold(&source).restore(), source);
        }

        #[test]
        fn folding_twice_is_folding_once(source in text()) {
            let source = source.replace([',', '，'], ""); // `1, 234` is no number, `1,234` is one
            let once = fold(&source).text;
            prop_assert_eq!(&fold(&once).text, &once);
        }

        #[test]
        fn parts_joined_are_the_whole(source in text(), cuts in proptest::collection::vec(0..200usize, 0..4)) {
            let mut cuts: Vec<usize> = cuts.into_iter().filter(|&cut| source.is_char_boundary(cut)).collect();
            cuts.sort_unstable();
            let folded = fold(&source);
            let parts = folded.split(cuts.iter().copied());
            prop_assert_eq!(parts.iter().map(|part| part.text.as_str()).collect::<String>(), folded.text);
            let mut at = 0;
            for (part, end) in parts.iter().zip(cuts.into_iter().chain([source.len()])) {
                prop_assert_eq!(part.restore(), &source[at..end]);
                at = end;
            }
        }

        #[test]
        fn a_range_is_the_same_from_a_milestone(source in "[ a“”Ａ一ﬁ、，1㎡\u{3000}]{0,200}", from in 0..200usize, len in 0..9usize) {
            let folded = fold(&source);
            let milestones = folded.milestones();
            let (from, to) = (from.min(folded.text.len()), (from + len).min(folded.text.len()));
            prop_assert_eq!(folded.source_range_by(&milestones, from..to), folded.source_range(from..to));
        }

        #[test]
        fn a_range_of_the_source_folds_to_what_it_stands_for(source in text(), from in 0..60usize, len in 1..20usize) {
            let folded = fold(&source);
            let bounds: Vec<usize> = folded.text.char_indices().map(|(at, _)| at).chain([folded.text.len()]).collect();
            let (Some(&from), Some(&to)) = (bounds.get(from), bounds.get(from + len)) else { return Ok(()) };
            // a part of a number folds by itself as it likes: it is never found
            let number = |at: usize| folded.text.as_bytes().get(at).is_some_and(|b| b.is_ascii_digit() || b"+.".contains(b));
            let range = folded.source_range(from..to);
            let is_closed = number(to.wrapping_sub(1)) && source[range.end..].starts_with(is_space);
            if number(from.wrapping_sub(1)) || number(to) || is_closed {
                return Ok(());
            }
            let shown = fold(&source[range]).text;
            // the whole of a character that became several, hence "contains"
            prop_assert!(shown.contains(folded.text[from..to].trim_matches(BOUNDARY)), "{} in {}", shown, &folded.text[from..to]);
        }
    }
}
