//! Reads what is said behind the name of an indicator: a number with its unit, whether it is growth or a level, and the
//! words that loosen or bound it. Looks at one clause of [`spelled`](super::indicators::spelled) text; which indicator and
//! year it belongs to is decided by `targets`.

use serde::Serialize;

use crate::patterns::{Pattern, patterns};
use crate::query::amount::UNITS;

/// Which way an indicator goes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub enum Direction {
    /// It grows or shall grow.
    #[serde(rename = "增长")]
    Up,
    /// It falls or shall fall.
    #[serde(rename = "下降")]
    Down,
}

impl Direction {
    /// The Chinese name, as JSON has it.
    pub fn name(self) -> &'static str {
        match self {
            Direction::Up => "增长",
            Direction::Down => "下降",
        }
    }
}

/// A number as it is said.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Quantity {
    pub value: f64,
    /// The other end of a range.
    pub to: Option<f64>,
    /// As it is written, with 万 and 亿; empty for a bare number.
    pub unit: String,
    /// Set if the number is a change.
    pub direction: Option<Direction>,
    /// 左右, 以上, 力争 and their like, in the order they are said.
    pub modifiers: Vec<&'static str>,
    /// A yearly average: 年均增长.
    pub is_average: bool,
    /// What came together over the years: 累计.
    pub is_total: bool,
    /// A level that was come to: 增加到, 达到.
    pub is_reached: bool,
    /// What was only aimed at: 低于8%左右的预期目标.
    pub is_aim: bool,
    /// A change of the pace: 增速回落3个百分点.
    pub is_of_pace: bool,
    /// A bound from above: 控制在, 不超过, 以内.
    pub is_ceiling: bool,
    /// Behind it stands what may make it another thing's: 13亿人口大国.
    goes_on: bool,
}

impl Quantity {
    /// Whether nothing shows that the number is one of another thing.
    pub fn is_whole(&self) -> bool {
        !self.goes_on
    }
}

/// What may stand between a name and its number without changing what is said. Whatever is not here ends the reading, so
/// that a number is never given to a name that it does not belong to.
const GLUE: [&str; 91] = [
    "接连", "相继", "先后", "调整为", "下调至", "上调至", "收窄至", "收窄到", "增至", "升至", "跃升至", "攀升至",
    "攀升到", "按可比价格计算", "按可比价计算", "按可比口径计算", "按可比口径", "同口径", "可比口径", "可比",
    "按不变价格计算", "按不变价", "按现价计算", "平均值", "平均", "的预期目标", "的调控目标", "调控目标", "的目标",
    "扣除价格因素", "扣除物价因素", "较上年同期", "比上年同期", "比上年", "较上年", "比去年", "较去年", "同比", "环比",
    "累计", "预期目标", "目标", "预期", "预计", "预定", "计划", "安排", "拟", "按", "实际", "名义", "总量", "总额",
    "总规模", "规模", "水平", "均", "再", "也", "要", "将", "可", "有望", "初步", "提出", "定为", "定在", "确定为",
    "设定为", "控制在", "控制", "保持在", "保持", "稳定在", "维持在", "完成", "实现", "达到了", "达到", "达", "为",
    "是", "在", "首次", "连续", "继续", "全年", "今年", "到", "至", "了",
];

/// Those of them that say to what level something came.
pub(crate) const REACHES: [&str; 8] = ["增至", "升至", "跃升至", "攀升至", "攀升到", "达到了", "达到", "达"];

/// What says that a round number was passed: 迈上6万亿元台阶.
pub(crate) const PASSES: [&str; 8] = ["突破", "迈上", "跨上", "跃上", "站上", "跨过", "跨越", "迈过"];

/// What has a pace of its own, which may change.
const PACES: [&str; 6] = ["增长速度", "增长率", "增速", "增幅", "涨幅", "降幅"];

/// Those of them that make what stands behind them an aim.
const AIMED: [&str; 7] = ["的预期目标", "的调控目标", "调控目标", "的目标", "预期目标", "目标", "计划"];

/// Those of them that tell a change against what was.
const AGAINST: [&str; 8] = ["较上年同期", "比上年同期", "比上年", "较上年", "比去年", "较去年", "同比", "环比"];

/// Those of them behind which the last of several numbers is the one that was come to.
const SUCCESSIVE: [&str; 4] = ["接连", "相继", "先后", "连续"];

/// Words before a number that say how it is meant, beside those of [`PASSES`].
const BEFORE: [&str; 18] = [
    "力争", "确保", "争取", "努力", "不低于", "不少于", "不高于", "不超过", "不大于", "大约", "约", "至少", "接近",
    "近", "超过", "超", "高于", "低于",
];

