//! Addresses of articles that were published and are missing from the website now (law 5: permalinks hold).

use std::collections::BTreeMap;

use foldhash::HashMap;

use super::website::Website;
use crate::cache;
use crate::diagnostics::{Code, Diagnostic};
use crate::model::Class;

/// An address of an article that readers have and the website has not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct BrokenPermalink {
    /// Below the website's root.
    pub path: String,
    /// A digest of the name of the article that had it.
    pub owner: u64,
    /// The path of that article now; `None` if it was removed.
    pub now: Option<String>,
}

/// Compares the website with what was last published from this machine. Sorted by path.
pub(crate) fn find(website: &Website<'_>) -> Vec<BrokenPermalink> {
    let published = cache::published_addresses(website.site).into_iter();
    let lost = published.filter(|page| !website.has(&page.path));
    // The same address may be lost at several targets.
    let lost: BTreeMap<String, u64> = lost.map(|page| (page.path, page.owner)).collect();
    let files = website.files.iter();
    among(lost, files.map(|file| (file.class, file.owner, file.path)))
}

/// Finds where the owners of lost addresses are now among the files of the website: class, owner, path.
pub(crate) fn among<'f>(
    lost: impl IntoIterator<Item = (String, u64)>,
    files: impl Iterator<Item = (Class, u64, &'f str)>,
) -> Vec<BrokenPermalink> {
    let mut lost = lost.into_iter().peekable();
    if lost.peek().is_none() {
        return Vec::new();
    }
    let has_permalink = |class| matches!(class, Class::Article | Class::Withdrawn | Class::Page);
    let files = files.filter(|(class, ..)| has_permalink(*class));
    let now: HashMap<u64, &str> = files.map(|(_, owner, path)| (owner, path)).collect();
    let lost = lost.map(|(path, owner)| BrokenPermalink {
        path,
        owner,
        now: now.get(&owner).map(|path| (*path).to_owned()),
    });
    lost.collect()
}

impl BrokenPermalink {
    pub(crate) fn diagnostic(&self) -> Diagnostic {
        let hint = match &self.now {
            Some(now) => format!(
                "its article is at `{now}` now: `backfile check --fix` adds the old address to its `aliases`"
            ),
            None => "bring the article back, or add its address to the `aliases` of another; for an article that must be \
                     removed, `withdrawn: REASON` in its front matter keeps the address"
                .to_owned(),
        };
        let what = "this address of an article was published, and leads nowhere now";
        Diagnostic::problem(Code::PermalinkBroken, self.path.as_str(), what).hint(hint)
    }
}
