//! What the scenarios share: tokens with a customer's consent, charges, and the sandbox's side.

use std::cell::Cell;

use gatehouse_klarna::AccountKrn;
use serde_json::{Map, Value, json};

use super::{ScenarioStage, ScenariosWanted};
use crate::facade::Core;
use crate::problem::Problem;
use crate::profile::Profile;
use crate::tokens::course::klarna::merchant;
use crate::tokens::course::{
    Charge, ChargeToken, Consent, CreateToken, Knowingly, Ondemand, Presence, RevokeToken, RevokedToken, Subscribed,
    Terms, ask, charge, consent, revoke,
};
use crate::tokens::{Token, find};

/// Settings of the sandbox that the scenarios change, with what they need.
const SETTINGS: &[(&str, &str)] = &[("rate.enabled", "false"), ("webhooks.duplicates", "0")];

/// How the sandbox was before.
pub(super) struct Former {
    settings: Map<String, Value>,
    offset_s: i64,
}

pub(super) struct Hands<'a> {
    pub core: &'a Core,
    pub profile: &'a Profile,
    pub account: AccountKrn,
    wanted: ScenariosWanted<'a>,
    stage: &'a dyn ScenarioStage,
    began_ms: i64,
    count: Cell<u32>,
}

impl<'a> Hands<'a> {
    pub fn new(
        core: &'a Core,
        profile: &'a Profile,
        wanted: ScenariosWanted<'a>,
        stage: &'a dyn ScenarioStage,
    ) -> Result<Self, Problem> {
        Ok(Self {
            core,
            profile,
            account: merchant(core, profile, wanted.merchant)?,
            wanted,
            stage,
            began_ms: core.clock().unix_ms(),
            count: Cell::new(0),
        })
    }

    pub fn begun_at(&self) -> String {
        jiff::Timestamp::from_millisecond(self.began_ms).map_or_else(|_| String::new(), |at| at.to_string())
    }

    /// The sandbox's side.
    pub fn stage(&self, method: &str, name: &str, body: &Value) -> Result<Value, Problem> {
        self.stage.control(method, name, (!body.is_null()).then_some(body))
    }

    /// A reference that nobody used.
    pub fn name(&self) -> String {
        self.count.set(self.count.get() + 1);
        format!("scenario-{}-{}", self.began_ms, self.count.get())
    }

    pub fn make_ready(&self) -> Result<Former, Problem> {
        let listed = self.stage("GET", "settings", &Value::Null)?;
        let lines = listed["settings"].as_array().cloned().unwrap_or_default();
        let known = lines.iter().filter_map(|line| {
            let key = line["key"].as_str()?;
            let ours = SETTINGS.iter().any(|(name, _)| *name == key);
            ours.then(|| (key.to_owned(), line["value"].clone()))
        });
        let settings = known.collect();
        let offset_s = self.stage("GET", "clock", &Value::Null)?["offset_s"].as_i64();
        let ours: Map<String, Value> = SETTINGS
            .iter()
            .map(|(key, value)| ((*key).to_owned(), json!(value)))
            .collect();
        self.stage("PUT", "settings", &Value::Object(ours))?;
        Ok(Former {
            settings,
            offset_s: offset_s.unwrap_or_default(),
        })
    }

    /// After each scenario: the clock as it was.
    pub fn tidy(&self, former: &Former) -> Result<(), Problem> {
        self.stage("PUT", "clock", &json!({ "offset_s": former.offset_s }))
            .map(drop)
    }

    /// After the last: the settings as they were.
    pub fn put_back(&self, former: &Former) -> Result<(), Problem> {
        self.stage("PUT", "settings", &Value::Object(former.settings.clone()))
            .map(drop)
    }

    pub fn advance(&self, seconds: i64) -> Result<(), Problem> {
        self.stage("PUT", "clock", &json!({ "advance_s": seconds })).map(drop)
    }

    /// Whether Klarna booked a payment with that reference, and how often.
    pub fn paid(&self, reference: &str) -> Result<usize, Problem> {
        let listed = self.stage("GET", "charges", &Value::Null)?;
        let charges = listed["charges"].as_array().cloned().unwrap_or_default();
        let ours = |charge: &&Value| charge["reference"] == reference && charge["result"] == "APPROVED";
        Ok(charges.iter().filter(ours).count())
    }

    pub fn terms(&self, presence: Presence, amount: Option<i64>, payment: &str) -> Terms {
        let is_there = presence == Presence::CustomerPresent;
        let ondemand = Ondemand {
            average: 1000,
            least: None,
            most: None,
            count: 1,
            interval: "MONTH".into(),
        };
        let subscription = Subscribed {
            reference: "scenario-subscription".into(),
            ..Subscribed::default()
        };
        Terms {
            currency: "EUR".into(),
            amount,
            payment_reference: amount.map(|_| payment.to_owned()),
            return_url: Some(self.wanted.return_url.to_owned()),
            ondemand: is_there.then_some(ondemand),
            subscriptions: if is_there { Vec::new() } else { vec![subscription] },
            ..Terms::default()
        }
    }

    /// Asks a customer, who does not answer yet.
    pub fn asked(&self, presence: Presence, amount: Option<i64>) -> Result<(Consent, String), Problem> {
        let name = self.name();
        let request = CreateToken {
            merchant: self.wanted.merchant.to_owned(),
            presence,
            reference: Some(name.clone()),
            terms: self.terms(presence, amount, &name),
            ..CreateToken::default()
        };
        Ok((ask::create(self.core, self.profile, &request)?, name))
    }

    /// The customer agrees; what Klarna says then.
    pub fn agreed(&self, asked: &Consent) -> Result<Consent, Problem> {
        let body = json!({ "payment_request_id": asked.request_id });
        self.stage("POST", "consent", &body)?;
        consent::look(self.core, self.profile, &asked.id)
    }

    /// A token that a customer agreed to.
    pub fn token(&self, presence: Presence) -> Result<Token, Problem> {
        let (asked, _) = self.asked(presence, None)?;
        let looked = self.agreed(&asked)?;
        self.row(looked.token.unwrap_or_default())
    }

    pub fn row(&self, id: i64) -> Result<Token, Problem> {
        find(&self.core.database(), self.profile, &id.to_string())
    }

    pub fn charge(&self, token: i64, presence: Presence, amount: i64, payment: &str) -> Result<Charge, Problem> {
        self.charge_as(token, (presence, amount, payment), Knowingly::No)
    }

    pub fn charge_as(
        &self,
        token: i64,
        (presence, amount, payment): (Presence, i64, &str),
        knowingly: Knowingly,
    ) -> Result<Charge, Problem> {
        let request = ChargeToken {
            token: token.to_string(),
            presence,
            terms: self.terms(presence, Some(amount), payment),
            reason: None,
        };
        charge::charge(self.core, self.profile, &request, knowingly)
    }

    pub fn revoke(&self, token: &Token, knowingly: Knowingly) -> Result<RevokedToken, Problem> {
        let request = RevokeToken {
            token: token.id.to_string(),
            reason: "a scenario".into(),
            confirmation: token.fingerprint.clone(),
        };
        revoke::revoke(self.core, self.profile, &request, knowingly)
    }
}
