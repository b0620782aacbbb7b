//! What each kind of entry becomes: class, activity, severity, and what it is about. The table of docs/ocsf.md.
//!
//! Total: a kind of another version becomes a base event, which keeps all its members.

use super::classes::Class::{
    self, Account, Api, Application, Authentication, Base, Datastore, Entity, Finding, UserAccess,
};
use crate::audit_export::raw;
use crate::audit_export::seen::Seen;

/// An activity that the schema has no number for.
const OTHER: i64 = 99;

/// What an entry becomes.
pub struct Told {
    /// The class.
    pub class: Class,
    /// `activity_id`.
    pub activity: i64,
    /// `activity_name` where the schema has none.
    pub other: &'static str,
    /// `severity_id` at least.
    pub severity: i64,
    /// The type of what it is about.
    pub about: &'static str,
}

/// Class, activity, severity, what it is about, and the activity's name for 99.
type Row = (Class, i64, i64, &'static str, &'static str);

/// What an entry becomes, by its kind, and for a verification by its verdict.
pub fn of(seen: &Seen<'_>) -> Told {
    let found =
        seen.kind == "audit.verify" && raw::member(seen.result, "verdict").is_some_and(|told| told != "\"intact\"");
    let row = if found {
        (Finding, 1, 5, "Verification of the audit log", "")
    } else {
        row(seen.kind)
    };
    Told {
        class: row.0,
        activity: row.1,
        severity: row.2,
        about: row.3,
        other: row.4,
    }
}

fn row(kind: &str) -> Row {
    match kind.split('.').next().unwrap_or_default() {
        "log" | "app" | "clock" | "private" | "audit" => of_the_log(kind),
        "lock" | "person" | "role" => of_persons(kind),
        "portal" | "access" | "plan" | "review" | "act" | "merchants" => of_acts(kind),
        "token" | "vault" | "linking" | "webhook" => of_tokens(kind),
        _ => of_set_up(kind),
    }
}

fn of_the_log(kind: &str) -> Row {
    match kind {
        "log.genesis" => (Application, 3, 1, "Audit log", ""),
        "log.reanchored" => (Finding, 1, 4, "Audit log anchored anew", ""),
        "log.archived" => (Datastore, OTHER, 2, "Audit log", "Archive"),
        "private.erased" => (Datastore, 7, 3, "Audit log", ""),
        "app.start" => (Application, 3, 1, "Program", ""),
        "app.stop" => (Application, 4, 1, "Program", ""),
        "app.alive" => (Application, OTHER, 1, "Program", "Alive"),
        "clock.skew" => (Application, OTHER, 2, "Program", "Clock differs"),
        "app.lock" => (Authentication, 2, 1, "App lock", ""),
        "app.unlock" => (Authentication, 1, 1, "App lock", ""),
        "audit.verify" | "audit.export" | "audit.proof" => (Datastore, 1, 1, "Audit log", ""),
        "audit.view" => (Datastore, 4, 1, "Audit log", ""),
        "audit.witnessed" => (Datastore, OTHER, 1, "Audit log", "Witness"),
        "audit.cosigned" => (Datastore, OTHER, 1, "Audit log", "Co-sign"),
        "audit.review" => (Datastore, OTHER, 1, "Audit log", "Sign off"),
        "audit.backup" => (Datastore, OTHER, 1, "Audit log", "Back up"),
        _ => UNKNOWN,
    }
}

fn of_persons(kind: &str) -> Row {
    match kind {
        "lock.set" => (Entity, 1, 1, "App lock", ""),
        "lock.change" => (Entity, 3, 1, "App lock", ""),
        "lock.remove" => (Entity, 4, 2, "App lock", ""),
        "lock.reset" => (Entity, 4, 3, "App lock", ""),
        "person.added" => (Account, 1, 2, "Person", ""),
        "person.removed" => (Account, 6, 2, "Person", ""),
        "person.roles_changed" => (UserAccess, 1, 2, "Person", ""),
        "person.alarm" => (Finding, 1, 5, "List of persons is not as it was left", ""),
        "role.denied" => (Authentication, OTHER, 3, "Role", "Refused for want of a role"),
        _ => UNKNOWN,
    }
}

