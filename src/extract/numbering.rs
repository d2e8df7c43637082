//! The automatic numbers of Word: from `numbering.xml` and the paragraph styles to the text that Word shows before a
//! paragraph.

use std::collections::HashMap;

use anyhow::Result;

use super::xml::{Node, Tag, each};

const LEVELS: usize = 9;
/// A style follows at most so many others.
const LONGEST_CHAIN: usize = 16;
/// The longest pattern that is kept; Word's own are below twenty characters.
const LONGEST_PATTERN: usize = 100;

/// What a paragraph or a style says about its number.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wish {
    pub list: Option<u32>,
    pub level: Option<u32>,
}

#[derive(Default)]
struct Style {
    parent: Option<String>,
    wish: Wish,
    /// Whether it hides what has it.
    hides: Option<bool>,
}

#[derive(Clone, Default)]
struct Level {
    start: Option<u32>,
    format: String,
    pattern: String,
    /// Nothing between number and text.
    tight: bool,
    /// All numbers in it are decimal.
    legal: bool,
    /// The level after which it starts again; 0 is never.
    restart: Option<u32>,
    style: Option<String>,
}

#[derive(Default)]
struct Abstract {
    levels: HashMap<usize, Level>,
    style_link: Option<String>,
}

#[derive(Default)]
struct List {
    model: u32,
    starts: HashMap<usize, u32>,
    levels: HashMap<usize, Level>,
    used: bool,
}

/// All lists of a document, and where each has got to.
#[derive(Default)]
pub struct Numbering {
    styles: HashMap<String, Style>,
    default_style: Option<String>,
    models: HashMap<u32, Abstract>,
    lists: HashMap<u32, List>,
    counters: HashMap<u32, [Option<u32>; LEVELS]>,
}

impl Numbering {
    pub fn read(styles: Option<&[u8]>, numbering: Option<&[u8]>) -> Result<Self> {
        let mut all = Numbering::default();
        if let Some(bytes) = styles {
            all.read_styles(bytes)?;
        }
        if let Some(bytes) = numbering {
            all.read_lists(bytes)?;
        }
        Ok(all)
    }

    fn read_styles(&mut self, bytes: &[u8]) -> Result<()> {
        let mut id = None;
        let mut outdated = 0;
        each("word/styles.xml", bytes, |node| {
            match node {
                Node::Open(tag) if outdated > 0 || tag.name() == "pPrChange" => outdated += 1,
                Node::Close(_) if outdated > 0 => outdated -= 1,
                Node::Open(tag) if tag.name() == "style" => {
                    id = tag.get("styleId");
                    if let Some(id) = &id {
                        self.styles.insert(id.clone(), Style::default());
                        if tag.get("type").as_deref() == Some("paragraph") && on(tag.get("default").as_deref()) {
                            self.default_style = Some(id.clone());
                        }
                    }
                }
                Node::Open(tag) => {
                    let Some(style) = id.as_ref().and_then(|id| self.styles.get_mut(id)) else { return Ok(()) };
                    match tag.name() {
                        "basedOn" => style.parent = tag.get("val"),
                        "numId" => style.wish.list = tag.number("val"),
                        "ilvl" => style.wish.level = tag.number("val"),
                        "vanish" => style.hides = Some(!is_off(&tag)),
                        _ => {}
                    }
                }
                Node::Close("style") => id = None,
                _ => {}
            }
            Ok(())
        })
    }

