//! Which runs of apostrophes in a line of wikitext are bold, italics or text.

use super::lines::Segment;

/// A run of two apostrophes or more: its segment and its byte there, how many are text, and how many are marks: 2, 3
/// or 5.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Apostrophes {
    pub place: (usize, usize),
    pub letters: usize,
    pub signs: usize,
}

/// The runs of a line as MediaWiki reads them. If bold and italics both stay open, one run of three is an apostrophe
/// and italics: the first after a word of one letter, else after a longer word, else any.
pub(crate) fn apostrophes(line: &[Segment<'_>]) -> Vec<Apostrophes> {
    let mut found: Vec<Apostrophes> = Vec::new();
    // Of the runs of three, the one that is most likely to begin with an apostrophe: the lower, the likelier.
    let mut best: Option<(u8, usize)> = None;
    for (rank, segment) in line.iter().enumerate() {
        let Segment::Text(text) = segment else {
            continue;
        };
        let bytes = text.as_bytes();
        let mut at = 0;
        while let Some(next) = bytes.get(at..).and_then(|rest| memchr::memchr(b'\'', rest)) {
            at += next;
            let run = bytes[at..].iter().take_while(|b| **b == b'\'').count();
            if run > 1 {
                let signs = match run {
                    2 => 2,
                    3 | 4 => 3,
                    _ => 5,
                };
                if signs == 3 {
                    let mut before = text[..at].chars().rev();
                    let fit = match (before.next(), before.next()) {
                        (None | Some(' '), _) => 2,
                        (_, None | Some(' ')) => 0,
                        _ => 1,
                    };
                    if best.is_none_or(|(other, _)| fit < other) {
                        best = Some((fit, found.len()));
                    }
                }
                found.push(Apostrophes {
                    place: (rank, at),
                    letters: run - signs,
                    signs,
                });
            }
            at += run;
        }
    }
    let count = |of: usize| found.iter().filter(|run| run.signs == of).count();
    let (bold, italics) = (count(3) + count(5), count(2) + count(5));
    if bold % 2 == 1
        && italics % 2 == 1
        && let Some((_, at)) = best
        && let Some(run) = found.get_mut(at)
    {
        run.letters += 1;
        run.signs = 2;
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn runs_of_apostrophes_are_marks() {
        let read = |text: &str| {
            let runs = apostrophes(&[Segment::Text(text)]);
            runs.iter()
                .map(|run| (run.letters, run.signs))
                .collect::<Vec<_>>()
        };
        assert_eq!(read("it's ''a'' '''b'''"), [(0, 2), (0, 2), (0, 3), (0, 3)]);
        assert_eq!(read("''''a''''''"), [(1, 3), (1, 5)]);
        // L'''amour'' is an apostrophe and italics.
        assert_eq!(read("l'''amour''"), [(1, 2), (0, 2)]);
    }
}
