//! Requests to the nodes of an engine, as JSON over HTTP. A node that is not there, or is too busy, is asked again after a
//! while, and another before it: every request of ours may be sent twice.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant, SystemTime};

use anyhow::{Context as _, Result, anyhow};
use serde::de::DeserializeOwned;
use serde_json::Value;
use ureq::Agent;
use ureq::http::{Method, Request};
use ureq::tls::{Certificate, RootCerts, TlsConfig};

use crate::fail::advised;

/// How long a node may take for an answer.
const ANSWER_TIME: Duration = Duration::from_secs(60);

/// How long it may take to be reached.
const CONNECT_TIME: Duration = Duration::from_secs(5);

/// The first wait before a request is sent again, and the longest.
const WAIT: Duration = Duration::from_millis(100);
const LONGEST_WAIT: Duration = Duration::from_secs(5);

/// An answer of more bytes is none of ours.
const MOST_BYTES: u64 = 1 << 30;

/// How many characters of an engine's own words an error repeats.
const MOST_SAID: usize = 300;

/// How the engine knows who asks.
#[derive(Clone, Default)]
pub struct Access {
    /// The value of the header `Authorization`.
    pub authorization: Option<String>,
    /// A certificate authority to trust instead of the usual ones, as PEM.
    pub authority: Option<Vec<u8>>,
}

pub struct Client {
    agent: Agent,
    /// Addresses such as `https://host:9200`, without a slash at the end.
    nodes: Vec<String>,
    /// The node that answered last.
    current: AtomicUsize,
    authorization: Option<String>,
    /// How long a request is sent again before that fails.
    patience: Duration,
}

/// What a node answered.
pub struct Answer {
    pub status: u16,
    body: Vec<u8>,
}

impl Answer {
    pub fn is_good(&self) -> bool {
        (200..300).contains(&self.status)
    }

    pub fn json<T: DeserializeOwned>(&self) -> Result<T> {
        serde_json::from_slice(&self.body).context("the engine's answer cannot be understood")
    }

    /// Whether the engine takes nothing at all.
    fn is_blocked(&self) -> bool {
        !self.is_good() && self.json::<Value>().is_ok_and(|answer| is_block(&answer["error"]))
    }

    /// The engine's own words about what went wrong.
    pub fn reason(&self) -> String {
        let said = match serde_json::from_slice::<Value>(&self.body) {
            Ok(answer) => reason(&answer["error"]),
            Err(_) => String::from_utf8_lossy(&self.body).trim().to_string(),
        };
        let said: String = said.chars().take(MOST_SAID).collect();
        format!("status {}{}{said}", self.status, if said.is_empty() { "" } else { ", " })
    }
}

/// Whether an error says that an index or the whole engine takes nothing, most likely since its disks are full.
pub fn is_block(error: &Value) -> bool {
    matches!(error["type"].as_str(), Some("cluster_block_exception" | "index_create_block_exception"))
}

/// The failure that this is.
pub fn blocked(reason: &str) -> anyhow::Error {
    let hint = "make room in the engine, take the block away if it stays, and begin again: what was loaded stays";
    advised(format!("the engine takes nothing: {reason}"), hint)
}

/// The innermost reason that an error of the engine gives.
pub fn reason(error: &Value) -> String {
    let root = error["root_cause"].get(0).unwrap_or(error);
    let cause = error.get("caused_by").filter(|cause| !cause["reason"].is_null()).unwrap_or(root);
    match (cause["type"].as_str(), cause["reason"].as_str()) {
        (Some(kind), Some(reason)) => format!("{kind}: {reason}"),
        _ => error.as_str().map_or_else(|| error.to_string(), String::from),
    }
}

