//! What a page is made from, as a digest. A template sees only its context, so two equal fingerprints mean equal bytes.

use serde::Serialize;
use tera::Value;

use super::pages::View;
use super::parse::digest;
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
pub fn of(page: &Page, view: &View<'_>, renderer: &Renderer, tick: i64) -> Fingerprint {
    let mut all = Vec::with_capacity(4 * 1024);
    let mut inputs = Vec::with_capacity(32);
    each(
        page,
        renderer,
        &|name| view.digest_of(name),
        &mut |_, bytes| {
            // Each with its length, so that no two rows of inputs are one row of bytes.
            all.extend_from_slice(&(bytes.len() as u64).to_le_bytes());
            all.extend_from_slice(bytes);
            inputs.push(short(bytes));
        },
    );
    Fingerprint {
        whole: is_settled(page, tick).then(|| digest(&all)),
        inputs,
    }
}

/// A digest that tells inputs apart for `--explain` alone. BLAKE3 of every input was half the time of a fingerprint.
fn short(bytes: &[u8]) -> u32 {
    use std::hash::{BuildHasher, Hasher};
    let mut hasher = foldhash::quality::FixedState::default().build_hasher();
    hasher.write(bytes);
    hasher.finish() as u32
}

/// Everything that a page is made from, in the order of its fingerprint's inputs.
pub fn inputs(page: &Page, renderer: &Renderer) -> Vec<Input> {
    let mut inputs = Vec::new();
    each(page, renderer, &|_| None, &mut |name, json| {
        let value = String::from_utf8_lossy(json).into_owned();
        inputs.push(Input {
            name: name(),
            value,
        });
    });
    inputs
}

type Add<'a> = dyn FnMut(&dyn Fn() -> String, &[u8]) + 'a;

/// Hands on each input's name and JSON; where `known` has a digest for what every page sees, that instead.
fn each<'d>(
    page: &Page,
    renderer: &Renderer,
    known: &dyn Fn(&str) -> Option<&'d [u8; 16]>,
    add: &mut Add<'_>,
) {
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
                if let Some(digest) = known(name) {
                    add(&|| format!("`{name}`"), digest);
                } else if let Some(fields) = value.as_map().filter(|_| !is_shared(name)) {
                    // The fields of a value are each worth a digest of its own.
                    for (field, value) in fields {
                        to_json(&mut json, value);
                        add(&|| format!("`{name}.{field}`"), &json);
                    }
                } else {
                    to_json(&mut json, value);
                    add(&|| format!("`{name}`"), &json);
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

/// Whether every page sees the value of this name.
fn is_shared(name: &str) -> bool {
    matches!(name, "site" | "theme")
}

/// The digest of a value that every page sees.
pub fn of_shared(value: &Value) -> [u8; 16] {
    let mut json = Vec::new();
    to_json(&mut json, value);
    digest(&json)
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
