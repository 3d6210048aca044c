//! What recurs on the pages of one site: learnt from the whole batch, so that an article is told from the page around it.
//! Knows hashes and counts; never a page.

use std::collections::HashMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

/// Fewer pages of a site show nothing: wire copy stands in two articles, and in its corrections.
pub const FEWEST_PAGES: u32 = 5;

/// At most this many pages of a site are counted.
const MOST_PAGES: u32 = 400;

/// The largest estimate of counts, in bytes: with 100 million texts, two in a hundred are counted exactly for nothing.
const LARGEST_ESTIMATE: usize = 1 << 26;

/// What one page has that may recur on others.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PageTraits {
    /// A hash of the host that the page names, or of its folder.
    pub site: u64,
    /// A hash of the title: versions of one article count once.
    pub title: u32,
    /// Hashes of its texts, boxes, endings of the title, and keywords; sorted, each once.
    pub hashes: Vec<u32>,
}

impl PageTraits {
    /// A number that depends on nothing but what the page says.
    fn rank(&self) -> u64 {
        let bytes = self.hashes.iter().flat_map(|hash| hash.to_le_bytes());
        hash64(bytes.chain(self.title.to_le_bytes()))
    }
}

/// What recurs on the pages of one site.
#[derive(Debug, Clone, Default)]
pub struct SiteRecurrence {
    /// How many pages were counted.
    pub pages: u32,
    /// On how many of them each hash is that at least [`FEWEST_PAGES`] have.
    counts: HashMap<u32, u32>,
}

impl SiteRecurrence {
    /// Whether a share of the pages, and at least [`FEWEST_PAGES`], have a hash.
    pub fn is_on(&self, hash: u32, percent: u32) -> bool {
        let count = self.counts.get(&hash).copied().unwrap_or(0);
        count >= FEWEST_PAGES
            && u64::from(count) * 100 >= u64::from(self.pages) * u64::from(percent)
    }
}

/// What recurs, by site.
#[derive(Debug, Clone, Default)]
pub struct Recurrence {
    sites: HashMap<u64, Arc<SiteRecurrence>>,
}

impl Recurrence {
    /// What recurs on the pages of a site.
    pub fn site(&self, site: u64) -> Option<&Arc<SiteRecurrence>> {
        self.sites.get(&site)
    }

    /// Learns from pages, which are asked for three times, in any order. The result does not depend on the order: pages are chosen
    /// and counted by what they say. Memory is bounded by the number of titles and of texts that recur.
    pub fn learn<P: Iterator<Item = PageTraits>>(pages: impl Fn() -> P) -> Self {
        let chosen = choose(pages());
        let is_counted =
            |page: &PageTraits| chosen.get(&(page.site, page.title)) == Some(&page.rank());
        let number: usize = pages()
            .filter(is_counted)
            .map(|page| page.hashes.len())
            .sum();
        let mut estimate = Estimate::of(number);
        for page in pages().filter(is_counted) {
            for hash in &page.hashes {
                estimate.add(page.site, *hash);
            }
        }
        let mut counted: HashMap<u64, SiteRecurrence> = HashMap::new();
        // Two equal pages have one title and one rank, and are one.
        let mut seen = std::collections::HashSet::new();
        for page in pages().filter(is_counted) {
            if !seen.insert((page.site, page.title)) {
                continue;
            }
            let site = counted.entry(page.site).or_default();
            site.pages += 1;
            for hash in &page.hashes {
                if estimate.is_frequent(page.site, *hash) {
                    *site.counts.entry(*hash).or_default() += 1;
                }
            }
        }
        let sites = counted.into_iter().filter_map(|(key, mut site)| {
            site.counts.retain(|_, count| *count >= FEWEST_PAGES);
            (!site.counts.is_empty()).then(|| (key, Arc::new(site)))
        });
        Self {
            sites: sites.collect(),
        }
    }
}

