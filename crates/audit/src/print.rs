//! Printing canonical bytes: members sorted, strings escaped the one way, and the restricted form checked in the same pass.
//!
//! Deliberately absent: any way to print a float or `null`.

use serde_json::{Map, Value};

use crate::canonical::{CanonicalFault, MAX_DEPTH, MAX_INTEGER, check_name, outside};

/// Prints an object that stands at a level, the outermost being 1.
///
/// # Errors
/// [`CanonicalFault::Outside`]: the first deviation from the restricted form, named.
pub fn object(out: &mut Vec<u8>, object: &Map<String, Value>, level: usize) -> Result<(), CanonicalFault> {
    check_level(level)?;
    let mut members: Vec<(&String, &Value)> = Vec::new();
    let sorted = object.keys().is_sorted();
    if !sorted {
        members.extend(object);
        members.sort_unstable_by_key(|(name, _)| *name);
    }
    out.push(b'{');
    let mut first = true;
    let mut print = |(name, content): (&String, &Value)| {
        check_name(name)?;
        separate(out, &mut first);
        text(out, name);
        out.push(b':');
        value(out, content, level)
    };
    if sorted {
        object.iter().try_for_each(&mut print)?;
    } else {
        members.into_iter().try_for_each(&mut print)?;
    }
    out.push(b'}');
    Ok(())
}

fn value(out: &mut Vec<u8>, value: &Value, level: usize) -> Result<(), CanonicalFault> {
    match value {
        Value::Null => {
            return Err(outside("null has no place in an entry; absent members are left out"));
        }
        Value::Bool(true) => out.extend_from_slice(b"true"),
        Value::Bool(false) => out.extend_from_slice(b"false"),
        Value::String(content) => text(out, content),
        Value::Number(number) => {
            let small = number.as_i64().filter(|n| n.unsigned_abs() <= MAX_INTEGER);
            let small = small.ok_or_else(|| outside("a number is not an integer between -(2^53-1) and 2^53-1"))?;
            out.extend_from_slice(small.to_string().as_bytes());
        }
        Value::Array(items) => return array(out, items, level + 1),
        Value::Object(members) => return object(out, members, level + 1),
    }
    Ok(())
}

fn array(out: &mut Vec<u8>, items: &[Value], level: usize) -> Result<(), CanonicalFault> {
    check_level(level)?;
    out.push(b'[');
    let mut first = true;
    for item in items {
        separate(out, &mut first);
        value(out, item, level)?;
    }
    out.push(b']');
    Ok(())
}

fn separate(out: &mut Vec<u8>, first: &mut bool) {
    if !std::mem::replace(first, false) {
        out.push(b',');
    }
}

/// Prints a string with its quotes.
pub fn text(out: &mut Vec<u8>, text: &str) {
    out.push(b'"');
    let mut rest = text.as_bytes();
    while let Some(at) = rest.iter().position(|b| *b < 0x20 || *b == b'"' || *b == b'\\') {
        let (plain, special) = rest.split_at(at);
        out.extend_from_slice(plain);
        if let Some((byte, behind)) = special.split_first() {
            escape(out, *byte);
            rest = behind;
        }
    }
    out.extend_from_slice(rest);
    out.push(b'"');
}

fn escape(out: &mut Vec<u8>, byte: u8) {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    let short = match byte {
        b'"' | b'\\' => byte,
        0x08 => b'b',
        0x09 => b't',
        0x0a => b'n',
        0x0c => b'f',
        0x0d => b'r',
        _ => {
            out.extend_from_slice(b"\\u00");
            out.extend([HEX[usize::from(byte >> 4)], HEX[usize::from(byte & 15)]]);
            return;
        }
    };
    out.extend([b'\\', short]);
}

fn check_level(level: usize) -> Result<(), CanonicalFault> {
    if level <= MAX_DEPTH {
        Ok(())
    } else {
        Err(outside("it is nested too deeply"))
    }
}
