CREATE TABLE access_grant (
    id                 TEXT NOT NULL PRIMARY KEY,
    profile            TEXT NOT NULL REFERENCES profile (id) ON DELETE CASCADE,
    merchant_id        TEXT NOT NULL,
    principal          TEXT NOT NULL,
    person             TEXT NOT NULL,
    on_behalf_of       TEXT NOT NULL,
    roles              TEXT NOT NULL,
    expires_on         TEXT,
    inactivity         TEXT,
    origin             TEXT NOT NULL CHECK (origin IN ('granted', 'declared')),
    invited            INTEGER NOT NULL,
    reason             TEXT,
    granted_by         TEXT NOT NULL,
    granted_at_ms      INTEGER NOT NULL,
    changed_at_ms      INTEGER NOT NULL,
    doubtful           INTEGER NOT NULL DEFAULT 0,
    revoke_accepted_ms INTEGER,
    out_by_ms          INTEGER,
    UNIQUE (profile, merchant_id, person, on_behalf_of)
) STRICT, WITHOUT ROWID;

CREATE INDEX access_grant_person ON access_grant (profile, person, merchant_id);
CREATE INDEX access_grant_newest ON access_grant (profile, changed_at_ms DESC, id);
CREATE INDEX access_grant_expiry ON access_grant (profile, expires_on) WHERE expires_on IS NOT NULL AND revoke_accepted_ms IS NULL;
