//! Credentials in the files of Amazon's own tools: `~/.aws/credentials` and `~/.aws/config`.

use std::path::PathBuf;

/// The values of the files that are not in the environment, `given`, by the names of environment variables.
pub(crate) fn of_amazon(given: &[(String, String)]) -> Vec<(String, String)> {
    let variable = |name: &str| {
        given
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, v)| v.clone())
    };
    let profile = variable("AWS_PROFILE").unwrap_or_else(|| "default".to_owned());
    let file = |name: &str, standard: &str| {
        let home = || std::env::home_dir().map(|home| home.join(".aws").join(standard));
        let path = variable(name).map(PathBuf::from).or_else(home);
        path.and_then(|path| std::fs::read_to_string(path).ok())
            .unwrap_or_default()
    };
    let secrets = file("AWS_SHARED_CREDENTIALS_FILE", "credentials");
    let settings = file("AWS_CONFIG_FILE", "config");
    let mut found = Vec::new();
    // A key of the environment must not be combined with a token of a file.
    if variable("AWS_ACCESS_KEY_ID").is_none() {
        found.extend(section(&secrets, &profile));
        found.extend(section(&settings, &format!("profile {profile}")));
    }
    if profile == "default" {
        found.extend(section(&settings, &profile));
    }
    let wanted = [
        ("aws_access_key_id", "AWS_ACCESS_KEY_ID"),
        ("aws_secret_access_key", "AWS_SECRET_ACCESS_KEY"),
        ("aws_session_token", "AWS_SESSION_TOKEN"),
        ("region", "AWS_REGION"),
        ("endpoint_url", "AWS_ENDPOINT"),
    ];
    let named = wanted.iter().filter_map(|(key, name)| {
        let is_given = variable(name).is_some()
            || (*name == "AWS_REGION" && variable("AWS_DEFAULT_REGION").is_some());
        let (_, value) = found.iter().find(|(found, _)| found == key)?;
        (!is_given).then(|| ((*name).to_owned(), value.clone()))
    });
    named.collect()
}

/// The keys and values of a section of an INI file.
fn section(text: &str, name: &str) -> Vec<(String, String)> {
    let lines = text.lines().map(str::trim);
    let heading = |line: &str| {
        let inside = line.strip_prefix('[')?.strip_suffix(']')?;
        Some(inside.trim().to_owned())
    };
    let mut is_inside = false;
    let mut found = Vec::new();
    for line in lines.filter(|line| !line.starts_with(['#', ';'])) {
        if let Some(heading) = heading(line) {
            is_inside = heading == name;
        } else if is_inside && let Some((key, value)) = line.split_once('=') {
            found.push((key.trim().to_lowercase(), value.trim().to_owned()));
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_supply_what_the_environment_lacks() {
        let folder = tempfile::tempdir().unwrap();
        let file = |name: &str, text: &str| {
            let path = folder.path().join(name);
            std::fs::write(&path, text).unwrap();
            path.to_string_lossy().into_owned()
        };
        let secrets = "[default]\naws_access_key_id = A\naws_secret_access_key=B\n# c\n[two]\naws_access_key_id=C\n";
        let mut given = vec![
            (
                "AWS_SHARED_CREDENTIALS_FILE".to_owned(),
                file("credentials", secrets),
            ),
            (
                "AWS_CONFIG_FILE".to_owned(),
                file("config", "[default]\nregion = eu-west-1\n"),
            ),
        ];
        let value = |given: &[(String, String)], name: &str| {
            let found = of_amazon(given).into_iter().find(|(n, _)| n == name);
            found.map(|(_, value)| value)
        };
        assert_eq!(value(&given, "AWS_ACCESS_KEY_ID").as_deref(), Some("A"));
        assert_eq!(value(&given, "AWS_REGION").as_deref(), Some("eu-west-1"));
        given.push(("AWS_PROFILE".to_owned(), "two".to_owned()));
        assert_eq!(value(&given, "AWS_ACCESS_KEY_ID").as_deref(), Some("C"));
        assert_eq!(value(&given, "AWS_SECRET_ACCESS_KEY"), None);
        given.push(("AWS_ACCESS_KEY_ID".to_owned(), "E".to_owned()));
        assert_eq!(value(&given, "AWS_ACCESS_KEY_ID"), None);
    }
}
