//! Which kind of file it is, by its first bytes alone.

use std::io::{self, Read};

/// How many first bytes tell: a tape archive says what it is at 257.
pub const HEAD: usize = 512;

/// A kind of raw file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Text,
    Gzip,
    Bzip2,
    Zstandard,
    /// Diagnostic in a way that is not read, with its name.
    Other(&'static str),
    Zip,
    Tar,
    /// A web archive: WARC, or ARC that came before it.
    Warc,
    Arc,
}

/// Fills `head` as far as the reader goes; gives the number of bytes.
///
/// # Errors
/// As the reader's.
pub fn read_head(reader: &mut impl Read, head: &mut [u8]) -> io::Result<usize> {
    let mut length = 0;
    while length < head.len() {
        match reader.read(&mut head[length..]) {
            Ok(0) => break,
            Ok(more) => length += more,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => return Err(error),
        }
    }
    Ok(length)
}

/// The kind that first bytes tell.
pub fn of(head: &[u8]) -> Kind {
    const MAGIC: &[(&[u8], Kind)] = &[
        (b"\x1f\x8b", Kind::Gzip),
        (b"BZh", Kind::Bzip2),
        (b"\x28\xb5\x2f\xfd", Kind::Zstandard),
        (b"\xfd7zXZ\0", Kind::Other("xz")),
        (b"7z\xbc\xaf\x27\x1c", Kind::Other("7z")),
        (b"Rar!\x1a\x07", Kind::Other("rar")),
        (b"PK\x03\x04", Kind::Zip),
        (b"PK\x05\x06", Kind::Zip),
        (b"WARC/", Kind::Warc),
        (b"filedesc://", Kind::Arc),
    ];
    let named = MAGIC.iter().find(|(magic, _)| head.starts_with(magic));
    match named {
        // Text may begin so.
        Some((_, Kind::Bzip2)) if head.get(4..7) != Some(b"1AY") => Kind::Text,
        Some((_, kind)) => *kind,
        None if head.get(257..262) == Some(b"ustar") => Kind::Tar,
        None => Kind::Text,
    }
}
