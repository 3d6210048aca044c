//! A digest of everything that a page depends on. A template sees only its context, so equal fingerprints mean equal bytes.

use tera::Value;

use super::bodies::BodyReference;
use super::markdown::Link;
use super::pages::{Page, PageContent, PageValues, SharedValue};
use super::render::Renderer;
use super::value_digest::{put, put_bytes};
use crate::cache::{self, PROGRAM};
use crate::model::Origin;
use crate::model::digest::{Digest, digest, hex, short};
use crate::model::subject::StaticSource;

/// A page's fingerprint, and a digest of each of its inputs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Fingerprint {
    /// `None` if a file that the page copies may have changed again within the granularity of its timestamp.
    pub whole: Option<Digest>,
    pub inputs: Vec<u32>,
}

/// An input of a page as `--explain` shows it: its name, and its JSON.
pub(crate) struct NamedInput {
    pub name: String,
    pub value: String,
}

/// The fingerprint of a page. `listed_at` is when the files were listed, in nanoseconds since 1970.
pub(crate) fn of(
    page: &Page,
    values: &PageValues,
    renderer: &Renderer,
    listed_at: i64,
) -> Fingerprint {
    let mut all = Vec::with_capacity(4 * 1024);
    let mut inputs = Vec::with_capacity(32);
    each(page, values, renderer, &mut |_, input| {
        let start = all.len();
        match input {
            InputValue::Text(bytes) => put_bytes(bytes, &mut all),
            InputValue::Digest(digest) => put_bytes(digest, &mut all),
            InputValue::Shared(shared) => put_bytes(&shared.digest, &mut all),
            InputValue::Value(value) => put(value, &mut all),
        }
        // Only `--explain` uses the digests of single inputs.
        inputs.push(short(&all[start..]) as u32);
    });
    Fingerprint {
        whole: is_settled(page, listed_at).then(|| digest(&all)),
        inputs,
    }
}

/// Everything that a page depends on, in the order of its fingerprint's inputs.
pub(crate) fn inputs(page: &Page, values: &PageValues, renderer: &Renderer) -> Vec<NamedInput> {
    let mut inputs = Vec::new();
    each(page, values, renderer, &mut |name, input| {
        let value = match input {
            InputValue::Text(bytes) => String::from_utf8_lossy(bytes).into_owned(),
            InputValue::Digest(digest) => hex(digest),
            // Serialization into memory cannot fail for a value that a context can contain.
            InputValue::Shared(SharedValue { value, .. }) | InputValue::Value(value) => {
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
enum InputValue<'a> {
    Text(&'a [u8]),
    /// Of something that is too long to show.
    Digest(&'a Digest),
    Value(&'a Value),
    /// A value that every page sees, which has a digest already.
    Shared(&'a SharedValue),
}

type Add<'a> = dyn FnMut(&dyn Fn() -> String, InputValue<'_>) + 'a;

/// Calls `add` with each input and its name.
fn each(page: &Page, values: &PageValues, renderer: &Renderer, add: &mut Add<'_>) {
    add(
        &|| "the program".to_owned(),
        InputValue::Text(PROGRAM.as_bytes()),
    );
    match &page.content {
        PageContent::Template {
            name,
            context,
            bodies,
        } => {
            let named = || format!("the template `{name}`, or one that it extends or includes");
            add(&named, InputValue::Digest(&renderer.template_digest(name)));
            add(&|| "`site`".to_owned(), InputValue::Shared(&values.site));
            add(&|| "`theme`".to_owned(), InputValue::Shared(&values.theme));
            for (name, value) in context {
                each_field(name, value, add);
            }
            let links: Vec<_> = bodies.iter().map(body).collect();
            let links = serde_json::to_vec(&links).unwrap_or_default();
            add(
                &|| "the links in its text".to_owned(),
                InputValue::Text(&links),
            );
        }
        PageContent::Copy(source) => {
            let source = match source {
                StaticSource::Embedded(bytes) => cache::encode(&digest(bytes)),
                StaticSource::File(path, stamp) => cache::encode(&(path, stamp)),
                StaticSource::Content(file, stamp) => cache::encode(&(file, stamp)),
            };
            let named = || "the file that it copies".to_owned();
            add(&named, InputValue::Digest(&digest(&source)));
        }
        PageContent::Generated { inputs_digest, .. } => {
            let named = || "what it is generated from".to_owned();
            add(&named, InputValue::Digest(inputs_digest));
        }
    }
}

/// Calls `add` with a value of the context; each field of a map is an input of its own.
fn each_field(name: &str, value: &Value, add: &mut Add<'_>) {
    match value.as_map() {
        Some(fields) => {
            for (field, value) in fields {
                add(&|| format!("`{name}.{field}`"), InputValue::Value(value));
            }
        }
        None => add(&|| format!("`{name}`"), InputValue::Value(value)),
    }
}

/// The title that a page shows, what each link becomes, and where older addresses lead.
type BodyInputs<'b> = (
    &'b str,
    Vec<(&'b str, Option<&'b str>)>,
    &'b [(Origin, String)],
);

/// What a body's HTML depends on beside its text, whose digest is in the context.
fn body(body: &BodyReference) -> BodyInputs<'_> {
    let links = body.links.iter().map(|(target, link)| match link {
        Link::To(to) => (&**target, Some(to.as_str())),
        Link::Unknown => (&**target, None),
    });
    (&body.title, links.collect(), &body.addresses)
}

fn is_settled(page: &Page, listed_at: i64) -> bool {
    match &page.content {
        PageContent::Copy(StaticSource::File(_, stamp) | StaticSource::Content(_, stamp)) => {
            stamp.latest() < listed_at
        }
        _ => true,
    }
}
