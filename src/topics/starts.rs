//! Where in a text a phrase could begin, told from a few bytes.
//! Knows the first bytes of the phrases; never knows the phrases.

/// How many bytes of a beginning are looked at.
const DEPTH: usize = 4;

/// For each place in a beginning and each byte, the groups of phrases (sixteen bits) that have it there; a text can only
/// begin a phrase where one group has all of its bytes. The idea is that of Teddy, Hyperscan's matcher of literals.
///
/// Most words of a text begin no phrase, and stepping an automaton through them is where the time would go:
/// measured, this halves it, and it stays in the nearest cache (2.5 KB).
#[derive(Debug)]
pub struct Starts {
    groups: Box<[[u16; 256]; DEPTH]>,
    /// Every group where a phrase may follow this byte, none behind an ASCII letter or digit:
    /// it would stand inside a word.
    behind: Box<[u16; 256]>,
}

impl Starts {
    pub fn new() -> Self {
        let behind = std::array::from_fn(|byte| {
            if (byte as u8).is_ascii_alphanumeric() {
                0
            } else {
                u16::MAX
            }
        });
        Self {
            groups: Box::new([[0; 256]; DEPTH]),
            behind: Box::new(behind),
        }
    }

    /// Lets a beginning in, as it is or in every case of its ASCII letters. A short one may be followed by anything.
    pub fn insert(&mut self, beginning: &str, any_case: bool) {
        let bytes = beginning.as_bytes();
        let Some(first) = bytes
            .iter()
            .take(DEPTH)
            .copied()
            .reduce(|a, b| a.wrapping_mul(31) ^ b.to_ascii_lowercase())
        else {
            return;
        };
        let group = 1 << (first % 16);
        for (at, groups) in self.groups.iter_mut().enumerate() {
            match bytes.get(at) {
                Some(byte) if any_case => {
                    groups[usize::from(byte.to_ascii_lowercase())] |= group;
                    groups[usize::from(byte.to_ascii_uppercase())] |= group;
                }
                Some(byte) => groups[usize::from(*byte)] |= group,
                None => groups.iter_mut().for_each(|groups| *groups |= group),
            }
        }
    }

    /// The first byte at or after `from` where a phrase could begin.
    pub fn next(&self, text: &str, from: usize) -> Option<usize> {
        let bytes = text.as_bytes();
        let byte = |at: usize| bytes.get(at).copied().unwrap_or_default();
        let around = |at: usize| {
            [
                at.checked_sub(1).map_or(0, byte),
                byte(at),
                byte(at + 1),
                byte(at + 2),
                byte(at + 3),
            ]
        };
        if from == 0 && !bytes.is_empty() && self.is_start(around(0)) {
            return Some(0);
        }
        let from = from.max(1);
        let windows = bytes.get(from - 1..)?.windows(DEPTH + 1);
        let inner = windows
            .clone()
            .map(|five| [five[0], five[1], five[2], five[3], five[4]]);
        let mut tail = from + windows.len()..bytes.len();
        inner
            .enumerate()
            .find_map(|(ahead, five)| self.is_start(five).then_some(from + ahead))
            .or_else(|| tail.find(|at| self.is_start(around(*at))))
    }

    /// Whether the last four of five bytes could begin a phrase behind the first. Nothing to branch on: this is the inner loop.
    fn is_start(&self, [before, a, b, c, d]: [u8; 1 + DEPTH]) -> bool {
        let [first, second, third, fourth] = &*self.groups;
        let groups = first[usize::from(a)]
            & second[usize::from(b)]
            & third[usize::from(c)]
            & fourth[usize::from(d)];
        groups & self.behind[usize::from(before)] != 0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(starts: &Starts, text: &str) -> Vec<usize> {
        std::iter::successors(starts.next(text, 0), |at| starts.next(text, at + 1)).collect()
    }

    #[test]
    fn beginnings_are_found_at_the_start_of_words() {
        let mut starts = Starts::new();
        starts.insert("Oslo", false);
        starts.insert("ås", true);
        starts.insert("x", false);
        assert_eq!(
            found(&starts, "an Oslo OSLO inOslo ås åS x"),
            [3, 20, 24, 28]
        );
        assert_eq!(found(&starts, "x"), [0]);
        assert_eq!(found(&starts, "Oslo x"), [0, 5]);
        assert_eq!(found(&starts, ""), [] as [usize; 0]);
    }

    #[test]
    fn a_search_may_begin_anywhere() {
        let mut starts = Starts::new();
        starts.insert("Oslo", false);
        let text = "Oslo Oslo";
        let firsts: Vec<_> = (0..=text.len() + 1)
            .map(|from| starts.next(text, from))
            .collect();
        assert_eq!(
            firsts[..6],
            [Some(0), Some(5), Some(5), Some(5), Some(5), Some(5)]
        );
        assert!(firsts[6..].iter().all(Option::is_none));
    }
}
