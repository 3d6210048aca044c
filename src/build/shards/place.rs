//! Where the parts of a build meet.

use std::fmt;
use std::path::{Path, PathBuf};

use super::Part;
use crate::diagnostics::{Diagnostic, Result};

/// A folder that every machine reaches.
#[derive(Debug, Clone)]
pub struct Place {
    folder: PathBuf,
}

impl Place {
    /// A folder; it need not be there yet.
    pub fn folder(folder: &Path) -> Self {
        Self {
            folder: folder.to_path_buf(),
        }
    }

    /// Leaves a file, whole or not at all: `write` makes it under another name.
    ///
    /// # Errors
    /// Where it cannot be written.
    pub fn put(&self, name: &str, write: impl FnOnce(&Path) -> Result<()>) -> Result<()> {
        let failed =
            |e: std::io::Error| Diagnostic::io(&self.folder.join(name), "write the part", &e);
        std::fs::create_dir_all(&self.folder).map_err(failed)?;
        let file = tempfile::Builder::new()
            .prefix(".new-")
            .tempfile_in(&self.folder)
            .map_err(failed)?;
        write(file.path())?;
        file.persist(self.folder.join(name))
            .map_err(|e| failed(e.error))?;
        Ok(())
    }

    /// The path of a file that somebody left.
    ///
    /// # Errors
    /// Where there is none of that name.
    pub fn get(&self, name: &str) -> Result<PathBuf> {
        let path = self.folder.join(name);
        if path.is_file() {
            return Ok(path);
        }
        let what = format!("`{name}` is not there");
        let hint = match name {
            "cards" => "run `backfile build --merge` first",
            _ => "run the step of that part first: `backfile build --shard I/N`",
        };
        Err(Diagnostic::error(self.to_string(), what).hint(hint).into())
    }

    /// The parts that left files of a kind, `cards` or `pages`.
    ///
    /// # Errors
    /// Where there is none, or one is missing.
    pub fn parts(&self, kind: &str) -> Result<Vec<Part>> {
        let names = std::fs::read_dir(&self.folder)
            .into_iter()
            .flatten()
            .flatten();
        let parts = names.filter_map(|entry| {
            let name = entry.file_name();
            let (number, of) = name
                .to_str()?
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
                "empty the folder, or name another one with --meet, and begin again",
            ),
        };
        Err(Diagnostic::error(self.to_string(), what).hint(hint).into())
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.folder.display().fmt(f)
    }
}
