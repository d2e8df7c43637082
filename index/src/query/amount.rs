//! Amounts: numbers with what they count, as they stand in folded text. `1.5亿元`, `一亿五千万元` and `15,000万元` are one
//! amount. A query asks for an interval of them ([`Amounts`]); whether a passage holds one is read off its text.

use std::fmt;
use std::ops::Range;

use crate::error::{Error, Kind};
use crate::fold::folded::Folded;
use crate::fold::{BOUNDARY, fold};
use crate::numerals::{ABOUT, Decimal, Numeral, number, numeral, ratio};

/// What numbers count in reports; a longer unit before those that it begins with.
pub(crate) const UNITS: &str = "个百分点 百分点 % ‰ 吨标准煤 吨标煤 标准煤 美元 欧元 港元 元 公斤 千克 \
    吨 斤 平方公里 平方米 立方米 公里 千瓦时 千瓦 亩 公顷 人次 人 户次 户 \
    套 个 家 项 辆次 辆 台 头 只 羽 株 岁 张 所 座 件 条 处 次 名 对 倍 天 艘 \
    宗 场 篇 标箱";

/// An interval of amounts, as a query asks for it: `100万元..500万元`, `5%`, `..3个`, `-5%..0%`. `2000..`, without a unit, is any
/// number in digits, and one in characters that has 百, 千, 万 or 亿: 二十大 and 十分 tell no amounts.
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
            let positive = side.strip_prefix(MINUS).or_else(|| side.strip_prefix(NEGATIVE));
            let is_negative = positive.is_some();
            let side = positive.unwrap_or(side);
            let mut amount = amount(side, 0).ok_or_else(|| match side.starts_with(|c: char| c.is_ascii_digit()) {
                true if number(side).is_none() => wrong("its number is too large"),
                _ => wrong("it begins with no number"),
            })?;
            if is_negative {
                amount.negate();
            }
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
        let (from, to) = (from.map(|(amount, _)| amount.low), to.map(|(amount, _)| amount.high));
        match (from, to) {
            (Some(from), Some(to)) if from > to => Err(wrong("it ends below its beginning")),
            _ => Ok(Amounts { from, to, unit, text: folded }),
        }
    }
}

impl Amounts {
    /// The ranges of folded text, in bytes, that hold such an amount, ascending; with the unit where it stands right behind.
    pub(crate) fn find<'a>(&'a self, folded: &'a Folded) -> impl Iterator<Item = Range<usize>> + 'a {
        let commas = commas(folded);
        let folded = folded.text.as_str();
        let amounts = amounts_in(folded, &commas);
        amounts.into_iter().filter(|amount| self.holds(amount, folded)).map(|amount| {
            let has_unit = amount.unit_at == amount.end && folded[amount.end..].starts_with(&self.unit);
            amount.start - amount.minus..amount.end + if has_unit { self.unit.len() } else { 0 }
        })
    }

