//! Where a link leads, as browsers resolve it: to a file of this website, to another website, or nowhere.
//! Knows addresses; never knows which files there are.

use std::borrow::Cow;

use percent_encoding::percent_decode_str;

use crate::model::path::join;

/// Where a link leads.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum LinkTarget {
    /// A file of this website, by its path below the root, and the name of an anchor in it, or an empty string.
    Inside { path: String, fragment: String },
    /// Another website: an address of http or https, without its fragment.
    External(String),
    /// Above the root of this website.
    AboveRoot,
    /// Not a page: `mailto:`, `data:` and others.
    Other,
}

/// The website's own address, which distinguishes its full addresses from those of other websites.
#[derive(Debug, Clone, Default)]
pub(crate) struct Addresses {
    /// Host and port, and the path without a `/` at its end; `None` where the website has no address yet.
    base: Option<(String, String)>,
}

impl Addresses {
    pub(crate) fn of(base_url: Option<&str>) -> Self {
        let base = base_url.and_then(|url| {
            let (_, rest) = url.split_once("://")?;
            let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
            Some((host.to_owned(), path.trim_end_matches('/').to_owned()))
        });
        Self { base }
    }

    /// Where a link of the page at a path leads.
    pub(crate) fn resolve(&self, page: &str, link: &str) -> LinkTarget {
        let link = cleaned(link);
        let (address, fragment) = link.split_once('#').unwrap_or((&link, ""));
        // `#:~:text=` marks words, which need no anchor.
        let fragment = fragment.split(":~:").next().unwrap_or_default();
        let path = address.split('?').next().unwrap_or_default();
        if let Some(rest) = path.strip_prefix("//") {
            return self.absolute(rest, fragment, || format!("https:{address}"));
        }
        if let Some((scheme, rest)) = scheme(path) {
            let is_web =
                scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https");
            return match rest.strip_prefix("//") {
                Some(rest) if is_web => self.absolute(rest, fragment, || address.to_owned()),
                _ => LinkTarget::Other,
            };
        }
        if path.starts_with('/') {
            return match (below(self.base_path(), path), &self.base) {
                (Some(path), _) => inside("", path, fragment),
                (None, Some((host, _))) => LinkTarget::External(format!("https://{host}{address}")),
                (None, None) => LinkTarget::AboveRoot,
            };
        }
        if path.is_empty() {
            return LinkTarget::Inside {
                path: page.to_owned(),
                fragment: decoded(fragment).into_owned(),
            };
        }
        let folder = page.rsplit_once('/').map_or("", |(folder, _)| folder);
        inside(folder, path, fragment)
    }

    /// A full address, from its host on.
    fn absolute(&self, rest: &str, fragment: &str, whole: impl Fn() -> String) -> LinkTarget {
        let (host, path) = rest.split_at(rest.find('/').unwrap_or(rest.len()));
        let own = self
            .base
            .as_ref()
            .filter(|(own, _)| own.eq_ignore_ascii_case(host));
        match own.and_then(|(_, base)| below(base, path)) {
            Some(path) => inside("", path, fragment),
            None => LinkTarget::External(whole()),
        }
    }

    fn base_path(&self) -> &str {
        self.base.as_ref().map_or("", |(_, path)| path)
    }

    /// The host of the website's own address.
    pub(crate) fn host(&self) -> Option<&str> {
        self.base.as_ref().map(|(host, _)| host.as_str())
    }
}

/// Removes what browsers remove from an address: space around it, and tabs and line breaks inside.
fn cleaned(link: &str) -> Cow<'_, str> {
    let link = link.trim_matches(|c: char| c <= ' ');
    match link.contains(['\t', '\n', '\r']) {
        true => link.replace(['\t', '\n', '\r'], "").into(),
        false => link.into(),
    }
}

/// The scheme that an address begins with, and what follows its colon.
fn scheme(address: &str) -> Option<(&str, &str)> {
    let (scheme, rest) = address.split_once(':')?;
    let is_scheme = scheme.starts_with(|c: char| c.is_ascii_alphabetic())
        && scheme
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'-' | b'.'));
    is_scheme.then_some((scheme, rest))
}

/// The rest of an absolute path after a base. Returns `None` if the path is not below it.
fn below<'p>(base: &str, path: &'p str) -> Option<&'p str> {
    let rest = path.strip_prefix(base)?;
    (rest.is_empty() || rest.starts_with('/')).then_some(rest)
}