/// Words that say what a number is worth to those who promise it.
pub(crate) const STRIVING: [&str; 4] = ["力争", "确保", "争取", "努力"];

/// Words behind a number that say how it is meant.
pub(crate) const BEHIND: [&str; 12] =
    ["左右", "以上", "以内", "以下", "上下", "之内", "之间", "及以上", "区间", "或者更多一些", "或更高", "的水平"];

/// Words between a number and its unit that say that it is more: 2800多亿美元.
pub(crate) const MORE: [&str; 2] = ["多", "余"];

/// Words around a number that make it a bound from above.
pub(crate) const CEILINGS: [&str; 9] = ["控制在", "控制", "不高于", "不超过", "不大于", "低于", "以内", "以下", "之内"];

/// What says a change, and which way.
pub(crate) const CHANGES: [(&str, Direction); 29] = [
    ("负增长", Direction::Down),
    ("正增长", Direction::Up),
    ("增长速度", Direction::Up),
    ("增长率", Direction::Up),
    ("增长", Direction::Up),
    ("增速", Direction::Up),
    ("增幅", Direction::Up),
    ("涨幅", Direction::Up),
    ("上涨幅度", Direction::Up),
    ("上涨", Direction::Up),
    ("上升", Direction::Up),
    ("提高", Direction::Up),
    ("提升", Direction::Up),
    ("增加", Direction::Up),
    ("扩大", Direction::Up),
    ("递增", Direction::Up),
    ("增产", Direction::Up),
    ("增", Direction::Up),
    ("下降率", Direction::Down),
    ("下降", Direction::Down),
    ("降低", Direction::Down),
    ("降幅", Direction::Down),
    ("减少", Direction::Down),
    ("减产", Direction::Down),
    ("减", Direction::Down),
    ("微降", Direction::Down),
    ("回落", Direction::Down),
    ("缩小", Direction::Down),
    ("降", Direction::Down),
];

patterns! {
    NUMBER = r"^([0-9]+(?:\.[0-9]+)?)(?:(%|[万亿]*[^0-9，。；、和至到%]{0,3})(?:[-—–―~～]+|至|到)([0-9]+(?:\.[0-9]+)?))?";
    UNIT = &format!("^(?:个?百分点|%|‰|[十百千万亿]*(?:{})|[十百千万亿]+)", UNITS.replace(' ', "|"));
    YEAR = "^(?:19|20)[0-9]{2}年底?的?";
    FROM = "^(?:由|从)[^，。；]{1,24}?(增长|增加|提高|提升|扩大|上升|攀升|跃升|回升|增|升|下降|降低|减少|回落|降)(?:到|至)";
    TURNED = "^(?:由|从)[^，。；]{1,24}?(?:调整为|[上下]调[到至为]|转变?为)";
    // what a change is told against, if it stands right behind
    BASE = "^[比较](?:(?:19|20)[0-9]{2}年|(?:十[一二三四五六七八九]|[六七八九十])五(?:时期|规划|计划)?期?末)(?:同期|[底末])?";
    AVERAGE = "^(?:年均|年平均|平均每年|每年平均|每年)";
    AIM = "^(?:的(?:年度|年初)?(?:预期|预定|调控|控制|增长|发展)*|预期|预定|调控)目标";
    MANY = "^([十百千万亿]*)(多|余)([十百千万亿]*)";
    ENDS = "^(?:$|[、和与及正负增升提扩上下降减回比较占居排位的以]|同比|高于|低于|快于|左右)";
}

/// The numbers that `text` begins with, of which the later ones are joined to the first by 、 or 和, and how many bytes of it
/// were read. Empty if it begins with anything else.
pub(crate) fn quantities(text: &str) -> (Vec<Quantity>, usize) {
    let mut list: Vec<Quantity> = Vec::new();
    let mut read = 0;
    let mut rest = text;
    while let Some((mut quantity, length)) = quantity(rest) {
        if let Some(first) = list.first() {
            // 分别增长4%、5%: the second is growth too
            quantity.direction = quantity.direction.or(first.direction);
            quantity.is_average |= first.is_average;
            // 分别超过8万元、4.5万元
            if quantity.modifiers.is_empty() {
                quantity
                    .modifiers
                    .extend(first.modifiers.iter().filter(|word| BEFORE.contains(word) || PASSES.contains(word)));
            }
        }
        list.push(quantity);
        read = text.len() - rest.len() + length;
        rest = &text[read..];
        let joined = ["、", "和", "与", "及"].iter().find_map(|mark| rest.strip_prefix(mark));
        match joined.filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit())) {
            Some(next) => rest = next,
            None => break,
        }
    }
    if let Some(last) = list.last().filter(|last| !last.modifiers.is_empty()) {
        // 分别增长7%和8%左右
        let modifiers = last.modifiers.clone();
        list.iter_mut().filter(|one| one.modifiers.is_empty()).for_each(|one| one.modifiers.clone_from(&modifiers));
    }
    if SUCCESSIVE.iter().any(|word| text.starts_with(word)) {
        list.drain(..list.len().saturating_sub(1));
    }
    (list, read)
}

