//! The output of every command: results on stdout, diagnostics and progress on stderr, one exit status.

use std::io::{IsTerminal, Write};
use std::process::ExitCode;

use serde_json::{Map, Value};

use crate::cache::Cache;
use crate::cli::Global;
use crate::diagnostics::{Diagnostic, Failure, Result, Severity, merged};
use crate::model::digits::grouped;
use crate::site::Site;

/// How many diagnostics are shown without `--verbose`.
const SHOWN: usize = 20;

/// The result of a command.
#[derive(Debug, Default)]
pub struct Done {
    /// For people, one line each.
    pub lines: Vec<String>,
    /// For scripts: what `--json` prints beside `status` and `diagnostics`.
    pub json: Map<String, Value>,
    pub diagnostics: Vec<Diagnostic>,
    /// Whether problems of the content leave the exit status at 0.
    pub allows_problems: bool,
}

impl Done {
    /// The same result, of which the problems are allowed; a line counts them.
    pub fn allowing_problems(mut self) -> Self {
        let is_problem = |d: &&Diagnostic| d.severity == Severity::Problem;
        let problems = self.diagnostics.iter().filter(is_problem).count();
        if problems > 0 {
            self.lines
                .push(format!("{}, allowed", count(problems, "problem")));
        }
        self.allows_problems = true;
        self
    }
}

/// Prints what a command did, and returns its exit status: 0 done, 1 done with problems, 2 not done.
pub fn exit(outcome: Result<Done>, global: &Global) -> ExitCode {
    ExitCode::from(print_outcome(outcome, global))
}

/// Prints what a command did: the result on stdout and diagnostics on stderr, or all of it as one JSON object on stdout.
/// Returns the exit status.
pub fn print_outcome(outcome: Result<Done>, global: &Global) -> u8 {
    let (done, status) = match outcome {
        Ok(done) => {
            let status = match done.diagnostics.iter().map(|d| d.severity).max() {
                // A dry run of what would not be done.
                Some(Severity::Error) => 2,
                Some(Severity::Problem) if !done.allows_problems => 1,
                _ => 0,
            };
            (done, status)
        }
        Err(Failure(diagnostics)) => (
            Done {
                diagnostics,
                ..Done::default()
            },
            2,
        ),
    };
    if global.json {
        let mut object = done.json;
        object.insert("status".into(), status.into());
        let diagnostics = done.diagnostics.iter().map(Diagnostic::json);
        object.insert("diagnostics".into(), diagnostics.collect());
        print(&format!("{}\n", Value::Object(object)));
        return status;
    }
    show(&done.diagnostics, global);
    if !global.quiet {
        let lines: String = done.lines.iter().map(|line| format!("{line}\n")).collect();
        print(&lines);
    }
    status
}

/// Writes to stdout. It is not an error if the reader has closed the pipe, as `head` does.
pub fn print(text: &str) {
    let _ = std::io::stdout().lock().write_all(text.as_bytes());
}

/// Shows diagnostics on stderr, the most severe first.
pub fn show(diagnostics: &[Diagnostic], global: &Global) {
    let merged = match global.verbose {
        true => diagnostics.to_vec(),
        false => merged(diagnostics),
    };
    let mut sorted: Vec<&Diagnostic> = merged.iter().collect();
    sorted.sort_by(|a, b| b.severity.cmp(&a.severity).then(a.cmp(b)));
    let shown = if global.verbose { sorted.len() } else { SHOWN };
    let mut stderr = anstream::stderr();
    for diagnostic in sorted.iter().take(shown) {
        let _ = writeln!(stderr, "{}\n", diagnostic.render(true));
    }
    if sorted.len() > shown {
        let _ = writeln!(
            stderr,
            "and {} more; -v lists all of them\n",
            sorted.len() - shown
        );
    }
}

/// Locks and opens the cache of a site. If another process has locked it, says so and waits.
///
/// # Errors
/// If the folder cannot be created or written.
pub fn open_cache(site: &Site, global: &Global) -> Result<Cache> {
    let command = std::env::args().nth(1).unwrap_or_default();
    Cache::open(site, &command, &|message| {
        if !global.quiet {
            eprintln!("{message}");
        }
    })
}

/// A progress bar on stderr; hidden with `--quiet` or `--json`, and if stderr is not a terminal.
pub fn progress(global: &Global) -> indicatif::ProgressBar {
    if global.quiet || global.json || !std::io::stderr().is_terminal() {
        return indicatif::ProgressBar::hidden();
    }
    let bar = indicatif::ProgressBar::new(0);
    if let Ok(style) = indicatif::ProgressStyle::with_template("{msg} {bar:30} {pos}/{len}") {
        bar.set_style(style);
    }
    bar
}

/// Shows on a progress bar what is being done, how many steps of it are done, and of how many.
pub fn tell(bar: &indicatif::ProgressBar, what: &str, done: usize, all: usize) {
    if bar.message() != what {
        bar.set_message(what.to_owned());
    }
    bar.set_length(all as u64);
    bar.set_position(done as u64);
}

/// `1 article`, `3 articles`.
pub fn count(number: usize, one: &str) -> String {
    let plural = match one.strip_suffix('y') {
        Some(stem) => format!("{stem}ies"),
        None => format!("{one}s"),
    };
    format!(
        "{} {}",
        grouped(number as u64),
        if number == 1 { one } else { &plural }
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_count_has_its_noun_in_singular_or_plural() {
        assert_eq!(count(1, "article"), "1 article");
        assert_eq!(count(1_234_567, "query"), "1\u{202f}234\u{202f}567 queries");
    }
}
