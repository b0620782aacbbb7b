-- Logs of colleagues that this computer witnesses: their key, and the checkpoint that was co-signed last.
CREATE TABLE witnessed_log (
    log_id         TEXT NOT NULL PRIMARY KEY CHECK (length(log_id) = 32),
    checkpoint_key BLOB NOT NULL CHECK (length(checkpoint_key) = 32),
    size           INTEGER NOT NULL CHECK (size >= 1),
    root           BLOB NOT NULL CHECK (length(root) = 32),
    note           TEXT NOT NULL,
    signed_ms      INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- Two histories of one log: the checkpoint that was kept, and the one that was shown.
CREATE TABLE witness_alarm (
    id         INTEGER PRIMARY KEY,
    log_id     TEXT NOT NULL,
    kept_note  TEXT NOT NULL,
    shown_note TEXT NOT NULL,
    found_ms   INTEGER NOT NULL
) STRICT;

-- Questions that went out from here: an answer does not say which checkpoint it is about.
CREATE TABLE witness_question (
    log_id   TEXT NOT NULL,
    size     INTEGER NOT NULL CHECK (size >= 1),
    asked_ms INTEGER NOT NULL,
    PRIMARY KEY (log_id, size)
) STRICT, WITHOUT ROWID;
