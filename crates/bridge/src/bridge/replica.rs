//! One of several bridges: its name, and its anchor in the database that all of them share.

use std::path::Path;
use std::sync::Arc;

use gatehouse_core::Problem;

use super::Bridge;
use crate::anchors::PostgresAnchors;
use crate::config::{Config, Flaw, Unusable};

/// Where the log's anchor lies, for one of several bridges; asks nothing yet.
///
/// # Errors
/// [`Unusable`] when the connection string cannot be had or used.
pub fn anchors_of(config: &Config, credentials: Option<&Path>) -> Result<Option<Arc<PostgresAnchors>>, Unusable> {
    let (Some(name), Some(reference)) = (&config.replica, &config.postgres) else {
        return Ok(None);
    };
    let anchors = reference.read(credentials).and_then(|connection| {
        let connection = connection.expose_str().ok_or("is not text.")?;
        PostgresAnchors::new(name, connection)
    });
    anchors
        .map(|anchors| Some(Arc::new(anchors)))
        .map_err(|text| flaw("postgres", text))
}

impl Bridge {
    /// Takes the bridge's name, if it is one of several.
    ///
    /// # Errors
    /// [`Unusable`] when another bridge has it, or the database does not answer.
    pub async fn claim(&self) -> Result<(), Unusable> {
        let Some(anchors) = self.anchors.clone() else {
            return Ok(());
        };
        let gatehouse = Arc::clone(&self.gatehouse);
        let claimed = tokio::task::spawn_blocking(move || anchors.claim(gatehouse.own_log()?)).await;
        let claimed = claimed.unwrap_or_else(|cause| Err(Problem::internal("claim the name", &cause)));
        claimed.map_err(|problem| {
            let text = format!("cannot be used: {} {}", problem.message, problem.hint);
            flaw("replica", text)
        })
    }
}

fn flaw(place: &str, text: String) -> Unusable {
    let place = place.to_owned();
    Unusable(vec![Flaw { place, text }])
}
