//! The same search on an existing distributed engine: OpenSearch 2.19 and 3, Elasticsearch where its API is the same. The engine
//! holds what `gm-index` gives it and finds candidates; `gm-index` proves, counts and ranks them. See `layout` for how an
//! index lies there, `sieve` for what is asked, `archive` for what is read, `load` for how documents come there.

mod archive;
mod client;
mod generation;
mod layout;
mod load;
mod search;
mod sieve;

use std::net::IpAddr;
use std::path::Path;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use anyhow::Result;

use archive::Known;
pub use client::Access;
use client::Client;
use layout::Fingerprint;
pub use load::Loader;

use crate::fail::advised;

/// The name of an index, where the address has none.
const NAME: &str = "gm-search";

/// How long a query waits for an engine that does not answer, and a load.
const QUERY_PATIENCE: Duration = Duration::from_secs(10);
const LOAD_PATIENCE: Duration = Duration::from_secs(120);

/// An index in an engine.
pub struct Remote {
    client: Client,
    /// For people.
    address: String,
    /// The alias of its passages; that of its documents ends in `-documents`.
    name: String,
    known: Mutex<Known>,
}

impl Remote {
    /// The index at an address such as `https://host:9200/name`, or at several nodes,
    /// `https://a:9200,https://b:9200/name`. Nothing is asked yet.
    pub fn new(address: &str, access: Access, loads: bool) -> Result<Remote> {
        let wrong = |what: &str| {
            advised(
                format!("`{address}` is no address of an engine: {what}"),
                "give one such as https://host:9200/gm-search",
            )
        };
        let mut nodes: Vec<&str> = address.split(',').map(|node| node.trim().trim_end_matches('/')).collect();
        let mut name = NAME.to_string();
        if let Some(last) = nodes.last_mut()
            && let Some((scheme, rest)) = last.split_once("://")
            && let Some((host, path)) = rest.split_once('/')
        {
            name = path.to_string();
            *last = &last[..scheme.len() + 3 + host.len()];
        }
        let is_good = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "-_.".contains(c);
        if !name.chars().all(is_good) || !name.starts_with(|c: char| c.is_ascii_alphanumeric()) {
            return Err(wrong("the name of an index is of small letters, digits, `-`, `_` and `.`"));
        }
        for node in &nodes {
            let (scheme, host) = node.split_once("://").ok_or_else(|| wrong("it begins with http:// or https://"))?;
            if !matches!(scheme, "http" | "https") || host.is_empty() {
                return Err(wrong("it begins with http:// or https://"));
            }
            if host.contains(['@', '/', '?', '#']) {
                return Err(wrong("only the last node has a path, and secrets go in a file (--remote-auth)"));
            }
            if scheme == "http" && access.authorization.is_some() && !is_loopback(host) {
                return Err(advised(
                    format!("`{node}` would get a password or key over a connection that anyone can read"),
                    "use https://",
                ));
            }
        }
        let address = format!("{}/{name}", nodes[0]);
        let patience = if loads { LOAD_PATIENCE } else { QUERY_PATIENCE };
        let client = Client::new(nodes.into_iter().map(String::from).collect(), access, patience)?;
        Ok(Remote { client, address, name, known: Mutex::default() })
    }

    pub fn address(&self) -> &str {
        &self.address
    }

    fn documents_name(&self) -> String {
        format!("{}-documents", self.name)
    }

    /// Whether the index is there. Fails if it is of another layout or its words were cut otherwise.
    pub fn exists(&self) -> Result<bool> {
        let mappings = self.by_index("open the index", &format!("{}/_mapping", self.name))?;
        if mappings.len() > 1 {
            let mut several: Vec<&str> = mappings.keys().map(String::as_str).collect();
            several.sort_unstable();
            return Err(advised(
                format!("`{}` stands for several indices: {}", self.address, several.join(", ")),
                format!("take all but the one that is to be read out of the alias `{}` in the engine", self.name),
            ));
        }
        let Some(mapping) = mappings.values().next() else { return Ok(false) };
        let meta = mapping["mappings"]["_meta"].clone();
        match serde_json::from_value::<Fingerprint>(meta) {
            Ok(fingerprint) if fingerprint == Fingerprint::own() => Ok(true),
            Ok(Fingerprint { layout, analyzer }) => {
                let own = Fingerprint::own();
                let why = format!("its layout is {layout} and its words are cut by `{analyzer}`");
                let message = format!(
                    "the index at `{}` cannot be used: {why}, here {} and `{}`",
                    self.address, own.layout, own.analyzer
                );
                Err(Other(message).into())
            }
            Err(_) => Err(advised(
                format!("`{}` is an index of something else", self.address),
                "give another name: https://host:9200/NAME",
            )),
        }
    }

    /// Fails unless the index is there.
    pub fn open(self) -> Result<Arc<Remote>> {
        match self.exists() {
            Ok(true) => Ok(Arc::new(self)),
            Ok(false) => Err(advised(
                format!("there is no index at `{}`", self.address),
                format!("load one with `gm-search --remote {} build PATH…`", self.address),
            )),
            Err(error) if error.is::<Other>() => {
                let hint = format!(
                    "`gm-search --remote {} build PATH…` makes it again; until that is done the old one stays",
                    self.address
                );
                Err(advised(error.to_string(), hint))
            }
            Err(error) => Err(error),
        }
    }
}

/// The index is of another layout or analyzer.
#[derive(Debug)]
struct Other(String);

impl std::fmt::Display for Other {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Other {}

/// Whether a host, perhaps with a port, is this machine by a name that nobody else can give away.
pub fn is_loopback(host: &str) -> bool {
    let name = match host.rsplit_once(':') {
        Some((name, port)) if port.bytes().all(|byte| byte.is_ascii_digit()) => name,
        _ => host,
    };
    let address = name.strip_prefix('[').and_then(|six| six.strip_suffix(']')).unwrap_or(name);
    name.eq_ignore_ascii_case("localhost") || address.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
}

/// Reads what the engine is to be told of who asks: a file with `user:password`, or `ApiKey …` or `Bearer …` as it is.
pub fn access(secret: Option<&Path>, authority: Option<&Path>) -> Result<Access> {
    use base64::Engine as _;
    let authorization = match secret {
        Some(file) => {
            let text = fs_err::read_to_string(file)?;
            let text = text.trim();
            Some(match text.split_once(' ') {
                Some(("ApiKey" | "Bearer" | "Basic", _)) => text.to_string(),
                _ if text.contains(':') => format!("Basic {}", base64::engine::general_purpose::STANDARD.encode(text)),
                _ => {
                    let why = format!("`{}` holds neither `user:password` nor `ApiKey …`", file.display());
                    return Err(advised(why, "write one of them into it, on one line"));
                }
            })
        }
        None => None,
    };
    Ok(Access { authorization, authority: authority.map(fs_err::read).transpose()? })
}

#[cfg(test)]
mod tests {
    use super::is_loopback;

    #[test]
    fn only_names_of_this_machine_are_loopback() {
        for host in ["localhost", "LOCALHOST:8080", "127.0.0.1", "127.0.0.1:80", "[::1]", "[::1]:8080"] {
            assert!(is_loopback(host), "{host}");
        }
        for host in ["", "example.com", "localhost.example.com:80", "10.0.0.1", "[::2]", "localhost:1@example.com"] {
            assert!(!is_loopback(host), "{host}");
        }
    }
}
