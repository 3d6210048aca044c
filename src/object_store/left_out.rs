//! Stands for buckets in a program that was built without the feature `buckets`: no address can be opened.

use std::fs::File;
use std::path::Path;

pub(crate) use std::io::Error;

type Result<T> = std::result::Result<T, Error>;

/// As in a program with buckets.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Tries {
    Many,
}

/// As in a program with buckets.
#[derive(Debug, Default)]
pub(crate) struct Attributes;

/// Never exists.
#[derive(Debug)]
pub(crate) enum Bucket {}

impl Bucket {
    /// # Errors
    /// Always.
    pub(crate) fn open(_: &str, _: &[(&str, String)], _: Tries) -> Result<Self> {
        Err(Error::other(
            "this program was built without the feature `buckets`",
        ))
    }

    pub(crate) fn list(&self, _: &str) -> Result<Vec<(String, ())>> {
        match *self {}
    }

    pub(crate) fn send(&self, _: &Path, _: &str, _: Attributes) -> Result<()> {
        match *self {}
    }

    pub(crate) fn fetch(&self, _: &str, _: &mut File) -> Result<bool> {
        match *self {}
    }
}

/// Why a bucket cannot be opened.
pub(crate) fn message(error: &Error) -> String {
    error.to_string()
}
