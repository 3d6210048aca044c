//! Objects below a prefix in an object store: S3 and compatible stores, Google Cloud Storage, Azure.
//! The address selects the store; credentials come from the usual environment variables and the files of the stores' tools.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::path::Path;
use std::sync::Arc;

use futures_util::{StreamExt as _, TryStreamExt as _};
use object_store::aws::AmazonS3Builder;
use object_store::azure::MicrosoftAzureBuilder;
use object_store::buffered::BufWriter;
use object_store::gcp::GoogleCloudStorageBuilder;
pub(crate) use object_store::{Attribute, Attributes, PutMode, PutResult, UpdateVersion};
use object_store::{
    ObjectMeta, ObjectStore, ObjectStoreExt as _, ObjectStoreScheme, PutOptions, RetryConfig, path,
};
use tokio::io::AsyncWriteExt as _;
use tokio::runtime::Runtime;
use url::Url;

/// The prefixes of the environment variables of these stores (`AWS_ACCESS_KEY_ID`, `GOOGLE_APPLICATION_CREDENTIALS`, …).
const VARIABLES: &[&str] = &["AWS_", "GOOGLE_", "AZURE_"];

/// Bytes of one part of a large upload.
const PART: usize = 8 << 20;

pub(crate) type Error = object_store::Error;

type Result<T> = std::result::Result<T, Error>;

/// How often a request is tried.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Tries {
    /// Once: the caller repeats requests and counts them.
    One,
    Many,
}

/// Objects below a prefix. Threads may share it.
#[derive(Debug)]
pub(crate) struct Bucket {
    store: Arc<dyn ObjectStore>,
    prefix: path::Path,
    runtime: Runtime,
}

/// A small object, and its version for a conditional write.
#[derive(Debug)]
pub(crate) struct Object {
    pub bytes: Vec<u8>,
    pub version: UpdateVersion,
}

impl Bucket {
    /// Opens a store without a request. `options` override environment variables of the same names.
    ///
    /// # Errors
    /// Where the address or a variable is not valid.
    pub(crate) fn open(address: &str, options: &[(&str, String)], tries: Tries) -> Result<Self> {
        // An error means that a provider was installed before, which works too.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let url = Url::parse(address).map_err(|e| generic("address", e))?;
        let known = |name: &str| VARIABLES.iter().any(|start| name.starts_with(start));
        let variables = std::env::vars().filter(|(name, _)| known(name));
        let mut variables: Vec<(String, String)> = variables.collect();
        if address.starts_with("s3") {
            variables.extend(super::credentials::of_amazon(&variables));
        }
        variables.extend(options.iter().map(|(n, v)| ((*n).to_owned(), v.clone())));
        let retry = match tries {
            Tries::Many => RetryConfig::default(),
            Tries::One => RetryConfig {
                max_retries: 0,
                ..RetryConfig::default()
            },
        };
        // As `object_store::parse_url_opts` does, which cannot set retries.
        macro_rules! store {
            ($builder:ty) => {{
                let builder = <$builder>::new().with_url(address).with_retry(retry);
                let with = |builder: $builder, (name, value): (String, String)| match name
                    .to_ascii_lowercase()
                    .parse()
                {
                    Ok(key) => builder.with_config(key, value),
                    Err(_) => builder,
                };
                Arc::new(variables.into_iter().fold(builder, with).build()?)
            }};
        }
        let (scheme, prefix) = ObjectStoreScheme::parse(&url)?;
        let prefix = path::Path::parse(prefix)?;
        let store: Arc<dyn ObjectStore> = match scheme {
            ObjectStoreScheme::AmazonS3 => store!(AmazonS3Builder),
            ObjectStoreScheme::GoogleCloudStorage => store!(GoogleCloudStorageBuilder),
            ObjectStoreScheme::MicrosoftAzure => store!(MicrosoftAzureBuilder),
            _ => {
                return Err(generic(
                    "address",
                    "it is not the address of an object store",
                ));
            }
        };
        let runtime = tokio::runtime::Builder::new_multi_thread()
            .worker_threads(2)
            .enable_all()
            .build()
            .map_err(|e| generic("runtime", e))?;
        Ok(Self {
            store,
            prefix,
            runtime,
        })
    }

