//! A query in words: what is looked for when its parts stand nowhere as they were typed. A question is understood as far
//! as its text allows: its interrogatives count half, since official text answers questions and does not ask them; a place or
//! a year prefers what was said by that place and of that year; 目标 or 完成 prefer the part of a report where such things
//! stand, 去年 the part that looks back, and what asks for a meaning the notes. Words that were understood so count half where candidates are found. A
//! report seldom names its own place and year, so that these do not count again when what was found is read: its description
//! tells.

use std::collections::{BTreeMap, HashSet};

use crate::document::Role;
use crate::fold::fold;
use crate::query::asking::{
    Asks, frequency_in_questions, says_something, spell_out_year, take_definition, take_interrogatives, take_last_year,
    take_out, take_part, take_years, trimmed, trimmed_at_both_ends, words_of, years,
};
use crate::query::known::Known;
use crate::query::listed::{is_list, listed};
use crate::query::preference::Preference;
use crate::query::synonyms::Synonyms;
use crate::query::{Filter, Query};
use crate::words::{cut_by, inner_words};

/// A bare part with more characters than this, folded, is a sentence: if it stands nowhere as it is, its words are
/// looked for. Anything shorter is a term, unless it asks.
const LONGEST_TERM: usize = 16;

/// What is left of a word that only asks. Real questions repeat the title of the page that answers them (怎么办理…), so
/// that taking it away altogether costs as much as it gains.
pub(crate) const INTERROGATIVE: f32 = 0.5;

/// A query taken apart.
pub(crate) struct Question {
    /// The same query with its bare parts taken apart into words that must all be there.
    pub all: Query,
    /// The words that candidates are found by, of its bare parts, and their other names.
    pub words: Vec<Word>,
    /// What candidates are found by as it stands: parts in quotes, and words that the index does not cut as one.
    terms: Vec<String>,
    /// Its own words, each once, with other names of it or of the term that it is part of.
    pub own_words: Vec<(String, Vec<String>)>,
    /// Whether it is nothing but one part.
    pub is_one_term: bool,
    /// What holds whatever the words: filters, amounts, and what is excluded.
    pub limits: Vec<Query>,
    /// The bare text, folded, in stretches between which nothing reaches; what is left of it without the places and the year that
    /// were understood; and what it is about, without interrogatives and the part either.
    pub text: Vec<String>,
    pub asked: Vec<String>,
    pub plain: Vec<String>,
    /// The places, titles, speakers and years that are asked for.
    pub prefers: Preference,
    /// Whether it asks what something means.
    pub asks_meaning: bool,
    /// The part of a report that is preferred; and the one that is asked for by its name.
    pub role: Option<Role>,
    part: Option<(&'static str, Role)>,
    /// Whether weaker answers than the query as it was typed are wanted.
    pub may_loosen: bool,
}

/// A word of a question.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Word {
    pub text: String,
    /// Its share of what it would weigh in a statement.
    pub weight: f32,
    /// Whether it is what is asked about, and not only when or in which part.
    pub is_topic: bool,
}

