//! How every command speaks: results on stdout, diagnostics and progress on stderr, one exit status.

use std::io::{IsTerminal, Write};
use std::process::ExitCode;

use serde_json::{Map, Value};

use crate::cache::Cache;
use crate::cli::Global;
use crate::diagnostics::{Diagnostic, Failure, Result, Severity};
use crate::model::digits::grouped;
use crate::site::Site;

/// How many diagnostics are shown where nobody asked for all.
const SHOWN: usize = 20;

/// What a command did.
#[derive(Debug, Default)]
pub struct Done {
    /// For people: a line each.
    pub lines: Vec<String>,
    /// For scripts.
    pub json: Map<String, Value>,
    pub diagnostics: Vec<Diagnostic>,
}

/// Prints what a command did, and gives the exit status: 0 done, 1 done with problems, 2 not done.
pub fn exit(outcome: Result<Done>, global: &Global) -> ExitCode {
    let (done, status) = match outcome {
        Ok(done) => {
            let problems = done
                .diagnostics
                .iter()
                .any(|d| d.severity >= Severity::Problem);
            (done, u8::from(problems))
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
        return ExitCode::from(status);
    }
    show(&done.diagnostics, global);
    if !global.quiet {
        let lines: String = done.lines.iter().map(|line| format!("{line}\n")).collect();
        print(&lines);
    }
    ExitCode::from(status)
}

/// Writes to stdout; a reader that went away, as `head` does, is no error.
pub fn print(text: &str) {
    let _ = std::io::stdout().lock().write_all(text.as_bytes());
}

/// Shows diagnostics on stderr, the heavy ones first.
pub fn show(diagnostics: &[Diagnostic], global: &Global) {
    let mut sorted: Vec<&Diagnostic> = diagnostics.iter().collect();
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

/// Takes the cache of a site; where another process has it, says so and waits.
///
/// # Errors
/// Where the folder cannot be made or written.
pub fn open_cache(site: &Site, global: &Global) -> Result<Cache> {
    let command = std::env::args().nth(1).unwrap_or_default();
    Cache::open(site, &command, &|words| {
        if !global.quiet {
            eprintln!("{words}");
        }
    })
}

/// A bar on stderr for long work, where stderr is a terminal and nobody asked for quiet.
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

/// Shows on a bar what is being done, how much of it is done, and of how much.
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
    fn counts_read_well() {
        assert_eq!(count(1, "article"), "1 article");
        assert_eq!(count(1_234_567, "query"), "1\u{202f}234\u{202f}567 queries");
    }
}
