//! The bridge's times, for `cargo xtask bench`: one line a quantity, `name value value ...`, as the core's `speed` says them.
//!
//! `load bridge PROGRAM FOLDER SECONDS` starts the simulated Klarna with its provider here and the bridge as a program of its own on the
//! first core, and sends people through for that long; put this process on another core. Deliberately absent:
//! judgement, and drawing the provider's page, which a browser does and no server of ours.

#![expect(clippy::print_stdout, reason = "its lines are its answer")]
#![expect(
    clippy::unwrap_used,
    reason = "a measurement that cannot be taken has no other answer"
)]

mod people;
mod program;
mod world;

use std::path::Path;
use std::time::{Duration, Instant};

use people::{Target, Times};
use program::Program;
use world::World;

fn main() {
    gatehouse_core::install_crypto();
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["bridge", program, folder, seconds] => run(bridge(program.as_ref(), folder.as_ref(), span(seconds))),
        _ => println!("load bridge PROGRAM FOLDER SECONDS"),
    }
}

fn run(work: impl Future<Output = ()>) {
    tokio::runtime::Runtime::new().unwrap().block_on(work);
}

fn span(seconds: &str) -> Duration {
    Duration::from_secs(seconds.parse().unwrap())
}

async fn bridge(program: &Path, folder: &Path, span: Duration) {
    let world = World::open(folder).await;
    let config = world.demo.program("measured").await.unwrap();
    let mut program = Program::start(program, &["serve", "--config", config.to_str().unwrap()]);
    let target = Target::new(&program.public, &world.demo.bridge.public.to_string());
    target.warm_up().await;
    program.begin_to_watch();
    let began = Instant::now();
    let times = target.send_people(span).await;
    let took = began.elapsed();
    tell(&times, took);
    let watched = program.watched();
    say("memory", &watched.memory_mib);
    say("grown", &[watched.grown_mib()]);
    say("cpu_per_flow", &[watched.cpu_ms / f64::from(times.entered())]);
    for step in ["login", "callback"] {
        say(&format!("own_p99_{step}"), &[program.own_p99_ms(step).await]);
    }
    program.end();
    world.close().await;
}

fn tell(times: &Times, took: Duration) {
    say("flows_a_second", &[f64::from(times.entered()) / took.as_secs_f64()]);
    say("lost", &[f64::from(times.lost)]);
    say("login", &times.login_ms);
    say("callback", &times.callback_ms);
}

fn say(name: &str, values: &[f64]) {
    let values: Vec<String> = values.iter().map(|value| format!("{value:.3}")).collect();
    println!("{name} {}", values.join(" "));
}
