//! How the output folder differs from what the last build wrote.

use super::findings::Findings;
use super::website::Website;
use crate::diagnostics::{Code, Diagnostic, Result, Severity};
use crate::files::{self, Source};
use crate::site::Site;

const ADDED_BY_HAND: &str = "what is added by hand belongs in `static/`";

/// There is no website to check or publish.
pub(crate) fn unfinished(site: &Site) -> Diagnostic {
    let what = "there is no finished website";
    Diagnostic::error(Code::OutputMissing, site.shown(site.out()), what)
        .hint("run `backfile build` first")
}

/// A build would make another website now.
pub(crate) fn behind(site: &Site) -> Diagnostic {
    let what = "the sources changed since the website was built";
    Diagnostic::warning(Code::OutputBehind, site.shown(site.out()), what)
        .hint("`backfile build` brings it up to date")
}

/// Files were added, changed or deleted in the output folder.
pub(crate) fn altered(site: &Site, severity: Severity) -> Diagnostic {
    let what = "the website is not what the last build wrote";
    let diagnostic = match severity {
        Severity::Error => Diagnostic::error,
        _ => Diagnostic::problem,
    };
    diagnostic(Code::OutputAltered, site.shown(site.out()), what)
        .hint(format!("`backfile build` writes it again; {ADDED_BY_HAND}"))
}

/// A file has other bytes, which its size does not show.
pub(crate) fn altered_bytes(path: &str) -> Diagnostic {
    altered_file(path, "the file is not as the build wrote it").hint(format!(
        "`backfile build --verify` writes it again; {ADDED_BY_HAND}"
    ))
}

fn altered_file(path: &str, what: &str) -> Diagnostic {
    Diagnostic::problem(Code::OutputAltered, path, what)
}

/// Reports every file that, according to a listing, is not as the build left it.
///
/// # Errors
/// Where the folder cannot be listed.
pub(crate) fn check(website: &Website<'_>, findings: &mut Findings) -> Result<()> {
    let site = website.site;
    findings.push(altered(site, Severity::Problem));
    let listed = files::list(site.out())?;
    let find = |path: &str| -> Option<&Source> {
        let at = listed.binary_search_by(|source| source.file.as_str().cmp(path));
        at.ok().map(|at| &listed[at])
    };
    for file in &website.files {
        match find(file.path) {
            None => findings.push(altered_file(file.path, "the file is missing")),
            Some(source) if source.stamp.size != file.size => findings.push(altered_file(
                file.path,
                "the file is not as the build wrote it",
            )),
            Some(_) => {}
        }
    }
    let foreign = listed.iter().filter(|source| !website.has(&source.file));
    findings.extend(
        foreign.map(|source| altered_file(&source.file, "the build did not make this file")),
    );
    Ok(())
}
