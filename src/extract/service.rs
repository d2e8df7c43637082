//! What a web page tells its reader that is no text of it: where the reader is, when the page was published, what can be done
//! with it, and the table that describes its document.

use gm_index::Meta;

use super::vocabulary::{
    ABOUT, BETWEEN, COMMON_LABELS, DEEDS, LABELS, NUMBERED, OTHER_PAGES, PUBLISHED, SERVICE, SIGNPOSTS, WHERE,
};

/// No such line is longer, in bytes.
const LONGEST: usize = 360;
/// A label with its value is no longer than this, in bytes, and a row of them not ten times as long.
const LONG_LABEL: usize = 400;
/// Behind these a line goes on with something else.
const OPENING: [char; 4] = ['【', '[', '|', '｜'];

/// Whether a line outside of the article serves the reader of the page; `in_row` if it stands in a table, where a name has its
/// value in the next cell.
pub fn serves(line: &str, in_row: bool) -> bool {
    let line = line.replace(':', "：");
    if !is_short(&line) {
        return false;
    }
    let bare: String = line.chars().filter(|char| !char.is_whitespace()).collect();
    let begins = |signs: &[&str]| signs.iter().any(|sign| bare.starts_with(sign));
    // （责任编辑：…）
    let inside = bare.trim_start_matches(['【', '[', '（', '(']);
    let is_behind = |rest: &str| rest.starts_with(|char: char| char == '：' || char.is_whitespace());
    let leads = |sign: &&str| line.trim_start().strip_prefix(*sign).is_some_and(is_behind);
    let parts = || bare.split(OPENING).chain(line.split_whitespace().map(|part| part.trim_start_matches(OPENING)));
    let names = |part: &str| SERVICE.iter().any(|sign| part.starts_with(sign) && !(in_row && part == *sign));
    let is_number = |text: &str| text.trim_start_matches('：').starts_with(|char: char| char.is_ascii_digit());
    let numbers = |sign: &&str| bare.split(sign).skip(1).any(is_number);
    begins(&SIGNPOSTS)
        || SIGNPOSTS.iter().any(|sign| inside.starts_with(sign))
        || OTHER_PAGES.iter().any(leads)
        || is_where(&bare)
        || is_of_deeds(&bare)
        || parts().any(names)
        || NUMBERED.iter().any(numbers)
        // what tells of the page goes on with what serves its reader, and nothing need stand between
        || begins(&ABOUT) && SERVICE.iter().any(|sign| bare.contains(sign))
}

/// Whether a line tells where the reader is: 您当前所在位置：首页.
fn is_where(bare: &str) -> bool {
    let before = bare.split_once("位置").map_or("", |(before, _)| before);
    before.chars().all(|c| WHERE.contains(c)) && before.contains(['您', '你', '当', '现'])
}

/// Whether a line is nothing but what can be done with the page: 【打印】【关闭】, 上一页 1 2 3 下一页.
fn is_of_deeds(bare: &str) -> bool {
    let (mut rest, mut deeds) = (bare, 0);
    while let Some(next) = rest.chars().next() {
        rest = match DEEDS.iter().find_map(|deed| rest.strip_prefix(deed)) {
            Some(behind) => {
                deeds += 1;
                behind
            }
            None if BETWEEN.contains(next) => &rest[next.len_utf8()..],
            None => return false,
        };
    }
    deeds > 0
}

/// The day that such a line tells, on which the page was published.
pub fn published(line: &str) -> Option<String> {
    let line = line.replace(':', "：");
    if !is_short(&line) {
        return None;
    }
    // 【发布时间】2025-02-20
    let is_between = |char: char| char.is_whitespace() || "：】]".contains(char);
    let told = PUBLISHED.iter().flat_map(|label| line.split(label).skip(1));
    told.map(|behind| behind.trim_start_matches(is_between)).find_map(date_at_start)
}

fn is_short(line: &str) -> bool {
    line.len() <= LONGEST && !line.contains('。')
}

/// What a row says of the document in the table that describes it: labels with their values, each in its own cell or the next,
/// and whether the row begins with one. `describes` is whether the table does, which such a row shows.
pub fn described(cells: &[String], describes: &mut bool) -> (bool, Vec<(String, String)>) {
    if cells.iter().map(String::len).sum::<usize>() > LONG_LABEL * 10 {
        return (false, Vec::new());
    }
    let mut is_first = None;
    let mut said = Vec::new();
    for (at, cell) in cells.iter().enumerate() {
        let label = cell.split_once(['：', ':']).filter(|(_, value)| value.len() <= LONG_LABEL);
        let name: String = label.map_or("", |(name, _)| name).chars().filter(|c| !c.is_whitespace()).collect();
        *describes |= LABELS.contains(&name.as_str());
        let is_label = LABELS.contains(&name.as_str()) || *describes && COMMON_LABELS.contains(&name.as_str());
        is_first.get_or_insert(is_label);
        let own = label.map(|(_, value)| value.trim()).filter(|value| !value.is_empty());
        let value = own.or_else(|| Some(cells.get(at + 1)?.trim())).filter(|value| is_label && !value.is_empty());
        said.extend(value.map(|value| (name, value.to_string())));
    }
    (is_first == Some(true), said)
}

fn date_at_start(text: &str) -> Option<String> {
    date(text).filter(|_| text.starts_with(|char: char| char.is_ascii_digit()))
}

/// The first three numbers of a text as a date, whatever stands around them.
pub fn date(text: &str) -> Option<String> {
    let numbers = text.split(|char: char| !char.is_ascii_digit()).filter(|part| !part.is_empty());
    let numbers: Vec<&str> = numbers.take(3).collect();
    Meta::read_date(&numbers.join("-")).filter(|_| numbers.len() == 3)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_serves_the_reader_is_told_from_text() {
        for line in [
            "您当前所在位置：首页 > 政务公开",
            "你现在的位置:首页",
            "发布时间：2025-02-20 来源：镇政府办 点击次数：128",
            "[打印] [关闭]",
            "打印 关闭",
            "【我要打印】",
            "字体：【大 中 小】",
            "上一页 1 2 3 下一页",
            "返回顶部",
            "上一篇 关于春耕的通知",
            "下一篇：没有了",
            "（责任编辑：张三）",
            "阅读量：128",
        ] {
            assert!(serves(line, false), "{line}");
        }
        for (line, day) in [
            ("发布时间：2025-02-20 10：30", Some("2025-02-20")),
            ("发布日期 2025年2月20日", Some("2025-02-20")),
            ("【发稿时间】2025-02-20", Some("2025-02-20")),
            ("来源：县政府办 发布时间： 2025/2/20", Some("2025-02-20")),
            ("发布时间另行通知，2025年2月20日前报名", None),
        ] {
            assert_eq!(published(line).as_deref(), day, "{line}");
        }
        for line in [
            "关闭小煤矿12处",
            "收藏文物128件",
            "返回地面",
            "所在位置：港门镇",
            "地理位置优越",
            "上一篇文章说",
            "大中小 12",
            "一、2024年工作回顾",
        ] {
            assert!(!serves(line, false), "{line}");
        }
    }
}
