//! Digests by which a build detects changes.
//!
//! XXH3, not BLAKE3: these digests are only stored in the cache and need no protection against attacks, only against
//! collisions by chance. For articles and pages of a few kilobytes BLAKE3 takes five times as long, which was an eighth of a
//! first build. Digests on which others rely (of a raw record, of an imported article) are BLAKE3.

use xxhash_rust::xxh3;

/// 128 bits.
pub type Digest = [u8; 16];

/// The digest of bytes.
pub fn digest(bytes: &[u8]) -> Digest {
    xxh3::xxh3_128(bytes).to_le_bytes()
}

/// A digest of 64 bits, for keys of which there are few.
pub fn short(bytes: &[u8]) -> u64 {
    xxh3::xxh3_64(bytes)
}

/// The digest in hex, for browsers and templates.
pub fn hex(digest: &Digest) -> String {
    format!("{:032x}", u128::from_be_bytes(*digest))
}
