//! One raw file → what its layouts read of it, piece by piece.

use std::ops::ControlFlow;

use rayon::prelude::*;

use super::chunks::{self, Chunk};
use super::decode::{NotText, decode};
use super::layouts::{self, Layout, RawText};
use super::problems::Problems;
use super::reading::Reading;
use super::repair::text_repairs;
use crate::diagnostics::{Code, Diagnostic};
use crate::files::Source;
use crate::settings::ImportSettings;

/// Pieces that are read at once: so many, or so many bytes of them.
const MOST_PIECES: usize = 1_024;
const MOST_BYTES: usize = 16 * 1024 * 1024;

/// The longest id of a record that is its key, in bytes.
const LONGEST_KEY: usize = 400;

/// A piece of a raw file, read by the layout that recognised it.
#[derive(Debug, Default)]
pub struct RawPiece {
    pub layout: &'static str,
    pub text: String,
    bytes: Vec<u8>,
    pub readings: Vec<Reading>,
    /// Why the piece, or records of it, give no article.
    pub problems: Vec<Diagnostic>,
    /// Whether it is a whole file, within an archive or not.
    pub is_file: bool,
    pub name: Name,
}

impl RawPiece {
    /// BLAKE3 of the piece, in hex. Only who tells records from each other asks for it.
    pub fn blake3(&self) -> String {
        blake3::hash(&self.bytes).to_hex().to_string()
    }
}

/// By what records of a piece are known.
#[derive(Debug, Default)]
pub struct Name {
    /// The file's path within its archive.
    pub member: Option<String>,
    /// The page's address.
    url: Option<String>,
}

impl Name {
    /// The key of a record within the raw file: its own id, the name of its file in an archive, or the beginning of
    /// its digest. `alone` where it is all that its file holds.
    pub fn record(&self, id: Option<&str>, alone: bool, digest: &str) -> String {
        let id = id
            .or(self.url.as_deref())
            .filter(|id| id.len() <= LONGEST_KEY);
        match (&self.member, id) {
            (Some(member), None) if alone => member.clone(),
            (Some(member), id) => format!("{member}#{}", id.unwrap_or(&digest[..12])),
            (None, id) => id.unwrap_or(&digest[..12]).to_owned(),
        }
    }
}

/// Reads a raw file. `each` is handed its pieces in order, several at a time, so that memory does not grow with
/// the file, and says whether to go on.
pub fn read(
    source: &Source,
    settings: &ImportSettings,
    each: &mut dyn FnMut(Vec<RawPiece>) -> ControlFlow<()>,
) {
    let mut waiting: Vec<Result<Chunk, Diagnostic>> = Vec::new();
    let mut bytes = 0;
    let read_piece = |piece| match piece {
        Ok(piece) => read_piece(source, settings, piece),
        Err(problem) => RawPiece {
            problems: vec![problem],
            ..RawPiece::default()
        },
    };
    chunks::each(source, settings.max_bytes, &mut |piece| {
        bytes += piece.as_ref().map_or(0, |piece| piece.bytes.len());
        waiting.push(piece);
        if waiting.len() >= MOST_PIECES || bytes >= MOST_BYTES {
            bytes = 0;
            let pieces = std::mem::take(&mut waiting);
            return each(pieces.into_par_iter().map(&read_piece).collect());
        }
        ControlFlow::Continue(())
    });
    let _ = match waiting.len() {
        0 => ControlFlow::Continue(()),
        // Nearly every file.
        1 => each(waiting.into_iter().map(&read_piece).collect()),
        _ => each(waiting.into_par_iter().map(&read_piece).collect()),
    };
}

fn read_piece(source: &Source, settings: &ImportSettings, piece: Chunk) -> RawPiece {
    let shown = match &piece.member {
        Some(member) => format!("raw/{}/{member}", source.file),
        None => format!("raw/{}", source.file),
    };
    let mut read = RawPiece {
        is_file: !piece.goes_on && piece.later.is_none(),
        name: Name {
            member: piece.member.clone(),
            url: piece.capture.as_ref().map(|capture| capture.url.clone()),
        },
        ..RawPiece::default()
    };
    let lines = piece.lines;
    if let Err(problem) = read_text(source, settings, piece, &mut read) {
        read.problems.push(problem);
    }
    for problem in &mut read.problems {
        problem.path.clone_from(&shown);
        if problem.line > 0 {
            problem.line += lines;
        }
    }
    read
}

/// # Errors
/// A problem where the piece is empty, binary, or in no known layout.
fn read_text(
    source: &Source,
    settings: &ImportSettings,
    piece: Chunk,
    read: &mut RawPiece,
) -> Result<(), Diagnostic> {
    let text = decode(&piece.bytes, piece.encoding).map_err(not_text)?;
    let path = path(&source.file, &piece);
    let (head, forced) = match &piece.later {
        Some((head, layout)) => (&**head, Some(*layout)),
        None => ("", None),
    };
    let raw = RawText {
        path: &path,
        text: &text,
        bytes: &piece.bytes,
        head,
        goes_on: piece.goes_on,
        capture: piece.capture.as_ref(),
        fields: &settings.fields,
        repairs: &settings.repair,
    };
    let layout: &dyn Layout = forced.or_else(|| layouts::recognise(&raw)).ok_or_else(|| {
        Diagnostic::problem(
            Code::Unclassified,
            "",
            "the file is in no layout that Backfile knows",
        )
        .at(&text, 1, 1)
        .hint("docs/import.md shows the layouts; a title, a blank line and paragraphs are enough")
    })?;
    let mut problems = Problems::default();
    for mut reading in layout.read(&raw)? {
        match reading.problem.take() {
            None => {
                text_repairs::repair_fields(&mut reading.front, &settings.repair);
                read.readings.push(reading);
            }
            // Telling the line takes time, and only the first is shown.
            Some(problem) => problems.add(problem, |problem| {
                match problem.line == 0 && !reading.span.is_empty() {
                    true => problem.at_byte(&text, reading.span.start),
                    false => problem,
                }
            }),
        }
    }
    read.problems = problems.reported();
    read.layout = layout.name();
    read.text = text;
    read.bytes = piece.bytes;
    Ok(())
}

/// Where a layout may look for a date or a subject: the file's path; within an archive as if it were unpacked beside it.
fn path(file: &str, piece: &Chunk) -> String {
    if let Some(capture) = &piece.capture {
        let url = url::Url::parse(&capture.url).ok();
        return url.map_or_else(String::new, |url| {
            url.path().trim_start_matches('/').to_owned()
        });
    }
    match &piece.member {
        Some(member) => {
            let folder = file.rfind('/').map_or("", |at| &file[..=at]);
            format!("{folder}{member}")
        }
        None => chunks::without_packing(file).to_owned(),
    }
}

fn not_text(why: NotText) -> Diagnostic {
    let ignore = "articles are text; put it in `ignore` under `[import]`";
    match why {
        NotText::Empty => Diagnostic::problem(Code::Unclassified, "", "the file is empty")
            .hint("remove it, or put it in `ignore` under `[import]`"),
        NotText::Undecodable(encoding) => Diagnostic::problem(
            Code::Unclassified,
            "",
            format!(
                "the file is not UTF-8, and some of its bytes are no text in {encoding} either"
            ),
        )
        .hint("save it as UTF-8"),
        NotText::Binary => {
            Diagnostic::problem(Code::Unclassified, "", "the file is not text").hint(ignore)
        }
    }
}
