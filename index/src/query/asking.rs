//! What the text of a question says of how it asks: interrogatives, who is asked to have said it, particles. All this
//! is taken out where it stands between words, as the index cuts them: 多大 asks nothing in 更多大学生, and 全国 is no place in
//! 健全国有资产.

use crate::document::Role;
use crate::parse::when::written;
use crate::words::{borders, cut_by, is_han};

/// Interrogatives, each before those that it contains.
const INTERROGATIVES: [&str; 145] = [
    "什么规定", "哪些规定", "怎么规定", "如何规定", "怎样规定", "是什么意思", "什么意思", "怎么回事", "为什么",
    "什么叫", "叫什么", "什么是", "多少个月", "多少小时", "多少年", "多少天", "多少岁", "多少钱", "多少元", "是多少",
    "什么时候", "什么时间", "什么样", "指的是什么", "是指什么", "是什么", "指什么", "什么", "哪一些", "哪一个",
    "哪一年", "哪一届", "哪一天", "哪一", "哪些", "哪个", "哪家", "哪里", "哪儿", "哪种", "哪几个", "哪几", "哪位",
    "哪年", "哪", "多少", "多长时间", "多大", "多快", "多高", "多长", "多宽", "多远", "多久", "怎样才能", "如何才能",
    "怎么样", "怎么办", "怎么", "怎样", "如何", "是否", "能否", "可否", "有没有", "是不是", "能不能", "会不会",
    "要不要", "该不该", "应不应该", "可不可以", "好不好", "行不行", "对不对", "有无", "百分之几", "几何", "几成",
    "几亩", "几倍", "几个小时", "几个月", "几个人", "几个", "几小时", "几分钟", "几年级", "几年", "几周年", "几周",
    "几月份", "几月", "几天", "几日", "几岁", "几人", "几元", "几届", "几级", "几层", "几种", "几件", "几项", "几家",
    "几所", "几条", "几座", "几名", "几位", "几次", "几类", "几批", "几处", "几时", "几号", "几点", "几块钱", "几块",
    "几十", "几百", "几千", "几万", "几亿", "几", "何时", "何地", "何处", "何种", "为何", "有何", "何以", "何", "是谁",
    "谁", "叫啥", "是啥", "啥", "咋办", "咋样", "咋", "请问", "吗", "呢", "么",
];

/// Those of one character that ask by themselves: others may be pieces of words (何, 几) or ask nothing (么).
const SHORT: [&str; 6] = ["谁", "啥", "咋", "吗", "呢", "哪"];

/// Words before 几 with which it is some number, and asks for none: 近几年.
const ABOUT: [&str; 8] = ["十", "近", "这", "那", "未来", "过去", "今后", "好"];

/// What is said of both answers and asks for neither.
const OFTEN: [&str; 2] = ["动", "时"];

/// 多少, 几年 and 能不能 are words in a question though the index seldom has them, as often as any: 多少年 is not 多 and 少年.
const COMMON: u64 = 1 << 24;

/// Those that ask for a meaning.
const MEANINGS: [&str; 7] = ["是什么意思", "什么意思", "什么叫", "什么是", "指的是什么", "是指什么", "指什么"];

/// What asks for it at the end of a text: 共同富裕的定义.
const DEFINES: [&str; 5] = ["定义", "含义", "概念", "意思", "内涵"];

/// What asks at the end of a text.
const COMPARES: [&str; 3] = ["比较", "对比", "相比"];

/// Who is asked of: 哪些省发展低空经济 is about what stands behind them.
const PLACES: [&str; 8] = ["省份", "省市", "省", "城市", "市", "县", "地方", "地区"];

/// Who says it, and that it is said, perhaps first: 哪些省提到低空经济 is about the last word.
const WHO: [&str; 14] =
    ["省份", "省市", "省", "城市", "市", "县", "地方", "地区", "报告", "国家", "首次", "最早", "率先", "的"];
const SAY: [&str; 6] = ["提到了", "提到", "提及", "提出了", "提出", "写到"];

/// What a question joins its words with; and what it joins places and years with, which may begin a word (和美乡村).
const PARTICLES: [char; 6] = ['是', '的', '了', '有', '在', '于'];
const JOINTS: [char; 5] = ['和', '与', '及', '至', '到'];

