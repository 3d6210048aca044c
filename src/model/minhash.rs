//! MinHash of a text: a short value by which equal and nearly equal texts are found.

use std::fmt;
use std::str::FromStr;

use serde::{Deserialize, Serialize};

/// How many hashes of word sequences are kept.
pub const MAX_HASHES: usize = 8;

/// How many of these hashes two nearly equal texts share at least.
const MIN_SHARED: usize = 6;

/// A summary of a text's words in 40 bytes.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct MinHash {
    /// A digest of all words in their order.
    pub words: u64,
    /// The smallest hashes of its word sequences, in order, each once; at most [`MAX_HASHES`]. The share of equal hashes in two
    /// texts estimates the share of equal word sequences (Broder, *On the resemblance and containment of documents*, 1997).
    pub smallest: Box<[u32]>,
}

impl MinHash {
    /// Whether most of both texts is equal.
    pub fn is_near(&self, other: &Self) -> bool {
        let (mut mine, mut theirs) = (self.smallest.iter(), other.smallest.iter());
        let (mut a, mut b) = (mine.next(), theirs.next());
        let mut shared = 0;
        while let (Some(x), Some(y)) = (a, b) {
            shared += usize::from(x == y);
            if x <= y {
                a = mine.next();
            }
            if y <= x {
                b = theirs.next();
            }
        }
        shared >= MIN_SHARED
    }

    /// The hashes by which candidates for nearly equal texts are found: two such texts share at least one of these, as at most
    /// `MAX_HASHES - MIN_SHARED` hashes of either, and so of its smallest, are not shared.
    pub fn keys(&self) -> &[u32] {
        let count = (MAX_HASHES - MIN_SHARED + 1).min(self.smallest.len());
        match self.smallest.len() < MIN_SHARED {
            true => &[],
            false => &self.smallest[..count],
        }
    }
}

/// Sixteen hex digits, and eight for each hash.
impl fmt::Display for MinHash {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:016x}", self.words)?;
        self.smallest
            .iter()
            .try_for_each(|hash| write!(f, "{hash:08x}"))
    }
}

impl FromStr for MinHash {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let digit = |b: u8| char::from(b).to_digit(16).map(u64::from).ok_or(());
        let number = |digits: &[u8]| {
            digits
                .iter()
                .try_fold(0, |number: u64, b| Ok(number << 4 | digit(*b)?))
        };
        let (words, hashes) = text.as_bytes().split_at_checked(16).ok_or(())?;
        if hashes.is_empty() || !hashes.len().is_multiple_of(8) || hashes.len() > 8 * MAX_HASHES {
            return Err(());
        }
        let hashes = hashes
            .chunks(8)
            .map(|digits| number(digits).map(|n| n as u32));
        let smallest: Box<[u32]> = hashes.collect::<Result<_, ()>>()?;
        match smallest.is_sorted_by(|a, b| a < b) {
            true => Ok(Self {
                words: number(words)?,
                smallest,
            }),
            false => Err(()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn minhash(smallest: &[u32]) -> MinHash {
        MinHash {
            words: 7,
            smallest: smallest.into(),
        }
    }

    #[test]
    fn only_valid_text_is_parsed() {
        let eight = minhash(&[1, 2, 3, 4, 5, 6, 7, u32::MAX]);
        let text = eight.to_string();
        assert_eq!((text.len(), text.parse()), (80, Ok(eight)));
        for wrong in [
            "",
            "0123456789abcdef",
            &text[1..],
            &format!("{text}00000009"),
            &text.replace("00000002", "00000001"),
            &text.replace('7', "é"),
            &text.replace('7', "+"),
        ] {
            assert_eq!(wrong.parse::<MinHash>(), Err(()), "{wrong}");
        }
    }

    #[test]
    fn texts_with_six_equal_hashes_are_near_and_share_a_key() {
        let one = minhash(&[10, 20, 30, 40, 50, 60, 70, 80]);
        let six = minhash(&[1, 2, 30, 40, 50, 60, 70, 80]);
        let five = minhash(&[1, 2, 3, 40, 50, 60, 70, 80]);
        assert!(one.is_near(&six) && six.is_near(&one) && !one.is_near(&five));
        assert!(one.keys().iter().any(|key| six.keys().contains(key)));
        assert!(minhash(&[1, 2]).keys().is_empty());
    }
}
