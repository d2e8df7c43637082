//! Finds the passages that score best by the words of a question: BM25 over tantivy's postings. The words that can no
//! longer lift a passage among the best by themselves are only looked up for passages that other words have found
//! (MaxScore: Turtle and Flood, Query evaluation: strategies and optimizations, 1995; in windows of passages as
//! Lucene's MaxScoreBulkScorer does it).

use std::cmp::Ordering;
use std::collections::BinaryHeap;

use tantivy::SegmentReader;
use tantivy::fieldnorm::FieldNormReader;
use tantivy::postings::BlockSegmentPostings;
use tantivy::query::Bm25Weight;
use tantivy::schema::IndexRecordOption;

use crate::error::{Error, Result};
use crate::query::archive::Extent;
use crate::query::question::{Question, Word};
use crate::rank::snapshot::Snapshot;

/// So many passages are scored together, on a few pages of memory.
const WINDOW: u32 = 4096;

/// Bounds are taken a little higher, since sums in another order differ in their last bits.
const MORE: f32 = 1.0001;

/// A passage found by words.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Scored {
    pub segment: u32,
    pub passage: u32,
    pub score: f32,
}

impl Scored {
    /// The better first; of equals the one that stands first.
    pub fn order(&self, other: &Scored) -> Ordering {
        let place = |one: &Scored| (one.segment, one.passage);
        other.score.total_cmp(&self.score).then(place(self).cmp(&place(other)))
    }
}

/// The worst of the best is at the top of the heap.
struct Kept(Scored);

impl PartialEq for Kept {
    fn eq(&self, other: &Self) -> bool {
        self.cmp(other) == Ordering::Equal
    }
}

impl Eq for Kept {}

impl PartialOrd for Kept {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Kept {
    fn cmp(&self, other: &Self) -> Ordering {
        self.0.order(&other.0)
    }
}

/// The best so far.
struct Best {
    wanted: usize,
    heap: BinaryHeap<Kept>,
}

impl Best {
    /// What a passage must score more than; nothing while there is room.
    fn bar(&self) -> f32 {
        match self.heap.len() < self.wanted {
            true => f32::NEG_INFINITY,
            false => self.heap.peek().map_or(f32::INFINITY, |kept| kept.0.score),
        }
    }

    fn offer(&mut self, scored: Scored) {
        if scored.score > self.bar() {
            if self.heap.len() >= self.wanted {
                self.heap.pop();
            }
            self.heap.push(Kept(scored));
        }
    }
}

/// The postings of a word in a segment.
struct List {
    postings: BlockSegmentPostings,
    /// Where it stands in the block that is loaded.
    cursor: usize,
    weight: Bm25Weight,
    /// What it adds to a score at most.
    most: f32,
    is_topic: bool,
}

impl List {
    /// The next passage, if there is one.
    fn next(&self) -> Option<u32> {
        self.postings.docs().get(self.cursor).copied()
    }

    /// Adds what the word weighs in the passages before the end of the window.
    fn add_to(&mut self, window: &mut Window, norms: &FieldNormReader) {
        let end = window.start + WINDOW;
        loop {
            let (passages, counts) = (self.postings.docs(), self.postings.freqs());
            let stop = self.cursor + passages[self.cursor..].partition_point(|passage| *passage < end);
            for (&passage, &count) in passages[self.cursor..stop].iter().zip(&counts[self.cursor..stop]) {
                let at = passage - window.start;
                window.found[at as usize / 64] |= 1 << (at % 64);
                window.add(at, self.weight.score(norms.fieldnorm_id(passage), count), self.is_topic);
            }
            self.cursor = stop;
            if stop < passages.len() || passages.is_empty() {
                return;
            }
            self.postings.advance();
            self.cursor = 0;
        }
    }

