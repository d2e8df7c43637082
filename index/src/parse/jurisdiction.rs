//! Reads whose report it is: the place and level of the government, from the title, the assembly, the speaker's post, or the
//! words with which the speech opens. The entry points are [`place`] and [`behalf`].

use std::cell::LazyCell;
use std::sync::LazyLock;

use crate::document::{Level, Meta};
use crate::fold::fold;
use crate::parse::dates::{DAY, day};
use crate::parse::marks::is_caption;
use crate::parse::places;
use crate::patterns::patterns;

/// In so many characters a speaker has said for whom the report is.
const LONG_OPENING: usize = 500;

/// What may stand for the year in a title: 2025年, 二〇二五年, and with what is typed for its 〇; 2025 alone, 2025年1月.
const TITLE_YEAR: &str = "(?:(?:[0-9]{4}年?|[〇零○o0一二三四五六七八九]{4}年)(?:[0-9]{1,2}月)?度?)?";

/// What reports for a place.
const ORGANS: &str = "(?:人民)?政府|办事处|行政公署|行署|管理委员会|管委会|人大常委会|人民代表大会常务委员会|(?:高级|中级)?人民法院|人民检察院";

/// A place and what speaks for it, in the words with which a speech opens.
static NAMED_ORGAN: LazyLock<String> = LazyLock::new(|| {
    let place = "[^，。：；！]{0,12}?(?:自治区|地区|省|市|县|区|旗|州|盟|镇|乡|街道)";
    format!("(?:({place})(?:第?[0-9一二三四五六七八九十]+届)?(?:{ORGANS}))")
});

/// What stands before a place that a title begins with.
const PARTIES: &str = "(?:政协|中共|中国共产党|中国人民政治协商会议)?";

/// In so many characters a title has named the place that it begins with.
const LONG_PLACE: usize = 24;

// in folded text
patterns! {
    ASSEMBLY = "在([^第].{1,15}?)第?[0-9〇零一二三四五六七八九十]+届(?:人民代表大会|人大)";
    // 2018年12月29日某县第五届人民代表大会第三次会议通过, and the same without the day at the beginning of a paragraph
    PASSED = &format!("(?:^[-—]*|{DAY})(?P<assembly>(?P<name>[^在于的，。；：]{{2,16}}?)第?[0-9〇零一二三四五六七八九十]+届(?:人民代表大会|人大))");
    // 在第七届全国人民代表大会第一次会议上
    NATION = &format!("(?:^[-—]*|在|{DAY}(?:至[0-9一二三四五六七八九十]+日)?)(?:中华人民共和国)?第?[0-9〇零一二三四五六七八九十]+届全国(?:人民代表大会|人大)|^(?:中华人民共和国)?国务院.{{0,4}}总理|{DAY}(?:中华人民共和国)?国务院");
    NATION_TITLE = "^\\W*(?:中华人民共和国|国务院|全国人民代表大会|全国人大|第?[0-9〇零一二三四五六七八九十]+届全国|最高人民)";
    TITLE_PLACE = &format!("(?:关于(?:印发|批准)?|^\\W*){TITLE_YEAR}(?:([^0-9届年]{{2,20}}?){TITLE_YEAR}(?:{ORGANS})|([^0-9届年]{{2,20}}?街道)){TITLE_YEAR}工作(?:报告|情况.{{0,20}}报告)");
    ORGAN = ORGANS;
    TITLE_BEGIN = &format!("^\\W*{TITLE_YEAR}{PARTIES}");
    // 我代表国务院, 我代表省人民政府, 我受镇人民政府委托
    BEHALF = &format!("我谨?代表(?:国务院|中央人民政府|{organ})|我受(?:国务院|{organ})的?委托", organ = *NAMED_ORGAN);
    POST_PLACE = &format!("^(.{{2,16}}?)(?:{ORGANS})?代?(?:省长|市长|区长|县长|镇长|乡长|主席|州长|盟长|旗长|专员|行政长官)");
    PLACE_END = "(?:省|市|县|区|旗|镇|乡|街道|州|盟)$";
    // 某县, xx旗, 乡镇
    NO_NAME = "两会|关于|^[省市县区旗镇乡州盟某本我全*×a-z]*(?:自治区|地区|街道)?$";
}