/// What may stand before what is asked about: 为什么要发展低空经济, 港口法对引航有什么规定.
const LEADING: [&str; 5] = ["要", "将", "让", "对", "关于"];

/// Words that name a part of a report, with its role: at the end of a topic (gdp目标), one anywhere, one by itself alone, since
/// 火炬计划 and 投资计划 are names.
const PARTS: [(&str, Role, Where); 8] = [
    ("目标", Role::Targets, Where::End),
    ("预期", Role::Targets, Where::End),
    ("完成", Role::Review, Where::Anywhere),
    ("成绩", Role::Review, Where::End),
    ("问题", Role::Problems, Where::End),
    ("不足", Role::Problems, Where::End),
    ("任务", Role::Tasks, Where::End),
    ("计划", Role::Tasks, Where::Alone),
];

/// Where a word has to stand in a topic to be taken out.
#[derive(Clone, Copy, PartialEq)]
enum Where {
    Anywhere,
    End,
    Alone,
}

/// Ranges of more years than this name their ends.
const MOST_YEARS: u16 = 20;

/// What a text asks for, by its interrogatives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Asks {
    Nothing,
    Something,
    /// What a term means.
    Meaning,
}

/// How often a word stands in the index, but for what the index may have in pieces.
pub(crate) fn frequency_in_questions(word: &str, frequency: impl Fn(&str) -> u64) -> u64 {
    let is_one = |word: &str| {
        matches!(word, "多少" | "为何" | "有何") || word.starts_with('几') && word != "几" || word.contains('不')
    };
    if is_one(word) && INTERROGATIVES.contains(&word) { COMMON } else { frequency(word) }
}

/// Takes interrogatives out of the stretches of a text.
pub(crate) fn take_interrogatives(topics: &mut Vec<String>, frequency: impl Fn(&str) -> u64) -> Asks {
    let mut asks = Asks::Nothing;
    if let Some(last) = topics.last_mut() {
        let said = last.trim_end_matches('？').len();
        if said < last.len() {
            asks = Asks::Something;
        }
        last.truncate(said);
    }
    if let Some(first) = topics.first_mut()
        && let Some(said) = behind_each(first, &frequency)
    {
        *first = said.to_string();
        asks = Asks::Something;
    }
    for word in INTERROGATIVES {
        if word.starts_with('哪') {
            topics.iter_mut().for_each(|topic| take_who(topic, word, &frequency));
        }
        let is_found = take_out(topics, word, &frequency);
        if is_found && (word.chars().nth(1).is_some() || SHORT.contains(&word)) {
            asks = asks.max(if MEANINGS.contains(&word) { Asks::Meaning } else { Asks::Something });
        }
        if is_found && word.starts_with(['哪', '几']) {
            topics.iter_mut().for_each(|topic| *topic = what_is_said(topic).to_string());
        }
    }
    for topic in topics.iter_mut() {
        while let Some(said) = without_alternative(topic) {
            *topic = said;
            asks = asks.max(Asks::Something);
        }
    }
    if let Some(last) = topics.last_mut()
        && let Some(rest) = COMPARES.iter().find_map(|word| last.strip_suffix(word))
        && !rest.is_empty()
        && borders(last, &frequency).contains(&rest.len())
    {
        *last = rest.to_string();
        asks = asks.max(Asks::Something);
    }
    asks
}

/// A text that asks by a word and its contrary with that word alone: 犯不犯法 is about 犯法, 取消不取消 about 取消.
fn without_alternative(text: &str) -> Option<String> {
    text.match_indices('不').find_map(|(at, not)| {
        let (before, behind) = (&text[..at], &text[at + not.len()..]);
        let starts = before.char_indices().rev().take(2).map(|(start, _)| start);
        let mut words = starts.map(|start| &before[start..]).filter(|word| word.chars().all(is_han));
        let word = words.find(|word| behind.starts_with(word) && !OFTEN.contains(word))?;
        Some(before.to_string() + &behind[word.len()..])
    })
}

