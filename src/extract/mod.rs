//! Bytes of a file to text. One file a format, and one table, [`FORMATS`], that lists them.
//!
//! To add a format: write its file with a function from bytes to [`Extracted`], add a row to the table with version 1,
//! and a test that it gives the same text as the plain file of the same content. Raise a row's version whenever its
//! output changes: files are then read again by the next `build`. Where the first bytes of its files tell it, `content` has them.

mod archive;
mod charsets;
mod content;
mod docx;
mod elements;
mod fields;
mod flow;
mod glyphs;
mod html;
pub mod jsonl;
mod lists;
mod maps;
mod markdown;
mod notes;
mod numbering;
mod odt;
mod operators;
mod page;
mod pdf;
mod plain;
mod rtf;
mod service;
mod signs;
mod vocabulary;
mod widths;
mod withheld;
mod wrapped;
mod xml;

use std::collections::BTreeMap;
use std::io::Read;
use std::ops::RangeInclusive;
use std::path::Path;

use anyhow::{Context, Result};
use gm_index::{Level, Meta, fold};

pub use self::plain::decode;
use crate::fail::advised;

/// What a file says.
#[derive(Debug, PartialEq, Eq)]
pub struct Extracted {
    /// The text. Its lines are the file's lines.
    pub text: String,
    /// The character encoding of the file, or the name of the format where it has none.
    pub encoding: &'static str,
    /// What the file says about itself outside its text.
    pub given: Given,
    /// What of the file could not be read, and the page on which that begins.
    pub lacks: Option<(u64, String)>,
}

/// What is stated about a document, rather than found in its text. It goes before what is found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Given {
    pub id: Option<String>,
    pub title: Option<String>,
    pub kind: Option<String>,
    pub level: Option<Level>,
    pub place: Vec<String>,
    pub year: Option<u16>,
    /// `YYYY-MM-DD`.
    pub date: Option<String>,
    pub source: Option<String>,
    pub speaker: Option<String>,
    pub session: Option<String>,
    /// What stands over the text: its title, where it has none of its own.
    pub heading: Option<String>,
    /// The day on which it was published, `YYYY-MM-DD`: its date, where it has none of its own.
    pub published: Option<String>,
}

impl Given {
    /// Takes over whatever `other` states.
    pub fn state(&mut self, other: &Given) {
        fn over<T: Clone>(field: &mut Option<T>, other: &Option<T>) {
            if other.is_some() {
                field.clone_from(other);
            }
        }
        over(&mut self.id, &other.id);
        over(&mut self.title, &other.title);
        over(&mut self.kind, &other.kind);
        over(&mut self.level, &other.level);
        over(&mut self.year, &other.year);
        over(&mut self.date, &other.date);
        over(&mut self.source, &other.source);
        over(&mut self.speaker, &other.speaker);
        over(&mut self.session, &other.session);
        if !other.place.is_empty() {
            self.place.clone_from(&other.place);
        }
    }

    /// Writes what is stated into the metadata, over what was found in the text and how.
    pub fn write(self, meta: &mut Meta) {
        fn over<T>(evidence: &mut BTreeMap<String, String>, name: &str, field: &mut Option<T>, given: Option<T>) {
            if given.is_some() {
                *field = given;
                evidence.remove(name);
            }
        }
        let evidence = &mut meta.evidence;
        over(evidence, "kind", &mut meta.kind, self.kind);
        over(evidence, "level", &mut meta.level, self.level);
        over(evidence, "year", &mut meta.year, self.year);
        over(evidence, "date", &mut meta.date, self.date);
        over(evidence, "speaker", &mut meta.speaker, self.speaker);
        over(evidence, "session", &mut meta.session, self.session);
        meta.date = meta.date.take().or(self.published);
        meta.year = meta.year.or_else(|| meta.date.as_ref()?[..4].parse().ok());
        // a text without a title is called by its source
        let found = Some(std::mem::take(&mut meta.title));
        let heading = self.heading.filter(|_| found.as_ref() == Some(&meta.source));
        meta.title = self.title.or(heading).or(found).unwrap_or_default();
        meta.source = self.source.unwrap_or_else(|| std::mem::take(&mut meta.source));
        // 广东省/湛江市 are two, however they are stated
        let links = self.place.iter().flat_map(|place| place.split('/')).map(str::trim).filter(|link| !link.is_empty());
        let mut place: Vec<String> = links.map(String::from).collect();
        if !place.is_empty() {
            // the nation is a level, and no place of any chain
            if place.iter().all(|link| link == Level::Nation.name()) {
                place.clear();
                meta.level = Some(Level::Nation);
                meta.evidence.remove("level");
            }
            meta.place = place;
            meta.place_code = None;
            meta.evidence.remove("place");
        }
    }
}

