//! Reads what a document says about itself before it begins: title, kind, level, place, session, date, speaker, number,
//! years. A field is filled only from words that state it, and [`Meta::evidence`] keeps those words. The entry point is
//! [`header`]. Page furniture may stand before and between the lines.

use std::ops::RangeInclusive;

use crate::document::{Level, Meta, Role};
use crate::fold::fold;
use crate::numerals::whole;
use crate::parse::marks::Numbered;
use crate::parse::places;
use crate::parse::roles::part_role;
use crate::parse::when::mentioned;
use crate::patterns::patterns;

/// A title block is short; of a longer one only the beginning is read, in bytes.
const LONG_BLOCK: usize = 6_000;

/// In so many characters a speaker has said for whom the report is.
const LONG_OPENING: usize = 500;

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

/// A year: 2025年, 二〇二五年, and with what is typed for its 〇.
const ANY_YEAR: &str = "(?:[0-9]{4}|[〇零○o0一二三四五六七八九]{4})年";

/// A day in words and one in digits, folded.
const DAY: &str = "([0-9]{4}|[〇零○o0一二三四五六七八九]{4})年([0-9]{1,2}|[一二三四五六七八九十]{1,3})月([0-9]{1,2}|[一二三四五六七八九十]{1,3})日";
const SHORT_DAY: &str = "([0-9]{4})[-./]([0-9]{1,2})[-./]([0-9]{1,2})";

// Session and date are looked for in folded text, where marks and blanks are gone, digits are ASCII and wrapped lines one.
patterns! {
    DATE = DAY;
    MEETING_DATE = &format!("(?:{DAY}|{SHORT_DAY})[^年]{{0,12}}在");
    DATE_ALONE = &format!("^[-—]*{SHORT_DAY}$");
    SESSION = "第?([0-9]+|[〇零一二三四五六七八九十]+)届(?:全国)?(?:人民代表大会|人大)(?:常务委员会|常委会)?第?([0-9]+|[〇零一二三四五六七八九十]+)次((?:全体)?会议)";
    ASSEMBLY = "在(.{2,16}?)第?[0-9〇零一二三四五六七八九十]+届(?:全国)?(?:人民代表大会|人大)";
    NATION = "全国人民代表大会|国务院.{0,4}总理";
    TITLE_PLACE = &format!("(?:关于(?:印发|批准)?|^)(?:{ANY_YEAR}度?)?([^0-9届年]{{2,20}}?)(?:{ANY_YEAR}度?)?(?:(?:人民)?政府|办事处)(?:{ANY_YEAR}度?)?工作(?:报告|情况.{{0,20}}报告)");
    // 我代表国务院, 我代表省人民政府
    BEHALF = "我谨?代表(?:国务院|中央人民政府|([^，。：；！]{0,12}?(?:自治区|省|市|县|区|旗|州|盟|镇|乡))(?:人民)?政府)";
    POST_PLACE = "^(.{2,16}?)(?:人民政府)?代?(?:省长|市长|区长|县长|镇长|乡长|主席|州长|盟长|旗长)";
    // lines without blanks and asides
    SPEAKER = "(?:总理|省长|市长|区长|县长|镇长|乡长|主席|州长|盟长|旗长|主任|部长)(?:兼.{2,20}主任)?[：:]?([\u{4e00}-\u{9fff}]{2,4}?|[\u{4e00}-\u{9fff}]{1,8}(?:[·•・．.][\u{4e00}-\u{9fff}]{1,8}){1,3})(?:同志)?$";
    POST_ALONE = "(?:总理|省长|市长|区长|县长|镇长|乡长|主席|州长|盟长|旗长|主任|部长)[：:]?$";
    NAME_ALONE = "^([\u{4e00}-\u{9fff}]{2,4}?|[\u{4e00}-\u{9fff}]{1,8}(?:[·•・．.][\u{4e00}-\u{9fff}]{1,8}){1,3})(?:同志)?$";
    ASIDE = "[（(][^（()）]{1,8}[）)]";
    CAPTION = "作政府工作报告|摄|来源|记者|时间[：:]|发布|。|新华社|>|首页";
    NUMBER = "[\u{4e00}-\u{9fff}]{1,8}[〔\\[（(【［][0-9０-９]{4}[〕\\]）)】］][0-9０-９]{1,4}号";
    YEAR = "([0-9]{4})年?|([〇零○o0一二三四五六七八九]{4})年";
    REVIEWED = "([0-9]{4})年.*(?:回顾|工作总结|完成情况|发展成就)";
    PLACE_END = "(?:省|市|县|区|旗|镇|乡|街道|州|盟)$";
    // 政府工作报⏎告, 遂溪县⏎2025年⏎政府工作报告
    BROKEN = "(?:的|报|年|工作|情况|省|市|县|区|旗|州|盟|镇|乡|街道|办事处|委员会|管委会|政府)$";
}