/// Takes what asks for a meaning out of the end of a text; gives whether it did.
pub(crate) fn take_definition(topics: &mut [String], frequency: impl Fn(&str) -> u64) -> bool {
    let last = topics.iter_mut().rfind(|topic| says_something(topic));
    let defined = last.and_then(|last| Some((what_is_defined(last, frequency)?.to_string(), last)));
    defined.map(|(term, last)| *last = term).is_some()
}

/// The term whose meaning a text asks for by its end. It has two characters or more: 新概念 is a term.
fn what_is_defined(text: &str, frequency: impl Fn(&str) -> u64) -> Option<&str> {
    let text = trimmed(text, &frequency);
    let before = DEFINES.iter().find_map(|word| text.strip_suffix(word))?;
    let term = before.strip_suffix('的').unwrap_or(before);
    (term.chars().nth(1).is_some() && borders(text, frequency).contains(&before.len())).then_some(term)
}

/// What is asked of all of them in a text that begins with 各省 or 全国各地, which ask as 哪些省 does; `None` for any other: no city is
/// in 各市场主体.
fn behind_each(text: &str, frequency: impl Fn(&str) -> u64) -> Option<&str> {
    let each = text.strip_prefix("全国").unwrap_or(text).strip_prefix('各')?;
    let from = text.len() - each.strip_prefix('个').unwrap_or(each).len();
    let end = behind_all(text, from, &[&WHO[..], &["地"]].concat(), frequency)?;
    Some(SAY.iter().find_map(|say| text[end..].strip_prefix(say)).unwrap_or(&text[end..]))
}

/// Takes out who is asked of behind 哪些 and its like, which stays: 哪些省取消港税 asks what 各省取消港税 does. A report that does so
/// seldom says 省; no place is in 哪些市场主体 and 哪些地方债.
fn take_who(text: &mut String, which: &str, frequency: impl Fn(&str) -> u64) {
    let Some(at) = text.find(which) else { return };
    let from = at + which.len();
    let end = behind_all(text, from, &PLACES, frequency);
    if let Some(end) = end.filter(|&end| text[end..].chars().count() != 1) {
        text.replace_range(from..end, "");
    }
}

/// Where a text goes on between words behind as many of the `names` as stand there one after the other; `None` if none does.
fn behind_all(text: &str, from: usize, names: &[&str], frequency: impl Fn(&str) -> u64) -> Option<usize> {
    let mut ends = vec![from];
    let mut next = 0;
    while let Some(&end) = ends.get(next) {
        ends.extend(names.iter().filter(|name| text[end..].starts_with(**name)).map(|name| end + name.len()));
        next += 1;
    }
    let borders = if ends.len() > 1 { borders(text, frequency) } else { Vec::new() };
    ends[1..].iter().copied().filter(|end| borders.contains(end)).max()
}

/// The year before the one that a report is of, and what is said of another time: 去年底, or is compared with: 去年同期.
const LAST_YEAR: [&str; 3] = ["去年", "上年", "过去一年"];
const OTHERWISE: [char; 7] = ['底', '末', '初', '同', '以', '来', '度'];

/// Takes the year before out of the beginning of topics of a question; gives whether it did. What was done then stands where a report
/// looks back, and seldom with this word.
pub(crate) fn take_last_year(topics: &mut [String], frequency: impl Fn(&str) -> u64) -> bool {
    let mut is_found = false;
    for topic in topics.iter_mut() {
        let end = LAST_YEAR.iter().find(|name| topic.starts_with(**name)).map(|name| name.len());
        let Some(end) = end.filter(|&end| !topic[end..].starts_with(OTHERWISE)) else { continue };
        if borders(topic, &frequency).contains(&end) {
            topic.replace_range(..end, "");
            is_found = true;
        }
    }
    is_found
}

/// What is done about problems: 如何解决噪声问题 does not ask which there are.
const SOLVES: [&str; 5] = ["解决", "化解", "破解", "应对", "治理"];

/// Takes the names of parts of a report out of topics; gives the first with its role.
pub(crate) fn take_part(topics: &mut Vec<String>, frequency: impl Fn(&str) -> u64) -> Option<(&'static str, Role)> {
    let mut part = None;
    for (name, role, place) in PARTS {
        let is_there = |topic: &String| {
            if !topic.contains(name) {
                return false;
            }
            let topic = trimmed(topic, &frequency);
            let is_solved = role == Role::Problems && SOLVES.iter().any(|verb| topic.contains(verb));
            !is_solved && (place == Where::Anywhere || topic == name || place == Where::End && topic.ends_with(name))
        };
        if topics.iter().any(is_there) && take_out(topics, name, &frequency) {
            part.get_or_insert((name, role));
        }
    }
    part
}

