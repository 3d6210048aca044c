//! Articles that want what another has.

use super::Library;
use crate::diagnostics::{Code, Diagnostic};
use crate::model::term::ArticleNo;

impl Library {
    /// Articles that want what another has: an id, or a path that is taken. By file.
    pub fn contests(&self) -> Vec<Diagnostic> {
        let file = |article: ArticleNo| self.file(article).unwrap_or_default();
        let mut found = Vec::new();
        for id in &self.contested_ids {
            let claims = self
                .id_claims
                .get(id)
                .map_or(&[][..], |claims| claims.as_slice());
            for other in claims.iter().skip(1) {
                let what = format!(
                    "the id `{id}` is also that of `content/{}`",
                    file(claims[0])
                );
                found.push(
                    Diagnostic::problem(Code::Unclassified, format!("content/{}", file(*other)), what)
                        .hint("give one of them another `id`; until then this one is published with an addition"),
                );
            }
        }
        for path in &self.contested_paths {
            let claims = self
                .path_claims
                .get(path)
                .map_or(&[][..], |claims| claims.as_slice());
            let taken = self.is_taken(path);
            for other in claims.iter().skip(usize::from(!taken)) {
                let holder = if taken {
                    "another page".to_owned()
                } else {
                    format!("`content/{}`", file(claims[0]))
                };
                let what = format!("the page `{path}` is already that of {holder}");
                found.push(
                    Diagnostic::problem(
                        Code::Unclassified,
                        format!("content/{}", file(*other)),
                        what,
                    )
                    .hint("give this article another `slug`; until then its id is added"),
                );
            }
        }
        found.sort_unstable();
        found
    }
}
