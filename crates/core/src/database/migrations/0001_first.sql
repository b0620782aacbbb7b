CREATE TABLE setting (
    key   TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE profile (
    id            TEXT NOT NULL PRIMARY KEY,
    name          TEXT NOT NULL UNIQUE,
    environment   TEXT NOT NULL CHECK (environment IN ('live', 'test', 'sandbox')),
    account       TEXT NOT NULL,
    account_name  TEXT NOT NULL,
    user_email    TEXT NOT NULL,
    endpoint      TEXT NOT NULL,
    ca_pem        TEXT,
    allowed_hosts TEXT NOT NULL,
    policy        TEXT NOT NULL,
    created_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE certificate (
    profile         TEXT NOT NULL REFERENCES profile (id) ON DELETE CASCADE,
    usage           TEXT NOT NULL CHECK (usage IN ('JWT_SIGNING', 'MTLS')),
    key_id          TEXT NOT NULL,
    spki            BLOB NOT NULL,
    credential_id   TEXT NOT NULL,
    pem             TEXT NOT NULL,
    installed_at_ms INTEGER NOT NULL,
    PRIMARY KEY (profile, usage)
) STRICT, WITHOUT ROWID;

CREATE TABLE merchant (
    profile         TEXT NOT NULL,
    merchant_id     TEXT NOT NULL,
    suffix          TEXT NOT NULL,
    name            TEXT NOT NULL,
    reference       TEXT NOT NULL DEFAULT '',
    country         TEXT NOT NULL DEFAULT '',
    tags            TEXT NOT NULL DEFAULT '',
    state           TEXT NOT NULL DEFAULT 'UNKNOWN',
    pinned          INTEGER NOT NULL DEFAULT 0,
    opened_at_ms    INTEGER,
    refreshed_at_ms INTEGER,
    imported_at_ms  INTEGER NOT NULL,
    folded          TEXT NOT NULL,
    PRIMARY KEY (profile, merchant_id)
) STRICT, WITHOUT ROWID;

CREATE INDEX merchant_reference ON merchant (profile, reference);
CREATE INDEX merchant_suffix ON merchant (profile, suffix);

CREATE TABLE portal_session (
    id                  TEXT NOT NULL PRIMARY KEY,
    profile             TEXT NOT NULL,
    act                 TEXT NOT NULL,
    deep_link_id        TEXT NOT NULL,
    merchant_id         TEXT NOT NULL,
    merchant_name       TEXT NOT NULL,
    reference           TEXT NOT NULL,
    principal           TEXT NOT NULL,
    open_as             INTEGER NOT NULL,
    reason              TEXT,
    roles               TEXT NOT NULL,
    unsigned            INTEGER NOT NULL,
    handover            TEXT NOT NULL,
    browser             TEXT NOT NULL,
    created_at_ms       INTEGER NOT NULL,
    link_dead_at_ms     INTEGER NOT NULL,
    expires_at_ms       INTEGER NOT NULL,
    fetched_at_ms       INTEGER,
    revoke_accepted_ms  INTEGER,
    out_by_ms           INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX portal_session_newest ON portal_session (profile, created_at_ms DESC);
CREATE INDEX portal_session_merchant ON portal_session (profile, merchant_id, created_at_ms DESC);