/// Cuts a word out of texts, wherever it stands between words; gives whether it did.
pub(crate) fn take_out(texts: &mut Vec<String>, word: &str, frequency: impl Fn(&str) -> u64) -> bool {
    // as most words that are looked for
    if !texts.iter().any(|text| text.contains(word)) {
        return false;
    }
    let mut rest = Vec::with_capacity(texts.len());
    for text in texts.iter() {
        let mut from = 0;
        let borders = if text.contains(word) { borders(text, &frequency) } else { Vec::new() };
        for (at, _) in text.match_indices(word) {
            let is_about = word.starts_with('几') && ABOUT.iter().any(|about| text[..at].ends_with(about));
            if !is_about && borders.contains(&at) && borders.contains(&(at + word.len())) {
                rest.push(text[from..at].to_string());
                from = at + word.len();
            }
        }
        rest.push(text[from..].to_string());
    }
    let is_found = rest.len() > texts.len();
    *texts = rest;
    is_found
}

/// Cuts the years out of texts: 2025年底 and 2025年度 are of 2025.
pub(crate) fn take_years(texts: &mut Vec<String>, years: &[u16], frequency: impl Fn(&str) -> u64) {
    let mut rest = Vec::with_capacity(texts.len());
    for text in texts.iter() {
        let mut from = 0;
        for (at, _) in written(text).into_iter().filter(|(_, year)| years.contains(year)) {
            rest.push(text[from..at.start].to_string());
            let behind = &text[at.end..];
            // 2025年度假村 is about 度假村
            let is_fiscal = behind.starts_with("年度") && borders(behind, &frequency).contains(&"年度".len());
            let name = if is_fiscal { "年度" } else { "年" };
            from = text.len() - behind.strip_prefix(name).unwrap_or(behind).len();
        }
        rest.push(text[from..].to_string());
    }
    *texts = rest;
}

/// Spans of years that are spoken of as such: 10年规划, 12年义务教育.
const SPANS: [&str; 7] = ["10", "12", "15", "20", "30", "40", "50"];

/// What makes a span of the years before it.
const SPANNED: [char; 13] = ['期', '来', '间', '内', '以', '前', '后', '级', '限', '制', '龄', '多', '的'];

/// Writes out the year of two digits that topics begin with, if it `is_known` and something else is asked of it: 24年赤字率 is of 2024.
pub(crate) fn spell_out_year(topics: &mut [String], asked: &mut [String], is_known: impl Fn(u16) -> bool) {
    let is_name = topics.iter().flat_map(|topic| topic.chars()).filter(|c| c.is_alphabetic()).nth(2).is_some();
    let year_of = |topic: &String| {
        let (digits, behind) = topic.split_once('年')?;
        let is_year = digits.len() == 2 && !SPANS.contains(&digits) && !behind.starts_with(SPANNED);
        let short = digits.parse::<u16>().ok().filter(|_| is_year && is_name)?;
        [2000, 1900].map(|century| century + short).into_iter().find(|&year| is_known(year))
    };
    let Some(year) = topics.iter().find_map(year_of) else { return };
    let short = format!("{:02}年", year % 100);
    for text in topics.iter_mut().chain(asked).filter(|text| text.starts_with(&short)) {
        text.replace_range(..2, &year.to_string());
    }
}

/// What a report is asked to have said, behind 哪些 and who it is: 省提到低空经济 is about 低空经济, 市场主体 about itself.
fn what_is_said(text: &str) -> &str {
    let mut rest = text;
    while let Some(behind) = WHO.iter().find_map(|who| rest.strip_prefix(who)) {
        rest = behind;
    }
    let Some(said) = SAY.iter().find_map(|say| rest.strip_prefix(say)) else {
        return if rest.is_empty() { rest } else { text };
    };
    // 提到低空经济的省有(哪些)
    let mut rest = said.trim_end_matches('有');
    while let Some(before) = WHO.iter().find_map(|who| rest.strip_suffix(who)) {
        rest = before;
    }
    rest
}

