//! Articles that a person edited: what happens when their records change or vanish.
//! Never overwrites or removes one, unless a person asked for it by name.

use super::article_writer::ArticleWriter;
use super::existing::ImportedArticle;
use super::identify::Renewal;
use super::job::{Job, Reason};
use super::records::RawRecord;
use super::{Imported, Options};
use crate::diagnostics::{Code, Diagnostic, Result};
use crate::front_matter;
use crate::model::RawReference;

/// Renews an edited article: returns a job only where a person asked that the record wins.
///
/// # Errors
/// Where the article cannot be read or written.
pub(crate) fn renew(
    writer: &ArticleWriter<'_>,
    renewal: Renewal,
    options: &Options,
    imported: &mut Imported,
) -> Result<Option<Job>> {
    let is_moved = renewal.is_moved();
    let Renewal {
        record, article, ..
    } = &renewal;
    match (renewal.same_text, options.take_raw) {
        (true, _) if !is_moved => {}
        (true, _) => {
            repoint(writer, article, record)?;
            imported.files.insert(renewal.article.file);
            imported.moved += 1;
        }
        (false, Some(true)) => return Ok(Some(Job::renew(renewal, Reason::Changed))),
        (false, Some(false)) => {
            repoint(writer, article, record)?;
            imported.files.insert(renewal.article.file);
        }
        (false, None) => imported.diagnostics.push(both_changed(article, record)),
    }
    Ok(None)
}

/// Sets `raw` of an edited article to its record as it is now; nothing else in the file is changed.
fn repoint(
    writer: &ArticleWriter<'_>,
    article: &ImportedArticle,
    record: &RawRecord,
) -> Result<()> {
    let failed = |e: std::io::Error| Diagnostic::io(&article.path, "update the article", &e);
    let text = std::fs::read_to_string(&article.path).map_err(failed)?;
    let end = front_matter::split(&text).map_or(0, |parts| parts.body_at);
    let raw = RawReference {
        path: record.key.path.clone(),
        record: record.key.record.clone(),
        blake3: record.blake3.clone(),
        ..article.raw.clone()
    };
    let front = front_matter::replace_raw(&text[..end], &raw);
    writer.stage(&article.path, &(front + &text[end..]))
}

fn both_changed(article: &ImportedArticle, record: &RawRecord) -> Diagnostic {
    let raw = &record.key.path;
    let what = format!("the record `raw/{raw}` changed, and a person edited this article");
    let hint = format!(
        "`backfile import --take raw {raw}` imports the record, `--take mine {raw}` keeps the edited article"
    );
    let path = format!("content/{}", article.file);
    Diagnostic::problem(Code::EditConflict, path, what).hint(hint)
}

/// The record of an edited article does not exist any more.
pub(crate) fn record_vanished(article: &ImportedArticle) -> Diagnostic {
    let what = format!(
        "its record `raw/{}` does not exist any more; the article is kept, because a person edited it",
        article.raw.path
    );
    let path = format!("content/{}", article.file);
    Diagnostic::warning(Code::EditedRecordVanished, path, what)
        .hint("remove the key `raw` to keep the article as yours, or delete the file")
}
