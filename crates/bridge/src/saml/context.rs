//! How a person signed in: what the provider says (`amr`), in SAML's words, and whether that is what a service wants.

use serde::{Deserialize, Serialize};
use zeroize::Zeroize;

/// A way of signing in, the lesser first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Class {
    /// In some way.
    Unspecified,
    /// With a password over TLS.
    Password,
    /// With more than one factor.
    MultiFactor,
}

impl Class {
    const ALL: [Self; 3] = [Self::Unspecified, Self::Password, Self::MultiFactor];

    /// Its name; SAML's own list has none for more than one factor that fits, so it is that of REFEDS.
    #[must_use]
    pub const fn uri(self) -> &'static str {
        match self {
            Self::Unspecified => "urn:oasis:names:tc:SAML:2.0:ac:classes:unspecified",
            Self::Password => "urn:oasis:names:tc:SAML:2.0:ac:classes:PasswordProtectedTransport",
            Self::MultiFactor => "https://refeds.org/profile/mfa",
        }
    }

    fn from_uri(uri: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|class| class.uri() == uri)
    }

    /// Everything that can be said of a sign-in, by the provider's words for it (RFC 8176).
    #[must_use]
    pub fn of(amr: &[String]) -> Vec<Self> {
        let said = |word: &str| amr.iter().any(|one| one == word);
        let mut classes = vec![Self::Unspecified];
        if said("pwd") {
            classes.push(Self::Password);
        }
        if said("mfa") {
            classes.push(Self::MultiFactor);
        }
        classes
    }
}

/// How wanted classes are compared with what is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, Zeroize)]
#[allow(missing_docs, reason = "the standard's own words")]
pub enum Comparison {
    Exact,
    Minimum,
    Maximum,
    Better,
}

impl Comparison {
    /// Reads the standard's word.
    #[must_use]
    pub fn from_word(word: &str) -> Option<Self> {
        match word {
            "exact" => Some(Self::Exact),
            "minimum" => Some(Self::Minimum),
            "maximum" => Some(Self::Maximum),
            "better" => Some(Self::Better),
            _ => None,
        }
    }
}

/// The ways of signing in that a service wants.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, Zeroize)]
pub struct WantedContexts {
    /// How they are compared.
    pub comparison: Comparison,
    /// Their names, the most wanted first.
    pub classes: Vec<String>,
}

impl WantedContexts {
    /// Whether any sign-in could satisfy it.
    #[must_use]
    pub fn is_possible(&self) -> bool {
        self.answer(&Class::ALL).is_some()
    }

    /// The strongest of what is there that satisfies it.
    #[must_use]
    pub fn answer(&self, there: &[Class]) -> Option<Class> {
        let wanted: Vec<Class> = self.classes.iter().filter_map(|uri| Class::from_uri(uri)).collect();
        let (least, most) = (wanted.iter().min()?, wanted.iter().max()?);
        let fits = |class: &&Class| match self.comparison {
            Comparison::Exact => wanted.contains(class),
            Comparison::Minimum => *class >= least,
            Comparison::Maximum => *class <= most,
            Comparison::Better => *class > most,
        };
        there.iter().filter(fits).max().copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_sign_in_satisfies_what_it_is_and_no_more() {
        let amr = |words: &[&str]| Class::of(&words.iter().map(|word| (*word).to_owned()).collect::<Vec<_>>());
        let both = amr(&["pwd", "otp", "mfa"]);
        let want = |comparison, classes: &[Class]| WantedContexts {
            comparison,
            classes: classes.iter().map(|class| class.uri().to_owned()).collect(),
        };
        let exact = want(Comparison::Exact, &[Class::Password]);
        assert_eq!(
            exact.answer(&both),
            Some(Class::Password),
            "a password was among the factors"
        );
        assert_eq!(exact.answer(&amr(&[])), None, "nothing was said of a password");
        let least = want(Comparison::Minimum, &[Class::Password]);
        assert_eq!(least.answer(&both), Some(Class::MultiFactor), "more than that");
        assert_eq!(least.answer(&amr(&["face"])), None, "less than that");
        let most = want(Comparison::Maximum, &[Class::Password]);
        assert_eq!(most.answer(&both), Some(Class::Password), "no more than that");
        assert!(
            !want(Comparison::Better, &[Class::MultiFactor]).is_possible(),
            "nothing is better"
        );
        assert!(
            want(Comparison::Better, &[Class::Password]).is_possible(),
            "something is"
        );
        let unknown = WantedContexts {
            comparison: Comparison::Exact,
            classes: vec!["urn:other".into()],
        };
        assert!(!unknown.is_possible(), "a way that nobody knows");
    }
}
