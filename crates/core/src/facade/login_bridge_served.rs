//! What a login bridge that serves says of itself: metadata, health, what Klarna is to be told; and a sign-in to try it.

use gatehouse_klarna::{CallFailure, FailureKind, Network, PageFailure, read_page};
use url::Url;

use super::Gatehouse;
use crate::login_bridge::{HandOver, Health, Outline, SamlMetadata, Served};
use crate::network;
use crate::person::Deed;
use crate::portal::{Session, browser};
use crate::problem::{ErrorCode, Problem};
use crate::profile::{Profile, ProfileEnvironment};

impl Gatehouse {
    /// What a bridge says of itself now: whether it is alive, its metadata, and what to hand to Klarna.
    ///
    /// # Errors
    /// `role_missing`; what the bridge does not tell stands in the answer.
    pub fn look_at_login_bridge(&self, profile: &Profile, outline: &Outline) -> Result<Served, Problem> {
        self.core.allow(profile, Deed::Look)?;
        let metadata = self.metadata(outline);
        Ok(Served {
            health: self.health(outline),
            hand_over: HandOver::of(outline, metadata.as_ref().map_err(ToString::to_string)),
            metadata,
        })
    }

    fn metadata(&self, outline: &Outline) -> Result<SamlMetadata, Problem> {
        let url = address(outline)?;
        if !outline.saml {
            return Err(Problem::new(
                ErrorCode::InputInvalid,
                "This bridge's configuration has no [saml] section, so it is no SAML identity provider.",
                "Add the section as the user guide shows; the button needs none.",
            ));
        }
        let page = self.page(url, "saml/metadata")?;
        SamlMetadata::read(&page).map_err(|text| unreachable(url, &text))
    }

    /// Asked at its operators' address, where that is on this machine.
    fn health(&self, outline: &Outline) -> Health {
        let operations = outline.operations;
        let here = outline.public_url.as_ref().is_some_and(network::is_loopback);
        let url = Url::parse(&format!("http://{operations}/")).ok();
        match url.filter(|_| here && operations.ip().is_loopback()) {
            None => Health::Elsewhere(operations),
            Some(url) => self.page(&url, "health").map_or_else(Health::Silent, |_| Health::Alive),
        }
    }

    /// Shows the way in of a bridge in the browser: the sandbox's login page with its button where it leads there, else the bridge's own.
    ///
    /// # Errors
    /// `browser_failed`, `input_invalid` where the configuration has no address.
    pub fn try_login_in_browser(&self, profile: &Profile, outline: &Outline) -> Result<String, Problem> {
        self.core.allow(profile, Deed::Look)?;
        let own = address(outline)?
            .join("login")
            .map_err(|cause| Problem::internal("write an address", &cause))?;
        let entry = self.sandbox_entry(profile, &own).unwrap_or_else(|| own.into());
        let choice = &profile.policy.browser;
        browser::preflight(choice, (self.core.screen(), self.core.desktop()), None)?;
        browser::ask(choice, &entry, None)?;
        Ok(entry)
    }

    /// The newest sign-in through a bridge on this data directory since a moment.
    ///
    /// # Errors
    /// What the database says.
    pub fn newest_login(&self, profile: &Profile, since_ms: i64) -> Result<Option<Session>, Problem> {
        self.core.allow(profile, Deed::Look)?;
        let sessions = self.sessions(profile)?;
        Ok(sessions
            .into_iter()
            .find(|one| one.handover == "login" && one.created_at_ms >= since_ms))
    }

    /// The sandbox's login page, where its button leads to this bridge.
    fn sandbox_entry(&self, profile: &Profile, own: &Url) -> Option<String> {
        if profile.environment != ProfileEnvironment::Sandbox {
            return None;
        }
        let address = self.core.running_sandbox()?;
        let base = Url::parse(&address.http).ok()?;
        let page = self.page(&base, "portal/sign-in").ok()?;
        let leads_there = String::from_utf8_lossy(&page).contains(own.as_str());
        leads_there.then(|| format!("{}/portal/sign-in", address.http))
    }

    /// Reads a page over the way out that is set for this data directory.
    fn page(&self, base: &Url, path: &str) -> Result<Vec<u8>, Problem> {
        let way = network::way(&self.core)?;
        let network = Network {
            base_url: base,
            identity: None,
            extra_ca_pem: &way.authorities_pem,
            proxy: &way.proxy,
        };
        let read = self.core.block_on(read_page(&network, path));
        read.map_err(|failure| match failure {
            PageFailure::Config(failure) => unreachable(base, &failure.to_string()).because(&failure),
            PageFailure::Call(failure) => unreachable(base, &said(&failure)).because(&*failure),
        })
    }
}

/// The address that people's browsers know.
fn address(outline: &Outline) -> Result<&Url, Problem> {
    outline.public_url.as_ref().ok_or_else(|| {
        Problem::new(
            ErrorCode::InputInvalid,
            "The configuration names no public_url that can be used.",
            "Run gatehouse-bridge check on it, and correct what it says.",
        )
    })
}

fn unreachable(url: &Url, why: &str) -> Problem {
    Problem::new(
        ErrorCode::BridgeUnreachable,
        format!("The bridge at {url} did not tell: {why}"),
        "Check that gatehouse-bridge serve runs, that its address leads there from this computer, and that its certificate is trusted.",
    )
}

/// What a failed call says of a bridge; the words of the kinds are about Klarna.
fn said(failure: &CallFailure) -> String {
    if let Some(meta) = &failure.meta {
        return format!("it answered with status {}.", meta.status);
    }
    let text = if failure.kind == FailureKind::Dns {
        "its host name could not be resolved."
    } else if failure.kind == FailureKind::Tls {
        "the secure connection could not be set up."
    } else if failure.kind == FailureKind::Proxy {
        "the proxy did not let the connection through."
    } else if failure.kind == FailureKind::Connect {
        "nothing listens there."
    } else {
        "no whole answer came in time."
    };
    text.into()
}
