//! No two modules that stand beside each other import each other, on whatever way round.

use std::collections::{BTreeMap, BTreeSet};

use super::imports::imports;
use super::source::{SourceFile, program_sources};

type ModulePath = Vec<String>;

/// For each module of a folder, the modules beside it that it or anything below it imports.
type Siblings = BTreeMap<String, BTreeSet<String>>;

/// The modules of the program: what each imports, and what each exports again under its own path.
struct Modules {
    imported: BTreeMap<ModulePath, Vec<ModulePath>>,
    exported: BTreeMap<ModulePath, ModulePath>,
}

impl Modules {
    fn new(sources: &[SourceFile]) -> Self {
        let all: BTreeSet<&[String]> = sources.iter().map(|s| s.module.as_slice()).collect();
        let (mut imported, mut exported) = (BTreeMap::new(), BTreeMap::new());
        for source in sources {
            let mut paths = Vec::new();
            for import in imports(&source.code_without_tests()) {
                let Some(path) = absolute(&source.module, &import.path, &all) else {
                    continue;
                };
                if let Some(name) = import.exported_as {
                    exported.insert([source.module.as_slice(), &[name]].concat(), path.clone());
                }
                paths.push(path);
            }
            imported.insert(source.module.clone(), paths);
        }
        Self { imported, exported }
    }

    /// The module that holds what a path names, re-exports followed.
    fn defining(&self, path: &[String]) -> &[String] {
        let prefixes = (0..=path.len()).rev().map(|end| path.split_at(end));
        for (prefix, rest) in prefixes {
            let Some((module, _)) = self.imported.get_key_value(prefix) else {
                continue;
            };
            let exported = path.get(..=prefix.len()).and_then(|p| self.exported.get(p));
            return match exported {
                Some(origin) => self.defining(&[origin, &rest[1..]].concat()),
                None => module,
            };
        }
        &[]
    }

    /// The imports between siblings, for each folder. Those between a module and what is below it do not count.
    fn siblings(&self) -> BTreeMap<ModulePath, Siblings> {
        let mut folders: BTreeMap<ModulePath, Siblings> = BTreeMap::new();
        for (from, paths) in &self.imported {
            for to in paths.iter().map(|path| self.defining(path)) {
                let shared = from.iter().zip(to).take_while(|(a, b)| a == b).count();
                if let (Some(a), Some(b)) = (from.get(shared), to.get(shared)) {
                    let folder = folders.entry(from[..shared].to_vec()).or_default();
                    folder.entry(a.clone()).or_default().insert(b.clone());
                }
            }
        }
        folders
    }
}

/// A path from the root of the crate; `None` if it leads outside of the crate.
fn absolute(module: &[String], path: &[String], all: &BTreeSet<&[String]>) -> Option<ModulePath> {
    let supers = path.iter().take_while(|name| *name == "super").count();
    let first = path.first()?.as_str();
    let (base, rest) = match first {
        "crate" => (&module[..0], &path[1..]),
        "self" => (module, &path[1..]),
        "super" => (
            &module[..module.len().checked_sub(supers)?],
            &path[supers..],
        ),
        _ => {
            let child = [module, &path[..1]].concat();
            (all.contains(child.as_slice()).then_some(module)?, path)
        }
    };
    let rest = rest.iter().filter(|name| *name != "self").cloned();
    Some(base.iter().cloned().chain(rest).collect())
}

/// The groups of modules that all reach each other, of two and more.
fn circles(siblings: &Siblings) -> BTreeSet<Vec<String>> {
    let reached: BTreeMap<&String, BTreeSet<&String>> = siblings
        .keys()
        .map(|name| (name, reachable(siblings, name)))
        .collect();
    let reaches = |from: &String, to: &String| reached.get(from).is_some_and(|r| r.contains(to));
    let groups = siblings.keys().map(|name| {
        let group = siblings.keys();
        group
            .filter(|other| *other == name || reaches(name, other) && reaches(other, name))
            .cloned()
            .collect::<Vec<_>>()
    });
    groups.filter(|group| group.len() > 1).collect()
}

fn reachable<'s>(siblings: &'s Siblings, from: &String) -> BTreeSet<&'s String> {
    let (mut found, mut open) = (BTreeSet::new(), vec![from]);
    while let Some(name) = open.pop() {
        for next in siblings.get(name).into_iter().flatten() {
            if found.insert(next) {
                open.push(next);
            }
        }
    }
    found
}

fn found_circles(sources: &[SourceFile]) -> BTreeSet<(String, Vec<String>)> {
    let folders = Modules::new(sources).siblings();
    let named = folders.iter().flat_map(|(folder, siblings)| {
        let circles = circles(siblings).into_iter();
        circles.map(move |circle| (folder.join("/"), circle))
    });
    named.collect()
}

#[test]
fn no_module_takes_part_in_a_circle() {
    let found = found_circles(&program_sources());
    assert!(found.is_empty(), "these import each other: {found:#?}");
}

fn circles_of(files: &[(&str, &str)]) -> Vec<(String, Vec<String>)> {
    let sources: Vec<_> = files
        .iter()
        .map(|(file, text)| SourceFile::new(file.into(), (*text).to_owned()))
        .collect();
    found_circles(&sources).into_iter().collect()
}

#[test]
fn a_circle_is_found_through_a_re_export_and_from_below() {
    let found = circles_of(&[
        ("lib.rs", "mod a; mod b; mod c;"),
        ("a/mod.rs", "mod inner; pub use inner::Thing as Renamed;"),
        ("a/inner.rs", "use crate::b::x;"),
        ("b.rs", "pub use crate::c::y;"),
        ("c.rs", "fn f(_: crate::a::Renamed) {}"),
    ]);
    assert_eq!(
        found,
        [("".to_owned(), ["a", "b", "c"].map(str::to_owned).to_vec())]
    );
}

#[test]
fn a_parent_and_its_child_are_no_circle_and_tests_do_not_count() {
    let found = circles_of(&[
        ("lib.rs", "mod a; mod b;"),
        ("a/mod.rs", "mod inner; use inner::Thing; use crate::b::x;"),
        ("a/inner.rs", "use super::Other;"),
        ("b.rs", "#[cfg(test)] mod tests { use crate::a::Thing; }"),
    ]);
    assert_eq!(found, []);
}
