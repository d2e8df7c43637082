//! Builds a segment in memory and writes its files through tantivy's own serializers, so that it is a segment like any other:
//! tantivy commits, deletes from and merges it. Faster than tantivy's indexer, because a word of the dictionary is known by
//! its rank: it is never hashed, and terms are in order before they are written.

use std::collections::HashMap;
use std::sync::Arc;

use foldhash::fast::RandomState;
use tantivy::directory::TerminatingWrite;
use tantivy::fastfield::FastFieldsWriter;
use tantivy::fieldnorm::{FieldNormReaders, FieldNormsSerializer, FieldNormsWriter};
use tantivy::index::{Segment, SegmentComponent, SegmentMeta};
use tantivy::postings::{FieldSerializer, InvertedIndexSerializer};
use tantivy::store::{Compressor, StoreWriter};
use tantivy::{IndexBuilder, IndexSettings, TantivyDocument, TantivyError};

use crate::document::Document;
use crate::store::component::{Entry, Parts, TextPlugin};
use crate::store::excerpt::each_paragraph;
use crate::words::path::Scratch;
use crate::words::{Cutter, Word};
use crate::write::schema::Schema;

/// A segment is written when its text has so many bytes: what bounds memory, at some three times as much.
const MOST_TEXT: usize = 40_000_000;

/// Words of more bytes are no terms; tantivy's own limit is a little above.
const LONGEST_TERM: usize = 60_000;

/// Bytes of the store's blocks. Nothing is stored in them.
const STORE_BLOCK: usize = 1 << 14;

/// tantivy, set up for our segments.
pub(crate) fn engine(schema: &Schema) -> IndexBuilder {
    // nothing is stored in tantivy's store; named, since the default depends on the features that others build tantivy with
    let settings = IndexSettings { docstore_compression: Compressor::None, ..IndexSettings::default() };
    let builder = tantivy::Index::builder().schema(schema.tantivy.clone()).settings(settings);
    builder.register_plugin(Arc::new(TextPlugin))
}

/// A segment in the making.
pub(crate) struct SegmentBuilder {
    parts: Parts,
    words: Inversion,
    /// The id of each document, with its first passage.
    documents: Vec<(String, u32)>,
    scratch: Scratch,
}

impl SegmentBuilder {
    /// Nothing yet, for words of a dictionary of so many.
    pub fn new(dictionary: usize) -> Self {
        SegmentBuilder {
            parts: Parts::default(),
            words: Inversion::new(dictionary),
            documents: Vec::new(),
            scratch: Scratch::default(),
        }
    }

    /// The ids of its documents.
    pub fn ids(&self) -> impl Iterator<Item = &String> {
        self.documents.iter().map(|(id, _)| id)
    }

    /// Whether it is time to write it.
    pub fn is_full(&self) -> bool {
        self.parts.text_len() >= MOST_TEXT
    }

    /// Adds a document: folds each paragraph once, cuts its words, and keeps its passages.
    pub fn add(&mut self, document: &Document, cutter: &Cutter) {
        let mut is_first = true;
        each_paragraph(document, |paragraph, folded| {
            for (passage, folded) in paragraph.iter().zip(folded) {
                let mut count = 0;
                cutter.cut(folded, &mut self.scratch, |word| {
                    let is_inner = word.is_inner;
                    count += (self.words.add(&folded.text, word) && !is_inner) as u32;
                });
                if is_first {
                    self.documents.push((document.id.clone(), self.words.passages()));
                }
                self.words.end_passage();
                self.parts.add(&Entry {
                    folded,
                    words: count,
                    opens_paragraph: passage.opens_paragraph || is_first,
                    line: passage.line,
                    section: passage.section,
                    role: passage.role,
                    record: is_first.then_some(document),
                });
                is_first = false;
            }
        });
    }

