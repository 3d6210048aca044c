//! Which files are in `raw/`, and which of them a link in a record names: beside the record, below the root of the old website, or,
//! as in collections of notes, by name alone.

use std::collections::{BTreeMap, HashMap, HashSet};

use percent_encoding::percent_decode_str;
use unicode_normalization::UnicodeNormalization as _;
use url::Url;

use crate::import::other_files::OtherFile;
use crate::import::records::RawRecord;
use crate::model::path::join;

/// How many last parts of a path must agree for a link to another place to name a file here.
const AGREEING: usize = 2;

/// The files of `raw/` by the ways in which links name them.
#[derive(Debug, Default)]
pub(crate) struct Catalogue {
    /// Files that articles may show, with the endings of their contents.
    shown: BTreeMap<String, String>,
    /// The same by name, in lower case.
    by_name: HashMap<String, Vec<String>>,
    /// Files that are one record each.
    records: HashSet<String>,
    /// The same by name without the ending, and by title.
    notes: HashMap<String, Vec<String>>,
}

impl Catalogue {
    /// `others` are the files of `raw/` that hold no record, `records` those that are there.
    pub(crate) fn new(others: &BTreeMap<String, OtherFile>, records: &[RawRecord]) -> Self {
        let mut catalogue = Self::default();
        for (file, kind) in others {
            if let OtherFile::Shown(ending) = kind {
                catalogue.shown.insert(file.clone(), ending.clone());
                let named = catalogue.by_name.entry(folded(name_of(file))).or_default();
                named.push(file.clone());
            }
        }
        for record in records.iter().filter(|record| record.alone) {
            let path = &record.key.path;
            catalogue.records.insert(path.clone());
            let stem = name_of(path)
                .rsplit_once('.')
                .map_or(name_of(path), |(stem, _)| stem);
            for name in [stem, &record.title] {
                let named = catalogue.notes.entry(folded(name)).or_default();
                if named.last() != Some(path) {
                    named.push(path.clone());
                }
            }
        }
        catalogue
    }

    /// Whether no file is there that an article may show.
    pub(crate) fn is_empty(&self) -> bool {
        self.shown.is_empty()
    }

    /// The ending that a file has by its content.
    pub(crate) fn ending(&self, file: &str) -> Option<&str> {
        self.shown.get(file).map(String::as_str)
    }

    /// Every file that articles may show.
    pub(crate) fn files(&self) -> impl Iterator<Item = &str> {
        self.shown.keys().map(String::as_str)
    }

    /// The file that a link in the record at `from` shows. `host` is that of the record's own website.
    pub(crate) fn shown_by(&self, from: &str, host: Option<&str>, target: &str) -> Option<&str> {
        if self.shown.is_empty() {
            return None;
        }
        if let Ok(url) = Url::parse(target) {
            let is_web = matches!(url.scheme(), "http" | "https");
            let is_own = host.is_none() || url.host_str() == host;
            let path = decoded(url.path());
            let found = || {
                let whole = || self.ending_with(from, &without_size(&path)?, AGREEING);
                self.ending_with(from, &path, AGREEING).or_else(whole)
            };
            return (is_web && is_own).then(found).flatten();
        }
        let end = target.find(['#', '?']).unwrap_or(target.len());
        let path = decoded(&target[..end]).replace('\\', "/");
        match path.strip_prefix('/') {
            Some(rooted) => self.ending_with(from, rooted, 1),
            None => self.at(&join(folder_of(from), &path)?),
        }
    }

    /// The file that a note embeds by its name, as `![[name]]`.
    pub(crate) fn embedded(&self, from: &str, name: &str) -> Option<&str> {
        let named = self.by_name.get(&folded(name_of(name)))?;
        let ends = named
            .iter()
            .filter(|file| folded(file).ends_with(&folded(name)));
        nearest(from, ends)
    }

    /// The record to which a note links by its name or its title, as `[[name]]`.
    pub(crate) fn note(&self, from: &str, name: &str) -> Option<&str> {
        let name = name.strip_suffix(".md").unwrap_or(name);
        let named = self.notes.get(&folded(name_of(name)))?;
        nearest(from, named.iter().filter(|file| *file != from))
    }

    /// Whether a link in the record at `from` names another record by its file.
    pub(crate) fn is_record(&self, from: &str, target: &str) -> bool {
        let end = target.find(['#', '?']).unwrap_or(target.len());
        let path = join(folder_of(from), &decoded(&target[..end]));
        path.is_some_and(|path| self.records.contains(&path))
    }

    /// The record beside `from` that an address on its own website names by its last part.
    pub(crate) fn record_beside(&self, from: &str, address: &Url) -> Option<String> {
        let path = decoded(address.path());
        let name = name_of(&path);
        let beside = join(folder_of(from), name)?;
        (!name.is_empty() && beside != from && self.records.contains(&beside))
            .then(|| name.to_owned())
    }

    /// A file by its path, in any case and any form of its letters.
    fn at(&self, path: &str) -> Option<&str> {
        if let Some((file, _)) = self.shown.get_key_value(path) {
            return Some(file);
        }
        let wanted = folded(path);
        let named = self.by_name.get(name_of(&wanted))?;
        named
            .iter()
            .find(|file| folded(file) == wanted)
            .map(String::as_str)
    }

