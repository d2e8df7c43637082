//! Reads when a report was given and of which year it is: the day and session that the title block names, the years that the
//! headings of its parts do. The entry points are [`date`], [`session`] and [`years`].

use std::borrow::Cow;
use std::cell::LazyCell;
use std::iter::{Rev, Take};
use std::ops::RangeInclusive;

use regex::Captures;

use crate::document::{Level, Meta, Role};
use crate::fold::fold;
use crate::numerals::{said, whole};
use crate::parse::marks::Numbered;
use crate::parse::roles::part_role;
use crate::parse::when::{When, all_mentioned, mentioned};
use crate::patterns::{Pattern, patterns};

/// In which a report can be.
const YEARS: RangeInclusive<u16> = 1949..=2100;

/// A day in words and one in digits, folded. What is read off paper may have an l for its 1.
pub(crate) const DAY: &str = "([0-9l]{4}|[〇零○o0一二三四五六七八九]{4})年([0-9l]{1,2}|[一二三四五六七八九十元]{1,3})月([0-9l]{1,2}|[一二三四五六七八九十廿卅]{1,3})日";
const SHORT_DAY: &str = "([0-9]{4})[-./]([0-9]{1,2})[-./]([0-9]{1,2})";
const MONTH: &str = "([0-9l]{4}|[〇零○o0一二三四五六七八九]{4})年([0-9l]{1,2}|[一二三四五六七八九十元]{1,3})月";

/// From this month on a report may plan the next year.
const LATE: u8 = 10;

/// Among so many lines at the end of a text its signature stands.
const LAST: usize = 6;

/// What ends with who signed it, and when.
const SIGNED: [&str; 7] = ["通知", "公告", "批复", "决定", "意见", "决议", "方案"];

// Session and date are looked for in folded text, where marks and blanks are gone, digits are ASCII and wrapped lines one.
patterns! {
    DATE = DAY;
    MEETING_DATE = &format!("(?:{DAY}|{SHORT_DAY})[^年\n]{{0,12}}在");
    DATE_ALONE = &format!("^[-—]*{SHORT_DAY}$");
    SIGNATURE = &format!("^{DAY}$");
    // 2007年12月 日在, in which the day is not yet set
    DRAFT = &format!("{MONTH}[×x*]*日");
    MONTH_ALONE = &format!("^[-—]*{MONTH}(?:$|在)");
    // the day of a web page or a newspaper, not of the text
    PUBLISHED = "发布(?:时间|日期|于)|发表(?:时间|日期)|(?:时间|日期)[：:]|来源|日报|晚报|更新|浏览|点击|https?:|www\\.|[0-9][：:][0-9]{2}";
    // 成文日期：2025-01-08, in the table above a document, maybe in a cell of its own
    ISSUED = &format!("(?:成文|发文|印发|颁布|通过)(?:时间|日期)[：:]?[| ]*(?:{DAY}|{SHORT_DAY})");
    // with the day on the next line
    PUBLISHED_LABEL = "(?:发布|发表|更新)(?:时间|日期|于)?[：:]?$";
    // the day of a meeting stands above where it was
    VENUE = "^(?:会议)?地点[：:]";
    ASSEMBLED = "^[^年]{0,20}(?:届|会议|大会)";
    SESSION = "第?([0-9]+|[〇零一二三四五六七八九十]+)届(?:全国)?(?:人民代表大会|人大)(?:常务委员会|常委会)?第?([0-9]+|[〇零一二三四五六七八九十]+)次((?:全体)?会议)";
    REVIEWED = "([0-9l]{4}|[〇零○o0一二三四五六七八九]{4})年.*(?:回顾|工作总结|完成情况|发展成就)";
}

/// The first day that `folded` has in words.
pub(crate) fn day(folded: &str) -> Option<regex::Match<'_>> {
    DATE.find(folded)
}

