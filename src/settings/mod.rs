//! What `backfile.toml` and `topics.toml` may say: plain data, and their errors.
//! Every key has a default, and an empty file is a valid site.

mod import;
mod publish;
mod topics;
pub mod topics_file;

pub use import::{Field, FieldNames, ImportSettings, Names, Repairs};
pub use publish::{Compressed, Encoding, TargetSettings};
pub use topics::TopicSettings;
pub use topics_file::TopicDefinition;

use std::collections::BTreeMap;
use std::path::Path;

use chrono_tz::Tz;
use serde::{Deserialize, Serialize, Serializer};

use crate::diagnostics::{Code, Diagnostic, Failure, Result};
use crate::model::json::json_map;
use crate::model::library::Permalink;

/// What `backfile.toml` says.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Settings {
    /// All of `[site]` with defaults filled in, as templates see it.
    pub site: serde_json::Map<String, serde_json::Value>,
    pub title: String,
    /// A BCP 47 tag.
    pub language: String,
    /// With its scheme and without a `/` at its end; None where the site has no address yet.
    pub base_url: Option<String>,
    /// The zone of dates without an offset.
    #[serde(serialize_with = "zone_name")]
    pub zone: Tz,
    /// Whether pages may load pictures from other hosts.
    pub remote_images: bool,
    pub permalink: Permalink,
    /// Whether the archive has a page for each day.
    pub day_pages: bool,
    pub theme_name: String,
    /// `[theme]`: laid over the values of `theme.toml`.
    pub theme: serde_json::Map<String, serde_json::Value>,
    pub import: ImportSettings,
    pub topics: TopicSettings,
    /// `[publish.NAME]`: targets by their names.
    pub publish: BTreeMap<String, TargetSettings>,
}

#[derive(Deserialize, Default)]
#[serde(default, deny_unknown_fields)]
struct File {
    site: SiteTable,
    theme: toml::Table,
    import: ImportSettings,
    topics: TopicSettings,
    publish: BTreeMap<String, toml::Spanned<TargetSettings>>,
}

/// The keys of `[site]` that the program itself reads; any other is for templates.
#[derive(Deserialize)]
#[serde(default)]
struct SiteTable {
    title: String,
    description: String,
    language: String,
    base_url: Option<toml::Spanned<String>>,
    timezone: Option<toml::Spanned<String>>,
    permalink: Option<toml::Spanned<String>>,
    day_pages: bool,
    theme: String,
    remote_images: bool,
    menu: Option<Vec<MenuItem>>,
}

impl Default for SiteTable {
    fn default() -> Self {
        Self {
            title: "The archive".to_owned(),
            description: String::new(),
            language: "en".to_owned(),
            base_url: None,
            timezone: None,
            permalink: None,
            day_pages: true,
            theme: "broadsheet".to_owned(),
            remote_images: false,
            menu: None,
        }
    }
}

#[derive(Deserialize, serde::Serialize, Clone)]
#[serde(deny_unknown_fields)]
struct MenuItem {
    name: String,
    path: String,
}

impl MenuItem {
    /// With the path of a page as templates can use it, or the address of another website.
    fn for_templates(self) -> serde_json::Value {
        let Self { name, path } = self;
        let is_outside = ["https://", "http://", "mailto:"]
            .iter()
            .any(|scheme| path.starts_with(scheme));
        let path = match is_outside {
            true => path,
            false => match path.trim_start_matches('/') {
                folder if folder.is_empty() || folder.ends_with('/') => {
                    format!("{folder}index.html")
                }
                page => page.to_owned(),
            },
        };
        serde_json::json!({ "name": name, "path": path, "is_outside": is_outside })
    }
}

/// Reads the settings; a file that is not there is an empty one.
///
/// # Errors
/// With path, line and column where the file is not TOML, a key has another type or a value means nothing.
pub fn read(path: &Path) -> Result<Settings> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(Diagnostic::io(path, "read the settings", &error).into()),
    };
    let shown = path
        .file_name()
        .map_or_else(String::new, |n| n.to_string_lossy().into_owned());
    parse(&shown, &text)
}

