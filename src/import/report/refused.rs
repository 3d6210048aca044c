//! Raw files and records that gave no article, by reason.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashSet};

use serde_json::{Value, json};

use super::NAMED;
use crate::diagnostics::{Diagnostic, Severity};

/// Reasons, and how many files or records each of them holds back.
#[derive(Debug, Default)]
pub struct Refused(BTreeMap<String, usize>);

impl Refused {
    /// `known` is what is wrong with `raw/`, `said` what the import said, with much of the former in it.
    pub fn of(known: &[Diagnostic], said: &[Diagnostic]) -> Self {
        let mut refused = Self::default();
        let seen: HashSet<(&str, &str)> = known.iter().map(|d| (&*d.path, &*d.what)).collect();
        let of_now = said.iter().filter(|d| !seen.contains(&(&d.path, &d.what)));
        for diagnostic in known.iter().chain(of_now) {
            let is_raw = diagnostic.path.starts_with("raw/");
            if is_raw && diagnostic.severity > Severity::Warning {
                *refused.0.entry(reason(&diagnostic.what)).or_default() += diagnostic.times;
            }
        }
        refused
    }

    pub fn count(&self) -> usize {
        self.0.values().sum()
    }

    /// The commonest reasons, each with its count.
    pub fn commonest(&self) -> Vec<(&str, usize)> {
        let mut all: Vec<(&str, usize)> = self.0.iter().map(|(r, n)| (&**r, *n)).collect();
        all.sort_by_key(|(_, count)| Reverse(*count));
        all.truncate(NAMED);
        all
    }

    pub fn json(&self) -> Value {
        let reasons = self.0.iter();
        let reasons = reasons.map(|(reason, count)| json!({ "reason": reason, "count": count }));
        json!({ "count": self.count(), "reasons": reasons.collect::<Vec<_>>() })
    }
}

/// A reason without the values that differ from file to file.
fn reason(what: &str) -> String {
    let parts = what.split('`').enumerate();
    let parts = parts.map(|(at, part)| if at % 2 == 0 { part } else { "`…`" });
    parts.collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::Code;

    #[test]
    fn one_reason_is_counted_whatever_its_values() {
        let known = [
            Diagnostic::problem(Code::Unclassified, "raw/a.xml", "`x` is no date").times(5),
            Diagnostic::problem(Code::Unclassified, "raw/b.xml", "`y` is no date"),
            Diagnostic::warning(
                Code::Unclassified,
                "raw/c.xml",
                "posts in the trash are left out",
            ),
        ];
        let mut said = known.to_vec();
        said.push(Diagnostic::problem(
            Code::Unclassified,
            "raw/d.txt",
            "words would be lost: `ink` is nowhere",
        ));
        said.push(Diagnostic::problem(
            Code::Unclassified,
            "content/d.md",
            "both changed",
        ));
        let refused = Refused::of(&known, &said);
        assert_eq!(
            refused.commonest(),
            [
                ("`…` is no date", 6),
                ("words would be lost: `…` is nowhere", 1)
            ]
        );
    }
}
