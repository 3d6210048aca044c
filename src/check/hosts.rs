//! What hosts take: how many files, how large. One table; each limit names what to do about it.

use std::collections::BTreeSet;

use foldhash::HashMap;

use super::findings::Findings;
use super::website::Website;
use crate::diagnostics::{Code, Diagnostic, Severity};
use crate::model::path;

const MB: u64 = 1 << 20;
const GB: u64 = 1 << 30;

/// A host and its limits.
struct Host {
    /// As settings and the command line have it.
    name: &'static str,
    title: &'static str,
    limits: &'static [Limit],
}

struct Limit {
    of: Measure,
    most: u64,
    severity: Severity,
    hint: &'static str,
}

/// What of a website is limited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Measure {
    Files,
    /// Files and folders.
    Entries,
    /// Of all files.
    Bytes,
    /// Of the largest file.
    Largest,
    /// Files that lie in one folder.
    Folder,
}

const FEWER_BYTES: &str = "serve large files from elsewhere, or publish to a bucket or a server of your own: docs/publishing.md";
const FEWER_FILES: &str = "`day_pages = false` in backfile.toml leaves out the page of each day; or publish to a bucket or a server of your own";
const SMALLER_FILE: &str = "make it smaller, or serve it from elsewhere";

/// The hosts, with the pages that name their limits.
const HOSTS: &[Host] = &[
    // docs.github.com: “GitHub Pages limits”, “About large files on GitHub”.
    Host {
        name: "github",
        title: "GitHub Pages",
        limits: &[
            Limit {
                of: Measure::Bytes,
                most: GB,
                severity: Severity::Problem,
                hint: FEWER_BYTES,
            },
            Limit {
                of: Measure::Largest,
                most: 100 * MB,
                severity: Severity::Problem,
                hint: SMALLER_FILE,
            },
        ],
    },
    // docs.gitlab.com: “GitLab.com settings” and “GitLab application limits”, of Pages. A server of one's own may have others.
    Host {
        name: "gitlab",
        title: "GitLab Pages",
        limits: &[
            Limit {
                of: Measure::Bytes,
                most: GB,
                severity: Severity::Problem,
                hint: FEWER_BYTES,
            },
            Limit {
                of: Measure::Entries,
                most: 200_000,
                severity: Severity::Problem,
                hint: FEWER_FILES,
            },
        ],
    },
    // developers.cloudflare.com/pages/platform/limits, and its changelog of 23 January 2026.
    Host {
        name: "cloudflare",
        title: "Cloudflare Pages",
        limits: &[
            Limit {
                of: Measure::Files,
                most: 100_000,
                severity: Severity::Problem,
                hint: FEWER_FILES,
            },
            Limit {
                of: Measure::Files,
                most: 20_000,
                severity: Severity::Warning,
                hint: "that is the limit of the free plan; paid ones take 100,000, with `PAGES_WRANGLER_MAJOR_VERSION=4` in the project's settings",
            },
            Limit {
                of: Measure::Largest,
                most: 25 * MB,
                severity: Severity::Problem,
                hint: SMALLER_FILE,
            },
        ],
    },
    // docs.netlify.com: files in a folder. Of the whole it names no limit.
    Host {
        name: "netlify",
        title: "Netlify",
        limits: &[Limit {
            of: Measure::Folder,
            most: 54_000,
            severity: Severity::Problem,
            hint: "spread them: `{year}/{month}` in `permalink` makes a folder for each month",
        }],
    },
    // docs.aws.amazon.com: Amazon takes 50 TB since 2025; 5 TB is what others that speak S3 take.
    Host {
        name: "s3",
        title: "S3",
        limits: &[Limit {
            of: Measure::Largest,
            most: 5 * 1024 * GB,
            severity: Severity::Problem,
            hint: SMALLER_FILE,
        }],
    },
];

