//! The cache's flat table against redb, with the keys and values of an archive: `cargo bench --bench tables -- 1000000`.
//!
//! Both hold the same entries, each value of 400 bytes below a path of about 80. Times are medians of three.

use std::path::Path;
use std::time::{Duration, Instant};

use backfile::cache::Journal;
use redb::{Database, Durability, ReadableDatabase as _, ReadableTable as _, TableDefinition};

const TABLE: TableDefinition<&str, &[u8]> = TableDefinition::new("content");

const ROUNDS: usize = 3;

fn main() {
    let count: usize = std::env::args()
        .skip(1)
        .find_map(|arg| arg.parse().ok())
        .unwrap_or(100_000);
    let entries: Vec<(String, Vec<u8>)> = (0..count).map(entry).collect();
    let folder = tempfile::tempdir_in(env!("CARGO_TARGET_TMPDIR")).expect("a folder");
    let (flat, tree) = (folder.path().join("flat"), folder.path().join("redb"));
    println!("{count} entries{:>38}{:>12}", "flat table", "redb");
    row(
        "write all",
        || write_flat(&flat, &entries),
        || write_tree(&tree, &entries),
    );
    row(
        "open and read all",
        || read_flat(&flat, count),
        || read_tree(&tree, count),
    );
    row(
        "open and change one",
        || change_flat(&flat, &entries),
        || change_tree(&tree, &entries),
    );
    let megabytes = |path: &Path| std::fs::metadata(path).expect("there").len() / 1_000_000;
    println!(
        "{:<36}{:>9} MB{:>9} MB",
        "on disk",
        megabytes(&flat),
        megabytes(&tree)
    );
}

/// A path and a value. Paths are not in the order of their numbers, like files from a scan.
fn entry(number: usize) -> (String, Vec<u8>) {
    let hash = blake3::hash(&number.to_le_bytes());
    let hex = hash.to_hex();
    let (year, month) = (
        2001 + u16::from(hash.as_bytes()[0]) % 20,
        1 + hash.as_bytes()[1] % 12,
    );
    let path = format!(
        "articles/{year}/{month:02}/a-headline-of-some-eight-words-{}.md",
        &hex[..24]
    );
    (path, hash.as_bytes().repeat(13)[..400].to_vec())
}

fn row(what: &str, mut flat: impl FnMut(), mut tree: impl FnMut()) {
    let median = |run: &mut dyn FnMut()| -> Duration {
        let mut times: Vec<Duration> = (0..ROUNDS)
            .map(|_| {
                let start = Instant::now();
                run();
                start.elapsed()
            })
            .collect();
        times.sort_unstable();
        times[ROUNDS / 2]
    };
    let (flat, tree) = (median(&mut flat), median(&mut tree));
    println!(
        "{what:<36}{:>9.0} ms{:>9.0} ms",
        flat.as_secs_f64() * 1e3,
        tree.as_secs_f64() * 1e3
    );
}

fn write_flat(path: &Path, entries: &[(String, Vec<u8>)]) {
    let _ = std::fs::remove_file(path);
    let (mut journal, ..) = Journal::open(path, [0; 32]);
    journal
        .append(entries.iter().map(|(key, value)| (key, value)))
        .expect("written");
}

fn read_flat(path: &Path, count: usize) {
    let (_, table, _) = Journal::open(path, [0; 32]);
    let bytes: usize = table
        .iter()
        .map(|(_, value)| value.map_or(0, <[u8]>::len))
        .sum();
    assert_eq!(bytes, count * 400);
}

fn change_flat(path: &Path, entries: &[(String, Vec<u8>)]) {
    let (mut journal, ..) = Journal::open(path, [0; 32]);
    journal
        .append(entries.iter().take(1).map(|(key, value)| (key, value)))
        .expect("written");
}

/// Does not wait for the disk, like the flat table: a cache may be lost.
fn transact(path: &Path, entries: &[(String, Vec<u8>)]) {
    let database = Database::create(path).expect("opened");
    let mut transaction = database.begin_write().expect("begun");
    transaction.set_durability(Durability::None).expect("set");
    {
        let mut table = transaction.open_table(TABLE).expect("opened");
        for (key, value) in entries {
            table
                .insert(key.as_str(), value.as_slice())
                .expect("written");
        }
    }
    transaction.commit().expect("ended");
}

fn write_tree(path: &Path, entries: &[(String, Vec<u8>)]) {
    let _ = std::fs::remove_file(path);
    transact(path, entries);
}

fn read_tree(path: &Path, count: usize) {
    let database = Database::open(path).expect("opened");
    let transaction = database.begin_read().expect("begun");
    let table = transaction.open_table(TABLE).expect("opened");
    let values = table
        .iter()
        .expect("read")
        .map(|entry| entry.expect("read").1.value().len());
    assert_eq!(values.sum::<usize>(), count * 400);
}

fn change_tree(path: &Path, entries: &[(String, Vec<u8>)]) {
    transact(path, &entries[..1]);
}
