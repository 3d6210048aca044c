//! Adds lost addresses to the `aliases` of the articles that had them.

use std::fs::Permissions;
use std::io::Write as _;
use std::path::Path;

use foldhash::HashMap;
use serde::Serialize;

use super::aliases;
use super::broken_permalinks::BrokenPermalink;
use super::findings::Findings;
use crate::diagnostics::{Code, Diagnostic, Result};
use crate::files::{self, Source};
use crate::front_matter;
use crate::model::digest;
use crate::model::library::{alias_path, article_name, content_name};
use crate::site::Site;

/// An address that was added to front matter; it leads to its article again after the next build.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub(crate) struct AddedAlias {
    /// Below the site's folder.
    pub file: String,
    pub alias: String,
}

/// Adds lost addresses to front matter, and reports those that cannot be added.
///
/// # Errors
/// Where `content/` cannot be listed or a file cannot be written; earlier files are written.
pub(crate) fn fix(
    site: &Site,
    lost: Vec<BrokenPermalink>,
    findings: &mut Findings,
) -> Result<Vec<AddedAlias>> {
    let mut fixed = Vec::new();
    if lost.iter().all(|lost| lost.now.is_none()) {
        findings.extend(lost.iter().map(BrokenPermalink::diagnostic));
        return Ok(fixed);
    }
    let sources = files::list(&site.content())?;
    let owners: HashMap<u64, &Source> = sources
        .iter()
        .flat_map(|source| owners(&source.file).map(|owner| (owner, source)))
        .collect();
    for lost in lost {
        let source = lost.now.as_ref().and_then(|_| owners.get(&lost.owner));
        let Some(source) = source else {
            findings.push(lost.diagnostic());
            continue;
        };
        let file = format!("content/{}", source.file);
        let alias = format!("/{}", lost.path);
        match add(&source.path, &lost.path, &alias)? {
            true => fixed.push(AddedAlias { file, alias }),
            false => findings.push(
                Diagnostic::problem(
                    Code::AliasNotAdded,
                    file,
                    format!("`{alias}` could not be added to its `aliases`"),
                )
                .hint("add it by hand: this front matter is not a plain list of keys"),
            ),
        }
    }
    Ok(fixed)
}

/// The owners that pages of a file of `content/` may have: an article, or a hand-written page.
fn owners(file: &str) -> [u64; 2] {
    [article_name(file), content_name(file)].map(|name| digest::short(name.as_bytes()))
}

/// Adds an alias to a file unless it has it. Returns whether it has it then.
fn add(file: &Path, path: &str, alias: &str) -> Result<bool> {
    let failed = |what: &'static str| move |e: std::io::Error| Diagnostic::io(file, what, &e);
    if alias_path(alias).as_deref() != Some(path) {
        return Ok(false);
    }
    let bytes = std::fs::read(file).map_err(failed("read the file"))?;
    let Ok(text) = String::from_utf8(bytes) else {
        return Ok(false);
    };
    let Ok(article) = front_matter::read("", &text) else {
        return Ok(false);
    };
    let has = |written: &String| alias_path(written).as_deref() == Some(path);
    if article.front.aliases.iter().any(has) {
        return Ok(true);
    }
    let Some(changed) = aliases::add(&text, alias) else {
        return Ok(false);
    };
    let metadata = std::fs::metadata(file).map_err(failed("read the file"))?;
    replace(file, metadata.permissions(), changed.as_bytes()).map_err(failed("write the file"))?;
    Ok(true)
}

/// Replaces a file in one step: a person may have written it.
fn replace(file: &Path, permissions: Permissions, bytes: &[u8]) -> std::io::Result<()> {
    let folder = file.parent().unwrap_or(Path::new("."));
    let mut beside = tempfile::NamedTempFile::new_in(folder)?;
    beside.write_all(bytes)?;
    beside.as_file().sync_all()?;
    beside.as_file().set_permissions(permissions)?;
    beside.persist(file).map_err(|e| e.error)?;
    Ok(())
}
