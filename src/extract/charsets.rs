//! The numbers by which rich text names encodings.

use encoding_rs::{Encoding, GBK};

/// The encoding of a code page of Windows.
pub fn of_page(number: Option<i64>) -> &'static Encoding {
    match number {
        Some(936 | 54936) => GBK,
        Some(950) => encoding_rs::BIG5,
        Some(932) => encoding_rs::SHIFT_JIS,
        Some(949) => encoding_rs::EUC_KR,
        Some(65001) => encoding_rs::UTF_8,
        _ => encoding_rs::WINDOWS_1252,
    }
}

/// The encoding of a font for one script; other fonts have that of their file.
pub fn of_charset(number: Option<i64>) -> Option<&'static Encoding> {
    match number? {
        128 => Some(encoding_rs::SHIFT_JIS),
        129 => Some(encoding_rs::EUC_KR),
        134 => Some(GBK),
        136 => Some(encoding_rs::BIG5),
        _ => None,
    }
}
