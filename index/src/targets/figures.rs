//! Reads the figures of indicators from one sentence: which names stand where a clause may begin, and the numbers or words
//! behind them. The names are those of [`Indicators`], or, if asked for, any named thing before a number with a unit. What
//! year they are of, and whether they are targets or results, is decided by `targets`.

use std::borrow::Cow;

use crate::parse::when::{governing, leading, mentioned};
use crate::patterns::{Pattern, patterns};
use crate::targets::comparison::{compares, words};
use crate::targets::digits::{with_digits, with_points};
use crate::targets::indicators::{Indicators, spelled};
use crate::targets::others::{shared, traded};
use crate::targets::quantity::{CHANGES, Direction, REACHES, quantities};
use crate::targets::subject::{Subject, any_thing, subjects};
use crate::targets::told::{Said, State, Time, Told};

patterns! {
    // asides and the numbers of notes
    ASIDE = r"[（(][^（）()]{0,40}[）)]|[［\[〔][0-9０-９]{1,3}[］\]〕]";
    // what may stand before a name without making it another thing
    BEFORE = "^(?:[—―-]+|[一二三四五六七八九十]+[是要]|[0-9]{4}年|(?:到|至|截至)[0-9]{4}年末?|(?:全|我|本)(?:自治区|街道|国|省|市|区|县|旗|镇|乡|州|盟)|今年|全年|明年|当年|年末|末|期末|区本级|市本级|县本级|本级|全社会|全口径|其中|中央提出|包括|拟?安排|拟|的|建议|(?:国家)?计划(?:要求|规定)|(?:规划)?纲要|预计|预期|初步核算|初步统计|实现|完成|力争|确保|努力|争取|保持|促进|推动|使|把|将|提出了?|明确了?|城乡|坚持|要|到|在|即|是)";
    // behind these, a clause goes on about what was named before
    KEEPS = "^(?:完成(?:了|全年|年度|年初|年|调整|变动|下达|人大|批准|确定|收入|支出|目标|考核|[省市区县镇]级?|的)*(?:预算|任务|计划|目标)+数?的?[0-9.]+%|占|居|高于|低于|快于|比|较|同比|按|总量|增速|增量|位居|位列|列|高出|排|均|连续|创|好于|扣除|为|是)";
    // what may stand between several names and what is said of them
    BETWEEN = "(?:年均|均|都|同比|实际|累计|预计|预期)+$";
    CHANGE = "(?:增速|增幅|增长率|涨幅|增长)$";
    AND = "、|和|与|及";
    AND_HERE = "^(?:、|和|与|及)";
    ANNOUNCED = "(?:目标|指标|任务)(?:是|为|定为|包括|有)";
    OWNED = "^([省市区县州盟旗镇乡])属";
    OWN = "^[全我本](自治区|街道|国|省|市|区|县|旗|镇|乡|州|盟)";
    // what every change of the sentence is told against
    COMPARED = "相比较?$|^(?:[0-9]{4}年)?比[0-9]{4}年$";
    SINCE = "[由从自比较与同]((?:19|20)[0-9]{2}年|(?:十[一二三四五六七八九]|[六七八九十])五(?:时期|规划|计划)?期?末)";
    // 去年政府工作报告提出，…, up to what came of it
    QUOTES = "(?:报告|大会|会议|年初|计划|规划|纲要)[^，。；]{0,12}(?:提出|要求)";
    CAME = "实际|结果";
    AIMED = "(?:目标|任务)(?:是|为|定为)";
    PORTION = "占[^，。；]*[0-9]%";
    // what is told without a part of it, or is lost
    NARROWED = "^(?:(?:扣除|剔除)[^，]*[后外]|不含|不包括)|损失";
    PRICES = "价格|物价";
    // an aside that tells how an amount has changed: 120亿元（同比增长5%）
    GROWTH = "[（(]((?:同比|比上年|较上年|比去年|可比)?(?:增长|增加|上升|提高|下降|减少|降低)[0-9０-９.．]+[%％])[）)]";
    // what is told against the year before
    YEARLY = "同比|[比较](?:上年|去年)";
    SHARE = "^占[^，。；]*比[重例]";
}

/// Says that several numbers are those of several things, in this order.
const EACH: &str = "分别";

/// Says that one number is that of all of them.
const ALL: char = '均';

