CREATE TABLE payment_requests (
    id TEXT PRIMARY KEY,
    page TEXT NOT NULL UNIQUE,
    acquirer TEXT NOT NULL,
    account TEXT NOT NULL,
    reference TEXT,
    state TEXT NOT NULL,
    former TEXT,
    amount INTEGER,
    currency TEXT NOT NULL,
    scopes TEXT,
    token_reference TEXT,
    charged TEXT,
    return_url TEXT,
    email TEXT NOT NULL,
    created_ms INTEGER NOT NULL,
    updated_ms INTEGER NOT NULL,
    expires_ms INTEGER NOT NULL,
    canceled_ms INTEGER,
    session_token TEXT UNIQUE,
    session_until_ms INTEGER,
    session_used_ms INTEGER,
    token TEXT
) STRICT;
CREATE INDEX payment_requests_open ON payment_requests (expires_ms) WHERE state IN ('SUBMITTED', 'IN_PROGRESS');
CREATE TABLE customer_tokens (
    id INTEGER PRIMARY KEY,
    token TEXT NOT NULL UNIQUE,
    family TEXT NOT NULL,
    acquirer TEXT NOT NULL,
    account TEXT NOT NULL,
    reference TEXT,
    scopes TEXT NOT NULL,
    currency TEXT NOT NULL,
    email TEXT NOT NULL,
    status TEXT NOT NULL,
    decline TEXT,
    ends_ms INTEGER,
    created_ms INTEGER NOT NULL,
    updated_ms INTEGER NOT NULL,
    ended_by TEXT,
    superseded_by TEXT
) STRICT;
CREATE INDEX customer_tokens_reference ON customer_tokens (reference);
CREATE TABLE charges (
    id TEXT PRIMARY KEY,
    token TEXT,
    account TEXT NOT NULL,
    reference TEXT,
    amount INTEGER NOT NULL,
    currency TEXT NOT NULL,
    result TEXT NOT NULL,
    reason TEXT,
    created_ms INTEGER NOT NULL
) STRICT;
CREATE TABLE signing_keys (id TEXT PRIMARY KEY, account TEXT NOT NULL, secret TEXT NOT NULL, created_ms INTEGER NOT NULL) STRICT;
CREATE TABLE webhooks (
    id TEXT PRIMARY KEY,
    account TEXT NOT NULL,
    url TEXT NOT NULL,
    event_types TEXT NOT NULL,
    event_version TEXT NOT NULL,
    signing_key TEXT NOT NULL,
    status TEXT NOT NULL,
    created_ms INTEGER NOT NULL,
    updated_ms INTEGER NOT NULL
) STRICT;
CREATE TABLE deliveries (
    id INTEGER PRIMARY KEY,
    event_id TEXT NOT NULL,
    event_type TEXT NOT NULL,
    url TEXT NOT NULL,
    body TEXT NOT NULL,
    signing_key TEXT,
    state TEXT NOT NULL,
    attempts INTEGER NOT NULL,
    due_ms INTEGER NOT NULL,
    created_ms INTEGER NOT NULL,
    tried_ms INTEGER,
    status INTEGER,
    trouble TEXT
) STRICT;
CREATE INDEX deliveries_due ON deliveries (due_ms) WHERE state = 'WAITING';
CREATE TABLE v1_credentials (username TEXT PRIMARY KEY, password TEXT NOT NULL, account TEXT NOT NULL UNIQUE) WITHOUT ROWID, STRICT;
CREATE TABLE purchases (
    id TEXT PRIMARY KEY,
    client_token TEXT NOT NULL UNIQUE,
    account TEXT NOT NULL,
    intent TEXT NOT NULL,
    body TEXT NOT NULL,
    created_ms INTEGER NOT NULL,
    expires_ms INTEGER NOT NULL,
    email TEXT,
    linked INTEGER NOT NULL DEFAULT 0,
    refused INTEGER NOT NULL DEFAULT 0,
    authorization TEXT UNIQUE,
    authorized_ms INTEGER,
    released_ms INTEGER,
    order_id TEXT,
    token TEXT
) STRICT;
