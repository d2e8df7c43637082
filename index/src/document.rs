//! The plain types of a report: [`Document`], its [`Meta`], its [`Section`]s and the [`Passage`]s that are searched.
//! They hold values; they read and print nothing.

use std::collections::BTreeMap;
use std::ops::Range;

use serde::{Deserialize, Serialize};

/// One report: its text, what is known about it, its sections and its passages.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Document {
    /// Names the document in the index; adding another document with this id replaces it.
    pub id: String,
    /// What is known about the document.
    pub meta: Meta,
    /// The source's own text.
    pub text: String,
    /// The sections in the order in which they stand in the text, parents before their children.
    pub sections: Vec<Section>,
    /// The passages in order. Their ranges joined are the whole of `text`.
    pub passages: Vec<Passage>,
    /// Whatever the program that adds the document wants back with it, such as a content hash. Never read here.
    pub stamp: String,
}

/// What is known about a document. A field is empty unless the text, or whoever adds the document, states it; but for the title.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct Meta {
    /// The title as it stands in the text, without blanks. A text without one is called by its source.
    pub title: String,
    /// The kind of document, such as 政府工作报告.
    pub kind: Option<String>,
    /// The level of government that speaks.
    pub level: Option<Level>,
    /// The place it governs, from the province down. No name holds `/`, which facets and tables have between them.
    pub place: Vec<String>,
    /// The code of that place (GB/T 2260: two digits for a province, four for a city, six for a county).
    #[serde(skip_serializing_if = "Option::is_none")]
    pub place_code: Option<String>,
    /// The document's number (发文字号), such as 国发〔2010〕1号.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub number: Option<String>,
    /// The year that the title states, else the one that the report plans, or in which it was given. A title that states the year
    /// which the report looks back on, or one that is not yet planned, does not count.
    pub year: Option<u16>,
    /// The year that the report looks back on.
    pub review_year: Option<u16>,
    /// The session that heard it, such as 第十八届第八次会议.
    pub session: Option<String>,
    /// The day on which it was given, `YYYY-MM-DD` (ISO 8601); `YYYY-MM` or `YYYY` if no more is known.
    pub date: Option<String>,
    /// Who gave it.
    pub speaker: Option<String>,
    /// Where the text came from, such as a path.
    pub source: String,
    /// For each field that was found in the text, the words it was found in.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub evidence: BTreeMap<String, String>,
}

impl Meta {
    /// Whom the document is of: its chain of places joined with `/`, 全国 if it is the nation's; empty if that is not known.
    pub fn governed(&self) -> String {
        governed(&self.place, self.level)
    }

    /// Keeps the words that `fields` were found in.
    pub(crate) fn prove(&mut self, fields: &[&str], words: &str) {
        for field in fields {
            self.evidence.insert(field.to_string(), words.to_string());
        }
    }

    /// Whether it tells what became of a year, as a communiqué, a summary and final accounts do.
    pub(crate) fn is_account(&self) -> bool {
        let tells = |word: &str| self.title.contains(word) || self.kind.as_deref() == Some(word);
        ["公报", "总结", "决算", "执行情况", "审计工作报告"].into_iter().any(tells)
            && !["草案", "半年", "季度", "月份", "月工作", "月总结"].into_iter().any(tells)
    }

    /// Whether a report of `year` is an account of that year.
    pub(crate) fn is_account_of(&self, year: u16) -> bool {
        let named = || self.title.split(|c: char| !c.is_ascii_digit()).filter(|digits| digits.len() == 4);
        let is_early = self.is_dated() && self.date.as_deref().and_then(|date| date.get(5..7)) < Some("10");
        self.is_account() && !is_early && named().all(|digits| digits == year.to_string())
    }

    /// Whether its year is known from the day alone on which it was given.
    pub(crate) fn is_dated(&self) -> bool {
        let words = self.evidence.get("year");
        words.is_some() && words == self.evidence.get("date")
    }

    /// Whether a report of `year` was given when that was over, or all but over.
    pub(crate) fn is_late_in(&self, year: u16) -> bool {
        let is_late = |date: &str| date.get(..4) == Some(&year.to_string()) && date.get(5..7) >= Some("10");
        self.is_account_of(year) || self.date.as_deref().is_some_and(is_late)
    }

    /// A date as [`date`](Meta::date) has it, from the ways in which people write one: 2025年4月8日, 2025/4/8, 2025.4, 20250408;
    /// a time behind it is passed over. `None` if the calendar has no such day.
    pub fn read_date(text: &str) -> Option<String> {
        let day = text.trim().split(['T', ' ']).next()?;
        let day = day.strip_suffix(['年', '月', '日', '号']).unwrap_or(day);
        let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
        let numbers: Vec<&str> = match day.len() == 8 && is_number(day) {
            true => vec![&day[..4], &day[4..6], &day[6..]],
            false => day.split(['-', '/', '.', '年', '月']).collect(),
        };
        let (year, rest) = numbers.split_first()?;
        let is_whole = year.len() == 4 && rest.len() <= 2 && rest.iter().all(|number| number.len() <= 2);
        if !is_whole || !numbers.iter().all(|number| is_number(number)) {
            return None;
        }
        let is_leap = year
            .parse()
            .is_ok_and(|year: u32| year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)));
        let month: Option<u32> = rest.first().and_then(|month| month.parse().ok());
        let days = match month {
            None | Some(1 | 3 | 5 | 7 | 8 | 10 | 12) => 31,
            Some(4 | 6 | 9 | 11) => 30,
            Some(2) => 28 + is_leap as u32,
            Some(_) => return None,
        };
        let mut date = year.to_string();
        for number in rest.iter().filter_map(|number| number.parse::<u32>().ok()) {
            if !(1..=days).contains(&number) {
                return None;
            }
            date.push_str(&format!("-{number:02}"));
        }
        Some(date)
    }
}

