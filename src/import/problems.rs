//! Problems that many records of a file share: each is reported once, with the number of records.

use crate::diagnostics::Diagnostic;

/// The distinct problems of one file.
#[derive(Debug, Default)]
pub(crate) struct Problems(Vec<Diagnostic>);

impl Problems {
    /// Counts a problem; the first of its kind is kept, as `first` makes it.
    pub(crate) fn add(
        &mut self,
        problem: Diagnostic,
        first: impl FnOnce(Diagnostic) -> Diagnostic,
    ) {
        let is_same = |d: &&mut Diagnostic| (d.code, &d.what) == (problem.code, &problem.what);
        match self.0.iter_mut().find(is_same) {
            Some(known) => known.times += problem.times,
            None => self.0.push(first(problem)),
        }
    }

    pub(crate) fn reported(self) -> Vec<Diagnostic> {
        self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::diagnostics::Code;

    #[test]
    fn parts_of_a_file_report_one_problem_once() {
        let mut problems = Problems::default();
        for (what, times) in [("no date", 5), ("no title", 1), ("no date", 1)] {
            let problem = Diagnostic::problem(Code::LayoutUnknown, "raw/a", what).times(times);
            problems.add(problem, |d| d);
        }
        let reported: Vec<String> = problems
            .reported()
            .iter()
            .map(Diagnostic::message)
            .collect();
        assert_eq!(reported, ["no date (and 5 more in this file)", "no title"]);
    }
}
