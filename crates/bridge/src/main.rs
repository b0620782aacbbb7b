//! The `gatehouse-bridge` program: parses, gathers what comes from outside, starts and stops a bridge.

#![forbid(unsafe_code)]

mod args;
mod check;
mod surroundings;

use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;
use std::sync::Arc;

use clap::Parser;
use gatehouse_bridge::config::{Config, Flaw, Unusable};
use gatehouse_bridge::demo::{DemoFailure, DemoPlan, DemoSaml};
use gatehouse_bridge::renew::{RenewFailure, Wanted, renew};
use gatehouse_bridge::{Bridge, Outside};
use gatehouse_core::Problem;

use args::{Args, NewKey, Verb};

/// A configuration or an argument that cannot be used (design section 7).
const USAGE: u8 = 2;
/// Our own defect.
const DEFECT: u8 = 1;
/// So many may be in the store at once, beside those whose link is being made: where the disk stalls, more would hold memory and wait all the same.
const IN_STORE: usize = 64;

/// Why the program ends.
enum Failure {
    Config(Unusable),
    Core(Problem),
    Demo(DemoFailure),
    SamlKey(RenewFailure),
    System(std::io::Error),
}

impl From<Unusable> for Failure {
    fn from(unusable: Unusable) -> Self {
        Self::Config(unusable)
    }
}

impl From<Problem> for Failure {
    fn from(problem: Problem) -> Self {
        Self::Core(problem)
    }
}

impl From<DemoFailure> for Failure {
    fn from(failure: DemoFailure) -> Self {
        Self::Demo(failure)
    }
}

impl From<RenewFailure> for Failure {
    fn from(failure: RenewFailure) -> Self {
        match failure {
            RenewFailure::Core(problem) => Self::Core(problem),
            other @ (RenewFailure::Refused(_) | RenewFailure::File { .. } | RenewFailure::Crypto(_)) => {
                Self::SamlKey(other)
            }
        }
    }
}

impl From<std::io::Error> for Failure {
    fn from(cause: std::io::Error) -> Self {
        Self::System(cause)
    }
}

fn main() -> ExitCode {
    gatehouse_core::keep_out_of_core_dumps();
    gatehouse_core::install_crypto();
    let args = Args::parse();
    surroundings::begin_log(args.log.as_deref());
    match run(args) {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => told(&failure),
    }
}

fn run(args: Args) -> Result<(), Failure> {
    match args.verb {
        Verb::Serve { config } => serve(&config, args.data_dir),
        Verb::Demo { port } => demo(port),
        Verb::Check { config } => {
            check::check(&config, args.data_dir)?;
            say("The configuration can be used.");
            Ok(())
        }
        Verb::Reanchor { config, reason } => {
            let outside = surroundings::open(&Config::load(&config)?, args.data_dir)?;
            if let Some(anchors) = &outside.anchors {
                anchors.claim(outside.gatehouse.own_log()?)?;
            }
            outside.gatehouse.reanchor(&reason)?;
            say("The log is anchored anew.");
            Ok(())
        }
        Verb::Secret { config } => {
            let config = Config::load(&config)?;
            let secret = gatehouse_core::read_secret(std::io::stdin())?;
            surroundings::open_beside(&config, args.data_dir)?
                .gatehouse
                .set_bridge_secret(&secret)?;
            say("The client secret lies in the key store. Write client_secret = { key_store = true }.");
            Ok(())
        }
        Verb::SamlKey(asked) => saml_key(&asked, args.data_dir),
    }
}

fn saml_key(asked: &NewKey, data_dir: Option<PathBuf>) -> Result<(), Failure> {
    let config = Config::load(&asked.config)?;
    let settings = config.saml.as_ref().ok_or_else(|| {
        Unusable(vec![Flaw {
            place: "saml".into(),
            text: "is missing. Write the section first; the user guide has an example.".into(),
        }])
    })?;
    let outside = surroundings::open(&config, data_dir)?;
    let wanted = Wanted {
        settings,
        certificate: asked.certificate.as_deref(),
        key: asked.key.as_deref(),
        years: asked.years,
        now_ms: outside.clock.unix_ms(),
    };
    let made = renew(&outside.gatehouse, &wanted)?;
    say(&format!(
        "The key is made; its certificate is {}, SHA-256 {}. Klarna needs the metadata, or this certificate.",
        made.certificate.display(),
        made.sha256
    ));
    Ok(())
}

type Prepared = (Arc<Bridge>, Option<tokio_rustls::TlsAcceptor>);

fn prepared(file: &Path, data_dir: Option<PathBuf>) -> Result<Prepared, Failure> {
    let config = Config::load(file)?;
    let outside: Outside = surroundings::open(&config, data_dir)?;
    Ok(Bridge::new(config, outside)?)
}

fn serve(file: &Path, data_dir: Option<PathBuf>) -> Result<(), Failure> {
    let (bridge, tls) = prepared(file, data_dir)?;
    let acts = usize::try_from(bridge.config.limits.calls).unwrap_or(1);
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .max_blocking_threads(acts + IN_STORE)
        .enable_all()
        .build()?;
    runtime.block_on(async {
        let running = bridge.start(tls).await?;
        tracing::info!(public = %running.public, operations = %running.operations, "the bridge serves");
        surroundings::told_to_stop().await?;
        tracing::info!("the bridge stops");
        running.shutdown().await;
        Ok(())
    })
}

fn demo(port: u16) -> Result<(), Failure> {
    let dir = tempfile::Builder::new().prefix("gatehouse-bridge-demo-").tempdir()?;
    let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build()?;
    runtime.block_on(async {
        let plan = DemoPlan {
            port,
            saml: DemoSaml::Here,
            ..DemoPlan::new(dir.path())
        };
        let demo = plan.start().await?;
        say(&format!(
            "The simulated Klarna's login page: {}\nPress \"Continue with ...\" or \"Sign in with SAML\" there and sign in as ana@bakery.example (one merchant),\n\
             ben@group.example (four), or anybody else (none). Health, readiness, metrics: http://{}\nCtrl-C ends it.",
            demo.login_page(),
            demo.bridge.operations,
        ));
        surroundings::told_to_stop().await?;
        demo.shutdown().await;
        Ok(())
    })
}

fn say(text: &str) {
    let _ = writeln!(std::io::stdout(), "{text}");
}

fn told(failure: &Failure) -> ExitCode {
    let mut out = std::io::stderr();
    let (text, code) = match failure {
        Failure::Config(unusable) => (format!("The configuration cannot be used:\n{unusable}"), USAGE),
        Failure::Core(problem) => (
            format!("{} {}", problem.message, problem.hint),
            problem.code.exit_code(),
        ),
        Failure::Demo(failure) => (failure.to_string(), DEFECT),
        Failure::SamlKey(failure) => (failure.to_string(), USAGE),
        Failure::System(cause) => (format!("The system refused: {cause}."), DEFECT),
    };
    let _ = writeln!(out, "{text}");
    ExitCode::from(code)
}
