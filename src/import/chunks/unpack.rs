//! Diagnostic files, opened as folders: gzip, bzip2, Zstandard, zip and tape archives.

use std::io::{BufReader, Cursor, Read, Seek};
use std::ops::ControlFlow;

use super::kind::{self, Kind};
use super::{Walk, member};
use crate::diagnostics::Severity;

/// An archive within an archive within an archive is opened, and no deeper.
const DEEPEST: usize = 3;

/// An archive with more files is no archive of articles.
const MOST_MEMBERS: usize = 5_000_000;

const DAMAGED: &str = "the archive is damaged or breaks off";
const COPY: &str = "copy it again, or put it in `ignore` under `[import]`";

impl Walk<'_, '_> {
    /// The raw file itself, at its beginning.
    pub(super) fn file(&mut self, kind: Kind, file: impl Read + Seek) -> ControlFlow<()> {
        match kind {
            Kind::Text => self.text(None, file),
            Kind::Zip => self.zip(None, BufReader::new(file), 1),
            packed => self.packed(None, packed, BufReader::new(file), 1),
        }
    }

    /// A file that is unpacked already, of any kind.
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
            Kind::Text => self.text(name, whole),
            _ if depth >= DEEPEST => {
                let what = "archives lie in each other too deeply";
                let problem = self.problem(name, what, "unpack the outer one into `raw/`");
                (self.take)(Err(problem))
            }
            Kind::Zip => self.zip_within(name, whole, depth + 1),
            // Readers within readers must not become types within types without end.
            packed => {
                let boxed: Box<dyn Read + '_> = Box::new(whole);
                self.packed(name, packed, boxed, depth + 1)
            }
        }
    }

    /// A stream that is packed, or an archive that can be read from one.
    fn packed(
        &mut self,
        name: Option<&str>,
        kind: Kind,
        reader: impl Read,
        depth: usize,
    ) -> ControlFlow<()> {
        let inner = name.map(member::without_packing);
        let budget = self.budget.clone();
        match kind {
            Kind::Gzip => {
                let unpacked = flate2::read::MultiGzDecoder::new(reader);
                self.opened(inner, budget.guard(unpacked), depth)
            }
            Kind::Bzip2 => {
                let unpacked = bzip2::read::MultiBzDecoder::new(reader);
                self.opened(inner, budget.guard(unpacked), depth)
            }
            Kind::Zstandard => match zstd::stream::read::Decoder::new(reader) {
                Ok(unpacked) => self.opened(inner, budget.guard(unpacked), depth),
                Err(error) => {
                    let problem = self.failed(name, &error);
                    (self.take)(Err(problem))
                }
            },
            Kind::Tar => self.tar(name, reader, depth),
            Kind::Warc => self.warc(name, reader),
            Kind::Arc => self.arc(name, reader),
            Kind::Other(format) => {
                let what = format!("files packed as {format} are not read");
                let hint = "unpack it into `raw/`, or pack it as zip or gzip";
                let problem = self.problem(name, what, hint);
                (self.take)(Err(problem))
            }
            Kind::Text | Kind::Zip => ControlFlow::Continue(()),
        }
    }

    fn tar(&mut self, outer: Option<&str>, reader: impl Read, depth: usize) -> ControlFlow<()> {
        let mut archive = tar::Archive::new(reader);
        let Ok(entries) = archive.entries() else {
            let problem = self.problem(outer, DAMAGED, COPY);
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

    /// A zip archive that lies in another: its list of files stands at its end, so it is read whole.
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
            let problem = self.too_large(name, "the archive");
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
                let problem = self.problem(outer, DAMAGED, COPY);
                return (self.take)(Err(problem));
            }
        };
        // Word processors and readers of books pack their files so.
        if ["[Content_Types].xml", "mimetype"]
            .iter()
            .any(|n| archive.index_for_name(n).is_some())
        {
            let hint = "save it as text or HTML, or put it in `ignore` under `[import]`";
            let problem = self.problem(outer, "documents of office programs are not read", hint);
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
                            let what = "it is encrypted, or packed in a way that is not read";
                            self.problem(shown, what, "unpack it into `raw/`")
                        }
                        zip::result::ZipError::Io(error) => self.failed(shown, &error),
                        _ => self.problem(shown, DAMAGED, COPY),
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

    /// Says once of an archive that there was no file in it, or which of its members were passed over: links, devices and
    /// pipes are no articles.
    fn ended(&mut self, any: bool, links: usize, outer: Option<&str>) -> ControlFlow<()> {
        let problem = match (any, links) {
            (true, 0) => return ControlFlow::Continue(()),
            (true, _) => {
                let what = format!("links and devices in it are passed over: {links}");
                let hint = "unpack it into `raw/`, if they matter";
                let mut said = self.problem(outer, &what, hint);
                said.severity = Severity::Warning;
                said
            }
            (false, _) => self.problem(outer, "there is no file in it", COPY),
        };
        (self.take)(Err(problem))
    }
}

/// The name of a member, below that of the archive it lies in where that lies in another.
fn within(outer: Option<&str>, written: &str) -> Option<String> {
    let name = member::name(written)?;
    match outer {
        Some(outer) => member::name(&format!("{outer}/{name}")),
        None => Some(name),
    }
}
