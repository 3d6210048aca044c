//! A raw file as a stream of chunks: the file itself, the files of an archive, the pages of a web archive, or parts of a
//! file that is too large to be read whole. One after another, so that memory does not grow with the file.
//! Never writes a file, and never uses a name in an archive as a path.

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

pub(crate) use self::member::without_packing;

use self::budget::Budget;
use self::kind::FileKind;
use super::layouts::{Capture, Layout};
use crate::diagnostics::{Code, Diagnostic};
use crate::files::Source;

/// Text for a layout to read.
#[derive(Clone, Default)]
pub(crate) struct Chunk {
    /// The file's path within its archive; `None` where the raw file is not an archive.
    pub member: Option<String>,
    pub bytes: Vec<u8>,
    /// Lines of the file before this chunk.
    pub lines: usize,
    /// The beginning of the file and the layout that recognised it, where this is not the first chunk of it.
    pub later: Option<(Arc<str>, &'static dyn Layout)>,
    /// Whether the file continues after this chunk.
    pub goes_on: bool,
    /// The encoding that a server named.
    pub encoding: Option<&'static Encoding>,
    pub capture: Option<Capture>,
}

/// Receives chunks, or why there is none, and decides whether to continue.
pub(crate) type ChunkSink<'t> = dyn FnMut(Result<Chunk, Diagnostic>) -> ControlFlow<()> + 't;

/// Hands the chunks of a raw file to `take`, in the order of the file. No chunk has more than `max_bytes`.
pub(crate) fn each(source: &Source, max_bytes: u64, take: &mut ChunkSink<'_>) {
    let size = source.stamp.size;
    let mut reader = ChunkReader {
        shown: format!("raw/{}", source.file),
        max_bytes: usize::try_from(max_bytes).unwrap_or(usize::MAX),
        budget: Budget::of(size),
        is_broken: false,
        take,
    };
    let _ = reader.open(&source.path, size).unwrap_or_else(|error| {
        let problem = reader.failed(None, &error);
        (reader.take)(Err(problem))
    });
}

/// Reads one raw file.
struct ChunkReader<'w, 't> {
    /// The file's path as diagnostics show it.
    shown: String,
    max_bytes: usize,
    budget: Budget,
    /// Whether the last member was incomplete: then its archive is too, which is not reported again.
    is_broken: bool,
    take: &'w mut ChunkSink<'t>,
}

impl ChunkReader<'_, '_> {
    /// Opens the raw file. A small one, as nearly all are, is read whole, with one system call less.
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
            FileKind::Text => Ok((self.take)(Ok(Chunk {
                bytes,
                ..Chunk::default()
            }))),
            kind => Ok(self.file(kind, Cursor::new(bytes))),
        }
    }

    /// The path of the file or a member as diagnostics show it.
    fn shown(&self, member: Option<&str>) -> String {
        match member {
            Some(member) => format!("{}/{member}", self.shown),
            None => self.shown.clone(),
        }
    }

    fn problem(
        &self,
        code: Code,
        member: Option<&str>,
        what: impl Into<String>,
        hint: &str,
    ) -> Diagnostic {
        Diagnostic::problem(code, self.shown(member), what).hint(hint)
    }

    fn failed(&mut self, member: Option<&str>, error: &std::io::Error) -> Diagnostic {
        self.is_broken = true;
        if budget::is_spent(error) {
            let what = format!(
                "it unpacks to more than {} times its size",
                budget::MOST_TIMES
            );
            let hint = "if its content is genuine, unpack it into `raw/`";
            return self.problem(Code::SizeExceeded, member, what, hint);
        }
        let cut_off = [
            std::io::ErrorKind::UnexpectedEof,
            std::io::ErrorKind::InvalidInput,
            std::io::ErrorKind::InvalidData,
        ];
        match cut_off.contains(&error.kind()) {
            true => self.problem(
                Code::ArchiveDamaged,
                member,
                "the packed file is damaged or incomplete; what comes before the damage is read",
                "copy it again, or put it in `ignore` under `[import]`",
            ),
            false => Diagnostic::unreadable(self.shown(member), error),
        }
    }
}
