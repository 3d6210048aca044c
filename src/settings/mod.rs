//! What `backfile.toml` and `topics.toml` may contain: plain data, and their errors.
//! Every key has a default, and an empty file is a valid site.

mod import;
mod messages;
mod publish;
mod topic_definition;
mod topics;
pub mod topics_file;

pub use import::{Field, FieldNames, ImportSettings, Names, Repairs};
pub use publish::{Compressed, Encoding, Stored, TargetSettings};
pub use topic_definition::{TextPart, TopicDefinition};
pub use topics::TopicSettings;

use std::collections::BTreeMap;
use std::ops::Range;
use std::path::Path;

use chrono_tz::Tz;
use serde::{Deserialize, Serialize, Serializer};
use toml::Spanned;

use crate::diagnostics::{Code, Diagnostic, Failure};
use crate::model::json::json_map;
use crate::model::lang;
use crate::model::library::Permalink;
use crate::model::nearest::nearest;
use messages::Mistake;

/// The settings of `backfile.toml`.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Settings {
    /// All of `[site]` with defaults filled in, as templates see it.
    pub site: serde_json::Map<String, serde_json::Value>,
    pub title: String,
    /// The permanent name of the archive, from which the ids of its feeds are made; its title by default.
    pub id: String,
    /// A BCP 47 tag.
    pub language: String,
    /// With its scheme and without a trailing `/`; `None` if the site has no address yet.
    pub base_url: Option<String>,
    /// The time zone of dates without an offset.
    #[serde(serialize_with = "zone_name")]
    pub zone: Tz,
    /// Whether pages may load pictures from other hosts.
    pub remote_images: bool,
    pub permalink: Permalink,
    /// Whether the archive has a page for each day.
    pub day_pages: bool,
    pub theme_name: String,
    /// `[theme]`: overrides values of `theme.toml`.
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
    publish: BTreeMap<String, Spanned<TargetSettings>>,
}

/// The keys of `[site]`; those of one's own, for templates, are in `[site.extra]`.
#[derive(Deserialize)]
#[serde(default, deny_unknown_fields)]
struct SiteTable {
    title: String,
    id: Option<String>,
    description: String,
    language: Spanned<String>,
    base_url: Option<Spanned<String>>,
    timezone: Option<Spanned<String>>,
    permalink: Option<Spanned<String>>,
    day_pages: bool,
    theme: Spanned<String>,
    remote_images: bool,
    menu: Option<Vec<MenuItem>>,
    extra: toml::Table,
}

impl Default for SiteTable {
    fn default() -> Self {
        Self {
            title: "The archive".to_owned(),
            id: None,
            description: String::new(),
            language: Spanned::new(0..0, "en".to_owned()),
            base_url: None,
            timezone: None,
            permalink: None,
            day_pages: true,
            theme: Spanned::new(0..0, "broadsheet".to_owned()),
            remote_images: false,
            menu: None,
            extra: toml::Table::new(),
        }
    }
}

#[derive(Deserialize, Clone)]
#[serde(deny_unknown_fields)]
struct MenuItem {
    name: String,
    path: String,
}

