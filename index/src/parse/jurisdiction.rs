//! Reads whose report it is: the place and level of the government, from the title, the assembly, the speaker's post, or the
//! words with which the speech opens. The entry points are [`place`] and [`behalf`].

use std::cell::LazyCell;
use std::sync::LazyLock;

use crate::document::{Level, Meta};
use crate::fold::fold;
use crate::parse::dates::{DAY, day, signatures};
use crate::parse::marks::is_caption;
use crate::parse::places;
use crate::patterns::{Pattern, patterns};

/// In so many characters a speaker has said for whom the report is.
const LONG_OPENING: usize = 500;

/// What may stand for the year in a title: 2025年, 二〇二五年, and with what is typed for its 〇; 2025 alone, 2025年1月.
const TITLE_YEAR: &str = "(?:(?:[0-9]{4}年?|[〇零○o0一二三四五六七八九]{4}年)(?:[0-9]{1,2}月)?度?)?";

/// What a title may begin with before the place: 关于, or (湖南省)2016年 and (湖南)2016年, whose brackets are gone.
const TITLE_FRONT: &str =
    "(?:关于(?:印发|批准)?|^\\W*(?:[^0-9届年]{1,6}[省市区州][0-9]{4}年?|[^0-9届年]{2,3}[0-9]{4}年)??)";

/// What reports for a place.
const ORGANS: &str = "(?:人民)?政府|办事处|行政公署|行署|管理委员会|管委会|人大常委会|人民代表大会常务委员会|(?:高级|中级)?人民法院|人民检察院";

/// A place and what speaks for it, in the words with which a speech opens.
static NAMED_ORGAN: LazyLock<String> = LazyLock::new(|| {
    let place = "[^，。：；！]{0,12}?(?:自治区|地区|省|市|县|区|旗|州|盟|镇|乡|街道)";
    format!("(?:({place})(?:第?[0-9一二三四五六七八九十]+届)?(?:{ORGANS}))")
});

/// What stands before a place that a title begins with.
const PARTIES: &str = "(?:政协|中共|中国共产党|中国人民政治协商会议)?";

/// So many characters the name of who signs has at most.
const LONG_SIGNATURE: usize = 30;

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
    // behind a year others may speak of it: 2019年国务院大督查整改情况
    YEAR_NATION = &format!("^\\W*{TITLE_YEAR}(?:中华人民共和国|国务院(?:关于|政府)|全国(?:人民代表大会|人大)常|最高人民)");
    TITLE_PLACE = &format!("{TITLE_FRONT}{TITLE_YEAR}(?:人大)?(?:([^0-9届年]{{1,20}}?){TITLE_YEAR}(?:{ORGANS})|([^0-9届年]{{2,20}}?街道)(?:工委)?){TITLE_YEAR}工作(?:报告|报$|总结|情况.{{0,20}}报告)");
    ORGAN = ORGANS;
    // 操军镇 of 遂溪县操军镇2024年…, but not 各乡镇, 新型城镇 and 特色小镇
    TOWN = &format!("^([^各全省市县区0-9届年]{{1,4}}?[^乡城小点心][镇乡])(?:{ORGANS}|党委|关于|[0-9]{{4}})");
    // 新县城 is not of 新县
    LONGER_WORD = "^(?:城(?:[^市乡]|$)|域|级)";
    // 遂溪县某公司诉遂溪县人民政府案 is no paper of the county
    OF_OTHERS = "公司|合作社|诉|纠纷";
    // the head of an official document, and who signs it
    HEAD = &format!("^(?:{ORGANS})(?:办公室)?(?:文件|令)?$");
    TITLE_BEGIN = &format!("^\\W*(?P<about>关于)?{TITLE_YEAR}{PARTIES}");
    // a place accounts for itself: 关于遂溪县2024年预算执行情况…; others decide on 关于遂溪县2024年度建设用地的批复
    OWN_ACCOUNT = &format!("^{TITLE_YEAR}[^的]{{0,8}}?(?:国民经济|计划执行|财政收|[预决]算(?:[^内外]|$))");
    // 我代表国务院, 我代表省人民政府, 我受镇人民政府委托
    BEHALF = &format!("我谨?代表(?:国务院|中央人民政府|{organ})|我受(?:国务院|{organ})的?委托", organ = *NAMED_ORGAN);
    // …向大会报告政府工作, …作政府工作报告
    REPORTS_WORK = "我谨?代表(?:国务院|[^，。：；！]{0,24}?政府)[，,]?(?:[现谨]|向[^，。：；！]{2,24}?)?[，,]?(?:作?(?:政府)?工作报告|报告(?:[^，。：；！]{2,8}的)?(?:政府)?工作)";
    // 遂溪县委副书记、县人民政府代县长: 、 is gone, and other offices may stand before the post
    POST_PLACE = &format!("^{PARTIES}([省市县区旗镇乡]|.{{2,16}}?)(?:(?:党|工|党工)?委(?:员会)?(?:常委|委员|副?书记)+(?:自治[区州县旗]|[省市县区旗州盟镇乡])?)?(?:(?:{ORGANS})(?:党组(?:副?书记))?)?(?:常务|代理?|副)*(?:省长|市长|区长|县长|镇长|乡长|主席|州长|盟长|旗长|专员|行政长官)");
    OFFICE = "^[^，。：；！]{2,12}(?:局|厅|法院|检察院)副?(?:局长|厅长|院长|检察长)";
    PLACE_END = "(?:省|市|县|区|旗|镇|乡|街道|州|盟)$";
    // 某县, xx旗, 乡镇
    NO_NAME = "两会|关于|书记|委|副|^[省市县区旗镇乡州盟某本各我全*×a-z]*(?:自治[区州县旗]|地区|街道|开发区)?$";
}

