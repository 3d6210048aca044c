//! What a page is made from, as a digest. A template sees only its context, so two equal fingerprints mean equal bytes.

use serde::Serialize;
use tera::Value;

use super::render::Renderer;
use crate::cache::PROGRAM;
use crate::model::page::{BodyReference, Link, Page, PageContent, StaticSource};

/// A page's fingerprint, and a digest for each of the things that it was made from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fingerprint {
    /// None where a file may have changed within the tick in which it was seen.
    pub whole: Option<[u8; 16]>,
    pub inputs: Vec<u32>,
}

/// Something that a page is made from: what it is called, and its JSON.
pub struct Input {
    pub name: String,
    pub value: String,
}

/// The fingerprint of a page. `tick` is when the files were seen.
pub fn of(page: &Page, renderer: &Renderer, tick: i64) -> Fingerprint {
    let mut whole = blake3::Hasher::new();
    let mut inputs = Vec::new();
    let mut add = |_: &dyn Fn() -> String, json: &[u8]| {
        let digest = blake3::hash(json);
        whole.update(digest.as_bytes());
        let mut first = [0; 4];
        first.copy_from_slice(&digest.as_bytes()[..4]);
        inputs.push(u32::from_le_bytes(first));
    };
    each(page, renderer, &mut add);
    let mut cut = [0; 16];
    cut.copy_from_slice(&whole.finalize().as_bytes()[..16]);
    Fingerprint {
        whole: is_settled(page, tick).then_some(cut),
        inputs,
    }
}

/// Everything that a page is made from, in the order of its fingerprint's inputs.
pub fn inputs(page: &Page, renderer: &Renderer) -> Vec<Input> {
    let mut inputs = Vec::new();
    each(page, renderer, &mut |name, json| {
        let value = String::from_utf8_lossy(json).into_owned();
        inputs.push(Input {
            name: name(),
            value,
        });
    });
    inputs
}

type Add<'a> = dyn FnMut(&dyn Fn() -> String, &[u8]) + 'a;

fn each(page: &Page, renderer: &Renderer, add: &mut Add<'_>) {
    add(&|| "the program".to_owned(), PROGRAM.as_bytes());
    match &page.content {
        PageContent::Template {
            name,
            context,
            bodies,
        } => {
            let called = || format!("the template `{name}`, or one that it extends or includes");
            add(&called, &renderer.template_digest(name));
            let mut json = Vec::with_capacity(1024);
            for (name, value) in context {
                match shape(name, value) {
                    Some(fields) => {
                        for (field, value) in fields {
                            to_json(&mut json, value);
                            add(&|| format!("`{name}.{field}`"), &json);
                        }
                    }
                    None => {
                        to_json(&mut json, value);
                        add(&|| format!("`{name}`"), &json);
                    }
                }
            }
            let links: Vec<_> = bodies.iter().map(body).collect();
            to_json(&mut json, &links);
            add(&|| "the links in its text".to_owned(), &json);
        }
        PageContent::Copy(source) => {
            let json = match source {
                StaticSource::Embedded(bytes) => blake3::hash(bytes).to_hex().to_string(),
                StaticSource::File(path, stamp) => format!("{}{stamp:?}", path.display()),
                StaticSource::Content(file, stamp) => format!("{file}{stamp:?}"),
            };
            add(&|| "the file that it copies".to_owned(), json.as_bytes());
        }
    }
}

/// The fields of a value, where each of them is worth a digest of its own.
fn shape<'v>(name: &str, value: &'v Value) -> Option<Vec<(String, &'v Value)>> {
    if matches!(name, "site" | "theme") {
        return None;
    }
    let fields = value.as_map()?;
    Some(
        fields
            .iter()
            .map(|(key, value)| (key.to_string(), value))
            .collect(),
    )
}

/// What a body's HTML depends on beside its text, which stands in the context as a digest.
fn body(body: &BodyReference) -> (&str, Vec<(&str, Option<&str>)>) {
    let links = body.links.iter().map(|(target, link)| match link {
        Link::To(to) => (&**target, Some(to.as_str())),
        Link::Nowhere => (&**target, None),
    });
    (&body.title, links.collect())
}

fn to_json(json: &mut Vec<u8>, value: &impl Serialize) {
    json.clear();
    // Writing into memory fails on no value that a context can hold.
    let _ = serde_json::to_writer(json, value);
}

fn is_settled(page: &Page, tick: i64) -> bool {
    match &page.content {
        PageContent::Copy(StaticSource::File(_, stamp) | StaticSource::Content(_, stamp)) => {
            stamp.latest() < tick
        }
        _ => true,
    }
}
