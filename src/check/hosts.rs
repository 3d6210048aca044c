//! The limits of hosts: how many files, and how large. One table; each limit has a hint.

use std::collections::BTreeSet;

use foldhash::HashMap;

use super::findings::Findings;
use super::website::Website;
use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::model::path;

const MB: u64 = 1 << 20;
const GB: u64 = 1 << 30;

/// A host and its limits.
struct HostLimits {
    /// In settings and on the command line.
    name: &'static str,
    title: &'static str,
    limits: &'static [Limit],
}

struct Limit {
    of: Measure,
    max: u64,
    severity: Severity,
    hint: &'static str,
}

/// The quantity that is limited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Measure {
    Files,
    /// Files and folders.
    Entries,
    /// The bytes of all files.
    Bytes,
    /// The bytes of the largest file.
    Largest,
    /// The files in one folder.
    Folder,
}

const FEWER_BYTES: &str = "serve large files from elsewhere, or publish to a bucket or a server of your own: see `backfile docs publishing`";
const FEWER_FILES: &str = "`day_pages = false` in backfile.toml leaves out the page of each day; or publish to a bucket or a server of your own";
const SMALLER_FILE: &str = "make it smaller, or serve it from elsewhere";

/// The hosts, with the pages that name their limits.
const HOSTS: &[HostLimits] = &[
    // docs.github.com: “GitHub Pages limits”, “About large files on GitHub”.
    HostLimits {
        name: "github",
        title: "GitHub Pages",
        limits: &[
            Limit {
                of: Measure::Bytes,
                max: GB,
                severity: Severity::Problem,
                hint: FEWER_BYTES,
            },
            Limit {
                of: Measure::Largest,
                max: 100 * MB,
                severity: Severity::Problem,
                hint: SMALLER_FILE,
            },
        ],
    },
    // docs.gitlab.com: “GitLab.com settings” and “GitLab application limits”, of Pages. A server of one's own may have others.
    HostLimits {
        name: "gitlab",
        title: "GitLab Pages",
        limits: &[
            Limit {
                of: Measure::Bytes,
                max: GB,
                severity: Severity::Problem,
                hint: FEWER_BYTES,
            },
            Limit {
                of: Measure::Entries,
                max: 200_000,
                severity: Severity::Problem,
                hint: FEWER_FILES,
            },
        ],
    },
    // developers.cloudflare.com/pages/platform/limits, and its changelog of 23 January 2026.
    HostLimits {
        name: "cloudflare",
        title: "Cloudflare Pages",
        limits: &[
            Limit {
                of: Measure::Files,
                max: 100_000,
                severity: Severity::Problem,
                hint: FEWER_FILES,
            },
            Limit {
                of: Measure::Files,
                max: 20_000,
                severity: Severity::Warning,
                hint: "that is the limit of the free plan; paid ones take 100,000, with `PAGES_WRANGLER_MAJOR_VERSION=4` in the project's settings",
            },
            Limit {
                of: Measure::Largest,
                max: 25 * MB,
                severity: Severity::Problem,
                hint: SMALLER_FILE,
            },
        ],
    },
    // docs.netlify.com: files in a folder. Of the whole it names no limit.
    HostLimits {
        name: "netlify",
        title: "Netlify",
        limits: &[Limit {
            of: Measure::Folder,
            max: 54_000,
            severity: Severity::Problem,
            hint: "spread them: `{year}/{month}` in `permalink` makes a folder for each month",
        }],
    },
    // docs.aws.amazon.com: Amazon takes 50 TB since 2025; 5 TB is what others that speak S3 take.
    HostLimits {
        name: "s3",
        title: "S3",
        limits: &[Limit {
            of: Measure::Largest,
            max: 5 * 1024 * GB,
            severity: Severity::Problem,
            hint: SMALLER_FILE,
        }],
    },
];

