//! Reads what a document says about itself before it begins: title, kind, level, place, session, date, speaker, number,
//! years. A field is filled only from words that state it, and [`Meta::evidence`] keeps those words. The entry point is
//! [`header`]. Page furniture may stand before and between the lines.

use crate::document::Meta;
use crate::fold::fold;
use crate::fold::simplified::simple;
use crate::parse::dates::{date, names_assembly, session, signature, year, years};
use crate::parse::jurisdiction::{behalf, place, signed};
use crate::parse::lines::Paragraph;
use crate::parse::marks::{Numbered, is_caption};
use crate::parse::title::{title, unspaced};
use crate::patterns::{Pattern, patterns};

/// A title block is short; of a longer one only the beginning is read, in bytes.
const LONG_BLOCK: usize = 6_000;

/// Those who speak for a government, a congress or what belongs to them.
const POSTS: &str = "(?:总理|省长|市长|区长|县长|镇长|乡长|主席|州长|盟长|旗长|主任委员|主任|部长|厅长|局长|司长|署长|院长|检察长|审计长|\
     秘书长|书记|组长|专员|行政长官)";

/// What a family name begins with: those of 百家姓, a few that are frequent today, and what names of
/// other peoples often begin with. A name that begins otherwise is told from a
/// word by what parts it from the post.
const FAMILIES: &str = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任\
    袁柳酆鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧肖尹姚邵湛汪祁毛禹狄米贝明臧计伏成\
    戴谈宋茅庞熊纪舒屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱丘骆高夏蔡田樊胡凌霍虞万支柯管卢莫经房裘缪干\
    解应宗丁宣贲邓郁单杭洪包诸左石崔吉钮龚程嵇邢裴陆荣翁荀羊惠甄曲家封芮储靳汲邴糜松井段富巫乌焦巴弓牧车侯宓蓬全郗班仰秋\
    仲伊宫宁仇栾暴甘厉戎祖武符刘景詹束龙叶幸司韶郜黎蓟薄印宿白怀蒲邰从鄂索咸籍赖卓蔺屠蒙池乔阴胥能苍双闻莘党翟谭贡劳逄姬\
    申扶堵冉宰郦雍郤璩桑桂濮牛寿通边扈燕冀郏浦尚农温别庄晏柴瞿阎闫充慕连茹习宦艾鱼容向古易慎戈廖庾终暨居衡步都耿满弘匡国\
    文寇广禄阙东欧殳沃利蔚越夔隆师巩聂晁勾敖融冷訾辛阚那简饶空曾毋沙乜养鞠须丰巢关蒯相查后荆红游竺权逯盖益桓公尉赫皇澹淳\
    太轩令闾上仝佘苟奉植隋冼占呼官哈代来药原仵晋战次扎旦洛阿努买吾库玉奇额";

const NAME: &str = "[\u{4e00}-\u{9fff}]{2,4}?|[\u{4e00}-\u{9fff}]{1,8}(?:[·•・．.][\u{4e00}-\u{9fff}]{1,8}){1,3}";

// in simplified characters
patterns! {
    // who else a page names: 责任编辑：王主任 李四, 联系人：办公室主任 张三
    LABEL = "^([^：:]{2,12})[：:]";
    OF_SPEAKER = &format!("(?:{POSTS}|(?:报告|发言|汇报)人)$");
    // lines without blanks and asides
    SPEAKER = &format!("{POSTS}(?:兼.{{2,20}}主任)?[：:]?({NAME})(?:同志)?$");
    POST_ALONE = &format!("{POSTS}[：:]?$");
    NAME_ALONE = &format!("^({NAME})(?:同志)?$");
    // 主席 乌云其木格: so long a name is told from the post by the blank
    LONG_NAME = &format!("{POSTS}[\\s：:]+([\u{4e00}-\u{9fff}]{{5,8}})$");
    POST_PARTED = &format!("{POSTS}(?:[（(][^（()）]{{1,8}}[）)])?[\\s：:]");
    NO_NAME = "[长席任理会令团]$|报告|目录|摘要|委员|讲话|会议|公告|公示|信箱|热线|专线|访谈|接待|通道|在线|之窗|寄语|致辞|批示|办公|主持|调研|出席|会见";
    // what menus and lists of members name as well
    OF_MANY = "(?:书记|组长)[：:]?$";
    QUOTED = "《[^《》]*》|〈[^〈〉]*〉";
    HEARD = "会议?上?[）)]?$";
    ASIDE = "[（(][^（()）]{1,8}[）)]";
    NUMBER = "[\u{4e00}-\u{9fff}]{1,8}[〔\\[（(【［]\\s*[0-9０-９]{4}\\s*[〕\\]）)】］]\\s*[0-9０-９]{1,4}\\s*号";
}

