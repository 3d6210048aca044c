//! What an archive as a whole shows, or a part of bounded size of a large one: its words, by which hyphens at the ends of lines
//! are judged, and the language of nearly all its texts, by which those that are too short are.

use std::ops::ControlFlow;

use rayon::prelude::*;

use super::raw_file;
use super::reading::Body;
use super::repair::archive_words::ArchiveWords;
use super::repair::language::{self, Detected};
use crate::files::Source;
use crate::settings::ImportSettings;

/// An archive has the words of its language in so many bytes; of a larger one, files at equal distances are read.
const MOST_BYTES: u64 = 32 * 1024 * 1024;

/// Files, and texts of each, that are looked at for the language of the archive; and the fewest texts that show it.
const MOST_FILES: usize = 100;
const MOST_TEXTS: usize = 20;
const FEWEST_TEXTS: usize = 5;

/// The language in which nearly all texts in `raw/` are, if it is not that of the site.
pub(crate) fn language(
    sources: &[Source],
    settings: &ImportSettings,
    site: &str,
) -> Option<&'static str> {
    let distance = sources.len() / MOST_FILES + 1;
    let sources: Vec<&Source> = sources.iter().step_by(distance).collect();
    let found = sources
        .par_iter()
        .map(|source| languages_of(source, settings, site));
    let found: Vec<Detected> = found.flatten().collect();
    let known: Vec<&Detected> = found
        .iter()
        .filter(|found| **found != Detected::Uncertain)
        .collect();
    let of = |lang: &Detected| known.iter().filter(|found| **found == lang).count();
    let most = known.iter().max_by_key(|lang| of(lang))?;
    match most {
        Detected::Other(lang)
            if known.len() >= FEWEST_TEXTS && of(most) * 10 >= known.len() * 9 =>
        {
            Some(lang)
        }
        _ => None,
    }
}

fn languages_of(source: &Source, settings: &ImportSettings, site: &str) -> Vec<Detected> {
    let mut found = Vec::new();
    if source.stamp.size > MOST_BYTES {
        return found;
    }
    raw_file::read(source, settings, &mut |chunks| {
        for chunk in &chunks {
            for reading in &chunk.readings {
                let text = match &reading.body {
                    Body::Markdown(text) => Some(text.as_str()),
                    Body::Prose(_) => reading.prose(&chunk.text),
                    Body::Page => None,
                };
                if found.len() < MOST_TEXTS {
                    found.extend(text.map(|text| language::find(site, text)));
                }
            }
        }
        match found.len() < MOST_TEXTS {
            true => ControlFlow::Continue(()),
            false => ControlFlow::Break(()),
        }
    });
    found
}

/// The words of the texts in `raw/`: the same whichever of its files are imported.
pub(crate) fn words(sources: &[Source], settings: &ImportSettings) -> ArchiveWords {
    let bytes: u64 = sources.iter().map(|source| source.stamp.size).sum();
    let distance = usize::try_from(bytes / MOST_BYTES).unwrap_or(usize::MAX - 1) + 1;
    let sources: Vec<&Source> = sources.iter().step_by(distance).collect();
    let counted = sources.par_iter().map(|source| words_of(source, settings));
    counted.reduce(ArchiveWords::default, ArchiveWords::merged)
}

fn words_of(source: &Source, settings: &ImportSettings) -> ArchiveWords {
    let mut words = ArchiveWords::default();
    let mut bytes = 0;
    raw_file::read(source, settings, &mut |chunks| {
        for chunk in &chunks {
            bytes += chunk.text.len() as u64;
            for reading in &chunk.readings {
                match &reading.body {
                    Body::Markdown(text) => words.add(text),
                    Body::Prose(_) => words.add(reading.prose(&chunk.text).unwrap_or_default()),
                    Body::Page => {}
                }
            }
        }
        match bytes < MOST_BYTES {
            true => ControlFlow::Continue(()),
            false => ControlFlow::Break(()),
        }
    });
    words
}