/// The size of the website.
struct WebsiteSize<'a> {
    files: u64,
    folders: u64,
    bytes: u64,
    largest: (&'a str, u64),
    fullest: (&'a str, u64),
}

impl<'a> WebsiteSize<'a> {
    fn of(website: &Website<'a>) -> Self {
        let files = &website.files;
        let mut folders: HashMap<&str, u64> = HashMap::default();
        for file in files {
            let folder = file.path.rsplit_once('/').map_or("", |(folder, _)| folder);
            *folders.entry(folder).or_default() += 1;
        }
        let every = folders
            .keys()
            .flat_map(|folder| path::folders(folder).chain([*folder]));
        let every: BTreeSet<&str> = every.filter(|folder| !folder.is_empty()).collect();
        // Among equals the first by name: the order of a map has no effect.
        let largest = |a: &(&'a str, u64), b: &(&'a str, u64)| a.1.cmp(&b.1).then(b.0.cmp(a.0));
        Self {
            files: files.len() as u64,
            folders: every.len() as u64,
            bytes: files.iter().map(|file| file.size).sum(),
            largest: files
                .iter()
                .map(|f| (f.path, f.size))
                .max_by(largest)
                .unwrap_or_default(),
            fullest: folders.into_iter().max_by(largest).unwrap_or_default(),
        }
    }

    /// Compares with a limit. Returns the path of the file or folder, empty for the website, and the message.
    fn exceeds(&self, limit: &Limit, title: &str) -> Option<(&'a str, String)> {
        let max = limit.max;
        let (path, value, what, max) = match limit.of {
            Measure::Files => {
                let what = format!("the website has {} files", self.files);
                ("", self.files, what, max.to_string())
            }
            Measure::Entries => {
                let entries = self.files + self.folders;
                let what = format!("the website has {entries} files and folders");
                ("", entries, what, max.to_string())
            }
            Measure::Bytes => {
                let what = format!("the website has {}", size(self.bytes));
                ("", self.bytes, what, size(max))
            }
            Measure::Largest => {
                let (path, bytes) = self.largest;
                let what = format!("the file has {}", size(bytes));
                (path, bytes, what, format!("{} for a file", size(max)))
            }
            Measure::Folder => {
                let (path, files) = self.fullest;
                let what = format!("the folder has {files} files");
                (path, files, what, format!("{max} for a folder"))
            }
        };
        let what = format!("{what}; the limit of {title} is {max}");
        (value > limit.max).then_some((path, what))
    }
}

/// Checks whether the website is too large for a host, or for those in the settings.
pub(crate) fn check(website: &Website<'_>, host: Option<&str>, findings: &mut Findings) {
    let targets = website.site.settings.publish.values();
    let named: BTreeSet<&str> = match host {
        Some(host) => [host].into(),
        None => targets
            .filter_map(|target| target.host.as_deref())
            .collect(),
    };
    let mut hosts: Vec<&HostLimits> = Vec::new();
    for name in named {
        match HOSTS.iter().find(|host| host.name == name) {
            Some(host) => hosts.push(host),
            None => {
                let known: Vec<&str> = HOSTS.iter().map(|host| host.name).collect();
                let what = format!("the limits of the host `{name}` are not known");
                let hint = format!("the known hosts are {}", known.join(", "));
                findings.push(
                    Diagnostic::warning(Code::HostUnknown, crate::site::SETTINGS, what).hint(hint),
                );
            }
        }
    }
    if hosts.is_empty() {
        return;
    }
    let size = WebsiteSize::of(website);
    for host in hosts {
        let mut reported: Vec<Measure> = Vec::new();
        for limit in host.limits {
            // Of two limits of one quantity the higher comes first, and only that is reported.
            let Some((path, what)) = size
                .exceeds(limit, host.title)
                .filter(|_| !reported.contains(&limit.of))
            else {
                continue;
            };
            reported.push(limit.of);
            let path = match path {
                "" => website.site.shown(website.site.out()),
                path => path.to_owned(),
            };
            let diagnostic = match limit.severity {
                Severity::Warning => Diagnostic::warning(Code::HostLimitExceeded, path, what),
                _ => Diagnostic::problem(Code::HostLimitExceeded, path, what),
            };
            findings.push(diagnostic.hint(limit.hint));
        }
    }
}

/// Bytes in a unit that is easy to read.
fn size(bytes: u64) -> String {
    let units = [(1024 * GB, "TB"), (GB, "GB"), (MB, "MB"), (1 << 10, "KB")];
    match units.iter().find(|(unit, _)| bytes >= *unit) {
        Some((unit, name)) if bytes.is_multiple_of(*unit) => format!("{} {name}", bytes / unit),
        Some((unit, name)) => format!("{:.1} {name}", bytes as f64 / *unit as f64),
        None => format!("{bytes} bytes"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sizes_are_shown_in_units() {
        for (bytes, words) in [
            (5, "5 bytes"),
            (25 * MB, "25 MB"),
            (GB + GB / 5, "1.2 GB"),
            (5 * 1024 * GB, "5 TB"),
        ] {
            assert_eq!(size(bytes), words);
        }
    }

    #[test]
    fn a_limit_is_reported_once_it_is_exceeded() {
        let of = |files: u64| WebsiteSize {
            files,
            folders: 3,
            bytes: GB + 1,
            largest: ("a.zip", 30 * MB),
            fullest: ("2021", 60_000),
        };
        let exceeded = |size: &WebsiteSize<'_>, host: &str| -> Vec<String> {
            let host = HOSTS.iter().find(|known| known.name == host).unwrap();
            let exceeded = host
                .limits
                .iter()
                .filter_map(|limit| size.exceeds(limit, host.title));
            exceeded
                .map(|(path, what)| format!("{path}: {what}"))
                .collect()
        };
        assert_eq!(
            exceeded(&of(10), "github"),
            [": the website has 1.0 GB; the limit of GitHub Pages is 1 GB"]
        );
        assert_eq!(exceeded(&of(200_000), "gitlab").len(), 2);
        assert_eq!(
            exceeded(&of(20_000), "cloudflare"),
            ["a.zip: the file has 30 MB; the limit of Cloudflare Pages is 25 MB for a file"]
        );
        assert_eq!(exceeded(&of(20_001), "cloudflare").len(), 2);
        assert_eq!(exceeded(&of(10), "netlify").len(), 1);
        assert!(exceeded(&of(1_000_000), "s3").is_empty());
    }
}
