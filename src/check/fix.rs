//! Lost addresses become aliases of the articles that had them, where a person asked for it by name.

use std::fs::Permissions;
use std::io::Write as _;
use std::path::Path;

use foldhash::HashMap;
use serde::Serialize;

use super::aliases;
use super::broken_permalinks::Lost;
use super::findings::Findings;
use crate::diagnostics::{Code, Diagnostic, Result};
use crate::files::{self, Source};
use crate::front_matter;
use crate::model::digest;
use crate::model::library::alias_path;
use crate::site::Site;

/// An address that leads to its article again once the website is built.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Fixed {
    /// Below the site's folder.
    pub file: String,
    pub alias: String,
}

/// Adds lost addresses to front matter, and finds fault where that cannot be done.
///
/// # Errors
/// Where `content/` cannot be listed or a file cannot be written; those before it are.
pub fn fix(site: &Site, lost: Vec<Lost>, findings: &mut Findings) -> Result<Vec<Fixed>> {
    let mut fixed = Vec::new();
    if lost.iter().all(|lost| lost.now.is_none()) {
        findings.extend(lost.iter().map(Lost::diagnostic));
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
            true => fixed.push(Fixed { file, alias }),
            false => findings.push(
                Diagnostic::problem(
                    Code::Unclassified,
                    file,
                    format!("`{alias}` could not be added to its `aliases`"),
                )
                .hint("the program does not see how to write it there: add it by hand"),
            ),
        }
    }
    Ok(fixed)
}

/// The owners of pages that a file of `content/` may have: as an article, and as a page.
fn owners(file: &str) -> [u64; 2] {
    ["article", "content"].map(|what| digest::short(format!("{what}:{file}").as_bytes()))
}

/// Adds an alias to a file, unless it is there; whether it is then.
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

/// A file that a person may have written is there whole, before or after.
fn replace(file: &Path, permissions: Permissions, bytes: &[u8]) -> std::io::Result<()> {
    let folder = file.parent().unwrap_or(Path::new("."));
    let mut beside = tempfile::NamedTempFile::new_in(folder)?;
    beside.write_all(bytes)?;
    beside.as_file().sync_all()?;
    beside.as_file().set_permissions(permissions)?;
    beside.persist(file).map_err(|e| e.error)?;
    Ok(())
}
