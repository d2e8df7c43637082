//! Reads a folder of reports into memory and draws strings and questions from it. A paragraph is a line that is not blank.

use std::io::{BufRead, BufReader};
use std::ops::{Range, RangeInclusive};
use std::path::{Path, PathBuf};

use anyhow::{Context, Result, ensure};
use flate2::read::MultiGzDecoder;
use jieba_rs::Jieba;
use tempfile::TempDir;
use walkdir::WalkDir;

/// Reports, and their paragraphs.
pub struct Corpus {
    pub name: &'static str,
    /// By id, ascending.
    pub documents: Vec<Document>,
    /// In the order of the documents and of their lines.
    pub paragraphs: Vec<Paragraph>,
}

pub struct Document {
    /// The path below the corpus.
    pub id: String,
    pub text: String,
}

pub struct Paragraph {
    /// An ordinal in [`Corpus::documents`].
    pub document: usize,
    /// From 1.
    pub line: usize,
    /// The line without the blanks around it.
    pub text: String,
}

impl Corpus {
    /// All `.txt` files below `root`. A file that is not UTF-8 is named and left out.
    pub fn read(name: &'static str, root: &Path) -> Result<Corpus> {
        let mut documents = Vec::new();
        for entry in WalkDir::new(root).follow_links(true) {
            let entry = entry?;
            if entry.file_type().is_file() && entry.path().extension().is_some_and(|extension| extension == "txt") {
                let id = entry.path().strip_prefix(root)?.to_string_lossy().into_owned();
                match String::from_utf8(fs_err::read(entry.path())?) {
                    Ok(text) => documents.push(Document { id, text: text.trim_start_matches('\u{feff}').to_string() }),
                    Err(_) => eprintln!("left out, not UTF-8: {id}"),
                }
            }
        }
        ensure!(!documents.is_empty(), "there is no text in `{}`", root.display());
        Corpus::new(name, documents)
    }

    fn new(name: &'static str, mut documents: Vec<Document>) -> Result<Corpus> {
        documents.sort_by(|a, b| a.id.cmp(&b.id));
        let mut paragraphs = Vec::new();
        for (document, Document { text, .. }) in documents.iter().enumerate() {
            for (line, text) in text.lines().enumerate() {
                if !text.trim().is_empty() {
                    paragraphs.push(Paragraph { document, line: line + 1, text: text.trim().to_string() });
                }
            }
        }
        Ok(Corpus { name, documents, paragraphs })
    }

    /// The documents of gzipped JSON Lines, `{"id":…,"text":…}` each.
    pub fn read_lines(name: &'static str, files: &[PathBuf]) -> Result<Corpus> {
        let mut documents = Vec::new();
        for file in files {
            let name = file.file_name().unwrap_or_default().display();
            for (at, line) in BufReader::new(MultiGzDecoder::new(fs_err::File::open(file)?)).lines().enumerate() {
                let entry: serde_json::Value = serde_json::from_str(&line?)?;
                let text = entry["text"].as_str().unwrap_or_default().to_string();
                documents.push(Document { id: format!("{name}:{at:06}"), text });
            }
        }
        Corpus::new(name, documents)
    }

    /// Documents of this one, in random order, until they have so many bytes or there are no more. The same ones in every
    /// run, and those of a smaller part are in a larger one.
    pub fn part(&self, bytes: usize) -> Result<Corpus> {
        let mut random = Random(SEED);
        let mut left: Vec<usize> = (0..self.documents.len()).collect();
        let (mut taken, mut size) = (Vec::new(), 0);
        while size < bytes && !left.is_empty() {
            let Document { id, text } = &self.documents[left.swap_remove(random.below(left.len()))];
            size += text.len();
            taken.push(Document { id: id.clone(), text: text.clone() });
        }
        Corpus::new(self.name, taken)
    }

    /// A folder with a text file for each document, for those that read from a disk.
    pub fn write(&self) -> Result<TempDir> {
        let folder = tempfile::tempdir()?;
        for (at, document) in self.documents.iter().enumerate() {
            fs_err::write(folder.path().join(format!("{at:06}.txt")), &document.text)?;
        }
        Ok(folder)
    }

