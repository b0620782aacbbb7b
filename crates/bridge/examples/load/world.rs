//! What stands around the measured program: the simulated Klarna and its provider, in this process and in memory where there is one.

use std::path::{Path, PathBuf};

use gatehouse_bridge::demo::{Demo, DemoPlan};

/// What none of the measured people reaches, who all come from one address.
const LIMITS: &str = "[limits]\nsign_ins_per_minute_per_address = 100000\nlinks_per_minute_per_person = 10000\nconnections_per_address = 4096";

pub struct World {
    pub demo: Demo,
}

impl World {
    /// Starts everything. What is simulated must not wait for the disk that is measured.
    pub async fn open(folder: &Path) -> Self {
        let memory = memory();
        std::fs::create_dir_all(&memory).unwrap();
        std::fs::create_dir_all(folder).unwrap();
        std::os::unix::fs::symlink(&memory, folder.join("klarna")).unwrap();
        let plan = DemoPlan {
            merchants: 450,
            passphrase: Some("measured, not kept".into()),
            more: LIMITS.into(),
            ..DemoPlan::new(folder)
        };
        Self {
            demo: plan.start().await.unwrap(),
        }
    }

    pub async fn close(self) {
        self.demo.shutdown().await;
        let _ = std::fs::remove_dir_all(memory());
    }
}

fn memory() -> PathBuf {
    Path::new("/dev/shm").join(format!("gatehouse-load-{}", std::process::id()))
}
