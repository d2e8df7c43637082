//! What a sentence tells of indicators, and what has been read of it while it is read.

use crate::parse::when::{When, mentioned};
use crate::patterns::{Pattern, patterns};
use crate::targets::quantity::Quantity;
use crate::targets::subject::{Subject, fit};

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
    // what is said of part of a year, or of a few years, is not said of the year
    PART = "(?:^|[^比较从由自])(?:上半年|下半年|前?[一二三四]季度|前[一二三]季|前[0-9]+个月|[这近][两二三四2-4]年|[0-9]{1,2}[-—–~至到]+[0-9]{1,2}月|(?:[0-9]{1,2}|[一二三四五六七八九十]{1,2})月份)";
    WHOLE = "全年|年末|年底";
}

/// The time that a text speaks of.
#[derive(Clone, Copy, Default)]
pub(crate) struct Time {
    pub when: Option<When>,
    /// The plan or span that was named last.
    pub plan: Option<When>,
    /// Of a part of that year, such as its first half.
    pub is_part: bool,
    /// The year that all changes of a sentence are told against: 2024年同2019年相比，….
    pub base: Option<u16>,
}

/// What was read of a sentence so far.
#[derive(Default)]
pub(crate) struct State {
    pub in_words: bool,
    pub time: Time,
    /// The year behind which an average begins: 由2020年的350亿元增加到2025年的480亿元，年均增长6.5%.
    pub since: Option<u16>,
    /// The year that changes are told against, until another one is named.
    pub base: Option<u16>,
    /// Where in the clause 分别 stands next, from its end.
    pub each: Option<usize>,
    /// What the next number belongs to if nothing else is named before it; `None` for a thing that no list has.
    pub last: Vec<Option<Subject>>,
    /// 力争 before the name.
    pub strives: Option<&'static str>,
    /// What was said before is the aim of an earlier year.
    pub is_quoted: bool,
    /// It is the aim that a result is set against: 2024年预期目标为增长5%，实际增长4.2%.
    pub is_aim: bool,
    /// How names begin that are told now of firms, goods or several places.
    pub others: &'static [&'static str],
    /// The same for the next clause.
    pub next_others: &'static [&'static str],
    /// A share was told of what was named last, which points may be of: 占全市的20%，提高2个百分点.
    pub is_share: bool,
    /// Something is left out of what is told now.
    pub is_narrowed: bool,
    /// What was named since something else was.
    pub recent: Vec<Option<Subject>>,
    pub told: Vec<Told>,
}

impl State {
    /// Takes note of the time that a piece of a clause names.
    pub fn hear(&mut self, piece: &str, report: Option<u16>) {
        let when = mentioned(piece, report);
        self.time.is_part = PART.is_match(piece) || self.time.is_part && when.is_none() && !WHOLE.is_match(piece);
        self.time.when = when.or(self.time.when);
    }

    pub fn say(&mut self, subject: &Subject, said: Said) {
        if self.time.is_part || self.is_narrowed {
            return;
        }
        let (indicator, name) = (subject.indicator.clone(), subject.name.clone());
        let is_rate = subject.is_rate();
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

    /// Takes what is named, of which numbers are told next.
    pub fn name(&mut self, subjects: Vec<Option<Subject>>) {
        self.recent.extend(subjects.iter().cloned());
        self.last = subjects;
        self.is_share = false;
    }

    /// Tells the first number of the first subject, and so on.
    pub fn tell_each(&mut self, subjects: &[Option<Subject>], numbers: Vec<Quantity>) {
        for (subject, number) in subjects.iter().zip(numbers) {
            subject.iter().for_each(|subject| self.tell(subject, number.clone()));
        }
    }

    /// Tells a number, if it can be one of the subject's.
    pub fn tell(&mut self, subject: &Subject, number: Quantity) {
        if self.is_share && number.unit.ends_with("百分点") {
            return;
        }
        if let Some(mut number) = fit(subject, number) {
            let strives = self.strives.filter(|word| !number.modifiers.contains(word));
            number.modifiers.splice(0..0, strives);
            self.say(subject, Said::Number(number));
        }
    }
}
