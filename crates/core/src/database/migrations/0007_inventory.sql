-- When a grant's person was last seen at its merchant, kept with the grant, so that a list asks for it once and not once a row; and a
-- number that grows with every change, by which an index in memory (of whichever process) finds what it does not know yet.
ALTER TABLE access_grant ADD COLUMN seen_at_ms INTEGER;
ALTER TABLE access_grant ADD COLUMN rev INTEGER NOT NULL DEFAULT 1;

CREATE INDEX access_grant_rev ON access_grant (profile, rev);

UPDATE access_grant SET seen_at_ms = (
    SELECT max(session.fetched_at_ms) FROM portal_session AS session
    WHERE session.profile = access_grant.profile AND session.merchant_id = access_grant.merchant_id
      AND lower(session.principal) = access_grant.person
);

CREATE TRIGGER access_grant_made AFTER INSERT ON access_grant BEGIN
    UPDATE access_grant SET
        rev = (SELECT coalesce(max(rev), 0) + 1 FROM access_grant WHERE profile = NEW.profile),
        seen_at_ms = (
            SELECT max(session.fetched_at_ms) FROM portal_session AS session
            WHERE session.profile = NEW.profile AND session.merchant_id = NEW.merchant_id
              AND lower(session.principal) = NEW.person
        )
    WHERE id = NEW.id;
END;

CREATE TRIGGER access_grant_changed AFTER UPDATE OF
    principal, roles, expires_on, inactivity, origin, invited, reason, granted_by, granted_at_ms, changed_at_ms, doubtful,
    revoke_accepted_ms, out_by_ms, seen_at_ms
ON access_grant WHEN NEW.rev = OLD.rev BEGIN
    UPDATE access_grant SET rev = (SELECT coalesce(max(rev), 0) + 1 FROM access_grant WHERE profile = NEW.profile)
    WHERE id = NEW.id;
END;

CREATE TRIGGER access_grant_seen AFTER UPDATE OF fetched_at_ms ON portal_session WHEN NEW.fetched_at_ms IS NOT NULL BEGIN
    UPDATE access_grant SET seen_at_ms = max(coalesce(seen_at_ms, 0), NEW.fetched_at_ms)
    WHERE profile = NEW.profile AND merchant_id = NEW.merchant_id AND person = lower(NEW.principal);
END;