/// So many lines at the head of a text are looked through for its title, and of each so many characters.
const TITLE_LINES: usize = 30;
const LONG_LINE: usize = 120;
/// A line can end in a title that has so many characters: 2025年港门镇政府工作报告 in 政府工作报告. A shorter one is any word.
const TITLE: usize = 6;

/// A text below its title, which becomes its first line, unless the text begins with it or it stands in its head: as a
/// line or over several, or at the end of one. A blank line ends it: a long title is no broken line.
pub fn below(title: &str, text: String) -> String {
    let title = title.split_whitespace().collect::<Vec<_>>().join(" ");
    let bare = fold(&title).text;
    let lines = || text.lines().filter(|line| !line.trim().is_empty()).take(TITLE_LINES);
    let mut begin = String::new();
    for line in lines() {
        if begin.len() >= bare.len() {
            break;
        }
        begin.push_str(&fold(beginning(line)).text);
    }
    // a long line is no title, nor one of its lines
    let is_short = |line: &str| beginning(line).len() == line.len();
    let is_there = || {
        let lines: Vec<Option<String>> = lines().map(|line| is_short(line).then(|| fold(line).text)).collect();
        let spans = |at: usize| {
            let mut rest = Some(bare.as_str());
            lines[at..].iter().any(|line| {
                rest = rest.zip(line.as_deref()).and_then(|(rest, line)| rest.strip_prefix(line));
                rest == Some("")
            })
        };
        let ends = |line: &Option<String>| line.as_ref().is_some_and(|line| line.ends_with(&bare));
        let may_end = bare.chars().count() >= TITLE;
        (0..lines.len()).any(|at| spans(at) || may_end && ends(&lines[at]))
    };
    if begin.starts_with(&bare) || is_there() {
        return text;
    }
    format!("{title}\n\n{text}")
}

/// As much of a line as may hold a title.
fn beginning(line: &str) -> &str {
    line.char_indices().nth(LONG_LINE).map_or(line, |(end, _)| &line[..end])
}

/// The years that people can state: four digits.
pub const YEARS: RangeInclusive<u16> = 1000..=9999;

/// How a format is read.
#[derive(Clone, Copy)]
pub enum Reader {
    /// A file is a document.
    One(fn(&[u8]) -> Result<Extracted>),
    /// A file is many documents, one a line. Each is handed over as it is read, with its line.
    Many(fn(&Path, &mut Sink) -> Result<()>),
    /// It cannot be read; what to do instead.
    Refused(&'static str),
}

/// Takes the documents of a file with many.
pub type Sink<'a> = dyn FnMut(u64, Result<Extracted>) -> Result<()> + 'a;

/// A kind of file.
pub struct Format {
    /// Its name, for the summary of a build.
    pub name: &'static str,
    /// The endings of its files, in lower case.
    pub extensions: &'static [&'static str],
    /// Changes when the output of `read` does.
    pub version: u32,
    /// Turns files into text.
    pub reader: Reader,
}

/// All formats.
pub const FORMATS: &[Format] = &[
    Format { name: "text", extensions: &["txt", "text"], version: 3, reader: Reader::One(plain::read) },
    Format { name: "Markdown", extensions: &["md", "markdown"], version: 5, reader: Reader::One(markdown::read) },
    Format { name: "Word", extensions: &["docx", "docm", "dotx"], version: 5, reader: Reader::One(docx::read) },
    Format { name: "OpenDocument", extensions: &["odt"], version: 4, reader: Reader::One(odt::read) },
    Format {
        name: "web page",
        extensions: &["html", "htm", "shtml", "xhtml"],
        version: 6,
        reader: Reader::One(html::read),
    },
    Format { name: "PDF", extensions: &["pdf"], version: 5, reader: Reader::One(pdf::read) },
    Format { name: "rich text", extensions: &["rtf"], version: 4, reader: Reader::One(rtf::read) },
    Format { name: "JSON Lines", extensions: &["jsonl", "jsonl.gz"], version: 5, reader: Reader::Many(jsonl::read) },
    refused("Word 97", &["doc", "wps"], "save it as .docx with Word, WPS or LibreOffice"),
    refused("OFD", &["ofd"], "save it as .pdf with the program that shows it"),
    refused("web archive", &["mht", "mhtml"], "open it in a browser and save the page as .html"),
    refused("sheet", &["xls", "xlsx", "xlsm", "et", "ods"], "save what is to be found as text, .docx or .pdf"),
    refused("slides", &["ppt", "pptx", "dps", "odp"], "save them as .pdf"),
    refused("archive", &["zip", "rar", "7z", "tar", "tgz", "gz", "bz2", "xz"], "unpack it and give what is in it"),
    refused("page of a server", &["aspx", "asp", "jsp", "php"], "open it in a browser and save the page as .html"),
    refused("e-book", &["epub", "ceb", "caj"], "save it as .pdf or text"),
];