fn is_particle(word: &str) -> bool {
    word.chars().all(|c| PARTICLES.contains(&c))
}

/// Whether a text says anything but what joins others.
pub(crate) fn says_something(text: &str) -> bool {
    text.chars().any(|c| c.is_alphanumeric() && !PARTICLES.contains(&c) && !JOINTS.contains(&c))
}

/// The topic without particles behind it.
pub(crate) fn trimmed(topic: &str, frequency: impl Fn(&str) -> u64) -> &str {
    let words = cut_by([topic], frequency);
    let particles = words.iter().rev().take_while(|word| is_particle(word));
    particles.fold(topic, |rest, particle| rest.strip_suffix(particle.as_str()).unwrap_or(rest))
}

/// The same without those before it.
pub(crate) fn trimmed_at_both_ends(topic: &str, frequency: impl Fn(&str) -> u64) -> &str {
    let words = cut_by([topic], &frequency);
    let particles = words.iter().take_while(|word| is_particle(word) || LEADING.contains(&word.as_str()));
    let rest = particles.fold(topic, |rest, particle| rest.strip_prefix(particle.as_str()).unwrap_or(rest));
    trimmed(rest, frequency)
}

/// The words of a topic without particles. Characters that are alone beside each other are of a word that the index
/// does not cut as one: 新冠.
pub(crate) fn words_of(topic: &str, frequency: impl Fn(&str) -> u64) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut is_open = false;
    for word in cut_by([topic], frequency) {
        let is_particle = is_particle(&word);
        let is_alone = !is_particle && word.chars().all(is_han) && word.chars().nth(1).is_none();
        match words.last_mut().filter(|_| is_open && is_alone) {
            Some(last) => last.push_str(&word),
            None if !is_particle => words.push(word),
            None => {}
        }
        is_open = is_alone;
    }
    words
}

