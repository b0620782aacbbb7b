//! Calls of account linking, drawn; and extra merchant data, built.
//!
//! Nothing here is sent or recorded. Deliberately absent: running a call.

use gatehouse_core::person::Deed;
use gatehouse_core::profile::Profile;
use gatehouse_core::tokens::{
    MerchantDataPart, ShownCall, Terms, TokenCall, UpdateLinking, build_merchant_data, merchant_data_packages,
};
use gatehouse_core::{Gatehouse, Problem};

use crate::argument::Text;
use crate::shown::tokens_linking::asked;
use crate::views::number::Minor;
use crate::views::tokens_calls::{
    BuiltDataView, CallView, DataMemberView, DataPackageView, DataPartWishes, LineView, LinkingCallsView, OrderView,
};
use crate::views::tokens_linking::LinkingWish;

/// The calls of a session, and what it is about.
///
/// # Errors
/// As the core says.
pub fn of_session(core: &Gatehouse, id: &str) -> Result<LinkingCallsView, Problem> {
    let profile = core.profile(None)?;
    let request = core.linking_request(&profile, id)?;
    let session = core.linking_session(&profile, id)?;
    let (terms, named) = (request.terms.clone(), || session.id.clone());
    let mut steps = vec![
        ("start", TokenCall::StartLinking(request)),
        ("read", TokenCall::ReadLinking { session: named() }),
    ];
    if session.order_id.is_none() {
        let update = UpdateLinking {
            session: named(),
            terms: Some(terms.clone()),
            merchant_data: None,
        };
        steps.push(("update", TokenCall::UpdateLinking(update)));
        steps.push(("order", TokenCall::PlaceOrder { session: named() }));
    }
    let calls = steps
        .into_iter()
        .map(|(step, call)| drawn(core, &profile, (step, call)));
    Ok(LinkingCallsView {
        calls: calls.collect::<Result<_, _>>()?,
        order: order(terms),
    })
}

/// The call that a start would be.
///
/// # Errors
/// As the core says.
pub fn of_wish(core: &Gatehouse, wish: LinkingWish) -> Result<CallView, Problem> {
    let call = TokenCall::StartLinking(asked(wish));
    drawn(core, &core.profile(None)?, ("start", call))
}

/// The packages that a form may ask for.
///
/// # Errors
/// `role_missing`.
pub fn packages(core: &Gatehouse) -> Result<Vec<DataPackageView>, Problem> {
    core.may(&core.profile(None)?, Deed::SeeTokens)?;
    let packages = merchant_data_packages().into_iter().map(|package| DataPackageView {
        name: package.name.to_owned(),
        members: package
            .members
            .into_iter()
            .map(|member| DataMemberView {
                name: member.name,
                holds: member.holds.to_owned(),
            })
            .collect(),
    });
    Ok(packages.collect())
}

/// Builds extra merchant data.
///
/// # Errors
/// `role_missing`; `input_invalid` with the member and why.
pub fn build(core: &Gatehouse, parts: DataPartWishes) -> Result<BuiltDataView, Problem> {
    core.may(&core.profile(None)?, Deed::SeeTokens)?;
    let parts = parts.into_parts().into_iter().map(|part| MerchantDataPart {
        package: part.package.into_string(),
        entry: part.entry as usize,
        member: part.member.into_string(),
        value: Text::into_string(part.value),
    });
    let built = build_merchant_data(&parts.collect::<Vec<_>>())?;
    Ok(BuiltDataView {
        attachment: built.attachment,
        body: built.body,
    })
}

fn drawn(core: &Gatehouse, profile: &Profile, (step, call): (&str, TokenCall)) -> Result<CallView, Problem> {
    let ShownCall {
        method,
        url,
        curl,
        json,
    } = core.sketch_token_call(profile, &call)?;
    Ok(CallView {
        step: step.to_owned(),
        method,
        url,
        curl,
        json,
    })
}

fn order(terms: Terms) -> OrderView {
    let lines = terms.lines.into_iter().map(|line| LineView {
        name: line.name,
        quantity: line.quantity,
        unit_price: Minor(line.unit_price),
    });
    OrderView {
        country: terms.country.unwrap_or_default(),
        locale: terms.locale,
        currency: terms.currency,
        reference: terms.payment_reference,
        lines: lines.collect(),
    }
}