/// Documents that cannot be read, so that they are named and none is missed.
const fn refused(name: &'static str, extensions: &'static [&'static str], hint: &'static str) -> Format {
    Format { name, extensions, version: 1, reader: Reader::Refused(hint) }
}

impl Format {
    /// Whether the bytes of a file tell its format and not its name: so of all that are one document, and of names under which pages
    /// and rich text are saved as well.
    pub fn is_told_by_content(&self) -> bool {
        matches!(self.reader, Reader::One(_)) || matches!(self.name, "Word 97" | "page of a server")
    }

    /// The format of a file that has this one by its name: the one that its bytes begin as, if they do and may.
    pub fn of_content(&'static self, bytes: &[u8]) -> &'static Format {
        let is_one = self.is_told_by_content();
        // files of these begin with a mark of their own, or are damaged
        let is_marked = matches!(self.name, "Word" | "Word 97" | "OpenDocument" | "PDF" | "rich text");
        let text = || (is_marked && content::is_chinese(bytes)).then_some("text");
        let said = content::format_name(bytes).or_else(text).filter(|_| is_one);
        said.and_then(|name| FORMATS.iter().find(|format| format.name == name)).unwrap_or(self)
    }

    /// Reads the one document that these bytes are.
    pub fn read(&self, bytes: &[u8]) -> Result<Extracted> {
        match self.reader {
            Reader::One(read) => read(bytes),
            Reader::Refused(hint) => Err(advised(format!("its format cannot be read ({})", self.name), hint)),
            Reader::Many(_) => Err(advised("it holds many documents", "give one document")),
        }
    }
}

/// The format of a file, by its name.
pub fn format_of(path: &Path) -> Option<&'static Format> {
    let name = path.file_name()?.to_string_lossy().to_lowercase();
    let ends = |extension: &&str| name.strip_suffix(extension).is_some_and(|stem| stem.ends_with('.'));
    FORMATS.iter().find(|format| format.extensions.iter().any(ends))
}

/// A file that is read whole has no more bytes: no report is that long, and its text is several times in memory while it is read.
const MOST: u64 = 256 << 20;

/// The bytes of a file that is one document.
pub fn whole(path: &Path) -> Result<Vec<u8>> {
    let file = fs_err::File::open(path)?;
    let length = file.metadata()?.len();
    let mut bytes = Vec::new();
    // what has no length, or grows, may never end
    if length <= MOST {
        bytes.reserve_exact(length as usize);
        file.take(MOST + 1).read_to_end(&mut bytes)?;
    }
    if length.max(bytes.len() as u64) > MOST {
        return Err(advised(
            format!("it is larger than {} MB", MOST >> 20),
            "divide it, or give its texts as JSON Lines, of which a file may be of any length",
        ));
    }
    Ok(bytes)
}

/// Reads the document in the file at `path`; of a file with many documents the first.
pub fn read(path: &Path) -> Result<Extracted> {
    let attempt = || format!("cannot read `{}`", path.display());
    let format = known_format(path)?;
    match format.reader {
        Reader::One(_) | Reader::Refused(_) if format.is_told_by_content() => {
            read_bytes(path, &whole(path).with_context(attempt)?)
        }
        Reader::One(_) | Reader::Refused(_) => read_bytes(path, &[]),
        Reader::Many(read) => {
            let mut first = None;
            // the error that ends the reading is our own
            let end = read(path, &mut |_, document| {
                first = Some(document);
                Err(anyhow::anyhow!("enough"))
            });
            match (first, end) {
                (Some(document), _) => document.with_context(attempt),
                (None, Err(error)) => Err(error).with_context(attempt),
                (None, Ok(())) => {
                    Err(advised(format!("{}: it holds no document", attempt()), "give a file with one document a line"))
                }
            }
        }
    }
}

/// Reads the document in `bytes`, the content of a file of this name. A file with many documents is refused.
pub fn read_bytes(path: &Path, bytes: &[u8]) -> Result<Extracted> {
    let format = known_format(path)?.of_content(bytes);
    format.read(bytes).with_context(|| format!("cannot read `{}`", path.display()))
}

/// The format of a file that somebody named, or an error that lists the formats there are.
pub fn known_format(path: &Path) -> Result<&'static Format> {
    format_of(path).ok_or_else(|| {
        let read = FORMATS.iter().filter(|format| !matches!(format.reader, Reader::Refused(_)));
        let known: Vec<_> = read.flat_map(|format| format.extensions).map(|e| format!(".{e}")).collect();
        advised(
            format!("cannot read `{}`: its format is not known", path.display()),
            format!("known are {}", known.join(" ")),
        )
    })
}