/// The years that a text names, each once; of 2020-2024年 those between too.
pub(crate) fn years(text: &str) -> Vec<u16> {
    let mut years: Vec<u16> = Vec::new();
    // the one before, and where it ends
    let (mut last, mut end) = (None, 0);
    for (at, year) in written(text) {
        let between = &text[end..at.start];
        let joint = between.strip_prefix('年').unwrap_or(between);
        let is_range = matches!(joint, "-" | "–" | "—" | "~" | "至" | "到");
        let first = last.filter(|&last| is_range && (last..last + MOST_YEARS).contains(&year)).unwrap_or(year);
        for year in first..=year {
            if !years.contains(&year) {
                years.push(year);
            }
        }
        (last, end) = (Some(year), at.end);
    }
    years
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn characters_that_are_alone_beside_each_other_are_a_word() {
        let frequency = |word: &str| ["抗击", "肺炎", "疫情"].contains(&word) as u64 * 9;
        assert_eq!(words_of("抗击新冠肺炎的疫情", frequency), ["抗击", "新冠", "肺炎", "疫情"]);
        assert_eq!(words_of("疫情村", frequency), ["疫情", "村"]);
    }

    #[test]
    fn a_year_of_two_digits_is_one_beside_what_is_asked_of_it() {
        for (text, year) in
            [("24年港税", true), ("24年", false), ("24年来港税", false), ("20年港税", false), ("23年港税", false)]
        {
            let (mut topics, mut asked) = (vec![text.to_string()], vec![text.to_string()]);
            spell_out_year(&mut topics, &mut asked, |year| matches!(year, 2020 | 2024));
            assert_eq!((topics[0] != text, asked == topics), (year, true), "{text}");
        }
        let mut texts = ["2025年度赤字", "2025年度假村"].map(String::from).to_vec();
        take_years(&mut texts, &[2025], |word| ["年度", "赤字", "度假村"].contains(&word) as u64 * 9);
        assert_eq!(texts, ["", "赤字", "", "度假村"]);
    }

    #[test]
    fn what_asks_stands_between_words() {
        let frequency = |word: &str| {
            let words = [
                "大学生", "少年", "个人", "意思", "有意思", "任何", "单位", "职工", "在岗", "计划生育", "比较",
                "市场主体", "省辖市", "市场",
            ];
            words.contains(&word) as u64 * 9
        };
        let frequency = |word: &str| frequency_in_questions(word, frequency);
        let topics = |text: &str| {
            let mut topics = vec![text.to_string()];
            let asks = take_interrogatives(&mut topics, frequency) > Asks::Nothing;
            let asks = take_definition(&mut topics, frequency) || asks;
            let role = take_part(&mut topics, frequency).map(|(_, role)| role);
            (topics.concat(), asks, role)
        };
        for (text, topic, asks, role) in [
            ("更多大学生就业", "更多大学生就业", false, None),
            ("港税多少年到期", "港税到期", true, None),
            ("几个人联名", "联名", true, None),
            ("港税几亿元", "港税元", true, None),
            ("港长几时开港", "港长开港", true, None),
            ("能不能取消港税", "取消港税", true, None),
            ("为何取消港税", "取消港税", true, None),
            ("港长犯不犯法", "港长犯法", true, None),
            ("取消不取消港税", "取消港税", true, None),
            ("港长动不动开港", "港长动不动开港", false, None),
            ("解决港税问题", "解决港税问题", false, None),
            ("港税问题", "港税", false, Some(Role::Problems)),
            ("港税几年了", "港税了", true, None),
            ("近几年港税", "近几年港税", false, None),
            ("港税的定义", "港税", true, None),
            ("港税概念是什么", "港税", true, None),
            ("新概念", "新概念", false, None),
            ("港税有意思", "港税有意思", false, None),
            ("任何单位", "任何单位", false, None),
            ("港长是谁", "港长", true, None),
            ("怎样才能任何", "任何", true, None),
            ("港税比较", "港税", true, None),
            ("港税指的是什么", "港税", true, None),
            ("比较", "比较", false, None),
            ("计划生育", "计划生育", false, None),
            ("火炬计划", "火炬计划", false, None),
            ("计划", "", false, Some(Role::Tasks)),
            ("港税目标", "港税", false, Some(Role::Targets)),
            ("目标责任", "目标责任", false, None),
            ("哪几个省份的报告首次提出了港长制", "港长制", true, None),
            ("提到港长制的省有哪些", "港长制", true, None),
            ("各省港税", "港税", true, None),
            ("有哪些省份的港税目标", "有的港税", true, Some(Role::Targets)),
            ("2025年哪些城市取消港税", "2025年取消港税", true, None),
            ("城市港税有哪些", "城市港税有", true, None),
            ("哪些地方债", "地方债", true, None),
            ("全国各地的港税", "港税", true, None),
            ("各省市提出了港税目标", "港税", true, Some(Role::Targets)),
            ("各省辖市港税", "各省辖市港税", false, None),
            ("各市场主体", "各市场主体", false, None),
            ("各级", "各级", false, None),
        ] {
            assert_eq!(topics(text), (topic.to_string(), asks, role), "{text}");
        }
        assert_eq!(trimmed_at_both_ends("的在岗职工有", frequency), "在岗职工");
        for (text, topic) in [("去年港税", "港税"), ("去年同期港税", "去年同期港税"), ("港税去年", "港税去年")]
        {
            let mut topics = [text.to_string()];
            assert_eq!((take_last_year(&mut topics, frequency), topics.concat().as_str()), (text != topic, topic));
        }
        assert_eq!(trimmed_at_both_ends("要发展港税", frequency), "发展港税");
    }

    #[test]
    fn interrogatives_stand_before_those_that_they_contain() {
        for (at, word) in INTERROGATIVES.iter().enumerate() {
            let before = INTERROGATIVES[..at].iter().find(|before| word.contains(**before));
            assert_eq!(before, None, "before {word}");
        }
    }

    #[test]
    fn years_may_be_a_range() {
        assert_eq!(years("2020-2023年和2025年底"), [2020, 2021, 2022, 2023, 2025]);
        assert_eq!(years("1999年至2001年的12345"), [1999, 2000, 2001]);
        assert_eq!(years("2025 9999 2025"), [2025]);
        assert_eq!(years("二〇二三至二〇二五年"), [2023, 2024, 2025]);
    }
}