/// What is said before a number, as far as it was read.
#[derive(Default)]
struct Before {
    direction: Option<Direction>,
    modifiers: Vec<&'static str>,
    is_average: bool,
    is_total: bool,
    is_reached: bool,
    is_controlled: bool,
    is_aimed: bool,
    /// 同比 and its like.
    is_against: bool,
    /// A pace was named; then that it changes.
    has_pace: bool,
    is_of_pace: bool,
}

impl Before {
    /// Reads a word that `text` begins with, and gives what stands behind it; `None` if it is none that may stand there.
    fn read<'t>(&mut self, text: &'t str) -> Option<&'t str> {
        let may_fall = self.direction == Some(Direction::Up) || self.direction.is_none() && self.is_against;
        if let Some(next) = negative(text).filter(|_| may_fall) {
            // 增长-2.3%, 同比-2.3%
            self.direction = Some(Direction::Down);
            return Some(next);
        }
        if let Some(found) = FROM.find(text) {
            self.is_reached = true;
            return Some(&text[found.end()..]);
        }
        if let Some(found) = TURNED.find(text) {
            return Some(&text[found.end()..]);
        }
        if let Some(next) = BASE.find(text).map(|base| &text[base.end()..]).filter(|next| is_change(next)) {
            return Some(next);
        }
        if let Some(found) = YEAR.find(text) {
            return Some(&text[found.end()..]);
        }
        if let Some(found) = AVERAGE.find(text) {
            self.is_average = true;
            return Some(&text[found.end()..]);
        }
        let change = CHANGES.iter().find_map(|(word, way)| Some((text.strip_prefix(word)?, word, *way)));
        if let Some((next, word, way)) = change {
            // 提高到5.4万元 is a level
            self.is_reached = next.starts_with(['到', '至']);
            self.direction = (!self.is_reached).then_some(way);
            self.is_of_pace |= self.has_pace;
            self.has_pace |= PACES.contains(word);
            return Some(next);
        }
        if let Some((next, word)) = behind(text, &BEFORE).or_else(|| behind(text, &PASSES)) {
            self.modifiers.push(word);
            self.is_reached |= PASSES.contains(&word);
            return Some(next);
        }
        let (next, word) = behind(text, &GLUE)?;
        self.is_controlled |= CEILINGS.contains(&word);
        self.is_total |= word == "累计";
        self.is_aimed |= AIMED.contains(&word);
        self.is_reached |= REACHES.contains(&word);
        self.is_against |= AGAINST.contains(&word);
        Some(next)
    }
}

/// What stands behind the first of `words` that `text` begins with, and that word.
fn behind<'t>(text: &'t str, words: &[&'static str]) -> Option<(&'t str, &'static str)> {
    words.iter().find_map(|word| Some((text.strip_prefix(word)?, *word)))
}

fn quantity(text: &str) -> Option<(Quantity, usize)> {
    let mut before = Before::default();
    let mut rest = text;
    let found = loop {
        match NUMBER.captures(rest).filter(|_| !YEAR.is_match(rest)) {
            Some(found) => break found,
            None => rest = before.read(rest)?,
        }
    };
    let Before { mut direction, mut modifiers, .. } = before;
    let value: f64 = found[1].parse().ok()?;
    let to: Option<f64> = found.get(3).and_then(|to| to.as_str().parse().ok());
    // 4月至5月 is no range, and 2 in 2:1 no amount
    rest = match to {
        Some(_) => &rest[found[0].len()..],
        None => &rest[found[1].len()..],
    };
    let (mut unit, more, length) = unit(rest);
    modifiers.extend(more);
    rest = &rest[length..];
    if to.is_some() && unit.is_empty() {
        unit = found.get(2).map_or("", |unit| unit.as_str()).to_string();
    }
    // 0.6吨标准煤/万元
    if unit.ends_with("标准煤") {
        rest = rest.strip_prefix("/万元").unwrap_or(rest);
    }
    // the full stop of a sentence may be one of ASCII
    let is_stop = rest == "." && !unit.is_empty();
    let goes_on = rest.starts_with([':', '：', '/', '.', '-']) || rest.starts_with(|c: char| c.is_ascii_digit());
    if goes_on && !is_stop {
        return None;
    }
    while let Some((next, word)) = behind(rest, &BEHIND) {
        if word != "的水平" {
            modifiers.push(word);
        }
        rest = next;
    }
    // 实现0.2%正增长
    if direction.is_none() {
        direction = match () {
            _ if rest.starts_with("正增长") || rest.starts_with("的增长") || rest.starts_with("增长") => {
                Some(Direction::Up)
            }
            _ if rest.starts_with("负增长") => Some(Direction::Down),
            _ => None,
        };
    }
    let quantity = Quantity {
        value,
        to,
        direction,
        is_average: before.is_average,
        // 累计同比 is of the months of one year
        is_total: before.is_total && !before.is_against,
        is_reached: before.is_reached,
        is_aim: before.is_aimed || AIM.is_match(rest),
        is_of_pace: before.is_of_pace && unit.ends_with("百分点"),
        is_ceiling: before.is_controlled || modifiers.iter().any(|word| CEILINGS.contains(word)),
        goes_on: !ENDS.is_match(rest),
        unit,
        modifiers,
    };
    Some((quantity, text.len() - rest.len()))
}

