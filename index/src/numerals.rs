//! Numbers as Chinese text writes them: in digits, in characters, in both. One reader serves whatever asks what a number is.

use std::fmt;

/// A number in millionths, so that two ways of writing it are equal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Decimal(u128);

/// Decimal places of a [`Decimal`].
const PLACES: usize = 6;

/// One, in millionths.
const ONE: u128 = 10u128.pow(PLACES as u32);

impl Decimal {
    /// What stands before its point.
    pub fn whole(self) -> u128 {
        self.0 / ONE
    }

    /// So many times as much; `None` if that is past all reason.
    pub fn times(self, times: u128) -> Option<Decimal> {
        self.0.checked_mul(times).map(Decimal)
    }
}

impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.whole())?;
        match self.0 % ONE {
            0 => Ok(()),
            rest => write!(f, ".{}", format!("{rest:0PLACES$}").trim_end_matches('0')),
        }
    }
}

/// What a character says in a number.
pub(crate) enum Numeral {
    Digit(u128),
    /// 十 百 千, within four places.
    Small(u128),
    /// 万 亿.
    Large(u128),
}

pub(crate) fn numeral(c: char) -> Option<Numeral> {
    Some(match c {
        '零' | '〇' | '○' => Numeral::Digit(0),
        '一' => Numeral::Digit(1),
        '二' | '两' => Numeral::Digit(2),
        '三' => Numeral::Digit(3),
        '四' => Numeral::Digit(4),
        '五' => Numeral::Digit(5),
        '六' => Numeral::Digit(6),
        '七' => Numeral::Digit(7),
        '八' => Numeral::Digit(8),
        '九' => Numeral::Digit(9),
        '十' => Numeral::Small(10),
        '百' => Numeral::Small(100),
        '千' => Numeral::Small(1_000),
        '万' => Numeral::Large(10_000),
        '亿' => Numeral::Large(100_000_000),
        _ => return None,
    })
}

/// A number that text begins with.
pub(crate) struct Number {
    pub value: Decimal,
    /// Bytes of the text.
    pub len: usize,
    /// What 万 and 亿 multiply it by, if it is one number in digits or characters; 1 without them.
    pub scale: Option<u128>,
}

/// The number behind 百分之 or 千分之, where 百 alone is a hundred.
pub(crate) fn ratio(text: &str) -> Option<Number> {
    let hundred = |_: &str| Number { value: Decimal(100 * ONE), len: '百'.len_utf8(), scale: None };
    number(text).or_else(|| text.strip_prefix('百').map(hundred))
}

