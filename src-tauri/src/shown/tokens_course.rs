//! Tokens made and charged, and customers who are asked, shown.
//!
//! Deliberately absent: judging a wish; the core says what is missing, in words.

use gatehouse_core::profile::Profile;
use gatehouse_core::tokens::{
    Charge, ChargeOutcome, ChargeToken, Consent, ConsentState, CreateToken, Ondemand, Presence, Subscribed, Terms,
};
use gatehouse_core::{Gatehouse, Problem};

use crate::argument::Text;
use crate::views::number::{Millis, Seq};
use crate::views::tokens_course::{
    ChargeOutcomeView, ConsentStateView, ConsentView, PresenceWord, TermsWish, TokenChargeWish, TokenCharged,
    TokenCreateWish,
};

/// So many customers who were asked are listed.
const LISTED: u32 = 100;
/// How long a payment waits to be finished after the customer agreed.
const FINISH_MS: i64 = 60 * 60_000;

/// Asks Klarna for a token.
///
/// # Errors
/// As the core says.
pub fn create(core: &Gatehouse, wish: TokenCreateWish) -> Result<ConsentView, Problem> {
    let profile = core.profile(None)?;
    let request = CreateToken {
        merchant: wish.merchant_id.into_string(),
        presence: presence(wish.presence),
        log_in: wish.log_in,
        reference: wish.reference.map(Text::into_string),
        customer: wish.customer.map(Text::into_string),
        terms: terms(wish.terms),
    };
    let asked = core.create_token(&profile, &request)?;
    Ok(consent(core, &profile, asked))
}

/// Charges a token.
///
/// # Errors
/// As the core says.
pub fn charge(core: &Gatehouse, wish: TokenChargeWish) -> Result<TokenCharged, Problem> {
    let profile = core.profile(None)?;
    let request = ChargeToken {
        token: wish.id.into_string(),
        presence: presence(wish.presence),
        terms: terms(wish.terms),
        reason: wish.reason.map(Text::into_string),
    };
    let charged = core.charge_token(&profile, &request)?;
    Ok(decided(core, &profile, charged))
}

/// The customers who were asked, newest first.
///
/// # Errors
/// As the core says.
pub fn list(core: &Gatehouse) -> Result<Vec<ConsentView>, Problem> {
    let profile = core.profile(None)?;
    let found = core.consents(&profile, LISTED)?;
    Ok(found.into_iter().map(|one| consent(core, &profile, one)).collect())
}

/// Asks Klarna how far a customer is.
///
/// # Errors
/// As the core says.
pub fn look(core: &Gatehouse, id: &str) -> Result<ConsentView, Problem> {
    let profile = core.profile(None)?;
    let looked = core.look_at_consent(&profile, id)?;
    Ok(consent(core, &profile, looked))
}

/// Cancels what the customer did not answer.
///
/// # Errors
/// As the core says.
pub fn cancel(core: &Gatehouse, id: &str) -> Result<ConsentView, Problem> {
    let profile = core.profile(None)?;
    let canceled = core.cancel_consent(&profile, id)?;
    Ok(consent(core, &profile, canceled))
}

/// Finishes the payment of a customer who agreed.
///
/// # Errors
/// As the core says.
pub fn finalise(core: &Gatehouse, id: &str) -> Result<TokenCharged, Problem> {
    let profile = core.profile(None)?;
    let finished = core.finalise_consent(&profile, id)?;
    Ok(decided(core, &profile, finished))
}

/// Who has to be there, as the window names it.
#[must_use]
pub fn presence_word(presence: Presence) -> PresenceWord {
    match presence {
        Presence::CustomerPresent => PresenceWord::CustomerPresent,
        Presence::CustomerNotPresent => PresenceWord::CustomerNotPresent,
    }
}

fn presence(word: PresenceWord) -> Presence {
    match word {
        PresenceWord::CustomerPresent => Presence::CustomerPresent,
        PresenceWord::CustomerNotPresent => Presence::CustomerNotPresent,
    }
}

fn terms(wish: TermsWish) -> Terms {
    let ondemand = wish.ondemand.map(|told| Ondemand {
        average: told.average.0,
        least: None,
        most: None,
        count: told.count,
        interval: told.interval.into_string(),
    });
    let subscriptions = wish.subscription.map(|told| Subscribed {
        reference: told.reference.into_string(),
        amount: told.amount.map(|minor| minor.0),
        interval: told.interval.map(Text::into_string),
        ..Subscribed::default()
    });
    Terms {
        currency: wish.currency.into_string(),
        amount: wish.amount.map(|minor| minor.0),
        payment_reference: wish.payment_reference.map(Text::into_string),
        ondemand,
        subscriptions: subscriptions.into_iter().collect(),
        return_url: wish.return_url.map(Text::into_string),
        ..Terms::default()
    }
}

fn consent(core: &Gatehouse, profile: &Profile, of: Consent) -> ConsentView {
    let finish_by = of.completed_ms.map(|at_ms| Millis(at_ms + FINISH_MS));
    let waits = of.waits_to_be_finished(core.now_ms());
    ConsentView {
        merchant_name: core.merchant(profile, &of.merchant).ok().map(|found| found.name),
        merchant_id: of.merchant,
        request_id: of.request_id,
        state: state(of.state),
        open: of.state.is_open(),
        asked_at: Millis(of.asked_ms),
        expires_at: of.expires_ms.map(Millis),
        finish_by: finish_by.filter(|_| waits),
        charge: of.is_charge,
        pays: of.pays,
        paid_at: of.paid_ms.map(Millis),
        token_id: of.token.map(|id| id.to_string()),
        id: of.id,
    }
}

fn decided(core: &Gatehouse, profile: &Profile, of: Charge) -> TokenCharged {
    TokenCharged {
        outcome: match of.outcome {
            ChargeOutcome::Approved => ChargeOutcomeView::Approved,
            ChargeOutcome::StepUp => ChargeOutcomeView::StepUp,
            ChargeOutcome::Declined => ChargeOutcomeView::Declined,
        },
        reason: of.reason,
        meaning: of.meaning,
        transaction_id: of.transaction_id,
        consent: of.consent.map(|one| consent(core, profile, one)),
        seq: of.seq.map(Seq),
    }
}

fn state(state: ConsentState) -> ConsentStateView {
    match state {
        ConsentState::Submitted => ConsentStateView::Submitted,
        ConsentState::InProgress => ConsentStateView::InProgress,
        ConsentState::Completed => ConsentStateView::Completed,
        ConsentState::Canceled => ConsentStateView::Canceled,
        ConsentState::Expired => ConsentStateView::Expired,
        ConsentState::Declined => ConsentStateView::Declined,
        ConsentState::Other => ConsentStateView::Other,
    }
}
