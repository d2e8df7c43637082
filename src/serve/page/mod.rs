//! The page for people, in Chinese: `/` searches, `/d/ID` reads a document, `/check` compares one that is sent. Every
//! string goes through the template's escaping, but for the picture of a trend, whose library escapes its own. It works
//! without its script, which only makes it quicker.

mod check;
mod facets;
mod hits;
mod parts;
mod report;
mod tabs;

use std::sync::{Arc, LazyLock};

use axum::Router;
use axum::extract::multipart::MultipartRejection;
use axum::extract::{DefaultBodyLimit, Multipart, Query, State};
use axum::http::{HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use maud::Markup;

use super::Server;
use super::api::{self, Named};
use super::asked::{Tab, View};
use super::problem::Problem;
use super::work::Lane;

const STYLE: &str = include_str!("page.css");
const SCRIPT: &str = include_str!("page.js");

/// Hits and rows on a page.
const HITS: usize = 10;
const ROWS: usize = 50;

/// Changes with the style and the script, so that browsers may keep them.
static VERSION: LazyLock<String> = LazyLock::new(|| {
    let mut hash = blake3::Hasher::new();
    hash.update(STYLE.as_bytes()).update(SCRIPT.as_bytes());
    hash.finalize().to_hex()[..8].to_string()
});

pub fn routes() -> Router<Arc<Server>> {
    Router::new()
        .route("/", get(search))
        .route("/d/{*id}", get(document))
        .route("/check", get(form).post(check).layer(DefaultBodyLimit::max(api::MOST_UPLOAD)))
        .route("/page.css", get(async || asset(STYLE, "text/css; charset=utf-8")))
        .route("/page.js", get(async || asset(SCRIPT, "text/javascript; charset=utf-8")))
        .route("/favicon.ico", get(async || StatusCode::NO_CONTENT))
        .fallback(absent)
        .method_not_allowed_fallback(async || {
            let problem = Problem::new(StatusCode::METHOD_NOT_ALLOWED, "this address is not asked in this way");
            failed(&View::default(), &problem)
        })
}

fn asset(text: &'static str, kind: &'static str) -> Response {
    let headers = [(header::CONTENT_TYPE, kind), (header::CACHE_CONTROL, "max-age=86400")];
    (headers, text).into_response()
}

fn html(status: StatusCode, page: Markup) -> Response {
    let kind = [(header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8"))];
    (status, kind, page.into_string()).into_response()
}

/// What the address says. Fails on one that says something twice.
fn view(uri: &Uri) -> Result<View, Problem> {
    match Query::<View>::try_from_uri(uri) {
        Ok(Query(view)) => Ok(view.tidied()),
        Err(error) => Err(Problem::wrong(error.body_text())),
    }
}

async fn search(State(server): State<Arc<Server>>, uri: Uri) -> Response {
    let view = match view(&uri) {
        Ok(view) => view,
        Err(problem) => return failed(&View::default(), &problem),
    };
    let lane = if view.tab() == Tab::Passages { Lane::of(&view.q) } else { Lane::Hard };
    let (on, asked) = (server.clone(), view.clone());
    match server.work.run(lane, move || hits::page(&on, &asked)).await {
        Ok(page) => html(StatusCode::OK, page),
        Err(problem) => failed(&view, &problem),
    }
}

async fn document(State(server): State<Arc<Server>>, named: Result<Named, Problem>, uri: Uri) -> Response {
    let (Named(id), view) = match named.and_then(|named| Ok((named, view(&uri)?))) {
        Ok(asked) => asked,
        Err(problem) => return failed(&View::default(), &problem),
    };
    let (on, asked) = (server.clone(), view.clone());
    match server.work.run(Lane::of(&view.q), move || report::page(&on, &id, &asked)).await {
        Ok(page) => html(StatusCode::OK, page),
        Err(problem) => failed(&view, &problem),
    }
}

async fn form(State(server): State<Arc<Server>>) -> Response {
    match api::takes_documents(&server) {
        Ok(()) => html(StatusCode::OK, check::form()),
        Err(problem) => failed(&View::default(), &problem),
    }
}

async fn check(State(server): State<Arc<Server>>, form: Result<Multipart, MultipartRejection>) -> Response {
    let mut place = String::new();
    let answer = async {
        api::takes_documents(&server)?;
        let _permit = server.work.upload().await?;
        let sent = tokio::time::timeout(api::UPLOAD_TIME, check::Sent::read(form?)).await;
        let sent = sent.map_err(|_| Problem::new(StatusCode::REQUEST_TIMEOUT, "the document came too slowly"))??;
        place.clone_from(&sent.place);
        let on = server.clone();
        server.work.run(Lane::Hard, move || check::page(&on, &sent)).await
    };
    match answer.await {
        Ok(page) => html(StatusCode::OK, page),
        Err(problem) if !server.uploads => failed(&View::default(), &problem),
        Err(problem) => answered(&problem, check::failed(&place, &problem)),
    }
}

async fn absent() -> Response {
    failed(&View::default(), &Problem::absent("there is no such address"))
}

pub fn failed(view: &View, problem: &Problem) -> Response {
    answered(problem, parts::problem(view, problem))
}

fn answered(problem: &Problem, page: Markup) -> Response {
    let mut response = html(problem.status(), page);
    problem.tell_when(response.headers_mut());
    response
}
