CREATE TABLE meta (
    epoch INTEGER PRIMARY KEY CHECK (epoch >= 1),
    log_id TEXT NOT NULL CHECK (length(log_id) = 32),
    first_seq INTEGER NOT NULL CHECK (first_seq >= 1),
    checkpoint_key BLOB NOT NULL CHECK (length(checkpoint_key) = 32)
) STRICT;

CREATE TABLE event (
    seq INTEGER PRIMARY KEY CHECK (seq >= 1),
    leaf BLOB NOT NULL CHECK (length(leaf) = 32),
    body BLOB NOT NULL CHECK (length(body) BETWEEN 2 AND 16384)
) STRICT;

CREATE TABLE event_private (
    seq INTEGER PRIMARY KEY REFERENCES event (seq),
    salt BLOB NOT NULL CHECK (length(salt) = 32),
    json BLOB NOT NULL CHECK (length(json) BETWEEN 2 AND 65536)
) STRICT;

CREATE TABLE node (
    level INTEGER NOT NULL CHECK (level BETWEEN 1 AND 62),
    idx INTEGER NOT NULL CHECK (idx >= 0),
    h BLOB NOT NULL CHECK (length(h) = 32),
    PRIMARY KEY (level, idx)
) STRICT, WITHOUT ROWID;

CREATE TABLE checkpoint (
    size INTEGER PRIMARY KEY CHECK (size >= 1),
    note TEXT NOT NULL
) STRICT;

CREATE TRIGGER meta_no_update BEFORE UPDATE ON meta
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER meta_no_delete BEFORE DELETE ON meta
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER meta_in_order BEFORE INSERT ON meta
WHEN NEW.epoch <= (SELECT coalesce(max(epoch), 0) FROM meta)
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;

CREATE TRIGGER event_no_update BEFORE UPDATE ON event
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER event_no_delete BEFORE DELETE ON event
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER event_in_order BEFORE INSERT ON event
WHEN NEW.seq IS NOT (SELECT coalesce(max(seq), 0) + 1 FROM event)
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;

CREATE TRIGGER event_private_no_update BEFORE UPDATE ON event_private
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER event_private_no_delete BEFORE DELETE ON event_private
WHEN NOT EXISTS (
    SELECT 1 FROM event
    WHERE seq > OLD.seq
      AND CAST(body AS TEXT) ->> '$.kind' = 'private.erased'
      AND CAST(body AS TEXT) ->> '$.request.seq' = OLD.seq
)
BEGIN SELECT RAISE(ABORT, 'a private row goes only after the entry that says so'); END;
CREATE TRIGGER event_private_once BEFORE INSERT ON event_private
WHEN EXISTS (SELECT 1 FROM event_private WHERE seq = NEW.seq)
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;

CREATE TRIGGER node_no_update BEFORE UPDATE ON node
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER node_no_delete BEFORE DELETE ON node
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER node_once BEFORE INSERT ON node
WHEN EXISTS (SELECT 1 FROM node WHERE level = NEW.level AND idx = NEW.idx)
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;

CREATE TRIGGER checkpoint_no_update BEFORE UPDATE ON checkpoint
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER checkpoint_no_delete BEFORE DELETE ON checkpoint
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER checkpoint_in_order BEFORE INSERT ON checkpoint
WHEN NEW.size <= (SELECT coalesce(max(size), 0) FROM checkpoint)
BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
