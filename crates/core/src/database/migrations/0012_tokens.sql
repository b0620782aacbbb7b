-- The vault of customer tokens. `sealed` is XChaCha20-Poly1305 under a key derived from the data directory's vault key; `blind` is the first
-- half of an HMAC of the token under another one, and says nothing but that two are equal. What stands in clear is what people look for.
CREATE TABLE token (
    id              INTEGER NOT NULL PRIMARY KEY,
    profile         TEXT NOT NULL REFERENCES profile (id) ON DELETE CASCADE,
    key_id          TEXT NOT NULL,
    sealed          BLOB NOT NULL,
    blind           BLOB NOT NULL CHECK (length(blind) = 16),
    hint            TEXT NOT NULL,
    fingerprint     TEXT NOT NULL,
    family          TEXT NOT NULL CHECK (family IN ('network_payment', 'network_linking', 'v1', 'unknown')),
    merchant        TEXT,
    reference       TEXT,
    scopes          TEXT NOT NULL DEFAULT '',
    customer        TEXT,
    subscription    TEXT,
    status          TEXT NOT NULL CHECK (status IN ('ACTIVE', 'REVOKED', 'SUSPENDED', 'PENDING_REVOKE', 'SUPERSEDED', 'UNKNOWN', 'UNREACHABLE')),
    ended_by        TEXT,
    superseded_by   INTEGER REFERENCES token (id),
    source          TEXT NOT NULL CHECK (source IN ('typed', 'imported', 'created', 'webhook', 'linked')),
    created_ms      INTEGER,
    kept_ms         INTEGER NOT NULL,
    last_used_ms    INTEGER,
    last_checked_ms INTEGER,
    order_ms        INTEGER,
    answer_ms       INTEGER
) STRICT;

CREATE UNIQUE INDEX token_blind ON token (profile, blind);
CREATE INDEX token_newest ON token (profile, id);
CREATE INDEX token_status ON token (profile, status, id);
CREATE INDEX token_merchant ON token (profile, merchant, id);
CREATE INDEX token_reference ON token (profile, reference, id) WHERE reference IS NOT NULL;
CREATE INDEX token_customer ON token (profile, customer, id) WHERE customer IS NOT NULL;
CREATE INDEX token_subscription ON token (profile, subscription, id) WHERE subscription IS NOT NULL;
CREATE INDEX token_fingerprint ON token (profile, fingerprint);
CREATE INDEX token_key ON token (key_id);

-- What this tool knows to have happened to a token; `seq` is the audit entry that says so.
CREATE TABLE token_story (
    token   INTEGER NOT NULL REFERENCES token (id) ON DELETE CASCADE,
    at      INTEGER NOT NULL,
    at_ms   INTEGER NOT NULL,
    what    TEXT NOT NULL,
    outcome TEXT NOT NULL DEFAULT '',
    told    TEXT NOT NULL DEFAULT '',
    seq     INTEGER,
    PRIMARY KEY (token, at)
) STRICT, WITHOUT ROWID;

-- Customers who are asked: a payment request of Klarna's, until a token comes of it or it is over.
CREATE TABLE token_consent (
    id           TEXT NOT NULL PRIMARY KEY,
    profile      TEXT NOT NULL REFERENCES profile (id) ON DELETE CASCADE,
    merchant     TEXT NOT NULL,
    request      TEXT NOT NULL,
    request_id   TEXT NOT NULL,
    state        TEXT NOT NULL,
    asked_ms     INTEGER NOT NULL,
    expires_ms   INTEGER,
    completed_ms INTEGER,
    key_id       TEXT,
    session      BLOB,
    what         TEXT NOT NULL CHECK (what IN ('create', 'charge')),
    pays         INTEGER NOT NULL CHECK (pays IN (0, 1)),
    paid_ms      INTEGER,
    token        INTEGER REFERENCES token (id)
) STRICT, WITHOUT ROWID;

CREATE INDEX token_consent_newest ON token_consent (profile, asked_ms DESC);

-- Charges that were sent from here, so that none is sent twice and what was billed after an end is found.
CREATE TABLE token_charge (
    act            TEXT NOT NULL PRIMARY KEY,
    profile        TEXT NOT NULL REFERENCES profile (id) ON DELETE CASCADE,
    token          INTEGER NOT NULL REFERENCES token (id) ON DELETE CASCADE,
    reference      TEXT NOT NULL,
    amount         INTEGER NOT NULL,
    currency       TEXT NOT NULL,
    presence       TEXT NOT NULL,
    idem_key       TEXT NOT NULL,
    at_ms          INTEGER NOT NULL,
    outcome        TEXT NOT NULL CHECK (outcome IN ('unknown', 'approved', 'declined', 'step_up', 'refused')),
    reason         TEXT,
    transaction_id TEXT
) STRICT, WITHOUT ROWID;

CREATE INDEX token_charge_token ON token_charge (token, at_ms DESC);
CREATE INDEX token_charge_reference ON token_charge (profile, reference);

-- Sessions of payments v1 in which customers link their accounts.
CREATE TABLE linking_session (
    id         TEXT NOT NULL PRIMARY KEY,
    profile    TEXT NOT NULL REFERENCES profile (id) ON DELETE CASCADE,
    merchant   TEXT,
    session_id TEXT NOT NULL,
    request    TEXT NOT NULL,
    token      INTEGER REFERENCES token (id),
    started_ms INTEGER NOT NULL,
    key_id     TEXT,
    client     BLOB,
    order_id   TEXT,
    ordered_ms INTEGER,
    linking    TEXT
) STRICT, WITHOUT ROWID;

CREATE INDEX linking_session_newest ON linking_session (profile, started_ms DESC);

-- Deliveries that were taken in, so that a second one is known.
CREATE TABLE token_delivery (
    profile  TEXT NOT NULL REFERENCES profile (id) ON DELETE CASCADE,
    event_id TEXT NOT NULL,
    taken_ms INTEGER NOT NULL,
    PRIMARY KEY (profile, event_id)
) STRICT, WITHOUT ROWID;
