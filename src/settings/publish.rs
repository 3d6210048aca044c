//! `[publish.NAME]`: where a website is published, and how. Plain data.

use std::fmt;

use serde::{Deserialize, Serialize};

/// One target. Credentials are never part of it: they come from the environment and the usual files of the target's tools.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct TargetSettings {
    /// An address: `file:///srv/www`, `s3://bucket/prefix`, `sftp://user@host/path`, `site.tar.zst`, …
    pub to: String,
    /// The address of an S3 server that is not Amazon's, or of an Azure or Google server for tests.
    pub endpoint: Option<String>,
    /// The region of a bucket.
    pub region: Option<String>,
    /// How many complete versions are kept, between which readers are switched at once; 0 for one website without versions.
    pub versions: usize,
    /// How many days files that are no longer part of the website stay before they are deleted.
    pub delete_after_days: u64,
    /// The largest share of the target's files that one run may delete, in percent.
    pub delete_at_most_percent: u64,
    /// The encodings in which text is sent.
    pub compress: Vec<Encoding>,
    /// Whether compressed files are stored beside the plain ones or instead of them.
    pub compressed: Compressed,
    /// The domain of GitHub Pages and similar hosts, for the file `CNAME`.
    pub domain: Option<String>,
    /// The host whose limits `check` applies: `github`, `gitlab`, `cloudflare`, `netlify`, `s3`.
    pub host: Option<String>,
    /// Publish although the last build or `check` found problems.
    pub allow_problems: bool,
    /// How many files are sent at once.
    pub lanes: Option<usize>,
    /// The command for `ssh`, where it is a different one or needs options: `ssh -F config`.
    pub ssh: Option<String>,
}

impl Default for TargetSettings {
    fn default() -> Self {
        Self {
            to: String::new(),
            endpoint: None,
            region: None,
            versions: 0,
            delete_after_days: 0,
            delete_at_most_percent: 10,
            compress: Vec::new(),
            compressed: Compressed::Beside,
            domain: None,
            host: None,
            allow_problems: false,
            lanes: None,
            ssh: None,
        }
    }
}

/// How text is compressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Encoding {
    Gzip,
    Brotli,
}

/// Where compressed files are stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Compressed {
    /// `page.html.gz` beside `page.html`, for servers that look for it.
    Beside,
    /// `page.html` itself is compressed, with a header that says so, for buckets.
    Instead,
}

/// How files are stored at a target. In its manifest this is a text: empty, `gzip brotli beside` or `gzip instead`.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum Stored {
    /// As they are.
    #[default]
    Plain,
    /// Text also has compressed copies beside it.
    Beside(Vec<Encoding>),
    /// Text is compressed.
    Instead(Encoding),
}

impl Stored {
    pub fn is_plain(&self) -> bool {
        *self == Self::Plain
    }

    /// The encodings of the compressed copies beside each text.
    pub fn copies(&self) -> &[Encoding] {
        match self {
            Self::Beside(encodings) => encodings,
            Self::Plain | Self::Instead(_) => &[],
        }
    }
}

const ENCODINGS: [(Encoding, &str); 2] = [(Encoding::Gzip, "gzip"), (Encoding::Brotli, "brotli")];

impl fmt::Display for Encoding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let named = ENCODINGS.iter().find(|(encoding, _)| encoding == self);
        f.write_str(named.map_or("", |(_, name)| name))
    }
}

impl fmt::Display for Stored {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Plain => Ok(()),
            Self::Beside(encodings) => {
                let mut names = encodings.iter();
                names.try_for_each(|encoding| write!(f, "{encoding} "))?;
                f.write_str("beside")
            }
            Self::Instead(encoding) => write!(f, "{encoding} instead"),
        }
    }
}

impl From<Stored> for String {
    fn from(stored: Stored) -> Self {
        stored.to_string()
    }
}

impl TryFrom<String> for Stored {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let encoding = |name: &str| {
            let named = ENCODINGS.iter().find(|(_, known)| *known == name);
            named.map(|(encoding, _)| *encoding)
        };
        let stored = match text.rsplit_once(' ') {
            None => text.is_empty().then_some(Self::Plain),
            Some((name, "instead")) => encoding(name).map(Self::Instead),
            Some((names, "beside")) => {
                let encodings = names.split(' ').map(encoding);
                encodings.collect::<Option<_>>().map(Self::Beside)
            }
            Some(_) => None,
        };
        stored.ok_or_else(|| format!("`{text}` is not a known way to store files"))
    }
}

impl TargetSettings {
    /// How files are stored at the target.
    pub fn stored(&self) -> Stored {
        match (self.compressed, self.compress.as_slice()) {
            (_, []) => Stored::Plain,
            (Compressed::Beside, encodings) => Stored::Beside(encodings.to_vec()),
            (Compressed::Instead, [encoding, ..]) => Stored::Instead(*encoding),
        }
    }

    /// The first thing that is wrong with it, and what to do. Returns `None` if it is valid.
    pub fn mistake(&self) -> Option<(String, &'static str)> {
        if self.to.is_empty() {
            return Some((
                "`to` is missing: it says where the website goes".to_owned(),
                "for example: to = \"s3://bucket/prefix\"",
            ));
        }
        let after = self.to.split_once("://").map_or("", |(_, after)| after);
        let who = after.split('/').next().unwrap_or_default();
        if who
            .rsplit_once('@')
            .is_some_and(|(who, _)| who.contains(':'))
        {
            return Some((
                "there is a password in the address".to_owned(),
                "remove it: passwords and keys belong in the environment, or in the files of ssh, git or the cloud's tools",
            ));
        }
        if self.compressed == Compressed::Instead && self.compress.len() > 1 {
            return Some((
                "only one encoding can be stored instead of the plain file".to_owned(),
                "compress = [\"gzip\"], or compressed = \"beside\"",
            ));
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stored_is_written_as_text_and_read_back() {
        for (stored, text) in [
            (Stored::Plain, ""),
            (
                Stored::Beside(vec![Encoding::Gzip, Encoding::Brotli]),
                "gzip brotli beside",
            ),
            (Stored::Instead(Encoding::Brotli), "brotli instead"),
        ] {
            assert_eq!(stored.to_string(), text);
            assert_eq!(Stored::try_from(text.to_owned()), Ok(stored));
        }
        for unknown in ["gzip", "beside", "zstd beside", "gzip brotli instead"] {
            assert!(Stored::try_from(unknown.to_owned()).is_err(), "{unknown}");
        }
    }
}
