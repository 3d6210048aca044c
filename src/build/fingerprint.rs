//! What a page is made from, as a digest. A template sees only its context, so two equal fingerprints mean equal bytes.

use tera::Value;

use super::pages::View;
use super::render::Renderer;
use crate::cache::PROGRAM;
use crate::model::digest::{Digest, digest, hex, short};
use crate::model::page::{BodyReference, Link, Page, PageContent, StaticSource};

/// A page's fingerprint, and a digest for each of the things that it was made from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fingerprint {
    /// None where a file may have changed within the tick in which it was seen.
    pub whole: Option<Digest>,
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
    each(page, renderer, &mut |_, part| {
        let start = all.len();
        match part {
            Part::Bytes(bytes) => put_bytes(bytes, &mut all),
            Part::Shared(name, _) => put_bytes(&view.digest_of(name), &mut all),
            Part::Value(value) => put(value, &mut all),
        }
        // Only `--explain` asks which of them differs.
        inputs.push(short(&all[start..]) as u32);
    });
    Fingerprint {
        whole: is_settled(page, tick).then(|| digest(&all)),
        inputs,
    }
}

/// Everything that a page is made from, in the order of its fingerprint's inputs.
pub fn inputs(page: &Page, renderer: &Renderer) -> Vec<Input> {
    let mut inputs = Vec::new();
    each(page, renderer, &mut |name, part| {
        let value = match part {
            Part::Bytes(bytes) => String::from_utf8_lossy(bytes).into_owned(),
            // Writing into memory fails on no value that a context can hold.
            Part::Shared(_, value) | Part::Value(value) => {
                serde_json::to_string(value).unwrap_or_default()
            }
        };
        inputs.push(Input {
            name: name(),
            value,
        });
    });
    inputs
}

/// One of the things that a page is made from.
enum Part<'a> {
    Bytes(&'a [u8]),
    Value(&'a Value),
    /// What every page sees by a name.
    Shared(&'static str, &'a Value),
}

type Add<'a> = dyn FnMut(&dyn Fn() -> String, Part<'_>) + 'a;

/// Hands on each input and what it is called.
fn each(page: &Page, renderer: &Renderer, add: &mut Add<'_>) {
    add(
        &|| "the program".to_owned(),
        Part::Bytes(PROGRAM.as_bytes()),
    );
    match &page.content {
        PageContent::Template {
            name,
            context,
            bodies,
        } => {
            let called = || format!("the template `{name}`, or one that it extends or includes");
            add(&called, Part::Bytes(&renderer.template_digest(name)));
            for (name, value) in context {
                if matches!(*name, "site" | "theme") {
                    add(&|| format!("`{name}`"), Part::Shared(name, value));
                } else if let Some(fields) = value.as_map() {
                    // The fields of a value are each worth a digest of its own.
                    for (field, value) in fields {
                        add(&|| format!("`{name}.{field}`"), Part::Value(value));
                    }
                } else {
                    add(&|| format!("`{name}`"), Part::Value(value));
                }
            }
            let links: Vec<_> = bodies.iter().map(body).collect();
            let links = serde_json::to_vec(&links).unwrap_or_default();
            add(&|| "the links in its text".to_owned(), Part::Bytes(&links));
        }
        PageContent::Copy(source) => {
            let from = match source {
                StaticSource::Embedded(bytes) => hex(&digest(bytes)),
                StaticSource::File(path, stamp) => format!("{}{stamp:?}", path.display()),
                StaticSource::Content(file, stamp) => format!("{file}{stamp:?}"),
            };
            let called = || "the file that it copies".to_owned();
            add(&called, Part::Bytes(from.as_bytes()));
        }
    }
}

/// The digest of a value that every page sees.
pub fn of_shared(value: &Value) -> Digest {
    let mut bytes = Vec::new();
    put(value, &mut bytes);
    digest(&bytes)
}

/// Adds a value, so that no two values add the same bytes: JSON that nobody has to escape.
fn put(value: &Value, out: &mut Vec<u8>) {
    if let Some(text) = value.as_str() {
        out.push(b's');
        put_bytes(text.as_bytes(), out);
    } else if let Some(map) = value.as_map() {
        out.push(b'm');
        out.extend_from_slice(&map.len().to_le_bytes());
        for (key, value) in map {
            match key.as_str() {
                Some(key) => put_bytes(key.as_bytes(), out),
                None => put_bytes(key.to_string().as_bytes(), out),
            }
            put(value, out);
        }
    } else if let Some(items) = value.as_array() {
        out.push(b'a');
        out.extend_from_slice(&items.len().to_le_bytes());
        items.iter().for_each(|item| put(item, out));
    } else {
        out.push(b'j');
        put_bytes(&serde_json::to_vec(value).unwrap_or_default(), out);
    }
}

fn put_bytes(bytes: &[u8], out: &mut Vec<u8>) {
    out.extend_from_slice(&bytes.len().to_le_bytes());
    out.extend_from_slice(bytes);
}

/// What a body's HTML depends on beside its text, which stands in the context as a digest.
fn body(body: &BodyReference) -> (&str, Vec<(&str, Option<&str>)>) {
    let links = body.links.iter().map(|(target, link)| match link {
        Link::To(to) => (&**target, Some(to.as_str())),
        Link::Nowhere => (&**target, None),
    });
    (&body.title, links.collect())
}

fn is_settled(page: &Page, tick: i64) -> bool {
    match &page.content {
        PageContent::Copy(StaticSource::File(_, stamp) | StaticSource::Content(_, stamp)) => {
            stamp.latest() < tick
        }
        _ => true,
    }
}
