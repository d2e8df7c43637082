//! Answers a [`Query`]. Its literal parts are looked for in the text: tier *exact*. Only when they stand nowhere are its bare
//! parts loosened: into what else they are called (tier *synonym*), into words that must all be there (tier *all*), and at last
//! into words of which some are (tier *some*). A weaker tier never appears beside a stronger one unless
//! [`Options::weaker`] wants it below, and a single short term is never loosened at all: 十五五 is there or it is not.
//!
//! How the passages of a tier are ordered is said in `rank`.

pub(crate) mod apart;
pub(crate) mod complete;
pub(crate) mod facets;
pub(crate) mod marked;
pub(crate) mod page;
pub(crate) mod part;
pub(crate) mod sound;
pub(crate) mod suggest;

use std::time::Instant;

use crate::error::Result;
use crate::find::matching::Plan;
use crate::query::Query;
use crate::query::question::Question;
use crate::rank::reading::Reading;
use crate::rank::results::{DocumentInfo, Duplicate, Hit, Options, RESULTS_SCHEMA, Results, Sort, Tier};
use crate::rank::snapshot::Snapshot;
use crate::rank::snippet::Snippet;
use crate::rank::{Candidate, Candidates, DEPTH};
use crate::search::page::Shown;
use crate::store::record::Head;

/// So many candidates are kept, or so many times what is asked for: more than a page takes where one document has most of them.
const SHORTLIST: usize = 500;
const SPARE: usize = 4;

/// How many candidates are to be found, if there are so many: of those that match, and of those that hold some of the
/// words.
#[derive(Clone, Copy)]
struct AtLeast {
    matching: usize,
    some: usize,
}

/// What was found for a query.
struct Found {
    reading: Reading,
    question: Option<Question>,
    /// Any of the words of the question, if passages that hold some of them were looked for.
    some: Option<Plan>,
    candidates: Candidates,
}

impl Snapshot {
    /// Answers a query.
    pub fn search(&self, query: &Query, options: Options) -> Result<Results> {
        let start = Instant::now();
        // what a query of several parts or a question prefers may be any of its candidates
        let may_shorten = options.sort == Sort::Relevance && !options.weaker && !matches!(query, Query::And(_));
        let end = options.offset.saturating_add(options.limit);
        let matching = if may_shorten { end.saturating_mul(SPARE).max(SHORTLIST) } else { usize::MAX };
        // behind those that are read, pages follow on each other only if all are put in order
        let some = if options.sort == Sort::Relevance && end <= DEPTH { DEPTH } else { usize::MAX };
        let results = match self.search_among(query, &options, AtLeast { matching, some })? {
            Some(results) => results,
            None => {
                let all = AtLeast { matching: usize::MAX, some: usize::MAX };
                self.search_among(query, &options, all)?.expect("all candidates are enough")
            }
        };
        Ok(Results { took_ms: start.elapsed().as_secs_f64() * 1e3, ..results })
    }

    /// Answers a query by the best of its candidates; `None` if those that are wanted are too few to choose from.
    fn search_among(&self, query: &Query, options: &Options, wanted: AtLeast) -> Result<Option<Results>> {
        let mut found = self.found(query, options, wanted)?;
        if let Some(question) = &found.question {
            self.weigh(question, &options.weights, &mut found.candidates)?;
        }
        let mut list = std::mem::take(&mut found.candidates.list);
        let are_all = list.len() as u64 == found.candidates.found;
        let Some(page) = self.page(&mut list, are_all, options)? else { return Ok(None) };
        let hits = page.iter().map(|shown| self.hit(shown, &found, options)).collect::<Result<_>>()?;
        let total = found.candidates.total;
        let suggestions = match &found.question {
            _ if list.is_empty() && total.passages == 0 => self.suggestions(query)?,
            Some(question) if found.reading.tier < Tier::All => {
                self.of_reports(query, total.passages, question)?.into_iter().collect()
            }
            Some(question) if total.passages == 0 => self.misspelled(question),
            _ => Vec::new(),
        };
        Ok(Some(Results {
            schema: RESULTS_SCHEMA,
            query: query.to_string(),
            parsed: query.clone(),
            took_ms: 0.0,
            total,
            hits,
            synonyms: self.synonyms(query, &options.synonyms),
            suggestions,
        }))
    }