    /// UTF-8 bytes of all documents.
    pub fn bytes(&self) -> usize {
        self.documents.iter().map(|document| document.text.len()).sum()
    }

    /// The ordinals of the paragraphs on these lines of the document `id`.
    pub fn paragraphs_on(&self, id: &str, lines: RangeInclusive<usize>) -> Result<Range<usize>> {
        let found = self.documents.binary_search_by(|document| document.id.as_str().cmp(id));
        let document = found.ok().with_context(|| format!("an answer from no document of the corpus: `{id}`"))?;
        let before = |line| self.paragraphs.partition_point(|p| (p.document, p.line) < (document, line));
        Ok(before(*lines.start())..before(lines.end() + 1))
    }

    /// The ordinals of the paragraphs that hold `string`, ascending.
    pub fn paragraphs_with(&self, string: &str) -> Vec<usize> {
        (0..self.paragraphs.len()).filter(|&ordinal| self.paragraphs[ordinal].text.contains(string)).collect()
    }

    /// At most `count` different strings of 2 to 8 characters, each place in the corpus as likely as the next. The same
    /// ones in every run. A string that would begin or end with a blank is not used: nobody types it.
    pub fn strings(&self, count: usize) -> Vec<String> {
        let paragraphs = self.paragraphs.iter().map(|paragraph| paragraph.text.as_str());
        let places: Vec<&str> =
            paragraphs.flat_map(|text| text.char_indices().map(move |(at, _)| &text[at..])).collect();
        draw(count, |random| {
            let length = 2 + random.below(7);
            let string: String = places[random.below(places.len())].chars().take(length).collect();
            (string.chars().count() == length && string.trim() == string).then_some(string)
        })
    }

    /// At most `count` different words of 2 characters or more as `jieba` cuts them, each in the corpus as likely as the
    /// next. The same ones in every run.
    pub fn words(&self, count: usize, jieba: &Jieba) -> Vec<String> {
        let words: Vec<&str> = self.paragraphs.iter().flat_map(|paragraph| words_of(paragraph, jieba)).collect();
        draw(count, |random| (!words.is_empty()).then(|| words[random.below(words.len())].to_string()))
    }

    /// At most `count` questions: three different words of 2 characters or more from one paragraph, each paragraph as
    /// likely as the next, with blanks between them. That paragraph has all its words.
    pub fn questions(&self, count: usize, jieba: &Jieba) -> Vec<String> {
        draw(count, |random| {
            let paragraph = &self.paragraphs[random.below(self.paragraphs.len())];
            let mut words: Vec<&str> = words_of(paragraph, jieba).collect();
            words.sort_unstable();
            words.dedup();
            if words.len() < 3 {
                return None;
            }
            let mut word = || words.swap_remove(random.below(words.len()));
            Some([word(), word(), word()].join(" "))
        })
    }
}

/// The paragraphs of a text.
pub fn paragraphs(text: &str) -> impl Iterator<Item = &str> {
    text.lines().map(str::trim).filter(|line| !line.is_empty())
}

fn words_of<'p>(paragraph: &'p Paragraph, jieba: &Jieba) -> impl Iterator<Item = &'p str> + use<'p> {
    jieba.cut(&paragraph.text, false).into_iter().map(|token| token.word).filter(|word| is_word(word))
}

/// Letters and no digits, at least two of them.
fn is_word(word: &str) -> bool {
    word.chars().all(char::is_alphabetic) && word.chars().nth(1).is_some()
}

/// Different strings that `next` gives. Fewer than `count` if the corpus is too small to have as many.
fn draw(count: usize, mut next: impl FnMut(&mut Random) -> Option<String>) -> Vec<String> {
    let mut random = Random(SEED);
    let mut strings = Vec::with_capacity(count);
    for _ in 0..count * 100 {
        if strings.len() == count {
            break;
        }
        if let Some(string) = next(&mut random).filter(|string| !strings.contains(string)) {
            strings.push(string);
        }
    }
    strings
}

/// Of all that is drawn.
const SEED: u64 = 20_250_408;

/// SplitMix64 (Steele, Lea and Flood, 2014), written out so that no update of a crate ever draws other strings.
struct Random(u64);

impl Random {
    fn below(&mut self, end: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        ((mixed ^ (mixed >> 31)) % end as u64) as usize
    }
}
