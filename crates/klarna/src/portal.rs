//! Portal links: make one, delete one (portal-access.md 3 and 4).
//!
//! Deliberately absent: reuse. A link is made for one act of one person; a new act brings a new token and a new key.

use crate::answer::Answered;
use crate::client::Client;
use crate::context::CallContext;
use crate::email::Email;
use crate::failure::{CallFailure, FailureKind, shape};
use crate::ids::DeepLinkId;
use crate::krn::AccountKrn;
use crate::permit::{Call, Permit};
use crate::person::Role;
use crate::portal_url::{PortalUrl, PortalUrlRefusal};
use crate::secret::SignedJwt;
use crate::session_token::SessionToken;
use crate::transport::{Answer, Outgoing};
use crate::wire::{json, present, read, signed, signed_with};
use reqwest::Method;
use serde::{Deserialize, Serialize};
use url::Url;
use zeroize::Zeroizing;

const LINKS: &str = "/v2/accounts/{account}/portal/deep-links";
const LINK: &str = "/v2/accounts/{account}/portal/deep-links/{id}";

/// What a link is asked for with.
#[derive(Debug)]
pub enum DeepLinkRequest {
    /// A signed token: the person enters without a password.
    Signed(SignedJwt),
    /// The same, with the session token of Klarna's login page beside it in the body.
    SignedForSession(SignedJwt, SessionToken),
    /// No token: Klarna lets the person set a password and asks for a second factor. Not recommended by Klarna.
    Unsigned {
        /// The person who enters.
        subject: Email,
        /// What the person may do there; at least one.
        roles: Vec<Role>,
        /// Whom the person represents; left out, Klarna takes the merchant.
        on_behalf_of: Option<AccountKrn>,
    },
}

/// A link as Klarna made it.
#[derive(Debug)]
pub struct DeepLink {
    /// Its id, for revoking.
    pub id: DeepLinkId,
    /// Its address, for opening at once.
    pub url: PortalUrl,
}

/// The subject of the permit for making a link: the account.
#[must_use]
pub fn create_deep_link_subject(account: &AccountKrn) -> String {
    account.as_str().to_owned()
}

/// The subject of the permit for deleting a link: account and id, a space between.
#[must_use]
pub fn delete_deep_link_subject(account: &AccountKrn, id: &DeepLinkId) -> String {
    format!("{account} {id}")
}

impl Client {
    /// Makes a portal link: `POST /v2/accounts/{account}/portal/deep-links`.
    ///
    /// Repetitions send the very same bytes under the same idempotency key, within the deadline.
    ///
    /// # Errors
    /// [`CallFailure`]. When the answer's address is unusable, `deep_link_id` still holds the id if there is one.
    pub async fn create_deep_link(
        &self,
        permit: Permit,
        account: &AccountKrn,
        request: DeepLinkRequest,
        context: &CallContext,
    ) -> Result<Answered<DeepLink>, CallFailure> {
        permit.spend(Call::CreateDeepLink, &create_deep_link_subject(account))?;
        let out = Outgoing::new(Method::POST, self.deep_links(account, &[]), LINKS).with_json(body(&request));
        drop(request);
        understood(self.transport.carry(&out, context).await?)
    }

    /// Deletes a portal link, which also ends the session that came of it within 5 minutes.
    ///
    /// # Errors
    /// [`CallFailure`]; Klarna may answer [`FailureKind::NotFound`] for a link that is gone already (portal-access.md 4).
    pub async fn delete_deep_link(
        &self,
        permit: Permit,
        account: &AccountKrn,
        id: &DeepLinkId,
        context: &CallContext,
    ) -> Result<Answered<()>, CallFailure> {
        permit.spend(Call::DeleteDeepLink, &delete_deep_link_subject(account, id))?;
        let url = self.deep_links(account, &[id.as_str()]);
        let out = Outgoing::new(Method::DELETE, url, LINK);
        self.tell(out, context).await
    }

    fn deep_links(&self, account: &AccountKrn, more: &[&str]) -> Url {
        let head = ["v2", "accounts", account.as_str(), "portal", "deep-links"];
        self.address(&[&head, more].concat())
    }
}

#[derive(Serialize)]
struct UnsignedBody<'a> {
    subject: &'a Email,
    roles: &'a [Role],
    #[serde(skip_serializing_if = "Option::is_none")]
    on_behalf_of: Option<&'a AccountKrn>,
}

fn body(request: &DeepLinkRequest) -> Zeroizing<String> {
    match request {
        DeepLinkRequest::Signed(jwt) => signed(jwt),
        DeepLinkRequest::SignedForSession(jwt, token) => signed_with(jwt, token),
        DeepLinkRequest::Unsigned {
            subject,
            roles,
            on_behalf_of,
        } => json(&UnsignedBody {
            subject,
            roles,
            on_behalf_of: on_behalf_of.as_ref(),
        }),
    }
}

#[derive(Deserialize)]
struct LinkWire {
    deep_link_id: Option<String>,
    url: Option<String>,
}

/// Reads the answer; when its address is unusable, the id is saved for a delete.
fn understood(answer: Answer) -> Result<Answered<DeepLink>, CallFailure> {
    let mut saved = None;
    let link = answer.understood(|body| {
        let wire: LinkWire = read(body)?;
        let id = present(wire.deep_link_id, shape::DEEP_LINK_ID_MISSING).and_then(|id| {
            let unusable = FailureKind::AnswerShape(shape::DEEP_LINK_ID_UNUSABLE);
            DeepLinkId::parse(&id).map_err(|_| unusable)
        });
        saved = id.clone().ok();
        let url = portal_url(wire.url.map(Zeroizing::new))?;
        Ok(DeepLink { id: id?, url })
    });
    link.map_err(|mut failure| {
        failure.deep_link_id = saved;
        failure
    })
}

fn portal_url(text: Option<Zeroizing<String>>) -> Result<PortalUrl, FailureKind> {
    let text = text
        .filter(|text| !text.is_empty())
        .ok_or(FailureKind::AnswerShape(shape::URL_MISSING))?;
    PortalUrl::parse(&text).map_err(|refusal| {
        FailureKind::AnswerShape(match refusal {
            PortalUrlRefusal::Malformed => shape::URL_MALFORMED,
            PortalUrlRefusal::NotHttps => shape::URL_NOT_HTTPS,
            PortalUrlRefusal::Credentials => shape::URL_CREDENTIALS,
        })
    })
}
