//! `gatehouse access ...`: people's access to merchants.

use gatehouse_core::access::ledger::Wanted;
use gatehouse_core::access::{Foreseen, GrantChange, GrantRequest, RevokeRequest};
use gatehouse_core::profile::Profile;
use gatehouse_core::{Gatehouse, Problem, StandingGrant};
use serde_json::{Value, json};

use crate::args::{AccessCommand, GrantArgs, ListArgs, RevokeArgs, ViewArg};
use crate::output::{Failure, Output, short_time, table, time};

pub fn run(gatehouse: &Gatehouse, name: Option<&str>, command: AccessCommand, output: &Output) -> Result<u8, Failure> {
    let profile = gatehouse.profile(name)?;
    match command {
        AccessCommand::Grant(args) => grant(gatehouse, &profile, args, output),
        AccessCommand::Revoke(args) => revoke(gatehouse, &profile, args, output),
        AccessCommand::List(args) => list(gatehouse, &profile, &args, output),
    }
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
            GrantChange::AlreadySo => format!("{} has just this access; nothing was sent.", grant.principal),
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

fn list(gatehouse: &Gatehouse, profile: &Profile, args: &ListArgs, output: &Output) -> Result<u8, Failure> {
    let wanted = wanted(gatehouse, profile, args)?;
    let (mut grants, total) = gatehouse.grants(profile, &wanted, (0, args.limit))?;
    if matches!(args.view, Some(ViewArg::Dormant)) {
        let now_ms = gatehouse.now_ms();
        grants.retain(|standing| standing.grant.is_dormant(now_ms, standing.seen_ms));
    }
    let rows: Vec<Value> = grants.iter().map(document).collect();
    output.answer(&json!({ "grants": rows, "total": total }), || {
        let line = |standing: &StandingGrant| {
            let grant = &standing.grant;
            vec![
                standing.state.word().to_owned(),
                grant.principal.clone(),
                grant.roles.join(" "),
                grant.merchant_id.rsplit(':').next().unwrap_or_default().to_owned(),
                grant.expires_on.map_or_else(String::new, |day| format!("ends {day}")),
            ]
        };
        let mut lines = table(&grants.iter().map(line).collect::<Vec<_>>());
        if lines.is_empty() {
            lines.push("No grant was made with this tool.".into());
        }
        lines.push("This is what was granted with Gatehouse; Klarna lists no access.".into());
        lines
    });
    Ok(0)
}

fn wanted(gatehouse: &Gatehouse, profile: &Profile, args: &ListArgs) -> Result<Wanted, Problem> {
    let merchant = args.merchant.as_deref();
    let merchant = merchant
        .map(|merchant| gatehouse.merchant(profile, merchant))
        .transpose()?;
    let person = args
        .person
        .as_deref()
        .map(gatehouse_core::access::person_key)
        .transpose()?;
    let expiring = matches!(args.view, Some(ViewArg::Expiring));
    Ok(Wanted {
        merchant_id: merchant.map(|merchant| merchant.id),
        person,
        role: matches!(args.view, Some(ViewArg::Admins)).then(|| "merchant:admin".to_owned()),
        expiring_from: expiring.then(|| gatehouse.today()).flatten(),
        living: matches!(args.view, Some(ViewArg::Dormant | ViewArg::Admins)),
    })
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
        GrantChange::AlreadySo => format!("{person} has just this access already"),
    }
}

fn told(foreseen: &Foreseen) -> Value {
    let (change, differences) = match &foreseen.change {
        GrantChange::New => ("new", Vec::new()),
        GrantChange::Update(differences) => ("update", differences.clone()),
        GrantChange::AlreadySo => ("already_so", Vec::new()),
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

/// The shape that scripts rely on (design section 7).
fn document(standing: &StandingGrant) -> Value {
    let grant = &standing.grant;
    json!({
        "grant_id": grant.id.to_string(),
        "merchant_id": grant.merchant_id,
        "principal": grant.principal,
        "on_behalf_of": grant.on_behalf_of,
        "roles": grant.roles,
        "state": standing.state.word(),
        "expires_at": grant.expires_on.map(|day| day.to_string()),
        "inactivity_grace_period": grant.inactivity,
        "origin": grant.origin.word(),
        "reason": grant.reason,
        "granted_by": grant.granted_by,
        "granted_at": time(grant.granted_at_ms),
        "changed_at": time(grant.changed_at_ms),
        "seen_at": standing.seen_ms.map(time),
        "revoke_accepted_at": grant.revoke_accepted_ms.map(time),
        "out_by": grant.out_by_ms.map(time),
    })
}
