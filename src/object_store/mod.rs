//! Objects below a prefix in an object store, where the program was built with the feature `buckets`.
//! Knows the addresses of stores; never knows what an object means.

#[cfg(feature = "buckets")]
mod bucket;
#[cfg(feature = "buckets")]
mod credentials;
#[cfg(not(feature = "buckets"))]
mod left_out;

#[cfg(feature = "buckets")]
pub(crate) use bucket::*;
#[cfg(not(feature = "buckets"))]
pub(crate) use left_out::*;

/// Whether an address is that of an object store.
pub(crate) fn is_address(address: &str) -> bool {
    let stores = [
        "s3://", "s3a://", "gs://", "az://", "azure://", "abfs://", "abfss://",
    ];
    stores.iter().any(|scheme| address.starts_with(scheme))
}
