//! Everything that is wrong with a configuration at once, as far as it can be known, whichever part it is in.

use super::Ground;
use super::parts::Parts;
use crate::config::{Config, Flaw, Unusable, without_flaws};

/// The flaws found so far, from look to look. Where one is told already nothing more is: it would be a consequence.
pub struct Findings(Vec<Flaw>);

impl Findings {
    /// Begins with what the first look found.
    #[must_use]
    pub const fn of(flaws: Vec<Flaw>) -> Self {
        Self(flaws)
    }

    /// Whether something is wrong there, within it, or with what it is in.
    #[must_use]
    pub fn concern(&self, place: &str) -> bool {
        let within = |inner: &str, outer: &str| inner.strip_prefix(outer).is_some_and(|rest| rest.starts_with('.'));
        self.0
            .iter()
            .any(|flaw| flaw.place == place || within(&flaw.place, place) || within(place, &flaw.place))
    }

    /// Adds what another look found.
    pub fn add(&mut self, found: Vec<Flaw>) {
        let new: Vec<Flaw> = found.into_iter().filter(|flaw| !self.concern(&flaw.place)).collect();
        self.0.extend(new);
    }

    /// Keeps what could be had, and else why not.
    pub fn keep<T>(&mut self, part: Result<T, Unusable>) -> Option<T> {
        part.map_err(|Unusable(found)| self.add(found)).ok()
    }

    /// Reads and tries what a configuration names, without the network.
    pub fn try_parts(&mut self, config: &Config, ground: &Ground) {
        let parts = Parts::read(config, ground);
        self.keep(parts);
    }

    /// Whether nothing was found.
    #[must_use]
    pub const fn are_none(&self) -> bool {
        self.0.is_empty()
    }

    /// What came of it.
    ///
    /// # Errors
    /// [`Unusable`] with all of them.
    pub fn told(self) -> Result<(), Unusable> {
        without_flaws(((), self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flaws(places: &[&str]) -> Vec<Flaw> {
        let flaw = |place: &&str| Flaw {
            place: (*place).to_owned(),
            text: String::new(),
        };
        places.iter().map(flaw).collect()
    }

    #[test]
    fn of_a_place_that_is_told_of_nothing_more_is() {
        let mut findings = Findings::of(flaws(&["saml.key", "tls.certificate", "people"]));
        findings.add(flaws(&[
            "saml.key",
            "tls",
            "people.table",
            "saml.certificate",
            "saml.certificate",
        ]));
        let told: Vec<String> = findings.0.into_iter().map(|flaw| flaw.place).collect();
        assert_eq!(
            told,
            [
                "saml.key",
                "tls.certificate",
                "people",
                "saml.certificate",
                "saml.certificate"
            ],
            "all of another place"
        );
    }
}
