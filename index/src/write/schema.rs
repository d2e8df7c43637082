//! The one schema: what tantivy holds for each passage, and the version of it all.

use tantivy::schema::{Field, IndexRecordOption, TextFieldIndexing, TextOptions};

/// The format of the files of an index. It is raised whenever they change; an index of another format is refused.
pub const FORMAT: u32 = 7;

/// The fields of a passage.
#[derive(Clone)]
pub(crate) struct Schema {
    pub tantivy: tantivy::schema::Schema,
    /// The document's id, one exact term: deletes by document.
    pub document: Field,
    /// The passage's words. Frequencies and no positions: phrases are answered by the text.
    pub words: Field,
}

impl Schema {
    pub fn new() -> Self {
        let mut builder = tantivy::schema::Schema::builder();
        let whole = TextFieldIndexing::default()
            .set_tokenizer("raw")
            .set_index_option(IndexRecordOption::Basic)
            .set_fieldnorms(false);
        let document = builder.add_text_field("document", TextOptions::default().set_indexing_options(whole));
        let indexing = TextFieldIndexing::default()
            .set_tokenizer("whitespace")
            .set_index_option(IndexRecordOption::WithFreqs)
            .set_fieldnorms(true);
        let words = builder.add_text_field("words", TextOptions::default().set_indexing_options(indexing));
        Schema { tantivy: builder.build(), document, words }
    }
}
