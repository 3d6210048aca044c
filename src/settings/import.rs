//! `[import]`: which files of `raw/` are read, and how.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// `[import]`
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct ImportSettings {
    /// Globs of paths below `raw/` that are ignored.
    pub ignore: Vec<String>,
    /// Words of this archive that mean a record is public: `evergreen` in `status: evergreen`.
    pub public: Vec<String>,
    /// The largest raw file that is read, in bytes; of a file of many records, the largest record.
    pub max_bytes: u64,
    /// The largest picture or other file that an article shows and that is brought along, in bytes.
    pub max_file_bytes: u64,
    /// Whether the paths at which articles were published before become `aliases`.
    pub aliases: bool,
    /// `[import.fields]`
    pub fields: FieldNames,
    /// `[import.repair]`
    pub repair: Repairs,
}

/// `[import.repair]`: which repairs are enabled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct Repairs {
    /// `cafÃ©` → `café`.
    pub mojibake: bool,
    /// `exam-` and `ple` on two lines → `example`.
    pub hyphens: bool,
    /// One long line → paragraphs.
    pub paragraphs: bool,
    /// Headings in the middle of one long line.
    pub headings: bool,
    /// `"` → `“` and `”`, where they pair within a paragraph.
    pub quotation_marks: bool,
    /// `PARIS (AP) —` → place and source.
    pub datelines: bool,
    /// `By Mara Quill` → authors.
    pub bylines: bool,
    /// Remains of a web page are moved to `removed`.
    pub debris: bool,
    /// The language of each article, from its text.
    pub language: bool,
}

impl Repairs {
    pub const ALL: Self = Self {
        mojibake: true,
        hyphens: true,
        paragraphs: true,
        headings: true,
        quotation_marks: true,
        datelines: true,
        bylines: true,
        debris: true,
        language: true,
    };
}

impl Default for Repairs {
    fn default() -> Self {
        Self::ALL
    }
}

impl Default for ImportSettings {
    fn default() -> Self {
        Self {
            ignore: Vec::new(),
            public: Vec::new(),
            max_bytes: 20_000_000,
            max_file_bytes: 50_000_000,
            aliases: false,
            fields: FieldNames::default(),
            repair: Repairs::ALL,
        }
    }
}

/// A field of an article that a key, column or label of a record may name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Field {
    Id,
    Title,
    Date,
    Authors,
    Source,
    Url,
    Topics,
    Place,
    Lang,
    Summary,
    Slug,
    Body,
}

/// `[import.fields]`: the keys, columns and labels of this archive, by the field that they name.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct FieldNames(pub BTreeMap<Field, Names>);

impl FieldNames {
    pub const NONE: Self = Self(BTreeMap::new());
}

/// One name, or several.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Names {
    One(String),
    Many(Vec<String>),
}

impl Names {
    pub fn as_slice(&self) -> &[String] {
        match self {
            Self::One(name) => std::slice::from_ref(name),
            Self::Many(names) => names,
        }
    }
}
