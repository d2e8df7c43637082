//! Tells by its words what a part of a report does: by those of its heading, by the standing phrases with which reports open
//! the parts that they give no heading, or else by its first sentences.

use regex::Match;

use crate::document::Role;
use crate::fold::fold;
use crate::parse::marks::{LONG_TITLE, first_chars};
use crate::parse::when::all_mentioned;
use crate::patterns::{Pattern, patterns};

patterns! {
    // headings
    CONDUCT = "自身建设|自身改革|政府建设(?:$|[^项投工主])|效能建设|政府系统|政府履职|政府治理|行政能力建设|政风建设|人民.{0,4}满意.{0,16}政府|(?:廉洁|清廉|勤政|务实|高效|服务型)的?[^，]{0,8}政府$";
    TROUBLES = "^(?:当前|目前|现阶段|我们?[国省市区县旗镇乡州盟]?|经济|社会|政府|发展|工作|过去|去年|[0-9]{4}年|清醒|认识|看到|正视|面临|存在|审计|查出|发现|主要|突出|一些|不少|诸多|几个|问题|困难|挑战|不足|短板|差距|矛盾|缺点|弱项|薄弱环节|[的中和与及、也仍还到])*(?:问题|困难|挑战|不足|短板|差距|矛盾|缺点|弱项|薄弱环节)(?:(?:[和与及]|以及)(?:原因(?:分析)?|(?:改进|整改)(?:情况|措施)))?$";
    ADMITTED = "存在|面临|查出|发现|工作中|(?:问题|困难|挑战|不足|短板|差距|矛盾|缺点)(?:和|与|及|以及|、)?(?:主要|突出|一些)?(?:问题|困难|挑战|不足|短板|差距|矛盾|缺点|弱项|薄弱环节)$";
    BACK = "回顾|总结|过去|以来|[一二三四五]年来|本届政府|(?:完成|执行|进展|落实|(?:规划|纲要|计划)的?实施)情况|发展成就|伟大成就|主要成就|历史性成就|(?:工作|主要|发展)成[效绩]";
    AHEAD = "下一?步|下一?阶段|下半年|打算|展望|今后|未来";
    PLANS = "任务|安排|部署|打算|计划|要求|方针";
    WORK = "年(?:的?(?:主要|政府)?工作(?:情况|成效)?|来)$";
    REVIEW = "回顾|总结|过去|(?:五年|一年)(?:工作|来|的工作)$|工作情况|基本情况|以来";
    TASKS = "任务|工作安排|(?:[0-9]{4}年|今年|明年).{0,6}(?:措施|安排|建议|实事)$|民生实事$|审计建议$|重点工作|主要工作|工作部署|总体部署|工作重点|工作计划|工作打算|今年.{0,6}工作|工作建议|政府工作的建议|政府工作$|(?:[0-9]{4}年|今后五年)的?工作$|下一步|年.*(?:预算|计划)草案$";
    AIMS = "(?:主要|预期|奋斗|发展|总体|战略|工作|远景)目标|的目标|^目标|目标(?:任务|与|和|及|$)|五(?:年)?规划|规划纲要|蓝图|展望";
    DEMANDS = "总体要求|总体思路|(?:工作|发展)思路|指导思想";
    // titles that consist of nothing else
    OWN_REVIEW = "^[“”‘’0-9一二三四五六七八九十年来以过去的主要工作发展经济社会时期规划]*(?:发展成[就效]|主要成[就效绩]|工作回顾)$";
    OWN_DEMANDS = "^(?:[0-9]{4}年|今年|工作|发展|经济社会|的)*(?:指导思想|总体要求|总体思路|基本思路|工作思路|发展思路)$";
    OWN_AIMS = "^(?:[0-9]{4}年|今年|今后五年|工作|发展|经济社会|主要|预期|奋斗|总体|具体|的)*目标$";
    YEAR_OF_WORK = "^(?:[0-9]{4}年|[〇零○一二三四五六七八九]{4}年|过去[一五]年|去年|今年|今后五年)的?(?:主要|重点|政府)?工作(?:情况|的)?(?:回顾|总结|安排|部署|打算|思路|任务|重点)$";
    GLOSSARY = "名词|注释|术语|词语|用语|解释";
    CALLS = "^(?:[在以为][^，]{0,14}|积极|大力|继续|进一步|认真|努力|不断|千方百计|坚定不移|扎实|切实|全面|着力|坚决|深入)*(?:促进|推进|推动|加强|加大|加快|深化|深入改革|保持|巩固|做好|搞好|抓好|抓紧|打好|发展[^的成环形思基现机条理目战规方和与情面中存]|扩大|实施|实行|实现|完成|落实|贯彻|坚持|坚定|提高|提升|改善|健全|完善|开创|创造|争取|确保|保证|保障|整顿|调整|繁荣|围绕|依靠|把|强化|统筹|进行|采取|迈出|决胜)";
    ABROAD = "外交|国际|和平|统一|霸权";
    // sentences
    ANNOUNCING = "目标|总体要求|总体思路|工作思路|指导思想|困难|挑战|问题|不足|短板|差距|矛盾|缺点";
    TROUBLE = "困难|挑战|问题|不足|短板|差距|矛盾|缺点";
    PROBLEMS = "清醒地?(?:看到|认识|认识到|意识到)|(?:困难|挑战|问题|矛盾|不足|短板)(?:和|与|及|以及|、)(?:困难|挑战|问题|矛盾|不足|短板)|(?:面临|存在).{0,16}(?:困难|挑战|问题|不足|短板)";
    REQUIREMENTS = "(?:总体要求|总体思路|工作思路|指导思想)(?:是|为|：|:)";
    TARGETS = "(?:预期目标|主要目标|奋斗目标|发展目标)(?:是|为|建议|初步|：|:)";
    OPENS = "过去|统计|年来|收官|今年|开局|时期|纲要";
    OPENS_REVIEW = "过去一年|过去五年|刚刚过去|初步统计|一年来|五年来|收官之年";
    OPENS_TASKS = "今年是|今年，|今年政府|今年经济社会|开局之年";
    OPENS_AIMS = "时期(?:是|，|,|我|全|经济)|纲要";
}

