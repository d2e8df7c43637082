//! Sets two reports side by side, sentence by sentence: what is new, what is gone, what was reworded and how; with the terms
//! that came and went, and the figures of both. Equal sentences are paired first, then the most alike ones.

use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap, HashSet};

use serde::Serialize;

use crate::compare::cite::{Piece, pieces};
use crate::compare::grams::{bigrams, changes, likeness};
use crate::document::{Document, Role, ancestors, heading_path};
use crate::fold::fold;
use crate::parse::lines::one_line;
use crate::parse::marks::is_ideograph;
use crate::rank::results::{DocumentInfo, RESULTS_SCHEMA};
use crate::targets::figure::Figure;
use crate::targets::indicators::Indicators;
use crate::targets::sentences::{Sentence, sentences};
use crate::targets::targets;
use crate::words::Cutter;
use crate::words::path::Scratch;
use crate::words::quoted::quoted;

/// So many headings, from the outermost on, name a section.
const NAMING: usize = 2;

/// What ends a sentence that a heading does not end with.
const ENDS: [char; 4] = ['。', '；', '！', '？'];

/// Two sentences that share less than this of their characters, in order, are not one reworded.
const REWORDED: f64 = 0.6;

/// Two headings that share less than this are not one renamed.
const RENAMED: f64 = 0.45;

/// A shorter sentence, in folded characters, says too little to be recognised in other words.
const SHORT: usize = 8;

/// A word must stand so often in one report, and never in the other, to be told; a quoted term but once.
const OFTEN: usize = 3;

/// Two reports side by side.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct Difference {
    /// The name and version of this form of answer.
    pub schema: &'static str,
    /// The earlier one.
    pub old: DocumentInfo,
    /// The later one.
    pub new: DocumentInfo,
    /// Sentences that stand in both.
    pub same: usize,
    /// The sections of the later report, with what changed; those of the earlier one that have no counterpart come last.
    pub sections: Vec<SectionChange>,
    /// Terms of the later report that the earlier one has not, the most frequent first.
    pub new_terms: Vec<Term>,
    /// The other way round.
    pub gone_terms: Vec<Term>,
    /// The figures of both by indicator.
    pub figures: Vec<FigureChange>,
}

/// What changed in a section.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct SectionChange {
    /// Its heading in the earlier report; `None` if it is new.
    pub old: Option<String>,
    /// Its heading in the later report; `None` if it is gone.
    pub new: Option<String>,
    /// Sentences that stand in both.
    pub same: usize,
    /// What changed, in the order of the later report, what is gone behind it in that of the earlier.
    pub changes: Vec<SentenceChange>,
}

/// A sentence that is new, gone or reworded.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct SentenceChange {
    /// What became of it.
    pub kind: SentenceKind,
    /// The line in the earlier report, from 1.
    pub old_line: Option<u32>,
    /// The line in the later report, from 1.
    pub new_line: Option<u32>,
    /// The sentence, as the later report has it, or the earlier one if it is gone.
    pub text: String,
    /// Of a reworded one what changed.
    pub pieces: Vec<Piece>,
}

/// What became of a sentence.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum SentenceKind {
    /// It stands only in the later report.
    New,
    /// It stands only in the earlier one.
    Gone,
    /// It stands in both with other words.
    Reworded,
}

/// A term and how often it stands in its report.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Term {
    /// The term.
    pub text: String,
    /// Occurrences.
    pub count: usize,
    /// Whether it stands in quotes: such are the names of policies.
    pub is_quoted: bool,
}

/// What two reports say of an indicator in one role.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[non_exhaustive]
pub struct FigureChange {
    /// The indicator.
    pub indicator: String,
    /// The earlier report's figures.
    pub old: Vec<Figure>,
    /// The later report's.
    pub new: Vec<Figure>,
}

/// A sentence ready to be compared.
struct Said {
    text: String,
    /// As it is compared: folded.
    chars: Vec<char>,
    line: u32,
    /// The headings above it that name a section.
    section: String,
    /// It looks back: what was done is no new wording of what shall be.
    is_review: bool,
}

