//! What has to be on the machine before anything builds or runs, and the builds that all tasks share.

pub mod apt;
pub mod build;
pub mod node;
pub mod packages;
pub mod python;
