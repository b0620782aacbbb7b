-- Tokens of which Klarna said a word that is not known: few, so that their view and its count cost nothing in a vault of any size.
CREATE INDEX token_unsure ON token (profile, id) WHERE status = 'UNKNOWN' AND last_checked_ms IS NOT NULL;
