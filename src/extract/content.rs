//! What the first bytes of a file say of its format, whatever it is called: pages are saved as .txt and come as .docx.

use memchr::memmem;

use super::plain::decode;

/// How files of a format begin, in lower case.
const BEGINNINGS: [(&str, &str); 4] =
    [("<!doctype html", "web page"), ("<html", "web page"), ("{\\rtf", "rich text"), ("%pdf-", "PDF")];
/// So many bytes tell it.
const HEAD: usize = 4096;

/// The name of the format, as [`FORMATS`](super::FORMATS) has it, of a file with these bytes; `None` if they do not tell.
pub fn format_name(bytes: &[u8]) -> Option<&'static str> {
    if bytes.starts_with(b"PK\x03\x04") {
        return packed(bytes);
    }
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(HEAD)]).to_lowercase();
    if head.contains("mime-version:") && head.contains("multipart/related") {
        return Some("web archive");
    }
    let mut head = head.trim_start_matches('\u{feff}').trim_start();
    // a page may have a declaration or remarks at its head
    for (open, close) in [("<?xml", "?>"), ("<!--", "-->")] {
        while let Some((_, behind)) = head.strip_prefix(open).and_then(|inside| inside.split_once(close)) {
            head = behind.trim_start();
        }
    }
    BEGINNINGS.iter().find(|(beginning, _)| head.starts_with(beginning)).map(|(_, name)| *name)
}

/// Whether these bytes are plain text, most of it Chinese: what is left of a damaged file of another format is no such thing.
pub fn is_chinese(bytes: &[u8]) -> bool {
    let is_damaged = memmem::find(bytes, b"%PDF-").is_some() || memmem::find(bytes, b"{\\rtf").is_some();
    let Ok((text, _)) = decode(bytes) else { return false };
    let seen = text.chars().filter(|c| !c.is_whitespace()).count();
    let chinese = text.chars().filter(|c| matches!(c, '\u{4e00}'..='\u{9fff}')).count();
    !is_damaged && chinese * 2 > seen && !text.chars().any(|c| c.is_control() && !c.is_whitespace())
}

/// The format of an office document: one says what it is in its first member, the other has its text in a member of this name.
fn packed(bytes: &[u8]) -> Option<&'static str> {
    const NAME: usize = 30;
    let is_open = bytes.get(NAME..)?.starts_with(b"mimetypeapplication/vnd.oasis.opendocument.text");
    let is_word = || memmem::find(bytes, b"word/document").is_some();
    if is_open { Some("OpenDocument") } else { is_word().then_some("Word") }
}

#[cfg(test)]
mod tests {
    use super::super::archive::packed;
    use super::*;

    #[test]
    fn bytes_tell_their_format() {
        let word = packed(&[("[Content_Types].xml", b"<a/>"), ("word/document.xml", b"<a/>")]);
        let head = [&b"PK\x03\x04"[..], &[0; 26], b"mimetypeapplication/vnd.oasis.opendocument.text"].concat();
        for (bytes, name) in [
            (&b"\xef\xbb\xbf \n<!DOCTYPE HTML PUBLIC>"[..], Some("web page")),
            (b"<?xml version='1.0'?>\n<!-- saved from url --><html>", Some("web page")),
            (b"{\\rtf1", Some("rich text")),
            (b"%PDF-1.7", Some("PDF")),
            (b"From: <Saved by Blink>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related;", Some("web archive")),
            ("关于<html>的通知".as_bytes(), None),
            (b"PK\x03\x04", None),
            (b"", None),
        ] {
            assert_eq!(format_name(bytes), name);
        }
        assert_eq!((format_name(&word), format_name(&head)), (Some("Word"), Some("OpenDocument")));
    }
}
