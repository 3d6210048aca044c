//! What the fuzz targets require of import: whatever bytes it reads, it ends, and loses no word.

use std::ops::ControlFlow;
use std::sync::LazyLock;

use backfile::import::body;
use backfile::import::layouts::{LAYOUTS, Layout, RawText};
use backfile::import::raw_file;
use backfile::settings::ImportSettings;

/// The layouts to fuzz: the one that the environment variable `LAYOUT` names, with `_` for spaces, else all.
static FUZZED: LazyLock<Vec<&dyn Layout>> = LazyLock::new(|| {
    let wanted = std::env::var("LAYOUT").ok();
    let is_wanted = |layout: &&&dyn Layout| {
        let name = layout.name().replace(' ', "_");
        wanted.as_ref().is_none_or(|wanted| *wanted == name)
    };
    let found: Vec<&dyn Layout> = LAYOUTS.iter().filter(is_wanted).copied().collect();
    assert!(!found.is_empty(), "no layout is named {wanted:?}");
    found
});

/// Reads a text as each layout that recognises it, and checks that every word is in the article.
///
/// # Panics
/// If a layout panics, or loses a word.
pub fn read(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let raw = RawText {
        bytes,
        ..RawText::new("wire/2004/a.txt", &text)
    };
    for layout in FUZZED.iter().filter(|layout| layout.recognises(&raw)) {
        if !text.trim().is_empty() {
            read_as(*layout, &raw);
        }
    }
}

fn read_as(layout: &dyn Layout, raw: &RawText<'_>) {
    if let Some(at) = layout.cut(raw) {
        assert!(raw.text.is_char_boundary(at) && at > 0, "a cut at {at}");
    }
    for mut reading in layout.read(raw).unwrap_or_default() {
        if reading.problem.is_some() {
            continue;
        }
        let record = raw.text.get(reading.span.clone()).expect("a part of the text");
        body::convert(&mut reading, record);
        if let Err(lost) = reading.verify(record) {
            panic!("words are lost: {lost}");
        }
    }
}

/// Opens bytes as a raw file: compressed, an archive, a web archive, or text in any encoding.
///
/// # Panics
/// If import does.
pub fn open(bytes: &[u8]) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("a");
    std::fs::write(&path, bytes).expect("written");
    let source = backfile::files::one(folder.path(), &path).expect("a source");
    let settings = ImportSettings {
        max_bytes: 4_096,
        ..ImportSettings::default()
    };
    raw_file::read(&source, &settings, &mut |chunks| {
        for chunk in chunks {
            assert!(chunk.readings.iter().all(|r| r.span.end <= chunk.text.len()));
        }
        ControlFlow::Continue(())
    });
}
