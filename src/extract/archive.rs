//! The ZIP file around an office document.

use std::io::{Cursor, Read};

use anyhow::Result;
use zip::ZipArchive;
use zip::result::ZipError;

use crate::fail::advised;

/// A member of an office document holds its text; more than this is a bomb.
const MOST: u64 = 64 << 20;
/// How files begin that hold an encrypted office document, and those of Word 97.
const COMPOUND: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";

pub struct Archive<'a>(ZipArchive<Cursor<&'a [u8]>>);

impl<'a> Archive<'a> {
    pub fn open(bytes: &'a [u8]) -> Result<Self> {
        if bytes.starts_with(COMPOUND) {
            return Err(advised(
                "it is encrypted, or a Word 97 document under another name",
                "open it with Word, WPS or LibreOffice and save it as .docx without a password",
            ));
        }
        let archive = ZipArchive::new(Cursor::new(bytes)).map_err(|error| {
            advised(
                format!("it is cut off, damaged or no office document ({error})"),
                "fetch it again, or open and save it with Word, WPS or LibreOffice",
            )
        })?;
        Ok(Archive(archive))
    }

    pub fn names(&self) -> impl Iterator<Item = String> {
        self.0.file_names().flatten().map(|name| name.into_owned())
    }

    /// The bytes of the member `name`, if there is one.
    pub fn member(&mut self, name: &str) -> Result<Option<Vec<u8>>> {
        let member = match self.0.by_name(name) {
            Ok(member) => member,
            Err(ZipError::FileNotFound) => return Ok(None),
            Err(ZipError::UnsupportedArchive(ZipError::PASSWORD_REQUIRED)) => return Err(encrypted()),
            Err(error) => return Err(damaged(name, &error)),
        };
        let mut bytes = Vec::new();
        member.take(MOST + 1).read_to_end(&mut bytes).map_err(|error| damaged(name, &error))?;
        if bytes.len() as u64 > MOST {
            return Err(advised(
                format!("its member `{name}` unpacks to more than {} MB", MOST >> 20),
                "no report is that long; look at where the file comes from",
            ));
        }
        Ok(Some(bytes))
    }
}

pub fn encrypted() -> anyhow::Error {
    advised("it is encrypted", "save a copy without a password")
}

fn damaged(name: &str, error: &dyn std::fmt::Display) -> anyhow::Error {
    advised(
        format!("its member `{name}` is cut off or damaged ({error})"),
        "fetch it again, or open and save it with Word, WPS or LibreOffice",
    )
}

/// A ZIP file with these members, stored or deflated.
#[cfg(test)]
pub fn packed(members: &[(&str, &[u8])]) -> Vec<u8> {
    use std::io::Write;
    let mut archive = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, content) in members {
        archive.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        archive.write_all(content).unwrap();
    }
    archive.finish().unwrap().into_inner()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bomb_and_an_encrypted_file_are_named() {
        let bomb = packed(&[("content.xml", &vec![b' '; MOST as usize + 1])]);
        assert!(bomb.len() < 1 << 20);
        let error = Archive::open(&bomb).unwrap().member("content.xml").unwrap_err();
        assert!(error.to_string().contains("more than 64 MB"), "{error}");
        assert!(Archive::open(COMPOUND).err().unwrap().to_string().contains("encrypted"));
        assert!(Archive::open(b"PK\x03\x04").err().unwrap().to_string().contains("cut off"));
    }
}
