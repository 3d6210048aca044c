//! Where the links and pictures of a record lead in its article: to files that come along, to other records, to the old website.
//! Knows destinations; never which words a record has.

use std::path::{Component, Path};

use url::Url;

use super::article_writer::ArticleWriter;
use super::attachments::{Bringer, Catalogue, Destination, Rewritten, rewrite};
use crate::diagnostics::Result;
use crate::model::path::slashed;

/// The links of one record.
pub(super) struct Links<'a> {
    /// The record's file, below `raw/`.
    pub from: &'a str,
    /// The article's file.
    pub to: &'a Path,
    /// The address at which the record was published.
    pub base: Option<Url>,
    /// Whether the body is Markdown that a person wrote, so that a link which names nothing stays.
    pub is_verbatim: bool,
}

impl Links<'_> {
    /// The body with the destinations that its links have in `content/`, and the files that it shows beside it. `None` if nothing
    /// changes.
    ///
    /// # Errors
    /// Where the machine refuses to write a file.
    pub(super) fn rewrite(
        &self,
        body: &str,
        writer: &ArticleWriter<'_>,
        bringer: &Bringer<'_>,
    ) -> Result<Option<String>> {
        let catalogue = &bringer.catalogue;
        let is_note = self.is_verbatim && body.contains("[[");
        if !is_note && !may_change(body, catalogue.is_empty()) {
            return Ok(None);
        }
        let mut failed = None;
        let made = rewrite(body, is_note, &mut |destination| {
            let Some(file) = self.file(catalogue, &destination) else {
                return self.other(catalogue, &destination);
            };
            match bringer.bring(writer, file) {
                Ok(Some(brought)) => Rewritten::To(self.relative(writer, &brought)),
                Ok(None) => self.other(catalogue, &destination),
                Err(failure) => {
                    failed = Some(failure);
                    Rewritten::Same
                }
            }
        });
        match failed {
            Some(failure) => Err(failure),
            None => Ok(made),
        }
    }

    /// The file of `raw/` that a link shows.
    fn file<'c>(&self, catalogue: &'c Catalogue, destination: &Destination<'_>) -> Option<&'c str> {
        match destination.is_note {
            true => catalogue.embedded(self.from, destination.target),
            false => {
                let host = self.base.as_ref().and_then(Url::host_str);
                catalogue.shown_by(self.from, host, destination.target)
            }
        }
    }

    /// Where a link leads that shows no file of `raw/`. A link to another record stays as it is: a build knows the article of each
    /// record, also of one that is imported later.
    fn other(&self, catalogue: &Catalogue, destination: &Destination<'_>) -> Rewritten {
        let target = destination.target;
        if destination.is_note {
            let (name, heading) = target.split_once('#').unwrap_or((target, ""));
            return match catalogue.note(self.from, name) {
                Some(record) => Rewritten::To(relative_to(self.from, record, heading)),
                None => Rewritten::Same,
            };
        }
        if target.is_empty() || target.starts_with('#') {
            return Rewritten::Same;
        }
        if let Ok(url) = Url::parse(target) {
            let is_own = self
                .base
                .as_ref()
                .is_some_and(|base| base.host_str() == url.host_str());
            let beside = catalogue
                .record_beside(self.from, &url)
                .filter(|_| is_own && !destination.is_image);
            return beside.map_or(Rewritten::Same, |name| {
                Rewritten::To(name + &url.fragment().map(|f| format!("#{f}")).unwrap_or_default())
            });
        }
        if !destination.is_image && catalogue.is_record(self.from, target) {
            return Rewritten::Same;
        }
        let joined = self.base.as_ref().and_then(|base| base.join(target).ok());
        match joined {
            Some(url) if !self.is_verbatim || destination.is_image => Rewritten::To(url.into()),
            _ if self.is_verbatim => Rewritten::Same,
            _ => Rewritten::Text,
        }
    }

    /// The path of a file of `content/` from the article.
    fn relative(&self, writer: &ArticleWriter<'_>, file: &str) -> String {
        let content = writer.site.content();
        let article = self.to.strip_prefix(&content).unwrap_or(self.to);
        relative_to(&slashed(article), file, "")
    }
}

/// Whether a text may have a link to a file that comes along, or a relative one.
fn may_change(body: &str, is_alone: bool) -> bool {
    if !is_alone {
        return body.contains("](") || body.contains("]:");
    }
    let is_relative = |at: usize| {
        let target = &body[at + 2..];
        let is_web = target
            .get(..4)
            .is_some_and(|head| head.eq_ignore_ascii_case("http"));
        !is_web && !target.starts_with("mailto:")
    };
    memchr::memmem::find_iter(body.as_bytes(), "](").any(is_relative)
}

/// The path of a file from the folder of another, with a heading in it.
fn relative_to(from: &str, to: &str, heading: &str) -> String {
    let folder = Path::new(from).parent().unwrap_or_else(|| Path::new(""));
    let folders: Vec<Component<'_>> = folder.components().collect();
    let parts: Vec<Component<'_>> = Path::new(to).components().collect();
    let shared = folders
        .iter()
        .zip(&parts)
        .take_while(|(a, b)| a == b)
        .count();
    let up = std::iter::repeat_n("..".to_owned(), folders.len() - shared);
    let down = parts[shared..]
        .iter()
        .map(|part| part.as_os_str().to_string_lossy().into_owned());
    let path = up.chain(down).collect::<Vec<_>>().join("/");
    match heading.is_empty() {
        true => path,
        false => format!(
            "{path}#{}",
            crate::model::slug::slug(heading).unwrap_or_default()
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_shown_from_the_folder_of_another() {
        for (from, to, expected) in [
            (
                "articles/2021/07/a.md",
                "articles/files/3f/x.png",
                "../../files/3f/x.png",
            ),
            ("a.md", "b.md", "b.md"),
            ("notes/a.md", "notes/b c.md", "b c.md"),
            ("x/y/a.md", "b.md", "../../b.md"),
        ] {
            assert_eq!(relative_to(from, to, ""), expected, "{from} {to}");
        }
        assert_eq!(
            relative_to("a.md", "b.md", "The Heading"),
            "b.md#the-heading"
        );
    }
}
