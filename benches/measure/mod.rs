//! Time and memory of programs, and how both are shown.

use std::process::Command;
use std::time::{Duration, Instant};

/// What a program needed.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Run {
    pub time: Duration,
    /// Peak resident memory in bytes, of the process itself.
    pub peak: u64,
}

/// Runs a program to its end.
///
/// # Panics
/// Where it does not start or fails.
pub(crate) fn run(command: &mut Command) -> Run {
    let start = Instant::now();
    let mut process = command.spawn().expect("the program starts");
    let mut peak = 0;
    loop {
        peak = peak.max(memory(process.id(), "VmHWM:"));
        if let Some(status) = process.try_wait().expect("asked") {
            assert!(status.success(), "{status}: {command:?}");
            return Run {
                time: start.elapsed(),
                peak,
            };
        }
        std::thread::sleep(Duration::from_millis(2));
    }
}

/// A figure of `/proc/PID/status`, in bytes; 0 where there is none.
pub(crate) fn memory(process: u32, name: &str) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{process}/status")).unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix(name));
    let kilobytes = line.and_then(|line| line.trim().split(' ').next()?.parse::<u64>().ok());
    kilobytes.unwrap_or(0) * 1024
}

/// The middle one; of an even number, the later of the two in the middle.
pub(crate) fn median<T: Ord>(values: impl IntoIterator<Item = T>) -> T {
    let mut values: Vec<T> = values.into_iter().collect();
    values.sort_unstable();
    let middle = values.len() / 2;
    values.swap_remove(middle)
}

pub(crate) fn seconds(time: Duration) -> String {
    match time.as_secs_f64() {
        few if few < 0.1 => format!("{:.1} ms", few * 1_000.0),
        many => format!("{many:.2} s"),
    }
}

pub(crate) fn megabytes(bytes: u64) -> String {
    format!("{} MB", bytes / 1_000_000)
}
