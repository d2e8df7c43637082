//! Plain tantivy with a tokenizer of somebody else's, as the tokenizer's README shows it: one document a paragraph, the
//! text indexed with positions and stored, all else as tantivy has it by default.

use std::collections::{BTreeSet, HashSet};
use std::path::Path;
use std::sync::Arc;

use anyhow::{Context, Result, bail};
use cang_jie::{CangJieTokenizer, TokenizerOption};
use jieba_rs::Jieba;
use tantivy::collector::{Count, DocSetCollector, TopDocs};
use tantivy::query::{BooleanQuery, PhraseQuery, Query, TermQuery};
use tantivy::schema::{Field, IndexRecordOption, STORED, Schema, TEXT, TextFieldIndexing, Value};
use tantivy::tokenizer::{TextAnalyzer, TokenStream};
use tantivy::{DocAddress, Index, IndexReader, IndexWriter, ReloadPolicy, Searcher, TantivyDocument, Term};
use tantivy_jieba::JiebaTokenizer;

use crate::corpus::Corpus;
use crate::engine::{ENGINES, Engine, HITS};

/// Memory of each indexing thread, in bytes; gm-index has as much or less.
const MEMORY: usize = 100_000_000;

/// The name under which the tokenizer is registered.
const TOKENIZER: &str = "tokenizer";

/// tantivy and tantivy-jieba.
pub fn usual_pairing(directory: &Path, threads: usize) -> Result<Box<dyn Engine>> {
    let mut analyzer = jieba();
    // the dictionary is loaded by the first text
    analyzer.token_stream("词").advance();
    Ok(Box::new(Rival::create(directory, analyzer, threads)?))
}

/// tantivy and cang-jie, a token for each character.
pub fn one_character_a_token(directory: &Path, threads: usize) -> Result<Box<dyn Engine>> {
    Ok(Box::new(Rival::create(directory, characters(), threads)?))
}

/// The tokenizer of the engine of this name.
pub fn analyzer_of(engine: &str) -> Result<TextAnalyzer> {
    match engine {
        _ if engine == ENGINES[1].0 => Ok(jieba()),
        _ if engine == ENGINES[2].0 => Ok(characters()),
        _ => bail!("`{engine}` has a program of its own"),
    }
}

/// The tokenizer of the usual pairing, its dictionary not loaded.
fn jieba() -> TextAnalyzer {
    JiebaTokenizer::new().into()
}

/// The tokenizer of one character a token.
fn characters() -> TextAnalyzer {
    // no dictionary is needed to tell characters apart
    CangJieTokenizer { worker: Arc::new(Jieba::empty()), option: TokenizerOption::Unicode }.into()
}

pub struct Rival {
    writer: Option<IndexWriter>,
    reader: IndexReader,
    analyzer: TextAnalyzer,
    text: Field,
}

impl Rival {
    pub fn create(directory: &Path, analyzer: TextAnalyzer, threads: usize) -> Result<Rival> {
        let mut schema = Schema::builder();
        let indexing = TextFieldIndexing::default()
            .set_tokenizer(TOKENIZER)
            .set_index_option(IndexRecordOption::WithFreqsAndPositions);
        schema.add_text_field("text", (TEXT | STORED).set_indexing_options(indexing));
        let index = Index::create_in_dir(directory, schema.build())?;
        let mut rival = Rival::new(&index, analyzer)?;
        rival.writer = Some(index.writer_with_num_threads(threads, threads * MEMORY)?);
        Ok(rival)
    }

    /// An index that was built before.
    pub fn open(directory: &Path, analyzer: TextAnalyzer) -> Result<Rival> {
        Rival::new(&Index::open_in_dir(directory)?, analyzer)
    }

    fn new(index: &Index, analyzer: TextAnalyzer) -> Result<Rival> {
        index.tokenizers().register(TOKENIZER, analyzer.clone());
        let reader = index.reader_builder().reload_policy(ReloadPolicy::Manual).try_into()?;
        Ok(Rival { writer: None, reader, analyzer, text: index.schema().get_field("text")? })
    }

