//! YAML, with the line of each value.

use std::collections::HashMap;

use saphyr_parser::{Event, Parser, ScalarStyle, Span, Tag};

use crate::document::error::ReadError;
use crate::document::json::MAX_DEPTH;
use crate::document::node::{Node, Value};

/// How many values aliases may add: a short document can name a very large one.
const MAX_ALIASED: usize = 1_000_000;

/// Reads the first document of a YAML stream. Words such as `yes` and `on` are text, and so is a key.
pub(crate) fn read(text: &str) -> Result<Node, ReadError> {
    let mut builder = Builder::default();
    for event in Parser::new_from_str(text) {
        let (event, span) = event.map_err(|error| {
            let line = u32::try_from(error.marker().line()).unwrap_or(u32::MAX);
            ReadError::at(line, format!("not valid YAML: {}", error.info()))
        })?;
        if matches!(event, Event::DocumentEnd) {
            break;
        }
        builder.event(event, line_of(&span))?;
    }
    Ok(builder.root.unwrap_or_default())
}

fn line_of(span: &Span) -> u32 {
    u32::try_from(span.start.line()).unwrap_or(u32::MAX)
}

#[derive(Default)]
struct Builder {
    root: Option<Node>,
    open: Vec<Open>,
    anchors: HashMap<usize, Node>,
    aliased: usize,
}

/// A list or map that has not ended.
struct Open {
    anchor: usize,
    line: u32,
    children: Children,
}

enum Children {
    List(Vec<Node>),
    Map { entries: Vec<(String, Node)>, key: Option<String> },
}

impl Builder {
    fn event(&mut self, event: Event<'_>, line: u32) -> Result<(), ReadError> {
        match event {
            Event::Scalar(text, style, anchor, tag) => {
                let value = scalar(&text, style, tag.as_deref());
                self.place(Node { value, line }, anchor);
            }
            Event::Alias(anchor) => {
                let node = self.anchors.get(&anchor).cloned().unwrap_or_default();
                self.aliased = self.aliased.saturating_add(size(&node));
                if self.aliased > MAX_ALIASED {
                    return Err(ReadError::at(line, format!("aliases stand for more than {MAX_ALIASED} values")));
                }
                if self.open.len() + depth(&node) > MAX_DEPTH {
                    return Err(too_deep(line));
                }
                self.place(node, 0);
            }
            Event::SequenceStart(anchor, _) => self.start(anchor, line, Children::List(Vec::new()))?,
            Event::MappingStart(anchor, _) => {
                self.start(anchor, line, Children::Map { entries: Vec::new(), key: None })?;
            }
            Event::SequenceEnd | Event::MappingEnd => {
                if let Some(open) = self.open.pop() {
                    let value = match open.children {
                        Children::List(items) => Value::List(items),
                        Children::Map { entries, .. } => Value::Map(merged(entries)),
                    };
                    self.place(Node { value, line: open.line }, open.anchor);
                }
            }
            _ => {}
        }
        Ok(())
    }

    fn start(&mut self, anchor: usize, line: u32, children: Children) -> Result<(), ReadError> {
        if self.open.len() >= MAX_DEPTH {
            return Err(too_deep(line));
        }
        self.open.push(Open { anchor, line, children });
        Ok(())
    }

    /// Puts a finished value where it belongs.
    fn place(&mut self, node: Node, anchor: usize) {
        if anchor != 0 {
            self.anchors.insert(anchor, node.clone());
        }
        match self.open.last_mut().map(|open| &mut open.children) {
            None => self.root = Some(node),
            Some(Children::List(items)) => items.push(node),
            Some(Children::Map { entries, key }) => match key.take() {
                Some(key) => entries.push((key, node)),
                None => {
                    *key = Some(match node.value {
                        Value::String(text) | Value::Number(text) => text,
                        _ => node.to_json(),
                    });
                }
            },
        }
    }
}

fn too_deep(line: u32) -> ReadError {
    ReadError::at(line, format!("values are nested more than {MAX_DEPTH} levels deep"))
}

fn size(node: &Node) -> usize {
    let children: usize = match &node.value {
        Value::List(items) => items.iter().map(size).sum(),
        Value::Map(entries) => entries.iter().map(|(_, node)| size(node)).sum(),
        _ => 0,
    };
    children + 1
}

fn depth(node: &Node) -> usize {
    let children = match &node.value {
        Value::List(items) => items.iter().map(depth).max(),
        Value::Map(entries) => entries.iter().map(|(_, node)| depth(node)).max(),
        _ => None,
    };
    children.map_or(0, |children| children + 1)
}

/// YAML 1.1's merge keys, which documents still use.
fn merged(mut entries: Vec<(String, Node)>) -> Vec<(String, Node)> {
    while let Some(at) =
        entries.iter().position(|(key, node)| key == "<<" && (node.is_map() || !node.items().is_empty()))
    {
        let (_, merge) = entries.remove(at);
        let maps: Vec<&Node> = if merge.is_map() { vec![&merge] } else { merge.items().iter().collect() };
        for (key, node) in maps.into_iter().flat_map(Node::entries) {
            if key != "<<" && entries.iter().all(|(own, _)| own != key) {
                entries.push((key.clone(), node.clone()));
            }
        }
    }
    entries
}

/// The value of a scalar by YAML 1.2's core schema.
fn scalar(text: &str, style: ScalarStyle, tag: Option<&Tag>) -> Value {
    let is_text = tag.is_some_and(|tag| tag.is_yaml_core_schema() && tag.suffix == "str");
    if style != ScalarStyle::Plain || is_text {
        return Value::String(text.to_owned());
    }
    match text {
        "" | "~" | "null" | "Null" | "NULL" => Value::Null,
        "true" | "True" | "TRUE" => Value::Bool(true),
        "false" | "False" | "FALSE" => Value::Bool(false),
        _ if is_number(text) => Value::Number(text.to_owned()),
        _ => Value::String(text.to_owned()),
    }
}

/// Whether JSON would call it a number; what YAML knows beyond these (`.inf`, octal numbers) is text.
fn is_number(text: &str) -> bool {
    text.starts_with(|char: char| char.is_ascii_digit() || char == '-')
        && serde_json::from_str::<serde::de::IgnoredAny>(text).is_ok()
}
