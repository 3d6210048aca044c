#![no_main]

libfuzzer_sys::fuzz_target!(|bytes: &[u8]| backfile_fuzz::read(bytes));