/// A level of government.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[allow(missing_docs)]
pub enum Level {
    #[serde(rename = "全国")]
    Nation,
    #[serde(rename = "省")]
    Province,
    #[serde(rename = "市")]
    City,
    #[serde(rename = "县")]
    County,
    #[serde(rename = "镇")]
    Town,
}

impl Level {
    /// All levels, from the top.
    pub const ALL: [Level; 5] = [Level::Nation, Level::Province, Level::City, Level::County, Level::Town];

    /// The level's Chinese name, as JSON has it and as `level:` takes it.
    pub fn name(self) -> &'static str {
        match self {
            Level::Nation => "全国",
            Level::Province => "省",
            Level::City => "市",
            Level::County => "县",
            Level::Town => "镇",
        }
    }

    /// The level that people call so: by its Chinese or English name, or as 省级, 自治州, 区, 乡镇.
    pub fn named(name: &str) -> Option<Level> {
        let name = name.trim();
        let plain = name.strip_suffix('级').unwrap_or(name);
        let is_named =
            |level: &Level| level.name() == plain || level.english() == name || level.other_names().contains(&plain);
        Level::ALL.into_iter().find(is_named)
    }

    fn other_names(self) -> &'static [&'static str] {
        match self {
            Level::Nation => &["国家", "中央"],
            Level::Province => &["自治区", "直辖市"],
            Level::City => &["地级市", "自治州", "州", "盟", "地"],
            Level::County => &["区", "县级市", "自治县", "旗", "区县"],
            Level::Town => &["乡", "乡镇", "街道"],
        }
    }

    fn english(self) -> &'static str {
        match self {
            Level::Nation => "national",
            Level::Province => "province",
            Level::City => "city",
            Level::County => "county",
            Level::Town => "town",
        }
    }
}

/// What a part of a report does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[repr(u8)]
pub enum Role {
    /// Looks back on work done.
    #[serde(rename = "回顾")]
    Review = 1,
    /// Names problems and shortcomings.
    #[serde(rename = "问题")]
    Problems,
    /// States the guiding requirements.
    #[serde(rename = "要求")]
    Requirements,
    /// States expected targets.
    #[serde(rename = "目标")]
    Targets,
    /// Plans tasks.
    #[serde(rename = "任务")]
    Tasks,
    /// Speaks of the government's own conduct.
    #[serde(rename = "自身建设")]
    Conduct,
    /// Explains terms, after the report.
    #[serde(rename = "名词解释")]
    Glossary,
    /// Addresses, thanks and closing words.
    #[serde(rename = "套语")]
    Formula,
}

impl Role {
    /// All roles, in the order in which reports usually have them.
    pub const ALL: [Role; 8] = [
        Role::Review,
        Role::Problems,
        Role::Requirements,
        Role::Targets,
        Role::Tasks,
        Role::Conduct,
        Role::Glossary,
        Role::Formula,
    ];

    /// The role's Chinese name, as JSON has it and as `part:` takes it.
    pub fn name(self) -> &'static str {
        match self {
            Role::Review => "回顾",
            Role::Problems => "问题",
            Role::Requirements => "要求",
            Role::Targets => "目标",
            Role::Tasks => "任务",
            Role::Conduct => "自身建设",
            Role::Glossary => "名词解释",
            Role::Formula => "套语",
        }
    }
}

/// A heading and what follows it, up to the next heading of its level or above.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct Section {
    /// The heading, or the words that open the section where it has none.
    pub heading: Heading,
    /// What the section does.
    pub role: Option<Role>,
    /// The line of the text on which it begins, from 1.
    pub line: u32,
    /// The section that it is part of, as an ordinal in [`Document::sections`].
    pub parent: Option<u32>,
}

/// How a section is announced.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
pub struct Heading {
    /// 1 for the parts of the document, 2 for their parts, and so on.
    pub level: u8,
    /// The number alone (`一`), if there is one.
    pub label: Option<String>,
    /// The number as it is written (`（一）`); empty without one.
    pub mark: String,
    /// The words of the heading, without number and closing mark.
    pub title: String,
}

impl std::fmt::Display for Heading {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        // 附件1 2026年实事
        let meets = self.mark.ends_with(|c: char| c.is_numeric()) && self.title.starts_with(|c: char| c.is_numeric());
        write!(f, "{}{}{}", self.mark, if meets { " " } else { "" }, self.title)
    }
}

