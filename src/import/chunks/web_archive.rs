//! Web archives: WARC (ISO 28500) and its predecessor ARC. Each page that a server sent is a chunk.
//! Read here and not by a library: the maintained ones read a record whole, whatever length it declares.

use std::io::{self, BufRead as _, BufReader, Read};
use std::ops::ControlFlow;

use super::cut::Oversized;
use super::{Chunk, ChunkReader, http};
use crate::diagnostics::Code;
use crate::import::layouts::Capture;

/// The longest line, in bytes, and the most lines of a header.
const LONGEST_LINE: u64 = 64 * 1024;
const MOST_LINES: usize = 1_000;

/// The header of a record.
#[derive(Debug, Default)]
struct RecordHeader {
    url: String,
    /// When the page was fetched, as in [`Capture`].
    at: String,
    /// The content type of the record.
    mime: String,
    /// `response`, `resource` and others.
    kind: String,
    length: u64,
}

impl ChunkReader<'_, '_> {
    pub(super) fn warc(&mut self, name: Option<&str>, reader: impl Read) -> ControlFlow<()> {
        self.records(name, reader, warc_head)
    }

    pub(super) fn arc(&mut self, name: Option<&str>, reader: impl Read) -> ControlFlow<()> {
        self.records(name, reader, arc_head)
    }

    fn records<R: Read>(
        &mut self,
        name: Option<&str>,
        reader: R,
        read_head: impl Fn(&mut BufReader<R>) -> io::Result<Option<RecordHeader>>,
    ) -> ControlFlow<()> {
        let mut reader = BufReader::with_capacity(64 * 1024, reader);
        let mut any = false;
        loop {
            let head = match read_head(&mut reader) {
                Ok(Some(head)) => head,
                Ok(None) => break,
                Err(error) => return self.damaged_archive(name, &error),
            };
            let is_page = matches!(head.kind.as_str(), "response" | "resource")
                && (head.url.starts_with("http://") || head.url.starts_with("https://"));
            let is_large = head.length > self.max_bytes as u64;
            // Of pictures and films, any size is skipped without a diagnostic.
            if is_large && is_page && begins_a_page(&mut reader) {
                let problem = self.oversized(name, Oversized::Record);
                (self.take)(Err(problem))?;
            }
            let mut content = reader.by_ref().take(head.length);
            if !is_page || is_large {
                match skip(&mut content, head.length) {
                    Ok(()) => continue,
                    Err(error) => return self.damaged_archive(name, &error),
                }
            }
            let mut bytes = Vec::new();
            let read = content.read_to_end(&mut bytes);
            let is_incomplete = read.is_err() || (bytes.len() as u64) < head.length;
            let page = match head.kind.as_str() {
                "resource" => http::of_type(&head.mime, bytes),
                _ => http::page(&bytes, self.max_bytes),
            };
            if let Some(page) = page {
                any = true;
                if let Err(error) = self.budget.spend(page.bytes.len()) {
                    return self.damaged_archive(name, &error);
                }
                let chunk = Chunk {
                    member: name.map(str::to_owned),
                    bytes: page.bytes,
                    encoding: page.encoding,
                    capture: Some(Capture {
                        url: head.url,
                        at: head.at,
                    }),
                    ..Chunk::default()
                };
                (self.take)(Ok(chunk))?;
            }
            if is_incomplete {
                let error = read.err().unwrap_or_else(incomplete);
                return self.damaged_archive(name, &error);
            }
        }
        if any {
            return ControlFlow::Continue(());
        }
        let hint = "put it in `ignore` under `[import]`";
        let what = "the web archive contains no page";
        let problem = self.problem(Code::ArchiveEmpty, name, what, hint);
        (self.take)(Err(problem))
    }

    fn damaged_archive(&mut self, name: Option<&str>, error: &io::Error) -> ControlFlow<()> {
        let problem = self.failed(name, error);
        (self.take)(Err(problem))
    }
}

/// Reads past the content of a record, which has `length` bytes.
fn skip(content: &mut impl Read, length: u64) -> io::Result<()> {
    match io::copy(content, &mut io::sink())? {
        read if read == length => Ok(()),
        _ => Err(incomplete()),
    }
}

