//! Templates, static files and values of a theme, in layers: the site's own override the theme's, and those override what
//! all themes share. Knows layers; never knows what a template contains.

use std::collections::BTreeMap;
use std::path::Path;

use include_dir::{Dir, include_dir};

use crate::diagnostics::{Code, Diagnostic, Result};
use crate::files;
use crate::model::nearest::nearest;
use crate::model::path::slashed;
use crate::model::subject::StaticSource;
use crate::site::Site;

/// The templates that all themes share.
static SHARED: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/templates");

/// The themes that are embedded in the program.
static THEMES: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/themes");

/// The theme of one site, with all layers merged.
#[derive(Debug, Clone, Default)]
pub struct Theme {
    /// By name.
    pub templates: BTreeMap<String, ThemeTemplate>,
    /// By path below the site's root.
    pub statics: BTreeMap<String, StaticSource>,
    pub values: serde_json::Map<String, serde_json::Value>,
}

/// A template's text, and its file for messages.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ThemeTemplate {
    pub text: String,
    pub shown: String,
}

/// Loads the site's theme.
///
/// # Errors
/// If there is no theme of that name, or its files cannot be read.
pub(crate) fn load(site: &Site) -> Result<Theme> {
    let name = &site.settings.theme_name;
    let embedded = THEMES.get_dir(name);
    let own = site.theme();
    if embedded.is_none() && !own.is_dir() {
        let embedded: Vec<String> = embedded_names().collect();
        let what = format!("there is no theme `{name}`");
        let near = nearest(name, embedded.iter().map(String::as_str));
        let hint = match near {
            Some(near) => format!("did you mean `{near}`?"),
            None => format!(
                "create a folder `themes/{name}`, or use one that comes with the program: {}",
                embedded.join(", ")
            ),
        };
        let error = site.settings_error(Code::ThemeUnknown, &format!("\"{name}\""), what);
        return Err(error.hint(hint).into());
    }
    let mut theme = Theme::default();
    add_embedded_templates(&mut theme, &SHARED, "templates");
    if let Some(dir) = embedded {
        add_embedded_theme(&mut theme, dir, name)?;
    }
    add_templates(&mut theme, site, &own.join("templates"))?;
    add_statics(&mut theme, &own.join("static"), true)?;
    let values = own.join("theme.toml");
    match std::fs::read_to_string(&values) {
        Ok(text) => add_values(&mut theme, &site.shown(&values), &text)?,
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => {}
        Err(error) => return Err(Diagnostic::io(&values, "read the theme", &error).into()),
    }
    add_templates(&mut theme, site, &site.templates())?;
    add_statics(&mut theme, &site.statics(), false)?;
    for (key, value) in &site.settings.theme {
        check_value(&theme, site, key, value)?;
    }
    theme.values.extend(site.settings.theme.clone());
    Ok(theme)
}

/// Checks a value of `[theme]` against the theme's own of the same name. A theme without values takes any.
fn check_value(theme: &Theme, site: &Site, key: &str, value: &serde_json::Value) -> Result<()> {
    let error = |what: String, hint: String| {
        site.settings_error(Code::SettingInvalid, key, what)
            .hint(hint)
    };
    let is_same_kind =
        |own: &serde_json::Value| std::mem::discriminant(own) == std::mem::discriminant(value);
    match theme.values.get(key) {
        _ if theme.values.is_empty() => Ok(()),
        Some(own) if is_same_kind(own) => Ok(()),
        Some(own) => {
            let what = format!("`{key}` in [theme] has another type than in the theme");
            Err(error(what, format!("the theme has `{key} = {own}`")).into())
        }
        None => {
            let names = theme.values.keys().map(String::as_str);
            let hint = match nearest(key, names.clone()) {
                Some(near) => format!("did you mean `{near}`?"),
                None => format!("its values are {}", names.collect::<Vec<_>>().join(", ")),
            };
            Err(error(format!("the theme has no value `{key}`"), hint).into())
        }
    }
}

fn add_embedded_theme(theme: &mut Theme, dir: &'static Dir<'static>, name: &str) -> Result<()> {
    let folder = |name: &str| dir.get_dir(dir.path().join(name));
    if let Some(templates) = folder("templates") {
        add_embedded_templates(theme, templates, &format!("themes/{name}/templates"));
    }
    if let Some(statics) = folder("static") {
        for file in files(statics) {
            let path = file.path().strip_prefix(statics.path());
            let path = slashed(path.unwrap_or(file.path()));
            let source = StaticSource::Embedded(file.contents());
            theme.statics.insert(path, source);
        }
    }
    let values = dir.get_file(dir.path().join("theme.toml"));
    match values.and_then(|file| file.contents_utf8()) {
        Some(text) => add_values(theme, &format!("themes/{name}/theme.toml"), text),
        None => Ok(()),
    }
}

