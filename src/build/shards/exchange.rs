//! Where the parts of a build exchange files: a shared folder, or an object store.
//! Knows files by name; never knows what they contain.

use std::fmt;
use std::path::{Path, PathBuf};

use tempfile::{NamedTempFile, TempPath};

use super::BuildPart;
use crate::diagnostics::{Code, Diagnostic, Failure, Result};
use crate::object_store::{self, Bucket, Tries};

/// A folder or a location in an object store that all machines can read and write.
#[derive(Debug)]
pub struct Exchange {
    address: String,
    location: Location,
}

#[derive(Debug)]
enum Location {
    Folder(PathBuf),
    Bucket(Bucket),
}

/// A file of the exchange. A copy is removed when this is dropped.
#[derive(Debug)]
pub enum ExchangedFile {
    Local(PathBuf),
    Copied(TempPath),
}

impl AsRef<Path> for ExchangedFile {
    fn as_ref(&self) -> &Path {
        match self {
            Self::Local(path) => path,
            Self::Copied(path) => path,
        }
    }
}

impl Exchange {
    /// Opens a folder, which need not exist yet, or the address of an object store, such as `s3://bucket/prefix`.
    ///
    /// # Errors
    /// If the address cannot be understood.
    pub fn open(address: &str) -> Result<Self> {
        let location = match object_store::is_address(address) {
            true => Location::Bucket(
                Bucket::open(address, &[], Tries::Many).map_err(|e| refused(address, &e))?,
            ),
            false => Location::Folder(PathBuf::from(address)),
        };
        Ok(Self {
            address: address.to_owned(),
            location,
        })
    }

    /// Writes a file completely or not at all: `write` writes it under another name first.
    ///
    /// # Errors
    /// If it cannot be written.
    pub fn put(&self, name: &str, write: impl FnOnce(&Path) -> Result<()>) -> Result<()> {
        match &self.location {
            Location::Folder(folder) => {
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
            Location::Bucket(bucket) => {
                let file = self.temporary_file(name)?;
                write(file.path())?;
                let sent = bucket.send(file.path(), name, object_store::Attributes::default());
                sent.map_err(|e| refused(&self.address, &e))
            }
        }
    }

    /// A file that a step wrote.
    ///
    /// # Errors
    /// If there is no file of this name.
    pub fn get(&self, name: &str) -> Result<ExchangedFile> {
        match &self.location {
            Location::Folder(folder) => {
                let path = folder.join(name);
                if path.is_file() {
                    return Ok(ExchangedFile::Local(path));
                }
            }
            Location::Bucket(bucket) => {
                let mut file = self.temporary_file(name)?;
                let fetched = bucket.fetch(name, file.as_file_mut());
                if fetched.map_err(|e| refused(&self.address, &e))? {
                    return Ok(ExchangedFile::Copied(file.into_temp_path()));
                }
            }
        }
        let what = format!("`{name}` does not exist");
        let hint = match name {
            "cards" => "run `backfile build --merge` first",
            _ => "run the step of that part first: `backfile build --shard I/N`",
        };
        Err(Diagnostic::error(Code::PartMissing, self.to_string(), what)
            .hint(hint)
            .into())
    }

    /// A file on this machine, for sending or fetching `name`.
    fn temporary_file(&self, name: &str) -> Result<NamedTempFile> {
        let failed = |e: std::io::Error| {
            Diagnostic::io(&std::env::temp_dir().join(name), "create a file", &e)
        };
        Ok(NamedTempFile::new().map_err(failed)?)
    }

    fn names(&self) -> Result<Vec<String>> {
        match &self.location {
            Location::Folder(folder) => {
                let entries = std::fs::read_dir(folder).into_iter().flatten().flatten();
                let names = entries.map(|entry| entry.file_name().to_string_lossy().into_owned());
                Ok(names.collect())
            }
            Location::Bucket(bucket) => {
                let listed = bucket.list("").map_err(|e| refused(&self.address, &e))?;
                Ok(listed.into_iter().map(|(name, _)| name).collect())
            }
        }
    }

    /// The parts that wrote files of a kind, `cards` or `pages`.
    ///
    /// # Errors
    /// If no part did, or one is missing.
    pub fn parts(&self, kind: &str) -> Result<Vec<BuildPart>> {
        let names = self.names()?;
        let parts = names.iter().filter_map(|name| {
            let (number, of) = name
                .strip_prefix(kind)?
                .strip_prefix('-')?
                .split_once("-of-")?;
            format!("{number}/{of}").parse::<BuildPart>().ok()
        });
        let parts: Vec<BuildPart> = parts.collect();
        let number = parts
            .iter()
            .map(|part| part.of)
            .collect::<std::collections::BTreeSet<_>>();
        let (code, what, hint) = match number.into_iter().collect::<Vec<_>>().as_slice() {
            [of] => {
                match (1..=*of).find(|number| parts.iter().all(|part| part.number != *number)) {
                    None => {
                        return Ok((1..=*of)
                            .map(|number| BuildPart { number, of: *of })
                            .collect());
                    }
                    Some(missing) => (
                        Code::PartMissing,
                        format!("part {missing} of {of} has not written its {kind}"),
                        "run its step, or run it again if it was interrupted",
                    ),
                }
            }
            [] => (
                Code::PartMissing,
                format!("no part has written its {kind}"),
                "run `backfile build --shard I/N` for every I, and with --render after --merge",
            ),
            many => (
                Code::PartsDiffer,
                format!(
                    "the {kind} are from builds with {} parts",
                    many.iter()
                        .map(u32::to_string)
                        .collect::<Vec<_>>()
                        .join(" and ")
                ),
                "remove its files, or name another folder or address with --meet, and run all steps again",
            ),
        };
        Err(Diagnostic::error(code, self.to_string(), what)
            .hint(hint)
            .into())
    }
}

impl fmt::Display for Exchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.address.fmt(f)
    }
}

fn refused(address: &str, error: &object_store::Error) -> Failure {
    let reason = object_store::message(error);
    Diagnostic::error(Code::ExchangeRefused, address, format!("the object store cannot be used: {reason}"))
        .hint("credentials and the endpoint come from the environment: `AWS_ACCESS_KEY_ID`, `AWS_ENDPOINT`, …")
        .into()
}