    /// The file nearest to `from` whose path ends with that of an address: all of it, if it has `least` parts, or as much as is there.
    fn ending_with(&self, from: &str, path: &str, least: usize) -> Option<&str> {
        let wanted = folded(path.trim_start_matches('/'));
        let named = self.by_name.get(name_of(&wanted))?;
        let folder = folded(folder_of(from));
        let mut rest = wanted.as_str();
        loop {
            let is_there = |file: &&String| {
                let file = folded(file);
                file.strip_suffix(rest)
                    .is_some_and(|head| head.is_empty() || head.ends_with('/'))
            };
            let is_enough = rest.len() < wanted.len() || rest.split('/').count() >= least;
            if let Some(found) = nearest(from, named.iter().filter(is_there)).filter(|_| is_enough)
            {
                return Some(found);
            }
            match rest.split_once('/') {
                Some((_, shorter)) if shorter.split('/').count() >= AGREEING => rest = shorter,
                _ => break,
            }
        }
        // A page that was saved with its pictures beside it.
        let beside = join(&folder, name_of(&wanted))?;
        named
            .iter()
            .find(|file| folded(file) == beside)
            .map(String::as_str)
    }
}

/// Of several files, the one with the most folders in common with `from`, then the one with the shortest path.
fn nearest<'f>(from: &str, files: impl Iterator<Item = &'f String>) -> Option<&'f str> {
    let shared = |file: &str| {
        let folders = from.split('/').zip(file.split('/'));
        folders.take_while(|(a, b)| a == b).count()
    };
    let nearest = files.min_by_key(|file| (std::cmp::Reverse(shared(file)), file.len(), *file));
    nearest.map(String::as_str)
}

fn folder_of(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(folder, _)| folder)
}

fn name_of(path: &str) -> &str {
    path.rsplit('/').next().unwrap_or(path)
}

fn decoded(path: &str) -> String {
    percent_decode_str(path).decode_utf8_lossy().into_owned()
}

/// The path of a picture without the size that WordPress adds to its name: `a-300x200.jpg`.
fn without_size(path: &str) -> Option<String> {
    let (stem, ending) = path.rsplit_once('.')?;
    let (stem, size) = stem.rsplit_once('-')?;
    let (width, height) = size.split_once('x')?;
    let is_number = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    (is_number(width) && is_number(height)).then(|| format!("{stem}.{ending}"))
}

/// A name in the form in which names are compared: systems differ in case, and in how they compose letters.
fn folded(name: &str) -> String {
    name.nfc().flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn catalogue(files: &[&str]) -> Catalogue {
        let others = files
            .iter()
            .map(|file| ((*file).to_owned(), OtherFile::Shown("png".to_owned())));
        Catalogue::new(&others.collect(), &[])
    }

    #[test]
    fn a_link_names_a_file_in_each_of_the_usual_ways() {
        let catalogue = catalogue(&[
            "posts/first/img/a.png",
            "posts/other/img/a.png",
            "static/images/b c.png",
            "page_files/d.png",
            "uploads/2019/04/e.png",
            "notes/Bilder/F\u{fc}r.png",
        ]);
        let shown = |from: &str, target: &str| catalogue.shown_by(from, None, target);
        let first = "posts/first/index.md";
        assert_eq!(shown(first, "img/a.png"), Some("posts/first/img/a.png"));
        assert_eq!(
            shown(first, "./img/A.PNG?v=2#x"),
            Some("posts/first/img/a.png")
        );
        assert_eq!(
            shown(first, "../other/img/a.png"),
            Some("posts/other/img/a.png")
        );
        assert_eq!(
            shown(first, "/images/b%20c.png"),
            Some("static/images/b c.png")
        );
        assert_eq!(
            shown("page.html", "https://q.example/2019/page_files/d.png"),
            Some("page_files/d.png")
        );
        assert_eq!(
            shown(
                "export.xml",
                "https://q.example/wp-content/uploads/2019/04/e.png"
            ),
            Some("uploads/2019/04/e.png")
        );
        assert_eq!(
            shown(
                "export.xml",
                "https://q.example/wp-content/uploads/2019/04/e-300x200.png"
            ),
            Some("uploads/2019/04/e.png")
        );
        assert_eq!(
            catalogue.shown_by(
                "export.xml",
                Some("q.example"),
                "https://z.example/2019/04/e.png"
            ),
            None
        );
        assert_eq!(
            shown("notes/a.md", "Bilder/Fu\u{308}r.png"),
            Some("notes/Bilder/F\u{fc}r.png")
        );
        assert_eq!(
            catalogue.embedded("notes/a.md", "f\u{fc}r.png"),
            Some("notes/Bilder/F\u{fc}r.png")
        );
        assert_eq!(shown(first, "../../../a.png"), None);
        assert_eq!(shown(first, "https://q.example/a.png"), None);
        assert_eq!(shown(first, "data:image/png;base64,AA"), None);
    }
}