/// Reads the first `block` bytes of `text`, the title block, and the headings of its parts.
pub(crate) fn header<'a>(text: &str, block: usize, parts: impl Iterator<Item = &'a Numbered<'a>>) -> Meta {
    let mut end = block.min(LONG_BLOCK);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let block = &text[..end];
    let folded = fold(block).text;
    let mut meta = Meta::default();
    title(&mut meta, block);
    date(&mut meta, block, &folded);
    session(&mut meta, &folded);
    speaker(&mut meta, block);
    place(&mut meta, &folded, block, text);
    behalf(&mut meta, &text[end..]);
    number(&mut meta, block);
    years(&mut meta, parts);
    meta
}

fn title(meta: &mut Meta, block: &str) {
    let plain = |line: &str| line.chars().filter(|c| !c.is_whitespace()).collect::<String>();
    let mut lines: Vec<String> = block.lines().map(plain).filter(|line| !line.is_empty()).collect();
    mend(&mut lines);
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
    // a report on 2024年工作情况和2025年工作安排 is of the later year
    let folded = fold(found).text;
    let mut years = YEAR.captures_iter(&folded).filter_map(|found| year(found.get(1).or(found.get(2))?.as_str()));
    let year = if kind.is_some_and(|kind| kind.ends_with("报告")) { years.last() } else { years.next() };
    if let Some(year) = year {
        meta.year = Some(year);
        evidence(meta, &["year"], found);
    }
}

/// Puts a title that is broken into lines together again.
fn mend(lines: &mut Vec<String>) {
    let mut at = lines.len();
    while at > 1 {
        at -= 1;
        let (before, line) = (&lines[at - 1], &lines[at]);
        let is_end = line == "告" || KINDS.iter().any(|kind| line.ends_with(kind));
        let says_twice = before.ends_with("政府") && line.starts_with("政府");
        if is_end && !says_twice && BROKEN.is_match(before) && before.chars().chain(line.chars()).count() <= 40 {
            let end = lines.remove(at);
            lines[at - 1].push_str(&end);
        }
    }
}

/// A year in digits or characters, if a report can be of it.
fn year(text: &str) -> Option<u16> {
    let in_characters = || whole(&text.replace(['o', '0'], "〇"));
    let year = text.parse().ok().or_else(in_characters)?;
    u16::try_from(year).ok().filter(|year| YEARS.contains(year))
}

/// The day of the meeting; the first of several. The year is the title's, if it has one.
fn date(meta: &mut Meta, block: &str, folded: &str) {
    // whether there can be any date is quicker to tell
    if !folded.contains(['月', '-', '.', '/']) {
        return;
    }
    let written = MEETING_DATE.captures(folded).or_else(|| DATE.captures(folded));
    let lines: Vec<String> = match written {
        Some(_) => Vec::new(),
        None => block.lines().map(|line| fold(line).text).collect(),
    };
    let alone = || lines.iter().find_map(|line| DATE_ALONE.captures(line));
    let Some(found) = written.or_else(alone) else { return };
    let parts: Vec<_> = found.iter().skip(1).flatten().collect();
    let [written, month, day] = parts[..] else { return };
    if let (Some(year), Some(month), Some(day)) = (year(written.as_str()), whole(month.as_str()), whole(day.as_str()))
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
    if !names_assembly(folded) {
        return;
    }
    if let Some(found) = SESSION.captures(folded) {
        meta.session = Some(format!("第{}届第{}次{}", &found[1], &found[2], &found[3]));
        evidence(meta, &["session"], &found[0]);
    }
}

