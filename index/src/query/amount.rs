//! Amounts: numbers with what they count, as they stand in folded text. `1.5亿元`, `一亿五千万元` and `15,000万元` are one
//! amount. A query asks for an interval of them ([`Amounts`]); whether a passage holds one is read off its text.

use std::fmt;
use std::ops::Range;

use crate::error::{Error, Kind};
use crate::fold::fold;
use crate::fold::folded::Folded;
use crate::numerals::{Decimal, Numeral, number, numeral, ratio};

/// What numbers count in reports; a longer unit before those that it begins with.
pub(crate) const UNITS: &str = "个百分点 百分点 % ‰ 吨标准煤 吨标煤 标准煤 美元 欧元 港元 元 公斤 千克 \
    吨 斤 平方公里 平方米 立方米 公里 千瓦时 千瓦 亩 公顷 人次 人 户次 户 \
    套 个 家 项 辆次 辆 台 头 只 羽 株 岁 张 所 座 件 条 处 次 名 对 倍 天 艘 \
    宗 场 篇 标箱";

/// An interval of amounts, as a query asks for it: `100万元..500万元`, `5%`, `..3个`, `2000..`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Amounts {
    /// Both ends belong to it; `None` is open.
    from: Option<Decimal>,
    to: Option<Decimal>,
    /// Folded; empty if any will do.
    unit: String,
    /// As it was asked for, folded.
    text: String,
}

impl fmt::Display for Amounts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

impl std::str::FromStr for Amounts {
    type Err = Error;

    /// Reads one amount, or two with `..` between them of which one may be missing. A unit that only one side names, and
    /// 万 or 亿 where only the second has them, hold for both, as in speech. Fails on what begins with no number, two
    /// units, and an interval that holds nothing.
    fn from_str(text: &str) -> Result<Self, Error> {
        let wrong = |why: &str| {
            let hint = "an amount is 5%, 300万元 or 12个, an interval 100万元..500万元, 100万元.. or ..3个";
            Error::new(Kind::Query, format!("`{text}` is no amount: {why}")).with_hint(hint)
        };
        // twice, since a separator joins its digits when what stood between them is gone, and it is to print back to itself
        let folded = fold(&fold(text).text).text;
        let (from, to) = match folded.split_once("..") {
            Some((from, to)) => (Some(from).filter(|from| !from.is_empty()), Some(to).filter(|to| !to.is_empty())),
            None => (Some(folded.as_str()), Some(folded.as_str())),
        };
        let read = |side: &str| {
            let amount = amount(side, 0).ok_or_else(|| match side.starts_with(|c: char| c.is_ascii_digit()) {
                true if number(side).is_none() => wrong("its number is too large"),
                _ => wrong("it begins with no number"),
            })?;
            let unit = match amount.sign {
                Some(sign) => sign.to_string(),
                None => side[amount.end..].to_string(),
            };
            Ok::<_, Error>((amount, unit))
        };
        let (mut from, mut to) = (from.map(read).transpose()?, to.map(read).transpose()?);
        if let (Some((first, own)), Some((second, unit))) = (&mut from, &mut to) {
            if own.is_empty() {
                first.scale_as(second);
                own.clone_from(unit);
            } else if unit.is_empty() {
                unit.clone_from(own);
            }
            if own != unit {
                return Err(wrong(&format!("{own} and {unit} are two units")));
            }
        }
        let Some(unit) = from.as_ref().or(to.as_ref()).map(|(_, unit)| unit.clone()) else {
            return Err(wrong("it begins with no number"));
        };
        let [from, to] = [from, to].map(|side| side.map(|(amount, _)| amount.value));
        match (from, to) {
            (Some(from), Some(to)) if from > to => Err(wrong("it ends below its beginning")),
            _ => Ok(Amounts { from, to, unit, text: folded }),
        }
    }
}