    /// Goes on to `passage`, and tells how often the word stands in it; passages must ascend.
    fn look_up(&mut self, passage: u32) -> Option<u32> {
        if self.next()? < passage {
            self.cursor = self.postings.seek(passage);
        }
        (self.next()? == passage).then(|| self.postings.freqs()[self.cursor])
    }
}

/// Scores of the passages from `start`, and which of them are found.
struct Window {
    start: u32,
    scores: Vec<f32>,
    found: [u64; WINDOW as usize / 64],
    /// Which hold a word of the topic.
    on_topic: [u64; WINDOW as usize / 64],
    /// Those found that may still be among the best, ascending.
    open: Vec<u32>,
}

impl Window {
    fn new() -> Self {
        let none = [0; WINDOW as usize / 64];
        Window { start: 0, scores: vec![0.0; WINDOW as usize], found: none, on_topic: none, open: Vec::new() }
    }

    /// Moves to where `passage` is, with nothing found.
    fn move_to(&mut self, passage: u32) {
        self.start = passage / WINDOW * WINDOW;
        self.scores.fill(0.0);
        self.found.fill(0);
        self.on_topic.fill(0);
    }

    fn add(&mut self, at: u32, score: f32, is_topic: bool) {
        self.scores[at as usize] += score;
        self.on_topic[at as usize / 64] |= (is_topic as u64) << (at % 64);
    }

    fn is_on_topic(&self, at: u32) -> bool {
        self.on_topic[at as usize / 64] >> (at % 64) & 1 == 1
    }

    /// Opens all that were found.
    fn open(&mut self) {
        self.open.clear();
        for (word, &found) in self.found.iter().enumerate() {
            let mut rest = found;
            while rest != 0 {
                self.open.push(word as u32 * 64 + rest.trailing_zeros());
                rest &= rest - 1;
            }
        }
    }
}

impl Snapshot {
    /// The passages that score best by the words of a question, in any order; at most `wanted`, and only those
    /// `allowed`, ascending in each segment, if that is given. They hold at least a word of its topic, if it `needs_topic`: what
    /// only asks, and the name of a place, a year or a part, is no answer to what is asked about it.
    pub fn best_by_words(
        &self,
        question: &Question,
        wanted: usize,
        allowed: Option<&[Vec<u32>]>,
        needs_topic: bool,
    ) -> Result<Vec<Scored>> {
        let words = &question.words;
        let failed = |error| Error::engine("search the words", error);
        let mut best = Best { wanted, heap: BinaryHeap::new() };
        let mut window = Window::new();
        let weights: Vec<Bm25Weight> =
            words.iter().map(|word| self.bm25_of(word)).collect::<tantivy::Result<_>>().map_err(failed)?;
        for (segment, reader) in self.searcher.segment_readers().iter().enumerate() {
            let lists = self.lists(reader, words, &weights).map_err(failed)?;
            let norms = reader.get_fieldnorms_reader(self.words).map_err(failed)?;
            let (best, window) = (&mut best, &mut window);
            let mut search = Search { segment: segment as u32, reader, norms, lists, needs_topic, best, window };
            match allowed {
                Some(allowed) => search.among(&allowed[segment]),
                None => search.everywhere(),
            }
        }
        Ok(best.heap.into_iter().map(|kept| kept.0).collect())
    }

    fn bm25_of(&self, word: &Word) -> tantivy::Result<Bm25Weight> {
        let weight = match &self.whole {
            Some(whole) => {
                let Extent { passages, words, .. } = whole.extent;
                // what is loaded meanwhile may be in one number and not in the other
                let frequency = whole.word_frequency(&word.text).min(passages);
                Bm25Weight::for_one_term(frequency, passages, words as f32 / passages.max(1) as f32)
            }
            None => Bm25Weight::for_terms(self, &[self.term(&word.text)])?,
        };
        Ok(weight.boost_by(word.weight))
    }

    /// The postings of the words that stand in a segment, those that can add most at the end.
    fn lists(&self, reader: &SegmentReader, words: &[Word], weights: &[Bm25Weight]) -> tantivy::Result<Vec<List>> {
        let index = reader.inverted_index(self.words)?;
        let mut lists = Vec::new();
        for (word, weight) in words.iter().zip(weights) {
            if let Some(postings) = index.read_block_postings(&self.term(&word.text), IndexRecordOption::WithFreqs)? {
                let (weight, most) = (weight.clone(), weight.max_score());
                lists.push(List { postings, cursor: 0, weight, most, is_topic: word.is_topic });
            }
        }
        lists.sort_by(|a, b| a.most.total_cmp(&b.most));
        Ok(lists)
    }
}

/// A search of one segment.
struct Search<'s> {
    segment: u32,
    reader: &'s SegmentReader,
    norms: FieldNormReader,
    lists: Vec<List>,
    needs_topic: bool,
    best: &'s mut Best,
    window: &'s mut Window,
}