/// What a name of an amount may end with.
const AMOUNTS: [&str; 4] = ["总额", "总值", "额", "值"];

/// More names than this in a row are no list that numbers are given to.
const MANY: usize = 12;

/// Reads sentence after sentence of a report.
pub(crate) struct Figures<'a> {
    pub indicators: &'a Indicators,
    /// The names of the report's own place and of those above it, full and short, folded.
    pub places: &'a [String],
    /// The full name of its own place, folded; 国 for the nation.
    pub own: Option<&'a str>,
    pub year: Option<u16>,
    /// Any named thing before a number with a unit counts.
    pub any: bool,
}

impl Figures<'_> {
    /// What the sentence `source` tells of indicators. `in_words` says whether what has no number counts beyond
    /// comparisons such as 与经济增长同步: so it does among targets. `time` is what was named before the sentence in its
    /// paragraph, and is moved on by what opens a clause: 到2030年，… and not 考虑了2035年的需要.
    pub fn read(&self, source: &str, in_words: bool, time: &mut Time) -> Vec<Told> {
        let source = with_points(source);
        let source = match source.contains(EACH) {
            true => source,
            false => Cow::Owned(GROWTH.replace_all(&source, "，$1").into_owned()),
        };
        let text = with_digits(&spelled(&ASIDE.replace_all(&source, "")));
        let since = since(&text);
        let mut state = State { in_words, time: *time, since, base: time.base, ..State::default() };
        // without a number only a comparison can be a target in words, and most sentences have neither
        let may_tell = in_words || text.contains(|c: char| c.is_ascii_digit()) || compares(&text);
        // 会议要求 opens what was done, unless the sentence sets against it what came
        let may_quote = CAME.is_match(&text);
        for clause in text.split(['，', '。', '；', '！', '？', '：']) {
            let is_other = YEARLY.is_match(clause) || mentioned(clause, self.year).is_some();
            state.base = self::since(clause).or(state.base.filter(|_| !is_other));
            if COMPARED.is_match(clause) {
                (time.base, state.time.base) = (state.base, state.base);
            }
            state.is_quoted = may_quote && (state.is_quoted || QUOTES.is_match(clause)) && !CAME.is_match(clause);
            let is_aim = AIMED.is_match(clause) || may_quote && clause.contains("预期");
            state.is_aim = (state.is_aim || is_aim) && !CAME.is_match(clause);
            state.is_narrowed |= NARROWED.is_match(clause) && !PRICES.is_match(clause);
            if may_tell {
                self.clause(clause, &mut state);
            } else {
                state.hear(clause, self.year);
            }
            time.when = governing(clause, self.year).or(time.when);
            time.plan = time.when.filter(|when| when.from.is_some()).or(time.plan);
        }
        time.is_part = state.time.is_part;
        state.told
    }

    fn clause(&self, clause: &str, state: &mut State) {
        let mut rest = clause;
        let mut begins = true;
        state.others = std::mem::take(&mut state.next_others);
        state.is_share |= PORTION.is_match(clause);
        state.each = clause.find(EACH).map(|at| clause.len() - at);
        loop {
            let piece = rest;
            let read = self.piece(piece, begins, state);
            let after = &piece[read..];
            if state.each.is_some_and(|each| each > after.len()) {
                state.each = after.find(EACH).map(|at| after.len() - at);
            }
            // the next member of a list
            let Some(mark) = after.find('、') else { return state.hear(after, self.year) };
            state.hear(&after[..mark], self.year);
            rest = &after[mark + '、'.len_utf8()..];
            begins = false;
        }
    }

    /// Reads what `piece` begins with, and tells how many bytes of it that took. `begins` says that a clause does.
    fn piece(&self, piece: &str, begins: bool, state: &mut State) -> usize {
        let start = self.start(piece);
        state.hear(&piece[..start], self.year);
        state.strives = ["力争", "确保"].into_iter().find(|word| piece[..start].contains(word));
        let own = &piece[start..];
        let is_own = OWN.is_match(piece) || self.places.iter().any(|place| piece.starts_with(place.as_str()));
        if let Some(names) = shared(own) {
            (state.others, state.next_others) = (names, names);
        }
        if is_own {
            state.others = &[];
        }
        if state.others.iter().any(|name| own.starts_with(name)) {
            state.last.clear();
            return start;
        }
        if let Some(read) = self.several(own, state) {
            return start + read;
        }
        match self.indicators.beginning(own).first() {
            Some(&(_, length)) => start + self.listed(own, length, state),
            // 是2020年的1.2倍 goes on about what was named, though a year stands before what is said
            None => start + self.unlisted(own, begins, KEEPS.is_match(piece), state),
        }
    }

    /// Reads what stands behind a name of `length` bytes that `own` begins with, be it without 额 in the list and with it here.
    fn listed(&self, own: &str, length: usize, state: &mut State) -> usize {
        let more = AMOUNTS.into_iter().find(|word| own[length..].starts_with(word));
        let length = length + more.map_or(0, str::len);
        let (name, tail) = own.split_at(length);
        let (numbers, read) = quantities(tail);
        let found = self.indicators.beginning(own);
        let of = |names: usize| found.iter().map(|(one, _)| *one).find(|one| one.names.len() == names);
        let Some(indicator) = of(numbers.len()).or(of(1)).or(of(2)) else { return length };
        // 财政收入占国民收入的比重 is another thing
        if numbers.is_empty() && SHARE.is_match(tail) {
            state.last.clear();
            state.recent.clear();
            return length;
        }
        let subjects = subjects(indicator, name);
        state.name(subjects.iter().cloned().map(Some).collect());
        // 财政收入由2019年的20亿元增加到30亿元 says nothing of what is named with a level behind it
        if numbers.first().is_some_and(|number| number.direction.is_none()) && since(own).is_none() {
            state.base = state.time.base;
        }
        state.hear(&tail[..read], self.year);
        if numbers.is_empty() {
            if let Some(words) = words(tail, state.in_words) {
                subjects.iter().for_each(|subject| state.say(subject, Said::Words(words.clone())));
            }
            return length;
        }
        state.tell_each(&state.last.clone(), numbers);
        length + read + reached(&tail[read..], state)
    }

    /// Reads more numbers of what was named before, or of a thing that no list has. `begins` says that a clause does, `keeps`
    /// that it goes on about what was named.
    fn unlisted(&self, own: &str, begins: bool, keeps: bool, state: &mut State) -> usize {
        let (numbers, read) = quantities(own);
        // 城镇居民收入17175元，农村居民收入5153元，实际增长9.8%和8.5%
        let several = numbers.len() > state.last.len() && state.recent.len() >= numbers.len();
        let subjects = match several {
            true => state.recent[state.recent.len() - numbers.len()..].to_vec(),
            false => state.last.clone(),
        };
        // 13亿多人口的大国 behind 新增就业 is another thing's
        let is_bare =
            own.starts_with(|c: char| c.is_ascii_digit()) && numbers.last().is_some_and(|last| !last.is_whole());
        if !numbers.is_empty() && numbers.len() == subjects.len() && !is_bare {
            state.tell_each(&subjects, numbers);
            return read + reached(&own[read..], state);
        }
        if self.any
            && let Some((subject, number, read)) = any_thing(own)
        {
            state.tell(&subject, number);
            state.name(vec![Some(subject)]);
            return read;
        }
        if let Some(names) = traded(own) {
            (state.others, state.next_others) = (names, names);
        }
        let is_named = !keeps && !KEEPS.is_match(own);
        if begins && is_named && !state.is_quoted {
            state.last.clear();
            state.recent.clear();
        }
        // 一般公共预算收入10亿元、支出50亿元，分别增长8%、12%
        if !begins && is_named && numbers.is_empty() && is_told(own) {
            state.name(vec![None]);
        }
        0
    }

    /// Where in a piece a name may begin: behind what only tells time, place or endeavour.
    fn start(&self, piece: &str) -> usize {
        let mut at = item(piece);
        loop {
            let rest = &piece[at..];
            if !self.indicators.beginning(rest).is_empty() {
                return at;
            }
            let place = || self.places.iter().filter(|place| rest.starts_with(place.as_str())).map(String::len).max();
            let before = || BEFORE.find(rest).filter(|_| self.is_of_it(rest)).map(|found| found.len());
            // 区属固定资产投资, but not 市属企业研发经费投入
            let owned = || {
                let end = OWNED.find(rest).filter(|_| self.is_of_it(rest))?.end();
                (!self.indicators.beginning(&rest[end..]).is_empty()).then_some(end)
            };
            match before().max(leading(rest)).or_else(place).or_else(owned) {
                Some(length) => at += length,
                None => break,
            }
        }
        // 主要预期目标为地区生产总值增长8%
        let announced = ANNOUNCED.find_iter(piece).map(|found| found.end());
        announced.filter(|&end| !self.indicators.beginning(&piece[end..]).is_empty()).last().unwrap_or(at)
    }

    /// Whether 全省 at the beginning of `text`, if it is that, is the report's own province.
    fn is_of_it(&self, text: &str) -> bool {
        let unit = OWN.captures(text).or_else(|| OWNED.captures(text)).and_then(|found| found.get(1));
        unit.zip(self.own).is_none_or(|(unit, own)| own.ends_with(unit.as_str()))
    }

    /// 甲、乙和丙分别增长1%、2%和3%, 甲、乙均增长4%, 甲、乙增长1%、2%: tells the numbers of several, and how many bytes that took.
    /// Where it cannot be seen which number is whose, nothing is told of the clause.
    fn several(&self, own: &str, state: &mut State) -> Option<usize> {
        let each = state.each.and_then(|each| own.len().checked_sub(each));
        if let Some(at) = each.filter(|&at| !own[..at].contains(|c: char| c.is_ascii_digit())) {
            let behind = &own[at + EACH.len()..];
            let (mut numbers, read) = quantities(behind);
            let names = self.names(&own[..at], numbers.len(), state);
            let Some((subjects, way)) = names.filter(|_| numbers.len() > 1) else {
                state.last.clear();
                return Some(own.len());
            };
            for (subject, number) in subjects.iter().zip(&mut numbers) {
                number.is_average |= own[..at].contains("年均");
                number.is_total |= own[..at].contains("累计");
                // 城镇登记失业率和居民消费价格涨幅分别控制在4.5%、3%以内: a rate is no growth
                let is_growth = number.unit == "%" && !subject.as_ref().is_some_and(Subject::is_rate);
                number.direction = number.direction.or(way.filter(|_| is_growth));
            }
            state.name(subjects.clone());
            state.tell_each(&subjects, numbers);
            return Some(at + EACH.len() + read);
        }
        if let Some(read) = self.all(own, state) {
            return Some(read);
        }
        // names up to what is said of them
        let found = self.indicators.beginning(own);
        let mut end = found.first()?.1;
        let mut count = 1;
        let next = |rest: &str| AND_HERE.find(rest).map(|mark| mark.end());
        while count < MANY
            && let Some(mark) = next(&own[end..])
        {
            end += mark + self.indicators.beginning(&own[end + mark..]).first()?.1;
            count += 1;
        }
        let tail = &own[end..];
        let both = tail.strip_prefix(['均', '都']);
        if count == 1 {
            // one name of two
            count = found.iter().map(|(one, _)| one.names.len()).max().filter(|&names| names > 1 && both.is_some())?;
        }
        let (mut numbers, read) = quantities(both.unwrap_or(tail));
        let (subjects, _) = self.names(&own[..end], count, state)?;
        // 甲、乙增长4% is said of both, as a level is of rates
        let are_rates =
            || !tail.starts_with(|c: char| c.is_ascii_digit()) && subjects.iter().flatten().all(Subject::is_rate);
        if numbers.len() == 1 && (both.is_some() || numbers[0].direction.is_some() || are_rates()) {
            numbers = vec![numbers[0].clone(); count];
        }
        if numbers.len() != count {
            return None;
        }
        state.name(subjects.clone());
        state.tell_each(&subjects, numbers);
        Some(end + tail.len() - both.unwrap_or(tail).len() + read)
    }

    /// 甲、乙均增长4%, of which the list may have one alone: tells the number of each that it has, and how many bytes that took.
    fn all(&self, own: &str, state: &mut State) -> Option<usize> {
        let mut all = own.match_indices(ALL).map(|(at, _)| at);
        let at = all.find(|&at| !own[..at].ends_with(['人', '平', '年', '户']))?;
        let (names, behind) = (&own[..at], &own[at + ALL.len_utf8()..]);
        let count = AND.split(names).count();
        let (numbers, read) = quantities(behind);
        if names.contains(|c: char| c.is_ascii_digit()) || count == 1 || numbers.len() != 1 {
            return None;
        }
        let (subjects, _) = self.names(names, count, state)?;
        state.name(subjects.clone());
        state.tell_each(&subjects, vec![numbers[0].clone(); count]);
        Some(own.len() - behind.len() + read)
    }

    /// The last `count` of the subjects that `text` lists, `None` for one that no list has, and which way they go if that
    /// stands behind them; those named before where it lists none.
    fn names(&self, text: &str, count: usize, state: &State) -> Option<(Vec<Option<Subject>>, Option<Direction>)> {
        let text = BETWEEN.replace_all(text, "");
        let bare = CHANGE.replace_all(&text, "");
        let way = (bare.len() < text.len()).then_some(Direction::Up);
        if bare.is_empty() {
            // 甲2.5万元，乙1.5万元，分别增长7.5%和8%
            let named = if state.last.len() == count { &state.last } else { &state.recent };
            let last = &named[named.len().checked_sub(count)?..];
            let known: Vec<&str> = last.iter().flatten().map(|one| one.indicator.as_str()).collect();
            let is_each = known.iter().enumerate().all(|(at, one)| !known[..at].contains(one));
            return is_each.then(|| (last.to_vec(), way));
        }
        let mut starts = std::iter::once(0).chain(AND.find_iter(&bare).map(|mark| mark.end()));
        // 城乡居民人均可支配收入 is two
        let together = starts.find_map(|at| {
            let name = &bare[at + self.start(&bare[at..])..];
            let mut found = self.indicators.beginning(name).into_iter();
            let (indicator, _) = found.find(|(one, length)| one.names.len() == count && *length == name.len())?;
            Some(subjects(indicator, name).into_iter().map(Some).collect())
        });
        let listed = || {
            let all: Vec<Option<Subject>> = AND.split(&bare).map(|name| self.named(name)).collect();
            let is_whole = all.len() == count && all.iter().any(Option::is_some);
            let last = all.len().checked_sub(count).map(|from| all[from..].to_vec())?;
            (is_whole || last.iter().all(Option::is_some)).then_some(last)
        };
        Some((together.or_else(listed)?, way))
    }

    fn named(&self, name: &str) -> Option<Subject> {
        let name = &name[self.start(name)..];
        let (indicator, length) = self.indicators.beginning(name).into_iter().find(|(one, _)| one.names.len() == 1)?;
        (length == name.len()).then(|| subjects(indicator, name).remove(0))
    }
}