impl Amounts {
    /// The ranges of folded text, in bytes, that hold such an amount, ascending; with the unit where it stands right behind.
    pub(crate) fn find<'a>(&'a self, folded: &'a Folded) -> impl Iterator<Item = Range<usize>> + 'a {
        let dropped = folded.edits().iter().filter(|edit| edit.len == 0 && edit.source == '、');
        let commas: Vec<usize> = dropped.map(|comma| comma.at as usize).collect();
        let folded = folded.text.as_str();
        let amounts = amounts_in(folded, &commas);
        amounts.into_iter().filter(|amount| self.holds(amount, folded)).map(|amount| {
            let has_unit = amount.unit_at == amount.end && folded[amount.end..].starts_with(&self.unit);
            amount.start..amount.end + if has_unit { self.unit.len() } else { 0 }
        })
    }

    fn holds(&self, amount: &Amount, folded: &str) -> bool {
        let is_within =
            self.from.is_none_or(|from| amount.value >= from) && self.to.is_none_or(|to| amount.value <= to);
        is_within
            && match (self.unit.as_str(), amount.sign) {
                // 一村一品 tells no amounts: a number in characters is one where it counts what is asked for
                ("", _) => folded[amount.start..].starts_with(|c: char| c.is_ascii_digit()),
                (unit, Some(sign)) => unit == sign,
                (unit, None) => counts(&folded[amount.unit_at..], unit),
            }
    }

    /// Text that every passage holds which holds such an amount, in one form or the other; nothing if there is none.
    pub fn traces(&self) -> impl Iterator<Item = &str> {
        let spelled = SIGNS.iter().filter(|(_, sign)| *sign == self.unit).map(|(spelled, _)| *spelled);
        let unit = self.unit.strip_prefix('个').filter(|unit| *unit == POINT).unwrap_or(&self.unit);
        Some(unit).filter(|unit| !unit.is_empty()).into_iter().chain(spelled)
    }
}

/// Percentage points, which are said with 个 and without.
const POINT: &str = "百分点";

/// Whether a number before `rest` counts `unit`: 100人 is not in 100人次. 余 and 多 may stand between.
fn counts(rest: &str, unit: &str) -> bool {
    let point = |unit: &str| unit == POINT || unit.strip_prefix('个') == Some(POINT);
    let is_unit = |rest: &str| {
        let known = UNITS.split(' ').find(|known| rest.starts_with(known));
        known.is_some_and(|known| point(known) && point(unit))
            || rest.starts_with(unit) && known.is_none_or(|known| known.len() <= unit.len())
    };
    is_unit(rest) || ABOUT.iter().any(|word| rest.strip_prefix(*word).is_some_and(is_unit))
}

/// What may stand between a number and its unit.
const ABOUT: [&str; 2] = ["余", "多"];

/// What else makes a number behind 百分之三十到 no percentage: times and ordinals, which nobody asks amounts of.
const OTHER_MEASURES: [&str; 10] = ["年", "月", "日", "号", "时", "周", "季度", "世纪", "位", "届"];

/// Whether a number before `rest` counts something.
fn is_measured(rest: &str) -> bool {
    let rest = ABOUT.iter().find_map(|word| rest.strip_prefix(*word)).unwrap_or(rest);
    UNITS.split(' ').chain(OTHER_MEASURES).any(|unit| rest.starts_with(unit))
}

/// How signs are said, which stand before the number then.
const SIGNS: [(&str, &str); 2] = [("百分之", "%"), ("千分之", "‰")];

/// What joins the ends of an interval: 100-200万元.
const JOINTS: [char; 7] = ['-', '—', '–', '―', '~', '至', '到'];

/// A number in folded text.
struct Amount {
    value: Decimal,
    /// Where the number begins and ends, in bytes.
    start: usize,
    end: usize,
    /// Where its unit stands; behind the other end of an interval if it is named only there.
    unit_at: usize,
    /// The sign that was said before it: 百分之五.
    sign: Option<&'static str>,
    /// What 万 and 亿 multiply it by, if it is one number in digits.
    scale: Option<u128>,
}

