//! robots.txt (RFC 9309).

use tera::Value;

use super::View;
use super::site_page::SitePage;
use super::template_context::{self, Frame};
use crate::model::Class;

/// The paths that robots may visit, and the address of the sitemap.
pub static ROBOTS: SitePage = SitePage {
    name: "robots",
    class: Class::Entrance,
    path: "robots.txt",
    template: "robots.txt",
    title: "",
    is_in_menu: false,
    is_in_sitemap: false,
    exists: None,
    context,
};

fn context(view: &View<'_>, frame: Frame<'_>) -> Vec<(&'static str, Value)> {
    let sitemap = template_context::url(view, "sitemap.xml");
    frame.context(view, &[("sitemap", sitemap)])
}