impl Client {
    pub fn new(nodes: Vec<String>, access: Access, patience: Duration) -> Result<Self> {
        let mut config = Agent::config_builder()
            .timeout_global(Some(ANSWER_TIME))
            .timeout_connect(Some(CONNECT_TIME))
            // what is asked of one host, and its secret, goes to no other
            .max_redirects(0)
            .http_status_as_error(false);
        if let Some(pem) = &access.authority {
            let certificates = ureq::tls::parse_pem(pem).filter_map(|item| match item {
                Ok(ureq::tls::PemItem::Certificate(certificate)) => Some(Ok(certificate)),
                Ok(_) => None,
                Err(error) => Some(Err(error)),
            });
            let certificates: Vec<Certificate<'static>> =
                certificates.collect::<Result<_, _>>().context("cannot read the certificates of --remote-ca")?;
            if certificates.is_empty() {
                return Err(advised(
                    "the file of --remote-ca holds no certificate",
                    "give one in PEM: it begins with -----BEGIN CERTIFICATE-----",
                ));
            }
            let roots = RootCerts::new_with_certs(&certificates);
            config = config.tls_config(TlsConfig::builder().root_certs(roots).build());
        }
        let authorization = access.authorization;
        Ok(Client { agent: config.build().into(), nodes, current: AtomicUsize::new(0), authorization, patience })
    }

    pub fn get(&self, path: &str) -> Result<Answer> {
        self.send(Method::GET, path, Vec::new())
    }

    pub fn post(&self, path: &str, body: impl Into<Vec<u8>>) -> Result<Answer> {
        self.send(Method::POST, path, body.into())
    }

    pub fn put(&self, path: &str, body: &Value) -> Result<Answer> {
        self.send(Method::PUT, path, body.to_string().into_bytes())
    }

    pub fn delete(&self, path: &str) -> Result<Answer> {
        self.send(Method::DELETE, path, Vec::new())
    }

    /// The answer to a request, good or not; fails when no node gives any, or all say for too long that they cannot now.
    fn send(&self, method: Method, path: &str, body: Vec<u8>) -> Result<Answer> {
        let start = Instant::now();
        let mut wait = WAIT;
        let mut tries = 0;
        loop {
            let current = self.current.load(Ordering::Relaxed);
            let node = &self.nodes[current % self.nodes.len()];
            let problem = match self.send_once(&method, &format!("{node}/{path}"), &body) {
                // a full disk is for people to mend
                Ok(answer) if answer.is_blocked() => return Err(blocked(&answer.reason())),
                Ok(answer) if !matches!(answer.status, 429 | 502..=504) => return Ok(answer),
                Ok(answer) => anyhow!("it answered {}", answer.reason()),
                Err(error) => error.into(),
            };
            tries += 1;
            // another thread may have gone on to the next already
            let next = current.wrapping_add(1);
            let _ = self.current.compare_exchange(current, next, Ordering::Relaxed, Ordering::Relaxed);
            // each of the others at once, then after a while
            if tries % self.nodes.len() > 0 {
                continue;
            }
            if start.elapsed() + wait > self.patience {
                let nodes = self.nodes.join(", ");
                let tried = format!("no answer from {nodes} in {} tries: {problem}", tries);
                return Err(advised(tried, "see whether the engine runs and can be reached from here, and try again"));
            }
            std::thread::sleep(jittered(wait));
            wait = (wait * 2).min(LONGEST_WAIT);
        }
    }

    fn send_once(&self, method: &Method, url: &str, body: &[u8]) -> Result<Answer, ureq::Error> {
        let mut request = Request::builder().method(method).uri(url).header("content-type", "application/json");
        if let Some(authorization) = &self.authorization {
            request = request.header("authorization", authorization);
        }
        let mut response = match body.is_empty() {
            true => self.agent.run(request.body(())?)?,
            false => self.agent.run(request.body(body)?)?,
        };
        let body = response.body_mut().with_config().limit(MOST_BYTES).read_to_vec()?;
        Ok(Answer { status: response.status().as_u16(), body })
    }
}

/// Somewhere between half of a wait and all of it, so that many clients do not come back at once.
fn jittered(wait: Duration) -> Duration {
    let nanoseconds = SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |now| now.subsec_nanos());
    wait / 2 + wait / 2 * (nanoseconds / 1000 % 1000) / 1000
}