/// Compares `old` with `new`. Cost: some tens of milliseconds for reports of 20,000 characters; of texts in many sections a look
/// at each pair of headings that stand in one of them only.
pub fn difference(old: &Document, new: &Document, indicators: &Indicators) -> Difference {
    let (before, after) = (said(old), said(new));
    let pairs = pairs(&before, &after);
    let mut sections = changed(&before, &after, &pairs);
    let same = sections.iter().map(|section| section.same).sum();
    sections.retain(|section| section.same > 0 || !section.changes.is_empty());
    let (old_terms, new_terms) = (terms(old), terms(new));
    Difference {
        schema: RESULTS_SCHEMA,
        old: DocumentInfo::of(old),
        new: DocumentInfo::of(new),
        same,
        sections,
        new_terms: without(&new_terms, &old.text),
        gone_terms: without(&old_terms, &new.text),
        figures: figures(old, new, indicators),
    }
}

/// The sections of two reports, by what names those that became each other.
#[derive(Default)]
struct Sections {
    list: Vec<SectionChange>,
    at: HashMap<String, usize>,
}

impl Sections {
    fn named(&mut self, name: &str, new: impl FnOnce() -> SectionChange) -> &mut SectionChange {
        let next = self.list.len();
        let at = *self.at.entry(name.to_string()).or_insert(next);
        if at == next {
            self.list.push(new());
        }
        &mut self.list[at]
    }
}

/// What became of the sentences of `before` and `after`, some of which are `pairs`, section by section.
fn changed(before: &[Said], after: &[Said], pairs: &[(usize, usize)]) -> Vec<SectionChange> {
    let partners: HashMap<usize, usize> = pairs.iter().map(|&(old, new)| (new, old)).collect();
    let kept: HashSet<usize> = pairs.iter().map(|pair| pair.0).collect();
    let counterpart = counterparts(before, after, pairs);
    let names: HashMap<&String, &String> = counterpart.iter().map(|(old, new)| (new, old)).collect();
    let empty = |old: Option<&String>, new: Option<&String>| SectionChange {
        old: old.cloned(),
        new: new.cloned(),
        same: 0,
        changes: Vec::new(),
    };
    let mut sections = Sections::default();
    for (number, one) in after.iter().enumerate() {
        let old_name = names.get(&one.section).copied();
        let section = sections.named(&one.section, || empty(old_name, Some(&one.section)));
        let change = |kind, old: Option<&Said>, pieces| SentenceChange {
            kind,
            old_line: old.map(|old| old.line),
            new_line: Some(one.line),
            text: one.text.clone(),
            pieces,
        };
        match partners.get(&number).map(|&old| &before[old]) {
            Some(old) if old.chars == one.chars => section.same += 1,
            Some(old) => {
                let (was, is): (Vec<char>, Vec<char>) = (old.text.chars().collect(), one.text.chars().collect());
                let pieces = pieces(&changes(&was, &is), &was, &is);
                section.changes.push(change(SentenceKind::Reworded, Some(old), pieces));
            }
            None => section.changes.push(change(SentenceKind::New, None, Vec::new())),
        }
    }
    for (_, one) in before.iter().enumerate().filter(|(number, _)| !kept.contains(number)) {
        // one that has no counterpart may have the name of another
        let name = counterpart.get(&one.section).cloned().unwrap_or_else(|| format!("\0{}", one.section));
        let section = sections.named(&name, || empty(Some(&one.section), None));
        section.changes.push(SentenceChange {
            kind: SentenceKind::Gone,
            old_line: Some(one.line),
            new_line: None,
            text: one.text.clone(),
            pieces: Vec::new(),
        });
    }
    sections.list
}

