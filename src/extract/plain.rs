//! Plain text and Markdown.

use anyhow::Result;

use super::{Extracted, Given};
use crate::fail::advised;

/// Left where a Word document had a bookmark, by Apache Tika among others.
const BOOKMARK: &str = "[bookmark:";

pub fn read(bytes: &[u8]) -> Result<Extracted> {
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let text = std::str::from_utf8(bytes).map_err(|error| {
        let line = bytes[..error.valid_up_to()].iter().filter(|&&byte| byte == b'\n').count() + 1;
        advised(format!("it is not UTF-8 text (line {line})"), "convert it to UTF-8, for example with iconv")
    })?;
    if text.contains('\0') {
        return Err(advised("it is not text: it holds NUL characters", "give the text file that belongs to it"));
    }
    Ok(Extracted { text: without_bookmarks(text), encoding: "UTF-8", given: Given::default() })
}

fn without_bookmarks(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find(BOOKMARK) {
        let end = rest[start..].find([']', '\n']).filter(|&end| rest.as_bytes()[start + end] == b']');
        let Some(end) = end else { break };
        clean.push_str(&rest[..start]);
        rest = &rest[start + end + 1..];
    }
    clean.push_str(rest);
    clean
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bookmarks_are_residue_and_leave_their_line() {
        assert_eq!(without_bookmarks("[bookmark: _GoBack]\n标题[bookmark: x]\n[bookmark"), "\n标题\n[bookmark");
    }

    #[test]
    fn what_is_not_text_is_refused() {
        assert_eq!(read("\u{feff}港".as_bytes()).unwrap().text, "港");
        assert!(read(b"a\0b").unwrap_err().to_string().contains("NUL"));
        assert!(read(b"ok\nbad \xff").unwrap_err().to_string().contains("line 2"));
    }
}
