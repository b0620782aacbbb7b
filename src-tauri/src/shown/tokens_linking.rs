//! Account linking, shown.
//!
//! Deliberately absent: judging an order's terms; the core says what is missing, in words.

use gatehouse_core::key_store::SecretBytes;
use gatehouse_core::tokens::{
    Line, LinkedOrder, LinkingSession, PaymentsAccess, PaymentsLoginShown, PlaceLinkedOrder, StartLinking, TERMS,
    Terms, UpdateLinking,
};
use gatehouse_core::{Gatehouse, Problem};

use crate::argument::Text;
use crate::shown::token_rows::Names;
use crate::shown::tokens_told::text;
use crate::views::number::{Millis, Minor};
use crate::views::tokens_linking::{
    LinkedOrderView, LinkingSessionView, LinkingTermsView, LinkingWish, OrderWish, PaymentsLoginView, RegionHostView,
};

/// So many sessions are listed.
const LISTED: u32 = 200;

/// The terms, and whether they were accepted.
///
/// # Errors
/// As the core says.
pub fn terms(core: &Gatehouse) -> Result<LinkingTermsView, Problem> {
    let profile = core.profile(None)?;
    let hosts = core.payments_hosts(&profile)?;
    let hosts = hosts.into_iter().map(|(region, host)| RegionHostView { region, host });
    Ok(LinkingTermsView {
        text: TERMS.to_owned(),
        accepted: core.linking_terms_accepted(&profile)?,
        hosts: hosts.collect(),
    })
}

/// Accepts them.
///
/// # Errors
/// As the core says.
pub fn accept(core: &Gatehouse) -> Result<LinkingTermsView, Problem> {
    core.accept_linking_terms(&core.profile(None)?)?;
    terms(core)
}

/// The log-in, without its password.
///
/// # Errors
/// As the core says.
pub fn login(core: &Gatehouse) -> Result<Option<PaymentsLoginView>, Problem> {
    Ok(core.payments_login(&core.profile(None)?)?.map(login_view))
}

/// Keeps the log-in.
///
/// # Errors
/// As the core says.
pub fn set_login(
    core: &Gatehouse,
    (region, user): (&str, &str),
    password: &SecretBytes,
) -> Result<PaymentsLoginView, Problem> {
    let given = PaymentsAccess { region, user, password };
    Ok(login_view(core.set_payments_login(&core.profile(None)?, given)?))
}

/// The sessions, newest first.
///
/// # Errors
/// As the core says.
pub fn sessions(core: &Gatehouse) -> Result<Vec<LinkingSessionView>, Problem> {
    let profile = core.profile(None)?;
    let found = core.linking_sessions(&profile, LISTED)?;
    let mut names = Names::new(core, &profile);
    Ok(found
        .into_iter()
        .map(|session| session_view(&mut names, session))
        .collect())
}

/// Starts a session.
///
/// # Errors
/// As the core says.
pub fn start(core: &Gatehouse, wish: LinkingWish) -> Result<LinkingSessionView, Problem> {
    let profile = core.profile(None)?;
    let started = core.start_linking(&profile, &asked(wish))?;
    Ok(session_view(&mut Names::new(core, &profile), started))
}

/// Changes what a session is about.
///
/// # Errors
/// As the core says; `input_invalid` for data that is no text.
pub fn update(
    core: &Gatehouse,
    id: &str,
    (order, data): (Option<OrderWish>, Option<&SecretBytes>),
) -> Result<LinkingSessionView, Problem> {
    let profile = core.profile(None)?;
    let merchant_data = data.map(|data| text(data).map(str::to_owned)).transpose()?;
    let wish = UpdateLinking {
        session: id.to_owned(),
        terms: order.map(order_terms),
        merchant_data,
    };
    let updated = core.update_linking(&profile, &wish)?;
    Ok(session_view(&mut Names::new(core, &profile), updated))
}

/// Places the order of a session.
///
/// # Errors
/// As the core says.
pub fn order(core: &Gatehouse, id: &str, authorization: &SecretBytes) -> Result<LinkedOrderView, Problem> {
    let profile = core.profile(None)?;
    let request = PlaceLinkedOrder {
        session: id,
        authorization,
    };
    let LinkedOrder {
        fraud_status,
        meaning,
        token,
        ..
    } = core.place_linked_order(&profile, request)?;
    let mut names = Names::new(core, &profile);
    let session = core.linking_session(&profile, id)?;
    Ok(LinkedOrderView {
        session: session_view(&mut names, session),
        fraud_status,
        meaning,
        token: token.map(|token| names.row(token)),
    })
}

/// What is asked of the core.
pub fn asked(wish: LinkingWish) -> StartLinking {
    StartLinking {
        merchant: wish.merchant_id.map(Text::into_string),
        token: wish.token_id.map(Text::into_string),
        customer: wish.customer.map(Text::into_string),
        terms: order_terms(wish.order),
    }
}

fn order_terms(wish: OrderWish) -> Terms {
    let lines = wish.lines.into_lines().into_iter().map(|line| Line {
        name: line.name.into_string(),
        quantity: line.quantity,
        unit_price: line.unit_price.0,
    });
    Terms {
        currency: wish.currency.into_string(),
        country: Some(wish.country.into_string()),
        locale: wish.locale.map(Text::into_string),
        payment_reference: wish.reference.map(Text::into_string),
        lines: lines.collect(),
        ..Terms::default()
    }
}

fn login_view(shown: PaymentsLoginShown) -> PaymentsLoginView {
    PaymentsLoginView {
        region: shown.region,
        user: shown.user,
        host: shown.host,
    }
}

fn session_view(names: &mut Names<'_>, of: LinkingSession) -> LinkingSessionView {
    let mut token = |id: Option<i64>| id.and_then(|id| names.token(id));
    let (sent, brought) = (token(of.token), token(of.brought));
    LinkingSessionView {
        merchant_name: of.merchant.as_deref().and_then(|merchant| names.name(merchant)),
        sent,
        brought,
        id: of.id,
        session_id: of.session_id,
        merchant_id: of.merchant,
        customer: of.customer,
        country: of.country,
        currency: of.currency,
        amount: of.amount.map(Minor),
        reference: of.reference,
        started_at: Millis(of.started_ms),
        open_until: Millis(of.open_until_ms),
        order_id: of.order_id,
        ordered_at: of.ordered_ms.map(Millis),
        linking: of.linking,
    }
}