/// Level and place, from the title, else from the assembly that heard the report, else from the speaker's post. `assemblies` are the
/// paragraphs that name one.
pub(crate) fn place(meta: &mut Meta, assemblies: &[String], lines: &[&str], text: &str) {
    let mut names: Vec<(String, String)> = Vec::new();
    let title = fold(&meta.title).text;
    let named = TITLE_PLACE.captures(&title).and_then(|found| found.get(1).or(found.get(2))).map(|name| name.as_str());
    if let Some(name) = named.filter(|name| PLACE_END.is_match(name) || known(name, text).is_some()) {
        names.push((name.to_string(), meta.title.clone()));
    } else if let Some(nation) = NATION_TITLE.find(&title).or_else(|| YEAR_NATION.find(&title)) {
        return is_of_nation(meta, nation.as_str());
    }
    let may_begin = names.is_empty() && (meta.kind.is_some() || !OF_OTHERS.is_match(&title));
    // most titles need not be asked
    let begins = LazyCell::new(|| beginning(&title, text).filter(|_| may_begin));
    if ORGAN.is_match(&title)
        && let Some((place, _)) = begins.as_ref().filter(|(_, behind)| begins_with_organ(behind))
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
    let head = lines.iter().find(|line| line.trim_end().ends_with(['件', '令'])).map(|line| fold(line).text);
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
        if let Some(place) = known(name, text).or_else(|| town_within(name, text)) {
            return is_of(meta, place, words);
        }
    }
    if let Some((place, _)) = begins.as_ref() {
        return is_of(meta, place.clone(), &meta.title.clone());
    }
    let issuer = || {
        let line = head.as_ref()?;
        beginning(line, text).filter(|(_, behind)| HEAD.is_match(behind)).map(|(place, _)| (place, line))
    };
    if let Some((place, line)) = issuer() {
        return is_of(meta, place, line);
    }
    let office = || lines.iter().filter(names_post).find_map(|line| Some((place_of_office(line, text)?, line)));
    if let Some((place, line)) = if names.is_empty() { office() } else { None } {
        return is_of(meta, place, line);
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
    let begin = TITLE_BEGIN.captures(title)?;
    let (title, is_about) = (&title[begin[0].len()..], begin.name("about").is_some());
    let mut found: Option<places::Place> = None;
    let mut start = 0;
    for (at, end) in title.char_indices().take(LONG_PLACE) {
        let name = &title[start..at + end.len_utf8()];
        let behind = &title[at + end.len_utf8()..];
        // 城区 and 郊区 are words where no government is theirs
        let is_word = || LONGER_WORD.is_match(behind) || end == '区' && !begins_with_organ(behind);
        if !"省市县区旗州盟镇乡".contains(end) || name.chars().nth(2).is_none() && is_word() {
            continue;
        }
        let place = places::find(name, &title[..start], text).or_else(|| places::find_within(name, text));
        let is_named = |place: &places::Place| place.chain.last().is_some_and(|last| name.ends_with(last.as_str()));
        let Some(place) = place.filter(is_named) else { continue };
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
    let mut found = found?;
    // a town that the gazetteer lacks
    if let Some(town) = TOWN.captures(&title[start..]).filter(|_| matches!(found.level, Level::City | Level::County)) {
        start += town[1].len();
        found.chain.push(town[1].to_string());
        found = places::Place { level: Level::Town, code: None, ..found };
    }
    Some((found, &title[start..])).filter(|(_, behind)| !is_about || OWN_ACCOUNT.is_match(behind))
}

fn begins_with_organ(folded: &str) -> bool {
    ORGAN.find(folded).is_some_and(|organ| organ.start() == 0)
}

/// Whether a folded title says that it is about a place, by beginning with its full name.
pub(crate) fn begins_with_place(title: &str, text: &str) -> bool {
    beginning(title, text).is_some_and(|(_, behind)| !behind.is_empty())
}

/// The place whose office the one who speaks is the head of: 汕头市潮阳区审计局局长.
fn place_of_office(line: &str, text: &str) -> Option<places::Place> {
    beginning(line, text).filter(|(_, behind)| OFFICE.is_match(behind)).map(|(place, _)| place)
}

/// A place that the gazetteer lacks, in the one that its name begins with: 昆山市淀山湖镇.
fn within(name: &str, text: &str) -> Option<Vec<String>> {
    // 湖南某某县
    let province = |end: usize| known(&name[..end], text).filter(|place| place.level == Level::Province);
    let short = || name.char_indices().map(|(at, _)| at).skip(2).take(2).filter(|&end| province(end).is_some());
    let ends =
        name.char_indices().rev().filter(|(_, c)| "省市县区旗州盟".contains(*c)).map(|(at, c)| at + c.len_utf8());
    // 连州镇 is no town of 连州
    let is_end = |end: &usize| !["", "镇", "乡", "街道"].contains(&&name[*end..]);
    ends.filter(is_end).chain(short()).find_map(|end| {
        let mut chain = known(&name[..end], text)?.chain;
        chain.extend(Some(name[end..].to_string()).filter(|name| !NO_NAME.is_match(name)));
        Some(chain)
    })
}

/// A town that the gazetteer lacks, in the county or city that its name begins with.
fn town_within(name: &str, text: &str) -> Option<places::Place> {
    let is_town = |name: &str| name.ends_with(['镇', '乡']) || name.ends_with("街道");
    let chain = if is_town(name) { within(name, text)? } else { return None };
    let is_whole = chain.len() > 2 && is_town(&chain[chain.len() - 1]);
    is_whole.then_some(places::Place { chain, level: Level::Town, code: None })
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

/// The government for which the speaker opens the `speech`, or the title block `folded`, and that its work is reported, where that
/// block does not say so.
pub(crate) fn behalf(meta: &mut Meta, folded: &str, speech: &str, text: &str) {
    let says_kind = meta.kind.is_some() || !meta.title.is_empty();
    if meta.level.is_some() && says_kind {
        return;
    }
    let opening = speech.char_indices().nth(LONG_OPENING).map_or(speech, |(end, _)| &speech[..end]);
    // few texts are speeches: most need neither be folded nor held against the pattern
    let may_say = |text: &str| text.contains('我') && (text.contains('代') || text.contains('委'));
    let opening = if may_say(opening) { fold(opening).text } else { String::new() };
    let says = |text: &str| text.contains("代表") || text.contains("委托");
    let said = || [folded, &opening].into_iter().filter(|text| says(text));
    if !says_kind && let Some(words) = said().find_map(|text| REPORTS_WORK.find(text)) {
        meta.kind = Some("政府工作报告".to_string());
        meta.prove(&["kind"], words.as_str());
    }
    let Some(found) = said().find_map(|text| BEHALF.captures(text)).filter(|_| meta.level.is_none()) else { return };
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

/// The place whose government or congress signs a text among its last `lines`, where nothing before says more than the level.
pub(crate) fn signed<'t>(meta: &mut Meta, lines: impl DoubleEndedIterator<Item = &'t str>, text: &str) {
    if !meta.place.is_empty() || matches!(meta.level, None | Some(Level::Nation)) {
        return;
    }
    for line in signatures(meta, lines).filter(|line| line.chars().count() <= LONG_SIGNATURE) {
        let folded = fold(line).text;
        let signs = |(place, behind): &(places::Place, &str)| meta.level == Some(place.level) && HEAD.is_match(behind);
        if let Some((place, _)) = beginning(&folded, text).filter(signs) {
            return is_of(meta, place, line);
        }
    }
}

/// The place that `name` ends with: 呼伦贝尔市海拉尔区 is 海拉尔区, and what stands before it tells which. A town is known by its whole
/// name only: 人民 is no 人民街道.
fn known(name: &str, text: &str) -> Option<places::Place> {
    let mut starts: Vec<usize> = vec![0];
    // 2008两会四川省, 报告人：遂溪县
    starts.extend(
        name.char_indices().filter(|(_, c)| "省市县区旗州盟会：".contains(*c)).map(|(at, c)| at + c.len_utf8()),
    );
    let is_named = |place: &places::Place| {
        place.level != Level::Town || place.chain.last().is_some_and(|last| name.ends_with(last.as_str()))
    };
    let found = |at: usize| places::find(&name[at..], &name[..at], text).filter(is_named);
    let found = starts.into_iter().filter(|&at| at < name.len()).find_map(found);
    found.or_else(|| places::find_within(name, text).filter(is_named))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_and_levels() {
        let read = |block: &str| crate::Document::from_text("a", format!("{block}\n各位代表：\n")).meta;
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
            ("政府工作报告\n2008年1月19日某某县城关镇第十一届人民代表大会第一次会议通过", Level::Town, "某某县城关镇"),
            ("政府工作报告\n在2008年1月19日城关镇第十一届人民代表大会第一次会议上", Level::Town, "城关镇"),
            ("乡镇政府工作报告", Level::Town, ""),
            ("某X县政府工作报告", Level::County, ""),
            ("山东省乡镇人民代表大会工作若干规定\n在全国人民代表大会期间", Level::Province, "山东省"),
            (
                "遂溪县人民政府关于学习贯彻第十四届全国人民代表大会第三次会议精神的通知",
                Level::County,
                "广东省/湛江市/遂溪县",
            ),
            (
                "条例\n（2020年8月26日厦门市第十五届人民代表大会常务委员会第七次会议通过）\n根据全国人民代表大会的授权",
                Level::City,
                "福建省/厦门市",
            ),
            ("国务院办公厅关于加强工作的通知", Level::Nation, ""),
            ("旅行社条例\n2009年2月20日中华人民共和国国务院令第550号公布", Level::Nation, ""),
            ("遂溪县人民政府办公室关于防汛的通知", Level::County, "广东省/湛江市/遂溪县"),
            ("规划\n（2021年2月28日遂溪县第十六届人民代表大会第五次会议批准）", Level::County, "广东省/湛江市/遂溪县"),
            ("遂溪县第十七届人民代表大会第四次会议文件（2）", Level::County, "广东省/湛江市/遂溪县"),
            // the assembly that passes a law goes before the place that it is for
            (
                "上海市浦东新区绿色金融规定\n（2022年6月22日上海市第十五届人民代表大会常务委员会第四次会议通过）",
                Level::Province,
                "上海市",
            ),
            ("在昆山市淀山湖镇第五届人民代表大会", Level::Town, "江苏省/苏州市/昆山市/淀山湖镇"),
            ("兴安盟行政公署盟长 奇巴图", Level::City, "内蒙古自治区/兴安盟"),
            ("静宁县委副书记、县人民政府县长 余庆创", Level::County, "甘肃省/平凉市/静宁县"),
            ("静宁县常务副县长 余庆创", Level::County, "甘肃省/平凉市/静宁县"),
            ("静宁县委副书记、代县长 余庆创", Level::County, "甘肃省/平凉市/静宁县"),
            ("静宁县人民政府代理县长 余庆创", Level::County, "甘肃省/平凉市/静宁县"),
            ("中共湛江市委副书记、市人民政府市长 余庆创", Level::City, "广东省/湛江市"),
            ("新疆维吾尔自治区党委副书记、自治区主席 余庆创", Level::Province, "新疆维吾尔自治区"),
            ("遂溪县港门镇党委副书记、镇人民政府镇长 余庆创", Level::Town, "广东省/湛江市/遂溪县/港门镇"),
            ("县委副书记、县人民政府县长 余庆创", Level::County, ""),
            ("香港特别行政区行政长官 李家超", Level::Province, "香港特别行政区"),
            ("2024绵阳市政府工作报告", Level::City, "四川省/绵阳市"),
            ("遂溪县2018政府工作报告", Level::County, "广东省/湛江市/遂溪县"),
            ("•2018年遂溪县政府工作报告", Level::County, "广东省/湛江市/遂溪县"),
            ("2018年1月遂溪县人民政府工作报告", Level::County, "广东省/湛江市/遂溪县"),
            ("阿拉善盟行政公署工作报告", Level::City, "内蒙古自治区/阿拉善盟"),
            ("德州市中级人民法院2020年工作报告", Level::City, "山东省/德州市"),
            ("2024年国务院政府工作报告", Level::Nation, ""),
            (
                "关于市人民政府工作报告的决议\n2025年2月19日广州市第十六届人民代表大会第四次会议通过",
                Level::City,
                "广东省/广州市",
            ),
            ("四川綦江县人民政府工作报告", Level::County, "四川省/綦江县"),
            ("自治州人民政府工作报告", Level::City, ""),
            ("县人民政府工作报告", Level::County, ""),
            ("[湖南] 长沙市2017年政府工作报告", Level::City, "湖南省/长沙市"),
            ("(湖南省)2016年株洲市石峰区人民政府工作报告", Level::County, "湖南省/株洲市/石峰区"),
            ("(广西)2021年马山县人民政府工作报告(全文)", Level::County, "广西壮族自治区/南宁市/马山县"),
            ("关于遂溪县2024年国民经济和社会发展计划执行情况的报告", Level::County, "广东省/湛江市/遂溪县"),
            ("关于遂溪县2024年上半年财政预算执行情况的审查意见", Level::County, "广东省/湛江市/遂溪县"),
            ("关于湛江市2024年市级决算的报告", Level::City, "广东省/湛江市"),
            ("浙江余姚市关于防汛的通知", Level::County, "浙江省/宁波市/余姚市"),
            ("单县人民政府办公室关于防汛的通知", Level::County, "山东省/菏泽市/单县"),
            ("菏泽市曹县2023年统计公报", Level::County, "山东省/菏泽市/曹县"),
            ("菏泽市古县城2023年保护规划", Level::City, "山东省/菏泽市"),
            // the gazetteer has these towns in other counties alone
            (
                "桃源县港门镇人民政府工作报告\n在港门镇第十七届人民代表大会第四次会议上",
                Level::Town,
                "湖南省/常德市/桃源县/港门镇",
            ),
            (
                "港门镇人民政府工作报告\n在桃源县港门镇第十七届人民代表大会第四次会议上",
                Level::Town,
                "湖南省/常德市/桃源县/港门镇",
            ),
            // it lies in one county, and another has its name
            (
                "平乐镇人民政府工作报告\n在邛崃市平乐镇第十三届人民代表大会第五次会议上",
                Level::Town,
                "四川省/成都市/邛崃市/平乐镇",
            ),
            ("平乐镇人民政府工作报告", Level::Town, "平乐镇"),
            ("连州镇人民政府工作报告", Level::Town, "连州镇"),
            ("遂溪县操军镇2005年工作总结", Level::Town, "广东省/湛江市/遂溪县/操军镇"),
            ("遂溪县各乡镇2005年工作总结", Level::County, "广东省/湛江市/遂溪县"),
            ("遂溪县民政局2013年工作思路", Level::County, "广东省/湛江市/遂溪县"),
            ("遂溪县突发公共卫生事件应急预案", Level::County, "广东省/湛江市/遂溪县"),
            ("遂溪县人民政府令\n县人民政府办公室关于防汛的通知", Level::County, "广东省/湛江市/遂溪县"),
            ("2023年新疆自治区政府工作报告", Level::Province, "新疆维吾尔自治区"),
            ("2008两会四川省政府工作报告", Level::Province, "四川省"),
            ("人大容桂街道工委2019年工作总结", Level::Town, "广东省/佛山市/顺德区/容桂街道"),
            ("汕头市潮阳区审计局局长 余庆创", Level::County, "广东省/汕头市/潮阳区"),
            ("余姚市人大常委会工作报告", Level::County, "浙江省/宁波市/余姚市"),
            ("现在，我代表上海市人民政府，报告工作。", Level::Province, "上海市"),
            ("现在，我受镇人民政府委托，报告工作。", Level::Town, ""),
            ("现在，我代表旗十四届人民政府，报告工作。", Level::County, ""),
        ] {
            let meta = read(block);
            assert_eq!((meta.level, meta.place.join("/").as_str()), (Some(level), place), "{block}");
        }
        let zone = read("深圳市坪山新区管理委员会2012年工作报告");
        assert_eq!((zone.level, zone.place), (None, ["广东省", "深圳市", "坪山新区"].map(String::from).to_vec()));
        let case = read("遂溪县某工贸有限公司诉徐闻县人民政府案\n2024年1月9日");
        assert_eq!((case.level, case.place), (None, Vec::new()));
        for by_others in ["关于遂溪县2024年度第三批次建设用地的批复", "关于遂溪县2024年中央预算内投资的通知"]
        {
            let meta = read(by_others);
            assert_eq!((meta.level, meta.place), (None, Vec::new()), "{by_others}");
        }
    }
}