impl Question {
    /// `query` in words, if it has bare parts and nothing but filters and exclusions beside them. A part is taken apart
    /// for [`all`](Self::all) only where every word has two characters or more: 典型村 is not 典型 and 村 somewhere.
    /// `frequency` tells in how many passages a word stands.
    pub fn new(query: &Query, synonyms: &Synonyms, known: &Known, frequency: impl Fn(&str) -> u64) -> Option<Question> {
        let frequency = |word: &str| frequency_in_questions(word, &frequency);
        let parts = match query {
            Query::And(parts) => parts.as_slice(),
            part => std::slice::from_ref(part),
        };
        let literals = parts.iter().filter(|part| matches!(part, Query::Text(_) | Query::Phrase(_))).count();
        let is_filtered = parts
            .iter()
            .any(|part| matches!(part, Query::Filter(Filter::Year(_) | Filter::Place(_) | Filter::Date(..))));
        let mut question = Question { is_one_term: literals == 1, may_loosen: literals > 1, ..Question::empty() };
        let mut all = Vec::new();
        let (mut bare, mut bare_topics) = (Vec::new(), Vec::new());
        for part in parts {
            match part {
                Query::Text(text) | Query::Phrase(text) => {
                    let folded = fold(text);
                    let stretches: Vec<String> = folded.stretches().map(String::from).collect();
                    // a mark between blanks is no term
                    let is_bare = matches!(part, Query::Text(_)) || !text.contains(char::is_alphanumeric);
                    // 广东省港口条例 is a title, and does not ask for all that is of Guangdong
                    let (titles, rest) = known.titles_in(&folded, frequency);
                    let (asks, topics) = question.understand(titles, &rest, is_filtered, synonyms, known, frequency);
                    let words: Vec<String> = topics.iter().flat_map(|topic| words_of(topic, frequency)).collect();
                    let is_sentence = rest.iter().map(|s| s.chars().count()).sum::<usize>() > LONGEST_TERM;
                    let is_list = is_bare && !is_sentence && is_list(&stretches, frequency);
                    let stand_apart = words.iter().all(|word| word.chars().nth(1).is_some());
                    let may_part = is_bare && words.len() > 1;
                    question.may_loosen |= is_bare && (asks || is_list || is_sentence && may_part);
                    if may_part && (is_sentence || literals > 1 && stand_apart) {
                        all.extend(words.iter().map(|word| synonyms.any_name(word)));
                    } else if is_bare && asks {
                        all.extend(question.asked_of(&topics, &stretches, synonyms, frequency));
                    } else if is_bare {
                        let name = |term| synonyms.any_name(term);
                        let part =
                            |term| if is_list { together_or_apart(term, synonyms, frequency) } else { name(term) };
                        all.extend(topics.iter().flat_map(|topic| listed(topic, frequency)).map(part));
                    } else {
                        all.push(part.clone());
                    }
                    if is_bare {
                        let is_whole = |word: &String| word.chars().nth(1).is_none() || frequency(word) > 0;
                        question.terms.extend(words.into_iter().filter(|word| !is_whole(word)));
                        bare.extend(stretches.iter().cloned());
                        bare_topics.extend(topics.iter().cloned());
                    } else {
                        question.terms.push(text.clone());
                    }
                    question.plain.extend(topics);
                    question.text.extend(stretches);
                }
                Query::Filter(_) | Query::Amount(_) | Query::Not(_) => {
                    all.push(part.clone());
                    question.limits.push(part.clone());
                }
                _ => return None,
            }
        }
        // what is said again is looked for once
        let mut seen = HashSet::new();
        all.retain(|part| !matches!(part, Query::Phrase(text) if !seen.insert(text.clone())));
        let share_a_chain = known.share_a_chain(&question.prefers.places);
        all.extend(question.prefers.wanted(synonyms, share_a_chain));
        // what says nothing but that it asks is not answered by everything
        if all.len() == question.limits.len() {
            all.push(query.clone());
        }
        question.all = Query::And(all);
        // what is nothing but a place and a year asks for these
        for (rest, text) in
            [(&mut question.asked, &question.text), (&mut question.plain, &question.text), (&mut bare_topics, &bare)]
        {
            if rest.is_empty() {
                rest.clone_from(text);
            }
        }
        question.take_words(&bare, &bare_topics, synonyms, frequency);
        question.may_loosen &= !question.words.is_empty();
        (!question.own_words.is_empty()).then_some(question)
    }

    /// What a bare text that asks wants of a passage: its topics; if it asks for nothing but a part, as 港门镇2025年目标 does, that.
    fn asked_of(
        &self,
        topics: &[String],
        stretches: &[String],
        synonyms: &Synonyms,
        frequency: impl Fn(&str) -> u64,
    ) -> Vec<Query> {
        let begins = |topic: &str| stretches.iter().any(|stretch| stretch.starts_with(topic));
        let wanted = topics.iter().flat_map(|topic| listed(topic, &frequency)).map(|topic| {
            // 在岗职工有多少 is not about 岗职工
            let term = match begins(topic) {
                true => trimmed(topic, &frequency),
                false => trimmed_at_both_ends(topic, &frequency),
            };
            together_or_apart(term, synonyms, &frequency)
        });
        wanted.chain(self.part().filter(|_| topics.is_empty())).collect()
    }

