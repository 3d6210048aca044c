//! The page that hosts show for unknown paths. It is shown at any depth, so its links begin at the host's root.

use tera::Value;

use super::View;
use super::site_page::SitePage;
use super::template_context::Frame;

/// Its path.
pub(crate) const NOT_FOUND_PATH: &str = "404.html";

/// The page for unknown paths.
pub(crate) static NOT_FOUND: SitePage = SitePage {
    name: "404",
    path: NOT_FOUND_PATH,
    template: "404.html",
    title: "Page not found",
    context,
    ..SitePage::BASE
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
