//! Reads the figures of indicators from one sentence: which names stand where a clause may begin, and the numbers or words
//! behind them. The names are those of [`Indicators`], or, if asked for, any named thing before a number with a unit. What
//! year they are of, and whether they are targets or results, is decided by `targets`.

use std::borrow::Cow;

use crate::parse::when::{When, governing, leading, mentioned};
use crate::patterns::{Pattern, patterns};
use crate::targets::digits::{with_digits, with_points};
use crate::targets::indicators::{Indicators, Measure, spelled};
use crate::targets::quantity::{Direction, Quantity, quantities};
use crate::targets::subject::{Subject, any_thing, fit, subjects};

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
    /// An earlier report or plan is quoted: 去年的报告提出，…
    pub is_quoted: bool,
    /// The list knows it as a percentage itself.
    pub is_rate: bool,
    /// The year that a change is told against: 由2020年的350亿元增加到480亿元，年均增长6.5%, 比十三五末增长30%.
    pub since: Option<u16>,
}

/// What is said of an indicator.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Said {
    Number(Quantity),
    /// 与经济增长同步, 高于全国平均水平, 稳中有升.
    Words(String),
}

patterns! {
    // asides and the numbers of notes
    ASIDE = r"[（(][^（）()]{0,40}[）)]|[［\[〔][0-9０-９]{1,3}[］\]〕]";
    // what may stand before a name without making it another thing
    BEFORE = "^(?:[—―-]+|[一二三四五六七八九十]+[是要]|[0-9]{4}年|(?:到|至|截至)[0-9]{4}年末?|(?:全|我|本)(?:自治区|街道|国|省|市|区|县|旗|镇|乡|州|盟)|今年|全年|明年|当年|年末|末|期末|区本级|市本级|县本级|本级|全社会|全口径|其中|中央提出|包括|拟?安排|拟|的|建议|(?:国家)?计划(?:要求|规定)|(?:规划)?纲要|预计|预期|初步核算|初步统计|实现|完成|力争|确保|努力|争取|保持|促进|推动|使|把|将|提出了?|明确了?|城乡|坚持|要|到|在|即|是)";
    // behind these, a clause goes on about what was named before
    KEEPS = "^(?:完成(?:了|全年|年度|年初|年|调整|变动|下达|人大|批准|确定|收入|支出|目标|考核|[省市区县镇]级?|的)*(?:预算|任务|计划|目标)+数?的?[0-9.]+%|占|居|高于|低于|快于|比|较|同比|按|总量|增速|增量|位居|位列|排|均|连续|创|好于|扣除|为|是)";
    // what may stand between several names and what is said of them
    BETWEEN = "(?:年均|均|都|同比|实际|累计|预计|预期)+$";
    CHANGE = "(?:增速|增幅|增长率|涨幅|增长)$";
    AND = "、|和|与|及";
    AND_HERE = "^(?:、|和|与|及)";
    ANNOUNCED = "(?:目标|指标|任务)(?:是|为|定为|包括|有)";
    OWNED = "^([省市区县])属";
    OWN = "^[全我本](自治区|街道|国|省|市|区|县|旗|镇|乡|州|盟)";
    // what is said of part of a year, or of a few years, is not said of the year
    PART = "(?:^|[^比较从由自])(?:上半年|下半年|前?[一二三四]季度|前[一二三]季|前[0-9]+个月|[这近][两二三四2-4]年|[0-9]{1,2}[-—–~至到]+[0-9]{1,2}月|(?:[0-9]{1,2}|[一二三四五六七八九十]{1,2})月份)";
    WHOLE = "全年|年末|年底";
    SINCE = "[由从自比较与同]((?:19|20)[0-9]{2}年|(?:十[一二三四五六七八九]|[六七八九十])五(?:时期|规划|计划)?期?末)";
    // 去年政府工作报告提出，…, up to what came of it
    QUOTES = "(?:报告|大会|会议|年初|计划|规划|纲要)[^，。；]{0,12}(?:提出|要求)";
    CAME = "实际|结果";
    AIMED = "(?:目标|任务)(?:是|为|定为)";
    // firms, parks and several places together
    OTHERS = "^(?:(?:[省市区县州]属|国有|民营|中央|重点|骨干|龙头|上市)[^，0-9]{0,3}企业|[^，0-9]{0,8}(?:(?:川渝|成渝|京津冀|长三角|粤港澳|区域)[^，0-9]{0,3}一体化|经济圈|都市圈|城市群|开发区|高新区|自贸区|自贸试验区|保税区|园区))[^0-9]*$";
    GOODS = "^[^，、0-9]{1,20}(?:产量|销量|[^总]产值)(?:同比|实际)?(?:增长|提高|下降)[0-9]";
    // what is told without a part of it, or is lost
    NARROWED = "^(?:(?:扣除|剔除)[^，]*[后外]|不含|不包括)|损失";
    PRICES = "价格|物价";
    // an aside that tells how an amount has changed: 120亿元（同比增长5%）
    GROWTH = "[（(]((?:同比|比上年|较上年|比去年|可比)?(?:增长|增加|上升|提高|下降|减少|降低)[0-9０-９.．]+[%％])[）)]";
    // what is told against the year before
    YEARLY = "同比|[比较](?:上年|去年)";
    // 居民收入差距, 居民收入比 and 经济增长方式 are other things
    OTHER = "差距|拉动|带动|协调|^(?:比|占|倍|方式|质量|动力|潜力|点|极|结构)";
    SHARE = "^占[^，。；]*比[重例]";
    LINKED = "基本同步|同步|保持一致";
    MEASURED = "(?:高于|快于|低于|不低于|达到|超过|好于|优于|不低)[^，。；]{0,6}(?:全国|全省|全市|全区|全县|经济|平均|城镇|城乡|居民|国家|上年|地区)";
}