fn is_change(text: &str) -> bool {
    CHANGES.iter().any(|(word, _)| text.strip_prefix(word).is_some_and(|behind| !behind.starts_with(['到', '至'])))
}

/// The unit that `text` begins with, without the 多 in it, which is told apart, and how many bytes it takes.
fn unit(text: &str) -> (String, Option<&'static str>, usize) {
    let find = |text: &str| UNIT.find(text).map_or(String::new(), |unit| unit.as_str().to_string());
    if let Some(found) = MANY.captures(text) {
        let scale = format!("{}{}", &found[1], &found[3]);
        let unit = find(&format!("{scale}{}", &text[found[0].len()..]));
        let more = MORE.into_iter().find(|more| *more == &found[2]);
        if !unit.is_empty() && unit.len() >= scale.len() {
            let length = unit.len() + found[2].len();
            return (unit, more, length);
        }
    }
    let unit = find(text);
    let length = unit.len();
    (unit, None, length)
}

/// What stands behind the sign of a negative number.
fn negative(text: &str) -> Option<&str> {
    text.strip_prefix(['-', '−', '负']).filter(|rest| rest.starts_with(|c: char| c.is_ascii_digit()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What is read, in one line.
    fn read(text: &str) -> String {
        let one = |q: &Quantity| {
            let to = q.to.map_or(String::new(), |to| format!("..{to}"));
            let way = q.direction.map_or("", Direction::name);
            format!("{way}{}{to}{}{}", q.value, q.unit, q.modifiers.concat())
        };
        quantities(text).0.iter().map(one).collect::<Vec<_>>().join(" ")
    }

    #[test]
    fn numbers_behind_a_name() {
        for (text, expected) in [
            ("增长5%左右", "增长5%左右"),
            ("完成198.5亿元", "198.5亿元"),
            ("控制在5.5%以内", "5.5%以内"),
            ("涨幅3.5%左右", "增长3.5%左右"),
            ("增长5%—5.5%", "增长5..5.5%"),
            ("增长6%-6.5%", "增长6..6.5%"),
            ("从54万亿元增加到82.7万亿元", "82.7万亿元"),
            ("按可比口径下降9.3%", "下降9.3%"),
            ("分别", ""),
            ("增长7%和8%左右", "增长7%左右 增长8%左右"),
            ("17.7亿元", "17.7亿元"),
            ("0.2%正增长", "增长0.2%"),
            ("增长-2.3%", "下降2.3%"),
            ("增速为-5.1%", "下降5.1%"),
            ("-5.1%", ""),
            ("可比增长4%", "增长4%"),
            ("提高到5.4万元", "5.4万元"),
            ("居全国第5位", ""),
            ("占比5%", ""),
            ("不低于80万人", "80万人不低于"),
            ("达到2030年的3万吨", "3万吨"),
            ("与经济同步增长", ""),
            ("700多万人", "700万人多"),
            ("13亿多人口的大国", "13亿人多"),
            ("超过8万元、4.5万元", "8万元超过 4.5万元超过"),
            ("接连突破8万亿元、9万亿元", "9万亿元突破"),
            ("迈上6万亿元台阶", "6万亿元迈上"),
            ("减产2亿斤", "下降2亿斤"),
            ("同比-5.2%", "下降5.2%"),
            ("降幅收窄至5%", "下降5%"),
            ("由上年下降10%转为增长5%", "增长5%"),
            ("增速目标由8%调整为7%", "增长7%"),
            ("增6%", "增长6%"),
            ("增至6万元", "6万元"),
            ("降至0.6吨标准煤/万元", "0.6吨标准煤"),
            ("增长5%.", "增长5%"),
            ("增长5.6.7%", ""),
        ] {
            assert_eq!(read(text), expected, "{text}");
        }
    }
}