    fn read_lists(&mut self, bytes: &[u8]) -> Result<()> {
        let (mut model, mut list, mut level) = (None, None, None);
        each("word/numbering.xml", bytes, |node| {
            match node {
                Node::Open(tag) => match tag.name() {
                    "abstractNum" => model = tag.number("abstractNumId"),
                    "num" => {
                        list = tag.number("numId");
                        list.map(|list| self.lists.entry(list).or_default());
                    }
                    "lvl" | "lvlOverride" => level = tag.number("ilvl").map(|level| level as usize),
                    name => {
                        if let Some(list) = list {
                            let list = self.lists.entry(list).or_default();
                            match (name, level) {
                                ("abstractNumId", _) => list.model = tag.number("val").unwrap_or(0),
                                ("startOverride", Some(level)) if level < LEVELS => {
                                    list.starts.insert(level, tag.number("val").unwrap_or(1));
                                }
                                (_, Some(level)) if level < LEVELS && LEVEL_PARTS.contains(&name) => {
                                    list.levels.entry(level).or_default().set(&tag);
                                }
                                _ => {}
                            }
                        } else if let Some(model) = model {
                            let model = self.models.entry(model).or_default();
                            match (name, level) {
                                ("numStyleLink", _) => model.style_link = tag.get("val"),
                                (_, Some(level)) if level < LEVELS => model.levels.entry(level).or_default().set(&tag),
                                _ => {}
                            }
                        }
                    }
                },
                Node::Close("abstractNum") => (model, level) = (None, None),
                Node::Close("num") => (list, level) = (None, None),
                Node::Close("lvlOverride") => level = None,
                _ => {}
            }
            Ok(())
        })
    }

    /// The number before the next paragraph, with the blank behind it, if it has one.
    pub fn next(&mut self, style: Option<&str>, own: Wish) -> Option<String> {
        let style = style.or(self.default_style.as_deref());
        let inherited = self.inherited(style);
        let id = own.list.or(inherited.list).filter(|&id| id != 0)?;
        let model_id = self.model_of(id)?;
        let list = self.lists.get_mut(&id)?;
        let model = self.models.get(&model_id)?;
        let by_style = || {
            let of_style = |(_, level): &(&usize, &Level)| level.style.is_some() && level.style.as_deref() == style;
            model.levels.iter().find(of_style).map(|(&level, _)| level as u32)
        };
        let level = own.level.or_else(by_style).or(inherited.level).unwrap_or(0) as usize;
        if level >= LEVELS {
            return None;
        }
        let counters = self.counters.entry(model_id).or_default();
        if !std::mem::replace(&mut list.used, true) {
            list.starts.keys().for_each(|&level| counters[level] = None);
        }
        let of = |at: usize| list.levels.get(&at).or_else(|| model.levels.get(&at));
        let start = |at: usize| list.starts.get(&at).copied().or(of(at).and_then(|l| l.start)).unwrap_or(1);
        counters[level] = Some(counters[level].map_or(start(level), |count| count.saturating_add(1)));
        for (deeper, counter) in counters.iter_mut().enumerate().skip(level + 1) {
            let restarts = match of(deeper).and_then(|level| level.restart) {
                None => true,
                Some(after) => level < after as usize,
            };
            if restarts {
                *counter = None;
            }
        }
        let shown = of(level)?;
        if shown.format == "bullet" {
            return None;
        }
        let mut text = String::new();
        let mut pattern = shown.pattern.chars().peekable();
        while let Some(char) = pattern.next() {
            let place = pattern.peek().and_then(|next| next.to_digit(10)).filter(|_| char == '%');
            let Some(place @ 1..) = place else {
                text.push(char);
                continue;
            };
            pattern.next();
            let at = place as usize - 1;
            let count = *counters[at].get_or_insert(start(at));
            let format = if shown.legal { "decimal" } else { of(at).map_or("decimal", |level| &level.format) };
            text.push_str(&numeral(format, count));
        }
        Some(if shown.tight { text } else { set_apart(text) })
    }

    /// Whether a style hides what has it, if it says so.
    pub fn hides(&self, style: Option<&str>) -> Option<bool> {
        self.chain(style).find_map(|style| style.hides)
    }

    fn inherited(&self, style: Option<&str>) -> Wish {
        let list = self.chain(style).find_map(|style| style.wish.list);
        let level = self.chain(style).find_map(|style| style.wish.level);
        Wish { list, level }
    }

