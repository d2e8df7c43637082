//! Reads what a document says about itself before it begins: title, kind, level, place, session, date, speaker, number,
//! years. A field is filled only from words that state it, and [`Meta::evidence`] keeps those words. The entry point is
//! [`header`]. Page furniture may stand before and between the lines.

use std::ops::RangeInclusive;
use std::sync::LazyLock;

use regex::Regex;

use crate::document::{Level, Meta, Section};
use crate::fold::fold;
use crate::numerals::whole;
use crate::parse::places;

/// A title block is short; of a longer one only the beginning is read, in bytes.
const LONG_BLOCK: usize = 6_000;

/// Stands in every name of a session: one that is not there need not be looked for.
const ASSEMBLY_NAME: &str = "人民代表大会";

/// What a title ends in, the longer before the shorter.
const KINDS: [&str; 18] = [
    "政府工作报告",
    "工作报告",
    "实施细则",
    "决议",
    "决定",
    "通知",
    "意见",
    "办法",
    "条例",
    "规定",
    "细则",
    "规划",
    "纲要",
    "方案",
    "公告",
    "批复",
    "报告",
    "法",
];

/// In which a report can be.
const YEARS: RangeInclusive<u16> = 1949..=2100;

macro_rules! patterns {
    ($($name:ident = $pattern:expr;)*) => {
        $(static $name: LazyLock<Regex> = LazyLock::new(|| Regex::new($pattern).expect("a pattern written here"));)*
    };
}

// Session and date are looked for in folded text, where marks and blanks are gone, digits are ASCII and wrapped lines one.
patterns! {
    DATE = "([0-9]{4}|[〇零○一二三四五六七八九]{4})年([0-9]{1,2}|[一二三四五六七八九十]{1,3})月([0-9]{1,2}|[一二三四五六七八九十]{1,3})日";
    MEETING_DATE = "([0-9]{4}|[〇零○一二三四五六七八九]{4})年([0-9]{1,2}|[一二三四五六七八九十]{1,3})月([0-9]{1,2}|[一二三四五六七八九十]{1,3})日.{0,12}在";
    SESSION = "(第?(?:[0-9]+|[〇零一二三四五六七八九十]+)届)(?:全国)?人民代表大会(?:常务委员会)?(第(?:[0-9]+|[〇零一二三四五六七八九十]+)次(?:全体)?会议)";
    ASSEMBLY = "在(.{2,16}?)第?[0-9〇零一二三四五六七八九十]+届(?:全国)?人民代表大会";
    NATION = "全国人民代表大会|国务院.{0,4}总理";
    TITLE_PLACE = "^(?:[0-9]{4}年)?([^0-9]{2,20}?)(?:[0-9]{4}年)?(?:人民)?政府工作报告";
    POST_PLACE = "^(.{2,16}?)(?:人民政府)?代?(?:省长|市长|区长|县长|镇长|乡长|主席|州长|盟长|旗长)";
    SPEAKER = "(?:总理|省长|市长|区长|县长|镇长|乡长|主席|州长|盟长|旗长|主任|部长)(?:兼.{2,20}主任)?\\s*((?:[\u{4e00}-\u{9fff}]\\s*){2,4}|[\u{4e00}-\u{9fff}]{1,8}(?:[·•・．.][\u{4e00}-\u{9fff}]{1,8}){1,3})$";
    POST_ALONE = "(?:总理|省长|市长|区长|县长|镇长|乡长|主席|州长|盟长|旗长|主任|部长)\\s*$";
    NAME_ALONE = "^\\s*((?:[\u{4e00}-\u{9fff}]\\s*){2,4}|[\u{4e00}-\u{9fff}]{1,8}(?:[·•・．.][\u{4e00}-\u{9fff}]{1,8}){1,3})$";
    CAPTION = "作政府工作报告|摄|来源|记者|时间[：:]|发布|。|新华社|>|首页";
    NUMBER = "[\u{4e00}-\u{9fff}]{1,8}[〔\\[（(【［][0-9０-９]{4}[〕\\]）)】］][0-9０-９]{1,4}号";
    YEAR = "([0-9]{4})年?";
    REVIEWED = "([0-9]{4})年.*(?:回顾|工作总结)";
    PLACE_END = "(?:省|市|县|区|旗|镇|乡|街道|州|盟)$";
}

/// Reads the first `block` bytes of `text`, the title block, and the headings of `sections`.
pub(crate) fn header(text: &str, block: usize, sections: &[Section]) -> Meta {
    let mut end = block.min(LONG_BLOCK);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let block = &text[..end];
    let folded = fold(block).text;
    let mut meta = Meta::default();
    title(&mut meta, block);
    date(&mut meta, &folded);
    session(&mut meta, &folded);
    speaker(&mut meta, block);
    place(&mut meta, &folded, block, text);
    number(&mut meta, block);
    review_year(&mut meta, sections);
    meta
}

