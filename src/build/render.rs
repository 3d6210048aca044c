//! render: a [`Page`] → bytes. Pure, except that it reads the bodies that the page shows.

use std::borrow::Cow;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

use memchr::memmem;
use tera::{Context, ErrorKind, Tera, Value};

use super::bodies::{Bodies, BodyReference};
use super::feed_bodies::FeedBodies;
use super::pages::{Page, PageContent, PageKey, PageValues, View};
use super::template_functions;
use super::theme::{Theme, ThemeTemplate};
use crate::diagnostics::{Code, Diagnostic, Failure, Result};
use crate::model::subject::StaticSource;

/// Parsed templates, and access to bodies.
#[derive(Debug)]
pub struct Renderer {
    tera: Tera,
    templates: BTreeMap<String, ThemeTemplate>,
    digests: BTreeMap<String, [u8; 16]>,
    bodies: Bodies,
}

impl Renderer {
    /// Parses the templates.
    ///
    /// # Errors
    /// If a template cannot be parsed, with its file, line and column.
    pub fn new(theme: &Theme, content: PathBuf, remote_images: bool) -> Result<Self> {
        let mut tera = Tera::new();
        template_functions::register(&mut tera);
        let templates = theme.templates.clone();
        tera.add_raw_templates(
            templates
                .iter()
                .map(|(name, template)| (name.as_str(), template.text.as_str())),
        )
        .map_err(|error| template_error(&templates, &error, None))?;
        Ok(Self {
            tera,
            digests: template_digests(&templates),
            templates,
            bodies: Bodies::new(content, remote_images),
        })
    }

    /// A digest of a template and of all that it extends or includes.
    pub fn template_digest(&self, name: &str) -> [u8; 16] {
        self.digests.get(name).copied().unwrap_or_default()
    }

    /// The bytes of a page.
    ///
    /// # Errors
    /// If a template uses a value that is not in its context, or a file was removed since it was scanned.
    pub(crate) fn render(
        &self,
        view: &View<'_>,
        key: &PageKey,
        page: &Page,
        feed_bodies: &FeedBodies,
    ) -> Result<Vec<u8>> {
        match &page.content {
            PageContent::Copy(StaticSource::Embedded(bytes)) => Ok(bytes.to_vec()),
            PageContent::Copy(StaticSource::File(path, _)) => read(path),
            PageContent::Copy(StaticSource::Content(file, _)) => read(&self.bodies.path(file)),
            PageContent::Generated { generate, .. } => generate(view, &key.subject, &self.bodies),
            PageContent::Template {
                name,
                context,
                bodies,
            } => {
                let html = |body: &BodyReference| match body.in_feed {
                    true => feed_bodies.html(&self.bodies, body),
                    false => Ok(Value::safe_string(&self.bodies.html(body)?)),
                };
                let bodies = bodies.iter().map(html).collect::<Result<Vec<Value>>>()?;
                self.render_template(view.values, name, context, bodies, &page.path)
            }
        }
    }