    /// Writes all files of `segment`. Cost: as long as it took to add the documents.
    pub fn write(mut self, segment: &Segment, schema: &Schema) -> tantivy::Result<SegmentMeta> {
        let passages = self.words.passages();
        let mut norms = FieldNormsWriter::for_schema(&schema.tantivy);
        for (passage, length) in self.words.lengths().enumerate() {
            norms.record(passage as u32, schema.words, length);
        }
        norms.serialize(FieldNormsSerializer::from_write(segment.open_write(SegmentComponent::FieldNorms)?)?, None)?;
        let norms = FieldNormReaders::open(segment.open_read(SegmentComponent::FieldNorms)?)?;

        let mut index = InvertedIndexSerializer::open(segment)?;
        let mut field = index.new_field(schema.document, passages as u64, None)?;
        self.write_documents(&mut field)?;
        field.close()?;
        let tokens = self.words.tokens.len() as u64;
        let mut field = index.new_field(schema.words, tokens, norms.get_field(schema.words)?)?;
        self.words.write(&mut field)?;
        field.close()?;
        index.close()?;

        // what tantivy wants for every passage, though nothing is in it
        let nothing = TantivyDocument::new();
        let tokenizers = segment.index().fast_field_tokenizer().clone();
        let mut fast = FastFieldsWriter::from_schema_and_tokenizer_manager(&schema.tantivy, tokenizers)?;
        for _ in 0..passages {
            fast.add_document(&nothing)?;
        }
        // nothing is looked up in the store, which takes room for each passage that is put into it
        let file = segment.open_write(SegmentComponent::Store)?;
        StoreWriter::new(file, Compressor::None, STORE_BLOCK, false)?.close()?;
        let mut file = segment.open_write(SegmentComponent::FastFields)?;
        fast.serialize(&mut file, None)?;
        file.terminate()?;

        self.parts.write(segment)?;
        Ok(segment.index().new_segment_meta(segment.id(), passages))
    }

    /// One term a document: its id, which stands in all its passages.
    fn write_documents(&mut self, field: &mut FieldSerializer) -> tantivy::Result<()> {
        let ends = self.documents.iter().skip(1).map(|&(_, first)| first).chain([self.words.passages()]);
        let mut documents: Vec<(&str, u32, u32)> =
            self.documents.iter().zip(ends).map(|((id, first), end)| (id.as_str(), *first, end)).collect();
        documents.sort_unstable();
        for pair in documents.windows(2) {
            if pair[0].0 == pair[1].0 {
                return Err(TantivyError::InternalError(format!("`{}` is in one segment twice", pair[0].0)));
            }
        }
        for (id, first, end) in documents {
            field.new_term(id.as_bytes(), 0, false)?;
            (first..end).for_each(|passage| field.write_doc(passage, 0, &[]));
            field.close_term()?;
        }
        Ok(())
    }
}

/// The words of all passages, on their way to postings.
struct Inversion {
    /// The term of each word in the order of the text: a rank in the dictionary, or behind those, a number in `others`.
    tokens: Vec<u32>,
    /// For each passage, where its words end in `tokens`.
    ends: Vec<u32>,
    /// Words in the dictionary.
    dictionary: u32,
    /// A bit for each rank, whether it is used: so few bytes stay near.
    is_used: Vec<u64>,
    /// For each rank that is used, the word.
    used: Vec<(u32, Box<str>)>,
    /// The words that are in no dictionary, with their numbers. Hashed by seeds that no text can know, and faster than the standard
    /// library does.
    others: HashMap<Box<str>, u32, RandomState>,
}

impl Inversion {
    fn new(dictionary: usize) -> Self {
        Inversion {
            tokens: Vec::new(),
            ends: Vec::new(),
            dictionary: dictionary as u32,
            is_used: vec![0; dictionary.div_ceil(64)],
            used: Vec::new(),
            others: HashMap::default(),
        }
    }

    fn passages(&self) -> u32 {
        self.ends.len() as u32
    }

