//! TOML values as JSON, the form in which templates get values without a fixed type.

/// A TOML table as JSON, its dates as text.
pub fn json_map(table: toml::Table) -> serde_json::Map<String, serde_json::Value> {
    table
        .into_iter()
        .map(|(key, value)| (key, json(value)))
        .collect()
}

/// A TOML value as JSON, its dates as text.
pub fn json(value: toml::Value) -> serde_json::Value {
    match value {
        toml::Value::String(text) => text.into(),
        toml::Value::Integer(number) => number.into(),
        toml::Value::Float(number) => number.into(),
        toml::Value::Boolean(truth) => truth.into(),
        toml::Value::Datetime(date) => date.to_string().into(),
        toml::Value::Array(items) => items.into_iter().map(json).collect(),
        toml::Value::Table(table) => json_map(table).into(),
    }
}