    /// What stands there as it was typed, and so asks for nothing but itself: the literals of any query.
    pub fn of_literals(query: &Query, frequency: impl Fn(&str) -> u64) -> Question {
        let mut literals = Vec::new();
        collect_literals(query, &mut literals);
        let texts: Vec<String> =
            literals.iter().flat_map(|text| fold(text).stretches().map(String::from).collect::<Vec<_>>()).collect();
        let is_one_term = literals.len() == 1;
        let words = if is_one_term { Vec::new() } else { cut_by(texts.iter().map(String::as_str), frequency) };
        let mut own_words: Vec<(String, Vec<String>)> = words.into_iter().map(|word| (word, Vec::new())).collect();
        own_words.sort_unstable();
        own_words.dedup();
        Question {
            own_words,
            is_one_term,
            plain: texts.clone(),
            asked: texts.clone(),
            text: texts,
            ..Question::empty()
        }
    }

    /// One that asks for nothing.
    fn empty() -> Question {
        Question {
            all: Query::everything(),
            words: Vec::new(),
            terms: Vec::new(),
            own_words: Vec::new(),
            is_one_term: false,
            limits: Vec::new(),
            text: Vec::new(),
            asked: Vec::new(),
            plain: Vec::new(),
            prefers: Preference::default(),
            asks_meaning: false,
            role: None,
            part: None,
            may_loosen: false,
        }
    }

    /// What holds one of the terms, if there are any, and all that must hold besides.
    pub fn holding_a_term(&self) -> Option<Query> {
        let terms: Vec<Query> = self.terms.iter().cloned().map(Query::Phrase).collect();
        (!terms.is_empty()).then(|| Query::And([&self.limits[..], &[Query::Or(terms)]].concat()))
    }

    /// Any of the words, but for what only asks or joins.
    pub fn any(&self) -> Query {
        let words = self.words.iter().filter(|word| word.weight > INTERROGATIVE && says_something(&word.text));
        Query::Or(words.map(|word| Query::Phrase(word.text.clone())).collect())
    }

    /// What was understood beyond the words, for people.
    pub fn understood(&self) -> Vec<String> {
        let mut understood = self.prefers.understood();
        understood.extend(self.role.map(|role| format!("prefers part:{}", role.name())));
        if self.words.iter().any(|word| word.weight <= INTERROGATIVE) {
            understood.push(format!("words that only ask count {INTERROGATIVE}"));
        }
        understood
    }