impl MenuItem {
    /// The path is that of a page, with the file name of a folder's page, or the address of another website.
    fn for_templates(&self) -> serde_json::Value {
        let Self { name, path } = self;
        let is_outside = ["https://", "http://", "mailto:"]
            .iter()
            .any(|scheme| path.starts_with(scheme));
        let path = match is_outside {
            true => path.clone(),
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

impl Settings {
    /// Sets the address of the website, unless the file has one.
    ///
    /// # Errors
    /// If it is not a web address.
    pub fn set_address(&mut self, address: &str) -> Result<(), String> {
        if self.base_url.is_none() {
            let address = web_address(address)?;
            self.site.insert("base_url".into(), address.as_str().into());
            self.base_url = Some(address);
        }
        Ok(())
    }
}

/// An address without the `/` at its end.
///
/// # Errors
/// If it is not a web address.
fn web_address(written: &str) -> Result<String, String> {
    let trimmed = written.trim_end_matches('/');
    let schemes = ["https://", "http://"];
    let host = schemes.iter().find_map(|s| trimmed.strip_prefix(s));
    let is_host = |host: &str| !host.is_empty() && !host.contains(['?', '#', ' ']);
    match host.is_some_and(is_host) {
        true => Ok(trimmed.to_owned()),
        false => Err(format!("`{trimmed}` is not a web address")),
    }
}

/// Reads the settings; a missing file counts as an empty one.
///
/// # Errors
/// With path, line and column, if the file is not TOML, or a key is unknown or has a value that cannot be used.
pub fn read(path: &Path) -> Result<Settings, Failure> {
    let text = match std::fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(error) => return Err(Diagnostic::io(path, "read the settings", &error).into()),
    };
    let shown = path
        .file_name()
        .map_or_else(String::new, |n| n.to_string_lossy().into_owned());
    Ok(parse(&shown, &text)?)
}

fn parse(path: &str, text: &str) -> Result<Settings, Diagnostic> {
    let source = Source { path, text };
    let file: File = toml::from_str(text).map_err(|e| {
        let Mistake { what, hint } = messages::mistake(e.message());
        let place = e.span().unwrap_or_default().start;
        let is_own = what.contains("no key") && source.is_in_site(place);
        let hint = match hint {
            Some(hint) if hint.ends_with('?') || !is_own => hint,
            _ if is_own => "keys of your own, for templates, stand under [site.extra]".to_owned(),
            _ => "`backfile docs settings` lists every setting".to_owned(),
        };
        let span = e.span().unwrap_or_default();
        source
            .error(Code::SettingsUnreadable, span, what)
            .hint(hint)
    })?;
    let site = file.site;
    let base_url = site.base_url.as_ref().map(|url| source.base_url(url));
    let base_url = base_url.transpose()?;
    let zone = site.timezone.as_ref().map(|name| source.zone(name));
    let permalink = site.permalink.as_ref().map(|p| source.permalink(p));
    let publish = file.publish.into_iter();
    Ok(Settings {
        site: site_for_templates(&site, base_url.as_deref(), text),
        base_url,
        zone: zone.transpose()?.unwrap_or(Tz::UTC),
        permalink: permalink.transpose()?.unwrap_or_default(),
        theme_name: source.theme_name(&site.theme)?,
        id: site.id.unwrap_or_else(|| site.title.clone()),
        language: source.language(&site.language)?,
        title: site.title,
        remote_images: site.remote_images,
        day_pages: site.day_pages,
        theme: json_map(file.theme),
        import: file.import,
        topics: file.topics,
        publish: publish
            .map(|(name, target)| source.target(name, target))
            .collect::<Result<_, _>>()?,
    })
}

/// All of `[site]` as templates see it, with the defaults of the keys that every page needs.
fn site_for_templates(
    site: &SiteTable,
    base_url: Option<&str>,
    text: &str,
) -> serde_json::Map<String, serde_json::Value> {
    let mut file: toml::Table = toml::from_str(text).unwrap_or_default();
    let mut values = match file.remove("site") {
        Some(toml::Value::Table(table)) => json_map(table),
        _ => serde_json::Map::new(),
    };
    values.insert("title".into(), site.title.as_str().into());
    values.insert("description".into(), site.description.as_str().into());
    values.insert("language".into(), site.language.get_ref().as_str().into());
    values.insert("extra".into(), json_map(site.extra.clone()).into());
    values.insert("base_url".into(), base_url.into());
    // The page kinds give the menu of a site that configures none.
    if let Some(menu) = &site.menu {
        let menu = menu.iter().map(MenuItem::for_templates);
        values.insert("menu".into(), menu.collect());
    }
    values
}

/// A settings file, with the rule of each key that the type of its value does not express.
struct Source<'a> {
    path: &'a str,
    text: &'a str,
}

impl Source<'_> {
    fn error(&self, code: Code, span: Range<usize>, what: impl Into<String>) -> Diagnostic {
        Diagnostic::error(code, self.path, what).at_byte(self.text, span.start)
    }

    fn invalid(&self, span: Range<usize>, what: String, hint: &str) -> Diagnostic {
        self.error(Code::SettingInvalid, span, what).hint(hint)
    }

    fn base_url(&self, url: &Spanned<String>) -> Result<String, Diagnostic> {
        web_address(url.get_ref())
            .map_err(|what| self.invalid(url.span(), what, "write it as https://example.org"))
    }