/// Where there is no assembly, no session need be looked for.
fn names_assembly(folded: &str) -> bool {
    folded.contains("人民代表大会") || folded.contains("人大")
}

fn speaker(meta: &mut Meta, block: &str) {
    let lines: Vec<&str> = block.lines().map(str::trim).filter(|line| !line.is_empty()).collect();
    let plain = |line: &str| ASIDE.replace_all(line, "").chars().filter(|c| !c.is_whitespace()).collect::<String>();
    for (at, line) in lines.iter().enumerate() {
        let names_post = line.contains(['长', '席', '理', '任']);
        if !names_post || line.chars().count() > 60 || CAPTION.is_match(line) {
            continue;
        }
        let post = plain(line);
        let found = SPEAKER.captures(&post).map(|found| (found[1].to_string(), line.to_string())).or_else(|| {
            // post and name on two lines
            let next = lines.get(at + 1).filter(|_| POST_ALONE.is_match(&post))?;
            Some((NAME_ALONE.captures(&plain(next))?[1].to_string(), format!("{line} {next}")))
        });
        if let Some((name, words)) = found {
            meta.speaker = Some(name);
            return evidence(meta, &["speaker"], &words);
        }
    }
}

/// Level and place, from the title, else from the assembly that heard the report, else from the speaker's post.
fn place(meta: &mut Meta, folded: &str, block: &str, text: &str) {
    let mut names: Vec<(String, String)> = Vec::new();
    let title = fold(&meta.title).text;
    if let Some(found) = TITLE_PLACE.captures(&title).filter(|found| &found[1] != "国务院") {
        names.push((found[1].to_string(), meta.title.clone()));
    }
    if NATION.is_match(folded) && names.is_empty() {
        meta.level = Some(Level::Nation);
        let words = NATION.find(folded).map_or("", |found| found.as_str()).to_string();
        return evidence(meta, &["level"], &words);
    }
    if names_assembly(folded)
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
        meta.level = Some(level_of(name));
        meta.place = vec![name.clone()];
        evidence(meta, &["level", "place"], words);
    }
}

/// The level of a place by the end of its name.
fn level_of(name: &str) -> Level {
    match name.chars().next_back() {
        Some('省') => Level::Province,
        Some('市' | '州' | '盟') => Level::City,
        Some('区') if name.ends_with("自治区") => Level::Province,
        Some('县' | '区' | '旗') => Level::County,
        _ => Level::Town,
    }
}

/// The level of the government for which the speaker opens the speech, where the title block has none.
fn behalf(meta: &mut Meta, speech: &str) {
    if meta.level.is_some() {
        return;
    }
    let opening = speech.char_indices().nth(LONG_OPENING).map_or(speech, |(end, _)| &speech[..end]);
    // few texts are speeches: most need neither be folded nor held against the pattern
    if !opening.contains('代') {
        return;
    }
    let opening = fold(opening).text;
    if opening.contains("代表")
        && let Some(found) = BEHALF.captures(&opening)
    {
        meta.level = Some(found.get(1).map_or(Level::Nation, |place| level_of(place.as_str())));
        evidence(meta, &["level"], &found[0]);
    }
}

/// The place that `name` ends with: 呼伦贝尔市海拉尔区 is 海拉尔区, and what stands before it tells which.
fn known(name: &str, text: &str) -> Option<places::Place> {
    let mut starts: Vec<usize> = vec![0];
    starts.extend(name.char_indices().filter(|(_, c)| "省市县区旗州盟".contains(*c)).map(|(at, c)| at + c.len_utf8()));
    starts.into_iter().filter(|&at| at < name.len()).find_map(|at| places::find(&name[at..], &name[..at], text))
}