/// The names of the embedded themes.
pub(crate) fn embedded_names() -> impl Iterator<Item = String> {
    THEMES.dirs().map(|dir| slashed(dir.path()))
}

fn files<'a>(dir: &'a Dir<'a>) -> Vec<&'a include_dir::File<'a>> {
    let mut found: Vec<_> = dir.files().collect();
    for inner in dir.dirs() {
        found.extend(files(inner));
    }
    found
}

fn add_embedded_templates(theme: &mut Theme, dir: &'static Dir<'static>, shown: &str) {
    for file in files(dir) {
        let name = slashed(file.path().strip_prefix(dir.path()).unwrap_or(file.path()));
        if let Some(text) = file.contents_utf8() {
            let shown = format!("{shown}/{name}");
            theme.templates.insert(
                name,
                ThemeTemplate {
                    text: text.to_owned(),
                    shown,
                },
            );
        }
    }
}

fn add_templates(theme: &mut Theme, site: &Site, folder: &Path) -> Result<()> {
    for (name, path) in walk(folder, true)? {
        let text = std::fs::read_to_string(&path)
            .map_err(|e| Diagnostic::io(&path, "read the template", &e))?;
        theme.templates.insert(
            name,
            ThemeTemplate {
                text,
                shown: site.shown(&path),
            },
        );
    }
    Ok(())
}

fn add_statics(theme: &mut Theme, folder: &Path, follow: bool) -> Result<()> {
    for (name, path) in walk(folder, follow)? {
        let stamp = std::fs::metadata(&path).map(|metadata| files::stamp(&metadata));
        theme
            .statics
            .insert(name, StaticSource::File(path, stamp.unwrap_or_default()));
    }
    Ok(())
}

fn add_values(theme: &mut Theme, shown: &str, text: &str) -> Result<()> {
    let table: toml::Table = toml::from_str(text).map_err(|e| {
        Diagnostic::error(Code::ThemeInvalid, shown, e.message())
            .at_byte(text, e.span().map_or(0, |s| s.start))
            .hint("`backfile docs themes` shows what a theme may contain")
    })?;
    if let Some(toml::Value::Table(values)) = table.get("values") {
        theme
            .values
            .extend(crate::model::json::json_map(values.clone()));
    }
    Ok(())
}

/// The files below a folder, by name; none if the folder does not exist. Links are followed in a theme, which may be linked
/// from elsewhere, but not in `static/`, where they could publish any file of this machine. Hidden files are left out, unless hosts read them.
fn walk(folder: &Path, follow: bool) -> Result<Vec<(String, std::path::PathBuf)>> {
    if !folder.is_dir() {
        return Ok(Vec::new());
    }
    let visible = |entry: &walkdir::DirEntry| {
        let name = entry.file_name();
        entry.depth() == 0
            || !files::is_passed_over(name.as_encoded_bytes())
            || files::is_read_by_hosts(&name.to_string_lossy())
    };
    let mut found = Vec::new();
    for entry in walkdir::WalkDir::new(folder)
        .follow_links(follow)
        .sort_by_file_name()
        .into_iter()
        .filter_entry(visible)
    {
        // A link whose target does not exist.
        let is_missing = |e: &walkdir::Error| {
            let kind = e.io_error().map(std::io::Error::kind);
            kind == Some(std::io::ErrorKind::NotFound) && e.depth() > 0
        };
        if entry.as_ref().is_err_and(is_missing) {
            continue;
        }
        let entry = entry.map_err(|e| {
            let what = format!("cannot be listed: {e}");
            Diagnostic::error(Code::Machine, folder.display().to_string(), what)
        })?;
        if entry.file_type().is_file() {
            let name = slashed(entry.path().strip_prefix(folder).unwrap_or(entry.path()));
            found.push((name, entry.into_path()));
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_embedded_theme_overrides_a_shared_template() {
        for theme in THEMES.dirs() {
            let Some(templates) = theme.get_dir(theme.path().join("templates")) else {
                continue;
            };
            for file in files(templates) {
                let name = file.path().strip_prefix(templates.path()).unwrap();
                assert!(
                    SHARED.get_file(name).is_none(),
                    "{} is in templates/ too",
                    file.path().display()
                );
            }
        }
    }
}
