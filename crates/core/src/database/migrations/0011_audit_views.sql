-- Questions to the audit log that somebody gave a name. They say nothing of the log itself, so they are no evidence.
CREATE TABLE audit_view (
    id      TEXT NOT NULL PRIMARY KEY,
    name    TEXT NOT NULL UNIQUE,
    query   TEXT NOT NULL,
    pinned  INTEGER NOT NULL CHECK (pinned IN (0, 1)),
    made_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