/// Resolves a path from a folder of this website; the path of a folder means the page in it.
fn inside(folder: &str, path: &str, fragment: &str) -> LinkTarget {
    let path = decoded(path);
    let last = path.rsplit('/').next().unwrap_or_default();
    let is_folder = matches!(last, "" | "." | "..");
    match join(folder, &path) {
        None => LinkTarget::AboveRoot,
        Some(path) => LinkTarget::Inside {
            path: match (is_folder, path.is_empty()) {
                (true, true) => "index.html".to_owned(),
                (true, false) => path + "/index.html",
                (false, _) => path,
            },
            fragment: decoded(fragment).into_owned(),
        },
    }
}

fn decoded(text: &str) -> Cow<'_, str> {
    percent_decode_str(text).decode_utf8_lossy()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn inside_at(path: &str, fragment: &str) -> LinkTarget {
        LinkTarget::Inside {
            path: path.to_owned(),
            fragment: fragment.to_owned(),
        }
    }

    #[test]
    fn a_link_is_resolved_from_the_folder_of_its_page() {
        let none = Addresses::of(None);
        for (link, path, fragment) in [
            ("b.html", "2021/07/b.html", ""),
            (" ./b.html ", "2021/07/b.html", ""),
            ("../../index.html#top", "index.html", "top"),
            ("../", "2021/index.html", ""),
            ("..", "2021/index.html", ""),
            (".", "2021/07/index.html", ""),
            ("../..", "index.html", ""),
            ("#part", "2021/07/a.html", "part"),
            ("", "2021/07/a.html", ""),
            ("?page=2#x", "2021/07/a.html", "x"),
            ("/about.html", "about.html", ""),
            ("/", "index.html", ""),
            ("/topics/", "topics/index.html", ""),
            ("/topics", "topics", ""),
            ("b%20c.html?x=/y#%C3%BC", "2021/07/b c.html", "ü"),
            ("größe.html", "2021/07/größe.html", ""),
            ("b\n.html", "2021/07/b.html", ""),
            ("b.html#:~:text=some%20words", "2021/07/b.html", ""),
            ("12:30.html", "2021/07/12:30.html", ""),
        ] {
            assert_eq!(
                none.resolve("2021/07/a.html", link),
                inside_at(path, fragment),
                "{link}"
            );
        }
    }

    #[test]
    fn links_out_of_the_website_are_distinguished() {
        let none = Addresses::of(None);
        let outside = |address: &str| LinkTarget::External(address.to_owned());
        for (link, target) in [
            ("../../x.html", LinkTarget::AboveRoot),
            ("/../x.html", LinkTarget::AboveRoot),
            ("mailto:a@b.org", LinkTarget::Other),
            ("tel:+49", LinkTarget::Other),
            ("data:image/png;base64,xx", LinkTarget::Other),
            ("JavaScript:void(0)", LinkTarget::Other),
            (
                "https://example.org/a?b#c",
                outside("https://example.org/a?b"),
            ),
            ("HTTP://example.org", outside("HTTP://example.org")),
            (
                "//cdn.example.org/x.js",
                outside("https://cdn.example.org/x.js"),
            ),
        ] {
            assert_eq!(none.resolve("a/b.html", link), target, "{link}");
        }
    }

    #[test]
    fn the_websites_own_address_is_inside() {
        let own = Addresses::of(Some("https://example.org/archive"));
        for (link, path) in [
            ("https://example.org/archive/a.html", "a.html"),
            ("http://EXAMPLE.org/archive/a.html", "a.html"),
            ("//example.org/archive/", "index.html"),
            ("https://example.org/archive", "index.html"),
            ("https://example.org/archive?x", "index.html"),
            ("/archive/a.html", "a.html"),
            ("/archive", "index.html"),
        ] {
            assert_eq!(own.resolve("b.html", link), inside_at(path, ""), "{link}");
        }
        for (link, address) in [
            ("https://example.org/other", "https://example.org/other"),
            (
                "https://example.org/archived/a",
                "https://example.org/archived/a",
            ),
            (
                "https://example.org:81/archive/a",
                "https://example.org:81/archive/a",
            ),
            ("/other.html", "https://example.org/other.html"),
        ] {
            assert_eq!(
                own.resolve("b.html", link),
                LinkTarget::External(address.to_owned()),
                "{link}"
            );
        }
    }
}
