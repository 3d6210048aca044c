//! What sort of problem a diagnostic reports: a stable name for scripts, whatever the message says.

use serde::{Deserialize, Serialize};

/// Defines the codes, and [`CODES`] with what each means; `docs/diagnostics.md` is held to that list by a test.
macro_rules! codes {
    ($($(#[doc = $meaning:literal])+ $code:ident,)+) => {
        /// The sort of a problem. In JSON its name has lowercase words with hyphens: `link-unknown`.
        #[derive(
            Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
        )]
        #[serde(rename_all = "kebab-case")]
        pub enum Code {
            $($(#[doc = $meaning])+ $code,)+
        }

        /// Every code and what it means.
        pub const CODES: &[(Code, &str)] = &[$((Code::$code, concat!($($meaning),+)),)+];
    };
}

codes! {
    // Any stage.
    /// Not classified yet.
    Unclassified,
    /// The folder for a new site is not empty.
    FolderNotEmpty,
    /// The machine refuses: no space, no permission, a file that is not there.
    Machine,
    /// A file of the archive cannot be read; the others can.
    FileUnreadable,

    // Settings, topics and theme.
    /// `backfile.toml` is not TOML, has an unknown key, or a key has the wrong type.
    SettingsUnreadable,
    /// The value of a setting cannot be used.
    SettingInvalid,
    /// `topics.toml` is not TOML.
    TopicsUnreadable,
    /// A topic of `topics.toml` has an invalid id, key or value.
    TopicInvalid,
    /// The article that a command names does not exist.
    ArticleUnknown,

    // Front matter and content.
    /// A Markdown file has no front matter.
    FrontMatterMissing,
    /// The front matter is not YAML or TOML, or the value of a key has the wrong type.
    FrontMatterInvalid,

    // Import.

    // Build.
    /// A link in a text names nothing in the site; its words are shown without a link.
    LinkUnknown,
    /// Two articles have the same id.
    IdTaken,
    /// The path of a page belongs to another page already.
    PathTaken,
    /// Too few articles have a topic, by which readers browse.
    TopicsCoverLittle,

    // Check.

    // Publish.

    // Preview.
    /// Every port that the preview may use is taken.
    PortTaken,
}
