//! `serve`: a search page and a JSON API over HTTP, from one index that is opened once. `run` accepts connections until it
//! is told to stop; `api` and `page` are what they meet, `guard` decides who may ask, `work` when a question is answered.
//! Everything that answers is a plain function of `answers`, which `mcp` uses too.

pub mod answers;
mod api;
pub mod asked;
mod guard;
mod metrics;
mod openapi;
mod page;
pub mod problem;
pub mod reload;
pub mod work;

use std::io;
use std::net::{IpAddr, SocketAddr};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use anyhow::{Context as _, Result};
use axum::Router;
use gm_index::{Index, Synonyms};
use hyper::service::{Service, service_fn};
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio_io_timeout::TimeoutStream;

use self::guard::Guard;
use crate::stop::Stop;

/// Bytes of a request's line and headers that are taken at least; from some point beyond the answer is 431.
const MOST_HEADER_BYTES: usize = 64 << 10;

/// Connections open at once; further ones wait to be accepted. Where clients are held to a rate, none has more than its share.
const MOST_CONNECTIONS: usize = 1024;
const SHARE: usize = MOST_CONNECTIONS / 8;

/// How long a client may take for the headers of a request, and may keep a connection without asking.
const HEADER_TIME: Duration = Duration::from_secs(10);

/// How long a client may let an answer wait to be read.
const WRITE_TIME: Duration = Duration::from_secs(20);

/// How long requests at work may still take when the server is told to stop.
const STOP_TIME: Duration = Duration::from_secs(10);

/// How the server was asked to run.
pub struct Settings {
    pub addr: SocketAddr,
    /// Where the index is, to notice its commits.
    pub path: PathBuf,
    pub synonyms: Synonyms,
    /// What a client must say; `None` if anyone may ask.
    pub token: Option<String>,
    /// Whether others than this machine's own programs may ask.
    pub public: bool,
    /// Requests a second for each client on average; 0 for any number.
    pub rate: u32,
    /// How long an answer may take.
    pub time: Duration,
    pub uploads: bool,
}

/// What every request is answered from.
pub struct Server {
    pub index: Index,
    pub synonyms: Synonyms,
    pub uploads: bool,
    work: work::Work,
    metrics: metrics::Metrics,
    guard: Arc<Guard>,
    /// What the front page and /healthz tell of the index; made again after a commit.
    holdings: std::sync::RwLock<Arc<reload::Holdings>>,
}

/// The address that a request came from.
#[derive(Clone, Copy, Debug)]
struct Peer(IpAddr);

/// Answers until a signal says stop. Calls `ready` with the address once it listens.
pub fn run(index: Index, settings: Settings, ready: impl FnOnce(SocketAddr)) -> Result<()> {
    let cores = std::thread::available_parallelism().map_or(1, |cores| cores.get());
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(cores.min(4))
        .max_blocking_threads(work::threads(cores) + 4)
        .enable_all()
        .build()
        .context("cannot start the server's threads")?;
    let served = runtime.block_on(async {
        let listener =
            TcpListener::bind(settings.addr).await.with_context(|| format!("cannot listen on {}", settings.addr))?;
        let bound = listener.local_addr()?;
        let server = Arc::new(Server {
            holdings: std::sync::RwLock::new(Arc::new(reload::Holdings::read(&index)?)),
            index,
            synonyms: settings.synonyms,
            uploads: settings.uploads,
            work: work::Work::new(cores, settings.time),
            metrics: metrics::Metrics::default(),
            guard: Arc::new(Guard::new(bound, settings.token, settings.public, settings.rate)),
        });
        tokio::spawn(reload::watch(server.clone(), reload::Watch::new(&settings.path)));
        let guard = server.guard.clone();
        let router = router(server);
        let mut stop = Stop::listen().context("cannot wait for signals")?;
        ready(bound);
        accept(listener, Semaphore::new(MOST_CONNECTIONS), guard, router, stop.told()).await;
        Ok(())
    });
    // work that nobody waits for any more ends with the process
    runtime.shutdown_background();
    served
}

fn router(server: Arc<Server>) -> Router {
    let layer = axum::middleware::from_fn_with_state(server.clone(), guard::pass);
    api::routes().merge(page::routes()).layer(layer).with_state(server)
}

/// Takes connections until `stop`; then lets those at work finish.
async fn accept(
    listener: TcpListener,
    places: Semaphore,
    guard: Arc<Guard>,
    router: Router,
    stop: impl Future<Output = ()>,
) {
    let places = Arc::new(places);
    let graceful = GracefulShutdown::new();
    tokio::pin!(stop);
    loop {
        let next = async {
            let place = places.clone().acquire_owned().await.map_err(io::Error::other)?;
            Ok::<_, io::Error>((place, listener.accept().await?))
        };
        let accepted = tokio::select! {
            accepted = next => accepted,
            () = &mut stop => break,
        };
        match accepted {
            Ok((place, (stream, peer))) => {
                // closed at once, since even a refusal would have to be read
                let Some(connected) = guard.connect(peer.ip()) else { continue };
                let connection = graceful.watch(connection(stream, Peer(peer.ip()), router.clone()));
                tokio::spawn(async move {
                    // a client that leaves or sends nonsense is no failure of ours
                    let _ = connection.await;
                    drop((place, connected));
                });
            }
            // out of file descriptors, most likely: let some go first
            Err(_) => tokio::time::sleep(Duration::from_millis(50)).await,
        }
    }
    drop(listener);
    let _ = tokio::time::timeout(STOP_TIME, graceful.shutdown()).await;
}

type Connection<S> = hyper::server::conn::http1::Connection<TokioIo<std::pin::Pin<Box<TimeoutStream<TcpStream>>>>, S>;

/// A connection with its limits.
fn connection(
    stream: TcpStream,
    peer: Peer,
    router: Router,
) -> Connection<
    impl Service<
        hyper::Request<hyper::body::Incoming>,
        Response = axum::response::Response,
        Error = std::convert::Infallible,
        Future: Send + 'static,
    >,
> {
    let _ = stream.set_nodelay(true);
    let mut stream = TimeoutStream::new(stream);
    stream.set_write_timeout(Some(WRITE_TIME));
    let service = service_fn(move |mut request: hyper::Request<hyper::body::Incoming>| {
        request.extensions_mut().insert(peer);
        TowerToHyperService::new(router.clone()).call(request)
    });
    hyper::server::conn::http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_TIME)
        .max_buf_size(MOST_HEADER_BYTES)
        .serve_connection(TokioIo::new(Box::pin(stream)), service)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn to_stop_is_heard_where_no_place_is_free() {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            let guard = Arc::new(Guard::new(listener.local_addr().unwrap(), None, false, 0));
            let stopped = accept(listener, Semaphore::new(0), guard, Router::new(), async {});
            tokio::time::timeout(Duration::from_secs(5), stopped).await.expect("it stops");
        });
    }
}
