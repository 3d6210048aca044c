//! `[publish.NAME]`: where a website goes, and how.

use serde::{Deserialize, Serialize};

/// One target. Credentials are never here: they come from the environment and the usual files of the target's tools.
#[derive(Debug, Clone, PartialEq, Deserialize, Serialize)]
#[serde(default, deny_unknown_fields)]
pub struct TargetSettings {
    /// An address: `file:///srv/www`, `s3://bucket/prefix`, `sftp://user@host/path`, `site.tar.zst`, …
    pub to: String,
    /// Of an S3 server that is not Amazon's, an Azure or a Google one for tests.
    pub endpoint: Option<String>,
    /// Of a bucket.
    pub region: Option<String>,
    /// How many versions are kept, each whole, with one switch between them; 0 for one website and no versions.
    pub versions: usize,
    /// How long what is no longer the website's stays before it is deleted, in days.
    pub delete_after_days: u64,
    /// The largest share of the files there that one run may delete, in percent.
    pub delete_at_most_percent: u64,
    /// Send text compressed too.
    pub compress: Vec<Encoding>,
    /// Whether compressed files lie beside the others or instead of them.
    pub compressed: Compressed,
    /// The domain of GitHub Pages and their like, for the file `CNAME`.
    pub domain: Option<String>,
    /// Whose limits `check` knows: `github`, `gitlab`, `cloudflare`, `netlify`, `s3`.
    pub host: Option<String>,
    /// Publish although the last build or `check` found problems.
    pub allow_problems: bool,
    /// How many files are sent at once.
    pub lanes: Option<usize>,
    /// The command for `ssh`, where it is another or needs options: `ssh -F config`.
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

/// Where compressed files lie.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Compressed {
    /// `page.html.gz` beside `page.html`, for servers that look for it.
    Beside,
    /// `page.html` itself, with the header that says so, for buckets.
    Instead,
}

impl TargetSettings {
    /// How files are stored at the target, as its manifest says.
    pub fn stored(&self) -> String {
        if self.compress.is_empty() {
            return String::new();
        }
        let words = self.compress.iter().map(|encoding| match encoding {
            Encoding::Gzip => "gzip",
            Encoding::Brotli => "brotli",
        });
        let mut words: Vec<&str> = words.collect();
        words.push(match self.compressed {
            Compressed::Beside => "beside",
            Compressed::Instead => "instead",
        });
        words.join(" ")
    }

    /// The first thing that is wrong with it, and what to do; None where it makes sense.
    pub fn mistake(&self) -> Option<(String, &'static str)> {
        if self.to.is_empty() {
            return Some((
                "`to` is missing: where does the website go".to_owned(),
                "to = \"s3://bucket/prefix\", for one",
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
                "take it out: passwords and keys belong in the environment, or in the files of ssh, git or the cloud's tools",
            ));
        }
        if self.compressed == Compressed::Instead && self.compress.len() > 1 {
            return Some((
                "only one kind of compressed file can stand instead of the others".to_owned(),
                "compress = [\"gzip\"], or compressed = \"beside\"",
            ));
        }
        None
    }
}