    fn holds(&self, amount: &Amount, folded: &str) -> bool {
        let is_within = self.from.is_none_or(|from| amount.high >= from) && self.to.is_none_or(|to| amount.low <= to);
        let number = &folded[amount.start..amount.end];
        is_within
            && match (self.unit.as_str(), amount.sign) {
                // 一村一品 and 二十大 tell no amounts: a small number in characters is one where it counts what is asked for
                ("", _) => {
                    number.starts_with(|c: char| c.is_ascii_digit()) || number.contains(['百', '千', '万', '亿'])
                }
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
const POINTS: &str = "个百分点";

/// Whether a number before `rest` counts `unit`: 100人 is not in 100人次. 余, 多 and 来 may stand between.
fn counts(rest: &str, unit: &str) -> bool {
    let point = |unit: &str| unit == POINT || unit.strip_prefix('个') == Some(POINT);
    let is_unit = |rest: &str| {
        let known = UNITS.split(' ').find(|known| rest.starts_with(known));
        known.is_some_and(|known| point(known) && point(unit))
            || rest.starts_with(unit) && known.is_none_or(|known| known.len() <= unit.len())
    };
    is_unit(rest) || rest.strip_prefix(ABOUT).is_some_and(is_unit)
}

/// What else makes a number behind 百分之三十到 no percentage: times and ordinals, which nobody asks amounts of.
const OTHER_MEASURES: [&str; 10] = ["年", "月", "日", "号", "时", "周", "季度", "世纪", "位", "届"];

/// Whether a number before `rest` counts something.
fn is_measured(rest: &str) -> bool {
    let rest = rest.strip_prefix(ABOUT).unwrap_or(rest);
    UNITS.split(' ').chain(OTHER_MEASURES).any(|unit| rest.starts_with(unit))
}

/// How signs are said, which stand before the number then.
const SIGNS: [(&str, &str); 2] = [("百分之", "%"), ("千分之", "‰")];

/// What joins the ends of an interval: 100-200万元.
const JOINTS: [char; 7] = ['-', '—', '–', '―', '~', '至', '到'];

/// What makes a number negative: -5%, 负5%.
const MINUS: [char; 2] = ['-', '−'];
const NEGATIVE: char = '负';

/// A number in folded text.
struct Amount {
    /// The same, unless it is about 七八个.
    low: Decimal,
    high: Decimal,
    /// Where the number begins and ends, in bytes.
    start: usize,
    end: usize,
    /// Bytes of what makes it negative, right before it.
    minus: usize,
    /// Where its unit stands; behind the other end of an interval if it is named only there.
    unit_at: usize,
    /// The sign that was said before it: 百分之五.
    sign: Option<&'static str>,
    /// What 万 and 亿 multiply it by, if it is one number in digits.
    scale: Option<i128>,
}

impl Amount {
    /// In 100-200万元 the first is 100万.
    fn scale_as(&mut self, other: &Amount) {
        if let (Some(1), Some(scale)) = (self.scale, other.scale)
            && let (Some(low), Some(high)) = (self.low.times(scale), self.high.times(scale))
        {
            (self.low, self.high, self.scale) = (low, high, other.scale);
        }
    }

    fn negate(&mut self) {
        (self.low, self.high) = (self.high.negated(), self.low.negated());
    }
}

/// Where folded text goes on behind a `、`, ascending: it is dropped, but between digits, where other marks leave one too.
fn commas(folded: &Folded) -> Vec<usize> {
    let edits = folded.edits();
    let dropped = edits.iter().filter(|edit| edit.len == 0 && edit.source == BOUNDARY).map(|edit| edit.at as usize);
    let is_other = |at: usize| {
        let here = edits[edits.partition_point(|edit| (edit.at as usize) < at)..].iter();
        here.take_while(|edit| edit.at as usize == at).any(|edit| edit.len > 0)
    };
    let kept = folded.text.match_indices(BOUNDARY).filter(|(at, _)| !is_other(*at)).map(|(at, comma)| at + comma.len());
    let mut commas: Vec<usize> = dropped.chain(kept).collect();
    commas.sort_unstable();
    commas
}

/// All amounts of folded text, ascending, given its [`commas`]: no number reaches over them.
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
        // 5.5个、6.2个百分点
        let are_points = text[second.unit_at..].starts_with(POINTS);
        let between = between.strip_prefix('个').filter(|_| are_points).unwrap_or(between);
        let is_listed = matches!(between, "" | "、") && commas.binary_search(&second.start).is_ok();
        let in_digits = |amount: &Amount| text.as_bytes()[amount.start].is_ascii_digit();
        // 5.5和6.2个百分点, but not 统一和3项
        let is_and = matches!(between, "和" | "与" | "及")
            && in_digits(first)
            && in_digits(second)
            && is_measured(&text[second.unit_at..]);
        // 1、300万元用于修路；2、5个项目
        let is_heading = |amount: &Amount| {
            let before = text[..amount.start].chars().next_back();
            amount.scale == Some(1) && !before.is_some_and(|c| c.is_alphabetic() || c == BOUNDARY)
        };
        match is_listed {
            // 一、2024年 is the number of a heading; what is said of the first, 百分之五、三万人, is not of the next
            true if first.sign.is_some() || is_heading(first) || in_digits(first) != in_digits(second) => continue,
            false if is_and => {}
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

/// The amount that begins at `at`; `None` if what stands there is a piece of something else: 第三, 数十, G15, 1+2+5, 三分之一, 十四五.
fn amount(text: &str, at: usize) -> Option<Amount> {
    let before = &text[..at];
    let digit_or_ordinal = |c: char| c.is_ascii_digit() || c == '第';
    // in 人数45万人 and 总数三百 what stands before the number names it
    let is_vague = before.ends_with(['几', '数']) && text[at..].starts_with(['十', '百', '千', '万', '亿']);
    if before.ends_with(digit_or_ordinal) || is_vague || before.ends_with("分之") {
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
    let end = at + skipped + number.len;
    let (low, high) = ends(&rest[..number.len], number.value)?;
    let is_ratio = sign.is_some() || RATIOS.iter().any(|unit| text[end..].starts_with(unit));
    let is_money = MONEY.iter().any(|unit| text[end..].starts_with(unit));
    // PMI50.1% and GDP5000亿元, but G15号 and A4纸
    let is_code = before.ends_with(|c: char| c.is_ascii_alphabetic());
    if is_code && !is_ratio && !is_money && !text[at..end].contains(['万', '亿']) {
        return None;
    }
    let minus = minus(before, is_ratio);
    let mut amount = Amount { low, high, start: at, end, minus, unit_at: end, sign, scale: number.scale };
    if minus > 0 {
        amount.negate();
    }
    Some(amount)
}

/// Units of ratios, which can be negative and stand right behind a name in letters; and those of money, which can do the latter.
const RATIOS: [&str; 4] = ["%", "‰", POINTS, POINT];
const MONEY: [&str; 4] = ["元", "美元", "欧元", "港元"];

/// Bytes of what makes the number behind `before` negative: a minus behind a word, as in 增长-2.5%, but not in 5%-6%, 1月-3月 or
/// 100元-200元; and 负 of a ratio, but not in 减负, 税负 or 正负.
fn minus(before: &str, is_ratio: bool) -> usize {
    let is_han = |c: char| c.is_alphabetic() && !c.is_ascii() && numeral(c).is_none();
    let is_number = |c: char| c.is_ascii_digit() || numeral(c).is_some();
    if let Some(word) = before.strip_suffix(MINUS).filter(|word| word.ends_with(is_han)) {
        let counts = |unit: &str| {
            let number = word.strip_suffix(unit).map(|number| number.trim_end_matches(ABOUT));
            number.is_some_and(|number| number.ends_with(is_number))
        };
        let is_joint = UNITS.split(' ').chain(OTHER_MEASURES).any(counts);
        return if is_joint { 0 } else { before.len() - word.len() };
    }
    let word = before.strip_suffix(NEGATIVE).filter(|word| is_ratio && !word.ends_with(['减', '税', '正']));
    word.map_or(0, |_| NEGATIVE.len_utf8())
}

/// The ends of what the number `text`, of this value, may be: of 七八 7 and 8, of 十七八万 170,000 and 180,000, of most the value itself.
/// `None` if its digits stand as in no number: 十四五, 十五五.
fn ends(text: &str, value: Decimal) -> Option<(Decimal, Decimal)> {
    let digit = |c: char| match numeral(c) {
        Some(Numeral::Digit(digit)) => Some(digit),
        _ => None,
    };
    let whole = text.split('点').next().unwrap_or_default();
    for run in whole.split(|c| digit(c).is_none()) {
        // 一百零七八
        let run = run.trim_start_matches(['零', '〇']);
        let at = run.as_ptr() as usize - text.as_ptr() as usize;
        let mut chars = run.chars();
        let (Some(one), Some(two), None) = (chars.next(), chars.next(), chars.next()) else { continue };
        let (Some(first), Some(last)) = (digit(one), digit(two)) else { continue };
        let is_vague = first > 0 && last == first + 1 || (first, last) == (3, 5);
        let is_within = text[..at].ends_with(['十', '百', '千']);
        if &text[..at] == "十" && last == 5 || is_within && !is_vague {
            return None;
        }
        if is_vague {
            let [low, high] = [one, two].map(|digit| {
                let said = [&text[..at], &digit.to_string(), &text[at + run.len()..]].concat();
                number(&said).filter(|number| number.len == said.len()).map(|number| number.value)
            });
            return Some((low?, high?));
        }
    }
    Some((value, value))
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
            ("5个", "新建学校5、6个", vec!["5"]),
            ("6个", "新建学校5、6个", vec!["6个"]),
            ("3万亩", "新增3、5、6万亩", vec!["3"]),
            ("5个", "见表5“6个”", vec![]),
            ("1万元", "1、300万元用于修路；2、5万元", vec![]),
            ("5.5个百分点", "分别提高5.5和6.2个百分点", vec!["5.5"]),
            ("5.5个百分点", "增长5.5个、6.2个百分点", vec!["5.5"]),
            ("5.5个", "增长5.5个、6.2个百分点", vec![]),
            ("1项", "统一和3项", vec![]),
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
            ("100..199", vec!["100"]),
            ("5", vec!["5", "百分之五"]),
            ("一百五十万..", vec!["1200万", "200万", "一百五十余万"]),
        ] {
            assert_eq!(found(amounts, text), expected, "{amounts}");
        }
    }

    #[test]
    fn pieces_of_other_things_are_no_amounts() {
        for text in [
            "第三个", "G15号", "A4个", "PM2.5", "1+2+5", "三分之一", "三分之二个", "十几个", "几十个", "数百个",
            "1.2.3", "十四五个", "十五五个", "一村一品", "二十大", "十分",
        ] {
            assert_eq!(found("0..", text), Vec::<String>::new(), "{text}");
            assert_eq!(found("0..99个", text), Vec::<String>::new(), "{text}");
        }
    }

    #[test]
    fn what_stands_before_a_number_is_no_part_of_it() {
        for (amounts, text, expected) in [
            ("45万人", "城镇新增就业人数45万人", vec!["45万人"]),
            ("300户", "总数三百户", vec!["三百户"]),
            ("50.1%", "制造业PMI50.1%", vec!["50.1%"]),
            ("5000亿元", "GDP5000亿元", vec!["5000亿元"]),
            ("2%..3%", "增长-2.5%，负2.5%，由-3%到-2%", vec![]),
            ("-3%..-2%", "增长-2.5%，为负2.5%，由-3%到−2%", vec!["-2.5%", "负2.5%", "-3%", "−2%"]),
            ("-5%..5%", "减负5%，1%-2%", vec!["5%", "1%", "2%"]),
            ("负3..-2个百分点", "同比-2个百分点", vec!["-2个百分点"]),
            ("200元", "100元-200元，一百多元-200元", vec!["200元", "200元"]),
        ] {
            assert_eq!(found(amounts, text), expected, "{amounts} in {text}");
        }
    }

    #[test]
    fn two_digits_in_characters_that_count_up_are_about_as_much() {
        for (amounts, text, expected) in [
            ("23年", "两三年", vec![]),
            ("2年", "两三年", vec!["两三年"]),
            ("3年", "两三年", vec!["两三年"]),
            ("两三年", "2年，三年，4年", vec!["2年", "三年"]),
            ("78个", "七八个", vec![]),
            ("17..18岁", "十七八岁", vec!["十七八岁"]),
            ("40万元", "三四十万元，三十五万元", vec!["三四十万元"]),
            ("108户", "一百零七八户", vec!["一百零七八户"]),
            ("1978年", "一九七八年", vec!["一九七八年"]),
            ("3.12倍", "三点一二倍", vec!["三点一二倍"]),
            ("六亿", "有六亿人，达6亿", vec!["六亿", "6亿"]),
        ] {
            assert_eq!(found(amounts, text), expected, "{amounts} in {text}");
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
