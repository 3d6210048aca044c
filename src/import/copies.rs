//! Articles that say the same as others, or nearly. They are noted, and all of them stay.
//!
//! What was written now is put into tables by its words and by the hashes of its sketch, and the rest of the archive is
//! looked up in them once: the work grows with the archive, never with its square.

use std::collections::BTreeMap;

use foldhash::{HashMap, HashMapExt as _};
use serde_json::json;

use super::existing::Existing;
use super::records::Key;
use crate::diagnostics::{Code, Diagnostic};
use crate::model::MinHash;

/// The most groups of copies that are listed one by one.
const LISTED: usize = 20;

/// The most articles that are kept by one hash: what thousands share is a formula, not a copy. The newest are kept, for
/// copies mostly come close together.
const BY_HASH: usize = 32;

/// An article that was written now.
#[derive(Debug, Clone)]
pub struct Written {
    /// Below `content/`.
    pub file: String,
    pub key: Key,
    /// Of its record.
    pub blake3: String,
    pub sketch: Option<MinHash>,
}

/// Copies among the articles that an import wrote.
#[derive(Debug, Clone, Default)]
pub struct Copies {
    /// Articles whose record is that of another, or whose words are all those of another in their order.
    pub exact: usize,
    /// Articles that say nearly the same as another.
    pub near: usize,
    /// A warning for each group of copies, or for many of them.
    pub diagnostics: Vec<Diagnostic>,
}

impl Copies {
    /// Of this import and one right after it.
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

/// Finds the copies among `written`, and what they are copies of on the shelf, where `others` lie.
pub fn find(written: &[Written], others: &[Existing]) -> Copies {
    let mut search = Search::of(written);
    for other in others {
        search.look_up(other);
    }
    search.copies()
}

/// An article that is in a group, or may come into one.
#[derive(Debug, Clone, Copy)]
struct Article<'a> {
    file: &'a str,
    /// The raw file and the record in it.
    key: (&'a str, &'a str),
    is_written: bool,
}

struct Search<'a> {
    /// Those written now, in their order, then those of the shelf that are copies of them.
    articles: Vec<Article<'a>>,
    sketches: Vec<Option<&'a MinHash>>,
    by_record: HashMap<&'a str, u32>,
    by_words: HashMap<u64, u32>,
    by_hash: HashMap<u32, smallvec::SmallVec<[u32; 2]>>,
    exact: Groups,
    /// Of whatever is exact or near.
    all: Groups,
}

impl<'a> Search<'a> {
    fn of(written: &'a [Written]) -> Self {
        let articles = written.iter().map(|written| Article {
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
            exact: Groups::of(written.len()),
            all: Groups::of(written.len()),
        };
        for (at, written) in written.iter().enumerate() {
            search.take_in(at as u32, written);
        }
        search
    }

    fn take_in(&mut self, at: u32, written: &'a Written) {
        let sketch = written.sketch.as_ref();
        let same_record = *self.by_record.entry(&written.blake3).or_insert(at);
        let same_words = sketch.map(|s| *self.by_words.entry(s.words).or_insert(at));
        for same in [Some(same_record), same_words].into_iter().flatten() {
            self.exact.join(at, same);
            self.all.join(at, same);
        }
        // What says the same as another is found by that other.
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

    /// Looks for copies of an article of the shelf.
    fn look_up(&mut self, other: &'a Existing) {
        let sketch = other.raw.sketch.as_ref();
        let same_record = self.by_record.get(other.raw.blake3.as_str()).copied();
        let same_words = sketch.and_then(|s| self.by_words.get(&s.words).copied());
        let near = sketch.map_or_else(Vec::new, |sketch| self.near(sketch));
        if same_record.is_none() && same_words.is_none() && near.is_empty() {
            return;
        }
        let at = self.articles.len() as u32;
        self.articles.push(Article {
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

    /// Those written now, of the ones that are kept by a hash of this sketch, that say nearly the same.
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
        let mut told: Vec<Told<'_>> = Vec::new();
        for members in groups.into_values().filter(|members| members.len() > 1) {
            let classes = self.classes(&members);
            let known = classes.iter().filter(|class| class.is_on_shelf).count();
            let anew = |written: usize, known: bool| written - usize::from(!known);
            copies.exact += classes
                .iter()
                .map(|class| anew(class.written, class.is_on_shelf))
                .sum::<usize>();
            copies.near += anew(classes.len() - known, known > 0);
            told.extend(self.told(&members, classes.len() == 1));
        }
        told.sort_unstable_by_key(|told| told.first.key);
        let listed = told.iter().take(LISTED).map(Told::warning);
        copies.diagnostics = listed.collect();
        let more = told.len().saturating_sub(LISTED);
        if more > 0 {
            let what = format!("{more} more groups of articles say the same, or nearly");
            let hint = "all of them stay; `backfile import --report` has the numbers";
            copies
                .diagnostics
                .push(Diagnostic::warning(Code::Unclassified, "content/articles", what).hint(hint));
        }
        copies
    }

    /// The classes of articles in a group that say the same to the word.
    fn classes(&mut self, members: &[u32]) -> Vec<Class> {
        let mut classes: BTreeMap<u32, Class> = BTreeMap::new();
        for at in members {
            let class = classes.entry(self.exact.root(*at)).or_default();
            match self.articles[*at as usize].is_written {
                true => class.written += 1,
                false => class.is_on_shelf = true,
            }
        }
        classes.into_values().collect()
    }

    /// What is said of a group: on the first article by key that was written now and is not the first of all.
    fn told(&self, members: &[u32], is_exact: bool) -> Option<Told<'a>> {
        let articles = members.iter().map(|at| self.articles[*at as usize]);
        let mut articles: Vec<Article<'a>> = articles.collect();
        articles.sort_unstable_by_key(|article| article.key);
        let (first, rest) = articles.split_first()?;
        let written = rest.iter().find(|article| article.is_written);
        Some(Told {
            first: *first,
            later: *written.or_else(|| rest.first())?,
            more: rest.len() - 1,
            is_exact,
        })
    }
}

/// Articles that say the same to the word.
#[derive(Debug, Clone, Copy, Default)]
struct Class {
    written: usize,
    is_on_shelf: bool,
}

/// A group of copies, as people are told of it.
struct Told<'a> {
    first: Article<'a>,
    later: Article<'a>,
    /// How many are in the group beside these two.
    more: usize,
    is_exact: bool,
}

impl Told<'_> {
    fn warning(&self) -> Diagnostic {
        let like = if self.is_exact { "" } else { "nearly " };
        let mut what = format!("it says {like}the same as `content/{}`", self.first.file);
        match self.more {
            0 => {}
            1 => what += ", and so does 1 more",
            more => what += &format!(", and so do {more} more"),
        }
        Diagnostic::warning(
            Code::Unclassified,
            format!("content/{}", self.later.file),
            what,
        )
        .hint("both stay; a line `draft: true` keeps one of them off the website")
    }
}

/// Things in groups that grow together.
struct Groups(Vec<u32>);

impl Groups {
    /// So many things, each in a group of its own.
    fn of(count: usize) -> Self {
        Self((0..count as u32).collect())
    }

