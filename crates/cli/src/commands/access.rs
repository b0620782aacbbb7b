//! `gatehouse access ...`: people's access to merchants, granted and revoked.
//!
//! Deliberately absent: listing it, which is [`super::access_list`].

mod apply;
mod declare;
mod plan;
mod review;
mod review_shown;

use std::path::Path;

use gatehouse_core::access::{Foreseen, GrantChange, GrantRequest, RevokeRequest};
use gatehouse_core::profile::Profile;
use gatehouse_core::{Gatehouse, StandingGrant};
use serde_json::{Value, json};

use super::access_list::{self, document};
use crate::args::{AccessCommand, GrantArgs, RevokeArgs};
use crate::output::{Failure, Output, short_time};

pub fn run(gatehouse: &Gatehouse, name: Option<&str>, command: AccessCommand, output: &Output) -> Result<u8, Failure> {
    let profile = gatehouse.profile(name)?;
    match command {
        AccessCommand::Grant(args) => grant(gatehouse, &profile, args, output),
        AccessCommand::Revoke(args) => revoke(gatehouse, &profile, args, output),
        AccessCommand::Plan(args) => plan::make(gatehouse, &profile, &args, output),
        AccessCommand::Show { plan } => plan::show(gatehouse, &profile, &plan, output),
        AccessCommand::Approve(args) => plan::approve(gatehouse, &profile, &args, output),
        AccessCommand::Cancel { plan } => apply::cancel(gatehouse, &profile, &plan, output),
        AccessCommand::Apply(args) => apply::run(gatehouse, &profile, &args, output),
        AccessCommand::Review(command) => review::run(gatehouse, &profile, command, output),
        AccessCommand::Declare { file } => declare::run(gatehouse, &profile, &file, output),
        AccessCommand::List(args) => access_list::list(gatehouse, &profile, &args, output),
        AccessCommand::Person(args) => access_list::person(gatehouse, &profile, &args, output),
        AccessCommand::Merchant(args) => access_list::merchant(gatehouse, &profile, &args, output),
    }
}

/// Checks a review's evidence package; needs neither profile nor data directory.
pub fn check_review(package: &Path, output: &Output) -> Result<u8, Failure> {
    review_shown::check(package, output).map(|()| 0)
}

fn grant(gatehouse: &Gatehouse, profile: &Profile, args: GrantArgs, output: &Output) -> Result<u8, Failure> {
    let request = GrantRequest {
        merchant: args.merchant,
        email: args.email,
        roles: args.roles,
        expires: args.expires,
        inactivity: args.inactivity,
        as_staff: args.as_staff,
        reason: args.reason,
    };
    if args.dry_run {
        let foreseen = gatehouse.foresee_grant(profile, &request)?;
        output.answer(&told(&foreseen), || vec![sentence(&foreseen)]);
        return Ok(0);
    }
    super::open::settle(gatehouse, output);
    output.progress(&sentence(&gatehouse.foresee_grant(profile, &request)?));
    let (foreseen, standing) = gatehouse.grant_access(profile, &request)?;
    let mut document = document(&standing);
    if let (Some(members), Value::Object(more)) = (document.as_object_mut(), told(&foreseen)) {
        members.extend(more);
    }
    output.answer(&document, || {
        let grant = &standing.grant;
        vec![match foreseen.change {
            GrantChange::AlreadySo(_) => format!("{} has just this access; nothing was sent.", grant.principal),
            GrantChange::New | GrantChange::Update(_) => format!(
                "{} has {} at {}; {}.",
                grant.principal,
                grant.roles.join(" "),
                foreseen.wish.merchant_name,
                standing.state.word()
            ),
        }]
    });
    Ok(0)
}

fn revoke(gatehouse: &Gatehouse, profile: &Profile, args: RevokeArgs, output: &Output) -> Result<u8, Failure> {
    super::open::settle(gatehouse, output);
    let request = RevokeRequest {
        merchant: args.merchant,
        principal: args.principal,
        on_behalf_of: args.on_behalf_of,
        reason: args.reason,
    };
    let ended = gatehouse.revoke_access(profile, &request)?;
    let rows: Vec<Value> = ended.iter().map(document).collect();
    output.answer(&json!({ "principal": request.principal, "revoked": rows }), || {
        if ended.is_empty() {
            return vec![format!(
                "Klarna accepted it. The ledger knew of no access of {}; whatever there was is certainly out in five minutes.",
                request.principal
            )];
        }
        ended.iter().map(accepted).collect()
    });
    Ok(0)
}

fn sentence(foreseen: &Foreseen) -> String {
    let person = foreseen.wish.person.as_str();
    let mail = if foreseen.invitation {
        "Klarna will send an invitation if the address has no portal user yet"
    } else {
        "no invitation: the address has a portal user"
    };
    match &foreseen.change {
        GrantChange::New => format!("new access for {person}; {mail}"),
        GrantChange::Update(differences) => format!("changes the access of {person}: {}", differences.join("; ")),
        GrantChange::AlreadySo(_) => format!("{person} has just this access already"),
    }
}

fn told(foreseen: &Foreseen) -> Value {
    let (change, differences) = match &foreseen.change {
        GrantChange::New => ("new", Vec::new()),
        GrantChange::Update(differences) => ("update", differences.clone()),
        GrantChange::AlreadySo(_) => ("already_so", Vec::new()),
    };
    json!({ "change": change, "differences": differences, "invitation": foreseen.invitation })
}

/// Never "done": accepted, and certainly out by a time.
fn accepted(standing: &StandingGrant) -> String {
    let at = |ms: Option<i64>| ms.map(short_time).unwrap_or_default();
    let grant = &standing.grant;
    format!(
        "{}: accepted {}, certainly out by {}",
        grant.principal,
        at(grant.revoke_accepted_ms),
        at(grant.out_by_ms)
    )
}
