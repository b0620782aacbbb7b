//! A typed client of Klarna's portal APIs.
