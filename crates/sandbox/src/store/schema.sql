CREATE TABLE meta (name TEXT PRIMARY KEY, value BLOB NOT NULL) WITHOUT ROWID, STRICT;
CREATE TABLE settings (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID, STRICT;
CREATE TABLE accounts (
    position INTEGER PRIMARY KEY,
    krn TEXT NOT NULL UNIQUE,
    reference TEXT NOT NULL,
    name TEXT NOT NULL,
    country TEXT NOT NULL,
    tags TEXT NOT NULL,
    state TEXT NOT NULL,
    onboarded INTEGER NOT NULL
) STRICT;
CREATE TABLE api_keys (
    id TEXT PRIMARY KEY,
    uuid TEXT NOT NULL,
    secret TEXT NOT NULL UNIQUE,
    account TEXT NOT NULL,
    description TEXT NOT NULL,
    created_ms INTEGER NOT NULL,
    disabled_ms INTEGER,
    used_ms INTEGER
) STRICT;
CREATE TABLE certificates (
    id TEXT PRIMARY KEY,
    account TEXT NOT NULL,
    usage TEXT NOT NULL,
    description TEXT NOT NULL,
    pem TEXT NOT NULL,
    sha256 TEXT NOT NULL UNIQUE,
    serial TEXT NOT NULL,
    created_ms INTEGER NOT NULL,
    expires_ms INTEGER NOT NULL,
    revoked_from_ms INTEGER
) STRICT;
CREATE TABLE enforcement (account TEXT PRIMARY KEY, enforced_from_ms INTEGER NOT NULL) WITHOUT ROWID, STRICT;
CREATE TABLE links (
    id TEXT PRIMARY KEY,
    token TEXT NOT NULL UNIQUE,
    acquirer TEXT NOT NULL,
    merchant TEXT NOT NULL,
    subject TEXT NOT NULL,
    roles TEXT NOT NULL,
    on_behalf_of TEXT NOT NULL,
    form TEXT NOT NULL,
    password_due INTEGER NOT NULL,
    created_ms INTEGER NOT NULL,
    expires_ms INTEGER NOT NULL,
    session TEXT UNIQUE,
    used_ms INTEGER,
    seen_ms INTEGER,
    deleted_ms INTEGER,
    out_ms INTEGER
) STRICT;
CREATE TABLE jtis (issuer TEXT NOT NULL, jti TEXT NOT NULL, until_ms INTEGER NOT NULL, PRIMARY KEY (issuer, jti)) WITHOUT ROWID, STRICT;
CREATE INDEX jtis_until ON jtis (until_ms);
CREATE TABLE idempotency (
    account TEXT NOT NULL,
    key TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    created_ms INTEGER NOT NULL,
    status INTEGER NOT NULL,
    body TEXT NOT NULL,
    PRIMARY KEY (account, key)
) WITHOUT ROWID, STRICT;
CREATE INDEX idempotency_created ON idempotency (created_ms);
CREATE TABLE mail (id INTEGER PRIMARY KEY, recipient TEXT NOT NULL, subject TEXT NOT NULL, body TEXT NOT NULL, sent_ms INTEGER NOT NULL) STRICT;
CREATE TABLE alarms (id INTEGER PRIMARY KEY, kind TEXT NOT NULL, detail TEXT NOT NULL, raised_ms INTEGER NOT NULL) STRICT;
