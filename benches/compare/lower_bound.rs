//! The lower bound: the time to write files with the paths and lengths of a website, in two threads.

use std::fs::File;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant};

/// The files of a website, sorted: path below it, and length in bytes.
pub(crate) fn list(output: &Path) -> Vec<(PathBuf, u64)> {
    let files = walkdir::WalkDir::new(output).sort_by_file_name();
    let files = files.into_iter().flatten();
    files
        .filter(|file| file.file_type().is_file())
        .map(|file| {
            let path = file.path().strip_prefix(output).expect("below it");
            (path.to_owned(), file.metadata().expect("metadata").len())
        })
        .collect()
}

/// Writes files of these lengths into a new folder.
pub(crate) fn write(to: &Path, files: &[(PathBuf, u64)]) -> Duration {
    let longest = files.iter().map(|file| file.1).max().unwrap_or(0);
    let bytes: Vec<u8> = (0..longest).map(|at| b' ' + (at % 90) as u8).collect();
    let start = Instant::now();
    std::fs::create_dir(to).expect("a folder");
    std::thread::scope(|scope| {
        for part in files.chunks(files.len().div_ceil(2).max(1)) {
            let bytes = &bytes;
            scope.spawn(move || {
                let mut last = PathBuf::new();
                for (path, length) in part {
                    let path = to.join(path);
                    let folder = path.parent().expect("a folder");
                    if folder != last {
                        std::fs::create_dir_all(folder).expect("made");
                        last = folder.to_owned();
                    }
                    let mut file = File::create(&path).expect("made");
                    file.write_all(&bytes[..*length as usize]).expect("written");
                }
            });
        }
    });
    start.elapsed()
}
