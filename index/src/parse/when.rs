//! Reads which year a clause speaks of: a year in digits or Han numerals, 今年 and 去年, 十五五 and its like, 今后五年. Years are
//! counted from that of the report.

use std::ops::{Range, RangeInclusive};
use std::sync::LazyLock;

use crate::numerals::{Numeral, numeral, whole};
use crate::patterns::{Pattern, patterns};

/// A year, or a span of years.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) struct When {
    /// The first year of a span.
    pub from: Option<u16>,
    /// The year, or the last one of a span.
    pub year: u16,
}

impl When {
    pub fn year(year: u16) -> When {
        When { from: None, year }
    }

    fn span(from: u16, year: u16) -> When {
        When { from: Some(from), year }
    }
}

/// How many years a span has.
const COUNT: &str = "[二两三四五六七八九十百]+|[0-9]{1,3}";

/// Reports speak of their own years in spans of so many: 过去三年, 今后五年. 四十年来 is history.
const SPANS: RangeInclusive<u16> = 2..=10;

/// A mention of a year or span.
static MENTIONED: LazyLock<String> = LazyLock::new(|| {
    format!(
        "(?P<skip>[比较从自以由与同是]|相较)?(?:(?P<first>(?:19|20)[0-9]{{2}})年?[-—–至到]+(?P<last>(?:19|20)[0-9]{{2}})年|(?P<year>(?:19|20)[0-9]{{2}}|(?:一九|二[〇零○0o])[一二三四五六七八九〇零○0o]{{2}})年\
         |(?P<plan>十[一二三四五六七八九]五|(?:十|[六七八九])五(?:时期|期间|规划|计划|末))|(?P<ahead>(?:今后|未来)(?:{COUNT})年)\
         |(?P<behind>(?:过去的?|这)(?:{COUNT})年|(?:{COUNT})年(?:来|间|累计)|^(?:{COUNT})年$)|(?P<this>今年)|(?P<past>去年|上年|过去的?一年|一年来)|(?P<next>明年))"
    )
});

patterns! {
    MENTION = &MENTIONED;
    LEADS = &format!("^(?:{})(?:(?:时期|期间|规划期)内?|[末底里中内])?的?", *MENTIONED);
    OPENS = "^(?:规划)?的?(?:第一年|开局|开好局|开好头|良好开局|首年|(?:圆满|胜利|顺利|完美|高质量)?(?:收官|完成)|起步|启动)";
    // what may stand before a year that opens a clause.
    LEADING = "^(?:[—―-]+|[一二三四五六七八九十]+[是要]|到|至|在|截至|力争|确保|预计|预期|展望|进入|(?:刚刚|即将)?过去的?|其中|对于|关于|[全我](?:国|省|市|区|县|旗|镇|乡|州|盟))*$";
}

/// The last year or span that `text`, folded, names. `report` is the year of the report. A year that only is compared with (比2020年) is none.
pub(crate) fn mentioned(text: &str, report: Option<u16>) -> Option<When> {
    all_mentioned(text, report).pop()
}

/// The year or span that stands at the beginning of `clause` and so is that of what follows it too: 到2030年, 全省十四五时期.
pub(crate) fn governing(clause: &str, report: Option<u16>) -> Option<When> {
    let first = MENTION.find(clause)?;
    LEADING.is_match(&clause[..first.start()]).then(|| mentioned(clause, report))?
}

/// How many bytes of `text` name the time of what stands behind them: 去年, “十五五”时期, 今年的. Those that are only compared with do not.
pub(crate) fn leading(text: &str) -> Option<usize> {
    let found = LEADS.captures(text).filter(|found| found.name("skip").is_none())?;
    Some(found[0].len())
}

/// All of them.
pub(crate) fn all_mentioned(text: &str, report: Option<u16>) -> Vec<When> {
    // nearly all text has none, and this costs little to see
    if !text.contains(['年', '五']) {
        return Vec::new();
    }
    let is_of_it = |found: &regex::Captures<'_>| {
        let behind = found.get(0).map_or("", |all| &text[all.end()..]);
        match () {
            // 2026年是十五五第一年 speaks of the year
            _ if found.name("plan").is_some() => !OPENS.is_match(behind),
            // 2022年以来连续16个季度 does not speak of 2022
            _ if found.name("year").is_some() => !behind.starts_with("以来") && !behind.starts_with('起'),
            _ => true,
        }
    };
    MENTION.captures_iter(text).filter(is_of_it).filter_map(|found| read(&found, report)).collect()
}

/// The years that are written out in folded text, in digits or in characters (二〇二五, 二零二五), each with where it stands, without 年.
pub(crate) fn written(text: &str) -> Vec<(Range<usize>, u16)> {
    const YEARS: RangeInclusive<u16> = 1900..=2099;
    let year = |number: &str| {
        // four of either kind, and not mixed
        let is_year = number.chars().count() == 4 && (number.is_ascii() || !number.contains(|c: char| c.is_ascii()));
        let year = is_year.then(|| number.chars().filter_map(digit).fold(0, |year, digit| year * 10 + digit))?;
        let start = number.as_ptr() as usize - text.as_ptr() as usize;
        YEARS.contains(&year).then_some((start..start + number.len(), year))
    };
    text.split(|c| digit(c).is_none()).filter_map(year).collect()
}

/// A digit of a year.
fn digit(c: char) -> Option<u16> {
    match numeral(c) {
        Some(Numeral::Digit(digit)) if c != '两' => Some(digit as u16),
        _ => c.to_digit(10).map(|digit| digit as u16),
    }
}