/// For each article of a site that is counted, the rank of its version that is. Where a site has many articles, those whose rank is
/// low are counted.
fn choose(pages: impl Iterator<Item = PageTraits>) -> HashMap<(u64, u32), u64> {
    let mut lowest: HashMap<(u64, u32), u64> = HashMap::new();
    for page in pages {
        let rank = page.rank();
        let known = lowest.entry((page.site, page.title)).or_insert(rank);
        *known = rank.min(*known);
    }
    let mut articles: HashMap<u64, u32> = HashMap::new();
    for (site, _) in lowest.keys() {
        *articles.entry(*site).or_default() += 1;
    }
    let is_low = |site: u64, rank: u64| {
        let all = articles.get(&site).copied().unwrap_or(0).max(1);
        let most = u64::MAX / u64::from(all) * u64::from(all.min(MOST_PAGES));
        all <= MOST_PAGES || rank <= most
    };
    lowest.retain(|(site, _), rank| {
        let all = articles.get(site).copied().unwrap_or(0);
        all >= FEWEST_PAGES && is_low(*site, *rank)
    });
    lowest
}

/// An upper bound of each count, in memory that does not grow: most texts stand on one page and need no exact count.
struct Estimate {
    cells: Vec<u8>,
}

impl Estimate {
    fn of(number: usize) -> Self {
        let cells = number.saturating_mul(4).next_power_of_two();
        Self {
            cells: vec![0; cells.clamp(1 << 10, LARGEST_ESTIMATE)],
        }
    }

    fn cell(&self, site: u64, hash: u32) -> usize {
        let mixed = (site ^ u64::from(hash)).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        usize::try_from(mixed >> 32).unwrap_or(0) & (self.cells.len() - 1)
    }

    fn add(&mut self, site: u64, hash: u32) {
        let cell = self.cell(site, hash);
        self.cells[cell] = self.cells[cell].saturating_add(1);
    }

    fn is_frequent(&self, site: u64, hash: u32) -> bool {
        u32::from(self.cells[self.cell(site, hash)]) >= FEWEST_PAGES
    }
}

/// FNV-1a with a final mix: the same on every machine and in every version of a library.
pub fn hash64(bytes: impl IntoIterator<Item = u8>) -> u64 {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for byte in bytes {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    hash ^= hash >> 32;
    hash = hash.wrapping_mul(0xd6e8_feb8_6659_fd93);
    hash ^ (hash >> 32)
}

/// The lower half of [`hash64`].
#[allow(clippy::cast_possible_truncation, reason = "the lower half is meant")]
pub fn hash32(bytes: impl IntoIterator<Item = u8>) -> u32 {
    hash64(bytes) as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    fn page(site: u64, title: u32, hashes: &[u32]) -> PageTraits {
        PageTraits {
            site,
            title,
            hashes: hashes.to_vec(),
        }
    }

    fn learn(pages: &[PageTraits]) -> Recurrence {
        Recurrence::learn(|| pages.iter().cloned())
    }

    #[test]
    fn what_stands_on_many_pages_of_one_site_is_learnt_in_any_order() {
        let mut pages: Vec<PageTraits> = (0..1_000).map(|n| page(1, n, &[7, 1_000 + n])).collect();
        pages.extend((0..4).map(|n| page(2, n, &[7])));
        let forwards = learn(&pages);
        pages.reverse();
        let backwards = learn(&pages);
        for learnt in [&forwards, &backwards] {
            let site = learnt.site(1).unwrap();
            assert!(site.is_on(7, 100) && !site.is_on(1_001, 0));
            assert!(site.pages > 300 && site.pages < 500, "{}", site.pages);
            assert!(learnt.site(2).is_none(), "too few pages");
        }
        let pages = |learnt: &Recurrence| learnt.site(1).unwrap().pages;
        assert_eq!(pages(&forwards), pages(&backwards));
    }

    #[test]
    fn versions_of_one_article_count_once() {
        let versions = (0..9).map(|n| page(1, 5, &[7, 100 + n]));
        let others = (0..9).map(|n| page(1, 10 + n, &[8]));
        let pages: Vec<PageTraits> = versions.chain(others).collect();
        let site = learn(&pages).site(1).unwrap().clone();
        assert!(!site.is_on(7, 0) && site.is_on(8, 90));
    }
}