impl Amount {
    /// In 100-200万元 the first is 100万.
    fn scale_as(&mut self, other: &Amount) {
        if let (Some(1), Some(scale)) = (self.scale, other.scale)
            && let Some(value) = self.value.times(scale)
        {
            (self.value, self.scale) = (value, other.scale);
        }
    }
}

/// All amounts of folded text, ascending, given where a `、` was dropped from it: no number reaches over that.
fn amounts_in(text: &str, commas: &[usize]) -> Vec<Amount> {
    let mut amounts: Vec<Amount> = Vec::new();
    let mut at = 0;
    while let Some(next) = text[at..].find(|c: char| c.is_ascii_digit() || numeral(c).is_some()) {
        at += next;
        let comma = commas.get(commas.partition_point(|&comma| comma <= at)).copied();
        match amount(&text[..comma.unwrap_or(text.len())], at) {
            Some(amount) => {
                at = amount.end;
                amounts.push(amount);
            }
            None => at += run(&text[at..]),
        }
    }
    // of several the last names what all count: 3亿、2亿元
    for second in (1..amounts.len()).rev() {
        let [first, second] = &mut amounts[second - 1..=second] else { continue };
        let between = &text[first.end..second.start];
        let is_listed = between.is_empty() && commas.binary_search(&second.start).is_ok();
        let in_digits = |amount: &Amount| text.as_bytes()[amount.start].is_ascii_digit();
        match is_listed {
            // 一、2024年 is the number of a heading; what is said of the first, 百分之五、三万人, is not of the next
            true if first.sign.is_some() || in_digits(first) != in_digits(second) => continue,
            false if between.is_empty() || !between.chars().all(|c| JOINTS.contains(&c)) => continue,
            _ => {}
        }
        match first.sign {
            // 百分之五到六; in 百分之三十到2024年 and 百分之五到千分之六 the second says itself what it is
            Some(_) if second.sign.is_some() || is_measured(&text[second.unit_at..]) => {}
            Some(sign) => second.sign = Some(sign),
            None => {
                (first.unit_at, first.sign) = (second.unit_at, second.sign);
                first.scale_as(second);
            }
        }
    }
    amounts
}

/// Bytes of the digits or numerals that `text` begins with, whatever they are; at least one character's.
fn run(text: &str) -> usize {
    let is_number = |c: char| c.is_ascii_digit() || matches!(c, '.' | '+') || numeral(c).is_some();
    let first = text.chars().next().map_or(0, char::len_utf8);
    text.find(|c| !is_number(c)).unwrap_or(text.len()).max(first)
}

