//! What goes to the service: a signed response, with a signed statement of the person in it or with a status that says why not.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use sha2::{Digest, Sha256};
use zeroize::Zeroizing;

use super::Idp;
use super::context::Class;
use super::names::{ASSERTION, PROTOCOL};
use super::sign::{SignFailure, Signer};
use super::status::{CODE, Status};
use super::xml::Xml;
use crate::config::NameIdFormat;
use crate::state::SamlErrand;

/// The person of whom something is stated.
pub struct Stated<'a> {
    /// The address.
    pub email: &'a str,
    /// The merchant's account.
    pub account: &'a str,
    /// The roles there.
    pub roles: &'a [String],
    /// First and last name, by the names of their attributes.
    pub names: &'a [(String, String)],
    /// The provider, and its name of the person.
    pub vouched: (&'a str, &'a str),
    /// When the person signed in, milliseconds since 1970 UTC.
    pub signed_in_ms: i64,
    /// How.
    pub class: Class,
}

/// The moment and the randomness of one answer.
#[derive(Clone, Copy)]
pub struct Now {
    /// Milliseconds since 1970 UTC.
    pub ms: i64,
    /// Randomness.
    pub fill: fn(&mut [u8]),
}

impl Now {
    /// A time so many seconds from now.
    fn plus(self, seconds: i64) -> String {
        instant(self.ms + seconds * 1000)
    }

    /// A name that nobody had before: 160 random bits.
    pub(super) fn id(self) -> String {
        let mut bytes = [0; 20];
        (self.fill)(&mut bytes);
        format!("_{}", hex::encode(bytes))
    }
}