/// Reads the title block of `text`, whose `paragraphs` these are up to `front`, the headings of its parts, and its last lines.
pub(crate) fn header<'a>(
    text: &str,
    paragraphs: &[Paragraph],
    front: usize,
    parts: impl Iterator<Item = &'a Numbered<'a>>,
) -> Meta {
    let block = &paragraphs[..front];
    let mut end = block.last().map_or(0, |last| last.range.end).min(LONG_BLOCK);
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    let ranges = || block.iter().map(|paragraph| paragraph.range.start.min(end)..paragraph.range.end.min(end));
    let lines: Vec<&str> = ranges().filter(|range| !range.is_empty()).flat_map(|range| text[range].lines()).collect();
    let (block, speech) = text.split_at(end);
    let folded = fold(block).text;
    let assemblies = if names_assembly(&folded) { assemblies(ranges().map(|range| &text[range])) } else { Vec::new() };
    let mut meta = Meta::default();
    let main_title = title(&mut meta, &lines, text);
    date(&mut meta, &lines, &folded);
    let body = || paragraphs[front..].iter().map(|paragraph| &text[paragraph.ink.clone()]);
    signature(&mut meta, body());
    number(&mut meta, block);
    not_ahead(&mut meta);
    session(&mut meta, &assemblies);
    speaker(&mut meta, &lines);
    place(&mut meta, &assemblies, &lines, text);
    behalf(&mut meta, &folded, speech, text);
    signed(&mut meta, body(), text);
    years(&mut meta, parts);
    if let Some(main) = main_title {
        meta.title = format!("{main}——{}", meta.title);
    }
    meta
}

/// The paragraphs of a block that name an assembly, folded, each with the next one where that may have its session, and without what
/// they quote: 《关于修改…的决定》 is another text.
fn assemblies<'t>(paragraphs: impl Iterator<Item = &'t str> + Clone) -> Vec<String> {
    let held = |paragraph: &str| fold(&QUOTED.replace_all(paragraph, "")).text;
    let mut assemblies = Vec::new();
    let next = paragraphs.clone().skip(1).chain(Some(""));
    for (paragraph, next) in paragraphs.zip(next).filter(|(paragraph, _)| paragraph.contains(['届', '屆'])) {
        let mut paragraph = held(paragraph);
        // 第二届⏎人民代表大会, 第二届人民代表大会⏎第一次会议
        if paragraph.ends_with(['会', '届']) {
            paragraph += &held(next);
        }
        if names_assembly(&paragraph) {
            assemblies.push(paragraph);
        }
    }
    assemblies
}

/// A title that names a year far ahead of the document's number and day plans for it: 2030年碳达峰实施方案.
fn not_ahead(meta: &mut Meta) {
    let dated = meta.date.as_ref().and_then(|date| date[..4].parse().ok()).map(|year: u16| (year, "date"));
    let numbered = meta.number.as_deref().and_then(number_year).map(|year| (year, "number"));
    if let (Some(year), Some((stated, field))) = (meta.year, dated.max(numbered))
        && year > stated + 1
    {
        let words = meta.evidence.get(field).cloned().unwrap_or_default();
        meta.year = Some(stated);
        meta.prove(&["year"], &words);
    }
}

