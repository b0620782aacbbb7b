//! The classes of OCSF 1.8.0 that entries become, and their activities as the schema names them.

/// A class of events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Class {
    /// What this version knows no kind of.
    Base,
    /// Calls of Klarna's API on portal links.
    Api,
    /// Access of people to merchants, roles of persons.
    UserAccess,
    /// Persons whom a profile trusts.
    Account,
    /// The app lock, and refusals for want of a role.
    Authentication,
    /// Keys, certificates, profiles, plans, reviews.
    Entity,
    /// The program and its log, beginning and ending.
    Application,
    /// What is read from the log or written into the directory.
    Datastore,
    /// What is not as it was left.
    Finding,
}

impl Class {
    /// `class_uid`, `class_name`, `category_uid`, `category_name`.
    pub const fn names(self) -> (i64, &'static str, i64, &'static str) {
        const IAM: &str = "Identity & Access Management";
        const APP: &str = "Application Activity";
        match self {
            Self::Base => (0, "Base Event", 0, "Uncategorized"),
            Self::Finding => (2004, "Detection Finding", 2, "Findings"),
            Self::Account => (3001, "Account Change", 3, IAM),
            Self::Authentication => (3002, "Authentication", 3, IAM),
            Self::Entity => (3004, "Entity Management", 3, IAM),
            Self::UserAccess => (3005, "User Access Management", 3, IAM),
            Self::Application => (6002, "Application Lifecycle", 6, APP),
            Self::Api => (6003, "API Activity", 6, APP),
            Self::Datastore => (6005, "Datastore Activity", 6, APP),
        }
    }

    /// The schema's caption of an activity; nothing for 99, whose caption is ours.
    pub const fn activity(self, id: i64) -> Option<&'static str> {
        let captions: &[&str] = match self {
            Self::Base => &["Unknown"],
            Self::Finding => &["Unknown", "Create", "Update", "Close"],
            Self::Account => &[
                "Unknown",
                "Create",
                "Enable",
                "Password Change",
                "Password Reset",
                "Disable",
                "Delete",
            ],
            Self::Authentication => &["Unknown", "Logon", "Logoff"],
            Self::Entity => &[
                "Unknown",
                "Create",
                "Read",
                "Update",
                "Delete",
                "Move",
                "Enroll",
                "Unenroll",
                "Enable",
                "Disable",
                "Activate",
                "Deactivate",
            ],
            Self::UserAccess => &["Unknown", "Assign Privileges", "Revoke Privileges"],
            Self::Application => &["Unknown", "Install", "Remove", "Start", "Stop"],
            Self::Api => &["Unknown", "Create", "Read", "Update", "Delete"],
            Self::Datastore => &[
                "Unknown", "Read", "Update", "Connect", "Query", "Write", "Create", "Delete",
            ],
        };
        let at = id as usize;
        if at < captions.len() { Some(captions[at]) } else { None }
    }
}
