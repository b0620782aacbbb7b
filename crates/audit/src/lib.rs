//! The tamper-evident audit log: canonical bytes, tree, checkpoints, store, verify.
