//! Problems as values: what is wrong, where, and what to do about it.
//! Knows how to show them; never decides what counts as one.

mod code;

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

pub use code::{CODES, Code};

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

/// This many files with the same problem are shown as one diagnostic.
const GROUPED: usize = 4;

/// Diagnostics for people: those that say the same of many files are one, which names some of them.
pub fn merged(diagnostics: &[Diagnostic]) -> Vec<Diagnostic> {
    let kind = |d: &Diagnostic| (d.severity, d.code, d.what.clone(), d.hint.clone());
    let mut groups: BTreeMap<_, Vec<&Diagnostic>> = BTreeMap::new();
    for diagnostic in diagnostics {
        groups.entry(kind(diagnostic)).or_default().push(diagnostic);
    }
    let mut shown = Vec::new();
    for group in groups.into_values() {
        match group.as_slice() {
            [first, second, third, others @ ..] if group.len() >= GROUPED => {
                let files = group.len();
                let more = if others.is_empty() { "" } else { ", …" };
                let what = format!(
                    "{} ({files} files: `{}`, `{}`, `{}`{more})",
                    first.what, first.path, second.path, third.path
                );
                let severity = first.severity;
                let mut one = Diagnostic::new(severity, first.code, "", what);
                one.hint.clone_from(&first.hint);
                shown.push(one);
            }
            _ => shown.extend(group.into_iter().cloned()),
        }
    }
    shown
}

/// How much a diagnostic weighs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// Worth knowing; the exit status stays 0.
    Warning,
    /// Something in the content is left out or set aside; the rest is done, exit status 1.
    Problem,
    /// Nothing is written; exit status 2.
    Error,
}

/// One thing to tell a person.
///
/// Messages are lower case, without a full stop, with values in backticks.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Diagnostic {
    /// Below the site's folder, with `/` between folders; empty where there is no file.
    pub path: String,
    /// 1-based; 0 where the whole file is meant.
    pub line: usize,
    /// 1-based, in characters; 0 where the whole line is meant.
    pub column: usize,
    pub severity: Severity,
    pub code: Code,
    /// The message.
    pub what: String,
    /// Of how many records or files of `path` it holds; the place is that of the first.
    pub times: usize,
    pub hint: Option<String>,
    /// What is shown beside the message. Boxed, as most diagnostics are passed on before they are shown.
    shown: Option<Box<Shown>>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
struct Shown {
    /// The line that is meant.
    excerpt: Option<String>,
    /// Further lines.
    note: Option<String>,
}

impl Diagnostic {
    fn new(
        severity: Severity,
        code: Code,
        path: impl Into<String>,
        what: impl Into<String>,
    ) -> Self {
        let (path, what) = (path.into(), what.into());
        Self {
            path,
            line: 0,
            column: 0,
            severity,
            code,
            what,
            times: 1,
            hint: None,
            shown: None,
        }
    }

    pub fn warning(code: Code, path: impl Into<String>, what: impl Into<String>) -> Self {
        Self::new(Severity::Warning, code, path, what)
    }

    pub fn problem(code: Code, path: impl Into<String>, what: impl Into<String>) -> Self {
        Self::new(Severity::Problem, code, path, what)
    }

    pub fn error(code: Code, path: impl Into<String>, what: impl Into<String>) -> Self {
        Self::new(Severity::Error, code, path, what)
    }

    /// An error of the machine: a file that cannot be read or written.
    pub fn io(path: &Path, what: &str, error: &std::io::Error) -> Self {
        let full = format!("cannot {what}: {}", io_words(error));
        Self::error(Code::Machine, path.display().to_string(), full)
    }

    /// A file of the archive that cannot be read; the others can.
    pub fn unreadable(path: impl Into<String>, error: &std::io::Error) -> Self {
        Self::problem(
            Code::FileUnreadable,
            path,
            format!("the file cannot be read: {}", io_words(error)),
        )
    }

    /// Says of how many records or files it holds.
    pub fn times(mut self, times: usize) -> Self {
        self.times = times;
        self
    }

    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    /// Adds further lines that show what is meant.
    pub fn note(mut self, note: impl Into<String>) -> Self {
        self.shown.get_or_insert_default().note = Some(note.into());
        self
    }

    /// Points at a line and column of `text`, both 1-based.
    pub fn at(mut self, text: &str, line: usize, column: usize) -> Self {
        (self.line, self.column) = (line, column);
        let excerpt = text.lines().nth(line.saturating_sub(1));
        let excerpt = excerpt.map(|line| line.chars().take(400).collect());
        self.shown.get_or_insert_default().excerpt = excerpt;
        self
    }