fn speaker(meta: &mut Meta, lines: &[&str]) {
    let lines: Vec<&str> = lines.iter().map(|line| inner(line)).filter(|line| !line.is_empty()).collect();
    let bare = |line: &str| unspaced(&ASIDE.replace_all(line, ""));
    // what a pattern finds in the simplified line stands at the same place of the line
    let within = |pattern: &Pattern, line: &str| {
        let found = pattern.captures(&simple(line))?.get(1)?.range();
        Some(line[found].to_string())
    };
    let is_session = |line: &&str| line.contains('届') && HEARD.is_match(&simple(&unspaced(line)));
    let mut first = None;
    for (at, line) in lines.iter().enumerate() {
        let names_post = line.contains(['长', '長', '席', '理', '任', '员', '員', '官', '记', '記']);
        if !names_post || line.chars().count() > 60 || is_caption(&simple(line)) {
            continue;
        }
        let post = bare(line);
        if LABEL.captures(&simple(&post)).is_some_and(|label| !OF_SPEAKER.is_match(&label[1])) {
            continue;
        }
        let is_parted = || POST_PARTED.is_match(&simple(line));
        let named = || within(&SPEAKER, &post).filter(|name| is_name(name, is_parted()));
        let alone = || named().or_else(|| within(&LONG_NAME, line)).map(|name| (name, line.to_string()));
        let found = alone().or_else(|| {
            // post and name on two lines
            let next = lines.get(at + 1).filter(|_| POST_ALONE.is_match(&simple(&post)))?;
            Some((within(&NAME_ALONE, &bare(next)).filter(|name| is_name(name, true))?, format!("{line} {next}")))
        });
        // a menu may name posts too; the speaker stands below the meeting
        if found.is_some() && lines[..at].last().is_some_and(is_session) {
            first = found;
            break;
        }
        let is_of_many = |name: &str| OF_MANY.is_match(&simple(post.split(name).next().unwrap_or_default()));
        first = first.or(found.filter(|(name, _)| !is_of_many(name)));
    }
    if let Some((name, words)) = first {
        meta.speaker = Some(name);
        return meta.prove(&["speaker"], &words);
    }
    // a name alone below the line of the meeting
    if let [.., heard, last] = lines[..]
        && HEARD.is_match(&simple(&unspaced(heard)))
        && let Some(name) = within(&NAME_ALONE, &bare(last)).filter(|name| is_name(name, true))
    {
        meta.speaker = Some(name);
        meta.prove(&["speaker"], last);
    }
}

/// A line without what marks it in Markdown, and without the brackets around all of it: （县长 余庆创）.
fn inner(line: &str) -> &str {
    let line = line.trim().trim_start_matches(['>', '#', '*', ' ']).trim_end_matches('*');
    let within = line.strip_prefix(['（', '(']).and_then(|line| line.strip_suffix(['）', ')']));
    within.filter(|line| !line.contains(['（', '(', '）', ')'])).unwrap_or(line).trim()
}

/// Whether what stands behind a post is a name: 主席 艾尔肯, 县长余庆创, but not 县长信箱.
fn is_name(name: &str, is_parted: bool) -> bool {
    let name = simple(name);
    let begins_so = || name.starts_with(|c| FAMILIES.contains(c)) || name.contains(['·', '•', '・', '．', '.']);
    !NO_NAME.is_match(&name) && (is_parted || begins_so())
}

/// The number of the document. Its year is that of the document, if the title states none and the day no later one.
fn number(meta: &mut Meta, block: &str) {
    if block.contains('号')
        && let Some(found) = NUMBER.find(block)
    {
        meta.number = Some(unspaced(found.as_str()));
        meta.prove(&["number"], found.as_str());
        let is_of_date = meta.evidence.get("year") == meta.evidence.get("date");
        if let Some(year) = number_year(found.as_str()).filter(|&year| is_of_date && meta.year < Some(year)) {
            meta.year = Some(year);
            meta.prove(&["year"], found.as_str());
        }
    }
}

