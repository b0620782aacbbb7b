//! The bridge's times, for `cargo xtask bench`: one line a quantity, `name value value ...`, as the core's `speed` says them.
//!
//! `load bridge PROGRAM FOLDER SECONDS` starts the simulated Klarna with its provider here and the bridge as a program of its own on the
//! first core, and sends people through: for that long as many as come through, and for that long as many a second as are promised; put
//! this process on another core. `load stand-in FOLDER SECONDS` does the former with a minimal reverse proxy in the bridge's place;
//! `load steady PROGRAM FOLDER SECONDS EACH_SECOND` looks at memory for long. Deliberately absent: judgement, and drawing the provider's
//! page, which a browser does and no server of ours.

#![expect(clippy::print_stdout, reason = "its lines are its answer")]
#![expect(
    clippy::unwrap_used,
    reason = "a measurement that cannot be taken has no other answer"
)]

mod people;
mod program;
mod stand_in;
mod world;

use std::path::Path;
use std::time::{Duration, Instant};

use people::Target;
use program::{Program, p99_ms};
use world::World;

/// What the program itself counts: our own share of the two steps, and how long the log's disk was waited for.
const SHARES: [(&str, &str); 3] = [
    ("own_p99_login", "own_seconds_bucket{step=\"login\","),
    ("own_p99_callback", "own_seconds_bucket{step=\"callback\","),
    ("log_p99", "log_seconds_bucket{"),
];
/// So long people come as they do afterwards, and are not counted.
const SETTLING: Duration = Duration::from_secs(3);
/// So many complete button flows a second are promised of one core.
const PROMISED: u32 = 300;

fn main() {
    gatehouse_core::install_crypto();
    let words: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["bridge", program, folder, seconds] => run(bridge(program.as_ref(), folder.as_ref(), span(seconds))),
        ["steady", program, folder, seconds, rate] => run(steadily(
            program.as_ref(),
            folder.as_ref(),
            span(seconds),
            rate.parse().unwrap(),
        )),
        ["stand-in", folder, seconds] => run(in_its_place(folder.as_ref(), span(seconds))),
        ["serve-stand-in", file] => run(stand_in::serve(file.as_ref())),
        _ => println!(
            "load bridge PROGRAM FOLDER SECONDS | load stand-in FOLDER SECONDS | load steady PROGRAM FOLDER SECONDS EACH_SECOND"
        ),
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
    let (mut program, target) = start(&world, program).await;
    steady(&mut program, &target, span, PROMISED).await;
    flood(&mut program, &target, span).await;
    program.end();
    world.close().await;
}

async fn steadily(program: &Path, folder: &Path, span: Duration, each_second: u32) {
    let world = World::open(folder).await;
    let (mut program, target) = start(&world, program).await;
    steady(&mut program, &target, span, each_second).await;
    program.end();
    world.close().await;
}

async fn start(world: &World, program: &Path) -> (Program, Target) {
    let config = world.demo.program("measured").await.unwrap();
    let program = Program::start(program, &["serve", "--config", config.to_str().unwrap()]);
    let target = Target::new(&program.public, &world.demo.bridge.public.to_string());
    target.warm_up().await;
    (program, target)
}

async fn in_its_place(folder: &Path, span: Duration) {
    let world = World::open(folder).await;
    let file = stand_in::upstream(folder, &world.demo.sandbox.address);
    let this = std::env::current_exe().unwrap();
    let mut program = Program::start(&this, &["serve-stand-in", file.to_str().unwrap()]);
    let target = Target::new(&program.public, &program.public);
    target.warm_up().await;
    flood(&mut program, &target, span).await;
    program.end();
    world.close().await;
}

/// As many as come through.
async fn flood(program: &mut Program, target: &Target, span: Duration) {
    program.begin_to_watch();
    let began = Instant::now();
    let times = target.flood(span).await;
    say(
        "flows_a_second",
        &[f64::from(times.entered()) / began.elapsed().as_secs_f64()],
    );
    say("lost", &[f64::from(times.lost)]);
    say("login", &times.login_ms);
    say("callback", &times.callback_ms);
    say("cpu_per_flow", &[program.watched().cpu_ms / f64::from(times.entered())]);
}

/// So many a second.
async fn steady(program: &mut Program, target: &Target, span: Duration, each_second: u32) {
    // Connections, threads and caches come with the first people.
    target.send_steadily(each_second, SETTLING).await;
    let mut before = Vec::new();
    for (_, histogram) in SHARES {
        before.push(program.counts(histogram).await);
    }
    program.begin_to_watch();
    let times = target.send_steadily(each_second, span).await;
    let watched = program.watched();
    for ((name, histogram), before) in SHARES.iter().zip(&before) {
        say(name, &[p99_ms(before, &program.counts(histogram).await)]);
    }
    say("steady_lost", &[f64::from(times.lost)]);
    say("steady_callback", &times.callback_ms);
    say("memory", &watched.memory_mib);
    say("grown", &[watched.grown_mib()]);
}

fn say(name: &str, values: &[f64]) {
    let values: Vec<String> = values.iter().map(|value| format!("{value:.3}")).collect();
    println!("{name} {}", values.join(" "));
}
