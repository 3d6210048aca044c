//! Articles with the same text as others, or nearly the same. They are reported, and all of them are kept.
//!
//! The articles of this import are put into tables by their words and by the hashes of their MinHash, and the rest of the
//! archive is looked up in them once: the work grows with the archive, never with its square.

use std::collections::BTreeMap;

use foldhash::{HashMap, HashMapExt as _};
use serde_json::json;

use super::existing::ImportedArticle;
use super::records::RecordKey;
use crate::diagnostics::{Code, Diagnostic};
use crate::model::MinHash;

/// The most groups of copies that are listed one by one.
const LISTED: usize = 20;

/// The most articles that are kept by one hash: a run of words that thousands share is a formula, not a copy. The newest
/// are kept, because copies mostly follow each other closely.
const BY_HASH: usize = 32;

/// An article that this import wrote.
#[derive(Debug, Clone)]
pub struct WrittenArticle {
    /// Below `content/`.
    pub file: String,
    pub key: RecordKey,
    /// Of its record.
    pub blake3: String,
    pub is_held_back: bool,
    /// How many of its texts were set aside because they recur on the pages of its site.
    pub recurred: usize,
    pub sketch: Option<MinHash>,
}

/// Copies among the articles that an import wrote.
#[derive(Debug, Clone, Default)]
pub struct Copies {
    /// Articles with the record of another, or with the same words in the same order.
    pub exact: usize,
    /// Articles with nearly the same words as another.
    pub near: usize,
    /// A warning for each group of copies; one for all that exceed the limit.
    pub diagnostics: Vec<Diagnostic>,
}

impl Copies {
    /// The copies of this import and of one that follows at once.
    pub fn and(self, later: Self) -> Self {
        Self {
            exact: self.exact + later.exact,
            near: self.near + later.near,
            diagnostics: [self.diagnostics, later.diagnostics].concat(),
        }
    }

    pub fn json(&self) -> serde_json::Value {
        json!({ "exact": self.exact, "near": self.near })
    }
}

/// Finds the copies among `written`, and their copies among `others`, the articles that exist already.
pub fn find(written: &[WrittenArticle], others: &[ImportedArticle]) -> Copies {
    let mut search = Search::of(written);
    for other in others {
        search.look_up(other);
    }
    search.copies()
}

/// An article that may be in a group of copies.
#[derive(Debug, Clone, Copy)]
struct Candidate<'a> {
    file: &'a str,
    /// The raw file and the record in it.
    key: (&'a str, &'a str),
    is_written: bool,
}

struct Search<'a> {
    /// Those of this import, in their order, then their copies among the existing articles.
    articles: Vec<Candidate<'a>>,
    sketches: Vec<Option<&'a MinHash>>,
    by_record: HashMap<&'a str, u32>,
    by_words: HashMap<u64, u32>,
    by_hash: HashMap<u32, smallvec::SmallVec<[u32; 2]>>,
    exact: DisjointSets,
    /// Of exact and near copies.
    all: DisjointSets,
}

impl<'a> Search<'a> {
    fn of(written: &'a [WrittenArticle]) -> Self {
        let articles = written.iter().map(|written| Candidate {
            file: &written.file,
            key: (&written.key.path, &written.key.record),
            is_written: true,
        });
        let mut search = Self {
            articles: articles.collect(),
            sketches: written.iter().map(|w| w.sketch.as_ref()).collect(),
            by_record: HashMap::with_capacity(written.len()),
            by_words: HashMap::with_capacity(written.len()),
            by_hash: HashMap::new(),
            exact: DisjointSets::of(written.len()),
            all: DisjointSets::of(written.len()),
        };
        for (at, written) in written.iter().enumerate() {
            search.insert(at as u32, written);
        }
        search
    }

    fn insert(&mut self, at: u32, written: &'a WrittenArticle) {
        let sketch = written.sketch.as_ref();
        let same_record = *self.by_record.entry(&written.blake3).or_insert(at);
        let same_words = sketch.map(|s| *self.by_words.entry(s.words).or_insert(at));
        for same in [Some(same_record), same_words].into_iter().flatten() {
            self.exact.join(at, same);
            self.all.join(at, same);
        }
        // An exact copy is found through the first of them.
        let Some(sketch) = sketch.filter(|_| same_words == Some(at)) else {
            return;
        };
        for near in self.near(sketch) {
            self.all.join(at, near);
        }
        for hash in sketch.keys() {
            let kept = self.by_hash.entry(*hash).or_default();
            if kept.len() == BY_HASH {
                kept.remove(0);
            }
            kept.push(at);
        }
    }

