//! Reads the figures of indicators from one sentence: which names stand where a clause may begin, and the numbers or words
//! behind them. The names are those of [`Indicators`], or, if asked for, any named thing before a number with a unit. What
//! year they are of, and whether they are targets or results, is decided by `targets`.

use std::sync::LazyLock;

use regex::Regex;

use crate::targets::indicators::{Indicator, Indicators, Measure, spelled};
use crate::targets::quantity::{Direction, Quantity, quantities, with_digits};
use crate::targets::when::{When, mentioned};

/// A name and what is said of it.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Told {
    /// As the list of indicators has it.
    pub indicator: String,
    /// As it is written.
    pub name: String,
    pub said: Said,
    /// The year that is named before it in the sentence.
    pub when: Option<When>,
}

/// What is said of an indicator.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Said {
    Number(Quantity),
    /// 与经济增长同步, 高于全国平均水平, 稳中有升.
    Words(String),
}

macro_rules! patterns {
    ($($name:ident = $pattern:expr;)*) => {
        $(static $name: LazyLock<Regex> = LazyLock::new(|| Regex::new($pattern).expect("a pattern written here"));)*
    };
}

patterns! {
    // asides and the numbers of notes
    ASIDE = r"[（(][^（）()]{0,40}[）)]|[［\[〔][0-9０-９]{1,3}[］\]〕]";
    // what may stand before a name without making it another thing
    BEFORE = "^(?:[0-9]{4}年|(?:到|至|截至)[0-9]{4}年末?|(?:全|我|本)(?:自治区|街道|国|省|市|区|县|旗|镇|乡|州|盟)|今年|全年|明年|当年|年末|末|期末|区本级|市本级|县本级|本级|全社会|全口径|其中|中央提出|预计|预期|初步核算|初步统计|实现|完成|力争|确保|努力|争取|保持|促进|推动|使|把|将|提出|明确了?|城乡|坚持|要|到|在|即|是)";
    // behind these, a clause goes on about what was named before
    KEEPS = "^(?:占|居|高于|低于|快于|比|较|同比|按|总量|增速|增量|位居|位列|排|均|连续|创|好于|扣除|为|是)";
    // what may stand between the names and 分别
    BETWEEN = "(?:年均|同比|实际|累计)+$";
    ANNOUNCED = "(?:目标|指标|任务)(?:是|为|定为)";
    // 居民收入差距, 居民收入比 and 经济增长方式 are other things
    OTHER = "差距|^(?:比|占|倍|方式|质量|动力|潜力|点|极|结构)";
    LINKED = "基本同步|同步|保持一致";
    MEASURED = "(?:高于|快于|低于|不低于|达到|超过|好于|优于|不低)[^，。；]{0,6}(?:全国|全省|全市|全区|全县|经济|平均|城镇|城乡|居民|国家|上年|地区)";
}

/// What a bare name outside the list may be, in characters.
const NAME: std::ops::RangeInclusive<usize> = 2..=20;

/// Reads sentence after sentence of a report.
pub(crate) struct Figures<'a> {
    pub indicators: &'a Indicators,
    /// The names of the report's own place, full and short, folded.
    pub places: &'a [String],
    pub year: Option<u16>,
    /// Any named thing before a number with a unit counts.
    pub any: bool,
}

/// One that a number can be given to.
#[derive(Clone)]
struct Subject {
    indicator: String,
    name: String,
    /// `None` for a thing that no list has.
    listed: Option<(Measure, Vec<String>)>,
}

/// What was read of a sentence so far.
#[derive(Default)]
struct State {
    in_words: bool,
    when: Option<When>,
    /// What the next number belongs to if nothing else is named before it.
    last: Vec<Subject>,
    /// 力争 before the name.
    strives: Option<&'static str>,
    /// What was named since something else was.
    recent: Vec<Subject>,
    told: Vec<Told>,
}

impl State {
    fn say(&mut self, subject: &Subject, said: Said) {
        let (indicator, name) = (subject.indicator.clone(), subject.name.clone());
        self.told.push(Told { indicator, name, said, when: self.when });
    }

    /// Tells a number, if it can be one of the subject's.
    fn tell(&mut self, subject: &Subject, number: Quantity) {
        if let Some(mut number) = fit(subject, number) {
            let strives = self.strives.filter(|word| !number.modifiers.contains(word));
            number.modifiers.splice(0..0, strives);
            self.say(subject, Said::Number(number));
        }
    }
}

