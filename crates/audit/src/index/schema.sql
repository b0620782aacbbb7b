-- The read model, version 3. Everything here is made from the log and can be made again.

CREATE TABLE state (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    head INTEGER NOT NULL,   -- how far it has read
    leaf BLOB NOT NULL,      -- the leaf hash there
    first INTEGER NOT NULL,  -- the first entry that is not archived
    tail INTEGER NOT NULL    -- the first entry that lies in no sealed segment
) STRICT;

-- Texts that come again and again, by number.
CREATE TABLE term (
    id INTEGER PRIMARY KEY,
    field INTEGER NOT NULL,
    text TEXT NOT NULL,
    key TEXT NOT NULL,       -- folded; of an account KRN, its last segment
    UNIQUE (field, text)
) STRICT;
CREATE INDEX term_key ON term (field, key);

-- What an entry has in common with many: few of these, so that a filter is decided once for all of their entries.
CREATE TABLE combo (
    id INTEGER PRIMARY KEY,
    kind INTEGER NOT NULL,
    actor INTEGER NOT NULL,
    env INTEGER NOT NULL,
    outcome INTEGER NOT NULL,
    profile INTEGER NOT NULL,
    phase INTEGER NOT NULL,
    UNIQUE (kind, actor, env, outcome, profile, phase)
) STRICT;

CREATE TABLE line (
    seq INTEGER PRIMARY KEY,
    combo INTEGER NOT NULL,
    merchant INTEGER NOT NULL,
    ms INTEGER NOT NULL,
    first INTEGER NOT NULL,   -- the intent that this outcome belongs to, or the entry itself
    outcome INTEGER NOT NULL  -- of an intent its last outcome, of an outcome the one before it of the same intent; 0 where there is none
) STRICT;
CREATE TABLE act (act BLOB NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (act, seq)) STRICT, WITHOUT ROWID;
CREATE TABLE waiting (seq INTEGER PRIMARY KEY) STRICT;

-- The words of entries in no sealed segment yet.
CREATE TABLE tail (seq INTEGER PRIMARY KEY, words TEXT NOT NULL) STRICT;

-- Sealed segments: columns packed, and for each three letters the entries that hold them.
CREATE TABLE span (
    segment INTEGER PRIMARY KEY,
    low_ms INTEGER NOT NULL,
    high_ms INTEGER NOT NULL,
    combos BLOB NOT NULL
) STRICT;
CREATE TABLE pack (
    segment INTEGER NOT NULL,
    part INTEGER NOT NULL,
    data BLOB NOT NULL,
    PRIMARY KEY (segment, part)
) STRICT;
CREATE TABLE gram (
    segment INTEGER NOT NULL,
    gram INTEGER NOT NULL,
    docs BLOB NOT NULL,
    PRIMARY KEY (segment, gram)
) STRICT, WITHOUT ROWID;

-- Roll-ups: how many of each combination on each day, and what was seen for the first time where.
CREATE TABLE day (day INTEGER NOT NULL, combo INTEGER NOT NULL, n INTEGER NOT NULL, PRIMARY KEY (day, combo)) STRICT, WITHOUT ROWID;
CREATE TABLE seen (what INTEGER NOT NULL, a INTEGER NOT NULL, b INTEGER NOT NULL, seq INTEGER NOT NULL, PRIMARY KEY (what, a, b)) STRICT, WITHOUT ROWID;