    /// Points at a byte of `text`; past its end, at its last line.
    pub fn at_byte(self, text: &str, byte: usize) -> Self {
        let before = &text.as_bytes()[..byte.min(text.len())];
        let line = before.iter().filter(|b| **b == b'\n').count() + 1;
        let start = before
            .iter()
            .rposition(|b| *b == b'\n')
            .map_or(0, |at| at + 1);
        let column = String::from_utf8_lossy(&before[start..]).chars().count() + 1;
        self.at(text, line, column)
    }

    /// `path:line:column`, as far as it is known.
    pub fn place(&self) -> String {
        let mut place = self.path.clone();
        for number in [self.line, self.column].into_iter().take_while(|n| *n > 0) {
            let _ = write!(place, ":{number}");
        }
        place
    }

    /// The message, with how often it holds.
    pub fn message(&self) -> String {
        match self.times {
            0 | 1 => self.what.clone(),
            times => format!("{} (and {} more in this file)", self.what, times - 1),
        }
    }

    /// The diagnostic for scripts: `code`, `severity`, `path`, `line`, `column`, `what`, `times`, and `hint` where there is one.
    pub fn json(&self) -> Value {
        let mut shown = json!({
            "path": self.path,
            "line": self.line,
            "column": self.column,
            "severity": self.severity,
            "code": self.code,
            "what": self.what,
            "times": self.times,
        });
        for (key, value) in [("hint", self.hint.as_deref()), ("note", self.note_text())] {
            if let Some(value) = value {
                shown[key] = value.into();
            }
        }
        shown
    }

    fn note_text(&self) -> Option<&str> {
        self.shown.as_ref()?.note.as_deref()
    }

    /// The whole diagnostic for a terminal, with colour where `colour` is set.
    pub fn render(&self, colour: bool) -> String {
        let level = match self.severity {
            Severity::Warning => Level::WARNING,
            Severity::Problem => Level::ERROR.with_name("problem"),
            Severity::Error => Level::ERROR,
        };
        let (message, hint) = (self.message(), self.hint.as_deref());
        let title = level.primary_title(message.as_str());
        let excerpt = self
            .shown
            .as_ref()
            .and_then(|shown| shown.excerpt.as_deref());
        let mut group = match excerpt {
            Some(excerpt) => {
                let at = excerpt
                    .char_indices()
                    .nth(self.column.saturating_sub(1))
                    .map_or(excerpt.len(), |(at, _)| at);
                let end = excerpt[at..]
                    .chars()
                    .next()
                    .map_or(at, |c| at + c.len_utf8());
                let snippet = Snippet::source(excerpt)
                    .path(self.path.as_str())
                    .line_start(self.line);
                title.element(snippet.annotation(AnnotationKind::Primary.span(at..end)))
            }
            None if self.path.is_empty() => Group::with_title(title),
            None => {
                let origin = annotate_snippets::Origin::path(self.path.as_str());
                title.element(match self.line {
                    0 => origin,
                    line => origin.line(line),
                })
            }
        };
        if let Some(note) = self.note_text() {
            group = group.element(Level::NOTE.message(note));
        }
        if let Some(hint) = hint {
            group = group.element(Level::HELP.with_name("hint").message(hint));
        }
        let renderer = if colour {
            Renderer::styled()
        } else {
            Renderer::plain()
        };
        renderer.render(&[group])
    }
}

/// An I/O error in the words of a person, without Rust's `(os error 28)`.
pub fn io_words(error: &std::io::Error) -> String {
    let text = error.to_string();
    let text = text.split(" (os error").next().unwrap_or(&text);
    let mut chars = text.chars();
    chars.next().map_or_else(String::new, |first| {
        first.to_lowercase().chain(chars).collect()
    })
}

/// What a command could not do, with everything that stopped it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure(pub Vec<Diagnostic>);

impl From<Diagnostic> for Failure {
    fn from(diagnostic: Diagnostic) -> Self {
        Self(vec![diagnostic])
    }
}

pub type Result<T> = std::result::Result<T, Failure>;

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_byte_becomes_its_line_and_column() {
        let text = "first\nséc ond\n";
        let diagnostic = Diagnostic::problem(Code::Unclassified, "a.md", "odd").at_byte(text, 11);
        assert_eq!((diagnostic.line, diagnostic.column), (2, 5));
        assert_eq!(diagnostic.place(), "a.md:2:5");
    }

    #[test]
    fn it_reads_well_without_colour() {
        let shown = Diagnostic::problem(
            Code::Unclassified,
            "content/a.md",
            "the date `soon` is not a date",
        )
        .at("---\ndate: soon\n", 2, 7)
        .hint("write it as 2021-07-13")
        .render(false);
        insta::assert_snapshot!(shown);
    }
}
