//! The cost of importing an archive of a given size: `cargo bench --bench importing -- 100000`.
//!
//! Label blocks in `raw/` become articles. Compared with only reading the same records and writing
//! the same articles, with as many threads.

#[path = "../examples/make-archive/archive.rs"]
#[allow(dead_code, reason = "it writes more forms than are asked for here")]
mod archive;
#[path = "compare/lower_bound.rs"]
mod lower_bound;
mod measure;

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use measure::{median, megabytes, seconds};

const REPEATS: usize = 3;

fn main() {
    let count: u64 = std::env::args()
        .skip(1)
        .find_map(|arg| arg.parse().ok())
        .unwrap_or(10_000);
    let tmp = Path::new(env!("CARGO_TARGET_TMPDIR"));
    let site = tmp.join(format!("importing-{count}"));
    if !site.join("raw").exists() {
        archive::write_archive(count, &site, false).expect("written");
    }
    println!("{count} label blocks from `raw/`\n");
    let row = |what: &str, value: String| println!("{what:<44} {value:>12}");
    let raw = lower_bound::list(&site.join("raw"));
    // Moved away and deleted at the end, because creating files is slow after many were deleted.
    let before = tempfile::tempdir_in(tmp).expect("a folder");
    let (mut imports, mut floors) = (Vec::new(), Vec::new());
    for round in 0..REPEATS {
        for made in ["content", ".backfile"] {
            let _ = std::fs::rename(
                site.join(made),
                before.path().join(format!("{made}-{round}")),
            );
        }
        read(&site.join("raw"), &raw);
        imports.push(measure::run(
            Command::new(env!("CARGO_BIN_EXE_backfile"))
                .args(["import", "--quiet", "--site"])
                .arg(&site),
        ));
        let reading = read(&site.join("raw"), &raw);
        let articles = lower_bound::list(&site.join("content"));
        assert_eq!(articles.len() as u64, count);
        let writing = lower_bound::write(&before.path().join(format!("floor-{round}")), &articles);
        floors.push(reading + writing);
    }
    let (time, floor) = (median(imports.iter().map(|run| run.time)), median(floors));
    row("import", seconds(time));
    row("peak memory of it", megabytes(imports[0].peak));
    row("reading and writing the same bytes", seconds(floor));
    let ratio = time.as_secs_f64() / floor.as_secs_f64();
    row("import, of that", format!("{ratio:.2}"));
    let again = (0..REPEATS).map(|_| {
        let mut command = Command::new(env!("CARGO_BIN_EXE_backfile"));
        command.args(["import", "--quiet", "--site"]).arg(&site);
        measure::run(&mut command).time
    });
    row("import, nothing changed", seconds(median(again)));
}

/// Reads files, in two threads.
fn read(folder: &Path, files: &[(std::path::PathBuf, u64)]) -> Duration {
    let start = Instant::now();
    std::thread::scope(|scope| {
        for part in files.chunks(files.len().div_ceil(2).max(1)) {
            scope.spawn(move || {
                for (path, _) in part {
                    std::hint::black_box(std::fs::read(folder.join(path)).expect("read"));
                }
            });
        }
    });
    start.elapsed()
}