/// How large the website is.
struct Size<'a> {
    files: u64,
    folders: u64,
    bytes: u64,
    largest: (&'a str, u64),
    fullest: (&'a str, u64),
}

impl<'a> Size<'a> {
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
        // Of equal ones the first by name: no order of a map is seen.
        let most = |a: &(&'a str, u64), b: &(&'a str, u64)| a.1.cmp(&b.1).then(b.0.cmp(a.0));
        Self {
            files: files.len() as u64,
            folders: every.len() as u64,
            bytes: files.iter().map(|file| file.size).sum(),
            largest: files
                .iter()
                .map(|f| (f.path, f.size))
                .max_by(most)
                .unwrap_or_default(),
            fullest: folders.into_iter().max_by(most).unwrap_or_default(),
        }
    }

    /// What is over a limit: the file or folder, and how it stands.
    fn over(&self, limit: &Limit, title: &str) -> Option<(&'a str, String)> {
        let most = limit.most;
        let takes = |most: String| format!("and {title} takes {most}");
        let (path, is, what) = match limit.of {
            Measure::Files => {
                let what = format!(
                    "the website has {} files, {}",
                    self.files,
                    takes(most.to_string())
                );
                ("", self.files, what)
            }
            Measure::Entries => {
                let entries = self.files + self.folders;
                let words = format!("the website has {} files and folders", entries);
                ("", entries, format!("{words}, {}", takes(most.to_string())))
            }
            Measure::Bytes => {
                let what = format!(
                    "the website has {}, {}",
                    size(self.bytes),
                    takes(size(most))
                );
                ("", self.bytes, what)
            }
            Measure::Largest => {
                let (path, bytes) = self.largest;
                let what = format!("the file has {}, {} a file", size(bytes), takes(size(most)));
                (path, bytes, what)
            }
            Measure::Folder => {
                let (path, files) = self.fullest;
                let what = format!(
                    "the folder has {} files, {} in one",
                    files,
                    takes(most.to_string())
                );
                (path, files, what)
            }
        };
        (is > most).then_some((path, what))
    }
}

/// Looks whether the website is too large for a host, or for those that the settings name.
pub fn look(website: &Website<'_>, host: Option<&str>, findings: &mut Findings) {
    let targets = website.site.settings.publish.values();
    let named: BTreeSet<&str> = match host {
        Some(host) => [host].into(),
        None => targets
            .filter_map(|target| target.host.as_deref())
            .collect(),
    };
    let mut hosts: Vec<&Host> = Vec::new();
    for name in named {
        match HOSTS.iter().find(|host| host.name == name) {
            Some(host) => hosts.push(host),
            None => {
                let known: Vec<&str> = HOSTS.iter().map(|host| host.name).collect();
                let what = format!("the limits of the host `{name}` are not known");
                let hint = format!("known are those of {}", known.join(", "));
                findings.push(
                    Diagnostic::warning(Code::Unclassified, crate::site::SETTINGS, what).hint(hint),
                );
            }
        }
    }
    if hosts.is_empty() {
        return;
    }
    let size = Size::of(website);
    for host in hosts {
        let mut told: Vec<Measure> = Vec::new();
        for limit in host.limits {
            // Where two limits are of one thing, the higher comes first, and says it all.
            let Some((path, what)) = size
                .over(limit, host.title)
                .filter(|_| !told.contains(&limit.of))
            else {
                continue;
            };
            told.push(limit.of);
            let path = match path {
                "" => website.site.shown(website.site.out()),
                path => path.to_owned(),
            };
            let diagnostic = match limit.severity {
                Severity::Warning => Diagnostic::warning(Code::Unclassified, path, what),
                _ => Diagnostic::problem(Code::Unclassified, path, what),
            };
            findings.push(diagnostic.hint(limit.hint));
        }
    }
}

/// Bytes as people say them.
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
    fn sizes_read_well() {
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
    fn a_limit_speaks_once_it_is_passed() {
        let of = |files: u64| Size {
            files,
            folders: 3,
            bytes: GB + 1,
            largest: ("a.zip", 30 * MB),
            fullest: ("2021", 60_000),
        };
        let over = |size: &Size<'_>, host: &str| -> Vec<String> {
            let host = HOSTS.iter().find(|known| known.name == host).unwrap();
            let over = host
                .limits
                .iter()
                .filter_map(|limit| size.over(limit, host.title));
            over.map(|(path, what)| format!("{path}: {what}")).collect()
        };
        assert_eq!(
            over(&of(10), "github"),
            [": the website has 1.0 GB, and GitHub Pages takes 1 GB"]
        );
        assert_eq!(over(&of(200_000), "gitlab").len(), 2);
        assert_eq!(
            over(&of(20_000), "cloudflare"),
            ["a.zip: the file has 30 MB, and Cloudflare Pages takes 25 MB a file"]
        );
        assert_eq!(over(&of(20_001), "cloudflare").len(), 2);
        assert_eq!(over(&of(10), "netlify").len(), 1);
        assert!(over(&of(1_000_000), "s3").is_empty());
    }
}
