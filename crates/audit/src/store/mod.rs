//! The file `audit.db`: its names and numbers, its tables, its connections, its rows, and the lock beside it.
//!
//! Deliberately absent: what the rows mean. `log` writes them, `verify` judges them.

pub mod both_rows;
pub mod connect;
pub mod keep_rows;
pub mod lock;
pub mod ranges;
pub mod rows;
pub mod schema;

/// The log's file in the data directory.
pub const FILE_NAME: &str = "audit.db";
/// The read model's file.
pub const INDEX_FILE_NAME: &str = "audit-index.db";
/// The file whose lock covers one append together with its anchor.
pub const LOCK_FILE_NAME: &str = "audit.lock";
/// SQLite's `application_id` of the log: `GHAU`.
pub const APPLICATION_ID: i64 = 0x4748_4155;
/// SQLite's `user_version` of the log.
pub const SCHEMA_VERSION: i64 = 1;
