//! Text: whole where it is small enough, else cut into chunks between two records.
//! Knows how many bytes may be held; the layout knows where a record ends.

use std::borrow::Cow;
use std::io::Read;
use std::ops::ControlFlow;
use std::sync::Arc;

use super::{Chunk, ChunkReader};
use crate::diagnostics::{Code, Diagnostic};
use crate::import::layouts::{self, Layout, RawText};

/// How much of a file that is not read whole is read before a cut is looked for, in bytes.
const WINDOW: usize = 8 * 1024 * 1024;

/// How much of the beginning of a file goes with its later chunks, in bytes.
const HEAD: usize = 1024 * 1024;

/// What exceeds the largest size.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Oversized {
    /// A file that cannot be read in chunks.
    File,
    Archive,
    Record,
}

/// A file that is read in chunks.
struct Cutting<'n, R> {
    name: Option<&'n str>,
    reader: R,
    /// What was read and is in no chunk yet.
    held: Vec<u8>,
    is_end: bool,
    /// How many bytes may be held before a cut must be found.
    window: usize,
    /// The beginning of the file and its layout, once the first chunk was cut.
    later: Option<(Arc<str>, &'static dyn Layout)>,
    /// Lines of the chunks before.
    lines: usize,
}

impl<R: Read> Cutting<'_, R> {
    /// Reads on until the window is full or the file ends.
    fn fill(&mut self) -> std::io::Result<()> {
        if self.held.len() < self.window && !self.is_end {
            let wanted = self.window - self.held.len();
            let mut reader = self.reader.by_ref().take(wanted as u64);
            let read = reader.read_to_end(&mut self.held)?;
            self.is_end = read < wanted;
        }
        Ok(())
    }

    fn is_last(&self) -> bool {
        self.is_end && self.held.len() <= self.window
    }

    /// The layout of the file, and where to cut what is held: `None` where no record ends in it.
    fn find_cut(&self) -> (Option<&'static dyn Layout>, Option<usize>) {
        let shown = masked(&self.held[..self.held.len().min(self.window)]);
        let layout = match &self.later {
            Some((_, layout)) => Some(*layout),
            None => {
                let text = shown.strip_prefix('\u{feff}').unwrap_or(&shown);
                layouts::recognise(&RawText::new(self.name.unwrap_or_default(), text))
            }
        };
        if self.is_last() {
            return (layout, Some(self.held.len()));
        }
        let head = self.later.as_ref().map_or("", |(head, _)| head);
        let raw = RawText {
            head,
            goes_on: true,
            ..RawText::new("", &shown)
        };
        let at = layout.and_then(|layout| layout.cut(&raw));
        (layout, at.filter(|at| (1..=shown.len()).contains(at)))
    }

    /// Takes the chunk before the cut.
    fn take_chunk(&mut self, layout: Option<&'static dyn Layout>, at: usize) -> Chunk {
        let first = self.later.is_none().then(|| self.head(at));
        let goes_on = !self.is_last();
        let rest = self.held.split_off(at);
        let mut chunk = chunk(self.name, std::mem::replace(&mut self.held, rest));
        (chunk.goes_on, chunk.lines) = (goes_on, self.lines);
        chunk.later.clone_from(&self.later);
        if let (Some(head), Some(layout)) = (first, layout) {
            self.later = Some((head, layout));
        }
        self.lines += memchr::memchr_iter(b'\n', &chunk.bytes).count();
        chunk
    }

    /// The beginning of the file, which goes with its later chunks.
    fn head(&self, at: usize) -> Arc<str> {
        let shown = masked(&self.held[..self.held.len().min(self.window)]);
        let end = shown.floor_char_boundary(HEAD.min(at));
        shown[..end].into()
    }
}

impl ChunkReader<'_, '_> {
    /// Text, to the end of its reader.
    pub(super) fn text(&mut self, name: Option<&str>, mut reader: impl Read) -> ControlFlow<()> {
        let most = self.max_bytes;
        let mut held = Vec::new();
        // One byte more shows whether the text is longer.
        let whole = reader.by_ref().take(most as u64 + 1).read_to_end(&mut held);
        if let Err(error) = whole {
            return self.incomplete(name, chunk(name, held), &error);
        }
        if held.len() <= most {
            return (self.take)(Ok(chunk(name, held)));
        }
        self.cut(Cutting {
            name,
            reader,
            held,
            is_end: false,
            window: WINDOW.min(most),
            later: None,
            lines: 0,
        })
    }

    /// What was read of a stream before an error is still imported, and the error is reported.
    fn incomplete(
        &mut self,
        name: Option<&str>,
        chunk: Chunk,
        error: &std::io::Error,
    ) -> ControlFlow<()> {
        let problem = self.failed(name, error);
        if !super::budget::is_spent(error) && !chunk.bytes.is_empty() {
            (self.take)(Ok(chunk))?;
        }
        (self.take)(Err(problem))
    }

    /// Cuts a file of many records into chunks.
    fn cut(&mut self, mut file: Cutting<'_, impl Read>) -> ControlFlow<()> {
        loop {
            if let Err(error) = file.fill() {
                let mut rest = chunk(file.name, file.held);
                (rest.later, rest.lines) = (file.later, file.lines);
                return self.incomplete(file.name, rest, &error);
            }
            let is_last = file.is_last();
            let (layout, at) = file.find_cut();
            let Some(at) = at else {
                // The window grows to the largest size before a file is refused.
                if layout.is_some() && file.window < self.max_bytes {
                    file.window = (file.window * 2).min(self.max_bytes);
                    continue;
                }
                let what = match file.later {
                    None => Oversized::File,
                    Some(_) => Oversized::Record,
                };
                let problem = self.oversized(file.name, what);
                return (self.take)(Err(problem));
            };
            (self.take)(Ok(file.take_chunk(layout, at)))?;
            if is_last {
                return ControlFlow::Continue(());
            }
            file.window = WINDOW.min(self.max_bytes);
        }
    }

    pub(super) fn oversized(&self, name: Option<&str>, what: Oversized) -> Diagnostic {
        let most = match self.max_bytes {
            bytes @ ..1_000_000 => format!("{} kB", bytes / 1_000),
            bytes => format!("{} MB", bytes / 1_000_000),
        };
        let what = match what {
            Oversized::File => {
                format!("the file has more than {most}, and cannot be read in chunks")
            }
            Oversized::Archive => format!("the archive has more than {most}"),
            Oversized::Record => format!("a record has more than {most}"),
        };
        let hint =
            "raise `max_bytes` under `[import]` in backfile.toml, or put the file in `ignore`";
        self.problem(Code::SizeExceeded, name, what, hint)
    }
}

fn chunk(name: Option<&str>, bytes: Vec<u8>) -> Chunk {
    Chunk {
        member: name.map(str::to_owned),
        bytes,
        ..Chunk::default()
    }
}

/// Bytes as text of the same length, for finding positions only: where the bytes are not UTF-8, each byte beyond ASCII
/// becomes `?`.
fn masked(bytes: &[u8]) -> Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.into(),
        // The window ends within a character.
        Err(error) if bytes.len() - error.valid_up_to() < 4 && error.error_len().is_none() => {
            String::from_utf8_lossy(&bytes[..error.valid_up_to()])
        }
        Err(_) => bytes
            .iter()
            .map(|b| if b.is_ascii() { char::from(*b) } else { '?' })
            .collect(),
    }
}