impl Figures<'_> {
    /// What the sentence `source` tells of indicators. `in_words` says whether what has no number counts beyond
    /// comparisons such as 与经济增长同步: so it does among targets. `when` is the year named before the sentence in its
    /// paragraph, and is moved on.
    pub fn read(&self, source: &str, in_words: bool, when: &mut Option<When>) -> Vec<Told> {
        let text = with_digits(&spelled(&ASIDE.replace_all(source, "")));
        // without a number only a comparison can be a target in words, and most sentences have neither
        if !in_words
            && !text.contains(|c: char| c.is_ascii_digit())
            && !LINKED.is_match(&text)
            && !MEASURED.is_match(&text)
        {
            *when = mentioned(&text, self.year).or(*when);
            return Vec::new();
        }
        let mut state = State { in_words, when: *when, ..State::default() };
        for clause in text.split(['，', '。', '；', '！', '？', '：']) {
            self.clause(clause, &mut state);
        }
        *when = state.when;
        state.told
    }

    fn clause(&self, clause: &str, state: &mut State) {
        let mut rest = clause;
        let mut begins = true;
        loop {
            let piece = rest;
            let read = self.piece(piece, begins, state);
            let after = &piece[read..];
            // the next member of a list
            let Some(mark) = after.find('、') else {
                state.when = mentioned(after, self.year).or(state.when);
                return;
            };
            state.when = mentioned(&after[..mark], self.year).or(state.when);
            rest = &after[mark + '、'.len_utf8()..];
            begins = false;
        }
    }

    /// Reads what `piece` begins with, and tells how many bytes of it that took. `begins` says that a clause does.
    fn piece(&self, piece: &str, begins: bool, state: &mut State) -> usize {
        let start = self.start(piece);
        state.when = mentioned(&piece[..start], self.year).or(state.when);
        state.strives = ["力争", "确保"].into_iter().find(|word| piece[..start].contains(word));
        let own = &piece[start..];
        if let Some((subjects, numbers, read)) = self.respectively(own) {
            let listed = subjects.iter().zip(numbers).filter_map(|(subject, number)| Some((subject.clone()?, number)));
            listed.for_each(|(subject, number)| state.tell(&subject, number));
            state.last = subjects.into_iter().flatten().collect();
            return start + read;
        }
        match self.indicators.beginning(own).first() {
            Some(&(_, length)) => start + self.listed(own, length, state),
            None => start + self.unlisted(own, begins, state),
        }
    }

    /// Reads what stands behind a name of `length` bytes that `own` begins with.
    fn listed(&self, own: &str, length: usize, state: &mut State) -> usize {
        let (name, tail) = own.split_at(length);
        let (numbers, read) = quantities(tail);
        let found = self.indicators.beginning(own);
        let of = |names: usize| found.iter().map(|(one, _)| *one).find(|one| one.names.len() == names);
        let Some(indicator) = of(numbers.len()).or(of(1)).or(of(2)) else { return length };
        state.last = subjects(indicator, name);
        state.recent.extend(state.last.iter().cloned());
        state.when = mentioned(&tail[..read], self.year).or(state.when);
        if numbers.is_empty() {
            if let Some(words) = words(tail, state.in_words) {
                state.last.clone().iter().for_each(|subject| state.say(subject, Said::Words(words.clone())));
            }
            return length;
        }
        state.last.clone().iter().zip(numbers).for_each(|(subject, number)| state.tell(subject, number));
        length + read
    }

    /// Reads more numbers of what was named before, or of a thing that no list has.
    fn unlisted(&self, own: &str, begins: bool, state: &mut State) -> usize {
        let (numbers, read) = quantities(own);
        // 城镇居民收入17175元，农村居民收入5153元，实际增长9.8%和8.5%
        let several = numbers.len() > state.last.len() && state.recent.len() >= numbers.len();
        let subjects = match several {
            true => state.recent[state.recent.len() - numbers.len()..].to_vec(),
            false => state.last.clone(),
        };
        if !numbers.is_empty() && numbers.len() == subjects.len() {
            subjects.iter().zip(numbers).for_each(|(subject, number)| state.tell(subject, number));
            return read;
        }
        if self.any
            && let Some((subject, number, read)) = any_thing(own)
        {
            state.tell(&subject, number);
            state.last = vec![subject];
            return read;
        }
        if begins && !KEEPS.is_match(own) {
            state.last.clear();
            state.recent.clear();
        }
        0
    }

    /// Where in a piece a name may begin: behind what only tells time, place or endeavour.
    fn start(&self, piece: &str) -> usize {
        let mut at = 0;
        loop {
            let rest = &piece[at..];
            if !self.indicators.beginning(rest).is_empty() {
                return at;
            }
            let place = || self.places.iter().filter(|place| rest.starts_with(place.as_str())).map(String::len).max();
            match BEFORE.find(rest).map(|found| found.len()).or_else(place) {
                Some(length) => at += length,
                None => break,
            }
        }
        // 主要预期目标为地区生产总值增长8%
        let announced = ANNOUNCED.find_iter(piece).map(|found| found.end());
        announced.filter(|&end| !self.indicators.beginning(&piece[end..]).is_empty()).last().unwrap_or(at)
    }

    /// 甲、乙和丙分别增长1%、2%和3%: the subjects, `None` for one that no list has, and as many numbers.
    fn respectively(&self, own: &str) -> Option<(Vec<Option<Subject>>, Vec<Quantity>, usize)> {
        let at = own.find("分别")?;
        let before = BETWEEN.replace(&own[..at], "");
        let before = before.as_ref();
        let mut behind = at + "分别".len();
        let (numbers, read) = quantities(&own[behind..]);
        behind += read;
        let mut numbers = numbers;
        numbers.iter_mut().for_each(|number| number.is_average |= own[..at].contains("年均"));
        let whole = self.indicators.beginning(before);
        let together = whole.iter().find(|(one, length)| one.names.len() == numbers.len() && *length == before.len());
        let listed: Vec<Option<Subject>> = match together {
            Some((indicator, _)) => subjects(indicator, before).into_iter().map(Some).collect(),
            None => before.split(['、', '和', '与', '及']).map(|name| self.named(name)).collect(),
        };
        let fits = numbers.len() > 1 && numbers.len() == listed.len() && listed.iter().any(Option::is_some);
        fits.then_some((listed, numbers, behind))
    }

    fn named(&self, name: &str) -> Option<Subject> {
        let name = &name[self.start(name)..];
        let (indicator, length) = self.indicators.beginning(name).into_iter().find(|(one, _)| one.names.len() == 1)?;
        (length == name.len()).then(|| subjects(indicator, name).remove(0))
    }
}

