ALTER TABLE profile ADD COLUMN method TEXT;
ALTER TABLE profile ADD COLUMN proxy TEXT NOT NULL DEFAULT 'system';

CREATE TABLE profile_key (
    profile         TEXT NOT NULL REFERENCES profile (id) ON DELETE CASCADE,
    key_id          TEXT NOT NULL,
    usage           TEXT NOT NULL CHECK (usage IN ('JWT_SIGNING', 'MTLS')),
    state           TEXT NOT NULL CHECK (state IN ('generated', 'requested', 'active', 'retiring', 'destroyed')),
    place           TEXT NOT NULL,
    spki            BLOB NOT NULL,
    csr             TEXT,
    credential_id   TEXT,
    pem             TEXT,
    generated_at_ms INTEGER NOT NULL,
    requested_at_ms INTEGER,
    installed_at_ms INTEGER,
    active_at_ms    INTEGER,
    retiring_at_ms  INTEGER,
    revoked_from_ms INTEGER,
    destroyed_at_ms INTEGER,
    PRIMARY KEY (profile, key_id)
) STRICT, WITHOUT ROWID;

CREATE UNIQUE INDEX profile_key_active ON profile_key (profile, usage) WHERE state = 'active';
CREATE UNIQUE INDEX profile_key_next ON profile_key (profile, usage) WHERE state IN ('generated', 'requested');
CREATE UNIQUE INDEX profile_key_retiring ON profile_key (profile, usage) WHERE state = 'retiring';

INSERT INTO profile_key (profile, key_id, usage, state, place, spki, credential_id, pem,
                         generated_at_ms, requested_at_ms, installed_at_ms, active_at_ms)
SELECT profile, key_id, usage, 'active', 'key_store', spki, credential_id, pem,
       installed_at_ms, installed_at_ms, installed_at_ms, installed_at_ms
FROM certificate;

CREATE TABLE profile_fact (
    profile TEXT NOT NULL REFERENCES profile (id) ON DELETE CASCADE,
    name    TEXT NOT NULL,
    value   TEXT NOT NULL,
    at_ms   INTEGER NOT NULL,
    PRIMARY KEY (profile, name)
) STRICT, WITHOUT ROWID;

UPDATE profile SET method = 'deep_link';
INSERT INTO profile_fact (profile, name, value, at_ms) SELECT id, 'api_key', 'proved', created_at_ms FROM profile;

CREATE TABLE expiry_told (
    profile    TEXT NOT NULL REFERENCES profile (id) ON DELETE CASCADE,
    subject    TEXT NOT NULL,
    ends_at_ms INTEGER NOT NULL,
    threshold  INTEGER NOT NULL,
    told_at_ms INTEGER NOT NULL,
    PRIMARY KEY (profile, subject, ends_at_ms, threshold)
) STRICT, WITHOUT ROWID;

DROP TABLE certificate;