/// 2021 of 国发〔2021〕23号.
fn number_year(number: &str) -> Option<u16> {
    let number = fold(number).text;
    let digits = &number[number.find(|c: char| c.is_ascii_digit())?..];
    year(digits.get(..4)?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Level;
    use crate::parse::lines::paragraphs;

    fn read(block: &str) -> Meta {
        let paragraphs = paragraphs(block);
        header(block, &paragraphs, paragraphs.len(), [].into_iter())
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
            ("遂溪县人大财政经济委员会主任委员 余庆创", "余庆创"),
            ("旗长奇巴图", "奇巴图"),
            ("国务院总理\u{a0}\u{a0}李克强", "李克强"),
            ("遂溪县审计局局长 余庆创", "余庆创"),
            ("省审计厅厅长余庆创", "余庆创"),
            ("县委副书记、县长 余庆创", "余庆创"),
            ("在遂溪县第十七届人大常委会第四次会议上\n县人大常委会副主任、执法检查组组长 余庆创", "余庆创"),
        ] {
            assert_eq!(read(line).speaker.as_deref(), Some(name), "{line}");
        }
        assert_eq!(read("省长赵刚作政府工作报告。本报记者摄").speaker, None);
        assert_eq!(read("来源：河北日报").speaker, None);
        for words in [
            "县长信箱",
            "县委书记 张三",
            "市长 热线",
            "省长之窗",
            "部长通道",
            "第35次市长办公会议",
            "会议主席团公告",
            "副主任委员",
            "责任编辑：王主任 李四",
            "联系人：办公室主任 张三",
            "签发人：张县长 赵六",
        ] {
            assert_eq!(read(words).speaker, None, "{words}");
            let heard = "——2025年1月8日在遂溪县第十七届人民代表大会第四次会议上\n县长 余庆创";
            assert_eq!(read(&format!("{words}\n县长高效服务\n{heard}")).speaker.as_deref(), Some("余庆创"), "{words}");
        }
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
            "（县长 余庆创）",
            "（遂溪县人民政府县长 余庆创）",
            "> 遂溪县人民政府县长 余庆创",
            "**遂溪县人民政府县长 余庆创**",
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
                "广东省/湛江市/遂溪县/港门街道",
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
        let committee =
            read("全国人民代表大会常务委员会工作报告\n——2025年3月8日在第十四届全国人民代表大会第三次会议上\n");
        assert_eq!((committee.level, committee.place), (Some(Level::Nation), Vec::new()));
    }

    #[test]
    fn sessions_however_they_are_written() {
        for line in [
            "在遂溪县第十七届人民代表大会第五次会议上",
            "在遂溪县十七届人大五次会议上",
            "在遂溪县第十七届\n人民代表大会第五次会议上",
            "在遂溪县第17届人民代表大会第5次会议上",
        ] {
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
        assert_eq!(year("2024年12月26日", &["一、过去五年工作回顾", "二、今后五年目标任务"]), Some(2025));
        assert_eq!(year("1992年11月20日", &["一、一九九二年的工作", "二、一九九三年的工作任务"]), Some(1993));
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
            assert_eq!(meta.kind.as_deref(), Some("政府工作报告"));
            assert!(meta.evidence["level"].ends_with(['院', '府']));
        }
    }

    #[test]
    fn a_title_block_ends_before_the_first_words_of_the_speech() {
        let meta = |text: &str| crate::Document::from_text("a", text).meta;
        let notice = meta("遂溪县人民政府关于做好防汛工作的通知\n遂府〔2014〕12号\n各镇要做好防汛工作。\n");
        assert_eq!((notice.kind.as_deref(), notice.number.as_deref()), (Some("通知"), Some("遂府〔2014〕12号")));
        let block = "遂溪县政府工作报告\n2019年1月8日在遂溪县第十五届人民代表大会第四次会议上\n县长 余庆创\n";
        let speech = "各位代表:现在,我代表县人民政府报告工作。\n";
        let parts = format!("2018年工作回顾\n{0}\n2019年工作安排\n{0}\n", "我们做了工作。".repeat(10));
        let introduction = "县长在大会上作了报告，".repeat(20) + "现将全文刊登如下。\n";
        for text in [format!("{block}{speech}{parts}"), format!("{introduction}{block}{speech}{parts}")] {
            let report = crate::Document::from_text("a", text);
            let meta = &report.meta;
            assert_eq!((meta.title.as_str(), meta.speaker.as_deref()), ("遂溪县政府工作报告", Some("余庆创")));
            assert_eq!(report.sections[0].heading.title, "2018年工作回顾");
        }
        let line = meta(&format!("{}{speech}", block.replace('\n', " ")));
        assert_eq!((line.title.as_str(), line.speaker.as_deref()), ("遂溪县政府工作报告", Some("余庆创")));
        assert_eq!((line.date.as_deref(), line.place.len()), (Some("2019-01-08"), 3));
    }

    #[test]
    fn titles_and_speakers_in_traditional_characters_and_other_forms() {
        for (block, title, speaker) in [
            ("遂溪縣政府工作報告\n縣長 余慶創\n", "遂溪縣政府工作報告", Some("余慶創")),
            ("政府工作报告(摘要)--1999年2月25日在遂溪县第十届人民代表大会第二次会议上\n", "政府工作报告(摘要)", None),
            (
                "政府工作报告\n2019年3月2日在遂溪县第十届人民代表大会第二次会议上\n余 庆 创\n",
                "政府工作报告",
                Some("余庆创"),
            ),
            ("政府工作报告\n主席　乌云其木格\n", "政府工作报告", Some("乌云其木格")),
            ("遂溪县人民法院工作报告\n院长 余庆创\n", "遂溪县人民法院工作报告", Some("余庆创")),
            ("关于《遂溪县政府工作报告》\n的决议(草案)\n", "关于《遂溪县政府工作报告》的决议(草案)", None),
        ] {
            let meta = read(block);
            assert_eq!((meta.title.as_str(), meta.speaker.as_deref()), (title, speaker));
        }
        let text = "遂溪縣政府工作報告\n各位代表：\n現在，我代表縣人民政府報告工作。\n一、二○一三年工作回顧\n我們也清醒地看到，發展仍面臨不少困難和問題。\n二、安排\n";
        let report = crate::Document::from_text("a", text);
        assert_eq!(report.sections[1].heading.title, "我們也清醒地看到");
        assert_eq!((report.sections[1].role, report.meta.review_year), (Some(crate::Role::Problems), Some(2013)));
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
            ("——2007年12月 日在遂溪县第十五届人民代表大会第一次会议上", "2007-12"),
            ("——2025.1.8在永丰县第十七届", "2025-01-08"),
            ("余庆创\n2025-01-08", "2025-01-08"),
            ("发布时间：2024年1月18日\n政府工作报告\n（2024年1月9日）", "2024-01-09"),
            ("溧阳日报 2024年1月18日\n——2024年1月9日溧阳市第十七届人民代表大会第三次会议上的报告", "2024-01-09"),
            ("二〇〇八年元月十八日", "2008-01-18"),
            ("一九九○年三月廿日", "1990-03-20"),
            ("2025年1月×日在遂溪县第十七届", "2025-01"),
            ("遂溪县人民政府\n2025年1月", "2025-01"),
            ("发布时间：2025年03月10日\n2025年1月8日在遂溪县第十七届", "2025-01-08"),
            (
                "来源：湛江日报 发布时间：2025年03月10日\n遂溪县人民政府令\n自2025年2月1日起施行\n二○二五年一月八日",
                "2025-01-08",
            ),
            ("发布日期：\n2025年3月10日\n成文日期：\n2025年1月8日", "2025-01-08"),
            ("政府工作报告\n时间:2018-10-21\n在2008年1月19日遂溪县第十一届人民代表大会", "2008-01-19"),
            (
                "发布时间：2025-03-10\n政府工作报告\n——在遂溪县第十七届人民代表大会第四次会议上\n（2025年1月8日）",
                "2025-01-08",
            ),
            ("成文日期： | 2019-11-26 |", "2019-11-26"),
            ("( l996年3月 l2日在遂溪县第三届人民代表大会第四次会议上 )", "1996-03-12"),
            ("时间：2024年9月12日上午10:00\n地点：县政府新闻发布厅", "2024-09-12"),
            ("时间：2026-02-02\n（2026年1月27日在贵州省第十四届人民代表大会第四次会议上）", "2026-01-27"),
        ] {
            assert_eq!(read(line).date.as_deref(), Some(date), "{line}");
        }
        for line in [
            "更新时间：2025年3月10日\n政府工作报告\n——在遂溪县第十七届人民代表大会第四次会议上",
            "发布日期：2023年02月15日",
            "http://www.sina.com.cn 2006年03月19日13:43",
            "自2006年2月1日起施行",
        ] {
            assert_eq!(read(line).date, None, "{line}");
        }
    }

    #[test]
    fn titles_and_numbers() {
        let meta = read("国务院关于加强工作的通知\n国发〔2010〕1号\n");
        assert_eq!((meta.title.as_str(), meta.kind.as_deref()), ("国务院关于加强工作的通知", Some("通知")));
        assert_eq!((meta.number.as_deref(), meta.year), (Some("国发〔2010〕1号"), Some(2010)));
        assert_eq!(read("珠府〔2018〕14 号").number.as_deref(), Some("珠府〔2018〕14号"));
        for (block, year) in [
            ("国务院关于印发2030年前碳达峰行动方案的通知\n国发〔2021〕23号\n", 2021),
            ("关于印发2030年碳达峰实施方案的通知\n遂府〔2021〕23号\n", 2021),
            ("遂溪县财政局关于拨付2000万元扶贫资金的通知\n遂财〔2019〕15号\n", 2019),
            (
                "遂溪县第十四个五年规划和2035年远景目标纲要\n（2021年2月28日遂溪县第十六届人民代表大会第五次会议批准）\n",
                2021,
            ),
            ("关于印发2025年工作要点的通知\n遂府〔2024〕99号\n", 2025),
            ("关于修改〈规定〉的决定\n2018年1月2日通过 遂府〔2009〕1号\n", 2018),
        ] {
            assert_eq!(read(block).year, Some(year), "{block}");
        }
        let signed =
            "遂溪县人民政府关于防汛的通知\n各镇要做好防汛工作。\n遂溪县人民政府\n2014年5月6日\n（此件公开发布）\n";
        let signed = crate::Document::from_text("a", signed).meta;
        assert_eq!((signed.date.as_deref(), signed.year), (Some("2014-05-06"), Some(2014)));
        let passed = "关于召开县第十七届人民代表大会第四次会议的决定\n（2024年12月9日县第十七届人民代表大会常务委员会第三十次会议通过）\n会议决定召开。\n遂溪县人民代表大会常务委员会\n2024年12月9日\n";
        assert_eq!(crate::Document::from_text("a", passed).meta.place.join("/"), "广东省/湛江市/遂溪县");
        let below = read("践行新思想 谱写新篇章\n——遂溪县2024年政府工作报告\n");
        assert_eq!((below.title.as_str(), below.place.len()), ("践行新思想谱写新篇章——遂溪县2024年政府工作报告", 3));
        assert_eq!(read("殷勇同志作政府工作报告。记者摄\n政 府 工 作 报 告\n").title, "政府工作报告");
        assert_eq!(read("# 遂溪县2025年政府工作报告\n").title, "遂溪县2025年政府工作报告");
    }
}
