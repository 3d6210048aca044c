//! Articles that a person edited: what becomes of them when their records change or go.

use super::article_writer::ArticleWriter;
use super::existing::Existing;
use super::job::{Job, What};
use super::records::Record;
use super::{Imported, Options};
use crate::diagnostics::{Code, Diagnostic, Result};
use crate::front_matter;
use crate::model::RawReference;

/// An edited article is never written over, unless a person said so by name.
pub fn renew(
    shelves: &ArticleWriter<'_>,
    jobs: &mut Vec<Job>,
    imported: &mut Imported,
    record: Record,
    existing: Existing,
    same_text: bool,
    options: &Options,
) -> Result<()> {
    let moved = record.key != existing.key();
    match (same_text, options.take_raw) {
        (true, _) if !moved => {}
        (true, _) => {
            repoint(shelves, &existing, &record)?;
            imported.files.insert(existing.file);
            imported.moved += 1;
        }
        (false, Some(true)) => {
            jobs.push(Job::renewing(record, &existing, What::Changed));
        }
        (false, Some(false)) => {
            repoint(shelves, &existing, &record)?;
            imported.files.insert(existing.file);
        }
        (false, None) => {
            let what = format!(
                "the record `raw/{}` changed, and so did this article by hand",
                record.key.path
            );
            let hint = format!(
                "`backfile import --take raw {0}` lets the record win, `--take mine {0}` the edit",
                record.key.path
            );
            imported.diagnostics.push(
                Diagnostic::problem(
                    Code::Unclassified,
                    format!("content/{}", existing.file),
                    what,
                )
                .hint(hint),
            );
        }
    }
    Ok(())
}

/// Points an edited article at its record as it is now; nothing else in the file is touched.
fn repoint(shelves: &ArticleWriter<'_>, existing: &Existing, record: &Record) -> Result<()> {
    let failed = |e: std::io::Error| Diagnostic::io(&existing.path, "update the article", &e);
    let text = std::fs::read_to_string(&existing.path).map_err(failed)?;
    let end = front_matter::split(&text).map_or(0, |parts| parts.body_at);
    let raw = RawReference {
        path: record.key.path.clone(),
        record: record.key.record.clone(),
        blake3: record.blake3.clone(),
        ..existing.raw.clone()
    };
    let front = front_matter::replace_raw(&text[..end], &raw);
    shelves.put(&existing.path, &(front + &text[end..]))
}

pub fn gone(existing: &Existing) -> Diagnostic {
    let what = format!(
        "its record `raw/{}` is gone; the article was edited, so it stays",
        existing.raw.path
    );
    Diagnostic::warning(
        Code::Unclassified,
        format!("content/{}", existing.file),
        what,
    )
    .hint("remove the key `raw` to make it yours, or the file")
}
