//! A file of `content/` that was read and parsed, on this machine or on another.

use super::parse::{self, FileContent, ParsedFile};
use crate::files::Source;
use crate::model::Stamp;
use crate::model::digest::{Digest, digest};
use crate::topics::Matcher;

/// A file of `content/` that was read and parsed, on this machine or on another.
pub struct ReadFile {
    pub file: Box<str>,
    pub size: u64,
    pub digest: Digest,
    pub parsed: ParsedFile,
}

impl ReadFile {
    /// Reads a file. A file that is not Markdown is identified by its size, as its times differ between machines.
    pub fn read(source: &Source, matcher: &Matcher) -> Self {
        let (mut digest, mut parsed) = parse::parse(source, matcher);
        if let FileContent::Other(stamp) = &mut parsed.content {
            (*stamp, digest) = (Stamp::default(), Digest::default());
        }
        Self {
            file: source.file.as_str().into(),
            size: source.stamp.size,
            digest,
            parsed,
        }
    }

    /// Whether a file has the content that was read. The size alone would hide an edit that keeps it.
    pub fn is_of(&self, source: &Source) -> bool {
        let has_digest =
            || std::fs::read(&source.path).is_ok_and(|bytes| digest(&bytes) == self.digest);
        self.size == source.stamp.size && (self.digest == Digest::default() || has_digest())
    }
}
