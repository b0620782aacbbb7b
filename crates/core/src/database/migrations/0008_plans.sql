CREATE TABLE access_plan (
    sha256      TEXT NOT NULL PRIMARY KEY,
    profile     TEXT NOT NULL REFERENCES profile (id) ON DELETE CASCADE,
    file        BLOB NOT NULL,
    source      TEXT NOT NULL,
    made_by     TEXT NOT NULL,
    made_at_ms  INTEGER NOT NULL,
    rows        INTEGER NOT NULL,
    calls       INTEGER NOT NULL,
    people      INTEGER NOT NULL,
    state       TEXT NOT NULL CHECK (state IN ('waiting', 'running', 'paused', 'cancelled', 'done')),
    kept_at_ms  INTEGER NOT NULL,
    from_seq    INTEGER,
    started_ms  INTEGER,
    ended_ms    INTEGER,
    held_by     TEXT
) STRICT, WITHOUT ROWID;

CREATE INDEX access_plan_newest ON access_plan (profile, kept_at_ms DESC);

CREATE TABLE access_plan_row (
    sha256   TEXT NOT NULL REFERENCES access_plan (sha256) ON DELETE CASCADE,
    row      INTEGER NOT NULL,
    outcome  TEXT NOT NULL CHECK (outcome IN ('succeeded', 'refused', 'unknown', 'already_so', 'stale')),
    code     TEXT,
    message  TEXT,
    at_ms    INTEGER NOT NULL,
    PRIMARY KEY (sha256, row)
) STRICT, WITHOUT ROWID;

CREATE TABLE access_approval (
    plan_sha256 TEXT NOT NULL REFERENCES access_plan (sha256) ON DELETE CASCADE,
    approver    TEXT NOT NULL,
    file        BLOB NOT NULL,
    PRIMARY KEY (plan_sha256, approver)
) STRICT, WITHOUT ROWID;
