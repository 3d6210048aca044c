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
    /// The folder is not a site: it has no settings, no raw records and no content.
    NotASite,
    /// A file of the cache is damaged; it is ignored, and what it held is computed again.
    CacheDamaged,

    // Settings, topics and theme.
    /// `backfile.toml` is not TOML, has an unknown key, or a key has the wrong type.
    SettingsUnreadable,
    /// The value of a setting cannot be used.
    SettingInvalid,
    /// `topics.toml` is not TOML.
    TopicsUnreadable,
    /// A topic of `topics.toml` has an invalid id, key or value.
    TopicInvalid,
    /// The page of the documentation that a command names does not exist.
    PageUnknown,
    /// The language of an article is not a language tag; it is ignored.
    LanguageInvalid,
    /// The article that a command names does not exist.
    ArticleUnknown,

    // Front matter and content.
    /// A Markdown file has no front matter.
    FrontMatterMissing,
    /// The front matter is not YAML or TOML, or the value of a key has the wrong type.
    FrontMatterInvalid,

    // Import.
    /// A raw file is empty.
    FileEmpty,
    /// A raw file is not text.
    FileNotText,
    /// A few bytes of a raw file are not UTF-8, as the others are.
    ByteNotUtf8,
    /// A raw file is in no layout that import knows.
    LayoutUnknown,
    /// A raw file, a record or an archive is larger than the settings or import allow, or unpacks to more than is plausible.
    SizeExceeded,
    /// A picture or other file that an article shows is larger than the settings allow, and is not brought along.
    AttachmentTooLarge,
    /// A packed file, an archive or a web archive is damaged or incomplete.
    ArchiveDamaged,
    /// A packed file or an archive has a format that import does not read, or is encrypted.
    ArchiveUnsupported,
    /// An archive contains no file, or a web archive no page.
    ArchiveEmpty,
    /// A link, a device or a pipe in `raw/` or in an archive is not read.
    LinkSkipped,
    /// A glob of `ignore` in the settings is not valid.
    GlobInvalid,
    /// A path that was named is not below `raw/`.
    RawPathInvalid,
    /// A raw file changed while it was imported.
    RawChanged,
    /// Words of a record would be lost, so the record is left out.
    WordsLost,
    /// The front matter of an article cannot be read back, so its record is left out.
    FrontMatterUnreadable,
    /// A record changed, and a person edited its article.
    EditConflict,
    /// A record does not exist any more, and a person edited its article.
    EditedRecordVanished,
    /// An article was deleted by a person and is imported again, because its record is there.
    ArticleCameBack,
    /// `raw/`, or a top folder of it, is absent or empty; the articles that were imported from it are kept.
    RecordsAbsent,
    /// A build that may import nothing, and propose no topics, would do so.
    ImportFrozen,
    /// More articles would be removed than a person would expect.
    RemovalsTooMany,
    /// An article has the same text as another, or nearly the same.
    ArticleCopied,
    /// An HTML page is nested too deeply, or a tag has too many attributes, to be parsed safely.
    PageTooComplex,
    /// An HTML page shows no text, usually because a script fills it.
    PageWithoutText,
    /// A raw file violates the rules of its format; the records before the error are imported.
    FileMalformed,
    /// A raw file contains no record that could be an article.
    FileWithoutRecords,
    /// A text file may contain several articles, and is read as one.
    SeveralArticles,
    /// A record has no text and is left out.
    RecordWithoutText,
    /// A record cannot be read, or is larger than import allows, and is left out.
    RecordUnreadable,
    /// A record that is not an article (a picture, a redirect, an older version) is left out.
    RecordSkipped,
    /// A record or an article has a sign that it may not be public, which is not understood; it is held back.
    PublicityUnclear,

    // Build.
    /// A link in a text has no target in the site; its text is shown without a link.
    LinkUnknown,
    /// Two articles have the same id.
    IdTaken,
    /// The path of a page belongs to another page already.
    PathTaken,
    /// Too few articles have a topic, by which readers browse.
    TopicsCoverLittle,
    /// A file of `raw/` or `content/` has a name that is not UTF-8; it is left out.
    FileNameNotUtf8,
    /// A Markdown file of `content/` is not UTF-8 text; it is left out.
    ContentNotUtf8,
    /// A Markdown file of `content/` is too large to be an article; it is left out.
    ContentTooLarge,
    /// An article has no text; it is not published.
    TextMissing,
    /// An article has no title; the name of its file is used.
    TitleMissing,
    /// An older path of an article or a page cannot be published; it has no redirect.
    AliasInvalid,
    /// A page cannot be published at its path: the path is too long, hidden, or has characters that hosts refuse.
    PathInvalid,
    /// The theme that the settings name does not exist.
    ThemeUnknown,
    /// A theme's `theme.toml` cannot be understood.
    ThemeInvalid,
    /// A template cannot be understood, or fails while a page is rendered.
    TemplateInvalid,
    /// The output folder contains files that Backfile did not write.
    OutputNotOwned,
    /// A build in parts needs a `topics.toml`, and there is none.
    TopicsMissing,
    /// What a part of a build wrote is missing in the folder or object store that the parts share.
    PartMissing,
    /// The parts of a build were made by different programs, from different settings, or with different numbers of parts.
    PartsDiffer,
    /// The files of `content/` are not those that the parts of the build read.
    ContentDiffers,
    /// The object store that the parts of a build share refuses a request.
    ExchangeRefused,

    // Check.
    /// There is no finished website in the output folder.
    OutputMissing,
    /// The sources changed after the website was built.
    OutputBehind,
    /// A file of the website is missing, or was added or changed after the build.
    OutputAltered,
    /// A link leads to no file of the website, to no anchor of a page, or out of the website.
    LinkBroken,
    /// A link leads to a page or a host that no longer exists on the web.
    ExternalLinkGone,
    /// Links to other websites were not checked.
    ExternalLinksUnchecked,
    /// A feed, a sitemap or another XML file of the website is not valid.
    XmlInvalid,
    /// Two files have names that some file systems cannot tell apart.
    FileNamesCollide,
    /// A file has a name that Windows does not allow.
    FileNameNotPortable,
    /// A file of the website is too large to be checked.
    FileTooLarge,
    /// The website is larger than its host allows.
    HostLimitExceeded,
    /// The limits of a host are not known.
    HostUnknown,
    /// An address of an article was published and no longer leads anywhere.
    PermalinkBroken,
    /// An alias could not be added to the front matter of a file.
    AliasNotAdded,
    /// There are more diagnostics than are listed.
    DiagnosticsOmitted,

    // Publish.
    /// The settings have no target of that name, or several and no name was given.
    TargetUnknown,
    /// The address of a target or its settings are not valid.
    TargetAddressInvalid,
    /// The place holds files that Backfile did not put there, and nothing of ours.
    TargetNotOwned,
    /// The target refused a request.
    TargetRefused,
    /// The target did not answer, or only with errors that may pass.
    TargetUnavailable,
    /// Another publisher is at work at the target, was interrupted there, or published meanwhile.
    TargetBusy,
    /// The manifest at the target is damaged or of a newer program.
    ManifestUnreadable,
    /// A run would delete more files than the settings allow.
    DeletionLimit,
    /// Nothing was published because of other problems.
    PublishRefused,
    /// The target does not have the version to switch back to.
    VersionMissing,
    /// The file that was to be written exists already.
    FileExists,

    // Preview.
    /// Every port that the preview may use is taken.
    PortTaken,
}
