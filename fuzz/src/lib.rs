//! What every target asks of a layout: whatever bytes it is handed, it ends, and loses no word.

use std::ops::ControlFlow;

use backfile::settings::ImportSettings;
use backfile::import::body;
use backfile::import::layouts::{LAYOUTS, RawText};
use backfile::import::raw_file;

/// Lets one layout read a text, where it takes it for its own, and checks that every word is in the article.
///
/// # Panics
/// Where the layout is not there, panics, or loses a word.
pub fn read_as(layout: &str, bytes: &[u8]) {
    let layout = LAYOUTS.iter().find(|l| l.name() == layout).expect("a layout of this name");
    let text = String::from_utf8_lossy(bytes);
    let raw = RawText {
        bytes,
        ..RawText::new("wire/2004/a.txt", &text)
    };
    if text.trim().is_empty() || !layout.recognises(&raw) {
        return;
    }
    if let Some(at) = layout.cut(&raw) {
        assert!(text.is_char_boundary(at) && at > 0, "a cut at {at}");
    }
    for mut reading in layout.read(&raw).unwrap_or_default() {
        if reading.problem.is_some() {
            continue;
        }
        let record = text.get(reading.span.clone()).expect("a part of the text");
        body::convert(&mut reading, record);
        if let Err(lost) = reading.verify(record) {
            panic!("words are lost: {lost}");
        }
    }
}

/// Lets import open a file: packed, an archive, a web archive, or text in any encoding.
///
/// # Panics
/// Where import does.
pub fn open(bytes: &[u8]) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("a");
    std::fs::write(&path, bytes).expect("written");
    let source = backfile::files::one(folder.path(), &path).expect("there");
    let settings = ImportSettings {
        max_bytes: 4_096,
        ..ImportSettings::default()
    };
    raw_file::read(&source, &settings, &mut |pieces| {
        for piece in pieces {
            assert!(piece.readings.iter().all(|r| r.span.end <= piece.text.len()));
        }
        ControlFlow::Continue(())
    });
}