/// A year in digits or characters, if a report can be of it.
pub(crate) fn year(text: &str) -> Option<u16> {
    let in_characters = || whole(&text.replace(['o', '0'], "〇"));
    let year = text.replace('l', "1").parse().ok().or_else(in_characters)?;
    u16::try_from(year).ok().filter(|year| YEARS.contains(year))
}

/// The day of the meeting, else one in brackets, behind a dash or before an assembly, else any but that of publication; the first
/// of several. The year is the title's or the number's, if one has it.
pub(crate) fn date(meta: &mut Meta, lines: &[&str], folded: &str) {
    // whether there can be any date is quicker to tell
    let bytes = folded.as_bytes();
    let is_digit = |at: usize| bytes.get(at).is_some_and(u8::is_ascii_digit);
    let mut marks = memchr::memchr3_iter(b'-', b'.', b'/', bytes);
    if !folded.contains('月') && !marks.any(|at| is_digit(at.wrapping_sub(1)) && is_digit(at + 1)) {
        return;
    }
    let mut is_labelled = false;
    let mut next = lines.iter().skip(1);
    let lines: Vec<(bool, String)> = lines
        .iter()
        .map(|line| (line.contains(['（', '(', '—', '―', '－']), fold(line).text))
        .filter(|(_, line)| {
            let is_held = next.next().is_some_and(|next| VENUE.is_match(next));
            let is_published = !is_held && PUBLISHED.is_match(line);
            !std::mem::replace(&mut is_labelled, is_published && PUBLISHED_LABEL.is_match(line)) && !is_published
        })
        .collect();
    // 2025年1月8日⏎在…, 2025年1月8日⏎…第十七届: another line has nothing to do with the day
    let mut broken = String::new();
    for (_, line) in &lines {
        if !line.starts_with('在') && !ASSEMBLED.is_match(line) {
            broken.push('\n');
        }
        broken.push_str(line);
    }
    if let Some(found) = first(&MEETING_DATE, &broken) {
        return is_of_day(meta, &found);
    }
    let meant = || {
        lines.iter().find_map(|(is_set_off, line)| {
            first(&DATE, line)
                .filter(|found| *is_set_off || ASSEMBLED.is_match(&line[found.get(0).map_or(0, |all| all.end())..]))
        })
    };
    let issued = || ISSUED.captures(folded);
    let any = |pattern: &'static Pattern| lines.iter().find_map(|(_, line)| first(pattern, line));
    // the day and what stands before it may be on two lines
    let joined = LazyCell::new(|| lines.iter().map(|(_, line)| line.as_str()).collect::<String>());
    let wrapped = || first(&DATE, &joined).or_else(|| first(&DRAFT, &joined));
    let found = meant()
        .or_else(issued)
        .or_else(|| any(&DATE))
        .or_else(wrapped)
        .or_else(|| any(&DATE_ALONE))
        .or_else(|| any(&MONTH_ALONE));
    if let Some(found) = found {
        is_of_day(meta, &found);
    }
}

/// The first day that `pattern` finds, but for one from which on the text is in force: 自2006年2月1日起施行.
fn first<'t>(pattern: &Pattern, folded: &'t str) -> Option<Captures<'t>> {
    pattern.captures_iter(folded).find(|found| {
        let mut parts = found.iter().flatten();
        let before = &folded[..parts.next().map_or(0, |all| all.start())];
        let behind = folded[parts.last().map_or(0, |day| day.end())..].trim_start_matches('日');
        let is_in_force = ["起", "施行", "实施", "生效"].iter().any(|word| behind.starts_with(word));
        !is_in_force && !before.ends_with(['自', '从'])
    })
}

/// Those of the last `lines` among which the text of a decision is signed, the last one first.
pub(crate) fn signatures<'t, L: DoubleEndedIterator<Item = &'t str>>(meta: &Meta, lines: L) -> Take<Rev<L>> {
    let is_signed = meta.kind.as_deref().is_some_and(|kind| SIGNED.contains(&kind));
    lines.rev().take(if is_signed { LAST } else { 0 })
}

