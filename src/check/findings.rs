//! Collects the diagnostics of a check, and no more of them than a person reads.

use crate::diagnostics::{Code, Diagnostic, Severity};

/// At most this many of each severity are kept; the others are counted.
const MAX_KEPT: usize = 1_000;

/// The diagnostics of a check.
#[derive(Debug, Default)]
pub(crate) struct Findings {
    problems: Collected,
    warnings: Collected,
}

/// The diagnostics of one severity.
#[derive(Debug, Default)]
struct Collected {
    kept: Vec<Diagnostic>,
    /// How many faults the kept diagnostics stand for, and how many there are.
    covered: usize,
    all: usize,
}

impl Collected {
    fn omitted(&self) -> Option<usize> {
        Some(self.all - self.covered).filter(|omitted| *omitted > 0)
    }
}

impl Findings {
    pub(crate) fn push(&mut self, diagnostic: Diagnostic) {
        self.push_many(diagnostic, 1);
    }

    /// Adds a diagnostic that stands for several faults.
    pub(crate) fn push_many(&mut self, diagnostic: Diagnostic, faults: usize) {
        let collected = match diagnostic.severity {
            Severity::Warning => &mut self.warnings,
            _ => &mut self.problems,
        };
        collected.all += faults;
        if collected.kept.len() < MAX_KEPT {
            collected.covered += faults;
            collected.kept.push(diagnostic);
        }
    }

    pub(crate) fn extend(&mut self, diagnostics: impl IntoIterator<Item = Diagnostic>) {
        let diagnostics = diagnostics.into_iter();
        diagnostics.for_each(|diagnostic| self.push(diagnostic));
    }

    /// The number of problems, and of warnings.
    pub(crate) fn counts(&self) -> (usize, usize) {
        (self.problems.all, self.warnings.all)
    }

    /// Sorted, with a line that says how many are omitted.
    pub(crate) fn into_diagnostics(self) -> Vec<Diagnostic> {
        let omitted = [self.problems.omitted(), self.warnings.omitted()];
        let mut diagnostics = [self.problems.kept, self.warnings.kept].concat();
        diagnostics.sort();
        let code = Code::DiagnosticsOmitted;
        diagnostics.extend(omitted[0].map(|number| {
            Diagnostic::problem(code, "", format!("{number} more problems are not listed"))
        }));
        diagnostics.extend(omitted[1].map(|number| {
            Diagnostic::warning(code, "", format!("{number} more warnings are not listed"))
        }));
        diagnostics
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn diagnostics_over_the_limit_are_counted() {
        let mut findings = Findings::default();
        findings.extend(
            (0..1_500).map(|n| Diagnostic::problem(Code::LinkBroken, format!("{n:04}"), "odd")),
        );
        findings.push_many(
            Diagnostic::warning(Code::LinkBroken, "w", "seven are odd"),
            7,
        );
        assert_eq!(findings.counts(), (1_500, 7));
        let diagnostics = findings.into_diagnostics();
        assert_eq!(diagnostics.len(), 1_002);
        assert_eq!(diagnostics[1_001].what, "500 more problems are not listed");
    }
}
