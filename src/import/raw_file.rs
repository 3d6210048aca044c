//! One raw file → what layouts read from it, chunk by chunk.
//! Knows decoding and which layout reads a chunk; never knows which articles exist already.

use std::ops::ControlFlow;

use rayon::prelude::*;

use super::chunks::{self, Chunk};
use super::decode::{NotText, decode};
use super::held_back;
use super::layouts::{self, Layout, RawText};
use super::problems::Problems;
use super::reading::Reading;
use super::repair::text_repairs;
use crate::diagnostics::{Code, Diagnostic};
use crate::files::Source;
use crate::settings::ImportSettings;

/// The most chunks that are read in parallel, and the most bytes of them.
const MOST_CHUNKS: usize = 1_024;
const MOST_BYTES: usize = 16 * 1024 * 1024;

/// The longest record id that is used as a key, in bytes.
const LONGEST_KEY: usize = 400;

/// A chunk of a raw file, read by the layout that recognised it.
#[derive(Debug, Default)]
pub struct ReadChunk {
    pub layout: &'static str,
    pub text: String,
    bytes: Vec<u8>,
    pub readings: Vec<Reading>,
    /// Why the chunk, or records of it, give no article.
    pub problems: Vec<Diagnostic>,
    /// Whether the chunk is a whole file, within an archive or not, that is one record without an id of its own.
    pub is_one_record: bool,
    /// The file's path within its archive.
    pub member: Option<String>,
    /// The page's address.
    url: Option<String>,
}

impl ReadChunk {
    /// BLAKE3 of a record, in hex: of the file where the file is this one record, else of the record's part of the text.
    pub fn digest(&self, reading: &Reading) -> String {
        let part = self.text.get(reading.span.clone()).unwrap_or(&self.text);
        let bytes = match self.is_one_record {
            true => self.bytes.as_slice(),
            false => part.as_bytes(),
        };
        blake3::hash(bytes).to_hex().to_string()
    }

    /// The key of a record within the raw file: its own id, the name of its file in an archive, or the beginning of
    /// its digest.
    pub fn record_key(&self, id: Option<&str>, digest: &str) -> String {
        let id = id.or(self.url.as_deref());
        let id = id.filter(|id| id.len() <= LONGEST_KEY);
        match (&self.member, id) {
            (Some(member), None) if self.is_one_record => member.clone(),
            (Some(member), id) => format!("{member}#{}", id.unwrap_or(&digest[..12])),
            (None, id) => id.unwrap_or(&digest[..12]).to_owned(),
        }
    }
}

/// Reads a raw file. `each` is given its chunks in order, several at a time, so that memory does not grow with
/// the file, and decides whether to continue.
pub fn read(
    source: &Source,
    settings: &ImportSettings,
    each: &mut dyn FnMut(Vec<ReadChunk>) -> ControlFlow<()>,
) {
    let mut waiting: Vec<Result<Chunk, Diagnostic>> = Vec::new();
    let mut bytes = 0;
    let read_chunk = |chunk| match chunk {
        Ok(chunk) => read_chunk(source, settings, chunk),
        Err(problem) => ReadChunk {
            problems: vec![problem],
            ..ReadChunk::default()
        },
    };
    chunks::each(source, settings.max_bytes, &mut |chunk| {
        bytes += chunk.as_ref().map_or(0, |chunk| chunk.bytes.len());
        waiting.push(chunk);
        if waiting.len() >= MOST_CHUNKS || bytes >= MOST_BYTES {
            bytes = 0;
            let chunks = std::mem::take(&mut waiting);
            return each(chunks.into_par_iter().map(&read_chunk).collect());
        }
        ControlFlow::Continue(())
    });
    let _ = match waiting.len() {
        0 => ControlFlow::Continue(()),
        // Nearly every file: not worth a task of another thread.
        1 => each(waiting.into_iter().map(&read_chunk).collect()),
        _ => each(waiting.into_par_iter().map(&read_chunk).collect()),
    };
}

fn read_chunk(source: &Source, settings: &ImportSettings, chunk: Chunk) -> ReadChunk {
    let shown = match &chunk.member {
        Some(member) => format!("raw/{}/{member}", source.file),
        None => format!("raw/{}", source.file),
    };
    let mut read = ReadChunk {
        member: chunk.member.clone(),
        url: chunk.capture.as_ref().map(|capture| capture.url.clone()),
        ..ReadChunk::default()
    };
    let lines = chunk.lines;
    let is_file = !chunk.goes_on && chunk.later.is_none();
    if let Err(problem) = read_text(source, settings, chunk, &mut read) {
        read.problems.push(problem);
    }
    read.is_one_record = match &read.readings[..] {
        [one] => is_file && one.record.is_none(),
        _ => false,
    };
    for problem in &mut read.problems {
        problem.path.clone_from(&shown);
        if problem.line > 0 {
            problem.line += lines;
        }
    }
    read
}

