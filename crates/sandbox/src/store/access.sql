ALTER TABLE mail ADD COLUMN link TEXT;
ALTER TABLE alarms ADD COLUMN counts TEXT;
CREATE INDEX mail_recipient ON mail (recipient);
CREATE TABLE people (
    id TEXT PRIMARY KEY,
    address_key TEXT NOT NULL UNIQUE,
    address TEXT NOT NULL,
    password TEXT,
    created_ms INTEGER NOT NULL,
    activated_ms INTEGER
) WITHOUT ROWID, STRICT;
CREATE TABLE invitations (
    token TEXT PRIMARY KEY,
    person TEXT NOT NULL,
    sent_ms INTEGER NOT NULL,
    expires_ms INTEGER NOT NULL,
    used_ms INTEGER
) WITHOUT ROWID, STRICT;
CREATE INDEX invitations_person ON invitations (person);
CREATE TABLE person_sessions (
    id TEXT PRIMARY KEY,
    person TEXT NOT NULL,
    created_ms INTEGER NOT NULL,
    seen_ms INTEGER NOT NULL
) WITHOUT ROWID, STRICT;
CREATE TABLE access (
    id INTEGER PRIMARY KEY,
    acquirer TEXT NOT NULL,
    account TEXT NOT NULL,
    address_key TEXT NOT NULL,
    on_behalf_of TEXT NOT NULL,
    sub TEXT NOT NULL,
    roles TEXT NOT NULL,
    expires_at TEXT,
    grace TEXT,
    created_ms INTEGER NOT NULL,
    updated_ms INTEGER NOT NULL,
    seen_ms INTEGER NOT NULL,
    writes INTEGER NOT NULL,
    deletes INTEGER NOT NULL,
    revoked_ms INTEGER,
    out_ms INTEGER,
    UNIQUE (acquirer, account, address_key, on_behalf_of)
) STRICT;
CREATE INDEX access_address ON access (address_key);
CREATE TABLE access_calls (
    principal TEXT NOT NULL,
    account TEXT NOT NULL,
    method TEXT NOT NULL,
    wire INTEGER NOT NULL DEFAULT 0,
    effect INTEGER NOT NULL DEFAULT 0,
    replay INTEGER NOT NULL DEFAULT 0,
    idle INTEGER NOT NULL DEFAULT 0,
    refused INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (principal, account, method)
) WITHOUT ROWID, STRICT;
