//! Every code that crosses a boundary, with its kind and the command line's exit code.
//!
//! One table, so that the interface, the command line and the tests cannot drift apart. Deliberately absent: texts;
//! those are made where the problem is met.

/// How a problem is presented.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProblemKind {
    /// The person can put it right.
    Refused,
    /// It may work later.
    Unavailable,
    /// Ours to mend.
    Defect,
}

macro_rules! codes {
    ($($name:ident $text:literal $kind:ident $exit:literal)*) => {
        /// A stable code; the text form crosses IPC and stands in the command line's JSON.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[allow(missing_docs, reason = "the names are the documentation; the texts stand beside them")]
        pub enum ErrorCode { $($name,)* }

        impl ErrorCode {
            /// Every code, in the order of the table.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The stable text form.
            pub fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text,)* }
            }

            /// How it is presented.
            pub fn kind(self) -> ProblemKind {
                match self { $(Self::$name => ProblemKind::$kind,)* }
            }

            /// The command line's exit code (design section 7).
            pub fn exit_code(self) -> u8 {
                match self { $(Self::$name => $exit,)* }
            }
        }
    };
}

codes! {
    KeyringAbsent "keyring_absent" Unavailable 4
    KeyringLocked "keyring_locked" Unavailable 4
    KeyringDenied "keyring_denied" Unavailable 4
    KeyringSlow "keyring_slow" Unavailable 4
    KeyringCrashed "keyring_crashed" Unavailable 4
    KeyringItemMissing "keyring_item_missing" Refused 3
    PassphraseNeeded "passphrase_needed" Refused 3
    PassphraseWrong "passphrase_wrong" Refused 3
    PassphraseWait "passphrase_wait" Refused 3
    AppLocked "app_locked" Refused 3
    ConfirmationNeeded "confirmation_needed" Refused 3
    RoleMissing "role_missing" Refused 3
    PersonsAlarm "persons_alarm" Refused 3
    KeyStoreDamaged "key_store_damaged" Refused 3
    SecretTooLarge "secret_too_large" Refused 3
    LogUnwritable "log_unwritable" Unavailable 6
    LogAlarm "log_alarm" Refused 6
    DiskFull "disk_full" Unavailable 6
    DataDirReadOnly "data_dir_read_only" Unavailable 6
    DataDirUnusable "data_dir_unusable" Refused 3
    DatabaseNewer "database_newer" Refused 3
    DatabaseDamaged "database_damaged" Refused 6
    DatabaseBusy "database_busy" Unavailable 6
    ProfileMissing "profile_missing" Refused 3
    ProfileExists "profile_exists" Refused 3
    ProfileIncomplete "profile_incomplete" Refused 3
    EnvironmentMixed "environment_mixed" Refused 3
    ApiKeyInvalid "api_key_invalid" Refused 3
    ApiKeyMissing "api_key_missing" Refused 3
    ApiUrlRefused "api_url_refused" Refused 3
    CertificateMismatch "certificate_mismatch" Refused 3
    CertificateExpired "certificate_expired" Refused 3
    CertificateForeign "certificate_foreign" Refused 3
    CertificateMissing "certificate_missing" Refused 3
    CertificateUnreadable "certificate_unreadable" Refused 3
    KeyMissing "key_missing" Refused 3
    KeyUnreadable "key_unreadable" Refused 3
    HardwareAbsent "hardware_absent" Unavailable 4
    HardwarePin "hardware_pin" Refused 3
    HardwarePinBlocked "hardware_pin_blocked" Refused 3
    HardwareUnsuitable "hardware_unsuitable" Refused 3
    HardwareSlow "hardware_slow" Unavailable 4
    HardwareFailed "hardware_failed" Unavailable 4
    ProfileFileDamaged "profile_file_damaged" Refused 3
    SignerUntrusted "signer_untrusted" Refused 3
    MtlsRequired "mtls_required" Refused 5
    MerchantUnknown "merchant_unknown" Refused 3
    MerchantAmbiguous "merchant_ambiguous" Refused 3
    MerchantNotOperational "merchant_not_operational" Refused 3
    ImportUnreadable "import_unreadable" Refused 3
    ImportNothingUsable "import_nothing_usable" Refused 3
    KrnInvalid "krn_invalid" Refused 3
    EmailInvalid "email_invalid" Refused 3
    RoleInvalid "role_invalid" Refused 3
    ReasonRequired "reason_required" Refused 3
    UnsignedNotAllowed "unsigned_not_allowed" Refused 3
    ClockSkewed "clock_skewed" Refused 3
    SessionUnknown "session_unknown" Refused 3
    SessionEnded "session_ended" Refused 3
    LinkNotUsed "link_not_used" Refused 3
    LinkHostRefused "link_host_refused" Refused 3
    BrowserFailed "browser_failed" Refused 3
    KlarnaInvalid "klarna_invalid" Refused 5
    KlarnaUnauthorized "klarna_unauthorized" Refused 5
    KlarnaForbidden "klarna_forbidden" Refused 5
    KlarnaBlocked "klarna_blocked" Unavailable 5
    KlarnaNotFound "klarna_not_found" Refused 5
    KlarnaConflict "klarna_conflict" Refused 5
    KlarnaTooLarge "klarna_too_large" Refused 5
    KlarnaRateLimited "klarna_rate_limited" Unavailable 5
    KlarnaRefused "klarna_refused" Refused 5
    KlarnaFault "klarna_fault" Unavailable 8
    KlarnaUnavailable "klarna_unavailable" Unavailable 8
    KlarnaAnswerUnusable "klarna_answer_unusable" Unavailable 8
    NetworkConnect "network_connect" Unavailable 4
    NetworkDns "network_dns" Unavailable 4
    NetworkTls "network_tls" Unavailable 4
    NetworkProxy "network_proxy" Unavailable 4
    ProxySignIn "proxy_sign_in" Refused 4
    ProxyPacOnly "proxy_pac_only" Refused 4
    TlsIntercepted "tls_intercepted" Refused 4
    NetworkTimeout "network_timeout" Unavailable 8
    NetworkCutOff "network_cut_off" Unavailable 8
    OutcomeUnknown "outcome_unknown" Unavailable 8
    PlanDamaged "plan_damaged" Refused 3
    PlanRefused "plan_refused" Refused 3
    PlanStale "plan_stale" Refused 3
    PlanRunning "plan_running" Unavailable 3
    ApprovalRequired "approval_required" Refused 3
    ApprovalRefused "approval_refused" Refused 3
    ActInFlight "act_in_flight" Refused 3
    SandboxFailed "sandbox_failed" Unavailable 4
    ClipboardFailed "clipboard_failed" Unavailable 3
    InputInvalid "input_invalid" Refused 3
    ReviewMissing "review_missing" Refused 3
    ReviewClosed "review_closed" Refused 3
    ReviewUndecided "review_undecided" Refused 3
    ReviewOutstanding "review_outstanding" Refused 3
    ReviewFileDamaged "review_file_damaged" Refused 3
    ReviewFileExpired "review_file_expired" Refused 3
    ReviewMismatch "review_mismatch" Refused 3
    ReviewHandedIn "review_handed_in" Refused 3
    WitnessConsent "witness_consent" Refused 3
    WitnessStale "witness_stale" Refused 3
    WitnessFork "witness_fork" Refused 7
    WitnessFileDamaged "witness_file_damaged" Refused 3
    TokenInvalid "token_invalid" Refused 3
    TokenUnknown "token_unknown" Refused 3
    TokenKnown "token_known" Refused 3
    TokenEnded "token_ended" Refused 3
    TokenScope "token_scope" Refused 3
    VaultKeyMissing "vault_key_missing" Refused 3
    VaultDamaged "vault_damaged" Refused 6
    ChargeDeclined "charge_declined" Refused 5
    ConsentUnknown "consent_unknown" Refused 3
    ConsentNotGiven "consent_not_given" Refused 3
    ConsentOver "consent_over" Refused 3
    PaymentsLoginMissing "payments_login_missing" Refused 3
    LinkingTerms "linking_terms" Refused 3
    WebhookInvalid "webhook_invalid" Refused 3
    BridgeFileUnreadable "bridge_file_unreadable" Refused 3
    BridgeFileChanged "bridge_file_changed" Refused 3
    BridgeRulesInvalid "bridge_rules_invalid" Refused 3
    BridgeUnreachable "bridge_unreachable" Unavailable 4
    Cancelled "cancelled" Refused 3
    AuditEntryMissing "audit_entry_missing" Refused 3
    VerificationFailed "verification_failed" Refused 7
    Internal "internal" Defect 1
}
