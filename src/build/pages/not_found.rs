//! The page that hosts show for unknown paths. It is shown at any depth, so its links begin at the host's root.

use tera::Value;

use super::View;
use super::site_page::SitePage;
use super::template_context::Frame;
use crate::model::Class;

/// Its path.
pub const NOT_FOUND_PATH: &str = "404.html";

/// The page for unknown paths.
pub static NOT_FOUND: SitePage = SitePage {
    name: "404",
    class: Class::Entrance,
    path: NOT_FOUND_PATH,
    template: "404.html",
    title: "Page not found",
    is_in_menu: false,
    is_in_sitemap: false,
    exists: None,
    context,
};

fn context(view: &View<'_>, frame: Frame<'_>) -> Vec<(&'static str, Value)> {
    let mut context = frame.context::<()>(view, &[]);
    let base_path = view.settings.base_url.as_deref().and_then(|url| {
        let after_scheme = url.split_once("://")?.1;
        after_scheme
            .split_once('/')
            .map(|(_, path)| format!("/{path}/"))
    });
    let root = Value::from(base_path.unwrap_or_else(|| "/".to_owned()));
    for (_, value) in context.iter_mut().filter(|(name, _)| *name == "root") {
        *value = root.clone();
    }
    context
}