impl Search<'_> {
    /// How many of the lists, from the first, cannot lift a passage over the bar together.
    fn looked_up(&self) -> usize {
        let bar = self.best.bar();
        let mut sum = 0.0;
        let fits = |list: &&List| {
            sum += list.most;
            sum * MORE <= bar
        };
        self.lists.iter().take_while(fits).count()
    }

    fn everywhere(&mut self) {
        loop {
            let looked_up = self.looked_up();
            let Some(first) = self.lists[looked_up..].iter().filter_map(List::next).min() else { return };
            self.window.move_to(first);
            self.lists[looked_up..].iter_mut().for_each(|list| list.add_to(self.window, &self.norms));
            self.finish(looked_up);
        }
    }

    fn among(&mut self, allowed: &[u32]) {
        let mut rest = allowed;
        while let Some(&first) = rest.first() {
            self.window.move_to(first);
            let (start, end) = (self.window.start, self.window.start + WINDOW);
            let (inside, behind) = rest.split_at(rest.partition_point(|passage| *passage < end));
            for at in inside.iter().map(|passage| passage - start) {
                self.window.found[at as usize / 64] |= 1 << (at % 64);
            }
            rest = behind;
            self.finish(self.lists.len());
        }
    }

    /// Looks the first so many lists up for the passages of the window that may still be among the best, and offers these.
    fn finish(&mut self, looked_up: usize) {
        let Search { segment, reader, norms, lists, needs_topic, best, window } = self;
        window.open();
        let mut open = std::mem::take(&mut window.open);
        let mut left: f32 = lists[..looked_up].iter().map(|list| list.most).sum();
        for list in lists[..looked_up].iter_mut().rev() {
            let bar = best.bar();
            open.retain(|at| (window.scores[*at as usize] + left) * MORE > bar);
            for &at in &open {
                let passage = window.start + at;
                if let Some(count) = list.look_up(passage) {
                    window.add(at, list.weight.score(norms.fieldnorm_id(passage), count), list.is_topic);
                }
            }
            left -= list.most;
        }
        for &at in &open {
            let (passage, score) = (window.start + at, window.scores[at as usize]);
            if (window.is_on_topic(at) || !*needs_topic) && score > best.bar() && !reader.is_deleted(passage) {
                best.offer(Scored { segment: *segment, passage, score });
            }
        }
        window.open = open;
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;
    use std::sync::Arc;

    use tantivy::collector::TopDocs;
    use tantivy::directory::RamDirectory;
    use tantivy::query::{BooleanQuery, BoostQuery, Occur, TermQuery};

    use super::*;
    use crate::document::Document;
    use crate::query::Query;
    use crate::store::component::TextPlugin;
    use crate::words::Cutter;
    use crate::write::lock::WriterLock;
    use crate::write::schema::Schema;
    use crate::write::writer::Writer;

    fn random(state: &mut u64, below: usize) -> usize {
        *state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        (*state >> 33) as usize % below
    }

    /// What tantivy finds by reading every posting.
    fn all(snapshot: &Snapshot, words: &[Word], must: bool) -> HashMap<(u32, u32), f32> {
        let clause = |word: &Word| {
            let query = Box::new(TermQuery::new(snapshot.term(&word.text), IndexRecordOption::WithFreqs));
            (Occur::Should, Box::new(BoostQuery::new(query, word.weight)) as Box<dyn tantivy::query::Query>)
        };
        let (about, rest): (Vec<&Word>, Vec<&Word>) = words.iter().partition(|word| word.is_topic || !must);
        let about: Box<dyn tantivy::query::Query> =
            Box::new(BooleanQuery::new(about.into_iter().map(clause).collect()));
        let clauses = std::iter::once((Occur::Must, about)).chain(rest.into_iter().map(clause));
        let limit = TopDocs::with_limit(1_000_000).order_by_score();
        let query = BooleanQuery::new(clauses.collect());
        let found = snapshot.searcher.search_with_statistics_provider(&query, &limit, snapshot).unwrap();
        found.into_iter().map(|(score, address)| ((address.segment_ord, address.doc_id), score)).collect()
    }

    #[test]
    fn the_best_are_those_that_tantivy_finds_by_reading_all() {
        const WORDS: [&str; 12] =
            ["发展", "建设", "经济", "社会", "改革", "农村", "港口", "红树林", "番薯", "瑶柱", "滩涂", "巡护"];
        let (schema, directory) = (Schema::new(), RamDirectory::create());
        let builder = tantivy::Index::builder().schema(schema.tantivy.clone()).register_plugin(Arc::new(TextPlugin));
        let engine = builder.open_or_create(directory.clone()).unwrap();
        let writer = || {
            let lock = WriterLock::take(&directory, "write").unwrap();
            Writer::new(lock, &engine, schema.clone(), Cutter::new(), String::new(), Box::new(|| Ok(()))).unwrap()
        };
        let mut state = 7;
        for segment in 0..2 {
            let writer = writer();
            for document in 0..300 {
                // the further a word is in the list, the rarer it is
                let mut passage = || {
                    let count = 1 + random(&mut state, 30);
                    let mut word = || WORDS[random(&mut state, 12) * random(&mut state, 12) / 12];
                    (0..count).map(|_| word()).collect::<String>() + "。\n\n"
                };
                let text: String = (0..20).map(|_| passage()).collect();
                writer.add(&Document::from_text(format!("{segment}/{document}"), text)).unwrap();
            }
            writer.commit().unwrap();
        }
        let writer = writer();
        (0..40).for_each(|document| writer.remove(&format!("0/{document}")).unwrap());
        writer.commit().unwrap();
        let snapshot = &Snapshot::new(engine.reader().unwrap().searcher(), &schema, None).unwrap();
        assert!(snapshot.passages > 2 * WINDOW as u64, "help: more windows than one are wanted");
        for round in 0..120 {
            let mut question = Question::of_literals(&Query::Text("发展".into()), |_| 0);
            let mut texts = WORDS.to_vec();
            for _ in 0..1 + random(&mut state, 8) {
                let text = texts.swap_remove(random(&mut state, texts.len())).to_string();
                let weight = [0.5, 1.0, 1.5][random(&mut state, 3)];
                question.words.push(Word { text, weight, is_topic: random(&mut state, 3) > 0 });
            }
            let must = round % 3 == 0;
            let wanted = [1, 10, 200, 5_000][random(&mut state, 4)];
            let mut expected = all(snapshot, &question.words, must);
            let allowed: Option<Vec<Vec<u32>>> = (round % 2 == 0).then(|| {
                let segments = snapshot.searcher.segment_readers();
                segments
                    .iter()
                    .map(|reader| (0..reader.max_doc()).filter(|_| random(&mut state, 5) == 0).collect())
                    .collect()
            });
            if let Some(allowed) = &allowed {
                expected.retain(|(segment, passage), _| allowed[*segment as usize].binary_search(passage).is_ok());
                let living =
                    |segment: usize, passage: &u32| !snapshot.searcher.segment_readers()[segment].is_deleted(*passage);
                for (segment, passages) in allowed.iter().enumerate().filter(|_| !must) {
                    for &passage in passages.iter().filter(|passage| living(segment, passage)) {
                        expected.entry((segment as u32, passage)).or_default();
                    }
                }
            }
            let found = snapshot.best_by_words(&question, wanted, allowed.as_deref(), must).unwrap();
            assert_eq!(found.len(), wanted.min(expected.len()));
            let mut scores: Vec<f32> = expected.values().copied().collect();
            scores.sort_by(|a, b| b.total_cmp(a));
            let last = scores.get(wanted - 1).copied().unwrap_or(0.0);
            for Scored { segment, passage, score } in found {
                let own = expected[&(segment, passage)];
                assert!((own - score).abs() < 1e-4 && score > last - 1e-4, "{score} is {own}, the last {last}");
            }
        }
    }
}
