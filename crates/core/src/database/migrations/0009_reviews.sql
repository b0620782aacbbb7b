CREATE TABLE review (
    id              TEXT NOT NULL PRIMARY KEY,
    profile         TEXT NOT NULL REFERENCES profile (id) ON DELETE CASCADE,
    name            TEXT NOT NULL,
    origin          TEXT NOT NULL CHECK (origin IN ('own', 'task')),
    state           TEXT NOT NULL CHECK (state IN ('open', 'handed_in', 'signed_off', 'concluded')),
    head            BLOB NOT NULL,
    snapshot_sha256 TEXT NOT NULL,
    lines           INTEGER NOT NULL,
    decided         INTEGER NOT NULL DEFAULT 0,
    revoked         INTEGER NOT NULL DEFAULT 0,
    started_ms      INTEGER NOT NULL,
    due             TEXT,
    start_seq       INTEGER NOT NULL DEFAULT 0,
    checkpoint      TEXT NOT NULL DEFAULT '',
    sign_off        BLOB,
    sign_off_seq    INTEGER,
    plan_sha256     TEXT,
    after_sha256    TEXT,
    conclude_seq    INTEGER,
    concluded_ms    INTEGER
) STRICT, WITHOUT ROWID;

CREATE INDEX review_newest ON review (profile, started_ms DESC);

-- The exact bytes of a snapshot's lines; the verdict is what the decisions come to: 0 none, 1 keep, 2 revoke.
CREATE TABLE review_line (
    review  TEXT NOT NULL REFERENCES review (id) ON DELETE CASCADE,
    line    INTEGER NOT NULL,
    body    BLOB NOT NULL,
    after   BLOB,
    verdict INTEGER NOT NULL DEFAULT 0 CHECK (verdict IN (0, 1, 2)),
    PRIMARY KEY (review, line)
) STRICT, WITHOUT ROWID;

CREATE INDEX review_line_verdict ON review_line (review, verdict, line);

CREATE TABLE review_decision (
    review      TEXT NOT NULL REFERENCES review (id) ON DELETE CASCADE,
    line        INTEGER NOT NULL,
    reviewer    TEXT NOT NULL,
    verdict     INTEGER NOT NULL CHECK (verdict IN (1, 2)),
    note        TEXT,
    self_review INTEGER NOT NULL,
    decided_ms  INTEGER NOT NULL,
    PRIMARY KEY (review, line, reviewer)
) STRICT, WITHOUT ROWID;

-- What other reviewers handed in, as it came; and the task itself where this is not the starter's computer.
CREATE TABLE review_file (
    review   TEXT NOT NULL REFERENCES review (id) ON DELETE CASCADE,
    reviewer TEXT NOT NULL,
    kind     TEXT NOT NULL CHECK (kind IN ('task', 'hand_in')),
    sha256   TEXT NOT NULL,
    file     BLOB NOT NULL,
    seq      INTEGER NOT NULL,
    taken_ms INTEGER NOT NULL,
    PRIMARY KEY (review, kind, reviewer)
) STRICT, WITHOUT ROWID;
