//! A website that somebody changed since it was built: which files are missing, others, or not the build's.

use super::findings::Findings;
use super::website::Website;
use crate::diagnostics::{Code, Diagnostic, Result};
use crate::files::{self, Source};

/// Tells of every file that a listing shows to be another than the build left.
///
/// # Errors
/// Where the folder cannot be listed.
pub fn look(website: &Website<'_>, findings: &mut Findings) -> Result<()> {
    let site = website.site;
    let out = site.shown(site.out());
    findings.push(
        Diagnostic::problem(
            Code::Unclassified,
            out,
            "the website is not what the last build wrote",
        )
        .hint("`backfile build` puts it right; what is put there by hand belongs in `static/`"),
    );
    let listed = files::list(site.out())?;
    let find = |path: &str| -> Option<&Source> {
        let at = listed.binary_search_by(|source| source.file.as_str().cmp(path));
        at.ok().map(|at| &listed[at])
    };
    for file in &website.files {
        match find(file.path) {
            None => findings.push(Diagnostic::problem(
                Code::Unclassified,
                file.path,
                "the file is missing",
            )),
            Some(source) if source.stamp.size != file.size => {
                findings.push(Diagnostic::problem(
                    Code::Unclassified,
                    file.path,
                    "the file is not as the build wrote it",
                ));
            }
            Some(_) => {}
        }
    }
    let foreign = listed.iter().filter(|source| !website.has(&source.file));
    findings.extend(foreign.map(|source| {
        Diagnostic::problem(
            Code::Unclassified,
            source.file.as_str(),
            "the build did not make this file",
        )
    }));
    Ok(())
}
