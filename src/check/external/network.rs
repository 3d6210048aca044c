//! How other hosts are asked: with a name, one request a second, and never for what lies in this machine or its own network,
//! where a link of a stranger has nothing to look for.

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

/// From one request to a host to the next.
const PACE: Duration = Duration::from_secs(1);

/// So long a host may take to answer.
const PATIENCE: Duration = Duration::from_secs(10);

/// So often an address may lead on to another.
const REDIRECTS: usize = 10;

const AGENT: &str = concat!("backfile/", env!("CARGO_PKG_VERSION"), " (+link check)");

/// What is known of an address after it was asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    There,
    Gone(u16),
    NoHost,
    Unsure,
}

/// The way to other hosts.
pub struct Network {
    client: Client,
    runtime: Runtime,
    is_near_allowed: bool,
}

impl Network {
    /// `is_near_allowed` where the website itself is of this machine or its own network.
    ///
    /// # Errors
    /// Where the network of this machine cannot be used at all.
    pub fn open(is_near_allowed: bool) -> Result<Self> {
        // An error says that somebody chose a provider before, which then serves as well.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let failed = |e: &dyn fmt::Display| {
            Diagnostic::error(
                Code::Unclassified,
                "",
                format!("the network cannot be used: {e}"),
            )
        };
        let follow = redirect::Policy::custom(move |next| {
            let is_far = is_near_allowed || !is_near(next.url().host_str().unwrap_or_default());
            match is_far && next.previous().len() < REDIRECTS {
                true => next.follow(),
                false => next.stop(),
            }
        });
        let mut client = Client::builder()
            .user_agent(AGENT)
            .timeout(PATIENCE)
            .redirect(follow)
            .dns_resolver(Arc::new(Resolver { is_near_allowed }));
        if is_near_allowed {
            client = client.no_proxy();
        }
        Ok(Self {
            client: client.build().map_err(|e| failed(&e))?,
            runtime: tokio::runtime::Builder::new_current_thread()
                .enable_all()
                .build()
                .map_err(|e| failed(&e))?,
            is_near_allowed,
        })
    }

    pub fn run<T>(&self, work: impl Future<Output = T>) -> T {
        self.runtime.block_on(work)
    }

    /// Asks one host for addresses, one after the other. A host that does not answer, or that has enough, is not asked
    /// again. `tell` is called after each.
    pub async fn ask_host(
        &self,
        links: Vec<(Url, u32)>,
        tell: &dyn Fn(),
    ) -> Vec<(Url, u32, Answer)> {
        let mut asking = Asking {
            client: &self.client,
            next: Instant::now(),
            settled: None,
        };
        let host = links.first().and_then(|(url, _)| url.host_str());
        if !self.is_near_allowed && is_near(host.unwrap_or_default()) {
            asking.settled = Some(Answer::Unsure);
        }
        let mut answers = Vec::with_capacity(links.len());
        for (url, page) in links {
            let answer = match asking.settled {
                Some(answer) => answer,
                None => asking.ask(&url).await,
            };
            answers.push((url, page, answer));
            tell();
        }
        answers
    }
}

/// One host, being asked.
struct Asking<'n> {
    client: &'n Client,
    /// When it may be asked again.
    next: Instant,
    /// What holds for all its addresses.
    settled: Option<Answer>,
}