    /// Looks for copies of an existing article.
    fn look_up(&mut self, other: &'a ImportedArticle) {
        let sketch = other.raw.sketch.as_ref();
        let same_record = self.by_record.get(other.raw.blake3.as_str()).copied();
        let same_words = sketch.and_then(|s| self.by_words.get(&s.words).copied());
        let near = sketch.map_or_else(Vec::new, |sketch| self.near(sketch));
        if same_record.is_none() && same_words.is_none() && near.is_empty() {
            return;
        }
        let at = self.articles.len() as u32;
        self.articles.push(Candidate {
            file: &other.file,
            key: (&other.raw.path, &other.raw.record),
            is_written: false,
        });
        self.exact.add();
        self.all.add();
        for same in [same_record, same_words].into_iter().flatten() {
            self.exact.join(at, same);
            self.all.join(at, same);
        }
        for near in near {
            self.all.join(at, near);
        }
    }

    /// The near copies among the articles of this import that share a hash with this MinHash.
    fn near(&self, sketch: &MinHash) -> Vec<u32> {
        let kept = sketch
            .keys()
            .iter()
            .filter_map(|hash| self.by_hash.get(hash));
        let mut near: Vec<u32> = kept.flatten().copied().collect();
        near.sort_unstable();
        near.dedup();
        let sketch_of = |at: u32| self.sketches.get(at as usize).copied().flatten();
        near.retain(|at| sketch_of(*at).is_some_and(|other| other.is_near(sketch)));
        near
    }

    fn copies(mut self) -> Copies {
        let mut copies = Copies::default();
        let mut groups: BTreeMap<u32, Vec<u32>> = BTreeMap::new();
        for at in 0..self.articles.len() as u32 {
            groups.entry(self.all.root(at)).or_default().push(at);
        }
        let mut reported: Vec<CopyGroup<'_>> = Vec::new();
        for members in groups.into_values().filter(|members| members.len() > 1) {
            let classes = self.classes(&members);
            let known = classes.iter().filter(|class| class.has_existing).count();
            let anew = |written: usize, known: bool| written - usize::from(!known);
            copies.exact += classes
                .iter()
                .map(|class| anew(class.written, class.has_existing))
                .sum::<usize>();
            copies.near += anew(classes.len() - known, known > 0);
            reported.extend(self.group(&members, classes.len() == 1));
        }
        reported.sort_unstable_by_key(|group| group.first.key);
        let listed = reported.iter().take(LISTED).map(CopyGroup::warning);
        copies.diagnostics = listed.collect();
        let more = reported.len().saturating_sub(LISTED);
        if more > 0 {
            let what =
                format!("{more} more groups of articles have the same text, or nearly the same");
            let warning = Diagnostic::warning(Code::ArticleCopied, "content/articles", what);
            let hint = "all of them are kept; `backfile import --report` counts them";
            copies.diagnostics.push(warning.hint(hint));
        }
        copies
    }

    /// The classes of exact copies in a group.
    fn classes(&mut self, members: &[u32]) -> Vec<ExactClass> {
        let mut classes: BTreeMap<u32, ExactClass> = BTreeMap::new();
        for at in members {
            let class = classes.entry(self.exact.root(*at)).or_default();
            match self.articles[*at as usize].is_written {
                true => class.written += 1,
                false => class.has_existing = true,
            }
        }
        classes.into_values().collect()
    }

    /// A group to report on: on the first article by key that this import wrote and that is not the first of all.
    fn group(&self, members: &[u32], is_exact: bool) -> Option<CopyGroup<'a>> {
        let articles = members.iter().map(|at| self.articles[*at as usize]);
        let mut articles: Vec<Candidate<'a>> = articles.collect();
        articles.sort_unstable_by_key(|article| article.key);
        let (first, rest) = articles.split_first()?;
        let written = rest.iter().find(|article| article.is_written);
        Some(CopyGroup {
            first: *first,
            later: *written.or_else(|| rest.first())?,
            more: rest.len() - 1,
            is_exact,
        })
    }
}

/// Articles that are exact copies of each other.
#[derive(Debug, Clone, Copy, Default)]
struct ExactClass {
    /// How many of them this import wrote.
    written: usize,
    /// Whether one of them existed before.
    has_existing: bool,
}

/// A group of copies to report on.
struct CopyGroup<'a> {
    first: Candidate<'a>,
    later: Candidate<'a>,
    /// How many articles the group has besides these two.
    more: usize,
    is_exact: bool,
}

impl CopyGroup<'_> {
    fn warning(&self) -> Diagnostic {
        let nearly = if self.is_exact { "" } else { "nearly " };
        let mut what = format!(
            "it has {nearly}the same text as `content/{}`",
            self.first.file
        );
        match self.more {
            0 => {}
            1 => what += ", and so has 1 more",
            more => what += &format!(", and so have {more} more"),
        }
        let path = format!("content/{}", self.later.file);
        Diagnostic::warning(Code::ArticleCopied, path, what).hint(
            "both are kept; `draft: true` in its front matter keeps one of them off the website",
        )
    }
}

/// Disjoint sets (union-find).
struct DisjointSets(Vec<u32>);