    /// Reads places, speakers, years and the part of a report off a bare text, which names these titles beside the `rest` of it. Gives
    /// whether the text asks, by an interrogative, by a place, a speaker or a year beside something else, since no report says these
    /// together, by a title, or by the name of a part and by something that has other names or a word with such, of which one
    /// is enough within a filter; and what remains.
    fn understand(
        &mut self,
        titles: Vec<String>,
        rest: &[String],
        is_filtered: bool,
        synonyms: &Synonyms,
        known: &Known,
        frequency: impl Fn(&str) -> u64,
    ) -> (bool, Vec<String>) {
        let mut topics = rest.to_vec();
        let mut asked = rest.to_vec();
        let mut asks = take_interrogatives(&mut topics, &frequency);
        // of several terms each may end so
        if self.is_one_term && take_definition(&mut topics, &frequency) {
            asks = Asks::Meaning;
        }
        let places: Vec<String> = topics.iter().flat_map(|topic| known.places_in(topic, &frequency)).collect();
        let speakers: Vec<String> = topics.iter().flat_map(|topic| known.speakers_in(topic, &frequency)).collect();
        for place in &places {
            take_out(&mut topics, place, &frequency);
            take_out(&mut asked, place, &frequency);
        }
        // what others say of a speaker names them
        speakers.iter().for_each(|speaker| _ = take_out(&mut topics, speaker, &frequency));
        spell_out_year(&mut topics, &mut asked, |year| known.has_year(year));
        let years: Vec<u16> =
            topics.iter().flat_map(|topic| years(topic)).filter(|&year| known.has_year(year)).collect();
        take_years(&mut topics, &years, &frequency);
        take_years(&mut asked, &years, &frequency);
        asked.retain(|rest| rest.chars().any(char::is_alphanumeric));
        self.asked.extend(asked);
        self.asks_meaning |= asks == Asks::Meaning;
        // 什么是目标 is about a term
        let may_name = known.parts && asks != Asks::Meaning;
        let part = may_name.then(|| take_part(&mut topics, &frequency)).flatten();
        let looks_back = known.parts && asks == Asks::Something && take_last_year(&mut topics, &frequency);
        let preferred = match part {
            None if known.parts && !may_name => Some(Role::Glossary),
            None => looks_back.then_some(Role::Review),
            Some((_, role)) => Some(role),
        };
        topics.retain(|topic| says_something(topic));
        let has_names = topics.iter().any(|topic| !synonyms.of(topic).is_empty());
        // GDP增长目标 is said by any name of GDP too
        let names_inside =
            || topics.iter().flat_map(|topic| words_of(topic, &frequency)).any(|word| !synonyms.of(&word).is_empty());
        // 2025年底 and 2025年1月 are terms
        let has_name = |topic: &String| topic.chars().filter(|c| c.is_alphabetic()).nth(1).is_some();
        let is_named = !(places.is_empty() && speakers.is_empty() && years.is_empty());
        let is_beside = is_named && topics.iter().any(has_name) || !titles.is_empty();
        self.prefers.places.extend(places);
        self.prefers.speakers.extend(speakers);
        self.prefers.titles.extend(titles);
        self.prefers.years.extend(years);
        let (names_a_part, is_placed) = (part.is_some(), !self.prefers.is_empty() || is_filtered);
        (self.part, self.role) = (self.part.or(part), self.role.or(preferred));
        let is_of_part = is_placed && (names_a_part || has_names) || names_a_part && (has_names || names_inside());
        ((asks > Asks::Nothing && !topics.is_empty()) || is_beside || is_of_part, topics)
    }

    /// The part that is asked for, with the word for it where that stands.
    fn part(&self) -> Option<Query> {
        let (name, role) = self.part?;
        let part = Query::Filter(Filter::Part(role));
        Some(Query::Or(vec![Query::And(vec![Query::Phrase(name.to_string()), part.clone()]), part]))
    }

    /// The words of the text as jieba's search mode would cut them, and those of what its topic is called otherwise; candidates
    /// are found by those of its bare parts and their topics.
    fn take_words(&mut self, bare: &[String], topics: &[String], synonyms: &Synonyms, frequency: impl Fn(&str) -> u64) {
        let cut_apart = |stretches: &[String]| cut_by(stretches.iter().map(String::as_str), &frequency);
        let mut own: BTreeMap<String, Vec<String>> = BTreeMap::new();
        own.extend(cut_apart(&self.asked).into_iter().map(|word| (word, Vec::new())));
        for topic in &self.plain {
            let names = synonyms.of(topic);
            for word in cut_apart(std::slice::from_ref(topic)) {
                let others = names.iter().cloned().chain(synonyms.of(&word)).map(|name| fold(&name).text);
                own.entry(word).or_default().extend(others);
            }
        }
        self.own_words = own.into_iter().collect();
        let cut = |stretches: &[String]| {
            let words = cut_apart(stretches);
            let inner: Vec<String> = words.iter().flat_map(|word| inner_words(word, &frequency)).collect();
            words.into_iter().chain(inner).collect::<Vec<_>>()
        };
        let mut about = cut(topics);
        let names: Vec<&String> = topics.iter().chain(&about).collect();
        let others: Vec<String> =
            names.iter().flat_map(|name| synonyms.of(name)).map(|name| fold(&name).text).collect();
        about.extend(cut(&others));
        let mut words: Vec<Word> = Vec::new();
        let mut add = |text: String, weight: f32| match words.iter_mut().find(|word| word.text == text) {
            Some(word) => word.weight += weight,
            None => {
                let is_topic = says_something(&text) && about.contains(&text);
                words.push(Word { text, weight, is_topic })
            }
        };
        cut(bare).into_iter().for_each(|word| add(word, INTERROGATIVE));
        cut(topics).into_iter().for_each(|word| add(word, 1.0 - INTERROGATIVE));
        cut(&others).into_iter().for_each(|word| add(word, 1.0));
        self.words = words;
    }
}

