//! Where the parts of a build meet.

use std::fmt;
use std::path::{Path, PathBuf};

use tempfile::{NamedTempFile, TempPath};

use super::Part;
use crate::diagnostics::{Code, Diagnostic, Failure, Result};
use crate::object_store::{self, Bucket, Tries};

/// What every machine reaches: a folder, or a place in an object store.
#[derive(Debug)]
pub struct Place {
    address: String,
    kind: Kind,
}

#[derive(Debug)]
enum Kind {
    Folder(PathBuf),
    Bucket(Bucket),
}

/// A file that somebody left; a copy of it goes away with this.
#[derive(Debug)]
pub enum Left {
    Here(PathBuf),
    Copied(TempPath),
}

impl AsRef<Path> for Left {
    fn as_ref(&self) -> &Path {
        match self {
            Self::Here(path) => path,
            Self::Copied(path) => path,
        }
    }
}

impl Place {
    /// A folder, which need not be there yet, or the address of an object store, such as `s3://bucket/prefix`.
    ///
    /// # Errors
    /// Where an address cannot be understood.
    pub fn open(address: &str) -> Result<Self> {
        let kind = match Bucket::is_address(address) {
            true => Kind::Bucket(
                Bucket::open(address, &[], Tries::Many).map_err(|e| refused(address, &e))?,
            ),
            false => Kind::Folder(PathBuf::from(address)),
        };
        Ok(Self {
            address: address.to_owned(),
            kind,
        })
    }

    /// Leaves a file, whole or not at all: `write` makes it under another name.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn put(&self, name: &str, write: impl FnOnce(&Path) -> Result<()>) -> Result<()> {
        match &self.kind {
            Kind::Folder(folder) => {
                let failed =
                    |e: std::io::Error| Diagnostic::io(&folder.join(name), "write the part", &e);
                std::fs::create_dir_all(folder).map_err(failed)?;
                let file = tempfile::Builder::new()
                    .prefix(".new-")
                    .tempfile_in(folder)
                    .map_err(failed)?;
                write(file.path())?;
                file.persist(folder.join(name))
                    .map_err(|e| failed(e.error))?;
                Ok(())
            }
            Kind::Bucket(bucket) => {
                let file = self.beside(name)?;
                write(file.path())?;
                let sent = bucket.send(file.path(), name, object_store::Attributes::default());
                sent.map_err(|e| refused(&self.address, &e))
            }
        }
    }

    /// A file that somebody left.
    ///
    /// # Errors
    /// Where there is none of that name.
    pub fn get(&self, name: &str) -> Result<Left> {
        match &self.kind {
            Kind::Folder(folder) => {
                let path = folder.join(name);
                if path.is_file() {
                    return Ok(Left::Here(path));
                }
            }
            Kind::Bucket(bucket) => {
                let mut file = self.beside(name)?;
                let fetched = bucket.fetch(name, file.as_file_mut());
                if fetched.map_err(|e| refused(&self.address, &e))? {
                    return Ok(Left::Copied(file.into_temp_path()));
                }
            }
        }
        let what = format!("`{name}` is not there");
        let hint = match name {
            "cards" => "run `backfile build --merge` first",
            _ => "run the step of that part first: `backfile build --shard I/N`",
        };
        Err(
            Diagnostic::error(Code::Unclassified, self.to_string(), what)
                .hint(hint)
                .into(),
        )
    }

    /// A file on this machine, for what is sent or fetched.
    fn beside(&self, name: &str) -> Result<NamedTempFile> {
        let failed =
            |e: std::io::Error| Diagnostic::io(&std::env::temp_dir().join(name), "make a file", &e);
        Ok(NamedTempFile::new().map_err(failed)?)
    }

    fn names(&self) -> Result<Vec<String>> {
        match &self.kind {
            Kind::Folder(folder) => {
                let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
                let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
                Ok(names.collect())
            }
            Kind::Bucket(bucket) => {
                let listed = bucket.list("").map_err(|e| refused(&self.address, &e))?;
                Ok(listed.into_iter().map(|(name, _)| name).collect())
            }
        }
    }

    /// The parts that left files of a kind, `cards` or `pages`.
    ///
    /// # Errors
    /// Where there is none, or one is missing.
    pub fn parts(&self, kind: &str) -> Result<Vec<Part>> {
        let names = self.names()?;
        let parts = names.iter().filter_map(|name| {
            let (number, of) = name
                .strip_prefix(kind)?
                .strip_prefix('-')?
                .split_once("-of-")?;
            format!("{number}/{of}").parse::<Part>().ok()
        });
        let parts: Vec<Part> = parts.collect();
        let number = parts
            .iter()
            .map(|part| part.of)
            .collect::<std::collections::BTreeSet<_>>();
        let (what, hint) = match number.into_iter().collect::<Vec<_>>().as_slice() {
            [of] => {
                match (1..=*of).find(|number| parts.iter().all(|part| part.number != *number)) {
                    None => return Ok((1..=*of).map(|number| Part { number, of: *of }).collect()),
                    Some(missing) => (
                        format!("part {missing} of {of} has left no {kind}"),
                        "run its step, or run it again where it was cut off",
                    ),
                }
            }
            [] => (
                format!("no part has left its {kind}"),
                "run `backfile build --shard I/N` for every I, and with --render after --merge",
            ),
            many => (
                format!(
                    "the {kind} are of builds in {} parts",
                    many.iter()
                        .map(u32::to_string)
                        .collect::<Vec<_>>()
                        .join(" and ")
                ),
                "empty the place, or name another one with --meet, and begin again",
            ),
        };
        Err(
            Diagnostic::error(Code::Unclassified, self.to_string(), what)
                .hint(hint)
                .into(),
        )
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.address.fmt(f)
    }
}

fn refused(address: &str, error: &object_store::Error) -> Failure {
    let words = object_store::message(error);
    Diagnostic::error(Code::Unclassified, address, format!("the object store did not do it: {words}"))
        .hint("credentials and the endpoint come from the environment: `AWS_ACCESS_KEY_ID`, `AWS_ENDPOINT`, …")
        .into()
}
