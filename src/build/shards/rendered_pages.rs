//! The pages that a part rendered, each with its fingerprint, in one file.

use std::fs::File;
use std::io::{BufReader, ErrorKind, Read, Seek as _, SeekFrom};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use foldhash::{HashMap, HashMapExt as _};
use rayon::prelude::*;

use super::{BuildPart, Exchange, read_files};
use crate::build::PageKey;
use crate::build::render_pass::RenderedElsewhere;
use crate::cache::{self, Journal};
use crate::diagnostics::{Diagnostic, Result};
use crate::model::digest::{self, Digest};

/// Pages that are rendered before they are written.
const CHUNK: usize = 4_096;

fn name(part: BuildPart) -> String {
    format!("pages-{part}")
}

/// Renders pages, writes them, and returns how many. `render` returns `None` for a page that the last step has to render.
pub(crate) fn put(
    exchange: &Exchange,
    part: BuildPart,
    inputs: &[u8; 32],
    keys: &[&PageKey],
    render: impl Fn(&PageKey) -> Result<Option<(Digest, Vec<u8>)>> + Sync,
) -> Result<usize> {
    let count = AtomicUsize::new(0);
    exchange.put(&name(part), |path| {
        let mut failed = None;
        let entries = keys.chunks(CHUNK).map_while(|chunk| {
            let entry = |key: &&PageKey| -> Result<Option<Vec<u8>>> {
                let page = render(key)?;
                Ok(page.map(|(fingerprint, bytes)| {
                    cache::entry(&key.path, &[&fingerprint, bytes.as_slice()].concat())
                }))
            };
            let rendered: Result<Vec<_>> = chunk.par_iter().map(entry).collect();
            rendered.map_err(|failure| failed = Some(failure)).ok()
        });
        let entries = entries.flatten().flatten().inspect(|_| {
            count.fetch_add(1, Ordering::Relaxed);
        });
        Journal::write_table(path, *inputs, read_files::number(part), entries)?;
        failed.map_or(Ok(()), Err)
    })?;
    Ok(count.into_inner())
}

/// The pages of all parts.
pub struct RenderedPages {
    files: Vec<Mutex<File>>,
    /// By a digest of the page's path: the number of the file, and the entry's position and length in it.
    index: HashMap<u64, (u32, u64, u32)>,
}

impl RenderedPages {
    /// Opens the pages of all parts.
    ///
    /// # Errors
    /// If a part is missing, damaged, or was made with other settings.
    pub fn open(exchange: &Exchange, inputs: &[u8; 32]) -> Result<Self> {
        let mut pages = Self {
            files: Vec::new(),
            index: HashMap::new(),
        };
        for part in exchange.parts("pages")? {
            let path = exchange.get(&name(part))?;
            let read =
                |e: std::io::Error| Diagnostic::io(path.as_ref(), "read the pages of a part", &e);
            let file = File::open(path.as_ref()).map_err(read)?;
            pages.add(file, inputs).map_err(read)?;
        }
        Ok(pages)
    }

    fn add(&mut self, file: File, inputs: &[u8; 32]) -> std::io::Result<()> {
        let number = self.files.len() as u32;
        let end = file.metadata()?.len();
        let mut reader = BufReader::with_capacity(1 << 16, &file);
        let mut header = [0; Journal::HEADER];
        reader.read_exact(&mut header)?;
        if !Journal::is_header(&header, inputs) {
            return Err(std::io::Error::other(
                "it was written by another program, or with other settings, topics or templates",
            ));
        }
        let mut at = Journal::HEADER as u64;
        let mut path = Vec::new();
        while at < end {
            let mut head = [0; 10];
            reader.read_exact(&mut head)?;
            let length = 8 + u32::from_le_bytes([head[0], head[1], head[2], head[3]]);
            path.resize(usize::from(u16::from_le_bytes([head[8], head[9]])), 0);
            reader.read_exact(&mut path)?;
            self.index
                .insert(digest::short(&path), (number, at, length));
            at += u64::from(length);
            if at > end {
                return Err(ErrorKind::UnexpectedEof.into());
            }
            reader.seek_relative(i64::from(length) - 10 - path.len() as i64)?;
        }
        drop(reader);
        self.files.push(Mutex::new(file));
        Ok(())
    }
}

impl RenderedElsewhere for RenderedPages {
    fn page(&self, path: &str, fingerprint: Option<Digest>) -> Option<Vec<u8>> {
        let (file, at, length) = self.index.get(&digest::short(path.as_bytes()))?;
        let mut entry = vec![0; *length as usize];
        {
            let file = self.files[*file as usize].lock();
            let mut file = file.unwrap_or_else(PoisonError::into_inner);
            file.seek(SeekFrom::Start(*at)).ok()?;
            file.read_exact(&mut entry).ok()?;
        }
        let value = cache::entry_of(&entry, path)?;
        let (rendered_with, bytes) = value.split_at_checked(16)?;
        (fingerprint? == rendered_with).then(|| bytes.to_vec())
    }
}