    /// How many words each passage has.
    fn lengths(&self) -> impl Iterator<Item = u32> + '_ {
        let starts = [0].into_iter().chain(self.ends.iter().copied());
        self.ends.iter().zip(starts).map(|(end, start)| end - start)
    }

    /// Whether the word is taken in: it is not if it is longer than any term can be.
    fn add(&mut self, text: &str, word: Word) -> bool {
        let Word { range, rank, .. } = word;
        let Some(rank) = rank else { return self.add_other(&text[range]) };
        let (bits, bit) = (&mut self.is_used[rank as usize / 64], 1 << (rank % 64));
        if *bits & bit == 0 {
            *bits |= bit;
            self.used.push((rank, text[range].into()));
        }
        self.tokens.push(rank);
        true
    }

    fn add_other(&mut self, word: &str) -> bool {
        if word.len() > LONGEST_TERM {
            return false;
        }
        let number = match self.others.get(word) {
            Some(&number) => number,
            None => {
                let number = self.others.len() as u32;
                self.others.insert(word.into(), number);
                number
            }
        };
        self.tokens.push(self.dictionary + number);
        true
    }

    fn end_passage(&mut self) {
        self.ends.push(self.tokens.len() as u32);
    }

    /// Writes the postings of all terms. A counting sort: the passages of each term lie beside each other, ascending.
    fn write(&mut self, field: &mut FieldSerializer) -> tantivy::Result<()> {
        // where the passages of each term begin
        let mut next = vec![0u32; self.dictionary as usize + self.others.len()];
        for &term in &self.tokens {
            next[term as usize] += 1;
        }
        let mut sum = 0;
        for count in &mut next {
            sum += std::mem::replace(count, sum);
        }
        let mut passages = vec![0u32; self.tokens.len()];
        let mut start = 0;
        for (passage, &end) in self.ends.iter().enumerate() {
            for &term in &self.tokens[start..end as usize] {
                let place = &mut next[term as usize];
                passages[*place as usize] = passage as u32;
                *place += 1;
            }
            start = end as usize;
        }
        self.tokens = Vec::new();
        // each start has moved to its term's end
        let mut others: Vec<(&str, u32)> =
            self.others.iter().map(|(word, number)| (&**word, self.dictionary + number)).collect();
        others.sort_unstable();
        self.used.sort_unstable();
        let mut words = self.used.iter().map(|(rank, word)| (&**word, *rank)).peekable();
        let mut others = others.into_iter().peekable();
        loop {
            let (word, term) = match (words.peek(), others.peek()) {
                (Some(word), Some(other)) if word.0 < other.0 => words.next(),
                (_, Some(_)) => others.next(),
                _ => words.next(),
            }
            .unwrap_or_default();
            if word.is_empty() {
                return Ok(());
            }
            let start = term.checked_sub(1).map_or(0, |before| next[before as usize]);
            let places = &passages[start as usize..next[term as usize] as usize];
            let count = places.chunk_by(|a, b| a == b).count();
            field.new_term(word.as_bytes(), count as u32, true)?;
            for places in places.chunk_by(|a, b| a == b) {
                field.write_doc(places[0], places.len() as u32, &[]);
            }
            field.close_term()?;
        }
    }
}

#[cfg(test)]
mod tests {
    use tantivy::collector::Count;
    use tantivy::postings::Postings;
    use tantivy::query::AllQuery;
    use tantivy::schema::IndexRecordOption;
    use tantivy::{DocSet, Index, SegmentReader, TERMINATED};

    use super::*;
    use crate::fold::fold;
    use crate::store::component::TextPlugin;

