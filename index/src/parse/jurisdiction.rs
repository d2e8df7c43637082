//! Reads whose report it is: the place and level of the government, from the title, the assembly, the speaker's post, or the
//! words with which the speech opens. The entry points are [`place`] and [`behalf`].

use std::sync::LazyLock;

use crate::document::{Level, Meta};
use crate::fold::fold;
use crate::parse::dates::{DAY, day, names_assembly};
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

// in folded text
patterns! {
    ASSEMBLY = "在(.{2,16}?)第?[0-9〇零一二三四五六七八九十]+届(?:全国)?(?:人民代表大会|人大)";
    // 2018年12月29日某县第五届人民代表大会第三次会议通过
    PASSED = &format!("{DAY}(?P<assembly>(?P<name>[^在]{{2,16}}?)第?[0-9〇零一二三四五六七八九十]+届(?:人民代表大会|人大))[^，。；]{{0,24}}通过");
    NATION = "全国人民代表大会|国务院.{0,4}总理";
    TITLE_PLACE = &format!("(?:关于(?:印发|批准)?|^\\W*){TITLE_YEAR}(?:([^0-9届年]{{2,20}}?){TITLE_YEAR}(?:{ORGANS})|([^0-9届年]{{2,20}}?街道)){TITLE_YEAR}工作(?:报告|情况.{{0,20}}报告)");
    // 我代表国务院, 我代表省人民政府, 我受镇人民政府委托
    BEHALF = &format!("我谨?代表(?:国务院|中央人民政府|{organ})|我受(?:国务院|{organ})的?委托", organ = *NAMED_ORGAN);
    POST_PLACE = "^(.{2,16}?)(?:人民政府)?代?(?:省长|市长|区长|县长|镇长|乡长|主席|州长|盟长|旗长)";
    PLACE_END = "(?:省|市|县|区|旗|镇|乡|街道|州|盟)$";
    // 某县, xx旗, 乡镇
    NO_NAME = "两会|^[省市县区旗镇乡州盟某本我全*×a-z]*(?:自治区|地区|街道)?$";
}

/// Level and place, from the title, else from the assembly that heard the report, else from the speaker's post.
pub(crate) fn place(meta: &mut Meta, folded: &str, lines: &[&str], text: &str) {
    let mut names: Vec<(String, String)> = Vec::new();
    let title = fold(&meta.title).text;
    if let Some(found) = TITLE_PLACE.captures(&title)
        && let Some(name) =
            found.get(1).or(found.get(2)).filter(|name| !["国务院", "全国", "最高"].contains(&name.as_str()))
    {
        names.push((name.as_str().to_string(), meta.title.clone()));
    }
    if NATION.is_match(folded) && names.is_empty() {
        meta.level = Some(Level::Nation);
        let words = NATION.find(folded).map_or("", |found| found.as_str()).to_string();
        return meta.prove(&["level"], &words);
    }
    if names_assembly(folded) {
        let heard = ASSEMBLY.captures(folded).map(|found| (found[1].to_string(), found[0].to_string()));
        let passed = || PASSED.captures(folded).map(|found| (found["name"].to_string(), found["assembly"].to_string()));
        names.extend(heard.or_else(passed));
    }
    let has_post = folded.contains(['长', '席']);
    let lines = lines.iter().filter(|_| has_post).map(|line| fold(line).text);
    for line in lines.filter(|line| line.chars().count() < 40 && !is_caption(line)) {
        if let Some(found) = POST_PLACE.captures(&line) {
            names.push((found[1].to_string(), line.clone()));
        }
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
    // a place that the gazetteer does not have, or cannot tell from others
    let mut ends = names.iter().filter(|(name, _)| PLACE_END.is_match(name));
    let Some((name, words)) = ends.clone().find(|(name, _)| !NO_NAME.is_match(name)).or(ends.next()) else { return };
    meta.level = level_of(name, words);
    meta.prove(&["level"], words);
    if !NO_NAME.is_match(name) {
        meta.place = vec![name.clone()];
        meta.prove(&["place"], words);
    }
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