    /// Reads a query: as it was typed and by other names, with all of its words, with some of them, until something is
    /// found; with some of them in any case where weaker answers are wanted.
    fn found(&self, query: &Query, options: &Options, wanted: AtLeast) -> Result<Found> {
        let mut reading = self.read_literally(query, &options.synonyms)?;
        let mut candidates = self.matching(&reading, wanted.matching)?;
        let question = self.asked(query, options, reading.tier, candidates.list.len())?;
        let mut some = None;
        if let Some(question) = &question {
            if !options.weaker && question.may_loosen && candidates.list.is_empty() {
                reading = self.read(&question.all, Tier::All)?;
                let wanted = if question.prefers.is_empty() { wanted.matching } else { usize::MAX };
                candidates = self.matching(&reading, wanted)?;
            }
            if options.weaker || question.may_loosen && candidates.list.is_empty() {
                self.add_some(question, wanted.some, &mut candidates)?;
                some = Some(Plan::new(&question.any()));
            }
        }
        Ok(Found { reading, question, some, candidates })
    }

    /// What a query asks that was literally found in so many candidates, as far as that decides which are shown and in
    /// what order.
    fn asked(&self, query: &Query, options: &Options, tier: Tier, found: usize) -> Result<Option<Question>> {
        // of several parts some may be the place and the year of what the others are asked of
        if found == 0 || options.weaker || matches!(query, Query::And(_)) {
            let question = self.question(query, &options.synonyms)?;
            let is_by_names = |question: &Question| question.is_one_term && tier == Tier::Synonym;
            if found == 0 || options.weaker || question.as_ref().is_some_and(|question| !is_by_names(question)) {
                return Ok(question);
            }
        }
        // alternatives, what stands near, and what is found by other names alone are read for what they look for
        let is_weighed = options.explain || options.sort == Sort::Relevance && found > 1;
        let wide = options.synonyms.widen(query).filter(|_| tier == Tier::Synonym);
        let literals = || Question::of_literals(wide.as_ref().unwrap_or(query), |word| self.word_frequency(word));
        Ok(is_weighed.then(literals))
    }

    /// A candidate with all that is told of it.
    fn hit(&self, shown: &Shown, found: &Found, options: &Options) -> Result<Hit> {
        let candidate = &shown.candidate;
        let plan = found.some.as_ref().filter(|_| candidate.tier == Tier::Some).unwrap_or(&found.reading.plan);
        let mut hit = self.bare_hit(candidate, plan)?;
        for copy in &shown.copies {
            let text = &self.texts[copy.segment as usize];
            let head = text.head(copy.document)?;
            let (id, source) = (self.id(copy, &head), head.source().to_string());
            hit.also.push(Duplicate { id, source, line: text.line(copy.passage) });
        }
        if options.explain {
            let (question, weights) = (found.question.as_ref(), &options.weights);
            hit.explanation = Some(self.explain(candidate, plan, question, weights, &found.candidates));
        }
        Ok(hit)
    }

    /// The same without its copies and the explanation of its score.
    fn bare_hit(&self, found: &Candidate, plan: &Plan) -> Result<Hit> {
        let text = &self.texts[found.segment as usize];
        let (mut source, matches) = plan.all_places(text, found.passage)?;
        if source.is_empty() {
            source = text.source(found.passage)?;
        }
        let head = text.head(found.document)?;
        let details = text.details(found.passage);
        Ok(Hit {
            id: self.id(found, &head),
            tier: found.tier,
            score: found.score,
            path: text.headings(found.document, &head, details.section(), |_| true)?,
            role: text.role(found.passage),
            line: details.line,
            document: DocumentInfo { id: head.id.to_string(), meta: head.meta() },
            snippet: Snippet::new(&source, matches),
            also: Vec::new(),
            explanation: None,
        })
    }

