//! Addresses of articles that were published and lead nowhere now (law 5: permalinks hold).

use std::collections::BTreeMap;

use foldhash::HashMap;

use super::website::Website;
use crate::cache;
use crate::diagnostics::{Code, Diagnostic};
use crate::model::Class;

/// A lost address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lost {
    /// Where it was, below the site's root.
    pub path: String,
    /// The article that had it.
    pub owner: u64,
    /// Where that article is now; None where it is gone.
    pub now: Option<String>,
}

/// The addresses that readers have and the website has not, in order.
pub fn find(website: &Website<'_>) -> Vec<Lost> {
    let published = cache::published_addresses(website.site).into_iter();
    let lost = published.filter(|page| !website.has(&page.path));
    // The same address may be lost at several targets.
    let lost: BTreeMap<String, u64> = lost.map(|page| (page.path, page.owner)).collect();
    let files = website.files.iter();
    among(lost, files.map(|file| (file.class, file.owner, file.path)))
}

/// Addresses that are lost, each with the digest of its owner's name, and where those owners are now among the files of
/// the website: class, owner, path.
pub fn among<'f>(
    lost: impl IntoIterator<Item = (String, u64)>,
    files: impl Iterator<Item = (Class, u64, &'f str)>,
) -> Vec<Lost> {
    let mut lost = lost.into_iter().peekable();
    if lost.peek().is_none() {
        return Vec::new();
    }
    let lasting = |class| matches!(class, Class::Article | Class::Withdrawn | Class::Page);
    let files = files.filter(|(class, ..)| lasting(*class));
    let now: HashMap<u64, &str> = files.map(|(_, owner, path)| (owner, path)).collect();
    let lost = lost.map(|(path, owner)| Lost {
        path,
        owner,
        now: now.get(&owner).map(|path| (*path).to_owned()),
    });
    lost.collect()
}

impl Lost {
    pub fn diagnostic(&self) -> Diagnostic {
        let hint = match &self.now {
            Some(now) => format!(
                "its article is at `{now}` now: `backfile check --fix` adds the old address to its `aliases`"
            ),
            None => "bring the article back, or put its address into the `aliases` of another; one that must go stays as \
                     an address with `withdrawn: REASON` in its front matter"
                .to_owned(),
        };
        let what = "this address of an article was published, and leads nowhere now";
        Diagnostic::problem(Code::Unclassified, self.path.as_str(), what).hint(hint)
    }
}
