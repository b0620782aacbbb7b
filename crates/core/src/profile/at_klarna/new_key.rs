//! Another API key from Klarna: made there, put straight into the key store, proved by a harmless call, then in use here.
//!
//! Klarna shows a key this once. So a request whose answer was lost, or whose key did not get into the key store, is repeated within
//! 24 hours and gives the very same key. The key before stays valid at Klarna until somebody has it disabled. Deliberately absent:
//! showing the key, and disabling the one before, which other computers may use.

use gatehouse_klarna::{ApiKey, Call, Client, CredentialId, IssuedApiKey, is_description};

use super::client;
use crate::acts::{self, Done, Failed, Members, Outcome, Plan};
use crate::facade::Core;
use crate::facade::call::{answered, context, failed};
use crate::problem::{ErrorCode, Problem};
use crate::profile::key_rows;
use crate::profile::repeat::Request;
use crate::profile::{Profile, api_key, facts, key_life, proof};

/// What became of it; never the key itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewApiKey {
    /// Klarna's id of the key that is in use now.
    pub credential_id: String,
    /// Klarna's description of it: what was asked for, or what the repeated request had said.
    pub description: String,
    /// Klarna's id of the key before, if Gatehouse knows it; it stays valid until it is disabled.
    pub before: Option<String>,
    /// Whether a request whose answer was lost was repeated.
    pub repeated: bool,
}

/// Has Klarna make a key, and takes it into use.
///
/// # Errors
/// `input_invalid` for a description that Klarna would refuse; `outcome_unknown` when the answer was lost; `klarna_*`, `network_*` when
/// Klarna made none, or when the new key is not proved: the key before stays in use then. `keyring_*`, `log_*`.
pub(crate) fn create(core: &Core, profile: &Profile, description: &str) -> Result<NewApiKey, Problem> {
    if description.is_empty() || !is_description(description) {
        return Err(no_description());
    }
    let rows = key_rows::all(&core.database(), profile.id)?;
    let client = client(core, profile, &rows)?;
    core.unlock_log()?;
    let asked = Request::begin(core, profile, facts::API_KEY_ASKED.to_owned(), description)?;
    let issued = ask(core, profile, &client, &asked)?;
    let made = format!("{} {}", asked.key, issued.credential_id);
    let now_ms = core.clock().unix_ms();
    facts::set(&core.database(), profile.id, facts::API_KEY_MADE, &made, now_ms)?;
    let before = facts::get(&core.database(), profile.id, facts::API_KEY_ID)?.map(|(id, _)| id);
    take(core, profile, &asked, &issued.credential_id, issued.api_key)?;
    Ok(NewApiKey {
        before: before.filter(|id| id != issued.credential_id.as_str()),
        credential_id: issued.credential_id.as_str().to_owned(),
        description: asked.said,
        repeated: asked.repeated,
    })
}

fn ask(core: &Core, profile: &Profile, client: &Client, asked: &Request) -> Result<IssuedApiKey, Problem> {
    let context = context(Some(asked.key));
    let performed = acts::perform(
        core.journal(),
        plan(profile, asked),
        |_| (),
        |permit| match core.block_on(client.create_api_key(permit, &asked.said, &context)) {
            Ok(answer) => {
                let mut result = answered(core, profile, &answer.meta);
                result.insert("credential_id".into(), answer.value.credential_id.as_str().into());
                let value = answer.value;
                Ok(Done { value, result })
            }
            Err(failure) => {
                asked.failed(core, profile, &failure);
                Err(with_a_way_on(failed(core, profile, &failure)))
            }
        },
    )?;
    Ok(performed.value)
}

const AGAIN: &str = "Ask for it again within 24 hours: the same request is repeated, and gives the very same key.";

fn with_a_way_on(mut told: Failed) -> Failed {
    if told.outcome == Outcome::Unknown {
        told.problem = told.problem.with_hint(format!("{AGAIN} The key in use still is."));
    }
    told
}

/// The problem of an act whose key can still be had.
pub(crate) fn not_arrived() -> Problem {
    Problem::new(
        ErrorCode::OutcomeUnknown,
        "An API key was asked for and has not arrived.",
        AGAIN,
    )
}

/// Proves the new key and puts it in the place of the one before, which stays where it is until then.
fn take(core: &Core, profile: &Profile, asked: &Request, id: &CredentialId, key: ApiKey) -> Result<(), Problem> {
    let mut held = key_life::load(core, profile)?;
    held.api_key = Some(api_key::in_environment(profile, key)?);
    if let Err(problem) = proof::harmless(core, profile, &held) {
        let refused = problem.code == ErrorCode::KlarnaUnauthorized;
        if refused {
            asked.settled(core, profile);
        }
        return Err(not_proved(problem, id, refused));
    }
    api_key::keep(core, profile, &held, (api_key::PROVED, Some(id.as_str())))?;
    asked.settled(core, profile);
    Ok(())
}

fn not_proved(problem: Problem, id: &CredentialId, refused: bool) -> Problem {
    let (message, hint) = if refused {
        (
            format!("Klarna made the API key {id} and does not accept it. The key before stays in use."),
            format!("Have Klarna disable {id}, which nobody holds now, then ask for another one."),
        )
    } else {
        (
            format!(
                "Klarna made the API key {id}, and it could not be tried: {} The key before stays in use.",
                problem.message
            ),
            format!("{AGAIN} Or have Klarna disable it."),
        )
    };
    Problem { message, ..problem }.with_hint(hint)
}

fn no_description() -> Problem {
    Problem::new(
        ErrorCode::InputInvalid,
        "Klarna takes no such description for an API key, so nothing was sent.",
        "Say in 1 to 100 characters whose key it is: letters without accents, digits, blanks and - : ; . , _.",
    )
}

fn plan(profile: &Profile, asked: &Request) -> Plan {
    let mut request = Members::new();
    request.insert("method".into(), "POST".into());
    request.insert(
        "path_template".into(),
        "/v2/account/integration/credentials/api-key".into(),
    );
    request.insert("idem_key".into(), asked.key.to_string().into());
    let mut private = Members::new();
    private.insert("note".into(), asked.said.as_str().into());
    Plan {
        kind: "api_key.create",
        call: Call::CreateApiKey,
        subject: asked.said.clone(),
        profile: profile.into(),
        merchant: None,
        request,
        signing: Members::new(),
        private,
        planned: None,
    }
}
