//! /openapi.json, made from the types that parse the parameters and print the answers.

use gm_index::{Citation, Copies, Counts, Facets, Results};
use schemars::generate::{SchemaGenerator, SchemaSettings};
use schemars::{JsonSchema, Schema};
use serde_json::{Map, Value, json};

use super::answers::*;
use super::api::Health;
use super::problem::Problem;
use crate::answer::outline::Outlined;
use crate::answer::show::Shown;
use crate::answer::trend::Trends;

/// The schemas of one description, those named only once.
struct Schemas {
    answers: SchemaGenerator,
    params: SchemaGenerator,
}

/// The description of the API in OpenAPI 3.1.
pub fn description() -> Value {
    let mut schemas = Schemas::new();
    let mut paths = schemas.questions();
    paths.extend(schemas.uploads());
    let problem = schemas.answer::<Problem>();
    json!({
        "openapi": "3.1.0",
        "info": {
            "title": "gm-search",
            "version": env!("CARGO_PKG_VERSION"),
            "description": "Finds, counts and compares what official reports say. search answers what `gm-search query --json` prints, documents and passages what `show` does, count, trend, cite, outline, dup and similar what the commands of these names do; kwic holds the rows that the command prints one by one. Names stay, more may be added.",
            "license": {"name": "MIT", "identifier": "MIT"},
        },
        "paths": paths,
        "security": [{}, {"token": []}],
        "components": {
            "schemas": schemas.answers.take_definitions(true),
            "responses": {"Problem": {
                "description": "What went wrong (RFC 9457)",
                "content": {"application/problem+json": {"schema": problem}},
            }},
            "securitySchemes": {"token": {"type": "http", "scheme": "bearer"}},
        },
    })
}

impl Schemas {
    fn new() -> Self {
        let settings = |settings: &mut SchemaSettings| settings.definitions_path = "/components/schemas".into();
        Schemas {
            answers: SchemaSettings::draft2020_12().with(settings).for_serialize().into_generator(),
            params: SchemaSettings::draft2020_12().with(settings).with(|s| s.inline_subschemas = true).into_generator(),
        }
    }

    /// What is asked by an address.
    fn questions(&mut self) -> Map<String, Value> {
        let mut paths = Map::new();
        for (path, summary, params, answer) in [
            ("/api/search", "Passages, the best first", self.params::<SearchParams>(), self.answer::<Results>()),
            (
                "/api/count",
                "How often a query stands in the text",
                self.params::<CountParams>(),
                self.answer::<Counts>(),
            ),
            ("/api/kwic", "Every occurrence in its context", self.params::<KwicParams>(), self.answer::<Kwic>()),
            (
                "/api/trend",
                "How often queries stand in each year's text",
                self.params::<TrendParams>(),
                self.answer::<Trends>(),
            ),
            (
                "/api/cite",
                "Where a quotation stands, or what comes near it",
                self.params::<CiteParams>(),
                self.answer::<Citation>(),
            ),
            (
                "/api/facets",
                "Where the passages that answer are from",
                self.params::<QueryParams>(),
                self.answer::<Facets>(),
            ),
            (
                "/api/suggest",
                "What may be meant by what is typed",
                self.params::<SuggestParams>(),
                self.answer::<Suggestions>(),
            ),
            ("/api/documents/{id}", "A whole document", self.params::<NoParams>(), self.answer::<Shown>()),
            (
                "/api/passages/{id}",
                "A passage and those around it",
                self.params::<PassageParams>(),
                self.answer::<Shown>(),
            ),
            ("/api/outline/{id}", "The sections of a document", self.params::<NoParams>(), self.answer::<Outlined>()),
            ("/healthz", "Whether the server can answer", self.params::<NoParams>(), self.answer::<Health>()),
        ] {
            let mut params = params;
            if path.ends_with("{id}") {
                let about =
                    "The id of a document or passage, as search gives it (`#` as %23), its source, or source:line.";
                let schema = json!({"type": "string", "minLength": 1});
                params.push(
                    json!({"name": "id", "in": "path", "required": true, "description": about, "schema": schema}),
                );
            }
            let mut get = json!({"summary": summary, "parameters": params, "responses": {
                "200": {"description": "The answer", "content": {"application/json": {"schema": answer}}},
                "default": {"$ref": "#/components/responses/Problem"},
            }});
            if path == "/healthz" {
                get["security"] = json!([]);
            }
            paths.insert(path.to_string(), json!({"get": get}));
        }
        paths
    }

    /// What is asked about a document that is sent.
    fn uploads(&mut self) -> Map<String, Value> {
        let mut paths = Map::new();
        for (path, summary, params, answer) in [
            ("/api/outline", "The sections of a document", self.params::<UploadParams>(), self.answer::<Outlined>()),
            (
                "/api/dup",
                "What stands in the index word for word of a document",
                self.params::<DupParams>(),
                self.answer::<Copies>(),
            ),
            (
                "/api/similar",
                "The passages most like a document",
                self.params::<SimilarParams>(),
                self.answer::<Results>(),
            ),
        ] {
            paths.insert(
                path.to_string(),
                json!({"post": {
                    "summary": format!("{summary} that is sent, where the server was started with --uploads"),
                    "parameters": params,
                    "requestBody": {"required": true, "content": {"application/octet-stream": {}}},
                    "responses": {
                        "200": {"description": "The answer", "content": {"application/json": {"schema": answer}}},
                        "default": {"$ref": "#/components/responses/Problem"},
                    },
                }}),
            );
        }
        paths
    }

    fn answer<T: JsonSchema>(&mut self) -> Schema {
        self.answers.subschema_for::<T>()
    }

    /// A type's fields as parameters of the address.
    fn params<T: JsonSchema>(&mut self) -> Vec<Value> {
        let schema = self.params.root_schema_for::<T>();
        let required: Vec<&str> =
            schema.get("required").and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).collect();
        let fields = schema.get("properties").and_then(Value::as_object).into_iter().flatten();
        fields
            .map(|(name, field)| {
                let mut field = field.clone();
                let about = field.as_object_mut().and_then(|field| field.remove("description"));
                let is_required = required.contains(&name.as_str());
                json!({"name": name, "in": "query", "required": is_required, "description": about, "schema": field})
            })
            .collect()
    }
}