fn of_acts(kind: &str) -> Row {
    match kind {
        "portal.open" | "portal.copy" => (Api, 1, 1, "Portal link", ""),
        "portal.sign_on" => (Authentication, 1, 1, "Portal", ""),
        "portal.revoke" => (Api, 4, 1, "Portal link", ""),
        "access.grant" | "access.update" => (UserAccess, 1, 1, "Access", ""),
        "access.revoke" => (UserAccess, 2, 1, "Access", ""),
        "access.declare" => (Datastore, 5, 1, "Grants made elsewhere", ""),
        "merchants.import" => (Datastore, 5, 1, "Merchants", ""),
        "plan.make" => (Entity, 1, 1, "Plan", ""),
        "plan.approve" => (Entity, OTHER, 1, "Plan", "Approve"),
        "plan.run" => (Entity, OTHER, 2, "Plan", "Begin"),
        "plan.end" => (Entity, OTHER, 1, "Plan", "End"),
        "review.start" => (Entity, 1, 1, "Access review", ""),
        "review.task" | "review.export" => (Entity, 2, 1, "Access review", ""),
        "review.import" | "review.hand_in" => (Entity, 3, 1, "Access review", ""),
        "review.sign_off" => (Entity, OTHER, 1, "Access review", "Sign off"),
        "review.conclude" => (Entity, OTHER, 1, "Access review", "Conclude"),
        "act.reconcile" => (Entity, 3, 1, "Act", ""),
        _ => UNKNOWN,
    }
}

fn of_tokens(kind: &str) -> Row {
    match kind {
        "token.add" => (Datastore, 5, 1, "Customer token", ""),
        "token.import" => (Datastore, 5, 1, "Customer tokens", ""),
        "token.reconcile" => (Datastore, 4, 1, "Customer tokens", ""),
        "token.copy" => (Datastore, 1, 2, "Customer token", ""),
        "token.export" => (Datastore, 1, 2, "Customer tokens", ""),
        "token.create" => (Api, 1, 1, "Customer token", ""),
        "token.cancel" => (Api, 4, 1, "Payment request", ""),
        "token.finalise" => (Api, 3, 1, "Payment", ""),
        "token.charge" => (Api, 3, 1, "Customer token", ""),
        "token.check" => (Api, 2, 1, "Customer token", ""),
        "token.revoke" => (Api, 4, 2, "Customer token", ""),
        "token.webhook" => (Datastore, 5, 1, "Customer token", ""),
        "token.supersede" => (Datastore, 2, 1, "Customer token", ""),
        "token.prove" => (Application, OTHER, 1, "Integration", "Prove"),
        "vault.rotate" => (Entity, 3, 2, "Token vault", ""),
        "linking.login" => (Entity, 3, 2, "Log-in of Klarna Payments", ""),
        "linking.terms" => (Entity, OTHER, 1, "Terms", "Accept"),
        "linking.session" => (Api, 1, 1, "Payments session", ""),
        "linking.update" => (Api, 3, 1, "Payments session", ""),
        "linking.order" => (Api, 1, 1, "Order", ""),
        "webhook.create" => (Api, 1, 1, "Webhook", ""),
        "webhook.delete" => (Api, 4, 1, "Webhook", ""),
        "webhook.key.create" => (Api, 1, 1, "Signing key of webhooks", ""),
        "webhook.key.delete" => (Api, 4, 1, "Signing key of webhooks", ""),
        _ => UNKNOWN,
    }
}

fn of_set_up(kind: &str) -> Row {
    match kind {
        "profile.create" | "profile.import" => (Entity, 1, 1, "Profile", ""),
        "profile.use" => (Entity, 10, 1, "Profile", ""),
        "profile.export" => (Entity, 2, 1, "Profile", ""),
        "profile.remove" => (Entity, 4, 2, "Profile", ""),
        "policy.change" => (Entity, 3, 2, "Policy", ""),
        "network.change" => (Entity, 3, 2, "Network settings", ""),
        "bridge.people" => (Entity, 3, 2, "Rules of the login bridge", ""),
        "bridge.secret" => (Entity, 3, 2, "Client secret of the login bridge", ""),
        "hardware.add" => (Entity, 6, 1, "PKCS#11 module", ""),
        "api_key.set" => (Entity, 3, 2, "API key", ""),
        "api_key.create" => (Entity, 1, 2, "API key", ""),
        "api_key.remove" => (Entity, 4, 2, "API key", ""),
        "key.create" | "key.import" => (Entity, 1, 1, "Key", ""),
        "key.csr" => (Entity, 6, 1, "Key", ""),
        "key.install" => (Entity, 3, 1, "Key", ""),
        "key.activate" => (Entity, 10, 1, "Key", ""),
        "key.retire" => (Entity, 11, 1, "Key", ""),
        "key.destroy" => (Entity, 4, 2, "Key", ""),
        "credential.issue" => (Entity, 1, 1, "Certificate", ""),
        "credential.revoke" => (Entity, 4, 2, "Certificate", ""),
        "credential.rename" => (Entity, 3, 1, "Credential", ""),
        "credential.disable" => (Entity, 9, 2, "API key", ""),
        "mtls.enforce" => (Entity, 8, 2, "mTLS enforcement", ""),
        "mtls.report" => (Entity, 9, 2, "mTLS enforcement", ""),
        _ => UNKNOWN,
    }
}

/// A kind of another version.
const UNKNOWN: Row = (Base, OTHER, 0, "", "Of a kind that this version does not know");