/// The role of a part by its heading. `now` is the year of the report; if that is not known, the first part is taken to look
/// back on the year that it names.
pub(crate) fn part_role(title: &str, now: Option<u16>, is_first: bool) -> Option<Role> {
    let title = &fold(title).text;
    let looks_back = looks_back(title, now, is_first);
    // 2022年工作回顾2022年，是本届政府履职的第一年
    let reviews_year = || looks_back && BACK.is_match(title) && !all_mentioned(title, now).is_empty();
    if let Some(role) = section_role(title).filter(|role| *role != Role::Conduct || !reviews_year()) {
        return Some(role);
    }
    if looks_back {
        return Some(Role::Review);
    }
    let rules: [(&Pattern, Role); 5] = [
        (&TASKS, Role::Tasks),
        (&REVIEW, Role::Review),
        (&DEMANDS, Role::Requirements),
        (&AIMS, Role::Targets),
        (&GLOSSARY, Role::Glossary),
    ];
    rules.into_iter().find_map(|(pattern, role)| pattern.is_match(title).then_some(role))
}

/// Whether a folded title speaks of what is over and of nothing else: 2019年和今年以来工作回顾, but not
/// 十三五时期发展成就和十四五时期主要目标任务.
fn looks_back(title: &str, now: Option<u16>, is_first: bool) -> bool {
    let mut looks_back = false;
    for part in title.split(['和', '与', '及', '暨', '，', '；']) {
        let is_past = |year: u16| now.map_or(is_first && WORK.is_match(part), |now| year < now);
        let years = all_mentioned(part, now);
        if BACK.is_match(part) || !years.is_empty() && years.iter().all(|when| is_past(when.year)) {
            looks_back = true;
        } else if !years.is_empty() || AHEAD.is_match(part) || PLANS.is_match(part) {
            return false;
        }
    }
    looks_back
}