/// The day with which a text is signed, where its title block has none: alone on one of its last `lines`.
pub(crate) fn signature<'t>(meta: &mut Meta, lines: impl DoubleEndedIterator<Item = &'t str>) {
    if meta.date.is_some() {
        return;
    }
    let may_be = |line: &&str| line.len() <= 60 && line.ends_with('日');
    let folded = signatures(meta, lines).filter(may_be).map(|line| fold(line).text);
    for line in folded {
        if let Some(found) = SIGNATURE.captures(&line) {
            return is_of_day(meta, &found);
        }
    }
}

/// Writes the day into `meta`, and its year where there is none.
fn is_of_day(meta: &mut Meta, found: &Captures<'_>) {
    let number =
        |text: &str| whole(&text.replace('l', "1").replace('元', "一").replace('廿', "二十").replace('卅', "三十"));
    let mut parts = found.iter().skip(1).flatten().map(|part| part.as_str());
    let year = parts.next().and_then(year);
    let rest: Option<String> = parts.map(|part| Some(format!("-{}", number(part)?))).collect();
    if let (Some(year), Some(rest)) = (year, rest)
        && let Some(date) = Meta::read_date(&format!("{year:04}{rest}"))
    {
        meta.date = Some(date);
        let words = DATE.find(&found[0]).map_or(&found[0], |date| date.as_str()).to_string();
        meta.prove(&["date"], &words);
        if meta.year.is_none() {
            meta.year = Some(year);
            meta.prove(&["year"], &words);
        }
    }
}

/// The session that the `paragraphs` were given at or passed by, not one that they only speak of.
pub(crate) fn session(meta: &mut Meta, paragraphs: &[String]) {
    for paragraph in paragraphs {
        for found in SESSION.captures_iter(paragraph) {
            let all = found.get(0).map_or(0..0, |all| all.range());
            if is_held(&paragraph[..all.start]) && !paragraph[all.end..].starts_with("精神") {
                // as most are written: 第十七届 for 第17届
                let [term, time] = [&found[1], &found[2]].map(|number| match number.parse() {
                    Ok(number @ 1..10_000) => Cow::Owned(said(number)),
                    _ => Cow::Borrowed(number),
                });
                meta.session = Some(format!("第{term}届第{time}次{}", &found[3]));
                return meta.prove(&["session"], &found[0]);
            }
        }
    }
}

/// Whether an assembly with these words before it heard or passed the text: 关于学习贯彻第十四届 and 根据第十三届 only speak of one.
pub(crate) fn is_held(before: &str) -> bool {
    let spoken = ["关于", "根据"].iter().filter_map(|word| before.rfind(word)).max();
    spoken.is_none_or(|at| before[at..].contains(['在', '日']))
}

/// Where there is no assembly, no session need be looked for.
pub(crate) fn names_assembly(folded: &str) -> bool {
    folded.contains("人民代表大会") || folded.contains("人大")
}

/// The year that the parts look back on, and that of the report where the title block has none. What is given in the last months of
/// a year and plans the next one, or looks back on that year in December, is a report of the next; so is what a place's government
/// reports to its congress in December, whatever its headings say. Titles of web pages may state the year that is looked back on.
pub(crate) fn years<'a>(meta: &mut Meta, parts: impl Iterator<Item = &'a Numbered<'a>>) {
    let titles: Vec<Title> = parts.map(|part| (fold(part.title).text, part)).collect();
    let reviewed = titles.iter().find_map(|(title, part)| Some((year(&REVIEWED.captures(title)?[1])?, *part)));
    if let Some((year, part)) = reviewed {
        meta.review_year = Some(year);
        meta.prove(&["review_year"], &words(part));
    }
    match meta.year {
        None => {
            if let Some((year, part)) = planned(&titles, meta) {
                meta.year = Some(year);
                meta.prove(&["year"], &words(part));
            }
        }
        Some(_) if meta.is_dated() => of_next(meta, &titles),
        Some(year) => {
            if let Some((year, part)) = in_force(meta, &titles, year) {
                meta.year = Some(year);
                meta.prove(&["year"], &words(part));
            }
        }
    }
    let is_report = |kind: &str| ["报告", "汇报", "总结", "计划", "草案"].iter().any(|end| kind.ends_with(end));
    if let (None, Some(now)) = (meta.review_year, meta.year)
        && meta.kind.as_deref().is_some_and(is_report)
        && let Some((year, part)) = looked_back_on(&titles, now)
    {
        meta.review_year = Some(year);
        meta.prove(&["review_year"], &words(part));
    }
}