    /// The id of a passage, given the head of its document.
    fn id(&self, found: &Candidate, head: &Head<'_>) -> String {
        self.texts[found.segment as usize].passage_id(head, found.passage)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::Document;

    /// The ends of a passage are those of what is shown of it, wherever blanks and line breaks stand.
    #[test]
    fn an_expression_is_held_against_what_is_shown() {
        let text = "各位代表：\n\n　　港长制。\n　　河长制。\n\n";
        let snapshot = Snapshot::in_memory([Document::from_text("甲", text)], None).unwrap();
        for (text, hits) in
            [("/^港/", 1), ("/^河/", 1), ("/。$/", 2), ("/^各.*：$/", 1), ("/^长/", 0), ("/^.长制。$/", 2)]
        {
            let results = snapshot.search(&text.parse().unwrap(), Options::default()).unwrap();
            assert_eq!(results.hits.len(), hits, "{text}");
            let shown = |hit: &Hit| hit.snippet.pieces().iter().filter(|piece| piece.1).count();
            assert!(results.hits.iter().all(|hit| shown(hit) == 1), "{text}");
        }
    }

    /// What is asked about must stand there: neither what only asks is an answer, nor a piece of what was quoted.
    #[test]
    fn a_question_is_answered_by_what_it_is_about() {
        let text = "什么是港口的问题。\n\n港口有哪些政策。\n\n港税管理，港税征收，港税减免。\n\n本办法所称港税，是指在港口收取的费用。\n\n醉酒驾驶机动车的，处以罚款。\n\n酒后不开车，驾车不饮酒。\n\n镇政府的报告。\n\n港费港口收费。";
        let town = |place: &[&str], text: &str| {
            let mut document = Document::from_text(place.concat(), text);
            document.meta.place = place.iter().map(|link| link.to_string()).collect();
            document
        };
        let documents = [
            Document::from_text("甲", text),
            Document::from_text("乙", "港门镇2022年政府工作报告名词解释\n\n1. 港费：港口的收费。"),
            town(&["广东省", "湛江市", "港门镇"], "番薯丰收。"),
            town(&["广东省"], "番薯增产。"),
        ];
        let snapshot = Snapshot::in_memory(documents, None).unwrap();
        let first = |text: &str| {
            let results = snapshot.search(&text.parse().unwrap(), Options::default()).unwrap();
            results.hits.into_iter().next().map(|hit| hit.snippet.text).unwrap_or_default()
        };
        for (query, text) in [
            ("什么是港税", "本办法所称港税，是指在港口收取的费用。"),
            ("港税是指什么", "本办法所称港税，是指在港口收取的费用。"),
            ("港税（港费）有哪些管理", "港税管理，港税征收，港税减免。"),
            ("港费是什么意思", "1. 港费：港口的收费。"),
            ("什么是元宇宙", ""),
            ("元宇宙有哪些", ""),
            ("\"镇政\" \"门镇\"", ""),
            ("酒驾怎么罚款", "醉酒驾驶机动车的，处以罚款。"),
            ("广东的番薯", "番薯增产。"),
        ] {
            assert_eq!(first(query), text, "{query}");
        }
    }

    /// Who speaks seldom says their own name.
    #[test]
    fn what_somebody_is_asked_to_have_said_stands_in_what_they_gave() {
        let given = |speaker: &str, text: &str| {
            let mut document = Document::from_text(speaker, text);
            document.meta.speaker = Some(speaker.to_string());
            document
        };
        let documents = [
            given("陈港长", "番薯丰收，瑶柱增产。\n\n引航不收费。"),
            given("李湾", "番薯丰收，瑶柱增产，感谢陈港长。"),
        ];
        let snapshot = Snapshot::in_memory(documents, None).unwrap();
        for (query, first) in
            [("陈港长 引航", "陈港长"), ("陈港长引航", "陈港长"), ("陈港长怎么说引航", "陈港长"), ("陈港长", "李湾")]
        {
            let results = snapshot.search(&query.parse().unwrap(), Options::default()).unwrap();
            assert_eq!(results.hits[0].document.id, first, "{query}");
        }
    }

    /// A law seldom says its own name.
    #[test]
    fn what_a_named_document_says_comes_before_what_names_it() {
        let named = |title: &str, text: &str| {
            let mut document = Document::from_text(title, format!("{title}\n\n{text}"));
            document.meta.title = title.to_string();
            document.meta.kind = Some("条例".to_string());
            document
        };
        let documents = [
            named("湛江市港口条例", "第一条 引航按照港税条例收费。\n\n第九条 本条例自公布之日起施行。"),
            named("港税条例", "第一条 港税由港长征收。\n\n第九条 本条例自三月一日起施行，引航不收费。"),
            named("港费条例", "第一条 港税条例施行以前的引航，按照港费条例收费。"),
        ];
        let snapshot = Snapshot::in_memory(documents, None).unwrap();
        let search = |text: &str| snapshot.search(&text.parse().unwrap(), Options::default()).unwrap();
        for query in ["港税条例什么时候施行", "港税条例对引航有什么规定", "港税条例引航"] {
            assert_eq!(search(query).hits[0].document.id, "港税条例", "{query}");
        }
        let results = search("港税条例 施行");
        assert_eq!(results.hits[0].document.id, "港费条例", "what holds both as they stand is stronger");
        assert_eq!(results.suggestions[0].text, "施行 title:港税条例");
    }

    /// A passage may say something of what its document is about without saying again what that is.
    #[test]
    fn what_a_title_says_is_said_of_each_passage() {
        let titled = |title: &str, text: &str| {
            let mut document = Document::from_text(title, format!("{title}\n\n{text}"));
            document.meta.title = title.to_string();
            document
        };
        let documents = [
            titled("番薯丰收", "出口增加，港长高兴。\n\n港长说瑶柱丰收。"),
            titled("港长会见瑶柱客商", "双方愿意扩大番薯出口。\n\n双方谈得很好。"),
        ];
        let snapshot = Snapshot::in_memory(documents, None).unwrap();
        let results = snapshot.search(&"港长 瑶柱 出口".parse().unwrap(), Options::default()).unwrap();
        let first: Vec<&str> = results.hits[..2].iter().map(|hit| hit.snippet.text.as_str()).collect();
        assert_eq!(first, ["港长会见瑶柱客商", "双方愿意扩大番薯出口。"]);
    }

    /// A place that several parts of a query share is one occurrence, in a search as in a count.
    #[test]
    fn a_search_counts_what_a_count_does() {
        let text =
            "典型村建设典型村。\n\n人人人人，村村有典型，典型村村民。\n\n百千万工程，工程。\n\n典“型”村与典、型村";
        let snapshot = Snapshot::in_memory([Document::from_text("甲", text)], None).unwrap();
        let queries = [
            ("典型村 典型村", 5),
            ("典型村|村", 8),
            ("村|典型村|型", 9),
            ("百千万工程 工程", 2),
            ("人人|工程", 4),
            ("人人", 3),
            ("典型村|/村./", 6),
            ("典型 -建设", 4),
        ];
        for (text, occurrences) in queries {
            let query: Query = text.parse().unwrap();
            let counts = snapshot.count(&query, &[]).unwrap();
            let total = snapshot.search(&query, Options::default()).unwrap().total;
            assert_eq!((total.occurrences, counts.occurrences), (counts.occurrences, occurrences), "{text}");
            assert_eq!(total.passages, counts.passages, "{text}");
        }
    }

    /// A line that was wrapped is no end of a sentence.
    #[test]
    fn a_sentence_goes_on_in_the_next_line() {
        let line = "全镇上下深入推进港长制并持续完善近岸海域网格化巡护体系建设工作机制以及红树林湿地的保护和修复还有番薯产业的";
        let text = format!("工作回顾\n\n一、回顾\n{line}\n提质增效。瑶柱丰收。\n");
        let snapshot = Snapshot::in_memory([Document::from_text("甲", text)], None).unwrap();
        let found = |text: &str| snapshot.count(&text.parse().unwrap(), &[]).unwrap().passages;
        assert_eq!(found("段:(港长制 提质)"), 2, "help: the line is not taken for a wrapped one");
        assert_eq!([found("句:(港长制 提质)"), found("句:(港长制 瑶柱)"), found("句:(提质 -瑶柱)")], [2, 0, 1]);
    }

    /// Of thousands of candidates a page shows what it would if all were put in order, equals included.
    #[test]
    fn the_best_of_a_shortlist_are_the_best_of_all() {
        // 3,000 passages of a few lengths, most of them in one document
        let paragraph = |n: usize| format!("{}典型村{}。", "建设".repeat(n * 7 % 5), "典型村".repeat(n % 3 / 2));
        let text = |from: usize, to: usize| (from..to).map(paragraph).collect::<Vec<_>>().join("\n\n");
        // reports of the place are longer than what others say of it: what is preferred is not what scores best at first
        let document = |n: usize, from, to| {
            let text = text(from, to);
            if n.is_multiple_of(2) {
                let mut document =
                    Document::from_text(format!("报告{n}"), text.replace('。', "，种番薯养瑶柱，种番薯养瑶柱。"));
                document.meta.place = vec!["港门镇".to_string()];
                return document;
            }
            Document::from_text(format!("报告{n}"), text.replace('。', "，港门镇。"))
        };
        let mut documents: Vec<Document> = (0..100).map(|n| document(n, n * 10, n * 10 + 10)).collect();
        documents.push(document(101, 1000, 3000));
        let snapshot = Snapshot::in_memory(&documents, None).unwrap();
        let [term, long] = ["典型村", "建设典型村典型村"].map(|text| Query::Phrase(text.to_string()));
        let question = Query::Text("港门镇典型村有多少".to_string());
        let queries = [(&term, None), (&term, Some(1)), (&term, Some(3)), (&long, Some(2)), (&question, None)];
        for (query, per_document) in queries {
            let search = |offset, limit| {
                let options = Options { offset, limit, per_document, ..Options::default() };
                let results = snapshot.search(query, options).unwrap();
                let hits = results.hits.iter().map(|hit| (hit.id.clone(), hit.score)).collect::<Vec<_>>();
                (hits, results.total)
            };
            let (all, total) = search(0, 100_000);
            assert_eq!(all.len() as u64, total.passages);
            assert!(all.len() > SHORTLIST, "help: more passages than {} are wanted", all.len());
            for (offset, limit) in [(0, 1), (0, 10), (7, 100), (90, 30), (400, 300)] {
                let end = all.len().min(offset + limit);
                assert_eq!(search(offset, limit), (all[offset..end].to_vec(), total), "{query} {offset} {limit}");
            }
        }
    }

    /// The pages of weaker answers follow on each other: together they are what one long page is.
    #[test]
    fn pages_of_weaker_answers_follow_on_each_other() {
        let paragraph = |n: usize| match n % 3 {
            0 => format!("脱贫攻坚{}。", "成果".repeat(n % 7)),
            1 => format!("乡村振兴{}。", "推进".repeat(n % 5)),
            _ => format!("{}脱贫攻坚与乡村振兴。", "衔接".repeat(n % 4)),
        };
        let document = |n: usize| {
            let text: Vec<String> = (0..n % 40 + 1).map(|at| paragraph(n * 31 + at)).collect();
            Document::from_text(format!("报告{n}_{}", 2000 + n % 20), text.join("\n\n"))
        };
        let documents: Vec<Document> = (0..60).map(document).collect();
        let snapshot = Snapshot::in_memory(&documents, None).unwrap();
        let query: Query = "脱贫攻坚 乡村振兴".parse().unwrap();
        let orders = [(Sort::Relevance, None), (Sort::Relevance, Some(3)), (Sort::Date, None), (Sort::Place, None)];
        for (sort, per_document) in orders {
            let search = |offset, limit| {
                let options = Options {
                    offset,
                    limit,
                    per_document,
                    sort,
                    weaker: true,
                    merge_copies: false,
                    ..Options::default()
                };
                let results = snapshot.search(&query, options).unwrap();
                assert!(results.hits.is_sorted_by_key(|hit| hit.tier), "{sort:?}");
                results.hits.into_iter().map(|hit| hit.id).collect::<Vec<_>>()
            };
            let all = search(0, 100_000);
            assert!(all.len() > 3 * DEPTH, "help: more than {} are wanted", all.len());
            for limit in [10, 70] {
                let pages: Vec<String> =
                    (0..all.len()).step_by(limit).flat_map(|offset| search(offset, limit)).collect();
                assert_eq!(pages, all, "{sort:?} {per_document:?} {limit}");
            }
        }
    }

    /// Of equals that are too many to be kept, a page shows those that a longer one does.
    #[test]
    fn equals_beyond_a_shortlist_leave_no_holes() {
        let document = |n: u32| {
            Document::from_text(
                format!("甲镇{n}_{}", 2000 + n),
                format!("甲镇政府工作报告\n\n{}", "番薯。\n\n".repeat(100)),
            )
        };
        let snapshot = Snapshot::in_memory((0..12).map(document), None).unwrap();
        let search = |limit| {
            let options = Options { limit, per_document: Some(3), merge_copies: false, ..Options::default() };
            let results = snapshot.search(&Query::Text("番薯".to_string()), options).unwrap();
            results.hits.into_iter().map(|hit| hit.id).collect::<Vec<_>>()
        };
        let all = search(2000);
        assert_eq!(all.len(), 1200);
        for limit in [10, 21, 24, 36] {
            assert_eq!(search(limit), all[..limit], "{limit}");
        }
    }

    /// Every passage that matches is on some page, by itself or as the copy of another.
    #[test]
    fn no_copy_is_lost_between_pages() {
        let document = |n: u32| match n {
            0..40 => Document::from_text(format!("{n}_{}", 1950 + n), format!("种了{n}亩番薯。")),
            _ => Document::from_text(
                format!("{n}"),
                "湛江市政府工作报告\n\n番薯种植面积稳步扩大，瑶柱产业提质增效，乡村振兴取得新的成效。",
            ),
        };
        let snapshot = Snapshot::in_memory((0..42).map(document), None).unwrap();
        for sort in [Sort::Date, Sort::Relevance] {
            let mut sources = std::collections::BTreeSet::new();
            for offset in (0..42).step_by(5) {
                let options = Options { offset, limit: 5, sort, ..Options::default() };
                for hit in snapshot.search(&Query::Text("番薯".to_string()), options).unwrap().hits {
                    sources.insert(hit.document.id);
                    sources.extend(hit.also.into_iter().map(|copy| copy.source));
                }
            }
            assert_eq!(sources.len(), 42, "{sort:?}");
        }
    }

    /// A scope within the other scope is one of its own; distances are of folded characters; a date of which little is
    /// known may lie in a range.
    #[test]
    fn scopes_distances_and_dates_are_what_they_say() {
        let mut document = Document::from_text("甲", "甲甲在这里。乙乙丙丙在那里。\n\n甲1,234丁，戊“ 、”己。");
        document.meta.date = Some("2021".to_string());
        let snapshot = Snapshot::in_memory([document], None).unwrap();
        for (text, passages) in [
            ("段:(甲甲 乙乙)", 1),
            ("段:(句:(甲甲 乙乙) 丙丙)", 0),
            ("段:(句:(乙乙 丙丙) 甲甲)", 1),
            ("段:(甲甲 NOT 句:(甲甲 丙丙))", 1),
            ("句:(段:(甲甲 乙乙) 丙丙)", 1),
            ("句:(段:(甲甲 丁) 丙丙)", 0),
            ("甲 NEAR/4 丁", 1),
            ("甲 NEAR/3 丁", 0),
            ("戊 NEAR/0 己", 1),
            ("date:2021-01..2022 甲甲", 1),
            ("date:2021-11-01..2023 甲甲", 1),
            ("date:2020..2021-05 甲甲", 1),
            ("date:2022-01..2023 甲甲", 0),
        ] {
            assert_eq!(snapshot.count(&text.parse().unwrap(), &[]).unwrap().passages, passages, "{text}");
        }
    }
}