fn parse(path: &str, text: &str) -> Result<Settings> {
    let at = |span: Option<std::ops::Range<usize>>, what: String, hint: &str| -> Failure {
        Diagnostic::error(Code::Unclassified, path, what)
            .at_byte(text, span.map_or(0, |s| s.start))
            .hint(hint)
            .into()
    };
    let file: File = toml::from_str(text).map_err(|e| {
        at(
            e.span(),
            e.message().to_owned(),
            "docs/settings.md lists every setting",
        )
    })?;
    let open: toml::Table = toml::from_str(text).unwrap_or_default();
    let SiteTable {
        title,
        description,
        language,
        base_url,
        timezone,
        permalink,
        day_pages,
        theme,
        remote_images,
        menu,
    } = file.site;

    let base_url = base_url
        .map(|url| {
            let span = url.span();
            let trimmed = url.get_ref().trim_end_matches('/').to_owned();
            let host = trimmed
                .strip_prefix("https://")
                .or_else(|| trimmed.strip_prefix("http://"));
            match host {
                Some(host) if !host.is_empty() && !host.contains(['?', '#', ' ']) => Ok(trimmed),
                _ => Err(at(
                    Some(span),
                    format!("`{trimmed}` is not a web address"),
                    "write it as https://example.org",
                )),
            }
        })
        .transpose()?;
    let zone = match timezone {
        None => Tz::UTC,
        Some(name) => name.get_ref().parse().map_err(|_| {
            at(
                Some(name.span()),
                format!("`{}` is not a time zone", name.get_ref()),
                "write it as Europe/Paris",
            )
        })?,
    };
    let permalink = match permalink {
        None => Permalink::default(),
        Some(pattern) => pattern.get_ref().parse().map_err(|why| {
            let what = format!(
                "the permalink `{}` cannot be used: {why}",
                pattern.get_ref()
            );
            at(
                Some(pattern.span()),
                what,
                "the default is {year}/{month}/{day}/{slug}.html",
            )
        })?,
    };
    if theme.is_empty() || theme.contains(['/', '\\']) || theme.starts_with('.') {
        return Err(at(
            None,
            format!("`{theme}` is not a theme's name"),
            "name a folder in themes/",
        ));
    }

    let publish = file.publish.into_iter().map(|(name, target)| {
        let span = target.span();
        let settings = target.into_inner();
        match settings.mistake() {
            Some((what, hint)) => Err(at(Some(span), format!("`[publish.{name}]`: {what}"), hint)),
            None => Ok((name, settings)),
        }
    });
    let publish = publish.collect::<Result<_>>()?;

    let mut site = match open.get("site") {
        Some(toml::Value::Table(table)) => json_map(table.clone()),
        _ => serde_json::Map::new(),
    };
    site.insert("title".into(), title.clone().into());
    site.insert("description".into(), description.into());
    site.insert("language".into(), language.clone().into());
    site.insert("base_url".into(), base_url.clone().into());
    if let Some(menu) = menu {
        let menu: Vec<_> = menu.into_iter().map(MenuItem::for_templates).collect();
        site.insert("menu".into(), menu.into());
    }
    Ok(Settings {
        site,
        title,
        language,
        base_url,
        zone,
        remote_images,
        permalink,
        day_pages,
        theme_name: theme,
        theme: json_map(file.theme),
        import: file.import,
        topics: file.topics,
        publish,
    })
}

fn zone_name<S: Serializer>(zone: &Tz, serializer: S) -> std::result::Result<S::Ok, S::Error> {
    serializer.serialize_str(zone.name())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_empty_file_is_a_valid_site() {
        let settings = parse("backfile.toml", "").unwrap();
        assert_eq!(
            (settings.title.as_str(), settings.zone, settings.base_url),
            ("The archive", Tz::UTC, None)
        );
    }

    #[test]
    fn what_the_program_does_not_know_in_site_is_for_templates() {
        let settings = parse(
            "backfile.toml",
            "[site]\nmotto = \"Calm\"\nfounded = 1923-04-01\n",
        )
        .unwrap();
        assert_eq!(settings.site["motto"], "Calm");
        assert_eq!(settings.site["founded"], "1923-04-01");
    }

    #[test]
    fn each_mistake_says_where_and_what_to_do() {
        for (text, line, what) in [
            ("[site]\ntitle = 3\n", 2, "invalid type"),
            (
                "[site]\n\nbase_url = \"example.org\"\n",
                3,
                "`example.org` is not a web address",
            ),
            (
                "[site]\ntimezone = \"Paris\"\n",
                2,
                "`Paris` is not a time zone",
            ),
            (
                "[site]\npermalink = \"{yaer}.html\"\n",
                2,
                "`{yaer}` is not one of",
            ),
            ("[imprt]\n", 1, "unknown field `imprt`"),
            ("[site\n", 1, ""),
        ] {
            let Failure(found) = parse("backfile.toml", text).unwrap_err();
            assert_eq!(
                (found[0].line, found[0].path.as_str()),
                (line, "backfile.toml"),
                "{text}"
            );
            assert!(
                found[0].what.contains(what) && found[0].hint.is_some(),
                "{:?}",
                found[0]
            );
        }
    }
}
