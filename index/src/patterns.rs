//! Regular expressions that are written in the code: each is compiled when it is first asked for.

macro_rules! patterns {
    ($($name:ident = $pattern:expr;)*) => {
        $(
            static $name: std::sync::LazyLock<regex::Regex> =
                std::sync::LazyLock::new(|| regex::Regex::new($pattern).expect("a pattern written here"));
        )*
    };
}

pub(crate) use patterns;