/// Whether a response that is not read whole declares that it is a page.
fn begins_a_page(reader: &mut BufReader<impl Read>) -> bool {
    let seen = reader.fill_buf().unwrap_or_default();
    let head = String::from_utf8_lossy(&seen[..seen.len().min(8_192)]).to_ascii_lowercase();
    head.contains("content-type: text/html")
}

fn incomplete() -> io::Error {
    io::ErrorKind::UnexpectedEof.into()
}

/// A line without its end; `None` at the end of the file.
fn line(reader: &mut BufReader<impl Read>) -> io::Result<Option<String>> {
    let mut bytes = Vec::new();
    reader
        .by_ref()
        .take(LONGEST_LINE)
        .read_until(b'\n', &mut bytes)?;
    if bytes.is_empty() {
        return Ok(None);
    }
    if bytes.len() as u64 == LONGEST_LINE {
        return Err(io::ErrorKind::InvalidData.into());
    }
    Ok(Some(
        String::from_utf8_lossy(&bytes)
            .trim_end_matches(['\r', '\n'])
            .to_owned(),
    ))
}

/// The next line that is not blank.
fn first_line(reader: &mut BufReader<impl Read>) -> io::Result<Option<String>> {
    for _ in 0..MOST_LINES {
        match line(reader)? {
            Some(line) if line.trim().is_empty() => {}
            other => return Ok(other),
        }
    }
    Err(io::ErrorKind::InvalidData.into())
}

fn warc_head(reader: &mut BufReader<impl Read>) -> io::Result<Option<RecordHeader>> {
    let Some(first) = first_line(reader)? else {
        return Ok(None);
    };
    if !first.starts_with("WARC/") {
        return Err(io::ErrorKind::InvalidData.into());
    }
    let mut head = RecordHeader::default();
    let mut length = None;
    for _ in 0..MOST_LINES {
        let line = line(reader)?.ok_or_else(incomplete)?;
        if line.is_empty() {
            head.length = length.ok_or(io::ErrorKind::InvalidData)?;
            return Ok(Some(head));
        }
        let Some((name, value)) = line.split_once(':') else {
            continue;
        };
        let value = value.trim();
        match name.trim().to_ascii_lowercase().as_str() {
            "warc-type" => head.kind = value.to_ascii_lowercase(),
            "warc-target-uri" => head.url = value.trim_matches(['<', '>']).to_owned(),
            "warc-date" => head.at = value.to_owned(),
            "content-type" => head.mime = value.to_ascii_lowercase(),
            "warc-identified-payload-type" if head.mime.is_empty() => {
                head.mime = value.to_ascii_lowercase();
            }
            "content-length" => length = value.parse().ok(),
            _ => {}
        }
    }
    Err(io::ErrorKind::InvalidData.into())
}

/// `http://example.org/ 192.0.2.1 20010413120000 text/html 1042`; version 2 has more between the type and the length.
fn arc_head(reader: &mut BufReader<impl Read>) -> io::Result<Option<RecordHeader>> {
    let Some(first) = first_line(reader)? else {
        return Ok(None);
    };
    let parts: Vec<&str> = first.split(' ').collect();
    let (Some(url), Some(at), Some(mime)) = (parts.first(), parts.get(2), parts.get(3)) else {
        return Err(io::ErrorKind::InvalidData.into());
    };
    let length = parts.last().and_then(|length| length.parse().ok());
    Ok(Some(RecordHeader {
        url: (*url).to_owned(),
        at: instant(at).unwrap_or_default(),
        mime: mime.to_ascii_lowercase(),
        kind: "response".to_owned(),
        length: length.ok_or(io::ErrorKind::InvalidData)?,
    }))
}

/// `20010413120000` → `2001-04-13T12:00:00Z`.
fn instant(digits: &str) -> Option<String> {
    if digits.len() != 14 || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    let part = |range| digits.get(range).unwrap_or_default();
    let (y, m, d) = (part(0..4), part(4..6), part(6..8));
    Some(format!(
        "{y}-{m}-{d}T{}:{}:{}Z",
        part(8..10),
        part(10..12),
        part(12..14)
    ))
}