/// The unit of retrieval: a heading, the text under one lead sentence, or a whole short paragraph.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Passage {
    /// Where it stands in [`Document::text`], in bytes.
    pub range: Range<usize>,
    /// Whether a paragraph begins with it. A phrase may run from one passage into the next of the same paragraph,
    /// never from one paragraph into the next.
    pub opens_paragraph: bool,
    /// The innermost section it stands in, as an ordinal in [`Document::sections`].
    pub section: Option<u32>,
    /// What it does: its section's role, or its own.
    pub role: Option<Role>,
    /// The line of the text on which its first visible character stands, from 1.
    pub line: u32,
}

/// What an index holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Status {
    /// Documents.
    pub documents: u64,
    /// Passages.
    pub passages: u64,
    /// Segments: the parts that commits wrote and merges joined.
    pub segments: u64,
    /// Bytes of folded text, in the compact code in which it is kept; with what is deleted and not yet written anew.
    pub text_bytes: u64,
    /// Bytes of all files; 0 for an index in memory.
    pub index_bytes: u64,
    /// The number of the file format.
    pub format: u32,
    /// How text becomes what the index holds: [`ANALYZER`](crate::ANALYZER) of the version that made it.
    pub analyzer: String,
}

/// A document of the index without its text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DocumentEntry {
    /// The document's id.
    pub id: String,
    /// What is known about it, without the evidence, which only [`Index::document`](crate::Index::document) gives.
    pub meta: Meta,
    /// What was given as [`Document::stamp`].
    pub stamp: String,
    /// How many passages it has.
    pub passages: u32,
}

/// The id of a passage: that of its document and its ordinal in that.
pub fn passage_id(document: &str, ordinal: u32) -> String {
    format!("{document}#{ordinal}")
}

/// The id of the document and the ordinal that a passage's id is made of; `None` if it is none.
pub fn split_passage_id(id: &str) -> Option<(&str, u32)> {
    let (document, ordinal) = id.rsplit_once('#')?;
    Some((document, ordinal.parse().ok()?))
}

/// The same as [`Meta::governed`] of what it is told by.
pub(crate) fn governed(place: &[impl AsRef<str>], level: Option<Level>) -> String {
    governing(place, level).collect::<Vec<_>>().join("/")
}

/// Its links.
pub(crate) fn governing(place: &[impl AsRef<str>], level: Option<Level>) -> impl Iterator<Item = &str> {
    let nation = level.filter(|level| place.is_empty() && *level == Level::Nation).map(Level::name);
    place.iter().map(AsRef::as_ref).chain(nation)
}

/// The headings above and including `section`, outermost first, as they stand in the text.
pub fn heading_path(sections: &[Section], section: Option<u32>) -> Vec<String> {
    let mut path: Vec<String> =
        ancestors(sections, section).map(|at| sections[at as usize].heading.to_string()).collect();
    path.reverse();
    path
}

/// `section` and those that it is part of, innermost first, as ordinals in `sections`.
pub fn ancestors(sections: &[Section], section: Option<u32>) -> impl Iterator<Item = u32> {
    let innermost = section.filter(|&ordinal| (ordinal as usize) < sections.len());
    // a parent stands before its child; anything else is damage and ends the walk
    std::iter::successors(innermost, |&at| sections[at as usize].parent.filter(|&parent| parent < at))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_as_people_write_them() {
        for (text, date) in [
            ("2025-04-08", Some("2025-04-08")),
            ("2025年4月8日", Some("2025-04-08")),
            ("2025年4月8号 9:30", Some("2025-04-08")),
            (" 2025/4/8", Some("2025-04-08")),
            ("2025-04-08T08:00:00+08:00", Some("2025-04-08")),
            ("20250408", Some("2025-04-08")),
            ("2025.4", Some("2025-04")),
            ("2025年4月", Some("2025-04")),
            ("2025年", Some("2025")),
            ("2024-02-29", Some("2024-02-29")),
            ("2025-02-29", None),
            ("1900-02-29", None),
            ("2025-13", None),
            ("2025-04-31", None),
            ("2025-0-1", None),
            ("2025--1", None),
            ("25-04-08", None),
            ("2025-04-08-01", None),
            ("2025-004", None),
            ("待定", None),
            ("", None),
        ] {
            assert_eq!(Meta::read_date(text).as_deref(), date, "{text}");
        }
    }

    #[test]
    fn digits_of_mark_and_title_stay_apart() {
        let heading = |mark: &str| Heading { level: 1, label: None, mark: mark.into(), title: "2026年实事".into() };
        assert_eq!(heading("附件1").to_string(), "附件1 2026年实事");
        assert_eq!(heading("一、").to_string(), "一、2026年实事");
    }

    #[test]
    fn levels_by_any_name() {
        for (name, level) in [
            ("镇", Some(Level::Town)),
            ("乡镇", Some(Level::Town)),
            ("县级", Some(Level::County)),
            ("省级", Some(Level::Province)),
            ("national", Some(Level::Nation)),
            ("村", None),
            ("级", None),
            ("", None),
        ] {
            assert_eq!(Level::named(name), level, "{name}");
        }
    }
}