fn number(meta: &mut Meta, block: &str) {
    if block.contains('号')
        && let Some(found) = NUMBER.find(block)
    {
        meta.number = Some(found.as_str().to_string());
        evidence(meta, &["number"], found.as_str());
    }
}

/// The year that the parts look back on, and that of the report where the title block has none. What is given in the last months of
/// a year and plans the next one, or looks back on that year in December, is a report of the next.
fn years<'a>(meta: &mut Meta, parts: impl Iterator<Item = &'a Numbered<'a>>) {
    let titles: Vec<(String, String)> =
        parts.map(|part| (fold(part.title).text, format!("{}{}", part.mark, part.title))).collect();
    let reviewed = titles.iter().find_map(|(title, words)| Some((REVIEWED.captures(title)?[1].parse().ok()?, words)));
    if let Some((year, words)) = reviewed {
        meta.review_year = Some(year).filter(|year| YEARS.contains(year));
        evidence(meta, &["review_year"], words);
    }
    if meta.year.is_none()
        && let Some((year, words)) = planned(&titles, meta.review_year)
    {
        meta.year = Some(year);
        evidence(meta, &["year"], words);
    }
    let month = |date: &String| date.get(5..7).and_then(|month| month.parse::<u8>().ok());
    let is_of_date = meta.evidence.contains_key("year") && meta.evidence.get("year") == meta.evidence.get("date");
    let (Some(year), Some(month), true) = (meta.year, meta.date.as_ref().and_then(month), is_of_date) else { return };
    let next = titles.iter().find(|(title, _)| month >= 10 && title.contains(&format!("{}年", year + 1)));
    let words = next
        .or(titles.iter().find(|(title, _)| month == 12 && REVIEWED.is_match(title) && meta.review_year == Some(year)));
    if let Some((_, words)) = words {
        meta.year = Some(year + 1);
        evidence(meta, &["year"], words);
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

fn evidence(meta: &mut Meta, fields: &[&str], words: &str) {
    for field in fields {
        meta.evidence.insert(field.to_string(), words.to_string());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(block: &str) -> Meta {
        header(block, block.len(), [].into_iter())
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
    fn speakers_with_marks_and_asides() {
        for line in [
            "遂溪县县长：余庆创",
            "县 长  余 庆 创",
            "县长（代） 余庆创",
            "县人民政府县长  余庆创同志",
            "县长 余庆创（女）",
            "报告人：县长 余庆创",
        ] {
            assert_eq!(read(line).speaker.as_deref(), Some("余庆创"), "{line}");
        }
    }

    #[test]
    fn titles_broken_into_lines() {
        for (block, title, place, year) in [
            ("政府工作报\n告\n", "政府工作报告", "", None),
            ("遂溪县2025年\n政府工作报告\n", "遂溪县2025年政府工作报告", "广东省/湛江市/遂溪县", Some(2025)),
            (
                "关于遂溪县人民政府\n2024年工作情况和2025年工作安排的\n报告\n",
                "关于遂溪县人民政府2024年工作情况和2025年工作安排的报告",
                "广东省/湛江市/遂溪县",
                Some(2025),
            ),
            (
                "湛江市遂溪县\n港门街道办事处\n2024年工作报告",
                "湛江市遂溪县港门街道办事处2024年工作报告",
                "湛江市遂溪县港门街道",
                Some(2024),
            ),
            ("甘肃省人民政府\n政府工作报告", "政府工作报告", "", None),
            ("二〇二五年政府工作报告", "二〇二五年政府工作报告", "", Some(2025)),
            ("二〇二五年遂溪县政府工作报告", "二〇二五年遂溪县政府工作报告", "广东省/湛江市/遂溪县", Some(2025)),
            ("遂溪县2025年度政府工作报告", "遂溪县2025年度政府工作报告", "广东省/湛江市/遂溪县", Some(2025)),
            ("关于遂溪县人民政府工作报告的决议", "关于遂溪县人民政府工作报告的决议", "广东省/湛江市/遂溪县", None),
            (
                "关于印发遂溪县2025年政府工作报告的通知",
                "关于印发遂溪县2025年政府工作报告的通知",
                "广东省/湛江市/遂溪县",
                Some(2025),
            ),
        ] {
            let meta = read(block);
            assert_eq!(
                (meta.title.as_str(), meta.place.join("/").as_str(), meta.year),
                (title, place, year),
                "{block}"
            );
        }
        let decided = read("第十三届全国人民代表大会第一次会议关于政府工作报告的决议\n");
        assert_eq!((decided.level, decided.place), (Some(Level::Nation), Vec::new()));
    }

    #[test]
    fn sessions_however_they_are_written() {
        for line in ["在遂溪县第十七届人民代表大会第五次会议上", "在遂溪县十七届人大五次会议上"]
        {
            let meta = read(line);
            assert_eq!((meta.session.as_deref(), meta.place.len()), (Some("第十七届第五次会议"), 3), "{line}");
        }
    }

    #[test]
    fn what_is_given_in_december_is_of_the_next_year() {
        let year = |date: &str, titles: &[&str]| {
            let text = format!(
                "政府工作报告\n——{date}在某县第五届人民代表大会第二次会议上\n\n{}\n正文。\n",
                titles.join("\n正文。\n")
            );
            crate::Document::from_text("a", text).meta.year
        };
        assert_eq!(year("2024年12月26日", &["一、2024年工作回顾", "二、2025年工作安排"]), Some(2025));
        assert_eq!(year("2024年12月26日", &["一、2024年工作回顾", "二、明年工作安排"]), Some(2025));
        assert_eq!(year("2024年7月26日", &["一、2024年上半年工作回顾", "二、2024年下半年工作安排"]), Some(2024));
        assert_eq!(year("2025年1月8日", &["一、2024年工作回顾", "二、2025年工作安排"]), Some(2025));
    }

    #[test]
    fn without_a_title_block_the_speech_tells() {
        for (opening, titles, level, year) in [
            ("我代表国务院，", ["一、2024年工作回顾", "二、2025年政府工作任务"], Level::Nation, Some(2025)),
            ("我代表国务院，", ["一、过去五年工作回顾", "二、2018年总体要求"], Level::Nation, Some(2018)),
            ("我谨代表省人民政府，", ["一、2025年工作回顾", "二、“十五五”主要任务"], Level::Province, Some(2026)),
            ("我代表自治区人民政府", ["一、过去五年工作回顾", "二、今后五年任务"], Level::Province, None),
            ("我代表某县某镇政府", ["一、2024年上半年工作回顾", "二、下半年任务"], Level::Town, None),
        ] {
            let text = format!("各位代表：\n现在，{opening}报告工作。\n{}\n正文。\n", titles.join("\n正文。\n"));
            let meta = crate::Document::from_text("a", text).meta;
            assert_eq!((meta.level, meta.year), (Some(level), year), "{titles:?}");
            assert!(meta.evidence["level"].ends_with(['院', '府']));
        }
    }

    #[test]
    fn dates_of_all_kinds() {
        for (line, date) in [
            ("——二〇二六年一月二十七日在甘肃省第十四届人民代表大会第四次会议上", "2026-01-27"),
            ("１９８８年３月２５日在第七届全国人民代表大会第一次会议上", "1988-03-25"),
            ("——1 9 9 8 年3 月5 日在第九届", "1998-03-05"),
            ("——1955年7月5日至6日在第一届", "1955-07-05"),
            ("——二O二五年一月七日在晋江市第十八届", "2025-01-07"),
            ("二0二五年一月八日", "2025-01-08"),
            ("——2025.1.8在永丰县第十七届", "2025-01-08"),
            ("余庆创\n2025-01-08", "2025-01-08"),
            ("发布时间：2025年03月10日\n2025年1月8日在遂溪县第十七届", "2025-01-08"),
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
