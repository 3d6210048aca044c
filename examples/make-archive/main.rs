//! Writes an archive of any size, for trying and measuring: article *i* is the same whatever the size.
//!
//! `cargo run --release --example make-archive -- N DIR [--content]`
//!
//! Without `--content` the articles are label blocks in `raw/`; with it, Markdown with front matter in `content/`.
//! About 5,500 characters an article, 300 topics and 200 authors by Zipf's law, over twenty years.

use std::path::Path;
use std::process::ExitCode;

mod archive;

fn main() -> ExitCode {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let (number, dir, content) = match args.as_slice() {
        [number, dir] => (number.parse::<u64>(), dir, false),
        [number, dir, flag] if flag == "--content" => (number.parse::<u64>(), dir, true),
        _ => return usage("two arguments are needed"),
    };
    let Ok(number) = number else {
        return usage("N is not a number");
    };
    match archive::write_archive(number, Path::new(dir), content) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => usage(&error.to_string()),
    }
}

fn usage(what: &str) -> ExitCode {
    eprintln!("error: {what}\nusage: make-archive N DIR [--content]");
    ExitCode::from(2)
}