/// Says that several numbers are those of several things, in this order.
const EACH: &str = "分别";

/// What a name of an amount may end with.
const AMOUNTS: [&str; 4] = ["总额", "总值", "额", "值"];

/// What a firm, a park or several places together have as well as a place.
const SHARED: [&str; 9] =
    ["出口", "外贸", "进出口", "研发", "税收", "地区生产总值", "固定资产投资", "工业增加值", "财政收入"];

/// What a good has.
const TRADED: [&str; 2] = ["出口", "外贸出口"];

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

/// The time that a text speaks of.
#[derive(Clone, Copy, Default)]
pub(crate) struct Time {
    pub when: Option<When>,
    /// The plan or span that was named last.
    pub plan: Option<When>,
    /// Of a part of that year, such as its first half.
    pub is_part: bool,
}

/// What was read of a sentence so far.
#[derive(Default)]
struct State {
    in_words: bool,
    time: Time,
    /// The year behind which an average begins: 由2020年的350亿元增加到2025年的480亿元，年均增长6.5%.
    since: Option<u16>,
    /// The year that changes are told against, until another one is named.
    base: Option<u16>,
    /// Where in the clause 分别 stands next, from its end.
    each: Option<usize>,
    /// What the next number belongs to if nothing else is named before it.
    last: Vec<Subject>,
    /// 力争 before the name.
    strives: Option<&'static str>,
    /// What was said before is the aim of an earlier year.
    is_quoted: bool,
    /// It is the aim that a result is set against: 2024年预期目标为增长5%，实际增长4.2%.
    is_aim: bool,
    /// How names begin that are told now of firms, goods or several places.
    others: &'static [&'static str],
    /// The same for the next clause.
    next_others: &'static [&'static str],
    /// Something is left out of what is told now.
    is_narrowed: bool,
    /// What was named since something else was.
    recent: Vec<Subject>,
    told: Vec<Told>,
}

