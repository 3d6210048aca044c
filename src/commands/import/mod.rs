//! `backfile import`: brings `content/` up to date with `raw/`, and reports on the whole archive where asked.

mod table;

use std::path::Path;

use super::report::{Done, count, open_cache, progress, tell};
use crate::build::{ContentIndex, Scope, TopicSet, vanished};
use crate::cli::{Global, Import, Take};
use crate::diagnostics::{Code, Diagnostic, Result};
use crate::import::records::RawTable;
use crate::import::{self, Options, report};
use crate::model::path::slashed;
use crate::site::Site;

pub fn run(args: &Import, global: &Global) -> Result<Done> {
    let site = Site::open(&global.site, None)?;
    let paths = args
        .paths
        .iter()
        .map(|path| below_raw(&site, path))
        .collect::<Result<_>>()?;
    let options = Options {
        paths,
        take_raw: args.take.map(|take| take == Take::Raw),
        prune: args.prune,
        again: args.again,
        frozen: false,
    };
    let mut cache = open_cache(&site, global)?;
    let subjects = TopicSet::read(&site)?;
    let (mut contents, _) = ContentIndex::open(&mut cache, &subjects, None);
    let mut scan = contents.scan(&site, &cache, &subjects, &Scope::All)?;
    let gone = vanished::settle(&mut contents, &mut scan, &site, &cache, &subjects)?;
    let bar = progress(global);
    let shown = |what: &str, done: usize, all: usize| tell(&bar, what, done, all);
    let raw = RawTable::open(&site, &mut cache, &shown)?;
    let existing = vanished::index(&contents, &site, &mut cache, &subjects, gone);
    let imported = import::import(&site, &raw, existing, &options, &shown);
    bar.finish_and_clear();
    let imported = imported?;
    vanished::keep(&site, &cache, &imported)?;
    let unchanged = || format!("nothing new: {} as before", count(imported.same, "article"));
    let mut lines = imported.settled.clone();
    let line = imported.line();
    lines.extend(line.or_else(|| lines.is_empty().then(unchanged)));
    let mut json = imported.json().as_object().cloned().unwrap_or_default();
    if args.report {
        let report = report::of(&site, &raw.records(&site, &[])?, &imported)?;
        lines.extend(table::lines(&report));
        json.insert("report".to_owned(), report.json());
    }
    Ok(Done {
        lines,
        json,
        diagnostics: [cache.warnings, imported.diagnostics()].concat(),
        ..Done::default()
    })
}

/// A path from the command line, relative to the current folder or to the site, as a path below `raw/`.
fn below_raw(site: &Site, path: &Path) -> Result<String> {
    let raw = site.raw();
    let candidates = [path.to_path_buf(), site.root().join(path), raw.join(path)];
    let Some(found) = candidates.iter().find_map(|p| p.canonicalize().ok()) else {
        let what = "the file does not exist";
        return Err(
            Diagnostic::error(Code::RawPathInvalid, path.display().to_string(), what)
                .hint("name a file or folder in `raw/`")
                .into(),
        );
    };
    let inside = raw
        .canonicalize()
        .ok()
        .and_then(|raw| found.strip_prefix(raw).map(slashed).ok());
    inside.ok_or_else(|| {
        let what = format!("it is not in `{}`", site.shown(&raw));
        Diagnostic::error(Code::RawPathInvalid, path.display().to_string(), what)
            .hint("copy it there first: import reads only `raw/`")
            .into()
    })
}
