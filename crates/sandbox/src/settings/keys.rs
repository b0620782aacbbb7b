//! The table of keys: name, kind, the three presets, the row of portal-access.md or tokens.md it answers, and one line of documentation.
//!
//! It is data, so that tests, the control API and the manual read the same truth. The row about SAML (37) is absent:
//! it comes with that feature.

use super::Kind::{self, Choice, Count, Pairs, Ranges, Switch, Template, Words, WordsOf};

/// What is fixed about one key.
#[derive(Debug)]
pub struct KeySpec {
    /// The key as code names it.
    pub key: Key,
    /// The dotted name.
    pub name: &'static str,
    /// What it accepts.
    pub kind: Kind,
    /// Its value in the default set.
    pub default: &'static str,
    /// Its value in the strict set.
    pub strict: &'static str,
    /// Its value in the lenient set.
    pub lenient: &'static str,
    /// The row or section of portal-access.md that it answers; after the word `tokens`, the section of tokens.md.
    pub row: &'static str,
    /// What it does.
    pub doc: &'static str,
}

macro_rules! keys {
    ($($key:ident $name:literal $kind:expr, [$default:literal, $strict:literal, $lenient:literal] $row:literal $doc:literal)*) => {
        /// The keys as code names them; each is the index of its value.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        pub enum Key { $(#[doc = $doc] $key,)* }

        /// Every key, in the order of portal-access.md section 14, then of tokens.md section 9.
        pub const KEYS: &[KeySpec] = &[$(KeySpec {
            key: Key::$key, name: $name, kind: $kind, default: $default, strict: $strict, lenient: $lenient, row: $row, doc: $doc,
        },)*];
    };
}

const YEAR: i64 = 31_536_000;

