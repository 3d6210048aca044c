//! A bucket: S3 and compatible stores, Google Cloud Storage, Azure. Each version is below `versions/NAME/`, and the object
//! `current` names the one that readers should see.

use std::sync::atomic::{AtomicBool, Ordering};

use super::{
    Body, ListedFile, RemoteFile, Result, Target, TargetError, UpdateMode, Upload, hex_md5,
};
use crate::diagnostics::{Code, Diagnostic, Result as Outcome};
use crate::object_store::{
    Attribute, Attributes, Bucket, Error, PutMode, Tries, UpdateVersion, message,
};
use crate::settings::TargetSettings;

/// The object with the name of the version that readers should see.
const CURRENT: &str = "current";

/// How often a small file is written again that arrived damaged.
const WRITES: usize = 5;

pub(crate) struct BucketTarget {
    bucket: Bucket,
    mode: UpdateMode,
    /// Whether the ETags of this store are the MD5 of the bytes; not where it encrypts with its own keys.
    tags_are_md5: AtomicBool,
}

impl BucketTarget {
    pub(crate) fn open(settings: &TargetSettings) -> Outcome<Self> {
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
                Code::TargetAddressInvalid,
                settings.to.as_str(),
                format!("the address is not valid: {}", message(&e)),
            )
            .hint("write it as s3://bucket/prefix, gs://bucket/prefix or az://container/prefix")
        })?;
        Ok(Self {
            bucket,
            mode: UpdateMode::of_versions(settings.versions),
            tags_are_md5: AtomicBool::new(true),
        })
    }

    /// Fails where the store's ETag shows that other bytes arrived.
    fn verify_arrival(&self, path: &str, sent: &[u8], tag: Option<&str>) -> Result<()> {
        let Some(tag) = tag.and_then(md5_of_tag) else {
            return Ok(());
        };
        if tag == hex_md5(sent) || !self.tags_are_md5.load(Ordering::Relaxed) {
            return Ok(());
        }
        let there = self.bucket.get(path).map_err(|e| target_error(&e))?;
        if there.is_some_and(|there| there.bytes == sent) {
            self.tags_are_md5.store(false, Ordering::Relaxed);
            return Ok(());
        }
        Err(TargetError::transient(format!(
            "`{path}` arrived with a wrong digest"
        )))
    }
}

impl Target for BucketTarget {
    fn get(&self, path: &str) -> Result<Option<RemoteFile>> {
        let object = self.bucket.get(path).map_err(|e| target_error(&e))?;
        Ok(object.map(|object| RemoteFile {
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
                Err(error) => return Err(target_error(&error)),
            };
            if self
                .verify_arrival(path, bytes, put.e_tag.as_deref())
                .is_ok()
            {
                return Ok(true);
            }
            // The damaged object is this process's own: it is replaced if nobody else replaced it.
            mode = PutMode::Update(UpdateVersion {
                e_tag: put.e_tag,
                version: put.version,
            });
        }
        Err(TargetError::permanent(format!(
            "`{path}` arrived with a wrong digest, {WRITES} times"
        )))
    }

    fn put(&self, file: &Upload<'_>) -> Result<()> {
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
                let put = put.map_err(|e| target_error(&e))?;
                self.verify_arrival(file.path, bytes, put.e_tag.as_deref())
            }
            Body::File(from, _) => {
                let sent = self.bucket.send(from, file.path, attributes);
                sent.map_err(|e| target_error(&e))
            }
        }
    }

    fn delete(&self, paths: &[&str]) -> Result<()> {
        self.bucket.delete(paths).map_err(|e| target_error(&e))
    }

    fn list(&self, folder: &str) -> Result<Vec<ListedFile>> {
        let listed = self.bucket.list(folder).map_err(|e| target_error(&e))?;
        let listed = listed.into_iter().map(|(path, object)| ListedFile {
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
        self.bucket.copy(from, to).map_err(|e| target_error(&e))
    }

    fn switch_to(&self, version: &str) -> Result<()> {
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
        put.map(|_| ()).map_err(|e| target_error(&e))
    }

    fn mode(&self) -> UpdateMode {
        self.mode
    }

    fn lanes(&self) -> usize {
        16
    }
}

/// The MD5 in an ETag. Returns `None` if it has another form.
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

/// The address at which machines of Amazon are told their keys.
const METADATA_SERVICE: &str = "169.254.169.254";

const NO_KEYS: &str = "there are no keys for the bucket: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, or write them into ~/.aws/credentials";

fn target_error(error: &Error) -> TargetError {
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
    let message = message(error);
    // Where no keys are given, the library asks the machine's cloud for some.
    if message.contains(METADATA_SERVICE) {
        return TargetError::permanent(NO_KEYS.to_owned());
    }
    TargetError {
        message,
        is_transient: !is_lasting,
    }
}
