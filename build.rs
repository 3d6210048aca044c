//! Templates and themes are embedded in the program, so it is made again when they change. Its build id is a digest of
//! all that it is made from: a cache that another program wrote is not read.

use std::path::Path;

fn main() {
    let mut hasher = blake3::Hasher::new();
    for part in [
        "src",
        "templates",
        "themes",
        "docs",
        "README.md",
        "Cargo.toml",
        "Cargo.lock",
    ] {
        println!("cargo:rerun-if-changed={part}");
        add(&mut hasher, Path::new(part));
    }
    println!(
        "cargo:rustc-env=BACKFILE_BUILD_ID={}",
        hasher.finalize().to_hex()
    );
}

/// Adds a file, or all files of a folder by name.
fn add(hasher: &mut blake3::Hasher, path: &Path) {
    if let Ok(bytes) = std::fs::read(path) {
        hasher.update(path.to_string_lossy().replace('\\', "/").as_bytes());
        hasher.update(&(bytes.len() as u64).to_le_bytes());
        hasher.update(&bytes);
        return;
    }
    let entries = std::fs::read_dir(path).into_iter().flatten().flatten();
    let mut inside: Vec<_> = entries.map(|entry| entry.path()).collect();
    inside.sort();
    inside.iter().for_each(|path| add(hasher, path));
}
