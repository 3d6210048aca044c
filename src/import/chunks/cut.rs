//! Text: whole where it is small enough, else in pieces between two records.

use std::io::Read;
use std::ops::ControlFlow;
use std::sync::Arc;

use super::{Chunk, Walk};
use crate::diagnostics::Diagnostic;
use crate::import::layouts::{self, Layout, RawText};

/// A piece of a file that is not read whole, in bytes.
const PIECE: usize = 8 * 1024 * 1024;

/// So much of the beginning of a file goes with its later pieces, in bytes.
const HEAD: usize = 1024 * 1024;

impl Walk<'_, '_> {
    /// Text, as far as its reader goes.
    pub(super) fn text(&mut self, name: Option<&str>, mut reader: impl Read) -> ControlFlow<()> {
        let most = self.max_bytes;
        let mut bytes = Vec::new();
        // One byte more tells whether there is more.
        if let Err(error) = reader
            .by_ref()
            .take(most as u64 + 1)
            .read_to_end(&mut bytes)
        {
            return self.broken(name, bytes, &error);
        }
        match bytes.len() <= most {
            true => (self.take)(Ok(piece(name, bytes))),
            false => self.pieces(name, bytes, reader),
        }
    }

    /// What could be read of a stream that broke off is read, and that it broke off is said.
    fn broken(
        &mut self,
        name: Option<&str>,
        bytes: Vec<u8>,
        error: &std::io::Error,
    ) -> ControlFlow<()> {
        let problem = self.failed(name, error);
        if !super::budget::is_spent(error) && !bytes.is_empty() {
            (self.take)(Ok(piece(name, bytes)))?;
        }
        (self.take)(Err(problem))
    }

    /// A file of many records, piece by piece. `held` is what was read of it already.
    fn pieces(
        &mut self,
        name: Option<&str>,
        mut held: Vec<u8>,
        mut reader: impl Read,
    ) -> ControlFlow<()> {
        let mut later: Option<(Arc<str>, &'static dyn Layout)> = None;
        let mut lines = 0;
        let mut is_end = false;
        // The first window grows to what may be read whole before a file is refused.
        let mut window = PIECE.min(self.max_bytes);
        loop {
            if held.len() < window && !is_end {
                let wanted = window - held.len();
                match reader.by_ref().take(wanted as u64).read_to_end(&mut held) {
                    Ok(read) => is_end = read < wanted,
                    Err(error) => {
                        let mut made = piece(name, held);
                        (made.later, made.lines) = (later, lines);
                        let problem = self.failed(name, &error);
                        if !super::budget::is_spent(&error) {
                            (self.take)(Ok(made))?;
                        }
                        return (self.take)(Err(problem));
                    }
                }
            }
            let is_last = is_end && held.len() <= window;
            let shown = masked(&held[..held.len().min(window)]);
            let layout = match &later {
                Some((_, layout)) => Some(*layout),
                None => {
                    let text = shown.strip_prefix('\u{feff}').unwrap_or(&shown);
                    layouts::recognise(&RawText::new(name.unwrap_or_default(), text))
                }
            };
            let at = match layout {
                _ if is_last => Some(held.len()),
                Some(layout) => {
                    let head = later.as_ref().map_or("", |(head, _)| head);
                    let raw = RawText {
                        head,
                        goes_on: true,
                        ..RawText::new("", &shown)
                    };
                    layout.cut(&raw).filter(|at| (1..=shown.len()).contains(at))
                }
                None => None,
            };
            let Some(at) = at else {
                if layout.is_some() && window < self.max_bytes {
                    window = (window * 2).min(self.max_bytes);
                    continue;
                }
                let problem = match later {
                    None => self.too_large(name, "the file"),
                    Some(_) => self.too_large(name, "a record"),
                };
                return (self.take)(Err(problem));
            };
            let head = match &later {
                Some(later) => later.clone(),
                None => {
                    let end = shown.floor_char_boundary(HEAD.min(at));
                    let head: Arc<str> = shown[..end].into();
                    match layout {
                        Some(layout) => (head, layout),
                        None => return (self.take)(Ok(piece(name, held))),
                    }
                }
            };
            drop(shown);
            let rest = held.split_off(at);
            let here = memchr::memchr_iter(b'\n', &held).count();
            let mut made = piece(name, std::mem::replace(&mut held, rest));
            made.goes_on = !is_last;
            (made.later, made.lines) = (later.replace(head), lines);
            lines += here;
            (self.take)(Ok(made))?;
            if is_last {
                return ControlFlow::Continue(());
            }
            window = PIECE.min(self.max_bytes);
        }
    }

    /// `what` is `the file`, which cannot be cut, or a part of it.
    pub(super) fn too_large(&self, name: Option<&str>, what: &str) -> Diagnostic {
        let most = match self.max_bytes {
            bytes @ ..1_000_000 => format!("{} kB", bytes / 1_000),
            bytes => format!("{} MB", bytes / 1_000_000),
        };
        let what = match what {
            "the file" => format!("the file has more than {most}, and cannot be read in pieces"),
            what => format!("{what} has more than {most}"),
        };
        let hint =
            "raise `max_bytes` under `[import]` in backfile.toml, or put the file in `ignore`";
        self.problem(name, what, hint)
    }
}

fn piece(name: Option<&str>, bytes: Vec<u8>) -> Chunk {
    Chunk {
        member: name.map(str::to_owned),
        bytes,
        ..Chunk::default()
    }
}

/// Bytes as text of the same length: where they are no UTF-8, what is no ASCII stands as `?`. For finding places only.
fn masked(bytes: &[u8]) -> std::borrow::Cow<'_, str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => text.into(),
        // The window ends within a letter.
        Err(error) if bytes.len() - error.valid_up_to() < 4 && error.error_len().is_none() => {
            String::from_utf8_lossy(&bytes[..error.valid_up_to()])
        }
        Err(_) => bytes
            .iter()
            .map(|b| if b.is_ascii() { char::from(*b) } else { '?' })
            .collect(),
    }
}
