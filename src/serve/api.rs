//! The JSON API: the routes, each of which answers with what a function of `answers` finds out. /openapi.json describes them
//! from a list of its own; a test asks all that stands there.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes, HttpBody};
use axum::extract::{DefaultBodyLimit, FromRequest, FromRequestParts, Path, Query, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde::Serialize;
use serde::de::DeserializeOwned;

use super::answers::{self, *};
use super::problem::Problem;
use super::work::{Lane, Permit};
use super::{Server, openapi};
use crate::answer::outline::Outlined;

/// Parameters of an address; a wrong one is a problem with its name.
struct Asked<T>(T);

impl<T: DeserializeOwned, S: Send + Sync> FromRequestParts<S> for Asked<T> {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        match Query::<T>::try_from_uri(&parts.uri) {
            Ok(Query(asked)) => Ok(Asked(asked)),
            Err(error) => Err(Problem::wrong(error.body_text()).with_hint("/openapi.json tells the parameters")),
        }
    }
}

/// What an address names in its path; one that is no text is a problem like any other.
pub struct Named(pub String);

impl<S: Send + Sync> FromRequestParts<S> for Named {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, state: &S) -> Result<Self, Problem> {
        let name = Path::from_request_parts(parts, state).await;
        name.map(|Path(name)| Named(name)).map_err(|error| Problem::wrong(error.body_text()))
    }
}

/// An answer as JSON.
fn json(answer: &impl Serialize) -> Result<Response, Problem> {
    let mut body = serde_json::to_vec(answer).map_err(|error| Problem::internal(error.to_string()))?;
    body.push(b'\n');
    Ok(([(header::CONTENT_TYPE, HeaderValue::from_static("application/json"))], body).into_response())
}

type Answer = Result<Response, Problem>;
type Shared = State<Arc<Server>>;

pub fn routes() -> Router<Arc<Server>> {
    Router::new()
        .route("/api/outline", post(upload_outline))
        .route("/api/dup", post(upload_dup))
        .route("/api/similar", post(upload_similar))
        .route("/api/search", get(search))
        .route("/api/count", get(count))
        .route("/api/kwic", get(kwic))
        .route("/api/trend", get(trend))
        .route("/api/cite", get(cite))
        .route("/api/facets", get(facets))
        .route("/api/suggest", get(suggest))
        .route("/api/documents/{*id}", get(document))
        .route("/api/passages/{*id}", get(passage))
        .route("/api/outline/{*id}", get(outline))
        .route("/healthz", get(health))
        .route("/metrics", get(metrics))
        .route("/openapi.json", get(description))
        .route("/api", get(absent))
        .route("/api/", get(absent))
        .route("/api/{*other}", get(absent))
        .method_not_allowed_fallback(async || {
            Problem::new(StatusCode::METHOD_NOT_ALLOWED, "this address is not asked in this way")
        })
}

async fn search(State(server): Shared, Asked(asked): Asked<SearchParams>) -> Answer {
    let lane = Lane::of(&asked.q);
    let on = server.clone();
    server.work.run(lane, move || json(&answers::search(&on.index, &on.synonyms, &asked)?)).await
}

async fn count(State(server): Shared, Asked(asked): Asked<CountParams>) -> Answer {
    let on = server.clone();
    server.work.run(Lane::Hard, move || json(&answers::count(&on.index, &asked)?)).await
}

async fn kwic(State(server): Shared, Asked(asked): Asked<KwicParams>) -> Answer {
    let on = server.clone();
    server.work.run(Lane::Hard, move || json(&answers::kwic(&on.index, &asked)?)).await
}

async fn trend(State(server): Shared, Asked(asked): Asked<TrendParams>) -> Answer {
    let on = server.clone();
    server.work.run(Lane::Hard, move || json(&answers::trend(&on.index, &asked)?)).await
}

async fn cite(State(server): Shared, Asked(asked): Asked<CiteParams>) -> Answer {
    let on = server.clone();
    server.work.run(Lane::Hard, move || json(&answers::cite(&on.index, &asked)?)).await
}

async fn facets(State(server): Shared, Asked(asked): Asked<QueryParams>) -> Answer {
    let lane = Lane::of(&asked.q);
    let on = server.clone();
    server.work.run(lane, move || json(&answers::facets(&on.index, &on.synonyms, &asked)?)).await
}

async fn suggest(State(server): Shared, Asked(asked): Asked<SuggestParams>) -> Answer {
    let on = server.clone();
    server.work.run(Lane::of(&asked.q), move || json(&answers::suggest(&on.index, &asked)?)).await
}

async fn document(State(server): Shared, Named(id): Named, Asked(NoParams {}): Asked<NoParams>) -> Answer {
    let on = server.clone();
    server.work.run(Lane::Quick, move || json(&answers::document(&on.index, &id).map_err(in_address)?)).await
}