    /// Whether a byte is in the table `[site]`, as far as its heading tells.
    fn is_in_site(&self, byte: usize) -> bool {
        let before = self.text.get(..byte).unwrap_or_default();
        let mut headings = before
            .lines()
            .rev()
            .map(str::trim)
            .filter(|line| line.starts_with('['));
        headings
            .next()
            .is_some_and(|heading| heading.starts_with("[site]"))
    }

    fn language(&self, language: &Spanned<String>) -> Result<String, Diagnostic> {
        let text = language.get_ref();
        match lang::tag(text) {
            Some(_) => Ok(text.clone()),
            None => Err(self.invalid(
                language.span(),
                format!("`{text}` is not the code of a language"),
                &lang::hint(text),
            )),
        }
    }

    fn zone(&self, name: &Spanned<String>) -> Result<Tz, Diagnostic> {
        name.get_ref().parse().map_err(|_| {
            let zones = chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name());
            let last = |zone: &'static str| zone.rsplit('/').next().unwrap_or(zone);
            let known = zones
                .clone()
                .find(|zone| last(zone).eq_ignore_ascii_case(name.get_ref()));
            let hint = match known.or_else(|| nearest(name.get_ref(), zones)) {
                Some(zone) => format!("did you mean `{zone}`?"),
                None => "write it as Europe/Paris".to_owned(),
            };
            let what = format!("`{}` is not a time zone", name.get_ref());
            self.invalid(name.span(), what, &hint)
        })
    }

    fn permalink(&self, pattern: &Spanned<String>) -> Result<Permalink, Diagnostic> {
        let text = pattern.get_ref();
        text.parse().map_err(|why| {
            self.invalid(
                pattern.span(),
                format!("the permalink `{text}` cannot be used: {why}"),
                "the default is {year}/{month}/{day}/{slug}.html",
            )
        })
    }

    fn theme_name(&self, name: &Spanned<String>) -> Result<String, Diagnostic> {
        let text = name.get_ref();
        if text.is_empty() || text.contains(['/', '\\']) || text.starts_with('.') {
            return Err(self.invalid(
                name.span(),
                format!("`{text}` is not the name of a theme"),
                "name a folder in themes/",
            ));
        }
        Ok(text.clone())
    }

    fn target(
        &self,
        name: String,
        target: Spanned<TargetSettings>,
    ) -> Result<(String, TargetSettings), Diagnostic> {
        let span = target.span();
        let settings = target.into_inner();
        match settings.mistake() {
            Some((what, hint)) => {
                Err(self.invalid(span, format!("`[publish.{name}]`: {what}"), hint))
            }
            None => Ok((name, settings)),
        }
    }
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
    fn keys_of_ones_own_are_handed_to_templates() {
        let text = "[site.extra]\nmotto = \"Calm\"\nfounded = 1923-04-01\n";
        let settings = parse("backfile.toml", text).unwrap();
        assert_eq!(settings.site["extra"]["motto"], "Calm");
        assert_eq!(settings.site["extra"]["founded"], "1923-04-01");
    }

    #[test]
    fn each_error_has_a_place_and_a_hint() {
        for (text, line, what) in [
            ("[site]\ntitle = 3\n", 2, "this is a number"),
            (
                "[site]\nmotto = \"Calm\"\n",
                2,
                "there is no key `motto` here",
            ),
            (
                "[site]\n\nlanguage = \"deutsch\"\n",
                3,
                "`deutsch` is not the code",
            ),
            (
                "[site]\nmenu = [\"About\"]\n",
                2,
                "an entry of a menu is expected",
            ),
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
            (
                "[site]\ntheme = \"../x\"\n",
                2,
                "`../x` is not the name of a theme",
            ),
            ("[imprt]\n", 1, "there is no key `imprt` here"),
            ("[site\n", 1, ""),
        ] {
            let found = parse("backfile.toml", text).unwrap_err();
            assert_eq!(
                (found.line, found.path.as_str()),
                (line, "backfile.toml"),
                "{text}"
            );
            assert!(
                found.what.contains(what) && found.hint.is_some(),
                "{found:?}"
            );
        }
    }
}
