//! Requests to other hosts: with a user agent, one a second for each host, and never to this machine or its own network, which
//! the link of a stranger must not reach.

use std::error::Error;
use std::fmt;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::{Client, Method, StatusCode, redirect};
use tokio::runtime::Runtime;
use tokio::time::{Instant, sleep_until};
use url::Url;

use crate::diagnostics::{Code, Diagnostic, Result};

/// The time from one request to a host to the next.
const INTERVAL: Duration = Duration::from_secs(1);

/// How long a host may take to answer.
const TIMEOUT: Duration = Duration::from_secs(10);

/// How many redirects are followed.
const REDIRECTS: usize = 10;

const USER_AGENT: &str = concat!("backfile/", env!("CARGO_PKG_VERSION"), " (+link check)");

/// What is known of an address after it was requested.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum LinkStatus {
    Found,
    /// It no longer exists, by the status of its host: 404 or 410.
    Gone(u16),
    /// No host has that name.
    NoHost,
    Unsure,
}

/// A client for requests to other hosts.
pub(crate) struct Network {
    client: Client,
    runtime: Runtime,
    allows_local: bool,
}

impl Network {
    /// `allows_local` where the website itself is on this machine or its own network.
    ///
    /// # Errors
    /// Where this machine cannot use the network at all.
    pub(crate) fn open(allows_local: bool) -> Result<Self> {
        // An error means that a provider was installed before, which works too.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let failed = |e: &dyn fmt::Display| {
            Diagnostic::error(
                Code::Machine,
                "",
                format!("the network cannot be used: {e}"),
            )
        };
        let follow = redirect::Policy::custom(move |next| {
            let is_global = allows_local || !is_local(next.url().host_str().unwrap_or_default());
            match is_global && next.previous().len() < REDIRECTS {
                true => next.follow(),
                false => next.stop(),
            }
        });
        let mut client = Client::builder()
            .user_agent(USER_AGENT)
            .timeout(TIMEOUT)
            .redirect(follow)
            .dns_resolver(Arc::new(Resolver { allows_local }));
        if allows_local {
            client = client.no_proxy();
        }
        Ok(Self {
            client: client.build().map_err(|e| failed(&e))?,
            runtime: tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .map_err(|e| failed(&e))?,
            allows_local,
        })
    }

    pub(crate) fn run<T>(&self, work: impl Future<Output = T>) -> T {
        self.runtime.block_on(work)
    }

    /// Requests the addresses of one host, one after the other. A host that does not answer or limits requests is not asked
    /// again. `on_answer` is called after each address.
    pub(crate) async fn ask_host(
        &self,
        links: Vec<(Url, u32)>,
        on_answer: &dyn Fn(),
    ) -> Vec<(Url, u32, LinkStatus)> {
        let mut requests = HostRequests {
            client: &self.client,
            next: Instant::now(),
            settled: None,
        };
        let host = links.first().and_then(|(url, _)| url.host_str());
        if !self.allows_local && is_local(host.unwrap_or_default()) {
            requests.settled = Some(LinkStatus::Unsure);
        }
        let mut answers = Vec::with_capacity(links.len());
        for (url, page) in links {
            let answer = match requests.settled {
                Some(answer) => answer,
                None => requests.ask(&url).await,
            };
            answers.push((url, page, answer));
            on_answer();
        }
        answers
    }
}

/// The state of the requests to one host.
struct HostRequests<'n> {
    client: &'n Client,
    /// When the next request may be sent.
    next: Instant,
    /// The status of all further addresses.
    settled: Option<LinkStatus>,
}