fn said(document: &Document) -> Vec<Said> {
    let (mut front, mut list) = (Vec::new(), Vec::new());
    let found = sentences(document);
    let names = names(document, &found);
    for (sentence, is_name) in found.iter().zip(names) {
        let text = one_line(&document.text[sentence.range.clone()]);
        // what ends without a mark before the first sentence is the title block
        let is_front = sentence.section.is_none() && list.is_empty() && !text.ends_with(ENDS);
        if is_name == Some(true) {
            continue;
        }
        let mut path = heading_path(&document.sections, sentence.section);
        // a heading with nothing below it is a sentence of the section that it stands in
        path.truncate(if is_name.is_some() && path.len() <= NAMING { path.len() - 1 } else { NAMING });
        let section = path.join(" › ");
        let is_review = sentence.role == Some(Role::Review);
        let chars = fold(&text).text.chars().collect();
        let said = if is_front { &mut front } else { &mut list };
        said.push(Said { chars, text, line: sentence.line, section, is_review });
    }
    // with nothing behind it, it is the text
    if list.is_empty() { front } else { list }
}

/// Which of the sentences are headings, and of these whether they are compared as the name of the section that they open: those of
/// the levels that name one, if anything stands below them.
fn names(document: &Document, found: &[Sentence]) -> Vec<Option<bool>> {
    let bare = |text: &str| fold(text.trim_end_matches(['。', '：', '；'])).text;
    let is_heading = |sentence: &Sentence| {
        let text = one_line(&document.text[sentence.range.clone()]);
        let heading = sentence.section.and_then(|section| document.sections.get(section as usize));
        // a sentence that a paragraph begins with says more than what the section is about
        !text.ends_with(ENDS) && heading.is_some_and(|one| bare(&one.heading.to_string()) == bare(&text))
    };
    let mut named: HashSet<u32> = HashSet::new();
    let mut names = Vec::with_capacity(found.len());
    // from the last, so that what stands below a heading is known
    for sentence in found.iter().rev() {
        let above = || ancestors(&document.sections, sentence.section);
        let is_name = is_heading(sentence)
            .then(|| above().count() <= NAMING && sentence.section.is_some_and(|section| named.contains(&section)));
        named.extend(above().skip(is_name.is_some() as usize));
        names.push(is_name);
    }
    names.reverse();
    names
}

/// Which sentence of the first became which of the second: equal ones in order, then the most alike first.
fn pairs(before: &[Said], after: &[Said]) -> Vec<(usize, usize)> {
    let mut free: HashMap<&[char], Vec<usize>> = HashMap::new();
    for (number, one) in before.iter().enumerate().rev() {
        free.entry(&one.chars).or_default().push(number);
    }
    let mut pairs = Vec::new();
    let (mut used_old, mut used_new) = (HashSet::new(), HashSet::new());
    for (number, one) in after.iter().enumerate() {
        if let Some(old) = free.get_mut(one.chars.as_slice()).and_then(Vec::pop) {
            pairs.push((old, number));
            used_old.insert(old);
            used_new.insert(number);
        }
    }
    // sentences that share pairs of characters are candidates
    let mut holding: HashMap<[char; 2], Vec<usize>> = HashMap::new();
    for (number, one) in
        before.iter().enumerate().filter(|(number, one)| !used_old.contains(number) && one.chars.len() >= SHORT)
    {
        let bigrams = bigrams(&one.chars);
        bigrams.into_iter().for_each(|pair| holding.entry(pair).or_default().push(number));
    }
    let mut alike: Vec<(f64, usize, usize)> = Vec::new();
    for (number, one) in
        after.iter().enumerate().filter(|(number, one)| !used_new.contains(number) && one.chars.len() >= SHORT)
    {
        let bigrams = bigrams(&one.chars);
        let mut shared: HashMap<usize, usize> = HashMap::new();
        for old in bigrams.iter().filter_map(|pair| holding.get(pair)).flatten() {
            *shared.entry(*old).or_default() += 1;
        }
        for (old, shared) in shared {
            // a third of the pairs of the shorter one, or it can hardly be reworded
            let shorter = before[old].chars.len().min(one.chars.len());
            if shared * 3 >= shorter && before[old].is_review == one.is_review {
                let alike_by = likeness(&changes(&before[old].chars, &one.chars));
                alike.extend((alike_by >= REWORDED).then_some((alike_by, old, number)));
            }
        }
    }
    alike.sort_by(|a, b| b.0.total_cmp(&a.0).then((a.2, a.1).cmp(&(b.2, b.1))));
    for (_, old, new) in alike {
        if !used_old.contains(&old) && !used_new.contains(&new) {
            used_old.insert(old);
            used_new.insert(new);
            pairs.push((old, new));
        }
    }
    pairs
}

