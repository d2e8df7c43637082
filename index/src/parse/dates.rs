//! Reads when a report was given and of which year it is: the day and session that the title block names, the years that the
//! headings of its parts do. The entry points are [`date`], [`session`] and [`years`].

use std::ops::RangeInclusive;

use crate::document::{Level, Meta, Role};
use crate::fold::fold;
use crate::numerals::whole;
use crate::parse::marks::Numbered;
use crate::parse::roles::part_role;
use crate::parse::when::mentioned;
use crate::patterns::patterns;

/// In which a report can be.
const YEARS: RangeInclusive<u16> = 1949..=2100;

/// A day in words and one in digits, folded.
pub(crate) const DAY: &str = "([0-9]{4}|[〇零○o0一二三四五六七八九]{4})年([0-9]{1,2}|[一二三四五六七八九十]{1,3})月([0-9]{1,2}|[一二三四五六七八九十]{1,3})日";
const SHORT_DAY: &str = "([0-9]{4})[-./]([0-9]{1,2})[-./]([0-9]{1,2})";

// Session and date are looked for in folded text, where marks and blanks are gone, digits are ASCII and wrapped lines one.
patterns! {
    DATE = DAY;
    MEETING_DATE = &format!("(?:{DAY}|{SHORT_DAY})[^年]{{0,12}}在");
    DATE_ALONE = &format!("^[-—]*{SHORT_DAY}$");
    // 2007年12月 日在, in which the day is not yet set
    DRAFT = "([0-9]{4}|[〇零○o0一二三四五六七八九]{4})年([0-9]{1,2}|[一二三四五六七八九十]{1,3})月日";
    SESSION = "第?([0-9]+|[〇零一二三四五六七八九十]+)届(?:全国)?(?:人民代表大会|人大)(?:常务委员会|常委会)?第?([0-9]+|[〇零一二三四五六七八九十]+)次((?:全体)?会议)";
    REVIEWED = "([0-9]{4}|[〇零○o0一二三四五六七八九]{4})年.*(?:回顾|工作总结|完成情况|发展成就)";
}

/// The first day that `folded` has in words.
pub(crate) fn day(folded: &str) -> Option<regex::Match<'_>> {
    DATE.find(folded)
}

/// A year in digits or characters, if a report can be of it.
pub(crate) fn year(text: &str) -> Option<u16> {
    let in_characters = || whole(&text.replace(['o', '0'], "〇"));
    let year = text.parse().ok().or_else(in_characters)?;
    u16::try_from(year).ok().filter(|year| YEARS.contains(year))
}

/// The day of the meeting; the first of several. The year is the title's, if it has one.
pub(crate) fn date(meta: &mut Meta, lines: &[&str], folded: &str) {
    // whether there can be any date is quicker to tell
    if !folded.contains(['月', '-', '.', '/']) {
        return;
    }
    let written = MEETING_DATE.captures(folded).or_else(|| DATE.captures(folded)).or_else(|| DRAFT.captures(folded));
    let lines: Vec<String> = match written {
        Some(_) => Vec::new(),
        None => lines.iter().map(|line| fold(line).text).collect(),
    };
    let alone = || lines.iter().find_map(|line| DATE_ALONE.captures(line));
    let Some(found) = written.or_else(alone) else { return };
    let parts: Vec<_> = found.iter().skip(1).flatten().collect();
    let [written, ref rest @ ..] = parts[..] else { return };
    let rest: Option<String> = rest.iter().map(|part| Some(format!("-{}", whole(part.as_str())?))).collect();
    if let (Some(year), Some(rest)) = (year(written.as_str()), rest)
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

pub(crate) fn session(meta: &mut Meta, folded: &str) {
    if !names_assembly(folded) {
        return;
    }
    if let Some(found) = SESSION.captures(folded) {
        meta.session = Some(format!("第{}届第{}次{}", &found[1], &found[2], &found[3]));
        meta.prove(&["session"], &found[0]);
    }
}

/// Where there is no assembly, no session need be looked for.
pub(crate) fn names_assembly(folded: &str) -> bool {
    folded.contains("人民代表大会") || folded.contains("人大")
}

/// The year that the parts look back on, and that of the report where the title block has none. What is given in the last months of
/// a year and plans the next one, or looks back on that year in December, is a report of the next; so is what a place's government
/// reports to its congress in December, whatever its headings say.
pub(crate) fn years<'a>(meta: &mut Meta, parts: impl Iterator<Item = &'a Numbered<'a>>) {
    let titles: Vec<(String, String)> =
        parts.map(|part| (fold(part.title).text, format!("{}{}", part.mark, part.title))).collect();
    let reviewed = titles.iter().find_map(|(title, words)| Some((year(&REVIEWED.captures(title)?[1])?, words)));
    if let Some((year, words)) = reviewed {
        meta.review_year = Some(year);
        meta.prove(&["review_year"], words);
    }
    if meta.year.is_none()
        && let Some((year, words)) = planned(&titles, meta.review_year)
    {
        meta.year = Some(year);
        meta.prove(&["year"], words);
    }
    let month = |date: &String| date.get(5..7).and_then(|month| month.parse::<u8>().ok());
    let is_of_date = meta.evidence.contains_key("year") && meta.evidence.get("year") == meta.evidence.get("date");
    let (Some(year), Some(month), true) = (meta.year, meta.date.as_ref().and_then(month), is_of_date) else { return };
    let next = titles.iter().find(|(title, _)| month >= 10 && title.contains(&format!("{}年", year + 1)));
    let words = next
        .or(titles.iter().find(|(title, _)| month == 12 && REVIEWED.is_match(title) && meta.review_year == Some(year)));
    if let Some((_, words)) = words {
        meta.year = Some(year + 1);
        return meta.prove(&["year"], words);
    }
    let is_yearly = meta.level != Some(Level::Nation)
        && meta.session.is_some()
        && meta.kind.as_deref() == Some("政府工作报告")
        && meta.review_year.is_none_or(|reviewed| reviewed == year);
    if month == 12 && is_yearly {
        meta.year = Some(year + 1);
    }
}

/// The year whose tasks or requirements a part has, else the one behind that which is looked back on, if it was a whole one.
fn planned(titles: &[(String, String)], review: Option<u16>) -> Option<(u16, &str)> {
    for (at, (title, words)) in titles.iter().enumerate() {
        let is_next = |year: u16| review.is_none_or(|review| (review..=review + 1).contains(&year));
        // few titles name a year, and the role is dearer to tell
        let when = mentioned(title, None).filter(|when| when.from.is_none() && is_next(when.year));
        let plans = || matches!(part_role(title, None, at == 0), Some(Role::Tasks | Role::Requirements));
        if let Some(when) = when.filter(|_| plans()) {
            return Some((when.year, words));
        }
    }
    let review = review?;
    let (_, words) = titles.iter().find(|(title, _)| REVIEWED.is_match(title) && !title.contains("半年"))?;
    Some((review + 1, words))
}
