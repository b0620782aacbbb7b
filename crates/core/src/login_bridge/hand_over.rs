//! What Klarna's technical contact is given so that the button and SAML lead to this bridge: as single items and as one text.
//!
//! Deliberately absent: guesses; what the bridge does not say of itself is left out, and the text says so.

use std::fmt::Write;

use super::metadata::SamlMetadata;
use super::outline::Outline;
use crate::network::day;

/// The binding of requests that come in the address.
const REDIRECT: &str = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-Redirect";

/// One thing to hand over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct HandOverItem {
    /// The word for scripts and screens: `login_url`, `entity_id`, `sign_on_url`, `certificate`, `attribute.email`, ...
    pub id: String,
    /// What it is.
    pub name: String,
    /// What to hand over.
    pub value: String,
}

/// Everything to hand over.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct HandOver {
    /// The acquirer's name.
    pub acquirer: String,
    /// The items, in the order of the text.
    pub items: Vec<HandOverItem>,
    /// The certificate's SHA-256 and last day, which a person reads out to check.
    pub certificate: Option<(String, String)>,
    /// Why nothing of SAML is among them.
    pub without_saml: Option<String>,
}

impl HandOver {
    /// Gathers what there is.
    pub(crate) fn of(outline: &Outline, saml: Result<&SamlMetadata, String>) -> Self {
        let mut hand_over = Self {
            acquirer: outline.acquirer.clone(),
            ..Self::default()
        };
        if let Some(url) = outline.public_url.as_ref().and_then(|url| url.join("login").ok()) {
            hand_over.add("login_url", "Login URL (behind the button)", url.as_str());
        }
        match saml {
            Ok(metadata) => hand_over.add_saml(metadata),
            Err(why) => hand_over.without_saml = Some(why),
        }
        hand_over
    }

    fn add(&mut self, id: &str, name: &str, value: &str) {
        self.items.push(HandOverItem {
            id: id.to_owned(),
            name: name.to_owned(),
            value: value.to_owned(),
        });
    }

    fn add_saml(&mut self, metadata: &SamlMetadata) {
        self.add("entity_id", "SAML entity ID", &metadata.entity_id);
        let several = metadata.sign_on.len() > 1;
        for (binding, address) in &metadata.sign_on {
            let word = binding.rsplit(':').next().unwrap_or_default();
            let id = if binding == REDIRECT || !several {
                "sign_on_url".to_owned()
            } else {
                format!("sign_on_url.{word}")
            };
            self.add(&id, &format!("SAML sign-on URL ({word})"), address);
        }
        for format in &metadata.name_id_formats {
            self.add("name_id_format", "SAML NameID format", format);
        }
        for attribute in &metadata.attributes {
            let meaning = if attribute.meaning.is_empty() {
                &attribute.name
            } else {
                &attribute.meaning
            };
            self.add(
                &format!("attribute.{meaning}"),
                &format!("SAML attribute: {}", words(meaning)),
                &attribute.name,
            );
        }
        if let Some(certificate) = metadata.certificates.first() {
            self.add("certificate", "SAML signing certificate", certificate.pem.trim_end());
            let facts = &certificate.facts;
            self.certificate = Some((facts.sha256_hex.clone(), day(facts.not_after_unix_s)));
        }
    }

    /// All of it as a text for an e-mail.
    #[must_use]
    pub fn text(&self) -> String {
        let mut text = format!("Klarna Partner Portal: login of {}\n", self.acquirer);
        for item in &self.items {
            let _ = if item.value.contains('\n') {
                write!(text, "\n{}:\n{}\n", item.name, item.value)
            } else {
                write!(text, "\n{}:\n  {}\n", item.name, item.value)
            };
        }
        if let Some((sha256, until)) = &self.certificate {
            let _ = write!(
                text,
                "SHA-256 of the certificate: {sha256}\nValid until {until} (UTC)\n"
            );
        }
        text
    }
}

fn words(meaning: &str) -> &str {
    match meaning {
        "email" => "e-mail",
        "account_id" => "Partner Account (KRN)",
        "roles" => "roles",
        "first_name" => "first name",
        "last_name" => "last name",
        other => other,
    }
}
