//! Films, sounds and other pages within a page: where they are. Never writes Markdown.

use dom_query::NodeRef;
use url::Url;

/// Hosts whose frames are parts of texts. Other frames are mostly advertisements, unless they may fill the screen.
const HOSTS: &[&str] = &[
    "youtube.com",
    "youtube-nocookie.com",
    "youtu.be",
    "vimeo.com",
    "dailymotion.com",
    "twitch.tv",
    "ted.com",
    "wistia.com",
    "wistia.net",
    "brightcove.net",
    "jwplayer.com",
    "streamable.com",
    "rutube.ru",
    "vk.com",
    "bilibili.com",
    "soundcloud.com",
    "spotify.com",
    "bandcamp.com",
    "mixcloud.com",
    "deezer.com",
    "podbean.com",
    "libsyn.com",
    "megaphone.fm",
    "acast.com",
    "audioboom.com",
    "archive.org",
    "scribd.com",
    "slideshare.net",
    "issuu.com",
    "documentcloud.org",
    "datawrapper.de",
    "dwcdn.net",
    "flourish.studio",
    "infogram.com",
    "tableau.com",
    "google.com",
    "openstreetmap.org",
    "twitter.com",
    "instagram.com",
    "tiktok.com",
    "facebook.com",
    "reddit.com",
    "codepen.io",
    "jsfiddle.net",
    "giphy.com",
    "imgur.com",
];

/// The address of what an element shows, as it is written; `None` for what readers did not see.
pub(super) fn address(node: &NodeRef<'_>) -> Option<String> {
    let is_small = |name: &str| {
        let size = node.attr(name);
        size.is_some_and(|size| {
            size.trim()
                .trim_end_matches("px")
                .parse::<u32>()
                .is_ok_and(|n| n <= 2)
        })
    };
    if is_small("width") || is_small("height") {
        return None;
    }
    let of = |node: &NodeRef<'_>| {
        let named = ["src", "data-src", "data-lazy-src"];
        let mut named = named.iter().filter_map(|name| node.attr(name));
        named.find(|address| !address.trim().is_empty() && !address.starts_with("about:"))
    };
    let is_source = |below: &NodeRef<'_>| below.has_name("source");
    let own = of(node).or_else(|| {
        node.descendants_it()
            .take(20)
            .filter(is_source)
            .find_map(|below| of(&below))
    });
    let address = own?.to_string();
    if node.has_name("iframe") && !node.has_attr("allowfullscreen") {
        let address = address
            .strip_prefix("//")
            .map_or_else(|| address.clone(), |rest| format!("https://{rest}"));
        let host = host(&address)?;
        let is_known = |known: &&str| {
            host.strip_suffix(*known)
                .is_some_and(|before| before.is_empty() || before.ends_with('.'))
        };
        HOSTS.iter().find(|known| is_known(known))?;
    }
    Some(address)
}

/// The host of an address, without `www.`.
pub(super) fn host(address: &str) -> Option<String> {
    let url = Url::parse(address).ok()?;
    let host = url.host_str()?;
    Some(host.strip_prefix("www.").unwrap_or(host).to_owned())
}
