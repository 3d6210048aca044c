//! The part of a build in parts.

use std::fmt;
use std::str::FromStr;

use crate::model::digest;

/// A part of the articles: `3/8` is the third of eight. The part of an article depends only on the name of its file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct BuildPart {
    /// 1-based.
    pub number: u32,
    pub of: u32,
}

/// The most parts of a build.
const MAX_PARTS: u32 = 10_000;

impl BuildPart {
    /// The only part: all articles.
    pub const WHOLE: Self = Self { number: 1, of: 1 };

    /// Whether a file below `content/` is in this part.
    pub fn contains(self, file: &str) -> bool {
        digest::short(file.as_bytes()) % u64::from(self.of) == u64::from(self.number - 1)
    }
}

impl FromStr for BuildPart {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let numbers = text
            .split_once('/')
            .and_then(|(number, of)| Some((number.parse().ok()?, of.parse().ok()?)));
        match numbers {
            Some((number, of)) if (1..=of).contains(&number) && of <= MAX_PARTS => {
                Ok(Self { number, of })
            }
            _ => Err(format!(
                "`{text}` is not a part such as 3/8: the third of eight, of at most {MAX_PARTS}"
            )),
        }
    }
}

impl fmt::Display for BuildPart {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-of-{}", self.number, self.of)
    }
}
