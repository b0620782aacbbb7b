//! `gatehouse doctor`: every part, with cause and cure.

use gatehouse_core::Gatehouse;
use gatehouse_core::doctor::DoctorState;
use serde_json::{Value, json};

use crate::output::{Failure, Output};

pub fn run(gatehouse: &Gatehouse, name: Option<&str>, output: &Output) -> Result<u8, Failure> {
    let profile = match name {
        Some(name) => Some(gatehouse.profile(Some(name))?),
        None => gatehouse.active()?,
    };
    let lines = gatehouse.doctor(profile.as_ref());
    let rows: Vec<Value> = lines
        .iter()
        .map(
            |line| json!({ "part": line.part, "state": line.state.word(), "message": line.message, "hint": line.hint }),
        )
        .collect();
    let bad = lines.iter().filter(|line| line.state == DoctorState::Bad).count();
    output.answer(&json!({ "lines": rows, "bad": bad }), || {
        lines
            .iter()
            .flat_map(|line| {
                let head = format!("{:<4}  {}: {}", line.state.word(), line.part, line.message);
                let hint = (!line.hint.is_empty()).then(|| format!("      {}", line.hint));
                std::iter::once(head).chain(hint)
            })
            .collect()
    });
    Ok(if bad == 0 { 0 } else { 3 })
}
