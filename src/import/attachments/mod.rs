//! Files beside raw records: the pictures, sounds and documents that articles show come along into `content/`.
//! Knows what kind a file is, and which file a link names; never what an article says.

mod bring;
mod catalogue;
mod rewrite;

pub(crate) use self::bring::Bringer;
pub(crate) use self::catalogue::Catalogue;
pub(crate) use self::rewrite::{Destination, Rewritten, rewrite};