impl Asking<'_> {
    async fn ask(&mut self, url: &Url) -> Answer {
        let mut answer = self.request(Method::HEAD, url).await;
        // Some servers know no HEAD, and say so in many ways.
        let is_refused = |status: &StatusCode| {
            *status == StatusCode::NOT_IMPLEMENTED
                || (status.is_client_error() && *status != StatusCode::TOO_MANY_REQUESTS)
        };
        if answer.as_ref().is_ok_and(is_refused) {
            answer = self.request(Method::GET, url).await;
        }
        match answer {
            Ok(status) => self.said(status),
            Err(error) => self.failed(&error),
        }
    }

    async fn request(&mut self, method: Method, url: &Url) -> reqwest::Result<StatusCode> {
        sleep_until(self.next).await;
        self.next = Instant::now() + PACE;
        // The answer's body is never read.
        let answer = self.client.request(method, url.clone()).send().await?;
        Ok(answer.status())
    }

    fn said(&mut self, status: StatusCode) -> Answer {
        match status {
            StatusCode::NOT_FOUND | StatusCode::GONE => Answer::Gone(status.as_u16()),
            StatusCode::TOO_MANY_REQUESTS => {
                self.settled = Some(Answer::Unsure);
                Answer::Unsure
            }
            status if status.is_success() || status.is_redirection() => Answer::There,
            _ => Answer::Unsure,
        }
    }

    fn failed(&mut self, error: &reqwest::Error) -> Answer {
        let mut source: Option<&(dyn Error + 'static)> = Some(error);
        let mut is_unknown = false;
        while let Some(error) = source {
            is_unknown |= error.is::<NoHost>();
            source = error.source();
        }
        let answer = if is_unknown {
            Answer::NoHost
        } else {
            Answer::Unsure
        };
        if error.is_connect() || error.is_timeout() {
            self.settled = Some(answer);
        }
        answer
    }
}

/// Looks names up, and forgets the addresses that nobody is to be asked at.
struct Resolver {
    is_near_allowed: bool,
}

impl Resolve for Resolver {
    fn resolve(&self, name: Name) -> Resolving {
        let is_near_allowed = self.is_near_allowed;
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await;
            let found = found.map_err(|error| -> Box<dyn Error + Send + Sync> {
                // A name server that does not answer says nothing about the name.
                match error.to_string().to_lowercase().contains("temporary") {
                    true => error.into(),
                    false => NoHost.into(),
                }
            })?;
            let far: Vec<SocketAddr> = found
                .filter(|a| is_near_allowed || is_far(a.ip()))
                .collect();
            match far.is_empty() {
                true => Err("its address is of this machine or its own network".into()),
                false => Ok(Box::new(far.into_iter()) as Addrs),
            }
        })
    }
}

/// A name that no host has.
#[derive(Debug)]
struct NoHost;

impl fmt::Display for NoHost {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no host has that name")
    }
}

impl Error for NoHost {}

/// Whether a host, as it stands in an address, is plainly this machine or of its own network.
pub fn is_near(host: &str) -> bool {
    let name = match host.strip_prefix('[') {
        Some(rest) => rest.split(']').next().unwrap_or_default(),
        None => host.split(':').next().unwrap_or_default(),
    };
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    let is_address = name.parse::<IpAddr>().is_ok_and(|ip| !is_far(ip));
    is_address || name == "localhost" || name.ends_with(".localhost")
}

/// Whether an address may be anybody's (RFC 6890).
fn is_far(ip: IpAddr) -> bool {
    match ip {
        IpAddr::V4(ip) => is_far_v4(ip),
        IpAddr::V6(ip) => is_far_v6(ip),
    }
}

fn is_far_v4(ip: Ipv4Addr) -> bool {
    let [a, b, ..] = ip.octets();
    let is_shared = a == 100 && (64..128).contains(&b);
    let is_odd = a == 0
        || a >= 224
        || (a == 192 && b == 0 && ip.octets()[2] == 0)
        || (a == 198 && b & 0xfe == 18);
    !(ip.is_private() || ip.is_loopback() || ip.is_link_local() || is_shared || is_odd)
}

fn is_far_v6(ip: Ipv6Addr) -> bool {
    let [first, second, third, fourth, ..] = ip.segments();
    // Addresses of the older kind inside of those of the newer.
    let is_embedded = (first, second, third, fourth) == (0x64, 0xff9b, 0, 0);
    if let Some(inner) = ip
        .to_ipv4_mapped()
        .or_else(|| is_embedded.then(|| embedded(ip)))
    {
        return is_far_v4(inner);
    }
    // What is given out to networks begins with 001.
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
    fn this_machine_and_its_network_are_near() {
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
            assert!(is_near(host), "{host}");
        }
        for host in [
            "example.org",
            "93.184.215.14",
            "[2606:2800::1]:443",
            "10.example.org",
            "",
        ] {
            assert!(!is_near(host), "{host}");
        }
    }
}