impl HostRequests<'_> {
    async fn ask(&mut self, url: &Url) -> LinkStatus {
        let mut answer = self.request(Method::HEAD, url).await;
        // Some servers do not support HEAD, and answer it with various errors.
        let is_refused = |status: &StatusCode| {
            *status == StatusCode::NOT_IMPLEMENTED
                || (status.is_client_error() && *status != StatusCode::TOO_MANY_REQUESTS)
        };
        if answer.as_ref().is_ok_and(is_refused) {
            answer = self.request(Method::GET, url).await;
        }
        match answer {
            Ok(status) => self.status_of(status),
            Err(error) => self.failed(&error),
        }
    }

    async fn request(&mut self, method: Method, url: &Url) -> reqwest::Result<StatusCode> {
        sleep_until(self.next).await;
        self.next = Instant::now() + INTERVAL;
        // The body of the answer is never read.
        let answer = self.client.request(method, url.clone()).send().await?;
        Ok(answer.status())
    }

    fn status_of(&mut self, status: StatusCode) -> LinkStatus {
        match status {
            StatusCode::NOT_FOUND | StatusCode::GONE => LinkStatus::Gone(status.as_u16()),
            StatusCode::TOO_MANY_REQUESTS => {
                self.settled = Some(LinkStatus::Unsure);
                LinkStatus::Unsure
            }
            status if status.is_success() || status.is_redirection() => LinkStatus::Found,
            _ => LinkStatus::Unsure,
        }
    }

    fn failed(&mut self, error: &reqwest::Error) -> LinkStatus {
        let mut source: Option<&(dyn Error + 'static)> = Some(error);
        let mut is_unknown = false;
        while let Some(error) = source {
            is_unknown |= error.is::<NoHost>();
            source = error.source();
        }
        let answer = if is_unknown {
            LinkStatus::NoHost
        } else {
            LinkStatus::Unsure
        };
        if error.is_connect() || error.is_timeout() {
            self.settled = Some(answer);
        }
        answer
    }
}

/// Resolves names, without the addresses of this machine and its network.
struct Resolver {
    allows_local: bool,
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let allows_local = self.allows_local;
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await;
            let found = found.map_err(|error| -> Box<dyn Error + Send + Sync> {
                // A name server that does not answer proves nothing about the name.
                match error.to_string().to_lowercase().contains("temporary") {
                    true => error.into(),
                    false => NoHost.into(),
                }
            })?;
            let global: Vec<SocketAddr> = found
                .filter(|a| allows_local || is_global(a.ip()))
                .collect();
            match global.is_empty() {
                true => Err("its address is on this machine or its own network".into()),
                false => Ok(Box::new(global.into_iter()) as Addrs),
            }
        })
    }
}

/// The error for a name that no host has.
#[derive(Debug)]
struct NoHost;

impl fmt::Display for NoHost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no host has that name")
    }
}

impl Error for NoHost {}

/// Whether a host, as it is written in an address, is this machine or on its own network, as global as the name shows.
pub(crate) fn is_local(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    let is_address = name.parse::<IpAddr>().is_ok_and(|ip| !is_global(ip));
    is_address || name == "localhost" || name.ends_with(".localhost")
}

/// Whether an address is global (RFC 6890).
fn is_global(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_global_v4(ip),
        IpAddr::V6(ip) => is_global_v6(ip),
    }
}

fn is_global_v4(ip: Ipv4Addr) -> bool {
    let [a, b, ..] = ip.octets();
    let is_shared = a == 100 && (64..128).contains(&b);
    let is_reserved = a == 0
        || a >= 224
        || (a == 192 && b == 0 && ip.octets()[2] == 0)
        || (a == 198 && b & 0xfe == 18);
    !(ip.is_private() || ip.is_loopback() || ip.is_link_local() || is_shared || is_reserved)
}

fn is_global_v6(ip: Ipv6Addr) -> bool {
    let [first, second, third, fourth, ..] = ip.segments();
    // IPv4 addresses embedded in IPv6 addresses.
    let is_embedded = (first, second, third, fourth) == (0x64, 0xff9b, 0, 0);
    if let Some(inner) = ip
        .to_ipv4_mapped()
        .or_else(|| is_embedded.then(|| embedded(ip)))
    {
        return is_global_v4(inner);
    }
    // Global unicast addresses begin with the bits 001.
    first >> 13 == 1
}

fn embedded(ip: Ipv6Addr) -> Ipv4Addr {
    let octets = ip.octets();
    Ipv4Addr::new(octets[12], octets[13], octets[14], octets[15])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn this_machine_and_its_network_are_local() {
        for host in [
            "localhost",
            "LOCALHOST:8000",
            "a.localhost.",
            "127.0.0.1",
            "127.1.2.3:80",
            "10.0.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "[::1]:80",
            "[fe80::1]",
            "[fd00::1]",
            "[::ffff:127.0.0.1]",
            "[64:ff9b::7f00:1]",
        ] {
            assert!(is_local(host), "{host}");
        }
        for host in [
            "example.org",
            "93.184.215.14",
            "[2606:2800::1]:443",
            "10.example.org",
            "",
        ] {
            assert!(!is_local(host), "{host}");
        }
    }
}