/// Adds the texts that a query looks for.
fn collect_literals<'q>(query: &'q Query, literals: &mut Vec<&'q str>) {
    match query {
        Query::Text(text) | Query::Phrase(text) | Query::Fixed(text) => literals.push(text),
        Query::And(parts) | Query::Or(parts) => parts.iter().for_each(|part| collect_literals(part, literals)),
        Query::Near(a, b, _) => [a, b].into_iter().for_each(|part| collect_literals(part, literals)),
        Query::Within(_, part) => collect_literals(part, literals),
        Query::Not(_) | Query::Filter(_) | Query::Amount(_) | Query::Regex(_) => {}
    }
}

/// What a question is about: the term by any of its names or, if it is of several words, these by any of theirs, wherever they
/// stand. 典型村 is not 典型 and 村 somewhere.
fn together_or_apart(topic: &str, synonyms: &Synonyms, frequency: impl Fn(&str) -> u64) -> Query {
    let term = synonyms.any_name(topic);
    let words = words_of(topic, frequency);
    match words.len() > 1 && words.iter().all(|word| word.chars().nth(1).is_some()) {
        true => Query::Or(vec![term, Query::And(words.iter().map(|word| synonyms.any_name(word)).collect())]),
        false => term,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn question(query: &str) -> Question {
        let words = ["地区", "生产总值", "目标", "出口", "政策", "市场主体"];
        let frequency = |word: &str| words.contains(&word) as u64 * 9;
        Question::new(&query.parse().unwrap(), &Synonyms::shipped(), &Known::for_tests(), frequency).unwrap()
    }

    #[test]
    fn a_year_and_a_part_are_preferences_and_the_topic_has_other_names() {
        let question = question("2025年gdp目标");
        assert_eq!((question.prefers.years.as_slice(), question.role), (&[2025][..], Some(Role::Targets)));
        assert!(question.may_loosen);
        let topics: Vec<&str> = question.words.iter().filter(|word| word.is_topic).map(|word| &*word.text).collect();
        assert_eq!(topics, ["gdp", "地区", "生产总值", "国", "内"]);
    }

    #[test]
    fn what_asks_for_a_meaning_prefers_the_notes() {
        for text in [
            "港税是什么意思", "什么是港税", "什么叫港税", "港税指什么", "港税 什么意思", "港税的定义", "港税概念",
            "港税含义是什么",
        ] {
            let asked = question(text);
            assert_eq!((asked.role, asked.plain.concat()), (Some(Role::Glossary), "港税".to_string()), "{text}");
        }
        let keywords = question("港税 核心内涵");
        assert_eq!((keywords.role, keywords.plain.concat()), (None, "港税核心内涵".to_string()));
    }

    #[test]
    fn a_place_is_understood_only_if_some_document_is_from_it() {
        let asked = question("广东有多少港口");
        assert_eq!((asked.prefers.places, asked.plain), (vec!["广东".to_string()], vec!["港口".to_string()]));
        assert_eq!(asked.asked.concat(), "有多少港口", "what its report is of counts once");
        let other = question("河南有多少港口");
        assert!(other.prefers.places.is_empty() && other.plain.concat() == "河南有港口");
        assert_eq!(other.all.to_string(), "\"河南\" \"港口\"");
    }

    #[test]
    fn interrogatives_count_half() {
        let question = question("出口有哪些政策？");
        let weight = |text: &str| question.words.iter().find(|word| word.text == text).map(|word| word.weight);
        assert_eq!([weight("出口"), weight("政策"), weight("哪")], [Some(1.0), Some(1.0), Some(0.5)]);
    }

    #[test]
    fn what_is_asked_about_is_told_from_who_says_it_and_when() {
        let year = |year: u16, last: char| {
            let (names, next) = (format!("\"二〇二{last}年\" OR \"二零二{last}年\""), year + 1);
            format!("\"{year}年\" OR {names} OR year:{year} OR year:{next} (part:回顾 OR part:问题)")
        };
        for (query, all) in [
            ("哪些省提到低空经济", "\"低空经济\""),
            ("有哪些省份提出了港长制", "\"港长制\""),
            ("哪些省的港税目标", "\"港税\""),
            ("去年出口多少", "\"出口\""),
            (
                "gdp出口目标",
                "(\"gdp出口\" OR (\"gdp\" OR \"地区生产总值\" OR \"国内生产总值\" OR \"生产总值\") \"出口\")",
            ),
            ("哪些市场主体", "\"市场主体\""),
            ("哪一年取消港税", "\"取消港税\""),
            ("广东港口", "\"港口\" (\"广东\" OR place:广东)"),
            ("2024年和2025年赤字率", &format!("\"赤字率\" ({} OR {})", year(2024, '四'), year(2025, '五'))),
            ("二〇二五年赤字率", &format!("\"赤字率\" ({})", year(2025, '五'))),
            ("港口？", "\"港口\""),
            ("2025年赤字率", &format!("\"赤字率\" ({})", year(2025, '五'))),
            (
                "广东2025年目标",
                &format!("(\"目标\" part:目标 OR part:目标) (\"广东\" OR place:广东) ({})", year(2025, '五')),
            ),
            ("港口经营许可几年", "\"港口经营许可\""),
            ("港口经营许可多少年到期", "\"港口经营许可\" \"到期\""),
            ("24年赤字率", &format!("\"赤字率\" ({})", year(2024, '四'))),
            ("广东25年赤字率", &format!("\"赤字率\" (\"广东\" OR place:广东) ({})", year(2025, '五'))),
            ("2025年度赤字率", &format!("\"赤字率\" ({})", year(2025, '五'))),
            ("典型村，港长制", "\"典型村\" \"港长制\""),
            ("出口政策和港长制", "(\"出口政策\" OR \"出口\" \"政策\") \"港长制\""),
            ("典型村 / 港长制；", "\"典型村\" \"港长制\""),
            ("各省 港口", "\"港口\""),
            ("各省的港口", "\"港口\""),
            ("哪些省 哪些市", "(哪些省 哪些市)"),
            ("固投目标", "(\"固投\" OR \"固定资产投资\")"),
            ("什么是目标", "\"目标\""),
            ("港口法对引航有什么规定", "\"引航\" (\"港口法\" OR title:港口法)"),
            ("引航在《港口法》里怎么规定", "\"引航\" (\"港口法\" OR title:港口法)"),
            ("陈港长 引航", "\"引航\" (\"陈港长\" OR speaker:陈港长)"),
            ("中华人民共和国港口法", "(\"中华人民共和国港口法\" OR title:中华人民共和国港口法)"),
            ("出口政策目标 year:2025", "(\"出口政策\" OR \"出口\" \"政策\") year:2025"),
        ] {
            let question = question(query);
            assert!(question.may_loosen, "{query}");
            assert_eq!(question.all.to_string(), all, "{query}");
        }
    }

    #[test]
    fn the_name_of_a_part_is_a_word_where_no_part_is_known() {
        let mut known = Known::for_tests();
        known.parts = false;
        let asked = Question::new(&"2025年出口目标".parse().unwrap(), &Synonyms::shipped(), &known, |_| 0).unwrap();
        assert_eq!((asked.role, asked.plain), (None, vec!["出口目标".to_string()]));
    }

    #[test]
    fn a_term_is_no_question() {
        for term in
            ["十五五", "2025年", "2025年底", "2025年1月", "港长制", "典型村", "广东", "目标", "任何地区", "村、镇"]
        {
            assert!(!question(term).may_loosen, "{term}");
        }
    }
}
