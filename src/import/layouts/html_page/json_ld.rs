//! JSON-LD (schema.org): the articles that the scripts of a page describe.
//! Knows how objects refer to each other; never which article is imported.

use serde_json::{Map, Value};

use crate::import::html;

/// At most this many objects of a page are read.
const MOST_OBJECTS: usize = 2_000;

/// A JSON-LD object.
pub(crate) type Object = Map<String, Value>;

/// The objects of a page and the articles among them, in the order of the page.
#[derive(Debug, Default)]
pub(crate) struct JsonLd {
    objects: Vec<Object>,
    articles: Vec<usize>,
}

impl JsonLd {
    /// Reads one script; it is ignored if it is not JSON.
    pub(crate) fn add(&mut self, script: &str) {
        if let Some(value) = parse(script) {
            self.collect(value);
        }
    }

    fn collect(&mut self, value: Value) {
        match value {
            Value::Array(values) => values.into_iter().for_each(|value| self.collect(value)),
            Value::Object(mut object) if self.objects.len() < MOST_OBJECTS => {
                for key in ["@graph", "mainEntity", "mainEntityOfPage"] {
                    let below = object.get(key);
                    if below.is_some_and(|v| v.is_array() || is_article(v)) {
                        let below = object.shift_remove(key).unwrap_or_default();
                        self.collect(below);
                    }
                }
                if is_article_object(&object) {
                    self.articles.push(self.objects.len());
                }
                self.objects.push(object);
            }
            _ => {}
        }
    }

    /// The article that the page is about: the first whose headline the page shows, else the first with a headline.
    pub(crate) fn article(&self, shown: impl Fn(&str) -> bool) -> Option<&Object> {
        let articles = || self.articles.iter().map(|at| &self.objects[*at]);
        let headline = |object: &Object| self.text(object, &["headline", "name"]);
        articles()
            .find(|object| headline(object).is_some_and(|h| shown(&h)))
            .or_else(|| articles().find(|object| headline(object).is_some()))
            .or_else(|| articles().next())
    }

    /// The first text of these keys.
    pub(crate) fn text(&self, object: &Object, keys: &[&str]) -> Option<String> {
        let mut found = keys.iter().flat_map(|key| self.texts(object, key));
        found.next()
    }

    /// The texts of a key; of objects, their names.
    pub(crate) fn texts(&self, object: &Object, key: &str) -> Vec<String> {
        let mut found = Vec::new();
        if let Some(value) = object.get(key) {
            self.gather(value, 0, &mut found);
        }
        found
    }

    fn gather(&self, value: &Value, depth: usize, found: &mut Vec<String>) {
        if depth > 4 {
            return;
        }
        match value {
            Value::String(text) => {
                let text = html::shown_text(text);
                if !text.is_empty() {
                    found.push(text);
                }
            }
            Value::Array(values) => {
                for value in values {
                    self.gather(value, depth + 1, found);
                }
            }
            Value::Object(object) => {
                let named = |object: &Object| object.get("name").or(object.get("@value")).cloned();
                let id = object.get("@id").and_then(Value::as_str);
                let named = named(object).or_else(|| {
                    let is_meant = |o: &&Object| o.get("@id").and_then(Value::as_str) == id;
                    named(
                        self.objects
                            .iter()
                            .find(is_meant)
                            .filter(|_| id.is_some())?,
                    )
                });
                if let Some(named) = named {
                    self.gather(&named, depth + 1, found);
                }
            }
            _ => {}
        }
    }
}

/// Parses JSON as pages write it: in a comment, with line breaks in strings, with a comma or semicolon too many.
fn parse(script: &str) -> Option<Value> {
    let start = script.find(['{', '['])?;
    let end = script.rfind(['}', ']'])?;
    let json = script.get(start..=end)?;
    serde_json::from_str(json).ok().or_else(|| {
        let spaced = |c: char| if c.is_control() { ' ' } else { c };
        serde_json::from_str(&json.chars().map(spaced).collect::<String>()).ok()
    })
}

fn is_article(value: &Value) -> bool {
    value.as_object().is_some_and(is_article_object)
}

fn is_article_object(object: &Object) -> bool {
    let is_kind = |kind: &Value| {
        let kind = kind.as_str().unwrap_or_default();
        let kind = kind.rsplit(['/', '#', ':']).next().unwrap_or_default();
        kind.ends_with("Article")
            || kind.ends_with("Posting") && kind != "JobPosting"
            || kind == "Report"
    };
    match object.get("@type") {
        Some(Value::Array(kinds)) => kinds.iter().any(is_kind),
        Some(kind) => is_kind(kind),
        None => false,
    }
}
