//! robots.txt (RFC 9309).

use tera::Value;

use super::View;
use super::site_page::SitePage;
use super::template_context::{self, Frame};

/// The paths that robots may visit, and the address of the sitemap.
pub(crate) static ROBOTS: SitePage = SitePage {
    name: "robots",
    path: "robots.txt",
    template: "robots.txt",
    context,
    ..SitePage::BASE
};

fn context(view: &View<'_>, frame: Frame<'_>) -> Vec<(&'static str, Value)> {
    let sitemap = template_context::url(view, "sitemap.xml");
    frame.context(view, &[("sitemap", sitemap)])
}