    /// A style, and those that it is based on.
    fn chain(&self, style: Option<&str>) -> impl Iterator<Item = &Style> {
        let first = style.and_then(|id| self.styles.get(id));
        std::iter::successors(first, |style| self.styles.get(style.parent.as_ref()?)).take(LONGEST_CHAIN)
    }

    /// The model of a list; a model may stand for the one that a style names.
    fn model_of(&self, mut id: u32) -> Option<u32> {
        for _ in 0..LONGEST_CHAIN {
            let model = self.lists.get(&id)?.model;
            match &self.models.get(&model)?.style_link {
                Some(style) if self.models[&model].levels.is_empty() => id = self.styles.get(style)?.wish.list?,
                _ => return Some(model),
            }
        }
        None
    }
}

const LEVEL_PARTS: [&str; 7] = ["start", "numFmt", "lvlText", "suff", "isLgl", "lvlRestart", "pStyle"];

impl Level {
    fn set(&mut self, tag: &Tag) {
        let value = tag.get("val");
        match tag.name() {
            "start" => self.start = tag.number("val"),
            "numFmt" => self.format = value.unwrap_or_default(),
            "lvlText" => self.pattern = value.unwrap_or_default().chars().take(LONGEST_PATTERN).collect(),
            "suff" => self.tight = value.as_deref() == Some("nothing"),
            "isLgl" => self.legal = value.is_none() || on(value.as_deref()),
            "lvlRestart" => self.restart = tag.number("val"),
            "pStyle" => self.style = value,
            _ => {}
        }
    }
}

/// Whether a property that is on where it stands is put off.
pub fn is_off(tag: &Tag) -> bool {
    matches!(tag.get("val").as_deref(), Some("0" | "false" | "off"))
}

fn on(value: Option<&str>) -> bool {
    matches!(value, Some("1" | "true" | "on"))
}

/// A number with a blank behind it, unless what it ends in sets it apart.
pub fn set_apart(mut number: String) -> String {
    let closed = number.ends_with(['、', '）', '：', '．', '。']);
    if !number.is_empty() && !closed && !number.ends_with(char::is_whitespace) {
        number.push(' ');
    }
    number
}

/// The number `n` in one of Word's formats.
pub fn numeral(format: &str, n: u32) -> String {
    let digits = |set: &str| -> String {
        let set: Vec<char> = set.chars().collect();
        n.to_string().bytes().map(|digit| set[usize::from(digit - b'0')]).collect()
    };
    // a row of signs, of which `n` is one; plain digits where it ends
    let nth = |set: &str| n.checked_sub(1).and_then(|at| set.chars().nth(at as usize)).map(String::from);
    let from = |first: u32, most: u32| {
        (1..=most).contains(&n).then(|| char::from_u32(first + n - 1)).flatten().map(String::from)
    };
    let found = match format {
        "none" | "bullet" => Some(String::new()),
        "chineseCountingThousand" | "japaneseCounting" | "taiwaneseCountingThousand" | "koreanCounting" => {
            Some(counting(n, "〇一二三四五六七八九", "十百千万"))
        }
        "chineseCounting" | "taiwaneseCounting" => Some(if n < 100 {
            counting(n, "〇一二三四五六七八九", "十百千万")
        } else {
            digits("〇一二三四五六七八九")
        }),
        "ideographDigital" | "japaneseDigitalTenThousand" | "taiwaneseDigital" => Some(digits("〇一二三四五六七八九")),
        "chineseLegalSimplified" => Some(counting(n, "零壹贰叁肆伍陆柒捌玖", "拾佰仟万")),
        "ideographLegalTraditional" => Some(counting(n, "零壹貳參肆伍陸柒捌玖", "拾佰仟萬")),
        "ideographTraditional" => nth("甲乙丙丁戊己庚辛壬癸"),
        "ideographZodiac" => nth("子丑寅卯辰巳午未申酉戌亥"),
        "decimalFullWidth" | "decimalFullWidth2" => Some(digits("０１２３４５６７８９")),
        "decimalZero" => Some(format!("{n:02}")),
        "decimalEnclosedCircle" | "decimalEnclosedCircleChinese" => from(0x2460, 20),
        "decimalEnclosedParen" => from(0x2474, 20),
        "decimalEnclosedFullstop" => from(0x2488, 20),
        "ideographEnclosedCircle" => from(0x3280, 10),
        "upperLetter" | "lowerLetter" => letters(n).map(|letters| match format {
            "upperLetter" => letters,
            _ => letters.to_lowercase(),
        }),
        "upperRoman" => roman(n),
        "lowerRoman" => roman(n).map(|roman| roman.to_lowercase()),
        _ => None,
    };
    found.unwrap_or_else(|| n.to_string())
}