/// # Errors
/// Where the chunk is empty, binary, or in no known layout.
fn read_text(
    source: &Source,
    settings: &ImportSettings,
    chunk: Chunk,
    read: &mut ReadChunk,
) -> Result<(), Diagnostic> {
    let (text, bad) = decode(&chunk.bytes, chunk.encoding).map_err(not_text)?;
    let path = layout_path(&source.file, &chunk);
    let place = match &chunk.member {
        Some(member) => format!("{}/{member}", source.file),
        None => source.file.clone(),
    };
    let (head, forced) = match &chunk.later {
        Some((head, layout)) => (&**head, Some(*layout)),
        None => ("", None),
    };
    let raw = RawText {
        path: &path,
        text: &text,
        bytes: &chunk.bytes,
        head,
        goes_on: chunk.goes_on,
        capture: chunk.capture.as_ref(),
        fields: &settings.fields,
        repairs: &settings.repair,
    };
    let layout: &dyn Layout =
        forced.or_else(|| layouts::recognise(&raw)).ok_or_else(|| {
            let what = "the file is in no layout that Backfile knows";
            Diagnostic::problem(Code::LayoutUnknown, "", what)
        .at(&text, 1, 1)
        .hint("`backfile docs import` shows the layouts; a title, a blank line and paragraphs are enough")
        })?;
    let mut problems = Problems::default();
    if let Some(bad) = bad {
        let what = "a byte is not UTF-8, as the rest of the file is; it was read as Windows-1252";
        let warning = Diagnostic::warning(Code::ByteNotUtf8, "", what).times(bad.number);
        let warning = warning.hint("compare the character there with the original");
        problems.add(warning, |warning| warning.at_byte(&text, bad.first));
    }
    if matches!(layout.name(), "label block" | "titled text") && layouts::may_be_several(&raw) {
        let what = "the file may contain several articles; it is read as one";
        let warning = Diagnostic::warning(Code::SeveralArticles, "", what);
        problems.add(
            warning.hint("put each article into a file of its own"),
            |w| w,
        );
    }
    for mut reading in layout.read(&raw)? {
        match reading.problem.take() {
            None => {
                // Only front matter has keys that a person forgot to fill in.
                let has_blanks = layout.name() == "markdown";
                if let Some(warning) = held_back::apply(&mut reading, &place, settings, has_blanks)
                {
                    problems.add(warning, |warning| {
                        warning.at_byte(&text, reading.span.start)
                    });
                }
                text_repairs::repair_fields(&mut reading.front, &settings.repair);
                read.readings.push(reading);
            }
            // Finding the line takes time, and only the first is shown.
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
    read.bytes = chunk.bytes;
    Ok(())
}

/// The path in which a layout may look for a date or a subject: that of the file; for a file of an archive, as if it were
/// unpacked beside the archive; for a captured page, that of its address.
fn layout_path(file: &str, chunk: &Chunk) -> String {
    if let Some(capture) = &chunk.capture {
        let url = url::Url::parse(&capture.url).ok();
        return url.map_or_else(String::new, |url| {
            url.path().trim_start_matches('/').to_owned()
        });
    }
    match &chunk.member {
        Some(member) => {
            let folder = file.rfind('/').map_or("", |at| &file[..=at]);
            format!("{folder}{member}")
        }
        None => chunks::without_packing(file).to_owned(),
    }
}

fn not_text(why: NotText) -> Diagnostic {
    match why {
        NotText::Empty => Diagnostic::problem(Code::FileEmpty, "", "the file is empty")
            .hint("remove it, or put it in `ignore` under `[import]`"),
        NotText::Undecodable(encoding) => {
            let what = format!(
                "the file is not UTF-8, and some of its bytes are not valid in {encoding} either"
            );
            Diagnostic::problem(Code::FileNotText, "", what).hint("save it as UTF-8")
        }
        NotText::Binary => Diagnostic::problem(Code::FileNotText, "", "the file is not text")
            .hint("articles are text; put it in `ignore` under `[import]`"),
    }
}
