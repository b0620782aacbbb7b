CREATE TABLE sealed_jwt (
    act        TEXT NOT NULL PRIMARY KEY,
    profile    TEXT NOT NULL REFERENCES profile (id) ON DELETE CASCADE,
    sealed     BLOB NOT NULL,
    kept_at_ms INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
