//! A bucket: S3 and what speaks like it, Google Cloud Storage, Azure. With versions, each lies below `versions/NAME/`, and
//! the object `current` names the one that readers are to see.

use std::sync::atomic::{AtomicBool, Ordering};

use md5::{Digest as _, Md5};

use super::{Body, Found, Listed, Refusal, Result, Sending, Target};
use crate::diagnostics::{Code, Diagnostic, Result as Outcome};
use crate::object_store::{
    Attribute, Attributes, Bucket, Error, PutMode, Tries, UpdateVersion, words,
};
use crate::settings::TargetSettings;

/// The object that names the version that readers see.
const CURRENT: &str = "current";

/// How often a small file is written that arrives damaged.
const WRITES: usize = 5;

pub struct BucketTarget {
    bucket: Bucket,
    has_versions: bool,
    /// Whether the tags of this store are the MD5 of what was sent: not where it encrypts with keys of its own.
    tags_are_md5: AtomicBool,
}

impl BucketTarget {
    pub fn open(settings: &TargetSettings) -> Outcome<Self> {
        let mut options = Vec::new();
        let is_amazon = settings.to.starts_with("s3");
        if let Some(endpoint) = &settings.endpoint {
            let name = match is_amazon {
                true => "AWS_ENDPOINT",
                false if settings.to.starts_with("gs") => "GOOGLE_BASE_URL",
                false => "AZURE_ENDPOINT",
            };
            options.push((name, endpoint.clone()));
            if is_loopback(endpoint) {
                let name = if is_amazon {
                    "AWS_ALLOW_HTTP"
                } else {
                    "AZURE_ALLOW_HTTP"
                };
                options.push((name, "true".to_owned()));
            }
        }
        if let Some(region) = &settings.region {
            options.push(("AWS_REGION", region.clone()));
        }
        let bucket = Bucket::open(&settings.to, &options, Tries::One).map_err(|e| {
            Diagnostic::error(
                Code::Unclassified,
                settings.to.as_str(),
                format!("the address cannot be used: {}", words(&e)),
            )
            .hint(
                "it is written as s3://bucket/prefix, gs://bucket/prefix or az://container/prefix",
            )
        })?;
        Ok(Self {
            bucket,
            has_versions: settings.versions > 0,
            tags_are_md5: AtomicBool::new(true),
        })
    }

    /// Whether what was sent is what arrived, as far as the store's tag tells.
    fn arrived(&self, path: &str, sent: &[u8], tag: Option<&str>) -> Result<()> {
        let Some(tag) = tag.and_then(md5_of_tag) else {
            return Ok(());
        };
        if tag == hex_md5(sent) || !self.tags_are_md5.load(Ordering::Relaxed) {
            return Ok(());
        }
        let there = self.bucket.get(path).map_err(|e| refusal(&e))?;
        if there.is_some_and(|there| there.bytes == sent) {
            self.tags_are_md5.store(false, Ordering::Relaxed);
            return Ok(());
        }
        Err(Refusal::passing(format!(
            "`{path}` arrived with a wrong digest"
        )))
    }
}

impl Target for BucketTarget {
    fn get(&self, path: &str) -> Result<Option<Found>> {
        let object = self.bucket.get(path).map_err(|e| refusal(&e))?;
        Ok(object.map(|object| Found {
            bytes: object.bytes,
            version: version_text(&object.version),
        }))
    }

    fn put_if(&self, path: &str, bytes: &[u8], expected: Option<&str>) -> Result<bool> {
        let mut mode = expected.map_or(PutMode::Create, |text| PutMode::Update(version_of(text)));
        for _ in 0..WRITES {
            let attributes = Attributes::from_iter([
                (Attribute::ContentType, "application/json".to_owned()),
                (Attribute::CacheControl, "no-store".to_owned()),
            ]);
            let put = match self.bucket.put(path, bytes.to_vec(), mode, attributes) {
                Ok(put) => put,
                Err(Error::AlreadyExists { .. } | Error::Precondition { .. }) => return Ok(false),
                Err(Error::NotFound { .. }) if expected.is_some() => return Ok(false),
                Err(error) => return Err(refusal(&error)),
            };
            if self.arrived(path, bytes, put.e_tag.as_deref()).is_ok() {
                return Ok(true);
            }
            // What arrived is damaged, and ours: it is written over, if it still is what was put there.
            mode = PutMode::Update(UpdateVersion {
                e_tag: put.e_tag,
                version: put.version,
            });
        }
        Err(Refusal::lasting(format!(
            "`{path}` arrived with a wrong digest, {WRITES} times"
        )))
    }