/// The amount that begins at `at`; `None` if what stands there is a piece of something else: 第三, G15, 1+2+5, 三分之一.
fn amount(text: &str, at: usize) -> Option<Amount> {
    let before = text[..at].chars().next_back();
    if before.is_some_and(|c| c.is_ascii_alphanumeric() || matches!(c, '第' | '几' | '数')) {
        return None;
    }
    let signed =
        SIGNS.iter().find_map(|(spelled, sign)| Some((spelled.len(), *sign, text[at..].strip_prefix(spelled)?)));
    let (skipped, sign, rest) = match signed {
        Some((skipped, sign, rest)) => (skipped, Some(sign), rest),
        None => (0, None, &text[at..]),
    };
    let number = if sign.is_some() { ratio(rest) } else { number(rest) }?;
    let behind = &rest[number.len..];
    let goes_on = behind.starts_with(['.', '+']) && behind[1..].starts_with(|c: char| c.is_ascii_digit());
    if goes_on || behind.starts_with("分之") || behind.starts_with('几') {
        return None;
    }
    let mut end = at + skipped + number.len;
    let (mut value, mut scale) = (number.value, number.scale);
    // 一百五十余万
    let mut about = ABOUT.iter().find_map(|word| behind.strip_prefix(*word)).unwrap_or_default().chars();
    while let Some(Numeral::Large(times)) = about.next().and_then(numeral) {
        value = value.times(times)?;
        scale = None;
        end = text.len() - about.as_str().len();
    }
    Some(Amount { value, start: at, end, unit_at: end, sign, scale })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(amounts: &str, text: &str) -> Vec<String> {
        let folded = fold(text);
        amounts.parse::<Amounts>().unwrap().find(&folded).map(|range| folded.text[range].to_string()).collect()
    }

    #[test]
    fn a_list_of_amounts_is_not_one_number() {
        for (amounts, text, expected) in [
            ("3亿元", "投入3亿、2亿元", vec!["3亿"]),
            ("2亿元", "投入3亿、2亿元", vec!["2亿元"]),
            ("1000000亿元..", "投入3亿、2亿元", vec![]),
            ("1.28万亿元", "分别为1.28万亿、1.18万亿、8200亿元", vec!["1.28万亿"]),
            ("8200亿元", "分别为1.28万亿、1.18万亿、8200亿元", vec!["8200亿元"]),
            ("1000万人..", "1409万、1305万人次", vec![]),
            ("1409万人次", "1409万、1305万人次", vec!["1409万"]),
            ("3万亩", "新增三、五万亩", vec!["三"]),
            ("35万亩", "新增三、五万亩", vec![]),
            ("7000套", "建成3千、4千套", vec![]),
            ("1年", "一、2024年工作回顾", vec![]),
            ("3%", "百分之五、3万人", vec![]),
            ("5%", "百分之五、3万人", vec!["百分之五"]),
            ("6%", "增长百分之五到六，", vec!["六"]),
            ("6%", "增长百分之五至六左右", vec!["六"]),
            ("31%..", "由百分之三十到2024年的百分之四十", vec!["百分之四十"]),
            ("..20%", "百分之三十至十二月的百分之四十", vec![]),
            ("60%..", "百分之五到六十余岁", vec![]),
            ("6%", "百分之五到千分之六", vec![]),
        ] {
            assert_eq!(found(amounts, text), expected, "{amounts} in {text}");
        }
    }

    #[test]
    fn an_interval_holds_what_lies_in_it_and_counts_the_same() {
        let text = "投入１，２００万元，增长5%—6.5%，引进100-200万元项目三个、服务100人次，百分之五，下降0.2个百分点，补助一百五十余万元";
        for (amounts, expected) in [
            ("1200万元", vec!["1200万元"]),
            ("100万元..500万元", vec!["100", "200万元", "一百五十余万元"]),
            ("100..200万元", vec!["100", "200万元", "一百五十余万元"]),
            ("一千万元..", vec!["1200万元"]),
            ("..5%", vec!["5%", "百分之五"]),
            ("5%..7%", vec!["5%", "6.5%", "百分之五"]),
            ("百分之五..百分之七", vec!["5%", "6.5%", "百分之五"]),
            ("100人", vec![]),
            ("100人次", vec!["100人次"]),
            ("3个", vec!["三个"]),
            ("0.2百分点", vec!["0.2"]),
            ("6..7", vec!["6.5"]),
        ] {
            assert_eq!(found(amounts, text), expected, "{amounts}");
        }
    }

    #[test]
    fn pieces_of_other_things_are_no_amounts() {
        for text in ["第三个", "G15号", "PM2.5", "1+2+5", "三分之一", "十几个", "几十个", "1.2.3"] {
            assert_eq!(found("0..", text), Vec::<String>::new(), "{text}");
            assert_eq!(found("0..99个", text), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn what_is_no_interval_is_refused() {
        for (text, why) in [
            ("许多", "no number"),
            ("..", "no number"),
            ("5%..6元", "two units"),
            ("6%..5%", "below"),
            ("", "no number"),
            ("9999999999999999999999999999999999999999", "too large"),
            ("1亿元..9999999999999999999999999999999999999999元", "too large"),
        ] {
            let error = text.parse::<Amounts>().unwrap_err();
            assert!(error.to_string().contains(why), "{text}: {error}");
        }
    }
}