fn title(meta: &mut Meta, block: &str) {
    let plain = |line: &str| line.chars().filter(|c| !c.is_whitespace()).collect::<String>();
    let lines: Vec<String> = block.lines().map(plain).collect();
    let is_title = |line: &&String| {
        let length = line.chars().count();
        let bare = line.trim_end_matches(['）', ')']);
        let ends = KINDS.iter().any(|kind| bare.ends_with(kind)) || line.contains("政府工作报告");
        (4..=60).contains(&length) && ends && !CAPTION.is_match(line) && !DATE.is_match(&fold(line).text)
    };
    // a report's name goes before whatever else ends in such a word
    let candidates: Vec<&String> = lines.iter().filter(is_title).collect();
    let Some(&found) = candidates.iter().find(|line| line.contains("政府工作报告")).or(candidates.first()) else {
        return;
    };
    meta.title = found.clone();
    let bare = found.trim_end_matches(['）', ')']);
    let kind = KINDS.iter().find(|kind| bare.ends_with(*kind)).or(found.contains("政府工作报告").then_some(&KINDS[0]));
    if let Some(kind) = kind {
        meta.kind = Some(kind.to_string());
        evidence(meta, &["kind"], found);
    }
    if let Some(year) = YEAR.captures(&fold(found).text).and_then(|year| year[1].parse().ok())
        && YEARS.contains(&year)
    {
        meta.year = Some(year);
        evidence(meta, &["year"], found);
    }
}

/// The day of the meeting; the first of several. The year is the title's, if it has one: a report for next year may be
/// given in December.
fn date(meta: &mut Meta, folded: &str) {
    // whether there can be any date is quicker to tell
    if !folded.contains('月') {
        return;
    }
    let Some(any) = DATE.find(folded) else { return };
    let Some(found) = MEETING_DATE.captures(folded).or_else(|| DATE.captures(any.as_str())) else { return };
    let (year, month, day) = (whole(&found[1]), whole(&found[2]), whole(&found[3]));
    if let (Some(year), Some(month), Some(day)) = (year, month, day)
        && let Ok(year) = u16::try_from(year)
        && let Some(date) = Meta::read_date(&format!("{year:04}-{month}-{day}"))
    {
        meta.date = Some(date);
        let words = DATE.find(&found[0]).map_or(&found[0], |date| date.as_str()).to_string();
        evidence(meta, &["date"], &words);
        if meta.year.is_none() {
            meta.year = Some(year);
            evidence(meta, &["year"], &words);
        }
    }
}

fn session(meta: &mut Meta, folded: &str) {
    if !folded.contains(ASSEMBLY_NAME) {
        return;
    }
    if let Some(found) = SESSION.captures(folded) {
        meta.session = Some(format!("{}{}", &found[1], &found[2]));
        evidence(meta, &["session"], &found[0]);
    }
}

fn speaker(meta: &mut Meta, block: &str) {
    let lines: Vec<&str> = block.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    for (at, line) in lines.iter().enumerate() {
        let names_post = line.contains(['长', '席', '理', '任']);
        if !names_post || line.chars().count() > 60 || CAPTION.is_match(line) {
            continue;
        }
        let found = SPEAKER.captures(line).map(|found| (found[1].to_string(), line.to_string())).or_else(|| {
            // post and name on two lines
            let next = lines.get(at + 1).filter(|_| POST_ALONE.is_match(line))?;
            Some((NAME_ALONE.captures(next)?[1].to_string(), format!("{line} {next}")))
        });
        if let Some((name, words)) = found {
            meta.speaker = Some(name.chars().filter(|c| !c.is_whitespace()).collect());
            return evidence(meta, &["speaker"], &words);
        }
    }
}

/// Level and place, from the title, else from the assembly that heard the report, else from the speaker's post.
fn place(meta: &mut Meta, folded: &str, block: &str, text: &str) {
    let mut names: Vec<(String, String)> = Vec::new();
    let title = fold(&meta.title).text;
    if title.contains(KINDS[0])
        && let Some(found) = TITLE_PLACE.captures(&title).filter(|found| &found[1] != "国务院")
    {
        names.push((found[1].to_string(), meta.title.clone()));
    }
    if NATION.is_match(folded) && names.is_empty() {
        meta.level = Some(Level::Nation);
        let words = NATION.find(folded).map_or("", |found| found.as_str()).to_string();
        return evidence(meta, &["level"], &words);
    }
    if folded.contains(ASSEMBLY_NAME)
        && let Some(found) = ASSEMBLY.captures(folded)
    {
        names.push((found[1].to_string(), found[0].to_string()));
    }
    let has_post = folded.contains(['长', '席']);
    let lines = block.lines().filter(|_| has_post).map(|line| fold(line).text);
    for line in lines.filter(|line| line.chars().count() < 40 && !CAPTION.is_match(line)) {
        if let Some(found) = POST_PLACE.captures(&line) {
            names.push((found[1].to_string(), line.clone()));
        }
    }
    for (name, words) in &names {
        if let Some(place) = known(name, text) {
            meta.level = Some(place.level);
            meta.place_code = place.code.map(String::from);
            meta.place = place.chain;
            return evidence(meta, &["level", "place"], words);
        }
    }
    // a place that the gazetteer does not have, or cannot tell from others
    if let Some((name, words)) = names.iter().find(|(name, _)| PLACE_END.is_match(name)) {
        meta.level = match name.chars().next_back() {
            Some('省') => Some(Level::Province),
            Some('市' | '州' | '盟') => Some(Level::City),
            Some('县' | '区' | '旗') => Some(Level::County),
            _ => Some(Level::Town),
        };
        meta.place = vec![name.clone()];
        evidence(meta, &["level", "place"], words);
    }
}

