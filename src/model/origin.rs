//! Where an article came from: its file in `raw/`, and the addresses at which it was published before. Links that were written for
//! those places lead to the article. Knows how addresses are compared; never which article has which.

use percent_encoding::percent_decode_str;
use serde::{Deserialize, Serialize};
use url::Url;

use super::article::{FrontMatter, RawReference};
use super::digest;
use super::path::join;

/// A place from which an article came, as 64 bits: a million articles have some ten million links.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Origin(u64);

/// Keys of the front matter in which an article's older addresses stand, as import and other programs write them.
const ADDRESSES: &[&str] = &[
    "source_url",
    "url",
    "permalink",
    "permalink_text",
    "link",
    "path",
    "path_text",
    "canonical_url",
    "guid",
];

/// What the last part of a path may be if a server shows the folder for it.
const INDEXES: &[&str] = &[
    "index.html",
    "index.htm",
    "index.php",
    "index.md",
    "default.htm",
    "default.html",
];

/// Parameters that say where a reader came from, not what is read.
const TRACKING: &[&str] = &["utm_", "fbclid", "gclid", "mc_cid", "mc_eid", "ref_src"];

/// Archives whose files are named by the record.
const ARCHIVES: &[&str] = &[".zip", ".tar", ".tgz", ".tar.gz", ".tar.bz2", ".tar.zst"];

/// The origins that one text has and names.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Origins {
    /// The host at which the article was published before, without `www.`; empty if it is not known.
    pub host: Box<str>,
    /// Its older addresses.
    pub addresses: Box<[Origin]>,
    /// What its links may name, sorted: other articles' addresses and files.
    pub linked: Box<[Origin]>,
}

impl Origin {
    /// A file of `raw/`, by its path there.
    pub fn of_raw(path: &str) -> Self {
        Self(digest::short(path.as_bytes()) | Self::RAW)
    }

    /// Whether it is a file of `raw/`, and not an address.
    pub fn is_raw(self) -> bool {
        self.0 & Self::RAW != 0
    }

    /// The bit that is set for files.
    const RAW: u64 = 1 << 63;

    /// A path of the website at `host`, with its query. An empty host is any.
    fn of_path(host: &str, path: &str) -> Option<Self> {
        let path = path.split('#').next().unwrap_or_default();
        let (path, query) = path.split_once('?').unwrap_or((path, ""));
        let decoded = percent_decode_str(path).decode_utf8_lossy();
        let mut parts: Vec<&str> = decoded.split('/').filter(|part| !part.is_empty()).collect();
        if parts.last().is_some_and(|last| INDEXES.contains(last)) {
            parts.pop();
        }
        let is_kept =
            |pair: &&str| !pair.is_empty() && !TRACKING.iter().any(|t| pair.starts_with(t));
        let query: Vec<&str> = query.split('&').filter(is_kept).collect();
        // The front page of a website is no article.
        if parts.is_empty() && query.is_empty() {
            return None;
        }
        let key = format!("{host}/{}?{}", parts.join("/"), query.join("&"));
        Some(Self(digest::short(key.as_bytes()) & !Self::RAW))
    }
}

impl Origins {
    /// The origins of an article with this front matter.
    pub fn of(front: &FrontMatter) -> Self {
        let mut host = None;
        let mut addresses = Vec::new();
        let texts = ADDRESSES
            .iter()
            .filter_map(|key| front.extra.get(*key)?.as_str());
        // The id of an entry of a feed is often its address.
        for text in texts.chain([front.id.as_str()]) {
            match (host_and_path(text), text.starts_with('/')) {
                (Some((of, path)), _) => {
                    addresses.extend(Origin::of_path(&of, &path));
                    host.get_or_insert(of);
                }
                (None, true) => addresses.extend(Origin::of_path("", text)),
                (None, false) => {}
            }
        }
        addresses.sort_unstable();
        addresses.dedup();
        Self {
            host: host.unwrap_or_default().into(),
            addresses: addresses.into(),
            linked: Box::default(),
        }
    }

    pub fn is_empty(&self) -> bool {
        self.addresses.is_empty() && self.linked.is_empty()
    }
}

/// The origins that a link may name, in order of preference. The link is in a text that was published at `host` before, and whose record
/// is the file `raw`.
pub fn named(host: &str, raw: Option<&str>, target: &str) -> Vec<Origin> {
    if let Some((of, path)) = host_and_path(target) {
        let is_own = of == host;
        let named = [Origin::of_path(&of, &path), Origin::of_path("", &path)];
        return match is_own {
            true => named.into_iter().flatten().collect(),
            false => Vec::new(),
        };
    }
    if target.starts_with('/') {
        let here = (!host.is_empty()).then(|| Origin::of_path(host, target));
        let addresses = here
            .flatten()
            .into_iter()
            .chain(Origin::of_path("", target));
        return addresses
            .chain(raw.iter().flat_map(|_| files("", target)))
            .collect();
    }
    let Some(raw) = raw else {
        return Vec::new();
    };
    // A page `posts/first.md` is often published as the folder `posts/first/`, and its links are relative to that.
    let own = raw.rsplit_once('.').map_or(raw, |(stem, _)| stem);
    let beside = raw.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut named = files(beside, target);
    if !has_ending(target) {
        named.extend(files(own, target));
    }
    named
}

