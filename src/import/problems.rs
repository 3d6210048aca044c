//! Problems that many records of a file share: each is said once, with how often it holds.

use crate::diagnostics::Diagnostic;

const AGAIN: &str = "; so it is with ";

/// What is wrong, of so many records.
pub fn counted(what: &str, times: usize) -> String {
    match times {
        0 | 1 => what.to_owned(),
        _ => format!("{what}{AGAIN}{} more in this file", times - 1),
    }
}

/// What is wrong, and of how many records [`counted`] said it.
pub fn count(said: &str) -> (&str, usize) {
    match said.rsplit_once(AGAIN) {
        Some((what, rest)) => {
            let more = rest.split(' ').next().and_then(|n| n.parse::<usize>().ok());
            more.map_or((said, 1), |more| (what, more + 1))
        }
        None => (said, 1),
    }
}

/// The problems of one file, of which there may be thousands of one kind.
#[derive(Debug, Default)]
pub struct Problems(Vec<(Diagnostic, usize)>);

impl Problems {
    /// Counts a problem; the first of its kind is kept, as `first` makes it.
    pub fn add(&mut self, mut problem: Diagnostic, first: impl FnOnce(Diagnostic) -> Diagnostic) {
        let (what, times) = count(&problem.what);
        match self.0.iter_mut().find(|(known, _)| known.what == what) {
            Some((_, all)) => *all += times,
            None => {
                problem.what = what.to_owned();
                self.0.push((first(problem), times));
            }
        }
    }

    pub fn said(self) -> Vec<Diagnostic> {
        let said = self.0.into_iter().map(|(mut problem, times)| {
            problem.what = counted(&problem.what, times);
            problem
        });
        said.collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pieces_of_a_file_say_one_thing_once() {
        let mut problems = Problems::default();
        for what in [
            "no date; so it is with 4 more in this file",
            "no title",
            "no date",
        ] {
            problems.add(Diagnostic::problem("raw/a", what), |d| d);
        }
        let said: Vec<String> = problems.said().into_iter().map(|d| d.what).collect();
        assert_eq!(
            said,
            ["no date; so it is with 5 more in this file", "no title"]
        );
    }
}
