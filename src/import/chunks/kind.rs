//! The kind of a file, from its first bytes alone.

use std::io::{self, Read};

/// How many first bytes decide the kind: a tar archive has its magic number at byte 257.
pub(crate) const HEAD: usize = 512;

/// The kind of a raw file.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum FileKind {
    Text,
    Gzip,
    Bzip2,
    Zstandard,
    /// A format that import does not read, with its name.
    Other(&'static str),
    Zip,
    Tar,
    /// A web archive: WARC, or ARC that came before it.
    Warc,
    Arc,
}

/// Fills `head` as far as the reader has bytes, and returns their number.
///
/// # Errors
/// Those of the reader.
pub(crate) fn read_head(reader: &mut impl Read, head: &mut [u8]) -> io::Result<usize> {
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

/// The kind of a file that begins with these bytes.
pub(crate) fn of(head: &[u8]) -> FileKind {
    const MAGIC: &[(&[u8], FileKind)] = &[
        (b"\x1f\x8b", FileKind::Gzip),
        (b"BZh", FileKind::Bzip2),
        (b"\x28\xb5\x2f\xfd", FileKind::Zstandard),
        (b"\xfd7zXZ\0", FileKind::Other("xz")),
        (b"7z\xbc\xaf\x27\x1c", FileKind::Other("7z")),
        (b"Rar!\x1a\x07", FileKind::Other("rar")),
        (b"PK\x03\x04", FileKind::Zip),
        (b"PK\x05\x06", FileKind::Zip),
        (b"WARC/", FileKind::Warc),
        (b"filedesc://", FileKind::Arc),
    ];
    let named = MAGIC.iter().find(|(magic, _)| head.starts_with(magic));
    match named {
        // Text may begin like this.
        Some((_, FileKind::Bzip2)) if head.get(4..7) != Some(b"1AY") => FileKind::Text,
        Some((_, kind)) => *kind,
        None if head.get(257..262) == Some(b"ustar") => FileKind::Tar,
        None => FileKind::Text,
    }
}
