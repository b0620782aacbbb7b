//! The published schemas as one judge. `vendor.py` beside it makes their file.

use std::collections::BTreeMap;
use std::io::Read;

use jsonschema::Validator;
use serde_json::Value;

const FILE: &[u8] = include_bytes!("ocsf-1.8.0.json.gz");

/// One validator a class.
pub struct Judge(BTreeMap<u64, Validator>);

impl Judge {
    pub fn new() -> Self {
        let mut text = String::new();
        flate2::read::GzDecoder::new(FILE).read_to_string(&mut text).unwrap();
        let file: Value = serde_json::from_str(&text).unwrap();
        let shared = &file["$defs"];
        let classes = file["classes"].as_object().unwrap();
        let validators = classes.iter().map(|(uid, schema)| {
            let mut schema = schema.clone();
            schema["$defs"] = shared.clone();
            let validator = jsonschema::draft202012::new(&schema).expect("a schema of the draft");
            (uid.parse().unwrap(), validator)
        });
        Self(validators.collect())
    }

    /// Judges an event by its class; the first fault is told.
    pub fn accepts(&self, event: &Value) -> Result<(), String> {
        let class = event["class_uid"].as_u64().unwrap();
        let validator = self.0.get(&class).ok_or("no such class was vendored")?;
        validator
            .validate(event)
            .map_err(|fault| format!("{fault} at {}", fault.instance_path()))
    }
}