/// Which section of the second each one of the first became: by the sentences they share and by their headings. One whose
/// heading stands in both was not renamed.
fn counterparts(before: &[Said], after: &[Said], pairs: &[(usize, usize)]) -> HashMap<String, String> {
    let names = |list: &[Said]| list.iter().map(|one| (one.section.clone(), one.is_review)).collect::<BTreeSet<_>>();
    let (old_names, new_names) = (names(before), names(after));
    let mut scores: HashMap<(String, String), f64> = HashMap::new();
    for &(old, new) in pairs {
        *scores.entry((before[old].section.clone(), after[new].section.clone())).or_default() += 1.0;
    }
    for (name, _) in old_names.intersection(&new_names) {
        *scores.entry((name.clone(), name.clone())).or_default() += 4.0;
    }
    let (gone, come) = (headings(old_names.difference(&new_names)), headings(new_names.difference(&old_names)));
    for old in &gone {
        for new in come.iter().filter(|new| old.is_review == new.is_review && old.can_be(new)) {
            let alike = likeness(&changes(&old.chars, &new.chars));
            if alike >= RENAMED {
                *scores.entry((old.name.clone(), new.name.clone())).or_default() += 4.0 * alike;
            }
        }
    }
    let mut scores: Vec<((String, String), f64)> = scores.into_iter().collect();
    scores.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(&b.0)));
    let (mut taken, mut counterpart) = (HashSet::new(), HashMap::new());
    for ((old, new), _) in scores {
        if !counterpart.contains_key(&old) && taken.insert(new.clone()) {
            counterpart.insert(old, new);
        }
    }
    counterpart
}

/// The name of a section, ready to be compared.
struct Heading<'n> {
    name: &'n String,
    is_review: bool,
    /// Folded.
    chars: Vec<char>,
    /// The same in their order.
    sorted: Vec<char>,
}

fn headings<'n>(names: impl Iterator<Item = &'n (String, bool)>) -> Vec<Heading<'n>> {
    let heading = |(name, is_review): &'n (String, bool)| {
        let chars: Vec<char> = fold(name).text.chars().collect();
        let mut sorted = chars.clone();
        sorted.sort_unstable();
        Heading { name, is_review: *is_review, chars, sorted }
    };
    names.map(heading).collect()
}

impl Heading<'_> {
    /// Whether both share so many characters, in whatever order, that one can be the other renamed.
    fn can_be(&self, other: &Heading) -> bool {
        let (mut shared, mut rest) = (0, other.sorted.as_slice());
        for c in &self.sorted {
            let skip = rest.iter().take_while(|other| *other < c).count();
            rest = &rest[skip..];
            if rest.first() == Some(c) {
                shared += 1;
                rest = &rest[1..];
            }
        }
        (2 * shared) as f64 >= RENAMED * (self.sorted.len() + other.sorted.len()) as f64
    }
}

/// The quoted terms of a document and its words of two characters and more, with how often they stand.
fn terms(document: &Document) -> Vec<Term> {
    let mut terms: HashMap<String, usize> = HashMap::new();
    for term in quoted(&document.text) {
        *terms.entry(term.to_string()).or_default() += 1;
    }
    let mut words: HashMap<String, usize> = HashMap::new();
    let folded = fold(&document.text);
    Cutter::new().outer(&folded, &mut Scratch::default(), |range| {
        let word = &folded.text[range];
        let is_word = word.chars().nth(1).is_some() && word.chars().all(is_ideograph);
        if is_word {
            *words.entry(word.to_string()).or_default() += 1;
        }
    });
    words.retain(|word, count| *count >= OFTEN && !terms.contains_key(word));
    let term = |is_quoted| move |(text, count): (String, usize)| Term { text, count, is_quoted };
    terms.into_iter().map(term(true)).chain(words.into_iter().map(term(false))).collect()
}

