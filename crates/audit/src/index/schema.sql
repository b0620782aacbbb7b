CREATE TABLE state (
    id INTEGER PRIMARY KEY CHECK (id = 1),
    head INTEGER NOT NULL,
    leaf BLOB NOT NULL
) STRICT;

CREATE TABLE entry (
    seq INTEGER PRIMARY KEY,
    act BLOB NOT NULL,
    kind TEXT NOT NULL,
    merchant TEXT,
    profile TEXT,
    outcome TEXT,
    haystack TEXT NOT NULL
) STRICT;
CREATE INDEX entry_act ON entry (act);
CREATE INDEX entry_kind ON entry (kind, seq);
CREATE INDEX entry_merchant ON entry (merchant, seq);

CREATE TABLE act (
    seq INTEGER PRIMARY KEY,
    act BLOB NOT NULL,
    kind TEXT NOT NULL,
    merchant TEXT,
    profile TEXT,
    outcome TEXT,
    outcome_seq INTEGER,
    intent INTEGER NOT NULL,
    settled INTEGER NOT NULL DEFAULT 0,
    haystack TEXT NOT NULL
) STRICT;
CREATE INDEX act_act ON act (act);
CREATE INDEX act_kind ON act (kind, seq);
CREATE INDEX act_merchant ON act (merchant, seq);
CREATE INDEX act_pending ON act (seq) WHERE intent = 1 AND settled = 0;
