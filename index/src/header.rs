//! Reads the title block of a report: title, kind, level, place, session, date, speaker, years. A field is filled only
//! from words that state it, and [`Meta::evidence`] keeps those words. The entry point is [`header`].

use std::sync::LazyLock;

use regex::Regex;

use crate::document::{Level, Meta, Section};
use crate::fold::fold;

static DATE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new("([0-9]{4}|[〇零○一二三四五六七八九]{4})年([0-9]{1,2}|[一二三四五六七八九十]{1,3})月([0-9]{1,2}|[一二三四五六七八九十]{1,3})日")
        .expect("a pattern written here")
});
static SESSION: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new("(第(?:[0-9]+|[〇零一二三四五六七八九十]+)届)(?:全国)?人民代表大会(第(?:[0-9]+|[〇零一二三四五六七八九十]+)次(?:全体)?会议)")
        .expect("a pattern written here")
});
static SPEAKER: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new("(?:总理|省长|市长|区长|县长|镇长|乡长|主席|州长|盟长|旗长|主任)[ 　]+([^ 　0-9].{0,20})$")
        .expect("a pattern written here")
});
static PLACE: LazyLock<Regex> = LazyLock::new(|| {
    Regex::new("^(?:[0-9]{4}年)?(.{1,12}?(?:省|市|县|区|旗|镇|乡|街道|州|盟))(?:人民)?政府工作报告")
        .expect("a pattern written here")
});
static REVIEWED: LazyLock<Regex> = LazyLock::new(|| Regex::new("([0-9]{4})年.*回顾").expect("a pattern written here"));

/// Reads `block`, the text before the speech begins, and the headings of `sections`.
pub fn header(block: &str, sections: &[Section]) -> Meta {
    let mut meta = Meta::default();
    // marks and blanks are gone and digits are ASCII in folded text, wrapped lines are one
    let folded = fold(block).text;
    if let Some(found) = DATE.captures(&folded) {
        let number = |group| number(&found[group]);
        if let (Some(year), Some(month @ 1..=12), Some(day @ 1..=31)) = (number(1), number(2), number(3)) {
            meta.date = Some(format!("{year:04}-{month:02}-{day:02}"));
            meta.year = Some(year);
            evidence(&mut meta, &["date", "year"], &found[0]);
        }
    }
    if let Some(found) = SESSION.captures(&folded) {
        meta.session = Some(format!("{}{}", &found[1], &found[2]));
        evidence(&mut meta, &["session"], &found[0]);
    }
    for line in block.lines().map(str::trim) {
        let plain: String = line.chars().filter(|c| !c.is_whitespace()).collect();
        if meta.title.is_empty() && plain.contains("报告") && !plain.contains("会议") && plain.chars().count() <= 40
        {
            title(&mut meta, plain);
        } else if let Some(found) = SPEAKER.captures(line) {
            meta.speaker = Some(found[1].chars().filter(|c| !c.is_whitespace()).collect());
            evidence(&mut meta, &["speaker"], line);
        }
    }
    for section in sections.iter().filter(|section| section.heading.level == 1) {
        if let Some(found) = REVIEWED.captures(&fold(&section.heading.title).text) {
            meta.review_year = found[1].parse().ok();
            evidence(&mut meta, &["review_year"], &section.heading.to_string());
            break;
        }
    }
    meta
}

fn title(meta: &mut Meta, title: String) {
    if title.contains("政府工作报告") {
        meta.kind = Some("政府工作报告".to_string());
        evidence(meta, &["kind"], &title);
    }
    if let Some(found) = PLACE.captures(&fold(&title).text) {
        let place = found[1].to_string();
        meta.level = match place.chars().next_back() {
            Some('省') => Some(Level::Province),
            Some('市' | '州' | '盟') => Some(Level::City),
            Some('县' | '区' | '旗') => Some(Level::County),
            Some('镇' | '乡' | '道') => Some(Level::Town),
            _ => None,
        };
        meta.place = vec![place];
        evidence(meta, &["level", "place"], &title);
    }
    meta.title = title;
}

fn evidence(meta: &mut Meta, fields: &[&str], words: &str) {
    for field in fields {
        meta.evidence.insert(field.to_string(), words.to_string());
    }
}

/// The value of a number in ASCII digits, in Chinese digits read one by one (二〇二五) or with 十 (二十一).
fn number(text: &str) -> Option<u16> {
    if text.starts_with(|c: char| c.is_ascii_digit()) {
        return text.parse().ok();
    }
    let digit = |c| "〇一二三四五六七八九".chars().position(|d| d == c).or(matches!(c, '零' | '○').then_some(0));
    match text.split_once('十') {
        Some((tens, units)) => {
            let tens = if tens.is_empty() { 1 } else { digit(tens.chars().next()?)? };
            let units = if units.is_empty() { 0 } else { digit(units.chars().next()?)? };
            Some((tens * 10 + units) as u16)
        }
        None => text.chars().try_fold(0u16, |value, c| Some(value * 10 + digit(c)? as u16)),
    }
}