/// Those of the terms that do not stand in `other`, quoted ones first, then the most frequent.
fn without(terms: &[Term], other: &str) -> Vec<Term> {
    let other = fold(other).text;
    let mut list: Vec<Term> = terms.iter().filter(|term| !other.contains(&fold(&term.text).text)).cloned().collect();
    list.sort_by(|a, b| {
        (Reverse(a.is_quoted), Reverse(a.count), &a.text).cmp(&(Reverse(b.is_quoted), Reverse(b.count), &b.text))
    });
    list
}

fn figures(old: &Document, new: &Document, indicators: &Indicators) -> Vec<FigureChange> {
    let (before, after) = (targets(old, indicators, false).figures, targets(new, indicators, false).figures);
    let of = |figures: &[Figure], name: &str| {
        figures.iter().filter(|one| one.indicator == name && one.from.is_none()).cloned().collect::<Vec<_>>()
    };
    let changes = indicators.names().map(|name| FigureChange {
        indicator: name.to_string(),
        old: of(&before, name),
        new: of(&after, name),
    });
    changes.filter(|change| !change.old.is_empty() || !change.new.is_empty()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn laws_of_thousands_of_articles_are_compared_heading_by_heading() {
        let number = |at: usize| {
            let digit = |c: char| "〇一二三四五六七八九".chars().nth(c as usize - '0' as usize).unwrap();
            at.to_string().chars().map(digit).collect::<String>()
        };
        let law = |last: &str| {
            let article = |at| format!("第{0}条　第{0}种物由权利人依法登记。\n", number(at));
            let articles: String = (1..=2_600).map(article).collect();
            let last = format!("第二章　{last}\n第{}条　本法施行。\n", number(2_601));
            Document::from_text("a.txt", format!("某法\n\n第一章　总则\n{articles}{last}"))
        };
        let (old, new) = (law("附则"), law("附则规定"));
        let found = difference(&old, &new, &Indicators::shipped());
        assert_eq!((found.same, found.sections.len()), (2_601, 2_601));
        let renamed = found.sections.last().unwrap();
        assert_eq!(
            (renamed.old.as_deref(), renamed.new.as_deref()),
            (Some("第二章附则 › 第二六〇一条"), Some("第二章附则规定 › 第二六〇一条"))
        );
    }

    #[test]
    fn a_text_without_a_closing_mark_is_no_title_block() {
        let [old, new] = ["甲镇种植番薯一万亩", "甲镇种植番薯两万亩"].map(|text| Document::from_text("a.txt", text));
        let found = difference(&old, &new, &Indicators::shipped());
        assert_eq!((found.same, found.sections.len()), (0, 1));
        assert_eq!(found.sections[0].changes[0].kind, SentenceKind::Reworded);
    }

    #[test]
    fn sentences_new_gone_and_reworded() {
        let report = |body: &str| Document::from_text("a.txt", format!("某镇政府工作报告\n\n一、重点工作\n{body}\n"));
        let old = report("压实“港长制”和“河长制”工作责任。清理滩涂垃圾十三吨。种植树木一万株。");
        let new = report("压实“港长制”和“林长制”工作责任。清理滩涂垃圾十三吨。发展番薯产业园区。");
        let found = difference(&old, &new, &Indicators::shipped());
        assert_eq!((found.same, found.sections.len()), (1, 1));
        let kinds: Vec<(SentenceKind, &str)> =
            found.sections[0].changes.iter().map(|change| (change.kind, change.text.as_str())).collect();
        assert_eq!(
            kinds,
            [
                (SentenceKind::Reworded, "压实“港长制”和“林长制”工作责任。"),
                (SentenceKind::New, "发展番薯产业园区。"),
                (SentenceKind::Gone, "种植树木一万株。"),
            ]
        );
        let terms = |list: &[Term]| list.iter().map(|term| term.text.clone()).collect::<Vec<_>>();
        assert_eq!((terms(&found.new_terms), terms(&found.gone_terms)), (vec!["林长制".into()], vec!["河长制".into()]));
        let longer = report("落实三中全会精神，学习三中全会公报，宣传三中全会部署。");
        let found = difference(&old, &longer, &Indicators::shipped());
        assert_eq!(terms(&found.new_terms), ["三中全会"], "三中 and 全会 stand inside it");
    }
}
