//! The vault of customer tokens: looked through, found by a whole token, added to, copied, its key changed.

use gatehouse_audit::{LogError, Phase, Query, Reader};
use gatehouse_klarna::CustomerToken;
use uuid::Uuid;

use super::Gatehouse;
use super::core::Change;
use crate::acts::{self, Members};
use crate::key_store::SecretBytes;
use crate::person::Deed;
use crate::problem::Problem;
use crate::profile::Profile;
use crate::tokens::{
    self, FoundToken, NewToken, StoryLine, Token, TokenCounts, TokenPage, TokenQuery, TokenSource, TokenState, given,
    store,
};

/// The most entries of the log that are named for a found token.
const MOST_ENTRIES: usize = 200;

impl Gatehouse {
    /// A page of tokens, newest first. No key is needed: what is shown lies in clear.
    ///
    /// # Errors
    /// What the database says.
    pub fn tokens(&self, profile: &Profile, query: &TokenQuery) -> Result<TokenPage, Problem> {
        self.core.allow(profile, Deed::SeeTokens)?;
        store::page(&self.core.database(), profile.id, query)
    }

    /// How many tokens stand where.
    ///
    /// # Errors
    /// What the database says.
    pub fn token_counts(&self, profile: &Profile) -> Result<TokenCounts, Problem> {
        self.core.allow(profile, Deed::SeeTokens)?;
        store::counts(&self.core.database(), profile.id)
    }

    /// How many tokens of a merchant are kept; by the merchant's whole account KRN.
    ///
    /// # Errors
    /// What the database says.
    pub fn token_count_of(&self, profile: &Profile, merchant: &str) -> Result<u64, Problem> {
        self.core.allow(profile, Deed::SeeTokens)?;
        store::count_of_merchant(&self.core.database(), profile.id, merchant)
    }

    /// One token by its number, its reference, or its fingerprint.
    ///
    /// # Errors
    /// `token_unknown`, also where a reference names several.
    pub fn token(&self, profile: &Profile, needle: &str) -> Result<Token, Problem> {
        self.core.allow(profile, Deed::SeeTokens)?;
        tokens::find(&self.core.database(), profile, needle)
    }

    /// What this tool knows to have happened to a token, newest first.
    ///
    /// # Errors
    /// `token_unknown`.
    pub fn token_story(&self, profile: &Profile, needle: &str) -> Result<Vec<StoryLine>, Problem> {
        self.core.allow(profile, Deed::SeeTokens)?;
        let token = tokens::find(&self.core.database(), profile, needle)?;
        let mut lines = tokens::story_of(&self.core.database(), token.id)?;
        self.name_persons(profile, &mut lines)?;
        Ok(lines)
    }

    /// Says of each line who did it, out of its entry in the log.
    fn name_persons(&self, profile: &Profile, lines: &mut [StoryLine]) -> Result<(), Problem> {
        let reader = match Reader::open(self.core.dir()) {
            Ok(reader) => reader,
            Err(LogError::Absent) => return Ok(()),
            Err(fault) => return Err(fault.into()),
        };
        let persons = self.core.person_list(profile)?;
        for line in lines {
            let Some(seq) = line.seq else { continue };
            let entry = reader.entry(seq)?;
            let key_id = entry.and_then(|entry| entry.body.actor).map(|actor| actor.key_id);
            line.who = key_id.map(|key_id| {
                let listed = persons.as_ref().and_then(|persons| persons.by_key_id(&key_id));
                listed.map_or(key_id.clone(), |person| person.name.clone())
            });
        }
        Ok(())
    }

