//! How passages that match are ordered: BM25 (Robertson and Zaragoza, The Probabilistic Relevance Framework, 2009,
//! section 3.4.5) in which the query's literal parts are the terms. How often a part stands in a passage, and in how
//! many, is counted in the text, so the figures are exact.

/// The two parameters of BM25, with the values of Lucene and tantivy.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Bm25 {
    /// What repetition is worth: 0 only asks whether a term is there; the higher, the more each repetition adds.
    pub k1: f32,
    /// What length costs: 0 nothing, 1 in full proportion.
    pub b: f32,
}

impl Default for Bm25 {
    fn default() -> Self {
        Bm25 { k1: 1.2, b: 0.75 }
    }
}

impl Bm25 {
    /// The weight of a term that stands in `found` of `passages`: rarer is higher, always above 0. The form is Lucene's,
    /// ln(1 + (N − n + 0.5) / (n + 0.5)).
    pub fn rarity(found: u64, passages: u64) -> f32 {
        let (found, passages) = (found as f64, passages.max(found) as f64);
        (1.0 + (passages - found + 0.5) / (found + 0.5)).ln() as f32
    }

    /// What a term adds to the score of a passage in which it stands `count` times; `length` is the passage's share of
    /// the average length. Between 0 and k1 + 1.
    pub fn weight(self, count: u32, length: f32) -> f32 {
        let count = count as f32;
        count * (self.k1 + 1.0) / (count + self.k1 * (1.0 - self.b + self.b * length))
    }
}