fn subjects(indicator: &Indicator, name: &str) -> Vec<Subject> {
    let listed = Some((indicator.measure, indicator.units.clone()));
    let subject = |own: &String| Subject { indicator: own.clone(), name: name.to_string(), listed: listed.clone() };
    indicator.names.iter().map(subject).collect()
}

/// The quantity as the indicator has it, or nothing if its unit is none of the indicator's.
fn fit(subject: &Subject, mut quantity: Quantity) -> Option<Quantity> {
    let Some((measure, units)) = &subject.listed else { return Some(quantity) };
    if quantity.unit.is_empty() {
        // 城镇新增就业１０００万以上
        return None;
    }
    if quantity.unit.ends_with("百分点") {
        return quantity.direction.is_some().then_some(quantity);
    }
    if quantity.unit == "%" {
        if quantity.direction.is_none() && *measure != Measure::Rate {
            quantity.direction = Some(Direction::Up);
        }
        return Some(quantity);
    }
    if units.iter().any(|unit| quantity.unit.ends_with(unit.as_str())) {
        return Some(quantity);
    }
    // 新增就业1000万以上
    let is_count = quantity.unit.ends_with(['万', '亿']) && units.iter().any(|unit| unit == "人");
    is_count.then(|| {
        quantity.unit.push('人');
        quantity
    })
}

/// What is said without a number.
fn words(tail: &str, in_words: bool) -> Option<String> {
    if let Some(found) = LINKED.find(tail) {
        return Some(if found.as_str() == "保持一致" { "同步".to_string() } else { found.as_str().to_string() });
    }
    let tail: &str = tail.trim_start_matches("增速").trim_start_matches("增长").trim_start_matches("保持");
    let tail = tail.split('、').next().unwrap_or(tail);
    let is_other = OTHER.is_match(tail);
    let is_short =
        !is_other && (2..=14).contains(&tail.chars().count()) && !tail.contains(|c: char| c.is_ascii_digit());
    let is_measured = MEASURED.is_match(tail);
    (is_short && (in_words || is_measured)).then(|| tail.trim_end_matches("的预期目标").to_string())
}

/// Any name before a number with a unit: 植树造林15万亩.
fn any_thing(piece: &str) -> Option<(Subject, Quantity, usize)> {
    // a longer name is refused
    let ends = piece.char_indices().map(|(at, _)| at).skip(1).take(*NAME.end() + 1);
    for end in ends {
        let (name, tail) = piece.split_at(end);
        let (numbers, read) = quantities(tail);
        let Some(number) = numbers.into_iter().next() else { continue };
        let length = name.chars().count();
        let is_name = NAME.contains(&length) && name.chars().all(|c| ('\u{4e00}'..='\u{9fff}').contains(&c));
        let name = name.to_string();
        return (is_name && !number.unit.is_empty() && !name.ends_with('第'))
            .then(|| (Subject { indicator: name.clone(), name, listed: None }, number, end + read));
    }
    None
}