impl DisjointSets {
    /// `count` sets of one element each.
    fn of(count: usize) -> Self {
        Self((0..count as u32).collect())
    }

    /// One more set of one element.
    fn add(&mut self) {
        self.0.push(self.0.len() as u32);
    }

    /// The representative of the set of an element.
    fn root(&mut self, mut at: u32) -> u32 {
        loop {
            let above = self.0[at as usize];
            if above == at {
                return at;
            }
            // Path halving: each look-up shortens the next.
            self.0[at as usize] = self.0[above as usize];
            at = above;
        }
    }

    fn join(&mut self, a: u32, b: u32) {
        let (a, b) = (self.root(a), self.root(b));
        self.0[a.max(b) as usize] = a.min(b);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::RawReference;

    fn min_hash(words: u64, smallest: [u32; 8]) -> Option<MinHash> {
        Some(MinHash {
            words,
            smallest: smallest.into(),
        })
    }

    fn written(name: &str, blake3: &str, sketch: Option<MinHash>) -> WrittenArticle {
        WrittenArticle {
            is_held_back: false,
            recurred: 0,
            file: format!("articles/{name}.md"),
            key: RecordKey {
                path: format!("{name}.txt"),
                record: String::new(),
            },
            blake3: blake3.to_owned(),
            sketch,
        }
    }

    fn existing(name: &str, blake3: &str, sketch: Option<MinHash>) -> ImportedArticle {
        ImportedArticle {
            file: format!("articles/{name}.md"),
            path: std::path::PathBuf::new(),
            raw: RawReference {
                path: format!("{name}.txt"),
                blake3: blake3.to_owned(),
                sketch,
                ..RawReference::default()
            },
            id: name.to_owned(),
            slug: None,
            aliases: Vec::new(),
            shows: Box::default(),
            edited: false,
        }
    }

    fn messages(copies: &Copies) -> Vec<String> {
        let diagnostics = copies.diagnostics.iter();
        diagnostics
            .map(|d| format!("{}: {}", d.path, d.what))
            .collect()
    }

    const A: [u32; 8] = [10, 20, 30, 40, 50, 60, 70, 80];
    const NEAR_A: [u32; 8] = [5, 20, 30, 40, 50, 60, 70, 75];
    const FAR: [u32; 8] = [10, 20, 31, 41, 51, 61, 71, 81];

    #[test]
    fn a_group_of_copies_is_reported_once_on_a_later_one() {
        let articles = [
            written("c", "1", min_hash(7, A)),
            written("a", "2", min_hash(7, A)),
            written("b", "3", min_hash(8, NEAR_A)),
            written("d", "4", min_hash(9, FAR)),
            written("e", "5", None),
            written("f", "5", None),
        ];
        let copies = find(&articles, &[]);
        assert_eq!((copies.exact, copies.near), (2, 1));
        assert_eq!(
            messages(&copies),
            [
                "content/articles/b.md: it has nearly the same text as `content/articles/a.md`, and so has 1 more",
                "content/articles/f.md: it has the same text as `content/articles/e.md`",
            ]
        );
    }

    #[test]
    fn an_existing_article_counts_as_the_original() {
        let before = [
            existing("z", "1", min_hash(7, A)),
            existing("y", "2", min_hash(1, FAR)),
        ];
        let copies = find(&[written("m", "3", min_hash(7, A))], &before);
        assert_eq!((copies.exact, copies.near), (1, 0));
        assert_eq!(
            messages(&copies),
            ["content/articles/z.md: it has the same text as `content/articles/m.md`"]
        );
        let copies = find(&[written("m", "3", min_hash(8, NEAR_A))], &before);
        assert_eq!((copies.exact, copies.near), (0, 1));
        assert!(find(&[], &before).diagnostics.is_empty());
    }

    #[test]
    fn many_groups_are_one_line_and_many_copies_take_linear_time() {
        let many: Vec<WrittenArticle> = (0..60_000)
            .map(|n| {
                let base = (n / 2) as u32 * 16;
                // The first two hashes are shared by all.
                let hashes = [0, 1, 2, 3, 4, 5, 6, 7].map(|i| if i < 2 { i } else { base + i });
                written(&format!("{n:06}"), &n.to_string(), min_hash(n, hashes))
            })
            .collect();
        let copies = find(&many, &[]);
        assert_eq!((copies.exact, copies.near), (0, 30_000));
        assert_eq!(copies.diagnostics.len(), LISTED + 1);
        assert!(copies.diagnostics[LISTED].what.starts_with("29980 more"));
        let equal: Vec<WrittenArticle> = (0..60_000)
            .map(|n| written(&n.to_string(), "1", min_hash(7, A)))
            .collect();
        let copies = find(&equal, &[]);
        assert_eq!((copies.exact, copies.diagnostics.len()), (59_999, 1));
    }
}