/// Level and place, from the title, else from the assembly that heard the report, else from the speaker's post. `assemblies` are the
/// paragraphs that name one.
pub(crate) fn place(meta: &mut Meta, assemblies: &[String], lines: &[&str], text: &str) {
    let mut names: Vec<(String, String)> = Vec::new();
    let title = fold(&meta.title).text;
    let named = TITLE_PLACE.captures(&title).and_then(|found| found.get(1).or(found.get(2))).map(|name| name.as_str());
    if let Some(name) = named.filter(|name| PLACE_END.is_match(name) || known(name, text).is_some()) {
        names.push((name.to_string(), meta.title.clone()));
    } else if let Some(nation) = NATION_TITLE.find(&title) {
        return is_of_nation(meta, nation.as_str());
    }
    let may_begin = names.is_empty() && meta.kind.is_some();
    // most titles need not be asked
    let begins = LazyCell::new(|| beginning(&title, text).filter(|_| may_begin));
    if ORGAN.is_match(&title)
        && let Some((place, _)) =
            begins.as_ref().filter(|(_, behind)| ORGAN.find(behind).is_some_and(|organ| organ.start() == 0))
    {
        return is_of(meta, place.clone(), &meta.title.clone());
    }
    let assembly = assemblies.iter().find_map(|paragraph| {
        let heard = || ASSEMBLY.captures(paragraph).map(|found| (found[1].to_string(), found[0].to_string()));
        let passed =
            || PASSED.captures(paragraph).map(|found| (found["name"].to_string(), found["assembly"].to_string()));
        heard().or_else(passed)
    });
    names.extend(assembly);
    // of the others few can say anything
    let says = |line: &&&str| line.contains(['国', '國', '长', '長', '席', '员', '員', '官']);
    let lines: Vec<String> = lines.iter().filter(says).map(|line| fold(line).text).collect();
    let nation = || assemblies.iter().chain(&lines).find_map(|paragraph| NATION.find(paragraph));
    if names.is_empty()
        && begins.is_none()
        && let Some(nation) = nation()
    {
        return is_of_nation(meta, nation.as_str());
    }
    let names_post =
        |line: &&String| line.contains(['长', '席', '员']) && line.chars().count() < 40 && !is_caption(line);
    let posts = lines
        .iter()
        .filter(names_post)
        .filter_map(|line| Some((POST_PLACE.captures(line)?[1].to_string(), line.clone())));
    if !names.is_empty() || begins.is_none() {
        names.extend(posts);
    }
    for (name, words) in &mut names {
        // 在2008年1月19日城关镇第十六届人民代表大会
        if let Some(day) = day(name).filter(|day| day.start() == 0) {
            name.drain(..day.end());
        }
        if let Some(place) = known(name, text) {
            return is_of(meta, place, words);
        }
    }
    if let Some((place, _)) = begins.as_ref() {
        return is_of(meta, place.clone(), &meta.title.clone());
    }
    // a place that the gazetteer does not have, or cannot tell from others
    let mut ends = names.iter().filter(|(name, _)| PLACE_END.is_match(name));
    let Some((name, words)) = ends.clone().find(|(name, _)| !NO_NAME.is_match(name)).or(ends.next()) else { return };
    meta.level = level_of(name, words);
    meta.prove(&["level"], words);
    if !NO_NAME.is_match(name) {
        meta.place = within(name, text).unwrap_or_else(|| vec![name.clone()]);
        meta.prove(&["place"], words);
    }
}

fn is_of_nation(meta: &mut Meta, words: &str) {
    meta.level = Some(Level::Nation);
    meta.prove(&["level"], words);
}

