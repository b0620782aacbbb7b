-- The order of the list without a query: pinned, opened, and everybody else by the beginning of the folded name.
CREATE INDEX merchant_pinned ON merchant (profile) WHERE pinned = 1;
CREATE INDEX merchant_opened ON merchant (profile, opened_at_ms) WHERE opened_at_ms IS NOT NULL;
CREATE INDEX merchant_by_name ON merchant (profile, substr(folded, 1, 16)) WHERE pinned = 0 AND opened_at_ms IS NULL;
