//! Articles that a person edited: what happens when their records change or vanish.
//! Never overwrites or removes one, unless a person asked for it by name.

use std::path::Path;

use similar::{ChangeTag, TextDiff};

use super::article_writer::ArticleWriter;
use super::existing::ImportedArticle;
use super::identify::Renewal;
use super::job::{Job, Reason};
use super::records::RawRecord;
use super::{Imported, Options};
use crate::diagnostics::{Code, Diagnostic, Result};
use crate::front_matter;
use crate::model::RawReference;
use crate::model::path::slashed;

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
        (_, Some(true)) => {
            let line = format!(
                "content/{}: the record was taken, the edit is gone",
                article.file
            );
            imported.settled.push(line);
            return Ok(Some(Job::renew(renewal, Reason::Changed)));
        }
        (true, _) if !is_moved => {}
        (true, _) => {
            repoint(writer, article, record)?;
            imported.files.insert(renewal.article.file);
            imported.moved += 1;
        }
        (false, Some(false)) => {
            repoint(writer, article, record)?;
            let line = format!("content/{}: the edited article was kept", article.file);
            imported.settled.push(line);
            imported.files.insert(renewal.article.file);
        }
        (false, None) => return Ok(Some(Job::renew(renewal, Reason::Conflict))),
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

/// The lines of a difference that are shown.
const SHOWN: usize = 12;

/// A longer line of a difference is cut, in characters.
const LONGEST_LINE: usize = 120;

/// The record of an edited article changed. `text` is the article that the record makes; it is compared with the file.
pub(crate) fn both_changed(job: &Job, file: &Path, text: &str) -> Diagnostic {
    let raw = &job.record.key.path;
    let path = format!("content/{}", name_below_content(file));
    let what = format!("the record `raw/{raw}` changed, and a person edited this article");
    let hint = format!(
        "`backfile import --take raw {raw}` imports the record, `--take mine {raw}` keeps the edited article"
    );
    let ours = std::fs::read_to_string(file).unwrap_or_default();
    Diagnostic::problem(Code::EditConflict, path, what)
        .note(difference(&ours, text))
        .hint(hint)
}

/// The path of a file below the innermost folder `content`.
fn name_below_content(file: &Path) -> String {
    let shown = slashed(file);
    let below = shown
        .rsplit_once("/content/")
        .map(|(_, below)| below.to_owned());
    below.unwrap_or(shown)
}

/// The lines that differ between the edited article (`-`) and the article that the record makes (`+`), without the key `raw`.
fn difference(ours: &str, theirs: &str) -> String {
    let (ours, theirs) = (
        front_matter::without_raw(ours),
        front_matter::without_raw(theirs),
    );
    let diff = TextDiff::from_lines(&ours, &theirs);
    let signed = |tag: ChangeTag| match tag {
        ChangeTag::Delete => Some('-'),
        ChangeTag::Insert => Some('+'),
        ChangeTag::Equal => None,
    };
    let changes = diff.iter_all_changes();
    let mut lines: Vec<String> = changes
        .filter_map(|change| {
            let line: String = change
                .value()
                .trim_end()
                .chars()
                .take(LONGEST_LINE)
                .collect();
            signed(change.tag())
                .filter(|_| !line.is_empty())
                .map(|sign| format!("{sign} {line}"))
        })
        .collect();
    let more = lines.len().saturating_sub(SHOWN);
    lines.truncate(SHOWN);
    if more > 0 {
        lines.push(format!("and {more} more lines"));
    }
    format!(
        "- the article, + what the record makes:\n{}",
        lines.join("\n")
    )
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