    /// Adds the paragraphs, commits, and waits until nothing is left to merge.
    pub fn add<P: AsRef<str>>(&mut self, paragraphs: impl Iterator<Item = Result<P>>) -> Result<()> {
        let mut writer = self.writer.take().context("an index is built once")?;
        for paragraph in paragraphs {
            let mut document = TantivyDocument::new();
            document.add_text(self.text, paragraph?.as_ref());
            writer.add_document(document)?;
        }
        writer.commit()?;
        writer.wait_merging_threads()?;
        Ok(self.reader.reload()?)
    }

    /// The tokens of a string with their positions.
    fn terms(&self, string: &str) -> Vec<(usize, Term)> {
        let mut terms = Vec::new();
        // a stream borrows its analyzer for writing; all that is copied is a handle or two
        let mut analyzer = self.analyzer.clone();
        let mut tokens = analyzer.token_stream(string);
        while let Some(token) = tokens.next() {
            terms.push((token.position, Term::from_field_text(self.text, &token.text)));
        }
        terms
    }

    /// The string as a phrase of its tokens, each at its own position, which is what tantivy's query parser makes of a
    /// string in quotes.
    fn phrase(&self, string: &str) -> Box<dyn Query> {
        let terms = self.terms(string);
        match terms.as_slice() {
            [(_, term)] => Box::new(TermQuery::new(term.clone(), IndexRecordOption::WithFreqs)),
            _ => Box::new(PhraseQuery::new_with_offset(terms)),
        }
    }

    fn read(&self, searcher: &Searcher, address: DocAddress) -> Result<String> {
        let document: TantivyDocument = searcher.doc(address)?;
        let text = document.get_first(self.text).and_then(|value| value.as_str());
        Ok(text.context("a document has its text")?.to_string())
    }
}

impl Engine for Rival {
    fn cut(&mut self, paragraph: &str) -> usize {
        let mut count = 0;
        self.analyzer.token_stream(paragraph).process(&mut |_| count += 1);
        count
    }

    fn build(&mut self, corpus: &Corpus) -> Result<()> {
        self.add(corpus.paragraphs.iter().map(|paragraph| Ok(&paragraph.text)))
    }

    fn query(&self, string: &str, show: &mut dyn FnMut(&str)) -> Result<u64> {
        let searcher = self.reader.searcher();
        let best = TopDocs::with_limit(HITS).order_by_score();
        let (best, count) = searcher.search(&self.phrase(string), &(best, Count))?;
        for (_, address) in best {
            show(&self.read(&searcher, address)?);
        }
        Ok(count as u64)
    }

    fn rank(&self, question: &str, show: &mut dyn FnMut(&str)) -> Result<()> {
        let searcher = self.reader.searcher();
        // any of the tokens, which is what the query parser makes of words with blanks between them
        let terms = question.split(' ').flat_map(|word| self.terms(word)).map(|(_, term)| term).collect();
        let query = BooleanQuery::new_multiterms_query(terms);
        for (_, address) in searcher.search(&query, &TopDocs::with_limit(HITS).order_by_score())? {
            show(&self.read(&searcher, address)?);
        }
        Ok(())
    }

    fn find(&self, corpus: &Corpus, string: &str) -> Result<BTreeSet<usize>> {
        let searcher = self.reader.searcher();
        let mut texts = HashSet::new();
        for address in searcher.search(&self.phrase(string), &DocSetCollector)? {
            texts.insert(self.read(&searcher, address)?);
        }
        // paragraphs of the same text have the same tokens: one is found if and only if the other is
        let found = |&ordinal: &usize| texts.contains(&corpus.paragraphs[ordinal].text);
        Ok((0..corpus.paragraphs.len()).filter(found).collect())
    }
}
