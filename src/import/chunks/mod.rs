//! What a raw file holds: itself, the files of an archive, the pages of a web archive, or the pieces of a file that is
//! too large to be read whole. Hands them on one after another, so that memory does not grow with the file.
//! Never writes a file, and never takes a name in an archive for a path.

mod budget;
mod cut;
mod http;
mod kind;
mod member;
mod unpack;
mod web_archive;

use std::fs::File;
use std::io::{Cursor, Seek as _, SeekFrom};
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;

use encoding_rs::Encoding;

pub use self::member::without_packing;

use self::budget::Budget;
use self::kind::Kind;
use super::layouts::{Capture, Layout};
use crate::diagnostics::{Code, Diagnostic};
use crate::files::Source;

/// Text that a layout can read.
#[derive(Clone, Default)]
pub struct Chunk {
    /// The file's path within its archive; None where the raw file is no archive.
    pub member: Option<String>,
    pub bytes: Vec<u8>,
    /// Lines of the file above this piece.
    pub lines: usize,
    /// The beginning of the file and the layout that recognised it, where this is a later piece.
    pub later: Option<(Arc<str>, &'static dyn Layout)>,
    /// Whether the file goes on behind this piece.
    pub goes_on: bool,
    /// As a server said it.
    pub encoding: Option<&'static Encoding>,
    pub capture: Option<Capture>,
}

/// What takes pieces, or why one cannot be had; it says whether to go on.
pub type Take<'t> = dyn FnMut(Result<Chunk, Diagnostic>) -> ControlFlow<()> + 't;

/// Hands on the pieces of a raw file in its order. No piece has more than `max_bytes`.
pub fn each(source: &Source, max_bytes: u64, take: &mut Take<'_>) {
    let size = source.stamp.size;
    let mut walk = Walk {
        shown: format!("raw/{}", source.file),
        max_bytes: usize::try_from(max_bytes).unwrap_or(usize::MAX),
        budget: Budget::of(size),
        is_broken: false,
        take,
    };
    let _ = walk.open(&source.path, size).unwrap_or_else(|error| {
        let problem = walk.failed(None, &error);
        (walk.take)(Err(problem))
    });
}

/// Goes through one raw file.
struct Walk<'w, 't> {
    /// The file as a person is told of it.
    shown: String,
    max_bytes: usize,
    budget: Budget,
    /// Whether the last file was broken off: then so is what it lies in, and that was said.
    is_broken: bool,
    take: &'w mut Take<'t>,
}

impl Walk<'_, '_> {
    /// Opens the raw file; one that is small, as nearly all are, in one piece and with one look at it.
    fn open(&mut self, path: &Path, size: u64) -> std::io::Result<ControlFlow<()>> {
        if size > self.max_bytes as u64 {
            let mut file = File::open(path)?;
            let mut head = [0; kind::HEAD];
            let length = kind::read_head(&mut file, &mut head)?;
            file.seek(SeekFrom::Start(0))?;
            return Ok(self.file(kind::of(&head[..length]), file));
        }
        let bytes = std::fs::read(path)?;
        match kind::of(&bytes[..bytes.len().min(kind::HEAD)]) {
            Kind::Text => Ok((self.take)(Ok(Chunk {
                bytes,
                ..Chunk::default()
            }))),
            kind => Ok(self.file(kind, Cursor::new(bytes))),
        }
    }

    /// A file or a member as a person is told of it.
    fn shown(&self, member: Option<&str>) -> String {
        match member {
            Some(member) => format!("{}/{member}", self.shown),
            None => self.shown.clone(),
        }
    }

    fn problem(&self, member: Option<&str>, what: impl Into<String>, hint: &str) -> Diagnostic {
        Diagnostic::problem(Code::Unclassified, self.shown(member), what).hint(hint)
    }

    fn failed(&mut self, member: Option<&str>, error: &std::io::Error) -> Diagnostic {
        self.is_broken = true;
        if budget::is_spent(error) {
            let what = format!(
                "it unpacks to more than {} times its size",
                budget::MOST_TIMES
            );
            return self.problem(member, what, "unpack it into `raw/` if it is what it says");
        }
        let cut_off = [
            std::io::ErrorKind::UnexpectedEof,
            std::io::ErrorKind::InvalidInput,
            std::io::ErrorKind::InvalidData,
        ];
        match cut_off.contains(&error.kind()) {
            true => self.problem(
                member,
                "the packed file is damaged or breaks off; what stands before that is read",
                "copy it again, or put it in `ignore` under `[import]`",
            ),
            false => Diagnostic::unreadable(self.shown(member), error),
        }
    }
}
