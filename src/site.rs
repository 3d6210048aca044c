//! A site on disk: its folders and its settings.
//! Knows the names of folders; never reads their content.

use std::path::{Path, PathBuf};

use crate::diagnostics::{Code, Diagnostic, Result};
use crate::model::path::slashed;
use crate::settings::{self, Settings};

/// A folder that is a site, and its settings.
#[derive(Debug, Clone)]
pub struct Site {
    root: PathBuf,
    out: PathBuf,
    pub settings: Settings,
}

/// A path without links and dots, as far as it exists.
pub fn canonical(path: &Path) -> PathBuf {
    let path = std::path::absolute(path).unwrap_or_else(|_| path.to_path_buf());
    let mut rest = Vec::new();
    for above in path.ancestors() {
        if let Ok(found) = above.canonicalize() {
            return rest.iter().rev().fold(found, |path, name| path.join(name));
        }
        rest.extend(above.file_name());
    }
    path
}

/// The variable with the address of the website, where the settings have none: hosts that build a site know it.
pub const BASE_URL: &str = "BACKFILE_BASE_URL";

/// The name of the settings' file.
pub const SETTINGS: &str = "backfile.toml";

/// The name of the topics' file.
pub const TOPICS: &str = "topics.toml";

impl Site {
    /// Opens a folder as a site. `out` is the output folder, `public/` by default.
    ///
    /// # Errors
    /// If neither the folder nor one above it is a site; or if its settings cannot be read.
    pub fn open(folder: &Path, out: Option<&Path>) -> Result<Self> {
        let root = Self::find(folder)?;
        let mut settings = settings::read(&root.join(SETTINGS))?;
        if let Some(address) = std::env::var_os(BASE_URL).filter(|address| !address.is_empty()) {
            let address = address.to_string_lossy();
            settings.set_address(&address).map_err(|what| {
                Diagnostic::error(Code::SettingInvalid, BASE_URL, what)
                    .hint("write it as https://example.org")
            })?;
        }
        let out = out.map_or_else(|| root.join("public"), canonical);
        Ok(Self {
            root,
            out,
            settings,
        })
    }

    /// The canonical path of the site that a folder is, or lies in, however it is written. A folder is a site if it has
    /// settings, `raw/` or `content/`; of the folders above it, the first with settings is.
    ///
    /// # Errors
    /// If there is none.
    pub fn find(folder: &Path) -> Result<PathBuf> {
        let failed = |what: &str, hint: &str| {
            let shown = folder.display().to_string();
            Diagnostic::error(Code::NotASite, shown, what).hint(hint)
        };
        let root = folder.canonicalize().map_err(|_| {
            failed(
                "there is no such folder",
                "name the folder of a site, or start one with `backfile new DIR`",
            )
        })?;
        let has = |root: &Path, name: &str| root.join(name).exists();
        if [SETTINGS, "raw", "content"]
            .iter()
            .any(|name| has(&root, name))
        {
            return Ok(root);
        }
        let above = root.ancestors().find(|above| has(above, SETTINGS));
        above.map(Path::to_path_buf).ok_or_else(|| {
            failed(
                "the folder has no `backfile.toml`, no `raw/` and no `content/`, nor has one above it a `backfile.toml`",
                "put articles into a folder `raw/`, or start with `backfile new DIR`",
            )
            .into()
        })
    }

    pub fn root(&self) -> &Path {
        &self.root
    }

    /// Raw records, never changed.
    pub fn raw(&self) -> PathBuf {
        self.root.join("raw")
    }

    /// Articles and pages: Markdown with front matter.
    pub fn content(&self) -> PathBuf {
        self.root.join("content")
    }

    pub fn templates(&self) -> PathBuf {
        self.root.join("templates")
    }

    pub fn statics(&self) -> PathBuf {
        self.root.join("static")
    }

    /// The folder of the site's own copy of its theme. It need not exist.
    pub fn theme(&self) -> PathBuf {
        self.root.join("themes").join(&self.settings.theme_name)
    }

    /// The cache; may be deleted at any time.
    pub fn cache(&self) -> PathBuf {
        self.root.join(".backfile")
    }

    pub fn settings_file(&self) -> PathBuf {
        self.root.join(SETTINGS)
    }

    pub fn topics_file(&self) -> PathBuf {
        self.root.join(TOPICS)
    }

    /// The output folder: the website.
    pub fn out(&self) -> &Path {
        &self.out
    }

    /// The folders that hold what a person or the program keeps of this site.
    pub fn folders(&self) -> [PathBuf; 7] {
        [
            self.raw(),
            self.content(),
            self.templates(),
            self.statics(),
            self.root.join("themes"),
            self.cache(),
            self.out.clone(),
        ]
    }

    /// An error about a value of the settings, at the line where it is written.
    pub fn settings_error(&self, code: Code, value: &str, what: impl Into<String>) -> Diagnostic {
        let text = std::fs::read_to_string(self.settings_file()).unwrap_or_default();
        let error = Diagnostic::error(code, SETTINGS, what);
        match text.find(value) {
            Some(at) => error.at_byte(&text, at),
            None => error,
        }
    }

    /// A path for messages: relative to the site's folder, with `/` between folders.
    pub fn shown(&self, path: &Path) -> String {
        slashed(path.strip_prefix(&self.root).unwrap_or(path))
    }
}