/// The year in a file's name, such as 全国_2018.txt: the last one of 1949 to 2100.
pub(crate) fn in_name(source: &str) -> Option<u16> {
    let name = source.rsplit(['/', '\\']).next()?;
    let numbers = name.split(|c: char| !c.is_ascii_digit()).filter(|number| number.len() == 4);
    numbers.filter_map(|number| number.parse().ok()).rfind(|year| (1949..=2100).contains(year))
}

fn read(found: &regex::Captures<'_>, report: Option<u16>) -> Option<When> {
    let is_compared = found.name("skip").is_some() && found.name("this").is_none();
    if is_compared {
        return None;
    }
    let named = |name: &str| found.name(name).map(|text| text.as_str());
    if let (Some(first), Some(last)) = (named("first"), named("last")) {
        return Some(When::span(first.parse().ok()?, last.parse().ok()?));
    }
    if let Some(year) = named("year") {
        return Some(When::year(year_of(year)?));
    }
    if let Some(plan) = named("plan") {
        return Some(five_year_plan(plan));
    }
    let report = report?;
    let spanned = |words: &str| {
        let (number, _) = words.trim_start_matches(|c| !is_count(c)).split_once('年')?;
        let years = u16::try_from(whole(&number.replace('两', "二"))?).ok()?;
        SPANS.contains(&years).then_some(years)
    };
    Some(match () {
        _ if found.name("ahead").is_some() => When::span(report, report.saturating_add(spanned(named("ahead")?)? - 1)),
        _ if found.name("behind").is_some() => {
            When::span(report.saturating_sub(spanned(named("behind")?)?), report.saturating_sub(1))
        }
        _ if found.name("past").is_some() => When::year(report.saturating_sub(1)),
        _ if found.name("next").is_some() => When::year(report.saturating_add(1)),
        _ => When::year(report),
    })
}

/// A year in digits or Han numerals, in which 0 or the letter o may stand for 〇.
pub(crate) fn year_of(numerals: &str) -> Option<u16> {
    let is_han = !numerals.starts_with(|c: char| c.is_ascii_digit());
    let numerals = if is_han { numerals.replace(['0', 'o'], "零") } else { numerals.to_string() };
    whole(&numerals)?.try_into().ok()
}

fn is_count(c: char) -> bool {
    c.is_ascii_digit() || "二两三四五六七八九十百".contains(c)
}

/// The years of a plan by its number: the first one began in 1953, those from the third on in 1966, 1971 and every five
/// years since.
fn five_year_plan(plan: &str) -> When {
    // 十四五 is the plan 十四 of five years
    let number = plan.rsplit_once('五').map_or("", |(number, _)| number);
    let number = whole(number).unwrap_or(0) as u16;
    When::span(1951 + 5 * number, 1955 + 5 * number)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_and_plans() {
        for (text, expected) in [
            ("到2030年", Some(When::year(2030))),
            ("二〇三五年", Some(When::year(2035))),
            ("一九六三年", Some(When::year(1963))),
            ("到二00七年", Some(When::year(2007))),
            ("二oo七年", Some(When::year(2007))),
            ("比2020年增加", None),
            ("十五五时期", Some(When::span(2026, 2030))),
            ("十五时期", Some(When::span(2001, 2005))),
            ("九五期间", Some(When::span(1996, 2000))),
            ("十四五规划", Some(When::span(2021, 2025))),
            ("今后五年", Some(When::span(2026, 2030))),
            ("五年来", Some(When::span(2021, 2025))),
            ("五年累计", Some(When::span(2021, 2025))),
            ("五年", Some(When::span(2021, 2025))),
            ("实施五年计划", None),
            ("过去三年", Some(When::span(2023, 2025))),
            ("两年来", Some(When::span(2024, 2025))),
            ("10年间", Some(When::span(2016, 2025))),
            ("四十年来", None),
            ("未来3年", Some(When::span(2026, 2028))),
            ("去年", Some(When::year(2025))),
            ("过去一年里", Some(When::year(2025))),
            ("与去年相比,今年", Some(When::year(2026))),
            ("2016-2020年", Some(When::span(2016, 2020))),
            ("三十五个", None),
            ("2026年是十五五开局之年", Some(When::year(2026))),
            ("2025年实现十四五圆满收官", Some(When::year(2025))),
            ("2022年以来连续16个季度", None),
            ("是2020年的1.5倍", None),
        ] {
            assert_eq!(mentioned(text, Some(2026)), expected, "{text}");
        }
    }

    #[test]
    fn years_are_written_in_digits_or_characters() {
        let years = |text: &str| written(text).into_iter().map(|(at, year)| (text[at].to_string(), year)).collect();
        let of = |found: &[(&str, u16)]| found.iter().map(|(text, year)| (text.to_string(), *year)).collect::<Vec<_>>();
        for (text, found) in [
            ("二〇二五年的2026年", of(&[("二〇二五", 2025), ("2026", 2026)])),
            ("一九五八至1960", of(&[("一九五八", 1958), ("1960", 1960)])),
            ("二零零五年", of(&[("二零零五", 2005)])),
            ("二〇二五一", of(&[])),
            ("12025年两〇二五年1二〇二五年", of(&[])),
            ("三五七九", of(&[])),
        ] {
            let written: Vec<(String, u16)> = years(text);
            assert_eq!(written, found, "{text}");
        }
    }

    #[test]
    fn a_year_at_the_beginning_governs() {
        assert_eq!(governing("力争到2030年", Some(2026)), Some(When::year(2030)));
        assert_eq!(governing("十五五时期", Some(2026)), Some(When::span(2026, 2030)));
        assert_eq!(governing("充分考虑了2035年的需要", Some(2026)), None);
        assert_eq!(governing("为到2035年翻一番打好基础", Some(2026)), None);
    }
}