    /// Finds a token that somebody gave whole: in the vault, and in the log by its keyed hash. The text is wiped.
    ///
    /// # Errors
    /// `token_invalid`; `vault_key_missing`, `keyring_*`.
    pub fn find_customer_token(&self, profile: &Profile, secret: &SecretBytes) -> Result<FoundToken, Problem> {
        self.core.allow(profile, Deed::FindToken)?;
        let token = given(secret)?;
        let keys = self.core.vault_to_search()?;
        let kept = store::by_blind(&self.core.database(), profile.id, &keys, &token)?;
        let names = keys.names_in_log(&token);
        let entries = self.entries_that_name(&names)?;
        Ok(FoundToken::of(&token, keys.fingerprint(&token), kept, entries, profile))
    }

    fn entries_that_name(&self, names: &[String]) -> Result<Vec<u64>, Problem> {
        let reader = match Reader::open(self.core.dir()) {
            Ok(reader) => reader,
            Err(LogError::Absent) => return Ok(Vec::new()),
            Err(fault) => return Err(fault.into()),
        };
        let mut found = Vec::new();
        for name in names {
            let query = Query {
                text: Some(name.clone()),
                limit: MOST_ENTRIES,
                ..Query::default()
            };
            found.extend(reader.list(&query)?.entries.iter().map(|entry| entry.body.seq));
        }
        found.sort_unstable_by_key(|seq| std::cmp::Reverse(*seq));
        found.truncate(MOST_ENTRIES);
        Ok(found)
    }

    /// Keeps a token that somebody gave; what is known of one that is kept already is added to.
    ///
    /// # Errors
    /// `token_invalid`, `environment_mixed`, `merchant_*`, `input_invalid`; `vault_*`, `keyring_*`, `log_*`.
    pub fn add_token(&self, profile: &Profile, secret: &SecretBytes, told: &NewToken) -> Result<Token, Problem> {
        self.core.allow(profile, Deed::KeepTokens)?;
        let token = given(secret)?;
        tokens::refuse_other_environment(profile, &token)?;
        let told = tokens::checked(&self.core, profile, told)?;
        let kept = tokens::take(
            &self.core,
            profile,
            (&token, &told),
            TokenSource::Typed,
            TokenState::Unknown,
        )?;
        self.core.tell(Change::Tokens);
        self.token(profile, &kept.id().to_string())
    }

    /// The token itself, for the clipboard and 60 seconds; recorded before it is handed out.
    ///
    /// # Errors
    /// `approval_required` where the rules ask for others; `token_unknown`, `reason_required`; `vault_*`, `keyring_*`, `log_*`.
    pub fn copy_token(&self, profile: &Profile, needle: &str, reason: Option<&str>) -> Result<CustomerToken, Problem> {
        self.core.allow(profile, Deed::CopyToken)?;
        tokens::refuse_lone_copies(profile, 1)?;
        let (row, token) = tokens::opened(&self.core, profile, needle)?;
        let mut members = tokens::named(&self.core, &row, &token)?;
        members.insert("handover".into(), "copy".into());
        let seq = tokens::note(
            &self.core,
            profile,
            ("token.copy", row.merchant.as_deref()),
            members,
            reason,
        )?;
        tokens::tell(&self.core, row.id, ("token.copy", "succeeded", ""), Some(seq))?;
        self.core.tell(Change::Tokens);
        Ok(token)
    }

    /// Seals every token with a new key; a rotation that was cut off goes on. Answers how many rows were sealed anew.
    ///
    /// # Errors
    /// `vault_*`, `keyring_*`, `log_*`.
    pub fn rotate_vault(&self, tell: &dyn Fn(u64)) -> Result<u64, Problem> {
        self.core.allow_everywhere(Deed::ChangeKeys)?;
        self.core.unlock_log()?;
        let rows = tokens::vault::rotate(&self.core, tell)?;
        let mut note = acts::draft("vault.rotate", Phase::Note, Uuid::now_v7(), None, None);
        note.signing = Members::from_iter([("key_id".into(), self.core.vault()?.current().id.clone().into())]);
        note.result.insert("updated".into(), rows.into());
        note.result.insert("outcome".into(), "succeeded".into());
        self.core.journal().append(note)?;
        Ok(rows)
    }
}
