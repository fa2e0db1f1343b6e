//! Whether a response is what its schema says. Prism takes responses from examples, which may contradict it, and makes up
//! others, of which recursive ones end early.

use serde_json::Value;

use crate::values::Values;

/// How deep values are compared.
const MAX_DEPTH: usize = 40;

impl<'d> Values<'d> {
    /// Returns where and why a value is not what a schema says, if it is not.
    pub(crate) fn misfit(&self, schema: &'d Value, value: &Value) -> Option<String> {
        self.misfit_at("", schema, value, 0)
    }

    fn misfit_at(&self, at: &str, schema: &'d Value, value: &Value, depth: usize) -> Option<String> {
        let schema = self.resolved(schema);
        if depth > MAX_DEPTH {
            return None;
        }
        let below = |schema| self.misfit_at(at, schema, value, depth + 1);
        let list = |key: &str| schema.get(key).and_then(Value::as_array);
        for key in ["oneOf", "anyOf"] {
            if let Some(several) = list(key).filter(|several| !several.is_empty())
                && several.iter().all(|one| below(one).is_some())
                && !(value.is_null() && schema.get("nullable") == Some(&Value::Bool(true)))
            {
                return Some(format!("`{at}` is none of its alternatives"));
            }
        }
        if let Some(why) = list("allOf").into_iter().flatten().find_map(below) {
            return Some(why);
        }
        if schema.get("const").is_some_and(|constant| constant != value) {
            return Some(format!("`{at}` is {value}, which is not its constant"));
        }
        if let Some(all) = list("enum").filter(|all| !all.contains(value) && !value.is_null()) {
            return Some(format!("`{at}` is {value}, which is none of its {} values", all.len()));
        }
        if let Some(has) = self.other_type(schema, value) {
            return Some(format!("`{at}` is {has}"));
        }
        match value {
            Value::Object(entries) => {
                for name in list("required").into_iter().flatten().filter_map(Value::as_str) {
                    if !entries.contains_key(name) {
                        return Some(format!("`{at}` has no `{name}`"));
                    }
                }
                let more = schema.get("additionalProperties");
                let is_closed = more == Some(&Value::Bool(false)) && schema.get("patternProperties").is_none();
                let is_named = |name: &String| schema.get("properties").is_some_and(|all| all.get(name).is_some());
                if let Some(name) = entries.keys().find(|name| is_closed && !is_named(name)) {
                    return Some(format!("`{at}` has `{name}`, which is not allowed"));
                }
                let more = more.filter(|more| more.is_object());
                let property = |name: &str| schema.get("properties").and_then(|all| all.get(name)).or(more);
                entries.iter().find_map(|(name, value)| {
                    self.misfit_at(&format!("{at}.{name}"), property(name)?, value, depth + 1)
                })
            }
            Value::Array(items) => {
                let schema = schema.get("items")?;
                let mut items = items.iter().enumerate();
                items.find_map(|(i, item)| self.misfit_at(&format!("{at}[{i}]"), schema, item, depth + 1))
            }
            _ => None,
        }
    }

    /// What a value is, if a schema names its types and none is this.
    fn other_type(&self, schema: &Value, value: &Value) -> Option<&'static str> {
        let (name, what) = match value {
            Value::Null => ("null", "null"),
            Value::Bool(_) => ("boolean", "a boolean"),
            Value::Number(number) if number.is_f64() => ("number", "a number with a fraction"),
            Value::Number(_) => ("integer", "a number"),
            Value::String(_) => ("string", "a string"),
            Value::Array(_) => ("array", "a list"),
            Value::Object(_) => ("object", "an object"),
        };
        let is = |kind: &str| kind == name || (kind == "number" && value.is_number());
        let is_allowed = match schema.get("type") {
            Some(Value::String(kind)) => is(kind),
            Some(Value::Array(kinds)) => kinds.iter().filter_map(Value::as_str).any(is),
            _ => true,
        };
        let is_nullable = value.is_null() && schema.get("nullable") == Some(&Value::Bool(true));
        (!is_allowed && !is_nullable).then_some(what)
    }
}