/// Whether a title is 2024年工作回顾 and nothing else.
pub(crate) fn is_year_of_work(title: &str) -> bool {
    YEAR_OF_WORK.is_match(&fold(title).text)
}

/// The role of a section within a part, where it differs from the part's.
pub(crate) fn section_role(title: &str) -> Option<Role> {
    match () {
        // 数字政府 is a service
        _ if CONDUCT.is_match(title) && !title.contains("数字政府") => Some(Role::Conduct),
        _ if TROUBLES.is_match(title) && ADMITTED.is_match(title) => Some(Role::Problems),
        _ => None,
    }
}

/// The role of a section within a part of the role `part`, where its title says nothing else: （二）主要目标. What a review says of aims
/// is what became of them.
pub(crate) fn own_role(title: &str, part: Option<Role>) -> Option<Role> {
    let ends = ["目标", "要求", "思想", "思路", "成就", "成效", "成绩", "回顾"];
    if matches!(part, Some(Role::Review | Role::Glossary | Role::Problems))
        || !ends.iter().any(|end| title.ends_with(end))
    {
        return None;
    }
    let title = &fold(title).text;
    [(&OWN_REVIEW, Role::Review), (&OWN_DEMANDS, Role::Requirements), (&OWN_AIMS, Role::Targets)]
        .into_iter()
        .find_map(|(pattern, role)| pattern.is_match(title).then_some(role))
}

/// Whether the title of a part says what to do, at home: 加快改革步伐. Parts on other countries state positions.
pub(crate) fn calls_for_work(title: &str) -> bool {
    let title = &fold(title).text;
    CALLS.is_match(title) && !ABROAD.is_match(title)
}

/// A part that has no heading but announces itself: its role and the clause that does so.
pub(crate) fn standing_phrase(line: &str) -> Option<(Role, &str)> {
    // one of these words stands in each: most lines are read once
    if !ANNOUNCING.is_match(line) {
        return None;
    }
    for (pattern, role) in [(&TARGETS, Role::Targets), (&REQUIREMENTS, Role::Requirements)] {
        let is_early = |found: &Match<'_>| line[..found.end()].chars().count() <= 160;
        if let Some(found) = pattern.find(line).filter(is_early) {
            let clause = clause_around(line, found.start(), found.end());
            return Some((role, clause.trim_end_matches(['是', '为', '：', ':'])));
        }
    }
    if !TROUBLE.is_match(line) {
        return None;
    }
    // 机遇和挑战并存 weighs the times and admits nothing
    let clause =
        |found: Match<'_>| Some(clause_around(line, found.start(), found.end())).filter(|it| !it.contains("机遇"));
    let clause = PROBLEMS.find_iter(first_chars(line, 90)).find_map(clause)?;
    // a heading such as 着力解决群众面临的困难 is about work, not about problems
    let admits = line.contains("清醒")
        || line.contains("同时")
        || line.contains("但")
        || line.contains("不少")
        || line.contains("仍")
        || line.contains("还");
    admits.then_some((Role::Problems, clause))
}

/// Whether what the clause `title` of `line` speaks of comes in the paragraphs behind it.
pub(crate) fn announces(line: &str, title: &str) -> bool {
    let behind = line.split_once(title).map_or(line, |(_, behind)| behind);
    line.ends_with(['：', ':']) && behind.chars().count() <= 12 && !behind.contains('。')
}