/// Reads the number that `text`, folded, begins with: 17.7, 3万5千, 一亿五千万, 三点五, 二〇二五. `None` if it begins with none, or
/// with one past all reason. 百, 千, 万 and 亿 begin no number; and 千 in 千瓦 and 百 in 百分点 belong to the unit.
pub(crate) fn number(text: &str) -> Option<Number> {
    // what 亿 and 万 have closed, what 千 百 十 have, and the digits since
    let (mut total, mut section, mut digits) = (0u128, 0u128, None::<u128>);
    let (mut at, mut last, mut places) = (0, 0u128, 0u32);
    let (mut in_characters, mut parts, mut scale) = (false, 0, Some(1u128));
    let closed = |section: u128, digits: Option<u128>| section.checked_add(digits.unwrap_or(0));
    while let Some(c) = text[at..].chars().next() {
        let rest = &text[at + c.len_utf8()..];
        if c.is_ascii_digit() {
            if digits.is_some() {
                break;
            }
            let (value, len) = decimal(&text[at..])?;
            digits = Some(value);
            (in_characters, parts, at) = (false, parts + 1, at + len);
            continue;
        }
        match numeral(c) {
            Some(Numeral::Digit(digit)) => match digits {
                Some(_) if !in_characters => break,
                // 二〇二五, place by place
                Some(value) => {
                    digits = Some(value.checked_mul(10)?.checked_add(digit * ONE)?);
                    places += 1;
                }
                None => (digits, in_characters, parts, places) = (Some(digit * ONE), true, parts + 1, 1),
            },
            Some(Numeral::Small(times)) => {
                let is_of_unit = times == 1_000 && rest.starts_with(['瓦', '克', '米', '卡', '伏', '帕', '焦'])
                    || times == 100 && rest.starts_with('分');
                let is_bare = digits.is_none_or(|value| value == 0 && parts > 1);
                if is_of_unit || is_bare && (times > 10 || at > 0 && digits.is_none()) {
                    break;
                }
                let value = if is_bare { ONE } else { digits.unwrap_or(ONE) };
                section = section.checked_add(value.checked_mul(times)?)?;
                (digits, last, in_characters) = (None, times, in_characters || at == 0);
                scale = scale.and_then(|scale| scale.checked_mul(times));
                parts += is_bare as u32;
            }
            Some(Numeral::Large(times)) => {
                if at == 0 {
                    break;
                }
                let own = closed(section, digits)?;
                total = match times {
                    10_000 => total.checked_add(own.checked_mul(times)?)?,
                    _ => total.checked_add(own)?.checked_mul(times)?,
                };
                (section, digits, last) = (0, None, times);
                scale = scale.and_then(|scale| scale.checked_mul(times));
            }
            None if c == '点' && in_characters => {
                let Some((fraction, len)) = fraction(rest) else { break };
                digits = Some(digits.unwrap_or(0).checked_add(fraction)?);
                (in_characters, places, at) = (false, 0, at + len);
                // 三十点五亿 is one decimal number before 亿
                scale = Some(1).filter(|_| total == 0);
            }
            None => break,
        }
        at += c.len_utf8();
    }
    // 三万五 is 35,000; in 三万零五 the 零 says that it is not
    if in_characters && places == 1 && last > 10 && digits.is_some_and(|value| value > 0) {
        digits = digits.map(|value| value * (last / 10));
    }
    let value = total.checked_add(closed(section, digits)?)?;
    (at > 0).then_some(Number { value: Decimal(value), len: at, scale: scale.filter(|_| parts == 1) })
}

/// What the digits behind 点 that `text` begins with are, in millionths; and how many bytes that are. `None` without digits, and
/// for the minutes of 八点三十分.
fn fraction(text: &str) -> Option<(u128, usize)> {
    let (mut value, mut step, mut len) = (0, ONE, 0);
    for c in text.chars() {
        match numeral(c) {
            Some(Numeral::Digit(digit)) => {
                step /= 10;
                value += digit * step;
                len += c.len_utf8();
            }
            Some(Numeral::Small(10)) => return None,
            _ => break,
        }
    }
    (len > 0).then_some((value, len))
}

/// The digits that `text` begins with, a decimal point among them, in millionths; and how many bytes that are.
fn decimal(text: &str) -> Option<(u128, usize)> {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let whole = digits(text);
    let fraction = if text[whole..].starts_with('.') { digits(&text[whole + 1..]) } else { 0 };
    let value = text[..whole].parse::<u128>().ok()?.checked_mul(ONE)?;
    if fraction == 0 {
        return Some((value, whole));
    }
    let kept = &text[whole + 1..][..fraction.min(PLACES)];
    let parts = kept.parse::<u128>().ok()? * 10u128.pow((PLACES - kept.len()) as u32);
    Some((value.checked_add(parts)?, whole + 1 + fraction))
}