/// A time as SAML writes it.
#[must_use]
pub fn instant(ms: i64) -> String {
    let time = chrono::DateTime::<chrono::Utc>::from_timestamp_millis(ms).unwrap_or_default();
    time.format("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()
}

impl Idp {
    /// States who a person is, in Base64 as it goes into the form.
    ///
    /// # Errors
    /// [`SignFailure`].
    pub fn statement(
        &self,
        errand: &SamlErrand,
        stated: &Stated<'_>,
        now: Now,
    ) -> Result<Zeroizing<String>, SignFailure> {
        let assertion = self.signer.sign(self.assertion(errand, stated, now))?;
        self.response(errand, (SUCCESS, None), &assertion, now)
    }

    /// Says that nobody was signed on, and why.
    ///
    /// # Errors
    /// [`SignFailure`].
    pub fn refusal(&self, errand: &SamlErrand, status: Status, now: Now) -> Result<Zeroizing<String>, SignFailure> {
        let (whose, what) = status.codes();
        self.response(errand, (whose, Some(what)), "", now)
    }

    fn response(
        &self,
        errand: &SamlErrand,
        (whose, what): (&str, Option<&str>),
        assertion: &str,
        now: Now,
    ) -> Result<Zeroizing<String>, SignFailure> {
        let (id, time) = (now.id(), instant(now.ms));
        let mut attributes = vec![
            ("xmlns:samlp", PROTOCOL),
            ("ID", &id),
            ("Version", "2.0"),
            ("IssueInstant", &time),
        ];
        attributes.push(("Destination", &errand.acs));
        attributes.extend(errand.request.as_deref().map(|request| ("InResponseTo", request)));
        let mut xml = Xml::default();
        xml.open("samlp:Response", &attributes)
            .leaf("saml:Issuer", &[("xmlns:saml", ASSERTION)], &self.settings.entity_id)
            .raw(&Signer::bare_place(&id))
            .open("samlp:Status", &[])
            .open("samlp:StatusCode", &[("Value", &format!("{CODE}{whose}"))]);
        if let Some(what) = what {
            xml.empty("samlp:StatusCode", &[("Value", &format!("{CODE}{what}"))]);
        }
        xml.close().close().raw(assertion);
        let signed = Zeroizing::new(self.signer.sign(xml.end())?);
        Ok(Zeroizing::new(STANDARD.encode(signed.as_bytes())))
    }

    fn assertion(&self, errand: &SamlErrand, stated: &Stated<'_>, now: Now) -> String {
        let (id, settings) = (now.id(), &self.settings);
        let skew_s = i64::from(settings.times.skew_s);
        let (from, until) = (now.plus(-skew_s), now.plus(i64::from(settings.times.assertion_s)));
        let mut xml = Xml::default();
        xml.open(
            "saml:Assertion",
            &[
                ("xmlns:saml", ASSERTION),
                ("ID", &id),
                ("Version", "2.0"),
                ("IssueInstant", &instant(now.ms)),
            ],
        )
        .leaf("saml:Issuer", &[], &settings.entity_id)
        .raw(&self.signer.place(&id));
        self.subject(&mut xml, errand, stated, (&until, now));
        xml.open("saml:Conditions", &[("NotBefore", &from), ("NotOnOrAfter", &until)])
            .open("saml:AudienceRestriction", &[])
            .leaf("saml:Audience", &[], &settings.audience)
            .close()
            .close();
        self.signed_in(&mut xml, stated, now);
        self.attributes(&mut xml, stated);
        xml.end()
    }

    fn subject(&self, xml: &mut Xml, errand: &SamlErrand, stated: &Stated<'_>, (until, now): (&str, Now)) {
        let format = self.settings.name_id;
        let name = match format {
            NameIdFormat::Email | NameIdFormat::Unspecified => stated.email.to_owned(),
            NameIdFormat::Persistent => self.pseudonym(stated.vouched),
            NameIdFormat::Transient => now.id(),
        };
        let mut confirmed = vec![("NotOnOrAfter", until), ("Recipient", errand.acs.as_str())];
        confirmed.extend(errand.request.as_deref().map(|request| ("InResponseTo", request)));
        xml.open("saml:Subject", &[])
            .leaf("saml:NameID", &[("Format", format.uri())], &name)
            .open("saml:SubjectConfirmation", &[("Method", BEARER)])
            .empty("saml:SubjectConfirmationData", &confirmed)
            .close()
            .close();
    }

    /// The same for the same person and service, and worth nothing elsewhere.
    fn pseudonym(&self, (issuer, subject): (&str, &str)) -> String {
        let all = [issuer, subject, &self.settings.service].map(|part| format!("{}:{part}", part.len()));
        hex::encode(Sha256::digest(all.concat()))
    }

    fn signed_in(&self, xml: &mut Xml, stated: &Stated<'_>, now: Now) {
        let (time, session) = (instant(stated.signed_in_ms.min(now.ms)), now.id());
        let end = self
            .settings
            .times
            .session_s
            .map(|seconds| now.plus(i64::from(seconds)));
        let mut attributes = vec![("AuthnInstant", time.as_str()), ("SessionIndex", &session)];
        attributes.extend(end.as_deref().map(|end| ("SessionNotOnOrAfter", end)));
        xml.open("saml:AuthnStatement", &attributes)
            .open("saml:AuthnContext", &[])
            .leaf("saml:AuthnContextClassRef", &[], stated.class.uri())
            .close()
            .close();
    }

    fn attributes(&self, xml: &mut Xml, stated: &Stated<'_>) {
        let names = &self.settings.attributes;
        xml.open("saml:AttributeStatement", &[]);
        let mut attribute = |name: &str, values: &[&str]| {
            xml.open("saml:Attribute", &[("Name", name), ("NameFormat", names.format)]);
            for value in values {
                xml.leaf("saml:AttributeValue", &[], value);
            }
            xml.close();
        };
        attribute(&names.email, &[stated.email]);
        attribute(&names.account, &[stated.account]);
        let roles: Vec<&str> = stated.roles.iter().map(String::as_str).collect();
        attribute(&names.roles, &roles);
        for (name, value) in stated.names {
            attribute(name, &[value]);
        }
        xml.close();
    }
}

const SUCCESS: &str = "Success";
const BEARER: &str = "urn:oasis:names:tc:SAML:2.0:cm:bearer";