keys! {
    JwtMaxLifetimeS "jwt.max_lifetime_s" Count(1, YEAR), ["172800", "3600", "31536000"] "1" "Longest exp - iat of a token, in seconds."
    JwtSkewS "jwt.skew_s" Count(0, 86_400), ["60", "10", "600"] "2" "How far a token's times may be off the sandbox's clock, in seconds."
    JwtRejectReplay "jwt.reject_replay" Switch, ["true", "true", "false"] "3" "Refuse a jti that was used before, until its exp."
    JwtJtiUuidOnly "jwt.jti_uuid_only" Switch, ["false", "true", "false"] "4" "Accept only a UUID version 4 as jti."
    JwtX5cMax "jwt.x5c_max" Count(1, 10), ["3", "1", "10"] "5" "Most certificates in x5c, the leaf first."
    CertCheckIssuer "cert.check_issuer" Switch, ["true", "true", "true"] "6" "Refuse a signing certificate of a foreign authority."
    CertCheckDates "cert.check_dates" Switch, ["true", "true", "false"] "6" "Refuse a signing certificate that is not in date."
    CertCheckRevoked "cert.check_revoked" Switch, ["true", "true", "true"] "6" "Refuse a signing certificate that was revoked or that the sandbox does not list."
    CertCheckUsage "cert.check_usage" Switch, ["true", "true", "false"] "6" "Refuse a signing certificate whose usage is not JWT_SIGNING."
    CertCheckSan "cert.check_san" Switch, ["true", "true", "false"] "6" "Refuse a signing certificate whose subject alternative name is not iss."
    CsrCnRule "csr.cn_rule" Choice(&["suffix", "any64", "optional"]), ["suffix", "suffix", "optional"] "7" "What common name a signing request must have."
    CertUsageValues "cert.usage_values" Pairs, ["JWT_SIGNING=1 MTLS=2", "JWT_SIGNING=1 MTLS=2", "JWT_SIGNING=1 MTLS=2"] "8" "The INTEGER in the critical private extension, by usage."
    RolesAllowed "roles.allowed" Words, ["merchant:admin merchant:developer", "merchant:admin merchant:developer", "merchant:admin merchant:developer merchant:agent"] "9" "The roles that may be asked for."
    OboAllowed "obo.allowed" WordsOf(&["omitted", "account_id", "iss", "any"]), ["omitted account_id iss", "account_id iss", "any"] "10" "What on_behalf_of may be."
    AmrRequired "amr.required" Switch, ["true", "true", "false"] "11" "Refuse a deep link's token without amr."
    AmrValues "amr.values" Words, ["pwd", "pwd", ""] "11" "One of these must stand in amr; empty means any."
    IssMatchKey "iss.match_key" Switch, ["true", "true", "false"] "12" "Refuse a token whose iss is not the API key's account."
    EnvAllowMixed "env.allow_mixed" Switch, ["false", "false", "true"] "13" "Accept live and test accounts in one token."
    AccountMatchPath "account.match_path" Switch, ["true", "true", "false"] "14" "Refuse a token whose account_id is not the account in the path."
    BodyRejectUnknown "body.reject_unknown" Switch, ["false", "true", "false"] "15" "Refuse members beside the known ones in a request body."
    DeeplinkExtraFields "deeplink.extra_fields" WordsOf(&["expires_at", "created_at"]), ["", "", "expires_at created_at"] "16" "Members to add to the answer of createDeepLink."
    DeeplinkKrnTemplate "deeplink.krn_template" Template(&["{uuid}"]), ["krn:partner:global:account:portal:deep-link:{uuid}", "krn:partner:global:account:portal:deep-link:{uuid}", "krn:partner:global:account:portal:deep-link:{uuid}"] "17" "The form of deep_link_id."
    DeeplinkUrlTemplate "deeplink.url_template" Template(&["{token}"]), ["{origin}/portal/open/{token}", "{origin}/portal/open/{token}", "{origin}/portal/open/{token}"] "18" "The form of a deep link's url."
    DeeplinkTtlS "deeplink.ttl_s" Count(1, 86_400), ["60", "60", "60"] "19" "How long an unused link lives, in seconds."
    SessionMode "session.mode" Choice(&["absolute", "idle"]), ["absolute", "absolute", "idle"] "20" "Whether a session's time counts from generation or from the last visit."
    SessionTtlS "session.ttl_s" Count(1, 604_800), ["28800", "28800", "28800"] "20" "How long a session lives, in seconds."
    RevocationDelayS "revocation.delay_s" Count(0, 300), ["60", "300", "0"] "21" "How long after its revocation a session or user access ends for the person, in seconds."
    DeeplinkDeleteMissing "deeplink.delete_missing" Choice(&["404", "204"]), ["404", "404", "204"] "22" "The answer to deleting an unknown link."
    DeeplinkRememberS "deeplink.remember_s" Count(0, YEAR), ["86400", "86400", "31536000"] "22" "How long after its making a link can be deleted again with 204, in seconds."
    AccessDeleteMissing "access.delete_missing" Choice(&["204", "404"]), ["204", "404", "204"] "23" "The answer to deleting user access that nobody has."
    AccessEmptyParam "access.empty_param" Choice(&["missing", "reject"]), ["missing", "reject", "missing"] "24" "Whether an empty parameter of a delete counts as missing, which widens it, or is refused."
    AccessUpsertKey "access.upsert_key" Choice(&["sub_account_obo", "sub_account"]), ["sub_account_obo", "sub_account_obo", "sub_account"] "25" "What makes a second grant an update of the first."
    AccessAnswer "access.answer" Choice(&["object", "empty", "ids"]), ["object", "empty", "ids"] "25" "The body of the 201: an empty object, nothing, or the ids of person and account."
    AccessUpdate "access.update" Choice(&["replace", "merge"]), ["replace", "replace", "merge"] "5.1" "Whether an update without expires_at or inactivity_grace_period takes them away or keeps them."
    AccessEmailCompare "access.email_compare" Choice(&["lower_case", "exact"]), ["lower_case", "lower_case", "exact"] "5.1" "Whether two addresses that differ in case only are one person."
    InviteTtlS "invite.ttl_s" Count(1, YEAR), ["604800", "604800", "604800"] "26" "How long the link in an invitation lives, in seconds."
    InviteSingleUse "invite.single_use" Switch, ["true", "true", "false"] "26" "Refuse the link in an invitation once a password was set through it."
    InviteResend "invite.resend" Choice(&["never", "expired"]), ["never", "never", "expired"] "26" "Whether a grant to somebody who let every invitation expire sends a new one."
    AccessGraceUnits "access.grace_units" WordsOf(&["days", "weeks", "months"]), ["days weeks months", "days months", "days weeks months"] "27" "The units that inactivity_grace_period may have."
    AccessAllowToday "access.allow_today" Switch, ["false", "false", "true"] "28" "Accept today (UTC) as expires_at."
    AccessEndOfDay "access.expires_at_ends" Choice(&["day_begins", "day_ends"]), ["day_begins", "day_begins", "day_ends"] "28" "Whether access ends as the day expires_at begins (UTC), or as it ends."
    ApButtonUrl "ap_button.url" Words, ["", "", ""] "29" "The acquirer's login address behind the button of the login page; without one there is no button."
    ApButtonPlacement "ap_button.placement" Choice(&["redirect_query", "jwt_claim", "body_field"]), ["redirect_query", "redirect_query", "redirect_query"] "29" "Where the button's session token comes back: on the link, as a claim, or beside the token in the body."
    ApButtonTokenTtlS "ap_button.token_ttl_s" Count(1, 86_400), ["900", "300", "3600"] "29" "How long the button's session token lives, in seconds."
    OidcIdToken "oidc.id_token" Choice(&["good", "alg_none", "hs256", "foreign_key", "unknown_key", "foreign_issuer", "foreign_audience", "wrong_nonce", "wrong_at_hash", "expired", "issued_late", "unverified"]), ["good", "good", "good"] "29" "Which id token the simulated provider gives: a good one, or one with a flaw, to see that it is refused."
    OidcSignIn "oidc.sign_in" Choice(&["fresh", "remembered"]), ["fresh", "fresh", "fresh"] "29" "Whether the simulated provider asked for the password just now, or an hour ago, whatever its client wanted."
    SamlUrl "saml.url" Words, ["", "", ""] "29" "Where \"Sign in with SAML\" of the login page leads: the service provider's own start; without one there is none."
    AuthForms "auth.forms" WordsOf(&["raw", "empty_user", "uuid_user"]), ["raw empty_user uuid_user", "raw", "raw empty_user uuid_user"] "30" "The accepted encodings of the API key."
    MtlsMode "mtls.mode" Choice(&["reporting", "enforced", "off"]), ["reporting", "enforced", "off"] "31" "Whether a client certificate is reported, demanded, or not looked at."
    MtlsAbsentAnswer "mtls.absent_answer" Choice(&["403_empty", "401_body"]), ["403_empty", "403_empty", "401_body"] "14.2" "The answer when a client certificate is demanded and none is valid."
    MtlsClearAnswer "mtls.clear_answer" Choice(&["204", "200_body"]), ["204", "204", "200_body"] "6.2" "The answer when an account goes back to reporting: nothing, or its state."
    IpMode "ip.mode" Choice(&["off", "reporting", "enforced"]), ["off", "enforced", "off"] "6.4" "Whether the caller's address is not looked at, reported, or must lie in ip.allowed."
    IpAllowed "ip.allowed" Ranges, ["127.0.0.0/8 ::1", "127.0.0.0/8 ::1", "127.0.0.0/8 ::1"] "6.4" "The address ranges that may call; with none, every address is reported as INVALID."
    IpBlockedAnswer "ip.blocked_answer" Choice(&["403_empty", "403_body"]), ["403_empty", "403_empty", "403_body"] "6.4" "The answer to an address that may not call."
    ApiKeysIdleS "api_keys.idle_s" Count(0, YEAR), ["5270400", "5270400", "0"] "7" "How long an API key may be unused before it is disabled, in seconds; 0 is for ever."
    ApiKeysKeptS "api_keys.kept_s" Count(0, YEAR * 10), ["26352000", "26352000", "0"] "7" "How long after it was disabled an API key is deleted, in seconds; 0 is never."
    ResolvePath "resolve.path" Choice(&["off", "/v2/accounts/resolve"]), ["off", "off", "/v2/accounts/resolve"] "32" "Where an account is resolved by its reference."
    AccountsNonstandardList "accounts.nonstandard_list" Switch, ["false", "false", "true"] "33" "Serve GET /v2/accounts, which Klarna does not have."
    IdemConflict "idem.conflict" Choice(&["409", "replay"]), ["409", "409", "replay"] "34" "The answer to a known idempotency key with another body."
    IdemWindowS "idem.window_s" Count(0, 604_800), ["86400", "86400", "86400"] "34" "How long an idempotency key is remembered, in seconds."
    AccountsForeign "accounts.foreign" Choice(&["403", "404", "allow"]), ["403", "404", "403"] "34a" "The answer for a merchant that somebody else onboarded."
    DeeplinkUnsigned "deeplink.unsigned" Choice(&["password_page", "direct", "off"]), ["password_page", "password_page", "direct"] "34b" "Where an unsigned link leads, or off to refuse the unsigned form."
    RateEnabled "rate.enabled" Switch, ["true", "true", "false"] "35" "Apply the rate limits."
    RatePartnerPerS "rate.partner_per_s" Count(1, 1_000_000), ["5", "5", "1000"] "35" "Calls a second for one merchant."
    RateAcquirerPerS "rate.acquirer_per_s" Count(1, 1_000_000), ["12", "12", "1000"] "35" "Calls a second for the acquirer as a whole; 50 for an Acquiring Partner on live. User access counts here only."
    RateRetryAfter "rate.retry_after" Switch, ["false", "false", "true"] "35" "Send Retry-After with 429."
    AccountStateGate "account.state_gate" Choice(&["403", "409", "none"]), ["403", "403", "none"] "36" "The answer for a merchant that is not OPERATIONAL."
    HeadersCorrelationPattern "headers.correlation_pattern" Switch, ["false", "true", "false"] "10.1" "Refuse a Partner-Correlation-Id that is not letters and digits."
    HeadersMetadataRequired "headers.metadata_required" Switch, ["false", "true", "false"] "10.1" "Refuse a call without Klarna-Integration-Metadata."
    LimitsBodyBytes "limits.body_bytes" Count(1, 16_000_000), ["1048576", "1048576", "16000000"] "10.1" "Longest request body; beyond it the answer is 413."
    LimitsHeaderBytes "limits.header_bytes" Count(1, 1_000_000), ["6144", "6144", "16384"] "10.1" "Longest single request header; beyond it the answer is 431."
    LimitsHeadersBytes "limits.headers_bytes" Count(1, 1_000_000), ["20480", "20480", "65536"] "10.1" "All request headers together; beyond it the answer is 431."
    TokensPaymentFormat "tokens.payment_format" Choice(&["short", "linking"]), ["short", "short", "linking"] "tokens 6" "The form of a customer token that comes of authorizePayment: krn:customer-token:eu1:UUID, or that of a linking token."
    TokensLinkingFormat "tokens.linking_format" Choice(&["krn", "uuid"]), ["krn", "krn", "uuid"] "tokens 6" "The form of a customer token that comes of account linking: krn:partner:REGION:test:identity:customer-token:ID, or a UUID."
    TokensRegion "tokens.region" Choice(&["eu1", "us1"]), ["eu1", "eu1", "eu1"] "tokens 6" "The region in customer tokens, payment requests and transactions."
    CreateFirstAnswer "create.first_answer" Choice(&["step_up", "approved"]), ["step_up", "step_up", "approved"] "tokens 1.4" "The first answer when a customer token is asked for: STEP_UP_REQUIRED, or at once APPROVED with the token, as old pages say."
    CreateCustomer "create.customer" Choice(&["required", "optional"]), ["required", "required", "optional"] "tokens 1.3" "Whether supplementary_purchase_data.customer must be there when a customer token is asked for."
    RequestLifeS "request.life_s" Count(1, YEAR), ["10800", "10800", "172800"] "tokens 1.6" "How long a Payment Request waits for the customer, in seconds; older pages say 48 hours."
    SessionTokenLifeS "session_token.life_s" Count(1, 604_800), ["3600", "3600", "3600"] "tokens 1.2" "How long a network session token is good for the final call, in seconds."
    SessionTokenExpired "session_token.expired_answer" Choice(&["400", "404", "410"]), ["400", "400", "404"] "tokens 9" "The answer to a network session token whose time is over."
    ChargeCnpStepUp "charge.cnp_step_up" Choice(&["400", "ignored"]), ["400", "400", "ignored"] "tokens 1.4" "The answer to step_up_config where it must be absent: a charge without the customer, a final call."
    ChargePurchaseData "charge.purchase_data" Choice(&["required", "optional"]), ["required", "required", "optional"] "tokens 1.3" "Whether a charge must repeat subscriptions (customer not present) or ondemand_service (customer present)."
    ChargeScopeMismatch "charge.scope_mismatch" Choice(&["declined", "403"]), ["declined", "403", "declined"] "tokens 2.3" "The answer to a charge that its token's scope does not allow: DECLINED with SCOPE_MISMATCH (an invented reason), or 403."
    ChargeRevoked "charge.revoked" Choice(&["permanent", "token_revoked", "410"]), ["permanent", "410", "permanent"] "tokens 2.4" "The answer to a charge of a revoked token: DECLINED with PERMANENT, with TOKEN_REVOKED (an invented reason), or 410."
    ChargeStepUpAbove "charge.step_up_above" Count(0, 1_000_000_000_000), ["100000", "100000", "1000000000000"] "tokens 2.2" "Above which amount in minor units a charge with the customer present asks for a step-up (an invented rule)."
    DeclinesTrigger "declines.trigger" WordsOf(&["email", "amount"]), ["email", "email amount", "email"] "tokens 9" "What makes a purchase be declined: the customer's e-mail, the amount, or either."
    DeclinesEmail "declines.email" Words, ["+denied", "+denied", "+denied"] "tokens 9" "An e-mail address that contains one of these is declined."
    DeclinesAmount "declines.amount" Count(1, 1_000_000_000_000), ["66600", "66600", "66600"] "tokens 9" "This amount in minor units is declined, where declines.trigger says so."
    OtpRefused "otp.refused" Words, ["999999", "999999", "999999"] "tokens 9" "One-time codes that are wrong on the customer's pages; any other six digits are right."
    IdentityIntrospect "identity.introspect" Template(&[" /v2/", "{account}"]), ["GET /v2/accounts/{account}/identity/customer-token", "GET /v2/accounts/{account}/identity/customer-token", "GET /v2/accounts/{account}/identity/customer-token"] "tokens 3.2" "Method and path of reading a customer token."
    IdentityRevoke "identity.revoke" Template(&[" /v2/", "{account}"]), ["DELETE /v2/accounts/{account}/identity/customer-token", "DELETE /v2/accounts/{account}/identity/customer-token", "DELETE /v2/accounts/{account}/identity/customer-token"] "tokens 3.2" "Method and path of revoking a customer token."
    IdentityRevoked "identity.revoked" Choice(&["410", "200"]), ["410", "410", "200"] "tokens 3.1" "The answer to reading a revoked customer token: an error, or its status REVOKED."
    IdentitySecondRevoke "identity.second_revoke" Choice(&["410", "200"]), ["410", "410", "200"] "tokens 3.2" "The answer to revoking a customer token again."
    IdentityForeign "identity.foreign" Choice(&["403", "404"]), ["403", "404", "403"] "tokens 3.1" "The answer to a customer token of another merchant."
    WebhooksRevoked "webhooks.revoked" Choice(&["sent", "dropped"]), ["sent", "sent", "sent"] "tokens 9" "Whether a revocation is told by webhook; dropped, to test that it is not missed."
    WebhooksRevokedFields "webhooks.revoked_fields" WordsOf(&["customer_token", "customer_token_reference"]), ["customer_token customer_token_reference", "customer_token_reference", "customer_token customer_token_reference"] "tokens 7.3" "What names the customer token in the webhook of its revocation."
    WebhooksNesting "webhooks.nesting" Choice(&["payload", "state_context"]), ["payload", "payload", "state_context"] "tokens 7.3" "Where a completed Payment Request's webhook has the tokens: in payload itself, or in payload.state_context."
    WebhooksLive "webhooks.live" Choice(&["boolean", "quoted"]), ["boolean", "boolean", "quoted"] "tokens 7.3" "Whether metadata.live of a webhook is false or \"false\"."
    WebhooksSignature "webhooks.signature" Choice(&["hex", "base64"]), ["hex", "hex", "hex"] "tokens 7.4" "How a delivery's signature is written; base64, to test what a verifier says of it."
    WebhooksDuplicates "webhooks.duplicates" Count(0, 10), ["0", "0", "0"] "tokens 9" "How often each delivery is repeated with the same event_id."
    WebhooksLoseEvery "webhooks.lose_every" Count(0, 1_000), ["0", "0", "0"] "tokens 9" "Each delivery of this number is lost and never repeated: 1 loses all, 2 every second, 0 none."
    WebhooksDelayS "webhooks.delay_s" Count(0, 86_400), ["0", "0", "0"] "tokens 7.5" "How long after what it tells of a delivery is sent, in seconds."
    V1Cancel "v1.cancel" Choice(&["accepted", "immediate", "never"]), ["accepted", "accepted", "immediate"] "tokens 5" "Whether an accepted cancellation of a v1 token takes effect after v1.cancel_delay_s, at once, or never."
    V1CancelDelayS "v1.cancel_delay_s" Count(0, 86_400), ["2", "30", "2"] "tokens 9" "How long after its 202 the cancellation of a v1 token takes effect, in seconds."
    V1CancelledSpelling "v1.cancelled_spelling" Choice(&["CANCELLED", "CANCELED"]), ["CANCELLED", "CANCELLED", "CANCELED"] "tokens 5" "How the code and the status of a cancelled v1 token are spelled."
    V1FraudStatus "v1.fraud_status" Choice(&["ACCEPTED", "PENDING"]), ["ACCEPTED", "ACCEPTED", "PENDING"] "tokens 4.4" "The fraud_status of a new order."
    V1ApiKey "v1.api_key" Switch, ["true", "false", "true"] "tokens 4.1" "Accept the API key on payments v1 beside a merchant's user name and password."
    V1SessionLifeS "v1.session_life_s" Count(1, YEAR), ["172800", "172800", "172800"] "tokens 4.2" "How long a session of payments v1 is open, in seconds."
    V1AuthorizationLifeS "v1.authorization_life_s" Count(1, YEAR), ["3600", "3600", "3600"] "tokens 4.2" "How long an authorization_token is good, in seconds."
    LinkingValid "linking.valid_token" Choice(&["same", "rotate", "none"]), ["same", "same", "rotate"] "tokens 4.4" "What an order answers for a returning customer's good token: the same, another one, or none as after an opt-out."
    LinkingInvalid "linking.invalid_token" Choice(&["rotate", "none"]), ["rotate", "rotate", "none"] "tokens 4.4" "What an order answers for a token that was rotated, has expired or is another's: a new one, or none as after an opt-out."
    EmdUnknown "emd.unknown" Choice(&["alarm", "400"]), ["alarm", "400", "alarm"] "tokens 4.6" "What follows unknown packages and members, addresses and fingerprints of devices in extra merchant data: an alarm, or also a refusal."
    ErrorsList "errors.list" Choice(&["errors", "validation_errors"]), ["errors", "errors", "validation_errors"] "tokens 1.7" "The name of the list of flaws in an error."
}
