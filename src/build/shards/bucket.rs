//! A meeting place in an object store: S3 and what speaks like it, Google Cloud Storage, Azure.
//! Which one, and with which credentials, is told by its address and by the usual environment variables.

use std::fs::File;
use std::io::{Read as _, Write as _};
use std::path::Path;
use std::sync::Arc;

use futures_util::TryStreamExt as _;
use object_store::buffered::BufWriter;
use object_store::{ObjectStore, ObjectStoreExt as _, path};
use tokio::io::AsyncWriteExt as _;
use tokio::runtime::Runtime;
use url::Url;

/// The beginnings of the variables that these stores know (`AWS_ACCESS_KEY_ID`, `GOOGLE_APPLICATION_CREDENTIALS`, …).
const VARIABLES: &[&str] = &["AWS_", "GOOGLE_", "AZURE_"];

/// Bytes that are sent at once.
const PIECE: usize = 8 << 20;

type Result<T> = std::result::Result<T, object_store::Error>;

/// Objects below a prefix.
#[derive(Debug)]
pub struct Bucket {
    store: Arc<dyn ObjectStore>,
    prefix: path::Path,
    runtime: Runtime,
}

impl Bucket {
    /// Whether an address is that of an object store.
    pub fn is_address(address: &str) -> bool {
        let stores = [
            "s3://", "s3a://", "gs://", "az://", "azure://", "abfs://", "abfss://",
        ];
        stores.iter().any(|scheme| address.starts_with(scheme))
    }

    /// Opens a store; nothing is asked of it yet.
    ///
    /// # Errors
    /// Where the address or a variable cannot be understood.
    pub fn open(address: &str) -> Result<Self> {
        let other = |source| object_store::Error::Generic {
            store: "address",
            source,
        };
        // An error says that somebody chose a provider before, which then serves as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let url = Url::parse(address).map_err(|e| other(e.into()))?;
        let known = |name: &str| VARIABLES.iter().any(|start| name.starts_with(start));
        let variables = std::env::vars().filter(|(name, _)| known(name));
        let (store, prefix) = object_store::parse_url_opts(&url, variables)?;
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|e| other(e.into()))?;
        Ok(Self {
            store: store.into(),
            prefix,
            runtime,
        })
    }

    /// The names of the objects below the prefix.
    ///
    /// # Errors
    /// Where the store does not answer.
    pub fn names(&self) -> Result<Vec<String>> {
        let listed = self.store.list(Some(&self.prefix));
        let listed: Vec<_> = self.runtime.block_on(listed.try_collect())?;
        let names = listed
            .iter()
            .filter_map(|object| object.location.filename());
        Ok(names.map(str::to_owned).collect())
    }

    /// Sends a file. It is there under its name when all of it is, and not before.
    ///
    /// # Errors
    /// Where the file cannot be read or the store does not take it.
    pub fn send(&self, file: &Path, name: &str) -> Result<()> {
        let failed = |e: std::io::Error| object_store::Error::Generic {
            store: "upload",
            source: e.into(),
        };
        let mut file = File::open(file).map_err(failed)?;
        let mut writer = BufWriter::new(Arc::clone(&self.store), self.object(name));
        self.runtime.block_on(async {
            loop {
                let mut piece = Vec::with_capacity(PIECE);
                let limit = PIECE as u64;
                if (&mut file)
                    .take(limit)
                    .read_to_end(&mut piece)
                    .map_err(failed)?
                    == 0
                {
                    break;
                }
                writer.put(piece.into()).await?;
            }
            writer.shutdown().await.map_err(failed)
        })
    }

    /// Fetches an object into a file; whether it was there.
    ///
    /// # Errors
    /// Where the store does not answer or the file cannot be written.
    pub fn fetch(&self, name: &str, to: &mut File) -> Result<bool> {
        let failed = |e: std::io::Error| object_store::Error::Generic {
            store: "download",
            source: e.into(),
        };
        self.runtime.block_on(async {
            let object = match self.store.get(&self.object(name)).await {
                Err(object_store::Error::NotFound { .. }) => return Ok(false),
                object => object?,
            };
            let mut pieces = object.into_stream();
            while let Some(piece) = pieces.try_next().await? {
                to.write_all(&piece).map_err(failed)?;
            }
            Ok(true)
        })
    }

    fn object(&self, name: &str) -> path::Path {
        self.prefix.clone().join(name)
    }
}
