//! The cost of work in counts, which do not depend on other processes: `cargo bench --bench counts`, or `make counts`.
//!
//! A fixed archive of 1,000 articles is built in one thread. Instructions are counted by callgrind, allocations by the
//! allocator of this program, files by the build's report. Each must be within 5 % of the figure in `counts.toml`
//! beside this file, so that a higher cost is noticed, and a lower cost is recorded.

#![allow(
    unsafe_code,
    reason = "an allocator that counts implements an unsafe trait"
)]

#[path = "../examples/make-archive/archive.rs"]
#[allow(dead_code, reason = "it writes more forms than are asked for here")]
mod archive;

use std::alloc::{GlobalAlloc, Layout, System};
use std::path::Path;
use std::process::{Command, ExitCode};
use std::sync::atomic::{AtomicU64, Ordering};

use backfile::build::{self, BuildReport, Options};
use backfile::cache::Cache;
use backfile::progress::NO_PROGRESS;
use backfile::site::Site;

const ARTICLES: u64 = 1_000;

/// How far a count may differ from the committed figure, in percent.
const TOLERANCE: u64 = 5;

static ALLOCATIONS: AtomicU64 = AtomicU64::new(0);

struct Counting;

// SAFETY: every call is forwarded unchanged to the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ALLOCATIONS.fetch_add(1, Ordering::Relaxed);
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, pointer: *mut u8, layout: Layout) {
        unsafe { System.dealloc(pointer, layout) }
    }

    unsafe fn realloc(&self, pointer: *mut u8, layout: Layout, size: usize) -> *mut u8 {
        ALLOCATIONS.fetch_add(1, Ordering::Relaxed);
        unsafe { System.realloc(pointer, layout, size) }
    }
}

#[global_allocator]
static COUNTING: Counting = Counting;

fn main() -> ExitCode {
    let folder = tempfile::tempdir().expect("a temporary folder");
    let site = folder.path();
    archive::write_archive(ARTICLES, site, true).expect("written");
    let one_thread = rayon::ThreadPoolBuilder::new().num_threads(1).build();
    let one_thread = one_thread.expect("a thread");

    let mut counts = vec![("instructions_per_article", instructions(site) / ARTICLES)];
    let before = ALLOCATIONS.load(Ordering::Relaxed);
    let cold = one_thread.install(|| build_once(site));
    let allocations = ALLOCATIONS.load(Ordering::Relaxed) - before;
    counts.push(("allocations_per_page", allocations / cold.pages as u64));
    counts.push(("pages", cold.pages as u64));
    counts.push(("files_read", cold.read as u64));

    let article = Article::in_the_middle(site);
    article.edit(|text| text + "\nOne more paragraph.\n");
    let body = one_thread.install(|| build_once(site));
    counts.push(("files_read_for_a_body", body.read as u64));
    counts.push(("files_written_for_a_body", body.output.written as u64));
    article.edit(|text| text.replacen("title: ", "title: Another ", 1));
    let title = one_thread.install(|| build_once(site));
    counts.push(("files_read_for_a_title", title.read as u64));
    counts.push(("files_written_for_a_title", title.output.written as u64));
    judge(&counts)
}

fn build_once(site: &Path) -> BuildReport {
    let site = Site::open(site, None).expect("a site");
    let mut cache = Cache::open(&site, "test", &|_| {}).expect("a cache");
    build::build(site, &mut cache, &Options::default(), NO_PROGRESS).expect("built")
}

/// An article far from the newest, which feeds and the home page show.
struct Article(std::path::PathBuf);

impl Article {
    fn in_the_middle(site: &Path) -> Self {
        let path = site.join(archive::Article::number(ARTICLES / 2).content_path());
        Self(path)
    }

    fn edit(&self, edit: impl FnOnce(String) -> String) {
        let text = std::fs::read_to_string(&self.0).expect("read");
        std::fs::write(&self.0, edit(text)).expect("written");
    }
}

/// Instructions of a whole process that builds the site into a folder of its own.
fn instructions(site: &Path) -> u64 {
    let output = tempfile::tempdir().expect("a temporary folder");
    let run = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(env!("CARGO_BIN_EXE_backfile"))
        .args(["build", "--quiet", "--site"])
        .arg(site)
        .arg("--out")
        .arg(output.path())
        .env("RAYON_NUM_THREADS", "1")
        .output()
        .expect("valgrind, of the package of this name");
    std::fs::remove_dir_all(site.join(".backfile")).expect("removed");
    let said = String::from_utf8_lossy(&run.stderr);
    let count = said.split("Collected : ").nth(1);
    let count = count.and_then(|rest| rest.split_whitespace().next()?.parse().ok());
    count.unwrap_or_else(|| panic!("callgrind gave no count: {said}"))
}

/// Compares with the committed figures; prints all of them in the format of that file.
fn judge(counts: &[(&str, u64)]) -> ExitCode {
    let committed: toml::Table = toml::from_str(include_str!("counts.toml")).expect("figures");
    let mut is_good = true;
    for (name, count) in counts {
        let before = committed
            .get(*name)
            .and_then(toml::Value::as_integer)
            .unwrap_or(0) as u64;
        let is_near = count.abs_diff(before) * 100 <= before * TOLERANCE;
        is_good &= is_near;
        let mark = if is_near { "" } else { "  # too far from" };
        let told = if is_near {
            String::new()
        } else {
            format!(" {before}")
        };
        println!("{name} = {count}{mark}{told}");
    }
    if is_good {
        return ExitCode::SUCCESS;
    }
    println!(
        "\nWhere the change is meant, write these figures into benches/counts.toml, and say why in the commit."
    );
    ExitCode::FAILURE
}
