//! Digests by which a build tells new from old.
//!
//! XXH3, not BLAKE3: these stand in our own cache and prove nothing to anybody, so that it is enough that chance cannot
//! make two of them equal. Articles and pages are a few kilobytes, where BLAKE3 needs five times as long, which was an
//! eighth of a first build. What others rely on (the digest of a raw record, the seal of an article) is BLAKE3.

use xxhash_rust::xxh3;

/// 128 bits.
pub type Digest = [u8; 16];

/// The digest of bytes.
pub fn digest(bytes: &[u8]) -> Digest {
    xxh3::xxh3_128(bytes).to_le_bytes()
}

/// Half of it, where few things are told apart.
pub fn short(bytes: &[u8]) -> u64 {
    xxh3::xxh3_64(bytes)
}

/// In hex, as browsers and templates are handed it.
pub fn hex(digest: &Digest) -> String {
    format!("{:032x}", u128::from_be_bytes(*digest))
}