/// The title of a part, folded, and its heading.
type Title<'a> = (String, &'a Numbered<'a>);

/// A heading as it is written.
fn words(part: &Numbered) -> String {
    format!("{}{}", part.mark, part.title)
}

/// The month of the day on which a report was given.
fn month(meta: &Meta) -> Option<u8> {
    meta.date.as_ref()?.get(5..7)?.parse().ok()
}

/// Corrects the year of a report that is known from its day alone, where it was given late for the next one.
fn of_next(meta: &mut Meta, titles: &[Title]) {
    let (Some(year), Some(month)) = (meta.year, month(meta)) else { return };
    let names_next =
        |title: &str| all_mentioned(title, None).iter().any(|when| when.from.is_none() && when.year == year + 1);
    let next = titles.iter().find(|(title, _)| month >= LATE && names_next(title));
    let part = next
        .or(titles.iter().find(|(title, _)| month == 12 && REVIEWED.is_match(title) && meta.review_year == Some(year)));
    if let Some((_, part)) = part {
        meta.year = Some(year + 1);
        return meta.prove(&["year"], &words(part));
    }
    let is_government = ["政府", "人民委员会", "革命委员会"].into_iter().any(|name| {
        let stated = [Some(&meta.title), meta.kind.as_ref()];
        stated.into_iter().flatten().any(|stated| stated.contains(name))
    });
    let is_yearly = meta.level != Some(Level::Nation)
        && meta.session.is_some()
        && reports_work(meta)
        && is_government
        && meta.review_year.is_none_or(|reviewed| reviewed == year);
    if month == 12 && is_yearly {
        meta.year = Some(year + 1);
    }
}

fn reports_work(meta: &Meta) -> bool {
    meta.kind.as_deref().is_some_and(|kind| kind.ends_with("工作报告"))
}

/// The year that a part plans, or the one behind that which the first part looks back on, where the title states another and the day
/// of the meeting bears out the part.
fn in_force<'a>(meta: &Meta, titles: &[Title<'a>], stated: u16) -> Option<(u16, &'a Numbered<'a>)> {
    if !reports_work(meta) || meta.is_account() {
        return None;
    }
    let given: Option<u16> = meta.date.as_ref().and_then(|date| date[..4].parse().ok());
    let is_late = month(meta) >= Some(LATE);
    let bears_out = |year: u16| match given {
        Some(given) => year == given || is_late && year == given + 1,
        None => year == stated + 1 && looked_back_on(titles, year).is_some(),
    };
    let plan = planned(titles, meta).filter(|&(year, _)| bears_out(year));
    let behind = || {
        given?;
        let (year, part) = looked_back_on(titles, stated + 1).filter(|_| bears_out(stated + 1))?;
        (!part.title.contains("半年")).then_some((year + 1, part))
    };
    plan.or_else(behind).filter(|&(year, _)| year != stated)
}

/// The year before `now`, if the first part that names one looks back on it.
fn looked_back_on<'a>(titles: &[Title<'a>], now: u16) -> Option<(u16, &'a Numbered<'a>)> {
    let named = |(title, _): &Title| mentioned(title, None).filter(|when| when.from.is_none());
    let (at, when) = titles.iter().enumerate().find_map(|(at, title)| Some((at, named(title)?)))?;
    let (title, part) = &titles[at];
    let looks_back = when.year + 1 == now && part_role(title, Some(now), at == 0) == Some(Role::Review);
    looks_back.then_some((when.year, *part))
}