/// The files that a link in a folder may name: one with the name, or that of the page which is shown for the name of a folder.
fn files(folder: &str, target: &str) -> Vec<Origin> {
    let end = target.find(['#', '?']).unwrap_or(target.len());
    let path = percent_decode_str(&target[..end]).decode_utf8_lossy();
    let Some(file) = join(folder, &path).filter(|_| !path.is_empty()) else {
        return Vec::new();
    };
    if has_ending(&path) {
        return vec![Origin::of_raw(&file)];
    }
    let pages = ["", ".md", "/index.md", ".html", "/index.html", ".markdown"];
    pages
        .iter()
        .map(|end| Origin::of_raw(&format!("{file}{end}")))
        .collect()
}

fn has_ending(path: &str) -> bool {
    let end = path.find(['#', '?']).unwrap_or(path.len());
    path[..end]
        .rsplit('/')
        .next()
        .is_some_and(|name| name.trim_matches('.').contains('.'))
}

impl RawReference {
    /// The path of the record's file below `raw/`, of a file in an archive with the archive before it. `None` if the file may
    /// have several records.
    pub fn file(&self) -> Option<String> {
        let is_archive = ARCHIVES.iter().any(|ending| self.path.ends_with(ending));
        match is_archive {
            true => Some(format!("{}/{}", self.path, self.record)),
            // A file of one record names it by its digest.
            false => self
                .blake3
                .starts_with(&self.record)
                .then(|| self.path.clone()),
        }
    }
}

/// The host of an address, in lower case and without `www.`, and what follows it; `None` if it is no address of the web.
fn host_and_path(address: &str) -> Option<(String, String)> {
    let bytes = address.as_bytes();
    let is_web = bytes
        .get(..4)
        .is_some_and(|head| head.eq_ignore_ascii_case(b"http"))
        || address.starts_with("//");
    if !is_web {
        return None;
    }
    let url = match address.strip_prefix("//") {
        Some(rest) => Url::parse(&format!("https://{rest}")),
        None => Url::parse(address),
    };
    let url = url
        .ok()
        .filter(|url| matches!(url.scheme(), "http" | "https"))?;
    let host = url.host_str()?;
    let host = host.strip_prefix("www.").unwrap_or(host).to_owned();
    let query = url
        .query()
        .map(|query| format!("?{query}"))
        .unwrap_or_default();
    Some((host, format!("{}{query}", url.path())))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn published(key: &str, address: &str) -> Origins {
        let mut front = FrontMatter::default();
        front.extra.insert(key.into(), address.into());
        Origins::of(&front)
    }

    #[test]
    fn an_address_is_known_in_each_of_its_spellings() {
        let article = published(
            "source_url",
            "https://www.kiln.example/2019/04/Fired%20pots/",
        );
        for link in [
            "http://kiln.example/2019/04/Fired%20pots",
            "https://KILN.example/2019/04/Fired pots/index.html?utm_source=x#part",
            "//kiln.example/2019/04/Fired%20pots/",
            "/2019/04/Fired%20pots/",
        ] {
            let named = named(&article.host, None, link);
            assert!(named.contains(&article.addresses[0]), "{link}");
        }
        for link in [
            "https://other.example/2019/04/Fired%20pots/",
            "https://kiln.example/2019/04/",
            "https://kiln.example/2019/04/Fired%20pots/?page=2",
            "https://kiln.example/",
            "2019/04/Fired%20pots/",
            "mailto:a@kiln.example",
        ] {
            let named = named(&article.host, None, link);
            assert!(!named.contains(&article.addresses[0]), "{link}");
        }
        let by_query = published("guid", "https://kiln.example/?p=12");
        assert_eq!(
            named("kiln.example", None, "http://kiln.example/?p=12"),
            [
                by_query.addresses[0],
                Origin::of_path("", "/?p=12").unwrap()
            ]
        );
        let by_path = published("permalink", "/2019/04/fired/");
        assert_eq!(
            named("", None, "/2019/04/fired"),
            by_path.addresses.to_vec()
        );
        assert!(
            published("url", "https://kiln.example/")
                .addresses
                .is_empty()
        );
    }

    #[test]
    fn a_relative_link_names_a_file_beside_the_record() {
        let beside = |target| named("", Some("posts/first/index.md"), target);
        assert_eq!(
            beside("../second/index.md#a"),
            [Origin::of_raw("posts/second/index.md")]
        );
        assert_eq!(
            beside("%C3%A9t%C3%A9.md"),
            [Origin::of_raw("posts/first/été.md")]
        );
        for link in ["../second/", "../second#a", "/posts/second/"] {
            let page = Origin::of_raw("posts/second/index.md");
            assert!(beside(link).contains(&page), "{link}");
            let alone = named("", Some("posts/first.md"), link);
            assert!(alone.contains(&page), "{link}");
        }
        assert_eq!(beside("../../../../etc/passwd"), []);
        assert_eq!(named("", None, "a.md"), []);
    }
}