/// 十二, 二十, 一百零三.
fn counting(n: u32, digits: &str, units: &str) -> String {
    let (digits, units): (Vec<char>, Vec<char>) = (digits.chars().collect(), units.chars().collect());
    match n {
        0 => return digits[0].to_string(),
        100_000.. => return n.to_string(),
        _ => {}
    }
    let written: Vec<usize> = n.to_string().bytes().map(|digit| usize::from(digit - b'0')).collect();
    let mut text = String::new();
    let mut gap = false;
    for (at, &digit) in written.iter().enumerate() {
        let place = written.len() - 1 - at;
        if digit == 0 {
            gap = true;
            continue;
        }
        if std::mem::take(&mut gap) {
            text.push('零');
        }
        // 十二, but 一百一十二
        if !(digit == 1 && place == 1 && at == 0 && units[0] == '十') {
            text.push(digits[digit]);
        }
        text.extend(place.checked_sub(1).map(|place| units[place]));
    }
    text
}

/// A … Z, AA, BB … as Word goes on after Z.
fn letters(n: u32) -> Option<String> {
    let at = n.checked_sub(1).filter(|&at| at < 26 * 8)?;
    let letter = char::from_u32(u32::from('A') + at % 26)?;
    Some(letter.to_string().repeat(at as usize / 26 + 1))
}

fn roman(mut n: u32) -> Option<String> {
    const SIGNS: [(u32, &str); 13] = [
        (1000, "M"),
        (900, "CM"),
        (500, "D"),
        (400, "CD"),
        (100, "C"),
        (90, "XC"),
        (50, "L"),
        (40, "XL"),
        (10, "X"),
        (9, "IX"),
        (5, "V"),
        (4, "IV"),
        (1, "I"),
    ];
    let mut text = String::new();
    for (value, sign) in SIGNS.iter().filter(|_| (1..4000).contains(&n)).copied().collect::<Vec<_>>() {
        while n >= value {
            text.push_str(sign);
            n -= value;
        }
    }
    Some(text).filter(|text| !text.is_empty())
}

/// Whether a line begins with a number of its own: 1. （一） ① 一、
pub fn has_number(line: &str) -> bool {
    line.starts_with(|char: char| char.is_ascii_digit() || matches!(char, '(' | '（' | '①'..='⑳'))
        || line
            .split_once('、')
            .is_some_and(|(number, _)| number.chars().all(|char| "一二三四五六七八九十".contains(char)))
}

#[cfg(test)]
mod tests {
    use super::numeral;

    #[test]
    fn numerals() {
        let of = |format| [1, 10, 12, 20, 103, 110].map(|n| numeral(format, n)).join(" ");
        assert_eq!(of("japaneseCounting"), "一 十 十二 二十 一百零三 一百一十");
        assert_eq!(of("chineseCounting"), "一 十 十二 二十 一〇三 一一〇");
        assert_eq!(of("upperLetter"), "A J L T YYYY FFFFF");
        assert_eq!(of("lowerRoman"), "i x xii xx ciii cx");
        assert_eq!(of("decimalEnclosedCircle"), "① ⑩ ⑫ ⑳ 103 110");
        assert_eq!(of("ideographTraditional"), "甲 癸 12 20 103 110");
    }
}