    /// One more thing.
    fn add(&mut self) {
        self.0.push(self.0.len() as u32);
    }

    /// The one that stands for the group.
    fn root(&mut self, mut at: u32) -> u32 {
        loop {
            let above = self.0[at as usize];
            if above == at {
                return at;
            }
            // Each look shortens the way for the next.
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

    fn sketch(words: u64, smallest: [u32; 8]) -> Option<MinHash> {
        Some(MinHash {
            words,
            smallest: smallest.into(),
        })
    }

    fn written(name: &str, blake3: &str, sketch: Option<MinHash>) -> Written {
        Written {
            file: format!("articles/{name}.md"),
            key: Key {
                path: format!("{name}.txt"),
                record: String::new(),
            },
            blake3: blake3.to_owned(),
            sketch,
        }
    }

    fn on_shelf(name: &str, blake3: &str, sketch: Option<MinHash>) -> Existing {
        Existing {
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
            edited: false,
        }
    }

    fn said(copies: &Copies) -> Vec<String> {
        let said = copies.diagnostics.iter();
        said.map(|d| format!("{}: {}", d.path, d.what)).collect()
    }

    const A: [u32; 8] = [10, 20, 30, 40, 50, 60, 70, 80];
    const NEAR_A: [u32; 8] = [5, 20, 30, 40, 50, 60, 70, 75];
    const FAR: [u32; 8] = [10, 20, 31, 41, 51, 61, 71, 81];

    #[test]
    fn copies_are_told_once_for_a_group_on_the_later_of_them() {
        let articles = [
            written("c", "1", sketch(7, A)),
            written("a", "2", sketch(7, A)),
            written("b", "3", sketch(8, NEAR_A)),
            written("d", "4", sketch(9, FAR)),
            written("e", "5", None),
            written("f", "5", None),
        ];
        let copies = find(&articles, &[]);
        assert_eq!((copies.exact, copies.near), (2, 1));
        assert_eq!(
            said(&copies),
            [
                "content/articles/b.md: it says nearly the same as `content/articles/a.md`, and so does 1 more",
                "content/articles/f.md: it says the same as `content/articles/e.md`",
            ]
        );
    }

    #[test]
    fn what_lay_there_before_counts_as_the_original() {
        let before = [
            on_shelf("z", "1", sketch(7, A)),
            on_shelf("y", "2", sketch(1, FAR)),
        ];
        let copies = find(&[written("m", "3", sketch(7, A))], &before);
        assert_eq!((copies.exact, copies.near), (1, 0));
        assert_eq!(
            said(&copies),
            ["content/articles/z.md: it says the same as `content/articles/m.md`"]
        );
        let copies = find(&[written("m", "3", sketch(8, NEAR_A))], &before);
        assert_eq!((copies.exact, copies.near), (0, 1));
        assert!(find(&[], &before).diagnostics.is_empty());
    }

    #[test]
    fn many_groups_are_one_line_and_many_copies_no_square() {
        let many: Vec<Written> = (0..60_000)
            .map(|n| {
                let base = (n / 2) as u32 * 16;
                // The first two hashes are shared by all.
                let hashes = [0, 1, 2, 3, 4, 5, 6, 7].map(|i| if i < 2 { i } else { base + i });
                written(&format!("{n:06}"), &n.to_string(), sketch(n, hashes))
            })
            .collect();
        let copies = find(&many, &[]);
        assert_eq!((copies.exact, copies.near), (0, 30_000));
        assert_eq!(copies.diagnostics.len(), LISTED + 1);
        assert!(copies.diagnostics[LISTED].what.starts_with("29980 more"));
        let equal: Vec<Written> = (0..60_000)
            .map(|n| written(&n.to_string(), "1", sketch(7, A)))
            .collect();
        let copies = find(&equal, &[]);
        assert_eq!((copies.exact, copies.diagnostics.len()), (59_999, 1));
    }
}
