//! A permit cannot be copied.
use gatehouse_klarna::Permit;

fn copied(permit: &Permit) -> Permit {
    permit.clone()
}

fn main() {}
