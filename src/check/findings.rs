//! What was found, and no more of it than a person reads.

use crate::diagnostics::{Code, Diagnostic, Severity};

/// So many of a severity are kept; the rest is counted.
const MOST: usize = 1_000;

/// What is wrong with the website.
#[derive(Debug, Default)]
pub struct Findings {
    problems: Kept,
    warnings: Kept,
}

#[derive(Debug, Default)]
struct Kept {
    told: Vec<Diagnostic>,
    /// How many things are told of, and how many there are.
    of: usize,
    all: usize,
}

impl Findings {
    pub fn push(&mut self, diagnostic: Diagnostic) {
        self.push_many(diagnostic, 1);
    }

    /// Takes in a diagnostic that tells of so many things.
    pub fn push_many(&mut self, diagnostic: Diagnostic, number: usize) {
        let kept = match diagnostic.severity {
            Severity::Warning => &mut self.warnings,
            _ => &mut self.problems,
        };
        kept.all += number;
        if kept.told.len() < MOST {
            kept.of += number;
            kept.told.push(diagnostic);
        }
    }

    pub fn extend(&mut self, diagnostics: impl IntoIterator<Item = Diagnostic>) {
        let diagnostics = diagnostics.into_iter();
        diagnostics.for_each(|diagnostic| self.push(diagnostic));
    }

    /// How many problems were found, and how many warnings.
    pub fn counts(&self) -> (usize, usize) {
        (self.problems.all, self.warnings.all)
    }

    /// Sorted, with a line that says how many were not kept.
    pub fn into_diagnostics(self) -> Vec<Diagnostic> {
        let Self { problems, warnings } = self;
        let mut told = [problems.told, warnings.told].concat();
        told.sort();
        match problems.all - problems.of {
            0 => {}
            more => told.push(Diagnostic::problem(
                Code::Unclassified,
                "",
                format!("{more} more problems are not listed"),
            )),
        }
        match warnings.all - warnings.of {
            0 => {}
            more => told.push(Diagnostic::warning(
                Code::Unclassified,
                "",
                format!("{more} more warnings are not listed"),
            )),
        }
        told
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_much_is_counted() {
        let mut findings = Findings::default();
        findings.extend(
            (0..1_500).map(|n| Diagnostic::problem(Code::Unclassified, format!("{n:04}"), "odd")),
        );
        findings.push_many(
            Diagnostic::warning(Code::Unclassified, "w", "seven are odd"),
            7,
        );
        assert_eq!(findings.counts(), (1_500, 7));
        let told = findings.into_diagnostics();
        assert_eq!(told.len(), 1_002);
        assert_eq!(told[1_001].what, "500 more problems are not listed");
    }
}