/// The whole number that all of `text`, folded, is: 21, 二十一, 二〇二五. `None` if it is anything else, or past 4,294,967,295.
pub(crate) fn whole(text: &str) -> Option<u32> {
    let number = number(text).filter(|number| number.len == text.len() && number.value.0 % ONE == 0)?;
    u32::try_from(number.value.whole()).ok()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> Option<(String, &str)> {
        let number = number(text)?;
        Some((number.value.to_string(), &text[number.len..]))
    }

    #[test]
    fn numbers_are_read_however_they_are_written() {
        for (text, value, rest) in [
            ("17.7亿元", "1770000000", "元"),
            ("0.5%", "0.5", "%"),
            ("3万5千元", "35000", "元"),
            ("5亿3000万元", "530000000", "元"),
            ("1.5万亿元", "1500000000000", "元"),
            ("一亿五千万元", "150000000", "元"),
            ("三点五亿", "350000000", ""),
            ("十二个", "12", "个"),
            ("二十", "20", ""),
            ("一百零五户", "105", "户"),
            ("一百一十五", "115", ""),
            ("两千零一十", "2010", ""),
            ("三万五", "35000", ""),
            ("三万零五", "30005", ""),
            ("二〇二五年", "2025", "年"),
            ("零点二", "0.2", ""),
            ("三十点五", "30.5", ""),
            ("十点二五%", "10.25", "%"),
            ("二十点五亿元", "2050000000", "元"),
            ("一百点五万吨", "1005000", "吨"),
            ("三十点", "30", "点"),
            ("八点三十分", "8", "点三十分"),
            ("3万千瓦", "30000", "千瓦"),
            ("5千瓦时", "5", "千瓦时"),
            ("5百分点", "5", "百分点"),
            ("1.23456789", "1.234567", ""),
            ("6. 目标", "6", ". 目标"),
        ] {
            assert_eq!(read(text), Some((value.to_string(), rest)), "{text}");
        }
        for text in ["万人", "亿", "百姓", "千家万户", "元", "", "99999999999999999999999999999999999999999"]
        {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn whole_numbers_are_all_of_a_text() {
        for (text, number) in [("0", 0), ("018", 18), ("十", 10), ("二十一", 21), ("二○二五", 2025)] {
            assert_eq!(whole(text), Some(number), "{text}");
        }
        for text in ["", "十二章", "三点五", "1.5", "第十", "4294967296"] {
            assert_eq!(whole(text), None, "{text}");
        }
    }

    /// A number below 10,000 as it is said: 3 is 三, 305 三百零五.
    fn said(number: usize) -> String {
        let mut text = String::new();
        for (place, unit) in [(1000, "千"), (100, "百"), (10, "十"), (1, "")] {
            match number / place % 10 {
                0 if !number.is_multiple_of(place) && number / place > 0 && !text.ends_with('零') => text.push('零'),
                0 => {}
                digit => text.extend([DIGITS[digit], unit]),
            }
        }
        text
    }

    const DIGITS: [&str; 10] = ["零", "一", "二", "三", "四", "五", "六", "七", "八", "九"];

    proptest! {
        #[test]
        fn what_is_written_out_is_read_back(high in 0..10_000usize, low in 0..10_000usize, decimals in prop::collection::vec(0..10usize, 0..=PLACES), large in 0..3usize) {
            let joint = if high > 0 && (1..1000).contains(&low) { "零" } else { "" };
            let whole = match (high, low) {
                (0, 0) => "零".to_string(),
                (0, low) => said(low),
                (high, low) => format!("{}万{joint}{}", said(high), said(low)),
            };
            let fraction: String = decimals.iter().map(|&digit| DIGITS[digit]).collect();
            // 万万 is not said
            let large = if high > 0 { large % 2 } else { large };
            let (unit, times) = [("", 1), ("亿", 100_000_000), ("万亿", 1_000_000_000_000)][large];
            let point = if fraction.is_empty() { "" } else { "点" };
            let text = format!("{whole}{point}{fraction}{unit}元");
            let millionths = decimals.iter().fold((0, ONE), |(sum, step), &digit| (sum + digit as u128 * step / 10, step / 10)).0;
            let value = ((high * 10_000 + low) as u128 * ONE + millionths) * times;
            let number = number(&text).unwrap();
            prop_assert_eq!((number.value.0, &text[number.len..]), (value, "元"), "{}", text);
        }
    }
}