async fn passage(State(server): Shared, Named(id): Named, Asked(asked): Asked<PassageParams>) -> Answer {
    let on = server.clone();
    server.work.run(Lane::Quick, move || json(&answers::passage(&on.index, &id, &asked).map_err(in_address)?)).await
}

async fn outline(State(server): Shared, Named(id): Named, Asked(NoParams {}): Asked<NoParams>) -> Answer {
    let on = server.clone();
    server.work.run(Lane::Quick, move || json(&answers::outline(&on.index, &id).map_err(in_address)?)).await
}

/// A problem with an id, for those who write it into an address.
fn in_address(problem: Problem) -> Problem {
    match &problem.hint {
        Some(hint) if problem.status() == StatusCode::NOT_FOUND => {
            let hint = format!("{hint}; `#` is written %23 in an address");
            problem.with_hint(hint)
        }
        _ => problem,
    }
}

/// Most bytes of a document that is sent.
pub const MOST_UPLOAD: usize = 10 << 20;

/// How long a client may take to send one.
pub const UPLOAD_TIME: Duration = Duration::from_secs(30);

/// Whether documents may be sent.
pub fn takes_documents(server: &Server) -> Result<(), Problem> {
    match server.uploads {
        true => Ok(()),
        false => {
            Err(Problem::new(StatusCode::FORBIDDEN, "this server takes no documents")
                .with_hint("start it with --uploads"))
        }
    }
}

/// A document that is sent, with the right to hold it; nothing of it is kept.
async fn received(server: &Server, body: Body) -> Result<(Bytes, Permit), Problem> {
    takes_documents(server)?;
    let permit = server.work.upload().await?;
    let too_long =
        || Problem::new(StatusCode::PAYLOAD_TOO_LARGE, format!("a document has at most {MOST_UPLOAD} bytes"));
    if body.size_hint().lower() > MOST_UPLOAD as u64 {
        return Err(too_long());
    }
    let mut request = Request::new(body);
    DefaultBodyLimit::max(MOST_UPLOAD).apply(&mut request);
    match tokio::time::timeout(UPLOAD_TIME, Bytes::from_request(request, &())).await {
        Ok(Ok(bytes)) => Ok((bytes, permit)),
        Ok(Err(failed)) if failed.status() == StatusCode::PAYLOAD_TOO_LARGE => Err(too_long()),
        Ok(Err(failed)) => Err(Problem::new(StatusCode::BAD_REQUEST, failed.body_text())),
        Err(_) => Err(Problem::new(StatusCode::REQUEST_TIMEOUT, "the document came too slowly")),
    }
}

async fn upload_outline(State(server): Shared, Asked(asked): Asked<UploadParams>, body: Body) -> Answer {
    let (bytes, _permit) = received(&server, body).await?;
    server.work.run(Lane::Hard, move || json(&Outlined::of(answers::sent(&asked.name, &bytes)?))).await
}

async fn upload_dup(State(server): Shared, Asked(asked): Asked<DupParams>, body: Body) -> Answer {
    let (bytes, _permit) = received(&server, body).await?;
    let on = server.clone();
    let answer = move || json(&answers::copied(&on.index, answers::sent(&asked.name, &bytes)?, &asked.place)?);
    server.work.run(Lane::Hard, answer).await
}

async fn upload_similar(State(server): Shared, Asked(asked): Asked<SimilarParams>, body: Body) -> Answer {
    let (bytes, _permit) = received(&server, body).await?;
    let on = server.clone();
    let answer = move || json(&answers::alike_to(&on.index, answers::sent(&asked.name, &bytes)?, asked.limit)?);
    server.work.run(Lane::Hard, answer).await
}

/// Whether the server can answer, and from how much.
#[derive(Serialize, schemars::JsonSchema)]
pub struct Health {
    /// Always `ok`.
    status: &'static str,
    /// Documents in the index, as of the last commit that was seen.
    documents: u64,
    /// Their passages.
    passages: u64,
}

async fn health(State(server): Shared) -> Answer {
    let holdings = server.holdings();
    json(&Health { status: "ok", documents: holdings.documents, passages: holdings.passages })
}

async fn metrics(State(server): Shared) -> Response {
    let holdings = server.holdings();
    let text = server.metrics.print(&[("documents", holdings.documents), ("passages", holdings.passages)]);
    ([(header::CONTENT_TYPE, HeaderValue::from_static("text/plain; version=0.0.4"))], text).into_response()
}

async fn description() -> Answer {
    json(&openapi::description())
}

async fn absent() -> Problem {
    Problem::absent("there is no such address").with_hint("/openapi.json tells the addresses")
}