    fn render_template(
        &self,
        shared: &PageValues,
        name: &str,
        context: &[(&'static str, Value)],
        bodies: Vec<Value>,
        path: &str,
    ) -> Result<Vec<u8>> {
        let mut values = Context::new();
        values.insert_value("site", shared.site.value.clone());
        values.insert_value("theme", shared.theme.value.clone());
        for (name, value) in context {
            values.insert_value(*name, value.clone());
        }
        if let [body] = bodies.as_slice() {
            values.insert_value("body", body.clone());
        }
        values.insert_value("bodies", Value::from(bodies));
        let mut out = Vec::with_capacity(16 * 1024);
        self.tera
            .render_to(name, &values, &mut out)
            .map_err(|error| template_error(&self.templates, &error, Some(path)))?;
        Ok(without_controls(out))
    }
}

/// For each template, a digest of it and of all that it extends or includes. Templates that define components count as
/// included by every template, as any may use them.
fn template_digests(templates: &BTreeMap<String, ThemeTemplate>) -> BTreeMap<String, [u8; 16]> {
    let named: BTreeMap<&str, BTreeSet<&str>> = templates
        .iter()
        .map(|(name, template)| (name.as_str(), templates_named(&template.text)))
        .collect();
    let shared = templates
        .iter()
        .filter(|(_, template)| template.text.contains("component"));
    let shared: BTreeSet<&str> = shared.map(|(name, _)| name.as_str()).collect();
    let digest = |name: &str| {
        let mut closure = shared.clone();
        let mut open = vec![name];
        while let Some(next) = open.pop() {
            let inside = named.get(next).into_iter().flatten();
            if closure.insert(next) || next == name {
                open.extend(inside.filter(|name| !closure.contains(*name)));
            }
        }
        let mut hasher = blake3::Hasher::new();
        for name in closure {
            let text = templates.get(name).map(|template| template.text.as_str());
            hasher.update(format!("{name}\0{}\0", text.unwrap_or_default()).as_bytes());
        }
        let mut digest = [0; 16];
        digest.copy_from_slice(&hasher.finalize().as_bytes()[..16]);
        digest
    };
    templates
        .keys()
        .map(|name| (name.clone(), digest(name)))
        .collect()
}

/// The names in a template's `extends` and `include` tags.
fn templates_named(text: &str) -> BTreeSet<&str> {
    let tags = text
        .split("{%")
        .skip(1)
        .filter_map(|rest| rest.split("%}").next());
    let tags = tags.map(|tag| tag.trim_start_matches(['-', ' ', '\n', '\t', '\r']));
    let naming = tags.filter(|tag| tag.starts_with("extends") || tag.starts_with("include"));
    let quoted = naming.flat_map(|tag| tag.split(['"', '\'', '`']).skip(1).step_by(2));
    quoted.collect()
}

fn read(path: &std::path::Path) -> Result<Vec<u8>> {
    std::fs::read(path).map_err(|e| Diagnostic::io(path, "read the file", &e).into())
}

/// Removes the characters that neither HTML nor XML 1.0 can represent even with an escape: most controls, U+FFFE and U+FFFF.
fn without_controls(bytes: Vec<u8>) -> Vec<u8> {
    let is_control = |b: &u8| (*b < 0x20) & (*b != b'\t') & (*b != b'\n') & (*b != b'\r');
    // A feed holds whole articles: the bytes of a chunk of known length are tested together, which the compiler vectorises.
    let is_any_control = |chunk: &[u8]| {
        let test = |any, b: &u8| any | u8::from(is_control(b)) | u8::from(*b == 0x7f);
        chunk.iter().fold(0, test) != 0
    };
    let (chunks, rest) = bytes.as_chunks::<64>();
    let has_control = chunks.iter().any(|chunk| is_any_control(chunk)) || is_any_control(rest);
    let is_upper_control = |at: usize| matches!(bytes.get(at + 1), Some(0x80..=0x9f));
    if !has_control
        && memmem::find(&bytes, &[0xef, 0xbf]).is_none()
        && !memchr::memchr_iter(0xc2, &bytes).any(is_upper_control)
    {
        return bytes;
    }
    let mut kept = Vec::with_capacity(bytes.len());
    let mut rest = bytes.as_slice();
    while let [first, after @ ..] = rest {
        match rest {
            [0xef, 0xbf, 0xbe | 0xbf, after @ ..] | [0xc2, 0x80..=0x9f, after @ ..] => rest = after,
            [0x7f, after @ ..] => rest = after,
            _ => {
                kept.extend((!is_control(first)).then_some(*first));
                rest = after;
            }
        }
    }
    kept
}

/// The error of a template as a diagnostic that points into its file.
fn template_error(
    templates: &BTreeMap<String, ThemeTemplate>,
    error: &tera::Error,
    page: Option<&str>,
) -> Failure {
    let (name, what, place): (Cow<'_, str>, String, _) = match error.kind() {
        ErrorKind::SyntaxError(report) | ErrorKind::RenderingError(report) => {
            let span = report.span();
            (
                report.filename().into(),
                report.message().to_owned(),
                Some((span.start_line, span.start_col + 1)),
            )
        }
        ErrorKind::MissingParent { current, parent } => (
            current.into(),
            format!("it extends `{parent}`, which does not exist"),
            None,
        ),
        ErrorKind::CircularExtend { tpl, .. } => (
            tpl.into(),
            "it extends itself through other templates".to_owned(),
            None,
        ),
        ErrorKind::CircularInclude { tpl, .. } => (
            tpl.into(),
            "it includes itself through other templates".to_owned(),
            None,
        ),
        ErrorKind::TemplateNotFound(name) => {
            (name.into(), "there is no such template".to_owned(), None)
        }
        _ => ("templates".into(), error.to_string(), None),
    };
    let template = templates.get(&*name);
    let mut diagnostic = Diagnostic::error(
        Code::TemplateInvalid,
        template.map_or_else(|| name.to_string(), |t| t.shown.clone()),
        first_line(&what),
    );
    if let (Some(template), Some((line, column))) = (template, place) {
        diagnostic = diagnostic.at(&template.text, line, column);
    }
    let hint = match page {
        Some(page) => {
            format!(
                "the page was `{page}`; `backfile docs themes` lists the values of each template"
            )
        }
        None => "`backfile docs themes` shows how templates are written".to_owned(),
    };
    diagnostic.hint(hint).into()
}

/// The first line of a message, beginning in lower case and without its full stop.
fn first_line(what: &str) -> String {
    let line = what
        .lines()
        .next()
        .unwrap_or_default()
        .trim_end_matches('.');
    let mut chars = line.chars();
    chars.next().map_or_else(String::new, |first| {
        first.to_lowercase().chain(chars).collect()
    })
}
