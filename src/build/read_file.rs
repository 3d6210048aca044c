//! A file of `content/` that was read, here or on another machine.

use super::parse::{self, Held, Outcome};
use crate::files::Source;
use crate::model::Stamp;
use crate::model::digest::{Digest, digest};
use crate::topics::Matcher;

/// A file of `content/` that was read, wherever that was.
pub struct ReadFile {
    pub file: Box<str>,
    pub size: u64,
    pub digest: Digest,
    pub outcome: Outcome,
}

impl ReadFile {
    /// Reads a file. What is no Markdown is known by its size: its times differ from machine to machine.
    pub fn read(source: &Source, matcher: &Matcher) -> Self {
        let (mut digest, mut outcome) = parse::parse(source, matcher);
        if let Held::File(stamp) = &mut outcome.held {
            (*stamp, digest) = (Stamp::default(), Digest::default());
        }
        Self {
            file: source.file.as_str().into(),
            size: source.stamp.size,
            digest,
            outcome,
        }
    }

    /// Whether a file holds what was read: a size alone would hide an edit that keeps it.
    pub fn is_of(&self, source: &Source) -> bool {
        let holds = || std::fs::read(&source.path).is_ok_and(|bytes| digest(&bytes) == self.digest);
        self.size == source.stamp.size && (self.digest == Digest::default() || holds())
    }
}
