//! `gatehouse linking ...`: account linking by payments v1.

use gatehouse_core::profile::Profile;
use gatehouse_core::tokens::{
    LinkingSession, PaymentsAccess, PlaceLinkedOrder, StartLinking, TERMS, TokenCall, UpdateLinking, lint_merchant_data,
};
use gatehouse_core::{Gatehouse, Problem};
use serde_json::{Value, json};

use super::{course, secret, shown, sketch, told};
use crate::args::{LinkingCommand, SessionArgs, UpdateSessionArgs};
use crate::commands::merchants::read;
use crate::commands::open::settle;
use crate::output::{Failure, Output, short_time, table, time};

pub fn run(gatehouse: &Gatehouse, name: Option<&str>, command: LinkingCommand, output: &Output) -> Result<u8, Failure> {
    if let LinkingCommand::LintEmd { file, place } = &command {
        let text = String::from_utf8_lossy(&read(file)?).into_owned();
        return Ok(told::flaws(&lint_merchant_data(&text, place.as_deref())?, output));
    }
    let profile = gatehouse.profile(name)?;
    match command {
        LinkingCommand::Terms { accept } => terms(gatehouse, &profile, accept, output)?,
        LinkingCommand::Login {
            region,
            user,
            secret: args,
        } => {
            let access = PaymentsAccess {
                region: &region,
                user: &user,
                password: &secret(&args)?,
            };
            let kept = gatehouse.set_payments_login(&profile, access)?;
            output.answer(
                &json!({ "region": kept.region, "user": kept.user, "host": kept.host }),
                || vec![format!("{} at {}", kept.user, kept.host)],
            );
        }
        LinkingCommand::Session(args) => session(gatehouse, &profile, *args, output)?,
        LinkingCommand::List => list(gatehouse, &profile, output)?,
        LinkingCommand::Open { session } => {
            course::tell_of_page(gatehouse.open_linking(&profile, &session)?, output);
        }
        LinkingCommand::Update(args) => update(gatehouse, &profile, *args, output)?,
        LinkingCommand::Order {
            session,
            secret: args,
            show,
        } => {
            let call = || TokenCall::PlaceOrder {
                session: session.clone(),
            };
            if !sketch::shown(gatehouse, &profile, (&show, call), output)? {
                order(gatehouse, &profile, (&session, &args), output)?;
            }
        }
        LinkingCommand::LintEmd { .. } => {}
    }
    Ok(0)
}

fn terms(gatehouse: &Gatehouse, profile: &Profile, accept: bool, output: &Output) -> Result<(), Problem> {
    if accept {
        gatehouse.accept_linking_terms(profile)?;
    }
    let accepted = gatehouse.linking_terms_accepted(profile)?;
    output.answer(&json!({ "terms": TERMS, "accepted": accepted }), || {
        vec![
            TERMS.to_owned(),
            if accepted {
                "They were accepted."
            } else {
                "They were not accepted."
            }
            .into(),
        ]
    });
    Ok(())
}

fn document(session: &LinkingSession) -> Value {
    json!({
        "id": session.id, "session_id": session.session_id, "merchant_id": session.merchant, "token": session.token,
        "started_at": time(session.started_ms), "order_id": session.order_id, "ordered_at": session.ordered_ms.map(time),
        "linking": session.linking, "brought": session.brought,
    })
}

fn session(gatehouse: &Gatehouse, profile: &Profile, args: SessionArgs, output: &Output) -> Result<(), Problem> {
    let request = StartLinking {
        merchant: args.merchant,
        token: args.token,
        customer: args.customer,
        terms: course::terms(args.terms),
    };
    if sketch::shown(
        gatehouse,
        profile,
        (&args.show, || TokenCall::StartLinking(request.clone())),
        output,
    )? {
        return Ok(());
    }
    settle(gatehouse, output);
    let started = gatehouse.start_linking(profile, &request)?;
    output.answer(&document(&started), || {
        vec![format!(
            "session {}; begin it with: gatehouse linking open {}",
            started.session_id, started.id
        )]
    });
    Ok(())
}

/// With an amount, the terms are said anew; without one, they stay.
fn update(gatehouse: &Gatehouse, profile: &Profile, args: UpdateSessionArgs, output: &Output) -> Result<(), Problem> {
    let merchant_data = args.emd.as_deref().map(told::text).transpose()?;
    let wish = UpdateLinking {
        session: args.session,
        terms: args.terms.amount.is_some().then(|| course::terms(args.terms)),
        merchant_data,
    };
    let call = || TokenCall::UpdateLinking(wish.clone());
    if sketch::shown(gatehouse, profile, (&args.show, call), output)? {
        return Ok(());
    }
    settle(gatehouse, output);
    let updated = gatehouse.update_linking(profile, &wish)?;
    output.answer(&document(&updated), || {
        vec![format!("session {} was changed", updated.session_id)]
    });
    Ok(())
}

fn list(gatehouse: &Gatehouse, profile: &Profile, output: &Output) -> Result<(), Problem> {
    let sessions = gatehouse.linking_sessions(profile, 200)?;
    let rows: Vec<Value> = sessions.iter().map(document).collect();
    output.answer(&json!({ "sessions": rows }), || {
        let rows: Vec<Vec<String>> = sessions
            .iter()
            .map(|session| {
                let linking = session.linking.clone().unwrap_or_else(|| "open".into());
                vec![
                    session.id.clone(),
                    short_time(session.started_ms),
                    linking,
                    session.order_id.clone().unwrap_or_default(),
                ]
            })
            .collect();
        table(&rows)
    });
    Ok(())
}

fn order(
    gatehouse: &Gatehouse,
    profile: &Profile,
    (session, args): (&str, &crate::args::SecretArgs),
    output: &Output,
) -> Result<(), Problem> {
    settle(gatehouse, output);
    let request = PlaceLinkedOrder {
        session,
        authorization: &secret(args)?,
    };
    let placed = gatehouse.place_linked_order(profile, request)?;
    let document = json!({
        "order_id": placed.order_id, "fraud_status": placed.fraud_status, "linking": placed.linking, "meaning": placed.meaning,
        "token": placed.token.as_ref().map(shown::token),
    });
    output.answer(&document, || {
        vec![format!("order {}", placed.order_id), placed.meaning.clone()]
    });
    Ok(())
}