/// The place that a folded title begins with, by its full name, and what stands behind it: 杭州市桐庐县 in 杭州市桐庐县城市总体规划. Each
/// name lies in the one before it.
fn beginning<'t>(title: &'t str, text: &str) -> Option<(places::Place, &'t str)> {
    let title = &title[TITLE_BEGIN.find(title).map_or(0, |begin| begin.end())..];
    let mut found: Option<places::Place> = None;
    let mut start = 0;
    for (at, end) in title.char_indices().take(LONG_PLACE) {
        let name = &title[start..at + end.len_utf8()];
        // 城区 and 郊区 are words
        if !"省市县区旗州盟镇乡".contains(end) || name.chars().nth(2).is_none() {
            continue;
        }
        let place = places::find(name, &title[..start], text);
        let Some(place) = place.filter(|place| place.chain.last().is_some_and(|last| last == name)) else { continue };
        let lies_in = match &found {
            Some(outer) => place.chain.starts_with(&outer.chain),
            None => true,
        };
        // a town is not known by its name alone, and 漕河泾新兴技术开发区 is none
        let is_whole = place.level != Level::Town || found.is_some() && name.ends_with(['镇', '乡']);
        if lies_in && is_whole {
            (start, found) = (at + end.len_utf8(), Some(place));
        }
    }
    Some((found?, &title[start..]))
}

/// A place that the gazetteer lacks, in the one that its name begins with: 昆山市淀山湖镇.
fn within(name: &str, text: &str) -> Option<Vec<String>> {
    let ends =
        name.char_indices().rev().filter(|(_, c)| "省市县区旗州盟".contains(*c)).map(|(at, c)| at + c.len_utf8());
    ends.filter(|&end| end < name.len()).find_map(|end| {
        let mut chain = known(&name[..end], text)?.chain;
        chain.extend(Some(name[end..].to_string()).filter(|name| !NO_NAME.is_match(name)));
        Some(chain)
    })
}

fn is_of(meta: &mut Meta, place: places::Place, words: &str) {
    meta.level = Some(place.level).filter(|_| !is_of_zone(words));
    meta.place_code = place.code.map(String::from);
    meta.place = place.chain;
    meta.prove(&["level", "place"], words);
}

/// The committee of a zone is no government of any level.
fn is_of_zone(words: &str) -> bool {
    words.contains("管委会") || words.contains("管理委员会")
}

/// The level of a place by the end of its name.
fn level_of(name: &str, words: &str) -> Option<Level> {
    let level = match name.chars().next_back() {
        Some('省') => Level::Province,
        Some('市' | '州' | '盟') => Level::City,
        Some('区') if name.ends_with("自治区") => Level::Province,
        Some('区') if name.ends_with("地区") => Level::City,
        Some('县' | '区' | '旗') => Level::County,
        _ => Level::Town,
    };
    Some(level).filter(|_| !is_of_zone(words))
}

/// The government for which the speaker opens the `speech`, or the title block `folded`, where that states none.
pub(crate) fn behalf(meta: &mut Meta, folded: &str, speech: &str, text: &str) {
    if meta.level.is_some() {
        return;
    }
    let opening = speech.char_indices().nth(LONG_OPENING).map_or(speech, |(end, _)| &speech[..end]);
    // few texts are speeches: most need neither be folded nor held against the pattern
    let may_say = |text: &str| text.contains(['代', '委']);
    let opening = if may_say(opening) { fold(opening).text } else { String::new() };
    let says = |text: &str| text.contains("代表") || text.contains("委托");
    let said = [folded, &opening].into_iter().filter(|text| says(text)).find_map(|text| BEHALF.captures(text));
    let Some(found) = said else { return };
    let words = &found[0];
    let Some(name) = found.get(1).or(found.get(2)).map(|name| name.as_str()) else {
        meta.level = Some(Level::Nation);
        return meta.prove(&["level"], words);
    };
    match Some(name).filter(|name| !NO_NAME.is_match(name)).and_then(|name| known(name, text)) {
        Some(place) => is_of(meta, place, words),
        None => {
            meta.level = level_of(name, words);
            meta.prove(&["level"], words);
        }
    }
}

/// The place that `name` ends with: 呼伦贝尔市海拉尔区 is 海拉尔区, and what stands before it tells which.
fn known(name: &str, text: &str) -> Option<places::Place> {
    let mut starts: Vec<usize> = vec![0];
    starts.extend(name.char_indices().filter(|(_, c)| "省市县区旗州盟".contains(*c)).map(|(at, c)| at + c.len_utf8()));
    starts.into_iter().filter(|&at| at < name.len()).find_map(|at| places::find(&name[at..], &name[..at], text))
}
