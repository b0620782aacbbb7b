-- From version 4 to 5: logins that began with the button on the login page, and the provider's codes.
CREATE TABLE logins (
    token TEXT PRIMARY KEY,
    created_ms INTEGER NOT NULL,
    link TEXT,
    used_ms INTEGER
) STRICT;
CREATE INDEX logins_link ON logins (link);
CREATE TABLE oidc_codes (
    code TEXT PRIMARY KEY,
    client TEXT NOT NULL,
    redirect TEXT NOT NULL,
    nonce TEXT,
    challenge TEXT NOT NULL,
    claims TEXT NOT NULL,
    created_ms INTEGER NOT NULL
) STRICT;