/// Tells a level that stands right behind a change, 增长7.9%达5.21亿元, and how many bytes it takes.
fn reached(text: &str, state: &mut State) -> usize {
    if !REACHES.iter().any(|word| text.starts_with(word)) {
        return 0;
    }
    match (quantities(text), state.last.as_slice()) {
        ((numbers, read), [_]) if numbers.len() == 1 => {
            state.tell_each(&state.last.clone(), numbers);
            read
        }
        _ => 0,
    }
}

/// Whether a member of a list begins with the name of a thing, and tells a number of it.
fn is_told(member: &str) -> bool {
    let is_digit = |c: char| c.is_ascii_digit();
    let member = member.split('、').next().unwrap_or_default();
    let is_change = CHANGES.iter().any(|(word, _)| member.starts_with(word));
    !is_change && !member.starts_with(is_digit) && member.contains(is_digit)
}

/// The year, or the last one of a plan, that `text` sets something against first.
fn since(text: &str) -> Option<u16> {
    Some(mentioned(&SINCE.captures(text)?[1], None)?.year)
}

/// How many bytes the number of an item takes that `text` begins with: 1.地区生产总值增长5%.
fn item(text: &str) -> usize {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    let is_item = (1..=2).contains(&digits)
        && text[digits..].starts_with('.')
        && !text[digits + 1..].starts_with(|c: char| c.is_ascii_digit());
    if is_item { digits + 1 } else { 0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What a sentence of a report of 2025 tells, in short.
    fn told(text: &str) -> String {
        let indicators = Indicators::shipped();
        let figures = Figures { indicators: &indicators, places: &[], own: None, year: Some(2025), any: false };
        let mut time = Time::default();
        let parts = text.split_inclusive('；').flat_map(|part| figures.read(part, false, &mut time));
        let one = |told: Told| {
            let since = told.since.map_or(String::new(), |since| format!(" since {since}"));
            let Said::Number(number) = told.said else { return told.indicator };
            let way = number.direction.map_or("", Direction::name);
            let total = if number.is_total { "累计" } else { "" };
            format!("{} {total}{way}{}{}{since}", told.indicator, number.value, number.unit)
        };
        parts.map(one).collect::<Vec<_>>().join(", ")
    }

    #[test]
    fn a_number_is_told_of_the_thing_that_it_is_said_of() {
        for (text, expected) in [
            (
                "地区生产总值500亿元，一般公共预算收入10亿元、支出50亿元，分别增长8%、12%。",
                "地区生产总值 500亿元, 一般公共预算收入 10亿元, 一般公共预算收入 增长8%",
            ),
            (
                "进出口总额100亿元，其中出口80亿元、进口20亿元，分别增长12%、5%。",
                "进出口 100亿元, 出口 80亿元, 出口 增长12%",
            ),
            ("出口80亿元，增长12%、进口20亿元，增长5%。", "出口 80亿元, 出口 增长12%"),
            ("固定资产投资100亿元、工业投资50亿元，增长20%。", "固定资产投资 100亿元"),
            ("城镇登记失业率3.2%、高校毕业生就业率95%，提高2个百分点。", "城镇登记失业率 3.2%"),
            ("森林覆盖率60%、居全省第1位，提高2个百分点。", "森林覆盖率 60%, 森林覆盖率 增长2个百分点"),
            ("规上工业增加值200亿元，占地区生产总值的40%，比上年提高1.5个百分点。", "规上工业增加值 200亿元"),
            ("森林覆盖率60%，占全市的20%，提高2个百分点。", "森林覆盖率 60%"),
            ("地区生产总值增长8%，比上年回落1.2个百分点。", "地区生产总值 增长8%"),
            ("居民消费价格上涨2%，比上年回落1.2个百分点。", "居民消费价格 增长2%"),
            ("居民消费价格指数103%左右，工业增加值增长8%。", "居民消费价格 增长3%, 工业增加值 增长8%"),
            ("居民消费价格指数102.1%。居民消费价格指数3%。", "居民消费价格 增长2.1%, 居民消费价格 增长3%"),
            ("居民消费价格指数99.2%。", "居民消费价格 下降0.8%"),
            ("居民消费价格累计同比上涨1.3%。", "居民消费价格 增长1.3%"),
            ("机械工业总产值比上年增长8.1%，出口额增长30.8%。", ""),
            ("农产品加工业增长8%，出口增长30%。", ""),
            ("第三产业增长8%，出口增长30%。", "出口 增长30%"),
        ] {
            assert_eq!(told(text), expected, "{text}");
        }
    }

    #[test]
    fn numbers_of_several_names_and_a_level_behind_growth_are_told() {
        for (text, expected) in [
            ("城镇登记失业率和居民消费价格涨幅分别控制在4.5%、3%以内。", "城镇登记失业率 4.5%, 居民消费价格 增长3%"),
            ("城镇调查失业率和登记失业率稳定在4.3%左右。", "城镇调查失业率 4.3%, 城镇登记失业率 4.3%"),
            ("森林覆盖率、建成区绿地率均达到40%，提高2个百分点。", "森林覆盖率 40%"),
            ("城镇居民人均可支配收入均达到4万元。", "城镇居民人均可支配收入 4万元"),
            ("税收收入3亿5000多万元。", "税收收入 3.5亿元"),
            ("财政总收入增长7.9%达5.21亿元。", "财政总收入 增长7.9%, 财政总收入 5.21亿元"),
            ("税收收入增长1.2倍，进出口零增长。", "税收收入 增长1.2倍, 进出口 增长0%"),
            ("税收收入达到三百十二亿元，增长一倍。", "税收收入 312亿元, 税收收入 增长1倍"),
        ] {
            assert_eq!(told(text), expected, "{text}");
        }
    }

    #[test]
    fn a_change_is_told_against_the_year_that_is_named() {
        for (text, expected) in [
            (
                "2024年同2019年相比，地区生产总值增长40%；固定资产投资增长60%。",
                "地区生产总值 增长40% since 2019, 固定资产投资 增长60% since 2019",
            ),
            (
                "财政收入由2019年的20亿元增加到30亿元，居民人均可支配收入3万元、增长8%。",
                "财政收入 30亿元, 居民人均可支配收入 3万元, 居民人均可支配收入 增长8%",
            ),
            ("财政收入达到30亿元，比2019年增长50%。", "财政收入 30亿元, 财政收入 增长50% since 2019"),
        ] {
            assert_eq!(told(text), expected, "{text}");
        }
    }
}
