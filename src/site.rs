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

/// The name of the settings' file.
pub const SETTINGS: &str = "backfile.toml";

/// The name of the topics' file.
pub const TOPICS: &str = "topics.toml";

impl Site {
    /// Opens a folder as a site. `out` is the output folder, `public/` by default.
    ///
    /// # Errors
    /// If the folder is not a site, that is, has no settings, no `raw/` and no `content/`; or if its settings cannot be read.
    pub fn open(root: &Path, out: Option<&Path>) -> Result<Self> {
        let is_site = [SETTINGS, "raw", "content"]
            .iter()
            .any(|name| root.join(name).exists());
        if !is_site {
            let what = "the folder has no `backfile.toml`, no `raw/` and no `content/`";
            return Err(
                Diagnostic::error(Code::NotASite, root.display().to_string(), what)
                    .hint("put articles into a folder `raw/`, or start with `backfile new DIR`")
                    .into(),
            );
        }
        let settings = settings::read(&root.join(SETTINGS))?;
        let out = out.map_or_else(|| root.join("public"), Path::to_path_buf);
        Ok(Self {
            root: root.to_path_buf(),
            out,
            settings,
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

    /// A path for messages: relative to the site's folder, with `/` between folders.
    pub fn shown(&self, path: &Path) -> String {
        slashed(path.strip_prefix(&self.root).unwrap_or(path))
    }
}