/// The clause of `line` that holds the bytes `start..end`.
fn clause_around(line: &str, start: usize, end: usize) -> &str {
    let mark = |c: char| matches!(c, '。' | '，' | '！' | '：' | '；' | ',' | ':' | '!' | ';');
    let from = line[..start].rfind(mark).map_or(0, |at| at + line[at..].chars().next().map_or(1, char::len_utf8));
    let to = line[end..].find(mark).map_or(line.len(), |at| end + at);
    let to = if line[..end].ends_with(mark) { end } else { to };
    first_chars(line[from..to].trim(), LONG_TITLE)
}

/// The role of a part by its first sentences, where its heading does not tell.
pub(crate) fn opening_role(text: &str) -> Option<Role> {
    // one of these words stands in each: most parts are read once
    if !OPENS.is_match(text) {
        return None;
    }
    // 围绕“十二五”时期我国发展的主要目标 is what was done for, not what comes
    let serves =
        |at: usize| ["围绕", "按照", "根据"].into_iter().any(|word| clause_around(text, at, at).contains(word));
    let first = |pattern: &Pattern| pattern.find_iter(text).map(|found| found.start()).find(|&at| !serves(at));
    [(&OPENS_REVIEW, Role::Review), (&OPENS_TASKS, Role::Tasks), (&OPENS_AIMS, Role::Targets)]
        .into_iter()
        .filter_map(|(pattern, role)| Some((first(pattern)?, role)))
        .min_by_key(|found| found.0)
        .map(|found| found.1)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// In a report of 2025.
    #[test]
    fn parts_by_their_headings() {
        use Role::{Conduct, Problems, Requirements, Review, Targets, Tasks};
        for (title, role) in [
            ("2024年主要工作和“十四五”发展成就", Review),
            ("2023年和去年以来工作回顾", Review),
            ("2024年和今年以来工作回顾", Review),
            ("过去五年的主要工作", Review),
            ("關於過去五年的政府工作", Review),
            ("去年主要工作", Review),
            ("2024年政府工作", Review),
            ("２０２４年工作完成情况", Review),
            ("2025年重点工作完成情况", Review),
            ("过去一年重点工作和目标任务完成情况", Review),
            ("2025年的工作", Tasks),
            ("2025年工作", Tasks),
            ("2025年政府工作", Tasks),
            ("2025年工作计划", Tasks),
            ("下一步工作打算", Tasks),
            ("2025年工作总体部署", Tasks),
            ("2024年工作回顾和2025年主要任务", Tasks),
            ("2024年工作回顾和2025年工作的总体要求", Review),
            ("“十三五”时期发展成就和“十四五”时期主要目标任务", Tasks),
            ("三年来的斗争和新时期的总任务", Tasks),
            ("今后五年奋斗目标", Targets),
            ("2025年经济社会发展总体要求和政策取向", Requirements),
            ("存在的问题和不足", Problems),
            ("当前面临的困难和问题", Problems),
            ("存在问题", Problems),
            ("2024年工作回顾及存在的问题", Review),
            ("加强行政能力建设和政风建设", Conduct),
            ("建设人民满意的服务型政府", Conduct),
            ("努力打造高效廉洁政府", Conduct),
            ("加强法治政府建设，提高效能", Conduct),
            ("2024年法治政府建设主要举措和成效", Review),
            ("2024年工作回顾2024年，是本届政府履职的第一年", Review),
            ("2025年工作思路", Requirements),
            ("关于2025年工作的建议", Tasks),
            ("2025年的主要措施", Tasks),
            ("2025年主要安排", Tasks),
            ("2025年预算（草案）", Tasks),
            ("2024年预算草案", Review),
            ("“十四五”规划纲要实施情况基本评价", Review),
            ("2024年主要安排", Review),
            ("扎实办好十件民生实事", Tasks),
            ("审计建议", Tasks),
            ("工作中的不足", Problems),
            ("存在的不足和原因", Problems),
            ("审计查出的主要问题", Problems),
            ("存在的主要问题及改进情况", Problems),
            ("存在的主要问题和改进措施", Problems),
        ] {
            assert_eq!(part_role(title, Some(2025), false), Some(role), "{title}");
        }
        for title in [
            "办好人民满意的教育",
            "强化政府建设项目管理",
            "加强规划引领",
            "确保实现脱贫攻坚目标，促进农民增收",
            "第一个五年计划的若干问题",
            "着力破解存在的突出问题",
            "深化数字政府建设，提升服务效能",
            "法律法规实施情况的检查",
        ] {
            assert_eq!(part_role(title, Some(2025), false), None, "{title}");
        }
    }

    #[test]
    fn sections_by_titles_that_say_nothing_else() {
        use Role::{Requirements, Review, Targets, Tasks};
        for (title, part, role) in [
            ("主要目标", Some(Tasks), Some(Targets)),
            ("2025年经济社会发展主要预期目标", Some(Requirements), Some(Targets)),
            ("总体要求", Some(Tasks), Some(Requirements)),
            ("指导思想", None, Some(Requirements)),
            ("“十三五”时期发展成就", Some(Targets), Some(Review)),
            ("主要目标", Some(Review), None),
            ("确保实现预期目标", Some(Tasks), None),
            ("全面落实总体要求", Some(Tasks), None),
        ] {
            assert_eq!(own_role(title, part), role, "{title}");
        }
    }

    #[test]
    fn parts_by_their_first_sentences() {
        assert_eq!(opening_role("“十二五”时期是关键时期。"), Some(Role::Targets));
        assert_eq!(opening_role("围绕“十二五”时期我国发展的目标，我们认真履职。"), None);
    }

    #[test]
    fn later_parts_call_for_work() {
        for (title, calls) in [
            ("加大宏观政策实施力度，着力稳企业保就业", true),
            ("以国有企业为重点深化经济体制改革", true),
            ("在国有企业改革方面迈出更大的步伐", true),
            ("积极发展科技教育文化和各项社会事业", true),
            ("发展环境", false),
            ("发展面临的机遇与挑战", false),
            ("国民经济取得了新的进展", false),
            ("积极促进祖国和平统一大业", false),
            ("坚持独立自主的和平外交政策", false),
        ] {
            assert_eq!(calls_for_work(title), calls, "{title}");
        }
    }

    #[test]
    fn without_a_year_the_first_part_looks_back() {
        assert_eq!(part_role("2024年工作", None, true), Some(Role::Review));
        assert_eq!(part_role("2024年主要工作和成效", None, true), Some(Role::Review));
        assert_eq!(part_role("一九八六年的主要工作情况", None, true), Some(Role::Review));
        assert_eq!(part_role("2025年工作", None, false), Some(Role::Tasks));
        assert_eq!(part_role("2025年主要工作", None, false), Some(Role::Tasks));
        assert_eq!(part_role("2025年重点工作", None, true), Some(Role::Tasks));
    }

    #[test]
    fn parts_without_heading_announce_themselves() {
        let problems = "在总结成绩的同时，我们更需清醒认识到，当前我镇发展仍然面临不少困难和挑战：一是";
        assert_eq!(standing_phrase(problems).unwrap().0, Role::Problems);
        let targets = "今年经济社会发展的主要预期目标：地区生产总值增长5%左右";
        assert_eq!(standing_phrase(targets), Some((Role::Targets, "今年经济社会发展的主要预期目标")));
        let demands = "今年是关键之年。今年政府工作的总体要求是：坚持以";
        assert_eq!(standing_phrase(demands), Some((Role::Requirements, "今年政府工作的总体要求")));
        for admitted in ["我们仍面临诸多困难和问题。主要是：", "但发展的困难及问题很多："]
        {
            assert_eq!(standing_phrase(admitted).unwrap().0, Role::Problems);
        }
        assert_eq!(standing_phrase("着力解决群众面临的问题。"), None);
        assert_eq!(standing_phrase("但总的看，我国发展面临的机遇和挑战并存。"), None);
    }
}
