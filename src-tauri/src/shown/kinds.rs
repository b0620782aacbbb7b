//! What the kinds of entries are called on the screen.
//!
//! The kinds themselves are the log's and stand in docs/audit-format.md. Deliberately absent: hiding a kind that is not known.

/// What a kind is called; one of another version is shown as it is.
pub fn words(kind: &str) -> &str {
    match kind {
        "log.genesis" => "The log begins",
        "log.reanchored" => "The log was anchored anew",
        "app.start" => "Gatehouse was started",
        "app.stop" => "Gatehouse was closed",
        "profile.create" => "Profile made",
        "profile.use" => "Profile chosen",
        "profile.remove" => "Profile removed",
        "key.create" => "Key made",
        "profile.export" => "Profile exported",
        "profile.import" => "Profile imported",
        "api_key.set" => "API key stored",
        "api_key.remove" => "API key given up",
        "key.import" => "Key imported",
        "key.csr" => "Signing request made",
        "key.install" => "Certificate installed",
        "key.activate" => "Key taken into use",
        "key.retire" => "Key retired",
        "key.destroy" => "Key destroyed",
        "credential.issue" => "Certificate issued",
        "credential.revoke" => "Certificate revoked",
        "credential.rename" => "Credential renamed",
        "credential.disable" => "API key disabled",
        "merchants.import" => "Merchants imported",
        "portal.open" => "Portal opened",
        "portal.copy" => "Portal link copied",
        "portal.revoke" => "Portal session revoked",
        "act.reconcile" => "Act settled",
        "audit.verify" => "Log verified",
        "audit.view" => "Log viewed",
        "audit.export" => "Log exported",
        "clock.skew" => "Clock differs from Klarna's",
        "network.change" => "Network settings changed",
        "policy.change" => "Policy changed",
        "private.erased" => "Private details erased",
        other => other,
    }
}
