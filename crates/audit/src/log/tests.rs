//! Tests that need the writer's own connection.
