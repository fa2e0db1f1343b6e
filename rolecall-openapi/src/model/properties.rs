//! The properties of objects.

use crate::document::node::{Node, Value};
use crate::model::schema::Schema;

/// The schema of what is required and not described.
static UNDESCRIBED: Node = Node { value: Value::Map(Vec::new()), line: 0 };

/// A property of an object.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Property<'d> {
    pub(crate) name: &'d str,
    pub(crate) schema: Schema<'d>,
    pub(crate) required: bool,
    /// Whether the document says more of it than that it is required.
    pub(crate) described: bool,
}

/// How deep `allOf` and its kin are looked into.
const MAX_DEPTH: usize = 12;
/// How many parts an object may be composed of.
const MAX_PARTS: usize = 4000;

impl<'d> Schema<'d> {
    /// The properties of an object, those of its parts included. What is in one of several alternatives is optional.
    pub(crate) fn properties(&self) -> Vec<Property<'d>> {
        let mut properties = Vec::new();
        self.collect(&mut properties, true, MAX_DEPTH, &mut MAX_PARTS.clone());
        let mut required = Vec::new();
        self.required(&mut required, MAX_DEPTH, &mut MAX_PARTS.clone());
        for property in &mut properties {
            property.required |= required.contains(&property.name);
        }
        // Only of an object that describes others: without any it has all keys.
        if !properties.is_empty() {
            for name in required {
                if properties.iter().all(|property| property.name != name) {
                    properties.push(Property {
                        name,
                        schema: self.child(&UNDESCRIBED),
                        required: true,
                        described: false,
                    });
                }
            }
        }
        properties
    }

    fn collect(&self, out: &mut Vec<Property<'d>>, always: bool, depth: usize, parts: &mut usize) {
        if depth == 0 || *parts == 0 {
            return;
        }
        *parts -= 1;
        let schema = self.target();
        for part in schema.parts("allOf") {
            part.collect(out, always, depth - 1, parts);
        }
        for (name, node) in schema.node().get("properties").map(Node::entries).unwrap_or_default() {
            let property = Property { name, schema: schema.child(node), required: false, described: true };
            match out.iter_mut().find(|other| other.name == name) {
                // A part may repeat a property to change its description.
                Some(_) if property.schema.is_note() => {}
                Some(other) if always => *other = Property { required: other.required, ..property },
                Some(_) => {}
                None => out.push(property),
            }
        }
        for part in schema.parts("oneOf").into_iter().chain(schema.parts("anyOf")) {
            part.collect(out, false, depth - 1, parts);
        }
    }

    fn required(&self, out: &mut Vec<&'d str>, depth: usize, parts: &mut usize) {
        if depth == 0 || *parts == 0 {
            return;
        }
        *parts -= 1;
        let schema = self.target();
        out.extend(schema.node().get("required").map(Node::items).unwrap_or_default().iter().filter_map(Node::as_str));
        for part in schema.parts("allOf") {
            part.required(out, depth - 1, parts);
        }
    }

    /// Returns the schema of an object's additional properties, if the document describes them.
    pub(crate) fn additional(&self) -> Option<Self> {
        let values = self.node().get("additionalProperties").filter(|values| values.is_map())?;
        Some(self.child(values)).filter(|values| !values.is_note())
    }
}
