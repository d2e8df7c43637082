//! Numbers as Chinese text writes them: in digits, in characters, in both. One reader serves whatever asks what a number is.

use std::fmt;

/// A number in millionths, so that two ways of writing it are equal.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Decimal(i128);

/// Decimal places of a [`Decimal`].
const PLACES: usize = 6;

/// One, in millionths.
const ONE: i128 = 10i128.pow(PLACES as u32);

impl Decimal {
    /// What stands before its point.
    pub fn whole(self) -> i128 {
        self.0 / ONE
    }

    /// The same below zero.
    pub fn negated(self) -> Decimal {
        Decimal(-self.0)
    }

    /// So many times as much; `None` if that is past all reason.
    pub fn times(self, times: i128) -> Option<Decimal> {
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
    Digit(i128),
    /// 十 百 千, within four places.
    Small(i128),
    /// 万 亿.
    Large(i128),
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

/// What says behind a number that it is about as much.
pub(crate) const ABOUT: [char; 3] = ['多', '余', '来'];

/// A number that text begins with.
pub(crate) struct Number {
    pub value: Decimal,
    /// Bytes of the text.
    pub len: usize,
    /// What 万 and 亿 multiply it by, if it is one number in digits or characters; 1 without them.
    pub scale: Option<i128>,
}

/// The number behind 百分之 or 千分之, where 百 alone is a hundred.
pub(crate) fn ratio(text: &str) -> Option<Number> {
    let hundred = |_: &str| Number { value: Decimal(100 * ONE), len: '百'.len_utf8(), scale: None };
    number(text).or_else(|| text.strip_prefix('百').map(hundred))
}

/// A number while it is read. What is past all reason is `None`.
#[derive(Default)]
struct Reading {
    /// What 亿 and 万 have closed, what 千 百 十 have, and the digits since.
    total: i128,
    section: i128,
    digits: Option<i128>,
    /// What 十, 百, 千, 万 or 亿 multiplied by last.
    last: i128,
    in_characters: bool,
    /// How many of these the digits are.
    places: u32,
    /// How many numbers it is put together from.
    parts: u32,
    scale: Option<i128>,
}

impl Reading {
    /// Takes a digit in characters: 二〇二五 stands place by place.
    fn digit(&mut self, digit: i128) -> Option<()> {
        match self.digits {
            Some(value) => {
                self.digits = Some(value.checked_mul(10)?.checked_add(digit * ONE)?);
                self.places += 1;
            }
            None => {
                self.digits = Some(digit * ONE);
                (self.in_characters, self.places) = (true, 1);
                self.parts += 1;
            }
        }
        Some(())
    }

    /// Takes 十, 百 or 千, which may begin the number; tells whether it is part of it.
    fn small(&mut self, times: i128, begins: bool) -> Option<bool> {
        let is_bare = self.digits.is_none_or(|value| value == 0 && self.parts > 1);
        // 四百十二 is 四百一十二
        let may_be_bare = times == 10 && (begins || self.digits.is_some() || [100, 1_000].contains(&self.last));
        if is_bare && !may_be_bare {
            return Some(false);
        }
        let value = if is_bare { ONE } else { self.digits.unwrap_or(ONE) };
        self.section = self.section.checked_add(value.checked_mul(times)?)?;
        (self.digits, self.last) = (None, times);
        self.in_characters |= begins;
        self.scale = self.scale.and_then(|scale| scale.checked_mul(times));
        self.parts += is_bare as u32;
        Some(true)
    }

    /// Takes 万 or 亿.
    fn large(&mut self, times: i128) -> Option<()> {
        let own = self.open()?;
        // 六万万 is 六亿
        let is_repeated = times == 10_000 && self.last == times && own == 0;
        self.total = match times {
            _ if is_repeated => self.total.checked_mul(times)?,
            10_000 => self.total.checked_add(own.checked_mul(times)?)?,
            _ => self.total.checked_add(own)?.checked_mul(times)?,
        };
        (self.section, self.digits, self.last) = (0, None, if is_repeated { times * times } else { times });
        self.scale = self.scale.and_then(|scale| scale.checked_mul(times));
        Some(())
    }

    /// What neither 万 nor 亿 has closed.
    fn open(&self) -> Option<i128> {
        self.section.checked_add(self.digits.unwrap_or(0))
    }

    fn value(mut self) -> Option<i128> {
        // 三万五 is 35,000; in 三万零五 the 零 says that it is not
        if self.in_characters && self.places == 1 && self.last > 10 && self.digits.is_some_and(|value| value > 0) {
            self.digits = self.digits.map(|value| value * (self.last / 10));
        }
        self.total.checked_add(self.open()?)
    }
}

/// Reads the number that `text`, folded, begins with: 17.7, 3万5千, 一亿五千万, 三点五, 二〇二五. `None` if it begins with none, or
/// with one past all reason. 百, 千, 万 and 亿 begin no number; and 千 in 千瓦 and 百 in 百分点 belong to the unit. In 四亿零七百多万
/// the 多 is passed over.
pub(crate) fn number(text: &str) -> Option<Number> {
    let mut reading = Reading { scale: Some(1), ..Reading::default() };
    let mut at = 0;
    let mut is_about = false;
    while let Some(c) = text[at..].chars().next() {
        let rest = &text[at + c.len_utf8()..];
        match numeral(c) {
            // 2000多万5个 is two numbers
            numeral if is_about && !matches!(numeral, Some(Numeral::Large(_))) => break,
            _ if c.is_ascii_digit() => {
                if reading.digits.is_some() {
                    break;
                }
                let (value, len) = decimal(&text[at..])?;
                (reading.digits, reading.in_characters) = (Some(value), false);
                reading.parts += 1;
                at += len;
                continue;
            }
            Some(Numeral::Digit(_)) if reading.digits.is_some() && !reading.in_characters => break,
            Some(Numeral::Digit(digit)) => reading.digit(digit)?,
            Some(Numeral::Small(times)) => {
                if is_of_unit(times, rest) || !reading.small(times, at == 0)? {
                    break;
                }
            }
            Some(Numeral::Large(times)) if at > 0 => reading.large(times)?,
            None if c == '点' && reading.in_characters => {
                let Some((fraction, len)) = fraction(rest) else { break };
                reading.digits = Some(reading.digits.unwrap_or(0).checked_add(fraction)?);
                (reading.in_characters, reading.places) = (false, 0);
                // 三十点五亿 is one decimal number before 亿
                reading.scale = Some(1).filter(|_| reading.total == 0);
                at += len;
            }
            None if at > 0 && ABOUT.contains(&c) && rest.starts_with(['万', '亿']) => is_about = true,
            _ => break,
        }
        at += c.len_utf8();
    }
    let scale = reading.scale.filter(|_| reading.parts == 1);
    let value = reading.value()?;
    (at > 0).then_some(Number { value: Decimal(value), len: at, scale })
}

/// Whether 千 or 百 before `rest` belongs to the unit.
fn is_of_unit(times: i128, rest: &str) -> bool {
    times == 1_000 && rest.starts_with(['瓦', '克', '米', '卡', '伏', '帕', '焦'])
        || times == 100 && rest.starts_with('分')
}

/// What the digits behind 点 that `text` begins with are, in millionths; and how many bytes that are. `None` without digits, and
/// for the minutes of 八点三十分.
fn fraction(text: &str) -> Option<(i128, usize)> {
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
fn decimal(text: &str) -> Option<(i128, usize)> {
    let digits = |text: &str| text.bytes().take_while(u8::is_ascii_digit).count();
    let whole = digits(text);
    let fraction = if text[whole..].starts_with('.') { digits(&text[whole + 1..]) } else { 0 };
    let value = text[..whole].parse::<i128>().ok()?.checked_mul(ONE)?;
    if fraction == 0 {
        return Some((value, whole));
    }
    let kept = &text[whole + 1..][..fraction.min(PLACES)];
    let parts = kept.parse::<i128>().ok()? * 10i128.pow((PLACES - kept.len()) as u32);
    Some((value.checked_add(parts)?, whole + 1 + fraction))
}

/// The whole number that all of `text`, folded, is: 21, 二十一, 二〇二五. `None` if it is anything else, or past 4,294,967,295.
pub(crate) fn whole(text: &str) -> Option<u32> {
    let number = number(text).filter(|number| number.len == text.len() && number.value.0 % ONE == 0)?;
    u32::try_from(number.value.whole()).ok()
}

/// The digits as they are written out.
const DIGITS: [&str; 10] = ["零", "一", "二", "三", "四", "五", "六", "七", "八", "九"];

/// A number from 1 to 9,999 as it is said: 3 is 三, 17 十七, 305 三百零五.
pub(crate) fn said(number: usize) -> String {
    let mut text = String::new();
    for (place, unit) in [(1000, "千"), (100, "百"), (10, "十"), (1, "")] {
        match number / place % 10 {
            0 if !number.is_multiple_of(place) && number / place > 0 && !text.ends_with('零') => text.push('零'),
            0 => {}
            digit => text.extend([DIGITS[digit], unit]),
        }
    }
    match text.strip_prefix("一十") {
        Some(rest) => format!("十{rest}"),
        None => text,
    }
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
            ("四亿零七百多万吨", "407000000", "吨"),
            ("3亿5000多万元", "350000000", "元"),
            ("两千来万元", "20000000", "元"),
            ("一百多万五个", "1000000", "五个"),
            ("三十多个", "30", "多个"),
            ("四百十二万吨", "4120000", "吨"),
            ("二千十七", "2017", ""),
            ("三万十", "30000", "十"),
            ("六万万人", "600000000", "人"),
            ("六万万五千万人", "650000000", "人"),
            ("两万亿元", "2000000000000", "元"),
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

    proptest! {
        #[test]
        fn what_is_written_out_is_read_back(high in 0..10_000usize, low in 0..10_000usize, decimals in prop::collection::vec(0..10usize, 0..=PLACES), large in 0..3usize) {
            // 十七 by itself, 三万零一十七
            let within = |number| if (10..20).contains(&number) { format!("一{}", said(number)) } else { said(number) };
            let joint = if high > 0 && (1..1000).contains(&low) { "零" } else { "" };
            let whole = match (high, low) {
                (0, 0) => "零".to_string(),
                (0, low) => within(low),
                (high, low) => format!("{}万{joint}{}", within(high), within(low)),
            };
            prop_assert!(high == 0 || super::whole(&said(high)) == Some(high as u32), "{}", said(high));
            let fraction: String = decimals.iter().map(|&digit| DIGITS[digit]).collect();
            // 三万零五万亿 is not said
            let large = if high > 0 { large % 2 } else { large };
            let (unit, times) = [("", 1), ("亿", 100_000_000), ("万亿", 1_000_000_000_000)][large];
            let point = if fraction.is_empty() { "" } else { "点" };
            let text = format!("{whole}{point}{fraction}{unit}元");
            let millionths = decimals.iter().fold((0, ONE), |(sum, step), &digit| (sum + digit as i128 * step / 10, step / 10)).0;
            let value = ((high * 10_000 + low) as i128 * ONE + millionths) * times;
            let number = number(&text).unwrap();
            prop_assert_eq!((number.value.0, &text[number.len..]), (value, "元"), "{}", text);
        }
    }
}