    fn put(&self, file: &Sending<'_>) -> Result<()> {
        let mut attributes = Attributes::from_iter([
            (Attribute::ContentType, file.content_type.to_owned()),
            (Attribute::CacheControl, file.cache_control.to_owned()),
        ]);
        if !file.encoding.is_empty() {
            attributes.insert(Attribute::ContentEncoding, file.encoding.to_owned().into());
        }
        match file.body {
            Body::Bytes(bytes) => {
                let put =
                    self.bucket
                        .put(file.path, bytes.to_vec(), PutMode::Overwrite, attributes);
                let put = put.map_err(|e| refusal(&e))?;
                self.arrived(file.path, bytes, put.e_tag.as_deref())
            }
            Body::File(from, _) => {
                let sent = self.bucket.send(from, file.path, attributes);
                sent.map_err(|e| refusal(&e))
            }
        }
    }

    fn delete(&self, paths: &[&str]) -> Result<()> {
        self.bucket.delete(paths).map_err(|e| refusal(&e))
    }

    fn list(&self, folder: &str) -> Result<Vec<Listed>> {
        let listed = self.bucket.list(folder).map_err(|e| refusal(&e))?;
        let listed = listed.into_iter().map(|(path, object)| Listed {
            path,
            size: object.size,
            md5: object
                .e_tag
                .as_deref()
                .and_then(md5_of_tag)
                .map(str::to_owned),
        });
        Ok(listed.collect())
    }

    fn copy(&self, from: &str, to: &str) -> Result<()> {
        self.bucket.copy(from, to).map_err(|e| refusal(&e))
    }

    fn point(&self, version: &str) -> Result<()> {
        let attributes = Attributes::from_iter([
            (
                Attribute::ContentType,
                "text/plain; charset=utf-8".to_owned(),
            ),
            (Attribute::CacheControl, "no-store".to_owned()),
        ]);
        let bytes = version.as_bytes().to_vec();
        let put = self
            .bucket
            .put(CURRENT, bytes, PutMode::Overwrite, attributes);
        put.map(|_| ()).map_err(|e| refusal(&e))
    }

    fn has_versions(&self) -> bool {
        self.has_versions
    }

    fn lanes(&self) -> usize {
        16
    }
}

/// The MD5 of bytes in hex.
pub fn hex_md5(bytes: &[u8]) -> String {
    let digest = Md5::digest(bytes);
    digest.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The MD5 that a tag says, where it can be one.
fn md5_of_tag(tag: &str) -> Option<&str> {
    let tag = tag.trim_matches('"');
    let is_hex = tag.len() == 32 && tag.bytes().all(|b| b.is_ascii_hexdigit());
    is_hex.then_some(tag)
}

fn version_text(version: &UpdateVersion) -> String {
    let part = |part: &Option<String>| part.clone().unwrap_or_default();
    format!("{}\n{}", part(&version.e_tag), part(&version.version))
}

fn version_of(text: &str) -> UpdateVersion {
    let (tag, version) = text.split_once('\n').unwrap_or((text, ""));
    let part = |part: &str| (!part.is_empty()).then(|| part.to_owned());
    UpdateVersion {
        e_tag: part(tag),
        version: part(version),
    }
}

fn is_loopback(endpoint: &str) -> bool {
    let host = url::Url::parse(endpoint).ok();
    let host = host
        .as_ref()
        .and_then(|url| url.host_str().map(str::to_owned));
    matches!(host.as_deref(), Some("127.0.0.1" | "localhost" | "[::1]"))
}

fn refusal(error: &Error) -> Refusal {
    let is_lasting = matches!(
        error,
        Error::NotFound { .. }
            | Error::InvalidPath { .. }
            | Error::NotSupported { .. }
            | Error::NotImplemented { .. }
            | Error::PermissionDenied { .. }
            | Error::Unauthenticated { .. }
            | Error::UnknownConfigurationKey { .. }
    );
    Refusal {
        words: words(error),
        is_passing: !is_lasting,
    }
}
