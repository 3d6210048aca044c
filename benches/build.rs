//! Builds archives of 1,000 and 10,000 articles, first without a cache and then without changes: `cargo bench`.

#[path = "../examples/make-archive/archive.rs"]
mod archive;

use std::path::Path;
use std::process::Command;

use criterion::{BatchSize, Criterion, Throughput, criterion_group, criterion_main};

/// Runs the program as a user would, and expects no problems.
fn build(site: &Path) {
    let status = Command::new(env!("CARGO_BIN_EXE_backfile"))
        .args(["build", "--quiet", "--site"])
        .arg(site)
        .status()
        .expect("the program starts");
    assert!(status.success(), "{status}");
}

fn forget(site: &Path) {
    for made in ["public", ".backfile"] {
        let _ = std::fs::remove_dir_all(site.join(made));
    }
}

fn builds(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("build");
    group.sample_size(10);
    for number in [1_000, 10_000] {
        let folder = tempfile::tempdir().expect("a temporary folder");
        let site = folder.path();
        archive::write_archive(number, site, true).expect("written");
        group.throughput(Throughput::Elements(number));
        group.bench_function(format!("{number} articles, cold"), |bench| {
            bench.iter_batched(|| forget(site), |()| build(site), BatchSize::PerIteration);
        });
        build(site);
        group.bench_function(format!("{number} articles, nothing changed"), |bench| {
            bench.iter(|| build(site));
        });
    }
    group.finish();
}

criterion_group!(benches, builds);
criterion_main!(benches);
