//! `gatehouse sandbox ...`: serve the simulated Klarna and steer the one that runs.

mod look;

use std::path::Path;
use std::time::Duration;

use gatehouse_core::{ErrorCode, Problem};
use gatehouse_sandbox::{Address, ServeOptions, Settings};
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde_json::{Value, json};

use crate::args::{Args, ClockAction, FaultAction, SandboxCommand, SettingsAction};
use crate::control;
use crate::output::{Failure, Output};
use crate::surroundings;

pub fn run(args: &Args, command: &SandboxCommand, output: &Output) -> Result<u8, Failure> {
    let dir = surroundings::dir(args)?;
    if let SandboxCommand::Serve {
        http_port,
        https_port,
        merchants,
        preset,
        idle_exit,
    } = command
    {
        let options = ServeOptions {
            http_port: *http_port,
            https_port: *https_port,
            merchants: *merchants,
            settings: preset.as_deref().and_then(Settings::preset),
            idle_exit: idle_exit.map(Duration::from_secs),
            ..ServeOptions::new(dir)
        };
        return serve(options, output);
    }
    let running = Running::find(&dir)?;
    let answer = ask(&running, command)?;
    let answer = if answer.is_null() {
        json!({ "done": true })
    } else {
        answer
    };
    output.answer(&answer, || look::lines(command, &answer));
    Ok(0)
}

fn ask(running: &Running, command: &SandboxCommand) -> Result<Value, Problem> {
    match command {
        SandboxCommand::Serve { .. } | SandboxCommand::Show => running.shown(),
        SandboxCommand::Reset => running.ask("POST", "reset", None),
        SandboxCommand::Alarms => running.ask("GET", "alarms", None),
        SandboxCommand::Mailbox { recipient } => running.look("mailbox", &[("recipient", recipient.clone())]),
        SandboxCommand::Access {
            account,
            principal,
            limit,
        } => {
            let limit = limit.map(|limit| limit.to_string());
            let query = [
                ("account", account.clone()),
                ("principal", principal.clone()),
                ("limit", limit),
            ];
            running.look("access", &query)
        }
        SandboxCommand::Calls { account, principal } => {
            let query = [("account", account.clone()), ("principal", principal.clone())];
            running.look("calls", &query)
        }
        SandboxCommand::Clock(action) => steer_clock(running, action),
        SandboxCommand::Fault(action) => steer_faults(running, action),
        SandboxCommand::Settings(action) => steer_settings(running, action),
    }
}

fn steer_clock(running: &Running, action: &ClockAction) -> Result<Value, Problem> {
    match action {
        ClockAction::Show => running.ask("GET", "clock", None),
        ClockAction::Offset { seconds } => running.ask("PUT", "clock", Some(&json!({ "offset_s": seconds }))),
    }
}

fn steer_faults(running: &Running, action: &FaultAction) -> Result<Value, Problem> {
    match action {
        FaultAction::Add { fault } => running.ask("POST", "faults", Some(&parse(fault)?)),
        FaultAction::List => running.ask("GET", "faults", None),
        FaultAction::Clear => running.ask("DELETE", "faults", None),
    }
}

fn steer_settings(running: &Running, action: &SettingsAction) -> Result<Value, Problem> {
    let change = match action {
        SettingsAction::List => return running.ask("GET", "settings", None),
        SettingsAction::Set { key, value } => json!({ key: value }),
        SettingsAction::Preset { name } => json!({ "preset": name }),
    };
    running.ask("PUT", "settings", Some(&change))
}

fn serve(options: ServeOptions, output: &Output) -> Result<u8, Failure> {
    let runtime =
        tokio::runtime::Runtime::new().map_err(|cause| Problem::internal("start its network threads", &cause))?;
    runtime.block_on(async {
        let running = gatehouse_sandbox::serve(options).await.map_err(|cause| {
            Problem::new(
                ErrorCode::SandboxFailed,
                cause.to_string(),
                "Correct that, then start it again.",
            )
            .because(&cause)
        })?;
        let address = shown(&running.address);
        output.answer(&address, || {
            vec![
                format!(
                    "SANDBOX serving {} (pages, API) and {} (API with TLS)",
                    running.address.http, running.address.https
                ),
                format!("account {}", running.address.account),
                "Ctrl-C ends it.".into(),
            ]
        });
        tokio::select! {
            () = running.wait() => {}
            _ = tokio::signal::ctrl_c() => running.shutdown().await,
        }
        Ok(0)
    })
}

struct Running(Address);

impl Running {
    fn find(dir: &Path) -> Result<Self, Problem> {
        gatehouse_sandbox::find_running(dir).map(Self).ok_or_else(|| {
            Problem::new(
                ErrorCode::SandboxFailed,
                "No sandbox runs for this data directory.",
                "Start it with `gatehouse sandbox serve`, or make a sandbox profile.",
            )
        })
    }

    fn ask(&self, method: &str, name: &str, body: Option<&Value>) -> Result<Value, Problem> {
        control::call(&self.0, method, name, body)
    }

    /// Reads a list, narrowed by what is given.
    fn look(&self, name: &str, query: &[(&str, Option<String>)]) -> Result<Value, Problem> {
        let given = query.iter().filter_map(|(key, value)| {
            let value = utf8_percent_encode(value.as_deref()?, NON_ALPHANUMERIC);
            Some(format!("{key}={value}"))
        });
        let query = given.collect::<Vec<_>>().join("&");
        self.ask("GET", &format!("{name}?{query}"), None)
    }

    /// Where it is, and every alarm it has raised.
    fn shown(&self) -> Result<Value, Problem> {
        let mut shown = shown(&self.0);
        shown["alarms"] = self.ask("GET", "alarms", None)?["alarms"].take();
        Ok(shown)
    }
}

/// Where it is; the API key only of the sandbox, so that a stand-in profile can be made from it.
fn shown(address: &Address) -> Value {
    json!({
        "http": address.http,
        "https": address.https,
        "account": address.account,
        "api_key": address.api_key,
        "merchants_csv_url": address.merchants_csv_url,
        "ca_pem": address.ca_pem,
    })
}

fn parse(fault: &str) -> Result<Value, Problem> {
    serde_json::from_str(fault).map_err(|cause| {
        Problem::new(
            ErrorCode::InputInvalid,
            format!("The fault is no JSON object: {cause}."),
            "For instance {\"kind\":\"status\",\"status\":503,\"path\":\"deep-links\",\"times\":1}.",
        )
    })
}