impl State {
    /// Takes note of the time that a piece of a clause names.
    fn hear(&mut self, piece: &str, report: Option<u16>) {
        let when = mentioned(piece, report);
        self.time.is_part = PART.is_match(piece) || self.time.is_part && when.is_none() && !WHOLE.is_match(piece);
        self.time.when = when.or(self.time.when);
    }

    fn say(&mut self, subject: &Subject, said: Said) {
        if self.time.is_part || self.is_narrowed {
            return;
        }
        let (indicator, name) = (subject.indicator.clone(), subject.name.clone());
        let is_rate = matches!(subject.listed, Some((Measure::Rate, _)));
        let since = match &said {
            Said::Number(Quantity { is_average: true, .. }) => self.since,
            Said::Number(Quantity { direction: Some(_), .. }) => self.base,
            _ => None,
        };
        self.told.push(Told {
            indicator,
            name,
            said,
            when: self.time.when,
            since,
            is_quoted: self.is_quoted || self.is_aim,
            is_rate,
        });
    }

    /// Tells the first number of the first subject, and so on.
    fn tell_each(&mut self, subjects: &[Option<Subject>], numbers: Vec<Quantity>) {
        for (subject, number) in subjects.iter().zip(numbers) {
            subject.iter().for_each(|subject| self.tell(subject, number.clone()));
        }
        self.last = subjects.iter().flatten().cloned().collect();
        self.recent.extend(self.last.iter().cloned());
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
        let mut state = State { in_words, time: *time, since, ..State::default() };
        // without a number only a comparison can be a target in words, and most sentences have neither
        let may_tell = in_words
            || text.contains(|c: char| c.is_ascii_digit())
            || LINKED.is_match(&text)
            || MEASURED.is_match(&text);
        // 会议要求 opens what was done, unless the sentence sets against it what came
        let may_quote = CAME.is_match(&text);
        for clause in text.split(['，', '。', '；', '！', '？', '：']) {
            let is_other = YEARLY.is_match(clause) || mentioned(clause, self.year).is_some();
            state.base = self::since(clause).or(state.base.filter(|_| !is_other));
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
        if OTHERS.is_match(own) {
            (state.others, state.next_others) = (&SHARED, &SHARED);
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
            None => start + self.unlisted(own, begins && !KEEPS.is_match(piece), state),
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
        state.last = subjects(indicator, name);
        state.recent.extend(state.last.iter().cloned());
        state.hear(&tail[..read], self.year);
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
        // 13亿多人口的大国 behind 新增就业 is another thing's
        let is_bare =
            own.starts_with(|c: char| c.is_ascii_digit()) && numbers.last().is_some_and(|last| !last.is_whole());
        if !numbers.is_empty() && numbers.len() == subjects.len() && !is_bare {
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
        // 新能源汽车产量增长20%，出口增长53.6%
        if GOODS.is_match(own) {
            (state.others, state.next_others) = (&TRADED, &TRADED);
        }
        if begins && !KEEPS.is_match(own) && !state.is_quoted {
            state.last.clear();
            state.recent.clear();
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
            for number in &mut numbers {
                number.is_average |= own[..at].contains("年均");
                number.is_total |= own[..at].contains("累计");
                number.direction = number.direction.or(way.filter(|_| number.unit == "%"));
            }
            state.tell_each(&subjects, numbers);
            return Some(at + EACH.len() + read);
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
        // 甲、乙增长4% is said of both
        if numbers.len() == 1 && (both.is_some() || numbers[0].direction.is_some()) {
            numbers = vec![numbers[0].clone(); count];
        }
        let (subjects, _) = self.names(&own[..end], count, state).filter(|_| numbers.len() == count)?;
        state.tell_each(&subjects, numbers);
        Some(end + tail.len() - both.unwrap_or(tail).len() + read)
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
            let is_each =
                last.iter().enumerate().all(|(at, one)| last[..at].iter().all(|a| a.indicator != one.indicator));
            return is_each.then(|| (last.iter().cloned().map(Some).collect(), way));
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