/// The year whose tasks or requirements a part has, else the one behind that which is looked back on, if it was a whole one.
fn planned<'a>(titles: &[Title<'a>], meta: &Meta) -> Option<(u16, &'a Numbered<'a>)> {
    let review = meta.review_year;
    for (at, (title, part)) in titles.iter().enumerate() {
        let is_next = |year: u16| review.is_none_or(|review| (review..=review + 1).contains(&year));
        // few titles name a year, and the role is dearer to tell
        let when = mentioned(title, None).filter(|when| when.from.is_none() && is_next(when.year));
        let plans = || matches!(part_role(title, None, at == 0), Some(Role::Tasks | Role::Requirements));
        // 一、2020年重点工作 above 二、2021年重点工作
        let goes_on = |year: u16| {
            titles[at + 1..].iter().filter_map(|(title, _)| mentioned(title, None)).any(|when| when == When::year(year))
        };
        if let Some(when) = when.filter(|_| plans())
            && (at > 0 || !goes_on(when.year + 1))
        {
            return Some((when.year, part));
        }
    }
    let is_whole = |title: &str| !title.contains("半年");
    if let Some(year) = review {
        let (_, part) = titles.iter().find(|(title, _)| REVIEWED.is_match(title) && is_whole(title))?;
        return Some((year + 1, part));
    }
    // 一、2024年主要工作, of which no other part says more
    let (title, part) = titles.first().filter(|_| reports_work(meta))?;
    let when = mentioned(title, None).filter(|when| when.from.is_none() && is_whole(title))?;
    (part_role(title, None, true) == Some(Role::Review)).then_some((when.year + 1, *part))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Document;

    #[test]
    fn a_title_may_state_a_year_that_the_parts_do_not() {
        for (title, date, parts, year, reviewed) in [
            ("2015年政府工作报告", "2016年1月29日", ["2015年工作回顾", "2016年工作安排"], 2016, Some(2015)),
            ("2015年政府工作报告", "2016年1月29日", ["“十二五”发展回顾和2015年工作情况", "今年工作"], 2016, Some(2015)),
            ("2024年政府工作报告", "2023年1月5日", ["2022年工作回顾", "2023年工作安排"], 2023, Some(2022)),
            ("2008政府工作报告", "2008年12月24日", ["2008年工作回顾", "明年工作安排"], 2009, Some(2008)),
            ("2015年政府工作报告", "", ["2015年工作回顾", "2016年工作安排"], 2016, Some(2015)),
            ("2015年政府工作报告", "", ["2015年主要工作", "2016年主要工作"], 2016, Some(2015)),
            ("2016年政府工作报告", "2016年1月29日", ["2015年工作回顾", "今后五年工作安排"], 2016, Some(2015)),
            ("2024年政府工作报告", "2024年7月26日", ["2024年上半年工作回顾", "下半年工作安排"], 2024, Some(2024)),
            ("2024年工作总结", "2025年1月8日", ["2024年工作回顾", "2025年工作安排"], 2024, Some(2024)),
            // a title without a year
            ("政府工作报告", "", ["2019年主要工作情况", "2020年主要任务"], 2020, Some(2019)),
            ("政府工作报告", "", ["2019年主要工作", "2020年主要工作"], 2020, Some(2019)),
            ("政府工作报告", "", ["2019年重点工作", "2020年重点工作"], 2020, Some(2019)),
            ("政府工作报告", "", ["2019年主要工作和成效", "今年工作"], 2020, Some(2019)),
        ] {
            let given = if date.is_empty() {
                String::new()
            } else {
                format!("——{date}在县第五届人大第二次会议上\n")
            };
            let text = format!("{title}\n{given}各位代表：\n一、{}\n正文。\n二、{}\n正文。\n", parts[0], parts[1]);
            let report = Document::from_text("a", text);
            let read = (report.meta.year, report.meta.review_year, report.sections[0].role);
            assert_eq!(read, (Some(year), reviewed, Some(Role::Review)), "{title} {date} {parts:?}");
        }
    }
}
