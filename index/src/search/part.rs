//! The part of an [`Archive`] that a query needs, as an index in memory. What is fetched is a superset: all passages
//! that match, and whatever else the archive gives with them. So the part answers as one of the whole archive would, by
//! the same code, and what ranks by the whole is asked of the archive.

use std::ops::RangeInclusive;
use std::sync::Arc;

use crate::error::Result;
use crate::fold::fold;
use crate::query::Query;
use crate::query::archive::{Archive, Description, Wanted, Whole};
use crate::query::known::Known;
use crate::query::question::Question;
use crate::query::synonyms::Synonyms;
use crate::rank::DEPTH;
use crate::rank::results::{Options, Tier};
use crate::rank::snapshot::Snapshot;
use crate::store::excerpt::{Excerpt, Excerpts};
use crate::words::LONGEST_WORD;

/// What is to be answered.
#[derive(Clone, Copy)]
pub(crate) enum Need<'q> {
    Search(&'q Query, &'q Options),
    /// What a query matches as it was typed.
    Count(&'q Query),
    /// The same with its paragraphs.
    Concordance(&'q Query),
    /// What the strongest reading of a query matches.
    Facets(&'q Query, &'q Synonyms),
    /// A document by its id.
    Document(&'q str),
    Everything,
}

/// What it takes to answer all of the `needs` as the archive would be answered for. Cost: fetches all passages that
/// match, and for a search that falls back to words the best by words; cuts their words.
pub(crate) fn part_of(archive: Arc<dyn Archive>, needs: &[Need<'_>]) -> Result<Arc<Snapshot>> {
    let whole = Arc::new(Whole::new(archive)?);
    let mut part = Part { whole, excerpts: Excerpts::default(), snapshot: None };
    needs.iter().try_for_each(|need| part.meet(need))?;
    part.snapshot()
}

struct Part {
    whole: Arc<Whole>,
    excerpts: Excerpts,
    /// Of all that was taken in, if nothing came since it was made.
    snapshot: Option<Arc<Snapshot>>,
}

impl Part {
    fn meet(&mut self, need: &Need<'_>) -> Result<()> {
        match *need {
            Need::Search(query, options) => self.search(query, options),
            Need::Facets(query, synonyms) => self.read(query, synonyms, false).map(drop),
            Need::Count(query) => self.hold(query, false),
            Need::Everything => self.hold(&Query::everything(), false),
            Need::Concordance(query) => self.hold(query, true),
            Need::Document(id) => {
                let excerpts = self.whole.archive.document(id)?;
                self.take(excerpts);
                Ok(())
            }
        }
    }

    fn take(&mut self, excerpts: Vec<Excerpt>) {
        for excerpt in excerpts {
            if self.excerpts.insert(excerpt) {
                self.snapshot = None;
            }
        }
    }

    fn hold(&mut self, query: &Query, whole_paragraphs: bool) -> Result<()> {
        let excerpts = self.whole.archive.matching(query, whole_paragraphs)?;
        self.take(excerpts);
        Ok(())
    }

    fn snapshot(&mut self) -> Result<Arc<Snapshot>> {
        if let Some(snapshot) = &self.snapshot {
            return Ok(snapshot.clone());
        }
        let snapshot = Arc::new(Snapshot::in_memory(self.excerpts.documents(), Some(self.whole.clone()))?);
        Ok(self.snapshot.insert(snapshot).clone())
    }

    /// What `Snapshot::search` reads, in its order.
    fn search(&mut self, query: &Query, options: &Options) -> Result<()> {
        match self.read(query, &options.synonyms, options.weaker)? {
            Some(question) => self.best(&question, options.offset.saturating_add(options.limit).max(DEPTH)),
            None => Ok(()),
        }
    }

    /// What `Snapshot::reading` reads, in its order. Gives the question of which some words are to be looked for: because weaker
    /// answers are wanted, or because no reading finds anything.
    fn read(&mut self, query: &Query, synonyms: &Synonyms, weaker: bool) -> Result<Option<Question>> {
        self.hold(&synonyms.widen(query).unwrap_or_else(|| query.clone()), false)?;
        if !weaker && self.snapshot()?.read_literally(query, synonyms)?.finds() {
            return Ok(None);
        }
        let question = self.question(query, synonyms)?.filter(|question| weaker || question.may_loosen);
        if !weaker && let Some(question) = &question {
            self.hold(&question.all, false)?;
            if self.snapshot()?.read(&question.all, Tier::All)?.finds() {
                return Ok(None);
            }
        }
        Ok(question)
    }

    fn question(&mut self, query: &Query, synonyms: &Synonyms) -> Result<Option<Question>> {
        let mut texts = Vec::new();
        bare_texts(query, &mut texts);
        let words: Vec<&str> = texts.iter().flat_map(|text| substrings(text, 1..=LONGEST_WORD)).collect();
        self.whole.learn_words(&words)?;
        let snapshot = self.snapshot()?;
        snapshot.settled(snapshot.question(query, synonyms)?)
    }

    /// Fetches the best passages by the words of a question, and the best of the documents that it prefers.
    fn best(&mut self, question: &Question, count: usize) -> Result<()> {
        let pairs = question.text.iter().chain(&question.plain).flat_map(|text| substrings(text, 2..=2));
        self.whole.learn_texts(&pairs.collect::<Vec<_>>())?;
        let words = question.words.iter().map(|word| (word.text.as_str(), word.weight)).collect();
        let topics: Vec<&str> =
            question.words.iter().filter(|word| word.is_topic).map(|word| word.text.as_str()).collect();
        let says_something = !topics.is_empty();
        let wanted = Wanted { words, topics, limits: &question.limits, descriptions: &[], count };
        if says_something {
            let best = self.whole.archive.best(&wanted)?;
            self.take(best);
        }
        if let Some(holding) = question.holding_a_term() {
            self.hold(&holding, false)?;
        }
        if says_something && !question.prefers.is_empty() && question.limits.is_empty() {
            let all = self.whole.archive.descriptions()?;
            let preferred = Known::of(&all).preferred(&question.prefers);
            let descriptions: Vec<Description> = preferred.iter().map(|&(_, at)| all[at as usize].clone()).collect();
            if !descriptions.is_empty() {
                let best = self.whole.archive.best(&Wanted { descriptions: &descriptions, count: DEPTH, ..wanted })?;
                self.take(best);
            }
        }
        Ok(())
    }
}

/// The bare texts of a query, folded.
fn bare_texts(query: &Query, texts: &mut Vec<String>) {
    match query {
        Query::And(parts) => parts.iter().for_each(|part| bare_texts(part, texts)),
        Query::Text(text) | Query::Phrase(text) => texts.push(fold(text).text),
        _ => {}
    }
}

/// All stretches of a text with so many characters.
fn substrings(text: &str, characters: RangeInclusive<usize>) -> impl Iterator<Item = &str> {
    let bounds: Vec<usize> = text.char_indices().map(|(at, _)| at).chain([text.len()]).collect();
    characters.flat_map(move |count| {
        bounds.windows(count + 1).map(|range| &text[range[0]..range[range.len() - 1]]).collect::<Vec<_>>()
    })
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::document::{Document, DocumentEntry, Level, Status};
    use crate::error::{Error, Kind};
    use crate::query::archive::Extent;
    use crate::rank::results::Results;
    use crate::store::excerpt::Analyzed;
    use crate::words::Cutter;

    /// An archive in memory that finds slowly: by looking at every passage.
    struct Slow {
        passages: Vec<Analyzed>,
        described: Vec<Description>,
    }

    impl Slow {
        fn of(documents: &[Document]) -> Slow {
            let (mut passages, cutter) = (Vec::new(), Cutter::new());
            documents.iter().for_each(|document| cutter.analyze(document, |analyzed| passages.push(analyzed)));
            Slow { passages, described: documents.iter().map(|document| Description::of(&document.meta)).collect() }
        }

        fn count(&self, holds: impl Fn(&Analyzed) -> bool) -> u64 {
            self.passages.iter().filter(|passage| holds(passage)).count() as u64
        }

        fn paragraph(&self, of: &Excerpt) -> impl Iterator<Item = &Analyzed> {
            let key = (of.document.clone(), of.paragraph);
            self.passages
                .iter()
                .filter(move |other| other.excerpt.document == key.0 && other.excerpt.paragraph == key.1)
        }
    }

    /// Whether a passage may match, as an engine would tell that knows characters only.
    fn may_match(passage: &Analyzed, query: &Query) -> bool {
        match query {
            Query::And(parts) => parts.iter().all(|part| may_match(passage, part)),
            Query::Or(parts) => parts.iter().any(|part| may_match(passage, part)),
            Query::Text(text) | Query::Phrase(text) => {
                (passage.folded.clone() + &passage.behind).contains(&fold(text).text)
            }
            _ => true,
        }
    }

    impl Archive for Slow {
        fn documents(&self) -> Result<Vec<DocumentEntry>> {
            Ok(Vec::new())
        }

        fn note(&self) -> Result<String> {
            Ok(String::new())
        }

        fn status(&self) -> Result<Status> {
            Err(Error::new(Kind::Io, "no part is made from what this tells"))
        }

        fn extent(&self) -> Result<Extent> {
            let sum = |of: fn(&Analyzed) -> usize| self.passages.iter().map(of).sum::<usize>() as u64;
            Ok(Extent {
                passages: self.passages.len() as u64,
                words: sum(|passage| passage.words.len()),
                characters: sum(|passage| passage.folded.chars().count()),
                code_bytes: sum(|passage| passage.code_bytes as usize),
                has_parts: self.passages.iter().any(|passage| passage.excerpt.role.is_some()),
            })
        }

        fn descriptions(&self) -> Result<Vec<Description>> {
            Ok(self.described.clone())
        }

        fn word_frequencies(&self, words: &[&str]) -> Result<Vec<u64>> {
            let holds = |word: &&str| self.count(|passage| passage.words.iter().any(|own| own == word));
            Ok(words.iter().map(holds).collect())
        }

        fn text_frequencies(&self, texts: &[&str]) -> Result<Vec<u64>> {
            let begins = |text: &str, passage: &Analyzed| {
                let at = (passage.folded.clone() + &passage.behind).find(text);
                at.is_some_and(|at| at < passage.folded.len())
            };
            Ok(texts.iter().map(|text| self.count(|passage| begins(text, passage))).collect())
        }

        fn matching(&self, query: &Query, _: bool) -> Result<Vec<Excerpt>> {
            let found = self.passages.iter().filter(|passage| may_match(passage, query));
            let found = found.flat_map(|passage| self.paragraph(&passage.excerpt));
            Ok(found.map(|passage| passage.excerpt.clone()).collect())
        }

        fn best(&self, wanted: &Wanted<'_>) -> Result<Vec<Excerpt>> {
            let holds =
                |passage: &&Analyzed| wanted.words.iter().any(|(word, _)| passage.words.iter().any(|own| own == word));
            Ok(self.passages.iter().filter(holds).map(|passage| passage.excerpt.clone()).collect())
        }

        fn document(&self, id: &str) -> Result<Vec<Excerpt>> {
            let own = self.passages.iter().filter(|passage| passage.excerpt.document == id);
            Ok(own.map(|passage| passage.excerpt.clone()).collect())
        }
    }

    fn documents() -> Vec<Document> {
        let report = |name: &str, text: &str| Document::from_text(name, text);
        let town = include_str!("../../../corpus/港门镇政府工作报告_2025.txt");
        let mut national = report("c.txt", "政府工作报告\n\n一、回顾\n生态持续向好。\n\n二、目标\n增长5%左右。\n");
        national.meta.level = Some(Level::Nation);
        vec![
            national,
            report("广东省湛江市/港门镇_2025.txt", town),
            report("广东省/雷州市_2024.txt", &town.replace("港", "雷").replace("番薯", "菠萝")),
            report(
                "b.txt",
                "某省政府工作报告\n\n一、回顾\n生态持续向好，压实河长制。推进港长\n制改革。\n\n二、目标\n增长5%，新建道路2.5万米。\n",
            ),
        ]
    }

    const QUERIES: [&str; 25] = [
        "gdp",
        "压实林长制全方位生态保护体系河长制构建",
        "典型村",
        "港长制",
        "港长制改革",
        "雷长制 生态",
        "村 -示范",
        "菠萝 | 番薯",
        "番薯种植面积是多少",
        "2025年目标",
        "广东有哪些产业",
        "全国生态",
        "十五五",
        "党建引领基层治理提升群众幸福感的做法",
        "段:(生态 滩涂)",
        "句:(河长 港长)",
        "'港长制'",
        "/[0-9]+吨/",
        "num:1万..5万",
        "村 NEAR/8 典型",
        "year:2024",
        "part:目标",
        "place:湛江 村",
        "heading:回顾 生态",
        "-村 year:2025",
    ];

    /// What must be the same.
    fn essence(results: &Results) -> (String, Vec<String>) {
        let hits = results.hits.iter();
        let hits = hits.map(|hit| format!("{} {:?} {} {:?} {:?}", hit.id, hit.tier, hit.line, hit.path, hit.snippet));
        (format!("{:?}", results.total), hits.collect())
    }

    fn assert_scores(ours: &Results, theirs: &Results, text: &str) {
        for (ours, theirs) in ours.hits.iter().zip(&theirs.hits) {
            let (a, b) = (ours.score, theirs.score);
            assert!((a - b).abs() <= 1e-3 * b.abs(), "{text}: {a} and {b} for {}", ours.id);
        }
    }

    #[test]
    fn a_part_answers_as_the_whole() {
        let documents = documents();
        let (all, archive) = (Snapshot::in_memory(&documents, None).unwrap(), Arc::new(Slow::of(&documents)));
        let mut tiers: BTreeMap<Tier, u32> = BTreeMap::new();
        for text in QUERIES {
            let query: Query = text.parse().unwrap();
            for weaker in [false, true] {
                let options = || Options { weaker, ..Options::default() };
                let part = part_of(archive.clone(), &[Need::Search(&query, &options())]).unwrap();
                let (ours, theirs) = (part.search(&query, options()).unwrap(), all.search(&query, options()).unwrap());
                assert_eq!(essence(&ours), essence(&theirs), "{text} weaker: {weaker}");
                assert_scores(&ours, &theirs, text);
                part.settled(()).unwrap();
                theirs.hits.iter().for_each(|hit| *tiers.entry(hit.tier).or_default() += 1);
            }
            let part = part_of(archive.clone(), &[Need::Count(&query)]).unwrap();
            assert_eq!(part.count(&query, &[]).unwrap(), all.count(&query, &[]).unwrap(), "{text}");
            let part = part_of(archive.clone(), &[Need::Concordance(&query)]).unwrap();
            let rows = |of: &Snapshot| of.concordance(&query, 20, 0, 1_000).unwrap();
            assert_eq!(rows(&part), rows(&all), "{text}");
            let synonyms = Synonyms::shipped();
            let part = part_of(archive.clone(), &[Need::Facets(&query, &synonyms)]).unwrap();
            assert_eq!(part.facets(&query, &synonyms).unwrap(), all.facets(&query, &synonyms).unwrap(), "{text}");
        }
        assert!(tiers.len() == 4, "help: queries of more tiers are wanted: {tiers:?}");
    }

    #[test]
    fn a_number_that_cannot_be_had_is_an_error() {
        struct Broken(Slow);
        impl Archive for Broken {
            fn documents(&self) -> Result<Vec<DocumentEntry>> {
                self.0.documents()
            }
            fn note(&self) -> Result<String> {
                self.0.note()
            }
            fn status(&self) -> Result<Status> {
                self.0.status()
            }
            fn extent(&self) -> Result<Extent> {
                self.0.extent()
            }
            fn descriptions(&self) -> Result<Vec<Description>> {
                self.0.descriptions()
            }
            fn word_frequencies(&self, _: &[&str]) -> Result<Vec<u64>> {
                Err(Error::new(Kind::Io, "the engine is away"))
            }
            fn text_frequencies(&self, texts: &[&str]) -> Result<Vec<u64>> {
                self.0.text_frequencies(texts)
            }
            fn matching(&self, query: &Query, whole: bool) -> Result<Vec<Excerpt>> {
                self.0.matching(query, whole)
            }
            fn best(&self, wanted: &Wanted<'_>) -> Result<Vec<Excerpt>> {
                self.0.best(wanted)
            }
            fn document(&self, id: &str) -> Result<Vec<Excerpt>> {
                self.0.document(id)
            }
        }
        let archive: Arc<dyn Archive> = Arc::new(Broken(Slow::of(&documents())));
        let (query, options) = ("生态 治理".parse::<Query>().unwrap(), Options::default());
        let part = part_of(archive, &[Need::Count(&query)]).unwrap();
        let results = part.search(&query, options).unwrap();
        assert!(part.settled(results).is_err());
    }
}