/// The place that `name` ends with: 呼伦贝尔市海拉尔区 is 海拉尔区, and what stands before it tells which.
fn known(name: &str, text: &str) -> Option<places::Place> {
    let mut starts: Vec<usize> = vec![0];
    starts.extend(name.char_indices().filter(|(_, c)| "省市县区旗州盟".contains(*c)).map(|(at, c)| at + c.len_utf8()));
    starts.into_iter().filter(|&at| at < name.len()).find_map(|at| {
        let evidence = if at == 0 { text.to_string() } else { name[..at].repeat(50) + text };
        places::find(&name[at..], &evidence)
    })
}

fn number(meta: &mut Meta, block: &str) {
    if block.contains('号')
        && let Some(found) = NUMBER.find(block)
    {
        meta.number = Some(found.as_str().to_string());
        evidence(meta, &["number"], found.as_str());
    }
}

fn review_year(meta: &mut Meta, sections: &[Section]) {
    for section in sections.iter().filter(|section| section.heading.level == 1) {
        if let Some(found) = REVIEWED.captures(&fold(&section.heading.title).text) {
            meta.review_year = found[1].parse().ok().filter(|year| YEARS.contains(year));
            return evidence(meta, &["review_year"], &section.heading.to_string());
        }
    }
}

fn evidence(meta: &mut Meta, fields: &[&str], words: &str) {
    for field in fields {
        meta.evidence.insert(field.to_string(), words.to_string());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(block: &str) -> Meta {
        header(block, block.len(), &[])
    }

    #[test]
    fn speakers() {
        for (line, name) in [
            ("上海市市长 龚 正", "龚正"),
            ("国务院总理周恩来", "周恩来"),
            ("新疆维吾尔自治区主席 艾尔肯·吐尼亚孜", "艾尔肯·吐尼亚孜"),
            ("国务院总理　\n李克强", "李克强"),
            ("海拉尔区人民政府代区长 张三", "张三"),
            ("国务院副总理兼国家计划委员会主任　李富春", "李富春"),
            ("副总理兼财政部长李先念", "李先念"),
            ("国务院总理\u{a0}\u{a0}李克强", "李克强"),
        ] {
            assert_eq!(read(line).speaker.as_deref(), Some(name), "{line}");
        }
        assert_eq!(read("省长赵刚作政府工作报告。本报记者摄").speaker, None);
        assert_eq!(read("来源：河北日报").speaker, None);
    }

    #[test]
    fn dates_of_all_kinds() {
        for (line, date) in [
            ("——二〇二六年一月二十七日在甘肃省第十四届人民代表大会第四次会议上", "2026-01-27"),
            ("１９８８年３月２５日在第七届全国人民代表大会第一次会议上", "1988-03-25"),
            ("——1 9 9 8 年3 月5 日在第九届", "1998-03-05"),
            ("——1955年7月5日至6日在第一届", "1955-07-05"),
            ("时间：2026-02-02\n（2026年1月27日在贵州省第十四届人民代表大会第四次会议上）", "2026-01-27"),
        ] {
            assert_eq!(read(line).date.as_deref(), Some(date), "{line}");
        }
    }

    #[test]
    fn places_and_levels() {
        for (block, level, place) in [
            ("2026年河北省政府工作报告", Level::Province, "河北省"),
            ("政府工作报告\n——2026年1月26日在广东省第十四届人民代表大会第五次会议上", Level::Province, "广东省"),
            (
                "政 府 工 作 报 告\n呼伦贝尔市海拉尔区人民政府区长 张三",
                Level::County,
                "内蒙古自治区/呼伦贝尔市/海拉尔区",
            ),
            ("1988年政府工作报告\n国务院代总理李鹏", Level::Nation, ""),
            ("政府工作报告\n上海市市长 龚 正", Level::Province, "上海市"),
        ] {
            let meta = read(block);
            assert_eq!((meta.level, meta.place.join("/").as_str()), (Some(level), place), "{block}");
        }
    }

    #[test]
    fn titles_and_numbers() {
        let meta = read("国务院关于加强工作的通知\n国发〔2010〕1号\n");
        assert_eq!((meta.title.as_str(), meta.kind.as_deref()), ("国务院关于加强工作的通知", Some("通知")));
        assert_eq!(meta.number.as_deref(), Some("国发〔2010〕1号"));
        assert_eq!(read("殷勇同志作政府工作报告。记者摄\n政 府 工 作 报 告\n").title, "政府工作报告");
    }
}
