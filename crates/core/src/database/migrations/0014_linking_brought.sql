-- The token that a linking session's order brought: its answer is gone once the window is closed.
ALTER TABLE linking_session ADD COLUMN brought INTEGER REFERENCES token (id);