    /// Two segments with the same terms, postings and norms of a field.
    fn assert_same_field(ours: &SegmentReader, theirs: &SegmentReader, field: tantivy::schema::Field) {
        let (ours_index, theirs_index) = (ours.inverted_index(field).unwrap(), theirs.inverted_index(field).unwrap());
        assert_eq!(ours_index.total_num_tokens(), theirs_index.total_num_tokens());
        let (mut a, mut b) = (ours_index.terms().stream().unwrap(), theirs_index.terms().stream().unwrap());
        let mut terms = 0;
        while let Some((term, info)) = b.next() {
            let (our_term, our_info) = a.next().expect("a term is missing");
            assert_eq!(our_term, term, "{}", String::from_utf8_lossy(term));
            assert_eq!(our_info.doc_freq, info.doc_freq);
            let option = IndexRecordOption::WithFreqs;
            let mut ours = ours_index.read_postings_from_terminfo(our_info, option).unwrap();
            let mut theirs = theirs_index.read_postings_from_terminfo(info, option).unwrap();
            loop {
                assert_eq!((ours.doc(), ours.term_freq()), (theirs.doc(), theirs.term_freq()));
                if theirs.doc() == TERMINATED {
                    break;
                }
                ours.advance();
                theirs.advance();
            }
            terms += 1;
        }
        assert!(a.next().is_none() && terms > 1, "{terms} terms");
    }

    /// The segment of the same passages that tantivy's own indexer makes, word by word, is the same.
    #[test]
    fn it_is_the_segment_that_tantivy_makes() {
        let report = include_str!("../../../corpus/港门镇政府工作报告_2025.txt");
        let texts = [report, "第二份。GDP增长5%，PM2.5下降。", "", "龘靐，港长制\n另一段"];
        let schema = Schema::new();
        let index = || {
            let settings = tantivy::IndexSettings { docstore_compression: Compressor::None, ..Default::default() };
            Index::builder().schema(schema.tantivy.clone()).settings(settings)
        };
        let ours = index().register_plugin(std::sync::Arc::new(TextPlugin)).create_in_ram().unwrap();
        let theirs = index().create_in_ram().unwrap();
        let cutter = Cutter::new();
        let mut builder = SegmentBuilder::new(cutter.dictionary());
        let mut writer = theirs.writer_with_num_threads(1, 20_000_000).unwrap();
        for (at, text) in texts.iter().enumerate() {
            let document = Document::from_text(format!("文件{}", texts.len() - at), *text);
            builder.add(&document, &cutter);
            let mut scratch = Scratch::default();
            for passage in &document.passages {
                // words are cut within a paragraph, which is folded whole
                let folded = fold(&text[passage.range.clone()]);
                let mut words = Vec::new();
                cutter.cut(&folded, &mut scratch, |word| words.push(folded.text[word.range].to_string()));
                let mut entry = TantivyDocument::new();
                entry.add_text(schema.document, &document.id);
                entry.add_text(schema.words, words.join(" "));
                writer.add_document(entry).unwrap();
            }
        }
        writer.commit().unwrap();
        let segment = ours.new_segment();
        let meta = builder.write(&segment, &schema).unwrap();
        let mut engine: tantivy::IndexWriter = ours.writer_with_num_threads(1, 15_000_000).unwrap();
        engine.add_segment(meta).unwrap();
        engine.commit().unwrap();

        let [ours, theirs] = [&ours, &theirs].map(|index| index.reader().unwrap().searcher());
        assert_eq!(ours.search(&AllQuery, &Count).unwrap(), theirs.search(&AllQuery, &Count).unwrap());
        let (a, b) = (&ours.segment_readers()[0], &theirs.segment_readers()[0]);
        for field in [schema.document, schema.words] {
            assert_same_field(a, b, field);
        }
        let norms = |reader: &SegmentReader| {
            let norms = reader.get_fieldnorms_reader(schema.words).unwrap();
            (0..reader.max_doc()).map(|passage| norms.fieldnorm_id(passage)).collect::<Vec<_>>()
        };
        assert_eq!(norms(a), norms(b));
        assert!(norms(a).len() > 60, "help: the report has more passages than that");
    }
}
