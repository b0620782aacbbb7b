//! `GET /saml/metadata`: who we are, where requests come to, and which certificates our signatures carry; signed, and made anew each day.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::Idp;
use super::answer::{Now, instant};
use super::names::{ASSERTION, METADATA, PROTOCOL};
use super::sign::{SignFailure, key_info};
use super::xml::Xml;

/// Good for a week, made anew after a day.
const WEEK_MS: i64 = 7 * DAY_MS;
const DAY_MS: i64 = 86_400_000;

impl Idp {
    /// The metadata.
    ///
    /// # Errors
    /// [`SignFailure`].
    pub fn metadata(&self, now: Now) -> Result<String, SignFailure> {
        let mut kept = self.metadata.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some((made_ms, xml)) = kept.as_ref()
            && (0..DAY_MS).contains(&(now.ms - made_ms))
        {
            return Ok(xml.clone());
        }
        let made = self.signer.sign(self.described(now))?;
        *kept = Some((now.ms, made.clone()));
        Ok(made)
    }

    fn described(&self, now: Now) -> String {
        let (id, settings) = (now.id(), &self.settings);
        let until = instant(now.ms + WEEK_MS);
        let signed = if settings.signed_requests { "true" } else { "false" };
        let mut xml = Xml::default();
        xml.open(
            "md:EntityDescriptor",
            &[
                ("xmlns:md", METADATA),
                ("entityID", &settings.entity_id),
                ("ID", &id),
                ("validUntil", &until),
            ],
        )
        .raw(&self.signer.place(&id))
        .open(
            "md:IDPSSODescriptor",
            &[
                ("protocolSupportEnumeration", PROTOCOL),
                ("WantAuthnRequestsSigned", signed),
            ],
        );
        self.certificates(&mut xml);
        xml.leaf("md:NameIDFormat", &[], settings.name_id.uri()).empty(
            "md:SingleSignOnService",
            &[("Binding", REDIRECT), ("Location", &settings.sso_url)],
        );
        self.told(&mut xml);
        xml.end()
    }

    /// The certificate that statements carry, and the one that follows.
    fn certificates(&self, xml: &mut Xml) {
        let next = self.next.iter().map(|next| key_info(&STANDARD.encode(&next.der)));
        for certificate in std::iter::once(self.signer.key_info()).chain(next) {
            xml.open("md:KeyDescriptor", &[("use", "signing")])
                .raw(&certificate)
                .close();
        }
    }

    /// What the attributes of statements are called, each with what it is.
    fn told(&self, xml: &mut Xml) {
        let names = &self.settings.attributes;
        let own = [
            ("email", &names.email),
            ("account_id", &names.account),
            ("roles", &names.roles),
        ];
        let told = names.names.iter().map(|(_, attribute, what)| (*what, attribute));
        for (what, name) in own.into_iter().chain(told) {
            xml.empty(
                "saml:Attribute",
                &[
                    ("xmlns:saml", ASSERTION),
                    ("Name", name),
                    ("NameFormat", names.format),
                    ("FriendlyName", what),
                ],
            );
        }
    }
}

const REDIRECT: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect";
