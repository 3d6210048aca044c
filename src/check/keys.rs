//! Digests that stand for paths, anchors and links, so that a scan keeps few bytes for each.

use crate::model::digest;

/// The key of a path.
pub(crate) fn path_key(path: &str) -> u64 {
    digest::short(path.as_bytes())
}

/// The key of an anchor among those of its page.
pub(crate) fn id_key(id: &[u8]) -> u32 {
    digest::short(id) as u32
}

/// The key of an anchor among those of all pages, from the keys of its page's path and of its name.
pub(crate) fn anchor_key(path: u64, id: u32) -> u64 {
    path ^ (u64::from(id) + 1).wrapping_mul(0x9e37_79b9_7f4a_7c15)
}

/// The key of a link that leads out of the website.
pub(crate) fn outside_key(link: &str) -> u64 {
    !digest::short(link.as_bytes())
}
