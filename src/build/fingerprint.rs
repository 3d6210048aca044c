//! What a page is made from, as a digest. A template sees only its context, so equal fingerprints mean equal bytes.

use tera::Value;

use super::bodies::BodyReference;
use super::markdown::Link;
use super::pages::{Page, PageContent, PageValues, SharedValue};
use super::render::Renderer;
use super::value_digest::{put, put_bytes};
use crate::cache::{self, PROGRAM};
use crate::model::digest::{Digest, digest, short};
use crate::model::subject::StaticSource;

/// A page's fingerprint, and a digest of each of its inputs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fingerprint {
    /// `None` if a file that the page copies may have changed again within the granularity of its timestamp.
    pub whole: Option<Digest>,
    pub inputs: Vec<u32>,
}

/// An input of a page as `--explain` shows it: its name, and its JSON.
pub struct NamedInput {
    pub name: String,
    pub value: String,
}

/// The fingerprint of a page. `seen_at` is when the files were listed, in nanoseconds since 1970.
pub fn of(page: &Page, values: &PageValues, renderer: &Renderer, seen_at: i64) -> Fingerprint {
    let mut all = Vec::with_capacity(4 * 1024);
    let mut inputs = Vec::with_capacity(32);
    each(page, values, renderer, &mut |_, input| {
        let start = all.len();
        match input {
            Input::Bytes(bytes) => put_bytes(bytes, &mut all),
            Input::Shared(shared) => put_bytes(&shared.digest, &mut all),
            Input::Value(value) => put(value, &mut all),
        }
        // Only `--explain` asks which of them differs.
        inputs.push(short(&all[start..]) as u32);
    });
    Fingerprint {
        whole: is_settled(page, seen_at).then(|| digest(&all)),
        inputs,
    }
}

/// Everything that a page is made from, in the order of its fingerprint's inputs.
pub fn inputs(page: &Page, values: &PageValues, renderer: &Renderer) -> Vec<NamedInput> {
    let mut inputs = Vec::new();
    each(page, values, renderer, &mut |name, input| {
        let value = match input {
            Input::Bytes(bytes) => String::from_utf8_lossy(bytes).into_owned(),
            // Writing into memory fails on no value that a context can hold.
            Input::Shared(SharedValue { value, .. }) | Input::Value(value) => {
                serde_json::to_string(value).unwrap_or_default()
            }
        };
        inputs.push(NamedInput {
            name: name(),
            value,
        });
    });
    inputs
}

/// One input of a page.
enum Input<'a> {
    Bytes(&'a [u8]),
    Value(&'a Value),
    /// A value that every page sees, which has a digest already.
    Shared(&'a SharedValue),
}

type Add<'a> = dyn FnMut(&dyn Fn() -> String, Input<'_>) + 'a;

/// Hands on each input and its name.
fn each(page: &Page, values: &PageValues, renderer: &Renderer, add: &mut Add<'_>) {
    add(
        &|| "the program".to_owned(),
        Input::Bytes(PROGRAM.as_bytes()),
    );
    match &page.content {
        PageContent::Template {
            name,
            context,
            bodies,
        } => {
            let named = || format!("the template `{name}`, or one that it extends or includes");
            add(&named, Input::Bytes(&renderer.template_digest(name)));
            add(&|| "`site`".to_owned(), Input::Shared(&values.site));
            add(&|| "`theme`".to_owned(), Input::Shared(&values.theme));
            for (name, value) in context {
                each_field(name, value, add);
            }
            let links: Vec<_> = bodies.iter().map(body).collect();
            let links = serde_json::to_vec(&links).unwrap_or_default();
            add(&|| "the links in its text".to_owned(), Input::Bytes(&links));
        }
        PageContent::Copy(source) => {
            let source = match source {
                StaticSource::Embedded(bytes) => cache::encode(&digest(bytes)),
                StaticSource::File(path, stamp) => cache::encode(&(path, stamp)),
                StaticSource::Content(file, stamp) => cache::encode(&(file, stamp)),
            };
            let named = || "the file that it copies".to_owned();
            add(&named, Input::Bytes(&source));
        }
        PageContent::Generated { made_from, .. } => {
            let named = || "what it is generated from".to_owned();
            add(&named, Input::Bytes(made_from));
        }
    }
}

/// Hands on a value of the context; the fields of a map each as an input of its own.
fn each_field(name: &str, value: &Value, add: &mut Add<'_>) {
    match value.as_map() {
        Some(fields) => {
            for (field, value) in fields {
                add(&|| format!("`{name}.{field}`"), Input::Value(value));
            }
        }
        None => add(&|| format!("`{name}`"), Input::Value(value)),
    }
}

/// What a body's HTML depends on beside its text, of which the context holds a digest.
fn body(body: &BodyReference) -> (&str, Vec<(&str, Option<&str>)>) {
    let links = body.links.iter().map(|(target, link)| match link {
        Link::To(to) => (&**target, Some(to.as_str())),
        Link::Nowhere => (&**target, None),
    });
    (&body.title, links.collect())
}

fn is_settled(page: &Page, seen_at: i64) -> bool {
    match &page.content {
        PageContent::Copy(StaticSource::File(_, stamp) | StaticSource::Content(_, stamp)) => {
            stamp.latest() < seen_at
        }
        _ => true,
    }
}