    /// The objects below a folder, with their paths below the prefix.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub(crate) fn list(&self, folder: &str) -> Result<Vec<(String, ObjectMeta)>> {
        let below = self.object(folder);
        let listed = self.store.list(Some(&below));
        let listed: Vec<_> = self.runtime.block_on(listed.try_collect())?;
        let named = listed.into_iter().filter_map(|object: ObjectMeta| {
            let parts = object.location.prefix_match(&self.prefix)?;
            let parts: Vec<String> = parts.map(|part| part.as_ref().to_owned()).collect();
            Some((parts.join("/"), object))
        });
        Ok(named.collect())
    }

    /// Uploads a file. The object exists when the upload is complete, and not before.
    ///
    /// # Errors
    /// Where the file cannot be read or the store refuses.
    pub(crate) fn send(&self, file: &Path, name: &str, attributes: Attributes) -> Result<()> {
        let failed = |e: std::io::Error| generic("upload", e);
        let mut file = File::open(file).map_err(failed)?;
        let mut writer =
            BufWriter::new(Arc::clone(&self.store), self.object(name)).with_attributes(attributes);
        self.runtime.block_on(async {
            loop {
                let mut part = Vec::with_capacity(PART);
                let limit = PART as u64;
                if (&mut file)
                    .take(limit)
                    .read_to_end(&mut part)
                    .map_err(failed)?
                    == 0
                {
                    break;
                }
                writer.put(part.into()).await?;
            }
            writer.shutdown().await.map_err(failed)
        })
    }

    /// Writes an object.
    ///
    /// # Errors
    /// Where the store refuses, or the condition of `mode` is not met.
    pub(crate) fn put(
        &self,
        name: &str,
        bytes: Vec<u8>,
        mode: PutMode,
        attributes: Attributes,
    ) -> Result<PutResult> {
        let options = PutOptions {
            mode,
            attributes,
            ..PutOptions::default()
        };
        let object = self.object(name);
        let put = self.store.put_opts(&object, bytes.into(), options);
        self.runtime.block_on(put)
    }

    /// Reads a small object. Returns `None` if it does not exist.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub(crate) fn get(&self, name: &str) -> Result<Option<Object>> {
        self.runtime.block_on(async {
            let object = match self.store.get(&self.object(name)).await {
                Err(Error::NotFound { .. }) => return Ok(None),
                object => object?,
            };
            let version = UpdateVersion {
                e_tag: object.meta.e_tag.clone(),
                version: object.meta.version.clone(),
            };
            let bytes = object.bytes().await?.to_vec();
            Ok(Some(Object { bytes, version }))
        })
    }

    /// Downloads an object into a file. Returns whether it exists.
    ///
    /// # Errors
    /// Where the store does not answer or the file cannot be written.
    pub(crate) fn fetch(&self, name: &str, to: &mut File) -> Result<bool> {
        self.runtime.block_on(async {
            let object = match self.store.get(&self.object(name)).await {
                Err(Error::NotFound { .. }) => return Ok(false),
                object => object?,
            };
            let mut parts = object.into_stream();
            while let Some(part) = parts.try_next().await? {
                to.write_all(&part).map_err(|e| generic("download", e))?;
            }
            Ok(true)
        })
    }

    /// Deletes objects, many with one request where the store supports it; missing ones are not an error.
    ///
    /// # Errors
    /// Where the store refuses.
    pub(crate) fn delete(&self, names: &[&str]) -> Result<()> {
        let objects: Vec<_> = names.iter().map(|name| Ok(self.object(name))).collect();
        let gone = self
            .store
            .delete_stream(futures_util::stream::iter(objects).boxed());
        let gone = gone.map(|gone| match gone {
            Err(Error::NotFound { .. }) => Ok(()),
            gone => gone.map(|_| ()),
        });
        self.runtime.block_on(gone.try_collect())
    }

    /// Copies an object within the store.
    ///
    /// # Errors
    /// Where the store refuses.
    pub(crate) fn copy(&self, from: &str, to: &str) -> Result<()> {
        let (from, to) = (self.object(from), self.object(to));
        self.runtime.block_on(self.store.copy(&from, &to))
    }

    fn object(&self, name: &str) -> path::Path {
        let parts = name.split('/').filter(|part| !part.is_empty());
        // Without percent-encoding: a server decodes `a%23b` to `a#b`.
        let raw = |part| path::PathPart::parse(part).unwrap_or_else(|_| part.into());
        parts.fold(self.prefix.clone(), |path, part| path.join(raw(part)))
    }
}

/// The message of an error, on one line. It may have addresses and the names of keys, and never a secret.
pub(crate) fn message(error: &Error) -> String {
    let message = error.to_string();
    message.lines().next().unwrap_or_default().to_owned()
}

fn generic(
    store: &'static str,
    source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
) -> Error {
    Error::Generic {
        store,
        source: source.into(),
    }
}
