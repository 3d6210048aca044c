//! Packed files and archives, read like folders: gzip, bzip2, Zstandard, zip and tar.

use std::io::{BufReader, Cursor, Read, Seek};
use std::ops::ControlFlow;

use super::cut::Oversized;
use super::kind::{self, FileKind};
use super::{ChunkReader, member};
use crate::diagnostics::{Code, Diagnostic, Severity};

/// How deeply archives within archives are opened.
const DEEPEST: usize = 3;

/// An archive with more files is not an archive of articles.
const MOST_MEMBERS: usize = 5_000_000;

const COPY: &str = "copy it again, or put it in `ignore` under `[import]`";

impl ChunkReader<'_, '_> {
    /// The raw file itself, from its beginning.
    pub(super) fn file(&mut self, kind: FileKind, file: impl Read + Seek) -> ControlFlow<()> {
        match kind {
            FileKind::Text => self.text(None, file),
            FileKind::Zip => self.zip(None, BufReader::new(file), 1),
            packed => self.packed(None, packed, BufReader::new(file), 1),
        }
    }

    /// An unpacked file of any kind.
    fn opened(
        &mut self,
        name: Option<&str>,
        mut reader: impl Read,
        depth: usize,
    ) -> ControlFlow<()> {
        let mut head = [0; kind::HEAD];
        let length = match kind::read_head(&mut reader, &mut head) {
            Ok(length) => length,
            Err(error) => {
                let problem = self.failed(name, &error);
                return (self.take)(Err(problem));
            }
        };
        let kind = kind::of(&head[..length]);
        let whole = Cursor::new(head[..length].to_vec()).chain(reader);
        match kind {
            FileKind::Text => self.text(name, whole),
            _ if depth >= DEEPEST => {
                let what = "archives are nested too deeply";
                let hint = "unpack the outer one into `raw/`";
                let problem = self.problem(Code::ArchiveUnsupported, name, what, hint);
                (self.take)(Err(problem))
            }
            FileKind::Zip => self.zip_within(name, whole, depth + 1),
            // Boxed, or the type of the reader would nest without end.
            packed => {
                let boxed: Box<dyn Read + '_> = Box::new(whole);
                self.packed(name, packed, boxed, depth + 1)
            }
        }
    }

    /// A packed stream, or an archive that can be read from a stream.
    fn packed(
        &mut self,
        name: Option<&str>,
        kind: FileKind,
        reader: impl Read,
        depth: usize,
    ) -> ControlFlow<()> {
        let inner = name.map(member::without_packing);
        let budget = self.budget.clone();
        match kind {
            FileKind::Gzip => {
                let unpacked = flate2::read::MultiGzDecoder::new(reader);
                self.opened(inner, budget.guard(unpacked), depth)
            }
            FileKind::Bzip2 => {
                let unpacked = bzip2::read::MultiBzDecoder::new(reader);
                self.opened(inner, budget.guard(unpacked), depth)
            }
            FileKind::Zstandard => match zstd::stream::read::Decoder::new(reader) {
                Ok(unpacked) => self.opened(inner, budget.guard(unpacked), depth),
                Err(error) => {
                    let problem = self.failed(name, &error);
                    (self.take)(Err(problem))
                }
            },
            FileKind::Tar => self.tar(name, reader, depth),
            FileKind::Warc => self.warc(name, reader),
            FileKind::Arc => self.arc(name, reader),
            FileKind::Other(format) => {
                let what = format!("files packed as {format} are not read");
                let hint = "unpack it into `raw/`, or pack it as zip or gzip";
                let problem = self.problem(Code::ArchiveUnsupported, name, what, hint);
                (self.take)(Err(problem))
            }
            FileKind::Text | FileKind::Zip => ControlFlow::Continue(()),
        }
    }

    fn tar(&mut self, outer: Option<&str>, reader: impl Read, depth: usize) -> ControlFlow<()> {
        let mut archive = tar::Archive::new(reader);
        let Ok(entries) = archive.entries() else {
            let problem = self.damaged(outer);
            return (self.take)(Err(problem));
        };
        let (mut any, mut links) = (false, 0);
        for entry in entries.take(MOST_MEMBERS) {
            let entry = match entry {
                Ok(entry) => entry,
                Err(_) if self.is_broken => return ControlFlow::Continue(()),
                Err(error) => {
                    let problem = self.failed(outer, &error);
                    return (self.take)(Err(problem));
                }
            };
            let kind = entry.header().entry_type();
            if !kind.is_file() {
                links += usize::from(!kind.is_dir());
                continue;
            }
            let written = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
            if let Some(name) = within(outer, &written) {
                any = true;
                self.is_broken = false;
                self.opened(Some(&name), entry, depth)?;
            }
        }
        self.ended(any, links, outer)
    }

