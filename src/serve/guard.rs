//! Who may ask, how often, and what browsers are told of every answer. On the loopback address a request must name it as
//! its host, so that no page of a stranger's can read the index through a name that it has pointed here.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::Instant;

use axum::extract::{MatchedPath, Request, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use base64::Engine;
use base64::prelude::BASE64_STANDARD;

use super::asked::View;
use super::problem::Problem;
use super::{Peer, SHARE, Server, page};
use crate::fail::lock;
use crate::remote::is_loopback;

/// Clients whose pace is remembered; beyond, those that have rested are forgotten.
const MOST_CLIENTS: usize = 20_000;

/// Requests that a client may make at once after a rest, as seconds of its pace: a page and what it loads.
const BURST: f64 = 4.0;

/// Told to browsers with every answer. No script, style or frame but from here, and none inside the page.
const HEADERS: [(&str, &str); 6] = [
    (
        "content-security-policy",
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'",
    ),
    ("x-content-type-options", "nosniff"),
    ("referrer-policy", "no-referrer"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=()"),
];

pub struct Guard {
    /// A hash of the token, so that comparing takes the same time whatever was sent.
    token: Option<blake3::Hash>,
    wants_loopback: bool,
    rate: f64,
    /// By address, and whether they have the token.
    clients: Mutex<HashMap<(IpAddr, bool), Pace>>,
    /// How many connections each client has.
    connections: Mutex<HashMap<IpAddr, usize>>,
}

/// A connection of a client, as long as it is open.
pub struct Connected {
    guard: Arc<Guard>,
    client: IpAddr,
}

impl Drop for Connected {
    fn drop(&mut self) {
        let mut connections = lock(&self.guard.connections);
        if let Entry::Occupied(mut count) = connections.entry(self.client) {
            *count.get_mut() -= 1;
            if *count.get() == 0 {
                count.remove();
            }
        }
    }
}

/// Whom an address stands for: one client of IPv6 has a whole /64.
fn client(peer: IpAddr) -> IpAddr {
    match peer {
        IpAddr::V6(six) => match six.to_ipv4_mapped() {
            Some(four) => IpAddr::V4(four),
            None => IpAddr::V6(Ipv6Addr::from(u128::from(six) >> 64 << 64)),
        },
        four => four,
    }
}

/// What a client has left.
struct Pace {
    requests: f64,
    at: Instant,
}

impl Guard {
    pub fn new(bound: SocketAddr, token: Option<String>, public: bool, rate: u32) -> Self {
        Guard {
            token: token.map(|token| blake3::hash(token.trim().as_bytes())),
            wants_loopback: bound.ip().is_loopback() && !public,
            rate: if public || !bound.ip().is_loopback() { rate as f64 } else { 0.0 },
            clients: Mutex::default(),
            connections: Mutex::default(),
        }
    }

    /// Lets a client connect, unless it has its share of the connections.
    pub fn connect(self: &Arc<Self>, peer: IpAddr) -> Option<Connected> {
        let client = client(peer);
        let mut connections = lock(&self.connections);
        let count = connections.entry(client).or_default();
        if self.rate > 0.0 && *count >= SHARE {
            return None;
        }
        *count += 1;
        Some(Connected { guard: self.clone(), client })
    }

    fn check(&self, request: &Request, peer: IpAddr) -> Result<(), Problem> {
        let host = request.headers().get(header::HOST).and_then(|host| host.to_str().ok());
        if self.wants_loopback && !is_loopback(host.unwrap_or_default()) {
            return Err(Problem::new(StatusCode::MISDIRECTED_REQUEST, "this server answers as localhost only")
                .with_hint("ask for http://127.0.0.1, or start the server with --public"));
        }
        let is_open = request.uri().path() == "/healthz";
        let is_let_in = self.token.is_none_or(|token| is_open || knows(request.headers(), token));
        if !self.may_ask(peer, is_let_in) {
            return Err(
                Problem::new(StatusCode::TOO_MANY_REQUESTS, "too many requests").with_hint("ask again in a while")
            );
        }
        if !is_let_in {
            return Err(Problem::new(StatusCode::UNAUTHORIZED, "the token is missing or wrong")
                .with_hint("send it as `Authorization: Bearer TOKEN`, or in a browser as the password"));
        }
        if !is_utf8(request.uri()) {
            return Err(Problem::wrong("the address is not UTF-8"));
        }
        Ok(())
    }

    /// Takes one request off what the client has left. Who has no token takes nothing from those who come from the same
    /// address with one, and cannot try any number of them either.
    fn may_ask(&self, peer: IpAddr, is_let_in: bool) -> bool {
        if self.rate == 0.0 {
            return true;
        }
        let client = (client(peer), is_let_in);
        let (full, now) = (self.rate * BURST, Instant::now());
        let mut clients = lock(&self.clients);
        if clients.len() >= MOST_CLIENTS && !clients.contains_key(&client) {
            clients.retain(|_, pace| now.duration_since(pace.at).as_secs_f64() < BURST);
        }
        let pace = clients.entry(client).or_insert(Pace { requests: full, at: now });
        pace.requests = (pace.requests + now.duration_since(pace.at).as_secs_f64() * self.rate).min(full);
        pace.at = now;
        let may = pace.requests >= 1.0;
        if may {
            pace.requests -= 1.0;
        }
        may
    }
}

/// Whether the headers hold the token: as a bearer, or as the password of a browser.
fn knows(headers: &HeaderMap, token: blake3::Hash) -> bool {
    let given = headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
    let Some((scheme, value)) = given.and_then(|given| given.split_once(' ')) else { return false };
    match scheme.to_ascii_lowercase().as_str() {
        "bearer" => blake3::hash(value.trim().as_bytes()) == token,
        "basic" => BASE64_STANDARD.decode(value.trim()).is_ok_and(|pair| {
            let password = pair.iter().position(|&byte| byte == b':').map(|at| &pair[at + 1..]);
            blake3::hash(password.unwrap_or_default()) == token
        }),
        _ => false,
    }
}

/// Whether what an address says, its `%XX` read, is UTF-8. What reads parameters would put U+FFFD for the rest and answer that.
fn is_utf8(uri: &Uri) -> bool {
    let address = uri.path_and_query().map_or("", |address| address.as_str()).as_bytes();
    let hex = |at: usize| address.get(at).and_then(|&digit| (digit as char).to_digit(16));
    let (mut bytes, mut at) = (Vec::with_capacity(address.len()), 0);
    while let Some(&byte) = address.get(at) {
        match (byte, hex(at + 1), hex(at + 2)) {
            (b'%', Some(high), Some(low)) => {
                bytes.push((high * 16 + low) as u8);
                at += 3;
            }
            _ => {
                bytes.push(byte);
                at += 1;
            }
        }
    }
    std::str::from_utf8(&bytes).is_ok()
}

/// A refusal, as the address is asked for: by programs, or by people.
fn refused(uri: &Uri, problem: Problem) -> Response {
    let of_programs = ["/api", "/healthz", "/metrics", "/openapi.json"];
    match of_programs.iter().any(|begin| uri.path().starts_with(begin)) {
        true => problem.into_response(),
        false => page::failed(&View::default(), &problem),
    }
}

/// What every request goes through, first and last.
pub async fn pass(State(server): State<Arc<Server>>, request: Request, next: Next) -> Response {
    let begun = server.metrics.begin();
    let start = Instant::now();
    let peer = request.extensions().get::<Peer>().map_or(IpAddr::from([127, 0, 0, 1]), |peer| peer.0);
    let route = request.extensions().get::<MatchedPath>().map_or("other", MatchedPath::as_str).to_string();
    let mut response = match server.guard.check(&request, peer) {
        Ok(()) => next.run(request).await,
        Err(problem) => refused(request.uri(), problem),
    };
    let status = response.status();
    let headers = response.headers_mut();
    for (name, value) in HEADERS {
        headers.insert(name, HeaderValue::from_static(value));
    }
    if status == StatusCode::UNAUTHORIZED {
        headers
            .insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Basic realm=\"gm-search\", charset=\"UTF-8\""));
    }
    headers.entry(header::CACHE_CONTROL).or_insert(HeaderValue::from_static("no-cache"));
    begun.answered(&route, status.as_u16(), start.elapsed());
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_client_has_its_pace_and_others_theirs() {
        let guard = Guard::new("0.0.0.0:80".parse().unwrap(), None, true, 5);
        let [one, other]: [IpAddr; 2] = ["10.0.0.1", "2001:db8::1"].map(|ip| ip.parse().unwrap());
        assert_eq!((0..100).filter(|_| guard.may_ask(one, true)).count(), 20);
        assert_eq!((0..100).filter(|_| guard.may_ask(one, false)).count(), 20, "tokens are not tried without end");
        assert!(guard.may_ask(other, true));
        let neighbour = "2001:db8::2".parse().unwrap();
        assert_eq!((0..100).filter(|_| guard.may_ask(neighbour, true)).count(), 19, "one client has a whole /64");
    }

    #[test]
    fn a_client_has_its_share_of_the_connections() {
        let guard = |rate| Arc::new(Guard::new("0.0.0.0:80".parse().unwrap(), None, true, rate));
        let [one, neighbour, other]: [IpAddr; 3] =
            ["2001:db8::1", "2001:db8::2", "10.0.0.1"].map(|ip| ip.parse().unwrap());
        let held = guard(5);
        let mut open: Vec<Connected> = (0..SHARE).map(|_| held.connect(one).unwrap()).collect();
        assert!(held.connect(neighbour).is_none() && held.connect(other).is_some());
        open.pop();
        assert!(held.connect(neighbour).is_some());
        drop(open);
        assert!(lock(&held.connections).is_empty());
        let proxy = guard(0);
        assert!((0..=SHARE).map(|_| proxy.connect(one)).collect::<Vec<_>>().iter().all(Option::is_some));
    }

    #[test]
    fn the_token_as_bearer_or_password() {
        let token = blake3::hash(b"geheim");
        let says = |value: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::AUTHORIZATION, value.parse().unwrap());
            knows(&headers, token)
        };
        assert!(says("Bearer geheim") && says("basic dTpnZWhlaW0="));
        assert!(!says("Bearer geheim2") && !says("Bearer") && !says("Basic dTpnZWhl") && !says("geheim"));
    }
}
