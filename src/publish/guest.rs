//! A place that holds files of others, and nothing of ours: nothing is written there until a person says so.

use std::collections::BTreeSet;

use super::live::{self, FOLDER, Live};
use super::manifest::{Manifest, Version};
use super::representation::compressed_copies;
use super::run::Run;
use super::targets::UpdateMode;
use super::versions;
use crate::diagnostics::{Code, Diagnostic, Result};

/// How many files are named.
const NAMED: usize = 5;

/// Why the website is not published to a place that has files and no manifest; `None` where it may be.
///
/// # Errors
/// Where the target does not answer.
pub(crate) fn objection(run: &Run<'_>, live: &Live) -> Result<Option<Diagnostic>> {
    if run.options.adopt || live.version.is_some() {
        return Ok(None);
    }
    let ours = left_by_interrupted(run, live)?;
    let is_state = |path: &str| {
        let rest = path.strip_prefix(FOLDER);
        rest.is_some_and(|rest| rest.starts_with('/'))
    };
    let is_foreign = |path: &String| !is_state(path) && !ours.contains(path);
    let listed = run.session.list("")?.into_iter().map(|listed| listed.path);
    let mut foreign: Vec<String> = listed.filter(is_foreign).collect();
    if foreign.is_empty() {
        return Ok(None);
    }
    let is_replaced = |path: &String| match run.mode() {
        UpdateMode::Versions => false,
        UpdateMode::Whole => true,
        UpdateMode::InPlace | UpdateMode::Atomic => run.website.file(path).is_some(),
    };
    let replaced = foreign.iter().filter(|path| is_replaced(path)).count();
    // Those that would be lost are named first.
    foreign.sort_by_key(|path| (!is_replaced(path), path.clone()));
    let named: Vec<String> = foreign
        .iter()
        .take(NAMED)
        .map(|path| format!("`{path}`"))
        .collect();
    let more = match foreign.len() {
        0..=NAMED => "",
        _ => ", …",
    };
    let what = format!(
        "the place holds {} that Backfile did not put there, {replaced} of which would be replaced: {}{more}",
        match foreign.len() {
            1 => "1 file".to_owned(),
            number => format!("{number} files"),
        },
        named.join(", "),
    );
    let address = run.session.address.as_str();
    let hint = "name an empty place; or publish with --adopt: files of the same names are replaced, and all others stay";
    Ok(Some(
        Diagnostic::error(Code::TargetNotOwned, address, what).hint(hint),
    ))
}

/// The files that interrupted runs may have left.
fn left_by_interrupted(run: &Run<'_>, live: &Live) -> Result<BTreeSet<String>> {
    let mut ours = BTreeSet::new();
    for root in &live.interrupted {
        let version = Version::of(&root.id());
        let version = Some(&version).filter(|_| run.mode() == UpdateMode::Versions);
        for path in live::diff(run.session, &Manifest::empty(), root)?
            .removed
            .keys()
        {
            ours.extend(
                compressed_copies(path, &root.stored)
                    .iter()
                    .map(|p| versions::path_in(version, p)),
            );
            ours.insert(versions::path_in(version, path));
        }
    }
    Ok(ours)
}