    /// A zip archive within another archive: its list of files is at its end, so it is read whole.
    fn zip_within(
        &mut self,
        name: Option<&str>,
        reader: impl Read,
        depth: usize,
    ) -> ControlFlow<()> {
        let mut bytes = Vec::new();
        let most = self.max_bytes as u64;
        if let Err(error) = reader.take(most + 1).read_to_end(&mut bytes) {
            let problem = self.failed(name, &error);
            return (self.take)(Err(problem));
        }
        if bytes.len() as u64 > most {
            let problem = self.oversized(name, Oversized::Archive);
            return (self.take)(Err(problem));
        }
        self.zip(name, Cursor::new(bytes), depth)
    }

    fn zip(
        &mut self,
        outer: Option<&str>,
        reader: impl Read + Seek,
        depth: usize,
    ) -> ControlFlow<()> {
        let mut archive = match zip::ZipArchive::new(reader) {
            Ok(archive) => archive,
            Err(_) => {
                let problem = self.damaged(outer);
                return (self.take)(Err(problem));
            }
        };
        // Files of word processors and e-books are zip archives too.
        if ["[Content_Types].xml", "mimetype"]
            .iter()
            .any(|n| archive.index_for_name(n).is_some())
        {
            let hint = "save it as text or HTML, or put it in `ignore` under `[import]`";
            let what = "documents of office programs are not read";
            let problem = self.problem(Code::ArchiveUnsupported, outer, what, hint);
            return (self.take)(Err(problem));
        }
        let (mut any, mut links) = (false, 0);
        for at in 0..archive.len().min(MOST_MEMBERS) {
            let listed = archive.name_for_index(at).and_then(Result::ok);
            let Some(name) = listed.and_then(|written| within(outer, &written)) else {
                continue;
            };
            let member = match archive.by_index(at) {
                Ok(member) => member,
                Err(error) => {
                    let shown = Some(name.as_str());
                    let problem = match error {
                        zip::result::ZipError::UnsupportedArchive(_) => {
                            let what = "it is encrypted, or packed in a format that is not read";
                            let hint = "unpack it into `raw/`";
                            self.problem(Code::ArchiveUnsupported, shown, what, hint)
                        }
                        zip::result::ZipError::Io(error) => self.failed(shown, &error),
                        _ => self.damaged(shown),
                    };
                    any = true;
                    (self.take)(Err(problem))?;
                    continue;
                }
            };
            if !member.is_file() || member.is_symlink() {
                links += usize::from(!member.is_dir());
                continue;
            }
            any = true;
            let budget = self.budget.clone();
            self.opened(Some(&name), budget.guard(member), depth)?;
        }
        self.ended(any, links, outer)
    }

    /// Reports once for an archive that it contains no file, or that members were skipped: links, devices and pipes are
    /// not articles.
    fn ended(&mut self, any: bool, links: usize, outer: Option<&str>) -> ControlFlow<()> {
        let problem = match (any, links) {
            (true, 0) => return ControlFlow::Continue(()),
            (true, _) => {
                let what = format!("links and devices in it are skipped: {links}");
                let hint = "unpack it into `raw/` if they matter";
                let mut warning = self.problem(Code::LinkSkipped, outer, &what, hint);
                warning.severity = Severity::Warning;
                warning
            }
            (false, _) => self.problem(Code::ArchiveEmpty, outer, "it contains no file", COPY),
        };
        (self.take)(Err(problem))
    }

    fn damaged(&self, name: Option<&str>) -> Diagnostic {
        let what = "the archive is damaged or incomplete";
        self.problem(Code::ArchiveDamaged, name, what, COPY)
    }
}

/// The name of a member; within an inner archive, below the name of that archive.
fn within(outer: Option<&str>, written: &str) -> Option<String> {
    let name = member::name(written)?;
    match outer {
        Some(outer) => member::name(&format!("{outer}/{name}")),
        None => Some(name),
    }
}
