//! The record of one page that was written.

use serde::{Deserialize, Serialize};

use crate::model::Class;
use crate::model::digest::Digest;

/// The record of a page that was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageRecord {
    /// A digest of the name of the page's subject.
    pub owner: u64,
    /// The page's fingerprint; `None` if a file that it copies may have changed again since it was read.
    pub fingerprint: Option<Digest>,
    /// The digest of its bytes.
    pub digest: Digest,
    /// In bytes.
    pub size: u64,
    pub class: Class,
    /// A short digest of each input of the page, in the order of its fingerprint.
    pub inputs: Vec<u32>,
}

/// The fixed part of a [`PageRecord`], which comes first in its bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
pub struct PageRecordHead {
    pub owner: u64,
    pub fingerprint: Option<Digest>,
    pub digest: Digest,
    pub size: u64,
    pub class: Class,
}

impl PageRecord {
    pub fn head(&self) -> PageRecordHead {
        PageRecordHead {
            owner: self.owner,
            fingerprint: self.fingerprint,
            digest: self.digest,
            size: self.size,
            class: self.class,
        }
    }
}

/// The fixed part of an encoded [`PageRecord`].
pub(super) fn head(bytes: &[u8]) -> Option<PageRecordHead> {
    postcard::take_from_bytes(bytes).ok().map(|(head, _)| head)
}
