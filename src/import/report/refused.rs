//! Raw files and records that gave no article, counted by reason.

use std::cmp::Reverse;
use std::collections::{BTreeMap, HashSet};

use serde_json::{Value, json};

use super::NAMED;
use crate::diagnostics::{CODES, Code, Diagnostic, Severity};

/// How many files or records were refused, by the code of the diagnostic.
#[derive(Debug, Default)]
pub struct Refused(BTreeMap<Code, usize>);

impl Refused {
    /// `of_raw` are the diagnostics of all of `raw/`, `of_import` those of the last import, many of them the same.
    pub fn of(of_raw: &[Diagnostic], of_import: &[Diagnostic]) -> Self {
        let mut refused = Self::default();
        let seen: HashSet<(&str, &str)> = of_raw.iter().map(|d| (&*d.path, &*d.what)).collect();
        let others = of_import.iter();
        let others = others.filter(|d| !seen.contains(&(&d.path, &d.what)));
        for diagnostic in of_raw.iter().chain(others) {
            let is_raw = diagnostic.path.starts_with("raw/");
            if is_raw && diagnostic.severity > Severity::Warning {
                *refused.0.entry(diagnostic.code).or_default() += diagnostic.times;
            }
        }
        refused
    }

    pub fn count(&self) -> usize {
        self.0.values().sum()
    }

    /// The most frequent reasons in words, each with its count.
    pub fn commonest(&self) -> Vec<(&str, usize)> {
        let mut all: Vec<(Code, usize)> = self.0.iter().map(|(c, n)| (*c, *n)).collect();
        all.sort_by_key(|(_, count)| Reverse(*count));
        all.truncate(NAMED);
        let all = all.into_iter();
        all.map(|(code, count)| (meaning(code), count)).collect()
    }

    pub fn json(&self) -> Value {
        let reasons = self
            .0
            .iter()
            .map(|(code, count)| json!({ "code": code, "reason": meaning(*code), "count": count }));
        json!({ "count": self.count(), "reasons": reasons.collect::<Vec<_>>() })
    }
}

/// What a code means, as one line of a list.
fn meaning(code: Code) -> &'static str {
    let known = CODES.iter().find(|(known, _)| *known == code);
    known.map_or("", |(_, meaning)| meaning.trim().trim_end_matches('.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn problems_of_one_code_are_counted_together() {
        let problem = |code, path: &str, what: &str| Diagnostic::problem(code, path, what);
        let of_raw = [
            problem(Code::LayoutUnknown, "raw/a.xml", "`x` is not known").times(5),
            problem(Code::LayoutUnknown, "raw/b.xml", "`y` is not known"),
            Diagnostic::warning(Code::LinkSkipped, "raw/c.xml", "a link is not followed"),
        ];
        let mut of_import = of_raw.to_vec();
        of_import.push(problem(Code::WordsLost, "raw/d.txt", "words would be lost"));
        of_import.push(problem(Code::EditConflict, "content/d.md", "both changed"));
        let refused = Refused::of(&of_raw, &of_import);
        let expected = [
            (meaning(Code::LayoutUnknown), 6),
            (meaning(Code::WordsLost), 1),
        ];
        assert_eq!(refused.commonest(), expected);
        assert_eq!(refused.count(), 7);
    }
}
