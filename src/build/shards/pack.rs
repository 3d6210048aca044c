//! The pages that a part rendered, each with its fingerprint, in one file.

use std::fs::File;
use std::io::{BufReader, ErrorKind, Read, Seek as _, SeekFrom};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

use foldhash::{HashMap, HashMapExt as _};
use rayon::prelude::*;

use super::{Part, Place, cards};
use crate::build::PageKey;
use crate::build::render_pass::RenderedElsewhere;
use crate::cache::{self, Journal};
use crate::diagnostics::{Diagnostic, Result};
use crate::model::digest::{self, Digest};

/// Pages that are rendered before they are written.
const CHUNK: usize = 4_096;

fn name(part: Part) -> String {
    format!("pages-{part}")
}

/// Renders pages and leaves them at the meeting place; gives how many. `render` gives none for a page that has to be
/// rendered where the website is made.
pub fn put(
    place: &Place,
    part: Part,
    inputs: &[u8; 32],
    keys: &[&PageKey],
    render: impl Fn(&PageKey) -> Result<Option<(Digest, Vec<u8>)>> + Sync,
) -> Result<usize> {
    let count = AtomicUsize::new(0);
    place.put(&name(part), |path| {
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
        Journal::write_table(path, *inputs, cards::number(part), entries)?;
        failed.map_or(Ok(()), Err)
    })?;
    Ok(count.into_inner())
}

/// The pages of all parts.
pub struct Packs {
    files: Vec<Mutex<File>>,
    /// By a digest of the page's path: the file, and where the entry lies in it.
    index: HashMap<u64, (u32, u64, u32)>,
}

impl Packs {
    /// Opens what all parts left.
    ///
    /// # Errors
    /// Where a part is missing, broken, or made with other settings.
    pub fn open(place: &Place, inputs: &[u8; 32]) -> Result<Self> {
        let mut packs = Self {
            files: Vec::new(),
            index: HashMap::new(),
        };
        for part in place.parts("pages")? {
            let path = place.get(&name(part))?;
            let read =
                |e: std::io::Error| Diagnostic::io(path.as_ref(), "read the pages of a part", &e);
            let file = File::open(path.as_ref()).map_err(read)?;
            packs.take(file, inputs).map_err(read)?;
        }
        Ok(packs)
    }

    fn take(&mut self, file: File, inputs: &[u8; 32]) -> std::io::Result<()> {
        let number = self.files.len() as u32;
        let end = file.metadata()?.len();
        let mut reader = BufReader::with_capacity(1 << 16, &file);
        let mut header = [0; Journal::HEADER];
        reader.read_exact(&mut header)?;
        if !Journal::is_header(&header, inputs) {
            return Err(std::io::Error::other(
                "it was made by another program, or with other settings, topics or templates",
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

impl RenderedElsewhere for Packs {
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
        let (made_from, bytes) = value.split_at_checked(16)?;
        (fingerprint? == made_from).then(|| bytes.to_vec())
    }
}
